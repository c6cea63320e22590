"""Open towers: water by the heat balance."""


def tower_water(evaporation: float, cycles_of_concentration: float, drift: float, water_range: float) -> float:
    """Make-up water (m3 per MWh of heat): evaporation + drift + blowdown.

    Circulation is 3600 / (4.186 * range) m3 per MWh; drift is a share of it; blowdown = evaporation / (cycles - 1) less drift, at least 0.
    evaporation in m3/MWh, range in K, cycles > 1. Source: ASHRAE Systems and Equipment, cooling towers; Lei and Masanet 2022.
    """
    drifted = drift * 3600 / (4.186 * water_range)
    return evaporation + max(evaporation / (cycles_of_concentration - 1), drifted)
