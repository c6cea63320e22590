"""Every hour within capacity: what is built, what the weather leaves of it, what the utility gives, and what temperature allows."""

from collections.abc import Iterator

import numpy as np

from .balances import stages, total
from .cooling import cooler, lift, targets
from .electrical import rating_per_output
from .fields import field_yield
from .finding import Finding, hourly, worst
from .outside import derated, weather
from .reading import Reading
from .things import CAPTURE, CHAIN, CHILLERS, COMMITTED, COOLERS, fitted

Use = tuple[str, np.ndarray, np.ndarray]


def hours_dispatched(reading: Reading) -> list[Finding]:
    """Where racks are online every hour of the phase has every value, and no other hour has any. Counts hours."""
    written = {str(name): np.isfinite(values.values) for name, values in reading.data.data_vars.items() if values.dims == ("phase", "hour")}
    online = np.array([float(row["racks"]) > 0 for row in reading.table])[:, np.newaxis]
    wanted = reading.inside & (online | reading.operated.any(axis=1, keepdims=True))
    return worst([Finding("hours dispatched", float((held != wanted).sum()), "hour", name, 0.0) for name, held in written.items()])


def nothing_negative(reading: Reading) -> list[Finding]:
    """Every hourly variable is at least zero; a price is none: it is below zero where power that came from somewhere would have nowhere to go."""
    written = [str(name) for name, values in reading.data.data_vars.items() if values.dims == ("phase", "hour") and "USD" not in values.attrs["units"]]
    return worst([hourly(reading, "not negative", name, -reading.data[name].values.astype(float), 0.0) for name in written])


def within_capacity(reading: Reading) -> list[Finding]:
    """Use of each thing at most its capacity."""
    parts = (*_connections(reading), *_chain(reading), *_generators(reading), *_cooling(reading), *_storage(reading))
    return worst([_held(reading, "within capacity", *part) for part in parts])


def utility(reading: Reading) -> list[Finding]:
    """Imports over a stage that is not firm within its availability; export within its limit."""
    given = [(f"grid_{stage.name}", reading.hourly(f"grid_{stage.name}", "taken"),
              reading.of_site(f"availability_{stage.name}") * reading.capacity(f"grid_{stage.name}"))
             for stage in reading.site.grid.stages if not stage.firm]
    export, sold = reading.site.grid.export, reading.hourly("tariff", "sold")
    most = sum(stage.capacity for stage in reading.site.grid.stages) if export.limit is None else export.limit
    limit = ("export", sold, np.full_like(sold, most if export.allowed else 0.0))
    return worst([_held(reading, "availability and export", *part) for part in (*given, limit)])


def temperatures(reading: Reading) -> list[Finding]:
    """Heat that a cooler takes of a loop within the share that temperatures allow: heat <= share x heat of the level."""
    air, found = weather(reading), []
    for name, kind in fitted(reading.site, *COOLERS).items():
        shares = cooler(reading.site, kind, air).share
        found += [_held(reading, "temperature limits", f"{name} on the {level} loop", reading.hourly(name, f"heat_{level}"),
                        share * reading.hourly("loops", level)) for level, share in shares.items()]
    return worst(found)


def _held(reading: Reading, name: str, part: str, used: np.ndarray, most: np.ndarray) -> Finding:
    return hourly(reading, name, part, used - most, float(np.abs(used).max(initial=0.0)))


def _connections(reading: Reading) -> Iterator[Use]:
    for name in stages(reading):
        yield name, total(reading, [name], "taken", "given_back"), reading.capacity(name)
    for pipe in reading.site.gas.pipelines if reading.site.gas else ():
        yield f"gas_{pipe.name}", reading.hourly(f"gas_{pipe.name}", "purchase"), reading.capacity(f"gas_{pipe.name}")


def _chain(reading: Reading) -> Iterator[Use]:
    for name, kind in fitted(reading.site, *CHAIN).items():
        yield name, rating_per_output(reading.site, kind) * reading.hourly(name, "through"), reading.capacity(name)
    yield from ((name, total(reading, [name], "heat", "liquid_heat", "air_heat"), reading.capacity(name)) for name in fitted(reading.site, *CAPTURE))


def _generators(reading: Reading) -> Iterator[Use]:
    """minimum load x running <= generation <= running <= derating x availability x capacity; fields within their yield; no standby without an outage."""
    number, air = reading.site.catalog.number, weather(reading)
    for name, kind in fitted(reading.site, *COMMITTED).items():
        made, running = reading.hourly(name, "generation"), reading.hourly(name, "running")
        yield name, running, derated(reading.site, kind, air) * number(kind, "availability", "1") * reading.capacity(name)
        yield f"{name} above what runs", made, running
        yield f"{name} below minimum load", number(kind, "minimum_load", "1") * running, made
    for name, kind in fitted(reading.site, "renewable").items():
        yield name, reading.hourly(name, "generation"), field_yield(reading, kind) * reading.capacity(name)
    for name in fitted(reading.site, "diesel_standby"):
        yield name, reading.hourly(name, "generation"), np.zeros(1)


def _cooling(reading: Reading) -> Iterator[Use]:
    """Sum over levels of heat / ratio within the rating."""
    air = weather(reading)
    for name, kind in fitted(reading.site, *COOLERS).items():
        ratio = cooler(reading.site, kind, air).ratio
        yield name, sum((reading.hourly(name, f"heat_{level}") / ratio[level] for level in ratio), reading.no_hours), reading.capacity(name)
    for name, kind in fitted(reading.site, *CHILLERS).items():
        lifted = ((reading.hourly(name, f"heat_{target}"), lift(reading.site, kind, target, air).ratio) for target in targets(reading.site, kind))
        yield name, sum((heat / ratio for heat, ratio in lifted), reading.no_hours), reading.capacity(name)


def _storage(reading: Reading) -> Iterator[Use]:
    """charge + discharge within power; minimum level x energy <= level <= energy."""
    for name, kind in fitted(reading.site, "battery").items():
        least = reading.site.catalog.number(kind, "minimum_level", "1")
        level, energy = reading.hourly(name, "level"), reading.capacity(f"{name}_energy")
        yield name, total(reading, [name], "charge", "discharge"), reading.capacity(f"{name}_power")
        yield f"{name} level", level, energy
        yield f"{name} lowest level", least * energy, level
    for name, kind in fitted(reading.site, "chilled_water_tank").items():
        hours, energy = reading.site.catalog.number(kind, "charge_hours", "hour"), reading.capacity(name)
        yield name, hours * total(reading, [name], "charge", "discharge"), energy
        yield f"{name} level", reading.hourly(name, "level"), energy
