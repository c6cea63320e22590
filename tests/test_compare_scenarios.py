"""Scenarios of a site side by side, by the command line: against the file as it stands, or against another site in the same scenario."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.planner import optimize
from dcplan.sites import load_site
from small import FLEET, START, small_site

SITE = {"plan": {"resolution": "sampled"}, "grid": {"price": {"flat": "50 USD/MWh"}},
        "scenario": {"dear": {"grid": {"price": {"flat": "60 USD/MWh"}}}, "cheap": {"grid": {"price": {"flat": "40 USD/MWh"}}},
                     "late": {"plan": {"start": START.replace(month=2)}}}}


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    small_site(tmp_path, SITE)
    return tmp_path


def compare(*words):
    return CliRunner().invoke(dcplan, ["compare", *words, "-o", "out"])


@pytest.mark.parametrize(("site", "base"), [("site.toml", "site.toml"), (".", "./site.toml"), ("site.toml", "{folder}/site.toml")])
def test_scenarios_of_a_site_are_set_against_its_file_as_it_stands(folder, site, base):
    # 10 MW for 2,160 h are 21,600 MWh: at 40, 50 and 60 USD/MWh 0.864, 1.08 and 1.296 MUSD.
    ended = compare(site, "--scenario", "dear", "--scenario", "cheap", "--base", base.format(folder=folder))
    assert ended.exit_code == 0, ended.stderr
    table = pd.read_csv("out/comparison.csv")
    assert table["file"].tolist() == ["site.toml"] * 3
    assert table["scenario"].fillna("").tolist() == ["cheap", "", "dear"]
    assert table["difference_net_present_cost_usd"].tolist() == pytest.approx([-216_000, 0, 216_000], abs=1)
    assert table["base_net_present_cost_usd"].tolist() == pytest.approx([1_080_000] * 3)
    rows = [line.split() for line in ended.stdout.splitlines()]
    assert [row[:-1] for row in rows[1:4]] == [
        ["site.toml", "cheap", "optimal", "1,000", "1,000", "0.9", "-0.2", "10.0"], ["site.toml", "optimal", "1,000", "1,000", "1.1", "0.0", "10.0"],
        ["site.toml", "dear", "optimal", "1,000", "1,000", "1.3", "0.2", "10.0"]]
    assert ended.stdout.splitlines()[4:] == ["", "base site.toml, 1.1 MUSD"]


def test_several_sites_are_set_against_the_base_in_the_same_scenario(folder):
    # b takes 5 MW of 1 MW: 10,800 MWh at 60 USD/MWh, 0.648 MUSD less than the 1.296 MUSD of the base; nothing is planned without the scenario.
    small_site(folder / "b", SITE | {"fleet": [{**FLEET, "wanted": [{"by": START, "count": "500 accelerator"}]}]})
    ended = compare("b", "--scenario", "dear", "--base", "site.toml", "--json")
    rows = json.loads(ended.stdout)
    assert [(row["file"], row["scenario"]) for row in rows] == [("b/site.toml", "dear"), ("site.toml", "dear")]
    assert [row["difference_net_present_cost_usd"] for row in rows] == pytest.approx([-648_000, 0], abs=1)


@pytest.mark.usefixtures("folder")
def test_a_scenario_of_another_horizon_is_told_by_its_name():
    ended = compare("site.toml", "--scenario", "late", "--base", "site.toml")
    assert ended.stderr.splitlines()[0] == (
        "note: site.toml late is planned 2030-02-01 to 2030-03-31, its base 2030-01-01 to 2030-03-31: their costs are of different spans")


def test_the_base_of_a_planned_folder_is_in_no_scenario(folder):
    optimize(load_site(folder / "site.toml")).save(folder / "plan")
    ended = compare("site.toml", "--scenario", "dear", "--base", "plan")
    assert ended.stdout.splitlines()[-1] == "base plan, 1.1 MUSD"
