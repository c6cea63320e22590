"""TMY2, PVGIS and plain CSV, on the calendar as the other forms; what a site says of its weather, checked."""

import json
import warnings
from pathlib import Path

import numpy as np
import pvlib
import pytest
from dcplan.planner import optimize, verify
from dcplan.sites import Site, SiteProblems, load_site
from dcplan.sites.schema import SiteFile
from dcplan.sites.series import SeriesProblem
from dcplan.sites.weather import WeatherProblem, _why, read_weather
from small import BASE, small_site
from test_weather import ABILENE, PHOENIX, site, solar_noon, standard_pressure

MIAMI = Path(pvlib.__file__).parent / "data" / "12839.tm2"
HEADS = ("time(UTC)", "T2m", "RH", "G(h)", "Gb(n)", "Gd(h)", "IR(h)", "WS10m", "WD10m", "SP")


def test_tmy2_of_miami():
    columns, notes = read_weather(site("tmy2", -5, 2), MIAMI)
    assert notes == []
    lines = MIAMI.read_text().splitlines()[1:]
    # columns 68-71 dry bulb, 86-90 pressure by the manual's positions (from 1): tenths of a degree, mbar
    assert columns["dry_bulb"].tolist() == pytest.approx([int(line[67:71]) / 10 for line in lines])
    assert columns["pressure"].tolist() == pytest.approx([int(line[84:88]) * 100 for line in lines])
    assert solar_noon(columns["ghi"]) == pytest.approx(12 - 5 + 80.27 / 15, abs=0.35)
    assert columns["wind_speed"].mean() == pytest.approx(4.34, abs=0.01)
    assert columns["pressure"].mean() == pytest.approx(standard_pressure(2), rel=0.01)


def pvgis_rows() -> list[tuple]:
    """A typical year as PVGIS gives it, months of several years: T2m counts the hours of the day, RH 50 %, 990 hPa, wind 2 m/s."""
    days = np.arange("2013-01-01", "2014-01-01", dtype="datetime64[D]")
    return [(f"{2005 + int(str(day)[5:7])}{str(day)[5:7]}{str(day)[8:]}:{hour:02d}00", float(hour), 50.0, 10.0 * hour, 1.0, 2.0, 300.0, 2.0, 90.0, 99000.0)
            for day in days for hour in range(24)]


def pvgis_json() -> str:
    return json.dumps({"inputs": {"location": {"latitude": 45.0, "longitude": 8.0, "elevation": 250.0}},
                       "outputs": {"months_selected": [{"month": month, "year": 2005 + month} for month in range(1, 13)],
                                   "tmy_hourly": [dict(zip(HEADS, row)) for row in pvgis_rows()]},
                       "meta": {"inputs": {"location": {"description": "Selected location"}}}})


def pvgis_csv() -> str:
    head = ["Latitude (decimal degrees): 45.000", "Longitude (decimal degrees): 8.000", "Elevation (m): 250.0", "Irradiance Time Offset (h): 0.1761",
            "month,year", *(f"{month},{2005 + month}" for month in range(1, 13)), ",".join(HEADS)]
    return "\n".join([*head, *(",".join(map(str, row)) for row in pvgis_rows()), "T2m: 2-m air temperature (degree Celsius)"]) + "\n"


@pytest.mark.parametrize(("text", "sun"), [(pvgis_json, [230.0, 0.0, 10.0]), (pvgis_csv, [230 * 0.6761, 10 * 0.3239, 10 * 0.6761 + 20 * 0.3239])])
def test_pvgis_as_json_and_csv(tmp_path, text, sun):
    """Central European time is an hour ahead of UTC: the first hour of the year here is 23:00 UTC of the day before."""
    path = tmp_path / "year.txt"
    path.write_text(text())
    columns, notes = read_weather(site("pvgis", 1), path)
    assert notes == []
    assert columns["dry_bulb"][:3].tolist() == [23.0, 0.0, 1.0]
    # the CSV says that the sun was seen 0.1761 h after each full hour: half past lies 0.3239 h on towards the next
    assert columns["ghi"][:3].tolist() == pytest.approx(sun)
    assert (set(columns["relative_humidity"]), set(columns["pressure"]), set(columns["wind_speed"])) == ({0.5}, {99000.0}, {2.0})
    assert (columns["wet_bulb"] < columns["dry_bulb"]).all()


@pytest.mark.parametrize("form", ["tmy2", "pvgis"])
def test_what_is_no_such_file(tmp_path, form):
    for name, data in {"text": b"not weather\n", "empty": b"", "brace": b"{}"}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(WeatherProblem, match=f"^the file does not read as {form}"):
            read_weather(site(form, -6), tmp_path / name)


@pytest.mark.parametrize(("file", "form", "message"), [
    (PHOENIX, "tmy3", "by its first line it is of the form epw"), (PHOENIX, "nsrdb", "by its first line it is of the form epw"),
    (ABILENE / "weather_2013_utc.csv.gz", "epw", "by its first line it is of the form nsrdb"), (MIAMI, "epw", "by its first line it is of the form tmy2"),
    (MIAMI.parent / "703165TY.csv", "pvgis", "by its first line it is of the form tmy3"),
])
def test_a_file_of_another_form_is_told_and_libraries_warn_of_nothing(file, form, message):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a warning that came through would be raised in place of the problem
        with pytest.raises(WeatherProblem) as found:
            read_weather(site(form, -7), file)
    assert str(found.value) == f"the file does not read as {form}: {message}"


@pytest.mark.parametrize(("text", "form", "why"), [
    ("not weather\n", "epw", 'its first line is "not weather"'), ("", "epw", "it is empty"),
    ("Source,Location ID\nNSRDB,1\n", "nsrdb", "line 3 of it is missing"),
])
def test_why_a_file_does_not_read(text, form, why):
    reason = ValueError("line 3 of it is missing" if "Source" in text else "")
    assert _why(text, form, reason) == why


COLUMNS = {"dry_bulb": {"column": "T", "unit": "degF"}, "relative_humidity": {"column": "RH", "unit": "%"}, "pressure": {"column": "p", "unit": "hPa"}}


def plain(columns: dict, utc_offset: str | None = None) -> SiteFile:
    """A site without sun whose weather is a plain CSV."""
    tables = site("nsrdb", -7, 500, solar=False).model_dump(exclude_unset=True)["weather"]
    given = {**tables, "design_percentile": "0.4 %", "format": "csv", "columns": columns} | ({"utc_offset": utc_offset} if utc_offset else {})
    base = site("nsrdb", -7, 500, solar=False)
    return base.model_copy(update={"weather": type(base.weather).model_validate(given)})


def table(rows: int = 8760, cells=lambda hour: (50 + 18 * (hour % 24) / 10, 40, 950)) -> str:
    return "T,RH,p\n" + "".join(",".join(map(str, cells(hour))) + "\n" for hour in range(rows))


def test_plain_csv_in_its_own_units(tmp_path):
    """50 degF are 10 degC, and 18 degF are 10 K."""
    (tmp_path / "year.csv").write_text(table())
    columns, notes = read_weather(plain(COLUMNS), tmp_path / "year.csv")
    assert notes == []
    assert columns["dry_bulb"][:3] == pytest.approx([10.0, 11.0, 12.0])
    assert (columns["pressure"][0], columns["relative_humidity"][0]) == pytest.approx((95000.0, 0.4))


def test_plain_csv_of_another_clock_is_moved(tmp_path):
    (tmp_path / "year.csv").write_text(table())
    columns, notes = read_weather(plain(COLUMNS, "0 hour"), tmp_path / "year.csv")
    assert columns["dry_bulb"][:3] == pytest.approx([10.0 + 7, 11.0 + 7, 12.0 + 7])
    assert notes == ["the weather file is in UTC+0, the site in UTC-7: rows moved by -7 h"]


def test_leap_year_of_a_plain_csv_leaves_29_february_out(tmp_path):
    (tmp_path / "year.csv").write_text(table(8784, lambda hour: (hour // 24 / 10, 40, 950)))
    columns, _ = read_weather(plain(COLUMNS), tmp_path / "year.csv")
    days = (columns["dry_bulb"][::24] * 1.8 + 32) * 10
    assert days[57:61] == pytest.approx([57, 58, 60, 61])


def test_gaps_of_a_plain_csv_are_filled(tmp_path):
    (tmp_path / "year.csv").write_text(table(8760, lambda hour: ("" if hour in (5, 6) else 50, 40, -9999 if hour == 3 else 950)))
    columns, notes = read_weather(plain(COLUMNS), tmp_path / "year.csv")
    assert notes == ["dry_bulb: 2 missing hours filled in a straight line, the first on 1 January 05:00",
                     "pressure: 1 missing hours filled in a straight line, the first on 1 January 03:00"]
    assert columns["dry_bulb"][5] == pytest.approx(10.0)


@pytest.mark.parametrize(("columns", "text", "key", "found"), [
    (COLUMNS, table(8000), ("weather", "file"), 'has 8,000 rows'),
    ({**COLUMNS, "dry_bulb": {"column": "temp", "unit": "degC"}}, table(), ("weather", "columns", "dry_bulb", "column"), 'no column "temp"'),
    ({**COLUMNS, "dry_bulb": {"column": "T", "unit": "MW"}}, table(), ("weather", "columns", "dry_bulb", "unit"), '"MW" is no unit of a temperature'),
    ({**COLUMNS, "relative_humidity": {"column": "RH", "unit": "degC"}}, table(), ("weather", "columns", "relative_humidity", "unit"),
     '"degC" is no unit of a ratio'),
    (COLUMNS, table(8760, lambda hour: ("warm" if hour == 9 else 50, 40, 950)), ("weather", "columns", "dry_bulb", "column"),
     'line 11 of the weather file: T is "warm"'),
])
def test_bad_plain_csv(tmp_path, columns, text, key, found):
    (tmp_path / "year.csv").write_text(text)
    with pytest.raises(SeriesProblem, match=found) as raised:
        read_weather(plain(columns), tmp_path / "year.csv")
    assert raised.value.key == key


SOME = {"dry_bulb": COLUMNS["dry_bulb"], "relative_humidity": COLUMNS["relative_humidity"]}


@pytest.mark.parametrize(("weather", "key", "found"), [
    ({"file": "weather.csv"}, "weather.file", '"weather.csv" is given without its form'),
    ({}, "weather", "weather gives neither a file nor a climate"),
    ({"file": "weather.csv", "format": "nsrdb", "climate": "oslo_no"}, "weather", "weather gives both a file and a climate"),
    ({"climate": "oslo"}, "weather.climate", 'there is no climate "oslo"'),
    ({"file": "weather.csv", "format": "nsrdb", "columns": SOME}, "weather.columns", "columns is given, and the form of the weather file is nsrdb"),
    ({"file": "weather.csv", "format": "nsrdb", "utc_offset": "0 hour"}, "weather.utc_offset", "utc_offset is given, and the form of the weather file"),
    ({"file": "weather.csv", "format": "csv", "columns": {"relative_humidity": SOME["relative_humidity"]}}, "weather", "needs the column of the dry bulb"),
    ({"file": "weather.csv", "format": "csv", "columns": {"dry_bulb": SOME["dry_bulb"]}}, "weather", "a csv file needs one column of humidity"),
    ({"file": "weather.csv", "format": "csv", "columns": {**SOME, "pressure": {"column": "p", "unit": "hPa"}}}, "weather.file", "has 8,762 rows"),
])
def test_what_a_site_says_of_its_weather(monkeypatch, tmp_path, weather, key, found):
    with pytest.raises(SiteProblems) as raised:
        changed(monkeypatch, tmp_path, weather)
    problem, = raised.value.problems
    assert problem.key == key
    assert found in f"{problem.title} {problem.detail}"


def changed(monkeypatch, folder: Path, weather: dict, **more) -> Site:
    """The small site with this [weather] in place of its own."""
    monkeypatch.setitem(BASE, "weather", {})
    return small_site(folder, {"weather": weather, **more})


def test_wind_has_no_climate(monkeypatch, tmp_path):
    with pytest.raises(SiteProblems) as raised:
        changed(monkeypatch, tmp_path, {"climate": "oslo_no"}, power={"allow": ["onshore_wind"]})
    assert "a climate knows no wind, and onshore_wind is driven by it" in str(raised.value)


def test_sun_and_wind_need_their_columns(monkeypatch, tmp_path):
    with pytest.raises(SiteProblems) as raised:
        changed(monkeypatch, tmp_path, {"file": "year.csv", "format": "csv", "columns": {**SOME, "ghi": {"column": "sun", "unit": "W/m2"}}},
                power={"allow": ["solar_pv"]})
    assert "sun or wind drives a technology of this site, and the csv file has no dni, no dhi, no wind_speed" in str(raised.value)


def test_climate_of_a_site_without_a_file(monkeypatch, tmp_path):
    loaded = changed(monkeypatch, tmp_path, {"climate": "oslo_no"})
    assert load_site(loaded.path).hours.dry_bulb.mean() == pytest.approx(5.8, abs=0.3)


@pytest.mark.parametrize(("weather", "named"), [
    ({"climate": "oslo_no"}, "synthetic, from monthly normals of oslo_no"),
    ({"file": "pvlib:12839.tm2", "format": "tmy2"}, "pvlib:12839.tm2 (tmy2)"),
])
def test_a_plan_says_what_its_weather_is_and_is_verified(monkeypatch, tmp_path, weather, named):
    plan = optimize(changed(monkeypatch, tmp_path, weather), workers=1)
    assert plan.summary["weather"] == plan.dataset.attrs["weather"] == named
    assert ("the weather is synthetic" in " ".join(plan.manifest["notes"])) is ("climate" in weather)
    assert verify(plan.save(tmp_path / "plan")).ok


def test_a_file_of_pvlib_that_is_not_there(monkeypatch, tmp_path):
    with pytest.raises(SiteProblems, match=r'there is no file "pvlib:none\.tm2"'):
        changed(monkeypatch, tmp_path, {"file": "pvlib:none.tm2", "format": "tmy2"})
