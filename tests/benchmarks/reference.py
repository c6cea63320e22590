"""Abilene over 15 years, as it is and with one thing less at a time."""

from dcplan.sites import Site

from ..small import merged
from .places import abilene
from .registry import Benchmark, Row, Run
from .searching import searched

CHANGES = {
    "short": lambda tables: tables,
    "sampled": lambda tables: merged(tables, {"plan": {"resolution": "sampled"}}),
    "no_redundancy": lambda tables: {name: table for name, table in tables.items() if name != "redundancy"},
    "no_demand": lambda tables: merged(tables, {"grid": {"demand_charges": []}}),
    "as_is": lambda tables: tables,
}
SHORT = "short"


def build(run: Run) -> Site:
    """Abilene with the change that the size names; `short` is three years of it, to a gap of 3 %."""
    short = {"years": 3, "gap": "3 %"} if run.size == SHORT else {}
    return abilene(run.folder, CHANGES[run.size], **short)


def search(run: Run, site: Site) -> Row:
    """Plan it."""
    return searched(site, run.options)


BENCHMARK = Benchmark("reference", "Abilene, 15 years at every hour to 0.1 %, every technology, demand charges, redundancy, water right",
                      tuple(CHANGES), build, search)  # type: ignore[arg-type]
