"""An independent check of a written plan: plan and site are read again, every balance, limit and cost is recomputed in numpy.

Nothing is imported from what builds and solves the programme: it shares the site as given, the catalogue, units and the pure physics, no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .verification import adequacy, balances, capacities, fields, figures, heat, ledgers, money, network, operation, pulsing, stock, stores
from .verification.finding import Finding, worst
from .verification.reading import NotVerifiable, Reading, read_plan

Check = Callable[[Reading], list[Finding]]
STOCK: tuple[Check, ...] = (
    stock.calendar, stock.same_things, stock.whole_units, stock.stock, stock.lead_times, stock.orders, stock.listed, stock.numbers, stock.one_of,
    stock.hall_room, stock.rack_positions, stock.land, stock.sizes, stock.capital_in_a_year, stock.latest, stock.deliveries,
)
HOURS: tuple[Check, ...] = (  # of every weather year by itself
    capacities.hours_dispatched, capacities.nothing_negative, balances.balances, fields.contracts, capacities.within_capacity, capacities.utility,
    capacities.temperatures, operation.part_load, stores.storage, operation.starts, operation.demand, operation.baths,
    adequacy.chain, pulsing.smoothing, adequacy.supply, heat.cooling, network.heat_sold, ledgers.budgets, ledgers.ratchets, figures.of_years,
)
FIGURES: tuple[Check, ...] = (ledgers.ledgers, figures.figures, money.costs)
CHECKS = (*STOCK, *HOURS, *FIGURES)


@dataclass(frozen=True)
class Verification:
    """What every check found; the inputs are those that the plan was made from, or there would be none. `overdrawn` are limits that the plan itself
    says it is over."""

    findings: tuple[Finding, ...]
    overdrawn: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every violation is within its tolerance."""
        return not self.failed

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Findings beyond their tolerance."""
        return tuple(finding for finding in self.findings if not finding.ok)


def verify(folder: str | Path, site: str | Path | None = None) -> Verification:
    """Check a plan's folder against its site file (default: the one that the plan names).

    Raises NotVerifiable where there is no plan, no site file, or an input has changed since the plan was made.
    """
    return check(read_plan(folder, site))


def check(reading: Reading) -> Verification:
    """Every check on what was read."""
    found = (finding for one in CHECKS for finding in (_in_each_year(one, reading) if one in HOURS else one(reading)))
    return Verification(tuple(found), tuple(reading.summary.get("overdrawn", ())))


def _in_each_year(one: Check, reading: Reading) -> list[Finding]:
    """The findings of a check, each of the weather year in which it is worst."""
    found = [finding for year in reading.years for finding in one(year)]
    if len(reading.years) == 1:
        return found
    return [worst([finding for finding in found if finding.name == name])[0] for name in dict.fromkeys(finding.name for finding in found)]


__all__ = ["CHECKS", "Finding", "NotVerifiable", "Verification", "verify"]
