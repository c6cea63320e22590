"""dcplan completion: what a shell needs to complete commands and options."""

import click

# What click's scripts lack, by shell: what comes after --option= is completed by itself, and a description is not cut at its first comma.
MENDED = {
    "bash": {'    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD': """\
    local words=("${COMP_WORDS[@]}") at=$COMP_CWORD
    if [[ ${words[at]} == = && ${words[at-1]} == --* ]]; then
        words[at]=
    elif [[ $at -gt 1 && ${words[at-1]} == = && ${words[at-2]} == --* ]]; then
        unset 'words[at-1]'
        at=$((at - 1))
    fi

    response=$(env COMP_WORDS="${words[*]}" COMP_CWORD=$at"""},
    "zsh": {
        "    local -a completions\n": "    local -a completions\n    [[ ${words[CURRENT]} == --*=* ]] && compset -P '*='\n",
        "compadd -U": 'compadd -U -P "$IPREFIX"',
    },
    "fish": {
        'string split ","': 'string split --max 1 ","',
        "    for completion in": "    set -l option (string match --regex -- '^--[^=]*=' (commandline -t));\n    for completion in",
        "echo $metadata[2];": 'echo "$option"$metadata[2];',
        "__fish_complete_directories $metadata[2];": "__fish_complete_directories $metadata[2] | string replace --regex -- '^' \"$option\";",
        "__fish_complete_path $metadata[2];": "__fish_complete_path $metadata[2] | string replace --regex -- '^' \"$option\";",
    },
}


@click.command(epilog="bash: dcplan completion bash > ~/.local/share/bash-completion/completions/dcplan; "
                      "zsh: dcplan completion zsh > a folder of $fpath, as _dcplan; fish: dcplan completion fish > ~/.config/fish/completions/dcplan.fish")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands and options in bash, zsh or fish."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    script = made(ctx.find_root().command, {}, "dcplan", "_DCPLAN_COMPLETE").source()
    for found, written in MENDED.get(shell, {}).items():
        script = script.replace(found, written, 1)
    click.echo(script)
