"""Several weather years: one investment, operated in each of them; expected money, limits in each year by itself, design conditions of the worst.

Hand-solved on the site of tests/small.py: 10 racks of 1 MW in January, 744 h, 7,440 MWh of heat. An open tower draws 5 / 4 of what it evaporates
(5 cycles of concentration) and no power; "mild" air has 20 degC and a dew point of 5 degC, "hot" air 35 and 5 degC.
"""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.models.physics.psychrometrics import relative_humidity, wet_bulb
from dcplan.models.physics.towers import tower_evaporation
from dcplan.planner import Plan, optimize, verify
from dcplan.planner.climate import climate
from dcplan.planner.export import export
from dcplan.planner.recheck import check
from dcplan.planner.reliability import assess
from dcplan.planner.tables import tables
from dcplan.planner.verification.reading import read_plan
from dcplan.sites import SiteProblems, load_site
from small import FLEET, ideal, merged, small_site, weather
from test_decomposition import CHARGES, DAY_AND_NIGHT, GAP, agree, at_once, monolith
from test_hand_solved import GAS, fleet, near, parts, total

HOURS = 744
HEAT = 10 * HOURS
JANUARY = {"plan": {"end": date(2030, 2, 1), "steps": [{"until": date(2030, 2, 1), "step": "month"}]}}
FILES = {"mild.csv": weather(20.0, 5.0), "hot.csv": weather(35.0, 5.0)}


def years(mild: str | None = "25 %", hot: str | None = "75 %") -> dict:
    rows = [{"file": "mild.csv", "weight": mild}, {"file": "hot.csv", "weight": hot}]
    return {"weather": {"years": [{name: value for name, value in row.items() if value is not None} for row in rows]}}


def drawn(dry_bulb: float) -> float:
    """m3 a MWh of heat of an open tower in such air."""
    return 1.25 * tower_evaporation(dry_bulb, wet_bulb(dry_bulb, relative_humidity(dry_bulb, 5.0), 101_325.0), 101_325.0, 42.0)


MILD, HOT = drawn(20.0), drawn(35.0)
TOWER = {"water": {"price": "2 USD/m3"}, "cooling": {"allow": ["open_tower"]}}


@pytest.fixture(params=["full", pytest.param("sampled", marks=pytest.mark.slow)])
def planned(request, tmp_path):
    """From changes of the small site with its two weather years to its plan."""
    return lambda changes: optimize(small_site(
        tmp_path, merged(JANUARY, merged({"plan": {"resolution": request.param}}, merged(years(), changes))), files=FILES), workers=1)


def test_money_and_water_are_expected(planned):
    # A quarter of a mild year and three quarters of a hot one, 2 USD a m3.
    plan = planned(TOWER)
    water = HEAT * (0.25 * MILD + 0.75 * HOT)
    assert HOT > 1.1 * MILD
    assert parts(plan) == {"operation": near(2 * water)}
    assert total(plan, "water_m3") == near(water)
    assert plan.dataset["scenario_water_m3"].sum("phase").values.tolist() == [near(HEAT * MILD), near(HEAT * HOT)]
    assert plan.dataset["scenario"].values.tolist() == ["mild", "hot"]
    assert plan.dataset["dry_bulb"].sel(scenario="hot").values == pytest.approx(np.full(8760, 35.0))
    assert plan.dataset["open_tower_heat_warm"].dims == ("scenario", "phase", "hour")


def test_a_water_right_holds_in_each_year_by_itself(planned):
    # The right is what the mild year draws: nothing binds there. In the hot year HEAT x MILD / HOT go to the tower, the rest to a dry
    # cooler, whose fans draw 0.27 MW a MW of rating at full flow; 47 - 35 = 12 K where 17 K are rated: full flow, and 17 / 12 of the rating, so
    # 0.3825 MWh a MWh of heat, at 50 USD/MWh and three quarters.
    plan = planned({"grid": {"price": {"flat": "50 USD/MWh"}}, "water": {"right": f"{12 * HEAT * MILD} m3/year"},
                    "cooling": {"allow": ["dry_cooler", "open_tower"]}, "catalog": {"dry_cooler": {"fan_power": "0.27", "part_load_exponent": "1"}}})
    dry = HEAT * (1 - MILD / HOT)
    assert plan.dataset["scenario_water_m3"].sum("phase").values.tolist() == [near(HEAT * MILD), near(HEAT * MILD)]
    assert parts(plan) == {"operation": near(HEAT * 50 + 0.75 * dry * 0.27 * 17 / 12 * 50)}
    # a m3 more of the right, in each year: it saves in the hot one alone
    price = plan.dataset["limit_price_chosen"].sel(limit="water right")
    assert float(price.sum()) == pytest.approx(0.75 * 0.27 * 17 / 12 * 50 / HOT, rel=1e-3)
    assert plan.summary["overdrawn"] == []


BOTH = {"weather": {"years": [{"file": "mild.csv", "name": "one", "weight": "50 %"}, {"file": "mild.csv", "name": "other", "weight": "50 %"}]}}
AIR = {"dry_bulb": 27.0, "dew_point": 4.0, "swing": 8.0, "sun": 900.0}
REAL = {
    "plan": {"start": date(2030, 6, 1), "end": date(2030, 7, 1), "steps": [{"until": date(2030, 7, 1), "step": "month"}], "mip_gap": f"{GAP * 100} %"},
    "finance": {"discount_rate": "7 %/year"},
    "grid": {"stages": [{"name": "firm", "capacity": "2 MW", "available_from": date(2030, 6, 1), "status": "existing"}], "price": DAY_AND_NIGHT,
             "demand_charges": CHARGES, "carbon": {"flat": "0.4 tonne_CO2e/MWh"}},
    "gas": {"price": "8 USD/MWh", "pipelines": [{"name": "lateral", "capacity": "40 MW", "available_from": date(2030, 6, 1), "status": "existing"}]},
    "power": {"allow": ["reciprocating_engine", "battery", "solar_pv"]}, "cooling": {"allow": ["open_tower", "water_cooled_chiller", "dry_cooler"]},
    "water": {"price": "2 USD/m3", "right": "9000 m3/year"}, "redundancy": {"cooling": "N+1"},
    "fleet": [FLEET | {"variants": ["gb200_nvl72"], "racks_per_pod": 5, "wanted": [{"by": date(2030, 6, 1), "count": "1440 accelerator"}],
                       "value_of_compute": "3 USD/accelerator/hour", "value_of_lost_load": "5 USD/accelerator/hour", "critical_share": "80 %",
                       "shed_allowance": "3 %"}],
    "halls": [{"name": "one", "cooling": "mixed", "it_capacity": "3 MW"}],
}


@pytest.mark.parametrize("dear", [False, True])
def test_two_years_decide_together_what_is_bought(planned, dear):
    # A dry cooler without power saves water at 2 USD/m3. 1 MW of rating takes 1 MW of heat in the mild year, and 12 / 17 MW in the hot one (47 - 35 K
    # where 17 K are rated), for 744 h. The hot air comes within 7 K of the water at half of its range of 10 K, so 5 MW there, at 85 / 12 MW of rating;
    # beyond that only the mild year gains. Price 2 % about the expected worth of both.
    worth = HOURS * 2 * (0.25 * MILD + 0.75 * 12 / 17 * HOT)
    price = worth * (1.02 if dear else 0.98)
    plan = planned({"water": {"price": "2 USD/m3"}, "cooling": {"allow": ["dry_cooler", "open_tower"]},
                    "catalog": {"dry_cooler": {"capital_cost": f"{price} USD/MW", "life": "31 day"}}})
    everything = 2 * HEAT * (0.25 * MILD + 0.75 * HOT)
    assert parts(plan) == ({"operation": near(everything)} if dear else {
        "capital_less_salvage": near(85 / 12 * price), "operation": near(everything - 85 / 12 * worth)})


def test_design_hours_are_those_of_the_worst_year(tmp_path):
    # Engines lose 1 % a K above 20 degC: 10 MW need 10 / 0.85 MW at 35 degC, at 50 USD/kW, though that year has a probability of 1 % and its 15 % of
    # compute may be shed for 0.01 x 1.5 MW x 100 x 744 h x 10 USD = 11,160 USD.
    engines = {"capital_cost": "50 USD/kW", "life": "31 day", "derate_per_kelvin": "0.01 1/delta_degC", "derate_reference": "20 degC"}
    plan = optimize(small_site(tmp_path, merged(merged(JANUARY, years("99 %", "1 %")), {
        "grid": {"stages": []}, "gas": GAS, "power": {"allow": ["reciprocating_engine"]}, "fleet": fleet(shed_allowance="100 %"),
        "cooling": {"allow": ["open_tower"]}, "catalog": {"reciprocating_engine": engines}}), files=FILES), workers=1)
    assert parts(plan) == {"capital_less_salvage": near(500_000 / 0.85)}


def test_half_of_a_year_twice_is_that_year(tmp_path):
    # The mild year alone draws HEAT x MILD; its water right of half of that leaves the rest to a dry cooler, with or without a double.
    changes = {"grid": {"price": {"flat": "50 USD/MWh"}}, "water": {"right": f"{6 * HEAT * MILD} m3/year"},
               "cooling": {"allow": ["dry_cooler", "open_tower"]}, "catalog": {"dry_cooler": {"fan_power": "0.27", "part_load_exponent": "1"}}}
    one, two = (optimize(small_site(tmp_path / name, merged(merged(JANUARY, changes), more), files=FILES), workers=1)
                for name, more in (("one", {}), ("two", BOTH)))
    for figure in ("net_present_cost_usd", "lower_bound_usd", "sampled_cost_usd", "wue_l_per_kwh"):
        assert two.summary[figure] == pytest.approx(one.summary[figure], rel=1e-6)
    assert parts(one) == {"operation": near(HEAT * 50 + HEAT / 2 * 8.5)}
    assert two.summary["weather_years"][0]["net_present_cost_usd"] == near(two.summary["net_present_cost_usd"])


@pytest.mark.slow
def test_two_equal_years_are_one(tmp_path):
    # Real coefficients, a store, a water right and demand charges: half of the same year twice is that year, in what is built, cost and bound.
    one, two = (optimize(small_site(tmp_path / name, merged(REAL, changes), catalog=at_once(), files=files, **AIR), workers=1)
                for name, changes, files in (("one", {}, {}), ("two", BOTH, {"mild.csv": weather(**AIR)})))
    for figure in ("net_present_cost_usd", "sampled_cost_usd"):
        assert two.summary[figure] == pytest.approx(one.summary[figure], rel=GAP)
    assert one.summary["lower_bound_usd"] <= two.summary["net_present_cost_usd"] * (1 + 1e-9)
    assert two.summary["lower_bound_usd"] <= one.summary["net_present_cost_usd"] * (1 + 1e-9)


@pytest.mark.slow
def test_search_and_monolith_agree_on_real_coefficients(tmp_path):
    # Two years apart by 14 K, and one set of levels at the ends of the month.
    files = {"mild.csv": weather(13.0, 2.0, 8.0, 900.0), "hot.csv": weather(27.0, 4.0, 8.0, 900.0)}
    agree_and_hold(small_site(tmp_path / "site", merged(merged(REAL, years("40 %", "60 %")), {"storage": {"horizon": "year"}}), catalog=at_once(),
                              files=files), tmp_path)


def test_search_and_monolith_agree(tmp_path):
    # A right to water that the mild year's draw takes up, and a dry cooler whose price makes its size a question of both years.
    worth = HOURS * 2 * (0.25 * MILD + 0.75 * 12 / 17 * HOT)
    agree_and_hold(small_site(tmp_path / "site", merged(merged(JANUARY, years()), {
        "plan": {"mip_gap": f"{GAP * 100} %"},
        "water": {"price": "2 USD/m3", "right": f"{12 * HEAT * MILD} m3/year"}, "cooling": {"allow": ["dry_cooler", "open_tower"]},
        "catalog": {"dry_cooler": {"capital_cost": f"{0.9 * worth} USD/MW", "life": "31 day", "fan_power": "0.1"}}}), files=FILES), tmp_path)


def agree_and_hold(site, folder):
    """The search and all hours of all weather years as one programme have the same cost; the plan holds."""
    plan = optimize(site, workers=1)
    agree(plan, *monolith(site, plan, 10.0))
    plan.save(folder / "plan")
    assert [str(finding) for finding in verify(folder / "plan").failed] == []


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder of a plan of a mild and a hot year, in January, by sampled days."""
    folder = tmp_path_factory.mktemp("years")
    site = small_site(folder / "site", merged(merged(JANUARY, {"plan": {"resolution": "sampled"}}), merged(years(), TOWER)), files=FILES)
    optimize(site, workers=1).save(folder / "plan")
    return folder


@pytest.fixture(scope="module")
def reading(written):
    """That plan and its site, read once."""
    return read_plan(written / "plan")


def test_a_plan_of_two_years_holds(written):
    assert [str(finding) for finding in verify(written / "plan").failed] == []


@pytest.mark.parametrize(("year", "variable", "amount", "name"), [
    ("hot", "open_tower_heat_warm", 5.0, "warm loop"), ("mild", "open_tower_heat_warm", 5.0, "warm loop"), ("hot", "tariff_bought", 5.0, "grid"),
    ("hot", "all_test_rack_load", -1.0, "IT demand"),
])
def test_verify_finds_what_is_wrong_in_one_year(reading, year, variable, amount, name):
    data = reading.data.copy(deep=True)
    data[variable].loc[{"scenario": year}][0, 17] += amount
    failed = [finding for finding in check(replace(reading, data=data)).failed if name in finding.name]
    assert failed
    assert all(f"January 17:00 in weather year {year}" in finding.where.replace("01 ", "") for finding in failed)


@pytest.mark.parametrize(("edit", "name"), [
    (lambda data, summary: data["scenario_water_m3"].loc[{"scenario": "hot"}].__iadd__(50), "weather year"),
    (lambda data, summary: summary["weather_years"][1].update(cost_operation_usd=1.0), "weather year"),
    (lambda data, summary: data["ledger_water"].__iadd__(100), "water ledger"),
    (lambda data, summary: summary.update(cost_operation_usd=1.0), "cost of operation"),
])
def test_verify_finds_wrong_figures(reading, edit, name):
    spoilt = replace(reading, data=reading.data.copy(deep=True), summary=json.loads(json.dumps(reading.summary)))
    edit(spoilt.data, spoilt.summary)
    assert name in {finding.name for finding in check(spoilt).failed}


def test_a_budget_that_one_year_breaks_is_found(reading):
    # the right is the expected draw: the hot year alone draws more
    right = 12 * float(reading.data["ledger_water"].sum())
    site = replace(reading.site, water=reading.site.water.model_copy(update={"right": right}))
    (found,) = check(replace(reading, site=site)).failed
    assert (found.name, found.where) == ("water right", "all, 2030-01 in weather year hot")
    assert found.amount == near(HEAT * (HOT - 0.25 * MILD - 0.75 * HOT))


FEW_THEN_ALL = [{"by": date(2030, 1, 1), "count": "400 accelerator"}, {"by": date(2030, 2, 1), "count": "1000 accelerator"}]
RATCHETED = {
    "plan": {"end": date(2030, 3, 1), "steps": [{"until": date(2030, 3, 1), "step": "month"}]},
    "grid": {"demand_charges": [{"name": "any", "rate": "10 USD/kW/month", "ratchet": "80 %", "ratchet_months": [2]}]},
    "catalog": {"dry_cooler": {"fan_power": "0.27", "part_load_exponent": "1"}},
    "fleet": [FLEET | {"wanted": FEW_THEN_ALL}],
}
WARM = {"mild.csv": weather(20.0, 5.0), "hot.csv": weather(27.0, 5.0)}
FANS_MILD, FANS_HOT = 0.27 * 17 / 27, 0.27 * 17 / 20  # MW a MW of heat: 27 K and 20 K up to 47 degC, where 17 K are rated


@pytest.fixture(scope="module")
def ratcheted(tmp_path_factory):
    """The folder of a plan of 4 MW in January and 10 MW in February under a ratchet of 80 %, in a mild and a hot year, over every hour."""
    folder = tmp_path_factory.mktemp("ratcheted")
    optimize(small_site(folder / "site", merged(years(), RATCHETED), files=WARM), workers=1).save(folder / "plan")
    return folder / "plan"


def test_a_ratchet_looks_back_on_its_own_weather_year(ratcheted):
    # The mild year peaks at 10 x 1.17 MW in February and bills 80 % of that in January, the hot year 10 x 1.2295 MW: 1.8 times the peak each.
    # By the highest of both, the mild year's January would be billed for more.
    plan, mild, hot = Plan.load(ratcheted), 10 * (1 + FANS_MILD), 10 * (1 + FANS_HOT)
    assert parts(plan) == {"operation": near(10_000 * 1.8 * (0.25 * mild + 0.75 * hot))}
    assert plan.dataset["tariff_highest_0_rim"].dims == ("scenario", "phase")
    assert plan.dataset["tariff_highest_0_rim"].values == pytest.approx(np.array([[mild, mild], [hot, hot]]), rel=1e-5)
    assert [row["net_present_cost_usd"] for row in plan.summary["weather_years"]] == [near(18_000 * mild), near(18_000 * hot)]
    assert [str(finding) for finding in verify(ratcheted).failed] == []


@pytest.mark.parametrize(("year", "short"), [("mild", 8 * (1 + FANS_MILD) - 4 * (1 + FANS_MILD)), ("hot", 8 * (1 + FANS_HOT) - 4 * (1 + FANS_HOT))])
def test_a_ratchet_that_forgets_in_one_weather_year_is_found(ratcheted, year, short):
    # January alone is told of no peak, and bills its own 4 MW.
    reading = read_plan(ratcheted)
    data = reading.data.copy(deep=True)
    data["tariff_highest_0_rim"].loc[{"scenario": year}][0] = 0.0
    found = {finding.name: finding for finding in check(replace(reading, data=data)).failed}
    assert found["ratchet of demand"].amount == pytest.approx(short, rel=1e-3)
    assert f"weather year {year}" in found["ratchet of demand"].where


def test_search_and_monolith_agree_with_ratchets(tmp_path):
    # An engine that pays for itself in the hot year's peaks and hardly in those of the mild one.
    agree_and_hold(small_site(tmp_path / "site", merged(merged(years(), RATCHETED), {
        "plan": {"mip_gap": f"{GAP * 100} %"}, "gas": GAS, "power": {"allow": ["reciprocating_engine"]},
        "catalog": {"reciprocating_engine": {"capital_cost": "15 USD/kW", "life": "59 day", "variable_cost": "30 USD/MWh"}}}), files=WARM), tmp_path)


# What goes in, and what comes out ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("given", "key", "found", "mend"), [
    (years("25 %", "70 %")["weather"], "weather.years", "the weights of the weather years add up to 0.95", "probabilities are 1 (100 %) together"),
    (years("25 %", None)["weather"], "weather.years[1]", "1 of 2 weather years has no weight",
     "give every year its weight, or none, and all are equally likely"),
    ({"years": [{"file": "mild.csv"}, {"file": "mild.csv"}]}, "weather.years[1]", '"mild" is the name of two weather years',
     'give each a name of its own: name = "2012"'),
    ({"years": [{"file": "mild.csv"}], "climate": "lulea_se"}, "weather", "weather gives both a climate and years",
     'give one: file = "year.epw" with its format, or climate = "lulea_se"'),
    ({"years": [{"file": "mild.csv"}, {"file": "none.csv"}]}, "weather.years[1].file", 'there is no file "none.csv"',
     "looked for FOLDER/none.csv; give a path from the folder of the file that names it"),
    ({"years": [{"file": "mild.csv"}, {"file": "short.csv"}]}, "weather.years[1].file",
     "short.csv: 8,757 hourly rows; expected 8,760, one for each hour of a year without 29 February", "repair the file, or use another year or source"),
    ({"years": [{"file": "mild.csv"}, {"file": "plain.csv"}], "format": "csv", "columns": {
        "dry_bulb": {"column": "Temperature", "unit": "degC"}, "dew_point": {"column": "Dew Point", "unit": "degC"}}}, "weather.years[0].file",
     '"mild.csv" has 8,762 rows', "expected 8,760 from 1 January 00:00 (8,784 in a leap year), under one line of column names"),
])
def test_what_cannot_be_given(tmp_path, given, key, found, mend):
    plain = FILES["mild.csv"].split("\n", 2)[2]
    with pytest.raises(SiteProblems) as problems:
        small_site(tmp_path, {"weather": given}, files={**FILES, "short.csv": FILES["mild.csv"].rsplit("\n", 4)[0] + "\n", "plain.csv": plain})
    (problem,) = problems.value.problems
    assert (problem.key, problem.title, problem.help) == (key, found, mend.replace("FOLDER", str(tmp_path.resolve())))


def test_years_need_their_form(tmp_path):
    small_site(tmp_path, years(), files=FILES)
    (tmp_path / "site.toml").write_text((tmp_path / "site.toml").read_text().replace('format = "nsrdb", ', ""))
    with pytest.raises(SiteProblems) as problems:
        load_site(tmp_path / "site.toml")
    assert [(one.key, one.title) for one in problems.value.problems] == [("weather.years", "weather years are given without their form")]


def test_years_may_differ_in_form(tmp_path):
    """A year of NSRDB and a plain CSV of the same: where the weather is the same, so is what is read."""
    plain = FILES["hot.csv"].split("\n", 2)[2]
    columns = {name: {"column": column, "unit": unit} for name, column, unit in (
        ("dry_bulb", "Temperature", "degC"), ("dew_point", "Dew Point", "degC"), ("pressure", "Pressure", "hPa"))}
    rows = [{"file": "hot.csv", "format": "nsrdb"}, {"file": "plain.csv", "format": "csv"}]
    site = small_site(tmp_path, {"weather": {"years": rows, "columns": columns}}, files={**FILES, "plain.csv": plain})
    assert (site.hours["wet_bulb"].values[0] == site.hours["wet_bulb"].values[1]).all()
    assert site.hours["dry_bulb"].mean("hour").values.tolist() == pytest.approx([35.0, 35.0])
    assert site.weather_from.endswith("hot (0.5), plain (0.5) (nsrdb and csv)")
    (tmp_path / "site.toml").write_text((tmp_path / "site.toml").read_text().replace('weather = { format = "nsrdb", ', "weather = { "))
    assert load_site(tmp_path / "site.toml").weather_from == site.weather_from
    with pytest.raises(SiteProblems) as problems:
        load_site(tmp_path / "site.toml", ["climate.years=['hot.csv', 'mild.csv']", "climate.return_period='20 year'"])
    assert [one.title for one in problems.value.problems] == ["years of the climate are read in the form of [weather], which has none"]


WIND = {"calm.csv": "speed\n" + "0\n" * 8760, "windy.csv": "speed\n" + "12\n" * 8760}


def with_wind(*files: str | None, **wind) -> dict:
    """Two weather years with these files of wind, and [wind]."""
    rows = [{"file": year, **({"wind": file} if file else {})} for year, file in zip(("mild.csv", "hot.csv"), files)]
    return {"weather": {"years": rows}, **({"wind": wind} if wind else {})}


def test_each_year_has_its_own_wind_at_the_hub(tmp_path):
    # A farm of 20 MW at 12 m/s gives its rating in one year of two and nothing in the other: the grid's 7,440 MWh are bought in half of them.
    turbine = {"onshore_wind": {"system_loss": "0", "availability": "1", "variable_cost": "0 USD/MWh", "fixed_cost": "0 USD/kW/year"}}
    farm = {"name": "farm", "technology": "onshore_wind", "units": 1, "unit_size": "20 MW", "status": "existing", "in_service": date(2030, 1, 1)}
    changes = merged(JANUARY, {**with_wind("calm.csv", "windy.csv", height="110 m"), "assets": [farm], "grid": {"price": {"flat": "50 USD/MWh"}},
                                   "cooling": {"allow": ["open_tower"]}})
    values = merged(ideal(), turbine)
    site = small_site(tmp_path / "site", merged(changes, {"plan": {"resolution": "sampled"}}), files={**FILES, **WIND}, catalog=values)
    assert site.hours["hub_wind_speed"].mean("hour").values.tolist() == [0.0, 12.0]
    assert {"calm.csv", "windy.csv"} <= site.inputs.keys()
    plan = optimize(site, workers=1)
    assert plan.summary["net_present_cost_usd"] == near(0.5 * HEAT * 50)
    assert verify(plan.save(tmp_path / "plan")).ok


@pytest.mark.parametrize(("changes", "key", "found"), [
    (with_wind("calm.csv", "windy.csv"), "weather.years[0].wind", "wind at the hub is given, and [wind] does not say at which height"),
    (with_wind(None, None, height="110 m", file="calm.csv"), "wind.file", "[wind] gives one year of wind, and [weather] has 2 years"),
    (with_wind("calm.csv", None, height="110 m"), "weather.years[1]", "there is no file of wind at the height that [wind] states"),
    (with_wind("calm.csv", height="110 m", file="windy.csv"), "wind.file", "wind is given in [wind] and in the weather year"),
    ({"wind": {"height": "110 m"}}, "wind", "there is no file of wind at the height that [wind] states"),
    (with_wind("calm.csv", "fast.csv", height="110 m"), "weather.years[1].wind", '"fast.csv" line 2: 130 m/s is no wind speed')])
def test_wind_at_the_hub_that_does_not_fit(tmp_path, changes, key, found):
    with pytest.raises(SiteProblems) as problems:
        small_site(tmp_path, changes, files={**FILES, **WIND, "fast.csv": WIND["windy.csv"].replace("12", "130", 1)})
    assert [(one.key, one.title) for one in problems.value.problems] == [(key, found)]


def test_what_is_read(tmp_path):
    # Equally likely where no year has a weight; prices hold in both; the design point is that of the hot year; each file is an input of the plan.
    site = small_site(tmp_path, merged(years(None, None), {"grid": {"price": {"flat": "50 USD/MWh"}}}), files=FILES)
    assert (site.weather_years, site.weights) == (("mild", "hot"), (0.5, 0.5))
    assert site.hours.sizes == {"scenario": 2, "hour": 8760}
    assert site.hours["dry_bulb"].mean("hour").values.tolist() == pytest.approx([20.0, 35.0])
    assert (site.hours["energy_price"].values == 50.0).all()
    assert site.design.dry_bulb == pytest.approx(35.0)
    assert site.weather_from == "weather years with their probabilities: mild (0.5), hot (0.5) (nsrdb)"
    assert {"mild.csv", "hot.csv"} <= site.inputs.keys()
    single = small_site(tmp_path / "one", {"weather": {"years": [{"file": "hot.csv"}]}}, files=FILES)
    assert (single.weather_years, single.weights, single.weather_from) == ((), (1.0,), "hot.csv (nsrdb)")


def test_notes_name_the_year_that_they_are_about(tmp_path):
    gap = FILES["mild.csv"].replace("2030,1,1,5,30,20.00,", "2030,1,1,5,30,-9999,")
    site = small_site(tmp_path, years(), files={**FILES, "mild.csv": gap})
    assert site.notes == ("mild: dry_bulb: 1 missing hours filled in a straight line, the first on 1 January 05:00",)


def test_show_export_and_climate_tell_every_year(written, tmp_path):
    plan = Plan.load(written / "plan")
    shown = CliRunner().invoke(dcplan, ["show", str(written / "plan")]).output.splitlines()
    (mild, hot) = [line.split() for line in shown if line.startswith(("mild", "hot"))]
    assert (mild[1], mild[6], hot[1], hot[6]) == ("25.0", f"{HEAT * MILD:,.0f}", "75.0", f"{HEAT * HOT:,.0f}")
    made = {table.name: table for table in tables(plan)}
    years_table = made["weather_years"].frame
    assert years_table[["scenario", "weight", "phase"]].values.tolist() == [["mild", 0.25, "2030-01"], ["hot", 0.75, "2030-01"]]
    assert years_table["scenario_water_m3"].tolist() == [near(HEAT * MILD), near(HEAT * HOT)]
    assert made["weather_years"].units["scenario_water_m3"] == "m3"
    assert len(made["dispatch"].frame) == 2 * 744
    assert made["weather"].frame.groupby("scenario")["dry_bulb"].mean().to_dict() == pytest.approx({"mild": 20.0, "hot": 35.0})
    for form in ("csv", "xlsx", "gpkg", "netcdf", "json"):
        assert export(plan, form, tmp_path / f"out-{form}").exists()
    found = climate(load_site(written / "site" / "site.toml"))
    assert found.systems.groupby("system")["weather_year"].agg(list).tolist() == [["mild", "hot"]] * (len(found.systems) // 2)
    assert found.hourly.sizes["scenario"] == 2
    assert found.save(tmp_path / "climate").is_dir()
    printed = CliRunner().invoke(dcplan, ["climate", str(written / "site" / "site.toml"), "-o", str(tmp_path / "again")])
    assert printed.exit_code == 0
    assert sum(line.startswith("mild ") for line in printed.output.splitlines()) == len(found.systems) // 2


def test_reliability_is_that_of_the_highest_peak(written):
    assert assess(written / "plan", years=0).weather_year == "mild"  # equal peaks: the first
    plain = CliRunner().invoke(dcplan, ["reliability", str(written / "plan"), "--years", "0"])
    assert "in weather year mild, that of the highest peak" in plain.output
