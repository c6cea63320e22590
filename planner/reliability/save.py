"""An assessment as files: each written beside, then renamed."""

import os
import tempfile
from pathlib import Path

from ..plan import defused
from .assess import Assessment
from .columns import columns


def save(found: Assessment, folder: str | Path) -> Path:
    """Write reliability.csv, reliability_hours.csv (every hour), where there was a simulation survival.csv, and reliability_columns.csv, which has unit
    and meaning of every column of these."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = {"reliability": found.table, "reliability_hours": found.hours, "survival": found.survival}
    held = {name: table for name, table in made.items() if len(table)}
    tables = {**held, "reliability_columns": columns(held, tuple(found.targets)).headed()}
    with tempfile.TemporaryDirectory(prefix=".reliability-", dir=folder) as beside:
        written = {name: Path(beside) / f"{name}.csv" for name in tables}
        for name, fresh in written.items():
            defused(tables[name]).to_csv(fresh, index=False, lineterminator="\n")
        for name, fresh in written.items():
            os.replace(fresh, folder / f"{name}.csv")
    return folder
