"""Heat sold to a network: water of the warm loop gives it through an exchanger where it is warm enough, a heat pump lifts it where it is not.

    direct[t] <= share[t] * heat of the loop[t]       share = (R - max(N + a, S)) / (R - S), 0 where R - a < T or where it is below 0
    power[t] = lifted[t] / (COP[t] - 1)               COP of heating, min(f T_c / (T_c - T_e), most), in K
    T_e = S - evaporator approach,  T_c = T + condenser approach
    sold[t] = direct[t] + lifted[t] + power[t] <= most[t];  sold <= connection,  lifted + power <= heat pumps;  revenue = price[t] * sold[t]

S, R: supply and return of the loop; T, N: supply and return of the network; a: approach of the exchanger. What is sold needs no cooler; what the
network does not want (it need take nothing) goes to the coolers, and in design hours it takes nothing. Where no rack is cooled by liquid the heat
comes from the chilled loop. Heat pumps draw in proportion to heat; the network pumps its own water. Carnot fractions of large heat pumps:
models/data/cooling.csv.
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
from ..terms import Effect, Flow, Term, data, flow, rows, variable

ZERO_CELSIUS = 273.15
CARRIER = "network_heat"


def heating_cop(source, sink, fraction: float, approaches: tuple[float, float], most: float):
    """Heat given over power of a heat pump between water leaving its evaporator at `source` and its condenser at `sink` (degC, arrays or floats).

    fraction x T_c / (T_c - T_e) in K, approaches (K) of evaporator and condenser taken off and put on; at most `most`, which also holds where the
    source is the warmer.
    """
    evaporating, condensing = source - approaches[0] + ZERO_CELSIUS, sink + approaches[1] + ZERO_CELSIUS
    lift = np.maximum(condensing - evaporating, 1e-9)
    return np.minimum(fraction * condensing / lift, most)


def direct_share(supply, leaving, network_supply: float, network_return: float, approach: float):
    """Share of a loop's heat that an exchanger gives to the network: nothing where the loop comes back too cold for it."""
    possible = (leaving - np.maximum(network_return + approach, supply)) / (leaving - supply)
    return np.where(leaving - approach >= network_supply, np.clip(possible, 0.0, 1.0), 0.0)[()]


@dataclass(frozen=True)
class HeatNetwork:
    """The connection: what is sold through it, hour by hour. Temperatures in degC; escalation of the price in 1/year."""

    asset: Asset
    setting: Setting
    supply: float
    back: float
    escalation: float

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
    def level(self) -> str:
        """The loop that the heat comes from."""
        return "warm" if "warm" in self.setting.levels else "chilled"

    def prepare(self, conditions: Conditions) -> Hourly:
        """Share of the loop's heat that needs no lift, price, and the most that the network takes: nothing in design hours."""
        loops, approach = self.setting.loops, self.setting.catalog.number("heat_network", "approach", "delta_degC")
        share = direct_share(loops.supply(self.level, conditions), loops.leaving(self.level, conditions), self.supply, self.back, approach)
        most = np.where(conditions.reserve > 0, 0.0, conditions.series["heat_demand"])
        return {"share": np.broadcast_to(share, most.shape), "most": most, "price": conditions.series["heat_price"]}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add heat given without lift, and heat sold."""
        direct = variable(block, "direct", period.positions, "MW")
        variable(block, "sold", period.positions, "MW", upper=hourly["most"])
        share, heat = data(block, "direct_share", hourly["share"], "1"), levels[self.level]
        rows(block, "warm_enough", period.positions, lambda t: direct[t] <= share[t] * heat[t])

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat out of the loop and into the network."""
        return (flow(self.level, -1, "direct"), flow(CARRIER, +1, "direct"), flow(CARRIER, -1, "sold"))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Revenue, and the heat in a ledger of its own."""
        paid = Effect("money", "heat sold", (Term("sold", -hourly["price"], "USD/MWh"),), escalation=self.escalation)
        return (paid, Effect("heat", "sold", (Term("sold"),)))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """All heat passes the connection."""
        return (Loading(self.asset.name, (Term("sold"),)),)


@dataclass(frozen=True)
class HeatPump:
    """Heat pumps between the loop and the network, rated by the heat that they give."""

    asset: Asset
    network: HeatNetwork

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
        """Power by heat taken from the loop."""
        number, network = self.network.setting.catalog.number, self.network
        approaches = (number("heat_pump", "evaporator_approach", "delta_degC"), number("heat_pump", "condenser_approach", "delta_degC"))
        found = heating_cop(network.setting.loops.supply(network.level, conditions), network.supply, number("heat_pump", "carnot_fraction", "1"),
                            approaches, number("heat_pump", "cop_maximum", "1"))
        return {"specific": 1 / (found - 1)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add heat taken and power."""
        lifted = variable(block, "lifted", period.positions, "MW")
        power = variable(block, "power", period.positions, "MW")
        specific = data(block, "specific", hourly["specific"], "1")
        rows(block, "lift", period.positions, lambda t: power[t] == specific[t] * lifted[t])

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat out of the loop, heat and work into the network."""
        return (flow(self.network.level, -1, "lifted"), flow("low_voltage", -1, "power"), flow(CARRIER, +1, "lifted", "power"))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Upkeep by heat given."""
        cost = self.network.setting.catalog.number("heat_pump", "variable_cost", "USD/MWh")
        return (Effect("money", "variable_operation", (Term("lifted", cost, "USD/MWh"), Term("power", cost, "USD/MWh"))),) if cost else ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Heat given."""
        return (Loading(self.asset.name, (Term("lifted"), Term("power"))),)


def heat_pump(network: HeatNetwork) -> HeatPump:
    """Heat pumps of the catalogue on a network."""
    return HeatPump(from_catalog(network.setting.catalog, "heat_pump"), network)
