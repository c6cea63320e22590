"""What the outside is like, hour by hour: weather, prices, and which of the hours are design hours."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from .catalog import Catalog
from .physics.towers import driving_enthalpy, tower_approach
from .power.topology import Electrical


@dataclass(frozen=True)
class Conditions:
    """Arrays over hours: of the model year (8760), or of the design hours.

    dry_bulb, wet_bulb (degC); pressure (Pa); energy_price (USD/MWh); carbon_intensity (tonne_CO2e/MWh); `series` holds what a site gives by
    name (availability of a connection, utilisation of a tranche, PV yield). `reserve` is 1 where redundant units count as lost, `outage` is 1
    where the grid is gone, `beyond` is true in hours hotter or more humid than the design conditions, where loops may float.
    """

    dry_bulb: np.ndarray
    wet_bulb: np.ndarray
    pressure: np.ndarray
    energy_price: np.ndarray
    carbon_intensity: np.ndarray
    hour_of_day: np.ndarray
    weekday: np.ndarray
    reserve: np.ndarray
    outage: np.ndarray
    beyond: np.ndarray
    series: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.dry_bulb)


@dataclass(frozen=True)
class Loop:
    """A facility water loop: supply temperature it holds, the warmest it may float to in hours beyond design, and its temperature range."""

    supply: float
    allowable: float
    range: float


@dataclass(frozen=True)
class Loops:
    """Temperatures of the water loops. The cool loop (condenser water) follows the wet bulb down to `cool_minimum`, at an approach that is
    `cool_approach` at the towers' rated wet bulb and grows as the air gets colder (models/physics/towers.py). The near loop is
    condenser water of towers with a closer approach, `near_approach`, where a site may buy them: chillers choose. `inlet` and `inlet_beyond` are
    the warmest air that the racks take, within design conditions and beyond."""

    warm: Loop
    chilled: Loop
    cool_minimum: float
    cool_approach: float
    cool_range: float
    cool_rated_wet_bulb: float
    near_approach: float | None = None
    inlet: float = math.inf
    inlet_beyond: float = math.inf

    def supply(self, level: str, conditions: Conditions) -> np.ndarray:
        """Supply temperature of a level (warm, cool, near, chilled) by hour, degC."""
        if level in ("cool", "near"):
            rated = self.cool_approach if level == "cool" or self.near_approach is None else self.near_approach
            driving = driving_enthalpy(self.cool_rated_wet_bulb, rated, self.cool_range)
            approach = tower_approach(conditions.wet_bulb, self.cool_range, self.cool_range, conditions.pressure, driving)
            return np.maximum(self.cool_minimum, conditions.wet_bulb + approach)
        loop = self.warm if level == "warm" else self.chilled
        return np.where(conditions.beyond, loop.allowable, loop.supply)

    def leaving(self, level: str, conditions: Conditions) -> np.ndarray:
        """Temperature at which a level's water comes back to be cooled, degC."""
        spread = {"warm": self.warm.range, "chilled": self.chilled.range, "cool": self.cool_range, "near": self.cool_range}[level]
        return self.supply(level, conditions) + spread


NO_WATER = Loops(Loop(0.0, 0.0, 0.0), Loop(0.0, 0.0, 0.0), 0.0, 0.0, 0.0, 0.0)  # of a site whose cooling lies within a measured load


@dataclass(frozen=True)
class Setting:
    """What a technology is built from, besides its own catalogue rows: loops and their levels, outage to ride through, the price of
    water, the dearest value of compute that can be shed (USD per MWh of IT), what is chosen of the electrical chain,
    how far stores may carry energy (models/storage.py), and the air heat over the liquid heat of the racks that a bath would hold (the airiest)."""

    catalog: Catalog
    loops: Loops
    outage_hours: float = 0.0
    water_price: float = 0.0
    value_of_lost_load: float = 0.0
    levels: tuple[str, ...] = ("warm", "cool", "chilled")
    electrical: Electrical = field(default_factory=Electrical)
    storage_horizon: Literal["week", "month", "year"] = "week"
    bath_air: float = math.inf
