"""Candidate parcels screened against seven layers, against a fixed amount of work of the same library on the same machine.

Parcels are rectangles of some hundred metres in a square of two degrees. Layers: 2,000 substations of five voltages, 2,000 lines, 300 pipelines,
300 water mains, 300 fibre routes, 500 flood areas and 200 protected ones of 40 corners each.
"""

import time

import geopandas
import numpy as np
import shapely
from dcplan.planner.screen import screen
from dcplan.sites.criteria import read_criteria
from dcplan.sites.maps import KINDS, Layer
from shapely import LineString, box

from .registry import Benchmark, Row, Run

SEED = 11
VOLTAGES = (69.0, 115.0, 138.0, 230.0, 345.0)
COUNTS = {"substations": 2000, "lines": 2000, "pipelines": 300, "water": 300, "fibre": 300, "flood": 500, "protected": 200}
CORNERS, ROUNDS, YARDSTICK_POLYGONS = 40, 3, 2000

Built = tuple[geopandas.GeoDataFrame, dict[str, Layer]]


def build(run: Run) -> Built:
    """Candidates and layers."""
    chance = np.random.default_rng(SEED)
    layers = {name: Layer(KINDS[name], run.folder, _features(chance, name, count)) for name, count in COUNTS.items()}
    west, south = chance.uniform(-79, -77, int(run.size)), chance.uniform(38, 40, int(run.size))
    parcels = box(west, south, west + chance.uniform(0.003, 0.01, west.size), south + chance.uniform(0.003, 0.01, west.size))
    return geopandas.GeoDataFrame({"name": [f"parcel {number}" for number in range(west.size)]}, geometry=parcels, crs=4326), layers


def _features(chance: np.random.Generator, name: str, count: int) -> geopandas.GeoDataFrame:
    middle = np.column_stack([chance.uniform(-79, -77, count), chance.uniform(38, 40, count)])
    if KINDS[name].use == "overlap":
        shapes = [_area(chance, *place) for place in middle]
    elif name == "substations":
        shapes = [shapely.Point(place) for place in middle]
    else:
        shapes = [LineString([place, place + chance.uniform(-0.3, 0.3, 2), place + chance.uniform(-0.3, 0.3, 2)]) for place in middle]
    told = chance.choice(VOLTAGES, count) if KINDS[name].told_by == "voltage_kv" else ["one"] * count
    return geopandas.GeoDataFrame({KINDS[name].told_by: told}, geometry=shapes, crs=4326)


def _area(chance: np.random.Generator, east: float, north: float):
    """A star of so many corners."""
    angle, radius = np.arange(CORNERS) * 2 * np.pi / CORNERS, chance.uniform(0.01, 0.05, CORNERS)
    return shapely.Polygon(np.column_stack([east + radius * np.cos(angle), north + radius * np.sin(angle)]))


def measure(run: Run, built: Built) -> Row:
    """Seconds of a screening after everything is read, the least of a few, and as a multiple of the yardstick."""
    candidates, layers = built
    criteria = read_criteria()
    seconds = min(_seconds(lambda: screen(candidates, layers, criteria)) for _ in range(ROUNDS))
    yardstick = min(_seconds(_yardstick) for _ in range(ROUNDS))
    return {"candidates": len(candidates), "features": sum(COUNTS.values()), "screening_ms": 1000 * seconds, "yardstick_ms": 1000 * yardstick,
            "screening_to_yardstick": seconds / yardstick}


def _seconds(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _yardstick() -> float:
    """Pieces of stars with their neighbours, a fixed amount of geometry."""
    chance = np.random.default_rng(SEED)
    stars = np.array([_area(chance, *place) for place in chance.uniform(0, 1, (YARDSTICK_POLYGONS, 2))])
    one, other = shapely.STRtree(stars).query(stars[:200], predicate="intersects")
    return float(shapely.area(shapely.intersection(stars[one], stars[other])).sum())


BENCHMARK = Benchmark("screen", "candidate parcels ranked against seven map layers, against a fixed amount of geometry", ("100", "1000", "10000"),
                      build, measure)  # type: ignore[arg-type]
