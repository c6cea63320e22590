"""What a check finds: its largest violation, where, and how much is tolerated."""

from dataclasses import dataclass

import numpy as np

from .reading import Reading

SINGLE_PRECISION = 1e-6
# What a year's hours may be off by together, each written to 1e-6 MW: 8760 h x 1e-6, at up to 5 m3 and 1 tonne a MWh, and a thousand accelerators a MW.
SUMS = {"MWh": 0.01, "m3": 0.05, "tonne_CO2e": 0.01, "accelerator hour": 10.0}


@dataclass(frozen=True)
class Finding:
    """The largest violation of a check, in `unit`; `where` names component, phase and hour."""

    name: str
    amount: float
    unit: str
    where: str
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether the violation is within what is tolerated; what is not a number is not."""
        return bool(self.amount <= self.tolerance)


def tolerated_over(unit: str, allowed: float) -> float:
    """How much more than `allowed` of a yearly budget counts as kept: for the status that a plan gives itself, and when it is verified.

    A millionth of it, for the file holds single precision; of a budget of nothing, what hours may be off by, and once more for the search, which takes
    0.01 m3 or tonne, or 0.1 accelerator hours, over it for kept.
    """
    return 2 * SUMS[unit] + SINGLE_PRECISION * allowed


def worst(findings: list[Finding]) -> list[Finding]:
    """Of a check of many parts the worst finding, alone: one that fails before one that does not, then the largest."""
    return [max(findings, key=lambda finding: (not finding.ok, np.nan_to_num(finding.amount, nan=np.inf)))] if findings else []


def hourly(reading: Reading, name: str, part: str, violation: np.ndarray, scale: float, floor: float = 1e-3, unit: str = "MW") -> Finding:
    """A finding from an array over phase and hour. Hours without operation do not count.

    tolerance = floor + 1e-6 x scale: the file holds single precision, the solver keeps its rows to 1e-7.
    """
    counted = np.where(reading.operated, violation, 0.0)
    phase, hour = np.unravel_index(np.argmax(np.where(np.isnan(counted), np.inf, counted)), counted.shape)
    amount = max(0.0, float(counted[phase, hour])) if counted[phase, hour] == counted[phase, hour] else float("nan")
    return Finding(name, amount, unit, f"{part}, {reading.place(int(phase), int(hour))}", floor + SINGLE_PRECISION * scale)


def by_phase(reading: Reading, name: str, part: str, violation, unit: str, tolerance: float) -> Finding:
    """A finding from an array over phases."""
    found = np.asarray(violation, dtype=float)
    phase = int(np.argmax(np.where(np.isnan(found), np.inf, found)))
    amount = float(found[phase])
    return Finding(name, max(0.0, amount) if amount == amount else amount, unit,
                   f"{part}, {reading.steps[phase].name}{reading.in_weather}", tolerance)


def difference(name: str, part: str, stated: float | None, own: float, unit: str, relative: float, floor: float = 0.0) -> Finding:
    """What the plan states against what is recomputed; a figure that is left out counts as zero."""
    given = 0.0 if stated is None or stated != stated else float(stated)
    return Finding(name, abs(given - own), unit, f"{part}: {given:,.6g} stated, {own:,.6g} found", floor + relative * abs(own))
