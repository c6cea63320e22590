"""A small site whose optimum one can work out in one's head: 10 racks of 1 MW from January to March, a grid, weather that never changes.

All else is ideal: free, without loss, at once and for 100 years, so that 10 MW of IT is 10 MW at the meter and costs nothing but what a test
prices. A test gives only what it is about, as nested tables over `BASE`; its `catalog` replaces ideal values.
"""

import datetime
import functools
import math
from collections.abc import Mapping
from pathlib import Path

from dcplan.models.catalog import load_catalog
from dcplan.sites import Site, load_site

IDEAL = {
    "0": ("capital_cost", "fixed_cost", "variable_cost", "rack_price", "line_cost", "start_cost", "wear_cost", "fuel_price", "tank_cost", "land",
          "lead_time", "loss", "no_load_loss", "load_loss", "network_share", "support_share", "fan_power", "pump_power", "drift", "no_load_fuel",
          "minimum_load", "minimum_level", "glycol", "derate_per_kelvin", "derate_per_pressure", "system_loss", "test_hours", "modular", "eirfplr_c1",
          "eirfplr_c3", "hall_heat"),
    "1": ("spend_curve", "availability", "utilisation", "round_trip_efficiency", "heat_rate", "efficiency_10", "efficiency_25", "efficiency_50",
          "efficiency_75", "efficiency_100", "eirfplr_c2"),
    "100": ("life",),
    "1e6": ("reference_cop", "cop_maximum"),
    "1e-6": ("capital_cost_power", "capital_cost_energy"),
}
RACK = {"like": "gb200_nvl72", "accelerators_per_rack": "100", "rack_power_peak": "1 MW", "liquid_share": "100 %", "rack_price": "0 USD"}
START = datetime.date(2030, 1, 1)
GRID = {"name": "main", "capacity": "1000 MW", "available_from": START, "status": "existing"}
FLEET = {"name": "all", "workload": "training", "variants": ["test_rack"], "racks_per_pod": 1, "value_of_compute": "1 USD/accelerator/hour",
         "value_of_lost_load": "10 USD/accelerator/hour", "wanted": [{"by": START, "count": "1000 accelerator"}]}
HALL = {"name": "one", "cooling": "mixed", "it_capacity": "10 MW", "most": 1}
BASE = {
    "name": "Small",
    "location": {"latitude": "40 degree", "longitude": "-105 degree", "elevation": "0 m", "utc_offset": "-7 hour"},
    "plan": {"start": START, "end": datetime.date(2030, 4, 1), "steps": [{"until": datetime.date(2030, 4, 1), "step": "month"}],
             "mip_gap": "0.0001 %"},
    "finance": {"discount_rate": "0 %/year", "base_year": 2030},
    "weather": {"file": "weather.csv", "format": "nsrdb"},
    "grid": {"stages": [GRID]},
    "fleet": [FLEET],
    "halls": [HALL],
    "cooling": {"allow": ["dry_cooler"]},
}


def small_site(folder: Path, changes: Mapping | None = None, files: Mapping[str, str] | None = None, catalog: Mapping | None = None, **outside) -> Site:
    """Write the small site with these changes and files into a folder, and load it. `catalog` stands in for the ideal values."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"weather.csv": weather(**outside), **(files or {})}.items():
        (folder / name).write_text(text)
    tables = merged({**BASE, "catalog": ideal() if catalog is None else catalog}, changes or {})
    if tables["weather"].get("years"):  # in place of the one file
        tables["weather"] = {name: value for name, value in tables["weather"].items() if name != "file"}
    (folder / "site.toml").write_text("\n".join(f"{name} = {toml(value)}" for name, value in tables.items()))
    return load_site(folder / "site.toml")


def ideal() -> dict[str, dict[str, str]]:
    """Overrides of every row of the catalogue that stands between a MW of IT and a MW at the meter, or between a wish and its cost."""
    value = {parameter: number for number, parameters in IDEAL.items() for parameter in parameters}
    catalog = load_catalog()
    found = {technology: {row.parameter: quantity(value[row.parameter], row.unit) for row in catalog.entries(technology) if row.parameter in value}
             for technology in catalog.technologies()}
    return {technology: rows for technology, rows in found.items() if rows} | {"test_rack": RACK}


def quantity(number: str, unit: str) -> str:
    """A number with a unit of the catalogue; what is a ratio of energies is written as one."""
    return f"{number} kWh/kWh" if unit == "Btu/kWh" else number if unit in ("1", "text") else f"{number} {unit}"


def merged(base: Mapping, changes: Mapping) -> dict:
    """Tables within tables are merged, all else is replaced."""
    both = {name: merged(base[name], value) for name, value in changes.items() if isinstance(value, Mapping) and isinstance(base.get(name), Mapping)}
    return {**base, **changes, **both}


def toml(value) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name if name.isidentifier() else repr(name)} = {toml(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


@functools.lru_cache(maxsize=32)
def weather(dry_bulb: float = 20.0, dew_point: float = 5.0, swing: float = 0.0, sun: float = 0.0) -> str:
    """A year of equal days in NSRDB form, at sea level: warmest by `swing` at 15:00, with a noon sun of so many W/m2."""
    lines = ["Source,Location ID,Latitude,Longitude,Time Zone,Elevation,Local Time Zone", "NSRDB,1,40,-105,-7,0,-7",
             "Year,Month,Day,Hour,Minute,Temperature,Dew Point,Pressure,GHI,DNI,DHI,Wind Speed"]
    for t in (datetime.datetime(2030, 1, 1) + datetime.timedelta(hours=hour) for hour in range(8760)):
        warm, high = dry_bulb + swing * math.sin((t.hour - 9) / 12 * math.pi), sun * max(0.0, math.sin((t.hour - 6) / 12 * math.pi))
        lines.append(f"{t.year},{t.month},{t.day},{t.hour},30,{warm:.2f},{dew_point},1013.25,{high:.0f},{high:.0f},{0.1 * high:.0f},1")
    return "\n".join(lines) + "\n"


def heated(days: set[tuple[int, int]], dry_bulb: float) -> str:
    """The weather of `weather`, but from 10:00 to 18:00 of some days (month, day) of another temperature."""
    lines = [line.split(",") for line in weather().splitlines()]
    for line in lines[3:]:
        if (int(line[1]), int(line[2])) in days and 10 <= int(line[3]) < 18:
            line[5] = f"{dry_bulb:.2f}"
    return "\n".join(map(",".join, lines)) + "\n"
