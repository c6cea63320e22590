"""The plan in figures, and in one sentence."""

import numpy as np
import pandas as pd

from ..models.asset import Asset
from ..models.horizon import Phase
from ..models.power.smoothing import Smoothing
from ..models.storage import MISSED
from . import pulsing
from .case import Case
from .decide import Decision
from .errors import shown
from .lateness import pod_months
from .programme import committed_capital
from .results import AMOUNTS, PEAKS, Outcome, kind, operated_in, with_quotients
from .served import UNSERVED_SHARE, VISIBLE_SHARE, served
from .worth import VISIBLE_USD, Worth, by_price, with_small

MOST = {"installed_it_mw": "it_installed_mw", "peak_it_mw": "it_mw", "peak_facility_mw": "facility_peak_mw"}
GIGA = 1e9
MILLION = 1e6
LEAST_NAMED = 1e-3  # of the largest of its kind: less of a technology is not named in the verdict
TENS = 9.5  # MW from which on a fraction is not told
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
    over = [*(f"{one.budget.name} in {one.year}{outcome.case.site.in_weather(one.scenario)}: {one.amount:,.0f} {shown(one.budget.unit)} over"
              for one in outcome.dispatch.overdrawn), *_missed(outcome)]
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
    training = {tranche.name for tranche in site.fleet if tranche.workload == "training"}
    sizes = [sum(investment.capacity(variant.component.asset, phase) for variant in outcome.case.variants if variant.tranche in training)
             for phase in outcome.case.phases]
    phase = outcome.case.phases[int(np.argmax(sizes))]
    stored = sum(investment.capacity(component.asset, phase) for component in outcome.case.components if isinstance(component, Smoothing))
    return {**pulsing.figures(site, max(sizes)), "smoothing_mw": stored}


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


def verdict(outcome: Outcome, found: dict, worth: tuple[Worth, ...]) -> str:
    """How many MW when, cooled how, fed by what, at what cost, what holds it back."""
    phase = next((phase for phase in outcome.case.phases if _it(outcome, phase) >= 0.999 * max(_it(outcome, p) for p in outcome.case.phases)),
                 outcome.case.phases[-1])
    last = outcome.case.phases[-1]
    if outcome.case.site.load is not None:
        return (f"{found['site']}: a measured load of up to {_megawatts(outcome.case.site.load_peak)} MW, fed by {_biggest(outcome, last, 'supply')}, "
                f"at {found['net_present_cost_usd'] / MILLION:,.1f} MUSD net present cost; {found['unserved_mwh']:,.0f} MWh unserved{_over(found)}; "
                f"{_held(found, worth)}.")
    built = (f"{found['installed_it_mw']:,.0f} MW of IT installed from {phase.start:%B %Y}, in the highest hour "
             f"{found['peak_it_mw']:,.0f} MW of IT load and {found['peak_facility_mw']:,.0f} MW of facility load; "
             f"cooled by {_biggest(outcome, last, 'cooling')}, fed by {_biggest(outcome, last, 'supply')}, ")
    return (f"{found['site']}: {built if found['installed_it_mw'] else 'no IT is installed, '}"
            f"at {found['net_present_cost_usd'] / GIGA:,.2f} GUSD net present cost; {_late(found)}{_unserved(found)}{_over(found)}; {_held(found, worth)}.")


def _it(outcome: Outcome, phase: Phase) -> float:
    """MW of IT in racks online."""
    return sum(outcome.investment.capacity(variant.component.asset, phase) for variant in outcome.case.variants)


def _biggest(outcome: Outcome, phase: Phase, role: str) -> str:
    """The largest of a kind, with their MW; capture at the rack is left out of cooling, energy of storage out of supply."""
    sizes = {_named(asset): outcome.investment.capacity(asset, phase)
             for component in outcome.case.components for asset in component.assets if asset.unit == "MW"
             and kind(outcome.case, component, asset) == role and not _captures(outcome, component)}
    least = LEAST_NAMED * max(sizes.values(), default=0.0)
    chosen = sorted(((size, name) for name, size in sizes.items() if size > least), reverse=True)[:4]
    return ", ".join(f"{name} {_megawatts(size)} MW" for size, name in chosen) or "nothing"


def _named(asset: Asset) -> str:
    """A stage of the grid by its name in the site file, another asset by its technology, under a name of its own where it has one."""
    if asset.technology == "grid_connection":
        return f"grid stage {asset.name.removeprefix('grid_')}"
    name, technology = asset.name.removesuffix("_power"), asset.technology.replace("_", " ")
    return technology if name == asset.technology else f"{name} ({technology})"


def _megawatts(size: float) -> str:
    """With digits enough that none is 0."""
    return f"{size:,.0f}" if size >= TENS else f"{size:.2g}"


def _captures(outcome: Outcome, component) -> bool:
    return any(flow.carrier in ("liquid_heat", "air_heat") and flow.sign < 0 for flow in component.flows(outcome.case.hourly[component.name]))


def _late(found: dict) -> str:
    late = found["late_accelerator_months"]
    whole = found["late_for_whole_pods_accelerator_months"]
    if late < 1:
        return "nothing is late"
    missing, wanted = found["accelerators_wanted"] - found["accelerators_online"], found["accelerators_wanted"]
    return (f"{late:,.0f} accelerator-months late{f', {whole:,.0f} of them as racks come in whole pods' if whole >= 1 else ''}"
            f"{f'; {missing:,.0f} of the {wanted:,.0f} accelerators wanted never come' if missing > VISIBLE_SHARE * wanted else ''}")


def _unserved(found: dict) -> str:
    """Compute shed, and energy that a plan does not deliver: dear, but no limit of the site forbids it."""
    share, shed = found["unserved_share"], found["shed_share"]
    dropped = f"; {shed:.1%} of accelerator-hours shed" if shed and shed > VISIBLE_SHARE else ""
    return dropped + (f"; NOT SERVED: {found['unserved_mwh']:,.0f} MWh, {share:.1%} of the facility's energy" if share and share > UNSERVED_SHARE else "")


def _over(found: dict) -> str:
    """Budgets and levels of stores that the dispatch of every hour cannot keep, as a plan sized on sampled days, or in little time, may have."""
    return f"; over its limits: {', '.join(found['overdrawn'])}" if found["overdrawn"] else ""


def _held(found: dict, worth: tuple[Worth, ...]) -> str:
    limits = [one for one in worth if not one.is_price]
    if found["accelerators_wanted"] and not found["accelerators_online"]:
        return (f"nothing is built, and the limit that holds it back most is {limits[0]}" if limits else
                "nothing is built, and no limit of the site has a price: what it allows cannot power and cool the racks, or costs more than being late")
    return f"held back most by {limits[0]}" if limits else "no limit of the site holds it back"
