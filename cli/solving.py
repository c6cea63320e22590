"""While a solver runs: stdout kept for results, Ctrl-C noted."""

import contextlib
import logging
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn


@contextlib.contextmanager
def solving() -> Iterator[list[int]]:
    """What a solver prints goes to stderr. Ctrl-C raises KeyboardInterrupt as ever, and is noted in the list that this yields, for a solver
    may swallow the exception to end in order."""
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)  # it logs each exception that it raises, Ctrl-C too
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> NoReturn:
        came.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield came
    finally:
        signal.signal(signal.SIGINT, before)
