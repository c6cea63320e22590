"""A measured load: what a facility draws at a bus, hour by hour, in place of racks and cooling.

    load[t] + shed[t] = peak * share[t]                                   share: the measured series over its highest hour
    shed <= (1 - critical_share) * peak                                   in design hours; elsewhere shedding costs value_of_lost_load

Shedding is always possible, so operation has an answer for every plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset
from ..component import Hourly, Loading, State
from ..conditions import Conditions
from ..horizon import Period
from ..terms import Effect, Flow, Term, data, flow, rows, variable

SERIES = "utilisation_facility"
CARRIERS = {"campus": "electricity", "low_voltage": "low_voltage"}


@dataclass(frozen=True)
class MeasuredLoad:
    """`peak` in MW; `carrier` that it draws from; value of lost load in USD per MWh."""

    peak: float
    carrier: str
    critical_share: float
    value_of_lost_load: float

    @property
    def name(self) -> str:
        return "measured_load"

    @property
    def assets(self) -> tuple[Asset, ...]:
        return ()

    @property
    def states(self) -> tuple[State, ...]:
        return ()

    def prepare(self, conditions: Conditions) -> Hourly:
        """MW wanted by hour, the peak in design hours; the share of it that may be dropped."""
        design = conditions.reserve > 0
        return {"wanted": self.peak * np.where(design, 1.0, conditions.series[SERIES]), "may_shed": np.where(design, 1.0 - self.critical_share, 1.0)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add load and shed."""
        load = variable(block, "load", period.positions, "MW")
        shed = variable(block, "shed", period.positions, "MW")
        wanted = data(block, "wanted", hourly["wanted"], "MW")
        limit = data(block, "shed_limit", hourly["wanted"] * hourly["may_shed"], "MW")
        held = np.flatnonzero(hourly["may_shed"] < 1).tolist()
        rows(block, "demand", period.positions, lambda t: load[t] + shed[t] == wanted[t])
        rows(block, "critical", held, lambda t: shed[t] <= limit[t])

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Power in."""
        return (flow(self.carrier, -1, "load"),)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """What is shed, in MWh and in money."""
        return (Effect("unserved", "load", (Term("shed"),)), Effect("money", "lost_load", (Term("shed", self.value_of_lost_load, "USD/MWh"),)))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        return ()
