"""What a site says of its largest quantities, in canonical units, a line each: a slip by a factor of 1000 is seen here."""

from collections.abc import Iterable

from ..models.horizon import HOURS_PER_YEAR
from .doubts import halls_most, racks_of
from .energy import Stage
from .site import Site

KILO, MILLION = 1e3, 1e6


def described(site: Site) -> list[str]:
    """Prices of energy and of its peaks, power of the grid, yearly budgets, IT that is wanted last, halls."""
    lines = [_energy_price(site)] if site.grid.stages else []
    lines += [f"demand charge {charge.name}: {shown(charge.rate / KILO)} USD/kW/month" for charge in site.grid.demand_charges]
    lines.append(f"grid: {shown(grid_most(site.grid.stages))} MW at most" if site.grid.stages else "grid: no connection")
    if site.gas is not None:
        lines.append(f"gas price: {shown(site.gas.price)} USD/MWh of fuel{_rise(site.gas.escalation)}")
    lines += _budgets(site)
    return [*lines, f"measured load: {shown(site.load_peak)} MW at its peak"] if site.load is not None else [*lines, _wanted(site), _halls(site)]


def _energy_price(site: Site) -> str:
    prices, adder = site.columns["energy_price"], site.grid.price.adder
    spread = "" if prices.min() == prices.max() else f" on average, {shown(prices.min())} to {shown(prices.max())} by hour"
    within = f", the adder of {shown(adder)} USD/MWh in it" if adder else ""
    return f"energy price: {shown(prices.mean())} USD/MWh{spread}{within}{_rise(site.grid.escalation)}"


def _rise(rate: float) -> str:
    """How a price changes from year to year, of a rate in 1/year; nothing where it stays."""
    return f", {'rises' if rate > 0 else 'falls'} {100 * abs(rate):.4g} %/year beyond inflation" if rate else ""


def _budgets(site: Site) -> list[str]:
    """What may be emitted, drawn and spent in a year, with how much of what is wanted that is."""
    found, carbon = [], float(site.columns["carbon_intensity"].mean()) if site.grid.stages else 0.0
    if site.limits.emissions is not None:
        energy = f": {_of_wanted(site, site.limits.emissions / carbon, ' from the grid at its mean')}" if carbon else ""
        found.append(f"emissions: {shown(site.limits.emissions)} tonne_CO2e/year at most{energy}")
    if site.water.right == 0:
        found.append("water right: no water may be used")
    elif site.water.right is not None:
        heat = site.water.right / site.catalog.number("water", "evaporation", "m3/MWh")
        found.append(f"water right: {shown(site.water.right)} m3/year, to evaporate with {_of_wanted(site, heat, ' of heat')}")
    if site.limits.capital_per_year is not None:
        besides = ", besides what is committed" if _is_committed(site) else ""
        found.append(f"capital: {shown(site.limits.capital_per_year / MILLION)} MUSD/year at most{besides}")
    return found


def _is_committed(site: Site) -> bool:
    pipelines = () if site.gas is None else site.gas.pipelines
    return any(one.status == "committed" for one in (*site.assets, *site.grid.stages, *pipelines))


def _of_wanted(site: Site, energy: float, what: str) -> str:
    """MWh, of what, and what share that is of a year of the IT that is wanted last, or of the measured load."""
    if site.load is not None:
        year, whose = float(site.columns["facility_load"].mean()) * HOURS_PER_YEAR, "the measured load"
    else:
        mean = {tranche.name: float(site.columns[f"utilisation_{tranche.name}"].mean()) for tranche in site.fleet}
        year, whose = sum(mean[name] * power for name, power in _hungriest(site).items()) * HOURS_PER_YEAR, "the IT wanted last"
    return f"{shown(energy)} MWh{what}" + (f", {100 * energy / year:.3g} % of a year of {whose}" if year else "")


def grid_most(stages: Iterable[Stage]) -> float:
    """MW of all stages, of those of which one may be built the largest."""
    stages = tuple(stages)
    groups = {stage.one_of for stage in stages if stage.one_of is not None}
    return (sum(stage.capacity for stage in stages if stage.one_of is None)
            + sum(max(stage.capacity for stage in stages if stage.one_of == group) for group in groups))


def _wanted(site: Site) -> str:
    count = sum(tranche.wanted[-1].count for tranche in site.fleet)
    return f"wanted last: {count:,.0f} accelerators, {shown(sum(_hungriest(site).values()))} MW of IT installed, in their hungriest racks"


def _hungriest(site: Site) -> dict[str, float]:
    """MW of IT that each tranche takes at most where all that is wanted last is there."""
    count = {tranche.name: tranche.wanted[-1].count for tranche in site.fleet}
    return {name: count[name] * max(one.power_per_accelerator for one in racks) for name, racks in racks_of(site, site.catalog).items()}


def _halls(site: Site) -> str:
    kinds = ", ".join(f"{hall.name} {'any number' if hall.most is None else hall.most} of {shown(hall.it_capacity)} MW" for hall in site.halls)
    most = halls_most(site)
    return f"halls: {kinds}" + ("" if most is None else f"; room for {shown(most)} MW of IT installed")


def shown(value: float) -> str:
    """A number with digits enough to tell its size."""
    return f"{value:,.1f}" if abs(value) >= 10 or value == 0 else f"{value:.3g}"
