"""The peer's side of tests/benchmarks/peer.py, for a Python with PyPSA: `python peer_pypsa.py FOLDER VARIANT` writes FOLDER/row.json.

Reads numbers.json and series.npz, knows nothing of dcplan. VARIANT is `pypsa` (HiGHS as it is), `pypsa_ipm` (its interior point, no crossover), or
`pypsa_tied` (as it is; every store is at one level of the year at the end of every quarter of a month).
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pypsa  # type: ignore[import-not-found]

HOURS = 8760
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
IPM = {"solver": "ipm", "run_crossover": "off"}


def network(numbers: dict, series) -> pypsa.Network:
    """Years as investment periods; whatever can be built is a component of its own for each year it may be built in, as PyPSA has it."""
    years = [numbers["start"] + year for year in range(numbers["years"])]
    made = pypsa.Network()
    made.set_snapshots(pd.MultiIndex.from_product([years, pd.RangeIndex(HOURS)], names=["period", "timestep"]))
    made.investment_periods = years
    made.investment_period_weightings["years"] = 1.0
    made.investment_period_weightings["objective"] = [(1 + numbers["rate"]) ** -(year + 0.5) for year in range(len(years))]
    made.add("Bus", "site")
    made.add("Load", "load", bus="site", p_set=_by_year(made, numbers["load"], series["load"]))
    most = max(numbers["grid"])
    made.add("Generator", "grid", bus="site", p_nom=most, p_max_pu=_by_year(made, [size / most for size in numbers["grid"]], np.ones(HOURS)),
             marginal_cost=_by_year(made, np.ones(len(years)), series["price"]))
    for year in years:
        _add_year(made, numbers, series, year)
    return made


def _by_year(made: pypsa.Network, scale, hourly: np.ndarray) -> pd.Series:
    return pd.Series(np.concatenate([each * hourly for each in scale]), made.snapshots)


def _add_year(made: pypsa.Network, numbers: dict, series, year: int) -> None:
    """What may be built in a year: engines, PV, wind, and a store with its charger and discharger."""
    def asset(kind: str) -> dict:
        return {"build_year": year, "lifetime": numbers["life"][kind], "capital_cost": yearly(numbers, kind)}

    one_way, sun = numbers["round_trip"] ** 0.5, _by_year(made, np.ones(numbers["years"]), series["pv"])
    wind = _by_year(made, np.ones(numbers["years"]), series["wind"])
    made.add("Generator", f"engine {year}", bus="site", p_nom_extendable=True, marginal_cost=numbers["fuel_cost"], **asset("engine"))
    made.add("Generator", f"pv {year}", bus="site", p_nom_extendable=True, p_max_pu=sun, **asset("pv"))
    made.add("Generator", f"wind {year}", bus="site", p_nom_extendable=True, p_max_pu=wind, **asset("wind"))
    made.add("Bus", f"store {year}")
    made.add("Store", f"store {year}", bus=f"store {year}", e_nom_extendable=True, e_cyclic=True, e_cyclic_per_period=True, **asset("energy"))
    made.add("Link", f"charger {year}", bus0="site", bus1=f"store {year}", p_nom_extendable=True, efficiency=one_way, **asset("power"))
    made.add("Link", f"discharger {year}", bus0=f"store {year}", bus1="site", p_nom_extendable=True, efficiency=one_way,
             **{**asset("power"), "capital_cost": 0.0})


def yearly(numbers: dict, kind: str) -> float:
    """Annuity over the life, paid at each year's end; PyPSA weighs it like operation, at midyear, hence half a year's discount."""
    rate, life = numbers["rate"], numbers["life"][kind]
    return numbers["capital"][kind] * rate / (1 - (1 + rate) ** -life) / (1 + rate) ** 0.5


def one_inverter(made: pypsa.Network, snapshots) -> None:
    """What charges discharges: both links of a store have one rating on the site's side."""
    rating = made.model["Link-p_nom"]
    for year in made.investment_periods:
        into, out = rating.loc[f"charger {year}"], rating.loc[f"discharger {year}"]
        made.model.add_constraints(into - made.links.at[f"discharger {year}", "efficiency"] * out == 0, name=f"inverter {year}")


def one_level(made: pypsa.Network, snapshots) -> None:
    """The level at the end of every quarter of a month is that at the end of the year."""
    one_inverter(made, snapshots)
    firsts = np.cumsum([0, *MONTH_DAYS])
    ends = [24 * (firsts[month] + round(days * part / 4)) - 1 for month, days in enumerate(MONTH_DAYS) for part in range(1, 5)][:-1]
    level = made.model["Store-e"]
    for number in range(len(made.investment_periods)):
        for built in made.investment_periods[: number + 1]:
            mine = level.sel(name=f"store {built}")
            for end in ends:
                made.model.add_constraints(mine.isel(snapshot=number * HOURS + end) - mine.isel(snapshot=(number + 1) * HOURS - 1) == 0)


def main(folder: Path, variant: str) -> None:
    """Build, solve, write the row."""
    numbers, series = json.loads((folder / "numbers.json").read_text()), np.load(folder / "series.npz")
    started = time.perf_counter()
    made = network(numbers, series)
    _, condition = made.optimize(solver_name="highs", multi_investment_periods=True,
                                      extra_functionality=one_level if variant == "pypsa_tied" else one_inverter,
                                      solver_options={"time_limit": numbers["time_limit"], **(IPM if variant == "pypsa_ipm" else {})})
    seconds = time.perf_counter() - started
    row = {"status": condition, "hours": HOURS * numbers["years"], "seconds": seconds, "gap_percent": None,
           "cost_musd": made.objective / 1e6 if condition == "optimal" else None, "versions": f"pypsa {pypsa.__version__}"}
    (folder / "row.json").write_text(json.dumps(row))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
