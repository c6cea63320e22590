"""dcplan weather: fetch a typical year for a site; list the named climates."""

import json
from pathlib import Path

import click

from .exits import BAD_INPUT, NO_PLAN, stop, stop_for, stop_unless_writable, writing
from .given import overridable
from .text import number_text, text_table


@click.group()
def weather() -> None:
    """Weather for sites: fetch a typical year from PVGIS or the NSRDB, or list named climates for sites without a file."""


@weather.command()
@click.argument("site", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; default: the one that the site names.")
@click.option("--source", type=click.Choice(("pvgis", "nsrdb")), help="The service; default: by the format of the site's weather.")
@click.option("--api-key", envvar="NSRDB_API_KEY", help="Key of the NSRDB; else from NSRDB_API_KEY.")
@click.option("--email", envvar="NSRDB_EMAIL", help="E-mail address that the NSRDB asks for; else from NSRDB_EMAIL.")
@click.option("--url", help="Another address of the service, such as a mirror.")
@click.option("--timeout", default=60.0, show_default=True, type=click.FloatRange(min=1), help="Seconds to wait for an answer.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@overridable
def fetch(site: Path, output: Path | None, source: str | None, api_key: str | None, email: str | None, url: str | None, timeout: float, force: bool,
          overrides: tuple[str, ...], scenario: str | None) -> None:
    """Fetch a typical year for a site's coordinates and write the file that the site names, whole or not at all."""
    from ..sites import SiteProblems
    from ..sites.fetch import Access, FetchProblem, ask, refuse, site_file, target, write

    try:
        given = site_file(site, overrides, scenario)
        chosen, path = target(given, site.parent, source, output)
        access = Access(url, api_key, email, timeout)
        refuse(chosen, path, access, force)
        stop_unless_writable(path)
        text = ask(chosen, given, access)
        with writing(path):
            notes = write(given, chosen, path, text)
    except SiteProblems as problems:
        stop(str(problems), BAD_INPUT)
    except FetchProblem as reason:
        stop_for(reason, NO_PLAN if reason.service else BAD_INPUT)
    click.echo(path)
    for line in (*notes, f'a typical year of {chosen}; in the site file: format = "{chosen}"'):
        click.echo(line, err=True)


@weather.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def climates(as_json: bool) -> None:
    """List named climates: synthetic years from monthly normals, for `climate = "NAME"` in [weather]."""
    from ..sites.named import climates as named

    rows = [{"climate": name, "place": one.city, "cold_degC": one.normals.cold, "hot_degC": one.normals.hot, "humid_degC": one.normals.humid,
             "period": one.period, "confidence": one.confidence} for name, one in named().items()]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    heads = ["climate", "place", "99.6 % dry bulb degC", "0.4 % dry bulb", "0.4 % wet bulb", "normals of", "confidence"]
    table = [[row["climate"], row["place"], *(number_text(row[name], 1) for name in ("cold_degC", "hot_degC", "humid_degC")), row["period"],
              row["confidence"]] for row in rows]
    click.echo(text_table([heads, *table], right=range(2, 5)))
