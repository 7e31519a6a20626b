"""`planspec explain REQUIREMENT`: what is behind one requirement."""

from collections.abc import Sequence
from pathlib import Path

import click

from planspec.cli import completion, options


@click.command()
@click.argument("requirement", shell_complete=completion.requirements)
@options.features("Where it stands: a file or a folder, repeatable. Default: the features of planspec.")
@options.policies("Controls and waivers. Default: those of planspec.")
def command(requirement: str, features: Sequence[Path], policies: Path) -> None:
    """Show one REQUIREMENT: why it is there, its controls, scenarios and waivers."""
    from planspec.runner.vocabulary import explanation

    click.echo(explanation(requirement, features, policies))
