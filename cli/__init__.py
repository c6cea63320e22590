"""Talk: one file a command, each parses and delegates."""

import os
import sys
import warnings

from .signals import end_on_sigterm


def main() -> None:
    """The `dcplan` command. Nobody sees a traceback, or what libraries warn of, unless DCPLAN_DEBUG is set, or Python is asked to warn (`-W`).
    SIGTERM, as of `timeout` or of a queue whose time is over, ends it at once, and is said, unless it is planning (cli/solving.py) or writing,
    or there is a plan that it has written (cli/optimize.py)."""
    end_on_sigterm()
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
