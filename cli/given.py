"""Options of every command that reads a site file: what is laid over it."""

from collections.abc import Callable

import click


def overridable(command: Callable) -> Callable:
    """--set and --scenario."""
    told = "One of the file's [scenario.NAME] tables, laid over it."
    return _set(click.option("--scenario", metavar="NAME", help=told)(command))


def overridable_often(command: Callable) -> Callable:
    """--set, and --scenario for several."""
    told = "One of the files' [scenario.NAME] tables, laid over each; may be given several times, for a row each."
    return _set(click.option("--scenario", "scenarios", multiple=True, metavar="NAME", help=told)(command))


def _set(command: Callable) -> Callable:
    told = "Put a value in place of the file's, such as water.right='300000 m3/year' or fleet[0].racks_per_pod=8; may be given several times."
    return click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help=told)(command)
