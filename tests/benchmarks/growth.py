"""Time and memory against the hours of the plan."""

from dcplan.sites import Site

from .places import small_fleet
from .registry import Benchmark, Row, Run
from .searching import searched


def build(run: Run) -> Site:
    """The small fleet over so many years."""
    return small_fleet(run.folder, round(12 * float(run.size)))


def search(run: Run, site: Site) -> Row:
    """Plan it; seconds for each 1,000 hours."""
    row = searched(site, run.options)
    return row | {"seconds_per_1000_hours": 1000 * row["seconds"] / row["hours"]}  # type: ignore[operator]


BENCHMARK = Benchmark("growth", "a small fleet at every hour to 0.1 %, sizes in years", ("0.25", "1", "2", "5", "10", "15", "30"),
                      build, search)  # type: ignore[arg-type]
