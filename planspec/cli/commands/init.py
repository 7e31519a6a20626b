"""`planspec init`: put requirements, policies, a CI job and a pre-commit hook into a repository."""

from pathlib import Path
from typing import Any, Final

import click

EXAMPLES: Final = (
    ("planspec init", "here, for the CI system that is found"),
    ("planspec init --ci gitlab --terraform infra", "for GitLab, planning infra/"),
)


@click.command(short_help="begin in a repository: features, policies, CI, hook")
@click.argument(
    "folder", default=".", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="[DIR]"
)
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "azure", "none"]),
    help="The CI system to write a job for. Default: the one that DIR shows, else github.",
)
@click.option(
    "--terraform",
    metavar="DIR",
    help="The root module, from the top of the repository. Default: the first one found.",
)
def command(folder: Path, ci: Any, terraform: str | None) -> None:
    """Put features/, policies/, a CI job and a pre-commit hook into DIR (default: here).

    Nothing that is there is changed: a file that exists is kept and said so.
    """
    from planspec.cli.scaffold import scaffold

    module = terraform or scaffold.terraform_of(folder)
    for path, kept in scaffold.place(folder, ci or scaffold.pipeline_of(folder), module):
        click.echo(f"{'kept ' if kept else 'wrote'}  {path}")
    click.echo(
        f"\nThe job plans {'the top of the repository' if module == '.' else module}."
        " Next: write features/own.feature, then judge a plan:\n"
        "  planspec check plan.json --features features --policies policies"
    )
