"""What candidates are ranked by: the criteria file of `dcplan screen`, as types."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from ..models.catalog import load_catalog
from .maps import KINDS, LayerKind
from .parse import parse_toml, read_text
from .problems import Positions, Problem, SiteProblems, dotted
from .quantity import Share, Strict, Unit
from .said import said

DEFAULT = Path(__file__).with_name("screening.toml")
CATALOGUE = "catalogue"


def _of_catalogue(value: Any) -> Any:
    """A cost as text, or none for the catalogue's."""
    return None if value == CATALOGUE else Unit("USD/km").read(value)


LineCost = Annotated[Any, BeforeValidator(_of_catalogue)]
Weight = Annotated[float, Field(ge=0)]


class Distance(Strict):
    """Money for each km to the nearest feature that is counted; the catalogue's line cost where `cost` is none."""

    cost: LineCost = None
    weight: Weight = 1.0
    least_voltage: Annotated[float, Unit("kV")] | None = None
    of_class: str | None = Field(default=None, alias="class")
    limit: Annotated[float, Unit("km")] | None = None


class Overlap(Strict):
    """Money for each m2 inside, and the largest share of the area that may lie inside."""

    cost: Annotated[float, Unit("USD/m2")] = 0.0
    weight: Weight = 1.0
    limit: Share | None = None


class Area(Strict):
    """The smallest candidate."""

    least: Annotated[float, Unit("m2")] = 0.0


class Criteria(Strict):
    """All criteria, by layer."""

    distance: dict[str, Distance] = Field(default_factory=dict)
    overlap: dict[str, Overlap] = Field(default_factory=dict)
    area: Area = Area()


def read_criteria(path: Path | None = None) -> Criteria:
    """The criteria of a file, else those that come with dcplan. Raises SiteProblems with every problem, placed."""
    path = path or DEFAULT
    text = read_text(path, "criteria", "`dcplan screen --print-criteria` prints some to begin from")
    values, positions = parse_toml(path, text), Positions(text)
    try:
        criteria, problems = Criteria.model_validate(values), []
    except ValidationError as reason:
        raise SiteProblems([_placed(path, positions, tuple(error["loc"]), *_said(error)) for error in reason.errors()]) from reason
    problems = [_placed(path, positions, key, "value", found, "", mend) for key, found, mend in _unusable(criteria)]
    if problems:
        raise SiteProblems(problems)
    return criteria


def line_cost(kind: LayerKind, given: Distance) -> float:
    """USD/km: the file's, else that of the works in the catalogue."""
    return load_catalog().number(kind.works, "line_cost", "USD/km") if given.cost is None else given.cost


def _said(error: Any) -> tuple[str, str, str, str]:
    """Code, found, expected and help of an error of pydantic."""
    context = error.get("ctx", {})
    if error["type"] == "placed":
        return context["code"], context["found"], f"expected {context['expected']}", context["help"]
    if error["type"] == "extra_forbidden":
        return "key", f'"{error["loc"][-1]}" is no key of the criteria', "", "`dcplan screen --print-criteria` shows those that there are"
    found, expected, mend = said(error)
    return "value", found, expected, f"{mend}; `dcplan screen --print-criteria` shows the form"


def _placed(path: Path, positions: Positions, key: tuple, code: str, found: str, detail: str, mend: str) -> Problem:
    line, column, width = positions.of(key)
    return Problem(code, found, str(path), line, column, dotted(key), detail, mend, positions.line(line), width)


def _unusable(criteria: Criteria):
    """Criteria for layers that there are not, or that the layer cannot have: key, what was found, how to mend it."""
    for use, held in (("distance", criteria.distance), ("overlap", criteria.overlap)):
        names = [kind.name for kind in KINDS.values() if kind.use == use]
        for name, given in held.items():
            if name not in names:
                yield (use, name), f'"{name}" is no layer with a criterion of {use}', f"use one of {', '.join(names)}"
            elif isinstance(given, Distance):
                yield from ((("distance", name, *key), found, mend) for key, found, mend in _unfit(KINDS[name], given))


def _unfit(kind: LayerKind, given: Distance):
    by_voltage = kind.told_by == "voltage_kv"
    if given.cost is None and not kind.works:
        yield (), f"the catalogue has no cost of a way to {kind.name}", 'give cost, for example "1 MUSD/km"'
    if given.least_voltage is not None and not by_voltage:
        yield ("least_voltage",), f"{kind.name} have no voltage", "use class in its place"
    if given.of_class is not None and by_voltage:
        yield ("class",), f"{kind.name} have no class", "use least_voltage in its place"
