"""dcplan schema: the JSON Schema of site.toml."""

import json

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of site files, for editors that complete and check.

    In an editor with taplo (Even Better TOML): `dcplan schema > site.schema.json`, and `#:schema site.schema.json` as the first line of site.toml.
    """
    from ..sites.json_schema import json_schema

    click.echo(json.dumps(json_schema(), indent=1))
