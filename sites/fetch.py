"""A typical year of weather for a site, from PVGIS or the NSRDB, through pvlib; written in the form that `sites/weather.py` reads."""

import gzip
import io
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .layers import read_source
from .parse import validate
from .problems import Report
from .schema import SiteFile
from .weather import WeatherProblem, read_weather

COVERS = {"pvgis": "PVGIS covers land between 60 S and 65 N, best in Europe, Africa, Asia and the Americas",
          "nsrdb": "the NSRDB covers the Americas and what the GOES satellites see"}


class FetchProblem(ValueError):
    """Why there is no weather to write: what was found and how to mend it. `service`: it was the service, not what was asked."""

    def __init__(self, found: str, mend: str, service: bool = False):
        super().__init__(f"{found}\n  = help: {mend}")
        self.service = service


@dataclass(frozen=True)
class Access:
    """How a service is reached: its address where it is not the usual one, the key and address of a person that the NSRDB asks for, patience (s)."""

    url: str | None = None
    api_key: str | None = None
    email: str | None = None
    timeout: float = 60.0


def site_file(path: str | Path, overrides: Sequence[str] = (), scenario: str | None = None) -> SiteFile:
    """The tables of a site file, without the files that it names. Raises SiteProblems."""
    source = read_source(Path(path), overrides, scenario)
    return validate(source.merged.values, Report(source.merged.place, source.order))


def target(site: SiteFile, folder: Path, source: str | None, output: Path | None) -> tuple[str, Path]:
    """Which service, and which file. Raises FetchProblem where the site does not say."""
    form = site.weather.format
    chosen = source or (form if form in SERVICES else None)
    if chosen is None:
        raise FetchProblem(f"the weather of {site.name} is of the form {form or 'none'}, which no service gives",
                           'choose with --source pvgis or nsrdb, and name the file with -o; or write format = "pvgis" in [weather]')
    if output is None and (site.weather.file is None or form != chosen):
        raise FetchProblem(f"the site names no {chosen} file to write", f'add file = "weather.json", format = "{chosen}" to [weather], or give -o FILE')
    return chosen, output or folder / str(site.weather.file)


def refuse(source: str, path: Path, access: Access, force: bool) -> None:
    """Raise FetchProblem before anything is asked: the file is there, or a key is missing."""
    if path.exists() and not force:
        raise FetchProblem(f"{path} is there already", "give another with -o, or --force to replace it")
    if source == "nsrdb" and not (access.api_key and access.email):
        raise FetchProblem("the NSRDB asks for a key and an e-mail address",
                           "give --api-key and --email, or set NSRDB_API_KEY and NSRDB_EMAIL; keys are free at developer.nlr.gov/signup")


def ask(source: str, site: SiteFile, access: Access) -> str:
    """The service's typical year at the site, as a text of its own form. Raises FetchProblem."""
    import requests

    try:
        return SERVICES[source](site, access)
    except (requests.ConnectionError, requests.Timeout) as reason:
        raise FetchProblem(f"no answer from {_host(reason, source, access)} ({type(reason).__name__})",
                           "see that this machine reaches it; or fetch the file elsewhere and name it in [weather]", service=True) from None
    except (requests.RequestException, ValueError, LookupError, AttributeError, TypeError) as reason:
        said = _without_key(str(reason), access)[:300] or type(reason).__name__
        raise FetchProblem(f"{source} gave no weather for {site.location.latitude:g}, {site.location.longitude:g}: {said}", COVERS[source],
                           service=True) from None


def _host(reason: Exception, source: str, access: Access) -> str:
    asked = getattr(reason, "request", None)
    return asked.url.split("/")[2] if asked is not None and asked.url else access.url or source


def _without_key(text: str, access: Access) -> str:
    return text.replace(access.api_key, "...") if access.api_key else text


def _pvgis(site: SiteFile, access: Access) -> str:
    """The answer as PVGIS lays it out: one record an hour, in UTC."""
    from pvlib.iotools import get_pvgis_tmy

    address = {} if access.url is None else {"url": access.url}
    asked: Any = {"map_variables": False, "coerce_year": None, "timeout": access.timeout, **address}
    answer: Any = get_pvgis_tmy(site.location.latitude, site.location.longitude, **asked)
    frame, meta = answer
    inputs = dict(meta["inputs"])
    described = inputs.pop("descriptions", {})
    hourly = [{"time(UTC)": f"{when:%Y%m%d:%H%M}", **row} for when, row in zip(frame.index, frame.to_dict("records"))]
    return json.dumps({"inputs": inputs, "outputs": {"months_selected": meta["months_selected"], "tmy_hourly": hourly}, "meta": {"inputs": described}})


def _nsrdb(site: SiteFile, access: Access) -> str:
    """The answer as the NSRDB lays it out: two lines on the place, then one an hour, in local standard time."""
    from pvlib.iotools import get_nsrdb_psm4_tmy

    asked: Any = {"map_variables": False, "url": access.url, "timeout": access.timeout}
    answer: Any = get_nsrdb_psm4_tmy(site.location.latitude, site.location.longitude, str(access.api_key), str(access.email), **asked)
    frame, meta = answer
    head = io.StringIO()
    for line in (meta.keys(), meta.values()):
        head.write(",".join(map(str, line)) + "\n")
    return head.getvalue() + frame.to_csv(index=False, lineterminator="\n")


SERVICES: dict[str, Callable[[SiteFile, Access], str]] = {"pvgis": _pvgis, "nsrdb": _nsrdb}


def write(site: SiteFile, source: str, path: Path, text: str) -> list[str]:
    """Into a file beside, read back as the site would, then in place of whatever is there. Gives the notes of reading. Raises FetchProblem."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        raw = text.encode("utf-8")
        fresh.write_bytes(gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw)
        notes = read_weather(site.model_copy(update={"weather": site.weather.model_copy(update={"format": source})}), fresh)[1]
        fresh.chmod(0o644)
        fresh.replace(path)
    except WeatherProblem as reason:
        raise FetchProblem(f"{source} gave weather that cannot be used: {reason}", "try the other service, or another year", service=True) from None
    finally:
        fresh.unlink(missing_ok=True)
    return notes
