"""`planspec explain REQUIREMENT`: what is behind one requirement."""

from collections.abc import Sequence
from pathlib import Path

import click

from planspec import completing


@click.command()
@click.argument("requirement", shell_complete=completing.requirements)
@click.option(
    "--features",
    "features",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="PATH",
    help="Where it stands: a file or a folder, repeatable. Default: the features of planspec.",
)
@click.option(
    "--policies",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Controls and waivers. Default: those of planspec.",
)
def command(requirement: str, features: Sequence[Path], policies: Path | None) -> None:
    """Show one REQUIREMENT: why it is there, its controls, scenarios and waivers."""
    from planspec import bundle
    from planspec.vocabulary import explanation

    click.echo(explanation(requirement, features or (bundle.FEATURES,), policies or bundle.POLICIES))
