"""Dask workers on this machine: they give what one process gives, and the loss of one costs time only."""

import os
import signal
import socket
import time
from typing import Any

import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.planner import cluster, optimize
from dcplan.planner.errors import PlannerError
from distributed import LocalCluster
from test_checkpoint import written

SAME = 1e-6  # bounds and costs are known to the tolerances of the simplex
NO_DASHBOARD: Any = {"dashboard_address": None}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def serial(site):
    return optimize(site, workers=1).summary


@pytest.fixture
def local():
    """Two workers, each a process of one thread."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", **NO_DASHBOARD) as made:
        yield made


def alike(found, serial):
    """The same optimum: paths may differ where a month has several, so each is held by the gap that it proved."""
    assert found["status"] == serial["status"] == "optimal"
    assert found["overdrawn"] == serial["overdrawn"]
    for one, other in ((found, serial), (serial, found)):
        assert one["lower_bound_usd"] <= other["net_present_cost_usd"] * (1 + SAME)
        assert one["net_present_cost_usd"] <= other["net_present_cost_usd"] * (1 + 1e-5)


def test_two_workers_give_what_one_process_gives(site, serial, local):
    found = optimize(site, dask=local.scheduler_address).summary
    alike(found, serial)
    assert found["sampled_plan_usd"] == pytest.approx(serial["sampled_plan_usd"], rel=SAME)
    assert found["iterations"] > 2


def pids(local):
    return [worker.process.pid for worker in local.workers.values()]


def test_a_worker_that_is_lost_costs_time_only(site, serial, local):
    killed = []

    def kill_one(report):
        if report.step == "iteration 3":
            killed.append(pids(local)[0])
            os.kill(killed[0], signal.SIGKILL)

    found = optimize(site, dask=local.scheduler_address, progress=kill_one).summary
    assert killed
    assert killed[0] not in pids(local)
    alike(found, serial)


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.05, 0.3, 1.0])
def test_a_worker_that_is_lost_amid_a_sweep_costs_time_only(site, serial, local, after):
    import threading

    killers = []

    def kill_one():
        time.sleep(after)
        os.kill(pids(local)[0], signal.SIGKILL)

    def start(report):
        if report.step == "iteration 2":
            killers.append(threading.Thread(target=kill_one))
            killers[0].start()

    found = optimize(site, dask=local.scheduler_address, progress=start).summary
    killers[0].join()
    alike(found, serial)


@pytest.fixture
def nowhere(monkeypatch):
    """An address where nothing listens."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"tcp://127.0.0.1:{held.getsockname()[1]}"


@pytest.mark.parametrize("address", [None, "127.0.0.1", "nonsense://127.0.0.1:1"])
def test_an_address_where_nothing_listens(site, nowhere, address):
    started = time.monotonic()
    with pytest.raises(PlannerError) as found:
        optimize(site, dask=address or nowhere)
    assert str(found.value).startswith(f"no Dask scheduler answers at {address or nowhere} (")
    assert str(found.value).endswith("); start one with `dask scheduler`")
    assert time.monotonic() - started < 20


def test_command_says_that_nothing_listens(site, nowhere, tmp_path):
    ended = CliRunner().invoke(dcplan, ["optimize", str(site.path), "-o", str(tmp_path / "plan"), "--dask", nowhere])
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert f"no Dask scheduler answers at {nowhere} (" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "plan").exists()
