"""Many months solved at once: here, in processes of this machine, or on Dask workers. Equal tasks are solved once.

A month stays with one worker, so that its HiGHS object lives through the run and restarts from its last basis.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing import get_context
from typing import Any, Protocol

import numpy as np

from . import highs
from .blocks import Block, LiveBlock, build_block
from .case import Case
from .errors import Failed

PARENT_SECONDS = 1.0
RENEWALS = 5


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

    blocks: Any
    solved: int

    def __call__(self, tasks: Sequence[Task], solutions: bool = False) -> list[Reply]: ...
    def close(self) -> None: ...


def answer(live: LiveBlock, task: Task, solutions: bool) -> Reply:
    """Solve one task on a living block."""
    x = live.solve(task.states, task.prices)
    asked = (x, live.electricity_price) if solutions else ()
    return Reply(live.matrix @ x, live.gradient, *asked)


def each_once(tasks: Sequence[Task], solve: Callable[[list[Task]], Iterable[Reply]]) -> tuple[list[Reply], int]:
    """Replies to all tasks, equal ones solved once, and how many were solved."""
    unique = {task.key: task for task in tasks}
    replies = dict(zip(unique, solve(list(unique.values())), strict=True))
    return [replies[task.key] for task in tasks], len(unique)


@dataclass
class SerialSweep:
    """In this process."""

    blocks: dict[int, Block]
    solved: int = 0
    live: dict[int, LiveBlock] = field(default_factory=dict)

    def __call__(self, tasks: Sequence[Task], solutions: bool = False) -> list[Reply]:
        replies, count = each_once(tasks, lambda unique: [answer(self._live(task.month), task, solutions) for task in unique])
        self.solved += count
        return replies

    def _live(self, month: int) -> LiveBlock:
        if month not in self.live:
            self.live[month] = LiveBlock(self.blocks[month])
        return self.live[month]

    def close(self) -> None:
        """Nothing to end."""


_case: Case | None = None
_held: dict[int, LiveBlock] = {}


def _take(case: Case) -> None:
    """Start of a worker: keep the case; Ctrl-C is for the parent, and without a parent there is nothing to do."""
    import signal

    global _case
    _case = case
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once the parent is gone, however that went."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os._exit(1)


def _build(month: int) -> Block:
    assert _case is not None
    block = build_block(_case, month)
    highs.give_back()
    _held[month] = LiveBlock(block)
    return block


def _answer(task: Task, solutions: bool) -> Reply:
    """Reply to a task; a month whose building failed in this worker is built once more, so that what fails says so itself."""
    if task.month not in _held:
        _build(task.month)
    return answer(_held[task.month], task, solutions)


class ProcessSweep:
    """In processes of this machine; each holds every n-th month. One that is lost (killed, out of memory) is begun anew, builds its months again
    and is asked again, RENEWALS times in all."""

    def __init__(self, case: Case, months: Sequence[int], workers: int):
        self._case, self._months = case, [months[place::workers] for place in range(workers)]
        self._pools, self._lost, self.solved = [self._begun() for _ in self._months], 0, 0
        self._building: dict[int, Any] = dict.fromkeys(months)
        for place in range(workers):
            self._build(place)

    def _begun(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=get_context("fork"), initializer=_take, initargs=(self._case,))

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
        """End the workers."""
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)


def make_sweep(case: Case, months: Sequence[int], workers: int, dask: str | None = None) -> Sweep:
    """Build the months and what solves them: on the workers of a Dask scheduler, in processes, or here."""
    if dask is not None:
        from .cluster import DaskSweep

        return DaskSweep(case, months, dask)
    if workers > 1 and len(months) > 1:
        return ProcessSweep(case, months, min(workers, len(months)))
    return SerialSweep({month: build_block(case, month) for month in months})
