"""Every way of cooling through the optimiser, and verified apart: plans of a month in hot, dry and in humid weather, real coefficients."""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from dcplan.models.catalog import Entry, load_catalog
from dcplan.models.conditions import Conditions, Setting
from dcplan.models.cooling.capture import chosen
from dcplan.models.cooling.economisers import hall_air
from dcplan.models.cooling.rejection import Ability, Rejection, rejection
from dcplan.planner import optimize, technologies, verify
from dcplan.planner.assemble import site_setting
from dcplan.planner.recheck import check
from dcplan.planner.verification.reading import read_plan
from dcplan.sites import SiteProblems
from dcplan.sites.checks import cooling_technologies
from small import FLEET, ideal, merged, small_site

MONTH = {"start": date(2030, 6, 1), "end": date(2030, 7, 1), "steps": [{"until": date(2030, 7, 1), "step": "month"}], "resolution": "sampled",
         "mip_gap": "2 %"}
SITE = {
    "plan": MONTH, "grid": {"price": {"flat": "60 USD/MWh"}}, "water": {"price": "2 USD/m3"}, "redundancy": {"cooling": "N+1"},
    "fleet": [FLEET | {"variants": ["gb200_nvl72"], "value_of_compute": "40 USD/accelerator/hour", "value_of_lost_load": "60 USD/accelerator/hour",
                       "wanted": [{"by": date(2030, 6, 1), "count": "4320 accelerator"}]}],
    "halls": [{"name": "one", "cooling": "mixed", "it_capacity": "14 MW"}],
}
DRY_HEAT = {"dry_bulb": 28.0, "dew_point": 6.0, "swing": 12.0}
HUMID = {"dry_bulb": 27.0, "dew_point": 22.0, "swing": 5.0}
WAYS = {
    "air economiser, trim": (["direct_air_economiser", "air_cooled_chiller", "dry_cooler", "trim_chiller"], DRY_HEAT),
    "indirect, closed tower": (["indirect_evaporative", "air_cooled_chiller", "closed_tower"], DRY_HEAT),
    "waterside": (["waterside_economiser", "water_cooled_chiller", "open_tower"], {"dry_bulb": 12.0, "dew_point": 2.0, "swing": 8.0}),  # dear power
    "immersion": (["immersion", "adiabatic_cooler", "air_cooled_chiller"], DRY_HEAT),
    "two-phase, contained": (["two_phase_cold_plate", "contained_air_handler", "water_cooled_chiller", "open_tower", "open_tower_wide"], HUMID),
    "rear doors, sizes": (["rear_door", "air_cooled_chiller", "dry_cooler", "dry_cooler_close", "dry_cooler_wide", "open_tower_close"], HUMID),
}

QUICK = ("air economiser, trim", "waterside", "immersion")
DEAR = {"grid": {"price": {"flat": "400 USD/MWh"}}}


def at_once() -> dict[str, dict[str, str]]:
    """The catalogue as it is, but nothing is waited for."""
    catalog = load_catalog()
    return {name: {"lead_time": "0 day"} for name in catalog.technologies() if catalog.has(name, "lead_time")}


def site(folder, allow, outside, makes=None, **more):
    return small_site(folder, SITE | {"cooling": {"allow": allow}} | more, catalog=at_once() | (makes or {}), **outside)


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    """Way -> plan and its folder, made when first asked for."""
    made = {}

    def plan(way):
        if way not in made:
            folder = tmp_path_factory.mktemp("way")
            found = optimize(site(folder / "site", *WAYS[way], **(DEAR if way == "waterside" else {})), workers=1)
            found.save(folder / "plan")
            made[way] = found, folder / "plan"
        return made[way]

    return plan


def used(plan, name):
    """A variable of the dispatch over the hours of June, MW."""
    values = plan.dataset[name].values.astype(float)
    return values[np.isfinite(values)]


@pytest.mark.parametrize("way", [pytest.param(way, marks=() if way in QUICK else pytest.mark.slow) for way in WAYS])
def test_every_way_is_planned_and_verified(plans, way):
    plan, folder = plans(way)
    found = verify(folder)
    assert found.ok, found.failed
    assert plan.summary["late_accelerator_months"] == pytest.approx(0)
    assert plan.phases.shed_accelerator_hours.sum() == pytest.approx(0, abs=1)
    captures = chosen(load_catalog(), WAYS[way][0], liquid_racks=True)
    assert sum(used(plan, f"{name}_power").sum() for name in captures) > 0


def test_outside_air_when_it_is_cool_and_chillers_when_it_is_not(plans):
    plan, _ = plans("air economiser, trim")
    free, lifted = used(plan, "direct_air_economiser_heat_air_heat"), used(plan, "air_cooled_chiller_heat_outside")
    assert free.max() > 0.5
    assert ((free > 0.01) | (lifted > 0.01)).all()
    assert plan.phases.water_m3.sum() > 0  # pads in the afternoon


def test_a_trim_chiller_runs_in_the_afternoon_only(plans):
    # 40 degC at 15:00: the dry cooler makes 47 degC, and the loop wants 37.
    plan, _ = plans("air economiser, trim")
    trim = used(plan, "trim_chiller_heat_outside").reshape(-1, 24)
    assert (trim[:, 15] > 1).all()
    assert trim[:, 3] == pytest.approx(np.zeros(len(trim)), abs=1e-3)


def test_the_exchanger_takes_the_heat_of_cool_nights(plans):
    plan, _ = plans("waterside")
    plated, lifted = (used(plan, name).reshape(-1, 24) for name in ("waterside_economiser_heat_chilled", "water_cooled_chiller_heat_cool"))
    assert plated[:, 3].min() > 0.5
    assert plated[:, 3].sum() > plated[:, 15].sum()
    assert lifted[:, 15].sum() > lifted[:, 3].sum()


def test_a_bath_catches_what_cold_plates_do_not(plans):
    plan, _ = plans("immersion")
    wet, dry = used(plan, "immersion_liquid_heat").sum(), used(plan, "immersion_air_heat").sum()
    assert dry / (wet + dry) == pytest.approx(0.13, abs=1e-3)  # 87 % of a GB200 rack goes to its plates
    # network racks of 10 % and support racks of 5 % of that stand beside it in air, and UPS and distribution warm the hall
    beside, lost = (wet + dry) * (1.1 * 1.05 - 1), used(plan, "ups_loss").sum()
    assert used(plan, "air_handler_heat").sum() == pytest.approx(beside + lost, rel=1e-4)


@pytest.mark.parametrize(("dry_bulb", "bought"), [(32.9, "dry_cooler_close"), pytest.param(10.0, "dry_cooler_wide", marks=pytest.mark.slow)])
def test_the_approach_is_a_decision(tmp_path, dry_bulb, bought):
    # Of three sizes of one machine: at 32.9 degC only 4 K of approach make the 37 degC of the loop, at 10 degC the cheapest does.
    sizes = {"dry_cooler", "dry_cooler_close", "dry_cooler_wide"}
    outside, exact = {"dry_bulb": dry_bulb, "dew_point": 5.0}, MONTH | {"mip_gap": "0.0001 %"}
    plan = optimize(site(tmp_path, [*sizes, "air_cooled_chiller"], outside, plan=exact), workers=1)
    assert set(plan.builds.technology) & sizes == {bought}


@pytest.mark.parametrize(("price", "bought"), [pytest.param(20, "open_tower", marks=pytest.mark.slow), (900, "open_tower_close")])
def test_colder_condenser_water_where_power_is_dear(tmp_path, price, bought):
    # Air racks under chillers: the closer tower costs 171 against 150 USD/kW and draws more itself; its water is colder by a kelvin or two, of which
    # the chillers make some 2 % of their power each.
    towers = {"open_tower", "open_tower_close"}
    air = {"fleet": [SITE["fleet"][0] | {"variants": ["hgx_b200_air"], "wanted": [{"by": date(2030, 6, 1), "count": "4096 accelerator"}]}],
           "plan": MONTH | {"mip_gap": "0.0001 %"}, "grid": {"price": {"flat": f"{price} USD/MWh"}}}
    plan = optimize(site(tmp_path / "site", ["water_cooled_chiller", *towers], HUMID, **air), workers=1)
    assert set(plan.builds.technology) & towers == {bought}
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


SPOILT = {
    "temperature limits": ("air economiser, trim", "direct_air_economiser_heat_air_heat", 5.0),
    "within capacity": ("air economiser, trim", "trim_chiller_heat_outside", 50.0),
    "balance of air heat": ("immersion", "immersion_air_heat", 1.0),
    "air heat of baths": ("immersion", "immersion_air_heat", 0.1),
    "balance of chilled loop": ("waterside", "waterside_economiser_heat_chilled", 1.0),
}


@pytest.fixture(scope="module")
def read(plans):
    """Way -> its plan as read, once, to be spoilt."""
    once = functools.cache(lambda way: read_plan(plans(way)[1]))
    return lambda way: replace(once(way), data=once(way).data.copy(deep=True))


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_spoilt_is_found(read, name):
    way, variable, amount = SPOILT[name]
    reading = read(way)
    reading.data[variable][0, 24 * 160 + 15] += amount
    assert any(finding.name.startswith(name) for finding in check(reading).failed)


def test_power_too_low_is_found(read):
    reading = read("air economiser, trim")
    reading.data["trim_chiller_power_outside"][:] *= 0.5
    assert "part load" in {finding.name for finding in check(reading).failed}


@pytest.mark.parametrize(("allow", "liquid_racks", "captures"), [
    ([], True, ("cold_plate", "air_handler")), ([], False, ("air_handler",)), (["rear_door"], True, ("cold_plate", "rear_door")),
    (["immersion"], True, ("air_handler", "immersion")), (["two_phase_cold_plate", "dry_cooler"], True, ("air_handler", "two_phase_cold_plate"))])
def test_captures_that_a_site_may_buy(allow, liquid_racks, captures):
    assert chosen(load_catalog(), allow, liquid_racks) == captures


def test_what_cools_liquid_needs_racks_for_it(tmp_path):
    fleet = [SITE["fleet"][0] | {"variants": ["hgx_b200_air"]}]
    with pytest.raises(SiteProblems, match='"immersion" has nothing to cool: no variant of the fleet is cooled by liquid'):
        site(tmp_path, ["immersion", "dry_cooler"], HUMID, fleet=fleet)


def lake(setting: Setting, technology: str) -> Rejection:
    """A technology in one place: water of a lake takes the heat of every hour, at its rating, for nothing."""
    def physics(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray) -> Ability:
        return Ability(np.ones(len(conditions)), np.ones(len(conditions)), np.zeros(len(conditions)))

    return rejection(setting, technology, physics)


@pytest.mark.parametrize("resolution", [pytest.param("sampled", marks=pytest.mark.slow), "full"])
def test_a_new_way_of_cooling_is_one_file_and_one_line(tmp_path, monkeypatch, resolution):
    """The function above is the file, with rows in the catalogue; the line is in planner/technologies.py. Nothing else knows of it."""
    # Air of 50 degC, in which no dry cooler works. 10 MW of heat at 3 USD/kW, gone when the plan ends: 30,000 USD.
    monkeypatch.setitem(load_catalog().rows, "lake", load_catalog().rows["dry_cooler"])  # pyright: ignore[reportArgumentType]
    monkeypatch.setitem(technologies.REJECTION, "lake", lake)
    values = ideal()
    values["lake"] |= {"capital_cost": "3 USD/kW", "life": "90 day"}
    site = small_site(tmp_path, {"cooling": {"allow": ["dry_cooler", "lake"]}, "plan": {"resolution": resolution}}, catalog=values, dry_bulb=50.0)
    plan = optimize(site, workers=1)
    assert plan.summary["net_present_cost_usd"] == pytest.approx(30_000, rel=1e-5)
    assert used(plan, "lake_heat_warm").sum() == pytest.approx(10 * 90 * 24, rel=1e-5)


def sprayed(setting: Setting, technology: str) -> Rejection:
    """A technology in one place: sprays over the halls' air coil take its heat, with 1 m3 of water a MWh in every hour."""
    def physics(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray) -> Ability:
        return Ability(np.ones(len(conditions)), np.ones(len(conditions)), np.ones(len(conditions)))

    return rejection(setting, technology, physics, ("air_heat",), air=hall_air(setting, technology))


def rows_of(technology: str, like: str, **said: str) -> dict[str, Entry]:
    """The catalogue's rows of another, under a new name, with what the new one says of itself."""
    rows = load_catalog().rows[like]
    return {name: replace(row, technology=technology, value=said.get(name, row.value)) for name, row in rows.items()}


def test_what_a_new_way_of_cooling_says_of_itself_is_all_that_checks_know(tmp_path, monkeypatch):
    """Two that no list of sites/ names: one takes the air's heat, with water in every hour, one needs no water. Their rows say so, in the catalogue."""
    monkeypatch.setitem(load_catalog().rows, "sprayed", rows_of("sprayed", "direct_air_economiser", heat_sink="evaporation"))  # pyright: ignore[reportArgumentType]
    monkeypatch.setitem(load_catalog().rows, "lake", rows_of("lake", "open_tower", heat_sink="outside"))  # pyright: ignore[reportArgumentType]
    monkeypatch.setitem(technologies.REJECTION, "sprayed", sprayed)
    monkeypatch.setitem(technologies.REJECTION, "lake", lake)
    hot_air = {"catalog": {"test_rack": {"liquid_share": "50 %"}}, "water": {"right": "0 m3/year"}}

    def water_notes(*allow: str) -> list[str]:
        found = small_site(tmp_path, merged(hot_air, {"cooling": {"allow": list(allow)}}), catalog=ideal())
        return [note for note in found.notes if "water.right" in note]

    assert water_notes("sprayed", "dry_cooler") == [
        "water.right is 0, and sprayed draws water in every hour: only what else is allowed can cool"]
    assert water_notes("sprayed", "open_tower", "lake") == [
        "water.right is 0, and sprayed, open_tower draw water in every hour: only what else is allowed can cool"]
    with pytest.raises(SiteProblems, match="nothing that is allowed takes heat of the halls' air") as caught:
        water_notes("lake")  # takes that of the warm loop
    assert "sprayed" in caught.value.problems[0].help


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Callable[[str], Any]:
    """Each technology that rejects heat, on the loops of a site that may buy all of them."""
    folder = tmp_path_factory.mktemp("made")
    setting = site_setting(site(folder, [*technologies.REJECTION], DRY_HEAT))
    return lambda name: technologies.REJECTION[name](setting, name)


@pytest.mark.parametrize("name", technologies.REJECTION)
def test_the_rows_of_a_way_of_cooling_say_what_its_formulation_does(made, name):
    """heat_source: air, where it takes heat of the halls' air or of the chilled water that cools it. heat_sink: loop, where it gives its heat to another
    loop of the site; evaporation, where it needs water in every hour, from frost to heat; else outside."""
    none, component = np.zeros(3), made(name)
    dry, wet = np.array([-10.0, 10.0, 40.0]), np.array([-11.0, 5.0, 20.0])
    hourly = component.prepare(Conditions(dry, wet, np.full(3, 101325.0), none, none, none, none, none, none, none > 0))
    flows = component.flows(hourly)
    taken = {one.carrier for one in flows if one.sign < 0} - {"low_voltage"}
    water = [values for key, values in hourly.items() if key.startswith("water_")]
    evaporates = bool(water) and bool((np.array(water) > 0).all())
    sink = "loop" if any(one.sign > 0 for one in flows) else "evaporation" if evaporates else "outside"
    text, source = load_catalog().text, "air" if taken & {"air_heat", "chilled"} else "water"
    assert (text(name, "heat_source"), text(name, "heat_sink")) == (source, sink)


OWN_WAYS = {  # every technology in a make of the site's own, with the loops that they need
    "air": ["direct_air_economiser", "air_cooled_chiller", "dry_cooler", "trim_chiller", "cold_plate", "air_handler", "chilled_water_tank"],
    "water": ["waterside_economiser", "water_cooled_chiller", "open_tower", "open_tower_close", "two_phase_cold_plate", "contained_air_handler"],
    "bath": ["immersion", "adiabatic_cooler", "rear_door", "air_cooled_chiller"],
    "closed": ["indirect_evaporative", "closed_tower", "air_cooled_chiller", "dry_cooler_wide"],
}


@pytest.mark.parametrize("way", [pytest.param(way, marks=() if way in ("air", "water") else pytest.mark.slow) for way in OWN_WAYS])
def test_a_make_like_another_is_planned_like_it(tmp_path, way):
    # With the rows of the built-in one a make costs as much, is bought in its place, and is verified.
    shipped, made = OWN_WAYS[way], [f"our_{name}" for name in OWN_WAYS[way]]
    makes = {f"our_{name}": {"like": name} for name in shipped}
    one = optimize(site(tmp_path / "shipped", shipped, DRY_HEAT), workers=1)
    other = optimize(site(tmp_path / "own", made, DRY_HEAT, makes), workers=1)
    assert other.summary["net_present_cost_usd"] == pytest.approx(one.summary["net_present_cost_usd"], rel=1e-3)
    assert {name.removeprefix("our_") for name in other.builds.technology} == set(one.builds.technology)
    assert set(other.builds.technology) & set(made)
    assert not set(other.builds.technology) & set(shipped)
    other.save(tmp_path / "plan")
    assert [str(finding) for finding in verify(tmp_path / "plan").failed] == []


def test_a_make_of_ones_own_is_bought_for_what_it_does(tmp_path):
    # 10 MW of heat; the built-in cooler at 5 USD/kW, the make at 3 USD/kW, both gone when the plan ends; its fans draw 0.1 MW a MW of rating where 17 K
    # are met: at 20 degC, 27 K below 47 degC, 17 / 27 of that. 90 days at 1 USD/MWh: 30,000 + 0.63 MW x 2,160 h. Built-in: 50,000.
    values = ideal() | {"our_cooler": {"like": "dry_cooler", "capital_cost": "3 USD/kW", "fan_power": "0.1", "part_load_exponent": "1"}}
    values["dry_cooler"] |= {"capital_cost": "5 USD/kW", "life": "90 day"}
    site = small_site(tmp_path / "site", {"cooling": {"allow": ["dry_cooler", "our_cooler"]}, "grid": {"price": {"flat": "1 USD/MWh"}},
                                          "plan": {"resolution": "sampled"}}, catalog=values)
    plan = optimize(site, workers=1)
    fans = 10 * 0.1 * 17 / 27
    assert plan.summary["net_present_cost_usd"] == pytest.approx(30_000 + (10 + fans) * 90 * 24, rel=1e-5)
    assert used(plan, "our_cooler_power") == pytest.approx(np.full(90 * 24, fans), rel=1e-5)
    plan.save(tmp_path / "plan")
    reading = read_plan(tmp_path / "plan")
    assert check(reading).ok
    reading.data["our_cooler_power"][:] *= 0.5
    assert "part load" in {finding.name for finding in check(reading).failed}


def test_a_make_of_what_cools_liquid_needs_racks_for_it(tmp_path):
    fleet = [SITE["fleet"][0] | {"variants": ["hgx_b200_air"]}]
    with pytest.raises(SiteProblems, match='"bath" has nothing to cool: no variant of the fleet is cooled by liquid'):
        small_site(tmp_path, SITE | {"cooling": {"allow": ["bath", "air_cooled_chiller"]}, "fleet": fleet},
                   catalog=at_once() | {"bath": {"like": "immersion"}})


def test_an_approach_that_moves_no_loop_is_noted(tmp_path):
    own = ideal() | {"plate": {"like": "cold_plate", "approach": "2 delta_degC"}, "cooler": {"like": "dry_cooler", "approach": "2 delta_degC"}}
    site = small_site(tmp_path, {"cooling": {"allow": ["plate", "cooler"]}}, catalog=own)
    assert [note for note in site.notes if "loop" in note] == [
        "catalog.plate.approach moves no loop: one temperature holds for all that is on a loop, set with catalog.cold_plate.approach"]


def test_a_way_of_cooling_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SiteProblems, match='"lake" is no technology of this list'):
        small_site(tmp_path, {"cooling": {"allow": ["lake"]}})


def test_sites_and_planner_know_the_same_ways_of_cooling():
    assert set(cooling_technologies(load_catalog())) == {*technologies.CAPTURE, *technologies.REJECTION, *technologies.STORAGE}
