"""dcplan reliability: how reliable a written plan is, what dominates, what one more unit buys."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .complete import a_file, a_folder
from .exits import BAD_INPUT, stop, stop_for, stop_unless_writable, writing
from .text import number_text, text_table

if TYPE_CHECKING:
    import pandas

    from ..planner.reliability import Assessment
    from ..planner.reliability.subsystem import Subsystem

LITTLE = 0.1  # share that another phase loses more, and is not told for
HEADINGS = ("subsystem", "units", "needed", "availability", "lost h/yr", "of it common cause", "share", "one more unit", "saves h/yr", "simulated h/yr",
            "outages/yr")


@click.command()
@click.argument("folder", shell_complete=a_folder)
@click.option("--phase", metavar="NAME", help="Phase of the plan; default: the last one with racks.")
@click.option("--years", type=click.IntRange(min=0), metavar="N", help="Years to simulate, 0 for none; default: the site's.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Seed of the simulation; default: the site's.")
@click.option("--site", shell_complete=a_file, help="Site file of the plan; default: the one that it was made from.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for reliability.csv, reliability_hours.csv, survival.csv; columns explained.")
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def reliability(folder: str, phase: str | None, years: int | None, seed: int | None, site: str | None, output: Path | None, as_json: bool) -> None:
    """Show how reliable a written plan is in a phase, by subsystem, and in which phase it is least so."""
    from ..planner import NotVerifiable
    from ..planner.reliability import NoSuchPhase, assess

    if years == 1:
        stop("1 year of simulation has no spread to tell its error from\n  = help: give --years 2 or more, or 0 for none", BAD_INPUT)
    if output is not None:
        stop_unless_writable(output / "reliability.csv")
    try:
        found = assess(folder, phase, years, seed, site)
    except (NotVerifiable, NoSuchPhase) as reason:
        stop_for(reason, BAD_INPUT)
    if output is not None:
        with writing(output):
            _write(found, output)
    click.echo(json.dumps(as_record(found), indent=1) if as_json else as_text(found))
    if output is not None:
        click.echo(f"written to {output}", err=True)


def as_text(found: "Assessment") -> str:
    """A table a class, with the target, and the phase in which it is lowest where that is another one, then survival."""
    parts = [f"{found.phase.name}: availability of power and cooling at a hall, from {found.phase.start}"
             + (f", in weather year {found.weather_year}, that of the highest peak" if found.weather_year else "")]
    for name, target in found.targets.items():
        rows = [row for row in records(found.table) if row["class"] == name]
        asked = f", asked {target:.5%}" if target else ""
        reached = found.together(name)
        parts.append(f"{_load(name)}: {reached['availability']:.5%}{asked}{_weaker(found.lowest.get(name), reached['availability'])}\n\n"
                     + text_table([HEADINGS, *map(_row, rows)], right=range(2, len(HEADINGS))) + f"\n\n{_dominates(rows)}")
    if found.simulated:
        parts.append(_simulation(found))
    if len(found.survival):
        parts.append("outages of the grid ridden through\n" + _survival(found.survival))
    return "\n\n".join(parts)


def _weaker(lowest: tuple[str, float] | None, reached: float) -> str:
    """The phase that loses more than the one that is told, where there is one."""
    if lowest is None or 1 - lowest[1] <= (1 + LITTLE) * (1 - reached):
        return ""
    return f"; lowest in {lowest[0]}: {lowest[1]:.5%}, by the tables (--phase {lowest[0]})"


def _load(name: str) -> str:
    """A class of load, in words."""
    return "critical load" if name == "all" else name


def _row(row: dict) -> list[str]:
    one_more = row.get("one_more_unit_of")
    return [row["subsystem"], row["plants"] or "", number_text(row.get("needed_units")),
            f"{row['availability']:.5%}", number_text(row["lost_hours_per_year"], 3), number_text(row.get("common_cause_hours_per_year"), 3),
            f"{row['share_of_lost_hours']:.0%}", f"{row['halls'] * row['one_more_units']:g} {one_more}" if one_more else "-",
            number_text(row["one_more_unit_saves_hours_per_year"], 4) if one_more else "-", _interval(row), number_text(row.get("outages_per_year"), 3)]


def _interval(row: dict) -> str:
    """0.040 (0.022 to 0.065)"""
    simulated, low, high = (row.get(f"simulated_{name}_hours_per_year") for name in ("lost", "low", "high"))
    return "-" if simulated is None else f"{simulated:,.3f} ({low:,.3f} to {high:,.3f})"


def _simulation(found: "Assessment") -> str:
    """What the simulation is, and where the tables lie outside its interval."""
    years = next(iter(found.simulated.values())).years
    told = [f"simulated: {years:,} years; in brackets the interval of 95 % by the number of outages and how long they last"]
    told += [f"{part.name}: {stored}, full at the start of each outage" for part in found.parts if (stored := _stored(part))]
    outside = dict.fromkeys(row["subsystem"] for row in records(found.table) if row["plants"] and not _inside(row))
    if outside:
        told.append(f"outside that interval lie the tables of {', '.join(outside)}: one in twenty does by chance (--years draws more, --seed others)")
        told += ["the tables take tanks and batteries to be drawn on as in the last day, the simulation follows them"
                 for part in found.parts if part.name in outside and _stored(part)]
    return "\n".join(told)


def _stored(part: "Subsystem") -> str:
    """What is stored on site: fuel for 12 h of standby at full load, batteries of 10 MW and 40 MWh."""
    power, energy = part.battery
    told = [f"fuel for {part.fuel_hours:g} h of standby at full load"] if math.isfinite(part.fuel) else []
    return " and ".join([*told, *([f"batteries of {power:,.4g} MW and {energy:,.4g} MWh"] if min(part.battery) > 0 else [])])


def _inside(row: dict) -> bool:
    return row["simulated_low_hours_per_year"] <= row["lost_hours_per_year"] <= row["simulated_high_hours_per_year"]


def _dominates(rows: list[dict]) -> str:
    """Which subsystem costs most, and whether units to spare mend it."""
    worst = max(rows[:-1], key=lambda row: row["lost_hours_per_year"])
    best = max(rows[:-1], key=lambda row: row["one_more_unit_saves_hours_per_year"])
    told = f"{worst['subsystem']} dominates: {worst['lost_hours_per_year']:,.3f} h a year, {worst['share_of_lost_hours']:.0%} of all"
    if best["one_more_unit_saves_hours_per_year"] < 0.01 * worst["lost_hours_per_year"]:
        return f"{told}; no further unit mends it"
    where = "" if best is worst else f" ({best['subsystem']})"
    several = best["one_more_units"] > 1
    units = f"{best['one_more_units']:g} more" if several else "one more"
    return (f"{told}; {units} {best['one_more_unit_of']}{' in each hall' if best['halls'] > 1 else ''}{where} {'save' if several else 'saves'} "
            f"{best['one_more_unit_saves_hours_per_year']:,.3f} h a year")


def _survival(table: "pandas.DataFrame") -> str:
    names = [name for name in table.columns if name != "outage_hours"]
    rows = [[f"{row['outage_hours']:g} h", *(f"{row[name]:.1%}" for name in names)] for row in table.to_dict("records")]
    return text_table([["length", *(_load(name.removesuffix("_survival")) for name in names)], *rows], right=range(len(names) + 1))


def as_record(found: "Assessment") -> dict:
    """The table as JSON takes it; by class of load the phase that is lowest by the tables, where all were looked at."""
    told: dict = {"weather_year": found.weather_year} if found.weather_year else {}
    told |= {"lowest": {name: {"phase": phase, "availability": reached} for name, (phase, reached) in found.lowest.items()}} if found.lowest else {}
    return {"phase": found.phase.name, **told, "targets": dict(found.targets), "subsystems": records(found.table), "survival": records(found.survival)}


def records(table: "pandas.DataFrame") -> list[dict]:
    """Rows, what is not there as null."""
    return [{str(name): None if value != value else value for name, value in row.items()} for row in table.to_dict("records")]


def _write(found: "Assessment", folder: Path) -> None:
    """The tables, each whole or not at all."""
    from ..planner.reliability.save import save

    save(found, folder)
