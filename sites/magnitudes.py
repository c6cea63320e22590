"""What a site says of its largest quantities, in canonical units, a line each: a slip by a factor of 1000 is seen here."""

from collections.abc import Iterable

from .doubts import halls_most, racks_of
from .energy import Stage
from .site import Site

KILO = 1000.0


def described(site: Site) -> list[str]:
    """Prices of energy and of its peaks, power of the grid, IT that is wanted last, halls."""
    prices = site.columns["energy_price"]
    spread = "" if prices.min() == prices.max() else f" on average, {shown(prices.min())} to {shown(prices.max())} by hour"
    lines = [f"energy price: {shown(prices.mean())} USD/MWh{spread}"] if site.grid.stages else []
    lines += [f"demand charge {charge.name}: {shown(charge.rate / KILO)} USD/kW/month" for charge in site.grid.demand_charges]
    lines.append(f"grid: {shown(grid_most(site.grid.stages))} MW at most" if site.grid.stages else "grid: no connection")
    if site.gas is not None:
        lines.append(f"gas price: {shown(site.gas.price)} USD/MWh of fuel")
    return [*lines, f"measured load: {shown(site.load_peak)} MW at its peak"] if site.load is not None else [*lines, _wanted(site), _halls(site)]


def grid_most(stages: Iterable[Stage]) -> float:
    """MW of all stages, of those of which one may be built the largest."""
    stages = tuple(stages)
    groups = {stage.one_of for stage in stages if stage.one_of is not None}
    return (sum(stage.capacity for stage in stages if stage.one_of is None)
            + sum(max(stage.capacity for stage in stages if stage.one_of == group) for group in groups))


def _wanted(site: Site) -> str:
    count = {tranche.name: tranche.wanted[-1].count for tranche in site.fleet}
    power = sum(count[name] * max(one.power_per_accelerator for one in racks) for name, racks in racks_of(site, site.catalog).items())
    return f"wanted last: {sum(count.values()):,.0f} accelerators, {shown(power)} MW of IT installed, in their hungriest racks"


def _halls(site: Site) -> str:
    kinds = ", ".join(f"{hall.name} {'any number' if hall.most is None else hall.most} of {shown(hall.it_capacity)} MW" for hall in site.halls)
    most = halls_most(site)
    return f"halls: {kinds}" + ("" if most is None else f"; room for {shown(most)} MW of IT installed")


def shown(value: float) -> str:
    """A number with digits enough to tell its size."""
    return f"{value:,.1f}" if abs(value) >= 10 or value == 0 else f"{value:.3g}"
