"""Where the heat of racks and of the electrical chain goes: shares by the catalogue.

    1 MW of a rack, with n MW of network racks and p (1 + n) MW of support racks: liquid s, s_n, s_p of each; none where the rack itself has none
    loss of stages in series at full load, the load's end first: out grows by each loss; of each a share warms the halls' air
"""

from ...sites import Site
from .electrical import at_full_load, stages

SWITCH = "static_transfer_switch"


def liquid_share(site: Site, kind: str) -> float:
    """Of the heat of a rack with its network and support racks, what goes to liquid."""
    parts, catalog = (("network", 1.0), ("support", 1 + _row(site, kind, "network_share"))), site.catalog
    own = catalog.number(kind, "liquid_share", "1")
    wet, whole = own, 1.0
    for name, beside in parts:
        power = beside * _row(site, kind, f"{name}_share")
        wet, whole = wet + power * _row(site, kind, f"{name}_liquid_share"), whole + power
    return wet / whole if own else 0.0


def _row(site: Site, kind: str, parameter: str) -> float:
    return site.catalog.number(kind if site.catalog.has(kind, parameter) else "any_rack", parameter, "1")


def hall_heat(site: Site, kind: str) -> float:
    """Share of the loss of a component of the chain that warms the halls' air."""
    block = (SWITCH,) if site.redundancy.ups.startswith("block") else ()
    before = ("transformer", "medium_voltage")
    places = {"transformer": before, "ups": ("distribution", *block, "ups"), "rectifier_800v": ("dc_distribution", *block, "rectifier_800v", *before)}
    out, lost = at_full_load(site, kind), []
    for a, b, c in stages(site, kind):
        lost.append(a + b * out + c * out * out)
        out += lost[-1]
    warm = sum(site.catalog.number(place, "hall_heat", "1") * loss for place, loss in zip(places[kind], lost, strict=True))
    return warm / sum(lost) if sum(lost) > 0 else 0.0


def most_in_a_bath(site: Site) -> float:
    """Air heat over liquid heat of the airiest rack that a bath would hold."""
    own = [site.catalog.number(kind, "liquid_share", "1") for tranche in site.fleet for kind in tranche.variants]
    return max(((1 - share) / share for share in own if share > 0), default=0.0)
