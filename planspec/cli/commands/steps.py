"""`planspec steps`: the vocabulary, searchable."""

from collections.abc import Sequence
from typing import Final

import click

from planspec.errors import PlanspecError

EXAMPLES: Final = (
    ("planspec steps", "every phrase"),
    ("planspec steps bucket", "those about buckets"),
)


@click.command(short_help="list the vocabulary")
@click.argument("words", nargs=-1)
def command(words: Sequence[str]) -> None:
    """List the vocabulary; WORDS keep the phrases that hold them all."""
    from planspec.runner.vocabulary import known_phrases

    shown = [
        each for each in known_phrases() if all(word.lower() in each.text.lower() for word in words)
    ]
    if not shown:
        raise PlanspecError(f'no phrase holds "{" ".join(words)}"; all of them: planspec steps')
    for phrase in shown:
        click.echo(f"{phrase.keyword:<5} {phrase.text}\n      {phrase.meaning}")
        if phrase.goes_with:
            click.echo(f"      After: {phrase.goes_with}")
