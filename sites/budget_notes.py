"""Notes on yearly limits within which what is wanted cannot be: money, emissions and water that are less than the least that it asks for.

The least is known without a plan: racks and nothing else of what is bought, energy of IT and nothing else of what is used, from the source of least
carbon. So a site without a note may still have to leave accelerators away.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from ..models.catalog import Catalog
from ..models.horizon import HOURS_PER_YEAR
from .doubts import racks_of
from .fleet import Tranche
from .magnitudes import shown
from .power import is_of, lacks
from .schema import PlanPeriod, SiteFile

MILLION = 1e6
FREE_OF_CARBON = ("renewable", "purchase_agreement")  # formulations of models/power
EVAPORATION, LOOP = "evaporation", "loop"  # heat_sink of what needs water in every hour, and of what gives its heat to something else that cools


def budget_notes(site: SiteFile, catalog: Catalog, plan: PlanPeriod, given: Mapping[str, np.ndarray]) -> Iterator[str]:
    """A note for each yearly limit that is below the least that is asked of it; `given` are the hourly columns of the site's files."""
    yield from _capital(site, catalog, plan)
    yield from _emissions(site, catalog, given)
    yield from _water(site, catalog)


def _capital(site: SiteFile, catalog: Catalog, plan: PlanPeriod) -> Iterator[str]:
    if site.limits.capital_per_year is None or not site.fleet:
        return
    most, racks = site.limits.capital_per_year, racks_of(site, catalog)
    pod = min(tranche.racks_per_pod * one.price for tranche in site.fleet for one in racks[tranche.name])
    years = plan.end.year - plan.start.year + ((plan.end.month, plan.end.day) > (1, 1))
    needed = sum(_missing(site, catalog, tranche) * min(one.price / one.accelerators for one in racks[tranche.name]) for tranche in site.fleet)
    if pod > most:
        yield f"limits.capital_per_year is {_money(most)} a year, and the cheapest pod of racks costs {_money(pod)}: none can be bought"
    elif needed > most * years:
        span = "the calendar year" if years == 1 else f"the {years} calendar years"
        yield (f"limits.capital_per_year allows {_money(most * years)} in {span} of the plan, and racks for the accelerators wanted last cost "
               f"{_money(needed)} alone: some will stay away")


def _missing(site: SiteFile, catalog: Catalog, tranche: Tranche) -> float:
    """Accelerators wanted last beyond those that are there or on order."""
    there = sum(asset.units * catalog.number(asset.technology, "accelerators_per_rack", "1") for asset in site.assets
                if asset.technology in tranche.variants and asset.name in (tranche.name, asset.technology))
    return max(0.0, tranche.wanted[-1].count - there)


def _money(amount: float) -> str:
    return f"{shown(amount / MILLION)} MUSD"


def _emissions(site: SiteFile, catalog: Catalog, given: Mapping[str, np.ndarray]) -> Iterator[str]:
    least = least_carbon(site, catalog, given)
    if site.limits.emissions is None or not least:
        return
    carried, wanted = site.limits.emissions / least, sum(_energy(site, catalog, tranche, given) for tranche in site.fleet)
    if carried < wanted * (1 - 1e-9):
        yield (f"limits.emissions is {shown(site.limits.emissions)} tonne_CO2e a year, which allows {shown(carried)} MWh from the source of least carbon, "
               f"and the accelerators wanted last take {shown(wanted)} MWh of IT a year: some may stay away")


def least_carbon(site: SiteFile, catalog: Catalog, given: Mapping[str, np.ndarray]) -> float:
    """tonne_CO2e per MWh of the source that has least, in its best hour; 0 where some source has none, or there is no source."""
    named = [*(name for name in site.power.allow if not lacks(site, catalog, name)), *(asset.technology for asset in site.assets)]
    if any(is_of(catalog, name, formulation) for name in named for formulation in FREE_OF_CARBON):
        return 0.0
    found = [float(np.min(given["carbon_intensity"]))] if site.grid.stages else []
    found += [catalog.number(name, "carbon", "tonne_CO2e/MWh") for name in named if is_of(catalog, name, "thermal_plant")]
    if site.gas is not None:
        burnt = catalog.number("fuel", "natural_gas_carbon", "tonne_CO2e/MWh")
        found += [burnt * catalog.number(name, "heat_rate", "1") for name in named if is_of(catalog, name, "generator")]
    return min(found, default=0.0)


def _energy(site: SiteFile, catalog: Catalog, tranche: Tranche, given: Mapping[str, np.ndarray]) -> float:
    """MWh that the accelerators wanted last of a tranche take in a year, in their leanest racks, with all shed that may be."""
    power = tranche.wanted[-1].count * min(one.power_per_accelerator for one in racks_of(site, catalog)[tranche.name])
    return power * float(np.mean(given[f"utilisation_{tranche.name}"])) * HOURS_PER_YEAR * (1 - tranche.shed_allowance)


def _water(site: SiteFile, catalog: Catalog) -> Iterator[str]:
    """Where no water may be drawn: chillers and economisers on water give their heat to a loop that something else cools."""
    if site.water.right != 0 or site.load is not None:
        return
    named = [*site.cooling.allow, *(asset.technology for asset in site.assets)]
    sinks = {name: catalog.text(name, "heat_sink") for name in named if catalog.has(name, "heat_sink")}
    wet = [name for name, sink in sinks.items() if sink == EVAPORATION]
    if not wet:
        return
    told = f"water.right is 0, and {', '.join(wet)} {'draws' if len(wet) == 1 else 'draw'} water in every hour"
    if any(sink not in (EVAPORATION, LOOP) for sink in sinks.values()) or site.heat_network is not None:
        yield f"{told}: only what else is allowed can cool"
    else:
        yield f"{told}: nothing else that is allowed takes heat outside, so nothing can be cooled"
