"""Options that several commands take: each with one name, one type and one help text.

A command for which an option means something of its own passes its help text.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planspec import bundle, completing

if TYPE_CHECKING:
    from planspec.outputs import Output

Command = TypeVar("Command", bound=Callable[..., Any])


def features(
    help_text: str = "Features to judge by: a file or a folder, repeatable. Default: those of planspec.",
) -> Callable[[Command], Command]:
    """`--features`: files and folders, at least one; reading them says which does not exist."""
    return click.option(
        "--features",
        type=click.Path(path_type=Path),
        multiple=True,
        default=(bundle.FEATURES,),
        metavar="PATH",
        help=help_text,
    )


def policies(
    help_text: str = "Parameters, controls and waivers. Default: those of planspec.",
    *,
    default: Path | None = bundle.POLICIES,
) -> Callable[[Command], Command]:
    """`--policies`: a folder that exists, or the default."""
    return click.option(
        "--policies",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        default=default,
        metavar="DIR",
        help=help_text,
    )


def tags(
    help_text: str = "Only scenarios with these tags:"
    ' "@EXP-01 or @severity:critical and not @advisory".',
) -> Callable[[Command], Command]:
    """`--tags`: an expression, or "" for every scenario."""
    return click.option(
        "--tags", default="", shell_complete=completing.tags, metavar="EXPR", help=help_text
    )


def source(help_text: str) -> Callable[[Command], Command]:
    """`--source`: the Terraform folder that was planned, or None."""
    return click.option(
        "--source",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        metavar="DIR",
        help=help_text,
    )


def accept_plan(help_text: str) -> Callable[[Command], Command]:
    """`--accept-plan`, as `accepted`: names of kinds of plans."""
    return click.option("--accept-plan", "accepted", multiple=True, metavar="KIND", help=help_text)


def jobs() -> Callable[[Command], Command]:
    """`--jobs`: how many processes, or None for as many as there are cores."""
    return click.option(
        "--jobs", type=click.IntRange(1), metavar="N", help="Processes. Default: all cores."
    )


def verbose(help_text: str) -> Callable[[Command], Command]:
    """`-v`: what else is shown is the command's own to say."""
    return click.option("-v", "--verbose", is_flag=True, help=help_text)


def outputs() -> Callable[[Command], Command]:
    """`-o`, as `outputs`: which reports, and where each goes."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        shell_complete=completing.formats,
        callback=_outputs,
        metavar="FORMAT[=FILE]",
        help="A report, repeatable: console (the default), json, html, junit, sarif, gitlab, github,"
        " summary, comment, conftest, atlantis, oscal; with a file or to standard output.",
    )


def _outputs(_: click.Context, __: click.Parameter, values: Sequence[str]) -> "Sequence[Output]":
    from planspec.outputs import parsed

    try:
        return parsed(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
