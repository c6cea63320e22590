"""What a run says while it works: one live line on stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..planner.progress import Progress


@contextmanager
def live_line() -> Iterator[Callable[["Progress"], None] | None]:
    """A listener that shows the last report with the seconds going on; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.live import Live

    line = _Line()
    with Live(get_renderable=line.text, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False):
        yield line.listen


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
    """Step, bounds in GUSD, gap, time in months and in the master, as far as they are known."""
    bounds = [f"{name} {value / 1e9:,.3f} GUSD" for name, value in (("at least", report.lower_bound), ("at most", report.upper_bound))
              if value is not None and abs(value) < float("inf")]
    gap = [f"gap {report.gap:.2%}"] if report.gap is not None and report.gap < float("inf") else []
    spent = [f"{name} {seconds:.0f} s" for name, seconds in (("months", report.seconds_blocks), ("master", report.seconds_master)) if seconds]
    return "  ".join([report.step, *bounds, *gap, *spent])
