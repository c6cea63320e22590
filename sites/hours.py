"""The hourly data of a site as one dataset."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray

from . import series
from .weather_keys import Given

UNITS = {
    "dry_bulb": ("degC", "dry-bulb temperature"), "wet_bulb": ("degC", "wet-bulb temperature"), "relative_humidity": ("1", "relative humidity"),
    "pressure": ("Pa", "air pressure"), "ghi": ("W/m2", "global horizontal irradiance"), "dni": ("W/m2", "direct normal irradiance"),
    "dhi": ("W/m2", "diffuse horizontal irradiance"), "wind_speed": ("m/s", "wind speed"),
    "hub_wind_speed": ("m/s", "wind speed at the height that [wind] states"), "energy_price": ("USD/MWh", "price of grid energy"),
    "carbon_intensity": ("tonne_CO2e/MWh", "carbon intensity of grid energy"),
    "facility_load": ("MW", "measured load of the facility"),
}


def dataset(columns: Mapping[str, np.ndarray], years: Sequence[Given], calendar_year: int) -> xarray.Dataset:
    """Columns over (scenario, hour), one scenario a weather year, with units and names, beside month, hour of the day and weekday of each hour."""
    made = xarray.Dataset(
        {name: (("scenario", "hour"), values) for name, values in columns.items()},
        coords={"scenario": [year.name for year in years] if years[0].name else [0], "hour": np.arange(series.HOURS), "month": ("hour", series.months()),
                "hour_of_day": ("hour", series.hours_of_day()), "weekday": ("hour", series.weekdays(calendar_year))})
    for name in columns:
        units, meaning = UNITS.get(name, ("1", name.replace("_", " ")))
        made[name].attrs.update(units=units, long_name=meaning)
    return made
