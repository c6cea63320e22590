"""Integer masters: what is whole first, and when polishing a plan pays."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dcplan.planner import highs, optimize, whole
from dcplan.planner.assemble import build_case
from dcplan.planner.benders import Search
from dcplan.planner.programme import build_programme
from dcplan.planner.progress import Progress
from dcplan.planner.solve import lumps
from dcplan.planner.whole import _pays
from dcplan.sites.load import load_site
from scipy import sparse
from small import FLEET, GRID, HALL, small_site

EXAMPLE = Path(__file__).parents[1] / "examples" / "abilene" / "site.toml"


def test_lumps_are_racks_halls_connections_and_what_is_dear():
    # Of Abilene's plant a unit of aeroderivative turbine costs some 50 MUSD, a gas engine 20 MUSD, a cooler 5 MUSD and less.
    programme = build_programme(build_case(load_site(EXAMPLE)), None)
    arrays = highs.compile_model(programme.model)
    owner = {id(build): asset.technology for asset in programme.case.assets for build in programme.asset(asset.name).build.values()}
    named = [owner.get(id(column), "") for column in arrays.columns]
    whole = [{named[column] for column in np.flatnonzero(lumps(programme, arrays, dear))} for dear in (np.inf, 30e6, 10e6)]
    assert whole[0] == {"grid_connection", "hall", "gb200_nvl72"}
    assert whole[1] - whole[0] == {"aeroderivative_turbine"}
    assert whole[2] - whole[1] == {"reciprocating_engine"}


@pytest.mark.parametrize(("saving", "most", "pays"), [(0.05, 0.0, False), (0.2, 0.0, True), (4.0, 0.5, False), (6.0, 0.5, True)])
def test_polishing_goes_on_while_it_is_most_of_what_is_open(saving, most, pays):
    # Asked for: 0.1 % of 1,000 = 1, a tenth of which is worth a first trial. Open: 1,010 - 1,000 = 10, half of which is worth another one.
    search: Any = SimpleNamespace(gap=0.001, bound=1_000.0, cost=1_010.0, plan=np.ones(1))
    assert _pays(search, saving, most) is pays


def test_where_there_is_no_plan_any_saving_pays():
    search: Any = SimpleNamespace(gap=0.001, bound=1_000.0, cost=np.inf, plan=np.zeros(0))
    assert _pays(search, np.inf, 0.5)


def test_a_master_of_lumps_that_brought_neither_cut_nor_plan_is_not_solved_again(monkeypatch):
    """Its bound rose from 70 to 90 of 100, so the gap moved much; the next master has all whole, and once that one brings nothing either it is the end."""
    every, dear = np.array([True, True]), np.array([True, False])
    master = SimpleNamespace(arrays=SimpleNamespace(integer=every), pool=[])
    found: Any = SimpleNamespace(programme=None, master=master, gap=0.001, bound=70.0, cost=100.0, patience=60.0, stalled=False, open=0.3, on=True)
    solved = []

    def solve(found, columns):
        solved.append(int(columns.sum()))
        found.bound = max(found.bound, {1: 90.0, 2: 95.0}[int(columns.sum())])
        found.open, found.on = 1 - found.bound / found.cost, len(solved) < 3
        return whole.OPTIMAL

    monkeypatch.setattr(whole, "lumps", lambda *_: dear)
    monkeypatch.setattr(whole, "_integers", solve)
    whole.close(found)
    assert (solved, found.stalled) == ([1, 2, 2], True)


def test_an_integer_master_says_that_it_is_at_work(tmp_path):
    # Seven MW for pods of two racks of 1 MW and halls of 3: the relaxation leaves something to branch on. The bound told never goes back.
    said: list[Progress] = []
    changes = {"grid": {"stages": [GRID | {"capacity": "7 MW"}]}, "catalog": {"test_rack": {"rack_price": "1 MUSD"}},
               "halls": [HALL | {"it_capacity": "3 MW", "most": 9}], "fleet": [FLEET | {"racks_per_pod": 2}]}
    optimize(small_site(tmp_path, changes), progress=said.append, workers=1)
    bounds = [one.lower_bound for one in said if one.step.startswith("integer master after iteration") and one.lower_bound is not None]
    assert bounds
    assert bounds == sorted(bounds)


@pytest.mark.parametrize("there", [True, False])
def test_an_integer_master_ends_once_it_proves_the_plan_that_is_there(there):
    # Pairs of forty things of various costs, one of each pair to be taken: half of all is enough for the relaxation, whole ones cost a fifth more. With a
    # plan at the optimum and a gap of a tenth asked for, a bound of nine tenths of it is the end; without one the tree is searched to its own end.
    drawn = np.random.default_rng(1)
    pairs = np.array([drawn.choice(40, 2, replace=False) for _ in range(160)])
    matrix = sparse.csc_matrix((np.ones(320), (np.repeat(np.arange(160), 2), pairs.ravel())))
    ones = np.ones(40)
    arrays = highs.Arrays(matrix, np.ones(160), np.full(160, np.inf), 0 * ones, ones, drawn.uniform(1, 1.2, 40), 0.0, ones == 1, [], [])
    reference = highs.load(arrays)
    highs.run(reference)
    optimum = reference.getInfo().objective_function_value
    found: Any = SimpleNamespace(bound=-np.inf, cost=optimum * 1e6 if there else np.inf, gap=0.1, step="iteration", iterations=1, say=lambda *_: None)
    found.closes = lambda bound: Search.closes(found, bound)
    solver = highs.load(arrays, presolve="off", **whole.BARE, **highs.TELLING)
    whole._watched(found, solver)
    status, bound = highs.run(solver), solver.getInfo().mip_dual_bound
    assert status in whole.BOUNDED
    assert 0.9 <= bound / optimum < 0.999 if there else bound == pytest.approx(optimum, rel=1e-3)
