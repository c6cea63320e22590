"""Units that a site names do not go by a name that the planner has for something of its own: told at reading, where the planner would break."""

import pyomo.environ as pyo
import pytest
from dcplan.planner.assemble import build_case
from dcplan.planner.programme import build_programme
from dcplan.planner.sampling import sampled_days
from dcplan.sites import SiteProblems
from dcplan.sites.reserved import OF_MODELS, is_reserved
from small import START, small_site

MEND = "give the asset another name"


def named(folder, name):
    cooler = {"name": name, "technology": "dry_cooler", "units": 1, "unit_size": "1 MW", "status": "existing", "in_service": START}
    return small_site(folder, {"assets": [cooler]})


@pytest.mark.parametrize("name", ["warm", "tariff", "unserved", "index", "name", "capacity_ups", "capacity_grid_main", "reserve_generators",
                                  "electricity_balance", "cool_heat"])
def test_a_name_of_the_planner_is_refused(tmp_path, name):
    with pytest.raises(SiteProblems) as found:
        named(tmp_path, name)
    (problem,) = found.value.problems
    assert (problem.code, problem.key, problem.title, problem.help) == (
        "check-assets", "assets[0].name", f'"{name}" is a name that the planner has for something of its own', MEND)


@pytest.mark.parametrize(("name", "key"), [("grid_main", "grid.stages"), ("hall_one", "halls"), ("all_test_rack", "fleet")])
def test_a_name_of_something_else_of_the_site_is_refused(tmp_path, name, key):
    with pytest.raises(SiteProblems) as found:
        named(tmp_path, name)
    assert [problem.title for problem in found.value.problems] == [f'"{name}" is what plans call something of {key}']


@pytest.mark.parametrize("name", ["old", "load", "limits", "states", "level", "cooler_north",
                                  "reserve_diesel", "capacity_block", "trip_of_x", "load_balance"])
def test_other_names_are_taken(tmp_path, name):
    case = build_case(named(tmp_path, name))
    programme = build_programme(case, tuple(sampled_days(year, 1) for year in case.years))
    assert programme.asset(name) is not None


def test_every_row_beside_units_is_known(tmp_path):
    case = build_case(named(tmp_path, "old"))
    model = build_programme(case, tuple(sampled_days(year, 1) for year in case.years)).model
    rows = {row.local_name for block in model.component_objects(pyo.Block, descend_into=False)
            if block.local_name.startswith(("design", "operation")) for row in block.component_objects(pyo.Constraint, descend_into=False)}
    units = [asset.name for asset in case.assets]
    assert {"capacity_old", "electricity_balance", "warm_heat"} <= rows
    assert [name for name in rows if not is_reserved(name, units)] == []


def test_every_attribute_of_a_block_is_known():
    model = pyo.ConcreteModel()
    model.part = pyo.Block()
    assert {name for name in dir(model.part) if not name.startswith("_")} <= set(OF_MODELS)
