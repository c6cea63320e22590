"""From a site to what is to be decided: phases, components, assets, conditions. Reads the site, knows no Pyomo."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from ..models.asset import Asset, Given, spend_curve
from ..models.component import Component, Hourly
from ..models.conditions import Conditions, Loop, Loops, Setting
from ..models.fleet.accelerators import Accelerators, Rack, rack
from ..models.horizon import Phase, build_phases
from ..models.power.gas_supply import GasSupply
from ..models.power.grid import ConnectionStage, DemandCharge, Tariff
from ..models.power.unserved import Unserved
from ..sites import Site
from .conditions import design_conditions, year_conditions
from .technologies import CAPTURE, CHAIN, POWER, REJECTION

SITE_WORKS = ("water_main", "fibre")


@dataclass(frozen=True)
class Variant:
    """A rack that a tranche may be bought as, and its component."""

    tranche: str
    rack: Rack
    component: Accelerators
    racks_per_pod: int

    @property
    def accelerators_per_pod(self) -> float:
        """Accelerators in a pod."""
        return self.racks_per_pod * self.rack.accelerators


@dataclass(frozen=True)
class Case:
    """Everything the programme is built from."""

    site: Site
    phases: tuple[Phase, ...]
    components: tuple[Component, ...]
    halls: tuple[Asset, ...]
    variants: tuple[Variant, ...]
    works: tuple[Asset, ...]
    year: Conditions
    design: Conditions

    @cached_property
    def assets(self) -> tuple[Asset, ...]:
        """Everything that is bought."""
        return (*(asset for component in self.components for asset in component.assets), *self.halls, *self.works)

    @cached_property
    def hourly(self) -> dict[str, Hourly]:
        """Coefficients of every component over the model year."""
        return {component.name: component.prepare(self.year) for component in self.components}

    @cached_property
    def hourly_design(self) -> dict[str, Hourly]:
        """Coefficients of every component in the design hours."""
        return {component.name: component.prepare(self.design) for component in self.components}

    @cached_property
    def operating(self) -> tuple[Phase, ...]:
        """Phases in which there can be a fleet: those that end after the first accelerators are wanted or in service."""
        first = min((wanted.by for tranche in self.site.fleet for wanted in tranche.wanted), default=self.site.plan.end)
        given = [item.in_service for variant in self.variants for item in variant.component.asset.given]
        return tuple(phase for phase in self.phases if phase.end > min([first, *given]))

    @cached_property
    def groups(self) -> tuple[tuple[Phase, ...], ...]:
        """Operating phases that the plan treats as one: whole years after the last dated event, with one set of capacities.

        Nothing that is dated changes between them (accelerators wanted, connections, orders that become possible), so the plan holds its
        capacities and operates one year for all, each year at its own prices and discount.
        """
        last = max(self._events())
        alike = tuple(phase for phase in self.operating if phase.start >= last and len(phase.months) == 12)
        single = [(phase,) for phase in self.operating if phase not in alike]
        return (*single, alike) if alike else tuple(single)

    def _events(self):
        """Dates on which what is asked, given or possible changes."""
        tranches = self.site.fleet
        yield self.site.plan.start
        yield from (step.by for tranche in tranches for step in (*tranche.wanted, *tranche.latest))
        yield from (delivery.from_date for tranche in tranches for delivery in tranche.deliveries)
        for asset in self.assets:
            yield from (item.in_service for item in asset.given)
            if asset.buildable:
                first = self.site.plan.start + timedelta(days=asset.lead_time)
                yield min(max(first, asset.not_before or first), self.site.plan.end)

    def discount(self, years: float) -> float:
        """Present worth at the plan's start of 1 USD so many years later."""
        return (1 + self.site.finance.discount_rate) ** -years

    def escalation(self, rate: float, phase: Phase) -> float:
        """Price in the middle of a phase over the price of the base year, real."""
        middle = phase.plan_start.year + (phase.plan_start.month - 1) / 12 + phase.middle
        return (1 + rate) ** (middle - self.site.finance.base_year - 0.5)


def build_case(site: Site) -> Case:
    """Read a site into components, assets and conditions."""
    phases = build_phases(site.plan.start, site.plan.end, [(step.until, step.step) for step in site.plan.steps])
    variants = tuple(_variants(site))
    setting = _setting(site, variants)
    components = (*_supply(site, setting), *_plant(site, setting, variants), *(variant.component for variant in variants))
    given = _given(site)
    merged = tuple(_with_given(component, given) for component in components)
    own = tuple(_own_assets(site, setting, {component.name for component in components}))
    return Case(site, phases, merged + own, tuple(_hall(site, kind) for kind in site.halls), variants, tuple(_works(site)),
                year_conditions(site, setting), design_conditions(site))


def _setting(site: Site, variants: tuple[Variant, ...]) -> Setting:
    liquid = [variant.rack.name for variant in variants if variant.rack.liquid_share > 0]
    levels = ("warm", "cool", "chilled") if liquid else ("cool", "chilled")
    dearest = max(variant.component.value_of_lost_load / variant.rack.power_per_accelerator for variant in variants)
    return Setting(site.catalog, _loops(site, liquid), site.outage.duration, site.water.price, dearest, levels)


def _loops(site: Site, liquid: list[str]) -> Loops:
    """Warm loop: the tightest coolant limit of the racks less the approach of the distribution units; it runs `warm_float` below that."""
    number = site.catalog.number
    hottest = min((number(name, "coolant_supply_maximum", "degC") for name in liquid), default=None)
    allowable = site.cooling.warm_supply if hottest is None else hottest - number("cold_plate", "approach", "delta_degC")
    warm_float = number("facility_water", "warm_float", "delta_degC")
    warm = _loop(site.cooling.warm_supply, allowable, warm_float, number("facility_water", "warm_range", "delta_degC"))
    coldest = number("facility_water", "chilled_supply", "degC")
    chilled_float = number("facility_water", "chilled_float", "delta_degC")
    chilled = _loop(site.cooling.chilled_supply, coldest + chilled_float, chilled_float, number("facility_water", "chilled_range", "delta_degC"))
    return Loops(warm, chilled, number("facility_water", "cool_minimum", "degC"), number("open_tower", "approach", "delta_degC"),
                 number("facility_water", "cool_range", "delta_degC"))


def _loop(wanted: float | None, allowable: float | None, spare: float, spread: float) -> Loop:
    top = allowable if allowable is not None else 0.0
    supply = top - spare if wanted is None else wanted
    return Loop(supply, max(supply, top), spread)


def _variants(site: Site):
    first_wanted = {tranche.name: min(wanted.by for wanted in tranche.wanted) for tranche in site.fleet}
    for tranche in site.fleet:
        for name in tranche.variants:
            made = rack(site.catalog, name)
            asset = _fleet_asset(site, tranche, made, first_wanted[tranche.name])
            component = Accelerators(asset, made, tranche.name, f"utilisation_{tranche.name}", tranche.critical_share,
                                     tranche.value_of_lost_load)
            yield Variant(tranche.name, made, component, tranche.racks_per_pod)


def _fleet_asset(site: Site, tranche, made: Rack, first: date) -> Asset:
    number = site.catalog.number
    return Asset(
        name=f"{tranche.name}_{made.name}", technology=made.name, unit_size=tranche.racks_per_pod * made.power, unit="MW", integer=True,
        capital=made.price / made.power, fixed=0.0, lead_time=number(made.name, "lead_time", "day"),
        life=tranche.life or number(made.name, "life", "year"), spend=spend_curve(site.catalog, made.name),
        not_before=first.replace(day=1) if first > site.plan.start else None, counts="pods",
        given=tuple(Given(item.units / tranche.racks_per_pod, item.in_service, item.status, _per_unit(item)) for item in site.assets
                    if item.technology == made.name and item.name in (tranche.name, made.name)))


def _supply(site: Site, setting: Setting):
    stages = tuple(_stage(site, stage) for stage in site.grid.stages)
    if stages:
        yield _tariff(site)
        yield from stages
    if site.gas is not None:
        yield from (_pipeline(site, pipeline) for pipeline in site.gas.pipelines)
    for technology in site.power.allow:
        if site.gas is not None or technology not in ("reciprocating_engine", "aeroderivative_turbine"):
            yield POWER[technology](setting, technology)
    yield Unserved(setting.value_of_lost_load)


def _plant(site: Site, setting: Setting, variants: tuple[Variant, ...]):
    yield from (make(setting) for make in CHAIN.values())
    for technology, make in CAPTURE.items():
        if technology != "cold_plate" or "warm" in setting.levels:
            yield make(setting, technology)
    for technology in site.cooling.allow:
        yield REJECTION[technology](setting, technology)


def _tariff(site: Site) -> Tariff:
    charges = tuple(DemandCharge(charge.name, charge.rate, frozenset(charge.months), frozenset(charge.hours), charge.weekdays_only)
                    for charge in site.grid.demand_charges)
    export = site.grid.export
    limit = (export.limit if export.limit is not None else sum(stage.capacity for stage in site.grid.stages)) if export.allowed else None
    return Tariff(charges, site.grid.escalation, export.price if export.allowed else 0.0, limit)


def _stage(site: Site, stage) -> ConnectionStage:
    """A stage as one unit: cost of the site file, else substation by kW and line by km."""
    number = site.catalog.number
    line = site.distances.get("substation", 0.0) * number("grid_connection", "line_cost", "USD/km")
    cost = stage.cost if stage.cost is not None else stage.capacity * number("grid_connection", "capital_cost", "USD/MW") + line
    asset = _single(site, "grid_connection", f"grid_{stage.name}", stage, cost)
    series = None if stage.firm else f"availability_{stage.name}"
    return ConnectionStage(asset, stage.firm, series, number("grid_connection", "no_load_loss", "1") / site.grid.power_factor,
                           number("grid_connection", "load_loss", "1") / site.grid.power_factor, site.grid.export.allowed)


def _pipeline(site: Site, pipeline) -> GasSupply:
    number = site.catalog.number
    line = site.distances.get("gas_pipeline", 0.0) * number("gas_lateral", "line_cost", "USD/km")
    asset = _single(site, "gas_lateral", f"gas_{pipeline.name}", pipeline, pipeline.cost if pipeline.cost is not None else line)
    return GasSupply(asset, site.gas.price, site.gas.escalation, number("fuel", "natural_gas_carbon", "tonne_CO2e/MWh"))


def _single(site: Site, technology: str, name: str, stage, cost: float) -> Asset:
    """Something that is built once, whole: a connection stage, a pipeline."""
    number = site.catalog.number
    lead = stage.lead_time if stage.lead_time is not None else number(technology, "lead_time", "day")
    given = () if stage.status == "option" else (Given(1.0, stage.available_from, stage.status, 0.0 if stage.status == "existing" else cost),)
    return Asset(
        name=name, technology=technology, unit_size=stage.capacity, unit="MW", integer=True, capital=cost / stage.capacity,
        fixed=number(technology, "fixed_cost", "USD/MW/year"), lead_time=lead, life=number(technology, "life", "year"),
        spend=spend_curve(site.catalog, technology), most=1.0, not_before=stage.available_from, buildable=stage.status == "option", given=given)


def _hall(site: Site, kind) -> Asset:
    number = site.catalog.number
    cost = kind.cost / kind.it_capacity if kind.cost is not None else number("hall", "capital_cost", "USD/MW")
    return Asset(
        name=f"hall_{kind.name}", technology="hall", unit_size=kind.it_capacity, unit="MW", integer=True, capital=cost,
        fixed=number("hall", "fixed_cost", "USD/MW/year"), life=number("hall", "life", "year"), land=number("hall", "land", "m2/MW"),
        lead_time=kind.lead_time if kind.lead_time is not None else number("hall", "lead_time", "day"), spend=spend_curve(site.catalog, "hall"),
        most=kind.most, per_phase=kind.per_phase, counts="halls",
        given=tuple(Given(item.units, item.in_service, item.status, _per_unit(item)) for item in site.assets
                    if item.technology == "hall" and item.name == kind.name))


def _works(site: Site):
    """Lines that the site needs whatever is built: water main and fibre, by distance."""
    for name in SITE_WORKS:
        if site.distances.get(name, 0.0) > 0:
            cost = site.distances[name] * site.catalog.number(name, "line_cost", "USD/km")
            yield Asset(name=name, technology=name, unit_size=1.0, unit="1", integer=False, capital=cost, fixed=0.0, lead_time=0.0,
                        life=site.catalog.number(name, "life", "year"), buildable=False,
                        given=(Given(1.0, site.plan.start, "committed", cost),))


def _per_unit(item) -> float | None:
    if item.status == "existing":
        return 0.0
    return None if item.capital is None else item.capital / item.units


def _given(site: Site) -> dict[str, tuple[Given, ...]]:
    """Existing and committed units of catalogue size, by technology."""
    found: dict[str, tuple[Given, ...]] = {}
    for item in site.assets:
        if item.unit_size is None:
            made = Given(item.units, item.in_service, item.status, _per_unit(item))
            found[item.technology] = (*found.get(item.technology, ()), made)
    return found


def _with_given(component: Component, given: dict[str, tuple[Given, ...]]) -> Component:
    asset = getattr(component, "asset", None)
    if asset is None or asset.name not in given:
        return component
    return replace(component, asset=replace(asset, given=given[asset.name]))  # type: ignore[type-var]


def _own_assets(site: Site, setting: Setting, present: set[str]):
    """Existing and committed units of a size of their own, or of a technology that may not be bought: components apart, not buildable."""
    makers = {**POWER, **REJECTION}
    for item in site.assets:
        if item.technology not in makers or (item.unit_size is None and item.technology in present):
            continue
        component = makers[item.technology](setting, item.technology)
        asset = component.asset
        size = item.unit_size if item.unit_size is not None else asset.unit_size
        made = Given(item.units, item.in_service, item.status, _per_unit(item))
        yield replace(component, asset=replace(asset, name=item.name, unit_size=size, given=(made,), buildable=False))
