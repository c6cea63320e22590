"""Published points and properties of the physics."""

import numpy as np
import pytest
from dcplan.models.catalog import load_catalog
from dcplan.models.fleet.accelerators import rack
from dcplan.models.money import annuity, capital_recovery, idle_accelerator_cost
from dcplan.models.physics.chillers import chiller_curves, cop
from dcplan.models.physics.psychrometrics import wet_bulb
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(("technology", "condenser", "published"), [
    ("water_cooled_chiller", 29.4, 5.50), ("air_cooled_chiller", 15, 4.63), ("air_cooled_chiller", 25, 3.71),
    ("air_cooled_chiller", 35, 2.80), ("air_cooled_chiller", 45, 2.08)])
def test_chiller_points(technology, condenser, published):
    assert cop(chiller_curves(load_catalog(), technology), 6.67, condenser) == pytest.approx(published, rel=0.01)


def test_idle_accelerators_as_published():
    # 100,000 x 2.40 USD/h x 8760 h = 2,102.4 MUSD a year; x (1 + 1/1.07 + 1/1.07^2) = 5,903.577 MUSD
    assert round(idle_accelerator_cost(100_000, 2.4, 3, 0.07) / 1e6, 3) == 5903.577


def test_gb200_and_h100_power():
    assert rack(load_catalog(), "gb200_nvl72").power_per_accelerator * 1000 == pytest.approx(2.1, rel=0.08)
    # 8.5 kW a node, network and support shares, PUE 1.20
    assert rack(load_catalog(), "hgx_h100_air").power_per_accelerator * 1000 * 1.20 == pytest.approx(1.37, rel=0.10)


@given(st.floats(-20, 50), st.floats(0.01, 1), st.floats(70_000, 105_000))
def test_wet_bulb_never_above_dry_bulb(dry_bulb, humidity, pressure):
    assert wet_bulb(dry_bulb, humidity, pressure) <= dry_bulb


@given(st.floats(0, 0.2), st.floats(1, 40))
def test_recovery_repays(rate, years):
    assert capital_recovery(rate, years) * annuity(rate, years) == pytest.approx(1)


def test_every_number_of_the_catalogue_converts():
    catalog = load_catalog()
    for technology in catalog.technologies():
        for row in catalog.entries(technology):
            assert row.source in catalog.sources
            if row.unit != "text":
                assert np.isfinite(catalog.number(technology, row.parameter, row.unit))
