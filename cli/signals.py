"""What a signal does that ends this process at once."""

import os
import signal
from types import FrameType
from typing import NoReturn

STDERR, SIGNALLED = 2, 128  # and the number of the signal: how shells tell it
CURSOR_SHOWN = b"\x1b[?25h\n"  # a live line hides it


def end_on_sigterm() -> None:
    """On SIGTERM end without waiting for a solver's thread; workers, which are forks of this process, end without a word."""
    speaker = os.getpid()

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        end_at_once(number, "ended from outside (SIGTERM)" if os.getpid() == speaker else "")

    signal.signal(signal.SIGTERM, end)


def end_at_once(number: int, said: str) -> NoReturn:
    """End this process with the exit code of a signal; workers end with it (planner/sweep.py)."""
    try:
        if said:
            say(said)
    finally:  # nobody may be there to read it
        os._exit(SIGNALLED + number)


def say(words: str) -> None:
    """A line on stderr, whatever else is about to be written there."""
    os.write(STDERR, CURSOR_SHOWN * os.isatty(STDERR) + words.encode() + b"\n")
