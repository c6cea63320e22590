"""Years of the validation: hourly dry bulb, wet bulb and pressure of places, read as a site's own weather is."""

import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pvlib
from dcplan.sites import load_site

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
PVLIB = Path(pvlib.__file__).parent / "data"
FILES = {
    "Phoenix": (EXAMPLES / "phoenix" / "phoenix_tmy3.epw.gz", "epw"), "Ashburn": (EXAMPLES / "ashburn" / "dulles_tmy3.epw.gz", "epw"),
    "Chicago": (HERE / "data" / "chicago_tmy3.epw.gz", "epw"), "Abilene": (EXAMPLES / "abilene" / "weather_2013_utc.csv.gz", "nsrdb"),
    "Miami": (PVLIB / "12839.tm2", "tmy2"), "Greensboro": (PVLIB / "723170TYA.CSV", "tmy3"), "Sand Point": (PVLIB / "703165TY.csv", "tmy3")}
ZONES = {"1A": "Miami", "2B": "Phoenix", "3B": "Abilene", "4A": "Ashburn", "5A": "Chicago", "7": "Sand Point"}  # one more: a line here and in FILES
SYNTHETIC = {"singapore": 16.0, "abu_dhabi_ae": 27.0, "hyderabad_in": 542.0, "las_vegas_nv": 665.0, "san_jose_ca": 24.0, "atlanta_ga": 308.0,
             "seattle_wa": 136.0, "denver_co": 1655.0, "frankfurt_de": 110.0, "johannesburg_za": 1694.0, "lulea_se": 20.0}  # m above the sea
SITE = """name = "place"
location = {{ latitude = "40 degree", longitude = "-90 degree", elevation = "{elevation} m", utc_offset = "-6 hour" }}
plan = {{ start = 2030-01-01, end = 2031-01-01 }}
finance = {{ discount_rate = "7 %/year" }}
weather = {{ {given} }}
halls = [{{ name = "hall", cooling = "mixed", it_capacity = "10 MW" }}]
cooling = {{ allow = ["air_cooled_chiller"] }}
[[fleet]]
name = "all"
workload = "training"
variants = ["gb200_nvl72"]
value_of_compute = "2 USD/accelerator/hour"
value_of_lost_load = "4 USD/accelerator/hour"
wanted = [{{ by = 2030-01-01, count = "72 accelerator" }}]
"""


@dataclass(frozen=True)
class Year:
    """8760 hours: degC, degC, Pa."""

    dry_bulb: np.ndarray
    wet_bulb: np.ndarray
    pressure: np.ndarray


@functools.cache
def year(place: str) -> Year:
    """A place's typical year (Abilene's is 2013)."""
    path, form = FILES[place]
    return read(f'file = "{path}", format = "{form}"')


@functools.cache
def synthetic(climate: str, elevation: float) -> Year:
    """The year that is made from the monthly normals of a climate of the catalogue."""
    return read(f'climate = "{climate}"', elevation)


def read(given: str, elevation: float = 0.0) -> Year:
    """The weather of a site with this [weather]."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.toml"
        path.write_text(SITE.format(given=given, elevation=elevation), encoding="utf-8")
        hours = load_site(path).hours.isel(scenario=0)
    return Year(*(hours[name].to_numpy().astype(float) for name in ("dry_bulb", "wet_bulb", "pressure")))
