"""Rules that a reliability target adds to a site: redundancy by group and the outage to ride through, in place of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .site import Site


@dataclass(frozen=True)
class Rules:
    """Rule by group of [redundancy] (also N+3 and beyond), and the hours of outage with fuel on site."""

    redundancy: Mapping[str, str] = field(default_factory=dict)
    outage_hours: float = 0.0

    def record(self) -> dict[str, Any]:
        """As a plan's manifest holds them."""
        return {"redundancy": dict(self.redundancy), "outage_hours": self.outage_hours}


def rules_of(site: Site) -> Rules:
    """Those that the site states itself."""
    return Rules(site.redundancy.model_dump(), site.outage.duration)


def with_rules(site: Site, record: Mapping[str, Any] | None) -> Site:
    """The site under recorded rules; as it is where there are none."""
    if not record:
        return site
    return replace(site, redundancy=site.redundancy.model_copy(update=dict(record["redundancy"])),
                   outage=site.outage.model_copy(update={"duration": float(record["outage_hours"])}))
