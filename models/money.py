"""Money: real cash flow at a real discount rate (formulation: present worth, recovery, spend curves, salvage)."""

import math

HOURS_PER_YEAR = 8760
SCALES = ((1e9, "GUSD"), (1e6, "MUSD"))


def told(usd: float, decimals: int = 2) -> str:
    """Money (USD) for a reader: in the larger of GUSD and MUSD of which there is one, so with one figure more than decimals at least; less in whole USD."""
    for scale, unit in SCALES:
        if abs(usd) >= scale:
            return f"{usd / scale:,.{decimals}f} {unit}"
    return f"{usd:,.0f} USD"


def real_rate(nominal: float, inflation: float) -> float:
    """Real rate of a nominal one: (1 + nominal) / (1 + inflation) - 1 (Fisher)."""
    return (1 + nominal) / (1 + inflation) - 1


def annuity(rate: float, years: float) -> float:
    """Present worth of 1 a year for so many years, paid at each year's end: (1 - (1 + r)^-n) / r; n where r = 0."""
    return years if rate == 0 else -math.expm1(-years * math.log1p(rate)) / rate


def capital_recovery(rate: float, years: float) -> float:
    """Yearly payment that repays 1 over so many years: 1 / annuity."""
    return 1 / annuity(rate, years)


def spend_present_worth(shares: tuple[float, ...], in_service: float, lead_time: float, rate: float) -> float:
    """Present worth at year 0 of 1 of capital in service at `in_service`, its shares paid in the middle of equal parts of the lead time before.

    What would have been paid before year 0 (a committed order) counts as paid at year 0.
    """
    step = lead_time / len(shares)
    paid_at = [max(0.0, in_service - lead_time + (part + 0.5) * step) for part in range(len(shares))]
    return sum(share * (1 + rate) ** -year for share, year in zip(shares, paid_at, strict=True)) / sum(shares)


def salvage_factor(life: float, used: float, rate: float) -> float:
    """Worth of 1 of capital after `used` years: the annuity of its remaining life, annuity(life - used) / annuity(life).

    Negative where it is used beyond its life: the years beyond, at the same yearly payment.
    """
    return annuity(rate, life - used) / annuity(rate, life)


def idle_accelerator_cost(accelerators: float, value: float, years: int, rate: float) -> float:
    """Present worth (USD) of accelerators that wait: value (USD per accelerator-hour) x 8760 h a year, at the START of each year.

    Newkirk et al. 2025: 100,000 accelerators, 2.40 USD/h, 3 years, 7 %: 5,903.577 MUSD.
    """
    return sum(accelerators * value * HOURS_PER_YEAR * (1 + rate) ** -year for year in range(years))


def design_load(accelerators: float, node_maximum: float, per_node: int, contingency: float, power_usage_effectiveness: float) -> float:
    """Facility MW to plan for: accelerators / per_node x node_maximum (MW) x (1 + contingency) x PUE (Newkirk et al. 2025)."""
    return accelerators / per_node * node_maximum * (1 + contingency) * power_usage_effectiveness
