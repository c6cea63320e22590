"""Heat sold to a network, recomputed: what the loop's temperatures give without a lift, what a heat pump needs, what the network takes and pays.

    share = clip((R - max(N + a, S)) / (R - S), 0, 1) where R - a >= T, else 0 ;  power = lifted / (COP - 1)
    COP = min(f T_c / (T_c - T_e), most), T_e = S - approach, T_c = T + approach, in K
"""

import numpy as np

from ...sites.heat import HeatNetwork
from .finding import Finding, hourly, worst
from .outside import loop, weather
from .reading import HOURS, MONTH, Reading
from .things import liquid

KELVIN = 273.15
OFTEN = 1e-6


def level(reading: Reading) -> str:
    """The loop that the heat comes from."""
    return "warm" if liquid(reading.site) else "chilled"


def given_away(reading: Reading) -> np.ndarray:
    """MW out of that loop; nothing where there is no network."""
    return reading.hourly("heat_network", "direct") + reading.hourly("heat_pump", "lifted")


def wanted(reading: Reading, given: HeatNetwork) -> np.ndarray:
    """Most MW that the network takes by hour of the year."""
    most = np.full(HOURS, given.most)
    if given.by_month is not None:
        most = np.minimum(most, np.array(given.by_month)[MONTH - 1])
    return np.minimum(most, reading.of_site("heat_demand")) if given.hourly is not None else most


def price(given: HeatNetwork) -> np.ndarray:
    """USD/MWh by hour of the year, not escalated."""
    return np.full(HOURS, given.price) if given.price_by_month is None else np.array(given.price_by_month)[MONTH - 1]


def heat_sold(reading: Reading) -> list[Finding]:
    """Every hour: the balance of the network, no more than it takes and the plant gives, lifted at no less than its power."""
    given = reading.site.heat_network
    if given is None:
        return []
    sold, direct = reading.hourly("heat_network", "sold"), reading.hourly("heat_network", "direct")
    lifted, power = reading.hourly("heat_pump", "lifted"), reading.hourly("heat_pump", "power")
    needed = _specific(reading, given) * lifted
    over = {"balance": np.abs(direct + lifted + power - sold), "connection": sold - reading.capacity("heat_network"),
            "what the network takes": sold - wanted(reading, given), "heat pumps": lifted + power - reading.capacity("heat_pump"),
            "heat that needs no lift": direct - _share(reading, given) * reading.hourly("loops", level(reading)),
            "power of heat pumps": np.abs(power - needed)}
    scale = float(sold.max(initial=0.0))
    return worst([hourly(reading, "heat sold", name, excess, scale) for name, excess in over.items()])


def _share(reading: Reading, given: HeatNetwork) -> np.ndarray:
    approach = reading.site.catalog.number("heat_network", "approach", "delta_degC")
    supply, leaving = loop(reading.site, level(reading), weather(reading))
    coldest = np.maximum(given.return_temperature + approach, supply)
    return np.where(leaving - approach < given.supply_temperature, 0.0, np.clip((leaving - coldest) / (leaving - supply), 0.0, 1.0))


def _specific(reading: Reading, given: HeatNetwork) -> np.ndarray:
    """MW of power by MW taken from the loop."""
    def row(name: str, unit: str) -> float:
        return reading.site.catalog.number("heat_pump", name, unit)

    cold = loop(reading.site, level(reading), weather(reading))[0] - row("evaporator_approach", "delta_degC") + KELVIN
    hot = given.supply_temperature + row("condenser_approach", "delta_degC") + KELVIN
    most = row("cop_maximum", "1")
    carnot = np.divide(hot, hot - cold, out=np.full_like(cold, np.inf), where=hot - cold > OFTEN)
    return 1 / (np.minimum(row("carnot_fraction", "1") * carnot, most) - 1)
