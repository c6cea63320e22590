"""Why there is no plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

COLLIDE = "no plan exists: these limits cannot hold together\n  (the cheapest set of limits to relax; others may take part)"
INSTEAD = "  or, for these to hold:"
WHOLE = 100.0  # an amount from which on a fraction does not matter


def told_amount(value: float, unit: str) -> str:
    """An amount with its unit as a reader expects it, with digits enough to tell it from nothing."""
    return f"{f'{value:,.0f}' if value >= WHOLE else f'{value:.3g}'} {shown(unit)}".rstrip()


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
    end: date | None = None

    @property
    def short(self) -> str:
        """By how much, with digits enough to tell it from nothing."""
        return told_amount(self.amount, self.unit)

    def __str__(self) -> str:
        return self.until(self)

    def until(self, last: "Collision") -> str:
        """What is told of it and of those like it in the phases that follow, to the last."""
        phase, each = (self.phase, "") if last is self else (f"{self.phase} to {last.phase}", " in each")
        return "\n    ".join((f"  {self.limit} ({self.key}), {phase} from {self.start}: short by {self.short}{each}", *self.waits))

    def follows(self, other: "Collision") -> bool:
        """Whether it is the same in the phase after that of another."""
        return (self.limit, self.key, self.short, self.waits, self.start) == (other.limit, other.key, other.short, other.waits, other.end)


def told(collisions: Iterable[Collision]) -> str:
    """A paragraph for each that is not the same as in the phase before."""
    runs: list[list[Collision]] = []
    for one in collisions:
        run = next((run for run in runs if one.follows(run[-1])), None)
        if run is None:
            runs.append([one])
        else:
            run.append(one)
    return "\n".join(run[0].until(run[-1]) for run in runs)


class NoPlan(PlannerError):
    """No plan satisfies the site's limits together; says the cheapest set of limits to relax, by how much and when, and what to relax `instead`."""

    def __init__(self, collisions: tuple[Collision, ...], what: str = COLLIDE, instead: tuple[Collision, ...] = ()):
        self.collisions, self.instead = collisions, instead
        listed = told(collisions) or "  no single set of limits was found"
        listed += f"\n{INSTEAD}\n{told(instead)}" if instead else ""
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
