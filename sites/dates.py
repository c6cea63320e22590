"""Checks of dates: the plan, its steps, and what is dated within it. Each yields (key, found, help)."""

from collections.abc import Iterator, Sequence
from datetime import date

from ..models.catalog import Catalog
from .schema import SiteFile

Finding = tuple[tuple, str, str]


def check_plan(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """The plan runs forward, in whole months."""
    plan = site.plan
    if plan.end <= plan.start:
        yield ("plan", "end"), f"the plan ends on {plan.end}, not after its start {plan.start}", "put plan.end after plan.start"
    if plan.start.day != 1:
        yield ("plan", "start"), f"the plan starts on {plan.start}", "start on the first day of a month"
    if plan.end.day != 1:
        yield ("plan", "end"), f"the plan ends on {plan.end}", "end on the first day of a month: the plan runs up to that day"


def check_steps(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Steps follow one another up to the plan's end."""
    yield from _in_order(("plan", "steps"), "until", [step.until for step in site.plan.steps])
    if site.plan.steps and (site.plan.end.replace(day=1) - site.plan.steps[-1].until).days > 1:
        yield (("plan", "steps", len(site.plan.steps) - 1, "until"), f"the steps end on {site.plan.steps[-1].until}, the plan on {site.plan.end}",
               "let the last step run until the plan's end")


def check_order(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """What is listed by date stands in the order of its dates. Stages that exclude one another may come in any."""
    for number, tranche in enumerate(site.fleet):
        for name in ("wanted", "latest"):
            yield from _in_order(("fleet", number, name), "by", [row.by for row in getattr(tranche, name)], strictly=True)
        yield from _in_order(("fleet", number, "deliveries"), "from_date", [row.from_date for row in tranche.deliveries], strictly=True)
    if not any(stage.one_of for stage in site.grid.stages):
        yield from _in_order(("grid", "stages"), "available_from", [stage.available_from for stage in site.grid.stages])
    if site.gas is not None:
        yield from _in_order(("gas", "pipelines"), "available_from", [pipeline.available_from for pipeline in site.gas.pipelines])


def _in_order(table: tuple, name: str, days: Sequence[date], strictly: bool = False) -> Iterator[Finding]:
    for place in range(1, len(days)):
        if days[place] < days[place - 1] or (strictly and days[place] == days[place - 1]):
            yield (*table, place, name), f"{days[place]} comes after {days[place - 1]} in the list", "put the dates in order"


def check_counts(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Wanted counts grow."""
    for number, tranche in enumerate(site.fleet):
        for name in ("wanted", "latest"):
            rows = getattr(tranche, name)
            for place in range(1, len(rows)):
                if rows[place].count < rows[place - 1].count:
                    yield (("fleet", number, name, place, "count"), f"{rows[place].count:.0f} is less than {rows[place - 1].count:.0f} before",
                           "counts are cumulative: give the total in service")


def check_latest(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """What must be in service by a date is wanted by then: a latest date never comes before the date on which as many are wanted."""
    for number, tranche in enumerate(site.fleet):
        for place, row in enumerate(tranche.latest):
            wanted = next((step for step in tranche.wanted if step.count >= row.count), None)
            if wanted is None:
                yield (("fleet", number, "latest", place, "count"), f"{row.count:.0f} are more than are ever wanted, {tranche.wanted[-1].count:.0f}",
                       "raise wanted, or lower latest")
            elif row.by < wanted.by:
                yield (("fleet", number, "latest", place, "by"), f"{row.by} is before {wanted.by}, when {row.count:.0f} are first wanted",
                       "put latest on or after the date in wanted, or want them earlier")


def check_horizon(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """What is dated lies in the plan."""
    for key, day, mend in (*_dated_supply(site), *_dated_fleet(site)):
        if day >= site.plan.end:
            yield key, f"{day} is after the plan's end {site.plan.end}", mend


def _dated_supply(site: SiteFile) -> Iterator[tuple[tuple, date, str]]:
    for number, stage in enumerate(site.grid.stages):
        yield ("grid", "stages", number, "available_from"), stage.available_from, "extend plan.end or leave the stage out"
    for number, pipeline in enumerate(site.gas.pipelines if site.gas else ()):
        yield ("gas", "pipelines", number, "available_from"), pipeline.available_from, "extend plan.end or leave the pipeline out"
    for number, asset in enumerate(site.assets):
        yield ("assets", number, "in_service"), asset.in_service, "extend plan.end or leave the asset out"


def _dated_fleet(site: SiteFile) -> Iterator[tuple[tuple, date, str]]:
    for number, tranche in enumerate(site.fleet):
        for name in ("wanted", "latest"):
            for place, row in enumerate(getattr(tranche, name)):
                yield ("fleet", number, name, place, "by"), row.by, "extend plan.end"
        for place, delivery in enumerate(tranche.deliveries):
            yield ("fleet", number, "deliveries", place, "from_date"), delivery.from_date, "extend plan.end or leave the delivery out"
