"""What is built, when, and the limits of the site on it."""

from collections.abc import Callable
from datetime import date

import numpy as np

from .finding import Finding, by_phase, worst
from .reading import DAYS_PER_YEAR, Reading, Step, years_between
from .things import Arrival, Rack, Thing, order_day, racks, things

UNITS = 1e-5
SIZE = 1e-4
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def age(since: date, day: date) -> float:
    """Years from a date on, to a hundredth, so that five calendar years are five."""
    return round(years_between(since, day), 2)


def calendar(reading: Reading) -> list[Finding]:
    """Phases follow one another from the plan's start to its end. Counts days of gap or overlap."""
    plan, steps = reading.site.plan, reading.steps
    edges = [plan.start, *(step.end for step in steps)]
    gaps = [abs((step.start - edge).days) for step, edge in zip(steps, edges, strict=False)]
    return [by_phase(reading, "calendar", "phases", [*gaps[:-1], max(gaps[-1], abs((edges[-1] - plan.end).days))], "day", 0.0)]


def same_things(reading: Reading) -> list[Finding]:
    """The plan lists what the site may buy or has, with the same unit sizes, and nothing else. Counts things."""
    written = {str(name): float(size) for name, size in zip(reading.data["asset"].values, reading.data["unit_size"].values, strict=True)}
    own = {thing.name: thing.unit_size for thing in things(reading.site)}
    wrong = [name for name in {*written, *own} if abs(written.get(name, np.inf) - own.get(name, 0.0)) > 1e-9 * own.get(name, 0.0)]
    return [Finding("same things", float(len(wrong)), "thing", ", ".join(sorted(wrong)) or "all", 0.0)]


def _each(reading: Reading, name: str, unit: str, violation: Callable[[Thing], np.ndarray], tolerance: float = UNITS) -> list[Finding]:
    return worst([by_phase(reading, name, thing.name, violation(thing), unit, tolerance) for thing in things(reading.site)])


def built(reading: Reading, thing: Thing) -> np.ndarray:
    """Units commissioned by phase."""
    return reading.by_phase("units_built", thing.name)


def online(reading: Reading, thing: Thing) -> np.ndarray:
    """Units in service by phase."""
    return reading.by_phase("units_online", thing.name)


def whole_units(reading: Reading) -> list[Finding]:
    """Modular things are built in whole units, and none is built fewer than none."""
    def broken(thing: Thing) -> np.ndarray:
        units = built(reading, thing)
        return np.maximum(np.abs(units - np.round(units)) if thing.whole else 0.0, -units)

    return _each(reading, "whole units", "unit", broken)


def arrived(thing: Thing, step: Step) -> float:
    """Existing and committed units in service through a phase."""
    return sum(one.units for one in thing.arrivals if one.in_service <= step.start and age(one.in_service, step.start) < thing.life)


def stock(reading: Reading) -> list[Finding]:
    """online[p] = units built in phases up to p and not past their life + units given; capacity = unit size x online."""
    steps = reading.steps

    def broken(thing: Thing) -> np.ndarray:
        alive = np.array([[q <= p and age(steps[q].start, step.start) < thing.life for q in range(len(steps))] for p, step in enumerate(steps)])
        own = alive @ built(reading, thing) + [arrived(thing, step) for step in steps]
        counted = np.abs(online(reading, thing) - own)
        return np.maximum(counted, np.abs(reading.by_phase("capacity", thing.name) / thing.unit_size - online(reading, thing)))

    return _each(reading, "stock", "unit", broken)


def lead_times(reading: Reading) -> list[Finding]:
    """Nothing is built before a lead time from the plan's start, before it may be, or where it is not for sale. Counts days too early."""
    def early(thing: Thing) -> np.ndarray:
        start = reading.site.plan.start
        first, wanted = max(start + (start - order_day(thing, start)), thing.not_before or start), thing.wanted_from or start
        days = [max((first - step.start).days, (wanted - step.end).days + 1) if thing.for_sale else np.inf for step in reading.steps]
        return np.where(built(reading, thing) > UNITS, days, 0.0)

    return _each(reading, "lead times", "day", early, 0.0)


def orders(reading: Reading) -> list[Finding]:
    """builds.csv: what is an option is ordered at the plan's start or later, a lead time before its service. Counts days."""
    known, start = {thing.name: thing for thing in things(reading.site)}, reading.site.plan.start
    found = []
    for row in reading.builds:
        if row["status"] == "option":
            ordered, service = date.fromisoformat(row["order_by"]), date.fromisoformat(row["in_service"])
            days = max((start - ordered).days, abs((order_day(known[row["technology"]], service) - ordered).days))
            found.append(Finding("order dates", float(days), "day", f"{row['technology']}, {row['phase']}", 0.0))
    return worst(found)


def listed(reading: Reading) -> list[Finding]:
    """builds.csv lists what plan.nc says is built, at the phase's start and the list price."""
    rows = {(row["technology"], row["phase"]): row for row in reading.builds if row["status"] == "option"}
    found = []
    for thing in things(reading.site):
        for step, units in zip(reading.steps, built(reading, thing), strict=True):
            row = rows.pop((thing.name, step.name), None)
            wrong = abs(units - float(row["units"])) if row else abs(units)
            if row and (row["in_service"] != step.start.isoformat() or abs(float(row["capital_usd"]) - _price(thing, units)) > _cent(thing, units)):
                wrong = max(1.0, wrong)
            found.append(Finding("list of builds", wrong, "unit", f"{thing.name}, {step.name}", UNITS))
    return worst([*found, *(Finding("list of builds", float(row["units"]), "unit", f"{name}, {phase}", UNITS) for (name, phase), row in rows.items())])


def _cent(thing: Thing, units: float) -> float:
    return 0.01 + 1e-6 * _price(thing, units)


def _price(thing: Thing, units: float) -> float:
    return units * thing.unit_size * thing.capital


def numbers(reading: Reading) -> list[Finding]:
    """Units online within `most` (or what is given), units commissioned in a phase within `per_phase`."""
    def over(thing: Thing) -> np.ndarray:
        given = np.array([arrived(thing, step) for step in reading.steps])
        most = np.inf if thing.most is None else np.maximum(thing.most, given)
        return np.maximum(online(reading, thing) - most, built(reading, thing) - (np.inf if thing.per_phase is None else thing.per_phase))

    return _each(reading, "numbers", "unit", over)


def one_of(reading: Reading) -> list[Finding]:
    """Of connection stages that exclude one another at most one is online."""
    found = []
    for name in sorted({stage.one_of for stage in reading.site.grid.stages if stage.one_of}):
        chosen = [reading.by_phase("units_online", f"grid_{stage.name}") for stage in reading.site.grid.stages if stage.one_of == name]
        found.append(by_phase(reading, "one of", name, np.sum(chosen, axis=0) - 1, "unit", UNITS))
    return worst(found)


def hall_room(reading: Reading) -> list[Finding]:
    """IT power stands in halls that cool it: air, liquid, and both together."""
    found = []
    for needs in (("air",), ("liquid",), ("air", "liquid")):
        placed = sum((reading.by_phase("capacity", rack.name) for rack in racks(reading.site) if rack.cooling in needs), reading.no_phases)
        room = sum((reading.by_phase("capacity", f"hall_{hall.name}") for hall in reading.site.halls if hall.cooling in (*needs, "mixed")),
                   reading.no_phases)
        found.append(by_phase(reading, "hall room", " and ".join(needs), placed - room, "MW", 1e-3))
    return worst(found)


def rack_positions(reading: Reading) -> list[Finding]:
    """Racks find positions in halls that cool them, where every such hall says how many it has."""
    found = []
    for needs in (("air",), ("liquid",), ("air", "liquid")):
        halls = [hall for hall in reading.site.halls if hall.cooling in (*needs, "mixed")]
        if halls and all(hall.racks is not None for hall in halls):
            placed = sum((_pods(reading, rack, "units_online") * rack.pod for rack in racks(reading.site) if rack.cooling in needs), reading.no_phases)
            room = sum((reading.by_phase("units_online", f"hall_{hall.name}") * (hall.racks or 0) for hall in halls), reading.no_phases)
            found.append(by_phase(reading, "rack positions", " and ".join(needs), placed - room, "rack", 1e-3))
    return worst(found)


def sizes(reading: Reading) -> list[Finding]:
    """Capacity of a technology within the sizes that are given; the least from the first phase in which it can be in service."""
    known, found, start = {thing.name: thing for thing in things(reading.site)}, [], reading.site.plan.start
    for size in reading.site.sizes:
        for name in {size.technology, f"{size.technology}_power", f"{size.technology}_energy"} & known.keys():
            thing, held = known[name], reading.by_phase("capacity", name)
            least, most = size.bounds(energy=name.endswith("_energy"))
            first = max(start + (start - order_day(thing, start)), thing.not_before or start)
            possible = np.array([arrived(thing, step) > 0 or (thing.for_sale and step.start >= first) for step in reading.steps])
            short = (least or 0.0) * np.maximum.accumulate(possible) - held
            found.append(by_phase(reading, "sizes", name, np.maximum(short, held - (np.inf if most is None else most)),
                                  "MWh" if name.endswith("_energy") else "MW", SIZE))
    return worst(found)


def land(reading: Reading) -> list[Finding]:
    """Land of everything within the limit, else within the buildable share of the area."""
    site = reading.site
    most = site.limits.land if site.limits.land is not None else (site.area * site.location.buildable_share if site.area else np.inf)
    used = sum(thing.land * reading.by_phase("capacity", thing.name) for thing in things(site))
    return [by_phase(reading, "land", "all", used - most, "m2", 1.0)]


def capital_in_a_year(reading: Reading) -> list[Finding]:
    """Capital of what is commissioned in a calendar year, at list price."""
    most = reading.site.limits.capital_per_year
    spent = sum((thing.capital * thing.unit_size * built(reading, thing) for thing in things(reading.site)), reading.no_phases)
    over = [sum(spent[q] for q, other in enumerate(reading.steps) if other.start.year == step.start.year) for step in reading.steps]
    return [by_phase(reading, "capital in a year", "all", np.array(over) - (np.inf if most is None else most), "USD", 1e-6 * (most or 0.0) + 1.0)]


def accelerators(reading: Reading, tranche: str, variable: str = "units_online") -> np.ndarray:
    """Accelerators of a tranche by phase."""
    return sum((_pods(reading, rack, variable) * rack.pod * rack.accelerators for rack in racks(reading.site) if rack.tranche == tranche),
               reading.no_phases)


def _pods(reading: Reading, rack: Rack, variable: str) -> np.ndarray:
    return reading.by_phase(variable, rack.name)


def latest(reading: Reading) -> list[Finding]:
    """Accelerators that must be online by a date are, from the phase that the date lies in."""
    found = []
    for tranche in reading.site.fleet:
        due = [max((step.count for step in tranche.latest if step.by < phase.end), default=0.0) for phase in reading.steps]
        found.append(by_phase(reading, "latest", tranche.name, np.array(due) - accelerators(reading, tranche.name), "accelerator", 1e-3))
    return worst(found)


def deliveries(reading: Reading) -> list[Finding]:
    """Racks commissioned so far within those delivered by the start of the phase."""
    found = []
    for tranche in reading.site.fleet:
        if tranche.deliveries:
            racked = sum((_pods(reading, rack, "units_built") * rack.pod for rack in racks(reading.site) if rack.tranche == tranche.name),
                         reading.no_phases)
            came = np.array([_delivered(tranche.deliveries, step.start) for step in reading.steps])
            found.append(by_phase(reading, "deliveries", tranche.name, np.cumsum(racked) - came, "rack", 1e-3))
    return worst(found)


def _delivered(schedule, day: date) -> float:
    """Each rate holds from its date to the next."""
    ends = [*(later.from_date for later in schedule[1:]), date.max]
    return sum(max(0, (min(end, day) - step.from_date).days) / DAYS_PER_MONTH * step.racks_per_month for step, end in zip(schedule, ends, strict=True))


def paid(thing: Thing, one: Arrival) -> float:
    """USD still paid for an arrival."""
    return _price(thing, one.units) if one.paid is None else one.paid
