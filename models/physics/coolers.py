"""What a cooler can do at an hour's temperatures. degC and K; floats or arrays."""

import numpy as np


def loop_share(supply, leaving, ambient, approach):
    """Share of a loop's heat that a cooler takes, however big: clip((leaving - (ambient + approach)) / (leaving - supply), 0, 1).

    The water comes back at `leaving`, is wanted at `supply`, and can be cooled no further than ambient + approach. 1: free; between: mixed, a
    machine behind it does the rest; 0: mechanical.
    """
    return np.clip((leaving - (ambient + approach)) / (leaving - supply), 0.0, 1.0)


def coil_capacity(leaving, ambient, rated_difference):
    """Heat over rating at full flow with water coming back at `leaving`: max(leaving - ambient, 0) / rated difference.

    Constant effectiveness; the rated difference is that of the entering water to the entering air, range + approach. Above 1 in colder air, where
    fans may slow down.
    """
    return np.maximum(leaving - ambient, 0.0) / rated_difference


def slowed(ratio, least: float):
    """Flow that fans need over what the load says, where a machine could give `ratio` times its rating: 1 / ratio, between `least` and 1."""
    return np.clip(1 / np.maximum(ratio, 1e-9), least, 1.0)


def pad_leaving_air(dry_bulb, wet_bulb, effectiveness):
    """Temperature behind a wetted pad: dry_bulb - effectiveness * (dry_bulb - wet_bulb). effectiveness 0 to 1."""
    return dry_bulb - effectiveness * (dry_bulb - wet_bulb)


def exchanger_approach(effectiveness, rise):
    """Approach (K) of an air-to-air exchanger of equal flows whose hot side falls by `rise`: rise (1 - e) / e, 0 < e <= 1."""
    return rise * (1 - effectiveness) / effectiveness
