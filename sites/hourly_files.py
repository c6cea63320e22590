"""The tables that a site file names, each read once."""

from dataclasses import dataclass, field
from pathlib import Path

from .hourly_csv import SeriesProblem, Table, check_cells, check_hours, read_table
from .packaged import looked_for


@dataclass(frozen=True)
class Files:
    """Tables beside a site file, with the standard time that hourly ones are taken to be of (hours from UTC), and those already read."""

    folder: Path
    utc_offset: float | None = None
    read: dict[Path, Table] = field(default_factory=dict)

    def table(self, path: Path, key: tuple, count: int) -> Table:
        """A file of so many rows. Raises SeriesProblem."""
        found = self._any(path, key)
        if len(found.rows) != count:
            raise SeriesProblem(key, f'"{found.name}" has {len(found.rows):,} rows', f"expected {count:,}, under a line of column names")
        check_cells(found, key)
        return found

    def hourly(self, path: Path, key: tuple) -> Table:
        """A file of 8760 rows, or 8784 with 29 February, whose own times, where it has any, are those of the model year. Raises SeriesProblem."""
        found = self._any(path, key)
        check_hours(found, key, self.utc_offset)
        return found

    def _any(self, path: Path, key: tuple) -> Table:
        if path not in self.read:
            self.read[path] = _read(self.folder / path, key)
        return self.read[path]


def _read(path: Path, key: tuple) -> Table:
    if not path.is_file():
        found = f'"{path}" is a folder' if path.is_dir() else f'there is no file "{path}"'
        raise SeriesProblem(key, found, looked_for(path))
    try:
        return read_table(path.name, path.read_bytes(), key)
    except OSError as reason:
        raise SeriesProblem(key, f'"{path}" cannot be read: {reason.strerror}', looked_for(path)) from reason
