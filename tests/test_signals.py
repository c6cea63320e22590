"""Signals once there is a plan: the first ends with it, whatever is at work then, a second one at once; no worker outlives that."""

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dcplan.planner import Plan, optimization, optimize, sweep, verify
from small import small_site

SCRIPT = """
import multiprocessing, os, sys, time
import dcplan.planner as planner
inner = planner.optimize
def with_signals(site, progress=None, **options):
    left = {steps}
    def sent(report):
        if report.step in left:
            print("workers:", *(worker.pid for worker in multiprocessing.active_children()), file=sys.stderr, flush=True)
            time.sleep(1.2)  # two signals within a second are one
            os.kill({whom}, left.pop(report.step))
            time.sleep(0.2)
    return inner(site, progress=sent, **options)
planner.optimize = with_signals
from dcplan.cli import main
sys.argv = ["dcplan", *sys.argv[1:]]
main()
"""
UNREAD = """
import os, sys
import dcplan.planner as planner
inner = planner.optimize
def with_signal(site, progress=None, **options):
    def sent(report):
        progress(report)
        if report.step == {step}:
            os.kill(os.getpid(), {number})
    return inner(site, progress=sent, **options)
planner.optimize = with_signal
from dcplan.cli import main
sys.argv = ["dcplan", *sys.argv[1:]]
main()
"""
BEFORE, WHILE = "iteration 1", "dispatch of every hour"


def signalled(steps, *arguments, whom="os.getpid()"):
    """dcplan optimize of two workers in a process, and group, of its own that signals come to as it begins some steps."""
    script = SCRIPT.replace("{steps}", str({step: int(number) for step, number in steps.items()})).replace("{whom}", whom)
    words = [str(word) for word in ("optimize", *arguments, "--workers", 2)]
    return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, timeout=240, start_new_session=True)


def still_there(said: str) -> list[int]:
    """Workers named on stderr that run some seconds later."""
    named = [int(number) for line in re.findall(r"workers: (.*)", said) for number in line.split()]
    assert named
    deadline = time.monotonic() + 20
    while (found := [number for number in named if Path(f"/proc/{number}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("step", [BEFORE, WHILE])
def test_sigterm_gives_the_plan_that_is_held(tmp_path, step):
    """To the process and its workers, as `timeout` and batch schedulers send it: -getpid() is the group."""
    ended = signalled({step: signal.SIGTERM}, small_site(tmp_path).path, "-o", tmp_path / "plan", whom="-os.getpid()")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.count("stopping with the best plan so far, if there is one; a second signal ends at once, without it\n") == 1
    assert "verified: balances, limits and costs hold\n" in ended.stderr
    assert Plan.load(tmp_path / "plan").summary["status"] == "interrupted"
    assert still_there(ended.stderr) == []


@pytest.mark.parametrize(("number", "code"), [pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow), (signal.SIGTERM, 143)])
def test_a_second_signal_ends_at_once(tmp_path, number, code):
    ended = signalled({BEFORE: number, WHILE: number}, small_site(tmp_path).path, "-o", tmp_path / "plan")
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr.splitlines()[-1] == (
        "ended at once: nothing was written; with --checkpoint FILE a search over every hour is kept, and the same command goes on from it")
    assert not (tmp_path / "plan").exists()
    assert still_there(ended.stderr) == []


def test_a_plan_that_a_second_signal_loses_in_the_dispatch_is_in_the_checkpoint(tmp_path):
    site, kept = small_site(tmp_path), tmp_path / "kept"
    ended = signalled({WHILE: signal.SIGTERM, "dispatch once more, for the plan that is held; a second signal gives it up": signal.SIGTERM},
                      site.path, "-o", tmp_path / "plan", "--checkpoint", kept)
    assert ended.returncode == 143
    assert ended.stderr.splitlines()[-1] == f"ended at once: no plan was written; the search is kept in {kept}, and the same command goes on from it"
    again = optimize(site, checkpoint=kept).summary
    assert (again["status"], again["accelerators_online"], again["iterations"]) == ("optimal", 1000, 0)


@pytest.mark.parametrize(("step", "number", "code", "all_unread"), [
    ("reading", signal.SIGTERM, 143, True), ("building the months", signal.SIGINT, 0, False),
    *(pytest.param(*case, marks=pytest.mark.slow) for case in (("building the months", signal.SIGTERM, 0, True), (None, signal.SIGINT, 0, True)))])
def test_a_plan_is_written_where_nobody_reads_what_is_said(tmp_path, step, number, code, all_unread):
    """As of `dcplan optimize ... 2>&1 | tee log` where Ctrl-C ends `tee`, too; or with stderr alone without a reader."""
    read, unread = os.pipe()
    os.close(read)
    script = UNREAD.replace("{step}", repr(step)).replace("{number}", str(int(number)))
    words = ["optimize", small_site(tmp_path).path, "-o", tmp_path / "plan", "--workers", 2, "--json"]
    ended = subprocess.run([sys.executable, "-c", script, *map(str, words)], stdout=unread if all_unread else subprocess.PIPE, stderr=unread, timeout=240)
    os.close(unread)
    assert ended.returncode == code
    if code == 0:
        written = Plan.load(tmp_path / "plan").summary
        assert written["status"] == ("interrupted" if step else "optimal")
        assert all_unread or json.loads(ended.stdout) == written


@pytest.mark.parametrize(("place", "after"), [((optimization.highs, "give_back"), "reading"), ((sweep.ProcessSweep, "close"), WHILE)])
def test_ctrl_c_between_the_steps_gives_the_plan_that_is_held(monkeypatch, tmp_path, place, after):
    whole, said, came = getattr(*place), [], []

    def ctrl_c(*arguments):
        if after in said and not came:
            came.append(after)
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(*place, ctrl_c)
    plan = optimize(small_site(tmp_path), workers=2, progress=lambda report: said.append(report.step))
    assert (plan.summary["status"], plan.summary["accelerators_online"], came) == ("interrupted", 1000, [after])
    assert multiprocessing.active_children() == []
    assert verify(plan.save(tmp_path / "plan")).ok


def test_ctrl_c_as_the_months_are_built_gives_the_sampled_plan(tmp_path):
    def ctrl_c(report):
        if report.step == "building the months":
            raise KeyboardInterrupt

    plan = optimize(small_site(tmp_path), progress=ctrl_c)
    assert (plan.summary["status"], plan.summary["resolution"], plan.summary["accelerators_online"]) == ("interrupted", "sampled", 1000)
    assert verify(plan.save(tmp_path / "plan")).ok


@pytest.mark.parametrize("step", [WHILE, "writing the tables"])
def test_ctrl_c_behind_the_search_gives_its_plan(tmp_path, step):
    left = [step]

    def ctrl_c(report):
        if report.step in left:
            left.remove(report.step)
            raise KeyboardInterrupt

    plan = optimize(small_site(tmp_path), progress=ctrl_c)
    assert (plan.summary["status"], plan.summary["accelerators_online"], left) == ("interrupted", 1000, [])
    assert plan.summary["gap"] < 1e-6
    assert verify(plan.save(tmp_path / "plan")).ok
