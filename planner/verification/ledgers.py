"""Money, water, carbon, compute shed and power unserved, recomputed hour by hour: amounts by entry and phase, of the year, not discounted."""

from collections.abc import Iterator

import numpy as np

from . import network
from .balances import stages, total
from .cooling import cooler
from .finding import Finding, by_phase, tolerated_over, worst
from .outside import weather
from .reading import HOURS, MONTH, Reading
from .stock import accelerators
from .things import COMMITTED, COOLERS, fitted, formulation, racks

ABOVE_LOST_LOAD = 2.0  # power of the station itself that goes unserved costs twice the dearest compute

Entry = tuple[str, str]
Amounts = Iterator[tuple[Entry, np.ndarray]]


def ledger(reading: Reading) -> dict[Entry, np.ndarray]:
    """(ledger, "component: item") -> amount by phase, expected over the weather years."""
    books = {id(year): _ledger(year) for year in reading.years}
    entries = {entry: None for book in books.values() for entry in book}
    return {entry: reading.expected(lambda year, entry=entry: books[id(year)].get(entry, year.no_phases)) for entry in entries}


def _ledger(reading: Reading) -> dict[Entry, np.ndarray]:
    """The same in one weather year."""
    return dict([*_tariff(reading), *_gas(reading), *_machines(reading), *_water(reading), *_network(reading), *_compute(reading)])


def _escalated(reading: Reading, rate: float) -> np.ndarray:
    """Price in the middle of each phase over that of the middle of the base year."""
    start, base = reading.site.plan.start, reading.site.finance.base_year
    return np.array([(1 + rate) ** (start.year + (start.month - 1) / 12 + step.middle - base - 0.5) for step in reading.steps])


def _tariff(reading: Reading) -> Amounts:
    grid, metered = reading.site.grid, total(reading, stages(reading), "taken")
    bought = metered - total(reading, fitted(reading.site, "purchase_agreement"), "delivered")
    rise = _escalated(reading, grid.escalation)
    yield ("money", "tariff: energy"), bought @ reading.of_site("energy_price") * rise
    yield ("carbon", "tariff: grid"), bought @ reading.of_site("carbon_intensity")
    for charge in grid.demand_charges:
        billed, over = demand_billed(reading, charge, metered)
        yield ("money", f"tariff: demand {charge.name}"), charge.rate * billed * rise
        yield ("money", f"tariff: ratchet {charge.name}"), 12 * charge.ratchet * charge.rate * over * rise
    if grid.export.allowed:
        yield ("money", "tariff: export"), -grid.export.price * total(reading, stages(reading), "given_back").sum(axis=1)


def demand_billed(reading: Reading, charge, bought: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MW by phase, summed over months: what is billed, at least the ratchet's share of the highest that the plan states; what is over that."""
    peaks, counts = _peaks(reading, charge, bought)
    if not charge.ratchet:
        return peaks.sum(axis=1), reading.no_phases
    number = [one.name for one in reading.site.grid.demand_charges].index(charge.name)
    highest = reading.state(f"tariff_highest_{number}")[:, np.newaxis]
    over = np.where(np.isin(range(1, 13), charge.ratchet_months), np.maximum(0.0, peaks - highest), 0.0)
    return np.where(counts, np.maximum(peaks, charge.ratchet * highest), 0.0).sum(axis=1), over.sum(axis=1)


def ratchets(reading: Reading) -> list[Finding]:
    """Of each charge with a ratchet, what it is by the peaks of the calendar year is no more than what the plan states (MW, summed over months)."""
    metered, years, found = total(reading, stages(reading), "taken"), np.array([step.start.year for step in reading.steps]), []
    for charge in reading.site.grid.demand_charges:
        if charge.ratchet:
            peaks, counts = _peaks(reading, charge, metered)
            counted = peaks[:, np.isin(range(1, 13), charge.ratchet_months)].max(axis=1)
            highest = np.array([counted[years == year].max() for year in years])[:, np.newaxis]
            own = np.where(counts, np.maximum(peaks, charge.ratchet * highest), 0.0).sum(axis=1)
            billed, over = demand_billed(reading, charge, metered)
            short = [float((own - billed - 12 * charge.ratchet * over)[years == year].sum()) for year in years]
            found.append(by_phase(reading, "ratchet of demand", charge.name, short, "MW", 1e-5 * float(own.max(initial=0.0)) + 1e-5))
    return worst(found)


def _peaks(reading: Reading, charge, bought: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Highest hour within the window, phase x month, and the months that are billed: those of the charge in which there is operation."""
    weekday = reading.site.hours["weekday"].values > 0
    inside = np.isin(MONTH, charge.months) & np.isin(np.arange(HOURS) % 24, charge.hours) & (weekday | (not charge.weekdays_only))
    found = np.array([np.max(bought[:, inside & (month == MONTH)], axis=1, initial=0.0) for month in range(1, 13)]).T
    return found, np.array([(reading.operated & (month == MONTH)).any(axis=1) & (month in charge.months) for month in range(1, 13)]).T


def _gas(reading: Reading) -> Amounts:
    gas = reading.site.gas
    if gas is None:
        return
    for pipe in gas.pipelines:
        burnt = reading.hourly(f"gas_{pipe.name}", "purchase").sum(axis=1)
        yield ("money", f"gas_{pipe.name}: fuel"), gas.price * burnt * _escalated(reading, gas.escalation)
        yield ("carbon", f"gas_{pipe.name}: fuel"), reading.site.catalog.number("fuel", "natural_gas_carbon", "tonne_CO2e/MWh") * burnt


def _machines(reading: Reading) -> Amounts:
    number = reading.site.catalog.number
    for name, kind in fitted(reading.site, *COMMITTED, "renewable").items():
        own_fuel = number(kind, "fuel_cost", "USD/MWh") if formulation(reading.site, kind) == "thermal_plant" else 0.0
        made = reading.hourly(name, "generation").sum(axis=1)
        yield ("money", f"{name}: variable_operation"), (own_fuel + number(kind, "variable_cost", "USD/MWh")) * made
        yield from _of_running(reading, name, kind, made) if formulation(reading.site, kind) in COMMITTED else ()
    for name, kind in fitted(reading.site, "battery").items():
        yield ("money", f"{name}: wear"), number(kind, "wear_cost", "USD/MWh") * reading.hourly(name, "discharge").sum(axis=1)
    for name, kind in fitted(reading.site, "diesel_standby").items():
        yield ("carbon", f"{name}: tests"), _tests(reading, kind) * reading.by_phase("capacity", name)
    for name, kind in fitted(reading.site, "purchase_agreement").items():
        produced, used = total(reading, [name], "delivered", "spilled").sum(axis=1), reading.hourly(name, "delivered").sum(axis=1)
        yield ("money", f"{name}: contract"), number(kind, "price", "USD/MWh") * produced + number(kind, "delivery_cost", "USD/MWh") * used


def _tests(reading: Reading, kind: str) -> np.ndarray:
    """Carbon of the diesel that tests burn in the phases that are operated, tonne_CO2e/MW."""
    number = reading.site.catalog.number
    gallons = number(kind, "fuel_use", "gallon/MWh") * number(kind, "test_hours", "hour/year")
    operated = np.array([step.years for step in reading.steps]) * reading.operated.any(axis=1)
    return operated * gallons * number("fuel", "diesel_heat", "MMBtu/gallon") * number("fuel", "diesel_carbon", "tonne_CO2e/MMBtu")


def _of_running(reading: Reading, name: str, kind: str, made: np.ndarray) -> Amounts:
    """Starts, water, carbon of a machine that runs, where there is any."""
    number = reading.site.catalog.number
    if number(kind, "start_cost", "USD/MW") > 0:
        yield ("money", f"{name}: starts"), number(kind, "start_cost", "USD/MW") * reading.hourly(name, "started").sum(axis=1)
    if number(kind, "water_use", "m3/MWh") > 0:
        drawn = number(kind, "water_use", "m3/MWh") * made
        yield from ((("water", f"{name}: {name}"), drawn), (("money", f"{name}: water"), reading.site.water.price * drawn))
    if formulation(reading.site, kind) == "thermal_plant" and number(kind, "carbon", "tonne_CO2e/MWh") > 0:
        yield ("carbon", f"{name}: plant"), number(kind, "carbon", "tonne_CO2e/MWh") * made


def _water(reading: Reading) -> Amounts:
    for name, kind in fitted(reading.site, *COOLERS).items():
        water = cooler(reading.site, kind, weather(reading)).water
        if any(drawn.any() for drawn in water.values()):
            drawn = sum((reading.hourly(name, f"heat_{level}") @ by_heat for level, by_heat in water.items()), reading.no_phases)
            yield ("water", f"{name}: {name}"), drawn
            yield ("money", f"{name}: water"), reading.site.water.price * drawn


def _network(reading: Reading) -> Amounts:
    given, sold = reading.site.heat_network, reading.hourly("heat_network", "sold")
    if given is not None:
        made = total(reading, ["heat_pump"], "lifted", "power").sum(axis=1)
        yield ("money", "heat_network: heat sold"), -(sold @ network.price(given)) * _escalated(reading, given.escalation)
        yield ("heat", "heat_network: sold"), sold.sum(axis=1)
        yield ("money", "heat_pump: variable_operation"), reading.site.catalog.number("heat_pump", "variable_cost", "USD/MWh") * made


def _compute(reading: Reading) -> Amounts:
    lost_load, found = {tranche.name: tranche.value_of_lost_load for tranche in reading.site.fleet}, racks(reading.site)
    for rack in found:
        dropped = reading.hourly(rack.name, "shed").sum(axis=1) * rack.accelerators / rack.mw
        yield ("shed", f"{rack.name}: {rack.tranche}"), dropped
        yield ("money", f"{rack.name}: lost_load"), lost_load[rack.tranche] * dropped
    measured = [] if reading.site.load is None else [reading.site.load.value_of_lost_load]
    for value in measured:
        dropped = reading.hourly("measured_load", "shed").sum(axis=1)
        yield ("unserved", "measured_load: load"), dropped
        yield ("money", "measured_load: lost_load"), value * dropped
    unserved = total(reading, ["unserved"], "power", *(("heat",) if reading.site.load is None else ())).sum(axis=1)
    dearest = max([*measured, *(lost_load[rack.tranche] * rack.accelerators / rack.mw for rack in found)])
    yield ("unserved", "unserved: station"), unserved
    yield ("money", "unserved: unserved"), ABOVE_LOST_LOAD * dearest * unserved


def summed(reading: Reading, name: str) -> np.ndarray:
    """A whole ledger by phase."""
    return sum((amount for (book, _), amount in ledger(reading).items() if book == name), reading.no_phases)


def ledgers(reading: Reading) -> list[Finding]:
    """Every entry of the plan's ledgers, and no other: the largest difference of each ledger.

    What is paid for levels of stores that are missed ("level missed") is not recomputed: a plan that misses one is refused, by the check of
    stores (stores.py), and here, where the entry counts as nothing.
    """
    own, units = ledger(reading), {"money": "USD", "water": "m3", "carbon": "tonne_CO2e", "shed": "accelerator hour", "unserved": "MWh", "heat": "MWh"}
    found = []
    for book, unit in units.items():
        stated = _stated(reading, book)
        entries = {entry for _, entry in own if _ == book} | stated.keys()
        nothing = reading.no_phases
        found += worst([_compared(reading, book, entry, stated.get(entry, nothing), own.get((book, entry), nothing), unit) for entry in sorted(entries)])
    return found


def _stated(reading: Reading, book: str) -> dict[str, np.ndarray]:
    if f"ledger_{book}" not in reading.data:
        return {}
    return {str(entry): amounts for entry, amounts in zip(reading.data[f"{book}_entry"].values, reading.data[f"ledger_{book}"].values, strict=True)}


def _compared(reading: Reading, book: str, entry: str, stated: np.ndarray, own: np.ndarray, unit: str) -> Finding:
    return by_phase(reading, f"{book} ledger", entry, np.abs(stated - own), unit, 1e-5 * float(np.abs(own).max(initial=0.0)) + 1.0)


def budgets(reading: Reading) -> list[Finding]:
    """Water right and emissions of a calendar year (a part of it where only a part is operated), and what each tranche may shed."""
    site = reading.site
    operated = np.array([step.years for step in reading.steps]) * reading.operated.any(axis=1)
    hours = np.array([step.hours for step in reading.steps]) * reading.operated.any(axis=1)
    found = [_yearly(reading, name, summed(reading, book), most * operated, unit) for name, book, most, unit in (
        ("water right", "water", site.water.right, "m3"), ("emissions", "carbon", site.limits.emissions, "tonne_CO2e")) if most is not None]
    for tranche in site.fleet:
        dropped = sum((amount for (book, entry), amount in ledger(reading).items() if book == "shed" and entry.endswith(f": {tranche.name}")),
                      reading.no_phases)
        allowed = tranche.shed_allowance * hours * accelerators(reading, tranche.name)
        found.append(_yearly(reading, f"shed allowance of {tranche.name}", dropped, allowed, "accelerator hour"))
    return found


def _yearly(reading: Reading, name: str, drawn: np.ndarray, allowed: np.ndarray, unit: str) -> Finding:
    """The worst of the calendar years."""
    years = np.array([step.start.year for step in reading.steps])
    return worst([by_phase(reading, name, "all", np.where(years == year, (drawn - allowed)[years == year].sum(), -np.inf), unit,
                           tolerated_over(unit, float(allowed[years == year].sum()))) for year in np.unique(years)])[0]
