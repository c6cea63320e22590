"""Files that a site may name and that come with a package: `pvlib:723170TYA.CSV` is the typical year of Greensboro in pvlib's own data."""

from importlib.util import find_spec
from pathlib import Path

PREFIX = "pvlib:"


def is_packaged(name: str | Path) -> bool:
    """Whether a name in a site file is that of a file in pvlib."""
    return str(name).startswith(PREFIX)


def looked_for(path: Path) -> str:
    """How to mend a path that leads to no file, with where it leads."""
    return f"looked for {path.resolve()}; give a path from the folder of the file that names it"


def located(folder: Path, name: str | Path) -> Path:
    """Where a file that a site names is: in pvlib's data, else from the folder of the site file."""
    if not is_packaged(name):
        return folder / name
    package = find_spec("pvlib")
    within = package.submodule_search_locations[0] if package is not None and package.submodule_search_locations else "pvlib"
    return Path(within) / "data" / Path(str(name).removeprefix(PREFIX)).name
