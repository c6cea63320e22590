"""One plain problem in dcplan and in PyPSA, one after the other on HiGHS.

    load       60 MW in the first year, 10 MW more each year, the same daily shape; it is always met
    grid       40 MW, 30 MW more from the third year; a price by hour that repeats each year
    gas        engines of any size, a price of fuel
    PV, wind   any size; the same yield by hour on both sides
    store      any size; power and energy are sized and priced apart on both sides; 85 % there and back
    years      one step of investment a year; 7 % real; a unit costs the annuity of its life at each year's end, operation is paid at midyear

dcplan's site is ideal: racks, halls, cooling and conversion cost nothing and lose nothing, so that its
IT is the load. Storage: dcplan's starts and ends every quarter of a month at one level of the year, which the plan chooses; PyPSA's is cyclic
over the year, so its cost may be less by what that is worth; `pypsa_tied` has rows that hold its store to dcplan's convention, and is to agree
within the gap. dcplan ends within a gap of 0.1 %, PyPSA at the optimum of the linear programme. Costs that differ by more than 1 % are marked.
"""

import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
from dcplan.planner.assemble import build_case
from dcplan.sites import Site

from ..small import FLEET, GRID, RACK, ideal, merged, small_site
from .places import EXAMPLES
from .registry import Benchmark, Options, Row, Run
from .searching import searched

START = 2030
SEED = 5
RATE = 0.07
LOAD, GROWTH = 60, 10
STAGES = ((0, 40), (2, 30))
SHAPE = tuple(round(80 + 20 * float(np.sin((hour - 9) / 12 * np.pi))) for hour in range(24))
GAS_PRICE, HEAT_RATE, VARIABLE_COST = 30.0, 2.4, 5.0
ROUND_TRIP = 0.85
CAPITAL = {"engine": 900e3, "pv": 800e3, "wind": 1500e3, "power": 200e3, "energy": 160e3}  # USD per MW, MWh
LIFE = {"engine": 25, "pv": 30, "wind": 25, "power": 20, "energy": 20}
STEADY = {"Temperature": "20", "Dew Point": "5"}
NEAR, GAP = 0.01, 0.001
PEER = Path(__file__).with_name("peer_pypsa.py")
VARIANTS = ("dcplan", "pypsa", "pypsa_ipm", "pypsa_tied")


def build(run: Run) -> Site:
    """dcplan's site; for the peer the same numbers are written beside it."""
    site = _site(run.folder / "site", int(run.size))
    if run.variant != "dcplan":
        _write(run.folder, site, int(run.size), run.options.time_limit)
    return site


def search(run: Run, site: Site) -> Row:
    """dcplan plans it here; the peer's Python takes the place of this process, so that its memory is measured alone."""
    if run.variant != "dcplan":
        assert run.options.peer_python
        os.execv(run.options.peer_python, [run.options.peer_python, str(PEER), str(run.folder), run.variant])
    row = searched(site, run.options)
    return {name: row[name] for name in ("status", "hours", "cost_musd", "gap_percent", "seconds")}


def _site(folder: Path, years: int) -> Site:
    begin, end = date(START, 1, 1), date(START + years, 1, 1)
    wanted = [{"by": date(START + year, 1, 1), "count": f"{100 * (LOAD + GROWTH * year)} accelerator"} for year in range(years)]
    stages = [GRID | {"name": f"stage_{year}", "capacity": f"{size} MW", "available_from": date(START + year, 1, 1)}
              for year, size in STAGES if year < years]
    fleet = FLEET | {"wanted": wanted, "critical_share": "0 %", "shed_allowance": "100 %", "utilisation": {"daily": [f"{share} %" for share in SHAPE]},
                     "value_of_compute": "100 USD/accelerator/hour", "value_of_lost_load": "1000 USD/accelerator/hour"}
    pipeline = {"name": "lateral", "capacity": "2000 MW", "available_from": begin, "status": "existing"}
    changes = {
        "location": {"latitude": "32.50 degree", "longitude": "-99.79 degree", "elevation": "546 m", "utc_offset": "-6 hour"},
        "plan": {"start": begin, "end": end, "steps": [{"until": end, "step": "year"}], "mip_gap": "0.1 %"},
        "finance": {"discount_rate": f"{100 * RATE} %/year"},
        "grid": {"stages": stages, "price": {"hourly": "price.csv"}}, "gas": {"price": f"{GAS_PRICE} USD/MWh", "pipelines": [pipeline]},
        "fleet": [fleet], "halls": [{"name": "one", "cooling": "mixed", "it_capacity": "10 MW", "most": 10}],
        "power": {"allow": ["reciprocating_engine", "battery", "solar_pv", "onshore_wind"]}}
    prices = "\n".join(["price", *(f"{price:.4f}" for price in _prices())])
    return small_site(folder, changes, {"price.csv": prices, "weather.csv": _weather()}, _catalog())


def _weather() -> str:
    """The sun of Abilene at a temperature that never changes: weather moves PV and wind alone."""
    text = gzip.decompress((EXAMPLES / "abilene" / "weather_2013_utc.csv.gz").read_bytes()).decode()
    lines = [line.split(",") for line in text.splitlines()]
    steady = {lines[2].index(name): value for name, value in STEADY.items()}
    return "\n".join(",".join(steady.get(place, cell) if number > 2 else cell for place, cell in enumerate(line)) for number, line in enumerate(lines))


def _catalog() -> dict[str, dict[str, str]]:
    return merged(ideal(), {
        "reciprocating_engine": {"capital_cost": f"{CAPITAL['engine']} USD/MW", "life": f"{LIFE['engine']} year", "heat_rate": f"{HEAT_RATE} kWh/kWh",
                                 "variable_cost": f"{VARIABLE_COST} USD/MWh"},
        "onshore_wind": {"capital_cost": f"{CAPITAL['wind']} USD/MW", "life": f"{LIFE['wind']} year"},
        "solar_pv": {"capital_cost": f"{CAPITAL['pv']} USD/MW", "life": f"{LIFE['pv']} year"},
        "battery": {"capital_cost_power": f"{CAPITAL['power']} USD/MW", "capital_cost_energy": f"{CAPITAL['energy']} USD/MWh",
                    "life": f"{LIFE['power']} year", "round_trip_efficiency": f"{ROUND_TRIP}"},
        "test_rack": RACK})


def _prices() -> np.ndarray:
    """USD/MWh by hour: dear evenings and summers, with noise that is always the same."""
    hour, chance = np.arange(8760), np.random.default_rng(SEED)
    day, year = np.cos((hour % 24 - 19) / 12 * np.pi), np.cos((hour / 8760 - 0.58) * 2 * np.pi)
    return np.maximum(5.0, (50 + 20 * day + 15 * year) * chance.lognormal(0.0, 0.3, hour.size))


def _write(folder: Path, site: Site, years: int, time_limit: float) -> None:
    """What the peer needs: numbers, and the hourly series of load, price, PV and wind."""
    conditions = build_case(site).years[0]
    np.savez(folder / "series.npz", load=conditions.series["utilisation_all"], price=conditions.energy_price, pv=conditions.series["yield_solar_pv"],
             wind=conditions.series["yield_onshore_wind"])
    numbers = {
        "time_limit": time_limit, "start": START, "years": years, "rate": RATE, "load": [LOAD + GROWTH * year for year in range(years)],
        "grid": [sum(size for first, size in STAGES if first <= year) for year in range(years)],
        "fuel_cost": GAS_PRICE * HEAT_RATE + VARIABLE_COST, "round_trip": ROUND_TRIP, "capital": CAPITAL, "life": LIFE}
    (folder / "numbers.json").write_text(json.dumps(numbers), encoding="utf-8")


def skip(variant: str, options: Options) -> str | None:
    """The peer runs where its Python is given and has it."""
    if variant == "dcplan":
        return None
    if options.peer_python is None:
        return "no --peer-python; make one with `python -m venv peer && peer/bin/pip install -r tests/benchmarks/peer-requirements.txt`"
    if shutil.which(options.peer_python) is None:
        return f"--peer-python: there is no {options.peer_python}"
    found = subprocess.run([options.peer_python, "-c", "import pypsa, highspy"], capture_output=True, text=True, check=False)
    return None if found.returncode == 0 else f"--peer-python: {found.stderr.strip().splitlines()[-1]}"


def conclude(rows: Mapping[str, Row]) -> None:
    """The peer's cost, time and memory over dcplan's."""
    ours = rows["dcplan"]
    for variant, row in rows.items():
        if variant == "dcplan" or row.get("cost_musd") is None or ours.get("cost_musd") is None:
            continue
        cost = float(row["cost_musd"]) / float(ours["cost_musd"])  # type: ignore[arg-type]
        row |= {"cost_ratio": cost, "time_ratio": row["seconds"] / ours["seconds"], "memory_ratio": row["memory_mb"] / ours["memory_mb"]}  # type: ignore[operator]
        row["agrees"] = "within 0.1 %" if abs(cost - 1) <= GAP else "within 1 %" if abs(cost - 1) <= NEAR else "NO: more than 1 % apart"


BENCHMARK = Benchmark("peer", "one plain problem (load, grid, gas, PV, wind, battery) in dcplan and in PyPSA, on HiGHS; ratios: PyPSA / dcplan",
                      ("1", "3", "5"), build, search, VARIANTS, conclude, skip)  # type: ignore[arg-type]
