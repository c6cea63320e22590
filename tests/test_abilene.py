"""The main job on the real example: sampled here; at full resolution where `slow` tests run."""

import re
import shutil
from pathlib import Path

import pytest
from dcplan.planner import Plan, optimize, verify
from dcplan.sites import load_site

ABILENE = Path(__file__).parent.parent / "examples" / "abilene"
COOLERS = ("dry_cooler", "adiabatic_cooler", "open_tower", "water_cooled_chiller")


def planned(folder, **changes):
    """The example with lines of its file changed, planned and written."""
    shutil.copytree(ABILENE, folder / "site")
    text = (folder / "site" / "site.toml").read_text()
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "site" / "site.toml").write_text(text)
    return Plan.load(optimize(load_site(folder / "site" / "site.toml")).save(folder / "plan"))


SAMPLED = ('objective = "cost"', 'objective = "cost"\nresolution = "sampled"')
HALF = ('right = "3000000 m3/year"', 'right = "1500000 m3/year"')


@pytest.fixture(scope="module")
def sampled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("abilene")
    return folder / "plan", planned(folder, resolution=SAMPLED)


def test_gap_orders_and_service(sampled):
    _, plan = sampled
    assert 0 <= plan.summary["gap"] <= 0.01
    assert plan.summary["lower_bound_usd"] is None
    assert plan.summary["sampled_to_full_cost"] == pytest.approx(1.0, abs=0.01)
    ordered = plan.builds.dropna(subset="order_by")
    assert (ordered.order_by >= "2024-07-01").all()
    assert (ordered.order_by < ordered.in_service).all()
    assert plan.summary["shed_share"] <= 0.005
    assert plan.summary["overdrawn"] == []
    assert 1.0 < plan.summary["pue"] < 1.5


def test_dates_are_met_within_the_month(sampled):
    # Wanted on 24 December 2025, 23 May and 1 November 2026; halls take 14 months, so the first 50,000 cannot be in service in September 2025.
    online = sampled[1].phases.set_index("phase").accelerators_online
    assert online["2025-09"] == 0
    assert online["2025-10"] == pytest.approx(50_000, rel=0.02)
    assert online["2026-01"] == pytest.approx(100_000, rel=0.02)
    assert online["2026-06"] == pytest.approx(200_000, rel=0.02)
    assert online["2026-11"] == pytest.approx(400_000, rel=0.02)


def test_the_plan_verifies(sampled):
    assert verify(sampled[0]).failed == ()


def test_everything_in_the_dataset_has_a_unit_and_a_name(sampled):
    dataset = sampled[1].dataset
    assert all(dataset[name].attrs.get("units") and dataset[name].attrs.get("long_name") for name in [*dataset.data_vars, *dataset.coords])


def test_halving_the_water_right_moves_heat_from_towers_to_dry_coolers(sampled, tmp_path):
    # Of 3 million m3 a year more than 2 are drawn; with 1.5 dry and adiabatic coolers grow, the water drawn falls to the right, and the right is
    # among what holds the plan back.
    ample, short = sampled[1], planned(tmp_path, resolution=SAMPLED, right=HALF)
    before, after = ({name: plan.phases[f"cooling_{name}_mw"].iloc[-1] for name in COOLERS} for plan in (ample, short))
    years = short.phases[short.phases.phase.str.len() == 4]
    assert ample.phases.water_m3.iloc[-1] > 2_000_000
    assert (years.water_m3 <= 1_500_000 * (1 + 1e-6)).all()
    assert after["dry_cooler"] + after["adiabatic_cooler"] > before["dry_cooler"] + before["adiabatic_cooler"]
    assert short.summary["net_present_cost_usd"] > ample.summary["net_present_cost_usd"]
    assert any("water right" in held for held in short.summary["held_back_by"])


def test_verdict_names_what_when_and_why(sampled):
    assert re.fullmatch(r"Abilene: 84\d MW of IT installed from November 2026, in the highest hour 79\d MW of IT load and 9\d\d MW of facility load; "
                        r"cooled by .+, fed by grid stage substation_1000 1,000 MW, .+ MW, "
                        r"at (39|40)\.\d\d GUSD net present cost; [\d,]+ accelerator-months late, [\d,]+ of them as racks come in whole pods; "
                        r"(held back most by|the limit that holds it back most is) (land|water right) .+\.",
                        sampled[1].summary["verdict"])


@pytest.mark.slow
def test_full_resolution_proves_its_gap(tmp_path):
    plan = planned(tmp_path)
    bound, cost = plan.summary["lower_bound_usd"], plan.summary["net_present_cost_usd"]
    assert plan.summary["resolution"] == "full"
    assert 0 <= (cost - bound) / cost <= 0.001 + 1e-6
    assert verify(tmp_path / "plan").failed == ()
