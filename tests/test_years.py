"""Years of operation that are alike: few of them are operated at a trial, and what was asked before is not solved again."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dcplan.planner.assemble import build_case
from dcplan.planner.blocks import build_block, operating_prices
from dcplan.planner.living import LiveBlock
from dcplan.planner.sweep import Remembered, Reply, Task, make_sweep
from dcplan.planner.years import Month, Year, _heads, _nearest, operate, operating_years
from dcplan.sites.load import load_site
from small import small_site


class Bowl:
    """A sweep whose only line is (state - 5) squared; it keeps the tasks that it was asked."""

    def __init__(self):
        self.blocks, self.solved, self.asked = {}, 0, []

    def __call__(self, tasks, solutions=False):
        self.asked += tasks
        self.solved += len(tasks)
        return [Reply((task.states - 5) ** 2, task.prices * 2 * (task.states - 5), np.zeros(1) if solutions else None) for task in tasks]

    def close(self):
        """Nothing to end."""


def like_years(count):
    """Years of one month, without budgets, that are one function; a dollar of the second one is worth half."""
    phases: list[Any] = [SimpleNamespace(index=index) for index in range(count)]
    return [Year(2030 + phase.index, 0, (phase,), (Month(phase, 1, np.ones(1), 1.0, np.zeros((0, 1)), np.ones(1)),), 0.5 if phase.index == 1 else 1.0, (),
                 np.zeros(0), {phase.index: np.zeros((0, 1))}) for phase in phases]


@pytest.mark.parametrize(("few", "heads"), [(1, [0, 0, 0, 0, 0]), (2, [0, 0, 0, 0, 4]), (3, [0, 0, 0, 3, 4]), (4, [0, 0, 2, 3, 4]), (9, [0, 0, 2, 3, 4])])
def test_few_points_far_from_each_other_stand_for_all(few, heads):
    # From 0 the farthest of 0, 0, 1, 4, 10 is 10; then 4, which is 4 from 0 and 6 from 10; then 1. Equal points are one, however many may be chosen.
    assert _nearest(np.array([[0.0], [0.0], [1.0], [4.0], [10.0]]), few).tolist() == heads


def test_a_year_nearby_costs_what_the_tangent_says():
    # (state - 5)^2 at 1, 2 and 9 is 16, 9 and 16. Two may be operated: at 1 and at 9. At 1 the slope is -8, so 2 costs 16 - 8 = 8, of which half counts.
    sweep, states = Bowl(), np.array([[1.0], [2.0], [9.0]])
    nearly = operate(sweep, like_years(3), states, few=2)
    assert [task.states.tolist() for task in sweep.asked] == [[1.0], [9.0]]
    assert [year.cost for year in nearly] == [16.0, 4.0, 16.0]
    assert [year.least for year in nearly] == [16.0, 4.0, 16.0]
    assert [year.year.year for year in nearly] == [2030, 2031, 2032]
    assert [year.cost for year in operate(sweep, like_years(3), states)] == [16.0, 4.5, 16.0]


def test_years_that_are_not_one_function_do_not_stand_for_each_other():
    sweep, years = Bowl(), like_years(2)
    dearer = years[1].months[0]
    years[1] = replace(years[1], months=(replace(dearer, weight=2.0),))
    operate(sweep, years, np.array([[1.0], [2.0]]), few=1)
    assert len(sweep.asked) == 2


def test_a_dearer_year_costs_what_the_tangents_at_other_prices_say():
    # (state - 5)^2 at 1 and 9 is 16 each, at prices of 1 and 3 USD: 16 and 48. At 2 USD, at 9 where the slope is 8: at the first, whose slope is -8,
    # 16 - 8 x 8 = -48, at the last 48, of which two thirds are paid for by 2 USD: 32.
    sweep, years = Bowl(), like_years(3)
    years = [replace(year, discount=1.0, months=(replace(year.months[0], prices=np.array([price])),))
             for year, price in zip(years, (1.0, 2.0, 3.0), strict=True)]
    nearly = operate(sweep, years, np.array([[1.0], [9.0], [9.0]]), few=1)
    assert [task.states.tolist() for task in sweep.asked] == [[1.0], [9.0]]
    assert [(year.cost, year.own) for year in nearly] == [(16.0, True), (pytest.approx(32.0), False), (48.0, True)]


def test_a_year_of_which_the_others_tell_nothing_is_operated():
    # Two lines that may earn or cost: of (1, 1) and (3, 3) no sum is (2, 1). Of (1, 1) and (3, 3) half of each is (2, 2).
    states = np.array([[1.0], [9.0], [9.0], [9.0]])
    years = [replace(year, months=(replace(year.months[0], prices=np.array(prices), signs=np.zeros(2)),))
             for year, prices in zip(like_years(4), ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (3.0, 3.0)), strict=True)]
    assert _heads(years, states, few=1) == [0, 1, 0, 3]
    assert _heads(years, states, few=None) == [0, 1, 2, 3]


def test_tangents_of_real_months_never_pass_their_cost(tmp_path):
    site = small_site(tmp_path, {"plan": {"start": "2030-01-01", "end": "2034-01-01", "steps": [{"until": "2034-01-01", "step": "year"}]}})
    case = build_case(site)
    sweep = make_sweep(case, 1)
    years = operating_years(case, sweep.blocks)
    assert list(case.states)[-2:] == ["all_test_rack", "hall_one"]
    states = np.full((len(case.phases), len(case.states)), 8.0)  # more of everything than the racks need, which grow; the coolers grow, too
    states[:, -2] = [1.0, 2.0, 3.0, 4.0]
    states[:, list(case.states).index("dry_cooler")] = [1.5, 3.0, 5.0, 8.0]
    exact, nearly = (operate(sweep, years, states, few=few) for few in (None, 2))
    assert len({year.year.function for year in exact}) < len(exact)
    for one, other in zip(exact, nearly, strict=True):
        assert other.cost <= one.cost + 1e-6 * abs(one.cost)


def test_a_simplex_that_ends_without_an_answer_begins_again(tmp_path):
    case = build_case(load_site(Path(__file__).parents[1] / "examples" / "abilene" / "site.toml"))
    live = LiveBlock(*build_block(case, 1))
    states, prices = np.full(len(case.states), 200.0), operating_prices(case, live.block, case.operating[0])
    cost = float(prices @ live.block.amounts @ live.solve(states, prices).x)
    stopped = LiveBlock(live.block, live.affine)
    stopped._most = 300
    assert float(prices @ stopped.block.amounts @ stopped.solve(states, prices).x) == pytest.approx(cost, rel=1e-9)
    assert stopped._solver.getOptionValue("presolve")[1] == "off"  # and the next one restarts as before


def test_a_month_starts_from_the_nearest_question(tmp_path):
    case = build_case(load_site(Path(__file__).parents[1] / "examples" / "abilene" / "site.toml"))
    live = LiveBlock(*build_block(case, 1))
    prices = operating_prices(case, live.block, case.operating[0])
    one, other = np.random.default_rng(1).uniform(0.0, 300.0, (2, len(case.states)))
    first = float(prices @ live.block.amounts @ live.solve(one, prices).x)
    live.solve(other, prices)
    assert live._solver.getInfo().simplex_iteration_count > 100
    assert float(prices @ live.block.amounts @ live.solve(one, prices).x) == pytest.approx(first, rel=1e-9)
    assert live._solver.getInfo().simplex_iteration_count == 0  # from the basis of the first question, not from that of the last


def test_what_was_asked_before_is_not_solved_again():
    inner = Bowl()
    sweep = Remembered(inner)
    one, two, three = (Task(1, np.array([state]), np.ones(1)) for state in (1.0, 2.0, 3.0))
    sweep([one, two])
    assert [reply.amounts[0] for reply in sweep([two, three])] == [9.0, 4.0]
    assert inner.asked == [one, two, three]
    assert sweep.solved == 3
    assert sweep([one], solutions=True)[0].solution is not None  # solutions are too large to be kept: solved once more
    assert sweep.solved == 4
