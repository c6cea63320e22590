"""Racks of the catalogue, and training as a load that pulses."""

from dataclasses import dataclass

from ..catalog import Catalog
from ..physics.pulsing import Pulse
from ..power.chain import inlet_ratio


@dataclass(frozen=True)
class Rack:
    """A rack system: accelerators and peak IT power (MW) with its share of network and support; liquid share of the heat of all that, and of the
    rack's own (`own_liquid_share`)."""

    name: str
    accelerators: float
    power: float
    liquid_share: float
    price: float
    own_liquid_share: float = 0.0

    @property
    def cooling(self) -> str:
        """The kind of hall it needs: liquid where a cold plate takes part of the heat, else air."""
        return "liquid" if self.liquid_share > 0 else "air"

    @property
    def power_per_accelerator(self) -> float:
        """MW of IT per accelerator at peak, all in but the building."""
        return self.power / self.accelerators


def rack(catalog: Catalog, name: str, direct_current: bool = False) -> Rack:
    """A rack of the catalogue: peak power x (1 + network share) x (1 + support share), at its inlet.

    The catalogue's racks are fed with alternating current; fed with direct current they have a converter in place of the power shelf.
    """
    number, network, support = catalog.number, *(catalog.number(name, f"{part}_share", "1") for part in ("network", "support"))
    power, price = number(name, "rack_power_peak", "MW") * (1 + network) * (1 + support), number(name, "rack_price", "USD")
    if direct_current:
        price += power * (number("dc_converter", "capital_cost", "USD/MW") - number("power_shelf", "capital_cost", "USD/MW"))
        power *= inlet_ratio(catalog)
    return Rack(name, number(name, "accelerators_per_rack", "1"), power, liquid_share(catalog, name), price, number(name, "liquid_share", "1"))


def liquid_share(catalog: Catalog, name: str) -> float:
    """Of the heat of a rack with its network and support racks, what goes to liquid: (s + n s_n + p (1 + n) s_p) / ((1 + n) (1 + p)).

    Network and support racks are cooled by air, unless the catalogue says otherwise of the rack or of `any_rack`. None of a rack cooled by air.
    """
    def row(parameter: str) -> float:
        return catalog.number(name if catalog.has(name, parameter) else "any_rack", parameter, "1")

    own, network, support = row("liquid_share"), row("network_share"), row("support_share")
    liquid = own + network * row("network_liquid_share") + support * (1 + network) * row("support_liquid_share")
    return liquid / (1 + network) / (1 + support) if own > 0 else 0.0


def training_pulse(catalog: Catalog) -> Pulse:
    """The shape of a training load, by the catalogue's rows of the workload."""
    def number(parameter: str, unit: str = "1") -> float:
        return catalog.number("workload.training", parameter, unit)

    return Pulse(number("swing_depth"), number("swing_duty"), number("swing_period", "second"), number("swing_edge", "second"),
                 number("stop_depth"), number("stop_time", "second"))
