"""dcplan weather fetch against a service on this machine that gives recorded answers, in the form of the real ones."""

import csv
import gzip
import http.server
import json
import lzma
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pvlib
import pytest
from click.testing import CliRunner, Result
from dcplan.cli.commands import dcplan
from dcplan.models.physics.psychrometrics import relative_humidity, standard_pressure
from dcplan.sites import load_site
from small import BASE, ideal, merged, toml
from test_weather import ABILENE, HEADER, nsrdb, solar_noon
from test_weather_forms import pvgis_json

SITE = (ABILENE / "site.toml").read_text()


@dataclass
class Service:
    """What it answers, and what it was asked."""

    url: str = ""
    status: int = 200
    answer: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    held = Service()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            held.asked.append({"path": urlsplit(self.path).path, **{name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}})
            self.send_response(held.status)
            self.end_headers()
            self.wfile.write(held.answer.encode())

        def log_message(self, format, *args):
            """Silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    held.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield held
    server.shutdown()
    server.server_close()


def begun(folder: Path, file: str, form: str) -> Path:
    """A site of Abilene's place without sun, whose weather file is not there yet."""
    path = folder / "site.toml"
    path.write_text(SITE.replace('file = "weather_2013_utc.csv.gz"', f'file = "{file}"').replace('format = "nsrdb"', f'format = "{form}"'))
    for name in ("boundary.geojson", "ercot_2023_month_hour_mean.csv"):
        (folder / name).write_bytes((ABILENE / name).read_bytes())
    return path


def fetched(path: Path, *options: str) -> Result:
    return CliRunner(env={"NSRDB_API_KEY": None, "NSRDB_EMAIL": None}).invoke(dcplan, ["weather", "fetch", str(path), *options])


def test_pvgis_into_the_file_that_the_site_names(tmp_path, service):
    path, service.answer = begun(tmp_path, "year.json", "pvgis"), pvgis_json()
    done = fetched(path, "--url", service.url)
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'year.json'}\n"), done.stderr
    assert service.asked[0]["path"] == "/tmy"
    assert (float(service.asked[0]["lat"]), float(service.asked[0]["lon"])) == pytest.approx((32.5, -99.78), abs=0.2)
    loaded = load_site(path)
    # 6 h behind UTC: the first hour is 6:00 UTC, whose T2m is 6
    assert loaded.hours.dry_bulb.values[0][:3].tolist() == [6.0, 7.0, 8.0]
    assert loaded.weather_from == "year.json (pvgis)"


def test_nsrdb_with_key_and_address_packed(tmp_path, service):
    path = begun(tmp_path, "year.csv.gz", "nsrdb")
    service.answer = HEADER.replace("-100.18,0,", "-100.18,-6,") + "\n".join(nsrdb(2013)) + "\n"
    done = fetched(path, "--url", service.url, "--api-key", "k3y", "--email", "a@b.org")
    assert done.exit_code == 0, done.stderr
    assert (service.asked[0]["api_key"], service.asked[0]["email"], service.asked[0]["names"]) == ("k3y", "a@b.org", "tmy")
    assert gzip.decompress((tmp_path / "year.csv.gz").read_bytes()).startswith(b"Source,Location ID")
    assert load_site(path).hours.ghi.values[0][:24].tolist() == list(range(24))


def test_what_is_there_stays(tmp_path, service):
    path, service.answer = begun(tmp_path, "year.json", "pvgis"), pvgis_json()
    (tmp_path / "year.json").write_text("mine")
    done = fetched(path, "--url", service.url)
    assert (done.exit_code, service.asked) == (2, [])
    assert done.stderr == f"error[fetch]: {tmp_path / 'year.json'} is there already\n  = help: give another with -o, or --force to replace it\n"
    assert fetched(path, "--url", service.url, "--force").exit_code == 0
    assert (tmp_path / "year.json").read_text() != "mine"


@pytest.mark.parametrize(("form", "options", "said"), [
    ("nsrdb", (), "the NSRDB asks for a key and an e-mail address\n  = help: give --api-key and --email, or set NSRDB_API_KEY and NSRDB_EMAIL"),
    ("epw", (), "is of the form epw, which no service gives\n  = help: choose with --source pvgis or nsrdb"),
    ("epw", ("--source", "pvgis"), "the site names no pvgis file to write"),
])
def test_what_is_missing(tmp_path, service, form, options, said):
    done = fetched(begun(tmp_path, "year.csv", form), "--url", service.url, *options)
    assert (done.exit_code, service.asked) == (2, [])
    assert said in done.stderr


def test_key_from_the_environment(tmp_path, service):
    service.answer = HEADER.replace("-100.18,0,", "-100.18,-6,") + "\n".join(nsrdb(2013)) + "\n"
    path = begun(tmp_path, "year.csv", "nsrdb")
    done = CliRunner(env={"NSRDB_API_KEY": "fromenv", "NSRDB_EMAIL": "a@b.org"}).invoke(dcplan, ["weather", "fetch", str(path), "--url", service.url])
    assert (done.exit_code, service.asked[0]["api_key"]) == (0, "fromenv")


REFUSED = '{"status": 403, "message": "Location over the sea. Please, select another location", "errors": ["key k3y is not known"]}'


@pytest.mark.parametrize(("form", "status", "answer", "said"), [
    ("pvgis", 400, REFUSED, "pvgis gave no weather for 32.5"),
    ("pvgis", 400, REFUSED, "Location over the sea"),
    ("nsrdb", 403, REFUSED, "key ... is not known"),
    ("pvgis", 200, "<html>busy</html>", "pvgis gave no weather"),
    ("pvgis", 200, pvgis_json().replace('"T2m": 12.0', '"T2m": 99.0'), "pvgis gave weather that cannot be used: dry_bulb is 99 degC"),
])
def test_what_the_service_refuses_leaves_nothing(tmp_path, service, form, status, answer, said):
    path, service.status, service.answer = begun(tmp_path, "year.txt", form), status, answer
    before = sorted(tmp_path.iterdir())
    done = fetched(path, "--url", service.url, "--api-key", "k3y", "--email", "a@b.org")
    assert done.exit_code == 1
    assert done.stderr.startswith("error[fetch]: ")
    assert said in done.stderr
    assert "k3y" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_no_network(tmp_path, service):
    path = begun(tmp_path, "year.csv", "nsrdb")
    done = fetched(path, "--url", "http://127.0.0.1:9/", "--api-key", "k3y", "--email", "a@b.org")
    assert done.exit_code == 1
    assert done.stderr.startswith("error[fetch]: no answer from 127.0.0.1:9 (ConnectionError)\n  = help: see that this machine reaches it")
    assert not (tmp_path / "year.csv").exists()


# What the services really answered, as pvlib's tests keep it (tests/recorded/README.md) ---------------------------------------------------------

RECORDED = Path(__file__).parent / "recorded"
MOUNTAINS = {"latitude": "40.51 degree", "longitude": "-108.54 degree", "elevation": "2168 m", "utc_offset": "-7 hour"}
PIEDMONT = {"latitude": "45 degree", "longitude": "8 degree", "elevation": "250 m", "utc_offset": "1 hour"}


def recorded(name: str) -> str:
    return lzma.decompress((RECORDED / name).read_bytes()).decode()


def sunny(folder: Path, place: dict, file: str, form: str) -> Path:
    """A site with PV at a place, whose weather file is not there yet."""
    changes = {"location": place, "power": {"allow": ["solar_pv"]}, "weather": {"file": file, "format": form}}
    folder.mkdir(exist_ok=True)
    (folder / "site.toml").write_text("\n".join(f"{name} = {toml(value)}" for name, value in merged(BASE | {"catalog": ideal()}, changes).items()))
    return folder / "site.toml"


def test_a_recorded_answer_of_pvgis(tmp_path, service):
    path, service.answer = sunny(tmp_path, PIEDMONT, "year.json", "pvgis"), recorded("pvgis_tmy.json.xz")
    done = fetched(path, "--url", service.url)
    assert (done.exit_code, done.stderr) == (0, 'a typical year of pvgis; in the site file: format = "pvgis"\n')
    rows = json.loads(service.answer)["outputs"]["tmy_hourly"]
    hours = load_site(path).hours.isel(scenario=0)
    # UTC+1: the record of 00:00 is the hour from 01:00 here, and that of 23:00 on 31 December the year's first
    for name, theirs in (("dry_bulb", "T2m"), ("wind_speed", "WS10m"), ("pressure", "SP")):
        assert hours[name].values == pytest.approx(np.roll([row[theirs] for row in rows], 1)), name
    # the sun was seen 0.1761 h after each full hour: 0.3239 h on, in a straight line to the next, is the hour's half
    for name, theirs in (("ghi", "G(h)"), ("dni", "Gb(n)"), ("dhi", "Gd(h)")):
        seen = np.roll([row[theirs] for row in rows], 1)
        assert hours[name].values == pytest.approx(0.6761 * seen + 0.3239 * np.roll(seen, -1)), name
    assert hours.relative_humidity.values == pytest.approx(np.clip(np.roll([row["RH"] / 100 for row in rows], 1), 0.01, 1.0))
    assert json.loads((tmp_path / "year.json").read_text())["outputs"]["months_selected"] == json.loads(service.answer)["outputs"]["months_selected"]
    assert solar_noon(hours.ghi.values) == pytest.approx(12 + 1 - 8 / 15, abs=0.1)
    # beam x cosine + diffuse = global at the sun's place in the middle of the hour: as read within 5 W/m2, as the file stands (samples) within 12
    middles = pd.date_range("2018-12-31 23:30", periods=8760, freq="h", tz="UTC")
    height = np.cos(np.radians(pvlib.solarposition.get_solarposition(middles, 45, 8, 250)["apparent_zenith"].to_numpy())).clip(0)
    apart = hours.dni.values * height + hours.dhi.values - hours.ghi.values
    assert np.sqrt((apart**2).mean()) < 5.0


def test_a_recorded_answer_of_the_nsrdb(tmp_path, service):
    path, service.answer = sunny(tmp_path, MOUNTAINS, "year.csv", "nsrdb"), recorded("nsrdb_tmy.csv.xz")
    done = fetched(path, "--url", service.url, "--api-key", "k3y", "--email", "a@b.org")
    assert (done.exit_code, done.stderr) == (0, 'a typical year of nsrdb; in the site file: format = "nsrdb"\n')
    assert (service.asked[0]["names"], service.asked[0]["interval"], service.asked[0]["utc"]) == ("tmy", "60", "false")
    rows = list(csv.DictReader(service.answer.splitlines()[2:]))
    hours = load_site(path).hours.isel(scenario=0)
    for name, theirs, factor in (("dry_bulb", "Temperature", 1), ("ghi", "GHI", 1), ("dni", "DNI", 1), ("dhi", "DHI", 1), ("wind_speed", "Wind Speed", 1),
                                 ("pressure", "Pressure", 100)):
        assert hours[name].values == pytest.approx([float(row[theirs]) * factor for row in rows]), name
    dew = np.array([float(row["Dew Point"]) for row in rows])
    assert hours.relative_humidity.values == pytest.approx(relative_humidity(hours.dry_bulb.values, dew))
    assert solar_noon(hours.ghi.values) == pytest.approx(12 - 7 + 108.54 / 15, abs=0.35)
    assert hours.pressure.values.mean() == pytest.approx(standard_pressure(2168), rel=0.02)
