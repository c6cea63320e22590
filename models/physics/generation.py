"""What weather leaves of a generator's rating, and what the sun gives."""

from datetime import timedelta, timezone

import numpy as np

REFERENCE_PRESSURE = 101325.0
REFERENCE_DENSITY = 1.225
GAS_CONSTANT = 287.05


def derating(dry_bulb, pressure, per_kelvin: float, reference: float, per_pressure: float):
    """Share of the rating available: (1 - per_kelvin * max(0, dry_bulb - reference)) * (1 - per_pressure * (1 - pressure / 101325 Pa)), 0 to 1.

    per_kelvin: Newkirk et al. 2025 (gas turbines); per_pressure: 1 where output follows air density, less with a turbocharger.
    """
    hot = 1 - per_kelvin * np.maximum(0.0, dry_bulb - reference)
    high = 1 - per_pressure * np.maximum(0.0, 1 - pressure / REFERENCE_PRESSURE)
    return np.clip(hot * high, 0.0, 1.0)


def pv_yield(*, latitude: float, longitude: float, elevation: float, utc_offset: float, ghi, dni, dhi, dry_bulb, wind_speed,
             dc_ac_ratio: float, system_loss: float, temperature_coefficient: float):
    """AC output of a single-axis tracking field per MW of inverter, by hour of the model year in local standard time.

    Irradiance (W/m2) on the tracker (pvlib, Hay-Davies), cell temperature by Faiman, PVWatts DC with temperature coefficient (1/K),
    capped at the inverter. The sun stands where it is at the middle of the hour.
    """
    import pandas as pd
    from pvlib import irradiance, location, pvsystem, temperature, tracking

    times = pd.date_range("2023-01-01 00:30", periods=len(ghi), freq="h", tz=timezone(timedelta(hours=utc_offset)))
    sun = location.Location(latitude, longitude, altitude=elevation).get_solarposition(times)
    track = tracking.singleaxis(sun["apparent_zenith"], sun["azimuth"], backtrack=True, gcr=0.35)
    plane = irradiance.get_total_irradiance(
        track["surface_tilt"].fillna(0), track["surface_azimuth"].fillna(180), sun["apparent_zenith"], sun["azimuth"],
        pd.Series(dni, times), pd.Series(ghi, times), pd.Series(dhi, times), dni_extra=irradiance.get_extra_radiation(times), model="haydavies")
    effective = plane["poa_global"].fillna(0.0).clip(lower=0.0)
    cell = temperature.faiman(effective, pd.Series(dry_bulb, times), pd.Series(wind_speed, times))  # type: ignore[arg-type]
    direct = pvsystem.pvwatts_dc(effective, cell, dc_ac_ratio, temperature_coefficient)
    return np.clip(direct.to_numpy() * (1 - system_loss), 0.0, 1.0)


def hub_speed(wind_speed, measured_height: float, hub_height: float, shear_exponent: float):
    """Wind speed (m/s) at the hub from that at the height of measurement: v (hub / measured)^shear, the power law (Burton et al. 2011, ch. 2)."""
    return np.asarray(wind_speed, dtype=float) * (hub_height / measured_height) ** shear_exponent


def air_density(dry_bulb, pressure):
    """kg/m3 of dry air at a temperature (degC) and pressure (Pa): p / (R T), R = 287.05 J/kg/K (IEC 61400-12-1, air density)."""
    return pressure / (GAS_CONSTANT * (np.asarray(dry_bulb, dtype=float) + 273.15))


def wind_yield(*, wind_speed, dry_bulb, pressure, measured_height: float, hub_height: float, shear_exponent: float, speeds, powers):
    """Output of a turbine per MW of rating, by hour: the power curve (speeds in m/s, powers as shares of the rating) at the speed

        v_n = v_hub (rho / 1.225 kg/m3)^(1/3)

    for turbines with pitch control (IEC 61400-12-1, data normalisation). Pressure is that of the ground. Linear between the points of the curve, nothing
    outside them; the cut-out is met by the speed at the hub as it is.
    """
    hub = hub_speed(wind_speed, measured_height, hub_height, shear_exponent)
    normal = hub * (air_density(dry_bulb, pressure) / REFERENCE_DENSITY) ** (1 / 3)
    made = np.interp(normal, speeds, powers, left=0.0, right=powers[-1])
    return np.where(hub < speeds[-1], made, 0.0)
