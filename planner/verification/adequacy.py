"""Adequacy at the design hour, with redundant units lost: necessary conditions, by phase.

The critical share of all IT runs at its peak. N+r: a group carries it without r of its largest units in use (without r in each hall for UPS and
unit transformers); 2N and k + 1 to make k: with the share of whole sets that is needed; plants N+1: with the grid, without any one plant of
generators, standby in its stead. Nothing counts but firm stages, and generators that may
run in that hour, derated by the air.
UPS: exact. Transformers and supply: the load of fans, pumps and chillers there is not written in a plan; it is taken per MW of IT from the
plan's dispatched hours, the lowest among those at least as hot as the design point less 3 K (else the hottest tenth), so supply may
be short of it by 2 % of the facility load before it is called a violation.
"""

from collections.abc import Iterator

import numpy as np

from .balances import mechanical, stages
from .electrical import AT_RACK, carrying, curve, rating_per_output
from .electrical import relied_on as in_sets
from .electrical import rule as rule_of
from .finding import Finding, by_phase, worst
from .outside import derated, design_air
from .reading import Reading
from .things import COMMITTED, FUELLED, fitted, formulation, racks, things

OF_FACILITY = 0.02
NEAR = 3.0


def critical(reading: Reading, share: str | None = None) -> np.ndarray:
    """MW of IT that runs in a design hour, or of its heat that goes to liquid or air, by phase."""
    tranches = {tranche.name: tranche.critical_share for tranche in reading.site.fleet}
    parts = {None: lambda rack: 1.0, "liquid": lambda rack: rack.liquid_share, "air": lambda rack: 1 - rack.liquid_share}
    return sum((reading.by_phase("capacity", rack.name) * tranches[rack.tranche] * parts[share](rack) for rack in racks(reading.site)),
               reading.no_phases)


def spare(rule: str) -> int:
    """r of N+r."""
    return int(rule[2:]) if rule.startswith("N+") else 0


def relied_on(reading: Reading, name: str, rule: str) -> np.ndarray:
    """MW of one kind of plant that a rule leaves."""
    size = {thing.name: thing.unit_size for thing in things(reading.site)}[name]
    capacity = reading.by_phase("capacity", name)
    return capacity / 2 if rule == "2N" else capacity - spare(rule) * size * (capacity > 0)


def _in_halls(reading: Reading, kind: str) -> np.ndarray:
    """MW that a rule leaves of what stands in each hall: without r of the largest unit in use in each."""
    rule, size = rule_of(reading.site, kind), {thing.name: thing.unit_size for thing in things(reading.site)}
    capacity = {name: reading.by_phase("capacity", name) for name in fitted(reading.site, kind)}
    together = np.sum(list(capacity.values()), axis=0)
    halls = sum((reading.by_phase("units_online", f"hall_{hall.name}") for hall in reading.site.halls), reading.no_phases if reading.site.halls else 1.0)
    largest = np.max([size[name] * (held > 0) for name, held in capacity.items()], axis=0)
    return in_sets(reading.site, kind, capacity, size) if carrying(rule) != (1, 1) else together - spare(rule) * largest * halls


def chain(reading: Reading) -> list[Finding]:
    """UPS and unit transformers carry the design hour without what redundancy counts as lost."""
    left = sum((_in_halls(reading, kind) / rating_per_output(reading.site, kind) for kind in AT_RACK if fitted(reading.site, kind)), reading.no_phases)
    behind = _mechanical(reading) + sum((part for kind, part in _at_rack(reading).items() if kind == "ups"), reading.no_phases)
    left_of = _in_halls(reading, "transformer") if fitted(reading.site, "transformer") else behind
    return [by_phase(reading, "UPS redundancy", "ups", critical(reading) - left, "MW", 1e-3),
            by_phase(reading, "transformer redundancy", "transformer", behind * (1 - OF_FACILITY) + measured(reading, "low_voltage") - left_of, "MW", 1e-3)]


def measured(reading: Reading, *buses: str) -> np.ndarray:
    """MW of a measured load that must be held in a design hour at one of these buses, by phase."""
    load = reading.site.load
    return reading.no_phases + (load.critical_share * float(reading.of_site("facility_load").max()) if load is not None and load.bus in buses else 0.0)


def _at_rack(reading: Reading) -> dict[str, np.ndarray]:
    """Critical IT with what UPS or rectifiers lose (the true curve), MW by kind."""
    passed, found = critical(reading), {}
    for kind in AT_RACK:
        if fitted(reading.site, kind):
            rating = np.maximum(_together(reading, kind), 1e-9)
            found[kind] = passed + rating * curve(reading.site, kind)(passed / rating)[0] * (passed > 0)
    return found


def _mechanical(reading: Reading) -> np.ndarray:
    return critical(reading) * _cooling_share(reading)


def _facility(reading: Reading) -> np.ndarray:
    """UPS or rectifiers with their loss, and cooling, at the design hour."""
    return sum(_at_rack(reading).values(), reading.no_phases) + _mechanical(reading)


def _together(reading: Reading, kind: str) -> np.ndarray:
    return sum((reading.by_phase("capacity", name) for name in fitted(reading.site, kind)), reading.no_phases)


def _cooling_share(reading: Reading) -> np.ndarray:
    """Cooling power per MW of IT near the design point, by phase; nothing where no hour is dispatched."""
    served = sum((reading.hourly(rack.name, "load") for rack in racks(reading.site)), reading.no_hours)
    ratio = np.divide(mechanical(reading), served, out=reading.no_hours + np.inf, where=served > 0)
    dry, found = reading.of_site("dry_bulb"), reading.no_phases
    for phase, inside in enumerate(np.isfinite(ratio)):
        if inside.any():
            hot = min(reading.site.design.dry_bulb - NEAR, float(np.quantile(dry[inside], 0.9)))
            found[phase] = ratio[phase, inside & (dry >= hot)].min()
    return found


def supply(reading: Reading) -> list[Finding]:
    """Firm supply covers the facility, with the grid and in an outage."""
    outages = (False, True) if reading.site.outage.duration > 0 else (False,)
    no_load = _together(reading, "transformer") * reading.site.catalog.number("transformer", "no_load_loss", "1")
    served = _facility(reading) + measured(reading, "campus", "low_voltage")
    facility = (served + no_load) * (served > 0)
    found = [by_phase(reading, "firm supply", "in an outage" if outage else "with the grid",
                      facility * (1 - OF_FACILITY) - _firm(reading, outage), "MW", 1e-3) for outage in outages]
    found += [by_phase(reading, "firm supply", f"without {name}", facility * (1 - OF_FACILITY) - left, "MW", 1e-3) for name, left in _tripped(reading)]
    return worst(found)


def _tripped(reading: Reading) -> Iterator[tuple[str, np.ndarray]]:
    """MW of firm supply without each plant of generators, where the rule of plants is N+1; standby sets stand in where they have fuel."""
    site = reading.site
    if site.redundancy.plants == "N":
        return
    grid = _firm_grid(reading)
    kinds = fitted(site, *COMMITTED, *(("diesel_standby",) if site.outage.duration > 0 else ()))
    able = {name: _left(reading, kind) * reading.by_phase("capacity", name) for name, kind in kinds.items()}
    for name in kinds:
        yield name, grid + sum((made for other, made in able.items() if other != name), reading.no_phases)


def _firm(reading: Reading, outage: bool) -> np.ndarray:
    return _generators(reading, outage) + (0.0 if outage else _firm_grid(reading))


def _firm_grid(reading: Reading) -> np.ndarray:
    firm = {f"grid_{stage.name}" for stage in reading.site.grid.stages if stage.firm}
    return sum((reading.by_phase("capacity", name) for name in stages(reading) if name in firm), reading.no_phases)


def _left(reading: Reading, kind: str) -> float:
    """Share of a generator's rating that the air of the design hour leaves."""
    return 1.0 if formulation(reading.site, kind) == "diesel_standby" else float(derated(reading.site, kind, design_air(reading.site))[0])


def _generators(reading: Reading, outage: bool) -> np.ndarray:
    """Generators that may run, as one group, less what redundancy counts as lost (of the least derated), within the gas."""
    site, rule = reading.site, reading.site.redundancy.generators
    kinds = fitted(site, *COMMITTED, *(("diesel_standby",) if outage else ()))
    size, left = {thing.name: thing.unit_size for thing in things(site)}, {name: _left(reading, kind) for name, kind in kinds.items()}
    capacity = {name: reading.by_phase("capacity", name) for name in kinds}
    made = sum((left[name] * capacity[name] for name in kinds), reading.no_phases)
    if rule == "2N":
        return np.minimum(made / 2, _fuelled(reading, kinds))
    lost = np.max([reading.no_phases, *(spare(rule) * size[name] * (capacity[name] > 0) for name in kinds)], axis=0)
    worst_air = np.min([reading.no_phases + 1, *(np.where(capacity[name] > 0, left[name], 1.0) for name in kinds)], axis=0)
    return np.maximum(0.0, np.minimum(made - lost * worst_air, _fuelled(reading, kinds)))


def _fuelled(reading: Reading, kinds: dict[str, str]) -> np.ndarray:
    """MW that pipelines feed at the best heat rate, with standby sets on their tanks and plants with heat of their own."""
    site, number = reading.site, reading.site.catalog.number
    pipes = sum((reading.by_phase("capacity", f"gas_{pipe.name}") for pipe in (reading.site.gas.pipelines if reading.site.gas else ())),
                reading.no_phases)
    best = min((number(kind, "heat_rate", "1") for kind in kinds.values() if formulation(site, kind) in FUELLED), default=np.inf)
    return pipes / best + sum((reading.by_phase("capacity", name) for name, kind in kinds.items() if formulation(site, kind) not in FUELLED),
                              reading.no_phases)
