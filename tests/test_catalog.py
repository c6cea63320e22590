"""The catalogue: every row whole, every accelerator usable, cost sets and their ends, and what a plan says of them."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.models.catalog import TABLES, CatalogProblem, load_catalog, read_table
from dcplan.models.costs import at_end, cost_sets, difference, is_cost, with_costs
from dcplan.models.fleet.racks import rack
from dcplan.models.units import parse
from dcplan.planner import Plan, optimize, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.technologies import power_maker
from dcplan.sites import SiteProblems, load_site
from dcplan.sites.power import power_technologies
from small import FLEET, HALL, small_site

CATALOG = load_catalog()
ROWS = [row for technology in CATALOG.technologies() for row in CATALOG.entries(technology)]
OF_SETS = [(name, row) for name, rows in cost_sets().items() for row in rows]
RACKS = CATALOG.with_parameter("accelerators_per_rack")
ACCELERATORS = CATALOG.with_parameter("sustained_memory_bandwidth")
KINDS = {"a100_sxm_80", "h100_sxm", "h200_sxm", "b200_sxm", "b300_sxm", "gb200", "gb300", "vr200", "mi300x", "mi325x", "mi350x",
         "mi355x", "tpu_v5e", "tpu_v5p", "tpu_v6e", "tpu_v7", "trainium2", "trainium3", "gaudi3"}


def run(*arguments):
    return CliRunner().invoke(dcplan, list(arguments))


def number(row, text):
    """A number of a row in its own unit; None where it is left open."""
    return parse(f"{text} {'' if row.unit == '1' else row.unit}".strip(), row.unit) if text else None


def in_range(low, value, high):
    return (low is None or low <= value) and (high is None or value <= high)


def lacking(row):
    """Names of the fields that a row leaves empty and may not."""
    return [name for name in ("value", "unit", "year", "source", "confidence", "table") if not getattr(row, name)]


@pytest.mark.parametrize("rows", [ROWS, [row for _, row in OF_SETS]], ids=["tables", "sets"])
def test_every_row_has_unit_year_source_and_confidence(rows):
    assert [(row.technology, row.parameter, lacking(row)) for row in rows if lacking(row)] == []
    assert {row.source for row in rows} <= set(CATALOG.sources)
    assert [row for row in rows if not row.year.isdigit() or not 1980 <= int(row.year) <= 2026] == []


def test_no_row_is_given_twice():
    """A technology may have rows in several tables, as its costs and its reliability; no row stands in two of them, or twice in one."""
    given = [(row["technology"], row["parameter"]) for table in TABLES for row in read_table(table)]
    assert [row for row, times in Counter(given).items() if times > 1] == []


def test_what_no_source_was_opened_for_says_so():
    unmarked = [row for row in (*ROWS, *(row for _, row in OF_SETS)) if row.source == "mem" and "memory, verify" not in row.confidence]
    assert {(row.technology, row.parameter) for row in unmarked if row.confidence not in ("derived", "opened-secondary")} == set()


@pytest.mark.parametrize("rows", [ROWS, [row for _, row in OF_SETS]], ids=["tables", "sets"])
def test_numbers_have_units_and_lie_in_their_range(rows):
    assert [row for row in rows if row.unit != "text" and not in_range(*(number(row, text) for text in (row.low, row.value, row.high)))] == []


def test_every_accelerator_is_there_and_has_a_rack():
    assert set(ACCELERATORS) == KINDS
    assert {CATALOG.text(name, "accelerator") for name in RACKS} == KINDS
    for name in ACCELERATORS:
        assert CATALOG.has(name, "peak_bf16") or name == "vr200"  # whose makers tell FP8 and FP4 alone
        assert CATALOG.number(name, "sustained_memory_bandwidth", "TB/second") < CATALOG.number(name, "memory_bandwidth", "TB/second")


def test_what_is_asked_of_every_accelerator_is_there():
    """Server and rack, liquid share, limits of coolant or air, price, all-in power by vintage; the rack's is its accelerator's latest."""
    assert len(ACCELERATORS) >= 18
    for name in RACKS:
        kind = CATALOG.text(name, "accelerator")
        for row in ("accelerators_per_rack", "liquid_share", "rack_price", "rack_power_peak", "air_inlet_maximum", "all_in_power"):
            assert CATALOG.has(name, row), (name, row)
        assert CATALOG.has(name, "coolant_class") or CATALOG.number(name, "liquid_share", "1") == 0
        assert CATALOG.number(kind, "accelerators_per_server", "1") >= 1
        vintages = [row.parameter for row in CATALOG.entries(kind) if row.parameter.startswith("all_in_power_")]
        assert "all_in_power_2026" in vintages, kind
        assert CATALOG.number(name, "all_in_power", "kW") == CATALOG.number(kind, "all_in_power_2026", "kW"), name
        assert CATALOG.number(kind, "all_in_power_2026", "kW") > 0.9 * CATALOG.number(kind, "thermal_design_power", "kW"), kind


def test_racks_are_consistent_with_their_accelerators():
    """A rack holds at least the thermal design power of its accelerators, and no more than twice as much; liquid ones say how warm."""
    for name in RACKS:
        power, kind = rack(CATALOG, name).power, CATALOG.text(name, "accelerator")
        chips = CATALOG.number(name, "accelerators_per_rack", "1") * CATALOG.number(kind, "thermal_design_power", "MW")
        assert 0.85 * chips < power < 2.6 * chips, name
        assert (rack(CATALOG, name).liquid_share > 0) == CATALOG.has(name, "coolant_supply_maximum"), name
        if CATALOG.has(kind, "all_in_power_2026"):
            mean = power * CATALOG.number(name, "rack_power_mean", "MW") / CATALOG.number(name, "rack_power_peak", "MW")
            assert mean / rack(CATALOG, name).accelerators < 1.35 * CATALOG.number(kind, "all_in_power_2026", "MW"), name


def test_every_rack_may_be_a_variant(tmp_path):
    site = small_site(tmp_path, {"fleet": [FLEET | {"variants": RACKS}], "halls": [HALL | {"cooling": "mixed"}],
                                 "cooling": {"allow": ["open_tower", "water_cooled_chiller"]}})
    assert [variant.rack.name for variant in build_case(site).variants] == RACKS


def test_every_power_technology_names_a_formulation():
    assert len(power_technologies(CATALOG)) == 16
    for name in power_technologies(CATALOG):
        assert power_maker(CATALOG, name)
        for parameter, unit in (("lead_time", "day"), ("life", "year"), ("land", "m2/MW"), ("fixed_cost", "USD/MW/year")):
            assert CATALOG.number(name, parameter, unit) >= 0


# Cost sets -------------------------------------------------------------------------------------------------------------------------------------

def test_sets_replace_rows_that_there_are_by_the_same_kind():
    assert list(cost_sets()) == ["catalogue", "2025", "aeo-2026", "market-2026"]
    for _, row in OF_SETS:
        assert parse(f"{row.value} {row.unit}" if row.unit != "1" else row.value, CATALOG.entry(row.technology, row.parameter).unit) >= 0
    assert len({(name, row.technology, row.parameter) for name, row in OF_SETS}) == len(OF_SETS)


def test_a_set_is_laid_over_the_catalogue():
    market = with_costs(CATALOG, "market-2026")
    assert market.number("combined_cycle", "capital_cost", "USD/kW") == 2400
    assert market.number("combined_cycle", "fixed_cost", "USD/kW/year") == 16.23  # which the set does not have
    assert with_costs(CATALOG).rows == CATALOG.rows


def test_ends_are_those_of_costs_alone():
    low, high = (with_costs(CATALOG, level=level) for level in ("low", "high"))
    assert [held.number("battery", "capital_cost_power", "USD/kW") for held in (low, CATALOG, high)] == [342, 520, 968]  # 311 USD of 2022 x 1.10
    assert low.number("combined_cycle", "heat_rate", "Btu/kWh") == 6226
    assert low.entry("frame_turbine", "lead_time") == CATALOG.entry("frame_turbine", "lead_time")
    row = CATALOG.entry("ups", "life")
    assert at_end(row, "low") is row
    assert not is_cost(row)
    for one, other in difference(low, high):
        assert one
        assert other
        assert float(one.value) < float(other.value), (one, other)


def test_costs_of_every_set_lie_between_the_ends_of_the_catalogue():
    # else --costs high is cheaper than the middle of a dated set: both are in USD of 2025, where ATB 2024 has 310 USD of 2022 per kWh of battery, 341 here
    low, high = (with_costs(CATALOG, level=level) for level in ("low", "high"))
    for row in (row for rows in cost_sets().values() for row in rows if is_cost(row)):
        held, key = CATALOG.entry(row.technology, row.parameter), (row.technology, row.parameter, row.unit)
        assert not (held.low and held.high) or low.number(*key) <= float(row.value) <= high.number(*key), row


def test_an_end_of_a_set_is_its_own():
    assert with_costs(CATALOG, "aeo-2026", "low").number("solar_pv", "capital_cost", "USD/kW") == 1342


def test_unknown_set():
    with pytest.raises(CatalogProblem, match=r"^aeo-2027 is no cost set; did you mean aeo-2026\?; there are catalogue, 2025, aeo-2026, market-2026$"):
        with_costs(CATALOG, "aeo-2027")


def test_diff_of_sets():
    found = run("catalog", "diff", "catalogue", "market-2026", "--json")
    rows = {(row["technology"], row["parameter"]): row for row in json.loads(found.stdout)}
    assert found.exit_code == 0
    assert rows["diesel_standby", "lead_time"]["change"] == "+130%"  # 18 months over 34 weeks: 547.9 / 238 days
    assert rows["small_reactor", "capital_cost"]["market-2026"] == "17949 USD/kW"
    assert {row.technology for row in cost_sets()["market-2026"]} >= {technology for technology, _ in rows}
    assert run("catalog", "diff", "2025", "2025").stdout == "no row differs\n"
    changes = json.loads(run("catalog", "diff", "2025", "aeo-2026", "--json").stdout)  # of 24 month to 2 year there is none
    assert ("aeroderivative_turbine", "lead_time") not in [(row["technology"], row["parameter"]) for row in changes]
    assert "technology" in run("catalog", "diff", "2025", "aeo-2026").stdout.splitlines()[0]


def test_diff_with_an_unknown_set():
    found = run("catalog", "diff", "2025", "2024")
    assert (found.exit_code, found.stderr) == (2, "2024 is no cost set; did you mean 2025?; there are catalogue, 2025, aeo-2026, market-2026\n")


def test_catalog_at_other_costs():
    rows = {row["parameter"]: row for row in json.loads(run("catalog", "onshore_wind", "--costs", "high", "--json").stdout)}
    assert rows["capital_cost"]["value"] == "1900"
    assert {row["table"] for row in json.loads(run("catalog", "--json").stdout)} >= {"power", "racks", "accelerators", "cooling"}


# In a site -------------------------------------------------------------------------------------------------------------------------------------

def test_a_site_chooses_and_its_own_values_hold(tmp_path):
    own = {"battery": {"capital_cost_power": "7 USD/kW"}}
    changes = {"costs": {"set": "2025", "range": "high"}, "catalog": own, "cooling": {"allow": ["air_cooled_chiller"]}}
    site = small_site(tmp_path, changes, catalog={"test_rack": {"like": "gb200_nvl72"}, **own})
    assert site.catalog.number("geothermal", "capital_cost", "USD/kW") == 4670
    assert site.catalog.number("battery", "capital_cost_power", "USD/kW") == 7
    laid = load_site(site.path, ("costs.set=aeo-2026", "costs.range=low"))
    assert laid.catalog.number("onshore_wind", "capital_cost", "USD/kW") == 1502


def test_unknown_set_of_a_site(tmp_path):
    with pytest.raises(SiteProblems) as told:
        small_site(tmp_path, {"costs": {"set": "market-2027"}})
    (problem,) = told.value.problems
    assert (problem.code, problem.key, problem.title) == ("check-costs", "costs.set", '"market-2027" is no cost set')
    assert problem.help == "use one of catalogue, 2025, aeo-2026, market-2026; did you mean market-2026?"


def test_a_plan_says_its_costs_and_is_verified_at_them(tmp_path):
    site = small_site(tmp_path / "site", {"plan": {"resolution": "sampled"}})
    found = run("optimize", str(site.path), "-o", str(tmp_path / "plan"), "--costs", "low", "--cost-set", "market-2026")
    assert found.exit_code == 0, found.stderr
    plan = Plan.load(tmp_path / "plan")
    assert (plan.summary["cost_set"], plan.summary["cost_range"]) == ("market-2026", "low")
    assert (plan.manifest["options"]["cost_set"], plan.manifest["options"]["cost_range"]) == ("market-2026", "low")
    assert "market-2026, low" in found.stdout
    assert verify(tmp_path / "plan").ok


@pytest.mark.slow
def test_low_costs_less_than_high(tmp_path):
    folder = small_site(tmp_path, {"plan": {"resolution": "sampled"}}, catalog={"test_rack": {"like": "gb200_nvl72", "rack_power_peak": "1 MW"}}).path
    cost = {level: optimize(load_site(folder, (f"costs.range={level}",))).summary["net_present_cost_usd"] for level in ("low", "mid", "high")}
    assert cost["low"] < cost["mid"] < cost["high"]


def test_the_reference_benchmark_has_a_dozen_technologies(tmp_path, monkeypatch):
    """At least 12 that can be bought, 8 of them in whole units, besides halls, racks and connections; everything allowed has three times as many."""
    monkeypatch.syspath_prepend(Path(__file__).parent.parent)
    from tests.benchmarks.places import abilene
    from tests.benchmarks.reference import CHANGES

    def plant(name):
        case = build_case(abilene(tmp_path / name, CHANGES[name], years=3))
        bought = [component for component in case.components if any(asset.buildable for asset in component.assets) and component.name not in names(case)]
        return len(bought), sum(any(asset.integer for asset in component.assets) for component in bought)

    def names(case):
        return {variant.component.name for variant in case.variants} | {f"grid_{stage.name}" for stage in case.site.grid.stages}

    assert plant("as_is") == (13, 11)
    most = plant("everything")
    assert most[0] >= 30
    assert most[1] >= 20
