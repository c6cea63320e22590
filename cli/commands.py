"""The group of commands. Each imports what is heavy only when it runs."""

import click

from .catalog import catalog
from .check import check
from .climate import climate
from .compare import compare
from .completion import completion
from .exits import INTERRUPTED, NOTHING_WRITTEN, stop
from .explain import explain
from .export import export
from .init import init
from .optimize import optimize
from .reliability import reliability
from .schema import schema
from .screen import screen
from .show import show
from .verify import verify
from .weather import weather

COMMANDS = (init, check, climate, optimize, show, verify, reliability, compare, screen, export, catalog, explain, schema,
            weather, completion)


class Commands(click.Group):
    """A group that ends with 130 on Ctrl-C, wherever it comes."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            stop(NOTHING_WRITTEN, INTERRUPTED)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [command.name or "" for command in COMMANDS]


@click.group(cls=Commands, commands=COMMANDS)
@click.version_option(package_name="dcplan", prog_name="dcplan")
def dcplan() -> None:
    """Plan power and cooling of AI data centres: from a site file to a phased plan.

    Exit codes: 0 a plan, 1 no plan exists or none was found, 2 bad input or usage, 130 ended by Ctrl-C, 143 by SIGTERM,
    before a plan was written.
    """
