"""What the columns of the tables of an assessment hold, and their units: a table beside them for whoever reads them without the programme."""

import re
from collections.abc import Mapping

import pandas as pd

from ..meanings import WHOLE
from ..tables import COLUMN_COLUMNS, TEXT, Table

HOURS, SHARE = "hour/year", "1"
MEANINGS: dict[str, dict[str, tuple[str, str]]] = {  # unit and meaning of each column, by table; <class> is any class of load
    "reliability": {
        "phase": (TEXT, "phase of the buildout"),
        "class": (TEXT, "load that is asked for: all is the whole critical load, training and inference that of each where they ask for their own"),
        "subsystem": (TEXT, "plants that stand in for one another; a hall needs all subsystems, which `together` tells"),
        "redundancy_key": (TEXT, "key under [redundancy] in the site file that gives it spare units"),
        "halls": (SHARE, "halls that have such a subsystem each; 1 for one of the campus"),
        "units": (SHARE, "units in service, of all halls"), "needed_units": (SHARE, "of these, units without which some hour's load is not carried"),
        "plants": (TEXT, "units of each plant, in words"), "peak_load_mw": ("MW", "its load in the highest hour, of a hall or of the campus"),
        "availability": (SHARE, "share of the hours of a year in which it carries the load in full, by outage tables"),
        "lost_hours_per_year": (HOURS, "the rest, by outage tables"),
        "common_cause_hours_per_year": (HOURS, "of these, where units fail together"),
        "unserved_mwh_per_year": ("MWh/year", "energy that the load goes without, in all halls"),
        "one_more_unit_of": (TEXT, "plant of which more units save most"), "one_more_units": (SHARE, "how many more units that is, of each hall"),
        "one_more_unit_saves_hours_per_year": (HOURS, "lost hours that they save"),
        "simulated_lost_hours_per_year": (HOURS, "lost hours by simulation"),
        "simulated_error_hours_per_year": (HOURS, "from there to the farther end of the 95 % interval"),
        "simulated_low_hours_per_year": (HOURS, "lower end of the 95 % interval"),
        "simulated_high_hours_per_year": (HOURS, "upper end of the 95 % interval"),
        "outages_per_year": ("1/year", "outages by simulation"), "mean_outage_hours": ("hour", "how long one lasts by simulation"),
        "simulated_unserved_mwh_per_year": ("MWh/year", "energy that the load goes without by simulation, of a hall or of the campus"),
        "share_of_lost_hours": (SHARE, "part of the lost hours of all subsystems")},
    "reliability_hours": {
        "hour": ("hour of the model year", "hours since 1 January 00:00"),
        "<class>_loss_of_load_probability": (SHARE, "probability that some subsystem does not carry {} in full"),
        "<class>_<subsystem>_loss_of_load_probability": (SHARE, "probability that the subsystem {1} does not carry {0} in full")},
    "survival": {
        "outage_hours": ("hour", "length of an outage of the grid"),
        "<class>_survival": (SHARE, "share of such outages in which what is on site carries {}")},
}


def columns(tables: Mapping[str, pd.DataFrame], classes: tuple[str, ...]) -> Table:
    """A row for each column of each of the tables, of these classes of load."""
    rows = [(table, str(name), *_told(table, str(name), classes)) for table, frame in tables.items() for name in frame.columns]
    return Table("columns", pd.DataFrame(rows, columns=list(COLUMN_COLUMNS)), COLUMN_COLUMNS)


def class_words(name: str) -> str:
    """A class of load in words."""
    return WHOLE if name == "all" else f"the critical load of {name}"


def _told(table: str, name: str, classes: tuple[str, ...]) -> tuple[str, str]:
    known = MEANINGS[table]
    if name in known:
        return known[name]
    for pattern, (unit, meaning) in known.items():
        named = re.escape(pattern).replace("<class>", f"({'|'.join(classes)})").replace("<subsystem>", "(.+)")
        if found := re.fullmatch(named, name):
            return unit, meaning.format(class_words(found[1]), *(part.replace("_", " ") for part in found.groups()[1:]))
    raise KeyError(f"{table} has a column {name} that is not explained")
