"""The completion scripts in real shells, where they are installed, as their users meet them: on a tab."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.cli.completion import MENDED

LINES = [
    ("dcplan check --set water.ri", "water.right"), ("dcplan check --set=water.ri", "--set=water.right"),
    ("dcplan check site.toml --scenario d", "dry"), ("dcplan check site.toml --scenario=d", "--scenario=dry"),
    ("dcplan init mine --from ab", "abilene"), ("dcplan init mine --from=ab", "--from=abilene"),
    ("dcplan compare --base si", "site.toml"), ("dcplan compare --base=si", "--base=site.toml"),
]
ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($PWD/functions \\$fpath); autoload -U compinit; compinit -D -u"
zpty -w shell 'told() { print -r -- "line[$BUFFER]" }; zle -N told; bindkey "^X" told; print rea""dy'
zpty -r -m shell seen '*ready*'
zpty -w -n shell "$1"$'\\t\\x18'
zpty -r -m shell seen '*line\\[*\\]*'
print -r -- "${${seen##*line\\[}%%\\]*}"
"""


def script(shell: str) -> str:
    return CliRunner().invoke(dcplan, ["completion", shell]).stdout


def needs(shell: str):
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@pytest.fixture
def at(tmp_path, monkeypatch) -> Path:
    """A folder with a site of one scenario, in which `dcplan` is a command."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "dcplan").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dcplan.cli "$@"\n')
    (tmp_path / "bin" / "dcplan").chmod(0o755)
    (tmp_path / "site.toml").write_text("[scenario.dry]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("shell", MENDED)
def test_what_is_mended_in_a_script_is_there(shell):
    for written in MENDED[shell].values():
        assert written in script(shell)


@needs("bash")
@pytest.mark.parametrize(("words", "found"), [
    ("dcplan check --set water.ri", "water.right"), ("dcplan check --set = water.ri", "water.right"), ("dcplan init mine --from = ab", "abilene"),
    ("dcplan check site.toml --scenario =", "dry"), ("dcplan check --set water.right = 3 site.toml --scenario d", "dry")])
def test_bash(at, words, found):
    """In bash = is a word of its own, and what comes after it is what is completed."""
    asked = f"COMP_WORDS=({words}); COMP_CWORD={len(words.split()) - 1}; _dcplan_completion dcplan; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    made = subprocess.run(["bash", "-c", f"{script('bash')}\n{asked}"], capture_output=True, text=True, timeout=180)
    assert (made.stdout.splitlines(), made.stderr) == ([found], "")


@needs("fish")
@pytest.mark.parametrize(("line", "found"), LINES)
def test_fish(at, line, found):
    (at / "dcplan.fish").write_text(script("fish"))
    made = subprocess.run(["fish", "--no-config", "-c", f"source dcplan.fish; complete -C '{line}'"], capture_output=True, text=True, timeout=180)
    assert (made.stdout.splitlines(), made.stderr) == ([found], "")


@needs("fish")
def test_descriptions_in_fish_are_whole(at):
    (at / "dcplan.fish").write_text(script("fish"))
    made = subprocess.run(["fish", "--no-config", "-c", "source dcplan.fish; complete -C 'dcplan comp'"], capture_output=True, text=True, timeout=180)
    assert made.stdout.splitlines()[0] == "compare\tPlan several sites (files, or folders with..."


@needs("zsh")
@pytest.mark.parametrize(("line", "found"), LINES)
def test_zsh(at, line, found):
    (at / "functions").mkdir()
    (at / "functions" / "_dcplan").write_text(script("zsh"))
    made = subprocess.run(["zsh", "-f", "-c", ZSH, "zsh", line], capture_output=True, text=True, timeout=180)
    assert made.stdout.strip() == f"{line.rpartition(' ')[0]} {found}", made.stderr
