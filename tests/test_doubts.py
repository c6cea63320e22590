"""What is possible but seldom meant is noted, and `dcplan check` says sizes by which a slip of a factor 1000 is seen."""

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.sites.doubts import Place, header_place
from dcplan.sites.weather import file_text
from small import FLEET, GRID, HALL, merged, small_site
from test_weather import GREENSBORO, PHOENIX
from test_weather_forms import MIAMI, pvgis_csv, pvgis_json

AWAY = {"latitude": "40 degree", "longitude": "105 degree", "elevation": "0 m", "utc_offset": "7 hour"}


def notes(folder: Path, **changes) -> list[str]:
    """Notes of the small site, without those of the weather's clock."""
    return [note for note in small_site(folder, changes).notes if "rows moved" not in note]


@pytest.mark.parametrize(("path", "form", "place"), [
    (PHOENIX, "epw", (33.45, -111.98, 337)), (GREENSBORO, "tmy3", (36.1, -79.95, 273)), (MIAMI, "tmy2", (25.8, -80.2667, 2))])
def test_the_place_of_a_real_file(path, form, place):
    """In TMY2 it is N 25 48, W 80 16: degrees and minutes."""
    found = header_place(file_text(path, 4000), form)
    assert found is not None
    assert (found.latitude, found.longitude, found.elevation) == pytest.approx(place, abs=1e-4)


@pytest.mark.parametrize(("text", "form", "place"), [
    (pvgis_json, "pvgis", Place(45, 8, 250)), (pvgis_csv, "pvgis", Place(45, 8, 250)),
    (lambda: "a,Latitude,Longitude\n1,-3.5,40\n", "nsrdb", Place(-3.5, 40)),
    (lambda: "a,b\n1,2\n", "nsrdb", None), (lambda: "", "nsrdb", None), (lambda: "", "epw", None), (lambda: "T,RH\n1,2\n", "csv", None)])
def test_the_place_of_made_files(text, form, place):
    assert header_place(text()[:4000], form) == place


def test_weather_of_elsewhere_is_noted(tmp_path):
    """Both at 40 N, 210 degrees apart: 2 asin(cos 40 sin 105) = 95.45 degrees of a great circle of 6371 km radius, 10,614 km."""
    assert notes(tmp_path / "there", location=AWAY) == [
        "weather file weather.csv is 10,614 km from the site, by its header at latitude 40, longitude -105: temperatures are those of that place"]
    assert notes(tmp_path / "here") == []
    # a degree of latitude is 111 km
    assert notes(tmp_path / "within", location={"latitude": "40.89 degree"}) == []
    assert len(notes(tmp_path / "beyond", location={"latitude": "40.91 degree"})) == 1


def test_weather_of_another_height_is_noted(tmp_path):
    """The file of tests/small.py is of 0 m; 200 m are 1.3 degC and 2 % of the air's pressure."""
    told = ["weather file weather.csv is of 0 m above the sea, by its header, and the site lies at 201 m: "
            "temperatures and air pressure are those of that height"]
    assert notes(tmp_path / "higher", location={"elevation": "201 m"}) == told
    assert notes(tmp_path / "near", location={"elevation": "200 m"}) == []


@pytest.mark.parametrize(("longitude", "offset", "told"), [
    ("-105", "-7", []), ("-105", "-4", []), ("180", "-12", []), ("-157", "14", []),
    ("-105", "7", ["utc_offset is +7 h, 10.0 h from the -7.0 h of the sun at longitude -105: is the sign of one of them wrong?"])])
def test_a_clock_far_from_the_sun_is_noted(tmp_path, longitude, offset, told):
    """-7 and +7 are 14 h apart, the other way round the day 10 h."""
    made = notes(tmp_path, location={"longitude": f"{longitude} degree", "utc_offset": f"{offset} hour"})
    assert [note for note in made if note.startswith("utc_offset")] == told


def test_halls_too_small_are_noted(tmp_path):
    """The rack takes 1 MW, the fleet 10 MW."""
    assert notes(tmp_path / "kilowatt", halls=[HALL | {"it_capacity": "10 kW"}]) == [
        "no hall takes a single rack: the largest has 0.01 MW, and test_rack takes 1 MW",
        "all halls together take 0.01 MW of IT, and the accelerators wanted last take 10 MW: some will stay away"]
    # 9,000 m2 at 1,000 m2 a MW
    assert notes(tmp_path / "land", limits={"land": "9000 m2"}, catalog={"hall": {"land": "1000 m2/MW"}}) == [
        "the buildable land takes halls for 9 MW of IT, and the accelerators wanted last take 10 MW: some will stay away"]
    assert notes(tmp_path / "many", halls=[{name: value for name, value in HALL.items() if name != "most"} | {"it_capacity": "1 MW"}]) == []


def test_gas_without_gas_is_noted(tmp_path):
    assert notes(tmp_path, power={"allow": ["reciprocating_engine"]}) == [
        'power.allow: "reciprocating_engine" is left out, for the site has no [gas] with its price and pipelines']


def checked(folder: Path, **changes) -> list[str]:
    small_site(folder, changes)
    shown = CliRunner().invoke(dcplan, ["check", str(folder / "site.toml")])
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    return lines[1:lines.index("design conditions, exceeded in 0.4% of the hours:")]


def test_check_says_sizes(tmp_path):
    stages = [GRID | {"name": name, "capacity": f"{power} MW", "one_of": "way"} for name, power in (("a", 20), ("b", 30))] + [GRID | {"capacity": "500 kW"}]
    charges = [{"name": "peak", "rate": "12 USD/W/month"}]  # meant: USD/kW/month
    assert checked(tmp_path, grid={"stages": stages, "price": {"flat": "61 USD/kWh"}, "demand_charges": charges}) == [
        "energy price: 61,000.0 USD/MWh", "demand charge peak: 12,000.0 USD/kW/month", "grid: 30.5 MW at most",
        "wanted last: 1,000 accelerators, 10.0 MW of IT installed, in their hungriest racks",
        "halls: one 1 of 10.0 MW; room for 10.0 MW of IT installed"]


def test_check_says_what_of_the_energy_price_is_the_adder(tmp_path):
    price = {"flat": "30 USD/MWh", "adder": "4.5 USD/MWh"}
    assert checked(tmp_path, grid={"stages": [GRID], "price": price})[0] == "energy price: 34.5 USD/MWh, the adder of 4.5 USD/MWh in it"


def test_check_says_sizes_of_an_island_and_prices_by_hour(tmp_path):
    """A third of the day at 90, the rest at 30: 50 on average."""
    windows = [{"price": "30 USD/MWh"}, {"price": "90 USD/MWh", "hours": list(range(8))}]
    halls = [{name: value for name, value in HALL.items() if name != "most"}]
    fleet = [FLEET | {"wanted": [{"by": datetime.date(2030, 1, 1), "count": "100 accelerator"}]}]
    made = checked(tmp_path / "hours", grid={"stages": [GRID], "price": {"time_of_use": windows}}, halls=halls, fleet=fleet)
    assert made == ["energy price: 50.0 USD/MWh on average, 30.0 to 90.0 by hour", "grid: 1,000.0 MW at most",
                    "wanted last: 100 accelerators, 1 MW of IT installed, in their hungriest racks", "halls: one any number of 10.0 MW"]
    assert checked(tmp_path / "island", grid={"stages": []})[0] == "grid: no connection"


WASTEFUL = {"water": {"right": "1470 m3/year"}, "limits": {"emissions": "100 tonne_CO2e/year", "capital_per_year": "2 MUSD/year"},
            "grid": {"carbon": {"flat": "400 kg_CO2e/MWh"}}}


def test_check_says_yearly_budgets(tmp_path):
    """100 t are 250 MWh at 0.4 t/MWh; 10 MW of IT take 87,600 MWh a year; 1.47 m3 evaporate with a MWh."""
    made = checked(tmp_path, **WASTEFUL)
    assert made[2:5] == ["emissions: 100.0 tonne_CO2e/year at most: 250.0 MWh from the grid at its mean, 0.285 % of a year of the IT wanted last",
                         "water right: 1,470.0 m3/year, to evaporate with 1,000.0 MWh of heat, 1.14 % of a year of the IT wanted last",
                         "capital: 2 MUSD/year at most"]


def test_check_says_that_no_water_may_be_used(tmp_path):
    assert "water right: no water may be used" in checked(tmp_path, water={"right": "0 m3/year"})


def test_check_says_how_prices_rise(tmp_path):
    grid = {"stages": [GRID], "price": {"flat": "30 USD/MWh", "adder": "4.5 USD/MWh"}, "escalation": "2 %/year"}
    made = checked(tmp_path, grid=grid, gas=GAS | {"escalation": "-1.5 %/year"})
    assert (made[0], made[2]) == ("energy price: 34.5 USD/MWh, the adder of 4.5 USD/MWh in it, rises 2 %/year beyond inflation",
                                  "gas price: 10.0 USD/MWh of fuel, falls 1.5 %/year beyond inflation")


FOUND = "limits.emissions is 100.0 tonne_CO2e a year, which allows {} MWh from the source of least carbon, and the accelerators wanted last take {} MWh " \
        "of IT a year: some may stay away"
GAS = {"price": "10 USD/MWh", "pipelines": [{"name": "pipe", "capacity": "100 MW", "available_from": datetime.date(2030, 1, 1), "status": "existing"}]}


@pytest.mark.parametrize(("changes", "told"), [
    ({}, [FOUND.format("250.0", "87,600.0")]),
    ({"fleet": [FLEET | {"shed_allowance": "50 %"}]}, [FOUND.format("250.0", "43,800.0")]),
    ({"grid": {"carbon": {"flat": "1 kg_CO2e/MWh"}}}, []),                              # 100,000 MWh
    ({"power": {"allow": ["solar_pv"]}}, []),                                           # has none
    ({"gas": GAS, "power": {"allow": ["reciprocating_engine"]}}, [FOUND.format("552.3", "87,600.0")]),  # a MWh of gas for a MWh: 0.18105 t
    ({"power": {"allow": ["reciprocating_engine"]}}, [FOUND.format("250.0", "87,600.0")]),  # no gas to burn
    ({"grid": {"stages": []}}, []),                                                     # no source at all: told of power
])
def test_emissions_below_the_least_that_is_asked_for_are_noted(tmp_path, changes, told):
    limits = {"limits": {"emissions": "100 tonne_CO2e/year"}, "grid": {"stages": [GRID], "carbon": {"flat": "400 kg_CO2e/MWh"}}}
    assert [note for note in notes(tmp_path, **merged(limits, changes)) if "emissions" in note] == told


@pytest.mark.parametrize(("most", "pods", "told"), [
    # 10 racks of 1 MUSD in one calendar year.
    ("9 MUSD/year", 1, ["limits.capital_per_year allows 9 MUSD in the calendar year of the plan, and racks for the accelerators wanted last cost "
                        "10.0 MUSD alone: some will stay away"]),
    ("9 MUSD/year", 10, ["limits.capital_per_year is 9 MUSD a year, and the cheapest pod of racks costs 10.0 MUSD: none can be bought"]),
    ("10 MUSD/year", 10, []),
])
def test_capital_below_the_price_of_racks_is_noted(tmp_path, most, pods, told):
    made = notes(tmp_path, limits={"capital_per_year": most}, fleet=[FLEET | {"racks_per_pod": pods}], catalog={"test_rack": {"rack_price": "1 MUSD"}})
    assert [note for note in made if "capital" in note] == told


def test_capital_of_every_calendar_year_counts_whole(tmp_path):
    """From November to the first of January is one calendar year, a month more lies in the next: 4 and 8 of 10 MUSD."""
    rich = {"limits": {"capital_per_year": "4 MUSD/year"}, "catalog": {"test_rack": {"rack_price": "1 MUSD"}}}
    told = []
    for end in (datetime.date(2031, 1, 1), datetime.date(2031, 2, 1)):
        made = notes(tmp_path, **rich, plan={"start": datetime.date(2030, 11, 1), "end": end, "steps": [{"until": end, "step": "month"}]})
        told += [note.split(", and")[0] for note in made if "capital" in note]
    assert told == ["limits.capital_per_year allows 4 MUSD in the calendar year of the plan",
                    "limits.capital_per_year allows 8 MUSD in the 2 calendar years of the plan"]


def test_check_says_that_what_is_committed_is_no_part_of_the_capital_of_a_year(tmp_path):
    made = checked(tmp_path, limits={"capital_per_year": "2 MUSD/year"}, grid={"stages": [GRID | {"status": "committed"}]})
    assert "capital: 2 MUSD/year at most, besides what is committed" in made


NOTHING = "nothing else that is allowed takes heat outside, so nothing can be cooled"


@pytest.mark.parametrize(("allow", "told"), [
    (["open_tower"], [f"water.right is 0, and open_tower draws water in every hour: {NOTHING}"]),
    (["open_tower", "water_cooled_chiller", "closed_tower"],
     [f"water.right is 0, and open_tower, closed_tower draw water in every hour: {NOTHING}"]),
    (["open_tower", "dry_cooler"], ["water.right is 0, and open_tower draws water in every hour: only what else is allowed can cool"]),
    (["dry_cooler"], []),
])
def test_towers_without_water_are_noted(tmp_path, allow, told):
    assert [note for note in notes(tmp_path, cooling={"allow": allow}, water={"right": "0 m3/year"}) if "water" in note] == told
    assert [note for note in notes(tmp_path / "wet", cooling={"allow": allow}, water={"right": "1 m3/year"}) if "water" in note] == []


@pytest.mark.parametrize(("rate", "told"), [  # a twelfth of 120; 730 hours of a month are 30.4 days
    ("120 USD/kW/year", ['grid.demand_charges[0].rate is "120 USD/kW/year", told by the year: it is billed by the month, 10.0 USD/kW/month of each '
                         'month\'s highest hour; where the highest hour of the year is billed, add ratchet = "100 %"']),
    ("0.4 USD/kW/day", ['grid.demand_charges[0].rate is "0.4 USD/kW/day", told by the day: it is billed by the month, 12.2 USD/kW/month of each '
                        'month\'s highest hour; where the highest hour of the year is billed, add ratchet = "100 %"']),
    ("10 USD/kW/month", []),
])
def test_demand_charges_by_another_time_than_the_month_are_noted(tmp_path, rate, told):
    assert [note for note in notes(tmp_path, grid={"demand_charges": [{"name": "peak", "rate": rate}]}) if "demand" in note] == told


DEAR, CHEAP = "known tariffs have 5 to 400 (`dcplan catalog tariff`)", "0.03 USD/MWh"


@pytest.mark.parametrize(("price", "told"), [
    ({"flat": "30 USD/kWh"}, [f"grid.price.flat is 30,000.0 USD/MWh, and {DEAR}: is 30.0 USD/MWh meant?"]),
    ({"flat": CHEAP}, [f"grid.price.flat is {CHEAP}, and {DEAR}: is 30.0 USD/MWh meant?"]),
    ({"flat": "900 USD/MWh"}, [f"grid.price.flat is 900.0 USD/MWh, and {DEAR}"]),
    ({"time_of_use": [{"price": "30 USD/MWh"}, {"price": "90 USD/kWh", "hours": [1]}]},
     [f"grid.price.time_of_use[1].price is 90,000.0 USD/MWh, and {DEAR}: is 90.0 USD/MWh meant?"]),
    ({"hourly": "price.csv", "unit": "USD/kWh", "adder": "90 USD/MWh"}, [f"grid.price.hourly is 50,000.0 USD/MWh, and {DEAR}: is 50.0 USD/MWh meant?"]),
    ({"flat": "30 USD/MWh", "adder": "4 USD/kWh"},
     ["grid.price.adder is 4,000.0 USD/MWh, and known tariffs have 0 to 150 (`dcplan catalog tariff`): is 4 USD/MWh meant?"]),
    ({"flat": "5 USD/MWh"}, []), ({"flat": "400 USD/MWh"}, []), ({"flat": "0 USD/MWh"}, []), ({"flat": "-20 USD/MWh"}, []),
    ({"hourly": "price.csv"}, []),  # 8,759 hours of 49.9 and one of 925.9: 50 on average
])
def test_prices_beyond_those_of_known_tariffs_are_noted(tmp_path, price, told):
    hourly = "price\n" + "49.9\n" * 8759 + "925.9\n"
    site = small_site(tmp_path, {"grid": {"stages": [GRID], "price": price}}, {"price.csv": hourly})
    assert [note for note in site.notes if "tariffs" in note] == told


PAID = "costs less than nothing in {} hours of the year, at prices of the base year: to use more of it pays there, so losses and the power of cooling " \
       "at part load may be told too high, with PUE and the facility's peak, and cost too low"


@pytest.mark.parametrize(("grid", "carbon_price", "told"), [
    # 100 hours at -10 USD/MWh, 30 at -25, the rest at 40. An adder of 15 leaves 30 below zero; so do 0.5 t/MWh at 30 USD/t.
    ({"price": {}}, "0", [f"energy of the grid {PAID.format(130)}"]),
    ({"price": {"adder": "15 USD/MWh"}}, "0", [f"energy of the grid {PAID.format(30)}"]),
    ({"price": {}, "carbon": {"flat": "0.5 tonne_CO2e/MWh"}}, "30", [f"energy of the grid, with what its carbon costs, {PAID.format(30)}"]),
    ({"price": {"adder": "25 USD/MWh"}}, "0", []),
])
def test_hours_in_which_using_energy_pays_are_noted(tmp_path, grid, carbon_price, told):
    hourly = "price\n" + "-10\n" * 100 + "-25\n" * 30 + "40\n" * 8630
    prices = merged({"stages": [GRID], "price": {"hourly": "price.csv", "unit": "USD/MWh"}}, grid)
    site = small_site(tmp_path, {"grid": prices, "carbon_price": f"{carbon_price} USD/tonne_CO2e"}, {"price.csv": hourly})
    assert [note for note in site.notes if "less than nothing" in note] == told


def test_prices_of_demand_and_gas_beyond_known_tariffs_are_noted(tmp_path):
    made = notes(tmp_path, grid={"demand_charges": [{"name": "peak", "rate": "12 USD/W/month"}]}, gas=GAS | {"price": "10 USD/kWh"})
    assert [note for note in made if "tariffs" in note] == [
        "grid.demand_charges[0].rate is 12,000.0 USD/kW/month, and known tariffs have 0.5 to 100 (`dcplan catalog tariff`): is 12.0 USD/kW/month meant?",
        "gas.price is 10,000.0 USD/MWh, and known tariffs have 2 to 150 (`dcplan catalog tariff`): is 10.0 USD/MWh meant?"]


BEYOND = "beyond inflation, in every year of the plan, and prices have changed by -10 to 10 %/year over decades (`dcplan catalog tariff`)"


@pytest.mark.parametrize(("rates", "told"), [
    (("10 %/year", "-10 %/year"), []),
    (("20 %/year", "-10.5 %/year"), [f"grid.escalation is 20 %/year {BEYOND}", f"gas.escalation is -10.5 %/year {BEYOND}"])])
def test_escalation_beyond_that_of_known_prices_is_noted(tmp_path, rates, told):
    made = notes(tmp_path, grid={"stages": [GRID], "price": {"flat": "30 USD/MWh"}, "escalation": rates[0]}, gas=GAS | {"escalation": rates[1]})
    assert [note for note in made if "escalation" in note] == told
