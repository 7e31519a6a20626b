"""`planspec steps`: the vocabulary, searchable."""

from collections.abc import Sequence
from typing import Final

import click

from planspec.cli import completion
from planspec.errors import PlanspecError

EXAMPLES: Final = (
    ("planspec steps", "every phrase, every subject, and what each can be asked"),
    ("planspec steps deletion protection", "those about deletion protection"),
    ("planspec steps aws_lb", "those about a type of resources"),
)


@click.command(short_help="list the vocabulary")
@click.argument("words", nargs=-1, shell_complete=completion.names)
def command(words: Sequence[str]) -> None:
    """List the vocabulary; WORDS keep the phrases, subjects and settings that hold them all."""
    from planspec.runner.vocabulary import rows

    shown = rows(words)
    if not shown:
        raise PlanspecError(f'no phrase holds "{" ".join(words)}"; all of them: planspec steps')
    title = ""
    for row in shown:
        if not words and row.title != title:
            title = row.title
            click.echo(f"{title}\n")
        click.echo(f"{row.phrase.keyword:<5} {row.phrase.text}\n      {row.phrase.meaning}")
        if row.phrase.goes_with:
            click.echo(f"      After: {row.phrase.goes_with}")
        if row.where:
            complies = f"; complies: {row.complies}" if row.complies else ""
            click.echo(f"      Terraform: {row.where}{complies}")
