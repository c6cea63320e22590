"""Talk: one file a command, each parses and delegates."""

import os
import signal
import sys
import warnings
from types import FrameType
from typing import NoReturn

STDERR, SIGNALLED = 2, 128  # and the number of the signal: how shells tell it


def main() -> None:
    """The `dcplan` command. Nobody sees a traceback, or what libraries warn of, unless DCPLAN_DEBUG is set, or Python is asked to warn (`-W`).
    SIGTERM, as of `timeout` or of a queue whose time is over, ends it at once, and is said, whatever it does then."""
    _say_an_end_from_outside()
    if not (sys.warnoptions or os.environ.get("DCPLAN_DEBUG")):
        warnings.simplefilter("ignore")
    from .commands import dcplan

    try:
        dcplan(prog_name="dcplan")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as reason:
        if os.environ.get("DCPLAN_DEBUG"):
            raise
        sys.stderr.write(f"dcplan failed unexpectedly: {type(reason).__name__}: {reason}\nset DCPLAN_DEBUG=1 to see where, and report it\n")
        sys.exit(70)


def _say_an_end_from_outside() -> None:
    """On SIGTERM end without waiting for a solver's thread; workers, which are forks of this process, end without a word."""
    speaker = os.getpid()

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        try:
            if os.getpid() == speaker:
                os.write(STDERR, b"\n" * os.isatty(STDERR) + b"ended from outside (SIGTERM)\n")
        finally:  # nobody may be there to read it
            os._exit(SIGNALLED + number)

    signal.signal(signal.SIGTERM, end)
