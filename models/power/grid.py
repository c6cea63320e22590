"""The grid: connection stages with their substation transformers, and the tariff under which energy is bought or sold.

    stage:   import <= availability[t] * capacity,  export <= capacity;  electricity = import - export - loss
    loss    =  no_load_loss * rating + load_loss * rating * (import / rating)^2                 by tangents (P0 + Pk u^2)
    tariff:  bought + contracted = sum of imports;  peak[charge, month] >= bought[t] + contracted[t] in the charge's window
    ratchet: measured[month] >= bought[t] + contracted[t];  peak[month] >= measured[month], ratchet * highest;  measured[month] <= highest + over[month]
             `highest` of the year's months that count is a state of the plan, one for each weather year; what is over it is paid as if all twelve
             months were billed for it

`contracted` is energy that a contract off site delivers (purchase_agreement.py): paid there, but metered, and so part of the peak.

Non-firm power comes by an availability series that is given, never chosen; in design hours only firm stages count, in an outage none.
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
from ..pieces import drawn
from ..tangents import quadratic_tangents
from ..terms import Effect, Flow, Term, data, flow, lookup, rows, variable

MONTHS = 12


@dataclass(frozen=True)
class ConnectionStage:
    """One stage of a connection. Losses are shares of the rating of its transformers; `export` says whether power may flow back."""

    asset: Asset
    firm: bool
    series: str | None
    no_load_loss: float
    load_loss: float
    export: bool

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
        """Share of the capacity that the utility gives: 1, the given series, or nothing in design hours (not firm) and outages."""
        given = conditions.series[self.series] if self.series else np.ones(len(conditions))
        firm = 1.0 if self.firm else 0.0
        return {"available": np.where(conditions.outage > 0, 0.0, np.where(conditions.reserve > 0, firm, given))}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add import, loss and, where allowed, export."""
        taken = variable(block, "taken", period.positions, "MW")
        loss = variable(block, "loss", period.positions, "MW")
        drawn(block, "transformer", loss, lambda t: taken[t], state[self.asset.name], quadratic_tangents(self.no_load_loss, 0.0, self.load_loss),
              np.ones(len(period)))
        cut = np.flatnonzero(hourly["available"] < 1).tolist()
        available = data(block, "available", hourly["available"], "1")
        rows(block, "non_firm", cut, lambda t: taken[t] <= available[t] * state[self.asset.name])
        if self.export:
            variable(block, "given_back", period.positions, "MW")

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Power over the transformer, less its loss."""
        inward = (flow("grid", -1, "taken"), flow("electricity", +1, "taken"), flow("electricity", -1, "loss"))
        outward = (flow("grid_export", +1, "given_back"), flow("electricity", -1, "given_back", used=False))
        return inward + (outward if self.export else ())

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """None: energy is paid under the tariff."""
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Either direction loads the transformers."""
        back = (Term("given_back"),) if self.export else ()
        return (Loading(self.asset.name, (Term("taken"), *back)),)


@dataclass(frozen=True)
class DemandCharge:
    """A charge on the month's highest hour in a window: rate in USD per MW and month. With a ratchet, on at least that share of the highest of the
    `ratchet_months` of the calendar year, those after it too: a year repeats."""

    name: str
    rate: float
    months: frozenset[int]
    hours: frozenset[int]
    weekdays_only: bool
    ratchet: float = 0.0
    ratchet_months: frozenset[int] = frozenset(range(1, 13))

    def applies(self, month: np.ndarray, hour_of_day: np.ndarray, weekday: np.ndarray) -> np.ndarray:
        """True in the hours that count."""
        inside = np.isin(month, list(self.months)) & np.isin(hour_of_day, list(self.hours))
        return inside & (weekday > 0) if self.weekdays_only else inside


@dataclass(frozen=True)
class Tariff:
    """What is paid to the utility for energy and peaks, and for energy sent back (USD per MWh, at most `export_limit` MW).

    `contracts`: whether contracts off site may deliver part of the energy. `import_limit`: MW of all stages together, for the peaks of ratchets.
    """

    charges: tuple[DemandCharge, ...]
    escalation: float
    export_price: float
    export_limit: float | None
    contracts: bool = False
    import_limit: float = 0.0

    @property
    def name(self) -> str:
        return "tariff"

    @property
    def metered(self) -> tuple[str, ...]:
        """What passes the meter inward."""
        return ("bought", "contracted") if self.contracts else ("bought",)

    @property
    def assets(self) -> tuple[Asset, ...]:
        return ()

    @property
    def states(self) -> tuple[State, ...]:
        """Highest peaks of a year, for charges with a ratchet."""
        return tuple(State(self._highest(number), "MW", None, most=self.import_limit, of_weather=True)
                     for number, charge in enumerate(self.charges) if charge.ratchet)

    def _highest(self, number: int) -> str:
        return f"tariff_highest_{number}"

    def prepare(self, conditions: Conditions) -> Hourly:
        """Price and carbon of an MWh, and what the windows need to know."""
        return {"price": conditions.energy_price, "carbon": conditions.carbon_intensity, "hour_of_day": conditions.hour_of_day,
                "weekday": conditions.weekday, "ordinary": 1.0 - conditions.reserve}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add energy bought, contracted and sold, and a peak by charge and month."""
        variable(block, "bought", period.positions, "MW")
        if self.contracts:
            variable(block, "contracted", period.positions, "MW")
        if self.export_limit is not None:
            variable(block, "sold", period.positions, "MW", upper=self.export_limit * hourly["ordinary"])
        metered = [getattr(block, name) for name in self.metered]
        for number, charge in enumerate(self.charges):
            peak = variable(block, f"peak_{number}", period.months, "MW")
            inside = charge.applies(period.month, hourly["hour_of_day"], hourly["weekday"]) & (hourly["ordinary"] > 0)
            month, held = lookup(block, period.month), peak
            if charge.ratchet:
                held = self._ratchet(block, number, period, peak, state[self._highest(number)])
            rows(block, f"monthly_peak_{number}", np.flatnonzero(inside).tolist(),
                 lambda t, held=held, month=month: held[month[t]] >= sum(part[t] for part in metered))

    def _ratchet(self, block: pyo.Block, number: int, period: Period, peak: Any, highest: Any) -> Any:
        """Add what is measured by month, and what of it is over the highest; returns the former."""
        charge = self.charges[number]
        measured, over = (variable(block, f"{name}_{number}", period.months, "MW") for name in ("measured", "over"))
        counted = [month for month in period.months if month in charge.ratchet_months]
        rows(block, f"billed_{number}", period.months, lambda month: peak[month] >= measured[month])
        billed = [month for month in period.months if month in charge.months and period.counts[month]]
        rows(block, f"ratchet_{number}", billed, lambda month: peak[month] >= charge.ratchet * highest)
        rows(block, f"highest_{number}", counted, lambda month: measured[month] <= highest + over[month])
        return measured

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """The utility's side of the connection."""
        out = (flow("grid_export", -1, "sold"),) if self.export_limit is not None else ()
        contracts = (flow("contract", -1, "contracted", used=False),) if self.contracts else ()
        return (flow("grid", +1, *self.metered), *contracts, *out)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Energy, peaks, carbon; revenue from export."""
        energy = Effect("money", "energy", (Term("bought", hourly["price"], "USD/MWh"),), escalation=self.escalation)
        carbon = Effect("carbon", "grid", (Term("bought", hourly["carbon"], "tonne_CO2e/MWh"),))
        peaks = tuple(Effect("money", f"demand {charge.name}", (Term(f"peak_{number}", charge.rate, "USD/MW/month"),), "month", self.escalation)
                      for number, charge in enumerate(self.charges))
        over = tuple(Effect("money", f"ratchet {charge.name}", (Term(f"over_{number}", MONTHS * charge.ratchet * charge.rate, "USD/MW/month"),), "month",
                            self.escalation) for number, charge in enumerate(self.charges) if charge.ratchet)
        sold = (Effect("money", "export", (Term("sold", -self.export_price, "USD/MWh"),)),) if self.export_limit is not None else ()
        return (energy, carbon, *peaks, *over, *sold)

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        return ()
