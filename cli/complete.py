"""What a shell completes of arguments: files, and names that dcplan knows."""

from collections.abc import Iterable

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
