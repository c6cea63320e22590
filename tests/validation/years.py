"""Typical years of the validation: hourly dry bulb, wet bulb and pressure of places whose files stand in the repository."""

import functools
import gzip
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from dcplan.models.physics.psychrometrics import relative_humidity, wet_bulb
from pvlib import iotools

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
FILES = {"Phoenix": EXAMPLES / "phoenix" / "phoenix_tmy3.epw.gz", "Ashburn": EXAMPLES / "ashburn" / "dulles_tmy3.epw.gz",
         "Chicago": HERE / "data" / "chicago_tmy3.epw.gz", "Abilene": EXAMPLES / "abilene" / "weather_2013_utc.csv.gz"}
ZONES = {"2B": "Phoenix", "4A": "Ashburn", "5A": "Chicago"}


@dataclass(frozen=True)
class Year:
    """8760 hours: degC, degC, Pa."""

    dry_bulb: np.ndarray
    wet_bulb: np.ndarray
    pressure: np.ndarray


@functools.cache
def year(place: str) -> Year:
    """A place's typical year; Abilene's is 2013."""
    path = FILES[place]
    text = io.StringIO(gzip.decompress(path.read_bytes()).decode("latin-1"))
    if path.name.endswith(".epw.gz"):
        frame = iotools.read_epw(text)[0]
        pressure = frame.atmospheric_pressure.to_numpy(float)
    else:
        frame = iotools.read_nsrdb_psm4(text, map_variables=True)[0]
        pressure = 100 * frame.pressure.to_numpy(float)
    dry = frame.temp_air.to_numpy(float)
    return Year(dry, wet_bulb(dry, relative_humidity(dry, frame.temp_dew.to_numpy(float)), pressure), pressure)
