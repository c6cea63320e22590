"""What is to be decided: phases, components, assets, conditions. Made from a site by planner/assemble.py; knows no Pyomo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from ..models.asset import Asset
from ..models.component import Component, Hourly, State
from ..models.conditions import Conditions
from ..models.fleet.accelerators import Accelerators
from ..models.fleet.racks import Rack
from ..models.horizon import Phase, block_number
from ..sites import Site


@dataclass(frozen=True)
class Variant:
    """A rack that a tranche may be bought as, and its component."""

    tranche: str
    rack: Rack
    component: Accelerators
    racks_per_pod: int

    @property
    def accelerators_per_pod(self) -> float:
        """Accelerators in a pod."""
        return self.racks_per_pod * self.rack.accelerators


@dataclass(frozen=True)
class Case:
    """Everything the programme is built from. `years` are the weather years, of the probabilities `site.weights`."""

    site: Site
    phases: tuple[Phase, ...]
    components: tuple[Component, ...]
    halls: tuple[Asset, ...]
    variants: tuple[Variant, ...]
    works: tuple[Asset, ...]
    years: tuple[Conditions, ...]
    design: Conditions

    @cached_property
    def assets(self) -> tuple[Asset, ...]:
        """Everything that is bought."""
        return (*(asset for component in self.components for asset in component.assets), *self.halls, *self.works)

    @cached_property
    def states(self) -> dict[str, str]:
        """All that operation obeys: names of capacities and storage levels, with their units, in a fixed order."""
        capacities = {asset.name: asset.unit for asset in self.assets}
        return capacities | {state.name: state.unit for component in self.components for state in self.states_of(component)}

    def states_of(self, component: Component) -> tuple[State, ...]:
        """A component's states, those of the weather once for each weather year."""
        return tuple(state.in_year(scenario) for state in component.states for scenario in (self.scenarios if state.of_weather else (0,)))

    def obeyed(self, states: Mapping[str, Any], scenario: int) -> Mapping[str, Any]:
        """All states by name as operation in a weather year obeys them: under the names of those of the weather, what they are in that year."""
        return {**states, **{state.name: states[state.in_year(scenario).name] for component in self.components for state in component.states
                             if state.of_weather}}

    @cached_property
    def density(self) -> dict[str, np.ndarray]:
        """For each tranche, accelerators per unit of each state."""
        found = {tranche.name: np.zeros(len(self.states)) for tranche in self.site.fleet}
        for variant in self.variants:
            place = list(self.states).index(variant.component.name)
            found[variant.tranche][place] = variant.accelerators_per_pod / variant.component.asset.unit_size
        return found

    @cached_property
    def peak(self) -> float:
        """MW of IT that the fleet wanted last may draw, each tranche in its hungriest variant, or that is given; of a measured load its peak."""
        wanted = {tranche.name: max(step.count for step in (*tranche.wanted, *tranche.latest)) for tranche in self.site.fleet}
        hungry = {name: max(variant.rack.power_per_accelerator for variant in self.variants if variant.tranche == name) for name in wanted}
        given = sum(item.units * variant.component.asset.unit_size for variant in self.variants for item in variant.component.asset.given)
        return max(sum(wanted[name] * hungry[name] for name in wanted), given, self.site.load_peak)

    @property
    def scenarios(self) -> range:
        """0, 1, ...: a number for every weather year."""
        return range(len(self.years))

    @cached_property
    def months(self) -> tuple[int, ...]:
        """Months in which there is operation, of every weather year, by their block numbers."""
        found = sorted({month for phase in self.operating for month in phase.months})
        return tuple(block_number(scenario, month) for scenario in self.scenarios for month in found)

    @cached_property
    def hourly_by_year(self) -> tuple[dict[str, Hourly], ...]:
        """Coefficients of every component over each weather year."""
        return tuple({component.name: component.prepare(year) for component in self.components} for year in self.years)

    @property
    def hourly(self) -> dict[str, Hourly]:
        """Those of the first weather year: what flows there are is the same in all."""
        return self.hourly_by_year[0]

    @cached_property
    def hourly_design(self) -> dict[str, Hourly]:
        """Coefficients of every component in the design hours."""
        return {component.name: component.prepare(self.design) for component in self.components}

    @cached_property
    def operating(self) -> tuple[Phase, ...]:
        """Phases in which there can be a fleet: those that end after the first accelerators are wanted or in service. All with a measured load."""
        if self.site.load is not None:
            return self.phases
        first = min((wanted.by for tranche in self.site.fleet for wanted in tranche.wanted), default=self.site.plan.end)
        given = [item.in_service for variant in self.variants for item in variant.component.asset.given]
        return tuple(phase for phase in self.phases if phase.end > min([first, *given]))

    @cached_property
    def groups(self) -> tuple[tuple[Phase, ...], ...]:
        """Operating phases that the plan treats as one: whole years after the last dated event, with one set of capacities.

        Nothing that is dated changes between them (accelerators wanted, connections, given units, orders that become possible), so the plan holds its
        capacities and operates one year for all, each year at its own prices and discount.
        """
        last = max(self._events())
        alike = tuple(phase for phase in self.operating if phase.start >= last and len(phase.months) == 12)
        single = [(phase,) for phase in self.operating if phase not in alike]
        return (*single, alike) if alike else tuple(single)

    def _events(self):
        """Dates on which what is asked, given or possible changes."""
        tranches = self.site.fleet
        yield self.site.plan.start
        yield from (step.by for tranche in tranches for step in (*tranche.wanted, *tranche.latest))
        yield from (delivery.from_date for tranche in tranches for delivery in tranche.deliveries)
        for asset in self.assets:
            yield from (phase.start for before, phase in zip(self.phases, self.phases[1:], strict=False)
                        if asset.given_units(before) != asset.given_units(phase))
            if asset.buildable:
                first = self.site.plan.start + timedelta(days=asset.lead_time)
                yield min(max(first, asset.not_before or first), self.site.plan.end)

    def discount(self, years: float) -> float:
        """Present worth at the plan's start of 1 USD so many years later."""
        return (1 + self.site.finance.discount_rate) ** -years

    def escalation(self, rate: float, phase: Phase) -> float:
        """Price in the middle of a phase over the price of the base year, real."""
        middle = phase.plan_start.year + (phase.plan_start.month - 1) / 12 + phase.middle
        return (1 + rate) ** (middle - self.site.finance.base_year - 0.5)
