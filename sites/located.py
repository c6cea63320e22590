"""Where a site file says that its site is, without reading all else."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from .geography import read_boundary
from .layers import read_source
from .problems import Problem, SiteProblems
from .schema import Location


def located(path: Path, overrides: Sequence[str] = (), scenario: str | None = None):
    """The boundary of a site file, or its point, in degrees (WGS 84). Raises SiteProblems, GeographyProblem."""
    from shapely import Point

    values = read_source(path, overrides, scenario).merged.values.get("location", {})
    try:
        location = Location.model_validate(values)
    except ValidationError as reason:
        raise SiteProblems([Problem("value", "its location does not read", str(path), help=f"`dcplan check {path}` says why")]) from reason
    return Point(location.longitude, location.latitude) if location.boundary is None else read_boundary(path.parent / location.boundary)
