"""Heat of the halls' air: what the electrical chain loses there, and racks of network and support, by hand. The site is that of tests/small.py."""

import numpy as np
import pytest
from dcplan.models.catalog import Catalog, Entry, load_catalog
from dcplan.models.fleet.racks import liquid_share, rack
from dcplan.models.power.chain import hall_heat
from dcplan.models.power.topology import AC, DC, Electrical
from dcplan.planner import optimize, verify
from dcplan.planner.recheck import check
from dcplan.planner.verification import rack_heat
from dcplan.planner.verification.reading import read_plan
from dcplan.sites import SiteProblems
from small import RACK, START, ideal, merged, small_site

SAMPLED = {"plan": {"resolution": "sampled"}, "cooling": {"allow": ["dry_cooler", "air_cooled_chiller"]}}
LOSSY = {"efficiency_10": "0.9", "efficiency_25": "0.9", "efficiency_50": "0.9", "efficiency_75": "0.9", "efficiency_100": "0.9"}


def changed(technology, **values):
    """The catalogue with other values."""
    catalog = load_catalog()
    rows = {name: Entry(technology, name, value, "1") for name, value in values.items()}
    return Catalog({**catalog.rows, technology: {**catalog.rows[technology], **rows}}, catalog.sources)


# Racks -----------------------------------------------------------------------------------------------------------------------------------------

def test_network_and_support_racks_are_cooled_by_air():
    # 87 % of a MW, beside it 0.1 MW of network and 0.05 x 1.1 MW of support: 0.87 / 1.155 = 75.3 %.
    assert liquid_share(load_catalog(), "gb200_nvl72") == pytest.approx(0.87 / 1.155)
    made = rack(load_catalog(), "gb200_nvl72")
    assert (made.liquid_share, made.own_liquid_share) == (pytest.approx(0.87 / 1.155), 0.87)
    assert liquid_share(load_catalog(), "hgx_b200_air") == 0.0


@pytest.mark.parametrize("technology", ["any_rack", "gb200_nvl72"])
def test_the_catalogue_may_say_otherwise(technology):
    # (0.87 + 0.1 x 0.8 + 0.055 x 0.6) / 1.155
    catalog = changed(technology, network_liquid_share="0.8", support_liquid_share="0.6")
    assert liquid_share(catalog, "gb200_nvl72") == pytest.approx((0.87 + 0.08 + 0.033) / 1.155)
    assert liquid_share(catalog, "hgx_b200_air") == 0.0


# The chain -------------------------------------------------------------------------------------------------------------------------------------

def test_what_stands_in_the_hall_by_catalogue():
    catalog = load_catalog()
    assert hall_heat(catalog, Electrical(AC), "ups") == 1.0
    assert hall_heat(catalog, Electrical(AC), "transformer") == 0.0
    # 800 V: busway 0.5 % and rectifier 1.7 % in the hall, transformer 0.12 + 0.78 % and medium voltage 0.3 % outdoors, each of about its rating
    assert hall_heat(catalog, Electrical(DC), "rectifier_800v") == pytest.approx(2.2 / 3.4, abs=0.02)


def test_share_of_stages_in_series_by_hand():
    # Distribution loses 1.7 % of what it gives, of which a tenth in the hall, the UPS 4 % of 1 (it gives its rating): out is 1 / 1.017 of the rating.
    catalog = changed("distribution", loss="0.017", no_load_part="0", hall_heat="0.1")
    catalog = Catalog({**catalog.rows, "ups": {**catalog.rows["ups"], **{f"efficiency_{load}": Entry("ups", f"efficiency_{load}", repr(1 / 1.04), "1")
                                                                         for load in (10, 25, 50, 75, 100)}}}, catalog.sources)
    u = (np.sqrt(1 + 4 * 0.017) - 1) / (2 * 0.017)  # u + 0.017 u^2 = 1
    assert hall_heat(catalog, Electrical(AC), "ups") == pytest.approx((0.1 * 0.017 * u**2 + 0.04) / (0.017 * u**2 + 0.04), rel=1e-3)


@pytest.mark.parametrize("electrical", [{"chain": "ac"}, {"chain": "800 V dc"}])
@pytest.mark.parametrize("rule", ["N", "block 3 to make 2"])
def test_verification_finds_the_same_shares(tmp_path, electrical, rule):
    real = {"catalog": {"test_rack": {"like": "gb200_nvl72"}}, "electrical": electrical, "redundancy": {"ups": rule},
            "cooling": {"allow": ["dry_cooler", "air_cooled_chiller"]}}
    site = small_site(tmp_path, real, catalog=real["catalog"])
    shape = Electrical(site.electrical.chain, site.electrical.ups_mode, {"ups": rule})
    for kind in ("transformer", "ups" if electrical["chain"] == "ac" else "rectifier_800v"):
        assert rack_heat.hall_heat(site, kind) == pytest.approx(hall_heat(site.catalog, shape, kind))
    assert rack_heat.liquid_share(site, "test_rack") == pytest.approx(liquid_share(site.catalog, "test_rack"))


# In a plan -------------------------------------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """10 MW through a UPS of 90 % whose loss stays in the hall: 1.111 MW of heat for air handlers and chillers, though all racks are cooled by liquid."""
    folder = tmp_path_factory.mktemp("hall")
    plan = optimize(small_site(folder / "site", SAMPLED, catalog=merged(ideal(), {"ups": LOSSY | {"hall_heat": "1"}})), workers=1)
    plan.save(folder / "plan")
    return plan, folder / "plan"


def test_losses_in_the_hall_are_heat_of_its_air(written):
    plan, folder = written
    assert plan.dataset["air_handler_heat"].values[0][:744] == pytest.approx(10 / 0.9 - 10, rel=1e-3)
    assert plan.dataset["cold_plate_heat"].values[0][:744] == pytest.approx(10.0)
    assert np.nanmax(plan.dataset["unserved_heat"].values) == pytest.approx(0.0, abs=1e-6)
    assert verify(folder).ok


def test_heat_that_is_left_out_is_found(written):
    reading = read_plan(written[1])
    reading.data["air_handler_heat"][:] *= 0.9
    assert "balance of air heat" in {finding.name for finding in check(reading).failed}


TAKERS = "air_cooled_chiller, direct_air_economiser, indirect_evaporative, water_cooled_chiller, waterside_economiser"


@pytest.mark.parametrize(("allow", "catalog", "source"), [
    (["dry_cooler"], {"ups": LOSSY | {"hall_heat": "1"}}, "to which losses of the ups go"),
    # a rack of which liquid catches 80 %, and 0.25 MW of network beside each: 0.8 / 1.25 = 64 %, also where a bath takes the rack's own 20 %
    (["dry_cooler"], {"test_rack": RACK | {"liquid_share": "80 %", "network_share": "25 %"}},
     "to which 36% of that of test_rack goes, with its network and support racks"),
    (["immersion", "dry_cooler"], {"test_rack": RACK | {"liquid_share": "80 %", "network_share": "25 %"}},
     "to which 36% of that of test_rack goes, with its network and support racks"),
])
def test_a_site_without_cooling_for_the_air_of_its_halls(tmp_path, allow, catalog, source):
    with pytest.raises(SiteProblems) as caught:
        small_site(tmp_path, {"cooling": {"allow": allow}}, catalog=merged(ideal(), catalog))
    (problem,) = caught.value.problems
    assert (problem.code, problem.key, problem.help) == ("check-air", "cooling.allow", f"allow one of {TAKERS}")
    assert problem.title == f"nothing that is allowed takes heat of the halls' air, {source}"


@pytest.mark.parametrize(("row", "value", "mend"), [
    ("heat_source", "wind", "use air, water"), ("heat_sink", "sea", "use outside, evaporation, loop")])
def test_where_heat_comes_from_and_goes_is_one_of_a_few(tmp_path, row, value, mend):
    with pytest.raises(SiteProblems) as caught:
        small_site(tmp_path, catalog=merged(ideal(), {"our_cooler": {"like": "dry_cooler", row: value}}))
    (problem,) = caught.value.problems
    assert (problem.code, problem.key, problem.title, problem.help) == ("check-heat", f"catalog.our_cooler.{row}", f'"{value}" is no {row}', mend)


@pytest.mark.parametrize(("changes", "rack"), [
    ({"cooling": {"allow": ["dry_cooler"]}}, {}),  # all heat goes to liquid
    ({"cooling": {"allow": ["immersion", "dry_cooler"]}}, {"liquid_share": "80 %"}),  # a bath takes the rest
    ({"cooling": {"allow": ["dry_cooler", "indirect_evaporative"]}}, {"liquid_share": "80 %"}),
    ({"assets": [{"name": "old", "technology": "air_cooled_chiller", "units": 3, "in_service": START, "status": "existing"}]}, {"liquid_share": "80 %"}),
])
def test_a_site_with_cooling_for_the_air_of_its_halls(tmp_path, changes, rack):
    small_site(tmp_path, changes, catalog=merged(ideal(), {"test_rack": RACK | rack}))
