"""A plan's dispatch as arrays: what each component takes, gives and uses of its rating in the hours of a phase."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr

from ...models.asset import Asset
from ...models.component import Component, Hourly
from ...models.horizon import Phase
from ...models.terms import Term, amount
from ..case import Case

Values = dict[str, np.ndarray]


def hardest(case: Case, data: xr.Dataset) -> tuple[Case, xr.Dataset]:
    """Of several weather years the one in which the facility's peak is highest, alone."""
    if "scenario" not in data.dims:
        return case, data
    number = int(data["scenario_facility_peak_mw"].max("phase").values.argmax())
    return replace(case, years=(case.years[number],)), data.isel(scenario=number)


@dataclass(frozen=True)
class Written:
    """A phase of a plan: the case that it was made from, its dataset, and the hours of the model year that it operates."""

    case: Case
    data: xr.Dataset
    phase: Phase

    @cached_property
    def hours(self) -> np.ndarray:
        """Hours of the model year that are dispatched."""
        racks = [f"{variant.component.name}_load" for variant in self.case.variants]
        return np.flatnonzero(np.isfinite(self.data[racks[0]].values[self.phase.index]))

    @property
    def nothing(self) -> np.ndarray:
        """Zeros by hour, to start a sum from."""
        return np.zeros(len(self.hours))

    def hourly(self, component: Component) -> Hourly:
        """Coefficients of a component in the hours."""
        return {name: values[self.hours] for name, values in self.case.hourly[component.name].items()}

    def units(self, asset: Asset) -> float:
        """Units online."""
        return float(self.data["units_online"].sel(asset=asset.name).values[self.phase.index])

    def value(self, component: Component, variable: str) -> np.ndarray:
        """A variable of the dispatch by hour, zero where the plan has none."""
        name = f"{component.name}_{variable}"
        if name not in self.data or self.data[name].dims != ("phase", "hour"):
            return self.nothing
        return self.data[name].values[self.phase.index, self.hours].astype(float)

    def amount(self, component: Component, terms: Iterable[Term]) -> np.ndarray:
        """MW of a sum of terms by hour."""
        terms = tuple(terms)
        return amount(terms, {term.variable: self.value(component, term.variable) for term in terms}) + self.nothing

    def moved(self, component: Component, carriers: Iterable[str], sign: int, unused: bool = True) -> np.ndarray:
        """MW that a component gives (+1) to or takes (-1) from carriers; without `unused`, what is stored or sent back is left out."""
        flows = [flow for flow in component.flows(self.hourly(component)) if flow.carrier in carriers and flow.sign == sign and (unused or flow.used)]
        return sum((self.amount(component, flow.terms) for flow in flows), self.nothing)

    def use(self, component: Component, asset: Asset) -> np.ndarray:
        """MW of an asset's rating in use by hour."""
        return sum((self.amount(component, loading.terms) for loading in component.loadings(self.hourly(component)) if loading.asset == asset.name),
                   self.nothing)

    @cached_property
    def halls(self) -> float:
        """Halls online, at least one."""
        return max(1.0, sum(self.units(hall) for hall in self.case.halls))
