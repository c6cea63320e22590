"""What a warm block costs: milliseconds a solve against a fixed linear programme solved cold in the same process."""

import time

import highspy
import numpy as np
from dcplan.planner.assemble import build_case
from dcplan.planner.blocks import build_block
from dcplan.planner.decide import decide_sampled
from dcplan.planner.highs import Arrays, load
from dcplan.planner.living import LiveBlock
from dcplan.planner.progress import Reporter
from dcplan.planner.sweep import Task
from dcplan.planner.years import operating_years
from scipy import sparse

from .places import abilene, small_fleet
from .registry import Benchmark, Row, Run

SEED = 20240701
ROUNDS = 8
MONTHS = {"quarter": 3, "year": 12}
MOVED = 0.05
YARDSTICK_HOURS = 744
YARDSTICK_SOLVES = 5


def build(run: Run):
    """The case, a sampled plan of it, its months as living blocks."""
    case = build_case(small_fleet(run.folder, MONTHS[run.size]) if run.size in MONTHS else abilene(run.folder))
    decision = decide_sampled(case, Reporter(), 0.05, 60.0, 60.0)
    live = {month: LiveBlock(*build_block(case, month)) for month in case.months}
    years = operating_years(case, {month: block.block for month, block in live.items()})
    last = max(reversed(years), key=lambda year: len(year.months))
    energy = np.array([unit == "MWh" for unit in case.states.values()])
    return live, [Task(month.number, decision.investment.states[month.phase.index], month.prices) for month in last.months], energy


def measure(run: Run, built) -> Row:
    """Each month solved cold, again unchanged, and then after all states moved by up to 5 %, round by round; medians."""
    live, tasks, energy = built
    chance, sizes = np.random.default_rng(SEED), [block.affine.arrays.matrix.shape for block in live.values()]
    cold = [_milliseconds(live[task.month], task, task.states) for task in tasks]
    same = [_milliseconds(live[task.month], task, task.states) for task in tasks]
    warm = [_milliseconds(live[task.month], task, task.states * _noise(chance, energy))
            for _ in range(ROUNDS) for task in tasks]
    yardstick = float(np.median([_yardstick() for _ in range(YARDSTICK_SOLVES)]))
    middle, rows, columns = float(np.median(warm)), *(float(np.median(side)) for side in zip(*sizes, strict=True))
    return {"rows": rows, "columns": columns, "cold_ms": float(np.median(cold)), "unchanged_ms": float(np.median(same)), "warm_ms": middle,
            "warm_90_percent_ms": float(np.quantile(warm, 0.9)), "yardstick_ms": yardstick, "warm_to_yardstick": middle / yardstick}


def _noise(chance: np.random.Generator, energy: np.ndarray) -> np.ndarray:
    """Factors on the states; energy of stores and the levels in them move together, so that levels stay within."""
    return np.where(energy, chance.uniform(1 - MOVED, 1 + MOVED), chance.uniform(1 - MOVED, 1 + MOVED, energy.size))


def _milliseconds(live: LiveBlock, task: Task, states: np.ndarray) -> float:
    started = time.perf_counter()
    live.solve(states, task.prices)
    return 1000 * (time.perf_counter() - started)


def _yardstick() -> float:
    """Milliseconds of one cold simplex run, without presolve, on a month's dispatch that never changes: load, four sources, a store."""
    solver = load(yardstick(), solver="simplex", presolve="off", threads=1)
    started = time.perf_counter()
    solver.run()
    taken = 1000 * (time.perf_counter() - started)
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return taken


def yardstick() -> Arrays:
    """Five zones with a price of their own and a row an hour that bounds what all of them import: 15,624 rows, 29,760 columns."""
    chance, zones = np.random.default_rng(SEED), 5
    parts = [_zone(chance) for _ in range(zones)]
    hours, size = YARDSTICK_HOURS, 8 * YARDSTICK_HOURS
    shared = sparse.hstack([sparse.hstack([sparse.identity(hours), sparse.csc_matrix((hours, size - hours))])] * zones)
    matrix = sparse.vstack([sparse.block_diag([part.matrix for part in parts]), shared], format="csc")
    low, high, upper, cost = (np.concatenate([getattr(part, name) for part in parts]) for name in ("row_lower", "row_upper", "upper", "cost"))
    return Arrays(matrix, np.append(low, np.full(hours, -np.inf)), np.append(high, np.full(hours, 60.0 * zones)), np.zeros(zones * size), upper, cost, 0.0,
                  np.zeros(zones * size, dtype=bool), [], [])


def _zone(chance: np.random.Generator) -> Arrays:
    """A month's dispatch. Columns by hour: import, gas, sun, peaker, charge, discharge, level, shed; rows: balance, stock, two ramps."""
    hours = YARDSTICK_HOURS
    one, none, before = sparse.identity(hours), sparse.csc_matrix((hours, hours)), sparse.csc_matrix(np.roll(np.eye(hours), -1, axis=1))
    step = one - before
    matrix = sparse.bmat([[one, one, one, one, -one, one, none, one], [none, none, none, none, 0.9 * one, -one / 0.9, -step, none],
                          [step, none, none, none, none, none, none, none], [none, step, none, none, none, none, none, none]], format="csc")
    day = np.sin(np.arange(hours) / 24 * 2 * np.pi)
    load, sun = 100 + 20 * day + chance.uniform(0, 10, hours), np.maximum(0.0, -day) * 60
    most, price = (80.0, 40.0, 0.0, 60.0, 20.0, 20.0, 80.0, 1000.0), (30.0, 50.0, 0.0, 70.0, 1.0, 1.0, 0.0, 5000.0)
    upper, cost = (np.repeat(values, hours) for values in (most, price))
    upper[2 * hours: 3 * hours] = sun
    cost[:hours] += chance.uniform(-20, 40, hours)
    low, high = (np.concatenate([load, np.zeros(hours), np.full(2 * hours, limit)]) for limit in (-10.0, 10.0))
    return Arrays(matrix, low, high, np.zeros(8 * hours), upper, cost, 0.0, np.zeros(8 * hours, dtype=bool), [], [])


BENCHMARK = Benchmark("sweep", "a warm block solve (a month; states moved by up to 5 %) against a fixed LP of like size solved cold",
                      ("quarter", "year", "abilene"), build, measure)
