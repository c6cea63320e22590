"""Tables of the site file for the fleet, the halls it stands in, and units that exist or are on order."""

from typing import Annotated, Literal

from .quantity import USD, Capacity, ComputeValue, Count, Date, Days, MWh, Name, Share, Strict, Unit, Whole, Years, told


class Wanted(Strict):
    """Accelerators of a tranche in service from a date on (cumulative)."""

    by: Date = told("Date from which on the accelerators are due.",
        "Lateness is counted from this day on (for `latest`: online from the phase it lies in).")
    count: Count = told("Accelerators in service from then on, in total.",
        "Shortfall in `planner/lateness.py`: wanted less online (for `latest`: a limit).")


class Delivery(Strict):
    """Racks that can be had a month, from a date on."""

    from_date: Date = told("Date from which on racks arrive at this rate.", "The limit `deliveries`: racks commissioned stay within racks arrived.")
    racks_per_month: Annotated[float, Unit("rack/month")] = told("Racks that arrive a month, until the next entry.",
        "The limit `deliveries`: racks commissioned stay within racks arrived.")


class Utilisation(Strict):
    """Power over peak power by hour: one share, or 24 shares of the day."""

    flat: Share | None = told("Power over peak power in every hour.", "IT load: utilisation times the capacity of racks online.", default=None)
    daily: tuple[Share, ...] | None = told("Power over peak power by hour of the day, 24 shares.",
        "IT load: utilisation times the capacity of racks online.", default=None, min_length=24, max_length=24)


class Tranche(Strict):
    """A part of the fleet that is bought and run alike."""

    name: Name = told("Name of the tranche, given once.", "The plan's tables: NAME_RACK.")
    workload: Literal["training", "inference"] = told("Training runs flat, inference follows the day, unless utilisation says otherwise.",
        "IT load by hour.")
    variants: tuple[str, ...] = told("Racks of the catalogue in which the tranche may be bought.",
        "A whole-number decision of pods for each.", min_length=1)
    wanted: tuple[Wanted, ...] = told("Accelerators wanted in service, by date, cumulative.",
        "Lateness: accelerator-hours short, at value_of_compute.", min_length=1)
    latest: tuple[Wanted, ...] = told("Accelerators that must be in service, by date, whatever it costs, cumulative.",
        "A limit that no plan may break.", default=())
    value_of_compute: ComputeValue = told("Worth of an accelerator-hour that comes late.", "The objective: lateness in accelerator-hours times this value.")
    value_of_lost_load: ComputeValue = told("Worth of an accelerator-hour shed though it was bought; above value_of_compute.",
        "The money ledger: compute shed by hour; it also prices power unserved.")
    utilisation: Utilisation | None = None
    critical_share: Share = told("Share of the IT load that must be held in design hours, with units lost.",
        "Upper bound of shedding in design hours: the rest.", default=1.0)
    shed_allowance: Share = told("Share of the year's accelerator-hours that may be shed.", "The yearly budget `shed allowance`.", default=0.0)
    racks_per_pod: Whole = told("Racks bought together.", "Size of a unit of the tranche.", default=8, ge=1)
    deliveries: tuple[Delivery, ...] = told("Rates at which racks arrive; without any, as many as are ordered.", "The limit `deliveries`.", default=())
    life: Years | None = told("Years until the accelerators are replaced; else by catalogue.",
        "Retirement of racks and salvage at the plan's end.", default=None)


class HallKind(Strict):
    """A kind of hall: what racks it takes, how much IT power and how many there can be."""

    name: Name = told("Name of the kind, given once.", "The plan's tables: hall_NAME.")
    cooling: Literal["air", "liquid", "mixed"] = told("Racks that it takes: by air, by liquid, or both.",
        "The limits `halls`: racks need a hall of their kind.")
    it_capacity: Capacity = told("IT power of one hall.", "The limits `halls`: peak power of racks within that of halls.")
    racks: Whole | None = told("Rack positions of one hall; else no limit but power.", "The limits `positions`.", default=None, ge=1)
    most: Whole | None = told("Most halls of this kind; else no limit.", "Upper bound of halls online.", default=None, ge=0)
    per_phase: Whole | None = told("Most halls commissioned in a phase; else no limit.", "Upper bound of halls built in a phase.", default=None, ge=1)
    cost: USD | None = told("Cost of one hall; else by catalogue and MW.", "Capital, spent over the lead time.", default=None)
    lead_time: Days | None = told("Time from order to service; else by catalogue.",
        "The first phase in which a hall can be in service, and the order date.", default=None)


class Asset(Strict):
    """Units that exist or are on order. unit_size is power a unit; a battery of its own size gives energy a unit as well."""

    technology: str = told("What the units are: a technology, a hall, or a rack of a tranche.", "To which units they are added.")
    name: Name = told("Name of the units; for halls and racks that of the hall or tranche they add to.",
        "The plan's tables; units of their own size stand under it.")
    units: Whole = told("How many units, at least 1.", "Units online from in_service on.", ge=1)
    status: Literal["existing", "committed"] = told("Whether they are on order (committed) or there (existing).",
        "What is still paid: capital for committed units, nothing for existing ones.")
    in_service: Date = told("First day of service.", "Units online from then on, until the end of their life.")
    unit_size: Capacity | None = told("Power of a unit; else that of the catalogue.", "Capacity of the units.", default=None)
    energy: MWh | None = told("Energy of a unit; only and always for a battery with unit_size.", "Capacity of the store.", default=None)
    capital: USD | None = told("Capital still to be paid for all of them; else by catalogue.",
        "Capital of committed units, spent over the lead time.", default=None)
