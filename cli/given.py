"""Options of every command that reads a site file: what is laid over it."""

import functools
from collections.abc import Callable

import click

from .complete import a_cost_set, a_scenario, a_setting


def overridable(command: Callable) -> Callable:
    """--set and --scenario."""
    told = "One of the file's [scenario.NAME] tables, laid over it."
    return _set(click.option("--scenario", metavar="NAME", shell_complete=a_scenario, help=told)(command))


def overridable_often(command: Callable) -> Callable:
    """--set, and --scenario for several."""
    told = "One of the files' [scenario.NAME] tables, laid over each; may be given several times, for a row each."
    return _set(click.option("--scenario", "scenarios", multiple=True, metavar="NAME", shell_complete=a_scenario, help=told)(command))


def _set(command: Callable) -> Callable:
    told = "Put a value in place of the file's, such as water.right='300000 m3/year' or fleet[0].racks_per_pod=8; may be given several times."
    return click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", shell_complete=a_setting, help=told)(_costs(command))


def _costs(command: Callable) -> Callable:
    """--costs and --cost-set, laid over the file as --set costs.range and costs.set would be."""

    @functools.wraps(command)
    def laid(*arguments, level: str | None, cost_set: str | None, overrides: tuple[str, ...], **options) -> object:
        given = [f"costs.{key}={value}" for key, value in (("set", cost_set), ("range", level)) if value]
        return command(*arguments, overrides=(*overrides, *given), **options)

    sets = click.option("--cost-set", metavar="NAME", shell_complete=a_cost_set, help="A dated cost set: catalogue, 2025, aeo-2026, market-2026.")
    return sets(click.option("--costs", "level", type=click.Choice(("low", "mid", "high")), help="The end of the range that costs are taken at.")(laid))
