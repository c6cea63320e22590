"""Units of the whole programme: every row and the objective, in a model that holds every technology, limit and tariff."""

import re
import shutil
from pathlib import Path

import pyomo.environ as pyo
import pytest
from dcplan.models.catalog import load_catalog
from dcplan.models.horizon import Slice, month_first_hour
from dcplan.models.power.chain import CHAINS
from dcplan.models.power.smoothing import TECHNOLOGIES
from dcplan.models.power.topology import AC, DC
from dcplan.models.terms import symbols_with_units
from dcplan.planner.assemble import build_case
from dcplan.planner.blocks import build_block
from dcplan.planner.meanings import of_variable
from dcplan.planner.programme import build_programme
from dcplan.planner.technologies import CAPTURE, REJECTION, STORAGE
from dcplan.sites import load_site
from dcplan.sites.power import power_technologies
from pyomo.core.base.units_container import InconsistentUnitsError
from pyomo.util.check_units import assert_units_consistent
from words import says_more

ABILENE = Path(__file__).parent.parent / "examples" / "abilene"
EVERYTHING = '''
carbon_price = "40 USD/tonne_CO2e"
outage.duration = "48 hour"
limits.land = "300 hectare"
limits.emissions = "3000000 tonne_CO2e/year"
limits.capital_per_year = "60 GUSD/year"
electrical.utility_ramp = "100 MW/minute"
heat_network = { supply_temperature = "70 degC", return_temperature = "40 degC", price = "20 USD/MWh", most = "50 MW", available_from = 2026-01-01 }
'''
NON_FIRM = '''  { name = "early", capacity = "100 MW", available_from = 2025-07-01, firm = false, unavailable_hours = "80 hour", one_of = "way" },
  { name = "other", capacity = "120 MW", available_from = 2025-07-01, lead_time = "10 month", one_of = "way" },
]

[grid.export]
allowed = true
price = "12 USD/MWh"
'''
FLEET = '''variants = ["gb200_nvl72", "hgx_h100_air"]
latest = [{ by = 2027-01-01, count = "1000 accelerator" }]
deliveries = [{ from_date = 2025-01-01, racks_per_month = "900 rack/month" }]
'''


@pytest.fixture(scope="module", params=[AC, pytest.param(DC, marks=pytest.mark.slow)])
def case(request, tmp_path_factory):
    folder = shutil.copytree(ABILENE, tmp_path_factory.mktemp("all") / "site")
    text = (folder / "site.toml").read_text()
    text = text.replace("[location]", EVERYTHING + "\n[location]", 1).replace("]\n\n[grid.price]", NON_FIRM + "\n[grid.price]", 1)
    text = text.replace('variants = ["gb200_nvl72"]\n', FLEET, 1).replace('cooling = "liquid"', 'cooling = "mixed"', 1)
    text = text.replace("[location]", f'electrical.chain = "{request.param}"\n\n[location]', 1).replace('transformer = "N+1"', 'transformer = "2N"', 1)
    text = re.sub(r"(\[power\]\nallow = )\[.*\]", lambda found: found[1] + str(power_technologies(load_catalog())).replace("'", '"'), text)
    text = re.sub(r"(\[cooling\]\nallow = )\[.*\]", lambda found: found[1] + str([*CAPTURE, *REJECTION, *STORAGE]).replace("'", '"'), text)
    text = text.replace("2034-12-31", "2027-12-31").replace("2035-01-01", "2028-01-01")
    (folder / "site.toml").write_text(text)
    return build_case(load_site(folder / "site.toml"))


@pytest.fixture(scope="module")
def model(case):
    """The programme over six hours of every month."""
    with symbols_with_units():
        return build_programme(case, (tuple(Slice(month_first_hour(month), 6, month) for month in range(1, 13)),)).model


def broken(model):
    """Names of components whose units do not fit, one look at each."""
    seen, found = set(), []
    for row in model.component_data_objects((pyo.Constraint, pyo.Objective)):
        name = row.parent_component().name
        if name not in seen:
            seen.add(name)
            try:
                assert_units_consistent(row)
            except InconsistentUnitsError:
                found.append(name)
    return found, seen


def test_every_technology_is_in_the_model(case):
    wanted = {*power_technologies(load_catalog()), *CHAINS[case.site.electrical.chain], *TECHNOLOGIES, *CAPTURE, *REJECTION, *STORAGE,
              "heat_network", "heat_pump"}
    assert wanted <= {component.name for component in case.components}


def test_every_variable_by_hour_says_what_it_is(case):
    """The columns of dispatch: every variable that every technology, loop and tariff has in an hour."""
    block, _ = build_block(case, 1, (Slice(0, 6, 1),))
    hourly = [name for name, columns in block.columns.items() if columns.size == len(block.period)]
    assert {("tariff", "bought"), ("loops", "warm"), ("immersion", "air_heat"), ("heat_pump", "lifted"), ("unserved", "heat")} <= set(hourly)
    told = {name: of_variable(*name) for name in hourly}
    assert [name for name in hourly if not says_more("_".join(name), told[name])] == []
    assert len(set(told.values())) == len(told)


def test_units_are_consistent(model):
    with symbols_with_units():
        found, seen = broken(model)
    assert found == []
    assert len(seen) > 500


def test_a_wrong_unit_is_found(model):
    store = next(block for block in model.component_objects(pyo.Block) if block.local_name == "battery" and hasattr(block, "level"))
    store.wrong = pyo.Constraint(expr=store.level[0] <= store.charge[0])  # MWh against MW
    name, (found, seen) = store.wrong.name, broken(store)
    store.del_component("wrong")
    assert found == [name]
    assert len(seen) > 1
