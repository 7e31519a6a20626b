"""`planspec completion SHELL`: what a shell needs to complete command lines."""

from typing import Final

import click
from click.shell_completion import get_completion_class

VARIABLE = "_PLANSPEC_COMPLETE"


EXAMPLES: Final = (
    ("planspec completion bash > ~/.local/share/bash-completion/completions/planspec", ""),
    ('planspec completion zsh > "${fpath[1]}/_planspec"', ""),
    ("planspec completion fish > ~/.config/fish/completions/planspec.fish", ""),
)


@click.command(short_help="print what a shell needs to complete command lines")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of SHELL: commands, options, formats, numbers and tags."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"{shell}: not known to this version of click")
    root = click.get_current_context().find_root().command
    click.echo(kind(root, {}, "planspec", VARIABLE).source())
