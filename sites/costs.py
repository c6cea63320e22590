"""Which costs a site is planned at: the table of the site file and its check."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from ..models.catalog import Catalog, load_catalog, nearest
from ..models.costs import CATALOGUE, MID, cost_sets, with_costs
from .quantity import Strict, told

if TYPE_CHECKING:
    from .schema import SiteFile


class Costs(Strict):
    """The cost set and the end of its ranges. What [catalog] sets holds whatever they are."""

    set: str = told("The dated cost set: catalogue (each row the best there is), 2025, aeo-2026 or market-2026.",
                    "Rows of the catalogue; `dcplan catalog diff` shows which.", default=CATALOGUE)
    range: Literal["low", "mid", "high"] = told("The end of the range that every cost is taken at, where it has a range.",
                                                "Every row of the catalogue in money.", default=MID)


def chosen_catalog(costs: Costs) -> Catalog:
    """The built-in catalogue at a site's costs; at its own where the set is not known, which `check_costs` tells."""
    return with_costs(load_catalog(), costs.set if costs.set in cost_sets() else CATALOGUE, costs.range)


def check_costs(site: "SiteFile", catalog: Catalog) -> Iterator[tuple[tuple, str, str]]:
    """The cost set is one that there is."""
    if site.costs.set not in cost_sets():
        yield (("costs", "set"), f'"{site.costs.set}" is no cost set', f"use one of {', '.join(cost_sets())}{nearest(site.costs.set, cost_sets())}")
