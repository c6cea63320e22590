"""One run in this process: `python -m tests.benchmarks.measure NAME SIZE VARIANT OPTIONS FOLDER`; the row goes to FOLDER/row.json.

Seconds are of `run` alone; reading the site, and imports, come before.
"""

import json
import sys
import time
from pathlib import Path

from .registry import Options, Run, benchmarks


def measure(name: str, size: str, variant: str, options: str, folder: str) -> None:
    """Build, run, write the row."""
    benchmark, run = benchmarks()[name], Run(size, variant, Options(**json.loads(options)), Path(folder))
    built = benchmark.build(run)
    started = time.perf_counter()
    row = benchmark.run(run, built)
    row.setdefault("seconds", time.perf_counter() - started)
    (run.folder / "row.json").write_text(json.dumps(row), encoding="utf-8")


if __name__ == "__main__":
    measure(*sys.argv[1:])
