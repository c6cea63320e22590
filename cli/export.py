"""dcplan export: a plan in the form that another programme reads."""

from pathlib import Path

import click

from .complete import a_folder
from .exits import BAD_INPUT, stop, stop_for, stop_unless_writable, writing

FORMS = ("csv", "xlsx", "parquet", "gpkg", "netcdf", "json")


@click.command()
@click.argument("folder", metavar="DIR", shell_complete=a_folder)
@click.option("--to", "form", required=True, type=click.Choice(FORMS), help="csv and parquet: a folder, a file a table; parquet needs dcplan[parquet].")
@click.option("-o", "--output", metavar="OUT", type=click.Path(path_type=Path),
              help="File or folder to write, the ending of the form added to a file without; default: the plan's name.")
@click.option("--force", is_flag=True, help="Replace what is there, but no folder with site files.")
def export(folder: str, form: str, output: Path | None, force: bool) -> None:
    """Export a plan: summary, phases, builds, hourly dispatch, ledger, prices of limits and by hour, weather; units in every header."""
    from ..planner import FolderTaken, Plan
    from ..planner.export import ENDINGS, ExportProblem
    from ..planner.export import export as run

    out = _named(output, ENDINGS[form]) if output else Path(f"{Path(folder).resolve().name}{ENDINGS[form] or f'-{form}'}")
    stop_unless_writable(out)
    try:
        plan = Plan.load(folder)
        with writing(out):
            run(plan, form, out, force)
    except FileNotFoundError as reason:
        stop(str(reason), BAD_INPUT)
    except (FolderTaken, ExportProblem) as reason:
        stop_for(reason, BAD_INPUT)
    except (OSError, ValueError) as reason:
        stop(f"{folder} holds a plan that cannot be read: {reason}", BAD_INPUT)
    click.echo(out)
    click.echo(f"written to {out}", err=True)


def _named(output: Path, ending: str) -> Path:
    """The name asked for, with the ending of the form where it has none, so that other programmes open it; what is not all letters (plan-1.5MW, plan.v2)
    is none. The folder that is worked in, which has no name, stays what it is."""
    return output if output.suffix[1:].isalpha() or not output.name else output.with_name(f"{output.name}{ending}")
