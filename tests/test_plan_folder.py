"""The folder of a plan: whole or not at all, what was there stays where a write fails, cells that no spreadsheet runs."""

from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
from dcplan.planner import FolderTaken, NotVerifiable, Plan, verify
from dcplan.planner.plan import FILES

PHASES = pd.DataFrame({"phase": ["2029Q4"], "start": ["2029-10-01"], "it_mw": [38.25]})


def plan(name="Phoenix", **summary) -> Plan:
    builds = pd.DataFrame({"phase": ["2029Q4"], "technology": ["=HYPERLINK(1)"], "units": [-1.0]})
    return Plan(xr.Dataset(), PHASES, builds, {"site": name, **summary}, {"site": name})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_and_nothing_beside(tmp_path):
    plan().save(tmp_path / "plan")
    assert sorted(contents(tmp_path / "plan")) == sorted([*FILES, "limits.csv"])
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_a_plan_of_the_same_site_is_replaced_any_other_needs_force(tmp_path):
    plan().save(tmp_path / "plan")
    plan(pue=1.1).save(tmp_path / "plan")
    assert Plan.load(tmp_path / "plan").summary["pue"] == 1.1
    with pytest.raises(FolderTaken, match="holds the plan of Phoenix"):
        plan("Ashburn").save(tmp_path / "plan")
    plan("Ashburn").save(tmp_path / "plan", force=True)
    assert Plan.load(tmp_path / "plan").summary == {"site": "Ashburn"}


def test_a_damaged_file_is_named(tmp_path):
    plan().save(tmp_path / "plan")
    (tmp_path / "plan" / "manifest.json").write_text('{"site": "Phoenix"\n ]')
    told = "Expecting ',' delimiter: line 2 column 2 (char 20)"
    with pytest.raises(ValueError, match=r"manifest\.json") as refused:
        Plan.load(tmp_path / "plan")
    assert str(refused.value) == f"manifest.json: {told}"
    with pytest.raises(NotVerifiable) as unread:
        verify(tmp_path / "plan")
    assert str(unread.value) == f"{tmp_path / 'plan' / 'manifest.json'} cannot be read: {told}"


def test_no_force_replaces_the_folder_of_a_site(tmp_path):
    (tmp_path / "site.toml").write_text('name = "Phoenix"')
    with pytest.raises(FolderTaken) as refused:
        plan().save(tmp_path, force=True)
    assert str(refused.value) == f"{tmp_path} holds site.toml: a plan replaces all that is in its folder; give another folder with -o"
    assert [path.name for path in tmp_path.iterdir()] == ["site.toml"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    plan().save(tmp_path / "plan")
    before = contents(tmp_path / "plan")
    with pytest.raises(TypeError, match="not JSON serializable"):
        plan(pue=complex(1, 1)).save(tmp_path / "plan")
    assert contents(tmp_path / "plan") == before
    with pytest.raises(TypeError):
        plan(pue=complex(1, 1)).save(tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


@pytest.mark.parametrize("after", [0, 1])
def test_ctrl_c_while_folders_change_places_leaves_what_was_there(monkeypatch, tmp_path, after):
    """It comes with the first move (the old folder aside) or the second (the new one in its place), once the first is done."""
    plan().save(tmp_path / "plan")
    before, move, moves = contents(tmp_path / "plan"), Path.rename, []

    def rename(path, target):
        moves.append(path)
        if len(moves) == 1:
            move(path, target)
        if len(moves) == after + 1:
            raise KeyboardInterrupt
        return move(path, target) if len(moves) > 1 else None

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        plan(pue=1.1).save(tmp_path / "plan")
    assert contents(tmp_path / "plan") == before
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_text_cells_start_no_formula_and_numbers_stay_numbers(tmp_path):
    plan().save(tmp_path / "plan")
    assert (tmp_path / "plan" / "builds.csv").read_text() == "phase,technology,units\n2029Q4,'=HYPERLINK(1),-1.0\n"
