"""How far candidates are from what the layers hold, and how much of each lies in areas of a layer.

The nearest feature is looked for in a plane: the zone of the Universal Transverse Mercator system that the candidate's centre lies in, a plane for
each zone, whose scale is within 0.1 % of true in the zone. The distance told is then that of the geodesic (WGS 84) between the two nearest places.
Shares of area are quotients of areas in the same plane. Valid from 80 S to 84 N.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .geography import ELLIPSOID
from .maps import DEGREES

if TYPE_CHECKING:
    import geopandas

ZONE_WIDTH = 6
LONGEST_EDGE = 0.1  # degree: an edge that is straight in degrees is cut before it is put in a plane, where it bends by up to 2 m then


@dataclass(frozen=True)
class Nearest:
    """By candidate: km to the nearest feature, and its nearest place in degrees; NaN where there is no feature."""

    km: np.ndarray
    longitude: np.ndarray
    latitude: np.ndarray


def zones(candidates: "geopandas.GeoDataFrame") -> np.ndarray:
    """EPSG codes of the UTM zones (326xx north, 327xx south) that the middles of the candidates' bounds lie in."""
    bounds = candidates.geometry.bounds
    longitude, latitude = (bounds.minx + bounds.maxx).to_numpy() / 2, (bounds.miny + bounds.maxy).to_numpy() / 2
    number = np.clip((longitude + 180) // ZONE_WIDTH + 1, 1, 60).astype(int)
    return np.where(latitude >= 0, 32600, 32700) + number


def nearest(candidates: "geopandas.GeoDataFrame", features: Any) -> Nearest:
    """The nearest feature of each candidate, both in degrees. A feature that a candidate touches is 0 km away."""
    found = Nearest(*(np.full(len(candidates), np.nan) for _ in range(3)))
    codes, own, other = zones(candidates), candidates.geometry.segmentize(LONGEST_EDGE), features.geometry.segmentize(LONGEST_EDGE)
    for code in np.unique(codes) if len(features) else ():
        members = np.flatnonzero(codes == code)
        ends = _shortest(own.iloc[members].to_crs(int(code)).values, other.to_crs(int(code)).values)
        degrees = _degrees(ends, int(code))
        for values, side in ((found.longitude, 0), (found.latitude, 1)):
            values[members] = degrees[:, 1, side]
        here, there = degrees[:, 0], degrees[:, 1]
        found.km[members] = np.asarray(ELLIPSOID.inv(here[:, 0], here[:, 1], there[:, 0], there[:, 1])[2]) / 1000
    return found


def _shortest(candidates: Any, features: Any) -> np.ndarray:
    """Ends of the shortest line from each candidate to its nearest feature in a plane: (candidates, 2 ends, 2 coordinates)."""
    import shapely

    own, other = np.asarray(candidates), np.asarray(features)
    _, chosen = shapely.STRtree(other).query_nearest(own, all_matches=False)
    return shapely.get_coordinates(shapely.shortest_line(own, other[chosen])).reshape(-1, 2, 2)


def _degrees(ends: np.ndarray, code: int) -> np.ndarray:
    """Coordinates of a plane as longitude and latitude."""
    from pyproj import Transformer

    east, north = ends[..., 0], ends[..., 1]
    return np.stack(Transformer.from_crs(code, DEGREES, always_xy=True).transform(east, north), axis=-1)


def overlap(candidates: "geopandas.GeoDataFrame", areas: Any) -> np.ndarray:
    """Share (0 to 1) of each candidate's area that lies in any of the areas; a point lies in them (1) or does not (0)."""
    found = np.zeros(len(candidates))
    codes, own, other = zones(candidates), candidates.geometry.segmentize(LONGEST_EDGE), areas.geometry.make_valid().segmentize(LONGEST_EDGE)
    for code in np.unique(codes) if len(areas) else ():
        members = np.flatnonzero(codes == code)
        found[members] = _shares(np.asarray(own.iloc[members].to_crs(int(code)).values), np.asarray(other.to_crs(int(code)).make_valid().values))
    return found


def _shares(own: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Pieces that fall into areas, united for each candidate, so that areas over one another count once."""
    import shapely

    candidate, area = shapely.STRtree(areas).query(own, predicate="intersects")
    pieces, sizes = shapely.intersection(own[candidate], areas[area]), shapely.area(own)
    shares = np.zeros(len(own))
    for number in np.unique(candidate):
        inside = shapely.area(shapely.union_all(pieces[candidate == number]))
        shares[number] = min(1.0, inside / sizes[number]) if sizes[number] > 0 else 1.0
    return shares
