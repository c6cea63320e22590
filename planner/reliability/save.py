"""An assessment as files: each written beside, then renamed."""

import os
import tempfile
from pathlib import Path

from ..plan import defused
from .assess import Assessment


def save(found: Assessment, folder: str | Path) -> Path:
    """Write reliability.csv, reliability_hours.csv (every hour) and, where there was a simulation, survival.csv; units are in the headers."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"reliability": found.table, "reliability_hours": found.hours, "survival": found.survival}
    with tempfile.TemporaryDirectory(prefix=".reliability-", dir=folder) as beside:
        written = {name: Path(beside) / f"{name}.csv" for name, table in tables.items() if len(table)}
        for name, fresh in written.items():
            defused(tables[name]).to_csv(fresh, index=False, lineterminator="\n")
        for name, fresh in written.items():
            os.replace(fresh, folder / f"{name}.csv")
    return folder
