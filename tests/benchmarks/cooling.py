"""Hourly coefficients of every way of cooling over a year: physics alone, vectorised, after import."""

import time

from dcplan.planner.assemble import site_setting
from dcplan.planner.conditions import year_conditions
from dcplan.planner.technologies import CAPTURE, REJECTION
from dcplan.sites import Site, load_site

from .places import EXAMPLES
from .registry import Benchmark, Row, Run

WANTED = 0.5  # s
REPEATS = 3


def build(run: Run) -> Site:
    """An example's site, read."""
    return load_site(EXAMPLES / run.size / "site.toml")


def measure(run: Run, site: Site) -> Row:
    """Seconds to prepare all technologies, the first time and the best of some."""
    setting, conditions, seconds = site_setting(site), year_conditions(site), []
    for _ in range(REPEATS):
        started = time.perf_counter()
        made = [make(setting, name).prepare(conditions) for name, make in {**CAPTURE, **REJECTION}.items()]
        seconds.append(time.perf_counter() - started)
    return {"technologies": len(made), "hours": len(conditions), "seconds_first": seconds[0], "seconds_best": min(seconds), "seconds_wanted": WANTED}


BENCHMARK = Benchmark("cooling", "seconds of the physics of all cooling technologies over 8760 h of a site", ("phoenix", "ashburn", "abilene"), build,
                      measure)  # type: ignore[arg-type]
