"""Many months solved at once: here, in processes of this machine, or on Dask workers. Equal tasks are solved once.

A month stays with one worker, so that its arrays live through the run and it restarts from a basis that it knows.
"""

import gc
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cached_property, partial
from multiprocessing import get_context
from typing import Any, Protocol

import highspy
import numpy as np

from ..models.horizon import Slice, scenario_and_month
from .affine import Affine
from .blocks import Block, build_block
from .case import Case
from .errors import Failed
from .living import LiveBlock, months_solver

PARENT_SECONDS = 1.0
RENEWALS = 5
Slices = Sequence[tuple[Slice, ...]]
Build = Callable[[int], tuple[Block, Affine]]


@dataclass(frozen=True)
class Task:
    """A month to be operated within states, at prices of its lines."""

    month: int
    states: np.ndarray
    prices: np.ndarray

    @property
    def key(self) -> tuple:
        """Tasks with equal keys have equal replies."""
        return (self.month, self.states.tobytes(), self.prices.tobytes())


@dataclass(frozen=True)
class Reply:
    """Amounts by line, the change of cost per unit of each state, and where they were asked for the solution and what a MWh more at the main
    bus would cost by hour."""

    amounts: np.ndarray
    gradient: np.ndarray
    solution: np.ndarray | None = None
    electricity_price: Any = None


class Sweep(Protocol):
    """What solves tasks; `blocks` are the months it holds, `solved` counts linear programmes."""

    @property
    def blocks(self) -> Any: ...
    @property
    def solved(self) -> int: ...

    def __call__(self, tasks: Sequence[Task], solutions: bool = False) -> list[Reply]: ...
    def close(self) -> None: ...


def answer(live: LiveBlock, task: Task, solutions: bool) -> Reply:
    """Solve one task on a living block; a solution that is asked for wastes nothing."""
    solved = live.solve(task.states, task.prices, frugal=solutions)
    asked = (solved.x, solved.electricity_price) if solutions else ()
    return Reply(live.block.amounts @ solved.x, solved.gradient, *asked)


def each_once(tasks: Sequence[Task], solve: Callable[[list[Task]], Iterable[Reply]]) -> tuple[list[Reply], int]:
    """Replies to all tasks, equal ones solved once, and how many were solved."""
    unique = {task.key: task for task in tasks}
    replies = dict(zip(unique, solve(list(unique.values())), strict=True))
    return [replies[task.key] for task in tasks], len(unique)


class SerialSweep:
    """In this process."""

    def __init__(self, build: Build, months: Sequence[int]):
        solver = months_solver()
        self._live = {month: LiveBlock(*build(month), solver) for month in months}
        self.blocks, self.solved = {month: live.block for month, live in self._live.items()}, 0

    def __call__(self, tasks: Sequence[Task], solutions: bool = False) -> list[Reply]:
        replies, count = each_once(tasks, lambda unique: [answer(self._live[task.month], task, solutions) for task in unique])
        self.solved += count
        return replies

    def close(self) -> None:
        """Nothing to end."""


_build_held: Build | None = None
_solver_held: highspy.Highs | None = None
_held: dict[int, LiveBlock] = {}


def _take(build: Build) -> None:
    """Start of a worker: keep what builds a month, and what solves it; Ctrl-C is for the parent, and without a parent there is nothing to do. What the
    parent made is not looked through for garbage, which would copy it."""
    import signal

    global _build_held, _solver_held
    _build_held, _solver_held = build, months_solver()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once the parent is gone, however that went."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os._exit(1)


def _build(month: int) -> Block:
    assert _build_held is not None
    _held[month] = LiveBlock(*_build_held(month), _solver_held)
    return _held[month].block


def _answer(task: Task, solutions: bool) -> Reply:
    """Reply to a task; a month whose building failed in this worker is built once more, so that what fails says so itself."""
    if task.month not in _held:
        _build(task.month)
    return answer(_held[task.month], task, solutions)


class ProcessSweep:
    """In processes of this machine; each holds every n-th month. One that is lost (killed, out of memory) is begun anew, builds its months again
    and is asked again, RENEWALS times in all."""

    def __init__(self, build: Build, months: Sequence[int], workers: int):
        self._build_month, self._months = build, [months[place::workers] for place in range(workers)]
        self._pools, self._lost, self.solved = [self._begun() for _ in self._months], 0, 0
        self._building: dict[int, Any] = dict.fromkeys(months)
        for place in range(workers):
            self._build(place)

    def _begun(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=get_context("fork"), initializer=_take, initargs=(self._build_month,))

    def _build(self, place: int) -> None:
        self._building.update({month: self._pools[place].submit(_build, month) for month in self._months[place]})

    @cached_property
    def blocks(self) -> dict[int, Block]:
        """The months, once they are built: work that goes on while the sampled programme is solved."""
        return dict(zip(self._building, self._gathered(lambda: list(self._building.values())), strict=True))

    def __call__(self, tasks: Sequence[Task], solutions: bool = False) -> list[Reply]:
        pool = {month: place for place, months in enumerate(self._months) for month in months}
        replies, count = each_once(tasks, lambda unique: self._gathered(
            lambda: [self._pools[pool[task.month]].submit(_answer, task, solutions) for task in unique]))
        self.solved += count
        return replies

    def _gathered(self, ask: Callable[[], list[Future]]) -> list:
        """Results of what `ask` submits; asked again where a worker is lost."""
        while True:
            try:
                return [future.result() for future in ask()]
            except BrokenProcessPool:
                self._renew()

    def _renew(self) -> None:
        """New workers for those that are gone, with their months."""
        for place, pool in enumerate(self._pools):
            try:
                pool.submit(os.getpid).result()
            except BrokenProcessPool:
                self._lost += 1
                if self._lost > RENEWALS:
                    raise Failed(f"{self._lost} processes that solve months were lost (killed, or out of memory?); fewer --workers take less") from None
                self._pools[place] = self._begun()
                self._build(place)

    def close(self) -> None:
        """End the workers, whatever they are at, and wait for the threads that look after them: left to themselves these close their pipes while the
        end of the interpreter writes to them."""
        for pool in self._pools:
            _kill(pool)
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)


def _kill(pool: ProcessPoolExecutor) -> None:
    """End a pool's worker at once. It may be in the middle of a reply: without this process's own end for writing, who reads that sees it end."""
    for worker in (pool._processes or {}).values():
        worker.kill()
    if pool._result_queue is not None:
        pool._result_queue._writer.close()


@dataclass
class Remembered:
    """A sweep that answers what it was asked before from memory, without solutions."""

    sweep: Sweep
    known: dict[tuple, Reply] = field(default_factory=dict)

    @property
    def blocks(self) -> dict[int, Block]:
        """The months."""
        return self.sweep.blocks

    @property
    def solved(self) -> int:
        """How many linear programmes were solved."""
        return self.sweep.solved

    def __call__(self, tasks: Sequence[Task], solutions: bool = False) -> list[Reply]:
        if solutions:
            return self.sweep(tasks, solutions)
        fresh = [task for task in tasks if task.key not in self.known]
        self.known |= {task.key: reply for task, reply in zip(fresh, self.sweep(fresh), strict=True)}
        return [self.known[task.key] for task in tasks]

    def close(self) -> None:
        """Close the sweep behind."""
        self.sweep.close()


def make_sweep(case: Case, workers: int, dask: str | None = None, slices: Slices | None = None) -> Sweep:
    """Build the months of a case, or of each the days in `slices` (by weather year), and what solves them: on the workers of a Dask scheduler, in
    processes, or here."""
    build = partial(_month_of, case, slices)
    if dask is not None:
        from .cluster import DaskSweep

        return Remembered(DaskSweep(build, case.months, dask))
    if workers > 1 and len(case.months) > 1:
        return Remembered(ProcessSweep(build, case.months, min(workers, len(case.months))))
    return Remembered(SerialSweep(build, case.months))


def _month_of(case: Case, slices: Slices | None, month: int) -> tuple[Block, Affine]:
    return build_block(case, month, None if slices is None else slices[scenario_and_month(month)[0]])
