"""What a run says while it works: one live line on a terminal, a line now and then in a file; on stderr."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..planner.progress import Progress

EVERY = 10.0  # seconds at least between lines of one step


@contextmanager
def on_stderr() -> Iterator[Callable[["Progress"], None]]:
    """A listener that shows the last report with the seconds going on; where stderr is no terminal, plain lines without control of the cursor."""
    if not sys.stderr.isatty():
        yield _Lines().listen
        return
    from rich.console import Console
    from rich.live import Live

    line = _Line()
    console = Console(stderr=True, highlight="NO_COLOR" not in os.environ)
    with Live(get_renderable=line.text, console=console, transient=True, redirect_stdout=False, redirect_stderr=False):
        yield line.listen


class _Lines:
    """A line at each change of step, its count aside, and within a step at most one every so many seconds."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.step: str | None = None
        self.said = 0.0

    def listen(self, report: "Progress") -> None:
        """Take a report, and say it where it is time."""
        now, step = time.monotonic(), re.sub(r" \d+$", "", report.step)
        if step != self.step or now - self.said >= EVERY:
            self.step, self.said = step, now
            with suppress(OSError):  # nobody may be there to read it, and the search goes on
                click.echo(f"{now - self.started:6.1f} s  {describe(report)}", err=True)


class _Line:
    """The last report."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.report: Progress | None = None

    def listen(self, report: "Progress") -> None:
        """Take a report."""
        self.report = report

    def text(self) -> str:
        """The line as shown now."""
        seconds = f"{time.monotonic() - self.started:6.1f} s"
        return seconds if self.report is None else f"{seconds}  {describe(self.report)}"


def describe(report: "Progress") -> str:
    """Step, bounds, gap, time in months and in the master, as far as they are known."""
    from ..models.money import told

    bounds = [f"{name} {told(value, 3)}" for name, value in (("at least", report.lower_bound), ("at most", report.upper_bound))
              if value is not None and abs(value) < float("inf")]
    gap = [f"gap {report.gap:.2%}"] if report.gap is not None and report.gap < float("inf") else []
    spent = [f"{name} {seconds:.0f} s" for name, seconds in (("months", report.seconds_blocks), ("master", report.seconds_master)) if seconds]
    return "  ".join([report.step, *bounds, *gap, *spent])
