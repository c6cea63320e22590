"""Wind at the height of the hub, where a site knows it better than its weather file does."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np

from .quantity import Strict, Unit, told

if TYPE_CHECKING:
    from .schema import SiteFile

FASTEST = 120.0  # m/s, as in sites/weather.py


class HubWind(Strict):
    """Hourly wind speeds at a stated height: 8760 rows of local standard time. Without them the weather file's wind is carried to the hub."""

    file: Path = told("CSV of 8760 wind speeds in m/s, in local standard time.", "Yield of wind by hour, in place of the weather file's wind.")
    column: str | None = told("Name of the column; else the last one.", "Which column of the file is read.", default=None)
    height: Annotated[float, Unit("m", 10.0, 300.0)] = told("Height of these speeds above the ground.", "Carries them to the hub, by the power law.")


def hub_wind(site: "SiteFile", folder: Path) -> np.ndarray:
    """Wind speed by hour at the height given, m/s. Raises SeriesProblem."""
    from .series import SeriesProblem, hourly_column

    assert site.wind is not None
    key = ("wind", "file")
    values = hourly_column(folder / site.wind.file, site.wind.column, key)
    wrong = np.flatnonzero((values < 0) | (values > FASTEST))
    if len(wrong):
        found = f'"{site.wind.file.name}" line {wrong[0] + 2}: {values[wrong[0]]:g} m/s is no wind speed'
        raise SeriesProblem(key, found, f"every row needs a speed in m/s, 0 to {FASTEST:g}")
    return values
