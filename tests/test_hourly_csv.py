"""Hourly files as people have them: each reads right, or is refused with what to do."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from dcplan.sites import load_site
from dcplan.sites.energy import CarbonIntensity, EnergyPrice
from dcplan.sites.hourly_csv import ORDER
from dcplan.sites.hourly_files import Files
from dcplan.sites.measured import Load
from dcplan.sites.series import SeriesProblem, carbon_intensity, energy_price, facility_load, hourly_column
from dcplan.sites.weather import read_weather
from dcplan.sites.wind import SPEED
from test_measured import problem_of, write_site
from test_weather_forms import COLUMNS, plain
from test_weather_forms import table as weather_table

VALUES = [5 + hour % 24 / 10 for hour in range(8760)]
START = datetime(2023, 1, 1)


def times(rows: int = 8760, start: datetime = START, form: str = "%Y-%m-%d %H:%M") -> list[str]:
    return [(start + timedelta(hours=hour)).strftime(form) for hour in range(rows)]


def table(stamps: list[str], values=None, head: str = "time,mw", separator: str = ",", decimal: str = ".") -> str:
    cells = [str(value).replace(".", decimal) for value in (VALUES + VALUES[:24] if values is None else values)[: len(stamps)]]
    return "\n".join([head.replace(",", separator), *(f"{stamp}{separator}{cell}" for stamp, cell in zip(stamps, cells, strict=True)), ""])


def read(folder: Path, text: str | bytes, **given) -> np.ndarray:
    (folder / "load.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return facility_load(Load.model_validate({"file": Path("load.csv"), "value_of_lost_load": "5000 USD/MWh", **given}), Files(folder))


def refused(folder: Path, text: str | bytes, **given) -> SeriesProblem:
    with pytest.raises(SeriesProblem) as found:
        read(folder, text, **given)
    return found.value


@pytest.mark.parametrize("text", [
    table(times()), "\ufeff" + table(times()), table(times()).replace("\n", "\r\n"), table(times(), separator=";"), table(times(), separator="\t"),
    table(times(), separator=";", decimal=","), table(times(form="%m/%d/%Y %H:%M")), table(times(form="%d.%m.%Y %H:%M"), separator=";", decimal=","),
    table(times(start=START + timedelta(minutes=30))), table(times(start=START + timedelta(hours=1))), table(times(), head="time, mw "),
    table([f"{stamp}-06:00" for stamp in times()]), table(times(), head='time,"mw"') + "\n\n", table([str(hour) for hour in range(8760)]),
    table([stamp.replace("2023", "1999") if "-07-" in stamp else stamp for stamp in times()])],
    ids=["plain", "byte order mark", "Windows", "semicolons", "tabs", "decimal commas", "month first", "day first", "half past", "ends of hours", "blanks",
         "zone", "empty lines", "numbers", "a typical year"])
def test_what_reads_reads_right(tmp_path, text):
    assert read(tmp_path, text, column="mw").tolist() == VALUES


def test_a_leap_year_leaves_29_february_out(tmp_path):
    values = list(range(8784))  # 29 February is hours 1416 to 1439
    found = read(tmp_path, table(times(8784, datetime(2024, 1, 1)), values))
    assert found[[1415, 1416, 8759]].tolist() == [1415, 1440, 8783]
    assert read(tmp_path, table([str(hour) for hour in values], values))[[1415, 1416, 8759]].tolist() == [1415, 1440, 8783]


def ends_without_29_february() -> list[str]:
    """Ends of hours of 2024: the last hour of 28 February ends on the 29th at 00:00, the next row is 1 March 01:00."""
    stamps = times(8784, datetime(2024, 1, 1, 1))
    return stamps[:1416] + stamps[1440:]


@pytest.mark.parametrize("stamps", [
    ends_without_29_february(),
    [f"{stamp}-06:00" if hour > 4000 else f"{was}-07:00" for hour, (stamp, was) in enumerate(zip(times(start=START + timedelta(hours=1)), times()))],
    [stamp if hour != 7 else "2023-01-01 06:59:59.999997" for hour, stamp in enumerate(times())],
    [f"2022-12-{hour % 2 + 1:02} 12:00,{stamp}" for hour, stamp in enumerate(times())]],
    ids=["ends of hours without 29 February", "another offset at the right time", "3 microseconds early", "times of publication before those of hours"])
def test_times_that_are_an_hour_apart_read(tmp_path, stamps):
    head = "published,start,mw" if "," in stamps[0] else "time,mw"
    assert read(tmp_path, table(stamps, head=head), column="mw").tolist() == VALUES


def test_a_leap_year_of_ends_of_hours_leaves_29_february_out(tmp_path):
    found = read(tmp_path, table(times(8784, datetime(2024, 1, 1, 1)), list(range(8784))))
    assert found[[1415, 1416, 8759]].tolist() == [1415, 1440, 8783]


def test_a_year_that_begins_at_another_zones_midnight_is_told_with_the_zone(tmp_path):
    problem = refused(tmp_path, table([f"{stamp}Z" for stamp in times(start=START + timedelta(hours=7))]))
    assert (problem.found, problem.mend) == ('"load.csv" begins at 2023-01-01 07:00+00:00',
                                             f"{ORDER}; its times are in UTC, and have to be on the site's own clock")


def summer(stamps: list[str]) -> list[str]:
    """The clock an hour on from 12 March 2023 2:00 to 5 November 2:00, as in America: one hour is left out, one comes twice."""
    first, last = datetime(2023, 3, 12, 2), datetime(2023, 11, 5, 1)
    moved = [datetime.fromisoformat(stamp) for stamp in stamps]
    return [(one + timedelta(hours=first <= one < last)).strftime("%Y-%m-%d %H:%M") for one in moved]


@pytest.mark.parametrize(("text", "found", "mend"), [
    # 70 days of 24 h before 12 March, two hours of it, and the line of names: 03:00 stands on line 1684
    (table(summer(times())), '"load.csv" line 1684: 2023-03-12 03:00 comes after 2023-03-12 01:00', ORDER),
    (table(times()[:5000] + times()[5001:]),
     '"load.csv" has 8,759 rows; line 5002: 2023-07-28 09:00 comes after 2023-07-28 07:00',
     f"expected 8,760 from 1 January 00:00 (8,784 in a leap year), under one line of column names; {ORDER}"),
    (table(times(start=datetime(2023, 7, 1))), '"load.csv" begins at 2023-07-01 00:00', ORDER),
    (table(times(8760, datetime(2024, 1, 1))), '"load.csv" has 24 of its 8,760 rows on 29 February', ORDER),
    (table([f"{stamp}-0{6 - (4000 < number < 5000)}:00" for number, stamp in enumerate(times())]),
     '"load.csv" line 4003: the clock changes from 2023-06-16 16:00-06:00 to 2023-06-16 17:00-05:00', ORDER),
    ("time,mw\n" + "x,1\n" * 35040, '"load.csv" has 35,040 rows',
     "expected 8,760 from 1 January 00:00 (8,784 in a leap year), under one line of column names; these look like quarter hours: average each four rows"),
    (table(times(), decimal=","), '"load.csv" line 2 has 3 cells under 2 column names',
     "give each cell a name; where a comma is a decimal comma, separate cells by semicolons"),
    (b"PK\x03\x04\0\0", '"load.csv" is no plain text', "save it as CSV in UTF-8"),
    (table(times(), [f'"1,{hour % 10:03}"' for hour in range(8760)]), '"load.csv" line 2: "1,000" is not a number',
     'every row needs a number, without unit and thousands commas, with a decimal point; "1,000" may be a thousands or a decimal comma'),
    (table(times(), ["5 MW"] * 8760), '"load.csv" line 2: "5 MW" is not a number',
     "every row needs a number, without unit and thousands commas, with a decimal point"),
    ("", '"load.csv" has 0 rows', "expected 8,760 from 1 January 00:00 (8,784 in a leap year), under one line of column names")])
def test_what_cannot_be_meant_is_refused_with_the_line(tmp_path, text, found, mend):
    problem = refused(tmp_path, text)
    assert (problem.found, problem.mend.partition("; no column is named")[0]) == (found, mend)


@pytest.mark.parametrize("name", ["load [kW]", "load (kW)", "load_kw", "kW"])
def test_a_unit_in_the_name_of_a_column_is_not_passed_over(tmp_path, name):
    problem = refused(tmp_path, table(times(), head=f"time,{name}"))
    assert (problem.key, problem.found) == (("load", "unit"), f'column "{name}" of "load.csv" is in kW by its name, and is taken to be in MW')
    assert problem.mend == 'write unit = "kW", or name the column otherwise where it is in MW'
    assert refused(tmp_path, table(times(), head=f"time,{name}"), unit="MW").found == problem.found
    assert read(tmp_path, table(times(), head=f"time,{name}"), unit="kW")[0] == pytest.approx(0.005)


@pytest.mark.parametrize(("name", "headed"), [("usage [kWh]", "kWh"), ("Consumption (KWH)", "KWH"), ("usage_kwh", "kWh")])
def test_energy_by_hour_is_a_power(tmp_path, name, headed):
    problem = refused(tmp_path, table(times(), head=f"time,{name}"))
    assert problem.found == f'column "{name}" of "load.csv" is in {headed} by its name, and is taken to be in MW'
    assert problem.mend == 'write unit = "kW", or name the column otherwise where it is in MW'
    assert read(tmp_path, table(times(), head=f"time,{name}"), unit="kW")[0] == pytest.approx(0.005)  # 5 kWh in an hour are 0.005 MW
    assert read(tmp_path, table(times(), head="time,usage [MWh]"))[0] == 5


@pytest.mark.parametrize("headed", ["%", "kVA", "USD/MWh"])
def test_a_unit_of_another_kind_is_refused(tmp_path, headed):
    problem = refused(tmp_path, table(times(), head=f"time,load [{headed}]"))
    assert problem.found == f'column "load [{headed}]" of "load.csv" is in {headed} by its name, and is taken to be in MW'
    assert problem.mend == "convert it to MW, or name the column otherwise where it is in MW"


def test_carbon_by_its_heading(tmp_path):
    def carbon(head: str, **given) -> float:
        (tmp_path / "carbon.csv").write_text(table(times(), [400] * 8760, head=f"time,{head}"))
        return carbon_intensity(CarbonIntensity(hourly=Path("carbon.csv"), **given), Files(tmp_path))[0]

    with pytest.raises(SeriesProblem) as found:
        carbon("rate [lb/MWh]")
    assert found.value.mend == 'write unit = "lb_CO2e/MWh", or name the column otherwise where it is in kg_CO2e/MWh'
    assert carbon("rate [lb/MWh]", unit="lb_CO2e/MWh") == pytest.approx(0.181437, rel=1e-5)  # 400 x 0.45359237 kg
    assert [carbon("rate [kg/MWh]"), carbon("rate (gCO2eq/kWh)")] == pytest.approx([0.4, 0.4])


def test_wind_in_another_unit_by_its_heading_is_refused(tmp_path):
    (tmp_path / "wind.csv").write_text(table(times(), head="time,speed [km/hour]"))
    with pytest.raises(SeriesProblem) as found:
        hourly_column(Path("wind.csv"), None, Files(tmp_path), ("wind", "file"), SPEED)
    assert (found.value.found, found.value.mend) == ('column "speed [km/hour]" of "wind.csv" is in km/hour by its name, and is taken to be in m/s',
                                                     "convert it to m/s, or name the column otherwise where it is in m/s")


@pytest.mark.parametrize("name", ["load [MW]", "load_mw", "load [kg]", "load (all halls)", "load (1)", "load (RT)", "load"])
def test_a_name_that_says_nothing_else_is_none_to_ask_about(tmp_path, name):
    assert read(tmp_path, table(times(), head=f"time,{name}"))[0] == 5


@pytest.mark.parametrize("name", ["LMP ($/MWh)", "LMP (US$/MWh)", "LMP [usd/mwh]", "LMP ($)", "LMP (RT)"])
def test_a_price_in_dollars_by_its_heading_is_one(tmp_path, name):
    (tmp_path / "price.csv").write_text(table(times(), head=f"time,{name}"))
    assert energy_price(EnergyPrice(hourly=Path("price.csv")), Files(tmp_path), np.ones(8760))[0] == 5


@pytest.mark.parametrize("name", ["price [EUR/MWh]", "price (€/MWh)", "price [USD/kWh]", "price (cents/kWh)"])
def test_prices_in_other_money_are_not_taken_for_dollars(tmp_path, name):
    (tmp_path / "price.csv").write_text(table(times(), head=f"time,{name}"), encoding="utf-8")
    headed = name[7:-1]
    with pytest.raises(SeriesProblem) as found:
        energy_price(EnergyPrice(hourly=Path("price.csv")), Files(tmp_path), np.ones(8760))
    assert found.value.found == f'column "{name}" of "price.csv" is in {headed} by its name, and is taken to be in USD/MWh'
    assert found.value.mend.startswith('write unit = "USD/kWh"' if "USD" in headed else "convert it to USD/MWh")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_thousands_comma_is_not_taken_for_a_decimal_comma(tmp_path, separator):
    problem = refused(tmp_path, table(times(), ["987", '"1,234"'] * 4380, "time,load_kw", separator), unit="kW")
    assert (problem.found, problem.mend.partition("; no column")[0]) == (
        '"load.csv" line 3: "1,234" is not a number',
        'every row needs a number, without unit and thousands commas, with a decimal point; "1,234" may be a thousands or a decimal comma')
    assert read(tmp_path, table(times(), ["987", "1,234", "0,125"] * 2920, "time,mw", separator))[:3].tolist() == [987, 1.234, 0.125]
    assert read(tmp_path, table(times(), ["1,234", "1,2"] * 4380, "time,mw", separator))[:2].tolist() == [1.234, 1.2]


@pytest.mark.parametrize("text", [table(times()).replace("\n", "\r"), table(times()).replace("\n", ", \n").replace("mw,", "mw"),
                                  table(times(), head='time,"mw"').replace("time", '"time; start"')],
                         ids=["lone carriage returns", "a last separator of rows", "a semicolon in quotes"])
def test_what_programmes_leave_behind_reads(tmp_path, text):
    assert read(tmp_path, text, column="mw").tolist() == VALUES


def test_what_is_no_csv_is_refused(tmp_path):
    problem = refused(tmp_path, f"time,mw\n1,{'5' * 200_000}\n")  # the reader's own limit is 131,072 characters
    assert (problem.found, problem.mend) == ('"load.csv" line 1 does not read as CSV: field larger than field limit (131072)',
                                             "save it as CSV, one line a row, and close what is quoted")


def test_lines_are_those_of_the_file_after_29_february(tmp_path):
    values = [5.0] * 8784
    values[2000] = -1.0  # after the line of names, and counted from 1
    stamps = times(8784, datetime(2024, 1, 1))
    assert refused(tmp_path, table(stamps, values)).found == '"load.csv" line 2002: -1 MW'
    assert refused(tmp_path, table(stamps, [*values[:2000], "x", *values[2001:]])).found == '"load.csv" line 2002: "x" is not a number'
    assert refused(tmp_path, table(stamps, values).replace("\n", "\n\n", 1)).found == '"load.csv" line 2003: -1 MW'  # an empty line before


def test_where_no_column_is_named_the_last_is_told(tmp_path):
    problem = refused(tmp_path, table(times(), [f"{value},HB" for value in VALUES], head="time,mw,node"))
    assert problem.found == '"load.csv" line 2: "HB" is not a number'
    assert problem.mend.endswith("; no column is named, so it is the last that is read, of time, mw, node")


@pytest.mark.parametrize("given", [{"format": "epw"}, {"format": "csv", "columns": {name: COLUMNS[name] for name in ("dry_bulb", "relative_humidity")}}])
def test_a_folder_in_place_of_weather_is_told(tmp_path, given):
    problem = problem_of(write_site(tmp_path, {"weather": {"file": ".", **given}}))
    assert (problem.code, problem.key, problem.title) == ("file", "weather.file", '"." cannot be read: Is a directory')


def test_a_unit_of_weather_that_cannot_be_is_told_at_the_unit(tmp_path):
    (tmp_path / "year.csv").write_text(weather_table(8760, lambda hour: (283.15, 40, 950)))
    with pytest.raises(SeriesProblem) as found:
        read_weather(plain(COLUMNS | {"dry_bulb": {"column": "T", "unit": "degC"}}), tmp_path / "year.csv")
    assert (found.value.key, found.value.found) == (
        ("weather", "columns", "dry_bulb", "unit"), "dry_bulb is 283.15 degC on 1 January 00:00; expected -90 to 60 degC")
    assert found.value.mend == "write the unit that the column is in, or repair the file"


def test_times_of_another_zone_are_refused(tmp_path):
    path = write_site(tmp_path, {}, table([f"{stamp}+00:00" for stamp in times()]))
    problem = problem_of(path)
    offset = load_site(write_site(tmp_path / "other", {})).location.utc_offset
    assert (problem.key, problem.title) == ("load.file", f'"load.csv" is in UTC+0 by its own times, and is read in UTC{offset:+g}')
    assert problem.help == "write local standard time of the site, from 1 January 00:00"


def weather(stamps: list[str], separator: str = ",", decimal: str = ".") -> str:
    head, *lines = weather_table().splitlines()
    rows = [f"time,{head}", *(f"{stamp},{line}" for stamp, line in zip(stamps, lines, strict=True))]
    return "\n".join(row.replace(".", "#").replace(",", separator).replace("#", decimal) for row in rows)


@pytest.mark.parametrize("text", [weather(times()), weather(times(), ";", ","), "\ufeff" + weather(times(), ";").replace("\n", "\r\n"),
                                  weather([f"{stamp}-07:00" for stamp in times()], "\t", ",")])
def test_weather_reads_right(tmp_path, text):
    (tmp_path / "year.csv").write_text(text, encoding="utf-8")
    columns, notes = read_weather(plain(COLUMNS), tmp_path / "year.csv")
    assert (columns["dry_bulb"][:3], notes) == (pytest.approx([10.0, 11.0, 12.0]), [])


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_names_of_columns_may_hold_any_letter(tmp_path, encoding):
    (tmp_path / "year.csv").write_bytes(weather_table().replace("T,RH", "Außen °C,RH").encode(encoding))
    columns, _ = read_weather(plain(COLUMNS | {"dry_bulb": {"column": "Außen °C", "unit": "degF"}}), tmp_path / "year.csv")
    assert columns["dry_bulb"][0] == pytest.approx(10.0)


@pytest.mark.parametrize(("text", "offset", "found"), [
    (weather(summer(times())), None, '"year.csv" line 1684: 2023-03-12 03:00 comes after 2023-03-12 01:00'),
    (weather([f"{stamp}Z" for stamp in times()]), None, '"year.csv" is in UTC+0 by its own times, and is read in UTC-7'),
    (weather([f"{stamp}-07:00" for stamp in times()]), "0 hour", '"year.csv" is in UTC-7 by its own times, and is read in UTC+0')])
def test_weather_on_another_clock_is_refused(tmp_path, text, offset, found):
    (tmp_path / "year.csv").write_text(text)
    with pytest.raises(SeriesProblem) as problem:
        read_weather(plain(COLUMNS, offset), tmp_path / "year.csv")
    assert (problem.value.key, problem.value.found) == (("weather", "file"), found)
