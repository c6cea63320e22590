"""A plant with heat of its own: a small reactor, a geothermal field. It draws on no pipeline; what its heat costs is a price per MWh made.

    running <= share[t] * capacity                                                 share: what the air and maintenance leave
    minimum_load * running <= generation <= running                                where starts cost; else running = generation
    started[t] >= running[t] - running[t-1]                                        only where starts cost
    fuel, variable operation (USD), water (m3) and carbon (tonne_CO2e) in proportion to generation

Relaxed clustered commitment, as of models/power/generator.py.
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
from ..terms import Effect, Flow, Term, flow
from .generator import Commitment, commit, water_effects


@dataclass(frozen=True)
class ThermalPlant:
    """One make of plant. fuel_cost and variable_cost in USD, water in m3, carbon in tonne_CO2e per MWh of electricity."""

    asset: Asset
    commitment: Commitment
    fuel_cost: float
    variable_cost: float
    carbon: float
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
        share = derating(conditions.dry_bulb, conditions.pressure, self.derate_per_kelvin, self.derate_reference, self.derate_per_pressure)
        return {"share": share * np.where(conditions.reserve > 0, 1.0, self.availability)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add generation, running and, where starts cost, started."""
        commit(block, period, self.commitment)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Electricity out."""
        return (flow("electricity", +1, "generation"),)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Fuel with variable operation, starts, carbon and water; what is nothing is left out."""
        operation = Effect("money", "variable_operation", (Term("generation", self.fuel_cost + self.variable_cost, "USD/MWh"),))
        carbon = (Effect("carbon", "plant", (Term("generation", self.carbon, "tonne_CO2e/MWh"),)),) if self.carbon else ()
        return (operation, *self.commitment.effects, *carbon, *water_effects(self.name, self.water, self.water_price))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Rating in use: what runs, over the share that the air allows."""
        return (Loading(self.asset.name, (Term("running", 1 / hourly["share"]),)),)


def from_setting(setting: Setting, technology: str, **changes) -> ThermalPlant:
    """A plant of the catalogue; `changes` replace fields of its asset."""
    number = setting.catalog.number
    return ThermalPlant(
        asset=from_catalog(setting.catalog, technology, **{"group": "generators", **changes}),
        commitment=Commitment(number(technology, "minimum_load", "1"), number(technology, "start_cost", "USD/MW")),
        fuel_cost=number(technology, "fuel_cost", "USD/MWh"),
        variable_cost=number(technology, "variable_cost", "USD/MWh"),
        carbon=number(technology, "carbon", "tonne_CO2e/MWh"),
        water=number(technology, "water_use", "m3/MWh"),
        water_price=setting.water_price,
        availability=number(technology, "availability", "1"),
        derate_per_kelvin=number(technology, "derate_per_kelvin", "1/delta_degC"),
        derate_reference=number(technology, "derate_reference", "degC"),
        derate_per_pressure=number(technology, "derate_per_pressure", "1"),
    )
