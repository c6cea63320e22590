"""What a shell completes of arguments: files, and names that dcplan knows."""

from collections.abc import Iterable
from pathlib import Path

from click import Context, Parameter
from click.shell_completion import CompletionItem

Items = list[CompletionItem]


def a_file(ctx: Context, parameter: Parameter | None, incomplete: str) -> Items:
    """Files: the shell finds them itself."""
    return [CompletionItem(incomplete, type="file")]


def a_folder(ctx: Context, parameter: Parameter | None, incomplete: str) -> Items:
    """Folders: the shell finds them itself."""
    return [CompletionItem(incomplete, type="dir")]


def a_key(ctx: Context, parameter: Parameter | None, incomplete: str) -> Items:
    """Keys of the site file, and codes of errors without their brackets, which a shell would read."""
    from ..sites.explain import names

    return _that_begin((name.removeprefix("error[").removesuffix("]") for name in names()), incomplete)


def a_setting(ctx: Context, parameter: Parameter | None, incomplete: str) -> Items:
    """Keys that --set takes, of a list those of its first row; what comes after the sign of equality is the user's."""
    from ..sites.keys import site_keys

    known = site_keys()
    return _that_begin((_in_first_rows(path) for path, key in known.items() if not key.form.is_table), incomplete)


def _in_first_rows(path: tuple[str, ...]) -> str:
    """fleet[0].racks_per_pod for the key of the schema fleet.racks_per_pod."""
    from ..sites.keys import site_keys

    rows = (site_keys()[path[:depth]].form for depth in range(1, len(path) + 1))
    return ".".join(f"{part}[0]" if form.is_table and form.many else part for part, form in zip(path, rows, strict=True))


def a_scenario(ctx: Context, parameter: Parameter | None, incomplete: str) -> Items:
    """Names of the scenarios of the site files that the line holds so far; none where they do not read."""
    import tomllib

    names: list[str] = []
    for site in filter(None, [*(ctx.params.get("sites") or ()), ctx.params.get("site"), *ctx.args]):  # a line that ends in --scenario is not parsed whole
        try:
            held = tomllib.loads(Path(site).read_text(encoding="utf-8")).get("scenario", {})
        except (OSError, ValueError):
            continue
        names += held if isinstance(held, dict) else []
    return _that_begin(dict.fromkeys(names), incomplete)


def an_example(ctx: Context, parameter: Parameter | None, incomplete: str) -> Items:
    """Names of the examples."""
    from ..sites.examples import names

    return _that_begin(names(), incomplete)


def a_technology(ctx: Context, parameter: Parameter | None, incomplete: str) -> Items:
    """Ids of the catalogue."""
    from ..models.catalog import load_catalog

    return _that_begin(load_catalog().technologies(), incomplete)


def a_cost_set(ctx: Context, parameter: Parameter | None, incomplete: str) -> Items:
    """Names of the cost sets."""
    from ..models.costs import cost_sets

    return _that_begin(cost_sets(), incomplete)


def _that_begin(names: Iterable[str], incomplete: str) -> Items:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
