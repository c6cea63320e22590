"""What a benchmark is, and the list of them.

A benchmark has sizes, and at each size variants that are compared. Every (size, variant) is built and run in a process of its own
(measure.py), which gives one row of the table; `conclude` then adds to the rows of a size what only shows side by side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, object]


@dataclass(frozen=True)
class Options:
    """What the command line says: seconds that one search may take, worker processes (None: as many as processors), Python of the peer."""

    time_limit: float = 3600.0
    workers: int | None = None
    peer_python: str | None = None


@dataclass(frozen=True)
class Run:
    """One run: its size and variant, the options, and a folder of its own to write into."""

    size: str
    variant: str
    options: Options
    folder: Path


@dataclass(frozen=True)
class Benchmark:
    """`build` is not measured, `run` is; `sizes` go from the smallest; `skip` gives the reason why a variant cannot run here, if there is one."""

    name: str
    measures: str
    sizes: tuple[str, ...]
    build: Callable[[Run], object]
    run: Callable[[Run, object], Row]
    variants: tuple[str, ...] = ("",)
    conclude: Callable[[Mapping[str, Row]], None] = lambda rows: None
    skip: Callable[[str, Options], str | None] = lambda variant, options: None


def benchmarks() -> dict[str, Benchmark]:
    """Every benchmark, by name."""
    from . import cooling, growth, monolith, overhead, peer, reference, screening, sweep

    listed = (reference.BENCHMARK, monolith.BENCHMARK, growth.BENCHMARK, overhead.BENCHMARK, sweep.BENCHMARK, peer.BENCHMARK,
              screening.BENCHMARK, cooling.BENCHMARK)
    return {benchmark.name: benchmark for benchmark in listed}
