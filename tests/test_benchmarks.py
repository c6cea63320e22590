"""Each benchmark runs at its smallest size, in processes of its own as always. What is timed is never asserted."""

import csv
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
QUICK = ("growth", "sweep", "screen", "cooling")
SLOW = ("overhead", "monolith", "peer", "reference")
COLUMNS = {
    "cooling": {"technologies", "hours", "seconds_first", "seconds_best"},
    "screen": {"candidates", "features", "screening_ms", "yardstick_ms", "screening_to_yardstick"},
    "growth": {"cost_musd", "bound_musd", "hours", "seconds", "memory_mb"}, "sweep": {"warm_ms", "yardstick_ms", "warm_to_yardstick"},
    "overhead": {"seconds_in_highs", "outside_percent"}, "monolith": {"cost_musd", "agrees", "time_ratio", "memory_ratio"}, "peer": {"cost_musd"},
    "reference": {"cost_musd", "bound_musd", "gap_percent", "first_plan_seconds", "iterations", "block_solves", "memory_mb"}}
SKIPPED = {"pypsa", "pypsa_ipm", "pypsa_tied"}


def command(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "tests.benchmarks", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_a_benchmark_runs_at_its_smallest_size(name, tmp_path):
    done = command(name, "--sizes", "smallest", "--csv", str(tmp_path / "rows.csv"))
    assert done.returncode == 0, done.stderr
    assert f"\n{name}: " in done.stdout
    with (tmp_path / "rows.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    ran = [row for row in rows if row.get("variant") not in SKIPPED]
    assert ran
    assert not [row["note"] for row in ran if row.get("note")]
    assert all(ran[0][column] for column in COLUMNS[name])


@pytest.fixture
def package(monkeypatch):
    """The benchmarks as the package that the command line sees."""
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("tests.benchmarks.registry")


def test_every_benchmark_is_smoke_run(package):
    assert set(package.benchmarks()) == {*QUICK, *SLOW} == set(COLUMNS)


@pytest.mark.parametrize(("python", "reason"), [(None, "no --peer-python"), ("/nowhere/python", "there is no /nowhere/python"),
                                                (sys.executable, "No module named 'pypsa'")])
def test_the_peer_is_skipped_with_a_reason_where_it_is_absent(package, python, reason):
    options, peer = package.Options(peer_python=python), package.benchmarks()["peer"]
    assert peer.skip("dcplan", options) is None
    assert reason in peer.skip("pypsa", options)


def test_a_run_that_fails_says_why(package):
    launch = importlib.import_module("tests.benchmarks.launch").launch
    row = launch(package.benchmarks()["growth"], "no number", "", package.Options())
    assert row["note"] == "failed: ValueError: could not convert string to float: 'no number'"


def test_a_cost_below_the_other_side_s_bound_is_marked(package):
    def sides(cost):
        return {"decomposed": {"cost_musd": cost, "bound_musd": 9.9, "seconds": 1.0, "memory_mb": 1.0},
                "monolith": {"cost_musd": 10.1, "bound_musd": 10.0, "seconds": 2.0, "memory_mb": 3.0}}

    for cost, word in ((10.05, "yes"), (9.95, "NO: a bound is passed")):
        rows = sides(cost)
        package.benchmarks()["monolith"].conclude(rows)
        assert rows["decomposed"]["agrees"] == word
        assert (rows["decomposed"]["time_ratio"], rows["decomposed"]["memory_ratio"]) == (2.0, 3.0)


def test_tables_are_plain_text(package):
    tables = importlib.import_module("tests.benchmarks.tables")
    assert tables.text_table([{"size": "a", "cost": 1234.5}, {"size": "bb", "cost": 0.12345, "note": "x"}]) == (
        "size    cost  note\na      1,234  -\nbb    0.1235  x")


@pytest.mark.parametrize(("arguments", "named"), [(["growht"], "no benchmark growht"), (["growth", "--sizes", "7"], "no size 7 in growth")])
def test_an_unknown_name_or_size_is_refused(package, monkeypatch, capsys, arguments, named):
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])
    with pytest.raises(SystemExit) as ended:
        importlib.import_module("tests.benchmarks.__main__").main()
    assert ended.value.code == 2
    assert named in capsys.readouterr().err
