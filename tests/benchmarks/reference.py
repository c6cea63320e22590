"""Abilene over 15 years, as it is, with one thing less at a time, with prices that rise, and with everything that the catalogue has."""

from dcplan.models.catalog import load_catalog
from dcplan.planner.technologies import REJECTION
from dcplan.sites import Site
from dcplan.sites.power import power_technologies

from ..small import merged
from .places import abilene
from .registry import Benchmark, Row, Run
from .searching import searched

# What the plan with everything builds, but for a little storage: as cheap a plan, so that the difference is the proof that none of the others saves.
BUILT = {"power": {"allow": ["reciprocating_engine", "solar_pv"]},
         "cooling": {"allow": ["dry_cooler", "dry_cooler_close", "open_tower_wide", "water_cooled_chiller", "air_cooled_chiller"]}}
CHANGES = {
    "short": lambda tables: tables,
    "sampled": lambda tables: merged(tables, {"plan": {"resolution": "sampled"}}),
    "no_redundancy": lambda tables: {name: table for name, table in tables.items() if name != "redundancy"},
    "no_demand": lambda tables: merged(tables, {"grid": {"demand_charges": []}}),
    "escalation": lambda tables: merged(tables, {"grid": {"escalation": "2 %/year"}, "gas": {"escalation": "1 %/year"}}),
    "everything": lambda tables: merged(tables, {"power": {"allow": power_technologies(load_catalog())}, "cooling": {"allow": list(REJECTION)}}),
    "built": lambda tables: merged(tables, BUILT),
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


BENCHMARK = Benchmark("reference", "Abilene, 15 years at every hour to 0.1 %, 13 technologies (11 in whole units), demand charges, redundancy, water right",
                      tuple(CHANGES), build, search)  # type: ignore[arg-type]
