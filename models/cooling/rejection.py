"""Coolers: what takes the heat of a loop, or of the hall's air, outside (or into a colder loop) without lifting it. One formulation, a file a physics.

For a level with supply temperature S and return R the technology's physics says by hour (models/cooling/dry.py, wet.py, airside.py):

    share   of the level's heat that it takes, however big the plant: 1 free cooling, between mixed, 0 none (machines do the rest)
    ratio   what the rating becomes: at most 1; where it could be more the fans slow down to a flow q = max(1 / ratio, minimum_flow)
    water   m3 per MWh of heat

    heat[level, t] <= share[level](t) * heat of the level(t) ;   sum over levels of heat / ratio <= rating
    power = p * rating * u^n, by tangents,   p = fan_power * air density * q^n + pump_power,   u = sum of heat / ratio over rating: all share the flow

p is that of the level with the lowest; heat of another level counts (p of its own / p)^(1/n) times in u, which is exact where one level is served.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State, sum_of
from ..conditions import Conditions, Loop, Setting
from ..horizon import Period
from ..physics.coolers import slowed
from ..physics.fluids import altitude_share
from ..pieces import drawn
from ..tangents import Tangent, power_tangents
from ..terms import Effect, Flow, Term, data, flow, rows, variable

SMALLEST_SHARE, WHOLE = 1e-3, 1 - 1e-9


@dataclass(frozen=True)
class Ability:
    """What a cooler can do for a level, hour by hour: share of the heat, ratio of the rating, water (m3 per MWh of heat)."""

    share: np.ndarray
    ratio: np.ndarray
    water: np.ndarray


Physics = Callable[[Conditions, np.ndarray, np.ndarray], Ability]
"""(conditions, supply, return in degC) -> Ability."""


@dataclass(frozen=True)
class Rejection:
    """A cooler that serves some levels. fan, pump: MW per MW of rating at full load; `target` is the loop it gives its heat to, None for outside."""

    asset: Asset
    setting: Setting
    levels: tuple[str, ...]
    physics: Physics
    fan: float
    pump: float
    exponent: float
    minimum_flow: float = 1.0
    target: str | None = None
    air: Loop | None = None

    @property
    def name(self) -> str:
        return self.asset.name

    @property
    def assets(self) -> tuple[Asset, ...]:
        return (self.asset,)

    @property
    def states(self) -> tuple[State, ...]:
        return ()

    @property
    def tangents(self) -> tuple[Tangent, ...]:
        """Of part load by the affinity laws."""
        return power_tangents(self.exponent)

    def temperatures(self, level: str, conditions: Conditions) -> tuple[np.ndarray, np.ndarray]:
        """Supply and return of a level, degC; the hall's air by the technology's own limits."""
        if level == "air_heat" and self.air is not None:
            supply = np.where(conditions.beyond, self.air.allowable, self.air.supply)
            return supply, supply + self.air.range
        return self.setting.loops.supply(level, conditions), self.setting.loops.leaving(level, conditions)

    def prepare(self, conditions: Conditions) -> Hourly:
        """share, ratio and water of each level, and how much its heat counts in power; full-load power per MW of rating."""
        hourly, full = {}, {}
        for level in self.levels:
            able = self.physics(conditions, *self.temperatures(level, conditions))
            share = np.where(able.share < SMALLEST_SHARE, 0.0, np.where(able.share > WHOLE, 1.0, able.share))
            hourly |= {f"share_{level}": share, f"ratio_{level}": np.clip(able.ratio, SMALLEST_SHARE, 1.0), f"water_{level}": able.water}
            full[level] = self.fan * altitude_share(conditions.pressure) * slowed(able.ratio, self.minimum_flow) ** self.exponent + self.pump
        least = np.min(list(full.values()), axis=0)
        over = np.maximum(least, 1e-12)
        counts = {f"counts_{level}": np.where(least > 0, power / over, 1.0) ** (1 / self.exponent) for level, power in full.items()}
        return hourly | counts | {"power": least}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add heat by level and power; the share rows stand only where the air falls short."""
        for level in self.levels:
            heat = variable(block, f"heat_{level}", period.positions, "MW")
            share = data(block, f"share_of_{level}", hourly[f"share_{level}"], "1")
            short = np.flatnonzero(hourly[f"share_{level}"] < 1).tolist()
            rows(block, f"temperature_{level}", short, lambda t, heat=heat, share=share, level=level:
                 heat[t] <= share[t] * levels[level][t])
        power = variable(block, "power", period.positions, "MW")
        counted = tuple(Term(f"heat_{level}", hourly[f"counts_{level}"] / hourly[f"ratio_{level}"]) for level in self.levels)
        used = sum_of(block, "used", counted, len(period))
        drawn(block, "affinity", power, used, state[self.asset.name], self.tangents, hourly["power"],
              np.max([hourly[f"counts_{level}"] for level in self.levels], axis=0))

    def _used(self, hourly: Hourly) -> tuple[Term, ...]:
        return tuple(Term(f"heat_{level}", 1 / hourly[f"ratio_{level}"]) for level in self.levels)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat out of the levels, power from the low-voltage bus; both into the target where there is one."""
        heats = tuple(f"heat_{level}" for level in self.levels)
        into = (flow(self.target, +1, *heats, "power"),) if self.target else ()
        return (*(flow(level, -1, f"heat_{level}") for level in self.levels), flow("low_voltage", -1, "power"), *into)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Water, and what it costs."""
        wet = {f"heat_{level}": hourly[f"water_{level}"] for level in self.levels}
        if not any(water.any() for water in wet.values()):
            return ()
        used = tuple(Term(heat, water, "m3/MWh") for heat, water in wet.items())
        paid = tuple(Term(heat, water * self.setting.water_price, "USD/MWh") for heat, water in wet.items())
        return (Effect("water", self.name, used), Effect("money", "water", paid))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Rating in use, over what the air leaves of it."""
        return (Loading(self.asset.name, self._used(hourly)),)


def rejection(setting: Setting, technology: str, physics: Physics, levels: tuple[str, ...] = ("warm", "cool"), **fields) -> Rejection:
    """A cooler with the size, costs, power and exponent of its catalogue rows, on those levels that the site has."""
    number = setting.catalog.number
    return Rejection(
        asset=from_catalog(setting.catalog, technology, group="cooling"), setting=setting,
        levels=tuple(level for level in levels if level in (*setting.levels, "air_heat")), physics=physics,
        fan=number(technology, "fan_power", "1"), pump=number(technology, "pump_power", "1"),
        exponent=number(technology, "part_load_exponent", "1"),
        minimum_flow=number(technology, "minimum_flow", "1"), **fields)
