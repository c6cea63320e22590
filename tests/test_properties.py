"""What holds for every plan and every technology: balances, and how cost answers to limits, prices and the fleet."""

from datetime import date

import numpy as np
import pytest
from dcplan.models.catalog import load_catalog
from dcplan.models.cooling.capture import Capture
from dcplan.models.cooling.chiller import Chiller
from dcplan.models.cooling.rejection import Rejection
from dcplan.models.fleet.accelerators import Accelerators
from dcplan.models.power.battery import Battery
from dcplan.models.power.conversion import Conversion
from dcplan.models.power.diesel_standby import DieselStandby
from dcplan.models.power.gas_supply import GasSupply
from dcplan.models.power.generator import Generator
from dcplan.models.power.grid import ConnectionStage, Tariff
from dcplan.models.power.renewable import Renewable
from dcplan.models.power.unserved import Unserved
from dcplan.models.terms import amount
from dcplan.planner import NoPlan, optimize
from dcplan.planner.assemble import build_case
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from small import FLEET, GRID, RACK, START, small_site

GAS = {"price": "20 USD/MWh", "pipelines": [{"name": "lateral", "capacity": "100 MW", "available_from": START, "status": "existing"}]}
ONE_MONTH = {"end": date(2030, 2, 1), "steps": [{"until": date(2030, 2, 1), "step": "month"}], "resolution": "sampled", "mip_gap": "0.0001 %"}
EVERYTHING = {
    "plan": {"start": date(2030, 6, 1), "end": date(2030, 8, 1), "steps": [{"until": date(2030, 8, 1), "step": "month"}], "resolution": "sampled",
             "mip_gap": "2 %"},
    "grid": {"stages": [{"name": "firm", "capacity": "12 MW", "available_from": START, "status": "existing"},
                        {"name": "extra", "capacity": "30 MW", "firm": False, "unavailable_hours": "40 hour", "available_from": START,
                         "status": "existing"}],
             "price": {"time_of_use": [{"price": "30 USD/MWh"}, {"price": "190 USD/MWh", "hours": [17, 18, 19]}]},
             "demand_charges": [{"name": "peak", "rate": "8 USD/kW/month"}], "export": {"allowed": True, "price": "10 USD/MWh"}},
    "gas": GAS, "water": {"price": "2 USD/m3", "right": "200000 m3/year"}, "outage": {"duration": "24 hour"},
    "fleet": [FLEET | {"variants": ["gb200_nvl72", "hgx_b200_air"], "racks_per_pod": 4, "critical_share": "80 %", "shed_allowance": "2 %",
                       "value_of_compute": "4 USD/accelerator/hour",
                       "wanted": [{"by": date(2030, 6, 1), "count": "4000 accelerator"}, {"by": date(2030, 7, 1), "count": "5760 accelerator"}]}],
    "halls": [{"name": "one", "cooling": "mixed", "it_capacity": "14 MW"}],
    "assets": [{"name": "store", "technology": "battery", "units": 1, "unit_size": "3 MW", "energy": "9 MWh", "status": "existing", "in_service": START},
               {"name": "field", "technology": "solar_pv", "units": 1, "unit_size": "25 MW", "status": "existing", "in_service": START}],
    "power": {"allow": ["reciprocating_engine", "aeroderivative_turbine", "diesel_standby"]},
    "cooling": {"allow": ["dry_cooler", "adiabatic_cooler", "open_tower", "water_cooled_chiller"]},
}


def at_once(**changes):
    """The catalogue as it is, but nothing is waited for; `changes` hold for every technology that has the row."""
    catalog = load_catalog()
    rows = {"lead_time": "0 day", **changes}
    found = {name: {row: value for row, value in rows.items() if catalog.has(name, row)} for name in catalog.technologies()}
    return {name: values for name, values in found.items() if values}


def few_or_many(few, many):
    """Runs a property on few examples, always the same, and on many where slow tests run."""
    return pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.slow)])


def for_all(examples, check, **strategies):
    settings(max_examples=examples, deadline=None, derandomize=True, database=None, phases=(Phase.generate,))(given(**strategies)(check))()


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A site with real coefficients, hot afternoons and sun, in which every technology has a part."""
    return small_site(tmp_path_factory.mktemp("everything"), EVERYTHING, catalog=at_once(), dry_bulb=27.0, dew_point=15.0, swing=8.0, sun=900.0)


@pytest.fixture(scope="module")
def case(everything):
    return build_case(everything)


@pytest.fixture(scope="module")
def plan(everything):
    return optimize(everything)


# Energy in = energy out, technology by technology -----------------------------------------------------------------------------------------------

def losses(component, x):
    """MW that a component takes from carriers and does not give to any: what its balance declares."""
    match component:
        case Conversion():  # in = through + loss; out = through, and what is lost in halls as heat of their air
            return (1 - component.hall_heat) * x["loss"]
        case ConnectionStage():  # what the substation's transformers lose, inward; outward the line passes all
            return x["loss"]
        case Generator():  # fuel less electricity leaves as heat by stack and radiators
            fuel = component.heat_rate * (component.no_load_fuel * x["running"] + (1 - component.no_load_fuel) * x["generation"])
            return fuel - x["generation"]
        case Accelerators() | Capture():  # all power becomes heat of a carrier
            return 0.0
        case Chiller():  # heat and work go to a loop, or outside
            return sum(x[f"heat_{target}"] + x[f"power_{target}"] for target in component.targets if target == "outside")
        case Rejection():  # the heat of the loops and the power of fans go outside, or to the target
            return sum(x[f"heat_{level}"] for level in component.levels) + x["power"] if component.target is None else 0.0
        case Battery():  # what goes in and does not come out is stored or lost: tested with the level, below
            return x["charge"] - x["discharge"] if x else 0.0
        case Tariff():  # the utility's side: sold comes in from the site, bought goes out to it
            return (x["sold"] if component.export_limit is not None else 0.0) - x["bought"]
        case GasSupply():  # sources
            return -x["purchase"]
        case Renewable():
            return -x["generation"]
        case Unserved():
            return x.get("heat", 0.0) - x["power"]
        case DieselStandby():  # fuel is in the tank; runs in outages only
            return -x["generation"] if x else 0.0
    raise AssertionError(f"{type(component).__name__} states no balance")


def declared(component, hourly, random):
    """(MW taken less MW given by carriers, the variables that took part), the variables drawn at random."""
    x, net = {}, 0.0
    for flow in component.flows(hourly):
        for term in flow.terms:
            if term.variable not in x:
                x[term.variable] = random.uniform(0, 100, 3)
        net = net - flow.sign * amount(flow.terms, x)
    return net, x


def test_what_comes_in_goes_out(case):
    def check(seed):
        random = np.random.default_rng(seed)
        for component in case.components:
            for hourly in (case.hourly_design, case.hourly):
                net, x = declared(component, {name: values[:3] for name, values in hourly[component.name].items()}, random)
                np.testing.assert_allclose(net, losses(component, x), atol=1e-9, err_msg=component.name)

    for_all(20, check, seed=st.integers(0, 2**32 - 1))


def test_no_generator_makes_energy(case):
    # Between minimum load and full load fuel is more than electricity; at full load it is the heat rate.
    makes = [part for part in case.components if isinstance(part, Generator)]

    def check(load):
        for part in makes:
            assert losses(part, {"running": 1.0, "generation": max(load, part.commitment.minimum_load)}) > 0
            assert losses(part, {"running": 1.0, "generation": 1.0}) == pytest.approx(part.heat_rate - 1)

    for_all(20, check, load=st.floats(0.0, 1.0))


# Balances of the dispatch -----------------------------------------------------------------------------------------------------------------------

def hours(plan, name):
    """A variable of the plan's dispatch: phase x hour, NaN outside the phase. Single precision in the dataset."""
    return plan.dataset[name].values.astype(float)


def values_of(plan, component):
    prefix = f"{component.name}_"
    return {str(name).removeprefix(prefix): hours(plan, name) for name in plan.dataset.data_vars
            if str(name).startswith(prefix) and "hour" in plan.dataset[name].dims}


def test_every_carrier_balances_in_every_hour(case, plan):
    given_, taken = {}, {}
    for component in case.components:
        values = values_of(plan, component)
        for flow in component.flows(case.hourly[component.name]):
            side = given_ if flow.sign > 0 else taken
            side[flow.carrier] = side.get(flow.carrier, 0.0) + amount(flow.terms, values)
    assert {"electricity", "low_voltage", "critical_power", "liquid_heat", "air_heat", "warm", "chilled", "cool", "gas", "grid"} <= set(given_)
    for carrier in given_:
        running = ~np.isnan(given_[carrier])
        assert running.sum() == (30 + 31) * 24
        apart = np.abs(given_[carrier] - taken[carrier])[running]
        assert apart.max() <= 1e-6 * max(1.0, np.nanmax(given_[carrier])), carrier


def test_nothing_exceeds_its_capacity(case, plan):
    capacity = dict(zip(plan.dataset.asset.values, plan.dataset.capacity.values, strict=True))
    for component in case.components:
        values = values_of(plan, component)
        for loading in component.loadings(case.hourly[component.name]):
            used = np.nan_to_num(amount(loading.terms, values))
            assert (used <= capacity[loading.asset][:, None] * (1 + 1e-6) + 1e-6).all(), loading.asset


def test_the_battery_loses_what_it_says(case, plan):
    battery = next(part for part in case.components if isinstance(part, Battery))
    first = (31 + 28 + 31 + 30 + 31 + 30) * 24
    charge, discharge, level = (hours(plan, f"store_{name}")[1, first: first + 31 * 24] for name in ("charge", "discharge", "level"))
    assert discharge.sum() > 100
    one_way = battery.round_trip_efficiency**0.5
    np.testing.assert_allclose(np.diff(level), one_way * charge[1:] - discharge[1:] / one_way, atol=1e-5)
    # July starts and ends at the level of the phase: over the month all that came in came out, less the losses.
    assert discharge.sum() == pytest.approx(battery.round_trip_efficiency * charge.sum(), rel=1e-5)


def test_loss_and_power_lie_on_their_curves(case, plan):
    # Bounded below by tangents of the loss curve, never above it: P0 + Pk u^2 of the rating, and before it m (u + P0 + Pk u^2)^2.
    number = case.site.catalog.number
    rating = plan.dataset.capacity.sel(asset="transformer").values[:, None]
    through, loss = hours(plan, "transformer_through"), hours(plan, "transformer_loss")
    unit = number("transformer", "no_load_loss", "1") * rating + number("transformer", "load_loss", "1") * through**2 / rating
    curve = unit + number("medium_voltage", "loss", "1") * (through + unit)**2 / rating
    running = ~np.isnan(loss)
    assert (loss[running] <= curve[running] * (1 + 1e-5)).all()
    assert (loss[running] >= 0.9 * curve[running]).all()


def test_everything_took_part(plan):
    for name in ("reciprocating_engine_generation", "field_generation", "store_charge", "open_tower_heat_cool"):
        assert np.nansum(hours(plan, name)) > 0, name


# How cost answers -------------------------------------------------------------------------------------------------------------------------------

def cost(folder, changes, **more):
    """Net present cost, infinite where there is no plan."""
    try:
        return optimize(small_site(folder, {"plan": ONE_MONTH, **changes}, **more)).summary["net_present_cost_usd"]
    except NoPlan:
        return float("inf")


WAYS = {"grid": {"price": {"flat": "50 USD/MWh"}, "carbon": {"flat": "400 kg_CO2e/MWh"}}, "gas": GAS | {"price": "80 USD/MWh"},
        "power": {"allow": ["reciprocating_engine"]}, "cooling": {"allow": ["dry_cooler", "open_tower"]}}
PRICED = {"dry_cooler": {"fan_power": "0.1", "part_load_exponent": "1"}, "hall": {"land": "3 m2/kW"}, "open_tower": {"capital_cost": "50 USD/kW"},
          "reciprocating_engine": {"capital_cost": "200 USD/kW"}, "fuel": {"natural_gas_carbon": "10 kg_CO2e/MMBtu"}}
UNITS = {("water", "right"): "m3/year", ("limits", "emissions"): "tonne_CO2e/year", ("limits", "land"): "m2"}
HIGHEST = {("water", "right"): 200_000, ("limits", "emissions"): 40_000, ("limits", "land"): 40_000}


@few_or_many(3, 40)
def test_relaxing_a_limit_never_costs(tmp_path, examples):
    def check(limit, low, more):
        def with_limit(share):
            bound = {limit[0]: {limit[1]: f"{share * HIGHEST[limit]} {UNITS[limit]}"}}
            return cost(tmp_path, {**WAYS, **bound, "catalog": PRICED})

        tight, loose = with_limit(low), with_limit(low + more)
        assert loose <= tight + 1e-5 * abs(tight) + 1.0

    for_all(examples, check, limit=st.sampled_from(list(UNITS)), low=st.floats(0, 0.7), more=st.floats(0.01, 0.5))


def times(factor):
    """All prices of a site and of the catalogue, times a factor."""
    catalog = load_catalog()
    rows = at_once(modular="0")
    for name in catalog.technologies():
        for row in catalog.entries(name):
            if row.unit.startswith(("USD", "kUSD", "MUSD")):
                rows.setdefault(name, {})[row.parameter] = f"{factor * float(row.value)} {row.unit}"
    site = {"grid": {"stages": [GRID | {"capacity": "9 MW"}], "price": {"time_of_use": [{"price": f"{factor * 30} USD/MWh"},
                                                                              {"price": f"{factor * 120} USD/MWh", "hours": [17, 18, 19]}]},
                     "carbon": {"flat": "400 kg_CO2e/MWh"}, "demand_charges": [{"name": "peak", "rate": f"{factor * 8} USD/kW/month"}]},
            "gas": GAS | {"price": f"{factor * 20} USD/MWh"}, "carbon_price": f"{factor * 40} USD/tonne_CO2e", "water": {"price": f"{factor * 2} USD/m3"},
            "power": {"allow": ["reciprocating_engine", "battery"]}, "cooling": {"allow": ["dry_cooler", "open_tower", "water_cooled_chiller"]},
            "fleet": [FLEET | {"value_of_compute": f"{factor * 1.5} USD/accelerator/hour", "value_of_lost_load": f"{factor * 3} USD/accelerator/hour"}],
            "halls": [{"name": "one", "cooling": "mixed", "it_capacity": "10 MW", "cost": f"{factor * 40} MUSD"}]}
    rack = RACK | {"rack_price": f"{factor * 2} MUSD", "liquid_share": "100 %"}
    return {**site, "catalog": rows | {"test_rack": {"lead_time": "0 day", **rack}}}


@few_or_many(1, 12)
def test_all_prices_double_and_so_does_the_cost(tmp_path, examples):
    once = cost(tmp_path, times(1.0), catalog={})

    def check(factor):
        assert cost(tmp_path, times(factor), catalog={}) == pytest.approx(factor * once, rel=1e-5)

    assert 0 < once < float("inf")
    for_all(examples, check, factor=st.just(2.0) if examples == 1 else st.floats(0.2, 5.0))


@few_or_many(2, 30)
def test_more_accelerators_never_cost_less(tmp_path, examples):
    # Every plan for more is a plan for fewer, with less lateness and at the same cost otherwise: what is wanted enters as lateness only.
    def check(count, more):
        def wanting(number):
            fleet = [FLEET | {"wanted": [{"by": START, "count": f"{number} accelerator"}]}]
            return cost(tmp_path, {**WAYS, "fleet": fleet, "limits": {"emissions": "20000 tonne_CO2e/year"}, "catalog": PRICED})

        few, many = wanting(count), wanting(count + more)
        assert many >= few - 1e-5 * abs(few) - 1.0

    for_all(examples, check, count=st.integers(0, 1200), more=st.integers(1, 600))
