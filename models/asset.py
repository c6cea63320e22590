"""What can be bought: modular or continuous units, built in phases, ordered a lead time before, retired at the end of their life."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyomo.environ as pyo

from .catalog import Catalog
from .horizon import DAYS_PER_YEAR, Phase, model_years, service_years
from .money import salvage_factor, spend_present_worth
from .terms import constant, rows, variable


@dataclass(frozen=True)
class Given:
    """Units that come whether or not the programme wants them: existing assets, committed orders."""

    units: float
    in_service: date
    status: str
    capital: float | None = None


@dataclass(frozen=True)
class Asset:
    """One thing that is bought by the unit.

    unit_size in `unit`; capital (USD per `unit`), fixed (USD per `unit` and year), land (m2 per `unit`), lead_time (days), life (years);
    `spend` are the shares of capital paid over the lead time. `group` names the redundancy group, `most` bounds the units online,
    `per_phase` the units commissioned in a phase, `not_before` the first date of service.
    """

    name: str
    technology: str
    unit_size: float
    unit: str
    integer: bool
    capital: float
    fixed: float
    lead_time: float
    life: float
    spend: tuple[float, ...] = (1.0,)
    land: float = 0.0
    group: str | None = None
    most: float | None = None
    per_phase: float | None = None
    not_before: date | None = None
    buildable: bool = True
    given: tuple[Given, ...] = ()
    counts: str = "units"

    def may_build(self, phase: Phase) -> bool:
        """Whether a unit ordered at the plan's start or later can be in service at the phase's start."""
        first = phase.plan_start + timedelta(days=self.lead_time)
        return self.buildable and phase.start >= max(first, self.not_before or first)

    def order_date(self, phase: Phase) -> date:
        """The day by which a unit that enters service with the phase is to be ordered."""
        return phase.start - timedelta(days=self.lead_time)

    def given_units(self, phase: Phase) -> float:
        """Existing and committed units in service through the phase."""
        return sum(item.units for item in self.given
                   if item.in_service <= phase.start and service_years(item.in_service, phase.start) < self.life)

    def ends_with(self, built: Phase, phase: Phase, before: Phase | None) -> bool:
        """Whether units built in one phase reach the end of their life at the start of another."""
        alive_before = before is not None and service_years(built.start, before.start) < self.life
        return alive_before and service_years(built.start, phase.start) >= self.life

    def service(self, built: Phase, phases: tuple[Phase, ...], end: date) -> float:
        """Years that a unit serves: to the start of the first phase at or after the end of its life, or to the plan's end."""
        leaves = next((phase.start for phase in phases[built.index + 1:] if service_years(built.start, phase.start) >= self.life), end)
        return model_years(built.start, leaves)

    def capital_factor(self, built: Phase, phases: tuple[Phase, ...], discount_rate: float, end: date) -> float:
        """Present worth at the plan's start of 1 USD of capital commissioned in a phase, less what is left of it when its service ends.

        What is left is the worth of its remaining life; a unit that serves on to the end of a phase pays for the years beyond its life,
        so that the length of the phases does not move the date at which a unit is bought.
        """
        paid = spend_present_worth(self.spend, built.begins, self.lead_time / DAYS_PER_YEAR, discount_rate)
        served = self.service(built, phases, end)
        return paid - salvage_factor(self.life, served, discount_rate) * (1 + discount_rate) ** -(built.begins + served)

    def invest(self, block: pyo.Block, phases: tuple[Phase, ...]) -> None:
        """Add build, online (units) and capacity (in `unit`) by phase.

        online[p] = online[p-1] + build[p] - retired[p] + change of given units; capacity = unit_size * online.
        """
        build = variable(block, "build", range(len(phases)), "1", integer=self.integer)
        online = variable(block, "online", range(len(phases)), "1")
        capacity = variable(block, "capacity", range(len(phases)), self.unit)
        size = constant(block, "unit_size", self.unit_size, self.unit)
        self._bound(build, online, phases)
        rows(block, "stock", range(len(phases)), lambda p: online[p] == self._stock(build, online, phases, p))
        rows(block, "rating", range(len(phases)), lambda p: capacity[p] == size * online[p])

    def _bound(self, build: Any, online: Any, phases: tuple[Phase, ...]) -> None:
        for p, phase in enumerate(phases):
            if not self.may_build(phase):
                build[p].fix(0.0)
            elif self.per_phase is not None:
                build[p].setub(self.per_phase)
            if self.most is not None:
                online[p].setub(max(self.most, self.given_units(phase)))

    def _stock(self, build: Any, online: Any, phases: tuple[Phase, ...], p: int):
        before = phases[p - 1] if p else None
        carried = online[p - 1] - self.given_units(phases[p - 1]) if p else 0.0
        retired = sum(build[q] for q in range(p) if self.ends_with(phases[q], phases[p], before))
        return carried + build[p] - retired + self.given_units(phases[p])


def from_catalog(catalog: Catalog, technology: str, **changes) -> Asset:
    """An asset with size, costs, lead time and life of the technology's catalogue rows; `changes` replace fields."""
    fields = {
        "name": technology,
        "technology": technology,
        "unit": "MW",
        "unit_size": catalog.number(technology, "unit_size", "MW"),
        "integer": catalog.number(technology, "modular", "1") > 0,
        "capital": changes["capital"] if "capital" in changes else catalog.number(technology, "capital_cost", "USD/MW"),
        "fixed": catalog.number(technology, "fixed_cost", "USD/MW/year"),
        "lead_time": catalog.number(technology, "lead_time", "day"),
        "life": catalog.number(technology, "life", "year"),
        "land": catalog.number(technology, "land", "m2/MW"),
        "spend": spend_curve(catalog, technology),
    }
    return Asset(**{**fields, **changes})


def spend_curve(catalog: Catalog, technology: str) -> tuple[float, ...]:
    """Shares of capital over the lead time, from the catalogue's "0.4/0.6"."""
    return tuple(float(share) for share in catalog.text(technology, "spend_curve").split("/"))
