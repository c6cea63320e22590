"""dcplan init: what it writes runs as it is, and nothing that is there is touched."""

import json
import re
import resource
import shlex
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.sites import load_site
from dcplan.sites.examples import ExampleProblem, begin, examples, names
from dcplan.sites.keys import site_keys
from jsonschema import Draft7Validator
from small import small_site
from test_explain import as_editors_see

ROOT = Path(__file__).parent.parent


def run(*arguments):
    return CliRunner().invoke(dcplan, [str(argument) for argument in arguments])


def test_every_example_is_one_to_begin_from():
    assert set(examples()) == {path.parent.name for path in ROOT.glob("examples/*/site.toml")}
    assert set(names()) == {path.parent.name for path in ROOT.glob("examples/*/README.md")}


@pytest.mark.parametrize("name", sorted(examples()))
def test_what_begins_from_an_example_checks_clean_on_its_own(tmp_path, name):
    folder = tmp_path / "new-site"
    begin(folder, name)
    site = load_site(folder / "site.toml")
    assert site.name == "new-site"
    assert site.hours.sizes["hour"] == 8760
    assert all(Path(named).name == named for named in site.inputs), "every file lies beside the site file"
    assert (folder / "site.toml").read_text().startswith("#:schema ./site.schema.json\n")
    assert "`../" not in (folder / "README.md").read_text(), "files are told as they lie in the folder"
    schema = Draft7Validator(json.loads((folder / "site.schema.json").read_text()))
    assert schema.is_valid(as_editors_see(tomllib.loads((folder / "site.toml").read_text())))


def test_the_command_says_what_it_wrote_and_what_comes_next(tmp_path):
    done = run("init", tmp_path / "deep" / "mine")
    folder = tmp_path / "deep" / "mine"
    assert (done.exit_code, done.stdout.split("\n")[:-1]) == (
        0, [str(folder / name) for name in ("README.md", "boundary.geojson", "dulles_tmy3.epw.gz", "site.schema.json", "site.toml")])
    assert done.stderr == (f"next: edit {folder / 'site.toml'}, then `dcplan check {folder / 'site.toml'}` and `dcplan optimize {folder / 'site.toml'}`\n")
    assert list((tmp_path / "deep").iterdir()) == [folder]


def test_what_comes_next_can_be_typed_where_the_name_has_a_blank(tmp_path):
    done = run("init", tmp_path / "my site")
    site = f"'{tmp_path / 'my site' / 'site.toml'}'"
    assert done.stderr == f"next: edit {site}, then `dcplan check {site}` and `dcplan optimize {site}`\n"


def test_a_screening_is_begun_and_what_comes_next_runs(tmp_path):
    """The step that is told is typed as it stands."""
    folder = tmp_path / "my parcels"
    done = run("init", folder, "--from", "screen")
    held = sorted(path for path in (ROOT / "examples" / "screen").rglob("*") if path.is_file())
    assert (done.exit_code, done.stdout.split("\n")[:-1]) == (0, [str(folder / path.relative_to(ROOT / "examples" / "screen")) for path in held])
    step = re.fullmatch(r"next: put your own parcels and layers in place, then `dcplan (screen .*)`\n", done.stderr)
    assert step is not None
    ended = run(*shlex.split(step[1]))
    assert ended.exit_code == 0, ended.stderr
    assert sorted(path.name for path in (folder / "screening").iterdir()) == ["ranking.csv", "ranking.gpkg", "ranking_columns.csv", "sites"]


@pytest.mark.parametrize("made", ["folder", "file"])
def test_nothing_is_overwritten(tmp_path, made):
    place = tmp_path / "mine"
    place.mkdir() if made == "folder" else place.write_text("own")
    refused = run("init", place)
    assert (refused.exit_code, refused.stdout, refused.stderr) == (2, "", f"{place} is there already: give the name of a new folder\n")
    assert place.is_dir() or place.read_text() == "own"


def test_no_such_example(tmp_path):
    refused = run("init", tmp_path / "mine", "--from", "atlantis")
    assert refused.exit_code == 2
    assert refused.stderr.startswith('there is no example "atlantis"; examples are: abilene, ')
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.copy", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    refused = run("init", tmp_path / "mine")
    assert (refused.exit_code, refused.stderr) == (2, f"cannot write {tmp_path / 'mine'}: No space left on device\n")
    assert list(tmp_path.iterdir()) == []


def test_bases_and_files_of_scenarios_come_along(tmp_path, monkeypatch):
    small_site(tmp_path / "base")
    (tmp_path / "base" / "prices.csv").write_text("price\n" + "40\n" * 8760)
    (tmp_path / "own").mkdir()
    path = tmp_path / "own" / "site.toml"
    path.write_text('extends = "../base/site.toml"\n[scenario.high.grid.price]\nhourly = "../base/prices.csv"\n')
    monkeypatch.setattr("dcplan.sites.examples.examples", lambda: {"own": path})
    written = begin(tmp_path / "copy", "own")
    assert [file.name for file in written] == ["base.toml", "prices.csv", "site.schema.json", "site.toml", "weather.csv"]
    assert tomllib.loads((tmp_path / "copy" / "site.toml").read_text()) == {
        "name": "copy", "extends": "base.toml", "scenario": {"high": {"grid": {"price": {"hourly": "prices.csv"}}}}}
    assert load_site(tmp_path / "copy" / "site.toml").name == "copy"


def test_unknown_example_by_the_function(tmp_path):
    with pytest.raises(ExampleProblem, match="there is no example"):
        begin(tmp_path / "mine", "atlantis")


def test_the_starter_shows_the_sections():
    text = (ROOT / "examples" / "starter" / "site.toml").read_text()
    named = set(re.findall(r"\[\[?([a-z_]+)", text)) - {"scenario"}
    assert named <= {path[0] for path in site_keys()}
    assert named >= {path[0] for path, key in site_keys().items() if len(path) == 1 and key.field.is_required() and key.form.is_table}
    assert named >= {"fleet", "halls", "assets", "grid", "gas", "water", "power", "cooling", "redundancy", "electrical", "climate", "outage", "reliability",
                     "heat_network", "wind", "load", "sizes", "limits", "catalog"}


def with_every_line(folder: Path) -> Path:
    """The starter with each optional line taken in."""
    begin(folder)
    path = folder / "site.toml"
    text = path.read_text()
    for line in text.split("\n"):
        bare = line.removeprefix("# ")
        if line.startswith("# ") and (bare.partition(" = ")[2] or bare.startswith("[")) and "extends" not in line and not bare.startswith("Quantities"):
            text = text.replace(line, bare)
    path.write_text(text)
    return path


def test_what_stands_behind_a_mark_reads_as_well(tmp_path):
    """Each optional line of the starter, taken in, still gives a site whose types read."""
    path = with_every_line(tmp_path / "mine")
    assert tomllib.loads(path.read_text())["outage"] == {"duration": "24 hour"}
    found = run("check", path)
    assert (found.exit_code, "rates" in found.stderr) == (0, False), found.stderr


def test_check_of_every_section_is_quick(tmp_path):
    """Asked for: 2 s. Time of the processor, which others do not lengthen much: 1.8 s as measured, the least of three; 3 s would be a change for worse."""
    path, taken = with_every_line(tmp_path / "mine"), []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "dcplan.cli", "check", str(path)], check=True, stdout=subprocess.DEVNULL, timeout=120)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(taken) < 3


@pytest.mark.slow
def test_an_installed_wheel_begins_sites(tmp_path):
    """Built and unpacked: examples are found beside the packages, as in site-packages."""
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)], check=True, timeout=300)
    wheel = next(tmp_path.glob("*.whl"))
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    code = "import sys; sys.path.insert(0, sys.argv[1]); sys.meta_path[:] = [f for f in sys.meta_path if 'Editable' not in getattr(f, '__name__', '')]\n"
    code += "from dcplan.cli.commands import dcplan; dcplan(['init', 'mine'], standalone_mode=False)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "installed")], check=True, cwd=tmp_path, timeout=60)
    assert load_site(tmp_path / "mine" / "site.toml").name == "mine"
    examples_installed = tmp_path / "installed" / "dcplan" / "examples"
    held = [path.relative_to(ROOT / "examples") for path in ROOT.glob("examples/*/**/*") if path.is_file()]
    assert [path for path in held if not (examples_installed / path).is_file()] == []
