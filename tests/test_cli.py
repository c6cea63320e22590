"""The command line: what it prints where, and how it ends."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import xarray as xr
from click.testing import CliRunner
from dcplan import planner
from dcplan.cli.commands import COMMANDS, dcplan
from dcplan.cli.compare import _write
from dcplan.cli.optimize import _verified, default_folder
from dcplan.cli.progress import describe, on_stderr
from dcplan.cli.show import figure_text
from dcplan.cli.text import number_text, text_table
from dcplan.planner import Interrupted, NoPlan, Plan
from dcplan.planner.errors import Collision
from dcplan.planner.progress import Progress
from small import small_site

ROOT = Path(__file__).parent.parent
PHOENIX = ROOT / "examples" / "phoenix" / "site.toml"
FIGURES = {
    "site": "Phoenix", "status": "optimal", "resolution": "sampled", "net_present_cost_usd": 2.5e9, "lower_bound_usd": 2.4875e9, "gap": 0.005,
    "peak_it_mw": 60.0, "peak_facility_mw": 66.0, "pue": 1.1, "wue_l_per_kwh": None, "capital_usd": 4.0e9, "late_accelerator_months": 12345.0,
    "seconds": 30.0, "overdrawn": ["water right in 2030: 1,000 m3 over"], "verdict": "Phoenix: 60 MW of IT."}
PHASES = pd.DataFrame({
    "phase": ["2029Q3", "2029Q4"], "start": ["2029-07-01", "2029-10-01"], "accelerators_wanted": [0.0, 20000.0], "accelerators_online": [0.0, 19968.0],
    "it_installed_mw": [0.0, 40.2],
    "it_mw": [float("nan"), 38.25], "facility_peak_mw": [float("nan"), 42.0], "capital_usd": [0.0, 1.5e9]})


@pytest.fixture
def plan() -> Plan:
    return Plan(xr.Dataset(), PHASES, pd.DataFrame({"phase": ["2029Q4"]}), dict(FIGURES), {"site": "Phoenix"})


@pytest.fixture
def solved(monkeypatch, plan):
    """`optimize` without the minutes of solving; the solver's own words come to stdout as they may."""
    def quick(site, **_):
        print("HiGHS says hello")
        return plan
    monkeypatch.setattr("dcplan.planner.optimize", quick)
    return plan


def run(*arguments):
    return CliRunner().invoke(dcplan, [str(argument) for argument in arguments])


def command(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "dcplan.cli", *map(str, arguments)], capture_output=True, text=True, timeout=120, **options)


def test_help_names_every_command():
    shown = run("--help")
    assert shown.exit_code == 0
    assert all(f"  {each.name} " in shown.stdout for each in COMMANDS)
    assert all(run(each.name, "--help").exit_code == 0 for each in COMMANDS)


def loaded(*arguments) -> set[str]:
    """Names of the modules that a command loads."""
    shown = subprocess.run([sys.executable, "-X", "importtime", "-m", "dcplan.cli", *map(str, arguments)], capture_output=True, text=True)
    assert shown.returncode == 0
    return {line.rpartition("|")[2].strip() for line in shown.stderr.splitlines()}


def test_help_loads_nothing_heavy():
    modules = loaded("--help")
    assert "click" in modules
    assert not modules & {"numpy", "pandas", "pyomo", "xarray", "geopandas", "rich"}


@pytest.mark.parametrize("name", ["abilene", "lulea"])
def test_check_loads_no_modelling_and_no_solver(name):
    """Together these take longer to load than `check` may take; scipy.stats comes with Pyomo, dask.array with xarray."""
    modules = loaded("check", ROOT / "examples" / name / "site.toml")
    assert {"numpy", "pydantic", "dcplan.sites.load"} <= modules
    assert not modules & {"pyomo", "highspy", "xarray", "scipy.stats", "dask.array", "distributed", "rich", "xlsxwriter"}


def test_version_is_that_of_the_project():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert run("--version").stdout == f"dcplan, version {declared}\n"


@pytest.mark.parametrize("arguments", [
    ("nonsense",), ("optimize",), ("optimize", PHOENIX, "--time-limit", "0"), ("optimize", PHOENIX, "--time-limit", "soon"), ("compare", PHOENIX),
    ("show",)])
def test_wrong_usage_ends_with_2(arguments):
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("name", ["check", "optimize"])
def test_missing_file_is_said_on_stderr(name):
    ended = command(name, "none.toml")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == ("error[file]: cannot read the site file: No such file or directory\n  --> none.toml\n"
                            "   = help: give the path of a site.toml; the examples have one each\n")


def test_check_says_design_conditions_fleet_and_all_problems_at_once(tmp_path):
    shown = run("check", PHOENIX)
    assert shown.exit_code == 0
    assert "dry bulb" in shown.stdout
    assert "fleet inference: inference, 20,000 accelerators by 2029-10-01, 32,000 by 2030-07-01, as hgx_b200_air or hgx_b200_liquid" in shown.stdout
    other = run("check", ROOT / "examples" / "greensboro" / "site.toml").stdout
    assert "fleet inference: inference, 4,032 accelerators by 2028-07-01, as gb200_nvl72\n" in other  # one date is told once
    folder = shutil.copytree(PHOENIX.parent, tmp_path / "phoenix")
    text = PHOENIX.read_text(encoding="utf-8").replace('"120 MW"', '"120 kg"').replace('"337 m"', '"337"')
    (folder / "site.toml").write_text(text, encoding="utf-8")
    refused = run("check", folder / "site.toml")
    assert (refused.exit_code, refused.stdout, refused.stderr.count("error[")) == (2, "", 2)


def test_a_plan_without_a_later_column_is_shown(plan, tmp_path):
    older = Plan(plan.dataset, PHASES.drop(columns="it_installed_mw"), plan.builds, plan.summary, plan.manifest)
    shown = run("show", older.save(tmp_path / "plan"))
    assert (shown.exit_code, "IT installed" in shown.stdout, "IT peak hour MW" in shown.stdout) == (0, False, True)


def test_a_folder_with_a_site_in_it_is_pointed_into():
    ended = run("check", PHOENIX.parent)
    assert ended.stderr == (f"error[file]: cannot read the site file: Is a directory\n  --> {PHOENIX.parent}\n"
                            f"   = help: give the file in that folder: {PHOENIX}\n")


def test_optimize_shows_what_show_shows(solved, tmp_path):
    made = run("optimize", PHOENIX, "-o", tmp_path / "plan")
    shown = run("show", tmp_path / "plan")
    assert made.exit_code == shown.exit_code == 0
    assert made.stdout == shown.stdout
    assert made.stderr.startswith(f"HiGHS says hello\nwritten to {tmp_path / 'plan'}\nnot verified: ")
    assert "time to plan              30.0 s" in made.stdout
    assert shown.stdout.splitlines()[:5] == [
        "Phoenix: 60 MW of IT.", "", "phase   start       wanted  online  IT installed MW  IT peak hour MW  facility peak hour MW  capital MUSD",
        "2029Q3  2029-07-01       0       0              0.0                -                      -           0.0",
        "2029Q4  2029-10-01  20,000  19,968             40.2             38.2                   42.0       1,500.0"]
    assert "IT load, peak hour        60.0 MW\nfacility load, peak hour  66.0 MW\n" in shown.stdout
    assert "late                      12,345 accelerator-months\n" in shown.stdout
    assert "overdrawn                 water right in 2030: 1,000 m3 over\n" in shown.stdout
    assert "WUE" not in shown.stdout


def test_money_of_a_small_site_keeps_its_digits():
    shown = figure_text(FIGURES | {"net_present_cost_usd": 3_512_000.0, "lower_bound_usd": 4_320.0, "capital_usd": 12_340_000.0}).splitlines()
    assert [line.split("  ")[-1].strip() for line in shown if line.startswith(("net present", "at least", "capital"))] == [
        "3.51 MUSD", "4,320 USD", "12.3 MUSD"]


@pytest.mark.parametrize(("resolution", "told"), [("sampled", "gap over sampled days"), ("full", "gap  ")])
def test_a_gap_over_sampled_days_is_told_as_one(resolution, told):
    assert any(line.startswith(told) and line.endswith("0.50 %") for line in figure_text(FIGURES | {"resolution": resolution}).splitlines())


def test_json_is_the_summary_and_nothing_else(solved, tmp_path):
    assert json.loads(run("optimize", PHOENIX, "-o", tmp_path / "plan", "--json").stdout) == FIGURES
    assert json.loads(run("show", tmp_path / "plan", "--json").stdout) == FIGURES


def test_show_of_no_plan(tmp_path):
    shown = run("show", tmp_path)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr.startswith(f"{tmp_path} holds no plan: ")


def test_show_of_a_broken_plan(plan, tmp_path):
    (plan.save(tmp_path / "plan") / "summary.json").write_text("{", encoding="utf-8")
    shown = run("show", tmp_path / "plan")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "cannot be read" in shown.stderr


@pytest.fixture
def unsolvable(monkeypatch):
    """`optimize` fails the test where it comes to solving."""
    monkeypatch.setattr("dcplan.planner.optimize", lambda *_, **__: pytest.fail("solved before the folder was looked at"))


def test_taken_folder_is_refused_before_solving(unsolvable, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    ended = run("optimize", PHOENIX, "-o", tmp_path)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == f"error[folder-taken]: {tmp_path} is there and holds no plan; give another folder with -o, or --force to replace it\n"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_folder_under_a_file_is_refused_before_solving(unsolvable, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    ended = run("optimize", PHOENIX, "-o", tmp_path / "letter.txt" / "plan")
    assert ended.exit_code == 2
    assert f"{tmp_path / 'letter.txt'} is not a folder" in ended.stderr


def test_force_replaces(solved, tmp_path):
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "letter.txt").write_text("dear")
    assert run("optimize", PHOENIX, "-o", tmp_path / "plan", "--force").exit_code == 0
    assert not (tmp_path / "plan" / "letter.txt").exists()


def test_no_plan_names_the_limits(monkeypatch, tmp_path):
    from datetime import date

    def refused(*_, **__):
        raise NoPlan((Collision("water right", "2030", date(2030, 1, 1), 1000.0, "m3", "water.right"),))
    monkeypatch.setattr("dcplan.planner.optimize", refused)
    ended = run("optimize", PHOENIX, "-o", tmp_path / "plan")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "water right (water.right), 2030 from 2030-01-01: short by 1,000 m3" in ended.stderr
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("taken", [False, True])
def test_interrupted_without_a_plan_ends_with_the_code_of_the_signal(monkeypatch, tmp_path, taken, number, code):
    def stopped(*_, **__):
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt as stop:
            raise (Interrupted("interrupted before there was a plan") if taken else stop) from None
    monkeypatch.setattr("dcplan.planner.optimize", stopped)
    ended = run("optimize", PHOENIX, "-o", tmp_path / "plan")
    assert (ended.exit_code, ended.stdout) == (code, "")
    assert ended.stderr.startswith("interrupted")


def test_time_that_ran_out_is_no_interrupt(monkeypatch, tmp_path):
    def stopped(*_, **__):
        raise Interrupted("stopped before there was a plan")
    monkeypatch.setattr("dcplan.planner.optimize", stopped)
    ended = run("optimize", PHOENIX, "-o", tmp_path / "plan")
    assert (ended.exit_code, ended.stderr) == (1, "stopped before there was a plan\n")


@pytest.mark.parametrize(("number", "found", "told"), [
    (signal.SIGINT, "optimal", "interrupted"), (signal.SIGTERM, "optimal", "interrupted"), (signal.SIGINT, "overdrawn", "overdrawn")])
def test_interrupt_that_a_solver_takes_for_the_best_so_far(monkeypatch, plan, tmp_path, number, found, told):
    plan.summary["status"] = found

    def ended_early(*_, **__):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
        signal.raise_signal(number)  # at once: `timeout` sends it to the process, and to its group
        return plan
    monkeypatch.setattr("dcplan.planner.optimize", ended_early)
    assert json.loads(run("optimize", PHOENIX, "-o", tmp_path / "plan", "--json").stdout)["status"] == told
    assert Plan.load(tmp_path / "plan").summary["status"] == told


def test_interrupt_that_a_solver_takes_for_no_plan(monkeypatch, tmp_path):
    def misled(*_, **__):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise NoPlan(())
    monkeypatch.setattr("dcplan.planner.optimize", misled)
    ended = run("optimize", PHOENIX, "-o", tmp_path / "plan")
    assert (ended.exit_code, ended.stderr) == (130, "interrupted: nothing was written\n")


@pytest.mark.parametrize("delay", [0.0, pytest.param(1.0, marks=pytest.mark.slow), pytest.param(4.0, marks=pytest.mark.slow)])
def test_ctrl_c_while_solving_leaves_the_folder_alone(plan, tmp_path, delay):
    """SIGINT so many seconds after "building" was reported on a terminal."""
    import pty

    folder = plan.save(tmp_path / "plan")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    master, slave = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "dcplan.cli", "optimize", PHOENIX, "-o", folder], stdout=subprocess.PIPE, stderr=slave)
    os.close(slave)
    said = _read_until(master, b"building")
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    said += _read_until(master, None)
    printed = process.communicate(timeout=120)[0]
    assert b"Traceback" not in said + printed
    if process.returncode == 0:
        assert Plan.load(folder).summary["status"] == "interrupted"
    else:
        assert process.returncode == 130
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_signals_while_a_plan_is_written_do_nothing(monkeypatch, plan, tmp_path):
    def saved(*_):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
    monkeypatch.setattr("dcplan.planner.optimize", lambda *_, **__: plan)
    monkeypatch.setattr(Plan, "save", saved)
    assert run("optimize", PHOENIX, "-o", tmp_path / "plan").exit_code == 0


@pytest.mark.parametrize(("number", "name"), [(signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM")])
def test_a_signal_while_a_plan_is_verified_leaves_what_was_written(monkeypatch, solved, tmp_path, number, name):
    monkeypatch.setattr("dcplan.planner.verify", lambda _: signal.raise_signal(number))
    ended = run("optimize", PHOENIX, "-o", tmp_path / "plan")
    assert ended.exit_code == 0
    assert f"written to {tmp_path / 'plan'}\nnot verified, for {name} came: `dcplan verify {tmp_path / 'plan'}` does it\n" in ended.stderr
    assert Plan.load(tmp_path / "plan").summary == solved.summary


@pytest.mark.parametrize("after", ["", "reading"])
def test_an_end_from_outside_is_said(tmp_path, after):
    """SIGTERM, as `timeout` sends it, while modules load and once the planner is at work, with what is said going into a file."""
    script = ("import builtins, signal, os\nfrom dcplan.cli import main\nwhole = builtins.__import__\n"
              "def loading(name, *rest, **more):\n    if name == 'commands': os.kill(os.getpid(), signal.SIGTERM)\n    return whole(name, *rest, **more)\n"
              "builtins.__import__ = loading\nmain()")
    start = ["-m", "dcplan.cli", "optimize", PHOENIX, "-o", tmp_path / "plan"] if after else ["-c", script]
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen([sys.executable, *start], stdout=subprocess.PIPE, stderr=said)
        while after not in (tmp_path / "said").read_text() and process.poll() is None:
            time.sleep(0.05)
        if after:
            process.terminate()
        assert (process.communicate(timeout=120)[0], process.returncode) == (b"", 143)
    told = (tmp_path / "said").read_text().splitlines()
    assert told[-1].startswith("interrupted") if after else told == ["ended from outside (SIGTERM)"]
    assert not (tmp_path / "plan").exists()


def test_an_end_from_outside_comes_where_nobody_reads_what_is_said():
    script = ("import os, signal, dcplan.planner as p\nfrom dcplan.cli import main\n"
              "def kept(folder):\n    try: os.kill(os.getpid(), signal.SIGTERM)\n    finally: os._exit(0)\n"
              "p.Plan.load = kept\nimport sys\nsys.argv = ['dcplan', 'show', '.']\nmain()")
    read, written = os.pipe()
    os.close(read)
    assert subprocess.run([sys.executable, "-c", script], stderr=written, timeout=120).returncode == 143
    os.close(written)


def _read_until(terminal: int, word: bytes | None) -> bytes:
    """What a terminal shows until a word comes, or until it is closed."""
    shown = b""
    while word is None or word not in shown:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    return shown


def test_unexpected_failure_shows_no_traceback_unless_asked(tmp_path):
    script = "import sys, dcplan.planner as p\np.Plan.load = lambda folder: 1 / 0\nfrom dcplan.cli import main\nsys.argv = ['dcplan', 'show', '.']\nmain()"
    quiet = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "DCPLAN_DEBUG": ""})
    assert "Traceback" not in quiet.stderr
    assert quiet.stderr.startswith("dcplan failed unexpectedly: ZeroDivisionError")
    loud = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "DCPLAN_DEBUG": "1"})
    assert "Traceback" in loud.stderr


def test_what_libraries_warn_of_reaches_nobody_unless_asked():
    script = ("import warnings\nfrom dcplan.cli import commands, main\n"
              "commands.dcplan = lambda prog_name: warnings.warn('a column is of mixed types', RuntimeWarning)\nmain()")
    quiet, debug, asked = (subprocess.run([sys.executable, *options, "-c", script], capture_output=True, text=True, check=True,
                                          env={**os.environ, "DCPLAN_DEBUG": value}).stderr
                           for options, value in (((), ""), ((), "1"), (("-W", "default"), "")))
    assert (quiet, "mixed types" in debug, "mixed types" in asked) == ("", True, True)


COMPARED = pd.DataFrame([
    {"file": "a.toml", "net_present_cost_usd": 2.0e9, "problem": "", "status": "optimal", "peak_it_mw": 60.0, "pue": 1.1,
     "accelerators_wanted": 32000.0, "accelerators_online": 31968.0},
    {"file": "=b.toml", "net_present_cost_usd": None, "problem": "error[file]: cannot read it", "status": "failed"}])


@pytest.fixture
def there(monkeypatch, tmp_path_factory) -> Path:
    """A folder to work in with files by the names of what is compared, none of them a site."""
    folder = tmp_path_factory.mktemp("sites")
    for name in ("a.toml", "b.toml", "=b.toml", "c.toml"):
        (folder / name).write_text("x = 1\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(("sites", "code", "told"), [(["a.toml"], 0, ""), (["a.toml", "=b.toml"], 1, "no plan for 1 of 2: =b.toml\n")])
def test_compare_ends_with_1_where_any_site_has_no_plan(monkeypatch, tmp_path, sites, code, told):
    monkeypatch.setattr("dcplan.planner.compare", lambda sites, *_: COMPARED[: len(list(sites))])
    ended = run("compare", *sites, "-o", tmp_path)
    assert (ended.exit_code, ended.stderr) == (code, f"written to {tmp_path / 'comparison.csv'}\n{told}")
    assert len(pd.read_csv(tmp_path / "comparison.csv")) == len(sites)


@pytest.mark.usefixtures("there")
def test_compare_writes_and_prints(monkeypatch, tmp_path):
    monkeypatch.setattr("dcplan.planner.compare", lambda sites, *_: COMPARED[: len(list(sites))])
    ended = run("compare", "a.toml", "=b.toml", "-o", tmp_path / "new" / "out")
    assert ended.stdout.splitlines()[1].split() == ["a.toml", "optimal", "32,000", "31,968", "2,000.0", "60.0", "1.100"]
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == ["comparison.csv", "comparison_columns.csv"]
    assert list(pd.read_csv(tmp_path / "new" / "out" / "comparison.csv").file) == ["a.toml", "'=b.toml"]


@pytest.mark.usefixtures("there")
def test_compare_json(monkeypatch, tmp_path):
    monkeypatch.setattr("dcplan.planner.compare", lambda sites, *_: COMPARED)
    rows = json.loads(run("compare", "a.toml", "=b.toml", "-o", tmp_path, "--json").stdout)
    assert [row["net_present_cost_usd"] for row in rows] == [2.0e9, None]


@pytest.mark.usefixtures("there")
def test_compare_without_any_plan_ends_with_1(tmp_path):
    ended = run("compare", "a.toml", "b.toml", "-o", tmp_path)
    assert ended.exit_code == 1
    assert '"name" is missing from the site file' in ended.stdout
    assert len(pd.read_csv(tmp_path / "comparison.csv")) == 2


def test_compare_refuses_what_is_not_there_before_it_plans_with_the_faults_of_the_others(monkeypatch, there, tmp_path):
    small_site(there / "mine")
    (there / "empty").mkdir()
    monkeypatch.setattr("dcplan.planner.compare", lambda *_: pytest.fail("planned before the sites were looked at"))
    ended = run("compare", "mine", "empty", "nowhere", "a.toml", "-o", tmp_path)
    assert (ended.exit_code, ended.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert ended.stderr.startswith("error[file]: cannot read the site file: Is a directory\n  --> empty\n"
                                   "   = help: give the path of a site.toml; the examples have one each\n\n"
                                   "error[file]: cannot read the site file: No such file or directory\n  --> nowhere\n")
    assert '"x" is no key of a site file' in ended.stderr


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(("asked", "told"), [((), "removed {}, the map of an earlier comparison: --gpkg writes it anew\n"), (("--gpkg",), "")])
def test_no_map_of_an_earlier_comparison_is_left(monkeypatch, tmp_path, asked, told):
    monkeypatch.setattr("dcplan.planner.compare", lambda *_: COMPARED[:1])
    (tmp_path / "comparison.csv").write_text("file,pue\na.toml,1.1\n")
    (tmp_path / "comparison.gpkg").write_text("old")
    ended = run("compare", "a.toml", "-o", tmp_path, *asked)
    assert ended.stderr == f"{told.format(tmp_path / 'comparison.gpkg')}written to {tmp_path / 'comparison.csv'}\n"
    assert (tmp_path / "comparison.gpkg").exists() == bool(asked)


@pytest.mark.parametrize("gpkg", [False, True])
def test_an_old_map_is_gone_before_new_numbers_come(tmp_path, gpkg):
    (tmp_path / "comparison.csv").mkdir()  # cannot be replaced by a file
    (tmp_path / "comparison.gpkg").write_text("old")
    with pytest.raises(IsADirectoryError):
        _write(COMPARED.head(1), tmp_path, gpkg)
    assert [path.name for path in tmp_path.iterdir()] == ["comparison.csv"]


@pytest.mark.usefixtures("there")
def test_compare_goes_to_no_further_site_after_ctrl_c(monkeypatch, tmp_path):
    def swallowing(sites, *_):
        for _ in sites:
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            assert next(sites, None) is None
        return COMPARED
    monkeypatch.setattr("dcplan.planner.compare", swallowing)
    ended = run("compare", "a.toml", "b.toml", "-o", tmp_path)
    assert (ended.exit_code, ended.stdout, list(tmp_path.iterdir())) == (130, "", [])


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(("held", "sites", "told"), [
    ("file,pue\na.toml,1.1\n'=b.toml,\n", ["=b.toml", "a.toml"], ""), ("file,pue\na.toml,1.1\n", ["a.toml", "c.toml"], "the comparison of a.toml"),
    ("my,own\n1,2\n", ["a.toml"], "a comparison.csv that is none of dcplan")])
def test_a_comparison_of_the_same_sites_is_replaced_any_other_needs_force(monkeypatch, tmp_path, held, sites, told):
    (tmp_path / "comparison.csv").write_text(held)
    monkeypatch.setattr("dcplan.planner.compare", lambda *_: pytest.fail("solved before the folder was looked at") if told else COMPARED)
    ended = run("compare", *sites, "-o", tmp_path)
    if not told:
        assert ended.exit_code == 1  # one of them has no plan
        return
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == f"error[folder-taken]: {tmp_path} holds {told}; give another folder with -o, or --force to replace it\n"
    assert (tmp_path / "comparison.csv").read_text() == held
    monkeypatch.setattr("dcplan.planner.compare", lambda *_: COMPARED[:1])
    assert run("compare", *sites, "-o", tmp_path, "--force").exit_code == 0


@pytest.mark.usefixtures("there")
def test_comparison_is_whole_or_not_at_all(monkeypatch, tmp_path):
    (tmp_path / "comparison.csv").write_text("old")
    monkeypatch.setattr("dcplan.planner.compare", lambda sites, *_: COMPARED)
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    ended = run("compare", "a.toml", "-o", tmp_path, "--force")
    assert (ended.exit_code, ended.stderr) == (2, f"cannot write {tmp_path}: No space left on device\n")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("comparison.csv", "old")]


def test_catalog_lists_and_shows_how_far_to_trust():
    listed = run("catalog").stdout.splitlines()
    assert listed[0].split() == ["id", "table", "values"]
    assert ["open_tower", "cooling"] in [line.split()[:2] for line in listed]
    shown = run("catalog", "open_tower").stdout
    assert "memory, verify" in shown
    assert "80 to 250" in shown
    rows = json.loads(run("catalog", "open_tower", "--json").stdout)
    assert {"parameter", "value", "unit", "range", "year", "confidence", "source", "note"} == set(rows[0])


def test_catalog_without_such_an_id_names_the_nearest():
    shown = run("catalog", "open_towr")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "did you mean open_tower?" in shown.stderr


@pytest.mark.parametrize(("name", "folder"), [("Abilene", "abilene-plan"), ("Los Angeles (2)", "los-angeles-2-plan"), ("北京", "site-plan")])
def test_default_folder(name, folder):
    assert default_folder(name) == folder


@pytest.mark.parametrize(("report", "line"), [
    (Progress("building", None, None, None, 1.0), "building"),
    (Progress("rounding", 2.5e9, None, None, 1.0), "rounding  at least 2.500 GUSD"),
    (Progress("rounding", 3.512e6, 3.519e6, 0.002, 1.0), "rounding  at least 3.512 MUSD  at most 3.519 MUSD  gap 0.20%"),
    (Progress("branch and bound", 2.5e9, float("inf"), float("inf"), 1.0), "branch and bound  at least 2.500 GUSD"),
    (Progress("rounded plan", 2.5e9, 2.6e9, 0.03846, 1.0), "rounded plan  at least 2.500 GUSD  at most 2.600 GUSD  gap 3.85%"),
    (Progress("iteration 3", 2.5e9, 2.6e9, 0.03846, 1.0, 12.4, 3.6),
     "iteration 3  at least 2.500 GUSD  at most 2.600 GUSD  gap 3.85%  months 12 s  master 4 s")])
def test_progress_line(report, line):
    assert describe(report) == line


def test_progress_in_a_file_is_a_line_a_step_and_now_and_then(monkeypatch, capsys):
    """Eleven reports at 4 s each from 0 to 40 s: two of reading, then a search that counts, told at 8, 20 and 32 s, then its end at 40."""
    clock = iter([0.0, *(4.0 * number for number in range(11))])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with on_stderr() as listen:
        for step in ("reading", "reading", *(f"iteration {number}" for number in range(1, 9)), "writing the tables"):
            listen(Progress(step, 2.0e9, 2.5e9, 0.2, 0.0))
    bounds = "  at least 2.000 GUSD  at most 2.500 GUSD  gap 20.00%\n"
    said = [f"{seconds:6.1f} s  {step}{bounds}" for seconds, step in ((0, "reading"), (8, "iteration 1"), (20, "iteration 4"), (32, "iteration 7"),
                                                                     (40, "writing the tables"))]
    assert tuple(capsys.readouterr()) == ("", "".join(said))


def test_into_files_go_results_and_plain_lines_of_progress(tmp_path):
    site = small_site(tmp_path / "site", {"plan": {"resolution": "sampled"}})
    began = time.monotonic()
    made = command("optimize", site.path, "-o", tmp_path / "plan")
    passed = time.monotonic() - began + 0.1
    assert made.returncode == 0
    assert made.stdout == run("show", tmp_path / "plan").stdout
    assert not {"\x1b", "\r"} & set(made.stderr)
    steps = [line.partition(" s  ")[2] for line in made.stderr.splitlines() if re.match(r" *\d+\.\d s  ", line)]
    assert steps[0] == "reading"
    whole, planning = re.findall(r"\d+\.\d(?= s)", made.stderr.splitlines()[-1])
    assert made.stderr.splitlines()[-1] == f"took {whole} s: {planning} s to plan, the rest to read the site, write the plan and verify it"
    assert 0 < float(planning) <= float(whole) <= passed
    assert {"building the months", "dispatch of every hour", "writing the tables"} <= set(steps)


def test_tables_and_numbers():
    assert text_table([["a", "b"], ["long", "7"], ["x", "12"]], right=(1,)) == "a      b\nlong   7\nx     12"
    assert [number_text(None), number_text(float("nan")), number_text(12345.678, 1)] == ["-", "-", "12,345.7"]


@pytest.mark.parametrize(("failed", "overdrawn", "told"), [
    ([], [], "verified: balances, limits and costs hold"),
    ([], ["water right in 2028: 0.101 m3 over"],
     "verified: balances and costs hold, and what is over its limits, as told above, is within what is tolerated"),
    (["water right"], ["water right in 2028: 151 m3 over"], "verified but for what is over its limits, as told above: water right"),
    (["water right", "land"], ["water right in 2028: 151 m3 over"], "NOT verified (water right, land): see `dcplan verify plan`, and report it"),
])
def test_limits_that_are_known_not_to_be_kept_are_no_fault_of_the_planner(monkeypatch, failed, overdrawn, told):
    monkeypatch.setattr(planner, "verify", lambda folder: SimpleNamespace(failed=[SimpleNamespace(name=name) for name in failed]))
    assert _verified(Path("plan"), overdrawn) == told
