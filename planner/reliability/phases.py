"""In which phase of a plan each class of load is least reliable, by the closed tables: while a campus is built it may stand on few machines."""

from collections.abc import Iterator
from pathlib import Path

import xarray as xr

from ...models.horizon import Phase
from ..assemble import build_case
from ..case import Case
from ..verification.reading import read_plan
from .assess import assess_plan, operated


def weakest(folder: str | Path, site: str | Path | None = None) -> dict[str, tuple[str, float]]:
    """By class of load the phase of a written plan in which its availability is lowest, the first of equals, and that availability.

    Raises NotVerifiable where the folder holds no plan, or its inputs have changed, and NoSuchPhase where no phase has racks.
    """
    reading = read_plan(folder, site)
    case = build_case(reading.site)
    found = [assess_plan(case, reading.data, phase.name, years=0) for phase in _unlike(case, reading.data)]
    return {name: min(((one.phase.name, one.together(name)["availability"]) for one in found), key=lambda told: told[1]) for name in found[0].targets}


def _unlike(case: Case, data: xr.Dataset) -> Iterator[Phase]:
    """Of operated phases one after another with the same capacities the first."""
    before = None
    for phase in operated(case, data):
        there = data["capacity"].isel(phase=phase.index).values
        if before is None or (there != before).any():
            yield phase
        before = there
