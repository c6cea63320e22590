"""Every carrier balances in every hour, in MW.

    electricity     imports less substation losses + generators + PV + battery out + unserved
                    = unit transformers and rectifiers with their loss + battery in + export + loss of smoothing
    low voltage     transformers = fans, pumps, chillers + UPS and its loss
    critical power  UPS or rectifiers, at the inlet of the racks = IT load
    liquid, air heat at the rack, air heat of the chain's losses in the halls less what goes uncooled = heat captured
    warm, cool, chilled: heat into a loop = heat of its level = heat out of it
    gas: purchase = heat rate x (no-load share x running + the rest x generation); grid: bought + contracted = imports; sold = exports
"""

import numpy as np

from . import network
from .cooling import AIRSIDE, source, targets
from .finding import Finding, hourly
from .rack_heat import hall_heat
from .reading import Reading
from .things import CAPTURE, CATCHES, CHAIN, CHILLERS, COMMITTED, COOLERS, FUELLED, catches, fitted, levels, near, racks, training_storage


def balances(reading: Reading) -> list[Finding]:
    """One finding a carrier."""
    sides = {"electricity": electricity(reading), "low voltage": low_voltage(reading), "critical power": critical_power(reading),
             "gas": gas(reading), **_grid(reading), **_rack_heat(reading), **_loops(reading)}
    return [_balance(reading, name, *both) for name, both in sides.items()]


def _balance(reading: Reading, name: str, given: np.ndarray, taken: np.ndarray) -> Finding:
    return hourly(reading, f"balance of {name}", name, np.abs(given - taken), float(np.abs(taken).max(initial=0.0)))


def total(reading: Reading, names, *variables: str) -> np.ndarray:
    """Sum of variables over components, MW by phase and hour."""
    return sum((reading.hourly(name, variable) for name in names for variable in variables), reading.no_hours)


def stages(reading: Reading) -> list[str]:
    """Components of the connection."""
    return [f"grid_{stage.name}" for stage in reading.site.grid.stages]


def mechanical(reading: Reading) -> np.ndarray:
    """Power of capture, coolers and chillers."""
    chillers = total(reading, fitted(reading.site, *CHILLERS), "power_cool", "power_near", "power_warm", "power_outside")
    return chillers + total(reading, fitted(reading.site, *CAPTURE, *COOLERS), "power")


def electricity(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Given and taken on the campus bus."""
    site, connection = reading.site, stages(reading)
    generated = total(reading, fitted(site, *COMMITTED, "renewable"), "generation") + total(reading, fitted(site, "battery"), "discharge")
    given = total(reading, connection, "taken") - total(reading, connection, "loss") + generated + total(reading, ["unserved"], "power")
    return given, drawn(reading) + total(reading, fitted(site, "battery"), "charge") + total(reading, connection, "given_back")


def drawn(reading: Reading) -> np.ndarray:
    """Taken from the campus bus by transformers and rectifiers, and lost in smoothing."""
    feeding = fitted(reading.site, "transformer", "rectifier_800v")
    return measured(reading, "campus") + total(reading, feeding, "through", "loss") + total(reading, training_storage(reading.site), "loss")


def low_voltage(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Given and taken behind the unit transformers."""
    return (total(reading, fitted(reading.site, "transformer"), "through"),
            measured(reading, "low_voltage") + mechanical(reading) + reading.hourly("heat_pump", "power")
            + total(reading, fitted(reading.site, "ups"), "through", "loss"))


def measured(reading: Reading, bus: str) -> np.ndarray:
    """What a measured load draws at a bus."""
    return total(reading, ["measured_load"] if reading.site.load is not None and reading.site.load.bus == bus else [], "load")


def critical_power(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Given and taken at the inlet of the racks."""
    return total(reading, fitted(reading.site, "ups", "rectifier_800v"), "through"), total(reading, [rack.name for rack in racks(reading.site)], "load")


def gas(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Purchased and burnt, higher heating value."""
    pipelines = [f"gas_{pipe.name}" for pipe in (reading.site.gas.pipelines if reading.site.gas else ())]
    return total(reading, pipelines, "purchase"), sum((_fuel(reading, name, kind) for name, kind in fitted(reading.site, *FUELLED).items()),
                                                      reading.no_hours)


def _fuel(reading: Reading, name: str, kind: str) -> np.ndarray:
    number = reading.site.catalog.number
    idle = number(kind, "no_load_fuel", "1")
    return number(kind, "heat_rate", "1") * (idle * reading.hourly(name, "running") + (1 - idle) * reading.hourly(name, "generation"))


def _grid(reading: Reading) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    connection = stages(reading)
    return {"grid": (total(reading, ["tariff"], "bought", "contracted"), total(reading, connection, "taken")),
            "export": (total(reading, connection, "given_back"), reading.hourly("tariff", "sold"))}


def _rack_heat(reading: Reading) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    found = racks(reading.site)
    wet = sum((rack.liquid_share * reading.hourly(rack.name, "load") for rack in found), reading.no_hours)
    dry = sum(((1 - rack.liquid_share) * reading.hourly(rack.name, "load") for rack in found), reading.no_hours)
    if reading.site.load is None:
        dry = dry + hall_losses(reading) - reading.hourly("unserved", "heat")
    economised = total(reading, fitted(reading.site, *AIRSIDE), "heat_air_heat")
    return {"liquid heat": (wet, caught(reading, "liquid_heat")), "air heat": (dry, caught(reading, "air_heat") + economised)}


def hall_losses(reading: Reading) -> np.ndarray:
    """Losses of the electrical chain that warm the halls' air."""
    return sum((hall_heat(reading.site, kind) * reading.hourly(name, "loss") for name, kind in fitted(reading.site, *CHAIN).items()), reading.no_hours)


def caught(reading: Reading, source: str) -> np.ndarray:
    """Heat of a kind that captures take."""
    alone = [name for name, kind in fitted(reading.site, *CATCHES).items() if catches(reading.site, kind) == (source,)]
    return total(reading, alone, "heat") + total(reading, fitted(reading.site, "immersion"), source)


def _captured(reading: Reading, *kinds: str) -> np.ndarray:
    """Heat into a loop from captures, with their power."""
    return total(reading, fitted(reading.site, *kinds), "heat", "liquid_heat", "air_heat", "power")


def _loops(reading: Reading) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Heat into each loop, heat of its level, heat out of it."""
    chillers, coolers, site = fitted(reading.site, *CHILLERS), fitted(reading.site, *COOLERS), reading.site
    wet, plates = [kind for kind in CATCHES if "liquid_heat" in CATCHES[kind]], fitted(site, "waterside_economiser")
    tanks = fitted(site, "chilled_water_tank")
    into = {"chilled": _captured(reading, *(kind for kind in CATCHES if kind not in wet)) + total(reading, tanks, "charge"),
            "cool": total(reading, chillers, "heat_cool", "power_cool") + total(reading, plates, "heat_chilled", "power"),
            "near": total(reading, chillers, "heat_near", "power_near"),
            "warm": _captured(reading, *wet) + total(reading, chillers, "heat_warm", "power_warm")}
    out = {level: total(reading, coolers, f"heat_{level}") for level in (*levels(site), *(("near",) if near(site) else ()), "chilled")}
    for name, kind in chillers.items():
        taken = source(site, kind)
        if taken in out:
            out[taken] = out[taken] + total(reading, [name], *(f"heat_{target}" for target in targets(site, kind)))
    out["chilled"] = out["chilled"] + total(reading, tanks, "discharge")
    out[network.level(reading)] = out[network.level(reading)] + network.given_away(reading)
    held = {level: reading.hourly("loops", level) for level in out}
    return {**{f"{level} loop": (into[level], held[level]) for level in out}, **{f"{level} loop, outward": (held[level], out[level]) for level in out}}
