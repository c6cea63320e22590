"""The tables of a plan: a row for everything commissioned, a row for every phase. Figures of operation are those of the full dispatch."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..models.asset import Asset
from ..models.component import Component
from ..models.horizon import HOURS_PER_YEAR, Phase, last_day
from ..models.terms import amount
from .case import Case
from .decide import Prices
from .dispatch import Dispatch, Operation
from .investment import Investment
from .lateness import late_months, wanted_at

PEAKS = ("it_mw", "facility_peak_mw")
AMOUNTS = ("it_energy_mwh", "facility_energy_mwh", "grid_energy_mwh", "gas_energy_mwh", "water_m3", "carbon_tonne_co2e", "shed_accelerator_hours",
           "unserved_mwh", "heat_sold_mwh")
QUOTIENTS = {"pue": "facility_energy_mwh", "wue_l_per_kwh": "water_m3"}  # over the energy of IT
GIVEN = ("electricity", "contract")  # carriers of power to the site
DECIMALS = 6  # of what leaves: a watt, far below a cent; less is rounding of a solver, and far less than verification tolerates
BUILD_COLUMNS = ["phase", "technology", "units", "capacity", "unit", "order_by", "in_service", "capital_usd", "status"]


@dataclass(frozen=True)
class Outcome:
    """A case decided and dispatched."""

    case: Case
    investment: Investment
    dispatch: Dispatch
    prices: Prices

    def operations(self, phase: Phase) -> dict[int, Operation]:
        """The dispatch of a phase in every weather year, none before there is a fleet."""
        return self.dispatch.operations.get(phase.index, {})

    def expected(self, of_year: Callable[[int], float]) -> float:
        """A figure of every weather year, by its probability."""
        return sum(weight * of_year(scenario) for scenario, weight in enumerate(self.case.site.weights))

    def operating_cost(self, scenario: int | None = None) -> float:
        """Present worth (USD) of money and carbon over all phases, in a weather year, or expected."""
        case = self.case
        if scenario is None:
            return self.expected(self.operating_cost)
        return sum(case.discount(case.phases[p].middle) * (found[scenario].total("money") + case.site.carbon_price * found[scenario].total("carbon"))
                   for p, found in self.dispatch.operations.items())

    def cost(self) -> dict[str, float]:
        """Net present cost (USD) in its parts."""
        return {"capital_less_salvage": self.investment.capital(), "fixed": self.investment.fixed(), "operation": self.operating_cost(),
                "lateness": self.investment.lateness()}


def clean(values):
    """Numbers as they leave, without the rounding of a solver: -5.9e-12 is 0."""
    return np.round(values, DECIMALS) + 0.0


def taken(case: Case, operation: Operation, carrier: str, scenario: int = 0) -> np.ndarray:
    """MW used of a carrier by hour of a weather year: what is neither stored nor sent back. NaN in hours outside the phase."""
    total = np.zeros(HOURS_PER_YEAR)
    for component in case.components:
        values = _values(operation, component)
        for flow in component.flows(case.hourly_by_year[scenario][component.name]):
            if flow.carrier == carrier and flow.sign < 0 and flow.used:
                total = total + amount(flow.terms, values)
    return total


def _values(operation: Operation, component: Component) -> dict[str, np.ndarray]:
    """Hourly values of a component by variable."""
    return {variable: found for (owner, variable), found in operation.hourly.items() if owner == component.name}


def given(case: Case, component: Component, operation: Operation, scenario: int = 0) -> float:
    """MWh of electricity that a component gives in the operation of a weather year."""
    values = _values(operation, component)
    return sum(float(np.nansum(amount(flow.terms, values))) for flow in component.flows(case.hourly_by_year[scenario][component.name])
               if flow.carrier in GIVEN and flow.sign > 0)


def builds(outcome: Outcome) -> pd.DataFrame:
    """A row for everything commissioned: phase, technology, units, capacity, order and service dates, capital, status."""
    rows = [row for asset in outcome.case.assets for row in (*_given_rows(outcome, asset), *_built_rows(outcome, asset))]
    return pd.DataFrame(rows, columns=BUILD_COLUMNS).sort_values(["in_service", "technology"], ignore_index=True)


def _given_rows(outcome: Outcome, asset: Asset):
    for item in asset.given:
        capital = asset.capital * asset.unit_size if item.capital is None else item.capital
        paid = 0.0 if item.status == "existing" else item.units * capital
        yield (_phase_of(outcome.case, item.in_service), asset.name, item.units, item.units * asset.unit_size, asset.unit, None,
               item.in_service.isoformat(), round(paid, 2), item.status)


def _built_rows(outcome: Outcome, asset: Asset):
    for phase in outcome.case.phases:
        units = float(outcome.investment.built[asset.name][phase.index])
        if units > 0:
            size = units * asset.unit_size
            yield (phase.name, asset.name, round(units, 6), round(size, 6), asset.unit, asset.order_date(phase).isoformat(),
                   phase.start.isoformat(), round(size * asset.capital, 2), "option")


def _phase_of(case: Case, day) -> str:
    """The first phase that a unit serves."""
    return next((phase.name for phase in case.phases if phase.start >= day), case.phases[-1].name)


def phases(outcome: Outcome, made: pd.DataFrame) -> pd.DataFrame:
    """A row a phase: fleet, power, cooling, money, energy, water, carbon, PUE and WUE; capacities of all that may be in service, so that plans of one
    site have equal columns."""
    return pd.DataFrame([_phase_row(outcome, phase, made) for phase in outcome.case.phases])


def _phase_row(outcome: Outcome, phase: Phase, made: pd.DataFrame) -> dict:
    capital = float(made.loc[made.phase == phase.name, "capital_usd"].sum())
    dates = {"phase": phase.name, "start": phase.start.isoformat(), "end": last_day(phase).isoformat()}
    return {**dates, **_fleet(outcome, phase), **_operated(outcome, phase), **_measured(outcome, phase), "capital_usd": capital,
            **_capacities(outcome, phase)}


def _fleet(outcome: Outcome, phase: Phase) -> dict:
    case, investment = outcome.case, outcome.investment
    online = {tranche.name: investment.accelerators(tranche.name, phase) for tranche in case.site.fleet}
    return {
        "accelerators_wanted": sum(wanted_at(tranche.wanted, last_day(phase)) for tranche in case.site.fleet),
        "accelerators_online": sum(online.values()),
        "late_accelerator_months": sum(late_months(tranche, phase, online[tranche.name]) for tranche in case.site.fleet),
        "racks": sum(float(investment.online[variant.component.name][phase.index]) * variant.racks_per_pod for variant in case.variants),
        "halls": sum(float(investment.online[hall.name][phase.index]) for hall in case.halls),
        "it_installed_mw": sum(investment.capacity(variant.component.asset, phase) for variant in case.variants)}


def _measured(outcome: Outcome, phase: Phase) -> dict:
    """Of a measured load what is served of it in its highest hour, in any weather year; which part of it is IT is not known."""
    if outcome.case.site.load is None:
        return {}
    served = [np.nanmax(operation.hourly["measured_load", "load"]) for operation in outcome.operations(phase).values()]
    return {"it_installed_mw": np.nan, "measured_load_mw": max(_written(tuple(served)))}


def _operated(outcome: Outcome, phase: Phase) -> dict:
    """Power, energy, water and carbon of the phase's dispatch, expected over the weather years, peaks the largest of them; empty cells before
    there is a fleet."""
    by_year = [operated_in(outcome, phase, scenario) for scenario in outcome.operations(phase)]
    if not by_year:
        return dict.fromkeys((*PEAKS, *AMOUNTS, *QUOTIENTS))
    return {**{name: max(figures[name] for figures in by_year) for name in PEAKS},
            **with_quotients({name: outcome.expected(lambda scenario, name=name: by_year[scenario][name]) for name in AMOUNTS})}


def operated_in(outcome: Outcome, phase: Phase, scenario: int) -> dict:
    """The same of one weather year. Of a measured load it is not known what of it is IT: no numbers."""
    operation = outcome.operations(phase)[scenario]
    it, facility = (taken(outcome.case, operation, carrier, scenario) for carrier in ("critical_power", "electricity"))
    known = 1.0 if outcome.case.site.load is None else np.nan
    bought = sum(float(np.nansum(operation.hourly.get(("tariff", name), np.zeros(1)))) for name in ("bought", "contracted"))
    burnt = sum(float(np.nansum(hourly)) for (_, variable), hourly in operation.hourly.items() if variable == "purchase")
    amounts = (known * np.nansum(it), np.nansum(facility), bought, burnt, *map(operation.total, ("water", "carbon", "shed", "unserved", "heat")))
    return {**dict(zip(PEAKS, _written((known * np.nanmax(it), np.nanmax(facility))), strict=True)),
            **with_quotients(dict(zip(AMOUNTS, _written(amounts), strict=True)))}


def _written(values: tuple[float, ...]) -> list[float]:
    return [float(clean(value)) for value in values]


def with_quotients(amounts: dict[str, float]) -> dict:
    """PUE and WUE besides."""
    it = amounts["it_energy_mwh"]
    return amounts | {name: amounts[over] / it if it else None for name, over in QUOTIENTS.items()}


def _capacities(outcome: Outcome, phase: Phase) -> dict:
    """MW (MWh) online of everything that supplies, cools or connects; `cooling_`, `supply_` and `plant_` say which."""
    return {name: round(outcome.investment.capacity(asset, phase), DECIMALS) for name, asset in capacity_columns(outcome.case).items()}


def capacity_columns(case: Case) -> dict[str, Asset]:
    """Names of the columns of capacities, each with what it is of."""
    fleet = {variant.component.name for variant in case.variants}
    return {f"{kind(case, component, asset)}_{asset.name}_{asset.unit.lower()}": asset
            for component in case.components if component.name not in fleet for asset in component.assets}


def kind(case: Case, component: Component, asset: Asset) -> str:
    """What an asset is for: cooling, supply (gives electricity), or plant between."""
    if asset.group == "cooling":
        return "cooling"
    gives = any(flow.carrier in GIVEN and flow.sign > 0 for hourly in (case.hourly, case.hourly_design)
                for flow in component.flows(hourly[component.name]))
    return "supply" if gives else "plant"
