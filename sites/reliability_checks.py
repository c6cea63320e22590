"""Checks of [reliability] against the fleet. Each yields (key, found, help)."""

from collections.abc import Iterator

from ..models.catalog import Catalog
from .dates import Finding
from .schema import SiteFile

WORKLOADS = ("training", "inference")
TOGETHER = (("utility_saifi", "utility_saidi"), ("utility_saidi", "utility_saifi"))


def check_reliability(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """A target is asked of a workload that the fleet has; the utility's SAIFI and SAIDI come together."""
    given = site.reliability
    for workload in WORKLOADS:
        if getattr(given, workload) is not None and workload not in {tranche.workload for tranche in site.fleet}:
            yield ("reliability", workload), f"no tranche of the fleet is {workload}", "leave it out, or give target for the whole load"
    for one, other in TOGETHER:
        if getattr(given, one) is not None and getattr(given, other) is None:
            yield ("reliability", one), f"{one} is given without {other}", f"give {other} as well: repair time is SAIDI over SAIFI"
