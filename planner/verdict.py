"""The plan in one sentence: how many MW when, cooled how, fed by what, at what cost, what is late and not served, what holds it back; in another how
far the search was from its end, where it did not come to it."""

import math

from ..models.asset import Asset
from ..models.component import Component
from ..models.horizon import Phase
from ..models.money import told
from ..sites.power import is_of
from .case import Case
from .errors import told_amount
from .redundancy import plants
from .results import Outcome, given, kind
from .served import UNSERVED_SHARE, VISIBLE_SHARE
from .worth import FIRM, PRICE_OF, Worth

LEAST_NAMED = 1e-3  # of the largest of its kind: less of a technology is not named
MOST_NAMED = 4
TENS = 9.5  # MW from which on a fraction is not told
ENDED = {  # status: what came, and what mends it
    "time_limit": ("The time was over", "more time (--time-limit, plan.time_limit) may find one"),
    "feasible": ("The search could prove no more", "more time will not help, a wider plan.mip_gap takes this plan as it is"),
    "interrupted": ("The search was stopped", "a run to the end may find one, and --checkpoint FILE keeps what a run has found for the next")}


def verdict(outcome: Outcome, found: dict, worth: tuple[Worth, ...]) -> str:
    """How many MW when, cooled how, fed by what, at what cost, what holds it back."""
    phase = next((phase for phase in outcome.case.phases if _it(outcome, phase) >= 0.999 * max(_it(outcome, p) for p in outcome.case.phases)),
                 outcome.case.phases[-1])
    last = outcome.case.phases[-1]
    if outcome.case.site.load is not None:
        return (f"{found['site']}: a measured load of up to {_megawatts(outcome.case.site.load_peak)} MW, fed by {_feeding(outcome, last)}, "
                f"at {told(found['net_present_cost_usd'])} net present cost; {told_amount(found['unserved_mwh'], 'MWh')} unserved{_over(found)}; "
                f"{_held(found, worth)}{_alone(outcome.case, worth)}.{_ended(found, outcome.case.site.plan.resolution)}")
    built = (f"{_megawatts(found['installed_it_mw'])} MW of IT installed from {phase.start:%B %Y}, in the highest hour "
             f"{_megawatts(found['peak_it_mw'])} MW of IT load and {_megawatts(found['peak_facility_mw'])} MW of facility load; "
             f"cooled by {_cooling(outcome, last)}, fed by {_feeding(outcome, last)}, ")
    return (f"{found['site']}: {built if found['installed_it_mw'] else 'no IT is installed, '}"
            f"at {told(found['net_present_cost_usd'])} net present cost; {_late(found)}{_unserved(found)}{_over(found)}; {_held(found, worth)}"
            f"{_alone(outcome.case, worth)}.{_ended(found, outcome.case.site.plan.resolution)}")


def _it(outcome: Outcome, phase: Phase) -> float:
    """MW of IT in racks online."""
    return sum(outcome.investment.capacity(variant.component.asset, phase) for variant in outcome.case.variants)


def _cooling(outcome: Outcome, phase: Phase) -> str:
    """What cools, the largest first, with their MW; capture at the rack is left out."""
    sizes = _sizes(outcome, phase, "cooling")
    return _listed(list(sizes)[:MOST_NAMED], sizes) or "nothing"


def _feeding(outcome: Outcome, phase: Phase) -> str:
    """What gives power in a phase, that which gives most first, with their MW; what gives none of it last, as reserve."""
    sizes, energy = _sizes(outcome, phase, "supply"), _energy(outcome, phase)
    ranked = sorted(sizes, key=lambda name: -energy.get(name, 0.0))  # of equals the largest first, as they came
    least = LEAST_NAMED * max(energy.values(), default=0.0)
    idle = [name for name in ranked if energy[name] <= least] if least else []
    giving = [name for name in ranked if name not in idle]
    reserve = f"in reserve {_listed(idle[:MOST_NAMED], sizes)}" if idle else ""
    return ", ".join(filter(None, (_listed(giving[:MOST_NAMED], sizes), reserve))) or "nothing"


def _sizes(outcome: Outcome, phase: Phase, role: str) -> dict[str, float]:
    """MW of each of a kind, largest first, without those that are next to nothing. Energy of storage is left out."""
    sizes = {_named(asset): outcome.investment.capacity(asset, phase) for _, asset in _of_kind(outcome, role)}
    least = LEAST_NAMED * max(sizes.values(), default=0.0)
    return {name: sizes[name] for name in sorted(sizes, key=lambda name: (sizes[name], name), reverse=True) if sizes[name] > least}


def _of_kind(outcome: Outcome, role: str) -> list[tuple[Component, Asset]]:
    return [(component, asset) for component in outcome.case.components for asset in component.assets if asset.unit == "MW"
            and kind(outcome.case, component, asset) == role and not _captures(outcome, component)]


def _energy(outcome: Outcome, phase: Phase) -> dict[str, float]:
    """MWh that each supply gives in a phase, expected over the weather years."""
    operations = outcome.operations(phase)
    return {_named(asset): outcome.expected(lambda scenario, component=component: given(outcome.case, component, operations[scenario], scenario))
            for component, asset in _of_kind(outcome, "supply")} if operations else {}


def _listed(names: list[str], sizes: dict[str, float]) -> str:
    return ", ".join(f"{name} {_megawatts(sizes[name])} MW" for name in names)


def _named(asset: Asset) -> str:
    """A stage of the grid by its name in the site file, another asset by its technology, under a name of its own where it has one."""
    if asset.technology == "grid_connection":
        return f"grid stage {asset.name.removeprefix('grid_')}"
    name, technology = asset.name.removesuffix("_power"), asset.technology.replace("_", " ")
    return technology if name == asset.technology else f"{name} ({technology})"


def _megawatts(size: float) -> str:
    """With digits enough that none is 0."""
    return f"{size:,.0f}" if size >= TENS else f"{size:.2g}"


def _captures(outcome: Outcome, component) -> bool:
    return any(flow.carrier in ("liquid_heat", "air_heat") and flow.sign < 0 for flow in component.flows(outcome.case.hourly[component.name]))


def _late(found: dict) -> str:
    late = found["late_accelerator_months"]
    whole = found["late_for_whole_pods_accelerator_months"]
    if late < 1:
        return "nothing is late"
    missing, wanted = found["accelerators_wanted"] - found["accelerators_online"], found["accelerators_wanted"]
    return (f"{late:,.0f} accelerator-months late{f', {whole:,.0f} of them as racks come in whole pods' if whole >= 1 else ''}"
            f"{f'; {missing:,.0f} of the {wanted:,.0f} accelerators wanted never come' if missing > VISIBLE_SHARE * wanted else ''}")


def _unserved(found: dict) -> str:
    """Compute shed, and energy that a plan does not deliver: dear, but no limit of the site forbids it."""
    share, shed = found["unserved_share"], found["shed_share"]
    dropped = f"; {shed:.1%} of accelerator-hours shed" if shed and shed > VISIBLE_SHARE else ""
    if not share or share <= UNSERVED_SHARE:
        return dropped
    return f"{dropped}; NOT SERVED: {told_amount(found['unserved_mwh'], 'MWh')}, {share:.1%} of the facility's energy"


def _over(found: dict) -> str:
    """Budgets and levels of stores that the dispatch of every hour cannot keep, as a plan sized on sampled days, or in little time, may have."""
    return f"; over its limits: {', '.join(found['overdrawn'])}" if found["overdrawn"] else ""


def _held(found: dict, worth: tuple[Worth, ...]) -> str:
    """The limit and the price that hold the plan back most."""
    limit = next((str(one) for one in worth if not one.is_price), None)
    price = next((str(one).removeprefix(f"{PRICE_OF} ") for one in worth if one.is_price), None)
    if found["accelerators_wanted"] and not found["accelerators_online"]:
        return f"no racks are built, and {_named_limit(limit, price) if limit else _without_limit(price)}"
    if limit:
        return _named_limit(limit, price) if price else f"held back most by {limit}"
    return f"no limit of the site holds it back, and the price that does most is that of {price}" if price else "no limit and no price holds it back"


def _named_limit(limit: str, price: str | None) -> str:
    return f"the limit that holds it back most is {limit}" + (f", the price that does is that of {price}" if price else "")


def _without_limit(price: str | None) -> str:
    """Why nothing is built where no limit has a price."""
    return ("no limit of the site has a price: what it allows cannot power and cool the racks, or costs more than being late"
            + (f"; the price that holds it back most is that of {price}" if price else ""))


def _alone(case: Case, worth: tuple[Worth, ...]) -> str:
    """The only plant of generators, where firm power is short and it may trip as a whole by [redundancy] plants; standby sets run in no hour in which they
    could."""
    found, short = [asset for asset in case.assets if asset.name in plants(case)], any(FIRM in one.limit for one in worth)
    if case.site.redundancy.plants == "N" or not short or len(found) != 1 or is_of(case.site.catalog, found[0].technology, "diesel_standby"):
        return ""
    return f'; redundancy.plants = "N+1" leaves nothing of {_named(found[0])} to rely on while there is grid: it is the only plant of generators'


def _ended(found: dict, asked: str) -> str:
    """How the search ended short of the gap asked for, what a cheaper plan could save, and what to do; `asked`: the resolution that the site asks for."""
    if found["status"] not in ENDED:
        return ""
    came, mend = ENDED[found["status"]]
    alone = ", on which alone it is sized" if found["resolution"] != asked else ""
    return f" {came}: this is the best plan so far, {_open(found)}{alone}; {mend}."


def _open(found: dict) -> str:
    """What a cheaper plan could save at most, over the hours that the gap is of; where the objective is speed, one that is as early."""
    gap, full = found["gap"], found["resolution"] == "full"
    if gap is None or not math.isfinite(gap):
        return "how much less another may cost is not known"
    saved = gap * abs(found["net_present_cost_usd"] if full else found["sampled_cost_usd"])
    early = " that is as early" if found["objective"] == "speed" else ""
    return f"another{early} may cost up to {gap / 0.01:.2f} % ({told(saved)}) less{'' if full else ' over sampled days'}"
