"""The share of the search that is not HiGHS: all in one process, with the time inside HiGHS' solve calls added up."""

import time
from collections.abc import Callable

import highspy
from dcplan.sites import Site

from .places import small_fleet
from .registry import Benchmark, Row, Run
from .searching import searched


class Clock:
    """Adds up time and calls of methods of highspy.Highs. `startSolve` and `wait` are what planner.highs.run calls, `run` what the rest calls."""

    def __init__(self, methods: tuple[str, ...]):
        self.seconds, self.calls = 0.0, 0
        for name in methods:
            setattr(highspy.Highs, name, self._timed(getattr(highspy.Highs, name)))

    def _timed(self, method: Callable) -> Callable:
        def timed(*arguments, **named):
            started = time.perf_counter()
            try:
                return method(*arguments, **named)
            finally:
                self.seconds += time.perf_counter() - started
                self.calls += 1

        return timed


def build(run: Run) -> Site:
    """The small fleet over so many years."""
    return small_fleet(run.folder, round(12 * float(run.size)))


def search(run: Run, site: Site) -> Row:
    """Plan it with one worker. `handing` is the time in calls that hand HiGHS bounds, costs, rows and models, and it counts as outside."""
    solving = Clock(("run", "startSolve", "wait"))
    handing = Clock(("passModel", "changeColsBounds", "changeRowsBounds", "changeColsCost", "addRow", "changeColBounds", "getSolution"))
    row = searched(site, run.options, workers=1)
    outside = row["seconds"] - solving.seconds  # type: ignore[operator]
    later = outside - row["seconds_build"]  # type: ignore[operator]
    return {"hours": row["hours"], "gap_percent": row["gap_percent"], "seconds": row["seconds"],
            "seconds_in_highs": solving.seconds, "solves": solving.calls, "seconds_outside": outside, "outside_percent": 100 * outside / row["seconds"],  # type: ignore[operator]
            "of_it_building": row["seconds_build"], "of_it_handing": handing.seconds, "of_it_other": later - handing.seconds,
            "block_solves": row["block_solves"], "iterations": row["iterations"]}


BENCHMARK = Benchmark("overhead", "share of the wall time of a search (workers=1) outside HiGHS, sizes in years", ("0.25", "1", "5", "15"), build, search)  # type: ignore[arg-type]
