"""Benchmarks of dcplan: time, memory, gaps. From the repository root: `.venv/bin/python -m tests.benchmarks [NAME ...] [--sizes SIZE ...]`."""
