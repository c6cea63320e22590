"""The plan in figures."""

import numpy as np
import pandas as pd

from ..models.horizon import Phase, by_year
from ..models.power.smoothing import Smoothing
from ..models.storage import MISSED
from . import pulsing
from .budgets import Budget
from .case import Case
from .decide import Decision
from .errors import told_amount
from .lateness import pod_months
from .programme import committed_capital
from .results import AMOUNTS, PEAKS, Outcome, operated_in, with_quotients
from .served import served
from .verdict import verdict
from .verification.finding import tolerated_over
from .worth import VISIBLE_USD, Worth, by_price, with_small

MOST = {"installed_it_mw": "it_installed_mw", "peak_it_mw": "it_mw", "peak_facility_mw": "facility_peak_mw"}
LEAST_MISSED = 1e-3  # MWh, what verification tolerates


def summary(outcome: Outcome, decision: Decision, table: pd.DataFrame, made: pd.DataFrame, seconds: float) -> dict:
    """Figures of the plan. Money is net present cost unless it says capital; energy, water and shed compute are of the full dispatch.

    `lower_bound_usd` bounds the cost over every hour, null where that was not proven; `gap` is that of what was minimised: every hour at full
    resolution, else the sampled days.
    """
    parts, it_energy = outcome.cost(), _sum(table, "it_energy_mwh")
    cost, first, service = sum(parts.values()), decision.first, _service(outcome, table)
    held = _held_by(outcome.case, decision, service)
    full = decision.resolution == "full"
    over = [*_overdrawn(outcome), *_missed(outcome)]
    found = {
        "site": outcome.case.site.name, "status": "overdrawn" if over else decision.status,
        "resolution": decision.resolution, "objective": outcome.case.site.plan.objective,
        "weather": outcome.case.site.weather_from, "cost_set": outcome.case.site.costs.set, "cost_range": outcome.case.site.costs.range,
        "net_present_cost_usd": cost, "lower_bound_usd": decision.bound if full else None,
        "gap": max(0.0, (cost - decision.bound) / abs(cost)) if full and decision.bound is not None and cost else decision.gap,
        "sampled_cost_usd": first.cost, "sampled_lower_bound_usd": first.bound,
        "sampled_to_full_cost": decision.counts.get("sampled_plan_usd", cost) / first.cost if first.cost else None,
        **{name: _most(table, column) for name, column in MOST.items()},
        "pue": _sum(table, "facility_energy_mwh") / it_energy if it_energy else None,
        "wue_l_per_kwh": _sum(table, "water_m3") / it_energy if it_energy else None,
        "capital_usd": _sum(made, "capital_usd"),
        "committed_capital_usd": sum(committed_capital(outcome.case, asset, present=False) for asset in outcome.case.assets),
        **{f"cost_{name}_usd": amount for name, amount in parts.items()}, **service, **_pulsing(outcome),
        "overdrawn": over,
        "held_back_by": [str(one) for one in held[:5]], **decision.counts, "seconds": seconds}
    if outcome.case.site.weather_years:
        found["weather_years"] = [_weather_year(outcome, scenario, cost - parts["operation"]) for scenario in outcome.case.scenarios]
    if decision.failure:
        found["failure"] = decision.failure
    return found | {"verdict": verdict(outcome, found, held) + _broken(decision)}


def _held_by(case: Case, decision: Decision, service: dict) -> tuple[Worth, ...]:
    """What holds the plan back, limits before prices, each dearest first; all of it, what is worth little too, where not all that is wanted is served."""
    priced = with_small(decision.worth, decision.prices.relaxed, case)
    found = by_price(priced, decision.relaxed, at_last=not service["accelerators_online"] and case.site.load is None)
    missed = service["accelerators_online"] < service["accelerators_wanted"] or not served(service)
    return tuple(one for one in found if missed or one.usd >= VISIBLE_USD)


def _overdrawn(outcome: Outcome) -> list[str]:
    """Budgets of a year that the dispatch of every hour is over, by more than verification tolerates."""
    operating = dict(by_year(outcome.case.operating))
    return [f"{one.budget.name} in {one.year}{outcome.case.site.in_weather(one.scenario)}: {told_amount(one.amount, one.budget.unit)} over"
            for one in outcome.dispatch.overdrawn
            if one.amount > tolerated_over(one.budget.unit.replace("*", " "), _allowed(outcome, one.budget, operating[one.year]))]


def _allowed(outcome: Outcome, budget: Budget, phases: list[Phase]) -> float:
    """What a budget allows in the phases of a calendar year, with what is online."""
    return budget.fixed(phases) + budget.allowance(phases, outcome.investment.accelerators)


def _missed(outcome: Outcome) -> list[str]:
    """Stores whose runs of hours end off the level that the plan sets, by phase."""
    case = outcome.case
    prices = {component.name: float(effect.terms[0].coefficient) for component in case.components
              for effect in component.effects(case.hourly[component.name]) if effect.item == MISSED}
    found = [(name, case.phases[index].name, operation.amounts.get((name, "money", MISSED), 0.0) / price)
             for index, years in outcome.dispatch.operations.items() for operation in years.values() for name, price in prices.items() if price > 0]
    return [f"level of {name} in {phase}: {energy:,.3f} MWh missed" for name, phase, energy in found if energy > LEAST_MISSED]


def _broken(decision: Decision) -> str:
    """What ended the search before its time."""
    return f" The search broke off, and this is the best plan until then: {decision.failure}." if decision.failure else ""


def _weather_year(outcome: Outcome, scenario: int, fixed: float) -> dict:
    """The plan in one weather year: sums and peaks of all phases, and its cost, of which `fixed` (USD) comes in any weather."""
    site, operating = outcome.case.site, outcome.operating_cost(scenario)
    rows = [operated_in(outcome, phase, scenario) for phase in outcome.case.phases if outcome.operations(phase)]
    sums = {name: float(sum(row[name] for row in rows)) for name in AMOUNTS}
    peaks = {f"peak_{name.replace('_peak', '')}": max((row[name] for row in rows), default=0.0) for name in PEAKS}
    figures = {name: None if value is None or np.isnan(value) else value for name, value in {**peaks, **with_quotients(sums)}.items()}
    return {"weather_year": site.weather_years[scenario], "probability": site.weights[scenario], "net_present_cost_usd": fixed + operating,
            "cost_operation_usd": operating, **figures}


def _pulsing(outcome: Outcome) -> dict[str, float]:
    """The training load of the phase in which it is largest, with the storage that it needs and has."""
    site, investment = outcome.case.site, outcome.investment
    sizes = [{tranche.name: sum(investment.capacity(variant.component.asset, phase) for variant in outcome.case.variants if variant.tranche == tranche.name)
              for tranche in site.fleet if tranche.workload == "training"} for phase in outcome.case.phases]
    most = int(np.argmax([sum(size.values()) for size in sizes]))
    phase = outcome.case.phases[most]
    stored = sum(investment.capacity(component.asset, phase) for component in outcome.case.components if isinstance(component, Smoothing))
    return {**pulsing.figures(site, sizes[most]), "smoothing_mw": stored}


def _sum(table: pd.DataFrame, column: str) -> float:
    """A column's total, empty cells left out."""
    return float(np.nansum(table[column].to_numpy(dtype=float)))


def _most(table: pd.DataFrame, column: str) -> float | None:
    """A column's largest figure, 0 where nothing is operated; None of IT where the load is measured."""
    if column.startswith("it_") and "measured_load_mw" in table:
        return None
    return float(np.nan_to_num(table[column].to_numpy(dtype=float)).max())


def _service(outcome: Outcome, table: pd.DataFrame) -> dict:
    """Accelerators wanted, online, late and shed, and the cost of an accelerator-hour and of a MW of IT."""
    last, case = table.iloc[-1], outcome.case
    wanted = sum(outcome.investment.accelerators(tranche.name, phase) * phase.hours for tranche in case.site.fleet for phase in case.phases)
    shed, unserved, energy = (_sum(table, column) for column in ("shed_accelerator_hours", "unserved_mwh", "facility_energy_mwh"))
    return {"accelerators_wanted": float(last["accelerators_wanted"]), "accelerators_online": float(last["accelerators_online"]),
            "late_accelerator_months": _sum(table, "late_accelerator_months"), "late_for_whole_pods_accelerator_months": _for_whole_pods(outcome),
            "accelerator_hours": wanted - shed,
            "shed_share": shed / wanted if wanted else None, "unserved_mwh": unserved, "unserved_share": unserved / energy if energy else None}


def _for_whole_pods(outcome: Outcome) -> float:
    """Accelerator-months late where less than the smallest pod of a tranche is missing."""
    case, pods = outcome.case, {}
    for variant in case.variants:
        pods[variant.tranche] = min(variant.accelerators_per_pod, pods.get(variant.tranche, np.inf))
    return sum(pod_months(tranche, phase, outcome.investment.accelerators(tranche.name, phase), pods[tranche.name])
               for tranche in case.site.fleet if tranche.name in pods for phase in case.phases)
