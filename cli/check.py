"""dcplan check: is a site file usable, and what does it say."""

import click

from .complete import a_file
from .exits import load_or_stop
from .given import overridable


@click.command()
@click.argument("site", shell_complete=a_file)
@overridable
def check(site: str, overrides: tuple[str, ...], scenario: str | None) -> None:
    """Check a site file and everything it names."""
    from ..planner.pulsing import described as training_load
    from ..sites import magnitudes
    from ..sites.envelope import described

    loaded = load_or_stop(site, overrides, scenario)
    design = loaded.design
    click.echo(f"{site}: ok")
    for line in magnitudes.described(loaded):
        click.echo(line)
    click.echo(f"design conditions, exceeded in {design.percentile:.1%} of the hours:")
    click.echo(f"  dry bulb {design.dry_bulb:.1f} degC with wet bulb {design.coincident_wet_bulb:.1f} degC")
    click.echo(f"  wet bulb {design.wet_bulb:.1f} degC with dry bulb {design.coincident_dry_bulb:.1f} degC")
    for point in design.further:
        click.echo(f"  {point.name}: dry bulb {point.dry_bulb:.1f} degC with wet bulb {point.wet_bulb:.1f} degC")
    for line in described(loaded):
        click.echo(line)
    for tranche in loaded.fleet:
        first, *later = tranche.wanted
        last = f", {later[-1].count:,.0f} by {later[-1].by}" if later else ""
        click.echo(f"fleet {tranche.name}: {tranche.workload}, {first.count:,.0f} accelerators by {first.by}{last}, as {' or '.join(tranche.variants)}")
    for line in training_load(loaded):
        click.echo(line)
    for note in loaded.notes:
        click.echo(f"note: {note}")
