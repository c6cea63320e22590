"""The whole programme as one model, with the whole units of a plan held: what a search proves, told by one linear programme."""

from dataclasses import replace

from dcplan.models.horizon import Slice, calendar_blocks
from dcplan.planner import Plan, highs
from dcplan.planner.assemble import build_case
from dcplan.planner.highs import Arrays
from dcplan.planner.programme import MILLION, Programme, build_programme
from dcplan.sites import Site

TIGHT = 1e-5
Slices = tuple[tuple[Slice, ...], ...]


def whole_programme(site: Site, slices: Slices | None = None) -> tuple[Programme, Arrays]:
    """One programme of every hour of all phases (or of these slices, by weather year), and its arrays."""
    with highs.building():
        programme = build_programme(build_case(site), slices or (calendar_blocks(),) * len(site.weights), tied=False)
        return programme, highs.compile_model(programme.model)


def cost_of_units(programme: Programme, arrays: Arrays, plan: Plan, **options) -> float:
    """The least cost (USD) with the plan's whole units."""
    solver = highs.load(_holding(programme, arrays, plan), mip_rel_gap=TIGHT, **options)
    assert highs.is_optimal(highs.run(solver))
    return solver.getInfo().objective_function_value * MILLION


def _holding(programme: Programme, arrays: Arrays, plan: Plan) -> Arrays:
    """The arrays with the whole units of a plan's builds held."""
    rows = plan.builds[plan.builds.status == "option"]
    built = dict(zip(zip(rows.technology, rows.phase, strict=True), rows.units, strict=True))
    place, lower, upper = {id(column): number for number, column in enumerate(arrays.columns)}, arrays.lower.copy(), arrays.upper.copy()
    for asset in programme.case.assets:
        for phase in programme.case.phases if asset.integer else ():
            column = place.get(id(programme.asset(asset.name).build[phase.index]))
            if column is not None:
                lower[column] = upper[column] = built.get((asset.name, phase.name), 0)
    return replace(arrays, lower=lower, upper=upper)
