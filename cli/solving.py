"""While a solver runs: stdout kept for results, signals that stop it noted."""

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType

from .signals import end_at_once, mute_unread, say

ONE = 1.0  # seconds within which two signals are one: `timeout` sends it to the process, and to its group


@contextlib.contextmanager
def solving(stopping: str, lost: Callable[[], str], *stops: signal.Signals) -> Iterator[list[int]]:
    """What a solver prints goes to stderr. The first signal of `stops` raises KeyboardInterrupt, with the words `stopping`, and is noted in the list that
    this yields, for a solver may swallow the exception to end in order. A second one ends the process at once, with the words of `lost`. Workers, which
    are forks of this process, are left to it."""
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)  # it logs each exception that it raises, Ctrl-C too
    came: list[int] = []
    planner, since = os.getpid(), 0.0

    def note(number: int, _frame: FrameType | None) -> None:
        nonlocal since
        if os.getpid() != planner:
            return
        if not came:
            came.append(number)
            since = time.monotonic()
            try:
                mute_unread()
                say(stopping)
            finally:  # who reads it may go at this moment
                raise KeyboardInterrupt
        if time.monotonic() - since > ONE:
            end_at_once(number, lost())

    before = {one: signal.signal(one, note) for one in stops}
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield came
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
