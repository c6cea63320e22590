"""From a site to a case: its file read into components, assets and conditions. Reads the site, knows no Pyomo."""

from dataclasses import replace
from datetime import date

from ..models.asset import Asset, Given, spend_curve
from ..models.component import Component
from ..models.conditions import NO_WATER, Setting
from ..models.cooling.capture import chosen
from ..models.fleet.accelerators import Accelerators
from ..models.fleet.measured import CARRIERS, MeasuredLoad
from ..models.fleet.racks import Rack, rack
from ..models.horizon import build_phases
from ..models.power.battery import Battery
from ..models.power.chain import CHAINS
from ..models.power.conversion import Conversion
from ..models.power.gas_supply import GasSupply
from ..models.power.grid import ConnectionStage, DemandCharge, Tariff
from ..models.power.topology import DC
from ..models.power.unserved import Unserved
from ..sites import Site
from ..sites.demand import CHAIN as CHAIN_BEFORE
from ..sites.energy import Gas
from ..sites.envelope import site_loops
from ..sites.power import is_of, lacks
from .case import Case, Variant
from .conditions import design_conditions, year_conditions
from .heat import network
from .pulsing import electrical
from .smoothing import storage
from .technologies import CHAIN, cooling_maker, maker, power_maker

SITE_WORKS = ("water_main", "fibre")


def build_case(site: Site) -> Case:
    """Read a site into components, assets and conditions."""
    phases = build_phases(site.plan.start, site.plan.end, [(step.until, step.step) for step in site.plan.steps])
    variants = tuple(_variants(site))
    setting = site_setting(site)
    components = (*_supply(site, setting), *_plant(site, setting, variants), *(variant.component for variant in variants))
    given = _given(site)
    merged = tuple(_with_given(component, given) for component in components)
    own = tuple(_own_assets(site, setting, {component.name for component in components}))
    return Case(site, phases, merged + own, tuple(_hall(site, kind) for kind in site.halls), variants, tuple(_works(site)),
                tuple(year_conditions(site, scenario) for scenario in range(len(site.weights))), design_conditions(site))


def site_setting(site: Site) -> Setting:
    """What every technology of a site is built from."""
    variants = tuple(_variants(site))
    liquid = [variant.rack.name for variant in variants if variant.rack.liquid_share > 0]
    near = ("near",) if {"open_tower_close", "water_cooled_chiller"} <= {*map(site.catalog.origin, site.cooling.allow)} else ()
    levels = (*(("warm",) if liquid else ()), "cool", *near, "chilled")
    dearest = max([variant.component.value_of_lost_load / variant.rack.power_per_accelerator for variant in variants],
                  default=site.load.value_of_lost_load if site.load is not None else 0.0)
    loops = site_loops(site) if site.load is None else NO_WATER
    airy = max([1 / variant.rack.own_liquid_share - 1 for variant in variants if variant.rack.own_liquid_share > 0], default=0.0)
    return Setting(site.catalog, loops, site.outage.duration, site.water.price, dearest, levels, electrical(site), site.storage.horizon, airy)


def _variants(site: Site):
    first_wanted = {tranche.name: min(wanted.by for wanted in tranche.wanted) for tranche in site.fleet}
    for tranche in site.fleet:
        for name in tranche.variants:
            made = rack(site.catalog, name, site.electrical.chain == DC)
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
        not_before=_phase_start(site, first), counts="pods",
        given=tuple(_pods(item, tranche.racks_per_pod) for item in site.assets
                    if item.technology == made.name and item.name in (tranche.name, made.name)))


def _pods(item, racks_per_pod: int) -> Given:
    """Racks that are given, as pods."""
    per_rack = _per_unit(item)
    return Given(item.units / racks_per_pod, item.in_service, item.status, None if per_rack is None else per_rack * racks_per_pod)


def _phase_start(site: Site, day: date) -> date:
    """The start of the phase that a day lies in; the plan's start before it."""
    phases = build_phases(site.plan.start, site.plan.end, [(step.until, step.step) for step in site.plan.steps])
    return max((phase.start for phase in phases if phase.start <= day), default=site.plan.start)


def _supply(site: Site, setting: Setting):
    stages = tuple(_stage(site, stage) for stage in site.grid.stages)
    if stages:
        yield _tariff(site)
        yield from stages
    if site.gas is not None:
        yield from (_pipeline(site, site.gas, pipeline) for pipeline in site.gas.pipelines)
    for technology in site.power.allow:
        if not lacks(site, site.catalog, technology):
            yield power_maker(site.catalog, technology)(setting, technology)
    yield Unserved(setting.value_of_lost_load, halls=site.load is None)


def _plant(site: Site, setting: Setting, variants: tuple[Variant, ...]):
    if site.load is not None:
        yield from (_outdoors(CHAIN[technology](setting, technology)) for technology in CHAIN_BEFORE[site.load.bus])
        yield MeasuredLoad(site.load_peak, CARRIERS[site.load.bus], site.load.critical_share, site.load.value_of_lost_load)
        return
    yield from (CHAIN[technology](setting, technology) for technology in CHAINS[site.electrical.chain])
    yield from storage(site)
    captures = chosen(site.catalog, site.cooling.allow, any(variant.rack.liquid_share > 0 for variant in variants))
    for technology in (*captures, *(name for name in site.cooling.allow if name not in captures)):
        yield cooling_maker(site.catalog, technology)(setting, technology)
    yield from network(site, setting)


def _outdoors(component: Conversion) -> Conversion:
    """A component of the chain beside a measured load, in which cooling lies: none of its loss warms a hall of the plan."""
    return replace(component, hall_heat=0.0)


def _tariff(site: Site) -> Tariff:
    charges = tuple(DemandCharge(charge.name, charge.rate, frozenset(charge.months), frozenset(charge.hours), charge.weekdays_only,
                                 charge.ratchet, frozenset(charge.ratchet_months))
                    for charge in site.grid.demand_charges)
    export = site.grid.export
    limit = (export.limit if export.limit is not None else sum(stage.capacity for stage in site.grid.stages)) if export.allowed else None
    named = (*site.power.allow, *(item.technology for item in site.assets))
    return Tariff(charges, site.grid.escalation, export.price if export.allowed else 0.0, limit,
                  any(is_of(site.catalog, technology, "purchase_agreement") for technology in named),
                  sum(stage.capacity for stage in site.grid.stages))


def _stage(site: Site, stage) -> ConnectionStage:
    """A stage as one unit: cost of the site file, else substation by kW and line by km."""
    number = site.catalog.number
    line = site.distances.get("substation", 0.0) * number("grid_connection", "line_cost", "USD/km")
    cost = stage.cost if stage.cost is not None else stage.capacity * number("grid_connection", "capital_cost", "USD/MW") + line
    asset = _single(site, "grid_connection", f"grid_{stage.name}", stage, cost)
    series = None if stage.firm else f"availability_{stage.name}"
    return ConnectionStage(asset, stage.firm, series, number("grid_connection", "no_load_loss", "1") / site.grid.power_factor,
                           number("grid_connection", "load_loss", "1") / site.grid.power_factor, site.grid.export.allowed)


def _pipeline(site: Site, gas: Gas, pipeline) -> GasSupply:
    number = site.catalog.number
    line = site.distances.get("gas_pipeline", 0.0) * number("gas_lateral", "line_cost", "USD/km")
    asset = _single(site, "gas_lateral", f"gas_{pipeline.name}", pipeline, pipeline.cost if pipeline.cost is not None else line)
    return GasSupply(asset, gas.price, gas.escalation, number("fuel", "natural_gas_carbon", "tonne_CO2e/MWh"))


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
    for item in site.assets:
        make = maker(site.catalog, item.technology)
        if make is None or (item.unit_size is None and item.technology in present):
            continue
        made = Given(item.units, item.in_service, item.status, _per_unit(item))
        own = make(setting, item.technology)
        yield _own(_outdoors(own) if site.load is not None and item.technology in CHAIN else own, item, made)


def _own(component: Component, item, made: Given) -> Component:
    """A component that is only what is given, under its own name."""
    if isinstance(component, Battery):
        power = replace(component.power, name=f"{item.name}_power", unit_size=item.unit_size, given=(made,), buildable=False)
        paid = made if made.capital is None else replace(made, capital=0.0)
        energy = replace(component.energy, name=f"{item.name}_energy", unit_size=item.energy, given=(paid,), buildable=False)
        return replace(component, power=power, energy=energy)
    asset = component.asset  # type: ignore[attr-defined]
    size = item.unit_size if item.unit_size is not None else asset.unit_size
    return replace(component, asset=replace(asset, name=item.name, unit_size=size, given=(made,), buildable=False))  # type: ignore[type-var]
