"""What the figures of a plan and the columns of its tables mean, in words: for whoever reads an export without the programme."""

import re
from collections.abc import Mapping

FIGURES = {
    "site": "name of the site",
    "status": "how the search ended: optimal (the gap asked for is reached), time_limit, feasible (it could prove no more), interrupted, failed; "
              "overdrawn where the plan is over its limits",
    "resolution": "hours that sizes were decided over", "objective": "what was minimised",
    "weather": "where the weather is from", "cost_set": "dated set that costs are of", "cost_range": "end of the range that costs are taken at",
    "net_present_cost_usd": "net present cost of the plan", "lower_bound_usd": "proven: no plan costs less",
    "gap": "share of the cost that a cheaper plan could save at most", "sampled_cost_usd": "cost of the plan over sampled days",
    "sampled_lower_bound_usd": "no plan costs less over sampled days", "sampled_to_full_cost": "cost over every hour, over that of sampled days",
    "sampled_plan_usd": "cost over every hour of the plan of the sampled days",
    "installed_it_mw": "IT installed: racks in service at their own peak, in the largest phase", "peak_it_mw": "IT load in its highest hour",
    "peak_facility_mw": "load of the facility in its highest hour", "pue": "energy of the facility over energy of IT",
    "wue_l_per_kwh": "water drawn over energy of IT", "capital_usd": "capital of all that is commissioned, real and not discounted",
    "committed_capital_usd": "of it committed before the plan", "cost_capital_less_salvage_usd": "present cost of capital, less what is left at the end",
    "cost_fixed_usd": "present cost of keeping what is in service", "cost_operation_usd": "present cost of operation",
    "cost_lateness_usd": "present cost of accelerators that are late", "accelerators_wanted": "accelerators wanted last",
    "accelerators_online": "accelerators in service at the end", "late_accelerator_months": "accelerators late, times months",
    "late_for_whole_pods_accelerator_months": "of it because racks come in whole pods", "accelerator_hours": "hours of accelerators served",
    "shed_share": "share of the hours of accelerators that is shed", "unserved_mwh": "energy of the facility that is not served",
    "unserved_share": "share of the energy that is not served", "training_peak_mw": "training: peak of the steps",
    "training_average_mw": "training: average over the year, by the utilisation of its tranches", "training_swing_mw": "training: swing within a step",
    "training_ramp_mw_per_second": "training: steepest ramp", "smoothing_needed_mw": "storage that the swing needs",
    "smoothing_mw": "storage that is there for it",
    "overdrawn": "limits that every hour together do not keep",
    "held_back_by": "what holds the plan back: limits, then prices of what is for sale, each dearest first; a saving is that of a step throughout: "
                    "in every phase from the one named on, summed over these",
    "seconds": "time to plan, without reading the site, writing and verification",
    "seconds_build": "time to write the programme", "seconds_sampled": "time for the plan over sampled days",
    "seconds_blocks": "time for months of operation", "seconds_master": "time for investments", "iterations": "rounds of the search",
    "block_solves": "months of operation solved", "cuts": "bounds on the cost of operation", "failure": "what broke the search off",
    "verdict": "the plan in a sentence",
    "reliability_rounds": "rounds towards the availability asked for", "reliability_reached": "whether it is reached", "reliability_tried": "rules tried",
    "reliability_outage_hours": "hours of fuel on site", "reliability_phase": "phase that is weakest", "reliability_years": "years simulated",
}
WHOLE = "the whole critical load"  # the class `all`
OF_CLASSES = (
    (r"availability_(\w+)_asked", "share of hours with power and cooling that is asked for, {}"),
    (r"availability_(\w+)_simulated_error", "distance of the simulated availability to the farther end of its 95 % interval, {}"),
    (r"availability_(\w+)_simulated", "share of hours with power and cooling, simulated, {}"),
    (r"availability_(\w+)", "share of hours with power and cooling by outage tables, {}"),
    (r"reliability_(\w+)_rule", "redundancy of {}"),
)
COLUMNS = {
    "summary": {"figure": "name of the figure in summary.json", "meaning": "what it is", "value": "where it is a number", "unit": "unit of the value",
                "said": "where it is words"},
    "phases": {
        "phase": "phase of the buildout", "start": "first day", "end": "last day", "accelerators_wanted": "wanted by the last day",
        "accelerators_online": "in service", "late_accelerator_months": "wanted and not in service, times months", "racks": "in service",
        "halls": "in service", "it_installed_mw": "racks in service at their own peak", "it_mw": "IT load in its highest hour",
        "facility_peak_mw": "load of the facility in its highest hour", "measured_load_mw": "what is served of the measured load in its highest hour",
        "it_energy_mwh": "energy at the inlet of the racks",
        "facility_energy_mwh": "energy of the facility with all losses", "grid_energy_mwh": "energy over the meter inward",
        "gas_energy_mwh": "fuel that pipelines bring, by its higher heating value", "water_m3": "drawn",
        "carbon_tonne_co2e": "emitted, with the grid's and that of tests of standby", "shed_accelerator_hours": "compute that goes without power",
        "unserved_mwh": "energy that the facility goes without", "heat_sold_mwh": "heat given to the network",
        "pue": "energy of the facility over that of IT",
        "wue_l_per_kwh": "water over energy of IT", "capital_usd": "capital of what is commissioned, real and not discounted"},
    "builds": {
        "phase": "first phase that it serves whole, from which on the plan counts it; that after `in_service` where that lies within a phase",
        "technology": "what is built", "units": "how many", "capacity": "of all units",
        "unit": "unit of capacity",
        "order_by": "day by which to order",
        "in_service": "first day of service: of an option that of its phase, of what is there or on order by the site file",
        "capital_usd": "capital, real and not discounted",
        "status": "existing, committed, or option where the plan decides"},
    "dispatch": {"scenario": "weather year", "phase": "phase of the buildout", "hour": "hours since 1 January 00:00", "local_time": "month, day and hour"},
    "ledger": {"ledger": "money, water, carbon, shed, unserved or heat", "entry": "component and item", "phase": "phase of the buildout",
               "amount": "of the phase; money is real, of the year, not discounted", "unit": "unit of the amount"},
    "limits": {
        "limit": "a limit of the site, or of time; also hall room, and firm power in the design hours of a phase, with the grid or in an outage of it, "
                 "which may be for sale",
        "phase": "phase in which it holds; that of the first of a year for yearly ones, and of years that the plan treats as one",
        "price_relaxed": "what a unit more of the limit in that phase would save in present cost, were parts of units to be had (of yearly budgets: on "
                         "sampled days): 0 where it does not bind",
        "price_chosen": "the same with the whole units of the plan held; empty where it is not known", "unit": "USD per unit of the limit"},
    "weather_years": {"scenario": "weather year", "weight": "its probability", "phase": "phase of the buildout"},
    "comparison": {
        "file": "site file that was planned", "scenario": "scenario of the site file; empty where it stands as it is",
        "problem": "why there is no plan, or what broke its search off",
        "latitude_degree": "north of the equator", "longitude_degree": "east of Greenwich", "plan_start": "first day that is planned",
        "plan_end": "last day that is planned", "base": "site file or folder of the plan that the rows are set against"},
    "columns": {"table": "name of the table, or sheet", "column": "name of the column", "unit": "its unit; 1 for counts and shares",
                "meaning": "what it holds"},
}
FILES = {"phases": "phases.csv", "builds": "builds.csv", "limits": "limits.csv", "comparison": "comparison.csv"}
LOOPS = ("warm", "cool", "near")
VARIABLES = {  # of a component in an hour
    "generation": "power made", "running": "rating of the units that run", "started": "rating that starts to run in the hour",
    "charge": "what goes into the store: power, or cold of a tank", "discharge": "what comes out of the store: power, or cold of a tank",
    "level": "what the store holds at the end of the hour", "delivered": "power of the contract that the site uses",
    "spilled": "power of the contract that is paid for and lost", "purchase": "fuel bought, by its higher heating value",
    "taken": "power taken from the utility, before the loss of the transformers", "given_back": "power sent back to the utility",
    "through": "power that passes, as it comes out", "loss": "power lost within",
    "load": "power that the racks, or what is measured, draw", "shed": "power that the racks, or what is measured, want and do not get",
    "heat": "heat of racks and halls that is caught", "liquid_heat": "heat of the racks' liquid that is caught",
    "air_heat": "heat of the halls' air that is caught", "lifted": "heat taken off the loop to be lifted to the network",
    "power": "power that fans, pumps or compressors draw", "heat_air_heat": "heat of the halls' air that goes outside",
    "heat_chilled": "heat taken off the chilled loop without compressors", "heat_outside": "heat that compressors lift to outside air",
    "power_outside": "power of compressors that lift heat to outside air",
    **{f"heat_{loop}": f"heat that coolers take off the {loop} loop, or chillers put on it" for loop in LOOPS},
    **{f"power_{loop}": f"power of compressors that lift heat to the {loop} loop" for loop in LOOPS},
}
SINGLE = {  # of a component that is alone of its kind
    ("tariff", "bought"): "power bought from the utility under the tariff", ("tariff", "contracted"): "power of contracts off site that passes the meter",
    ("tariff", "sold"): "power that the utility pays for", ("heat_network", "direct"): "heat of the loop that the network takes without a lift",
    ("heat_network", "sold"): "heat that the network pays for", ("unserved", "power"): "load of the campus bus that nothing serves",
    ("unserved", "heat"): "heat of the halls' air that nothing cools", ("loops", "air_heat"): "heat of racks and electrical plant to the halls' air",
    **{("loops", loop): f"heat that enters the {loop} loop" for loop in (*LOOPS, "chilled")},
}
CAPACITIES = {"cooling": "cooling in service", "supply": "power supply in service", "plant": "plant in service"}  # by how the names of columns begin


def of_figure(name: str) -> str:
    """What a figure of the summary is; its name in words where nothing else is known."""
    for pattern, words in OF_CLASSES if name not in FIGURES else ():
        if found := re.fullmatch(pattern, name):
            return words.format(WHOLE if found[1] == "all" else found[1].replace("_", " "))
    return FIGURES.get(name, name.replace("_", " "))


def of_results(name: str) -> dict[str, str]:
    """Where a plan or a comparison has a figure or column of this name, with what it is there: file and name."""
    places = {"summary.json": FIGURES} | {file: COLUMNS[table] for table, file in FILES.items()}
    return {f"{place}: {name}": columns[name] for place, columns in places.items() if name in columns}


def of_file(name: str) -> dict[str, str]:
    """Figures or columns of a file of a plan or a comparison that every one has, with what they are; nothing for another file."""
    if name == "summary.json":
        return FIGURES
    return next((COLUMNS[table] for table, file in FILES.items() if file == name), {})


def of_compared(name: str) -> str:
    """What a column of a comparison holds: a figure of each site's plan, or of the base, or the difference of both."""
    if name.startswith("difference_"):
        return f"{of_compared(name.removeprefix('difference_'))}: less that of the base"
    if name.startswith("base_"):
        return f"{of_compared(name.removeprefix('base_'))}: of the base"
    return COLUMNS["comparison"].get(name) or of_figure(name)


def of_variable(component: str, name: str, own: Mapping[str, str] | None = None) -> str:
    """What a variable of a component holds by hour, by what its class says of its `own`; its name in words where nothing else is known."""
    words = component.replace("_", " ")
    told = (own or {}).get(name) or VARIABLES.get(name)
    return SINGLE.get((component, name)) or (f"{told}: {words}" if told else f"{name.replace('_', ' ')} of {words}")


def of_capacity(column: str, name: str, technology: str, unit: str) -> str:
    """What a column of capacities in service holds: of a technology, or of units that go by a name of their own."""
    if technology == "gas_lateral":
        return f"fuel that a pipeline in service brings at most, by its higher heating value: {name.removeprefix('gas_').replace('_', ' ')}"
    own, words = name.removesuffix("_power").removesuffix("_energy"), technology.replace("_", " ")
    whose = words if own == technology else f"{own.removeprefix('grid_')}, a stage of the grid" if technology == "grid_connection" else f"{own}, {words}"
    return f"{CAPACITIES[column.partition('_')[0]]}{', its energy' if unit == 'MWh' else ''}: {whose}"


def of_column(table: str, name: str, described: Mapping[str, str]) -> str:
    """What a column of a table holds; `described` are those of the plan's dataset."""
    kind, _, rest = name.partition("_")
    if table == "phases" and kind in CAPACITIES:
        return described.get(f"phase_{name}") or f"{CAPACITIES[kind]}: {rest.rpartition('_')[0].replace('_', ' ')}"
    return COLUMNS.get(table, {}).get(name) or COLUMNS["dispatch"].get(name) or described.get(name) or name.replace("_", " ")
