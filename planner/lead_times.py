"""Where nothing of a kind can be in service by a date, whatever is paid: what it waits for."""

from collections.abc import Iterator
from datetime import timedelta

from ..models.asset import Asset
from ..models.horizon import Phase
from ..sites.power import is_of
from .case import Case
from .technologies import CAPTURE, CHAIN, REJECTION

SUPPLY = ("generator", "thermal_plant", "renewable")
ALONE = ("generator", "thermal_plant", "diesel_standby")  # what runs while the grid is out
OUTSIDE_AIR = ("direct_air_economiser", "indirect_evaporative")  # these take the halls' air as it is
AIR = {"capture of the air's heat": ("air_handler", "contained_air_handler", "rear_door", "immersion", *OUTSIDE_AIR),
       "cooling of the air": ("air_cooled_chiller", "water_cooled_chiller", *OUTSIDE_AIR)}


def waits(case: Case, tranche: str, phase: Phase) -> Iterator[str]:
    """A line for each kind of thing that a tranche ("" for a measured load) needs and of which nothing can be in service at the start of a phase."""
    for kind, assets in _needed(case, tranche).items():
        if assets and not any(asset.may_build(phase) or asset.given_units(phase) > 0 for asset in assets):
            yield f"{kind}: {_first(case, assets)}"


def _needed(case: Case, tranche: str) -> dict[str, list[Asset]]:
    technologies = {"capture of heat": CAPTURE, "rejection of heat": REJECTION, **AIR, **{name: (name,) for name in CHAIN}}
    plant = {kind: [asset for asset in case.assets if case.site.catalog.origin(asset.technology) in known] for kind, known in technologies.items()}
    racks = [variant.component.asset for variant in case.variants if variant.tranche == tranche]
    power = {"power": [asset for asset in case.assets if asset.technology == "grid_connection" or _is_of(case, asset, SUPPLY)],
             "power in an outage": [asset for asset in case.assets if case.site.outage.duration and _is_of(case, asset, ALONE)]}
    return {"racks": racks, "halls": list(case.halls), **power, **plant}


def _is_of(case: Case, asset: Asset, formulations: tuple[str, ...]) -> bool:
    return any(is_of(case.site.catalog, asset.technology, formulation) for formulation in formulations)


def _first(case: Case, assets: list[Asset]) -> str:
    """What is there first of the assets: after which lead time, or from which date of its own, and with which phase."""
    index, asset = min(((_phase(case, asset), asset) for asset in assets), key=lambda pair: pair[0])
    ordered = case.phases[0].plan_start + timedelta(days=asset.lead_time)
    dates = [asset.not_before or ordered] if asset.buildable else [item.in_service for item in asset.given]
    from_date = max(ordered, *dates) if asset.buildable else min(dates)
    why = f"takes {asset.lead_time:g} days from the plan's start" if asset.buildable and from_date == ordered else "is dated by the site file"
    then = f"in service with phase {case.phases[index].name}" if index < len(case.phases) else "after the plan's last phase begins"
    return f"{asset.name} {why}, so there from {from_date} on, {then}"


def _phase(case: Case, asset: Asset) -> int:
    """Number of the first phase in which an asset can be in service; that of no phase where it cannot."""
    return next((phase.index for phase in case.phases if asset.may_build(phase) or asset.given_units(phase) > 0), len(case.phases))
