"""Map layers that a user gives in a folder: GeoPackage or GeoJSON, each layer named for what it holds, with the columns of the table LAYERS.

A GeoPackage may hold several layers; a GeoJSON file holds the one that it is named for. Coordinates may be in any system that the file states.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..models.catalog import nearest
from .problems import Problem, SiteProblems

if TYPE_CHECKING:
    import geopandas

ENDINGS = (".gpkg", ".geojson", ".json")
INSIDE = "/vsi"  # how GDAL begins a path into an archive, as /vsizip/land.zip
DEGREES = 4326
AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class LayerKind:
    """What a layer is for. `told_by`: the column that tells features apart; `needed`: whether it has to be there. `works`, `point`: the works of
    the catalogue that lead there, and the key under location.points."""

    name: str
    holds: str
    use: Literal["distance", "overlap"]
    told_by: str
    needed: bool
    works: str = ""
    point: str = ""


LAYERS = (
    LayerKind("substations", "substations", "distance", "voltage_kv", True, "grid_connection", "substation"),
    LayerKind("lines", "transmission lines", "distance", "voltage_kv", True),
    LayerKind("pipelines", "gas pipelines", "distance", "class", True, "gas_lateral", "gas_pipeline"),
    LayerKind("water", "water mains, rivers, reclaimed water", "distance", "class", True, "water_main", "water_main"),
    LayerKind("fibre", "routes and points of presence", "distance", "class", False, "fibre", "fibre"),
    LayerKind("flood", "areas that flood", "overlap", "class", True),
    LayerKind("hazard", "areas of any other hazard", "overlap", "class", True),
    LayerKind("protected", "protected land", "overlap", "class", False),
)
KINDS = {kind.name: kind for kind in LAYERS}


@dataclass(frozen=True)
class Layer:
    """A layer as read: geometry in degrees (WGS 84), the column `told_by` clean where there is one, further columns as given."""

    kind: LayerKind
    path: Path
    frame: "geopandas.GeoDataFrame"

    def classes(self) -> list:
        """Voltages or classes in it, in order."""
        return sorted(self.frame[self.kind.told_by].dropna().unique()) if self.kind.told_by in self.frame else []


def read_layers(folder: Path) -> dict[str, Layer]:
    """Every layer of a folder by name. Raises SiteProblems with all that is wrong, by file, layer, column and row (the first is 1)."""
    found: dict[str, Layer] = {}
    problems: list[Problem] = []
    for path, name in _listed(folder, problems):
        if name not in KINDS:
            mend = f"name it one of {', '.join(KINDS)}{nearest(name, KINDS)}, or take it out of the folder"
            problems.append(_problem(path, name, f'"{name}" is no layer that is known', mend))
        elif name in found:
            problems.append(_problem(path, name, f"the layer stands in {found[name].path.name} too", "keep one of them"))
        else:
            found[name] = Layer(KINDS[name], path, _read(path, name, problems))
            problems += _checked(found[name])
    if not (found or problems):
        problems.append(Problem("map", "there is no map layer in the folder", str(folder), help=f"give GeoPackage or GeoJSON files of {', '.join(KINDS)}"))
    if problems:
        raise SiteProblems(problems)
    return found


def read_candidates(path: Path) -> "geopandas.GeoDataFrame":
    """Candidates as polygons or points in degrees, with `name` (numbered where there is none). Raises SiteProblems with all that is wrong."""
    if not (path.exists() or str(path).startswith(INSIDE)):
        raise SiteProblems([Problem("file", "there is no such file of candidates", str(path),
                                    help="give a GeoPackage or GeoJSON file of polygons or points")])
    problems: list[Problem] = []
    frame = _read(path, None, problems)
    if not problems and frame.empty:
        problems.append(_problem(path, "candidates", "there is no candidate in it", "give polygons or points"))
    problems += _shape_problems(path, "candidates", frame, (*AREAS, "Point"), strict=True)
    if "name" not in frame:
        frame["name"] = [f"candidate {number}" for number in range(1, len(frame) + 1)]
    for row in _rows(frame["name"].isna()):
        problems.append(_problem(path, "candidates", "the name is empty", "give each candidate a name", "name", row))
    for row in _rows(frame["name"].duplicated() & frame["name"].notna()):
        problems.append(_problem(path, "candidates", f'the name "{frame["name"].iloc[row - 1]}" is taken', "give each a name of its own", "name", row))
    if problems:
        raise SiteProblems(problems)
    frame["name"] = frame["name"].astype(str)
    return frame


def _listed(folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, str]]:
    """File and name of every layer in a folder."""
    import pyogrio

    if not folder.is_dir():
        problems.append(Problem("file", "there is no such folder of layers", str(folder), help="give the folder that holds the map layers"))
        return
    for path in sorted(path for path in folder.iterdir() if path.suffix in ENDINGS):
        if path.suffix != ".gpkg":
            yield path, path.stem
            continue
        try:
            yield from ((path, str(name)) for name, _ in pyogrio.list_layers(path))
        except Exception as reason:  # pyogrio raises its own kinds for each driver
            problems.append(_unreadable(path, reason))


def _read(path: Path, name: str | None, problems: list[Problem]) -> "geopandas.GeoDataFrame":
    """One layer in degrees, or an empty one with a problem."""
    import geopandas

    try:
        frame = geopandas.read_file(path, layer=name if path.suffix == ".gpkg" else None)
        if not isinstance(frame, geopandas.GeoDataFrame):
            raise ValueError("it has no geometry")
        if frame.crs is None:
            raise ValueError("it does not say its coordinate system")
        return frame.to_crs(DEGREES)
    except Exception as reason:  # pyogrio raises its own kinds for each driver
        problems.append(_unreadable(path, reason))
        return geopandas.GeoDataFrame({"name": []}, geometry=[], crs=DEGREES)


def _unreadable(path: Path, reason: Exception) -> Problem:
    return Problem("map", "this does not read as a map", str(path), detail=" ".join(str(reason).split()),
                   help="give a GeoPackage or GeoJSON file that states its coordinate system")


def _checked(layer: Layer) -> Iterator[Problem]:
    """Geometry and columns of a layer."""
    kind, frame = layer.kind, layer.frame
    yield from _shape_problems(layer.path, kind.name, frame, AREAS if kind.use == "overlap" else (), strict=False)
    if kind.told_by in frame:
        yield from _value_problems(layer)
    elif kind.needed and len(frame):
        columns = ", ".join(str(name) for name in frame.columns if name != "geometry")
        yield _problem(layer.path, kind.name, f'the column "{kind.told_by}" is missing; there are {columns or "none"}',
                       f"add {kind.told_by}, {_wanted(kind)}", kind.told_by)


def _value_problems(layer: Layer) -> Iterator[Problem]:
    """Cells of the column that tells features apart. Voltages are numbers above zero."""
    import pandas

    kind, values = layer.kind, layer.frame[layer.kind.told_by]
    numbers = pandas.Series(pandas.to_numeric(values, errors="coerce"), dtype=float)
    rows = _rows(~numbers.gt(0) if kind.told_by == "voltage_kv" else values.isna() & kind.needed)
    for row in rows:
        yield _problem(layer.path, kind.name, f"{values.iloc[row - 1]!r} is not {_wanted(kind)}", f"write {_wanted(kind)}", kind.told_by, row)
    if kind.told_by == "voltage_kv" and not rows:
        layer.frame["voltage_kv"] = numbers


def _wanted(kind: LayerKind) -> str:
    return "a number of kV above zero" if kind.told_by == "voltage_kv" else "a word for its class"


def _shape_problems(path: Path, layer: str, frame: "geopandas.GeoDataFrame", kinds: tuple[str, ...], strict: bool) -> Iterator[Problem]:
    """Features without geometry, of another kind than can be used, outside the globe, or (`strict`) crossing themselves."""
    import shapely

    shapes = frame.geometry
    empty = shapes.isna() | shapes.is_empty
    bounds = shapes.bounds
    tests = [(empty, "has no geometry", "draw it, or take the row out"),
             (~empty & ~shapes.geom_type.isin(kinds) & bool(kinds), "is no " + " or ".join(kinds), "give the geometry that is wanted"),
             ((bounds.minx < -180) | (bounds.maxx > 180) | (bounds.miny < -80) | (bounds.maxy > 84), "lies outside 80 S to 84 N, 180 W to 180 E",
              "give longitude before latitude, in the system that the file states"),
             (~empty & ~shapes.is_valid & strict, "crosses itself", "repair it, for example with make_valid of geopandas")]
    for bad, found, mend in tests:
        for row in _rows(bad):
            reason = f" ({shapely.is_valid_reason(shapes.iloc[row - 1])})" if found == "crosses itself" else ""
            yield _problem(path, layer, f"the feature {found}{reason}", mend, "geometry", row)


def _rows(bad: Iterable) -> list[int]:
    """Numbers of the rows that are bad, from 1."""
    return [number for number, wrong in enumerate(bad, 1) if wrong]


def _problem(path: Path, layer: str, found: str, mend: str, column: str = "", row: int = 0) -> Problem:
    parts = [f"layer {layer}", *([f"column {column}"] if column else []), *([f"row {row}"] if row else [])]
    return Problem("map", found, str(path), key=", ".join(parts), help=mend)
