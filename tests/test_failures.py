"""What breaks in mid-run: lost workers cost time, anything else ends with the plan held, or with words that say what failed."""

import multiprocessing
import pickle
import threading
import time
from functools import partial
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.planner import Interrupted, Plan, compare, optimize, solve, sweep, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.blocks import build_block
from dcplan.planner.errors import Failed
from dcplan.planner.highs import compile_model
from dcplan.planner.living import LiveBlock
from dcplan.planner.programme import build_programme
from dcplan.planner.progress import Reporter
from dcplan.planner.sampling import sampled_days
from dcplan.planner.sweep import Task
from small import small_site
from test_checkpoint import written


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def whole(site):
    """Net present cost of a run in which nothing breaks."""
    return optimize(site, workers=1).summary["net_present_cost_usd"]


def kill_in(iterations, killed):
    """A listener that kills a worker in these iterations (SIGKILL), and notes it."""
    def hear(report) -> None:
        children = multiprocessing.active_children()
        if report.step in {f"iteration {number}" for number in iterations} and children:
            children[0].kill()
            children[0].join()
            killed.append(children[0].pid)
    return hear


def breaks_after(monkeypatch, calls):
    """HiGHS has no answer for a month from so many calls on."""
    solve, made = LiveBlock.solve, []

    def broken(live, *given, **options):
        made.append(1)
        if len(made) > calls:
            raise RuntimeError("HiGHS says kUnknown")
        return solve(live, *given, **options)
    monkeypatch.setattr(LiveBlock, "solve", broken)


def test_a_worker_killed_in_mid_run_costs_time_not_the_answer(site, whole):
    killed = []
    plan = optimize(site, workers=2, progress=kill_in([2, 4], killed))
    assert len(killed) >= 2
    assert plan.summary["status"] == "optimal"
    assert plan.summary["net_present_cost_usd"] == pytest.approx(whole, rel=2e-5)


@pytest.mark.slow
def test_workers_killed_time_and_again_end_with_the_plan_held(site, tmp_path):
    killed = []
    plan = optimize(site, workers=2, progress=kill_in(range(2, 60), killed))
    assert plan.summary["status"] == "failed"
    assert plan.summary["failure"] == "6 processes that solve months were lost (killed, or out of memory?); fewer --workers take less"
    assert plan.summary["verdict"].endswith(f" The search broke off, and this is the best plan until then: {plan.summary['failure']}.")
    assert plan.summary["lower_bound_usd"] <= plan.summary["net_present_cost_usd"]
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


def test_a_solver_that_breaks_in_mid_run_ends_with_the_plan_held(site, monkeypatch, tmp_path):
    with monkeypatch.context() as patched:
        broken = []

        def hear(report) -> None:
            if report.step == "iteration 3" and not broken:
                broken.append(breaks_after(patched, 0))
            if report.step == "dispatch of every hour":
                patched.undo()
        plan = optimize(site, workers=1, progress=hear)
    assert plan.summary["status"] == "failed"
    assert plan.summary["failure"].startswith("RuntimeError: HiGHS says kUnknown (test_failures.py, line ")
    assert plan.summary["lower_bound_usd"] <= plan.summary["net_present_cost_usd"]
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok
    assert Plan.load(tmp_path / "plan").summary["status"] == "failed"


def test_without_a_plan_what_failed_is_said(site, monkeypatch, tmp_path):
    breaks_after(monkeypatch, 0)
    with pytest.raises(Failed, match=r"the planner failed: RuntimeError: HiGHS says kUnknown \(test_failures.py, line \d+\)\n  = help: try again"):
        optimize(site, workers=1)
    ended = CliRunner().invoke(dcplan, ["optimize", str(site.path), "-o", str(tmp_path / "plan"), "--workers", "1"])
    assert (ended.exit_code, (tmp_path / "plan").exists()) == (1, False)
    assert "error[failed]: the planner failed: RuntimeError: HiGHS says kUnknown" in ended.stderr
    assert "Traceback" not in ended.output


def test_compare_keeps_the_rows_of_sites_that_did_not_fail(site, monkeypatch, tmp_path):
    other = written(tmp_path / "other", name="Other")

    def sites():
        yield site
        breaks_after(monkeypatch, 0)
        yield other
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    table = compare(sites())
    assert table.status.tolist() == ["optimal", "failed"]
    assert table.problem[0] == ""
    assert table.problem[1].startswith("the planner failed: RuntimeError: HiGHS says kUnknown")


def test_a_month_that_a_worker_could_not_build_says_so(site, monkeypatch):
    case = build_case(site)
    task = Task(2, np.zeros(len(case.states)), np.zeros(len(build_block(case, 2)[0].lines)))
    monkeypatch.setattr(sweep, "_build_held", partial(build_block, case))
    monkeypatch.setattr(sweep, "_held", {})
    with monkeypatch.context() as patched:
        patched.setattr(sweep, "_build_held", lambda month: (_ for _ in ()).throw(MemoryError(f"month {month}")))
        with pytest.raises(MemoryError, match="month 2"):
            sweep._answer(task, False)
    assert sweep._answer(task, False).amounts.shape == task.prices.shape


@pytest.mark.parametrize("at", ["idle", "a long solve", "a long reply"])
def test_closing_waits_for_no_worker_and_leaves_no_thread(monkeypatch, at):
    """A minute of solving, or replies of 64 MB of which some are on their way; the threads of the pools are gone when it is done. A second one changes
    nothing."""
    monkeypatch.setattr(sweep, "_build", {"idle": int, "a long solve": _solves_long, "a long reply": _replies_long}[at])
    before, started = threading.active_count(), time.monotonic()
    pools = sweep.ProcessSweep(_builds_nothing, range(6), 2)
    time.sleep(0.1)
    pools.close()
    pools.close()
    assert time.monotonic() - started < 30
    assert threading.active_count() == before
    assert not any(process.is_alive() for process in multiprocessing.active_children())


def _builds_nothing(month: int) -> Any:
    raise AssertionError(f"month {month}: what solves it is in the place of what builds it")


def _solves_long(month: int) -> int:
    time.sleep(60)
    return month


def _replies_long(month: int) -> bytes:
    return bytes(2**26)


def test_a_failure_in_a_worker_says_the_same_here():
    reason = Failed("operation of month 3 has no answer")
    assert str(pickle.loads(pickle.dumps(reason))) == str(reason)


def test_ctrl_c_while_the_cheapest_of_the_earliest_plans_is_sought_gives_the_earliest(monkeypatch, tmp_path):
    """With objective = "speed" lateness is minimised first; a plan is held from then on."""
    relax, calls = solve._relax, []

    def stopped(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return relax(*arguments)

    monkeypatch.setattr(solve, "_relax", stopped)
    plan = optimize(small_site(tmp_path, {"plan": {"objective": "speed"}}))
    assert (plan.summary["status"], plan.summary["lower_bound_usd"], plan.summary["accelerators_online"]) == ("interrupted", None, 1000)
    monkeypatch.setattr(solve, "_relax", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(Interrupted, match="interrupted before there was a plan: nothing was written"):
        optimize(small_site(tmp_path, {"plan": {"objective": "speed"}}))


def test_rounding_of_the_monolith_ends_with_the_time(site):
    """HiGHS counts the time of all that one object solves: dives go on where there is some left, and end with no plan where there is none."""
    case = build_case(site)
    programme = build_programme(case, tuple(sampled_days(year, 1) for year in case.years))
    arrays = compile_model(programme.model)
    relaxed = solve._relax(programme, arrays, Reporter(None), patience=300.0)
    assert float(relaxed.solver.getOptionValue("time_limit")[1]) <= 300.0
    assert solve.round_up(programme, arrays, relaxed.solver) is not None
    relaxed.solver.setOptionValue("time_limit", relaxed.solver.getRunTime() / 2)
    relaxed.solver.clearSolver()
    assert solve.round_up(programme, arrays, relaxed.solver) is None
