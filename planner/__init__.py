"""Decide: assemble, solve, check, explain, compare, export.

Each name is loaded when it is first asked for: what needs no solver does not wait for one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checkpoint import CheckpointProblem
    from .comparison import compare
    from .errors import FolderTaken, Interrupted, NoPlan, PlannerError
    from .optimization import optimize
    from .plan import Plan
    from .recheck import NotVerifiable, Verification, verify

__all__ = ["CheckpointProblem", "FolderTaken", "Interrupted", "NoPlan", "NotVerifiable", "Plan", "PlannerError", "Verification", "compare",
           "optimize", "verify"]

_HOMES = {"CheckpointProblem": "checkpoint", "FolderTaken": "errors", "Interrupted": "errors", "NoPlan": "errors", "NotVerifiable": "recheck",
          "Plan": "plan", "PlannerError": "errors", "Verification": "recheck", "compare": "comparison", "optimize": "optimization", "verify": "recheck"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = found
    return found
