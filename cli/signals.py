"""What a signal does that ends this process at once, or what is left to do once a plan is written."""

import contextlib
import os
import select
import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

STDOUT, STDERR, SIGNALLED = 1, 2, 128  # and the number of the signal: how shells tell it
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


@contextlib.contextmanager
def interrupted_once(*stops: signal.Signals) -> Iterator[list[int]]:
    """The first signal of `stops` raises KeyboardInterrupt, and is noted in the list that this yields; further ones do nothing."""
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if not came:
            came.append(number)
            raise KeyboardInterrupt

    before = {one: signal.signal(one, note) for one in stops}
    try:
        yield came
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def mute_unread() -> None:
    """Let stdout and stderr lead nowhere where their reader is gone, as `tee` is after Ctrl-C: a plan is not lost for words that nobody reads."""
    for stream in (STDOUT, STDERR):
        asked = select.poll()
        asked.register(stream, 0)  # a pipe without a reader is told as an error, unasked
        if any(event & select.POLLERR for _, event in asked.poll(0)):
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), stream)


def say(words: str) -> None:
    """A line on stderr, whatever else is about to be written there."""
    os.write(STDERR, CURSOR_SHOWN * os.isatty(STDERR) + words.encode() + b"\n")
