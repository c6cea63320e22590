"""Racks of the catalogue, and training as a load that pulses."""

from dataclasses import dataclass

from ..catalog import Catalog
from ..physics.pulsing import Pulse
from ..power.chain import inlet_ratio


@dataclass(frozen=True)
class Rack:
    """A rack system: accelerators and peak IT power (MW) with its share of network and support; liquid share of its heat."""

    name: str
    accelerators: float
    power: float
    liquid_share: float
    price: float

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
    number = catalog.number
    shares = (1 + number(name, "network_share", "1")) * (1 + number(name, "support_share", "1"))
    power, price = number(name, "rack_power_peak", "MW") * shares, number(name, "rack_price", "USD")
    if direct_current:
        price += power * (number("dc_converter", "capital_cost", "USD/MW") - number("power_shelf", "capital_cost", "USD/MW"))
        power *= inlet_ratio(catalog)
    return Rack(name, number(name, "accelerators_per_rack", "1"), power, number(name, "liquid_share", "1"), price)


def training_pulse(catalog: Catalog) -> Pulse:
    """The shape of a training load, by the catalogue's rows of the workload."""
    def number(parameter: str, unit: str = "1") -> float:
        return catalog.number("workload.training", parameter, unit)

    return Pulse(number("swing_depth"), number("swing_duty"), number("swing_period", "second"), number("swing_edge", "second"),
                 number("stop_depth"), number("stop_time", "second"))
