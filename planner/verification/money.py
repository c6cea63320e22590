"""Money again: capital with spend curve and salvage, yearly cost, operation, lateness, each as present worth at the plan's start.

    present worth of capital = sum over equal parts of the lead time of share x (1 + r)^-max(0, middle of the part)
    what is left when service ends = (1 - (1 + r)^-(life - served)) / (1 - (1 + r)^-life), worth (1 + r)^-(begins + served)
    operation: money of a phase and carbon x its price, at (1 + r)^-middle; prices rise by (1 + escalation)^(middle in years - base year - 1/2)
    lateness: value of compute x accelerator-hours short of what is wanted
"""

from datetime import date

import numpy as np

from .finding import Finding, difference
from .ledgers import ledger
from .reading import DAYS_PER_YEAR, Reading, Step, years_between
from .stock import accelerators, age, built, paid
from .things import Thing, things

EXACT, SINGLE = 1e-7, 1e-5


def costs(reading: Reading) -> list[Finding]:
    """Each part of the cost, and their sum, against summary.json."""
    own = {"capital_less_salvage": capital(reading), "fixed": fixed(reading), "operation": operation(reading), "lateness": lateness(reading)}
    found = [difference(f"cost of {name.replace('_', ' ')}", "all phases", reading.summary.get(f"cost_{name}_usd"), amount, "USD",
                        SINGLE if name == "operation" else EXACT, 1.0) for name, amount in own.items()]
    return [*found, difference("net present cost", "all phases", reading.summary.get("net_present_cost_usd"), sum(own.values()), "USD", SINGLE, 1.0)]


def discount(reading: Reading, years: float) -> float:
    """Present worth of 1 so many years after the plan's start."""
    return (1 + reading.site.finance.discount_rate) ** -years


def capital(reading: Reading) -> float:
    """Of what is built and what is committed."""
    total = 0.0
    for thing in things(reading.site):
        total += sum(units * thing.unit_size * thing.capital * _factor(reading, thing, step)
                     for units, step in zip(built(reading, thing), reading.steps, strict=True))
        total += sum(paid(thing, one) * _factor(reading, thing, _enters(reading, one.in_service)) for one in thing.arrivals)
    return float(total)


def _enters(reading: Reading, day: date) -> Step:
    """The first phase that starts on the day or after it."""
    return next((step for step in reading.steps if step.start >= day), reading.steps[-1])


def _factor(reading: Reading, thing: Thing, step: Step) -> float:
    """Present worth of 1 USD of capital that enters service with a phase, less what is left of it."""
    leaves = next((later.start for later in reading.steps if later.start > step.start and age(step.start, later.start) >= thing.life),
                  reading.site.plan.end)
    served = years_between(step.start, leaves)
    lead, parts = thing.lead_time / DAYS_PER_YEAR, len(thing.spend)
    at = [max(0.0, step.begins - lead + lead * (part + 0.5) / parts) for part in range(parts)]
    spent = sum(share * discount(reading, when) for share, when in zip(thing.spend, at, strict=True)) / sum(thing.spend)
    return spent - _left(thing.life, served, reading.site.finance.discount_rate) * discount(reading, step.begins + served)


def _left(life: float, served: float, rate: float) -> float:
    return 1 - served / life if rate == 0 else (1 - (1 + rate) ** (served - life)) / (1 - (1 + rate) ** -life)


def fixed(reading: Reading) -> float:
    """Yearly cost of what is online."""
    weight = np.array([step.years * discount(reading, step.middle) for step in reading.steps])
    return float(sum(thing.fixed * weight @ reading.by_phase("capacity", thing.name) for thing in things(reading.site)))


def operation(reading: Reading) -> float:
    """Money and carbon of the hourly arrays."""
    books = ledger(reading)
    yearly = sum((amount for (name, _), amount in books.items() if name == "money"), reading.no_phases)
    carbon = sum((amount for (name, _), amount in books.items() if name == "carbon"), reading.no_phases)
    return float(sum(discount(reading, step.middle) * value
                     for step, value in zip(reading.steps, yearly + reading.site.carbon_price * carbon, strict=True)))


def lateness(reading: Reading) -> float:
    """Value of accelerator-hours short."""
    return float(sum(tranche.value_of_compute * discount(reading, step.middle) * hours for tranche in reading.site.fleet
                     for step, hours in zip(reading.steps, late_hours(reading, tranche), strict=True)))


def late_hours(reading: Reading, tranche) -> list[float]:
    """Accelerator-hours short by phase: day by day, scaled to the phase's model hours."""
    online = accelerators(reading, tranche.name)
    return [step.hours / (step.end - step.start).days * sum(days * max(0.0, wanted - count) for days, wanted in _stretches(tranche, step))
            for step, count in zip(reading.steps, online, strict=True)]


def _stretches(tranche, step: Step) -> list[tuple[int, float]]:
    """(days, accelerators wanted) between the dates on which more are wanted."""
    edges = sorted({step.start, step.end, *(wanted.by for wanted in tranche.wanted if step.start < wanted.by < step.end)})
    return [((end - start).days, max((wanted.count for wanted in tranche.wanted if wanted.by <= start), default=0.0))
            for start, end in zip(edges[:-1], edges[1:], strict=True)]
