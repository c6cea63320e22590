"""Site files: the example loads, what is wrong is placed."""

import shutil
from pathlib import Path

import pytest
from dcplan.sites import SiteProblems, load_site

ABILENE = Path(__file__).parent.parent / "examples" / "abilene"


def test_abilene_loads():
    site = load_site(ABILENE / "site.toml")
    assert site.hours.sizes == {"scenario": 1, "hour": 8760}
    assert bool((site.hours.wet_bulb <= site.hours.dry_bulb).all())
    assert site.design.dry_bulb == pytest.approx(37.9)


@pytest.mark.parametrize(("wrong", "title"), [
    ("250", 'has no unit'), ("250 kg", "is in kg"), ("8 $/kW", "money sign"), ("lots", "not a number")])
def test_wrong_quantity_is_placed(tmp_path, wrong, title):
    folder = shutil.copytree(ABILENE, tmp_path / "a")
    text = (folder / "site.toml").read_text()
    (folder / "site.toml").write_text(text.replace('"200 MW"', f'"{wrong}"', 1))
    with pytest.raises(SiteProblems) as found:
        load_site(folder / "site.toml")
    problem = found.value.problems[0]
    assert title in problem.title
    assert problem.key == "grid.stages[0].capacity"
    assert text.split("\n")[problem.line - 1].lstrip().startswith('{ name = "substation_200"')


def test_unknown_key_names_the_nearest(tmp_path):
    folder = shutil.copytree(ABILENE, tmp_path / "a")
    text = (folder / "site.toml").read_text()
    (folder / "site.toml").write_text(text.replace("power_factor =", "power_facto =", 1))
    with pytest.raises(SiteProblems, match=r"did you mean power_factor\?"):
        load_site(folder / "site.toml")


def test_missing_file():
    with pytest.raises(SiteProblems, match=r"none\.toml"):
        load_site("none.toml")
