"""Maps and screening: distances against geodesics, shares by hand, problems placed, sites that load."""

import json
import tomllib
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.models.catalog import load_catalog
from dcplan.planner.ranking_columns import counted
from dcplan.planner.screen import screen
from dcplan.sites import SiteProblems, load_site
from dcplan.sites.criteria import DEFAULT, read_criteria
from dcplan.sites.geography import ELLIPSOID
from dcplan.sites.maps import KINDS, Layer, read_candidates, read_layers
from dcplan.sites.nearness import nearest, overlap, zones
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box
from small import small_site
from test_weather import shared
from words import says_more

EXAMPLE = Path(__file__).parent.parent / "examples" / "screen"


def frame(*shapes, **columns) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=4326)


def written(path: Path, made: geopandas.GeoDataFrame) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made.to_file(path, driver="GeoJSON")
    return path


def run(*arguments):
    return CliRunner().invoke(dcplan, [str(argument) for argument in arguments])


@pytest.fixture
def map_folder(tmp_path):
    """A square of 0.01 degree at 40 N, 105 W; substations 0.1 degree east (138 kV) and 0.2 degree west (345 kV); the west half floods."""
    written(tmp_path / "layers" / "substations.geojson", frame(Point(-104.89, 40.005), Point(-105.2, 40.005), voltage_kv=[138, 345]))
    written(tmp_path / "layers" / "flood.geojson", frame(box(-105.1, 39.9, -104.995, 40.1), box(-105.0, 40.0, -104.995, 40.1), **{"class": ["A", "B"]}))
    written(tmp_path / "candidates.geojson", frame(box(-105.0, 40.0, -104.99, 40.01), Point(-104.95, 40.0), name=["square", "point"]))
    return tmp_path


@given(st.floats(-179, 179), st.floats(-75, 75), st.floats(-0.9, 0.9), st.floats(-0.9, 0.9))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_distance_is_the_geodesic_and_the_plane_is_true_to_a_thousandth(longitude, latitude, east, north):
    """The plane's own distance is within 0.1 % in the zone, and 0.3 % to a neighbour up to 100 km beyond its edge."""
    here, there = frame(Point(longitude, latitude)), frame(Point(longitude + east, latitude + north))
    geodesic = ELLIPSOID.inv(longitude, latitude, longitude + east, latitude + north)[2] / 1000
    found = nearest(here, there)
    assert found.km[0] == pytest.approx(geodesic, abs=1e-5)
    assert (found.longitude[0], found.latitude[0]) == pytest.approx((longitude + east, latitude + north), abs=1e-7)
    code = int(zones(here)[0])
    flat = here.to_crs(code).geometry[0].distance(there.to_crs(code).geometry[0]) / 1000
    assert flat == pytest.approx(geodesic, rel=3e-3, abs=1e-6)


def test_zones_are_those_of_the_textbook():
    # Zone 18 is 78 W to 72 W, zone 56 is 150 E to 156 E; south of the equator 327xx.
    assert list(zones(frame(Point(-77.5, 39.0), Point(151.2, -33.9), Point(-77.5, 0.0)))) == [32618, 32756, 32618]


def test_nearest_is_not_that_in_degrees():
    # At 60 N a degree east is half as long as one north: 0.15 degree east (8.4 km) is nearer than 0.1 north (11.1 km).
    found = nearest(frame(Point(10.0, 60.0)), frame(Point(10.0, 60.1), Point(10.15, 60.0)))
    assert found.longitude[0] == pytest.approx(10.15)
    assert found.km[0] == pytest.approx(8.37, abs=0.02)


def test_candidates_in_many_zones_are_each_measured_in_their_own():
    places = [(-122.0, 37.0), (-77.0, 39.0), (151.0, -33.0)]
    found = nearest(frame(*(Point(x, y) for x, y in places)), frame(*(LineString([(x + 0.1, y - 1), (x + 0.1, y + 1)]) for x, y in places)))
    # The way to a meridian 0.1 degree off: about 0.1 x 111.32 km x cos(latitude).
    assert found.km == pytest.approx([0.1 * 111.32 * np.cos(np.radians(y)) for _, y in places], rel=2e-3)


def test_overlap_counts_areas_over_one_another_once_and_points_in_or_out():
    # Two areas over the same west half of the square; a third that only touches its edge; a bow tie is repaired before.
    square, half = box(0.0, 50.0, 0.01, 50.01), box(-1.0, 49.0, 0.005, 51.0)
    shares = overlap(frame(square, Point(-0.5, 50.0), Point(0.02, 50.0)), frame(half, half, box(0.01, 50.0, 0.015, 50.01)))
    assert shares == pytest.approx([0.5, 1.0, 0.0], abs=1e-4)
    tie = Polygon([(0.0, 50.0), (0.01, 50.01), (0.01, 50.0), (0.0, 50.01)])
    assert overlap(frame(square), frame(tie))[0] == pytest.approx(0.5, abs=1e-4)


def test_score_is_the_line_cost_of_the_catalogue_and_limits_rank_last(map_folder):
    ranked = screen(read_candidates(map_folder / "candidates.geojson"), read_layers(map_folder / "layers"), read_criteria()).ranking
    assert list(ranked.name) == ["point", "square"]
    point, square = ranked.to_dict("records")
    # From (-104.95, 40) to (-104.89, 40.005): 0.06 degree x 111.32 x cos(40) = 5.12 km east, 0.56 km north, 5.15 km; 2 MUSD/mile = 1.243 MUSD/km.
    assert point["substations_km"] == pytest.approx(5.15, abs=0.02)
    assert point["score_usd"] == pytest.approx(point["substations_km"] * load_catalog().number("grid_connection", "line_cost", "USD/km"))
    # From the square's east edge 0.1 degree: 8.53 km; its west edge lies 0.2 degree from the 345 kV: 17.07 km.
    assert square["substations_138_kv_km"] == pytest.approx(8.53, abs=0.03)
    assert square["substations_345_kv_km"] == pytest.approx(17.07, abs=0.05)
    # 0.01 degree square at 40 N: 1.110 km x 0.854 km = 94.8 hectare; half of it floods.
    assert square["area_hectare"] == pytest.approx(94.8, abs=0.3)
    assert square["flood_percent"] == pytest.approx(50, abs=0.1)
    assert square["flood_b_percent"] == pytest.approx(50, abs=0.1)
    assert (point["beyond"], square["beyond"]) == ("", "flood above 20 % of the area")


def test_criteria_of_a_file_change_cost_weight_voltage_and_limits(map_folder):
    path = map_folder / "criteria.toml"
    path.write_text('[distance.substations]\ncost = "1 MUSD/km"\nweight = 2\nleast_voltage = "200 kV"\nlimit = "20 km"\n'
                    '[overlap.flood]\ncost = "10 kUSD/hectare"\n[area]\nleast = "1 hectare"\n')
    ranked = screen(read_candidates(map_folder / "candidates.geojson"), read_layers(map_folder / "layers"), read_criteria(path)).ranking
    square, point = ranked.to_dict("records")
    # 17.07 km x 1 MUSD x 2 + half of 94.8 hectare x 10 kUSD = 34.14 + 0.474 MUSD.
    assert square["score_usd"] == pytest.approx(34.61e6, abs=0.1e6)
    assert point["beyond"] == "area below 1 hectare; substations beyond 20 km"


def test_nothing_that_counts_is_beyond(map_folder):
    path = map_folder / "criteria.toml"
    path.write_text('[distance.substations]\nleast_voltage = "500 kV"\n')
    ranked = screen(read_candidates(map_folder / "candidates.geojson"), read_layers(map_folder / "layers"), read_criteria(path)).ranking
    assert set(ranked.beyond) == {"no substations that count"}
    assert ranked.substations_km.isna().all()


def test_default_criteria_name_layers_that_there_are():
    given = tomllib.loads(DEFAULT.read_text(encoding="utf-8"))
    assert set(given["distance"]) | set(given["overlap"]) == set(KINDS) - {"lines"}


@pytest.mark.parametrize(("text", "message"), [
    ('[distance.substation]\n', '"substation" is no layer with a criterion of distance'),
    ('[distance.lines]\nweight = 1\n', "the catalogue has no cost of a way to lines"),
    ('[distance.water]\nleast_voltage = "1 kV"\n', "water have no voltage"),
    ('[distance.substations]\nclass = "a"\n', "substations have no class"),
    ('[distance.substations]\ncost = "2 MUSD"\n', '"2 MUSD" is a money'),
    ('[distance.substations]\nlimits = "2 km"\n', '"limits" is no key of the criteria'),
    ('[overlap.flood]\nlimit = "2"\n', '"2" is out of range'),
    ('[distance.water]\nweight = -1\n', "-1 is out of range")])
def test_bad_criteria_are_placed(tmp_path, text, message):
    path = tmp_path / "criteria.toml"
    path.write_text(text)
    with pytest.raises(SiteProblems) as reason:
        read_criteria(path)
    assert f": {message}\n  --> {path}:" in str(reason.value)


def test_bad_layers_are_told_all_at_once_by_file_layer_column_and_row(tmp_path):
    folder = tmp_path / "layers"
    written(folder / "substations.geojson", frame(Point(0, 0), Point(0, 1), voltage_kv=["138", "high"]))
    written(folder / "pipelines.geojson", frame(LineString([(0, 0), (1, 1)]), size=[3]))
    written(folder / "flood.geojson", frame(Point(0, 0), **{"class": ["A"]}))
    written(folder / "watr.geojson", frame(Point(0, 0)))
    written(folder / "fibre.geojson", frame(Point(0, 0), Point(100, 200)))
    (folder / "protected.geojson").write_text("{")
    with pytest.raises(SiteProblems) as reason:
        read_layers(folder)
    told = str(reason.value)
    for message in (
            f"'high' is not a number of kV above zero\n  --> {folder / 'substations.geojson'}  layer substations, column voltage_kv, row 2\n",
            f'the column "class" is missing; there are size\n  --> {folder / "pipelines.geojson"}  layer pipelines, column class\n',
            f"the feature is no Polygon or MultiPolygon\n  --> {folder / 'flood.geojson'}  layer flood, column geometry, row 1\n",
            f'"watr" is no layer that is known\n  --> {folder / "watr.geojson"}  layer watr\n', "did you mean water?",
            f"the feature lies outside 80 S to 84 N, 180 W to 180 E\n  --> {folder / 'fibre.geojson'}  layer fibre, column geometry, row 2\n",
            f"this does not read as a map\n  --> {folder / 'protected.geojson'}\n"):
        assert message in told
    assert len(reason.value.problems) == 6


def test_candidates_in_an_archive_are_read_by_its_path(tmp_path, monkeypatch):
    path = written(tmp_path / "candidates.geojson", frame(Point(0, 0), name=["a"]))
    with zipfile.ZipFile(tmp_path / "land.zip", "w") as archive:
        archive.write(path, path.name)
    monkeypatch.chdir(tmp_path)
    assert list(read_candidates(Path("/vsizip/land.zip/candidates.geojson"))["name"]) == ["a"]


def test_bad_candidates_are_told(tmp_path):
    tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    path = written(tmp_path / "candidates.geojson", frame(tie, Point(0, 0), LineString([(0, 0), (1, 1)]), name=["a", "a", None]))
    with pytest.raises(SiteProblems) as reason:
        read_candidates(path)
    told = [(problem.title.partition(" (")[0], problem.key) for problem in reason.value.problems]
    assert told == [("the feature is no Polygon or MultiPolygon or Point", "layer candidates, column geometry, row 3"),
                    ("the feature crosses itself", "layer candidates, column geometry, row 1"),
                    ("the name is empty", "layer candidates, column name, row 3"),
                    ('the name "a" is taken', "layer candidates, column name, row 2")]


@pytest.mark.parametrize("make", [lambda folder: None, lambda folder: folder.mkdir()])
def test_no_layers_at_all(tmp_path, make):
    make(tmp_path / "layers")
    with pytest.raises(SiteProblems, match=r"there is no (such folder of layers|map layer in the folder)"):
        read_layers(tmp_path / "layers")


def test_layers_of_a_geopackage_in_metres_read_as_those_of_geojson(map_folder):
    together = map_folder / "together" / "all.gpkg"
    together.parent.mkdir()
    for name, layer in read_layers(map_folder / "layers").items():
        layer.frame.to_crs(32613).to_file(together, layer=name, driver="GPKG")
    candidates = read_candidates(map_folder / "candidates.geojson")
    one, other = (screen(candidates, read_layers(map_folder / folder), read_criteria()).ranking for folder in ("layers", "together"))
    pd.testing.assert_frame_equal(pd.DataFrame(one).drop(columns="geometry"), pd.DataFrame(other).drop(columns="geometry"), check_exact=False, rtol=1e-6)


def test_command_writes_tables_and_sites_that_load_with_the_same_distances(map_folder):
    out = map_folder / "out"
    ended = run("screen", map_folder / "candidates.geojson", "--layers", map_folder / "layers", "-o", out, "--sites", 2, "--top", 1)
    assert ended.exit_code == 0, ended.stderr
    assert ended.stdout.splitlines()[1].split()[:2] == ["1", "point"]
    assert len(ended.stdout.splitlines()) == 2
    assert ended.stderr == f"nearest found in UTM zones (EPSG:32613), distances along the geodesic (WGS 84)\nwritten to {out}\n"
    ranked = pd.read_csv(out / "ranking.csv")
    assert list(geopandas.read_file(out / "ranking.gpkg").name) == list(ranked.name)
    for row, name in zip(ranked.to_dict("records"), ("001-point", "002-square")):
        site = load_site(out / "sites" / name / "site.toml")
        assert site.name == row["name"]
        assert site.distances == {"substation": pytest.approx(row["substations_km"], rel=1e-4)}
    assert site.area == pytest.approx(ranked.area_hectare[1] * 1e4)


def test_every_column_of_a_ranking_is_told_beside_it_and_in_the_map(map_folder):
    out, criteria = map_folder / "out", map_folder / "criteria.toml"
    criteria.write_text('[distance.substations]\ncost = "1 MUSD/km"\nleast_voltage = "200 kV"\n[overlap.flood]\ncost = "10 kUSD/hectare"\n')
    ended = run("screen", map_folder / "candidates.geojson", "--layers", map_folder / "layers", "--criteria", criteria, "-o", out)
    told = pd.read_csv(out / "ranking_columns.csv")
    assert list(told["column [text]"]) == list(pd.read_csv(out / "ranking.csv")) == list(geopandas.read_file(out / "ranking.gpkg").columns.drop("geometry"))
    pd.testing.assert_frame_equal(geopandas.read_file(out / "ranking.gpkg", layer="columns"), told, check_dtype=False)
    rows = {name: (unit, meaning) for _, name, unit, meaning in told.itertuples(index=False)}
    assert [name for name, (_, meaning) in rows.items() if not says_more(name, meaning)] == []
    assert rows["substations_km"] == ("km", "geodesic from the candidate's edge to the nearest of substations, 200 kV and above")
    assert rows["substations_138_kv_km"] == ("km", "geodesic from the candidate's edge to the nearest of substations, 138 kV alone")
    assert rows["substations_usd"] == ("USD", "substations_km times the cost of a line (1,000,000 USD/km) and its weight, by the criteria")
    # 10 kUSD/hectare over 10,000 m2 a hectare
    assert rows["flood_usd"] == ("USD", "area inside areas that flood times its cost (1 USD/m2) and its weight, by the criteria")
    assert "substations km (200 kV and above)" in ended.stdout.splitlines()[0]


@pytest.mark.parametrize(("layer", "text", "told"), [
    ("substations", "", "any voltage"), ("substations", '[distance.substations]\nleast_voltage = "138 kV"\n', "138 kV and above"),
    ("water", "[distance.water]\n", "any class"), ("water", '[distance.water]\nclass = "main"\n', "class main")])
def test_what_a_distance_is_to_is_told(tmp_path, layer, text, told):
    (tmp_path / "criteria.toml").write_text(text)
    given = read_criteria(tmp_path / "criteria.toml").distance.get(layer)
    assert counted(Layer(KINDS[layer], tmp_path, frame()), given) == told


def test_all_that_cannot_be_read_is_told_together(tmp_path):
    ended = run("screen", tmp_path / "parcels.geojson", "--layers", tmp_path / "layers", "--criteria", tmp_path / "criteria.toml", "-o", tmp_path / "out")
    assert (ended.exit_code, ended.stdout) == (2, "")
    criteria, layers, parcels = ended.stderr.split("\n\n")
    assert criteria == (f"error[file]: cannot read the criteria: No such file or directory\n  --> {tmp_path / 'criteria.toml'}\n"
                        "   = help: `dcplan screen --print-criteria` prints some to begin from")
    assert layers.startswith("error[file]: there is no such folder of layers\n")
    assert parcels == (f"error[file]: there is no such file of candidates\n  --> {tmp_path / 'parcels.geojson'}\n"
                       "   = help: give a GeoPackage or GeoJSON file of polygons or points\n")


def test_sites_extend_a_given_base(map_folder):
    base = small_site(map_folder / "base").path
    out = map_folder / "out"
    ended = run("screen", map_folder / "candidates.geojson", "--layers", map_folder / "layers", "-o", out, "--sites", 1, "--base", base)
    assert ended.exit_code == 0, ended.stderr
    site = load_site(out / "sites" / "001-point" / "site.toml")
    assert (site.location.elevation, site.fleet[0].name, site.location.longitude) == (0.0, "all", -104.95)
    assert [path.name for path in (out / "sites").iterdir()] == ["001-point"]


def test_a_base_whose_points_would_be_inherited_is_refused(map_folder):
    base = small_site(map_folder / "base", {"location": {"points": {"fibre": {"latitude": "40 degree", "longitude": "-105 degree"}}}}).path
    ended = run("screen", map_folder / "candidates.geojson", "--layers", map_folder / "layers", "-o", map_folder / "out", "--sites", 1, "--base", base)
    assert (ended.exit_code, ended.stdout, (map_folder / "out").exists()) == (2, "", False)
    assert "this belongs to the base's own place, and candidates would inherit it" in ended.stderr
    assert "add the layer fibre, or take the point out" in ended.stderr


def test_folder_with_sites_is_not_replaced_unless_forced(map_folder):
    arguments = ("screen", map_folder / "candidates.geojson", "--layers", map_folder / "layers", "-o", map_folder / "out")
    assert run(*arguments, "--sites", 1).exit_code == 0
    refused = run(*arguments)
    assert (refused.exit_code, refused.stderr) == (
        2, f"error[folder-taken]: {map_folder / 'out'} is there and holds more than a ranking; give another folder with -o, or --force to replace it\n")
    assert run(*arguments, "--force", "--json").exit_code == 0
    assert not (map_folder / "out" / "sites").exists()


def test_print_criteria_reads_again(tmp_path):
    (tmp_path / "own.toml").write_text(run("screen", "--print-criteria").stdout, encoding="utf-8")
    assert read_criteria(tmp_path / "own.toml") == read_criteria()


def test_example_is_ranked_by_default_and_by_its_own_criteria(tmp_path):
    arguments = ("screen", EXAMPLE / "candidates.geojson", "--layers", EXAMPLE / "layers", "-o", tmp_path / "out", "--top", 200, "--json")
    ranked, own = (pd.DataFrame(json.loads(run(*arguments, *more).stdout)) for more in ((), ("--criteria", EXAMPLE / "criteria.toml")))
    inside = ranked[ranked.beyond == ""]
    assert len(ranked) == 200
    assert inside.score_usd.is_monotonic_increasing
    assert len(inside) > 100
    assert (own[own.beyond == ""].substations_km == own[own.beyond == ""].substations_345_kv_km).all()
    assert (own[own.beyond == ""].area_hectare >= 10).all()


def test_example_says_that_it_is_synthetic():
    assert "Do not use it to choose a place" in (EXAMPLE / "README.md").read_text(encoding="utf-8")


def test_whole_synthetic_network_of_five_metros(tmp_path):
    """Substations of all five metros, as they come, with the column renamed; a candidate at a substation is 0 km from it."""
    stations = geopandas.read_file(shared("network/tamu_subset_5metros.gpkg"), layer="substations").rename(columns={"max_kv": "voltage_kv"})
    stations.to_file(tmp_path / "network.gpkg", layer="substations", driver="GPKG")
    candidates = stations.iloc[::40][["geometry"]].assign(name=lambda made: [f"p{number}" for number in range(len(made))])
    ranked = screen(candidates, read_layers(tmp_path), read_criteria()).ranking
    assert ranked.substations_km.max() == pytest.approx(0, abs=1e-6)
    assert len(set(zones(candidates))) > 3
