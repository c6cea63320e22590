"""Several sites side by side."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..sites import Site, SiteProblems, load_site
from .errors import Interrupted, PlannerError
from .optimize import optimize


def compare(sites, overrides: Sequence[str] = (), scenarios: Sequence[str] = ()) -> pd.DataFrame:
    """A row a site (a Site, or the path of its file), cheapest first; a site that fails is a row that says why.

    Files are read with the `overrides` (texts KEY=VALUE) laid over them, once for each of the `scenarios`. Raises Interrupted on Ctrl-C.
    """
    rows = [_row(site, overrides, scenario) for site in sites for scenario in (scenarios or (None,))]
    return pd.DataFrame(rows).sort_values("net_present_cost_usd", na_position="last", ignore_index=True)


def _row(site: Site | str | Path, overrides: Sequence[str], scenario: str | None) -> dict:
    named = {"file": str(site.path if isinstance(site, Site) else site), **({"scenario": scenario} if scenario else {})}
    row = {**named, "net_present_cost_usd": None, "problem": ""}
    try:
        loaded = site if isinstance(site, Site) else load_site(site, overrides, scenario)
        return row | optimize(loaded).summary
    except Interrupted:
        raise
    except (SiteProblems, PlannerError) as reason:
        return row | {"status": "failed", "problem": " ".join(str(reason).split())}
