"""Wind at the height of the hub, where a site knows it better than its weather file does."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np

from .hourly_csv import Sense
from .hourly_files import Files
from .quantity import Strict, Unit, told

if TYPE_CHECKING:
    from .schema import SiteFile

FASTEST = 120.0  # m/s, as in sites/weather.py
SPEED = Sense(0.0, FASTEST, "m/s is no wind speed", f"every row needs a speed in m/s, 0 to {FASTEST:g}", "m/s")


class HubWind(Strict):
    """Hourly wind speeds at a stated height: 8760 rows of local standard time. Without them the weather file's wind is carried to the hub."""

    file: Path | None = told("CSV of 8760 wind speeds in m/s, in local standard time; weather years give one each: weather.years.wind.",
        "Yield of wind by hour, in place of the weather file's wind.", default=None)
    column: str | None = told("Name of the column; else the last one.", "Which column of the file is read.", default=None)
    height: Annotated[float, Unit("m", 10.0, 300.0)] = told("Height of these speeds above the ground.", "Carries them to the hub, by the power law.")


def check_wind(site: "SiteFile") -> Iterator[tuple[tuple, str, str]]:
    """[wind] has a file, or, with several weather years, each of them has one of its own."""
    years, given = site.weather.years, site.wind
    own = [number for number, year in enumerate(years) if year.wind is not None]
    if given is None and own:
        yield ("weather", "years", own[0], "wind"), "wind at the hub is given, and [wind] does not say at which height", 'add [wind] height = "100 m"'
    elif given is not None and len(years) > 1 and given.file is not None:
        yield ("wind", "file"), f"[wind] gives one year of wind, and [weather] has {len(years)} years", "give each year its own: wind in [[weather.years]]"
    elif given is not None and given.file is None and len(own) < max(1, len(years)):
        lacking = ("weather", "years", next(number for number in range(len(years)) if number not in own)) if years else ("wind",)
        yield lacking, "there is no file of wind at the height that [wind] states", "give it, or leave [wind] out: wind is then that of the weather file"
    elif given is not None and given.file is not None and own:
        yield ("wind", "file"), "wind is given in [wind] and in the weather year", "leave one of them out"


def hub_wind(site: "SiteFile", files: Files, wind: Path | None, key: tuple) -> np.ndarray | None:
    """Wind speed by hour at the height given, m/s, of a weather year with a file of its own, else of [wind]. Raises SeriesProblem."""
    from .series import hourly_column

    if site.wind is None or (file := wind or site.wind.file) is None:
        return None
    place = ("wind", "file") if wind is None else (*key[:-1], "wind")
    return hourly_column(file, site.wind.column, files, place, SPEED)
