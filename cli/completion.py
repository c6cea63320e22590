"""dcplan completion: what a shell needs to complete commands and options."""

import click


@click.command(epilog="bash: dcplan completion bash > ~/.local/share/bash-completion/completions/dcplan; "
                      "zsh: dcplan completion zsh > a folder of $fpath, as _dcplan; fish: dcplan completion fish > ~/.config/fish/completions/dcplan.fish")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands and options in bash, zsh or fish."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(ctx.find_root().command, {}, "dcplan", "_DCPLAN_COMPLETE").source())
