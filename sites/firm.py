"""A note where a load that is given and has to be held is above all that may supply it: told without a plan, which there will not be.

What may supply it is taken at its best: nothing is lost, nothing lacks fuel, no unit is out. So a site without a note may still have no plan.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from math import inf

from ..models.catalog import Catalog
from ..models.fleet.racks import rack
from ..models.horizon import build_phases, service_years
from .energy import Stage
from .magnitudes import grid_most, shown
from .power import is_of, lacks
from .schema import PlanPeriod, SiteFile

NOT_FIRM = ("renewable", "purchase_agreement", "battery")  # formulations of models/power that give nothing in design hours
STANDBY = "diesel_standby"  # that gives something while the grid is out
ROUNDING = 1e-6


def firm_notes(site: SiteFile, catalog: Catalog, plan: PlanPeriod, peak: float) -> Iterator[str]:
    """The first dates on which the load to be held (of a measured one its `peak` in MW) is above the most that grid and plants give; and plants alone
    in an outage."""
    starts = [phase.start for phase in build_phases(plan.start, plan.end, [(step.until, step.step) for step in plan.steps])]
    for outage in (False, True) if site.outage.duration else (False,):
        short = [day for day in starts if held(site, catalog, day, peak) > (1 + ROUNDING) * supply(site, catalog, day, outage)]
        if short:
            ends = next((f" to {day - timedelta(days=1)}" for day in starts if day > short[0] and day not in short), " on")
            what, given = held(site, catalog, short[0], peak), supply(site, catalog, short[0], outage)
            sources = "plants that run while the grid is out" if outage else "firm stages of the grid and plants"
            yield (f"from {short[0]}{ends} a load of {shown(what)} MW has to be held in design hours, and {sources} may give {shown(given)} MW at most: "
                   "there will be no plan (critical_share says what has to be held)")


def held(site: SiteFile, catalog: Catalog, day: date, peak: float) -> float:
    """MW that may not be shed in design hours: of a measured load, and of racks that are there or on order, to the end of their life."""
    critical = {tranche.name: (tranche.critical_share, tranche.variants) for tranche in site.fleet}
    found = site.load.critical_share * peak if site.load is not None else 0.0
    for asset in site.assets:
        share = next((share for name, (share, variants) in critical.items()
                      if asset.technology in variants and asset.name in (name, asset.technology)), 0.0)
        if share and 0 <= service_years(asset.in_service, day) < catalog.number(asset.technology, "life", "year"):
            found += share * asset.units * rack(catalog, asset.technology, site.electrical.chain == "800 V dc").power
    return found


def supply(site: SiteFile, catalog: Catalog, day: date, outage: bool) -> float:
    """MW at most of what can be in service on a day: firm stages, where the grid is not out, plants that are given, and those that may be bought."""
    found = 0.0 if outage else grid_most(stage for stage in site.grid.stages if stage.firm and _there(site, catalog, stage) <= day)
    for asset in site.assets:
        if _is_firm(catalog, asset.technology, outage) and asset.in_service <= day:
            size = asset.unit_size if asset.unit_size is not None else catalog.number(asset.technology, "unit_size", "MW")
            found += asset.units * size
    most = {size.technology: size.bounds()[1] for size in site.sizes}
    for technology in site.power.allow:
        may_run = _is_firm(catalog, technology, outage) and not lacks(site, catalog, technology)
        if may_run and site.plan.start + timedelta(days=catalog.number(technology, "lead_time", "day")) <= day:
            bound = most.get(technology)
            found += inf if bound is None else bound
    return found


def _is_firm(catalog: Catalog, technology: str, outage: bool) -> bool:
    """Whether a technology is a plant that gives power in design hours, or while the grid is out."""
    idle = NOT_FIRM if outage else (*NOT_FIRM, STANDBY)
    return catalog.has(technology, "formulation") and not any(is_of(catalog, technology, formulation) for formulation in idle)


def _there(site: SiteFile, catalog: Catalog, stage: Stage) -> date:
    """First day on which a stage can carry power."""
    if stage.status != "option":
        return stage.available_from
    lead = stage.lead_time if stage.lead_time is not None else catalog.number("grid_connection", "lead_time", "day")
    return max(stage.available_from, site.plan.start + timedelta(days=lead))
