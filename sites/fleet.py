"""Tables of the site file for the fleet, the halls it stands in, and units that exist or are on order."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .quantity import USD, Capacity, ComputeValue, Count, Days, MWh, Name, Share, Strict, Unit, Years


class Wanted(Strict):
    """Accelerators of a tranche in service from a date on (cumulative)."""

    by: date
    count: Count


class Delivery(Strict):
    """Racks that can be had a month, from a date on."""

    from_date: date
    racks_per_month: Annotated[float, Unit("rack/month")]


class Utilisation(Strict):
    """Power over peak power by hour: one share, or 24 shares of the day."""

    flat: Share | None = None
    daily: tuple[Share, ...] | None = Field(default=None, min_length=24, max_length=24)


class Tranche(Strict):
    """A part of the fleet that is bought and run alike."""

    name: Name
    workload: Literal["training", "inference"]
    variants: tuple[str, ...] = Field(min_length=1)
    wanted: tuple[Wanted, ...] = Field(min_length=1)
    latest: tuple[Wanted, ...] = ()
    value_of_compute: ComputeValue
    value_of_lost_load: ComputeValue
    utilisation: Utilisation | None = None
    critical_share: Share = 1.0
    shed_allowance: Share = 0.0
    racks_per_pod: int = Field(default=8, ge=1)
    deliveries: tuple[Delivery, ...] = ()
    life: Years | None = None


class HallKind(Strict):
    """A kind of hall: what racks it takes, how much IT power and how many there can be."""

    name: Name
    cooling: Literal["air", "liquid", "mixed"]
    it_capacity: Capacity
    racks: int | None = Field(default=None, ge=1)
    most: int | None = Field(default=None, ge=0)
    per_phase: int | None = Field(default=None, ge=1)
    cost: USD | None = None
    lead_time: Days | None = None


class Asset(Strict):
    """Units that exist or are on order. unit_size is power a unit; a battery of its own size gives energy a unit as well."""

    technology: str
    name: Name
    units: int = Field(ge=1)
    status: Literal["existing", "committed"]
    in_service: date
    unit_size: Capacity | None = None
    energy: MWh | None = None
    capital: USD | None = None
