"""Yearly budgets: what may be drawn, emitted or shed in a calendar year. The same list is a set of rows in the programme and the ration of
the dispatch, so that both mean the same."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..models.horizon import Phase
from ..models.terms import measured
from ..sites import Site


@dataclass(frozen=True)
class Budget:
    """At most `yearly` (a year) + `per_accelerator_hour` x accelerator-hours of the tranche `item`, of a ledger, in `unit`.

    `scale` brings rows to like size. A year of which only a part is operated has that part of the yearly amount.
    """

    name: str
    key: str
    unit: str
    ledger: str
    scale: float
    item: str | None = None
    yearly: float = 0.0
    per_accelerator_hour: float = 0.0

    def counts(self, ledger: str, item: str) -> bool:
        """Whether an effect draws on it."""
        return ledger == self.ledger and self.item in (None, item)

    def fixed(self, phases: Iterable[Phase]) -> float:
        """The yearly amount for phases of one calendar year."""
        return self.yearly * sum(phase.years for phase in phases)

    def allowance(self, phases: Iterable[Phase], online: Callable):
        """What the fleet adds to it; `online(tranche, phase)` gives accelerators, as a number or an expression."""
        if not self.per_accelerator_hour:
            return 0.0
        return sum(measured(self.per_accelerator_hour * phase.hours, "hour") * online(self.item, phase) for phase in phases)


def budgets(site: Site) -> tuple[Budget, ...]:
    """The budgets that a site sets: water right, emission permit, and what each tranche may shed."""
    found = [Budget(f"shed allowance of {tranche.name}", "fleet.shed_allowance", "accelerator*hour", "shed", 1e5, tranche.name,
                    per_accelerator_hour=tranche.shed_allowance) for tranche in site.fleet]
    if site.water.right is not None:
        found.append(Budget("water right", "water.right", "m3", "water", 1e4, yearly=site.water.right))
    if site.limits.emissions is not None:
        found.append(Budget("emissions", "limits.emissions", "tonne_CO2e", "carbon", 1e4, yearly=site.limits.emissions))
    return tuple(found)
