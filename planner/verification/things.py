"""What a site may buy and what it has, read from the site file and the catalogue."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ...models.catalog import Catalog
from ...sites import Site
from .electrical import at_bus, at_inlet, in_place_of_shelf, switched
from .rack_heat import liquid_share

FUELLED = ("generator",)  # formulations of power technologies, as their rows in the catalogue say: on pipeline gas
COMMITTED = (*FUELLED, "thermal_plant")  # with units that run, at a minimum load
NEEDS = {"gas": lambda site: site.gas is not None, "connection": lambda site: bool(site.grid.stages), "nothing": lambda site: True}
COOLERS = ("dry_cooler", "dry_cooler_close", "dry_cooler_wide", "adiabatic_cooler", "open_tower", "open_tower_close", "open_tower_wide",
           "closed_tower", "waterside_economiser", "direct_air_economiser", "indirect_evaporative")
CHILLERS = ("water_cooled_chiller", "air_cooled_chiller", "trim_chiller")
CHAIN = ("transformer", "ups", "rectifier_800v")
CHAINS = {"ac": ("transformer", "ups"), "800 V dc": ("transformer", "rectifier_800v")}
SMOOTHING = ("smoothing_capacitor", "smoothing_battery")
CATCHES = {"cold_plate": ("liquid_heat",), "two_phase_cold_plate": ("liquid_heat",), "immersion": ("liquid_heat", "air_heat"),
           "air_handler": ("air_heat",), "contained_air_handler": ("air_heat",), "rear_door": ("air_heat",)}
CAPTURE = tuple(CATCHES)
CHAIN_BEFORE: dict[str, tuple[str, ...]] = {"campus": (), "low_voltage": ("transformer",)}  # of a measured load, by its bus
SITE_WORKS = ("water_main", "fibre")
LISTED = (("unit_size", "unit_size", "MW"), ("capital", "capital_cost", "USD/MW"), ("fixed", "fixed_cost", "USD/MW/year"),
          ("lead_time", "lead_time", "day"), ("life", "life", "year"), ("land", "land", "m2/MW"))


@dataclass(frozen=True)
class Arrival:
    """Units that exist or are on order, and what is still paid for them (USD): nothing for what exists, None for the list price."""

    units: float
    in_service: date
    paid: float | None


@dataclass(frozen=True)
class Thing:
    """One thing that is bought: unit_size in MW (MWh, 1); capital and fixed (USD, USD/year a unit of size); lead_time in days.

    `not_before` is the first day of service; `wanted_from` a day that lies in the first phase of service, or before it.
    """

    name: str
    unit_size: float
    whole: bool
    capital: float
    fixed: float
    lead_time: float
    life: float
    spend: tuple[float, ...]
    land: float = 0.0
    most: float | None = None
    per_phase: float | None = None
    not_before: date | None = None
    wanted_from: date | None = None
    for_sale: bool = True
    arrivals: tuple[Arrival, ...] = ()


@dataclass(frozen=True)
class Rack:
    """A variant of a tranche: `mw` of IT a rack at its peak, with its share of network and support."""

    name: str
    technology: str
    tranche: str
    mw: float
    accelerators: float
    liquid_share: float
    pod: int

    @property
    def cooling(self) -> str:
        """The kind of hall it needs."""
        return "liquid" if self.liquid_share > 0 else "air"


def racks(site: Site) -> list[Rack]:
    """Every variant of every tranche."""
    number, inlet = site.catalog.number, at_inlet(site)
    return [Rack(f"{tranche.name}_{kind}", kind, tranche.name,
                 inlet * number(kind, "rack_power_peak", "MW") * (1 + number(kind, "network_share", "1")) * (1 + number(kind, "support_share", "1")),
                 number(kind, "accelerators_per_rack", "1"), liquid_share(site, kind), tranche.racks_per_pod)
            for tranche in site.fleet for kind in tranche.variants]


def liquid(site: Site) -> bool:
    """Whether some rack is cooled by liquid: then there is a warm loop."""
    return any(rack.liquid_share > 0 for rack in racks(site))


def near(site: Site) -> bool:
    """Whether chillers may choose condenser water of towers with a closer approach."""
    return {"open_tower_close", "water_cooled_chiller"} <= {formulation(site, kind) for kind in site.cooling.allow}


def levels(site: Site) -> tuple[str, ...]:
    """Loops that coolers serve."""
    return ("warm", "cool") if liquid(site) else ("cool",)


def fitted(site: Site, *kinds: str) -> dict[str, str]:
    """Name -> technology of what is of these kinds: what may be bought, the chain and capture that every site has, units of a size of their own."""
    everywhere = [*CHAINS[site.electrical.chain], *_usual(site)] if site.load is None else [*CHAIN_BEFORE[site.load.bus]]
    allowed = [kind for kind in (*site.power.allow, *everywhere, *site.cooling.allow)
               if {kind, formulation(site, kind)} & {*kinds} and _runs(site, kind)]
    own = {item.name: item.technology for item in site.assets if {item.technology, formulation(site, item.technology)} & {*kinds}
           and (item.unit_size is not None or item.technology not in allowed)}
    return {kind: kind for kind in allowed} | own


def formulation(site: Site, kind: str) -> str:
    """What a technology is computed as: a power technology as its row says, all else as itself or as what the site's own make is like."""
    return site.catalog.text(kind, "formulation") if site.catalog.has(kind, "formulation") else site.catalog.origin(kind)


def catches(site: Site, kind: str) -> tuple[str, ...]:
    """Kinds of heat that a capture takes."""
    return CATCHES[formulation(site, kind)]


def _runs(site: Site, kind: str) -> bool:
    """Whether the site has what a technology needs."""
    return not site.catalog.has(kind, "needs") or NEEDS[site.catalog.text(kind, "needs")](site)


def _usual(site: Site) -> list[str]:
    """Captures that every site has: for each kind of heat that none of those it allows takes; baths do not take the halls' air."""
    allowed = [formulation(site, kind) for kind in site.cooling.allow]
    taken = {heat for kind in allowed for heat in CATCHES.get(kind, ()) if kind != "immersion" or heat == "liquid_heat"}
    usual = {"air_heat": "air_handler"} | ({"liquid_heat": "cold_plate"} if liquid(site) else {})
    return [kind for heat, kind in usual.items() if heat not in taken]


def things(site: Site) -> list[Thing]:
    """Everything that is bought or given."""
    plant = fitted(site, *COMMITTED, *CHAIN, *CAPTURE, *COOLERS, *CHILLERS, "renewable", "diesel_standby", "purchase_agreement")
    return [*(_plant(site, name, kind) for name, kind in plant.items()), *_batteries(site), *_connections(site), *_halls(site), *_fleet(site),
            *_works(site), *_smoothing(site), *_network(site), *_tanks(site)]


def _spend(catalog: Catalog, kind: str) -> tuple[float, ...]:
    return tuple(float(share) for share in catalog.text(kind, "spend_curve").split("/"))


def _arrivals(site: Site, kind: str, names: tuple[str, ...] | None, per_unit: float = 1.0) -> tuple[Arrival, ...]:
    """Units of a technology, told by name or, where none is given, those of catalogue size; `per_unit` units of the file make one here."""
    chosen = [item for item in site.assets if item.technology == kind and (item.name in names if names else item.unit_size is None)]
    return tuple(Arrival(item.units / per_unit, item.in_service, 0.0 if item.status == "existing" else item.capital) for item in chosen)


def _catalogued(site: Site, kind: str, **known) -> Thing:
    """A thing by the catalogue's rows, but for what is known."""
    rows = {field: site.catalog.number(kind, row, unit) for field, row, unit in LISTED if field not in known}
    return Thing(**{"name": kind, "whole": site.catalog.number(kind, "modular", "1") > 0, "spend": _spend(site.catalog, kind), **rows, **known})


def _plant(site: Site, name: str, kind: str) -> Thing:
    """Plant by catalogue, or units of the site under a name of their own, which are not for sale."""
    own = next((item for item in site.assets if item.name == name), None)
    size = {"unit_size": own.unit_size} if own and own.unit_size else {}
    return _catalogued(site, kind, name=name, for_sale=own is None, arrivals=_arrivals(site, kind, (name,) if own else None), **size,
                       **(_standby(site, kind) if formulation(site, kind) == "diesel_standby" else {}), **switched(site, kind))


def training_storage(site: Site) -> tuple[str, ...]:
    """Storage for the swing of training, where the utility limits it."""
    return SMOOTHING if (site.electrical.utility_ramp, site.electrical.utility_swing) != (None, None) else ()


def storage_seconds(site: Site) -> float:
    """Energy over power of that storage: for the steps the shorter part of a period, for a stop half of what the ramp limit takes over it."""
    def row(name: str, unit: str = "1") -> float:
        return site.catalog.number("workload.training", name, unit)

    peak = at_bus(site) * sum(_most(site, tranche) for tranche in site.fleet if tranche.workload == "training")
    ramp, band = (np.inf if given is None else given for given in (site.electrical.utility_ramp, site.electrical.utility_swing))
    duty, dropped = row("swing_duty"), row("stop_depth") * peak
    steps = min(duty, 1 - duty) * row("swing_period", "second") * (row("swing_depth") * peak > min(band, ramp * row("swing_edge", "second")))
    return max(steps, dropped / (2 * ramp) if dropped > ramp * row("stop_time", "second") else 0.0)


def _most(site: Site, tranche) -> float:
    """MW of a tranche's IT when it is largest, in its hungriest racks, or as given."""
    own = [rack for rack in racks(site) if rack.tranche == tranche.name]
    given = sum(item.units * rack.mw for item in site.assets for rack in own
                if item.technology == rack.technology and item.name in (tranche.name, rack.technology))
    return max(max(step.count for step in (*tranche.wanted, *tranche.latest)) * max(rack.mw / rack.accelerators for rack in own), given)


def _smoothing(site: Site) -> list[Thing]:
    """Power with the energy for the steps or a stop of the largest load, or what comes with it."""
    number = site.catalog.number
    return [_catalogued(site, kind, capital=number(kind, "capital_cost", "USD/MW") + max(number(kind, "least_energy", "second"), storage_seconds(site))
                        / 3600 * number(kind, "capital_cost_energy", "USD/MWh")) for kind in training_storage(site)]


def _standby(site: Site, kind: str) -> dict[str, float]:
    """capital + fuel for the outage x (tank + first fill); yearly cost + fuel for tests, USD/MW."""
    number = site.catalog.number
    price, gallons = number(kind, "fuel_price", "USD/gallon"), number(kind, "fuel_use", "gallon/MWh")
    filled = gallons * site.outage.duration * (number(kind, "tank_cost", "USD/gallon") + price)
    return {"capital": number(kind, "capital_cost", "USD/MW") + filled,
            "fixed": number(kind, "fixed_cost", "USD/MW/year") + gallons * price * number(kind, "test_hours", "hour/year")}


def _batteries(site: Site) -> list[Thing]:
    """Power and energy apart; what a site pays for its own store is booked with the power."""
    number, found = site.catalog.number, []
    for name, kind in fitted(site, "battery").items():
        own = next((item for item in site.assets if item.name == name), None)
        given = _arrivals(site, kind, (name,) if own else None)
        sizes = ({"unit_size": own.unit_size}, {"unit_size": own.energy}) if own else ({}, {})
        free = tuple(Arrival(one.units, one.in_service, None if one.paid is None else 0.0) for one in given)
        found += [_catalogued(site, kind, name=f"{name}_power", capital=number(kind, "capital_cost_power", "USD/MW"), arrivals=given,
                              for_sale=own is None, **sizes[0]),
                  _catalogued(site, kind, name=f"{name}_energy", capital=number(kind, "capital_cost_energy", "USD/MWh"), fixed=0.0,
                              land=0.0, arrivals=free, for_sale=own is None, **sizes[1])]
    return found


def _connections(site: Site) -> list[Thing]:
    """Connection stages and pipelines, each a single unit: cost of the site file, else by size and length."""
    number = site.catalog.number
    line = site.distances.get("substation", 0.0) * number("grid_connection", "line_cost", "USD/km")
    lateral = site.distances.get("gas_pipeline", 0.0) * number("gas_lateral", "line_cost", "USD/km")
    grid = [_single(site, "grid_connection", f"grid_{stage.name}", stage, stage.capacity * number("grid_connection", "capital_cost", "USD/MW") + line)
            for stage in site.grid.stages]
    return grid + [_single(site, "gas_lateral", f"gas_{pipe.name}", pipe, lateral) for pipe in (site.gas.pipelines if site.gas else ())]


def _single(site: Site, kind: str, name: str, stage, listed: float) -> Thing:
    number, cost = site.catalog.number, listed if stage.cost is None else stage.cost
    option = stage.status == "option"
    arrived = () if option else (Arrival(1.0, stage.available_from, cost if stage.status == "committed" else 0.0),)
    return Thing(name, stage.capacity, True, cost / stage.capacity, number(kind, "fixed_cost", "USD/MW/year"),
                 number(kind, "lead_time", "day") if stage.lead_time is None else stage.lead_time, number(kind, "life", "year"),
                 _spend(site.catalog, kind), most=1.0, not_before=stage.available_from, for_sale=option, arrivals=arrived)


def _halls(site: Site) -> list[Thing]:
    number = site.catalog.number
    return [Thing(f"hall_{hall.name}", hall.it_capacity, True,
                  number("hall", "capital_cost", "USD/MW") if hall.cost is None else hall.cost / hall.it_capacity,
                  number("hall", "fixed_cost", "USD/MW/year"), number("hall", "lead_time", "day") if hall.lead_time is None else hall.lead_time,
                  number("hall", "life", "year"), _spend(site.catalog, "hall"), number("hall", "land", "m2/MW"), hall.most, hall.per_phase,
                  arrivals=_arrivals(site, "hall", (hall.name,))) for hall in site.halls]


def _fleet(site: Site) -> list[Thing]:
    """Pods of racks, not before the phase in which the first accelerators are wanted."""
    number, tranches, found = site.catalog.number, {tranche.name: tranche for tranche in site.fleet}, []
    for rack in racks(site):
        tranche, kind = tranches[rack.tranche], rack.technology
        price = number(kind, "rack_price", "USD") / rack.mw + in_place_of_shelf(site) / at_inlet(site)
        found.append(Thing(rack.name, rack.pod * rack.mw, True, price, 0.0, number(kind, "lead_time", "day"),
                           tranche.life or number(kind, "life", "year"), _spend(site.catalog, kind),
                           wanted_from=min(step.by for step in tranche.wanted), arrivals=_arrivals(site, kind, (tranche.name, kind), rack.pod)))
    return found


def _works(site: Site) -> list[Thing]:
    """Water main and fibre by length, paid at the start."""
    number = site.catalog.number
    costs = {kind: site.distances[kind] * number(kind, "line_cost", "USD/km") for kind in SITE_WORKS if site.distances.get(kind, 0.0) > 0}
    return [Thing(kind, 1.0, False, cost, 0.0, 0.0, number(kind, "life", "year"), (1.0,), for_sale=False,
                  arrivals=(Arrival(1.0, site.plan.start, cost),)) for kind, cost in costs.items()]


def _network(site: Site) -> list[Thing]:
    """The connection to a heat network and the heat pumps, where the site has one."""
    given, number = site.heat_network, site.catalog.number
    if given is None:
        return []
    listed = number("heat_network", "capital_cost", "USD/MW")
    return [Thing("heat_network", given.most, True, listed if given.connection_cost is None else given.connection_cost / given.most,
                  number("heat_network", "fixed_cost", "USD/MW/year"),
                  number("heat_network", "lead_time", "day") if given.lead_time is None else given.lead_time, number("heat_network", "life", "year"),
                  _spend(site.catalog, "heat_network"), most=1.0, not_before=given.available_from), _catalogued(site, "heat_pump")]


def _tanks(site: Site) -> list[Thing]:
    """Chilled-water tanks by MWh."""
    rows = (("unit_size", "MWh"), ("capital_cost", "USD/MWh"), ("fixed_cost", "USD/MWh/year"), ("lead_time", "day"), ("life", "year"), ("land", "m2/MWh"))
    found = []
    for name, kind in fitted(site, "chilled_water_tank").items():
        size, capital, fixed, lead_time, life, land = (site.catalog.number(kind, row, unit) for row, unit in rows)
        found.append(Thing(name, size, site.catalog.number(kind, "modular", "1") > 0, capital, fixed, lead_time, life, _spend(site.catalog, kind), land,
                           for_sale=name == kind and kind in site.cooling.allow, arrivals=_arrivals(site, kind, None if name == kind else (name,))))
    return found


def order_day(thing: Thing, service: date) -> date:
    """The day by which to order what enters service on a day: a whole number of days before."""
    return service - timedelta(days=int(thing.lead_time))
