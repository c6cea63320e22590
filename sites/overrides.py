"""Catalogue values that a site sets itself: each checked where it stands, the good ones applied."""

from ..models.catalog import Catalog, CatalogProblem
from ..models.units import UnitProblem, example, parse
from .costs import Costs, chosen_catalog
from .problems import Report

Values = dict[str, str]


def site_catalog(costs: Costs, overrides: dict[str, Values], report: Report) -> Catalog:
    """The built-in catalogue at the site's costs, with its values; what cannot be applied is reported at its own line."""
    catalog = chosen_catalog(costs)
    for technology, values in overrides.items():
        like = {name: text for name, text in values.items() if name == "like"}
        if _applies(catalog, technology, like, ("catalog", technology, *like), report):
            good = {name: text for name, text in values.items() - like.items() if _value_applies(catalog, technology, like, name, text, report)}
            catalog = catalog.with_overrides({technology: like | good})
    return catalog


def _value_applies(catalog: Catalog, technology: str, like: Values, name: str, text: str, report: Report) -> bool:
    key = ("catalog", technology, name)
    return _applies(catalog, technology, like | {name: text}, key, report) and _sign_holds(catalog, like.get("like", technology), name, text, report, key)


def _applies(catalog: Catalog, technology: str, values: Values, key: tuple, report: Report) -> bool:
    try:
        catalog.with_overrides({technology: values})
    except CatalogProblem as problem:
        report.add("catalog", key, str(problem), "see `dcplan catalog`")
        return False
    except UnitProblem as problem:
        report.add(problem.code, key, f"expected {problem.expected}", problem.help, title=problem.found)
        return False
    return True


def _sign_holds(catalog: Catalog, base: str, name: str, text: str, report: Report, key: tuple) -> bool:
    """Whether a value keeps out of the negative where the catalogue's own does; temperatures may be anything."""
    held = catalog.entry(base, name)
    if held.unit in ("text", "degC") or parse(text, held.unit) >= 0 or float(held.value) < 0:
        return True
    report.add("range", key, f"expected at least 0 {held.unit}", f'write for example "{example(held.unit)}"', title=f'"{text}" is out of range')
    return False
