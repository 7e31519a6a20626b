"""`planspec steps`: the vocabulary, searchable."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from planspec.cli import completion, options
from planspec.errors import PlanspecError

EXAMPLES: Final = (
    ("planspec steps", "every phrase, every subject, and what each can be asked"),
    ("planspec steps deletion protection", "those about deletion protection"),
    ("planspec steps aws_lb", "those about a type of resources"),
    ("planspec steps --steps steps", "and the phrases of your own steps"),
    ("planspec steps --stubs .planspec-phrases.py", "phrases that an editor completes"),
)


@click.command(short_help="list the vocabulary")
@click.argument("words", nargs=-1, shell_complete=completion.names)
@options.steps()
@click.option(
    "--stubs",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the vocabulary as a Python file instead, for the language server of an editor.",
)
def command(words: Sequence[str], steps: Sequence[Path], stubs: Path | None) -> None:
    """List the vocabulary; WORDS keep the phrases, subjects and settings that hold them all."""
    from planspec.evidence import write_all
    from planspec.features import own_steps
    from planspec.runner.vocabulary import rows, stub

    if stubs:
        text = stub()
        write_all([(stubs, text.encode())])
        click.echo(f"{stubs}: {text.count('def phrase_')} phrases, for the language server of an editor")
        return
    with own_steps.in_force(own_steps.load(steps)):
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
