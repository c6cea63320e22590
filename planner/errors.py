"""Why there is no plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

COLLIDE = "no plan exists: these limits cannot hold together\n  (the cheapest set of limits to relax; others may take part)"


def shown(unit: str) -> str:
    """A unit as a reader expects it: accelerator-hour for accelerator*hour, nothing for a count."""
    return "" if unit == "1" else unit.replace("*", "-")


class PlannerError(Exception):
    """Base of what the planner raises."""


@dataclass(frozen=True)
class Collision:
    """A limit that would have to give: by how much, from when, the key of the site file that sets it, and what it waits for."""

    limit: str
    phase: str
    start: date
    amount: float
    unit: str
    key: str
    waits: tuple[str, ...] = ()

    def __str__(self) -> str:
        short = f"  {self.limit} ({self.key}), {self.phase} from {self.start}: short by {self.amount:,.0f} {shown(self.unit)}".rstrip()
        return "\n    ".join((short, *self.waits))


class NoPlan(PlannerError):
    """No plan satisfies the site's limits together; says the cheapest set of limits to relax, by how much and when."""

    def __init__(self, collisions: tuple[Collision, ...], what: str = COLLIDE):
        self.collisions = collisions
        listed = "\n".join(map(str, collisions)) or "  no single set of limits was found"
        super().__init__(f"{what}\n{listed}\n  = help: relax them in the site file, or move their dates")


class Interrupted(PlannerError):
    """Ctrl-C came before there was any plan."""


class Failed(PlannerError):
    """Something broke inside: a solver, a worker, the planner itself; says what, and where."""

    def __init__(self, what: str):
        super().__init__(what)  # as given, so that it comes whole out of a worker
        self.what = what

    def __str__(self) -> str:
        return f"the planner failed: {self.what}\n  = help: try again with other --workers or a shorter --time-limit; if it stays, report the site"


class NoFormulation(PlannerError):
    """A technology names a formulation that there is not."""

    def __init__(self, technology: str, found: str, known: Iterable[str]):
        super().__init__(f'catalog.{technology}.formulation: "{found}" is no formulation; expected one of {", ".join(sorted(known))}')


class FolderTaken(PlannerError):
    """The output folder holds something that is not a plan of this site."""

    def __init__(self, folder: Path, found: str, mend: str = "give another folder with -o, or --force to replace it"):
        super().__init__(f"{folder} {found}; {mend}")
