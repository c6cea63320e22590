"""A search kept in a file: its cuts, best plan and bounds, so that a later run goes on where this one stopped."""

import hashlib
import json
import os
import zipfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..sites import Site
from ..sites.rules import rules_of
from .errors import PlannerError
from .master import Cut

if TYPE_CHECKING:
    from .benders import Search


OWN = ("models", "sites", "planner")


class CheckpointProblem(PlannerError):
    """A checkpoint that is not one, or belongs to other inputs."""


def fingerprint(site: Site) -> str:
    """What a search depends on: the site's inputs, its objective and rules of redundancy, and the code that builds and solves."""
    parts = {"inputs": site.inputs, "overrides": site.overrides, "scenario": site.scenario, "objective": site.plan.objective,
             "rules": rules_of(site).record(),
             "code": _own_code(), "versions": {name: version(name) for name in ("dcplan", "pyomo", "highspy")}}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def _own_code() -> str:
    """SHA-256 of dcplan's own modules and catalogue tables, as they are installed: a bound that other code proved says nothing of this one."""
    home, found = Path(__file__).parent.parent, hashlib.sha256()
    for path in sorted(path for folder in OWN for ending in ("*.py", "*.csv") for path in (home / folder).rglob(ending)):
        found.update(f"{path.relative_to(home)} ".encode() + path.read_bytes())
    return found.hexdigest()


def of_rules(path: Path, site: Site) -> Path:
    """The checkpoint of a round of a reliability target after the first: the rules that it stands under are in its name."""
    record = json.dumps(rules_of(site).record(), sort_keys=True)
    return path.with_name(f"{path.name}-{hashlib.sha256(record.encode()).hexdigest()[:8]}")


def belongs(path: Path, site: Site) -> bool:
    """Whether a file that is there is a checkpoint of these inputs."""
    try:
        return str(_read(path)["fingerprint"]) == fingerprint(site)
    except CheckpointProblem:
        return False


def save(path: Path, site: Site, search: "Search") -> None:
    """Write a search, whole or not at all."""
    pool = search.master.pool
    fresh = path.with_name(f".{path.name}.part")
    with fresh.open("wb") as handle:
        np.savez(handle, fingerprint=fingerprint(site), no_later=search.no_later, plan=search.plan,
                 bounds=np.array([search.cost, search.bound, search.first]),
                 functions=np.array([cut.function for cut in pool], dtype=str), intercepts=np.array([cut.intercept for cut in pool]),
                 months=np.array([len(cut.weights) for cut in pool], dtype=int), phases=np.array([len(cut.slopes) for cut in pool], dtype=int),
                 weights=np.concatenate([np.zeros(0), *(cut.weights for cut in pool)]),
                 slopes=np.concatenate([np.zeros((0, search.master.states.shape[1])), *(cut.slopes for cut in pool)]))
    os.replace(fresh, path)


def lateness(path: Path) -> float:
    """Accelerator-hours late that the search was held to, where the objective was speed. Raises CheckpointProblem."""
    return float(_read(path)["no_later"])


def _read(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as held:
            return {name: held[name] for name in ("fingerprint", "no_later", *held.files)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as reason:
        raise CheckpointProblem(f"{path} is no checkpoint of dcplan ({reason}); give another file, or remove it to start anew") from reason


def load(path: Path, site: Site, search: "Search") -> None:
    """Take up a search. Raises CheckpointProblem where the file is no checkpoint, or one of other inputs."""
    found = _read(path)
    if str(found["fingerprint"]) != fingerprint(site):
        raise CheckpointProblem(f"{path} is the checkpoint of other inputs or versions: the site, a file it names, or dcplan has changed; "
                                "give another file, or remove it to start anew")
    search.plan, (search.cost, search.bound, search.first) = found["plan"], map(float, found["bounds"])
    weights = np.split(found["weights"], np.cumsum(found["months"])[:-1])
    slopes = np.split(found["slopes"], np.cumsum(found["phases"])[:-1])
    search.master.pool = [Cut(str(function), weight, float(intercept), slope) for function, weight, intercept, slope in
                          zip(found["functions"], weights, found["intercepts"], slopes, strict=True)]
