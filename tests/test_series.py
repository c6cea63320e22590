"""Hourly series of a site on the model calendar: forms of price, windows, non-firm power; hours counted by hand."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from dcplan.models.catalog import load_catalog
from dcplan.sites.energy import CarbonIntensity, EnergyPrice, Stage
from dcplan.sites.fleet import Tranche
from dcplan.sites.hourly_files import Files
from dcplan.sites.series import SeriesProblem, availability, carbon_intensity, energy_price, hours_of_day, months, utilisation, weekdays

MARCH_1 = (31 + 28) * 24
HERE = Path()


def price(folder: Path = HERE, year: int = 2025, **given) -> np.ndarray:
    return energy_price(EnergyPrice.model_validate(given), Files(folder), weekdays(year))


def test_calendar():
    assert months()[MARCH_1 - 1 : MARCH_1 + 1].tolist() == [2, 3]
    assert hours_of_day()[MARCH_1 - 1 : MARCH_1 + 1].tolist() == [23, 0]
    assert len(months()) == len(hours_of_day()) == 8760


def test_weekdays_of_a_year():
    days = weekdays(2025).reshape(365, 24)
    assert days[:7, 0].tolist() == [1, 1, 1, 0, 0, 1, 1]  # 1 January 2025 was a Wednesday
    assert days.sum() == 261 * 24
    assert (days == days[:, :1]).all()


def test_weekdays_of_a_leap_year_leave_29_february_out():
    days = weekdays(2024)[::24]
    assert days[58:60].tolist() == [1, 1]  # 28 February 2024 was a Wednesday, 1 March a Friday
    assert days[60] == 0


def test_flat_price_with_adder():
    assert np.unique(price(flat="40 USD/MWh", adder="6 USD/MWh")).tolist() == [46]


def test_time_of_use_later_window_wins():
    found = price(time_of_use=(
        {"price": "50 USD/MWh"}, {"price": "90 USD/MWh", "months": (6, 7), "hours": (14, 15, 16)}, {"price": "-5 USD/MWh", "hours": (3,)}))
    june_1 = 151 * 24
    assert found[june_1 + 12 : june_1 + 18].tolist() == [50, 50, 90, 90, 90, 50]
    assert [found[june_1 + 3], found[3], found[0]] == [-5, -5, 50]
    assert (found == 90).sum() == 61 * 3
    assert (found == -5).sum() == 365


def test_weekday_window():
    found = price(time_of_use=({"price": "50 USD/MWh"}, {"price": "90 USD/MWh", "months": (1,), "hours": (14,), "weekdays_only": True}))
    assert found.reshape(365, 24)[:7, 14].tolist() == [90, 90, 90, 50, 50, 90, 90]
    assert (found == 90).sum() == 23  # January 2025: 31 days less 4 Saturdays and 4 Sundays


def test_hours_in_no_window_are_counted():
    with pytest.raises(SeriesProblem, match=r"^8395 hours of the year lie in no window"):
        price(time_of_use=({"price": "50 USD/MWh", "hours": (0,)},))


@pytest.mark.parametrize(("given", "count"), [
    ({}, 0), ({"flat": "4 USD/MWh", "table": "a.csv"}, 2), ({"flat": "4 USD/MWh", "time_of_use": ({"price": "50 USD/MWh"},)}, 2)])
def test_exactly_one_form(given, count):
    with pytest.raises(SeriesProblem, match=f"^{count} forms are given") as found:
        price(**given)
    assert found.value.mend == "give exactly one of flat, time_of_use, table, hourly"


def table(folder: Path, rows: list[tuple]) -> None:
    (folder / "table.csv").write_text("\n".join(["month,hour_local,price,other", *(",".join(map(str, row)) for row in rows)]))


def test_table_is_placed_by_month_and_hour_whatever_its_order(tmp_path):
    rows = [(month, hour, 100 * month + hour, 0) for hour in range(24) for month in range(1, 13)]
    table(tmp_path, rows)
    found = price(tmp_path, table="table.csv", column="price")
    assert [found[0], found[23], found[24], found[MARCH_1 - 1], found[MARCH_1 + 5], found[8759]] == [100, 123, 100, 223, 305, 1223]


def test_table_in_another_unit(tmp_path):
    table(tmp_path, [(month, hour, 5, 0) for month in range(1, 13) for hour in range(24)])
    assert np.unique(price(tmp_path, table="table.csv", column="price", unit="USD/kWh")).tolist() == [5000]
    assert carbon_intensity(CarbonIntensity(table=Path("table.csv"), column="price"), Files(tmp_path))[0] == pytest.approx(0.005)


def test_table_with_hours_1_to_24_is_refused(tmp_path):
    table(tmp_path, [(month, hour + 1, 5, 0) for month in range(1, 13) for hour in range(24)])
    with pytest.raises(SeriesProblem, match="does not give every month and hour once"):
        price(tmp_path, table="table.csv", column="price")


def test_hourly_takes_the_last_column_where_none_is_named(tmp_path):
    (tmp_path / "hourly.csv").write_text("hour,price\n" + "\n".join(f"{hour},{hour / 10}" for hour in range(8760)))
    found = price(tmp_path, hourly="hourly.csv")
    assert [found[0], found[7], found[8759]] == [0, 0.7, 875.9]


@pytest.mark.parametrize(("text", "given", "message"), [
    ("price\n" + "1\n" * 8759, {}, '"hourly.csv" has 8,759 rows'),
    ("price\n" + "1\n" * 4 + "x\n" + "1\n" * 8755, {}, '"hourly.csv" line 6: "x" is not a number'),
    ("price\n" + "1\n" * 8760, {"column": "cost"}, '"hourly.csv" has no column "cost"'),
    ("price\n" + "1\n" * 8760, {"unit": "USD/MW"}, '"USD/MW" is no unit of a price of energy'),
    ("", {}, '"hourly.csv" has 0 rows'),
])
def test_hourly_that_cannot_be_used(tmp_path, text, given, message):
    (tmp_path / "hourly.csv").write_text(text)
    with pytest.raises(SeriesProblem, match=f"^{message}"):
        price(tmp_path, hourly="hourly.csv", **given)


def test_no_file():
    with pytest.raises(SeriesProblem, match=r'there is no file "none\.csv"'):
        price(hourly="none.csv")


def stage(**given) -> Stage:
    return Stage.model_validate({"name": "early", "capacity": "40 MW", "firm": False, "available_from": date(2027, 1, 1), **given})


def test_non_firm_stage_gives_nothing_in_the_dearest_hours():
    dear = np.zeros(8760)
    dear[[5, 100, 8000]] = [30, 20, 10]
    found = availability(stage(unavailable_hours="2 hour"), Files(HERE), dear, 0)
    assert np.flatnonzero(found == 0).tolist() == [5, 100]
    assert found.sum() == 8758


def test_non_firm_stage_from_a_file(tmp_path):
    (tmp_path / "share.csv").write_text("share\n" + "0.5\n" * 8760)
    assert np.unique(availability(stage(availability="share.csv"), Files(tmp_path), np.zeros(8760), 0)).tolist() == [0.5]
    (tmp_path / "share.csv").write_text("share\n" + "50\n" * 8760)
    with pytest.raises(SeriesProblem, match=r'"share\.csv" line 2: 50 is no share'):
        availability(stage(availability="share.csv"), Files(tmp_path), np.zeros(8760), 0)


def tranche(workload: str, **given) -> Tranche:
    return Tranche.model_validate({
        "name": "a", "workload": workload, "variants": ("gb200_nvl72",), "wanted": ({"by": date(2027, 1, 1), "count": "72 GPU"},),
        "value_of_compute": "1 USD/GPU/hour", "value_of_lost_load": "2 USD/GPU/hour", **given})


def test_utilisation():
    daily = tuple(f"{hour} %" for hour in range(24))
    assert utilisation(tranche("inference", utilisation={"daily": daily}), load_catalog())[24:27].tolist() == pytest.approx([0, 0.01, 0.02])
    assert utilisation(tranche("inference", utilisation={"flat": "60 %"}), load_catalog())[0] == pytest.approx(0.6)
    assert np.unique(utilisation(tranche("training"), load_catalog())).tolist() == [load_catalog().number("workload.training", "utilisation", "1")]
    shape = utilisation(tranche("inference"), load_catalog())
    assert shape.argmax() == 20
    assert shape.max() == pytest.approx(1)
    assert shape.min() > 0
