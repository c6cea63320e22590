"""Tables of the site file for a load that is measured, in place of fleet and cooling, and for sizes that are given."""

from pathlib import Path
from typing import Annotated, Literal

from .quantity import MW, MWh, Share, Strict, Unit, told


class Load(Strict):
    """Power of a facility by hour, as measured, in place of fleet, halls and cooling: all that it draws at a bus."""

    file: Path = told("CSV of 8760 rows, local standard time, under a line of column names.", "Demand at the bus in every hour of every year of the plan.")
    column: str | None = told("Column of the CSV; the last one where none is named.", "Which series of the file is the load.", default=None)
    unit: str = told("Unit of the column.", "Conversion of the file's numbers to MW.", default="MW")
    bus: Literal["campus", "low_voltage"] = told("Where it was measured: on the campus bus, or behind the unit transformers, which the plan then builds.",
        "The balance of that bus; there is no chain behind it.", default="low_voltage")
    value_of_lost_load: Annotated[float, Unit("USD/MWh", 1.0)] = told("Worth of a MWh that is not served.",
        "The money ledger: what is shed by hour; power unserved costs twice that.")
    critical_share: Share = told("Share of the highest load that must be held in design hours, with units lost.",
        "Upper bound of shedding in design hours: the rest.", default=1.0)


class Size(Strict):
    """Sizes of a technology that are given: fixed, or at least and at most so much, with what exists of catalogue size."""

    technology: str = told("The technology, one that may be bought.", "Whose capacity is bounded.")
    minimum: MW | None = told("Least power, from the first phase in which it can be in service.", "The limit `size of TECHNOLOGY`.", default=None)
    maximum: MW | None = told("Most power, in every phase.", "The limit `size of TECHNOLOGY`.", default=None)
    fixed: MW | None = told("Power, no more and no less, from the first phase in which it can be in service.",
        "The limit `size of TECHNOLOGY`.", default=None)
    minimum_energy: MWh | None = told("Least energy of a battery.", "The limit `size of TECHNOLOGY`.", default=None)
    maximum_energy: MWh | None = told("Most energy of a battery.", "The limit `size of TECHNOLOGY`.", default=None)
    fixed_energy: MWh | None = told("Energy of a battery, no more and no less.", "The limit `size of TECHNOLOGY`.", default=None)

    def bounds(self, energy: bool = False) -> tuple[float | None, float | None]:
        """Least and most power, or energy."""
        low, high, fixed = (self.minimum_energy, self.maximum_energy, self.fixed_energy) if energy else (self.minimum, self.maximum, self.fixed)
        return (low, high) if fixed is None else (fixed, fixed)
