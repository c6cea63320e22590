"""Plants that stand in for one another, against the load of each class."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...models.reliability.adequacy import Plant
from ...models.reliability.endurance import shortage
from ...models.reliability.markov import HOURS_PER_YEAR

UTILITY = "utility"


@dataclass(frozen=True)
class Subsystem:
    """Plants that stand in for one another, of one of `halls`, with the units of each in all halls, the machines of a unit, and whether more may be
    bought; hours for which standby at full load has fuel (assumed, those of the catalogue, where the site gives it none), MW and MWh of batteries.
    Where there are fewer machines than halls, a hall is here those that one machine feeds."""

    name: str
    group: str | None
    plants: tuple[Plant, ...]
    units: tuple[float, ...]
    per_unit: tuple[int, ...]
    buyable: tuple[bool, ...]
    needs: Mapping[str, np.ndarray]
    halls: float = 1.0
    fuel_hours: float = np.inf
    fuel_assumed: bool = False
    battery: tuple[float, float] = (0.0, 0.0)

    @property
    def fuel(self) -> float:
        """MWh that standby can give in one outage, each set from its tank; without end where there is none."""
        sets = sum(one.machines.count * float(one.size.max()) for one in self.plants if one.stored)
        return sets * self.fuel_hours if sets else np.inf

    @property
    def standing(self) -> tuple[Plant, ...]:
        """Plants that have machines."""
        return tuple(one for one in self.plants if one.machines.count)

    def hours_lost(self, name: str) -> float:
        """Hours a year in which the load of a class is not carried in full."""
        return float(self.risk(name).mean()) * HOURS_PER_YEAR

    def risk(self, name: str) -> np.ndarray:
        """Probability by hour that the load of a class is not carried in full."""
        return self.shortage(name)[0]

    def shortage(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """By hour the probability that the load of a class is not carried in full, and the MW expected to be short."""
        return shortage(self.plants, self.needs[name], self.fuel, self.battery)

    def more(self, number: int, units: int = 1) -> "Subsystem":
        """With so many units more of a plant."""
        grown = tuple(one.more(units * self.per_unit[place]) if place == number else one for place, one in enumerate(self.plants))
        return replace(self, plants=grown)

    def as_fuelled(self) -> "Subsystem":
        """Where the site gives standby no fuel, none may be bought."""
        given = (not (one.stored and self.fuel_assumed) for one in self.plants)
        return replace(self, buyable=tuple(one and buyable for one, buyable in zip(given, self.buyable, strict=True)))

    def without_own_failures(self) -> "Subsystem":
        """Of plants that may be bought only common causes left, their units as they are."""
        plants = (_common_only(one) if buyable else one for one, buyable in zip(self.plants, self.buyable, strict=True))
        return replace(self, plants=tuple(plants))

    def without_trips(self) -> "Subsystem":
        """Without the common causes of plants but of the utility's feeds: only machines of their own fail."""
        return replace(self, plants=tuple(one if is_feed(one) else _own_only(one) for one in self.plants))

    def at_best(self) -> "Subsystem":
        """What no number of units mends: so many more of each plant that may be bought that it carries all load alone, with fuel without end, but for
        common causes."""
        most = max(need.max() for need in self.needs.values())
        grown = self
        for number, (one, buyable) in enumerate(zip(self.plants, self.buyable, strict=True)):
            if buyable and one.size.min() > 0:
                grown = grown.more(number, math.ceil(most / one.size.min() / self.per_unit[number]))
        return replace(grown.without_own_failures(), fuel_hours=np.inf)


def is_feed(one: Plant) -> bool:
    """Whether a plant is a feed of the utility."""
    return one.cause is not None and one.cause.name == UTILITY


def _common_only(one: Plant) -> Plant:
    """A plant whose machines fail together or not at all."""
    made = one.machines
    return replace(one, machines=replace(made, rate=made.beta * made.rate, beta=1.0, repair=made.common_hours))


def _own_only(one: Plant) -> Plant:
    """A plant whose machines each fail on their own."""
    made = one.machines
    return replace(one, machines=replace(made, rate=(1 - made.beta) * made.rate, beta=0.0), cause=None)
