"""Starts one run in a process of its own and watches the memory of that process and all its children."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from .registry import Benchmark, Options, Row

ROOT = Path(__file__).parent.parent.parent
EVERY_SECONDS = 0.5
OVERTIME = 2.0
SPARE_SECONDS = 120.0
MEGABYTE = 1e6


def launch(benchmark: Benchmark, size: str, variant: str, options: Options) -> Row:
    """The row of one run; where there is none, its `note` says why."""
    reason = benchmark.skip(variant, options)
    if reason is not None:
        return {"note": f"skipped: {reason}"}
    with tempfile.TemporaryDirectory(prefix="dcplan-benchmark-") as folder:
        command = [sys.executable, "-m", "tests.benchmarks.measure", benchmark.name, size, variant, json.dumps(asdict(options)), folder]
        with (Path(folder) / "errors.txt").open("w") as errors:
            process = subprocess.Popen(command, cwd=ROOT, stdout=errors, stderr=errors, start_new_session=True)
            try:
                peak = _watch(process, OVERTIME * options.time_limit + SPARE_SECONDS)
            finally:
                _end(process)
        return _row(Path(folder), process.returncode) | {"memory_mb": peak / MEGABYTE}


def _row(folder: Path, code: int) -> Row:
    written = folder / "row.json"
    if written.is_file():
        return json.loads(written.read_text(encoding="utf-8"))
    lines = (folder / "errors.txt").read_text(errors="replace").strip().splitlines()
    return {"note": "stopped: took too long" if code == -signal.SIGKILL else f"failed: {lines[-1] if lines else f'exit code {code}'}"}


def _watch(process: subprocess.Popen, most_seconds: float) -> float:
    """Peak memory (bytes) of the process and its children until it ends; it is given up after so many seconds.

    Samples of proportional set size, summed over the processes: pages that workers share since they were forked count once. A peak between two
    samples is caught by the kernel's own record for the main process (ru_maxrss).
    """
    ends, peak = time.monotonic() + most_seconds, 0.0
    while time.monotonic() < ends:
        peak = max(peak, sum(_memory(pid) for pid in _tree(process.pid)))
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return max(peak, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
        time.sleep(EVERY_SECONDS)
    return peak


def _end(process: subprocess.Popen) -> None:
    """End the run's own process group, if it is still there."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _tree(leader: int) -> Iterator[int]:
    """A process that leads a group, and all that came from it."""
    yield leader
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        try:
            if pid != leader and os.getpgid(pid) == leader:
                yield pid
        except OSError:
            continue


def _memory(pid: int) -> float:
    """Bytes of proportional set size; nothing where the process has gone or the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return 1024 * sum(float(line.split()[1]) for line in lines if line.startswith("Pss:"))
