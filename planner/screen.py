"""Candidate parcels ranked by what it costs to reach what they need, within the limits of the criteria."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..sites.criteria import Criteria, Distance, Overlap, line_cost
from ..sites.geography import ELLIPSOID
from ..sites.maps import Layer
from ..sites.nearness import Nearest, nearest, overlap, zones
from .errors import FolderTaken
from .folders import refuse_precious
from .plan import defused, swap
from .ranking_columns import class_column, counted, ranking_columns
from .tables import Table

if TYPE_CHECKING:
    import geopandas

FILES = ("ranking.csv", "ranking_columns.csv", "ranking.gpkg")
SITES = "sites"
HECTARE = 1e4


@dataclass(frozen=True)
class Screening:
    """`ranking`: a row a candidate with its shape, best first, units in the names of the columns. `points`: the place of the nearest of each
    layer that the score counts, by layer and in the order of the ranking. `system`: the planes that the nearest were found in. `columns`: unit and
    meaning of each column. `counted`: which features of each layer the distance is to, in words."""

    ranking: "geopandas.GeoDataFrame"
    points: dict[str, Nearest]
    system: str
    columns: Table
    counted: dict[str, str]

    def save(self, folder: str | Path, sites: "SiteFiles | None" = None, force: bool = False) -> Path:
        """Write the ranking as CSV with what its columns hold, as a map with the same as a table, and site files of the best, whole or not at all.
        Raises FolderTaken."""
        folder = Path(folder)
        refuse_taken(folder, force)
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            self._write(fresh)
            if sites is not None:
                sites.write(self, fresh / SITES, folder / SITES)
            swap(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return folder

    def _write(self, fresh: Path) -> None:
        import pyogrio

        held = self.columns.headed()
        for name, written in zip(FILES, (pd.DataFrame(self.ranking.drop(columns="geometry")), held), strict=False):
            defused(written).to_csv(fresh / name, index=False, lineterminator="\n")
        self.ranking.to_file(fresh / FILES[2], layer="ranking", driver="GPKG")
        pyogrio.write_dataframe(held, fresh / FILES[2], layer="columns", driver="GPKG", append=True)


@dataclass(frozen=True)
class SiteFiles:
    """The best candidates as site files that extend a base: `base` is a site file, or none for the starter example."""

    count: int
    base: Path | None = None

    def write(self, screening: Screening, fresh: Path, final: Path) -> None:
        """Write into `fresh` what is going to stand in `final`."""
        from ..sites.candidates import Place, write_base, write_site

        fresh.mkdir()
        if self.base is None:
            write_base(fresh)
        base = (self.base or final / "base" / "site.toml").absolute()
        for number, row in enumerate(screening.ranking.head(self.count).to_dict("records")):
            points = {layer: (found.latitude[number], found.longitude[number]) for layer, found in screening.points.items()}
            place = Place(row, {layer: point for layer, point in points.items() if np.isfinite(point).all()})
            write_site(fresh / place.folder, place, os.path.relpath(base, (final / place.folder).absolute()))


def refuse_taken(folder: Path, force: bool = False) -> None:
    """Raise FolderTaken unless the folder is absent, empty, or holds a ranking alone: sites in it may have been worked on."""
    refuse_precious(folder, "a ranking")
    if force or not folder.exists() or (folder.is_dir() and {item.name for item in folder.iterdir()} <= set(FILES)):
        return
    raise FolderTaken(folder, "is there and holds more than a ranking")


def screen(candidates: "geopandas.GeoDataFrame", layers: dict[str, Layer], criteria: Criteria) -> Screening:
    """Rank candidates (degrees, with `name`): money first, those beyond a limit after all others.

    score = sum over distances of km x USD/km x weight + sum over overlaps of m2 inside x USD/m2 x weight.
    """
    table, points = _place(candidates), {}
    table["score_usd"], reasons = 0.0, [[] for _ in range(len(candidates))]
    _limit(reasons, table["area_hectare"] * HECTARE < criteria.area.least, f"area below {criteria.area.least / HECTARE:g} hectare")
    for name, layer in layers.items():
        if layer.kind.use == "overlap":
            _overlaps(table, reasons, candidates, layer, criteria.overlap.get(name, Overlap()))
        else:
            points[name] = _distances(table, reasons, candidates, layer, criteria.distance.get(name))
    table["beyond"] = ["; ".join(found) for found in reasons]
    order = np.lexsort((table["score_usd"], table["beyond"] != ""))
    ranking = _ranked(table, candidates, order)
    return Screening(ranking, {name: _sorted(found, order) for name, found in points.items()}, _system(candidates),
                     ranking_columns(ranking, layers, criteria), {name: counted(layers[name], criteria.distance.get(name)) for name in points})


def _place(candidates: "geopandas.GeoDataFrame") -> pd.DataFrame:
    middle = [shape.centroid for shape in candidates.geometry]
    area = [abs(ELLIPSOID.geometry_area_perimeter(shape)[0]) / HECTARE for shape in candidates.geometry]
    return pd.DataFrame({"name": candidates["name"].to_numpy(), "latitude_degree": [one.y for one in middle],
                         "longitude_degree": [one.x for one in middle], "area_hectare": area})


def _limit(reasons: list[list[str]], beyond, why: str) -> None:
    for number in np.flatnonzero(beyond):
        reasons[number].append(why)


def _distances(table: pd.DataFrame, reasons: list[list[str]], candidates, layer: Layer, given: Distance | None) -> Nearest:
    """Km to the nearest of those that count, to the nearest of each class, and the cost of the line. Gives the nearest that count."""
    name, by = layer.kind.name, layer.kind.told_by
    found = nearest(candidates, layer.frame if given is None else _counted(layer, given))
    table[f"{name}_km"] = found.km
    for one in layer.classes():
        table[class_column(layer, one, "km")] = nearest(candidates, layer.frame[layer.frame[by] == one]).km
    if given is not None:
        table[f"{name}_usd"] = cost = found.km * line_cost(layer.kind, given) * given.weight
        table["score_usd"] += np.nan_to_num(cost)
        _limit(reasons, np.isnan(found.km), f"no {name} that count")
        if given.limit is not None:
            _limit(reasons, found.km > given.limit, f"{name} beyond {given.limit:g} km")
    return found


def _counted(layer: Layer, given: Distance):
    """The features that the criteria count."""
    frame = layer.frame
    if given.least_voltage is not None:
        frame = frame[frame["voltage_kv"] >= given.least_voltage]
    return frame if given.of_class is None else frame[frame["class"] == given.of_class] if "class" in frame else frame.iloc[:0]


def _overlaps(table: pd.DataFrame, reasons: list[list[str]], candidates, layer: Layer, given: Overlap) -> None:
    name = layer.kind.name
    share = overlap(candidates, layer.frame)
    table[f"{name}_percent"] = 100 * share
    for one in layer.classes():
        table[class_column(layer, one, "percent")] = 100 * overlap(candidates, layer.frame[layer.frame[layer.kind.told_by] == one])
    table[f"{name}_usd"] = share * table["area_hectare"] * HECTARE * given.cost * given.weight
    table["score_usd"] += table[f"{name}_usd"]
    if given.limit is not None:
        _limit(reasons, share > given.limit, f"{name} above {100 * given.limit:g} % of the area")


def _ranked(table: pd.DataFrame, candidates, order: np.ndarray) -> "geopandas.GeoDataFrame":
    import geopandas

    ranked = table.iloc[order].reset_index(drop=True)
    first = ["name", "score_usd", "beyond"]
    ranked = ranked[[*first, *ranked.columns.drop(first)]]
    ranked.insert(0, "rank", range(1, len(ranked) + 1))
    return geopandas.GeoDataFrame(ranked, geometry=candidates.geometry.iloc[order].to_numpy(), crs=candidates.crs)


def _sorted(found: Nearest, order: np.ndarray) -> Nearest:
    return Nearest(found.km[order], found.longitude[order], found.latitude[order])


def _system(candidates: "geopandas.GeoDataFrame") -> str:
    """The planes, in words."""
    codes = ", ".join(f"EPSG:{code}" for code in np.unique(zones(candidates)))
    return f"nearest found in UTM zones ({codes}), distances along the geodesic (WGS 84)"
