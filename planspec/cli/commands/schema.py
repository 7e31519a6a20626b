"""`planspec schema DIR`: keep the names that the providers of a folder know."""

from pathlib import Path
from typing import Final

import click

from planspec.reports.terminal import console

EXAMPLES: Final = (("planspec schema terraform", "know the names of every provider of a folder"),)


@click.command(short_help="keep the names that the providers of a folder know")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write the index, for --schema. Default: the cache, where every check finds it.",
)
def command(folder: Path, output: Path | None) -> None:
    """Keep the types and attributes that the providers of FOLDER know.

    `planspec check` compares the names in features with them. Those of the AWS provider come along.
    """
    from planspec.schema import cache_folder
    from planspec.terraform import index_of, providers_of, write_index

    with console(stderr=True).status("starting") as status:
        index = index_of(folder, lambda event: status.update(event.line))
    named = folder.resolve().name or "root"
    target = output or cache_folder() / f"{named}.json.gz"
    write_index(index, target)
    for provider, types in providers_of(index).items():
        click.echo(f"{provider}: {types} types and data sources")
    click.echo(f"{target}: written")
