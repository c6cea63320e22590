"""What the columns of a ranking hold, and their units: a table beside it for whoever reads it without the programme."""

from collections.abc import Iterator

import pandas as pd

from ..sites.criteria import Criteria, Distance, Overlap, line_cost
from ..sites.maps import Layer
from .tables import COLUMN_COLUMNS, TEXT, Table

Row = tuple[str, str, str]  # name, unit, meaning
FIRST: tuple[Row, ...] = (
    ("rank", "1", "place in the ranking: the least score first, those beyond a limit after all others"),
    ("name", TEXT, "name of the candidate"),
    ("score_usd", "USD", "money by the criteria, sum of the other columns that end in _usd; less is better"),
    ("beyond", TEXT, "limits of the criteria that are not kept; empty where all are"),
    ("latitude_degree", "degree", "north of the equator, of the candidate's centre (WGS 84)"),
    ("longitude_degree", "degree", "east of Greenwich, of the candidate's centre (WGS 84)"),
    ("area_hectare", "hectare", "area on the ellipsoid; 0 for a point"))


def ranking_columns(ranking: pd.DataFrame, layers: dict[str, Layer], criteria: Criteria) -> Table:
    """A row for each column of a ranking but its shapes, in its order."""
    told = {name: (unit, meaning) for name, unit, meaning in (*FIRST, *_of_layers(layers, criteria))}
    rows = [("ranking", name, *told[name]) for name in ranking.columns if name != "geometry"]
    return Table("columns", pd.DataFrame(rows, columns=list(COLUMN_COLUMNS)), COLUMN_COLUMNS)


def _of_layers(layers: dict[str, Layer], criteria: Criteria) -> Iterator[Row]:
    for name, layer in layers.items():
        if layer.kind.use == "overlap":
            yield from _overlap(layer, criteria.overlap.get(name, Overlap()))
        else:
            yield from _distance(layer, criteria.distance.get(name))


def _distance(layer: Layer, given: Distance | None) -> Iterator[Row]:
    name, holds = layer.kind.name, layer.kind.holds
    yield f"{name}_km", "km", f"geodesic from the candidate's edge to the nearest of {holds}, {counted(layer, given)}"
    for one in layer.classes():
        yield class_column(layer, one, "km"), "km", f"geodesic from the candidate's edge to the nearest of {holds}, {_class(layer, one)} alone"
    if given is not None:
        yield f"{name}_usd", "USD", f"{name}_km times the cost of a line ({line_cost(layer.kind, given):,.0f} USD/km) and its weight, by the criteria"


def _overlap(layer: Layer, given: Overlap) -> Iterator[Row]:
    name, holds = layer.kind.name, layer.kind.holds
    yield f"{name}_percent", "%", f"share of the candidate's area inside {holds}"
    for one in layer.classes():
        yield class_column(layer, one, "percent"), "%", f"share of the candidate's area inside {holds}, {_class(layer, one)} alone"
    yield f"{name}_usd", "USD", f"area inside {holds} times its cost ({given.cost:g} USD/m2) and its weight, by the criteria"


def counted(layer: Layer, given: Distance | None) -> str:
    """Which features of a layer the criteria count, in words."""
    if given is not None and given.least_voltage is not None:
        return f"{given.least_voltage:g} kV and above"
    if given is not None and given.of_class is not None:
        return f"class {given.of_class}"
    return "any voltage" if layer.kind.told_by == "voltage_kv" else "any class"


def _class(layer: Layer, value) -> str:
    return f"{value:g} kV" if layer.kind.told_by == "voltage_kv" else f"class {value}"


def class_column(layer: Layer, value, ending: str) -> str:
    """The column of one voltage or class of a layer: substations_138_kv_km."""
    text = f"{value:g} kv" if layer.kind.told_by == "voltage_kv" else str(value).lower()
    word = "_".join("".join(letter if letter.isalnum() or letter == "." else " " for letter in text).split())
    return f"{layer.kind.name}_{word}_{ending}"
