"""Weather files on the calendar: EPW, TMY3 and NSRDB as they come, against facts that the files do not know."""

import gzip
import tomllib
from pathlib import Path

import numpy as np
import pvlib
import pytest
from dcplan.sites.schema import SiteFile
from dcplan.sites.weather import WeatherProblem, calendar_hour, fill_gaps, read_weather
from test_site import ABILENE, SITE, WEATHER

PHOENIX = ABILENE.parent / "phoenix" / "phoenix_tmy3.epw.gz"
GREENSBORO = Path(pvlib.__file__).parent / "data" / "723170TYA.CSV"
HEADER = ("Source,Location ID,Latitude,Longitude,Time Zone,Elevation,Local Time Zone\nNSRDB,1,32.33,-100.18,0,761,-6\n"
          "Year,Month,Day,Hour,Minute,Temperature,Dew Point,Pressure,GHI,DNI,DHI,Wind Speed\n")


def shared(name: str) -> Path:
    """A file of shared/data beside the repository or above it; skips where there is none."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "shared" / "data" / name).exists():
            return folder / "shared" / "data" / name
    pytest.skip(f"no shared/data/{name} above the tests")


def site(form: str, utc_offset: float, elevation: float = 500.0, solar: bool = True) -> SiteFile:
    tables = tomllib.loads(SITE)
    tables["weather"]["format"] = form
    tables["location"] |= {"utc_offset": f"{utc_offset} hour", "elevation": f"{elevation} m"}
    tables["power"]["allow"] = ["solar_pv"] if solar else []
    return SiteFile.model_validate(tables)


def solar_noon(ghi: np.ndarray) -> float:
    """Hour of the day that halves the sun's energy, over the year: the energy-weighted mean of the hours' middles."""
    day = ghi.reshape(365, 24).sum(axis=0)
    return float((day * (np.arange(24) + 0.5)).sum() / day.sum())


def standard_pressure(elevation: float) -> float:
    """Pa, US Standard Atmosphere 1976, troposphere."""
    return 101325 * (1 - 0.0065 * elevation / 288.15) ** 5.2559


FILES = {
    "Abilene NSRDB": (lambda: ABILENE / WEATHER, "nsrdb", -6, -100.18, 761),
    "Phoenix EPW": (lambda: PHOENIX, "epw", -7, -111.98, 337),
    "Greensboro TMY3": (lambda: GREENSBORO, "tmy3", -5, -79.95, 273),
    "Dulles EPW": (lambda: shared("weather/USA_VA_Sterling-Washington.Dulles.Intl.AP.724030_TMY3.epw.gz"), "epw", -5, -77.45, 82),
    "Chicago EPW": (lambda: shared("weather/USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw.gz"), "epw", -6, -87.92, 201),
    "San Francisco EPW": (lambda: shared("weather/USA_CA_San.Francisco.Intl.AP.724940_TMY3.epw.gz"), "epw", -8, -122.4, 2),
    "Las Vegas EPW": (lambda: shared("weather/USA_NV_Las.Vegas-McCarran.Intl.AP.723860_TMY3.epw.gz"), "epw", -8, -115.15, 648),
}


@pytest.mark.parametrize("name", FILES)
def test_real_file(name):
    path, form, utc_offset, longitude, elevation = FILES[name]
    columns, notes = read_weather(site(form, utc_offset, elevation), path())
    assert notes == []
    assert all(values.shape == (8760,) and np.isfinite(values).all() for values in columns.values())
    assert (columns["wet_bulb"] <= columns["dry_bulb"]).all()
    assert ((columns["relative_humidity"] > 0) & (columns["relative_humidity"] <= 1)).all()
    assert columns["pressure"].mean() == pytest.approx(standard_pressure(elevation), rel=0.01)
    assert solar_noon(columns["ghi"]) == pytest.approx(12 + utc_offset - longitude / 15, abs=0.35)
    assert 13 <= columns["dry_bulb"].reshape(365, 24).mean(axis=0).argmax() <= 16
    assert columns["dry_bulb"].reshape(365, 24)[181:212].mean() > columns["dry_bulb"].reshape(365, 24)[:31].mean()


def test_abilene_solar_noon_is_in_local_standard_time():
    columns, _ = read_weather(site("nsrdb", -6), ABILENE / WEATHER)
    assert 12.5 <= solar_noon(columns["ghi"]) <= 13.5


def test_abilene_first_hour_is_the_utc_row_six_hours_on():
    columns, _ = read_weather(site("nsrdb", -6), ABILENE / WEATHER)
    rows = gzip.decompress((ABILENE / WEATHER).read_bytes()).decode().splitlines()[3:]
    temperatures = [float(row.split(",")[5]) for row in rows]
    assert columns["dry_bulb"].tolist() == temperatures[6:] + temperatures[:6]


def epw_lines() -> list[str]:
    return gzip.decompress(PHOENIX.read_bytes()).decode("latin-1").splitlines()


def epw(folder: Path, lines: list[str]) -> Path:
    path = folder / "a.epw"
    path.write_text("\n".join(lines) + "\n", encoding="latin-1")
    return path


def with_cells(lines: list[str], rows: range, column: int, value: str) -> list[str]:
    """EPW lines with a value set in rows of the year (from 0). Columns: 6 dry bulb, 7 dew point, 9 pressure, 13 global irradiance."""
    changed = list(lines)
    for row in rows:
        cells = changed[8 + row].split(",")
        changed[8 + row] = ",".join([*cells[:column], value, *cells[column + 1 :]])
    return changed


def test_epw_hour_24_is_the_last_of_its_day(tmp_path):
    lines = epw_lines()
    columns, _ = read_weather(site("epw", -7), epw(tmp_path, lines))
    assert lines[8 + 23].split(",")[3] == "24"
    assert columns["dry_bulb"].tolist() == [float(line.split(",")[6]) for line in lines[8:]]


@pytest.mark.parametrize(("column", "value", "name"), [(6, "99.9", "dry_bulb"), (7, "99.9", "dew_point"), (9, "999999", "pressure"), (13, "9999", "ghi"),
                                                       (14, "9999", "dni"), (15, "9999", "dhi"), (21, "999", "wind_speed")])
def test_epw_codes_count_as_missing(tmp_path, column, value, name):
    columns, notes = read_weather(site("epw", -7), epw(tmp_path, with_cells(epw_lines(), range(100, 106), column, value)))
    assert notes == [f"{name}: 6 missing hours filled in a straight line, the first on 5 January 04:00"]
    assert all(values.max() < 120e3 for values in columns.values())
    with pytest.raises(WeatherProblem, match=f"^{name} is missing for 7 hours from 5 January 04:00"):
        read_weather(site("epw", -7), epw(tmp_path, with_cells(epw_lines(), range(100, 107), column, value)))


def test_pressure_from_the_elevation_where_a_file_has_none(tmp_path):
    columns, notes = read_weather(site("epw", -7, 1500), epw(tmp_path, with_cells(epw_lines(), range(8760), 9, "999999")))
    assert notes == ["air pressure is not in the weather file: taken from the elevation"]
    assert columns["pressure"] == pytest.approx(np.full(8760, standard_pressure(1500)), rel=0.001)


@pytest.mark.parametrize(("column", "value", "message"), [
    (6, "75.5", "dry_bulb is 75.5 degC on 5 January 04:00; expected -90 to 60 degC"),
    (9, "977", "pressure is 977 Pa on 5 January 04:00; expected 30000 to 110000 Pa"),
    (13, "-7", "ghi is -7 W/m2 on 5 January 04:00; expected 0 to 2000 W/m2")])
def test_what_weather_cannot_be(tmp_path, column, value, message):
    with pytest.raises(WeatherProblem, match=f"^{message}$"):
        read_weather(site("epw", -7), epw(tmp_path, with_cells(epw_lines(), range(100, 101), column, value)))


def test_epw_of_a_place_half_an_hour_off_stays_as_it_is(tmp_path):
    lines = epw_lines()
    columns, notes = read_weather(site("epw", 5.5), epw(tmp_path, [lines[0].replace(",-7.0,", ",5.5,"), *lines[1:]]))
    assert notes == []
    assert columns["dry_bulb"][0] == float(lines[8].split(",")[6])


def test_file_of_another_time_zone_is_moved_and_noted():
    here, _ = read_weather(site("epw", -7), PHOENIX)
    moved, notes = read_weather(site("epw", -6), PHOENIX)
    assert moved["dry_bulb"].tolist() == np.roll(here["dry_bulb"], 1).tolist()
    assert notes == ["the weather file is in UTC-7, the site in UTC-6: rows moved by +1 h"]


def tmy3(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text)
    return path


def test_tmy3_rows_keep_their_order_whatever_year_they_come_from(tmp_path):
    """28 February 24:00 of a leap year is the last hour of 28 February, and 31 December 24:00 of the year."""
    text = GREENSBORO.read_text()
    february = next(line[6:10] for line in text.splitlines() if line.startswith("02/28/"))
    leap = "\n".join(line.replace(february, "1992", 1) if line.startswith("02/") else line for line in text.splitlines()) + "\n"
    whole, _ = read_weather(site("tmy3", -5), GREENSBORO)
    assert read_weather(site("tmy3", -5), tmy3(tmp_path, leap))[0]["dry_bulb"].tolist() == whole["dry_bulb"].tolist()
    column = text.splitlines()[1].split(",").index("Dry-bulb (C)")
    assert whole["dry_bulb"].tolist() == [float(line.split(",")[column]) for line in text.splitlines()[2:]]


def nsrdb(year: int) -> list[str]:
    """Rows of a year in UTC whose temperature (0.01 degC) counts days and whose GHI is the hour."""
    days = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    rows = []
    for number, day in enumerate(days):
        _, month, date = str(day).split("-")
        rows += [f"{year},{int(month)},{int(date)},{hour},30,{number / 100},{-1},950,{hour},0,0,2" for hour in range(24)]
    return rows


def write(folder: Path, rows: list[str], header: str = HEADER) -> Path:
    path = folder / "nsrdb.csv"
    path.write_text(header + "\n".join(rows) + "\n")
    return path


def test_leap_year_leaves_29_february_out(tmp_path):
    columns, _ = read_weather(site("nsrdb", 0), write(tmp_path, nsrdb(2012)))
    days = columns["dry_bulb"][::24] * 100
    assert days[57:61] == pytest.approx([57, 58, 60, 61])
    assert days[364] == pytest.approx(365)


def test_rows_in_any_order(tmp_path):
    rows = nsrdb(2013)
    columns, _ = read_weather(site("nsrdb", -6), write(tmp_path, rows))
    turned, _ = read_weather(site("nsrdb", -6), write(tmp_path, rows[::-1]))
    assert turned["ghi"].tolist() == columns["ghi"].tolist()
    assert columns["ghi"][:24].tolist() == [*range(6, 24), *range(6)]


@pytest.mark.parametrize(("utc_offset", "first", "moved"), [(5.5, 18, 6), (-3.5, 3, -3), (5.75, 18, 6)])
def test_offset_of_no_whole_hours_is_rounded_and_noted(tmp_path, utc_offset, first, moved):
    """0:30 UTC is 6:00 in India, in the hour from 6 to 7; 21:00 in Newfoundland, in the hour from 21 to 22."""
    columns, notes = read_weather(site("nsrdb", utc_offset), write(tmp_path, nsrdb(2013)))
    assert columns["ghi"][0] == first
    assert notes == [f"the weather file is in UTC+0, the site in UTC{utc_offset:+g}: rows moved by {moved:+d} h, rounded from {utc_offset:g}"]


def test_nsrdb_in_local_time_is_not_moved(tmp_path):
    columns, notes = read_weather(site("nsrdb", -6), write(tmp_path, nsrdb(2013), HEADER.replace("-100.18,0,", "-100.18,-6,")))
    assert columns["ghi"][:24].tolist() == list(range(24))
    assert notes == []


def test_hour_given_twice_in_place_of_another(tmp_path):
    rows = nsrdb(2013)
    rows[50] = rows[49]
    with pytest.raises(WeatherProblem, match=r"^no row for 3 January 02:00 and 2 for 3 January 01:00 by the file's own dates"):
        read_weather(site("nsrdb", -6), write(tmp_path, rows))


@pytest.mark.parametrize("rows", [0, 8000, 8761])
def test_wrong_number_of_rows(tmp_path, rows):
    with pytest.raises(WeatherProblem, match=f"^{rows:,} hourly rows; expected 8,760"):
        read_weather(site("nsrdb", -6), write(tmp_path, (nsrdb(2013) * 2)[:rows]))


def test_columns_that_are_needed(tmp_path):
    path = write(tmp_path, nsrdb(2013), HEADER.replace("Wind Speed", "Albedo"))
    columns, _ = read_weather(site("nsrdb", -6, solar=False), path)
    assert "wind_speed" not in columns
    with pytest.raises(WeatherProblem, match=r"^no wind_speed in the file"):
        read_weather(site("nsrdb", -6), path)


@pytest.mark.parametrize("form", ["epw", "tmy3", "nsrdb"])
def test_what_is_no_weather_file(tmp_path, form):
    for name, data in {"text.csv": b"not weather\n", "empty.csv": b"", "cut.csv.gz": gzip.compress(b"x" * 999)[:20], "plain.csv.gz": b"not gzip"}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(WeatherProblem, match=f"^the file does not read as {form}"):
            read_weather(site(form, -6), tmp_path / name)


def test_gap_over_the_years_end_is_filled_from_both_sides():
    values = np.arange(8760.0)
    values[-3:], values[:3], values[3] = np.nan, np.nan, 8763.0
    filled, notes = fill_gaps(values, "dry_bulb")
    assert filled[[-3, -2, -1, 0, 1, 2]] == pytest.approx([8757, 8758, 8759, 8760, 8761, 8762])
    assert notes == ["dry_bulb: 6 missing hours filled in a straight line, the first on 1 January 00:00"]


def test_calendar_hour():
    assert [calendar_hour(hour) for hour in (0, 59 * 24, 8759)] == ["1 January 00:00", "1 March 00:00", "31 December 23:00"]
