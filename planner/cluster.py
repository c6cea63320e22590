"""Months solved on Dask workers (the extra `dcplan[cluster]`).

A block is built on a worker and stays there; a task is sent to where its block is. Where a worker is lost, Dask builds its blocks again
elsewhere and asks again: that costs time, not the answer.
"""

import asyncio
import threading
import uuid
from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from .affine import Affine
from .blocks import Block
from .errors import PlannerError
from .living import LiveBlock, months_solver
from .sweep import Build, Reply, Task, answer, each_once

CONNECT_SECONDS = 30

_live: dict[tuple[str, int], LiveBlock] = {}
_one_at_a_time = threading.Lock()
_solver = cache(months_solver)


def _answer(built: tuple[Block, Affine], run: str, task: Task, solutions: bool) -> Reply:
    """On a worker: solve a task on the run's living block, made from what was built where there is none yet."""
    with _one_at_a_time:
        if (run, task.month) not in _live:
            for old in [key for key in _live if key[0] != run]:
                del _live[old]
            _live[run, task.month] = LiveBlock(*built, _solver())
        return answer(_live[run, task.month], task, solutions)


async def _knock(address: str) -> None:
    """Raise OSError or ValueError unless something listens at the address.

    A `Client` that fails while it is made is left half made, and may hang the process when it is collected later: its end takes a lock
    that the making of the next one holds.
    """
    from distributed.comm.core import connect

    comm = await connect(address, timeout=CONNECT_SECONDS)
    comm.abort()


class DaskSweep:
    """On the workers of the scheduler at `address`, such as tcp://127.0.0.1:8786."""

    def __init__(self, build: Build, months: Sequence[int], address: str):
        try:
            from distributed import Client
        except ImportError as reason:
            raise PlannerError("--dask needs the extra: pip install 'dcplan[cluster]'") from reason
        try:
            asyncio.run(_knock(address))
        except (OSError, ValueError) as reason:
            raise PlannerError(f"no Dask scheduler answers at {address} ({reason}); start one with `dask scheduler`") from reason
        self._client: Any = Client(address, timeout=CONNECT_SECONDS)
        self._run = uuid.uuid4().hex
        self._built = {month: self._client.submit(build, month, pure=False) for month in months}
        known = [self._client.submit(itemgetter(0), built, pure=False) for built in self._built.values()]
        self.blocks: dict[int, Block] = dict(zip(months, self._client.gather(known), strict=True))
        self.solved = 0

    def __call__(self, tasks: Sequence[Task], solutions: bool = False) -> list[Reply]:
        replies, count = each_once(tasks, lambda unique: self._client.gather(
            [self._client.submit(_answer, self._built[task.month], self._run, task, solutions, pure=False) for task in unique]))
        self.solved += count
        return replies

    def close(self) -> None:
        """Leave the scheduler."""
        self._client.close()
