"""A search kept in a file: what a later run takes up, what it refuses, what a failing disk leaves."""

import json
import random
import signal
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.planner import Interrupted, Plan, optimize, verify
from dcplan.planner.checkpoint import CheckpointProblem, _own_code, belongs
from small import FLEET, GRID, START, small_site

PLAN_LIFE = "90 day"
GAS = {"price": "20 USD/MWh", "pipelines": [{"name": "lateral", "capacity": "1000 MW", "available_from": START, "status": "existing"}]}
CHANGES = {
    "plan": {"end": date(2030, 3, 1), "steps": [{"until": date(2030, 3, 1), "step": "month"}], "mip_gap": "0.001 %"},
    "grid": {"stages": [GRID | {"firm": False, "unavailable_hours": "100 hour"}], "price": {"hourly": "price.csv"}}, "gas": GAS,
    "power": {"allow": ["reciprocating_engine", "battery"]}, "cooling": {"allow": ["dry_cooler", "open_tower"]},
    "water": {"right": "40000 m3/year", "price": "1 USD/m3"},
    "fleet": [FLEET | {"critical_share": "0 %", "shed_allowance": "100 %", "value_of_lost_load": "5 USD/accelerator/hour"}],
    "catalog": {
        "reciprocating_engine": {"capital_cost": "30 USD/kW", "life": PLAN_LIFE, "heat_rate": "8500 Btu/kWh"},
        "battery": {"round_trip_efficiency": "81 %", "capital_cost_energy": "4 USD/kWh", "life": PLAN_LIFE},
        "dry_cooler": {"fan_power": "0.1", "capital_cost": "5 USD/kW"}, "open_tower": {"capital_cost": "9 USD/kW"}}}


def written(folder, **changes):
    """A site whose afternoons differ from day to day, so that the days sampled do not tell the best plan."""
    dear = random.Random(1)
    days = [20 + 150 * dear.uniform(0, 1) ** 3 for _ in range(365)]
    prices = [days[hour // 24] if 12 <= hour % 24 < 17 else 20.0 for hour in range(8760)]
    return small_site(folder, {**CHANGES, **changes}, files={"price.csv": "price\n" + "".join(f"{price:.1f}\n" for price in prices)})


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def scratch(site):
    """The search without a checkpoint: its figures, and the bounds it reported by iteration."""
    reports = []
    plan = optimize(site, workers=1, progress=reports.append)
    return plan.summary, [report for report in reports if report.step.startswith("iteration")]


@pytest.fixture(scope="module")
def stopped(site):
    """A search that Ctrl-C ends after so many iterations, kept in a file."""
    def run(path, iterations):
        def ctrl_c(report):
            if report.step == f"iteration {iterations}":
                raise KeyboardInterrupt
        return optimize(site, workers=1, progress=ctrl_c, checkpoint=path).summary

    return run


@pytest.fixture(scope="module")
def after_two(stopped, tmp_path_factory):
    """What a search that ended after two iterations keeps."""
    path = tmp_path_factory.mktemp("two") / "kept"
    stopped(path, 2)
    return path.read_bytes()


def no_worse(later, earlier):
    assert later["net_present_cost_usd"] <= earlier["net_present_cost_usd"] * (1 + 1e-6)
    if earlier["lower_bound_usd"] is not None:
        assert later["lower_bound_usd"] >= earlier["lower_bound_usd"] * (1 - 1e-6)


def test_a_search_goes_on(site, scratch, stopped, tmp_path):
    first = stopped(tmp_path / "kept", 10)
    assert (first["status"], first["iterations"]) == ("interrupted", 10)
    assert first["gap"] == pytest.approx(1 - first["lower_bound_usd"] / first["net_present_cost_usd"])
    later = optimize(site, workers=1, checkpoint=tmp_path / "kept").summary
    no_worse(later, first)
    assert later["status"] == "optimal"
    assert later["iterations"] < scratch[0]["iterations"]
    assert later["net_present_cost_usd"] == pytest.approx(scratch[0]["net_present_cost_usd"], rel=2e-5)
    assert later["sampled_plan_usd"] == pytest.approx(scratch[0]["sampled_plan_usd"])
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_time_that_ran_out_leaves_a_search_to_go_on_from(site, tmp_path):
    steps = []
    first = optimize(site, workers=1, time_limit=0.01, checkpoint=tmp_path / "kept", progress=lambda report: steps.append(report.step)).summary
    assert first["status"] == "time_limit"
    assert "building the sampled programme" not in steps  # which is how long another way to a plan takes
    assert first["iterations"] == 1  # the plan of the sampled days is operated, nothing after it
    assert first["lower_bound_usd"] <= first["net_present_cost_usd"]
    second = optimize(site, workers=1, time_limit=0.01, checkpoint=tmp_path / "kept").summary
    no_worse(second, first)
    assert second["iterations"] == 0


def test_time_that_ran_out_on_sampled_days_leaves_their_plan(site, tmp_path):
    """Every hour is dispatched, not sized on: no bound over every hour, and no more programmes are built."""
    steps = []
    plan = optimize(site, workers=1, time_limit=0.01, progress=lambda report: steps.append(report.step))
    told = {name: plan.summary[name] for name in ("status", "resolution", "lower_bound_usd")}
    assert told == {"status": "time_limit", "resolution": "sampled", "lower_bound_usd": None}
    assert [step for step in dict.fromkeys(steps) if "sampled days, iteration" not in step] == [
        "reading", "building the sampled days", "building the months", "dispatch of every hour", "writing the tables"]
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


def test_time_that_ran_out_before_there_was_a_plan(site, monkeypatch):
    steps = []
    monkeypatch.setattr("dcplan.planner.optimization.decide_on_days", lambda *_: None)
    with pytest.raises(Interrupted, match="stopped before there was a plan: nothing was written; give it more time with --time-limit"):
        optimize(site, workers=1, time_limit=0.01, progress=lambda report: steps.append(report.step))
    assert steps == ["reading"]


def test_a_search_that_ended_is_over_at_once(site, scratch, tmp_path):
    first = optimize(site, workers=1, checkpoint=tmp_path / "kept").summary
    later = optimize(site, workers=1, checkpoint=tmp_path / "kept").summary
    assert later["status"] == "optimal"
    assert later["iterations"] <= scratch[0]["iterations"] / 2
    assert later["lower_bound_usd"] >= first["lower_bound_usd"] * (1 - 1e-5)
    assert later["net_present_cost_usd"] == pytest.approx(first["net_present_cost_usd"], rel=2e-5)


@pytest.mark.parametrize("which", ["the first plan", "the last plan"])
def test_a_plan_is_kept_once_it_is_found(site, scratch, stopped, tmp_path, which):
    found = 1 if which == "the first plan" else next(place for place, each in enumerate(scratch[1], 1) if each.upper_bound == scratch[1][-1].upper_bound)
    assert (found > 1) == (which == "the last plan")
    first = stopped(tmp_path / "kept", found)
    assert (tmp_path / "kept").exists()
    no_worse(optimize(site, workers=1, time_limit=0.01, checkpoint=tmp_path / "kept").summary, first)


def test_changed_inputs_are_refused(after_two, tmp_path):
    path = tmp_path / "kept"
    path.write_bytes(after_two)
    changed = written(tmp_path / "site", finance={"discount_rate": "1 %/year", "base_year": 2030})
    with pytest.raises(CheckpointProblem) as found:
        optimize(changed, workers=1, checkpoint=path)
    assert str(found.value) == (f"{path} is the checkpoint of other inputs or versions: the site, a file it names, or dcplan has changed; "
                                "give another file, or remove it to start anew")
    assert path.read_bytes() == after_two


def test_a_checkpoint_of_other_code_is_refused(after_two, site, monkeypatch, tmp_path):
    path = tmp_path / "kept"
    path.write_bytes(after_two)
    assert belongs(path, site)
    (tmp_path / "planner").mkdir()
    (tmp_path / "planner" / "checkpoint.py").write_text("")
    monkeypatch.setattr("dcplan.planner.checkpoint.__file__", str(tmp_path / "planner" / "checkpoint.py"))
    _own_code.cache_clear()
    assert not belongs(path, site)
    monkeypatch.undo()
    _own_code.cache_clear()


def test_a_changed_file_is_refused(after_two, tmp_path):
    (tmp_path / "kept").write_bytes(after_two)
    written(tmp_path / "site")
    table = tmp_path / "site" / "price.csv"
    table.write_text(table.read_text().replace("20.0", "20.1", 1))
    from dcplan.sites import load_site
    with pytest.raises(CheckpointProblem, match="other inputs or versions"):
        optimize(load_site(tmp_path / "site" / "site.toml"), workers=1, checkpoint=tmp_path / "kept")


def archive(path, **arrays):
    with path.open("wb") as handle:
        np.savez(handle, **arrays)


def torn(path, whole):
    path.write_bytes(whole[:1000])


NO_CHECKPOINTS = {
    "text": lambda path, _: path.write_text("dear"), "nothing": lambda path, _: path.write_bytes(b""), "a folder": lambda path, _: path.mkdir(),
    "another archive": lambda path, _: archive(path, other=np.zeros(3)), "torn": torn}


@pytest.mark.parametrize("what", NO_CHECKPOINTS)
def test_what_is_no_checkpoint_is_refused(site, after_two, tmp_path, what):
    path = tmp_path / "kept"
    NO_CHECKPOINTS[what](path, after_two)
    with pytest.raises(CheckpointProblem) as found:
        optimize(site, workers=1, checkpoint=path)
    assert str(found.value).startswith(f"{path} is no checkpoint of dcplan (")
    assert str(found.value).endswith("); give another file, or remove it to start anew")


def test_a_write_that_fails_loses_nothing(site, stopped, tmp_path, monkeypatch):
    path = tmp_path / "kept"
    stopped(path, 12)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        assert optimize(site, workers=1, checkpoint=path).summary["status"] == "optimal"  # a full disk does not end a search
    assert path.read_bytes() == before
    assert optimize(site, workers=1, checkpoint=path).summary["status"] == "optimal"
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]


# The command line ------------------------------------------------------------------------------------------------------------------------------

def run(*arguments):
    return CliRunner().invoke(dcplan, [str(argument) for argument in arguments])


def test_command_keeps_a_search_and_goes_on(site, tmp_path):
    arguments = ("optimize", site.path, "-o", tmp_path / "plan", "--workers", 1, "--checkpoint", tmp_path / "kept")
    ended = run(*arguments, "--time-limit", 0.01)
    assert ended.exit_code == 0, ended.stderr
    first = Plan.load(tmp_path / "plan").summary
    assert first["status"] == "time_limit"
    assert first["iterations"] == 1
    assert first["gap"] == pytest.approx(1 - first["lower_bound_usd"] / first["net_present_cost_usd"])
    assert run(*arguments).exit_code == 0
    later = Plan.load(tmp_path / "plan").summary
    assert later["status"] == "optimal"
    no_worse(later, first)


def test_command_refuses_a_checkpoint_of_other_inputs(after_two, tmp_path):
    (tmp_path / "kept").write_bytes(after_two)
    changed = written(tmp_path / "site", finance={"discount_rate": "1 %/year", "base_year": 2030})
    ended = run("optimize", changed.path, "-o", tmp_path / "plan", "--workers", 1, "--checkpoint", tmp_path / "kept")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()[-1] == (f"error[checkpoint]: {tmp_path / 'kept'} is the checkpoint of other inputs or versions: the site, a file it "
                                             "names, or dcplan has changed; give another file, or remove it to start anew")
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize("where", ["none/kept", "letter.txt/kept"])
def test_command_refuses_a_checkpoint_without_a_folder_before_solving(site, monkeypatch, tmp_path, where):
    (tmp_path / "letter.txt").write_text("dear")
    monkeypatch.setattr("dcplan.planner.optimize", lambda *_, **__: pytest.fail("solved first"))
    path = tmp_path / where
    ended = run("optimize", site.path, "-o", tmp_path / "plan", "--checkpoint", path)
    assert (ended.exit_code, ended.stdout, ended.stderr) == (2, "", f"cannot write {path}: there is no folder {path.parent}\n")


@pytest.mark.parametrize("arguments", [("--workers", "0"), ("--workers", "two"), ("--checkpoint", ".")])
def test_wrong_options_end_with_2(site, arguments):
    assert run("optimize", site.path, *arguments).exit_code == 2


def test_options_come_to_the_planner(site, monkeypatch, tmp_path):
    asked = {}

    def noted(_, progress, **options):
        asked.update(options)
        raise CheckpointProblem("no more")
    monkeypatch.setattr("dcplan.planner.optimize", noted)
    ended = run("optimize", site.path, "-o", tmp_path / "plan", "--workers", 3, "--dask", "tcp://127.0.0.1:1", "--checkpoint", tmp_path / "kept",
                "--time-limit", 7)
    assert asked == {"workers": 3, "dask": "tcp://127.0.0.1:1", "checkpoint": tmp_path / "kept", "time_limit": 7.0}
    assert (ended.exit_code, ended.stderr) == (2, "error[checkpoint]: no more\n")


# Ends before its end, in a process of its own --------------------------------------------------------------------------------------------------

SCRIPT = """
import os, sys
import dcplan.planner as planner
inner = planner.optimize
def with_ctrl_c(site, progress=None, **options):
    def ctrl_c(report):
        if report.step == "iteration {iteration}":
            os.kill(os.getpid(), {number})
    return inner(site, progress=ctrl_c, **options)
planner.optimize = with_ctrl_c
from dcplan.cli import main
sys.argv = ["dcplan", *sys.argv[1:]]
main()
"""


def interrupted(iteration, workers, *arguments, number=signal.SIGINT):
    """dcplan optimize in a process of its own that a signal comes to after so many iterations."""
    script = SCRIPT.replace("{iteration}", str(iteration)).replace("{number}", str(int(number)))
    words = [str(word) for word in ("optimize", *arguments, "--workers", workers)]
    return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, timeout=240)


@pytest.mark.parametrize(("workers", "number"), [
    (1, signal.SIGINT), (2, signal.SIGINT), pytest.param(2, signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_signal_gives_the_best_plan_with_its_gap(site, tmp_path, workers, number):
    ended = interrupted(5, workers, site.path, "-o", tmp_path / "plan", "--json", number=number)
    assert ended.returncode == 0, ended.stderr
    shown = json.loads(ended.stdout)
    assert shown == Plan.load(tmp_path / "plan").summary
    assert (shown["status"], shown["iterations"]) == ("interrupted", 5)
    assert 0 < shown["lower_bound_usd"] < shown["net_present_cost_usd"]
    assert shown["gap"] == pytest.approx(1 - shown["lower_bound_usd"] / shown["net_present_cost_usd"])


def test_ctrl_c_before_any_bound_gives_figures_that_are_json(site, tmp_path):
    ended = interrupted(1, 1, site.path, "-o", tmp_path / "plan", "--json")
    assert ended.returncode == 0, ended.stderr
    json.loads(ended.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
