"""The decomposition against the monolith: every hour of a small site in one programme has the cost, and the bound, that the search proves."""

from datetime import date

import pytest
from dcplan.models.catalog import load_catalog
from dcplan.models.horizon import add_months
from dcplan.planner import optimize
from dcplan.planner.progress import Reporter
from dcplan.planner.solve import solve
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from small import FLEET, GRID, small_site
from whole_programme import TIGHT, cost_of_units, whole_programme

GAP, ROUNDING = 5e-3, 1e-6
STARTS = [date(2030, month, 1) for month in (2, 7, 12, 6, 11)]  # some cross a year, and so its budgets
DAY_AND_NIGHT = {"time_of_use": [{"price": "30 USD/MWh"}, {"price": "190 USD/MWh", "hours": [17, 18, 19, 20]}]}
CHARGES = [{"name": "any", "rate": "12 USD/kW/month"}, {"name": "evening", "rate": "5 USD/kW/month", "hours": [17, 18, 19], "weekdays_only": True}]
RATCHET = [CHARGES[0] | {"ratchet": "90 %"}, CHARGES[1] | {"ratchet": "60 %", "ratchet_months": [6, 7, 8, 12]}]


def subset(*names):
    """Some of these."""
    return st.sets(st.sampled_from(names)).map(sorted)


@st.composite
def sites(draw, most):
    """(changes of the small site, its weather): real coefficients, up to so many months; each rule, tariff, budget and technology is there or not."""
    start, months = draw(st.sampled_from(STARTS)), draw(st.integers(1, most))
    return {
        "plan": {"start": start, "end": add_months(start, months), "steps": [{"until": add_months(start, months), "step": "month"}],
                 "mip_gap": f"{GAP * 100} %", "time_limit": "300 second"},
        "finance": {"discount_rate": "7 %/year"}, "grid": _grid(draw, start), **_energy(draw, start), **_budgets(draw), **_fleet(draw, start, months),
        "storage": {"horizon": draw(st.sampled_from(["week", "month", "year"]))},
        "redundancy": {group: draw(st.sampled_from(["N", "N+1", "2N"])) for group in ("ups", "cooling", "generators")},
    }, {"dry_bulb": draw(st.sampled_from([27.0, 5.0])), "dew_point": 4.0, "swing": 8.0, "sun": 900.0}


def _grid(draw, start):
    stages = [{"name": "firm", "capacity": draw(st.sampled_from(["2 MW", "8 MW"])), "available_from": start, "status": "existing"}]
    if draw(st.booleans()):
        stages.append({"name": "extra", "capacity": "6 MW", "firm": False, "unavailable_hours": "60 hour", "available_from": start,
                       "status": draw(st.sampled_from(["existing", "option"])), "cost": "0.2 MUSD"})
    return {"stages": stages, "price": draw(st.sampled_from([DAY_AND_NIGHT, {"flat": "60 USD/MWh"}])), "escalation": "4 %/year",
            "demand_charges": draw(st.sampled_from([CHARGES, [], RATCHET])), "carbon": {"flat": "0.4 tonne_CO2e/MWh"},
            "export": draw(st.sampled_from([{"allowed": True, "price": "25 USD/MWh"}, {}]))}


def _energy(draw, start):
    pipeline = {"name": "lateral", "capacity": "40 MW", "available_from": start, "status": "existing"}
    return {"gas": {"price": draw(st.sampled_from(["8 USD/MWh", "25 USD/MWh"])), "escalation": "2 %/year", "pipelines": [pipeline]},
            "power": {"allow": draw(subset("reciprocating_engine", "battery", "solar_pv", "diesel_standby"))},
            "cooling": {"allow": ["open_tower", "water_cooled_chiller", *draw(subset("dry_cooler", "adiabatic_cooler"))]},
            "outage": {"duration": draw(st.sampled_from(["0 hour", "12 hour"]))}}


def _budgets(draw):
    """A water right and a permit that take a part of what the load would draw freely, or are not there."""
    water, carbon = draw(st.sampled_from([20_000, None, 3_000])), draw(st.sampled_from([None, 7_000]))
    return {"water": {"price": "2 USD/m3", **({"right": f"{water} m3/year"} if water else {})},
            "limits": {"emissions": f"{carbon} tonne_CO2e/year"} if carbon else {},
            "carbon_price": draw(st.sampled_from(["40 USD/tonne_CO2e", "0 USD/tonne_CO2e"]))}


def _fleet(draw, start, months):
    wanted = [{"by": start, "count": "720 accelerator"}, {"by": add_months(start, months - 1), "count": "1440 accelerator"}][-min(months, 2):]
    value, lost = draw(st.sampled_from([("3", "5"), ("0.8", "0.9")]))
    return {"fleet": [FLEET | {"variants": ["gb200_nvl72", *draw(subset("hgx_b200_air"))], "racks_per_pod": 5, "wanted": wanted,
                               "value_of_compute": f"{value} USD/accelerator/hour", "critical_share": "80 %",
                               "shed_allowance": draw(st.sampled_from(["3 %", "0 %"])), "value_of_lost_load": f"{lost} USD/accelerator/hour",
                               "utilisation": {"daily": [f"{60 + 35 * (8 <= hour < 20)} %" for hour in range(24)]}}],
            "halls": [{"name": "one", "cooling": "mixed", "it_capacity": "2 MW"}]}


def at_once():
    """The catalogue as it is, but nothing is waited for, and racks cost little, so that power is worth thinking about."""
    catalog, rows = load_catalog(), {"lead_time": "0 day", "rack_price": "20000 USD"}
    found = {name: {row: value for row, value in rows.items() if catalog.has(name, row)} for name in catalog.technologies()}
    return {name: values for name, values in found.items() if values}


def monolith(site, plan, seconds):
    """Of all hours of all phases in one programme: its best solution in so many seconds, and the least cost (USD) with the whole units of a plan held."""
    programme, arrays = whole_programme(site)
    held = cost_of_units(programme, arrays, plan)
    return solve(programme, arrays, Reporter(), TIGHT, seconds), held


def agree(plan, whole, held):
    """The search's cost and bound against the monolith's, each within its gap; with the plan's units held, the monolith does no worse."""
    cost, bound, room = plan.summary["net_present_cost_usd"], plan.summary["lower_bound_usd"], ROUNDING * abs(whole.cost)
    assert plan.summary["overdrawn"] == []
    assert bound <= min(whole.cost, held) + room
    assert cost >= whole.bound - room
    assert held <= cost + TIGHT * abs(cost)
    if plan.summary["status"] == "optimal":
        assert cost - bound <= GAP * abs(cost) + room
        assert cost <= min(whole.cost, held) + GAP * abs(cost) + room


@pytest.mark.parametrize(("number", "examples", "months", "seconds"),
                         [(0, 2, 1, 8.0), *(pytest.param(number, 10, 2, 20.0, marks=pytest.mark.slow) for number in range(1, 11))])
def test_search_and_monolith_agree(number, examples, months, seconds, tmp_path_factory):
    """Sites drawn from seed `number`; the slow ones are ten tens, so that each ten has its own time limit and tells its own disagreement."""
    def check(drawn):
        changes, weather = drawn
        site = small_site(tmp_path_factory.mktemp("site"), changes, catalog=at_once(), **weather)
        plan = optimize(site, workers=1)
        agree(plan, *monolith(site, plan, seconds))

    seed(number)(settings(max_examples=examples, deadline=None, database=None, phases=(Phase.generate,),
                          suppress_health_check=[HealthCheck.too_slow])(given(drawn=sites(months))(check)))()


def test_search_and_monolith_agree_with_ratchets(tmp_path):
    start, end = date(2030, 3, 1), date(2030, 6, 1)
    site = small_site(tmp_path, {
        "plan": {"start": start, "end": end, "steps": [{"until": end, "step": "month"}], "mip_gap": f"{GAP * 100} %"},
        "grid": {"stages": [GRID | {"available_from": start}], "demand_charges": [{"name": "all", "rate": "20 USD/kW/month", "ratchet": "90 %"}]},
        "fleet": [FLEET | {"wanted": [{"by": start, "count": "300 accelerator"}, {"by": date(2030, 5, 1), "count": "1000 accelerator"}]}],
        "power": {"allow": ["battery", "reciprocating_engine"]},
        "gas": {"price": "30 USD/MWh", "pipelines": [{"name": "lateral", "capacity": "9 MW", "available_from": start, "status": "existing"}]},
        "catalog": {"reciprocating_engine": {"capital_cost": "25 USD/kW", "life": "92 day"}}})
    plan = optimize(site, workers=1)
    assert plan.summary["status"] == "optimal"
    agree(plan, *monolith(site, plan, 8.0))
