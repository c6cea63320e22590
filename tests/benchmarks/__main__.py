"""The command: `python -m tests.benchmarks [NAME ...] [--sizes SIZE ...] [--csv FILE]`, from the repository root."""

import argparse
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from .launch import launch
from .machine import about
from .registry import Benchmark, Options, Row, benchmarks
from .tables import text_table, write_csv


def arguments(known: dict[str, Benchmark]) -> argparse.Namespace:
    """What the command line asks for."""
    lines = "\n".join(f"  {one.name:10} {one.measures}; sizes: {', '.join(one.sizes)}" for one in known.values())
    parser = argparse.ArgumentParser("python -m tests.benchmarks", epilog=f"benchmarks:\n{lines}", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which benchmarks; default: all")
    parser.add_argument("--sizes", nargs="+", metavar="SIZE", help="which sizes; default: all of each benchmark; `smallest`: the first of each")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write all rows to a CSV file, too")
    parser.add_argument("--time-limit", type=float, default=3600.0, metavar="SECONDS", help="of one search (default 3600)")
    parser.add_argument("--workers", type=int, help="worker processes of dcplan (default: as many as processors)")
    parser.add_argument("--peer-python", metavar="PATH", help="Python of an environment with tests/benchmarks/peer-requirements.txt")
    asked = parser.parse_args()
    if wrong := [name for name in asked.names if name not in known]:
        parser.error(f"no benchmark {', '.join(wrong)}; there are {', '.join(known)}")
    chosen = [known[name] for name in asked.names] or list(known.values())
    if wrong := [size for size in asked.sizes or () if size != "smallest" and not any(size in one.sizes for one in chosen)]:
        parser.error(f"no size {', '.join(wrong)} in {', '.join(one.name for one in chosen)}")
    return argparse.Namespace(**vars(asked), chosen=chosen)


def table(benchmark: Benchmark, sizes: list[str] | None, options: Options) -> list[Row]:
    """The rows of one benchmark."""
    return [row for size in benchmark.sizes if wanted(benchmark, size, sizes) for row in rows_of(benchmark, size, options)]


def wanted(benchmark: Benchmark, size: str, sizes: list[str] | None) -> bool:
    """Whether a size was asked for."""
    return sizes is None or size in sizes or ("smallest" in sizes and size == benchmark.sizes[0])


def rows_of(benchmark: Benchmark, size: str, options: Options) -> Iterator[Row]:
    """The rows of one size, a variant each, compared."""
    rows: dict[str, Row] = {}
    for variant in benchmark.variants:
        print(f"running {benchmark.name} {size} {variant}", file=sys.stderr, flush=True)
        rows[variant] = launch(benchmark, size, variant, options) | {"load_after": os.getloadavg()[0]}
    benchmark.conclude(rows)
    for variant, row in rows.items():
        note = {"note": row.pop("note")} if "note" in row else {}
        yield {"size": size, **({"variant": variant} if variant else {}), **row, **note}


def main() -> None:
    """Run what is asked for, print a table each."""
    asked = arguments(benchmarks())
    options = Options(asked.time_limit, asked.workers, asked.peer_python)
    print("\n".join(about(f"python -m tests.benchmarks {shlex.join(sys.argv[1:])}")), flush=True)
    everything: list[Row] = []
    for benchmark in asked.chosen:
        rows = table(benchmark, asked.sizes, options)
        if not rows:
            continue
        print(f"\n{benchmark.name}: {benchmark.measures}\n{text_table(rows)}", flush=True)
        everything += [{"benchmark": benchmark.name, **row} for row in rows]
        if asked.csv:
            write_csv(asked.csv, everything)


if __name__ == "__main__":
    main()
