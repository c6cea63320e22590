"""Rationing by price against one linear programme of everything at once, solved by scipy."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dcplan.planner.budgets import Budget
from dcplan.planner.ration import PENALTY, Answer, begin
from dcplan.planner.sweep import Reply
from dcplan.planner.years import Month, Year, operate
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

PARTS, VARIABLES = 4, 3


def problem(seed, budgets):
    """Parts that each serve a demand in three ways: cost and draw by way, demand, most by way (they suffice together)."""
    random = np.random.default_rng(seed)
    cost = random.uniform(1, 100, (PARTS, VARIABLES))
    draw = random.uniform(0, 5, (PARTS, budgets, VARIABLES))
    most = random.uniform(1, 10, (PARTS, VARIABLES))
    return cost, draw, most, 0.7 * most.sum(axis=1)


def part(cost, draw, most, demand):
    """One part's answer to prices: its cheapest ways at cost + price x draw."""
    def answer(price):
        found = linprog(cost + price @ draw, A_eq=np.ones((1, len(cost))), b_eq=[demand], bounds=list(zip(np.zeros_like(most), most, strict=True)))
        return Answer(float(cost @ found.x), draw @ found.x, found.x)

    return answer


def at_once(cost, draw, most, demand, bounds, scales):
    """(cost, overdraw) of everything in one linear programme: overdraw costs what ration says it does, PENALTY for 1/1000 of a scale."""
    budgets = len(bounds)
    serve = np.hstack([np.kron(np.eye(PARTS), np.ones(VARIABLES)), np.zeros((PARTS, budgets))])
    keep = np.hstack([np.hstack(list(draw)) / scales[:, None], -np.eye(budgets)])
    limits = [*((0.0, one) for one in most.ravel()), *((0.0, None) for _ in bounds)]
    weights = np.concatenate([cost.ravel(), np.full(budgets, PENALTY * 1000)]) / PENALTY
    found = linprog(weights, A_ub=keep, b_ub=bounds / scales, A_eq=serve, b_eq=demand, bounds=limits)
    return float(cost.ravel() @ found.x[: cost.size]), found.x[cost.size:] * scales


def free_draw(cost, draw, most, demand):
    """What is drawn where nothing is rationed."""
    return sum(part(*one)(np.zeros(draw.shape[1])).draw for one in zip(cost, draw, most, demand, strict=True))


def least_draw(draw, most, demand, budget):
    """The least that can be drawn of one budget."""
    return sum(part(one[budget], one, high, need)(np.zeros(one.shape[0])).cost for one, high, need in zip(draw, most, demand, strict=True))


def shared(parts, bounds, scales):
    """Solutions of the parts and the excess."""
    made = begin([one(np.zeros(len(bounds))) for one in parts], bounds, scales)
    for price in made.prices():
        made.learn(price, [one(price) for one in parts])
    return made.solutions(), made.excess, made


def rationed(cost, draw, most, demand, bounds, scales):
    solutions, excess, made = shared([part(*one) for one in zip(cost, draw, most, demand, strict=True)], bounds, scales)
    x = np.array(solutions)
    assert made.cost == pytest.approx((cost * x).sum())
    if not excess.any():
        assert made.least == pytest.approx(made.cost, rel=1e-5)
    assert (x >= -1e-9).all()
    assert (x <= most + 1e-9).all()
    np.testing.assert_allclose(x.sum(axis=1), demand, rtol=1e-9)
    return float((cost * x).sum()), np.einsum("pbv,pv->b", draw, x), excess


@given(seed=st.integers(0, 2**32 - 1), budgets=st.integers(1, 3), share=st.floats(0.3, 1.1))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_as_cheap_as_one_programme(seed, budgets, share):
    # Bounds between what must be drawn (0, of one budget) and what would be drawn freely (1): kept where they can be, else overdrawn as little.
    given_ = problem(seed, budgets)
    free = free_draw(*given_)
    least = np.array([least_draw(*given_[1:], budget) for budget in range(budgets)])
    bounds, scales = least + share * (free - least), np.full(budgets, 10.0)
    cost, drawn, excess = rationed(*given_, bounds, scales)
    best, over = at_once(*given_, bounds, scales)
    np.testing.assert_allclose(excess, np.maximum(0.0, drawn - bounds), atol=1e-5)
    assert excess.sum() == pytest.approx(over.sum(), abs=1e-5)
    if over.sum() < 1e-9:
        assert cost == pytest.approx(best, rel=1e-4)


@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.1, 0.95))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_what_cannot_be_kept_is_reported(seed, share):
    # Less than must be drawn, whatever the price: the excess is what is missing, and no more is drawn than must be.
    given_ = problem(seed, 1)
    least = least_draw(*given_[1:], 0)
    _, drawn, excess = rationed(*given_, np.array([share * least]), np.array([10.0]))
    assert excess[0] == pytest.approx((1 - share) * least, rel=1e-5, abs=1e-5)
    assert drawn[0] == pytest.approx(least, rel=1e-5)


def test_by_hand():
    # Two months of 10 MWh: grid at 50 USD and 1 t, or engine at 80 USD and none; the second month's grid has 0.5 t. 10 t of 15 are allowed:
    # a tonne costs 30 USD to avoid in the first, 60 in the second, so half of the first month runs on the engine: 1,000 + 5 x 30 = 1,150 USD.
    cost, draw = np.array([50.0, 80.0]), [np.array([[1.0, 0.0]]), np.array([[0.5, 0.0]])]
    most = np.array([10.0, 10.0])
    solutions, excess, made = shared([part(cost, one, most, 10.0) for one in draw], np.array([10.0]), np.array([1.0]))
    np.testing.assert_allclose(solutions, [[5, 5], [10, 0]], atol=1e-6)
    assert made.cost == pytest.approx(1_150)
    assert made.price == pytest.approx([30.0])
    assert excess.tolist() == [pytest.approx(0, abs=1e-6)]


def test_each_answer_proves_a_least_cost():
    # The months of test_by_hand. At 0 USD/t both buy from the grid for 500 USD each: 1,000. At 20 USD/t the same, 15 t of which 10 are allowed:
    # 1,000 + 20 x (15 - 10) = 1,100. At 40 the engine runs in the first month (80 < 90), the grid in the second (70): 800 + 500 + 40 x (5 - 10)
    # = 1,100. At 30 both ways of the first month cost 80: 800 + 650 - 300 = 1,150, which is the optimum. 10 proves 1,050, less than is known.
    cost, draw, most = np.array([50.0, 80.0]), [np.array([[1.0, 0.0]]), np.array([[0.5, 0.0]])], np.array([10.0, 10.0])
    parts = [part(cost, one, most, 10.0) for one in draw]
    made = begin([one(np.zeros(1)) for one in parts], np.array([10.0]), np.array([1.0]))
    known = [made.least]
    for price in (20.0, 40.0, 30.0, 10.0):
        made.learn(np.array([price]), [one(np.array([price])) for one in parts])
        known.append(made.least)
    assert known == pytest.approx([1_000, 1_100, 1_100, 1_150, 1_150])
    assert made.price.tolist() == [30.0]


@pytest.mark.parametrize(("options", "bound", "least"), [
    # One part, its ways as (cost, draw); shedding everything draws nothing. A thousandth of what is drawn is too much: 0.01 of the 5 between
    # the first way and the second, so 100 + 10 x 0.002 = 100.02. A mix with a thousandth of shedding would cost 100 + 0.001 x 999,900 = 1,099.9.
    ([(100.0, 10.0), (110.0, 5.0), (1e6, 0.0)], 9.99, 100.02),
    # 0.0001 of the 5: 1e9 + 1e4 x 0.00002 = 1e9 + 0.2. The overdraw is small beside the cost, and kept all the same.
    ([(1e9, 10.0), (1e9 + 1e4, 5.0), (1.01e9, 0.0)], 9.9999, 1e9 + 0.2)])
def test_little_too_much_is_avoided_in_the_cheapest_way(options, bound, least):
    ways = [Answer(cost, np.array([draw]), None) for cost, draw in options]
    made = begin([ways[0]], np.array([bound]), np.array([1.0]))
    for price in made.prices(close=1e-3):
        made.learn(price, [min(ways, key=lambda way: way.cost + float(price @ way.draw))])
    assert made.excess[0] == pytest.approx(0.0, abs=1e-6)
    assert made.cost == pytest.approx(least, rel=1e-3)
    assert made.price[0] > 0
    assert made.least <= least * (1 + 1e-12)


def test_nothing_to_ration():
    # One answer each, and none is asked for at another price.
    calls = []

    def answer(price):
        calls.append(price)
        return Answer(1.0, np.array([2.0]), np.array([3.0]))

    solutions, excess, _ = shared([answer, answer], np.array([4.0]), np.array([1.0]))
    assert len(calls) == 2
    assert [x.tolist() for x in solutions] == [[3.0], [3.0]]
    assert excess.tolist() == [0.0]


class Months:
    """A sweep over the two months of `test_by_hand`: lines are USD and tonnes; each month takes its cheaper way at a task's prices."""

    def __init__(self):
        self.blocks, self.solved = {}, 0
        self.asked, self.ways = 0, {1: np.array([[500.0, 10.0], [800.0, 0.0]]), 2: np.array([[500.0, 5.0], [800.0, 0.0]])}

    def __call__(self, tasks, solutions=False):
        self.asked += 1
        chosen = [min(self.ways[task.month], key=lambda way: float(task.prices @ way)) for task in tasks]
        return [Reply(way, np.zeros(1), way) for way in chosen]

    def close(self):
        """Nothing to end."""


def two_years():
    """2030 and 2031, each allowed 10 t; a dollar of 2031 is worth half. Equal years are operated once."""
    budget = Budget("emissions", "limits.emissions", "tonne_CO2e", "carbon", 1.0, yearly=10.0)
    phases: list[Any] = [SimpleNamespace(index=index) for index in range(2)]
    return [Year(2030 + phase.index, 0, (phase,), tuple(Month(phase, number, np.array([1.0, 0.0]), 1.0, np.array([[0.0, 1.0]]), np.ones(2))
                                                         for number in (1, 2)),
                 worth, (budget,), np.array([10.0]), {phase.index: np.zeros((1, 1))}) for phase, worth in zip(phases, (1.0, 0.5), strict=True)]


def test_rationing_stops_where_years_are_proven_to_cost_too_much():
    # A year costs 1,000 USD freely, 1,150 within its budget (test_by_hand): both together 1,725. At 1,500 what is free is too much already; at 1,600
    # a price has to be asked; above 1,725 both are operated to the end.
    states, sweeps = np.zeros((2, 1)), [Months() for _ in range(3)]
    free, stopped, ended = (operate(sweep, two_years(), states, most=most) for sweep, most in zip(sweeps, (1_500.0, 1_600.0, 1_800.0), strict=True))
    assert [sum(year.least for year in one) for one in (free, ended)] == pytest.approx([1_500, 1_725])
    assert 1_600 <= sum(year.least for year in stopped) <= 1_725 + 1e-6
    assert sum(year.cost for year in ended) == pytest.approx(1_725)
    assert [bool(one[0].overdrawn) for one in (free, ended)] == [True, False]
    assert sweeps[0].asked == 1
    assert sweeps[0].asked < sweeps[1].asked <= sweeps[2].asked


def test_hints_are_prices_of_ways_to_keep_budgets():
    # 30 USD/t is where a year keeps its 10 t (test_by_hand). No price makes a year draw less than nothing: what it ends at is the price of overdraw.
    hints = [np.array([2.6])]
    cannot = [replace(year, fixed=np.array([-1.0])) for year in two_years()]
    assert all(year.overdrawn for year in operate(Months(), cannot, np.zeros((2, 1)), hints=hints))
    assert [hint.tolist() for hint in hints] == [[2.6]]
    operate(Months(), two_years(), np.zeros((2, 1)), hints=hints)
    assert [hint.tolist() for hint in hints] == [[pytest.approx(30.0)]]


def test_a_price_is_found_however_few_the_rounds():
    # A cut without a price would not tell the master that the budget binds.
    (year, _) = operate(Months(), two_years(), np.zeros((2, 1)), rounds=1)
    assert year.ration.price[0] > 0
    assert 1_000 < year.ration.least <= 1_150 + 1e-9
