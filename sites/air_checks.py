"""Check of what takes the heat of the halls' air."""

from collections.abc import Iterator

from ..models.catalog import Catalog
from ..models.fleet.racks import liquid_share
from ..models.power.chain import CHAINS, hall_heat
from ..models.power.topology import Electrical
from .dates import Finding
from .schema import SiteFile

SAID = {"heat_source": ("air", "water"), "heat_sink": ("outside", "evaporation", "loop")}
AIR = "air"  # heat_source of what takes the heat of the halls' air
HEAT_ROWS = ("liquid_share", "network_share", "support_share")


def check_heat(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """What a way of cooling takes heat from, and where it leaves it, are of those that there are."""
    for row, known in SAID.items():
        for technology in catalog.with_parameter(row):
            if catalog.text(technology, row) not in known:
                yield ("catalog", technology, row), f'"{catalog.text(technology, row)}" is no {row}', f"use {', '.join(known)}"


def check_air(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Heat of the halls' air, which racks, those of network and support beside them, and the electrical chain give, is taken outside by something.

    Air handlers bring it to chillers or a waterside economiser; economisers on the air side take it themselves. Coolers of the liquid loops do not,
    and a bath takes as much as the racks in it give, not that of what stands beside them.
    """
    fitted = {*site.cooling.allow, *(asset.technology for asset in site.assets)}
    able = sorted(name for name in catalog.with_parameter("heat_source") if catalog.text(name, "heat_source") == AIR)
    if site.load is None and not fitted.intersection(able):
        for source in list(_uncooled(site, catalog, "immersion" in map(catalog.origin, fitted)))[:1]:
            yield ("cooling", "allow"), f"nothing that is allowed takes heat of the halls' air, {source}", f"allow one of {', '.join(able)}"


def _uncooled(site: SiteFile, catalog: Catalog, bath: bool) -> Iterator[str]:
    """What gives heat to the air that no bath takes: each tranche of which every variant does, and the losses of the chain."""
    tranches = [[name for name in tranche.variants if all(catalog.has(name, row) for row in HEAT_ROWS)] for tranche in site.fleet]
    racks = {name: liquid_share(catalog, name) for names in tranches for name in names}
    own = [catalog.number(name, "liquid_share", "1") for name in racks]
    caught = min((share for share in own if share > 0), default=1.0) if bath else 1.0
    for names in tranches:
        if names and all(racks[name] < caught for name in names):
            yield f"to which {1 - racks[names[0]]:.0%} of that of {names[0]} goes, with its network and support racks"
    if racks and not bath:
        yield from (f"to which losses of the {name} go" for name in CHAINS[site.electrical.chain] if hall_heat(catalog, _electrical(site), name) > 0)


def _electrical(site: SiteFile) -> Electrical:
    return Electrical(site.electrical.chain, site.electrical.ups_mode, {"ups": site.redundancy.ups, "transformer": site.redundancy.transformer})
