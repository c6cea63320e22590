"""Notes where load that has to be held is above all that may supply it: of a load that is given there will then be no plan, of the accelerators that
are wanted some stay away.

What may supply it is taken at its best: nothing is lost, no unit is out, fuel is turned into power at the best heat rate. So a site without a note
may still have no plan.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from math import inf

from ..models.catalog import Catalog
from ..models.fleet.racks import rack
from ..models.horizon import build_phases, service_years
from .doubts import racks_of
from .energy import Pipeline, Stage
from .fleet import Tranche
from .magnitudes import grid_most, shown
from .power import is_of, lacks
from .schema import PlanPeriod, SiteFile

NOT_FIRM = ("renewable", "purchase_agreement", "battery")  # formulations of models/power that give nothing in design hours
STANDBY = "diesel_standby"  # that gives something while the grid is out
ROUNDING = 1e-6
WHAT = "(critical_share says what has to be held)"


def firm_notes(site: SiteFile, catalog: Catalog, plan: PlanPeriod, peak: float) -> Iterator[str]:
    """The first dates on which the load to be held (of a measured one its `peak` in MW) is above the most that grid and plants give; and plants alone
    in an outage. Then what is wanted last, where that is."""
    starts = [phase.start for phase in build_phases(plan.start, plan.end, [(step.until, step.step) for step in plan.steps])]
    for outage in (False, True) if site.outage.duration else (False,):
        sources = "plants that run while the grid is out" if outage else "firm stages of the grid and plants"
        short = [day for day in starts if _is_above(held(site, catalog, day, peak), supply(site, catalog, day, outage))]
        last, most = wanted_last(site, catalog), supply(site, catalog, starts[-1], outage)
        if short:
            ends = next((f" to {day - timedelta(days=1)}" for day in starts if day > short[0] and day not in short), " on")
            what, given = held(site, catalog, short[0], peak), supply(site, catalog, short[0], outage)
            yield (f"from {short[0]}{ends} a load of {shown(what)} MW has to be held in design hours, and {sources} may give {shown(given)} MW at most: "
                   f"there will be no plan {WHAT}")
        elif _is_above(last, most):
            yield (f"of the accelerators wanted last {shown(last)} MW of IT have to be held in design hours, and {sources} may give {shown(most)} MW "
                   f"at most: some will stay away {WHAT}")


def _is_above(load: float, supplied: float) -> bool:
    return load > (1 + ROUNDING) * supplied


def held(site: SiteFile, catalog: Catalog, day: date, peak: float) -> float:
    """MW that may not be shed in design hours: of a measured load; of racks that are there or on order, to the end of their life; and of accelerators
    that must be there by then, where these are more."""
    found = site.load.critical_share * peak if site.load is not None else 0.0
    for tranche in site.fleet:
        due = max((step.count for step in tranche.latest if step.by <= day), default=0.0)
        found += tranche.critical_share * max(_standing(site, catalog, tranche, day), due * _leanest(site, catalog, tranche))
    return found


def _standing(site: SiteFile, catalog: Catalog, tranche: Tranche, day: date) -> float:
    """MW of a tranche's racks that are there or on order."""
    found = 0.0
    for asset in site.assets:
        if asset.technology in tranche.variants and asset.name in (tranche.name, asset.technology):
            there = 0 <= service_years(asset.in_service, day) < catalog.number(asset.technology, "life", "year")
            found += there * asset.units * rack(catalog, asset.technology, site.electrical.chain == "800 V dc").power
    return found


def _leanest(site: SiteFile, catalog: Catalog, tranche: Tranche) -> float:
    """MW of IT an accelerator of a tranche takes at least."""
    return min(one.power_per_accelerator for one in racks_of(site, catalog)[tranche.name])


def wanted_last(site: SiteFile, catalog: Catalog) -> float:
    """MW of the accelerators wanted last that have to be held in design hours, in their leanest racks."""
    return sum(tranche.critical_share * tranche.wanted[-1].count * _leanest(site, catalog, tranche) for tranche in site.fleet)


def supply(site: SiteFile, catalog: Catalog, day: date, outage: bool) -> float:
    """MW at most of what can be in service on a day: firm stages, where the grid is not out, plants that are given, and those that may be bought; of
    those on gas no more than pipelines bring fuel for."""
    grid = 0.0 if outage else grid_most(stage for stage in site.grid.stages if stage.firm and _there(site, catalog, stage, "grid_connection") <= day)
    plants = [*_given(site, catalog, day, outage), *_for_sale(site, catalog, day, outage)]
    rates = [catalog.number(technology, "heat_rate", "1") for technology, _ in plants if catalog.has(technology, "heat_rate")]
    on_gas = sum(most for technology, most in plants if catalog.has(technology, "heat_rate"))
    fuelled = _fuel(site, catalog, day) / min(rates) if rates else 0.0
    return grid + sum(most for technology, most in plants if not catalog.has(technology, "heat_rate")) + min(on_gas, fuelled)


def _given(site: SiteFile, catalog: Catalog, day: date, outage: bool) -> Iterator[tuple[str, float]]:
    """Technology and MW of plants that are there on a day."""
    for asset in site.assets:
        if _is_firm(catalog, asset.technology, outage) and asset.in_service <= day:
            yield asset.technology, asset.units * (asset.unit_size if asset.unit_size is not None else catalog.number(asset.technology, "unit_size", "MW"))


def _for_sale(site: SiteFile, catalog: Catalog, day: date, outage: bool) -> Iterator[tuple[str, float]]:
    """Technology and MW at most of plants that may be bought and be there on a day."""
    most = {size.technology: size.bounds()[1] for size in site.sizes}
    for technology in site.power.allow:
        may_run = _is_firm(catalog, technology, outage) and not lacks(site, catalog, technology)
        if may_run and site.plan.start + timedelta(days=catalog.number(technology, "lead_time", "day")) <= day:
            bound = most.get(technology)
            yield technology, inf if bound is None else bound


def _fuel(site: SiteFile, catalog: Catalog, day: date) -> float:
    """MW of gas that pipelines may bring on a day."""
    pipelines = site.gas.pipelines if site.gas is not None else ()
    return sum(pipeline.capacity for pipeline in pipelines if _there(site, catalog, pipeline, "gas_lateral") <= day)


def _is_firm(catalog: Catalog, technology: str, outage: bool) -> bool:
    """Whether a technology is a plant that gives power in design hours, or while the grid is out."""
    idle = NOT_FIRM if outage else (*NOT_FIRM, STANDBY)
    return catalog.has(technology, "formulation") and not any(is_of(catalog, technology, formulation) for formulation in idle)


def _there(site: SiteFile, catalog: Catalog, stage: Stage | Pipeline, technology: str) -> date:
    """First day on which a stage or a pipeline can carry anything."""
    if stage.status != "option":
        return stage.available_from
    lead = stage.lead_time if stage.lead_time is not None else catalog.number(technology, "lead_time", "day")
    return max(stage.available_from, site.plan.start + timedelta(days=lead))
