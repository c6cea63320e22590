"""How units of the electrical chain stand in for one another, and what follows for units, load limit and losses.

    N                         all carry, none to spare
    N+r                       r units to spare in each hall; the limit of a unit's load follows from how many there are
    2N                        sets of 2 of which 1 can carry all: a unit carries at most 1/2
    distributed k+1 to make k sets of k + 1 that share the load, fed so that the loss of one falls on the others: at most k/(k + 1)
    block k+1 to make k       k units carry up to their rating, one waits without load behind static transfer switches, which the load pays for
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SETS = re.compile(r"(block|distributed) (\d) to make (\d)")
RULES = ("N", "N+1", "N+2", "2N", "block 3 to make 2", "block 4 to make 3", "distributed 3 to make 2", "distributed 4 to make 3")
AC, DC = "ac", "800 V dc"
DOUBLE_CONVERSION, ECO = "double conversion", "eco"


@dataclass(frozen=True)
class Topology:
    """Sets of `units` of which `needed` carry all; `spare` units a hall; `idle`: what is not needed waits without load."""

    units: int = 1
    needed: int = 1
    spare: int = 0
    idle: bool = False

    @property
    def share(self) -> float:
        """Of a set's rating, what may be relied on: the most that a unit carries where all share the load."""
        return self.needed / self.units


def topology(rule: str) -> Topology:
    """The topology that a rule of the site file names."""
    if found := SETS.fullmatch(rule):
        return Topology(int(found[2]), int(found[3]), idle=found[1] == "block")
    return Topology(2, 1) if rule == "2N" else Topology(spare=int(rule[2:]) if rule.startswith("N+") else 0)


@dataclass(frozen=True)
class Electrical:
    """What a site chooses of its chain: alternating or direct current to the rack, the mode of the UPS, rules by group."""

    chain: str = AC
    ups_mode: str = DOUBLE_CONVERSION
    rules: Mapping[str, str] = field(default_factory=dict)

    def topology(self, group: str) -> Topology:
        """The topology of a group of units: ups, transformer."""
        return topology(self.rules.get(group, "N"))
