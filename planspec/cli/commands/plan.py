"""`planspec plan DIR -o PLAN`: make a plan with the real Terraform."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from planspec.errors import PlanspecError
from planspec.reports.terminal import console

EXAMPLES: Final = (
    ("planspec plan terraform -o plan.json --var-file prod.tfvars", "the plan of a folder"),
    ("planspec plan terraform -o plan.json --emulator", "without an account"),
)


@click.command(short_help="make a plan with the real Terraform")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write the plan JSON.",
)
@click.option(
    "--var-file",
    "var_files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    metavar="FILE",
    help="Values of variables, repeatable.",
)
@click.option(
    "--var", "variables", multiple=True, metavar="NAME=VALUE", help="The value of one, repeatable."
)
@click.option("--destroy", is_flag=True, help="Plan to destroy everything.")
@click.option("--emulator", is_flag=True, help="Plan against the AWS emulator moto, without an account.")
@click.option(
    "--seed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="What exists in the emulator, as TOML or JSON: entries [[seed]] of a kind: network,"
    " certificate or secret. Without it: the default VPC with public and private subnets."
    " All of it exists in each region that the configuration asks about.",
)
def command(
    folder: Path,
    output: Path,
    var_files: Sequence[Path],
    variables: Sequence[str],
    *,
    destroy: bool,
    emulator: bool,
    seed: Path | None,
) -> None:
    """Plan FOLDER with Terraform (init, plan, show) and write the plan JSON."""
    from planspec.terraform import Inputs, plan_directory

    if seed and not emulator:
        raise click.UsageError("--seed says what exists in the emulator; name --emulator as well")
    if not output.absolute().parent.is_dir():
        raise PlanspecError(f"{output}: its folder does not exist; name a file in one that does")
    errors = console(stderr=True)
    with errors.status("starting") as status, _endpoint(emulator, seed) as endpoint:
        inputs = Inputs(
            variable_files=var_files, variables=variables, emulator=endpoint, destroy=destroy
        )
        made = plan_directory(folder, output, inputs, lambda event: status.update(event.line))
    for note in made.notes:
        click.echo(f"note: {note}", err=True)
    click.echo(f"{output}: {made.changes} changes; judge it with: planspec check {output}")


def _endpoint(wanted: bool, seed: Path | None) -> Any:
    """The emulator's endpoint while it runs, or nothing."""
    if not wanted:
        return contextlib.nullcontext()
    from planspec.terraform import running

    return running(seed)
