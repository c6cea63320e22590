"""The boundary on the map: its area and centre against the file, distances from its edge."""

import json
import math
import re
from pathlib import Path

import pytest
from dcplan.sites.geography import GeographyProblem, check_boundary, distances, read_boundary
from dcplan.sites.schema import Location

# A rectangle 0.02 degree high and 0.03 degree wide around 32.50 N 99.79 W.
WEST, EAST, SOUTH, NORTH = -99.805, -99.775, 32.49, 32.51
RING = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
KM_A_DEGREE = 6371.0 * math.pi / 180
HEIGHT, WIDTH = 0.02 * KM_A_DEGREE, 0.03 * KM_A_DEGREE * math.cos(math.radians(32.5))


def location(**given) -> Location:
    return Location.model_validate({"latitude": "32.50 degree", "longitude": "-99.79 degree", "elevation": "546 m", "utc_offset": "-6 hour", **given})


def point(latitude: float, longitude: float) -> dict[str, str]:
    return {"latitude": f"{latitude} degree", "longitude": f"{longitude} degree"}


@pytest.fixture
def boundary(tmp_path) -> Path:
    return write(tmp_path, {"type": "Polygon", "coordinates": [RING]})


def write(folder: Path, geometry: dict) -> Path:
    path = folder / "boundary.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": geometry}]}))
    return path


def haversine(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> float:
    """Great-circle km on a sphere of 6371 km."""
    up, across = math.radians(latitude_2 - latitude_1) / 2, math.radians(longitude_2 - longitude_1) / 2
    square = math.sin(up) ** 2 + math.cos(math.radians(latitude_1)) * math.cos(math.radians(latitude_2)) * math.sin(across) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(square))


def test_area(boundary):
    assert check_boundary(read_boundary(boundary), location()) == pytest.approx(HEIGHT * WIDTH * 1e6, rel=0.005)


def test_area_of_the_file_is_checked_to_5_percent(boundary):
    hectare = HEIGHT * WIDTH * 100
    shape = read_boundary(boundary)
    check_boundary(shape, location(area=f"{hectare * 1.04} hectare"))
    with pytest.raises(GeographyProblem, match="the boundary encloses 62") as found:
        check_boundary(shape, location(area=f"{hectare * 1.07} hectare"))
    assert found.value.key == ("location", "area")


def test_centre_is_checked_to_5_km(boundary):
    shape = read_boundary(boundary)
    check_boundary(shape, location(latitude="32.54 degree"))
    with pytest.raises(GeographyProblem, match=r"centre lies 5\.5 km from") as found:
        check_boundary(shape, location(latitude="32.55 degree"))
    assert found.value.key == ("location", "latitude")


def test_east_for_west_is_found_at_the_longitude(boundary):
    with pytest.raises(GeographyProblem, match="centre lies") as found:
        check_boundary(read_boundary(boundary), location(longitude="99.79 degree"))
    assert found.value.key == ("location", "longitude")
    assert found.value.mend.startswith('the centre has longitude = "-99.7900 degree"')


def test_both_coordinates_are_told_where_both_are_off(boundary):
    # 0.06 degree north is 6.7 km, 0.06 degree east at 32.5 N 5.6 km
    with pytest.raises(GeographyProblem) as found:
        check_boundary(read_boundary(boundary), location(latitude="32.56 degree", longitude="-99.85 degree"))
    assert found.value.key == ("location", "latitude")
    assert found.value.mend.startswith('the centre has latitude = "32.5000 degree" and longitude = "-99.7900 degree" (')


def test_a_coordinate_that_is_near_enough_is_not_told(boundary):
    # 0.06 degree north is 6.7 km, 0.05 degree east at 32.5 N 4.7 km
    with pytest.raises(GeographyProblem) as found:
        check_boundary(read_boundary(boundary), location(latitude="32.56 degree", longitude="-99.84 degree"))
    assert found.value.mend.startswith('the centre has latitude = "32.5000 degree" (')


def test_a_small_area_is_told_with_its_digits_and_unit(boundary):
    hectare = HEIGHT * WIDTH * 100  # 624.7
    with pytest.raises(GeographyProblem) as found:
        check_boundary(read_boundary(boundary), location(area=f"{hectare} m2"))
    assert re.fullmatch(r"the boundary encloses 62\d\.\d hectare, the file says 0\.0625\d hectare", str(found.value))


def test_a_large_area_is_told_in_hectare(boundary):
    with pytest.raises(GeographyProblem, match=r"the file says 44500 hectare$") as found:
        check_boundary(read_boundary(boundary), location(area="445 km2"))
    assert re.fullmatch(r'write area = "62\d\.\d hectare", or draw the boundary again', found.value.mend)


def test_latitude_before_longitude_is_off_the_globe(tmp_path):
    path = write(tmp_path, {"type": "Polygon", "coordinates": [[[latitude, longitude] for longitude, latitude in RING]]})
    with pytest.raises(GeographyProblem, match=r"latitudes -99\.805 to -99\.775, off the globe") as found:
        read_boundary(path)
    assert found.value.mend == "write longitude before latitude, in degrees (WGS 84)"


def test_distances_without_a_boundary_are_from_the_coordinates():
    found = distances(location(points={"substation": point(32.53, -99.80), "fibre": point(32.45, -99.74)}), None)
    assert set(found) == {"substation", "fibre"}
    assert found["substation"] == pytest.approx(haversine(32.50, -99.79, 32.53, -99.80), rel=0.005)
    assert found["fibre"] == pytest.approx(haversine(32.50, -99.79, 32.45, -99.74), rel=0.005)


def test_distances_are_from_the_nearest_place_of_the_boundary(boundary):
    shape = read_boundary(boundary)
    north, corner, inside = point(32.60, -99.79), point(32.45, -99.74), point(32.50, -99.79)
    found = distances(location(points={"substation": north, "fibre": corner, "water_main": inside}), shape)
    assert found["substation"] == pytest.approx(haversine(NORTH, -99.79, 32.60, -99.79), rel=0.005)
    assert found["fibre"] == pytest.approx(haversine(SOUTH, EAST, 32.45, -99.74), rel=0.005)
    assert found["water_main"] == pytest.approx(0, abs=1e-6)


def test_nearest_place_is_not_sought_in_degrees(tmp_path):
    """At 70 N a degree east is a third of one north: 0.2 degree east is nearer than 0.1 degree north."""
    shape = read_boundary(write(tmp_path, {"type": "MultiPolygon", "coordinates": [
        [[[20.2, 69.99], [20.3, 69.99], [20.3, 70.01], [20.2, 70.01], [20.2, 69.99]]],
        [[[19.9, 70.1], [20.1, 70.1], [20.1, 70.2], [19.9, 70.2], [19.9, 70.1]]]]}))
    found = distances(location(latitude="70 degree", longitude="20 degree", points={"substation": point(70, 20)}), shape)
    assert found["substation"] == pytest.approx(haversine(70, 20, 70, 20.2), rel=0.005)


def test_what_is_no_map(tmp_path):
    with pytest.raises(GeographyProblem, match="there is no file"):
        read_boundary(tmp_path / "none.geojson")
    (tmp_path / "text.geojson").write_text("not a map")
    with pytest.raises(GeographyProblem, match=r'"text\.geojson" does not read as a map'):
        read_boundary(tmp_path / "text.geojson")
    with pytest.raises(GeographyProblem, match="holds a Point, no area"):
        read_boundary(write(tmp_path, {"type": "Point", "coordinates": [WEST, SOUTH]}))


@pytest.mark.parametrize("form", ["collection", "feature", "geometry", "crs84", "mercator", "two"])
def test_forms_of_a_map(tmp_path, form):
    """GeoJSON as a collection, a feature, a bare geometry, naming a system as older files do, or in two halves: one area."""
    middle = (WEST + EAST) / 2
    halves = [[[a, SOUTH], [b, SOUTH], [b, NORTH], [a, NORTH], [a, SOUTH]] for a, b in ((WEST, middle), (middle, EAST))]
    radius = 6378137.0  # of the sphere of web Mercator, m
    metres = [[radius * math.radians(x), radius * math.log(math.tan(math.pi / 4 + math.radians(y) / 2))] for x, y in RING]
    features = [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
                for ring in {"two": halves, "mercator": [metres]}.get(form, [RING])]
    named = {"crs84": "urn:ogc:def:crs:OGC:1.3:CRS84", "mercator": "urn:ogc:def:crs:EPSG::3857"}
    crs = {"crs": {"type": "name", "properties": {"name": named[form]}}} if form in named else {}
    held = {"feature": features[0], "geometry": features[0]["geometry"]}.get(form, {"type": "FeatureCollection", **crs, "features": features})
    (tmp_path / "boundary.geojson").write_text(json.dumps(held))
    assert check_boundary(read_boundary(tmp_path / "boundary.geojson"), location()) == pytest.approx(HEIGHT * WIDTH * 1e6, rel=0.005)
