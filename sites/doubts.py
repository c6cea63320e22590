"""Notes on what may be but is seldom meant: weather of elsewhere, a clock far from the sun, halls too small for what they are for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..models.catalog import Catalog
from ..models.fleet.racks import Rack, rack
from .named import FAR, HIGH, distance
from .packaged import located
from .schema import Location, SiteFile
from .site import Site
from .weather import file_text
from .weather_keys import given_years

HEADER = 4000  # characters of a weather file in which its place is found
DEGREES_AN_HOUR = 15.0
FAR_FROM_SUN = 3.0  # hours; western China, on the clock of Beijing, is as far
NUMBER = r"([-+]?\d+(?:\.\d+)?)"
PLACES = {  # where the header of a form has latitude and longitude, in degrees, and the height above the sea, in m
    "epw": rf"^LOCATION(?:,[^,\n]*){{5}},\s*{NUMBER}\s*,\s*{NUMBER}(?:,[^,\n]*,\s*{NUMBER})?",
    "tmy3": rf"^[^,\n]*,[^,\n]*,[^,\n]*,[^,\n]*,\s*{NUMBER}\s*,\s*{NUMBER}(?:,\s*{NUMBER})?",
    "pvgis": rf"(?is)latitude[^:\n]*:\s*{NUMBER}.*?longitude[^:\n]*:\s*{NUMBER}(?:.{{0,80}}?elevation[^:\n]*:\s*{NUMBER})?",
}
TMY2 = re.compile(r"^[^\n]*\b([NS])\s+(\d+)\s+(\d+)\s+([EW])\s+(\d+)\s+(\d+)(?:\s+(-?\d+))?")


@dataclass(frozen=True)
class Place:
    """Where a weather file says that it is from: degrees north and east, m above the sea where it tells them."""

    latitude: float
    longitude: float
    elevation: float | None = None


def place_notes(site: SiteFile, folder: Path) -> Iterator[str]:
    """A note where a weather file is of a place far from the site or far above or below it, by its header, and where the clock is far from the sun."""
    for year in given_years(site.weather):
        place = None if year.file is None else header_place(file_text(located(folder, year.file), HEADER), str(year.format))
        if place is not None:
            yield from _elsewhere(site.location, str(year.file), place)
    yield from _clock(site.location)


def _elsewhere(location: Location, name: str, place: Place) -> Iterator[str]:
    apart = distance(location, place.latitude, place.longitude)
    if apart > FAR:
        yield (f"weather file {name} is {apart:,.0f} km from the site, by its header at latitude {place.latitude:g}, longitude {place.longitude:g}: "
               "temperatures are those of that place")
    if place.elevation is not None and abs(location.elevation - place.elevation) > HIGH:
        yield (f"weather file {name} is of {place.elevation:,.0f} m above the sea, by its header, and the site lies at {location.elevation:,.0f} m: "
               "temperatures and air pressure are those of that height")


def _clock(location: Location) -> Iterator[str]:
    sun = location.longitude / DEGREES_AN_HOUR
    apart = (location.utc_offset - sun + 12) % 24 - 12
    if abs(apart) > FAR_FROM_SUN:
        yield (f"utc_offset is {location.utc_offset:+g} h, {abs(apart):.1f} h from the {sun:+.1f} h of the sun at longitude {location.longitude:g}: "
               "is the sign of one of them wrong?")


def header_place(text: str, form: str) -> Place | None:
    """The place by the header of a weather file; None where the form has none, or it is not understood."""
    if form == "nsrdb":
        return _of_columns(text)
    if form == "tmy2":
        found = TMY2.match(text)
        return None if found is None else Place(_degrees(*found.groups()[:3]), _degrees(*found.groups()[3:6]), _number(found[7]))
    found = re.search(PLACES[form], text) if form in PLACES else None
    return None if found is None else Place(float(found[1]), float(found[2]), _number(found[3]))


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _of_columns(text: str) -> Place | None:
    """A line of names over a line of values."""
    names, values = (line.split(",") for line in [*text.split("\n"), "", ""][:2])
    row = dict(zip(names, values))
    try:
        return Place(float(row["Latitude"]), float(row["Longitude"]), _number(row.get("Elevation") or None))
    except (KeyError, ValueError):
        return None


def _degrees(side: str, degrees: str, minutes: str) -> float:
    return (-1 if side in "SW" else 1) * (int(degrees) + int(minutes) / 60)


def racks_of(site: SiteFile | Site, catalog: Catalog) -> dict[str, list[Rack]]:
    """Racks in which each tranche may be bought."""
    return {tranche.name: [rack(catalog, name, site.electrical.chain == "800 V dc") for name in tranche.variants] for tranche in site.fleet}


def hall_notes(site: SiteFile, catalog: Catalog, area: float | None) -> Iterator[str]:
    """A note where no hall takes a single rack, and where all halls that may be built, or the land (of an area in m2), take less than the fleet
    wanted last."""
    racks, largest = racks_of(site, catalog), max((hall.it_capacity for hall in site.halls), default=0.0)
    if not racks or not site.halls:
        return
    smallest = min((one for group in racks.values() for one in group), key=lambda one: one.power)
    if smallest.power > largest:
        yield f"no hall takes a single rack: the largest has {largest:.3g} MW, and {smallest.name} takes {smallest.power:.3g} MW"
    wanted = sum(tranche.wanted[-1].count * min(one.power_per_accelerator for one in racks[tranche.name]) for tranche in site.fleet)
    room = halls_most(site)
    if room is not None and room < wanted * (1 - 1e-9):
        yield f"all halls together take {room:,.4g} MW of IT, and the accelerators wanted last take {wanted:,.4g} MW: some will stay away"
    yield from _land_note(buildable_land(site, area), catalog.number("hall", "land", "m2/MW"), wanted)


def _land_note(land: float | None, each: float, wanted: float) -> Iterator[str]:
    """A note where the land (m2), with no plant on it, takes halls (m2/MW each) for less than is wanted (MW of IT)."""
    if land is not None and each and land / each < wanted * (1 - 1e-9):
        yield (f"the buildable land takes halls for {land / each:,.4g} MW of IT, and the accelerators wanted last take {wanted:,.4g} MW: "
               "some will stay away")


def buildable_land(site: SiteFile | Site, area: float | None) -> float | None:
    """m2 that may be built on: what the site file says, else its share of the area (m2); None where neither is known."""
    return site.limits.land if site.limits.land is not None else area * site.location.buildable_share if area else None


def halls_most(site: SiteFile | Site) -> float | None:
    """MW of IT of all halls that there may be; None without a limit."""
    return None if any(hall.most is None for hall in site.halls) else sum(hall.it_capacity * (hall.most or 0) for hall in site.halls)
