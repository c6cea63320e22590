"""A dive from the relaxed point over sampled days to a plan in whole units."""

from dcplan.planner import optimize
from dcplan.planner.progress import Progress
from small import GRID, START, small_site

ENGINE = {"name": "engines", "technology": "reciprocating_engine", "units": 2, "unit_size": "4 MW", "status": "existing", "in_service": START}
GAS = {"price": "20 USD/MWh", "pipelines": [{"name": "main", "capacity": "100 MW", "available_from": START, "status": "existing"}]}


def test_plants_in_use_come_before_racks_where_these_would_leave_them_no_spare(tmp_path):
    # Ten racks of 1 MW are wanted, the grid has 4 MW, two engines 4 MW each, of which one is spare: 4 + 8 - 4 = 8 racks. In the relaxation the plant is in
    # use by 8 of the 33 MW that it might have at most (2.5 x 10 + 2 x 4), and loses 0.97 MW: power for all ten, which are too many once a whole plant is.
    said: list[Progress] = []
    site = small_site(tmp_path, {"grid": {"stages": [GRID | {"capacity": "4 MW"}]}, "gas": GAS, "assets": [ENGINE], "redundancy": {"generators": "N+1"}})
    plan = optimize(site, workers=1, progress=said.append)
    assert plan.phases["accelerators_online"].tolist() == [800, 800, 800]
    assert not [one.step for one in said if one.step.startswith("integer master after sampled days")]
