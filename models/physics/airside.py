"""Outside air in the hall: dampers, pads and humidity limits, hour by hour. degC, Pa, kg/kg; floats or arrays."""

import numpy as np

from .psychrometrics import humidity_ratio, saturated_humidity

LATENT = 2501.0  # kJ/kg at 0 degC, with which adiabatic humidification is counted
AIR = 1.006  # kJ/(kg K)


def needed_cooling(dry_bulb, wet_bulb, wanted, effectiveness):
    """Kelvin by which pads cool outside air down to `wanted`, as far as they can: clip(dry - wanted, 0, e (dry - wet)). Pads are bypassed below."""
    return np.clip(dry_bulb - wanted, 0.0, effectiveness * (dry_bulb - wet_bulb))


def may_open(dry_bulb, wet_bulb, pressure, cooled, dew_point_maximum):
    """Whether outside air, cooled adiabatically by `cooled` K, is dry enough for the hall: humidity ratio at most that of the dew-point limit."""
    humidity = humidity_ratio(dry_bulb, wet_bulb, pressure) + AIR * cooled / LATENT
    return humidity <= saturated_humidity(dew_point_maximum, pressure)


def outside_air(dry_bulb, lowest, leaving):
    """Share of the hall's air that is taken from outside where it is colder than `lowest`, the rest being return air mixed in.

    (leaving - lowest) / (leaving - dry bulb), 1 where it is warm enough. `leaving` is the return air.
    """
    return np.where(dry_bulb < lowest, (leaving - lowest) / np.maximum(leaving - dry_bulb, 1e-6), 1.0)[()]


def humidification(humidity, least, taken, rise):
    """Water (kg per kJ of heat) that lifts outside air to a least humidity ratio: taken * (least - w) / (cp * rise), at least zero.

    `taken` is the share of the air from outside, `rise` (K) that of the hall's air.
    """
    return taken * np.maximum(least - humidity, 0.0) / (AIR * rise)
