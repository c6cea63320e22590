"""What is raised where a plan misses its target: spare units by group, a whole plant of generators to spare, fuel for an outage; or why nothing can be."""

from dataclasses import dataclass, replace

import numpy as np

from ...models.reliability.markov import HOURS_PER_YEAR
from ...sites import Site
from ...sites.rules import Rules
from ..case import Case
from ..errors import Collision, NoPlan
from ..plan import Plan
from .assess import TOGETHER, Assessment
from .rule import MOST_SPARE, may_back_up, raised, ride_through, spare_of
from .subsystem import Subsystem, is_feed

SECONDS = 3600.0


@dataclass(frozen=True)
class Round:
    """A plan made under rules, and its reliability in its weakest phase, or in `unknown` why that is not known."""

    case: Case
    rules: Rules
    plan: Plan
    found: Assessment
    years: int
    unknown: str = ""

    @property
    def refused(self) -> list[str]:
        """Classes whose target the tables do not reach, or the simulation does not."""
        return [name for name, target in self.found.targets.items() if target and not _reaches(self.found, name, target)]


def _reaches(found: Assessment, name: str, target: float) -> bool:
    row = found.together(name)
    return row["availability"] >= target and row["simulated_lost_hours_per_year"] <= (1 - target) * HOURS_PER_YEAR


class NothingHarder(NoPlan):
    """No rule was found under which a plan would lose less."""


def harder(made: Round) -> Rules:
    """Rules under which the next plan loses less. Raises NoPlan where what no unit mends is more than that, NothingHarder."""
    rules, parts = made.rules, [part.as_fuelled() for part in made.found.parts]
    for name in made.refused:
        allowed = (1 - (made.found.targets[name] or 0.0)) * HOURS_PER_YEAR
        least = {part.name: _least(made, part, name) for part in parts}
        if sum(least.values()) > allowed:
            at_most = 1 - sum(least.values()) / HOURS_PER_YEAR
            told = f"no plan of these technologies reaches {1 - allowed / HOURS_PER_YEAR:.5%} for {load_of(name)}, {at_most:.5%} at most"
            raise NoPlan(_collisions(made, [name]), f"{told}: common causes and feeds, which more units do not mend, take more than that leaves")
        spread = (allowed - sum(least.values())) / len(least)
        for part in parts:
            rules = _more(made, rules, part, name, least[part.name] + spread)
    if rules == made.rules:
        rules = _next(made)
    if rules == made.rules:
        raise NothingHarder(_collisions(made, made.refused), "no rule of redundancy mends what is lost")
    return rules


def _least(made: Round, part: Subsystem, name: str) -> float:
    """Hours a year that are lost whatever is added: nothing for a supply that may yet be backed up."""
    if part.name == "supply" and _may_yet_back_up(made):
        return 0.0
    if spare_of(made.rules.redundancy.get(part.group or "", "N")) is None:
        return part.hours_lost(name)
    return min(part.hours_lost(name), part.at_best().hours_lost(name))


def _may_yet_back_up(made: Round) -> bool:
    return made.rules.outage_hours == 0 and may_back_up(made.case)


def _more(made: Round, rules: Rules, part: Subsystem, name: str, hours: float) -> Rules:
    """Rules with the units that bring a subsystem within its hours a year, or the fuel where that is what it is short of."""
    lost = part.hours_lost(name)
    if lost <= hours:
        return rules
    if part.name == "supply" and rules.redundancy["plants"] == "N" and _trips_take(part, name, hours):
        return raised(rules, "plants", 1)
    if part.name == "supply" and _may_yet_back_up(made):
        return replace(rules, outage_hours=ride_through(made.case, lost, hours))
    if part.name == "supply" and rules.outage_hours and replace(part, fuel_hours=np.inf).hours_lost(name) <= hours:
        return replace(rules, outage_hours=2 * rules.outage_hours)
    held = spare_of(rules.redundancy.get(part.group or "", ""))
    steps = [step for number, buyable in enumerate(part.buyable) if buyable for step in range(1, MOST_SPARE + 1)
             if part.more(number, step).hours_lost(name) <= hours]
    if held is None or not any(part.buyable):
        return rules
    return raised(rules, part.group or "", held + min(steps, default=1))


def _trips_take(part: Subsystem, name: str, hours: float) -> bool:
    """Whether plants that trip as a whole take more than that, and others may stand in."""
    others = sum(not is_feed(one) and (buyable or one.machines.count > 0) for one, buyable in zip(part.plants, part.buyable, strict=True))
    return others > 1 and part.hours_lost(name) - part.without_trips().hours_lost(name) > hours


def _next(made: Round) -> Rules:
    """Where the tables find nothing to add: fuel for twice as long where the simulation finds the supply short of it, else a unit where it saves most."""
    supply = {name: drawn for (name, part), drawn in made.found.simulated.items() if part == "supply"}
    tables = {name: made.found.lost(name).get("supply", 0.0) for name in supply}
    if made.rules.outage_hours and any(drawn.hours - drawn.error > tables[name] for name, drawn in supply.items()):
        return replace(made.rules, outage_hours=2 * made.rules.outage_hours)
    rows = [row for row in made.found.table.to_dict("records")
            if row["class"] in made.refused and row["subsystem"] != TOGETHER and _may_grow(made.rules, row["redundancy_key"])]
    if not rows:
        return made.rules
    group = max(rows, key=lambda row: row["one_more_unit_saves_hours_per_year"])["redundancy_key"]
    return raised(made.rules, group, (spare_of(made.rules.redundancy[group]) or 0) + 1)


def _may_grow(rules: Rules, group: str | None) -> bool:
    """Whether a group stands under N or N+r with fewer spare units than MOST_SPARE."""
    held = spare_of(rules.redundancy.get(group or "", ""))
    return held is not None and held < MOST_SPARE


def load_of(name: str) -> str:
    return "the critical load" if name == "all" else name


def _key(site: Site, name: str) -> str:
    return "reliability.target" if name == "all" or getattr(site.reliability, name) is None else f"reliability.{name}"


def _collisions(made: Round, names: list[str]) -> tuple[Collision, ...]:
    """What each subsystem loses beyond an even share of what the target leaves, the largest first."""
    site, phase, found = made.case.site, made.found.phase, []
    for name in names:
        lost = made.found.lost(name)
        share = (1 - (made.found.targets[name] or 0.0)) * HOURS_PER_YEAR / len(lost)
        for part, hours in sorted(lost.items(), key=lambda one: -one[1]):
            if hours > share:
                what = f"availability of {part} for {load_of(name)}"
                found.append(Collision(what, phase.name, phase.start, (hours - share) * SECONDS, "second/year", _key(site, name)))
    return tuple(found)
