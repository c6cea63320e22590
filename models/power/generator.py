"""A generator on pipeline gas: engine, turbine, combined cycle, fuel cell, units on hire.

Relaxed clustered commitment: `running` MW of rating are started (0 to available rating), fuel = no-load fuel of what runs + slope x output. Where starts
cost, output lies between minimum load and the rating that runs; where they do not, a relaxed unit stops as soon as that saves no-load fuel.

    minimum_load * running <= generation <= running                                         where starts cost
    running = generation                                                                    where they do not
    fuel = heat_rate * (no_load_fuel * running + (1 - no_load_fuel) * generation)          MW of fuel, higher heating value
    started[t] >= running[t] - running[t-1]                                                 only where starts cost
    water = water_use * generation                                                          where it is cooled by evaporation
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..physics.generation import derating
from ..terms import Effect, Flow, Term, constant, flow, lookup, rows, variable


@dataclass(frozen=True)
class Commitment:
    """What running costs: least share of the rating that runs (it holds where starts cost), USD per MW started."""

    minimum_load: float
    start_cost: float

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Starts, where they cost."""
        return (Effect("money", "starts", (Term("started", self.start_cost, "USD/MW/hour"),)),) if self.start_cost > 0 else ()


def commit(block: pyo.Block, period: Period, commitment: Commitment) -> None:
    """Add generation, running and, where starts cost, started. Where they do not, no more runs than is made."""
    generation = variable(block, "generation", period.positions, "MW")
    running = variable(block, "running", period.positions, "MW")
    if commitment.start_cost == 0:
        rows(block, "as_much_as_made", period.positions, lambda t: running[t] == generation[t])
        return
    least = constant(block, "minimum_load", commitment.minimum_load, "1")
    rows(block, "below_running", period.positions, lambda t: generation[t] <= running[t])
    rows(block, "above_minimum", period.positions, lambda t: generation[t] >= least * running[t])
    started = variable(block, "started", period.positions, "MW")
    previous = lookup(block, period.previous)
    rows(block, "starts", period.positions, lambda t: started[t] >= running[t] - running[previous[t]])


def water_effects(name: str, use: float, price: float) -> tuple[Effect, ...]:
    """Water (m3 per MWh made) and its price, where any is used."""
    used = (Effect("water", name, (Term("generation", use, "m3/MWh"),)),
            Effect("money", "water", (Term("generation", use * price, "USD/MWh"),)))
    return used if use > 0 else ()


@dataclass(frozen=True)
class Generator:
    """One make of generator. heat_rate: MWh of fuel (HHV) per MWh at full load; water in m3 per MWh of electricity, water_price in USD/m3."""

    asset: Asset
    commitment: Commitment
    heat_rate: float
    no_load_fuel: float
    variable_cost: float
    water: float
    water_price: float
    availability: float
    derate_per_kelvin: float
    derate_reference: float
    derate_per_pressure: float

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
        """Share of the rating that the air allows and maintenance leaves; in design hours only the air counts, lost units are counted apart."""
        share = derating(conditions.dry_bulb, conditions.pressure, self.derate_per_kelvin, self.derate_reference,
                         self.derate_per_pressure)
        return {"share": share * np.where(conditions.reserve > 0, 1.0, self.availability)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add generation, running and, where starts cost, started."""
        commit(block, period, self.commitment)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Electricity out, gas in."""
        no_load = Term("running", self.heat_rate * self.no_load_fuel)
        slope = Term("generation", self.heat_rate * (1 - self.no_load_fuel))
        return (flow("electricity", +1, "generation"), flow("gas", -1, no_load, slope))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Variable operation, starts and water. Fuel is paid, and its carbon counted, where it is bought."""
        operation = Effect("money", "variable_operation", (Term("generation", self.variable_cost, "USD/MWh"),))
        return (operation, *self.commitment.effects, *water_effects(self.name, self.water, self.water_price))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Rating in use: what runs, over the share that the air allows."""
        return (Loading(self.asset.name, (Term("running", 1 / hourly["share"]),)),)


def from_setting(setting: Setting, technology: str, **changes) -> Generator:
    """A generator of the catalogue; `changes` replace fields of its asset."""
    number = setting.catalog.number
    return Generator(
        asset=from_catalog(setting.catalog, technology, **{"group": "generators", **changes}),
        commitment=Commitment(number(technology, "minimum_load", "1"), number(technology, "start_cost", "USD/MW")),
        heat_rate=number(technology, "heat_rate", "1"),
        no_load_fuel=number(technology, "no_load_fuel", "1"),
        variable_cost=number(technology, "variable_cost", "USD/MWh"),
        water=number(technology, "water_use", "m3/MWh"),
        water_price=setting.water_price,
        availability=number(technology, "availability", "1"),
        derate_per_kelvin=number(technology, "derate_per_kelvin", "1/delta_degC"),
        derate_reference=number(technology, "derate_reference", "degC"),
        derate_per_pressure=number(technology, "derate_per_pressure", "1"),
    )
