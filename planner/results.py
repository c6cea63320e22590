"""What a solved programme says: phases, builds, ledger and summary, each with its unit."""

import numpy as np
import pandas as pd
import xarray as xr

from ..models.component import at
from ..models.horizon import Phase, last_day
from ..models.terms import amount
from .lateness import late_months, wanted_at
from .programme import Programme, committed_capital
from .solve import Solution


class Reading:
    """Values of a solution by variable."""

    def __init__(self, programme: Programme, solution: Solution):
        self.programme, self.case = programme, programme.case
        self.values = {id(column): float(value) for column, value in zip(solution.arrays.columns, solution.values, strict=True)}

    def of(self, var) -> float:
        """A variable's value; that of a fixed one where the solver never saw it."""
        return self.values.get(id(var), float(var.value or 0.0))

    def asset(self, name: str, what: str, phase: Phase) -> float:
        """build, online or capacity of an asset in a phase."""
        return self.of(getattr(self.programme.asset(name), what)[phase.index])

    def hourly(self, phase: Phase, component: str, variable: str) -> np.ndarray:
        """A component's variable over the operating hours of a phase."""
        found = getattr(getattr(self.programme.operation(phase), component), variable)
        return np.array([self.of(found[key]) for key in found])


def builds(reading: Reading) -> pd.DataFrame:
    """A row for everything commissioned: phase, technology, units, capacity, order and service dates, capital, status."""
    rows = []
    for asset in reading.case.assets:
        for item in asset.given:
            capital = asset.capital * asset.unit_size if item.capital is None else item.capital
            rows.append((_phase_of(reading, item.in_service), asset.name, item.units, item.units * asset.unit_size, asset.unit, None,
                         item.in_service.isoformat(), 0.0 if item.status == "existing" else item.units * capital, item.status))
        for phase in reading.case.phases:
            units = reading.asset(asset.name, "build", phase)
            if units > 1e-6:
                size = units * asset.unit_size
                rows.append((phase.name, asset.name, round(units, 6), round(size, 6), asset.unit, asset.order_date(phase).isoformat(),
                             phase.start.isoformat(), size * asset.capital, "option"))
    columns = ["phase", "technology", "units", "capacity", "unit", "order_by", "in_service", "capital_usd", "status"]
    return pd.DataFrame(rows, columns=columns).sort_values(["in_service", "technology"], ignore_index=True)


def _phase_of(reading: Reading, day) -> str:
    return next((phase.name for phase in reading.case.phases if phase.end > day), reading.case.phases[-1].name)


def phases(reading: Reading, made: pd.DataFrame) -> pd.DataFrame:
    """A row a phase: fleet, power, cooling, money, energy, water, carbon, PUE and WUE."""
    first = {phase.index: group[0] for group in reading.case.groups for phase in group}
    return pd.DataFrame([_phase_row(reading, phase, first.get(phase.index), made) for phase in reading.case.phases])


def _phase_row(reading: Reading, phase: Phase, operated: Phase | None, made: pd.DataFrame) -> dict:
    case = reading.case
    wanted = sum(wanted_at(tranche.wanted, last_day(phase)) for tranche in case.site.fleet)
    variants = [(variant, reading.asset(variant.component.name, "online", phase)) for variant in case.variants]
    row = {"phase": phase.name, "start": phase.start.isoformat(), "end": last_day(phase).isoformat(), "accelerators_wanted": wanted,
           "accelerators_online": sum(pods * variant.racks_per_pod * variant.rack.accelerators for variant, pods in variants),
           "racks": sum(pods * variant.racks_per_pod for variant, pods in variants),
           "halls": sum(reading.asset(hall.name, "online", phase) for hall in case.halls),
           "capital_usd": float(made.loc[made.phase == phase.name, "capital_usd"].sum())}
    for component in case.components:
        for asset in component.assets if component not in [variant.component for variant in case.variants] else ():
            kind = "cooling" if asset.group == "cooling" else "supply"
            row[f"{kind}_{asset.name}_{asset.unit.lower()}"] = round(reading.asset(asset.name, "capacity", phase), 6)
    return row | (_operation(reading, phase, operated) if operated is not None else {})


def _operation(reading: Reading, phase: Phase, operated: Phase) -> dict:
    period, case = reading.programme.periods[operated.index], reading.case
    it = sum(reading.hourly(operated, variant.component.name, "load") for variant in case.variants)
    facility = reading.hourly(operated, "transformer", "through") + reading.hourly(operated, "transformer", "loss")
    ledger = {name: ledger_total(reading, operated, name) for name in ("water", "carbon")}
    energy, it_energy = float(facility @ period.weight), float(it @ period.weight)
    return {"it_mw": float(it.max()), "facility_peak_mw": float(facility.max()), "energy_mwh": energy, "water_m3": ledger["water"],
            "carbon_tonne": ledger["carbon"], "it_energy_mwh": it_energy, "pue": energy / it_energy if it_energy else None,
            "wue_l_per_kwh": ledger["water"] / it_energy if it_energy else None}


def ledger_total(reading: Reading, phase: Phase, ledger: str, item: str | None = None) -> float:
    """A ledger's total over a phase, hourly effects only."""
    period, total = reading.programme.periods[phase.index], 0.0
    for component in reading.case.components:
        for effect in component.effects(at(reading.case.hourly[component.name], period)):
            if effect.ledger == ledger and effect.span == "hour" and item in (None, effect.item):
                values = {term.variable: reading.hourly(phase, component.name, term.variable) for term in effect.terms}
                total += float(np.asarray(amount(effect.terms, values)) @ period.weight)
    return total


def summary(reading: Reading, solution: Solution, table: pd.DataFrame, made: pd.DataFrame, seconds: float) -> dict:
    """The plan in figures, and in one sentence."""
    case, last = reading.case, table.iloc[-1]
    late = sum(late_months(case, tranche, phase, row.accelerators_online) for tranche in case.site.fleet
               for phase, row in zip(case.phases, table.itertuples(), strict=True)) if len(case.site.fleet) == 1 else None
    energy, it_energy = table["energy_mwh"].sum(), table["it_energy_mwh"].sum()
    gap = None if solution.bound is None else max(0.0, (solution.objective - solution.bound) / abs(solution.objective))
    found = {
        "site": case.site.name, "status": solution.status, "resolution": "sampled", "net_present_cost_usd": solution.objective,
        "lower_bound_usd": solution.bound, "gap": gap, "peak_it_mw": float(table["it_mw"].max()),
        "peak_facility_mw": float(table["facility_peak_mw"].max()), "pue": energy / it_energy if it_energy else None,
        "wue_l_per_kwh": table["water_m3"].sum() / it_energy if it_energy else None, "capital_usd": float(made["capital_usd"].sum()),
        "committed_capital_usd": sum(committed_capital(case, asset, False) for asset in case.assets), "late_accelerator_months": late,
        "accelerators_online": float(last["accelerators_online"]), "accelerators_wanted": float(last["accelerators_wanted"]),
        "sampled_to_full_cost": None, "seconds": seconds}
    return found | {"verdict": verdict(found, last)}


def verdict(found: dict, last: pd.Series) -> str:
    """How many MW when, cooled how, fed by what, at what cost, how late."""
    def biggest(kind: str) -> str:
        sizes = {name: last[name] for name in last.index if name.startswith(kind) and name.endswith("_mw") and last[name] > 0
                 and not any(part in name for part in ("transformer", "ups", "gas_", "cold_plate", "air_handler"))}
        return ", ".join(f"{name.removeprefix(kind).removesuffix('_mw').replace('_', ' ')} {size:,.0f} MW" for name, size in
                         sorted(sizes.items(), key=lambda item: -item[1])[:4])

    return (f"{found['site']}: {found['peak_it_mw']:,.0f} MW of IT ({found['peak_facility_mw']:,.0f} MW facility) by {last['phase']}, "
            f"cooled by {biggest('cooling_')}, fed by {biggest('supply_')}, at {found['net_present_cost_usd'] / 1e9:,.2f} GUSD net present cost; "
            f"{found['late_accelerator_months'] or 0:,.0f} accelerator-months late.")


def dataset(table: pd.DataFrame) -> xr.Dataset:
    """Phases as a dataset with units and long names."""
    units = {"mw": "MW", "mwh": "MWh", "usd": "USD", "m3": "m3", "tonne": "tonne_CO2e", "kwh": "L/kWh"}
    made = xr.Dataset.from_dataframe(table.set_index("phase"))
    for name in [*made.data_vars, *made.coords]:
        made[name].attrs.update(units=units.get(str(name).rsplit("_", 1)[-1], "1"), long_name=str(name).replace("_", " "))
    return made
