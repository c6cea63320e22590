"""Where and with what figures are measured."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("dcplan", "highspy", "pyomo", "numpy", "scipy")


def about(command: str) -> Iterator[str]:
    """Lines that say by which command, when the machine was how busy, on what machine, with what versions."""
    yield f"command   {command}"
    yield f"machine   {_processor()}, {os.cpu_count()} processors, {_memory_gb():.0f} GB, {platform.system()} {platform.release()}"
    yield f"load      {', '.join(f'{load:.2f}' for load in os.getloadavg())} (mean of 1, 5, 15 minutes, before the first run)"
    yield f"versions  Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
