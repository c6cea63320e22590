"""Decide: assemble, solve, check, explain, compare, export."""
