"""What must hold in design hours whatever is built, as limits that the search of a collision may relax: power, load that is held, redundancy.

A load that is given (measured, or racks that exist) may ask for more than grid and plants may ever give. No limit of planner/limits.py gives way
then, so an elastic model has these as well, each so dear that the others go first: power that comes from nowhere, heat of the halls' air that goes
nowhere, then load that is dropped although it must be held (where it is neither that is missing, but what lies between), and units that stand in for
others.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from ..models.fleet.measured import MeasuredLoad
from .limits import Limit

if TYPE_CHECKING:
    from ..models.horizon import Phase
    from .programme import Programme

POWER_SCALE, HELD_SCALE, TRIP_SCALE = 0.01, 0.002, 0.02  # a MW counts as 100, 500 or 50 units of any other limit
RESERVE, TRIP = "reserve_", "trip_of_"


def firm_limits(programme: "Programme") -> list[Limit]:
    """Of each phase that has design hours of its own; only for a model that is elastic, whose design hours they open."""
    found: list[Limit] = []
    for phase in (group[0] for group in programme.groups):
        design = programme.model.component(f"design_{phase.index}")
        found += [*_power(programme, phase, design), *_heat(phase, design), *_held(programme, phase, design), *_redundancy(programme, phase, design)]
    return found


def _power(programme: "Programme", phase: "Phase", design: Any) -> Iterator[Limit]:
    """Power on the campus bus that nothing gives, MW, at most 0."""
    for hour, power in design.unserved.power.items():
        power.setub(None)
        name, key = (("power in an outage of the grid", "power.allow, outage.duration") if programme.case.design.outage[hour] > 0
                     else ("firm power in design hours", "grid.stages, power.allow"))
        yield Limit(name, key, "MW", phase, power, 0.0, POWER_SCALE, tranche="")


def _heat(phase: "Phase", design: Any) -> Iterator[Limit]:
    """Heat of racks and of the electrical chain that the halls' air takes up and nothing cools, MW, at most 0."""
    for heat in design.unserved.heat.values() if design.unserved.component("heat") is not None else ():
        heat.setub(None)
        yield Limit("heat of the halls' air in design hours", "cooling.allow", "MW", phase, heat, 0.0, POWER_SCALE, tranche="")


def _held(programme: "Programme", phase: "Phase", design: Any) -> Iterator[Limit]:
    """Load dropped beyond the share that need not be held, MW, at most 0."""
    loads: list[Any] = [variant.component for variant in programme.case.variants]
    loads += [component for component in programme.case.components if isinstance(component, MeasuredLoad)]
    for load in loads:
        measured = isinstance(load, MeasuredLoad)
        name, key = ("the measured load", "load.critical_share") if measured else (load.tranche, "fleet.critical_share")
        for body, bound in _opened(design.component(load.name).critical):
            yield Limit(f"held load of {name}", key, "MW", phase, body, bound, HELD_SCALE, tranche="" if measured else load.tranche)


def _redundancy(programme: "Programme", phase: "Phase", design: Any) -> Iterator[Limit]:
    """Use beyond what a group can be relied on for with units lost, MW, at most 0."""
    for row in design.component_objects(pyo.Constraint, descend_into=False):
        if row.local_name.startswith(RESERVE):
            group = row.local_name.removeprefix(RESERVE)
            key = group if group in ("ups", "transformer", "generators") else "cooling"
            for body, bound in _opened(row):
                yield Limit(f"redundancy of {group}", f"redundancy.{key}", "MW", phase, body, bound, POWER_SCALE, tranche="")
        elif row.local_name.startswith(TRIP):
            for body, bound in _opened(row):
                yield Limit("redundancy of plants", "redundancy.plants", "MW", phase, body, bound, TRIP_SCALE, tranche="")


def _opened(rows: Any) -> Iterator[tuple[Any, Any]]:
    """Left and right side of rows `body <= bound`, which no longer hold."""
    rows.deactivate()
    for row in rows.values():
        yield row.body, pyo.value(row.upper)
