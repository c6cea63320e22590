"""The electrical chain of a site in words, and training as a pulsing load: what racks swing, how much storage the utility's limits ask for.

The load is that of the training racks at their inlet (models/physics/pulsing.py). Storage stands on the campus bus, where a swing arrives
larger by the losses: MW there for a MW at the inlet, at full load (models/power/conversion.py:marginal_input). Other load does not swing.
The shape of a step sizes storage; energy, and the average, are by the utilisation of each hour, which a tranche may give.
"""

from collections.abc import Mapping

import numpy as np

from ..models.fleet.racks import rack, training_pulse
from ..models.physics import pulsing
from ..models.physics.pulsing import Allowed, Pulse
from ..models.power.chain import chain_efficiency, marginal_input
from ..models.power.topology import DC, Electrical
from ..sites import Site


def electrical(site: Site) -> Electrical:
    """What the site chooses of its chain, with the rules of its units."""
    rules = {"ups": site.redundancy.ups, "transformer": site.redundancy.transformer}
    return Electrical(site.electrical.chain, site.electrical.ups_mode, rules)


def allowed(site: Site) -> Allowed:
    """What the utility allows."""
    given = site.electrical
    return Allowed(np.inf if given.utility_ramp is None else given.utility_ramp, np.inf if given.utility_swing is None else given.utility_swing)


def pulse(site: Site) -> Pulse:
    """The shape of the site's training load."""
    return training_pulse(site.catalog)


def at_bus(site: Site) -> float:
    """MW that the campus bus gives more for a MW more at the rack inlet."""
    return marginal_input(site.catalog, electrical(site))


def limited(site: Site) -> bool:
    """Whether the utility limits anything."""
    return site.electrical.utility_ramp is not None or site.electrical.utility_swing is not None


def storage_seconds(site: Site) -> float:
    """Seconds at its power that storage has to last to smooth all that trains."""
    return pulsing.storage_seconds(at_bus(site) * peak(site), pulse(site), allowed(site))


def needs(site: Site) -> list[tuple[float, float, str]]:
    """(per_megawatt, free, key): storage >= per_megawatt x MW of training IT - free, and the key of the site file that asks for it."""
    gain, limit, shape = at_bus(site), allowed(site), pulse(site)
    steps = "electrical.utility_swing" if limit.band <= limit.ramp * shape.edge else "electrical.utility_ramp"
    return [(gain * slope, free, key) for (slope, free), key in zip(pulsing.lines(shape, limit), (steps, "electrical.utility_ramp"))]


def peak(site: Site) -> float:
    """MW of training IT at the inlet that are wanted at most."""
    return sum(_peaks(site).values())


def _peaks(site: Site) -> dict[str, float]:
    """The same by tranche, each in its hungriest racks, or given."""
    found = {}
    for tranche in site.fleet:
        if tranche.workload == "training":
            racks = {name: rack(site.catalog, name, site.electrical.chain == DC) for name in tranche.variants}
            wanted = max(step.count for step in (*tranche.wanted, *tranche.latest)) * max(one.power_per_accelerator for one in racks.values())
            given = sum(item.units * racks[item.technology].power for item in site.assets
                        if item.technology in racks and item.name in (tranche.name, item.technology))
            found[tranche.name] = max(wanted, given)
    return found


def figures(site: Site, training: Mapping[str, float]) -> dict[str, float]:
    """Peak, average over the year, swing (MW) and ramp (MW/second) of so many MW of training IT at the inlet by tranche, and the MW of storage that they
    need."""
    shape, most = pulse(site), sum(training.values())
    average = sum(power * float(site.columns[f"utilisation_{tranche}"].mean()) for tranche, power in training.items())
    return {"training_peak_mw": most, "training_average_mw": average, "training_swing_mw": pulsing.swing(most, shape),
            "training_ramp_mw_per_second": pulsing.ramp(most, shape),
            "smoothing_needed_mw": float(pulsing.storage_power(at_bus(site) * most, shape, allowed(site)))}


def chain(site: Site) -> str:
    """The chain of the site in a sentence: its rules, what they let a unit carry, and what it passes on by load."""
    chosen, loads = electrical(site), (0.25, 0.5, 0.75, 1.0)
    rules = ", ".join(f"{group} {rule}" + (f" (a unit carries at most {chosen.topology(group).share:.0%})" if chosen.topology(group).units > 1 else "")
                      for group, rule in chosen.rules.items())
    passed = ", ".join(f"{chain_efficiency(site.catalog, chosen, load):.1%}" for load in loads)
    return f"electrical chain {chosen.chain}: {rules}; campus bus to racks at 25, 50, 75, 100 % of that: {passed}"


def described(site: Site) -> list[str]:
    """The chain in a sentence, and the training load of the whole fleet in one or two; that is left out where nothing trains."""
    return [chain(site), *_training(site)]


def _training(site: Site) -> list[str]:
    peaks = _peaks(site)
    if not any(peaks.values()):
        return []
    shape, found = pulse(site), figures(site, peaks)
    load = (f"training load: {found['training_peak_mw']:,.1f} MW at the peak of its steps, {found['training_average_mw']:,.1f} MW averaged over the year; "
            f"it swings {found['training_swing_mw']:,.1f} MW every {shape.period:g} s, at {found['training_ramp_mw_per_second']:,.0f} MW/s")
    if not limited(site):
        return [f"{load}; the site states no limit of the utility on that (electrical.utility_ramp, electrical.utility_swing)"]
    return [load, f"storage to smooth it within what the utility allows: {found['smoothing_needed_mw']:,.1f} MW for {storage_seconds(site):.3g} s"]
