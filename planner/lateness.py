"""Lateness: accelerators wanted and not online, priced at the value of compute.

Within a phase the count wanted may step up; for each stretch between steps `short >= wanted - online`, weighted by its share of the phase.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from ..models.horizon import Phase
from ..models.terms import measured, units_of
from .case import Case

if TYPE_CHECKING:
    from .programme import Programme


def stretches(tranche, phase: Phase) -> list[tuple[float, float]]:
    """(share of the phase, accelerators wanted) between the steps of what is wanted."""
    cuts = sorted({phase.start, *(step.by for step in tranche.wanted if phase.start < step.by < phase.end), phase.end})
    days = (phase.end - phase.start).days
    return [((end - start).days / days, wanted_at(tranche.wanted, start)) for start, end in zip(cuts[:-1], cuts[1:], strict=True)]


def wanted_at(steps, day: date) -> float:
    """Accelerators wanted on a day."""
    return max((step.count for step in steps if step.by <= day), default=0.0)


def online(programme: "Programme", tranche: str, phase: Phase):
    """Expression of a tranche's accelerators online in a phase."""
    return sum(measured(variant.accelerators_per_pod, "accelerator") * programme.asset(variant.component.name).online[phase.index]
               for variant in programme.case.variants if variant.tranche == tranche)


def add(programme: "Programme") -> None:
    """Add the shortfalls and their cost."""
    case = programme.case
    block: Any = pyo.Block()
    programme.model.lateness = block
    block.short = pyo.Var(pyo.Any, dense=False, domain=pyo.NonNegativeReals, units=units_of("kiloaccelerator"))
    block.shortfall = pyo.ConstraintList()
    for tranche in case.site.fleet:
        for phase in case.phases:
            for number, (share, wanted) in enumerate(stretches(tranche, phase)):
                if wanted > 0:
                    key = (tranche.name, phase.index, number)
                    missing = measured(wanted, "accelerator") - online(programme, tranche.name, phase)
                    block.shortfall.add(block.short[key] >= measured(1 / 1000, "kiloaccelerator/accelerator") * missing)  # type: ignore[call-arg]
                    late = measured(share * phase.hours / 1000, "hour*megaaccelerator/kiloaccelerator") * block.short[key]
                    programme.late_hours.append(late)
                    price = measured(hourly_price(case, tranche, phase), "MUSD/hour/megaaccelerator")
                    programme.cost.append(price * late)


def hourly_price(case: Case, tranche, phase: Phase) -> float:
    """Present worth of a late accelerator-hour, USD."""
    return tranche.value_of_compute * case.discount(phase.middle)


def late_hours(tranche, phase: Phase, count: float) -> float:
    """Accelerator-hours late in a phase with `count` online."""
    return sum(share * phase.hours * max(0.0, wanted - count) for share, wanted in stretches(tranche, phase))


def late_months(tranche, phase: Phase, count: float) -> float:
    """Accelerator-months late in a phase with `count` online."""
    return late_hours(tranche, phase, count) / phase.hours * len(phase.months)


def pod_months(tranche, phase: Phase, count: float, pod: float) -> float:
    """Of these, accelerator-months for which less than a pod (accelerators) is missing: racks are bought in whole pods."""
    short = [(share, wanted - count) for share, wanted in stretches(tranche, phase)]
    return sum(share * missing for share, missing in short if 0 < missing < pod) * len(phase.months)
