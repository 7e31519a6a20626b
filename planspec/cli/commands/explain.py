"""`planspec explain REQUIREMENT`: what is behind one requirement."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from planspec.cli import completion, options

EXAMPLES: Final = (
    ("planspec explain EXP-01", "a requirement"),
    ("planspec explain EXP-01.1", "one scenario of it"),
)


@click.command(short_help="show what is behind a requirement")
@click.argument("requirement", shell_complete=completion.requirements)
@options.features(
    "Where it is declared: a file or a folder, repeatable. Default: the features of planspec."
)
@options.policies("Controls and waivers. Default: those of planspec.")
def command(requirement: str, features: Sequence[Path], policies: Path) -> None:
    """Show one REQUIREMENT: why it is there, its controls, scenarios and waivers."""
    from planspec.runner.vocabulary import explanation

    click.echo(explanation(requirement, features, policies))
