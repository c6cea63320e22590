"""A search kept in a file: its cuts, best plan and bounds, so that a later run goes on where this one stopped."""

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..sites import Site
from .errors import PlannerError
from .master import Cut, Row

if TYPE_CHECKING:
    from .benders import Search


class CheckpointProblem(PlannerError):
    """A checkpoint that is not one, or belongs to other inputs."""


def fingerprint(site: Site) -> str:
    """What a search depends on: the site's inputs, its objective, and the versions that build and solve."""
    parts = {"inputs": site.inputs, "objective": site.plan.objective, "versions": {name: version(name) for name in ("dcplan", "pyomo", "highspy")}}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def save(path: Path, site: Site, search: "Search") -> None:
    """Write a search, whole or not at all."""
    pool, rows = search.master.pool, search.master.rows
    fresh = path.with_name(f".{path.name}.part")
    with fresh.open("wb") as handle:
        np.savez(handle, fingerprint=fingerprint(site), plan=search.plan, bounds=np.array([search.cost, search.bound, search.first]),
                 months=np.array([cut.month for cut in pool]), prices=np.array([cut.prices for cut in pool]),
                 intercepts=np.array([cut.intercept for cut in pool]), slopes=np.array([cut.slope for cut in pool]),
                 sizes=np.array([len(row.columns) for row in rows], dtype=int), lowers=np.array([row.lower for row in rows]),
                 columns=_joined([row.columns for row in rows], np.int32), values=_joined([row.values for row in rows], float))
    os.replace(fresh, path)


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype=kind), *parts]).astype(kind)


def load(path: Path, site: Site, search: "Search") -> None:
    """Take up a search. Raises CheckpointProblem where the file is no checkpoint, or one of other inputs."""
    try:
        with np.load(path, allow_pickle=False) as held:
            found = {name: held[name] for name in held.files}
        same = str(found["fingerprint"]) == fingerprint(site)
    except (OSError, ValueError, KeyError, EOFError) as reason:
        raise CheckpointProblem(f"{path} is no checkpoint of dcplan ({reason}); give another file, or remove it to start anew") from reason
    if not same:
        raise CheckpointProblem(f"{path} is the checkpoint of other inputs or versions: the site, a file it names, or dcplan has changed; "
                                "give another file, or remove it to start anew")
    search.plan, (search.cost, search.bound, search.first) = found["plan"], map(float, found["bounds"])
    search.master.pool = [Cut(int(month), prices, float(intercept), slope) for month, prices, intercept, slope in
                          zip(found["months"], found["prices"], found["intercepts"], found["slopes"], strict=True)]
    cuts = np.cumsum(found["sizes"])[:-1]
    search.master.rows = [Row(columns, values, float(lower)) for columns, values, lower in
                          zip(np.split(found["columns"], cuts), np.split(found["values"], cuts), found["lowers"], strict=True)] if len(cuts) else []
