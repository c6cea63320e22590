"""What a cooler can do at an hour's temperatures. degC and K; floats or arrays."""

import numpy as np


def loop_share(supply, leaving, ambient, approach):
    """Share of a loop's heat that a cooler takes, however big: clip((leaving - (ambient + approach)) / (leaving - supply), 0, 1).

    The water comes back at `leaving`, is wanted at `supply`, and can be cooled no further than ambient + approach.
    """
    return np.clip((leaving - (ambient + approach)) / (leaving - supply), 0.0, 1.0)


def pad_leaving_air(dry_bulb, wet_bulb, effectiveness):
    """Temperature behind a wetted pad: dry_bulb - effectiveness * (dry_bulb - wet_bulb). effectiveness 0 to 1."""
    return dry_bulb - effectiveness * (dry_bulb - wet_bulb)
