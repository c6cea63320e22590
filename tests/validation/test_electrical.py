"""The electrical chain of the catalogue against published figures: a row has the figure, its source, ours and the tolerance."""

import pytest
from dcplan.models.catalog import load_catalog
from dcplan.models.fleet.racks import training_pulse
from dcplan.models.physics import pulsing
from dcplan.models.physics.electrical import efficiency, in_series
from dcplan.models.power.chain import chain_efficiency, inlet_ratio, marginal_input, points
from dcplan.models.power.topology import DC, Electrical

CATALOG = load_catalog()
UPD = "catalogue source upd: double conversion, modern, the range of several makers' pages"


def number(technology: str, parameter: str, unit: str = "1") -> float:
    return CATALOG.number(technology, parameter, unit)


def double_conversion():
    return in_series(points(CATALOG, "ups"))


def eco():
    share = number("ups", "eco_loss_share")
    return in_series(tuple(share * part for part in points(CATALOG, "ups")))  # type: ignore[arg-type]


def unit_transformer():
    return in_series((number("transformer", "no_load_loss"), 0.0, number("transformer", "load_loss")))


def distribution_transformer():
    """The PDU's part of distribution: 0.010 of 0.017 at full load, with all of its loss without load."""
    idle = number("distribution", "loss") * number("distribution", "no_load_part")
    return in_series((idle, 0.0, 0.010 - idle))


# what, source, efficiency published (low, high) at a load, ours
EFFICIENCIES = [
    ("UPS, 25 %", UPD, (0.95, 0.97), double_conversion, 0.25),
    ("UPS, 50 %", UPD, (0.95, 0.973), double_conversion, 0.50),
    ("UPS, 75 %", UPD, (0.95, 0.97), double_conversion, 0.75),
    ("UPS, 100 %", UPD, (0.95, 0.964), double_conversion, 1.00),
    ("UPS in eco mode, best", "Schneider Electric, up to 99 %", (0.985, 0.991), eco, 0.50),
    ("unit transformer, 50 %", "10 CFR 431.196, medium-voltage dry types of 2,500 kVA (memory, verify)", (0.992, 0.995), unit_transformer, 0.50),
    ("PDU transformer, 35 %", "10 CFR 431.196 (a)(2), low-voltage dry type, 1,000 kVA: at least 99.28 %", (0.9928, 0.995), distribution_transformer, 0.35),
]


@pytest.mark.parametrize(("what", "source", "published", "curve", "load"), EFFICIENCIES, ids=[row[0] for row in EFFICIENCIES])
def test_efficiency(what, source, published, curve, load):
    assert published[0] <= efficiency(curve(), load) <= published[1], (what, source)


def test_eco_mode_takes_a_third_of_the_losses():
    # Schneider Electric, Galaxy VX operation manual 990-5452M: eConversion reduces what the UPS absorbs "by a factor three".
    for load in (0.3, 0.6, 0.9):
        assert double_conversion()(load) / eco()(load) == pytest.approx(3.0, rel=0.01)


def test_low_load_is_where_redundancy_costs():
    # A redundant plant sits at or below half load; there the points of modern units lie within 0.5 % of the fit, at a tenth within 1 %.
    for load, tolerance in ((10, 0.01), (25, 0.006), (50, 0.003), (75, 0.003), (100, 0.003)):
        assert efficiency(double_conversion(), load / 100) == pytest.approx(number("ups", f"efficiency_{load}"), abs=tolerance)


def test_direct_current_saves_up_to_five_per_cent():
    # NVIDIA, 800 VDC architecture: up to 5 % better from end to end. From the campus bus to the 50 V of the rack, at half load of every stage.
    shelf, converter = (efficiency(in_series(points(CATALOG, name)), 0.5) for name in ("power_shelf", "dc_converter"))
    ac = efficiency(unit_transformer(), 0.5) * efficiency(double_conversion(), 0.5) * efficiency(distribution_transformer(), 0.5) * shelf
    dc = efficiency(unit_transformer(), 0.5) * efficiency(in_series(points(CATALOG, "rectifier_800v")), 0.5) * converter
    assert 1.01 < dc / ac <= 1.05
    assert inlet_ratio(CATALOG) * marginal_input(CATALOG, Electrical(DC)) < marginal_input(CATALOG, Electrical())


def test_a_gigawatt_of_training_swings_by_hundreds_of_megawatts_within_a_second():
    # Peivandizadeh 2025, arXiv 2506.17284: more than 500 MW within seconds, 1,000 MW/s and more at a GW; 50-75 % of thermal design power.
    shape = training_pulse(CATALOG)
    assert pulsing.swing(1000.0, shape) == pytest.approx(500.0, rel=0.2)
    assert pulsing.ramp(1000.0, shape) == pytest.approx(1000.0, rel=0.2)


def test_mean_over_peak_of_training_is_that_of_a_measured_cluster():
    # Newkirk et al. 2025: a cluster's highest load is 1.068 of its mean; a DGX H100 node by itself draws 7.3 kW on average and 8.5 kW at most: 0.859.
    row = CATALOG.entry("workload.training", "utilisation")
    assert number("workload.training", "utilisation") == pytest.approx(1 / 1.068, abs=1e-3)
    assert float(row.low) == pytest.approx(7.3 / 8.5, abs=2e-3)


def test_mean_over_peak_of_a_training_step_is_that_of_measured_nodes():
    # Newkirk et al. 2025: DGX H100 nodes draw 7.3 kW on average and 8.5 kW at most: 0.859. A step at full power for 0.7 of it, at half for the rest: 0.85.
    shape = training_pulse(CATALOG)
    assert shape.duty + (1 - shape.duty) * (1 - shape.depth) == pytest.approx(7.3 / 8.5, abs=0.03)


def test_losses_stay_below_what_a_flat_efficiency_says():
    # Newkirk et al. 2025 take transformer 0.98, UPS 0.94, PDU 0.99, cable 0.99, switchgear 0.99 at any load: 0.894 from bus to rack. Modern units
    # lose less at their usual load; on two paths, at a quarter of what they may carry, they come near to it.
    chain = [chain_efficiency(CATALOG, Electrical(), load) for load in (0.4, 0.6, 0.8)]
    assert 0.894 < min(chain) <= max(chain) < 0.96
    assert chain_efficiency(CATALOG, Electrical(rules={"ups": "2N", "transformer": "2N"}), 0.25) == pytest.approx(0.894, abs=0.02)
