"""A candidate of a screening as a site file: what the map knows, laid over a base that says all else."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .examples import STARTER, begin
from .layers import read_source
from .maps import KINDS, LAYERS
from .problems import Key, Problem, SiteProblems, dotted

OF_PLACE = re.compile(r"^(boundary|area|points\.\w+) = .*\n", re.MULTILINE)
BOUNDARY = "boundary.geojson"


@dataclass(frozen=True)
class Place:
    """A row of the ranking, and latitude and longitude of the nearest of each layer."""

    row: Mapping[str, Any]
    points: Mapping[str, tuple[float, float]]

    @property
    def folder(self) -> str:
        """Name of the site's folder: rank and name."""
        word = re.sub(r"[^a-z0-9]+", "-", self.row["name"].lower()).strip("-")
        return f"{self.row['rank']:03d}-{word}".rstrip("-")

    @property
    def is_area(self) -> bool:
        """Whether it has a boundary."""
        return self.row["geometry"].geom_type != "Point"


def write_base(folder: Path) -> Path:
    """The starter example as base/site.toml, without what it says of its own place."""
    site = next(path for path in begin(folder / "base", STARTER) if path.name == "site.toml")
    site.write_text(OF_PLACE.sub("", site.read_text(encoding="utf-8")), encoding="utf-8")
    (site.parent / BOUNDARY).unlink()
    return site


def check_base(base: Path, known: Mapping[str, object], points: bool) -> None:
    """Raise SiteProblems where the base gives places that no layer (or no candidate's boundary) would replace: they are not the candidate's."""
    source = read_source(base)
    location = source.merged.values.get("location", {})
    wanted = {KINDS[name].point for name in known}
    wrong: list[tuple[Key, str]] = [(("location", "points", name), f"add the layer {_layer(name)}, or take the point out")
                                    for name in location.get("points", {}) if name not in wanted]
    if points and "boundary" in location:
        wrong.append((("location", "boundary"), "take it out, or give candidates that are all polygons"))
    problems = []
    for key, mend in wrong:
        at = source.merged.place(key, False)
        problems.append(Problem("map", "this belongs to the base's own place, and candidates would inherit it", at.file, at.line, at.column,
                                dotted(key), "", mend, at.source, at.width))
    if problems:
        raise SiteProblems(problems)


def _layer(point: str) -> str:
    return next((kind.name for kind in LAYERS if kind.point == point), point)


def write_site(folder: Path, place: Place, base: str) -> None:
    """site.toml, and boundary.geojson where the candidate is an area."""
    folder.mkdir()
    (folder / "site.toml").write_text("\n".join(_lines(place, base)) + "\n", encoding="utf-8")
    if place.is_area:
        feature = {"type": "Feature", "properties": {"name": place.row["name"]}, "geometry": place.row["geometry"].__geo_interface__}
        (folder / BOUNDARY).write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}) + "\n", encoding="utf-8")


def _lines(place: Place, base: str) -> list[str]:
    """The file, line by line."""
    row = place.row
    points = {KINDS[name].point: point for name, point in place.points.items() if KINDS[name].point}
    return [
        f"# Rank {row['rank']} of a screening of candidates{': ' + row['beyond'] if row['beyond'] else ''}. Set here: what the map knows.",
        "# Elevation, utc_offset, weather, grid and all else are those of the file below: see that they fit this place.",
        f"extends = {_text(base)}", f"name = {_text(row['name'])}", "", "[location]",
        f'latitude = "{row["latitude_degree"]:.6f} degree"', f'longitude = "{row["longitude_degree"]:.6f} degree"',
        *([f'boundary = "{BOUNDARY}"', f'area = "{row["area_hectare"]:.4g} hectare"'] if place.is_area else []),
        *(f'points.{name} = {{ latitude = "{latitude:.6f} degree", longitude = "{longitude:.6f} degree" }}'
          for name, (latitude, longitude) in points.items()),
        "", *(f"# {column} = {value:.6g}" for column, value in row.items() if column.endswith(("_km", "_percent")))]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
