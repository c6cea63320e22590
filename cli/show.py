"""dcplan show: a plan's verdict, phases and figures."""

import json
from typing import TYPE_CHECKING

import click

from .complete import a_folder
from .exits import BAD_INPUT, stop
from .text import number_text, text_table

if TYPE_CHECKING:
    from ..planner import Plan

# column of phases.csv, heading, divisor, digits
PHASES = (
    ("accelerators_wanted", "wanted", 1, 0), ("accelerators_online", "online", 1, 0), ("it_installed_mw", "IT installed MW", 1, 1),
    ("it_mw", "IT peak hour MW", 1, 1), ("measured_load_mw", "measured load peak hour MW", 1, 1),
    ("facility_peak_mw", "facility peak hour MW", 1, 1), ("capital_usd", "capital MUSD", 1e6, 1),
)
# key of a weather year in summary.json, heading, divisor, digits
WEATHER = (("probability", "probability %", 0.01, 1), ("net_present_cost_usd", "net present cost MUSD", 1e6, 1),
           ("cost_operation_usd", "of it operation", 1e6, 1), ("peak_facility_mw", "facility peak hour MW", 1, 1), ("pue", "PUE", 1, 3),
           ("water_m3", "water m3", 1, 0), ("carbon_tonne_co2e", "carbon tonne", 1, 0), ("shed_accelerator_hours", "shed accelerator-hours", 1, 0))
# key of summary.json, what it is, divisor, digits, unit
FIGURES = (
    ("net_present_cost_usd", "net present cost", 1e6, 1, "MUSD"), ("lower_bound_usd", "at least", 1e6, 1, "MUSD"),
    ("sampled_cost_usd", "over sampled days", 1e6, 1, "MUSD"), ("sampled_lower_bound_usd", "of these at least", 1e6, 1, "MUSD"),
    ("gap", "gap", 0.01, 2, "%"), ("capital_usd", "capital", 1e6, 1, "MUSD"),
    ("installed_it_mw", "IT installed", 1, 1, "MW"), ("peak_it_mw", "IT load, peak hour", 1, 1, "MW"),
    ("peak_facility_mw", "facility load, peak hour", 1, 1, "MW"), ("pue", "PUE", 1, 3, ""),
    ("wue_l_per_kwh", "WUE", 1, 3, "L/kWh"), ("late_accelerator_months", "late", 1, 0, "accelerator-months"),
    ("late_for_whole_pods_accelerator_months", "of it by whole pods", 1, 0, "accelerator-months"),
    ("shed_share", "shed", 0.01, 2, "% of accelerator-hours"), ("unserved_share", "not served", 0.01, 3, "% of energy"),
    *((f"availability_{name}{what}", f"availability, {name}{told}", 0.01, 4, "%") for name in ("all", "training", "inference")
      for what, told in (("_asked", ", asked"), ("", ", by tables"), ("_simulated", ", simulated"))), ("seconds", "time to plan", 1, 1, "s"),
)


@click.command()
@click.argument("folder", shell_complete=a_folder)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def show(folder: str, as_json: bool) -> None:
    """Show a plan that was written."""
    from ..planner import Plan

    try:
        plan = Plan.load(folder)
    except FileNotFoundError as reason:
        stop(str(reason), BAD_INPUT)
    except (OSError, ValueError) as reason:
        stop(f"{folder} holds a plan that cannot be read: {reason}", BAD_INPUT)
    print_plan(plan, as_json)


def print_plan(plan: "Plan", as_json: bool) -> None:
    """The plan on stdout: verdict, phases and figures, or the summary as JSON."""
    if as_json:
        click.echo(json.dumps(plan.summary, indent=1, sort_keys=True))
    else:
        click.echo(f"{plan.summary['verdict']}\n\n{phase_text(plan)}\n\n{figure_text(plan.summary)}")


def phase_text(plan: "Plan") -> str:
    """A line a phase, of what is known."""
    known = set(plan.phases.dropna(axis="columns", how="all"))
    shown = [one for one in PHASES if one[0] in known]
    header = ["phase", "start", *(heading for _, heading, _, _ in shown)]
    rows = [[str(row["phase"]), str(row["start"]), *(number_text(row[name] / scale, digits) for name, _, scale, digits in shown)]
            for row in plan.phases.to_dict("records")]
    return text_table([header, *rows], right=range(2, len(header)))


def figure_text(summary: dict) -> str:
    """A line a figure that the plan has."""
    rows = [["status", f"{summary['status']}, {summary['resolution']} resolution"], *_not_served(summary),
            *([["weather", summary["weather"]]] if "weather" in summary else []),
            ["costs", f"{summary.get('cost_set', 'catalogue')}, {summary.get('cost_range', 'mid')}"]]
    for name, meaning, scale, digits, unit in FIGURES:
        value = summary.get(name)
        if value is not None:
            sampled = name == "gap" and summary["resolution"] == "sampled"
            rows.append([f"{meaning}{' over sampled days' * sampled}", _figure(value, scale, digits, unit)])
    rows += [["overdrawn", limit] for limit in summary.get("overdrawn", ())]
    return "\n\n".join([text_table(rows), *([weather_text(summary["weather_years"])] if "weather_years" in summary else [])])


def _figure(value: float, scale: float, digits: int, unit: str) -> str:
    """A figure with its unit; money of a small site in a scale that keeps three figures."""
    from ..models.money import told

    return told(value) if unit == "MUSD" and abs(value) < 10 * scale else f"{number_text(value / scale, digits)} {unit}".rstrip()


def _not_served(summary: dict) -> list[list[str]]:
    """A line beside the status, which is that of the search alone, where the plan serves nothing, or not all that it has in service."""
    from ..planner.served import served

    if served(summary):
        return []
    if summary.get("accelerators_wanted") and not summary["accelerators_online"]:
        return [["serves", "NOTHING: none of the accelerators wanted comes into service; the status is that of the search"]]
    told = (("shed_share", "accelerator-hours shed"), ("unserved_share", "energy not served"))
    shares = [f"{number_text(summary[name] / 0.01, 1)} % of {what}" for name, what in told if summary.get(name)]
    return [["serves", f"NOT ALL: {', '.join(shares)}; the status is that of the search"]]


def weather_text(years: list[dict]) -> str:
    """A line a weather year."""
    rows = [[row["weather_year"], *(number_text(None if row[name] is None else row[name] / scale, digits) for name, _, scale, digits in WEATHER)]
            for row in years]
    return text_table([["weather year", *(heading for _, heading, _, _ in WEATHER)], *rows], right=range(1, 1 + len(WEATHER)))
