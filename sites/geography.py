"""The boundary on the map: area and centre checked against the file, distances that set line costs."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Geod, Proj

from .packaged import looked_for
from .schema import Location

ELLIPSOID = Geod(ellps="WGS84")
PLAIN = ("FeatureCollection", "Feature", "Polygon", "MultiPolygon")
AREA_TOLERANCE = 0.05
CENTRE_TOLERANCE_KM = 5.0


class GeographyProblem(ValueError):
    """A boundary that does not fit the file: key, what was found, how to mend it."""

    def __init__(self, key: tuple, found: str, mend: str):
        super().__init__(found)
        self.key, self.found, self.mend = key, found, mend


def read_boundary(path: Path):
    """The boundary as one shape in longitude and latitude (WGS 84)."""
    key = ("location", "boundary")
    if not path.is_file():
        raise GeographyProblem(key, f'there is no file "{path}"', looked_for(path))
    try:
        shape = _geojson(path)
    except Exception as reason:  # pyogrio and shapely raise their own kinds
        raise GeographyProblem(key, f'"{path.name}" does not read as a map ({reason})', "give a GeoJSON polygon") from reason
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise GeographyProblem(key, f'"{path.name}" holds a {shape.geom_type}, no area', "give a GeoJSON polygon")
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise GeographyProblem(key, f'"{path.name}" lies at longitudes {west:g} to {east:g} and latitudes {south:g} to {north:g}, off the globe',
                               "write longitude before latitude, in degrees (WGS 84)")
    return shape


def _geojson(path: Path):
    """The union of what a file holds. GeoJSON is in WGS 84 (RFC 7946), unless it names a system as older files do: those, and other forms, go by
    geopandas, which takes long to load."""
    from shapely import from_geojson, union_all

    held: Any = json.loads(path.read_text(encoding="utf-8-sig")) if path.suffix in (".geojson", ".json") else {}
    if not isinstance(held, dict) or "crs" in held or held.get("type") not in PLAIN:
        import geopandas

        return geopandas.read_file(path).to_crs(4326).geometry.union_all()
    features = held["features"] if held["type"] == "FeatureCollection" else [held]
    shapes = [one["geometry"] if one["type"] == "Feature" else one for one in features]
    return union_all([from_geojson(json.dumps(shape)) for shape in shapes if shape is not None])


def check_boundary(shape, location: Location) -> float:
    """Geodesic area (m2). Raises where area or centre differ from the file by more than 5 % or 5 km."""
    area = abs(ELLIPSOID.geometry_area_perimeter(shape)[0])
    if location.area is not None and abs(area / location.area - 1) > AREA_TOLERANCE:
        raise GeographyProblem(("location", "area"), f"the boundary encloses {_hectare(area)}, the file says {_hectare(location.area)}",
                               f'write area = "{_hectare(area)}", or draw the boundary again')
    _check_centre(shape.centroid, location)
    return area


def _hectare(area: float) -> str:
    """An area in m2 as a site file would have it."""
    return f"{area / 1e4:.4g} hectare" if area < 1e8 else f"{area / 1e4:.0f} hectare"


def _check_centre(centre, location: Location) -> None:
    """Raises at the coordinate that is farther off, in km; the other is told, too, where it is off by too much alone."""
    away = ELLIPSOID.inv(location.longitude, location.latitude, centre.x, centre.y)[2] / 1000
    if away <= CENTRE_TOLERANCE_KM:
        return
    north = ELLIPSOID.inv(location.longitude, location.latitude, location.longitude, centre.y)[2] / 1000
    east = ELLIPSOID.inv(location.longitude, location.latitude, centre.x, location.latitude)[2] / 1000
    off = sorted([(north, "latitude", centre.y), (east, "longitude", centre.x)], reverse=True)
    told = " and ".join(f'{key} = "{degrees:.4f} degree"' for km, key, degrees in off if km >= min(off[0][0], CENTRE_TOLERANCE_KM))
    raise GeographyProblem(("location", off[0][1]), f"the boundary's centre lies {away:,.1f} km from the file's latitude and longitude",
                           f'the centre has {told} (north and east count up): correct it, or draw the boundary again')


def distances(location: Location, shape) -> dict[str, float]:
    """Geodesic km from the boundary (its nearest point; the coordinates where there is none) to each named point."""
    found = {}
    for name, point in location.points:
        if point is not None:
            longitude, latitude = _nearest(shape, point, location)
            found[name] = ELLIPSOID.inv(longitude, latitude, point.longitude, point.latitude)[2] / 1000
    return found


def _nearest(shape, point, location: Location) -> tuple[float, float]:
    """Longitude and latitude of the boundary's nearest place, found in a plane around the site: a degree east is shorter than one north."""
    if shape is None:
        return location.longitude, location.latitude
    from shapely import Point, ops, transform

    plane = Proj(proj="aeqd", lat_0=location.latitude, lon_0=location.longitude, ellps="WGS84")
    flat = transform(shape, lambda places: np.column_stack(plane(places[:, 0], places[:, 1])))
    place = ops.nearest_points(flat, Point(plane(point.longitude, point.latitude)))[0]
    return plane(place.x, place.y, inverse=True)
