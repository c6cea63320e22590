"""A target of availability: rules before solving, then a plan, then tables and simulation; where they say no, harder rules and another plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...models.reliability.markov import HOURS_PER_YEAR
from ...sites import Site
from ...sites.rules import Rules, with_rules
from ..assemble import build_case
from ..case import Case
from ..errors import Collision, NoPlan
from ..plan import Plan
from .assess import TOGETHER, Assessment, assess_plan
from .rule import MOST_SPARE, first_rules, may_back_up, raised, ride_through, spare_of
from .subsystems import Subsystem, classes, subsystems
from .written import Written

ROUNDS = 5
SECONDS = 3600.0


@dataclass(frozen=True)
class Round:
    """A plan made under rules, and its reliability in its weakest phase."""

    case: Case
    rules: Rules
    plan: Plan
    found: Assessment

    @property
    def refused(self) -> list[str]:
        """Classes whose target the tables do not reach, or the simulation refutes."""
        return [name for name, target in self.found.targets.items() if target and not self._reaches(name, target)]

    def _reaches(self, name: str, target: float) -> bool:
        row = self.found.together(name)
        simulated = row["simulated_lost_hours_per_year"] - row["simulated_error_hours_per_year"]
        return row["availability"] >= target and simulated <= (1 - target) * HOURS_PER_YEAR


def has_target(site: Site) -> bool:
    """Whether the site asks for an availability."""
    return any(classes(site).values())


def reach(site: Site, plan_of: Callable[[Site, int], Plan], report: Callable[[str], None]) -> Plan:
    """The plan of a site that reaches its target. `plan_of` makes one of a site, given the number of the round; `report` hears of each.

    Raises NoPlan with the subsystems that keep the target from being reached.
    """
    rules = first_rules(build_case(site))
    for number in range(1, ROUNDS + 1):
        planned = with_rules(site, rules.record())
        report(f"reliability, round {number}: {_in_words(rules)}")
        plan, case = plan_of(planned, number), build_case(planned)
        if not plan.phases["accelerators_online"].to_numpy().any():
            return replace(plan, summary=plan.summary | {"reliability_rounds": number, "reliability_reached": False},
                           manifest=plan.manifest | {"reliability": rules.record()})
        made = Round(case, rules, plan, assess_plan(case, plan.dataset, weakest(case, plan)))
        if not made.refused or plan.summary["status"] == "interrupted":
            return told(made, number)
        rules = harder(made)
    raise NoPlan(_collisions(made, made.refused), f"no plan was found in {ROUNDS} rounds that reaches the availability asked for")


def _in_words(rules: Rules) -> str:
    """ups N+1, cooling N+2, fuel for 12 h"""
    listed = [f"{group} {rule}" for group, rule in rules.redundancy.items()]
    return ", ".join([*listed, *([f"fuel for {rules.outage_hours:g} h"] if rules.outage_hours else [])])


def weakest(case: Case, plan: Plan) -> str:
    """The phase with the least room to the target, by the closed tables."""
    online = dict(zip(plan.phases["phase"], plan.phases["accelerators_online"], strict=True))
    rooms = {phase.name: _room(Written(case, plan.dataset, phase)) for phase in case.operating if online[phase.name] > 0}
    return min(rooms, key=lambda name: rooms[name])


def _room(written: Written) -> float:
    """Hours a year that the tables leave of the tightest class."""
    parts = subsystems(written)
    return min((1 - target) * HOURS_PER_YEAR - sum(part.hours_lost(name) for part in parts)
               for name, target in classes(written.case.site).items() if target)


def harder(made: Round) -> Rules:
    """Rules under which the next plan loses less. Raises NoPlan where no rule could."""
    rules = made.rules
    for name in made.refused:
        allowed = (1 - (made.found.targets[name] or 0.0)) * HOURS_PER_YEAR
        least = {part.name: _least(made, part, name) for part in made.found.parts}
        if sum(least.values()) > allowed:
            at_most = 1 - sum(least.values()) / HOURS_PER_YEAR
            told = f"no plan reaches {1 - allowed / HOURS_PER_YEAR:.5%} for {_load(name)}, {at_most:.5%} at most"
            raise NoPlan(_collisions(made, [name]), f"{told}: common causes and feeds, which more units do not mend, take more than that leaves")
        spread = (allowed - sum(least.values())) / len(least)
        for part in made.found.parts:
            rules = _more(made, rules, part, name, least[part.name] + spread)
    if rules == made.rules:
        rules = _next(made)
    if rules == made.rules:
        raise NoPlan(_collisions(made, made.refused), "no plan was found that reaches the availability asked for: no rule of redundancy mends what is lost")
    return rules


def _least(made: Round, part: Subsystem, name: str) -> float:
    """Hours a year that are lost whatever is added: nothing for a supply that may yet be backed up."""
    if part.name == "supply" and _may_yet_back_up(made):
        return 0.0
    if spare_of(made.rules.redundancy.get(part.group or "", "N")) is None:
        return part.hours_lost(name)
    return min(part.hours_lost(name), part.at_best().hours_lost(name))


def _may_yet_back_up(made: Round) -> bool:
    return may_back_up(made.case) and made.rules.outage_hours == 0


def _more(made: Round, rules: Rules, part: Subsystem, name: str, hours: float) -> Rules:
    """Rules with the units that bring a subsystem within its hours a year."""
    lost = part.hours_lost(name)
    if lost <= hours:
        return rules
    if part.name == "supply" and _may_yet_back_up(made):
        return replace(rules, outage_hours=ride_through(made.case, lost, hours))
    held = spare_of(rules.redundancy.get(part.group or "", ""))
    steps = [step for number, buyable in enumerate(part.buyable) if buyable for step in range(1, MOST_SPARE + 1)
             if part.more(number, step).hours_lost(name) <= hours]
    if held is None or not any(part.buyable):
        return rules
    return raised(rules, part.group or "", held + min(steps, default=1))


def _next(made: Round) -> Rules:
    """Where the tables find nothing to add: fuel for twice as long where the simulation finds the supply short of it, else a unit where it saves most."""
    supply = {name: drawn for (name, part), drawn in made.found.simulated.items() if part == "supply"}
    tables = {name: made.found.lost(name).get("supply", 0.0) for name in supply}
    if made.rules.outage_hours and any(drawn.hours - drawn.error > tables[name] for name, drawn in supply.items()):
        return replace(made.rules, outage_hours=2 * made.rules.outage_hours)
    rows = [row for row in made.found.table.to_dict("records") if row["class"] in made.refused and row["subsystem"] != TOGETHER]
    group = max(rows, key=lambda row: row["one_more_unit_saves_hours_per_year"])["redundancy_key"]
    held = spare_of(made.rules.redundancy[group])
    return made.rules if held is None else raised(made.rules, group, held + 1)


def _load(name: str) -> str:
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
                what = f"availability of {part} for {_load(name)}"
                found.append(Collision(what, phase.name, phase.start, (hours - share) * SECONDS, "second/year", _key(site, name)))
    return tuple(found)


def told(made: Round, rounds: int) -> Plan:
    """The plan, with what was asked, what was reached and by which rules in its summary and manifest."""
    reached = {name: made.found.together(name) for name in made.found.targets}
    figures: dict[str, object] = {"reliability_rounds": rounds, "reliability_phase": made.found.phase.name, "reliability_reached": not made.refused,
                                  "reliability_outage_hours": made.rules.outage_hours,
                                  **{f"reliability_{group}_rule": rule for group, rule in made.rules.redundancy.items()}}
    for name, target in made.found.targets.items():
        row = reached[name]
        figures |= {f"availability_{name}_asked": target, f"availability_{name}": float(row["availability"]),
                    f"availability_{name}_simulated": float(1 - row["simulated_lost_hours_per_year"] / HOURS_PER_YEAR),
                    f"availability_{name}_simulated_error": float(row["simulated_error_hours_per_year"] / HOURS_PER_YEAR)}
    manifest = made.plan.manifest | {"reliability": made.rules.record() | {"rounds": rounds, "targets": dict(made.found.targets)}}
    return replace(made.plan, summary=made.plan.summary | figures, manifest=manifest)
