"""Several sites side by side."""

from pathlib import Path

import pandas as pd

from ..sites import Site, SiteProblems, load_site
from .errors import Interrupted, PlannerError
from .optimize import optimize


def compare(sites) -> pd.DataFrame:
    """A row a site (a Site, or the path of its file), cheapest first; a site that fails is a row that says why.

    Raises Interrupted on Ctrl-C.
    """
    return pd.DataFrame([_row(site) for site in sites]).sort_values("net_present_cost_usd", na_position="last", ignore_index=True)


def _row(site: Site | str | Path) -> dict:
    row = {"file": str(site.path if isinstance(site, Site) else site), "net_present_cost_usd": None, "problem": ""}
    try:
        loaded = site if isinstance(site, Site) else load_site(site)
        return row | optimize(loaded).summary
    except Interrupted:
        raise
    except (SiteProblems, PlannerError) as reason:
        return row | {"status": "failed", "problem": " ".join(str(reason).split())}
