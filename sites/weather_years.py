"""The weather years of a site: one file or several with probabilities, and the design conditions that all of them ask for."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .dates import Finding
from .schema import SiteFile
from .site import DesignConditions, DesignPoint
from .weather_keys import Given, Weather, year_name
from .wind import check_wind

WHOLE = 1e-4  # how far the weights may be from 1 together: thirds written as 33.33 %
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Read:
    """A weather year as it was read: arrays by hour, and notes."""

    given: Given
    columns: Columns
    notes: list[str]


def together(weather: Sequence[Columns], given: Columns) -> Columns:
    """Arrays over weather year and hour: what all the files hold, and what the site gives once, which holds in every year."""
    found = {name: np.array([year[name] for year in weather]) for name in weather[0] if all(name in year for year in weather)}
    return found | {name: np.tile(values, (len(weather), 1)) for name, values in given.items()}


def check_years(site: SiteFile) -> Iterator[Finding]:
    """Every weather year has a name of its own, and weights, where there are any, make a whole."""
    years = site.weather.years
    names = [year_name(site.weather, number) for number in range(len(years))]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield ("weather", "years", number), f'"{name}" is the name of two weather years', 'give each a name of its own: name = "2012"'
    yield from _check_weights(site.weather)
    yield from check_wind(site)


def _check_weights(weather: Weather) -> Iterator[Finding]:
    weights = [year.weight for year in weather.years]
    missing = [number for number, weight in enumerate(weights) if weight is None]
    if missing and len(missing) < len(weights):
        yield (("weather", "years", missing[0]), f"{len(missing)} of {len(weights)} weather years {'has' if len(missing) == 1 else 'have'} no weight",
               "give every year its weight, or none, and all are equally likely")
    total = sum(weight for weight in weights if weight is not None)
    if weights and not missing and abs(total - 1) > WHOLE:
        yield ("weather", "years"), f"the weights of the weather years add up to {total:.4g}", "probabilities are 1 (100 %) together"


def all_notes(read: Sequence[Read], notes_of: Sequence[Sequence[str]]) -> list[str]:
    """The notes of every year, with its name where there are several and they do not all say the same."""
    counts = Counter(note for notes in notes_of for note in dict.fromkeys(notes))
    told = [note if counts[note] == len(read) else f"{year.given.name}: {note}" for year, notes in zip(read, notes_of, strict=True) for note in notes]
    return list(dict.fromkeys(told))


def worst(designs: Sequence[DesignConditions]) -> DesignConditions:
    """The hottest and the most humid of every year's design points, each with the bulb that belongs to it."""
    hot, humid = _highest(designs, lambda one: one.dry_bulb), _highest(designs, lambda one: one.wet_bulb)
    further = tuple(_worst_point([point for one in designs for point in one.further if point.name == name])
                    for name in dict.fromkeys(point.name for one in designs for point in one.further))
    return DesignConditions(hot.dry_bulb, hot.coincident_wet_bulb, humid.wet_bulb, humid.coincident_dry_bulb, hot.percentile, further)


def _highest(designs: Sequence[DesignConditions], bulb: Callable[[DesignConditions], float]) -> DesignConditions:
    return max(designs, key=bulb)


def _worst_point(points: list[DesignPoint]) -> DesignPoint:
    """The hottest, or, where the point is one of humid air, the most humid."""
    return max(points, key=lambda point: point.wet_bulb if "humid" in point.name else point.dry_bulb)
