"""Notes on what may be but is seldom meant: weather of elsewhere, a clock far from the sun, halls too small for what they are for."""

import re
from collections.abc import Iterator
from pathlib import Path

from ..models.catalog import Catalog
from ..models.fleet.racks import Rack, rack
from .named import FAR, distance
from .packaged import located
from .schema import Location, SiteFile
from .site import Site
from .weather import file_text

HEADER = 4000  # characters of a weather file in which its place is found
DEGREES_AN_HOUR = 15.0
FAR_FROM_SUN = 3.0  # hours; western China, on the clock of Beijing, is as far
NUMBER = r"([-+]?\d+(?:\.\d+)?)"
PLACES = {  # where the header of a form has latitude and longitude, in degrees
    "epw": rf"^LOCATION(?:,[^,\n]*){{5}},\s*{NUMBER}\s*,\s*{NUMBER}", "tmy3": rf"^[^,\n]*,[^,\n]*,[^,\n]*,[^,\n]*,\s*{NUMBER}\s*,\s*{NUMBER}",
    "pvgis": rf"(?is)latitude[^:\n]*:\s*{NUMBER}.*?longitude[^:\n]*:\s*{NUMBER}",
}
TMY2 = re.compile(r"^[^\n]*\b([NS])\s+(\d+)\s+(\d+)\s+([EW])\s+(\d+)\s+(\d+)")


def place_notes(site: SiteFile, folder: Path) -> Iterator[str]:
    """A note where the weather file is of a place far from the site by its header, and where the clock is far from the sun."""
    if site.weather.file is not None:
        place = header_place(file_text(located(folder, site.weather.file), HEADER), str(site.weather.format))
        apart = 0.0 if place is None else distance(site.location, *place)
        if place is not None and apart > FAR:
            yield (f"weather file {site.weather.file} is {apart:,.0f} km from the site, by its header at latitude {place[0]:g}, longitude {place[1]:g}: "
                   "temperatures are those of that place")
    yield from _clock(site.location)


def _clock(location: Location) -> Iterator[str]:
    sun = location.longitude / DEGREES_AN_HOUR
    apart = (location.utc_offset - sun + 12) % 24 - 12
    if abs(apart) > FAR_FROM_SUN:
        yield (f"utc_offset is {location.utc_offset:+g} h, {abs(apart):.1f} h from the {sun:+.1f} h of the sun at longitude {location.longitude:g}: "
               "is the sign of one of them wrong?")


def header_place(text: str, form: str) -> tuple[float, float] | None:
    """Latitude and longitude (degrees north and east) by the header of a weather file; None where the form has none, or it is not understood."""
    if form == "nsrdb":
        return _of_columns(text)
    if form == "tmy2":
        found = TMY2.match(text)
        return None if found is None else (_degrees(*found.groups()[:3]), _degrees(*found.groups()[3:]))
    found = re.search(PLACES[form], text) if form in PLACES else None
    return None if found is None else (float(found[1]), float(found[2]))


def _of_columns(text: str) -> tuple[float, float] | None:
    """A line of names over a line of values."""
    names, values = (line.split(",") for line in [*text.split("\n"), "", ""][:2])
    row = dict(zip(names, values))
    try:
        return float(row["Latitude"]), float(row["Longitude"])
    except (KeyError, ValueError):
        return None


def _degrees(side: str, degrees: str, minutes: str) -> float:
    return (-1 if side in "SW" else 1) * (int(degrees) + int(minutes) / 60)


def racks_of(site: SiteFile | Site, catalog: Catalog) -> dict[str, list[Rack]]:
    """Racks in which each tranche may be bought."""
    return {tranche.name: [rack(catalog, name, site.electrical.chain == "800 V dc") for name in tranche.variants] for tranche in site.fleet}


def hall_notes(site: SiteFile, catalog: Catalog) -> Iterator[str]:
    """A note where no hall takes a single rack, and where all halls that may be built take less than the fleet wanted last."""
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


def halls_most(site: SiteFile | Site) -> float | None:
    """MW of IT of all halls that there may be; None without a limit."""
    return None if any(hall.most is None for hall in site.halls) else sum(hall.it_capacity * (hall.most or 0) for hall in site.halls)
