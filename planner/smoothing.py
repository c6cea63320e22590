"""Storage that may be bought to smooth the load of training, where the utility limits it (planner/pulsing.py says how much)."""

from collections.abc import Iterator

from ..models.power.smoothing import TECHNOLOGIES, Smoothing, smoothing
from ..sites import Site
from .pulsing import limited, pulse, storage_seconds


def storage(site: Site) -> Iterator[Smoothing]:
    """A component for each technology; none where the utility limits nothing."""
    if limited(site):
        yield from (smoothing(site.catalog, technology, pulse(site), storage_seconds(site)) for technology in TECHNOLOGIES)
