"""What a solved programme builds, as numbers: units by asset and phase, the states that operation obeys, and what it all costs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..models.asset import Asset
from ..models.horizon import Phase
from .case import Case
from .highs import Arrays
from .lateness import hourly_price, late_hours
from .programme import Programme, committed_capital

SMALLEST_UNIT = 1e-6
DECIMALS = 7


@dataclass(frozen=True)
class Investment:
    """Arrays over phases: units built and online by asset, and the levels of storage by state."""

    case: Case
    built: Mapping[str, np.ndarray]
    online: Mapping[str, np.ndarray]
    levels: Mapping[str, np.ndarray]

    def capacity(self, asset: Asset, phase: Phase) -> float:
        """Capacity online in the asset's unit."""
        return float(self.online[asset.name][phase.index]) * asset.unit_size

    @property
    def states(self) -> np.ndarray:
        """All that operation obeys, phase x state, in the order of `case.states`."""
        capacities = [self.online[asset.name] * asset.unit_size for asset in self.case.assets]
        return np.round(np.array([*capacities, *self.levels.values()]).T, DECIMALS)

    def accelerators(self, tranche: str, phase: Phase) -> float:
        """Accelerators of a tranche online."""
        return sum(float(self.online[variant.component.name][phase.index]) * variant.accelerators_per_pod
                   for variant in self.case.variants if variant.tranche == tranche)

    def capital(self) -> float:
        """Present worth (USD) of capital, less what is left of it, of everything built and committed."""
        case, rate, end = self.case, self.case.site.finance.discount_rate, self.case.site.plan.end
        bought = sum(float(self.built[asset.name][phase.index]) * asset.unit_size * asset.capital
                     * asset.capital_factor(phase, case.phases, rate, end) for asset in case.assets for phase in case.phases)
        return bought + sum(committed_capital(case, asset, present=True) for asset in case.assets)

    def fixed(self) -> float:
        """Present worth (USD) of the yearly cost of what is online."""
        return sum(asset.fixed * self.capacity(asset, phase) * phase.years * self.case.discount(phase.middle)
                   for asset in self.case.assets for phase in self.case.phases)

    def late_hours(self) -> float:
        """Accelerator-hours late."""
        return sum(late_hours(tranche, phase, self.accelerators(tranche.name, phase)) for tranche in self.case.site.fleet for phase in self.case.phases)

    def lateness(self) -> float:
        """Present worth (USD) of accelerator-hours late."""
        return sum(hourly_price(self.case, tranche, phase) * late_hours(tranche, phase, self.accelerators(tranche.name, phase))
                   for tranche in self.case.site.fleet for phase in self.case.phases)


def read_investment(programme: Programme, arrays: Arrays, solution: np.ndarray, relaxed: bool = False) -> Investment:
    """The numbers of a solution, whole where units are whole, unless it is one of the linear relaxation."""
    values = {id(column): float(value) for column, value in zip(arrays.columns, solution, strict=True)}
    case = programme.case

    def series(var, whole: bool = False) -> np.ndarray:  # by phase
        found = np.array([values.get(id(var[p]), float(var[p].value or 0.0)) for p in range(len(case.phases))])
        return np.round(found) + 0.0 if whole and not relaxed else np.where(np.abs(found) < SMALLEST_UNIT, 0.0, found)

    built = {asset.name: series(programme.asset(asset.name).build, asset.integer) for asset in case.assets}
    online = {asset.name: series(programme.asset(asset.name).online, asset.integer and not asset.given) for asset in case.assets}
    levels = {state.name: series(getattr(programme.model.states, state.name)) for part in case.components
              for state in case.states_of(part)}
    return Investment(case, built, online, levels)
