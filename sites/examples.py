"""Examples as a place to begin from: their site file with all it names, copied into a folder of its own, with the schema for editors; or a screening,
candidates and layers as they are."""

import importlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .json_schema import json_schema
from .keys import path_values
from .layers import SourceFile, read_source
from .packaged import is_packaged

STARTER = "starter"
SCREEN = "screen"  # candidates, criteria and layers; no site
SCHEMA = "site.schema.json"
NAME_LINE = re.compile(r"^name = .*$", re.MULTILINE)


class ExampleProblem(ValueError):
    """Why a site cannot be begun: no such example, or a place that is taken."""


def examples() -> dict[str, Path]:
    """Site files of the examples that come with dcplan, by name."""
    return {path.parent.name: path for folder in _folders() for path in sorted(folder.glob("*/site.toml"))}


def _folders() -> list[Path]:
    return [Path(path) for path in importlib.import_module("dcplan.examples").__path__]


def names() -> tuple[str, ...]:
    """What can be begun from."""
    return (*examples(), SCREEN)


def begin(folder: Path, example: str = STARTER) -> list[Path]:
    """Write a site into a new folder, whole or not at all; it is named as the folder. A screening is copied as it is. Gives what was written. Raises
    ExampleProblem."""
    if example not in names():
        raise ExampleProblem(f'there is no example "{example}"; examples are: {", ".join(names())}')
    if not folder.absolute().name or folder.exists():
        raise ExampleProblem(f"{folder} is there already: give the name of a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        fresh = Path(beside) / folder.name
        if example == SCREEN:
            shutil.copytree(_folders()[0] / SCREEN, fresh)
        else:
            _write(fresh, examples()[example], folder.name)
        fresh.rename(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write(folder: Path, site: Path, name: str) -> None:
    folder.mkdir()
    files = read_source(site).files
    names = {file.path.resolve(): file.path.name if file is files[0] else f"{file.path.parent.name}.toml" for file in files}
    for file in files:
        text = _gathered(file, folder, names)
        if file is files[0]:
            text = f"#:schema ./{SCHEMA}\n{_named(text, name)}"
        (folder / names[file.path.resolve()]).write_text(text, encoding="utf-8")
    (folder / SCHEMA).write_text(json.dumps(json_schema()), encoding="utf-8")
    if (site.parent / "README.md").is_file():
        (folder / "README.md").write_text(_about(site.parent / "README.md", files), encoding="utf-8")


def _about(readme: Path, files: tuple[SourceFile, ...]) -> str:
    """The text about an example, its files told as they lie in the new folder."""
    text = readme.read_text(encoding="utf-8")
    for written in (written for file in files for written in _named_files(file) if not is_packaged(written)):
        text = text.replace(f"`{written}`", f"`{Path(written).name}`")
    return text


def _gathered(file: SourceFile, folder: Path, names: dict[Path, str]) -> str:
    """The file's text with every path beside it; what it names is copied there."""
    text = file.path.read_text(encoding="utf-8")
    for written in _named_files(file):
        if is_packaged(written):
            continue
        source = file.path.parent / written
        beside = names.get(source.resolve(), source.name)
        if source.resolve() not in names:
            (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / beside)
        text = text.replace(json.dumps(written, ensure_ascii=False), json.dumps(beside, ensure_ascii=False))
    return text


def _named_files(file: SourceFile) -> Iterator[str]:
    """Paths in a file and in its scenarios, each once, and the file that it extends."""
    tables = [file.values, *file.values.get("scenario", {}).values()]
    extends = [file.extends] if file.extends is not None else []
    yield from dict.fromkeys([*extends, *(text for table in tables for _, text in path_values(table))])


def _named(text: str, name: str) -> str:
    """The text with the site's name as its own; before all else where it had none."""
    line = f"name = {json.dumps(name, ensure_ascii=False)}"
    return NAME_LINE.sub(lambda _: line, text, count=1) if NAME_LINE.search(text) else f"{line}\n{text}"
