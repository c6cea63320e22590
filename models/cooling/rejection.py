"""Heat rejection to the outside: dry cooler, adiabatic dry cooler, open tower. One formulation, three physics.

For a level with supply temperature S and return R, and ambient A (dry bulb, air behind the wet pad, or wet bulb):

    share = clip((R - (A + approach)) / (R - S), 0, 1)      of the level's heat, however big the plant (precooling where it falls short)
    ratio = clip((R - A) / (range + approach), 0, 1)        what the rating becomes: constant effectiveness on the temperature difference
    power >= fan_power * rating * u^n + pump_power * rating * u^n,   u = heat / (ratio * rating), by tangents

    heat[level, t] <= share[level, t] * heat of the level[t] ;   sum over levels of heat / ratio <= rating
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State, bounded_below, sum_of
from ..conditions import Conditions, Loops, Setting
from ..horizon import Period
from ..physics.coolers import loop_share, pad_leaving_air
from ..physics.towers import tower_water
from ..tangents import Tangent, power_tangents
from ..terms import Effect, Flow, Term, data, flow, rows, variable

SMALLEST_SHARE = 1e-3


@dataclass(frozen=True)
class Outside:
    """What the cooler meets, hour by hour: temperature (degC) and water used per MWh of heat (m3)."""

    temperature: np.ndarray
    water: np.ndarray


@dataclass(frozen=True)
class Rejection:
    """A cooler that serves some loops. power: MW per MW of rating at full load; outside: conditions -> Outside."""

    asset: Asset
    loops: Loops
    levels: tuple[str, ...]
    approach: float
    range: float
    power: float
    tangents: tuple[Tangent, ...]
    outside: Callable[[Conditions], Outside]
    water_price: float

    @property
    def name(self) -> str:
        return self.asset.name

    @property
    def assets(self) -> tuple[Asset, ...]:
        return (self.asset,)

    @property
    def states(self) -> tuple[State, ...]:
        return ()

    def prepare(self, conditions: Conditions) -> Hourly:
        """share and ratio of each level, water per MWh."""
        met = self.outside(conditions)
        hourly = {"water": met.water}
        for level in self.levels:
            supply, leaving = self.loops.supply(level, conditions), self.loops.leaving(level, conditions)
            share = loop_share(supply, leaving, met.temperature, self.approach)
            hourly[f"share_{level}"] = np.where(share < SMALLEST_SHARE, 0.0, share)
            hourly[f"ratio_{level}"] = np.clip((leaving - met.temperature) / (self.range + self.approach), SMALLEST_SHARE, 1.0)
        return hourly

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add heat by level and power; the share rows stand only where the air falls short."""
        for level in self.levels:
            heat = variable(block, f"heat_{level}", period.positions, "MW")
            share = data(block, f"share_of_{level}", hourly[f"share_{level}"], "1")
            short = np.flatnonzero(hourly[f"share_{level}"] < 1).tolist()
            rows(block, f"temperature_{level}", short, lambda t, heat=heat, share=share, level=level:
                 heat[t] <= share[t] * levels[level][t])
        power = variable(block, "power", period.positions, "MW")
        used = sum_of(block, "used", self._used(hourly), len(period))
        bounded_below(block, "affinity", power, used, state[self.asset.name], self.tangents, np.full(len(period), self.power))

    def _used(self, hourly: Hourly) -> tuple[Term, ...]:
        return tuple(Term(f"heat_{level}", 1 / hourly[f"ratio_{level}"]) for level in self.levels)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat out of the loops, power from the low-voltage bus."""
        return (*(flow(level, -1, f"heat_{level}") for level in self.levels), flow("low_voltage", -1, "power"))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Water, and what it costs."""
        if not hourly["water"].any():
            return ()
        used = tuple(Term(f"heat_{level}", hourly["water"], "m3/MWh") for level in self.levels)
        paid = tuple(Term(f"heat_{level}", hourly["water"] * self.water_price, "USD/MWh") for level in self.levels)
        return (Effect("water", self.name, used), Effect("money", "water", paid))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Rating in use, over what the air leaves of it."""
        return (Loading(self.asset.name, self._used(hourly)),)


def dry_cooler(setting: Setting, technology: str = "dry_cooler") -> Rejection:
    """Fans and coils; no water."""
    return _rejection(setting, technology, lambda conditions: Outside(conditions.dry_bulb, np.zeros(len(conditions))))


def adiabatic_cooler(setting: Setting, technology: str = "adiabatic_cooler") -> Rejection:
    """A dry cooler that wets its pads above the switch-over dry bulb."""
    number = setting.catalog.number
    effectiveness = number(technology, "pad_effectiveness", "1")
    switch_over = number(technology, "switch_over", "degC")
    rise = number(technology, "air_temperature_rise", "delta_degC")
    latent = number("water", "evaporation", "m3/MWh")
    blowdown = 1 / (1 - 1 / number(technology, "cycles_of_concentration", "1"))

    def outside(conditions: Conditions) -> Outside:
        behind_pad = pad_leaving_air(conditions.dry_bulb, conditions.wet_bulb, effectiveness)
        wet = conditions.dry_bulb > switch_over
        depression = np.where(wet, conditions.dry_bulb - behind_pad, 0.0)
        return Outside(np.where(wet, behind_pad, conditions.dry_bulb), latent * depression / rise * blowdown)

    return _rejection(setting, technology, outside)


def open_tower(setting: Setting, technology: str = "open_tower") -> Rejection:
    """An open tower: approach to the wet bulb, evaporation, drift, blowdown."""
    number = setting.catalog.number
    evaporation = number("water", "evaporation", "m3/MWh")
    cycles, drift = number(technology, "cycles_of_concentration", "1"), number(technology, "drift", "1")
    spread = number(technology, "range", "delta_degC")

    def outside(conditions: Conditions) -> Outside:
        return Outside(conditions.wet_bulb, np.full(len(conditions), tower_water(evaporation, cycles, drift, spread)))

    return _rejection(setting, technology, outside)


def _rejection(setting: Setting, technology: str, outside: Callable[[Conditions], Outside]) -> Rejection:
    number = setting.catalog.number
    levels = tuple(level for level in ("warm", "cool") if level in setting.levels)
    return Rejection(
        asset=from_catalog(setting.catalog, technology, group="cooling"),
        loops=setting.loops,
        levels=levels,
        approach=number(technology, "approach", "delta_degC"),
        range=number(technology, "range", "delta_degC"),
        power=number(technology, "fan_power", "1") + number(technology, "pump_power", "1"),
        tangents=power_tangents(number(technology, "part_load_exponent", "1")),
        outside=outside,
        water_price=setting.water_price,
    )
