"""Options that several commands take: each with one name, one type and one help text.

A command for which an option means something of its own passes its help text.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from planspec import bundle
from planspec.cli import completion
from planspec.errors import PlanspecError

if TYPE_CHECKING:
    from planspec.reports.outputs import Output
    from planspec.runner.checkov_findings import Wanted

NO_OWN_STEPS: Final = "planspec: no own steps"
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


def steps(
    help_text: str = "Python steps of your own: a file or a folder, repeatable. They are code, and run.",
) -> Callable[[Command], Command]:
    """`--steps`, none by default, and `--no-own-steps`, which forbids them."""

    def both(command: Command) -> Command:
        named = click.option(
            "--steps",
            type=click.Path(path_type=Path),
            multiple=True,
            callback=_allowed,
            metavar="PATH",
            help=help_text,
        )
        forbidden = click.option(
            "--no-own-steps",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_forbid,
            help="Refuse --steps: nothing but planspec itself is run.",
        )
        return named(forbidden(command))

    return both


def _forbid(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[NO_OWN_STEPS] = value


def _allowed(context: click.Context, _: click.Parameter, paths: Sequence[Path]) -> Sequence[Path]:
    if paths and context.meta.get(NO_OWN_STEPS):
        raise PlanspecError(
            f"--steps {paths[0]}: own steps are code, and --no-own-steps forbids them; take --steps out:"
            f" {context.command_path} --no-own-steps ..."
        )
    return paths


def tags(
    help_text: str = "Only scenarios with these tags:"
    ' "@EXP-01 or @severity:critical and not @advisory".',
) -> Callable[[Command], Command]:
    """`--tags`: an expression, or "" for every scenario."""
    return click.option(
        "--tags", default="", shell_complete=completion.tags, metavar="EXPR", help=help_text
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


def overrides(help_text: str) -> Callable[[Command], Command]:
    """`--override`, as `overrides`: by scenario, who lets it pass, and why."""
    return click.option(
        "--override",
        "overrides",
        shell_complete=completion.requirements,
        multiple=True,
        callback=_overrides,
        metavar='SCENARIO="NAME: REASON"',
        help=help_text,
    )


def _overrides(
    _: click.Context, __: click.Parameter, values: Sequence[str]
) -> dict[str, tuple[str, str]]:
    found = {}
    for value in values:
        scenario, equals, who = value.partition("=")
        person, colon, reason = who.partition(":")
        if not (equals and colon and person.strip() and reason.strip()):
            raise click.BadParameter(f'"{value}"; write SCENARIO="NAME: REASON"')
        found[scenario] = (person.strip(), reason.strip())
    return found


def base(help_text: str) -> Callable[[Command], Command]:
    """`--base REV`: the revision that says what may judge the plan, and who accepted another one."""

    def both(command: Command) -> Command:
        command = click.option(
            "--accept-policy-change",
            "policy_change",
            envvar="PLANSPEC_ACCEPT_POLICY_CHANGE",
            callback=_accepted_change,
            metavar='"NAME: REASON"',
            help="With --base: who accepts that the change also changes what judges it; recorded.",
        )(command)
        return click.option("--base", default="", metavar="REV", help=help_text)(command)

    return both


def _accepted_change(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, str] | None:
    if not value:
        return None
    name, colon, reason = value.partition(":")
    if not (colon and name.strip() and reason.strip()):
        raise click.BadParameter(f'"{value}"; write "NAME: REASON"')
    return name.strip(), reason.strip()


def schemas(help_text: str) -> Callable[[Command], Command]:
    """`--schema`, as `schemas`: files that exist."""
    return click.option(
        "--schema",
        "schemas",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        multiple=True,
        metavar="FILE",
        help=help_text,
    )


def allow_unknown_type(help_text: str) -> Callable[[Command], Command]:
    """`--allow-unknown-type`."""
    return click.option("--allow-unknown-type", is_flag=True, help=help_text)


def baseline(help_text: str) -> Callable[[Command], Command]:
    """`--baseline`: the findings that are known, or None."""
    return click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help=help_text)


def jobs() -> Callable[[Command], Command]:
    """`--jobs`: how many processes, or None for as many as there are cores."""
    return click.option(
        "--jobs", type=click.IntRange(1), metavar="N", help="Processes. Default: all cores."
    )


def checkov(help_text: str) -> Callable[[Command], Command]:
    """`--checkov`: a runner, or None."""
    return click.option("--checkov", type=click.Choice(["fast", "stock", "off"]), help=help_text)


def no_checkov() -> Callable[[Command], Command]:
    """`--no-checkov`, for `runner`."""
    return click.option("--no-checkov", is_flag=True, help="Leave Checkov out, like --checkov=off.")


def no_cache() -> Callable[[Command], Command]:
    """`--no-cache`: whether an answer that Checkov gave before counts."""
    return click.option(
        "--no-cache", is_flag=True, help="Let Checkov judge again what it has judged before."
    )


def require_checkov() -> Callable[[Command], Command]:
    """`--require-checkov`, for `runner`."""
    return click.option("--require-checkov", is_flag=True, help="A missing Checkov is an error.")


def runner(chosen: "Wanted | None", *, no_checkov: bool, required: bool) -> "Wanted":
    """The runner that the options ask for. Raises UsageError for two that exclude each other."""
    if no_checkov and chosen not in {None, "off"}:
        raise click.UsageError(f"--no-checkov and --checkov={chosen} exclude each other")
    found = "off" if no_checkov else chosen or "fast"
    if found == "off" and required:
        raise click.UsageError("--no-checkov and --require-checkov exclude each other")
    return found


def verbose(help_text: str) -> Callable[[Command], Command]:
    """`-v`: what else is shown is the command's own to say."""
    return click.option("-v", "--verbose", is_flag=True, help=help_text)


def full() -> Callable[[Command], Command]:
    """`--full`: all that there is to read, in the terminal."""
    return click.option(
        "--full", is_flag=True, help="Show every requirement and every finding, not only the worst."
    )


def outputs() -> Callable[[Command], Command]:
    """`-o`, as `outputs`: which reports, and where each goes."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        shell_complete=completion.formats,
        callback=_outputs,
        metavar="FORMAT[=FILE]",
        help="A report, repeatable: console (the default), json, html, junit, sarif, gitlab, github,"
        " summary, comment, conftest, atlantis, oscal; with a file or to standard output.",
    )


def _outputs(_: click.Context, __: click.Parameter, values: Sequence[str]) -> "Sequence[Output]":
    from planspec.reports.outputs import parsed

    try:
        return parsed(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
