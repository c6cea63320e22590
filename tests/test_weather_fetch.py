"""dcplan weather fetch against a service on this machine that gives recorded answers, in the form of the real ones."""

import gzip
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result
from dcplan.cli.commands import dcplan
from dcplan.sites import load_site
from test_weather import ABILENE, HEADER, nsrdb
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
