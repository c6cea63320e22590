"""Every kind of problem with what a user gave: its code, as printed in error[CODE], what it means, how to mend it."""

from .checks import CHECKS, check_code

READING = {
    "file": ("A file that the site names, or the site file itself, is not there or cannot be read.", "Give a path from the folder of the site file."),
    "toml": ("The text of the site file is not TOML.", 'Values are key = "value", tables [name], lists of tables [[name]]; text stands in quotes.'),
    "key": ("A key that the site file does not know, often a slip of the pen.", "`dcplan explain TABLE` lists the keys of a table."),
    "missing": ("A key that has to be given is not there.", "`dcplan explain KEY` says what it takes."),
    "value": ("A value of a kind that the key does not take: not one of its choices, not a date, not a whole number in its range.",
              "`dcplan explain KEY` says what it takes."),
    "name": ("A text that cannot be a name.", "Names have letters, digits, _ and -, and start with a letter: they become names of columns."),
    "number": ("A quantity that does not start with a number.", 'Write number and unit as one text: "250 MW".'),
    "unit": ("A quantity without a unit, or with one that measures something else.",
             "Write a unit of the kind that is asked for; `dcplan explain KEY` names it."),
    "unknown-unit": ("A unit that is not known.", "Units are those of pint, besides USD, tonne_CO2e, MMBtu, gpm, kgal, CCF, TR, accelerator, rack."),
    "money": ("A money sign, as $ and € do not say which currency, or money of another kind.", "Write USD (kUSD, MUSD, GUSD); convert other money."),
    "range": ("A quantity that is too small or too large to be meant.", "`dcplan explain KEY` says the range."),
    "catalog": ("A technology or parameter that the catalogue does not have.",
                "`dcplan catalog` lists technologies, `dcplan catalog ID` their parameters."),
    "weather": ("A weather file that cannot be used: its form, its hours, gaps of more than 6 h, values that weather cannot have.",
                "Repair the file, or use another year or source."),
    "series": ("An hourly or monthly series that cannot be used: its rows, its column, its unit, a cell that is no number.",
               "Hourly files have 8760 rows (8784 in a leap year) of local standard time below a line of column names, tables 12 x 24."),
    "map": ("A boundary that is no polygon, or does not fit the area or the coordinates of the file.",
            "Correct the one that is wrong; coordinates are WGS 84."),
    "set": ("A --set that is not KEY=VALUE, or names a place that the file does not have.",
            "Write KEY=VALUE; rows of a list are told by number or name: fleet[0].racks_per_pod=8."),
    "extends": ("A base file that is not there, or a ring of files that extend one another.",
                'Write extends = "base.toml", a path from the folder of the file.'),
    "scenario": ("A scenario that the file does not have, or one that is no table.",
                 "Write [scenario.NAME] and below it the keys that differ; choose it with --scenario."),
}


OUTCOMES = {
    "no-plan": ("No plan keeps every limit of the site; the cheapest set of limits to relax is listed, with amount and date.",
                "Relax one of them in the site file, or move its date; `dcplan explain KEY` says what a key bounds."),
    "interrupted": ("The search ended, by Ctrl-C, SIGTERM or its time limit, before there was any plan.", "Give it more time: --time-limit SECONDS."),
    "failed": ("Something broke inside: a solver, a worker, the planner itself. The message says what, and where.",
               "Try again with other --workers or a shorter --time-limit; please report the site if it stays."),
    "folder-taken": ("The output, a folder or file, holds something that is no plan of this site (no comparison of these sites), and would be lost.",
                     "Give another folder with -o, or --force; a folder with site files is never replaced."),
    "checkpoint": ("A checkpoint that is none, or of other inputs, overrides or versions.", "Give another file, or remove it to start anew."),
    "no-formulation": ("A technology of the catalogue names a formulation that there is not.", "`dcplan catalog ID` of a technology that works shows one."),
    "not-verifiable": ("There is no plan in the folder, or one of an earlier version, no site file, or an input has changed since the plan was made.",
                       "Plan the site again; where the site file has moved, name it with --site."),
    "no-such-phase": ("A phase that the plan does not operate.", "`dcplan show DIR` lists the phases."),
    "nothing-to-cool": ("The site wants no fleet, so there is no heat to cool.", "Give it a [[fleet]]; with [load] the cooling lies within the load."),
    "fetch": ("A service gave no weather, or what it needs is missing: a key, the name of a file.",
              "The message says which; `dcplan weather fetch --help`."),
    "export": ("A plan cannot be written in the form that was asked for.", "The message says which form, and what is missing for it."),
}


def codes() -> dict[str, tuple[str, str]]:
    """What each code means, and how to mend it."""
    checks = {check_code(check): (f"Values that do not fit together. {_first_paragraph(check.__doc__ or '')}", "The problem itself says what to change.")
              for check in CHECKS}
    return READING | checks | OUTCOMES


def _first_paragraph(text: str) -> str:
    """On one line."""
    return " ".join(text.strip().split("\n\n")[0].split())
