"""Times that are told in another zone: read where the site's own clock explains them to the hour, else refused; each file is read once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from dcplan.sites import SiteProblems, hourly_files, load_site
from dcplan.sites.hourly_csv import ORDER, read_table
from dcplan.sites.hourly_files import Files
from dcplan.sites.row_times import on_clock, times_of
from dcplan.sites.weather import read_weather
from test_hourly_csv import VALUES, table, times, weather
from test_measured import problem_of, write_site
from test_weather_forms import COLUMNS, plain

HERE = -7  # hours from UTC, of the small site


def zulu(first_hour: int, rows: int = 8760, year: int = 2023) -> list[str]:
    """Times in UTC, the first at that hour of 1 January."""
    return [f"{stamp}Z" for stamp in times(rows, datetime(year, 1, 1) + timedelta(hours=first_hour))]


def test_times_in_utc_of_rows_from_local_midnight_read(tmp_path):
    """Local midnight is 07:00 UTC where the clock is 7 hours behind."""
    site = load_site(write_site(tmp_path, {}, table(zulu(7))))
    assert (site.hours.utilisation_facility.values[0] * site.load_peak).tolist() == pytest.approx(VALUES)


def test_29_february_is_left_out_by_the_sites_own_clock(tmp_path):
    """Of 2024 in UTC, 29 February here is rows 1416 to 1439, whose times are 07:00 on the 29th to 06:00 on 1 March."""
    site = load_site(write_site(tmp_path, {}, table(zulu(7, 8784, 2024), [hour + 1 for hour in range(8784)])))
    found = site.hours.utilisation_facility.values[0] * site.load_peak
    assert found[[1415, 1416, 8759]].tolist() == pytest.approx([1416, 1441, 8784])


@pytest.mark.parametrize(("stamps", "found", "mend"), [
    (zulu(6), '"load.csv" begins at 2023-01-01 06:00+00:00', f"{ORDER}; its times are in UTC, and have to be on the site's own clock"),
    # ends of hours here, or hours of a clock that is 8 hours behind: nobody knows
    (zulu(8), '"load.csv" begins at 2023-01-01 08:00+00:00', f"{ORDER}; its times are in UTC, and have to be on the site's own clock"),
    (zulu(0), '"load.csv" is in UTC+0 by its own times, and is read in UTC-7', "write local standard time of the site, from 1 January 00:00"),
    # an hour is left out: of the two things that are wrong the first is told, as the file has it
    (zulu(7)[:5000] + zulu(8)[5000:], '"load.csv" begins at 2023-01-01 07:00+00:00',
     f"{ORDER}; its times are in UTC, and have to be on the site's own clock")])
def test_times_that_the_sites_clock_does_not_explain_are_refused(tmp_path, stamps, found, mend):
    problem = problem_of(write_site(tmp_path, {}, table(stamps)))
    assert (problem.key, problem.title, problem.help) == ("load.file", found, mend)


def test_full_hours_elsewhere_are_not_taken_for_full_hours_of_a_half_hour_zone():
    """19:00 UTC is 00:30 in India: a row of it is half in one hour there, half in the next. 18:30 UTC is midnight."""
    first = datetime.fromisoformat("2022-12-31T18:30Z")
    stamps = [first + timedelta(hours=hour) for hour in range(8760)]
    assert on_clock(stamps, 5.5)[0].isoformat() == "2023-01-01T00:00:00+05:30"
    late = [stamp + timedelta(minutes=30) for stamp in stamps]
    assert on_clock(late, 5.5) == late
    assert on_clock(late, 5.5)[0].utcoffset() == timedelta(0)


@pytest.mark.parametrize(("stamps", "found"), [
    ([*times()[:2], *(f"{stamp}-07:00" for stamp in times()[2:])],
     '"load.csv" line 4: 2023-01-01 02:00-07:00 has an offset from UTC, and 2023-01-01 01:00 before it has none'),
    ([*zulu(7)[:2], *times()[2:]], '"load.csv" line 4: 2023-01-01 02:00 has no offset from UTC, and 2023-01-01 08:00+00:00 before it has one'),
    ([*times()[:2], *zulu(2)[:3]], '"load.csv" line 4: 2023-01-01 02:00+00:00 has an offset from UTC, and 2023-01-01 01:00 before it has none')],
    ids=["none at first", "one at first", "too few rows"])
def test_times_with_and_without_an_offset_in_one_column_are_refused(tmp_path, stamps, found):
    problem = problem_of(write_site(tmp_path, {}, table(stamps)))
    assert (problem.key, problem.title, problem.help) == ("load.file", found, "write the same offset from UTC in every time, or write it in none")


def test_a_column_of_times_all_alike_is_taken_before_one_of_mixed_ones():
    mixed = [*times(2), *zulu(2)[:2]]
    assert times_of([mixed, times(4)]) == [datetime(2023, 1, 1, hour) for hour in range(4)]


def test_a_typical_year_of_year_1_in_utc_is_refused_west_of_it(tmp_path):
    """Its first midnight would be in the year before the first of the calendar; seven hours later it is midnight here."""
    stamps = [stamp.replace("2023", "0001") + "+00:00" for stamp in times()]
    problem = problem_of(write_site(tmp_path, {}, table(stamps)))
    assert (problem.key, problem.title) == ("load.file", '"load.csv" is in UTC+0 by its own times, and is read in UTC-7')
    later = [datetime.fromisoformat(stamp.replace("2023", "0001").replace("2024", "0002")) for stamp in zulu(7)]
    assert on_clock(later, HERE)[0].isoformat() == "0001-01-01T00:00:00-07:00"


def test_the_last_half_minute_of_the_calendar_is_no_time_of_a_row():
    """As databases write what has no end: to the minute it would be in the year 10000."""
    assert times_of([["9999-12-31 23:59:59"] * 3, times(3)]) == [datetime(2023, 1, 1, hour) for hour in range(3)]


def test_weather_in_utc_from_local_midnight_reads(tmp_path):
    (tmp_path / "year.csv").write_text(weather(zulu(7)))
    columns, notes = read_weather(plain(COLUMNS), tmp_path / "year.csv")
    assert (columns["dry_bulb"][:3], notes) == (pytest.approx([10.0, 11.0, 12.0]), [])


def test_wind_of_a_weather_year_on_another_clock_is_refused(tmp_path):
    (tmp_path / "wind.csv").write_text(table(zulu(0), head="time,speed"))
    year = {"file": "weather.csv", "wind": "wind.csv"}
    path = write_site(tmp_path, {"weather": {"years": [year, year | {"name": "again"}]}, "wind": {"height": "100 m"}})
    path.write_text(path.read_text().replace('file = "weather.csv", format', "format", 1))
    with pytest.raises(SiteProblems) as caught:
        load_site(path)
    assert [(problem.key, problem.title) for problem in caught.value.problems] == [
        (f"weather.years[{number}].wind", '"wind.csv" is in UTC+0 by its own times, and is read in UTC-7') for number in (0, 1)]


def test_each_file_is_read_once(tmp_path, monkeypatch):
    """Price and carbon of one file, and a load, beside the check of their clocks: two files, read once each."""
    names = []
    monkeypatch.setattr(hourly_files, "read_table", lambda name, raw, key: names.append(name) or read_table(name, raw, key))
    (tmp_path / "grid.csv").write_text(table(times(), head="time,price"))
    load_site(write_site(tmp_path, {"grid": {"price": {"hourly": "grid.csv"}, "carbon": {"hourly": "grid.csv"}}}, table(times())))
    assert sorted(names) == ["grid.csv", "load.csv"]


def test_a_table_that_is_read_is_kept_by_its_path(tmp_path):
    (tmp_path / "a.csv").write_text(table(times()))
    files = Files(tmp_path, HERE)
    assert files.hourly(Path("a.csv"), ("load", "file")) is files.hourly(Path("a.csv"), ("grid", "price", "hourly"))
