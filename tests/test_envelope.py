"""Classes of coolant and air: what racks allow of the loops, what a site may hold, and that a warmer class buys free cooling."""

import pytest
from dcplan.models.catalog import load_catalog
from dcplan.models.conditions import Setting
from dcplan.models.cooling.economisers import hall_air
from dcplan.models.cooling.envelope import AIR_CLASSES, COOLANT_CLASSES, chilled_limit, loops, warm_limit
from dcplan.planner import optimize, verify
from dcplan.sites import SiteProblems
from small import ideal, merged, small_site

ALL_LATE = 2160 * 1000.0  # USD: every accelerator late for the 2,160 h of the plan, at 1 USD an hour


def racks(**rows):
    return merged(ideal(), {"test_rack": rows})


def catalog(**rows):
    return load_catalog().with_overrides({"test_rack": {"like": "gb200_nvl72"} | rows})


@pytest.mark.parametrize(("rows", "warmest", "reason"), [
    ({}, 41.0, "45 degC at the rack less 4 degC of the distribution unit"),
    ({"coolant_class": "S40"}, 36.0, "class S40 less 4 degC of the distribution unit"),
    ({"coolant_class": "S30"}, 26.0, "class S30 less 4 degC of the distribution unit"),
    ({"coolant_class": "W32"}, 32.0, "class W32"),
    ({"coolant_class": "W17"}, 17.0, "class W17"),
    ({"coolant_class": "W45"}, 41.0, "45 degC at the rack less 4 degC of the distribution unit"),  # the rack's own limit is tighter
    ({"coolant_class": "W45", "coolant_supply_maximum": "55 degC"}, 45.0, "class W45"),
])
def test_limit_of_the_warm_loop(rows, warmest, reason):
    limit = warm_limit(catalog(**rows), ["test_rack"])
    assert limit is not None
    assert (limit.temperature, limit.rack, limit.reason) == (warmest, "test_rack", reason)


# Air at the inlet is 3 K over supply air, supply air 5 K over chilled water: 8 K. Held: 19 degC by the catalogue, less where 27 or 22 degC recommended
# less 8 K is colder, or the limit less 4 K.
@pytest.mark.parametrize(("named", "own", "warmest", "held"), [
    ("A1", 45, 24.0, 19.0), ("A2", 45, 27.0, 19.0), ("A3", 45, 32.0, 19.0), ("A4", 45, 37.0, 19.0), ("H1", 45, 17.0, 13.0), ("A4", 35, 27.0, 19.0),
    ("A1", 27, 19.0, 15.0),
])
def test_limit_of_the_chilled_loop(named, own, warmest, held):
    given = catalog(air_class=named, air_inlet_maximum=f"{own} degC")
    assert chilled_limit(given, ["test_rack"]).temperature == warmest
    made = loops(given, ["test_rack"]).chilled
    assert (made.supply, made.allowable) == (held, warmest)


@pytest.mark.parametrize(("named", "held", "beyond"), [("A2", 27.0, 32.0), ("A1", 27.0, 32.0), ("H1", 22.0, 25.0)])
def test_hall_air_of_economisers_is_no_warmer_than_racks_take(named, held, beyond):
    """Economisers hold 27 degC and float to 32 degC by the catalogue."""
    given = catalog(air_class=named)
    air = hall_air(Setting(given, loops(given, ["test_rack"])), "direct_air_economiser")
    assert (air.supply, air.allowable) == (held, beyond)


def test_the_most_demanding_rack_sets_the_loop():
    given = catalog(coolant_class="W32", air_class="A1")
    both = ["gb200_nvl72", "test_rack"]
    assert [limit.rack for limit in (warm_limit(given, both), chilled_limit(given, both)) if limit] == ["test_rack", "test_rack"]
    assert loops(given, ["gb200_nvl72", "test_rack"]).warm.supply == 28.0
    assert loops(given, ["gb200_nvl72"]).warm.supply == 37.0


def test_air_alone_has_no_warm_limit():
    assert warm_limit(load_catalog(), ["hgx_b200_air"]) is None


def test_every_class_is_in_the_catalogue():
    given = load_catalog()
    assert all(given.has(name, "facility_supply_maximum" if name[0] == "W" else "coolant_supply_maximum") for name in COOLANT_CLASSES)
    assert all(given.has(name, row) for name in AIR_CLASSES for row in ("air_inlet_minimum", "air_inlet_maximum", "air_inlet_recommended"))


@pytest.mark.parametrize(("rows", "late"), [
    ({"coolant_class": "W32"}, ALL_LATE), pytest.param({"coolant_class": "W40"}, ALL_LATE, marks=pytest.mark.slow), ({}, 0.0)])
def test_a_warmer_class_buys_free_cooling(tmp_path, rows, late):
    """30 degC outside: a dry cooler gives 37 degC. The loop is held 4 K below its limit: 28, 36 or 37 degC; nothing else cools here."""
    plan = optimize(small_site(tmp_path, {"plan": {"resolution": "sampled"}}, catalog=racks(**rows), dry_bulb=30.0), workers=1)
    assert plan.summary["cost_lateness_usd"] == pytest.approx(late, abs=1.0)
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


@pytest.mark.slow
def test_a_site_may_hold_a_loop_warmer_within_the_limit(tmp_path):
    plan = optimize(small_site(tmp_path, {"plan": {"resolution": "sampled"}, "cooling": {"warm_supply": "40 degC"}}, catalog=racks(coolant_class="W40"),
                               dry_bulb=30.0), workers=1)
    assert plan.summary["cost_lateness_usd"] == pytest.approx(0.0, abs=1.0)


@pytest.mark.slow
def test_a_loop_colder_than_the_cooler_can_hold(tmp_path):
    plan = optimize(small_site(tmp_path, {"plan": {"resolution": "sampled"}, "cooling": {"warm_supply": "30 degC"}}, dry_bulb=30.0), workers=1)
    assert plan.summary["cost_lateness_usd"] == pytest.approx(ALL_LATE, abs=1.0)


def problem(tmp_path, changes, given=None):
    with pytest.raises(SiteProblems) as raised:
        small_site(tmp_path, changes, catalog=given)
    (found,) = raised.value.problems
    assert found.source.startswith(found.key.split(".")[0])
    return found.key, found.title, found.help


@pytest.mark.parametrize(("cooling", "rows", "level", "found", "rack"), [
    ({"warm_supply": "42 degC"}, {}, "warm", "the warm loop is held at 42 degC, where test_rack allows 41 degC (45 degC at the rack less 4 degC of the "
     "distribution unit)", "41"),
    ({"warm_supply": "33 degC"}, {"coolant_class": "W32"}, "warm", "the warm loop is held at 33 degC, where test_rack allows 32 degC (class W32)", "32"),
    ({"chilled_supply": "25 degC"}, {"air_class": "A1"}, "chilled",
     "the chilled loop is held at 25 degC, where test_rack allows 24 degC (class A1 less 8 degC to the chilled water)", "24"),
])
def test_a_loop_warmer_than_a_rack_allows(tmp_path, cooling, rows, level, found, rack):
    assert problem(tmp_path, {"cooling": cooling}, racks(**rows)) == (
        f"cooling.{level}_supply", found, f"hold it at {rack} degC or colder, or leave test_rack out of the fleet's variants")


@pytest.mark.parametrize(("key", "written", "title", "mend"), [
    ("coolant_class", "W33", '"W33" is no coolant class', "use one of W17, W27, W32, W40, W45, S30, S40, S50; did you mean W32?"),
    ("air_class", "B2", '"B2" is no air class', "use one of A1, A2, A3, A4, H1; did you mean A2?"),
])
def test_a_class_that_is_not_known(tmp_path, key, written, title, mend):
    assert problem(tmp_path, {}, racks(**{key: written})) == (f"catalog.test_rack.{key}", title, mend)


def test_liquid_without_a_limit(tmp_path):
    given = merged(ideal(), {"test_rack": {"like": "hgx_b200_air"}})
    assert problem(tmp_path, {}, given) == ("catalog.test_rack.liquid_share", '"test_rack" is cooled by liquid and has no coolant_supply_maximum',
                                            "make it like a liquid-cooled rack")
