"""While a solver runs: stdout kept for results, Ctrl-C noted, an end from outside said."""

import contextlib
import logging
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

STDERR, SIGNALLED = 2, 128  # and the number of the signal: how shells tell it


@contextlib.contextmanager
def solving() -> Iterator[list[int]]:
    """What a solver prints goes to stderr. Ctrl-C raises KeyboardInterrupt as ever, and is noted in the list that this yields, for a solver
    may swallow the exception to end in order. SIGTERM, as of `timeout` or of a queue whose time is over, ends the run at once, and says so."""
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)  # it logs each exception that it raises, Ctrl-C too
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> NoReturn:
        came.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note), signal.signal(signal.SIGTERM, _end)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield came
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """End without waiting for the solver's thread; workers end with the pipe to this process."""
    os.write(STDERR, b"\n" * os.isatty(STDERR) + b"ended from outside (SIGTERM): nothing was written\n")
    os._exit(SIGNALLED + number)
