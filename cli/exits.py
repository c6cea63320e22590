"""How a command ends: 0 with a result, 1 without a plan, 2 for bad input, 130 where Ctrl-C came, 143 where SIGTERM did."""

import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from ..sites import Site

NO_PLAN, BAD_INPUT, INTERRUPTED = 1, 2, 130
NOTHING_WRITTEN = "interrupted: nothing was written"


def stop(message: str, code: int) -> NoReturn:
    """End the command with a message on stderr."""
    click.echo(message, err=True)
    sys.exit(code)


def stop_for(reason: Exception, code: int) -> NoReturn:
    """End the command with what the planner refused, under a code that `dcplan explain` knows: error[no-plan] for NoPlan."""
    stop(f"error[{kind_of(type(reason))}]: {reason}", code)


def kind_of(kind: type[Exception]) -> str:
    """The code of a kind of error: no-plan for NoPlan, checkpoint for CheckpointProblem."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__.removesuffix("Problem")).lower()


def load_or_stop(path: str, overrides: Sequence[str] = (), scenario: str | None = None) -> "Site":
    """The site of a file, with what is laid over it; all problems with it on stderr where it cannot be used."""
    from ..sites import SiteProblems, load_site

    try:
        return load_site(path, overrides, scenario)
    except SiteProblems as problems:
        stop(str(problems), BAD_INPUT)


def stop_unless_writable(folder: Path) -> None:
    """Refuse a folder that could not be made: the nearest one above it that exists has to be writable."""
    above = next(path for path in folder.absolute().parents if path.exists())
    if not above.is_dir():
        stop(f"cannot write {folder}: {above} is not a folder", BAD_INPUT)
    if not os.access(above, os.W_OK):
        stop(f"cannot write {folder}: no permission to write in {above}", BAD_INPUT)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """For the moment of writing: Ctrl-C and SIGTERM do nothing, so that nothing is left half replaced; what the disk refuses is said."""
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except OSError as reason:
        stop(f"cannot write {folder}: {reason.strerror or reason}", BAD_INPUT)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
