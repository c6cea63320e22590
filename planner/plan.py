"""A plan: its tables, its figures, and the folder it is kept in."""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr

from .errors import FolderTaken
from .folders import refuse_precious
from .limit_table import limit_table

FILES = ("plan.nc", "phases.csv", "builds.csv", "summary.json", "manifest.json")  # that a plan is read from: what limits.csv says is in plan.nc
PACKED = {"zlib": True, "complevel": 1, "shuffle": True}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Plan:
    """What `optimize` returns: an xarray dataset, phases and builds as tables, a summary and the provenance."""

    dataset: xr.Dataset
    phases: pd.DataFrame
    builds: pd.DataFrame
    summary: dict
    manifest: dict

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Write all files, whole or not at all: into a new folder beside, then swapped. Raises FolderTaken."""
        folder = Path(folder)
        self.refuse_taken(folder, self.manifest["site"], force)
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            self._write(fresh)
            swap(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return folder

    @staticmethod
    def refuse_taken(folder: str | Path, site: str, force: bool = False) -> None:
        """Raise FolderTaken unless a plan of the site may be written to the folder: it is absent, empty, or holds a plan of the same site; with
        `force` any but those that nothing replaces (planner/folders.py)."""
        folder = Path(folder)
        refuse_precious(folder, "a plan")
        if force or not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return
        held = _site_of(folder / "manifest.json")
        if held != site:
            raise FolderTaken(folder, f"holds the plan of {held}" if held else "is there and holds no plan")

    def _write(self, folder: Path) -> None:
        packed = {name: PACKED for name, values in self.dataset.data_vars.items() if "hour" in values.dims}
        self.dataset.to_netcdf(folder / "plan.nc", engine="h5netcdf", encoding=packed)
        for name, table in (("phases", self.phases), ("builds", self.builds), ("limits", limit_table(self.dataset))):
            defused(table).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        for name, values in (("summary", self.summary), ("manifest", self.manifest)):
            (folder / f"{name}.json").write_text(json.dumps(values, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path) -> "Plan":
        """Read a plan's folder. Raises FileNotFoundError with the file that is missing."""
        folder = Path(folder)
        for name in FILES:
            if not (folder / name).is_file():
                raise FileNotFoundError(f"{folder} holds no plan: {name} is missing; write one with `dcplan optimize SITE -o {folder}`")
        phases, builds = (pd.read_csv(folder / f"{name}.csv") for name in ("phases", "builds"))
        summary, manifest = (_json(folder / f"{name}.json") for name in ("summary", "manifest"))
        return cls(xr.load_dataset(folder / "plan.nc", engine="h5netcdf"), phases, builds, summary, manifest)


def _json(path: Path) -> dict:
    """What a file holds. Raises ValueError with its name."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as reason:
        raise ValueError(f"{path.name}: {reason}") from reason


def defused(table: pd.DataFrame) -> pd.DataFrame:
    """Text cells that a spreadsheet would run as a formula start with an apostrophe."""
    return table.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell)


def _site_of(manifest: Path) -> str | None:
    """The site that a folder's manifest names; None where there is no manifest of ours."""
    try:
        held = json.loads(manifest.read_text(encoding="utf-8"))
        return held["site"] if isinstance(held["site"], str) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def swap(fresh: Path, folder: Path) -> None:
    old = fresh.with_name(f"{fresh.name}-old")
    os.chmod(fresh, 0o755)
    try:
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise
    (shutil.rmtree if old.is_dir() else Path.unlink)(old) if old.exists() else None
