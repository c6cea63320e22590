"""What the files of a plan have to hold to be verified. A plan of an earlier version may lack some of it."""

from collections.abc import Collection, Mapping

NEEDED = {
    "phases.csv": ("phase", "start", "end", "accelerators_wanted", "accelerators_online", "late_accelerator_months", "racks", "halls", "it_installed_mw",
                   "it_mw", "facility_peak_mw", "it_energy_mwh", "facility_energy_mwh", "grid_energy_mwh", "gas_energy_mwh", "water_m3",
                   "carbon_tonne_co2e", "shed_accelerator_hours", "unserved_mwh", "heat_sold_mwh", "pue", "wue_l_per_kwh"),
    "builds.csv": ("phase", "technology", "units", "order_by", "in_service", "capital_usd", "status"),
    "plan.nc": ("asset", "unit_size", "units_built", "units_online", "capacity"),
    "summary.json": ("net_present_cost_usd", "cost_capital_less_salvage_usd", "cost_fixed_usd", "cost_operation_usd", "cost_lateness_usd"),
    "manifest.json": ("inputs",),
}
WHAT = {"csv": "column", "nc": "variable", "json": "key"}


def lacking(held: Mapping[str, Collection[str]]) -> str:
    """What files lack of the names that they need, in words: "phases.csv has no column pue, racks; plan.nc has no variable capacity"."""
    missing = {file: [name for name in NEEDED[file] if name not in names] for file, names in held.items()}
    return "; ".join(f"{file} has no {WHAT[file.rpartition('.')[2]]} {', '.join(names)}" for file, names in missing.items() if names)
