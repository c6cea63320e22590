"""The house rules that a machine can check: direction of imports, packages, the public door, sizes."""

import ast
import csv
import tomllib
from importlib import resources
from pathlib import Path

import dcplan.planner
import dcplan.sites
import pytest
from dcplan.models.catalog import TABLES

ROOT = Path(__file__).parent.parent
ORDER = ("models", "sites", "planner", "cli")  # a folder imports itself and those before it
BANNED = {"models": ("highspy", "tomllib", "geopandas"), "sites": ("pyomo",)}
LONGEST_FILE, LONGEST_FUNCTION = 350, 40


def sources() -> list[Path]:
    return sorted(path for folder in ORDER for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Dotted names that a file imports, relative ones made absolute: dcplan.models.units."""
    package = ("dcplan", *path.relative_to(ROOT).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            found |= {base, *(f"{base}.{name.name}" for name in node.names)}
    return found


def runs_back(path: Path) -> set[str]:
    """Imports of a file that go against the order."""
    place = ORDER.index(path.relative_to(ROOT).parts[0])
    return {name for name in imported(path) for later in ORDER[place + 1 :] if f"{name}.".startswith(f"dcplan.{later}.")}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path):
    assert not runs_back(path)


def test_an_import_that_runs_back_is_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    wrong = tmp_path / "models" / "physics" / "wrong.py"
    wrong.parent.mkdir(parents=True)
    for line in ("from ...planner.plan import Plan", "import dcplan.planner", "from dcplan import planner", "from ... import planner"):
        wrong.write_text(line)
        assert runs_back(wrong), line


@pytest.mark.parametrize("folder", BANNED)
def test_folders_know_nothing_of_what_is_not_theirs(folder):
    for path in (ROOT / folder).rglob("*.py"):
        assert not {name.partition(".")[0] for name in imported(path)} & set(BANNED[folder]), path


def test_packages_are_the_folders_that_hold_python():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted({"dcplan.examples", *(".".join(("dcplan", *path.relative_to(ROOT).parent.parts)) for path in sources())})


def test_public_door():
    assert dcplan.planner.__all__ == [
        "CheckpointProblem", "FolderTaken", "Interrupted", "NoPlan", "NotVerifiable", "Plan", "PlannerError", "Verification", "compare",
        "optimize", "verify"]
    assert dcplan.sites.__all__ == ["DesignConditions", "Problem", "Site", "SiteProblems", "load_site"]
    for package in (dcplan.planner, dcplan.sites):
        assert all(hasattr(package, name) for name in package.__all__)


@pytest.mark.parametrize("table", [*TABLES, "sources"])
def test_catalogue_tables_are_package_data(table):
    text = resources.files("dcplan.models.data").joinpath(f"{table}.csv").read_text(encoding="utf-8")
    assert list(csv.DictReader(text.splitlines()))


def test_every_catalogue_table_is_listed():
    assert {path.stem for path in (ROOT / "models" / "data").glob("*.csv")} == {*TABLES, "sources", "cost_sets", "climates"}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert code_lines(node) <= LONGEST_FUNCTION, node.name


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its def to its end, without its docstring."""
    spoken = function.body[0] if ast.get_docstring(function) else None
    return span(function) - (span(spoken) if spoken else 0)


def span(node: ast.stmt) -> int:
    """Lines from a statement's first to its last."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_drawer_for_everything():
    assert not [path for path in sources() if path.stem in ("utils", "helpers", "common", "misc")]
