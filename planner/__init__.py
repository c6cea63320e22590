"""Decide: assemble, solve, check, explain, compare, export."""

from .compare import compare
from .errors import FolderTaken, Interrupted, NoPlan
from .optimize import optimize
from .plan import Plan

__all__ = ["FolderTaken", "Interrupted", "NoPlan", "Plan", "compare", "optimize"]
