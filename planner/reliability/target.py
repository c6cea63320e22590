"""A target of availability: rules before solving, then a plan, then tables and simulation; where they say no, harder rules and another plan.

A target is reached where both say so: the availability of the closed tables, and the simulated one itself, with nothing granted for its error. The
simulation is seeded and begins with `[reliability] years`; these are drawn fourfold until the half-width of its 95 % interval is within a tenth of
the hours that the target leaves, or until they tell which side of the target it lies on, with MOST_YEARS at most.

A plan that was made is kept: where a later round ends without one (Ctrl-C, the time limit, limits that collide, something that breaks) or no harder
rule is found, the last plan is given, and says that the target is not reached and which rules were tried; where its reliability cannot be told, why.
"""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from ...models.reliability.markov import HOURS_PER_YEAR
from ...sites import Site
from ...sites.rules import Rules, with_rules
from ..assemble import build_case
from ..case import Case
from ..errors import Interrupted, NoPlan, PlannerError
from ..failures import told as broken
from ..plan import Plan
from .assess import Assessment, assess_plan, by_tables
from .harder import NothingHarder, Round, harder, load_of
from .rule import first_rules
from .subsystems import classes
from .written import Written, hardest

ROUNDS = 5
STOPPED = "the search was stopped"
SMALL = 0.1  # error of the simulation over the hours that a target leaves
MOST_YEARS = 32_000


def has_target(site: Site) -> bool:
    """Whether the site asks for an availability."""
    return any(classes(site).values())


def reach(site: Site, plan_of: Callable[[Site, int], Plan], report: Callable[[str], None]) -> Plan:
    """The plan of a site that reaches its target, else the last that was made. `plan_of` makes one of a site, given the number of the round; `report`
    hears of each.

    Raises NoPlan where the first plan shows that no units mend what is lost, and what the first round raises where it makes no plan.
    """
    tried: list[Rules] = []
    made = _round(site, first_rules(build_case(site)), tried, plan_of, report)
    try:
        while made.refused and made.plan.summary["status"] != "interrupted" and len(tried) < ROUNDS:
            next_one = _round(site, harder(made), tried, plan_of, report)
            if not next_one.found.targets:
                return told(made, tried, f"then, with {_in_words(tried[-1])}, {next_one.unknown}")
            made = next_one
    except (Exception, KeyboardInterrupt) as reason:  # whatever breaks, the plan that is held is given
        if isinstance(reason, NoPlan) and not isinstance(reason, NothingHarder) and len(tried) == 1:
            raise
        return told(made, tried, _why(reason, made, tried))
    return told(made, tried, f"{ROUNDS} rounds were not enough" if len(tried) == ROUNDS else STOPPED)


def _round(site: Site, rules: Rules, tried: list[Rules], plan_of: Callable[[Site, int], Plan], report: Callable[[str], None]) -> Round:
    """A plan under rules, which are noted in `tried`, and its reliability; none of a plan without racks, or where Ctrl-C or what breaks comes first.

    The case is built before the plan is made, so that nothing after that loses the plan.
    """
    tried.append(rules)
    planned = with_rules(site, rules.record())
    report(f"reliability, round {len(tried)}: {_in_words(rules)}")
    case = build_case(planned)
    plan = plan_of(planned, len(tried))
    if not plan.phases["accelerators_online"].to_numpy().any():
        return Round(case, rules, plan, _unknown(case), 0, STOPPED if plan.summary["status"] == "interrupted" else "no racks are in service in any phase")
    try:
        return Round(case, rules, plan, *assessed(case, plan))
    except KeyboardInterrupt:
        return Round(case, rules, replace(plan, summary=plan.summary | {"status": "interrupted"}), _unknown(case), 0, STOPPED)
    except Exception as reason:
        return Round(case, rules, plan, _unknown(case), 0, broken(reason))


def _unknown(case: Case) -> Assessment:
    """Of what was not assessed."""
    return Assessment(case.phases[-1], pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), {}, ())


def assessed(case: Case, plan: Plan) -> tuple[Assessment, int]:
    """A plan's reliability in its weakest phase, and the years that were simulated."""
    phase, years = weakest(case, plan), case.site.reliability.years
    while True:
        found = assess_plan(case, plan.dataset, phase, years)
        if years >= MOST_YEARS or all(_settled(found, name, target) for name, target in found.targets.items() if target):
            return found, years
        years = min(MOST_YEARS, 4 * years)


def _settled(found: Assessment, name: str, target: float) -> bool:
    """Whether the simulation is as exact as its docstring says, or lies clear of the target."""
    row, allowed = found.together(name), (1 - target) * HOURS_PER_YEAR
    error = row["simulated_error_hours_per_year"]
    return error <= max(SMALL * allowed, abs(row["simulated_lost_hours_per_year"] - allowed))


def _why(reason: Exception | KeyboardInterrupt, made: Round, tried: list[Rules]) -> str:
    """Why there is no plan that is better."""
    if isinstance(reason, Interrupted | KeyboardInterrupt):
        said = STOPPED
    else:
        said = str(reason).splitlines()[0] if isinstance(reason, PlannerError) else broken(reason)
    return said if tried[-1] is made.rules else f"then, with {_in_words(tried[-1])}, {said}"


def _in_words(rules: Rules) -> str:
    """ups N+1, cooling N+2, fuel for 12 h"""
    listed = [f"{group} {rule}" for group, rule in rules.redundancy.items()]
    return ", ".join([*listed, *([f"fuel for {rules.outage_hours:g} h"] if rules.outage_hours else [])])


def weakest(case: Case, plan: Plan) -> str:
    """The phase with the least room to the target, by the closed tables."""
    online = dict(zip(plan.phases["phase"], plan.phases["accelerators_online"], strict=True))
    case, data = hardest(case, plan.dataset)
    rooms = {phase.name: _room(Written(case, data, phase)) for phase in case.operating if online[phase.name] > 0}
    return min(rooms, key=lambda name: rooms[name])


def _room(written: Written) -> float:
    """What the tables leave of the tightest class: its availability less its target."""
    reached = by_tables(written)
    return min(reached[name] - target for name, target in classes(written.case.site).items() if target)


def told(made: Round, tried: list[Rules], why: str = "") -> Plan:
    """The plan, with what was asked, what was reached and by which rules in its summary and manifest; where it was not reached, in its verdict, too."""
    reached = bool(made.found.targets) and not made.refused
    figures: dict[str, object] = {"reliability_rounds": len(tried), "reliability_reached": reached, "reliability_tried": [*map(_in_words, tried)],
                                  "reliability_outage_hours": made.rules.outage_hours,
                                  **{f"reliability_{group}_rule": rule for group, rule in made.rules.redundancy.items()}, **_figures(made)}
    if not reached:
        missed = f"NOT reached, with {_in_words(made.rules)}{_missed(made)}: {why}" if made.found.targets else f"not known: {made.unknown}"
        figures["verdict"] = f"{made.plan.summary['verdict']} The availability asked for is {missed}."
    record = made.rules.record() | {"rounds": len(tried), "targets": classes(made.case.site)}
    return replace(made.plan, summary=made.plan.summary | figures, manifest=made.plan.manifest | {"reliability": record})


def _figures(made: Round) -> dict[str, object]:
    """Availability asked, by tables and simulated, in the weakest phase."""
    figures: dict[str, object] = {"reliability_phase": made.found.phase.name, "reliability_years": made.years} if made.found.targets else {}
    for name, target in made.found.targets.items():
        row = made.found.together(name)
        figures |= {f"availability_{name}_asked": target, f"availability_{name}": float(row["availability"]),
                    f"availability_{name}_simulated": float(1 - row["simulated_lost_hours_per_year"] / HOURS_PER_YEAR),
                    f"availability_{name}_simulated_error": float(row["simulated_error_hours_per_year"] / HOURS_PER_YEAR)}
    return figures


def _missed(made: Round) -> str:
    """For each class that is short, what was asked and found."""
    figures = _figures(made)
    return "".join(f", {figures[f'availability_{name}']:.5%} by tables and {figures[f'availability_{name}_simulated']:.5%} simulated of "
                   f"{figures[f'availability_{name}_asked']:.5%} for {load_of(name)}" for name in made.refused)
