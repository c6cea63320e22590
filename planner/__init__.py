"""Decide: assemble, solve, check, explain, compare, export."""

from .checkpoint import CheckpointProblem
from .compare import compare
from .errors import FolderTaken, Interrupted, NoPlan, PlannerError
from .optimize import optimize
from .plan import Plan
from .verify import NotVerifiable, Verification, verify

__all__ = ["CheckpointProblem", "FolderTaken", "Interrupted", "NoPlan", "NotVerifiable", "Plan", "PlannerError", "Verification", "compare",
           "optimize", "verify"]
