"""The programme as one model: investment, operation of every phase, limits, objective in million USD.

    minimise  sum_p [ capital, less salvage + fixed cost + operation + lateness ]                       present worth at the plan's start
    online[x,p] = online[x,p-1] + build[x,p] - retired[x,p]                                              models/asset.py
    every hour of a phase balances every carrier within the capacities online                            planner/system.py
    limits: planner/limits.py; redundancy in design hours: planner/redundancy.py; lateness: planner/lateness.py

Money is scaled to million USD so that the interior-point method meets coefficients of like size.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pyomo.environ as pyo

from ..models.component import State, at, sum_of
from ..models.horizon import Period, Phase, Slice, block_number, build_period, by_year, design_period
from ..models.terms import Effect, measured, rows, units_of, variable
from . import lateness, redundancy, system
from .case import Case
from .firm import firm_limits
from .limits import Limit, add_limits, collect_limits

MILLION = 1e6
PRICED = {"money": "MUSD/USD", "carbon": "MUSD/tonne_CO2e"}


@dataclass
class Programme:
    """The model and where its parts are. `slices` are the hours that it operates of each weather year; None where operation is left to blocks,
    whose cost by phase and block number is then a variable, `theta` (million USD, real, not discounted)."""

    case: Case
    model: pyo.ConcreteModel
    slices: tuple[tuple[Slice, ...], ...] | None
    groups: tuple[tuple[Phase, ...], ...]
    periods: dict[tuple[int, int], Period] = field(default_factory=dict)
    theta: dict[tuple[int, int], Any] = field(default_factory=dict)
    limits: list[Limit] = field(default_factory=list)
    late_hours: list = field(default_factory=list)
    cost: list = field(default_factory=list)

    @property
    def lateness(self):
        """Expression of all accelerator-hours late, in millions, not discounted."""
        return sum(self.late_hours)

    def asset(self, name: str) -> pyo.Block:
        """The investment block of an asset."""
        return getattr(self.model.invest, name)

    def state(self, phase: Phase) -> dict:
        """Capacities and other states that operation of a phase obeys, by name."""
        found = {asset.name: self.asset(asset.name).capacity[phase.index] for asset in self.case.assets}
        for component in self.case.components:
            found |= {state.name: getattr(self.model.states, state.name)[phase.index] for state in self.case.states_of(component)}
        return found

    def operation(self, phase: Phase, scenario: int) -> pyo.Block:
        """The operation block of a phase in a weather year."""
        return getattr(self.model, f"operation_{phase.index}_{scenario}")


def build_programme(case: Case, slices: tuple[tuple[Slice, ...], ...] | None, *, tied: bool = True, elastic: bool = False) -> Programme:
    """The monolith over the slices given, or the master without operation.

    `tied`: whole years after the last dated event have one set of capacities and one operation (planner/case.py:groups). `elastic` gives
    every limit a slack, and what must hold in design hours (planner/firm.py), for the search of limits that collide.
    """
    groups = case.groups if tied else tuple((phase,) for phase in case.operating)
    programme = Programme(case, pyo.ConcreteModel(name=case.site.name), slices, groups)
    _invest(programme)
    for group in groups:
        _tie(programme, group)
        _design(programme, group[0])
        if slices is None:
            for phase in group:
                _leave(programme, phase)
        else:
            for scenario in case.scenarios:
                _operate(programme, group, slices[scenario], scenario)
    lateness.add(programme)
    programme.limits += [*collect_limits(programme), *(firm_limits(programme) if elastic else ())]
    add_limits(programme, elastic)
    if not elastic:
        programme.model.objective = pyo.Objective(rule=lambda _: sum(programme.cost))
    return programme


def _invest(programme: Programme) -> None:
    case, model = programme.case, programme.model
    model.invest, model.states = pyo.Block(), pyo.Block()
    for asset in case.assets:
        block = pyo.Block()
        model.invest.add_component(asset.name, block)
        asset.invest(block, case.phases)
        programme.cost += _asset_cost(case, asset, block)
    for component in case.components:
        for state in case.states_of(component):
            made = variable(model.states, state.name, range(len(case.phases)), state.unit)
            if state.within is None:
                _yearly(case, model.states, state, made)
                continue
            within = programme.asset(state.within).capacity
            rows(model.states, f"{state.name}_within", range(len(case.phases)), lambda p, made=made, within=within: made[p] <= within[p])
            rows(model.states, f"{state.name}_above", range(len(case.phases)) if state.least else (),
                 lambda p, made=made, within=within, least=state.least: made[p] >= least * within[p])
        _hand_on(programme, [state for state in component.states if state.month is not None])


def _yearly(case: Case, block: Any, state: State, made: Any) -> None:
    """One value in all phases that begin in a calendar year."""
    made.setub(state.most)
    first = {phase.index: phases[0].index for _, phases in by_year(case.operating) for phase in phases[1:]}
    rows(block, f"{state.name}_yearly", first, lambda p: made[p] == made[first[p]])


def _hand_on(programme: Programme, monthly: list[State]) -> None:
    """What stores hold above their floor at the start of months: a phase begins with what the one before ends with, and the plan ends with no less
    than it began with. What is bought comes at its floor, and leaves at it."""
    case = programme.case
    states: Any = programme.model.states
    if not monthly or not case.operating:
        return
    level, store = {state.month: getattr(states, state.name) for state in monthly}, monthly[0]
    name = store.name.rsplit("_", 1)[0]

    def above(month: int, p: int):
        floor = store.least * programme.asset(store.within).capacity[p] if store.within and store.least else 0.0
        return level[month][p] - floor

    starts = {late.index: (early.index, late.months[0]) for early, late in pairwise(case.operating)}
    rows(states, f"{name}_handed_on", starts, lambda p: above(starts[p][1], p) == above(starts[p][1], starts[p][0]))
    first, last = case.operating[0], case.operating[-1]
    rows(states, f"{name}_at_the_end", [last.index], lambda p: above(last.months[-1] % 12 + 1, p) >= above(first.months[0], first.index))


def _asset_cost(case: Case, asset, block: pyo.Block) -> list:
    terms = []
    rate = case.site.finance.discount_rate
    for p, phase in enumerate(case.phases):
        factor = asset.capital_factor(phase, case.phases, rate, case.site.plan.end)
        if not block.build[p].fixed:
            terms.append(measured(asset.unit_size * asset.capital * factor / MILLION, "MUSD") * block.build[p])
        if asset.fixed:
            yearly = asset.fixed * phase.years * case.discount(phase.middle) / MILLION
            terms.append(measured(yearly, f"MUSD/{asset.unit}") * block.capacity[p])
    return [*terms, measured(committed_capital(case, asset, present=True) / MILLION, "MUSD")]


def committed_capital(case: Case, asset, present: bool) -> float:
    """USD of capital of committed units (existing ones are sunk): as present worth net of salvage, or as it is paid, not discounted."""
    total = 0.0
    for item in asset.given:
        capital = asset.capital * asset.unit_size if item.capital is None else item.capital
        phase = next((phase for phase in case.phases if phase.start >= item.in_service), case.phases[-1])
        factor = asset.capital_factor(phase, case.phases, case.site.finance.discount_rate, case.site.plan.end) if present else 1.0
        total += 0.0 if item.status == "existing" else item.units * capital * factor
    return total


def _tie(programme: Programme, group: tuple[Phase, ...]) -> None:
    """The later phases of a group have the units and the storage levels of its first."""
    later, first = [phase.index for phase in group[1:]], group[0].index
    blocks = {asset.name: programme.asset(asset.name) for asset in programme.case.assets}
    held = [(blocks[name], "held", blocks[name].online) for name in blocks]
    states: Any = programme.model.states
    held += [(states, f"{state.name}_held", getattr(states, state.name))
             for part in programme.case.components for state in programme.case.states_of(part)]
    for block, name, var in held if later else ():
        rows(block, name, later, lambda p, var=var: var[p] == var[first])


def _design(programme: Programme, phase: Phase) -> None:
    """The design hours of a phase, with redundant units lost."""
    case, state = programme.case, programme.state(phase)
    block, hours = pyo.Block(), design_period(len(case.design))
    programme.model.add_component(f"design_{phase.index}", block)
    system.operate(block, case.components, hours, case.hourly_design, state)
    system.reserve(block, case.components, hours, case.hourly_design, state, redundancy.lost(programme, phase))
    if case.site.redundancy.plants != "N":
        system.trip(block, case.components, hours, case.hourly_design, state, redundancy.plants(case),
                    [t for t in hours.positions if case.design.outage[t] == 0])


def _operate(programme: Programme, group: tuple[Phase, ...], slices: tuple[Slice, ...], scenario: int) -> None:
    """Operation of a group's first phase in a weather year, paid in all of them at the year's probability."""
    phase, case = group[0], programme.case
    period = build_period(phase.months, slices)
    block = pyo.Block()
    programme.model.add_component(f"operation_{phase.index}_{scenario}", block)
    system.operate(block, case.components, period, case.hourly_by_year[scenario], case.obeyed(programme.state(phase), scenario))
    programme.periods[phase.index, scenario] = period
    programme.cost += operating_cost(case, block, period, group, scenario)


def _leave(programme: Programme, phase: Phase) -> None:
    """The cost of a phase's operation as variables, month by month of every weather year, to be bounded by cuts."""
    block: Any = pyo.Block()
    programme.model.add_component(f"operation_{phase.index}", block)
    numbers = {block_number(scenario, month): weight for scenario, weight in enumerate(programme.case.site.weights) for month in phase.months}
    block.theta = pyo.Var(list(numbers), units=units_of("MUSD"))
    for number, weight in numbers.items():
        programme.theta[phase.index, number] = block.theta[number]
        programme.cost.append(weight * programme.case.discount(phase.middle) * block.theta[number])  # type: ignore[operator]


def operating_cost(case: Case, block: pyo.Block, period: Period, group: tuple[Phase, ...], scenario: int) -> list:
    """Present worth of a period's money and carbon price over the phases it stands for, at the probability of its weather year, in million USD, as a
    list of expressions."""
    terms = []
    for component, effect in effects(case, period, scenario):
        price = {"money": 1.0, "carbon": case.site.carbon_price}.get(effect.ledger, 0.0)
        if price:
            factor = case.site.weights[scenario] * price * sum(worth(case, effect, member) for member in group) / MILLION
            terms += _weighted(getattr(block, component), effect, period, factor, PRICED[effect.ledger])
    return terms


def worth(case: Case, effect: Effect, phase: Phase) -> float:
    """Present worth of 1 of an effect's money spent in the middle of the phase, with its own price escalation."""
    return case.discount(phase.middle) * case.escalation(effect.escalation, phase)


def effects(case: Case, period: Period, scenario: int):
    """(component name, effect) of every component over a period of a weather year."""
    for component in case.components:
        for effect in component.effects(at(case.hourly_by_year[scenario][component.name], period)):
            yield component.name, effect


def _weighted(block: pyo.Block, effect: Effect, period: Period, price: float, unit: str) -> list:
    """The effect's amounts over a period times a price in `unit`."""
    if effect.span == "month":
        return [measured(price * term.coefficient * period.counts[month], unit, term.unit, "month") * getattr(block, term.variable)[month]
                for term in effect.terms for month in period.months if term.coefficient]
    weights = period.weight.tolist()
    if effect.span == "run":
        return [measured(price * term.coefficient * weights[t], unit, term.unit) * missed
                for term in effect.terms for t, missed in getattr(block, term.variable).items()]
    rate = sum_of(block, f"cost_{effect.item}", effect.terms, len(period))
    return [measured(price * weights[t], unit, "hour") * rate(t) for t in period.positions]


def yearly_sum(programme: Programme, phase: Phase, scenario: int, ledger: str, item: str | None = None):
    """Expression of a ledger's total over a phase's operation in a weather year (water in m3, carbon in tonne, shed in accelerator-hours)."""
    period, block = programme.periods[phase.index, scenario], programme.operation(phase, scenario)
    return sum(sum(_weighted(getattr(block, component), effect, period, 1.0, "1")) for component, effect in effects(programme.case, period, scenario)
               if effect.ledger == ledger and item in (None, effect.item))


