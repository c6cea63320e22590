"""What breaks inside reaches the user as words: a plan that is held is given, or a problem that says what failed and where."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from ..sites import SiteProblems
from .errors import Failed, PlannerError


def told(reason: Exception) -> str:
    """What failed, with the line of the source that it came from."""
    if isinstance(reason, Failed):
        return reason.what
    last = traceback.extract_tb(reason.__traceback__)[-1]
    return f"{type(reason).__name__}: {' '.join(str(reason).split()) or 'no more is said'} ({last.filename.rsplit('/', 1)[-1]}, line {last.lineno})"


@contextmanager
def as_problems() -> Iterator[None]:
    """While open, what breaks is raised as Failed; what the planner and the site say of themselves passes."""
    try:
        yield
    except (PlannerError, SiteProblems):
        raise
    except Exception as reason:
        raise Failed(told(reason)) from reason
