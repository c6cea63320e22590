"""Folders that no result replaces, whatever is asked for: a result takes the place of all that is in its folder."""

from pathlib import Path

from .errors import FolderTaken

ELSEWHERE = "give another folder with -o"


def refuse_precious(folder: Path, what: str) -> None:
    """Raise FolderTaken where a folder holds the one that is worked in, is the home, or holds site files: what they name is mostly beside them."""
    if folder.resolve() in (Path.home(), *Path.cwd().parents, Path.cwd()):
        raise FolderTaken(folder, f"holds the folder that you work in, or is your home: {what} replaces all that is in its folder", ELSEWHERE)
    if folder.is_dir() and (sites := sorted(path.name for path in folder.glob("*.toml"))):
        raise FolderTaken(folder, f"holds {', '.join(sites)}: {what} replaces all that is in its folder", ELSEWHERE)
