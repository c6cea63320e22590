"""Whether a plan serves what it has in service: what its status, that of the search, does not say."""

from collections.abc import Mapping

VISIBLE_SHARE = 0.01
UNSERVED_SHARE = 1e-3


def served(figures: Mapping) -> bool:
    """Whether a plan, by the figures of its summary, has something in service where something is wanted, and all but a little of that has power."""
    shed, unserved = (figures.get(name) or 0.0 for name in ("shed_share", "unserved_share"))
    nothing = figures.get("accelerators_wanted", 0.0) > 0 and not figures.get("accelerators_online", 0.0)
    return not nothing and shed <= VISIBLE_SHARE and unserved <= UNSERVED_SHARE
