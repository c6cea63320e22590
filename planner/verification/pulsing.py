"""Storage for the swing of training again: for the steps of training beyond what the grid may follow, and for a job that stops."""

import numpy as np

from ...sites import Site
from .electrical import at_bus
from .finding import Finding, by_phase, difference, hourly, worst
from .reading import Reading
from .things import racks, training_storage


def smoothing_need(site: Site, training: np.ndarray) -> np.ndarray:
    """MW of storage for MW of training IT: for steps beyond what the grid may follow within an edge, and for a stop beyond its ramp."""
    def row(name: str, unit: str = "1") -> float:
        return site.catalog.number("workload.training", name, unit)

    ramp, band = (np.inf if given is None else given for given in (site.electrical.utility_ramp, site.electrical.utility_swing))
    load, duty = training * at_bus(site), row("swing_duty")
    steps = (row("swing_depth") * load - min(band, ramp * row("swing_edge", "second"))) * max(duty, 1 - duty)
    return np.maximum(0.0, np.maximum(steps, row("stop_depth") * load - ramp * row("stop_time", "second")))


def training(reading: Reading) -> np.ndarray:
    """MW of training IT at the inlet by phase."""
    return sum((reading.by_phase("capacity", name) for name in _trained(reading)), reading.no_phases)


def _trained(reading: Reading) -> dict[str, float]:
    """Racks that train, with the mean of what they want over their peak."""
    names = {tranche.name for tranche in reading.site.fleet if tranche.workload == "training"}
    return {rack.name: float(reading.of_site(f"utilisation_{rack.tranche}").mean()) for rack in racks(reading.site) if rack.tranche in names}


def smoothing(reading: Reading) -> list[Finding]:
    """Storage for the swing of training: enough of it in every phase, and its loss in every hour."""
    site, number = reading.site, reading.site.catalog.number
    held = sum((reading.by_phase("capacity", name) for name in training_storage(site)), reading.no_phases)
    found = [by_phase(reading, "smoothing of training", "all", smoothing_need(site, training(reading)) - held, "MW", 1e-3)]
    found += _summary(reading, held)
    duty = number("workload.training", "swing_duty", "1")
    lost = [hourly(reading, "loss of smoothing", name, np.abs(
        reading.hourly(name, "loss") - (1 - number(name, "round_trip_efficiency", "1")) * min(duty, 1 - duty) * reading.capacity(name)), 0.0)
        for name in training_storage(site)]
    return [*found, *worst(lost)]




def _summary(reading: Reading, held: np.ndarray) -> list[Finding]:
    """What the summary says of the training load, in the phase in which it is largest, and of its storage."""
    load, site = training(reading), reading.site
    most = int(np.argmax(load))
    depth, edge = (site.catalog.number("workload.training", name, unit) for name, unit in (("swing_depth", "1"), ("swing_edge", "second")))
    average = sum(mean * reading.by_phase("capacity", name)[most] for name, mean in _trained(reading).items())
    own = {"training_peak_mw": load[most], "training_average_mw": average, "training_swing_mw": depth * load[most],
           "training_ramp_mw_per_second": depth * load[most] / edge, "smoothing_needed_mw": smoothing_need(site, load)[most], "smoothing_mw": held[most]}
    return worst([difference("training load", name, reading.summary.get(name), float(figure), "MW", 1e-5, 1e-3) for name, figure in own.items()])
