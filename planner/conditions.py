"""The site's hours and design point as the conditions that components prepare their coefficients from."""

import numpy as np

from ..models.conditions import Conditions
from ..sites import Site
from .yields import yields

SERIES = ("availability_", "utilisation_", "heat_")  # hourly series of a site that technologies ask for by name


def year_conditions(site: Site, scenario: int = 0) -> Conditions:
    """A weather year, 8760 h; hours beyond the design percentile of dry or wet bulb are marked."""
    hours = site.hours.isel(scenario=scenario)
    values = {str(name): np.asarray(hours[name].values, dtype=float) for name in hours.data_vars}
    series = {name: values[name] for name in values if name.startswith(SERIES)}
    series |= yields(site, values)
    beyond = site.design.is_beyond(values["dry_bulb"], values["wet_bulb"])
    none = np.zeros(len(beyond))
    return Conditions(
        dry_bulb=values["dry_bulb"], wet_bulb=values["wet_bulb"], pressure=values["pressure"], energy_price=values["energy_price"],
        carbon_intensity=values["carbon_intensity"], hour_of_day=hours["hour_of_day"].values, weekday=hours["weekday"].values,
        reserve=none, outage=none, beyond=beyond, series=series)


def design_conditions(site: Site) -> Conditions:
    """The design hours: hottest dry bulb, most humid wet bulb, an outage at the hottest dry bulb, rare heat and the heat wave.

    Redundant units count as lost in each. In those beyond the percentiles the loops float.
    """
    point = site.design
    usual = [(point.dry_bulb, point.coincident_wet_bulb), (point.coincident_dry_bulb, point.wet_bulb)]
    outage = usual[:1] if site.outage.duration > 0 else []
    dry, wet = np.array([*usual, *outage, *((one.dry_bulb, one.wet_bulb) for one in point.further)]).T
    count = len(dry)
    ones, none = np.ones(count), np.zeros(count)
    names = [name for name in site.hours.data_vars if str(name).startswith(SERIES)]
    return Conditions(
        dry_bulb=dry, wet_bulb=wet, pressure=np.full(count, float(site.hours["pressure"].mean())),
        energy_price=none, carbon_intensity=none, hour_of_day=none, weekday=none, reserve=ones,
        outage=np.where(np.arange(count) == len(usual), float(len(outage)), 0.0), beyond=point.is_beyond(dry, wet),
        series=dict.fromkeys(map(str, names), ones))
