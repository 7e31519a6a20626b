"""The command line: `planspec check PLAN`, `plan`, `steps` and `explain`.

Exit codes: 0 every requirement holds · 1 some requirement is violated or undetermined · 2 not judged.
"""

import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from planspec.errors import PlanspecError

if TYPE_CHECKING:
    from rich.console import Console

    from planspec.evidence import Evidence
    from planspec.plan import Plan

NOT_JUDGED = 2


class _Group(click.Group):
    """Turns every error that a person can act on into one paragraph and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PlanspecError as error:
            _refuse(str(error))
        except KeyboardInterrupt:
            _refuse("stopped")
        except (click.exceptions.Exit, click.Abort, click.ClickException):
            raise
        except BrokenPipeError:
            # Whoever read our output has gone, so nobody has seen a verdict.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(NOT_JUDGED)
        except Exception as error:
            if os.environ.get("PLANSPEC_TRACEBACK"):
                raise
            # Its text may quote the plan, and with it a secret; its kind does not.
            kind = type(error).__name__
            _refuse(f"a fault of planspec ({kind}), so no verdict; where: set PLANSPEC_TRACEBACK=1")


def _refuse(problem: str) -> NoReturn:
    click.echo(f"planspec: {problem}", err=True)
    sys.exit(NOT_JUDGED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="planspec", message="%(package)s %(version)s")
def main() -> None:
    """Judge Terraform plans against written requirements.

    Exit codes: 0 every requirement holds, 1 some requirement is violated or undetermined, 2 the
    plan was not judged.
    """


def _overrides(_: click.Context, __: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    found = {}
    for value in values:
        scenario, equals, who = value.partition("=")
        person, colon, reason = who.partition(":")
        if not (equals and colon and person.strip() and reason.strip()):
            raise click.BadParameter(f'"{value}"; write SCENARIO="NAME: REASON"')
        found[scenario] = who.strip()
    return found


def _outputs(
    _: click.Context, __: click.Parameter, values: Sequence[str]
) -> list[tuple[str, Path | None]]:
    found: list[tuple[str, Path | None]] = []
    for value in values:
        kind, equals, path = value.partition("=")
        if kind not in {"console", "json"} or (equals and (not path or kind == "console")):
            raise click.BadParameter(f'"{value}"; write console, json or json=FILE')
        found.append((kind, Path(path) if path else None))
    return found


@main.command()
@click.argument("plan")
@click.option(
    "--features",
    "features",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="PATH",
    help="Features to judge by: a file or a folder, repeatable. Default: those of planspec.",
)
@click.option(
    "--policies",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Parameters, controls and waivers. Default: those of planspec.",
)
@click.option(
    "--tags",
    default="",
    metavar="EXPR",
    help='Only scenarios with these tags: "@EXP-01 or @severity:critical and not @advisory".',
)
@click.option(
    "--source",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="The Terraform folder, for file:line. Default: a folder named like the plan, or its own.",
)
@click.option("--require-applicable", is_flag=True, help="A scenario that examines nothing is an error.")
@click.option("--no-checkov", is_flag=True, help="Leave Checkov out.")
@click.option("--require-checkov", is_flag=True, help="A missing Checkov is an error.")
@click.option(
    "--override",
    "overrides",
    multiple=True,
    callback=_overrides,
    metavar='SCENARIO="NAME: REASON"',
    help="Let a violated @soft scenario pass, and record who does so and why.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    callback=_outputs,
    metavar="FORMAT[=FILE]",
    help="console, json or json=FILE (the evidence record), repeatable. Default: console.",
)
@click.option("-v", "--verbose", is_flag=True, help="Also show waived findings, and the timing.")
def check(
    plan: str,
    features: Sequence[Path],
    policies: Path | None,
    tags: str,
    source: Path | None,
    *,
    require_applicable: bool,
    no_checkov: bool,
    require_checkov: bool,
    overrides: dict[str, str],
    outputs: list[tuple[str, Path | None]],
    verbose: bool,
) -> None:
    """Judge PLAN: plan JSON, a saved plan file, gzip of either, or "-" for standard input."""
    from planspec import bundle, gate
    from planspec.phases import Phases, no_collecting
    from planspec.source import folder_of

    if no_checkov and require_checkov:
        raise click.UsageError("--no-checkov and --require-checkov exclude each other")
    settings = gate.Settings(
        features=features or (bundle.FEATURES,),
        policies=policies or bundle.POLICIES,
        tags=tags,
        source=source or folder_of(plan),
        checkov=not no_checkov,
        require_checkov=require_checkov,
        require_applicable=require_applicable,
        overrides=overrides,
        keep_reads=any(kind == "json" for kind, _ in outputs),
    )
    errors = _console(stderr=True)
    with no_collecting(), errors.status("") as status:
        phases = Phases(status.update)
        phases("reading the plan")
        read, text = _read(plan)
        evidence = gate.check(read, text, settings, phases)
        phases("writing the report")
    _write(evidence, outputs or [("console", None)], verbose=verbose)
    if verbose:
        click.echo(phases.timing(), err=True)
    sys.exit(1 if evidence.blocks else 0)


def _read(source: str) -> tuple["Plan", bytes]:
    """Read the plan; a saved plan file is shown by Terraform first."""
    from planspec import document, plan

    name = "standard input" if source == plan.STANDARD_INPUT else source
    data = document.unpacked(plan.read_bytes(source), name)
    if data.startswith(document.ZIP_MAGIC):
        data = _shown(data, source)
    return plan.decode(data, name), document.utf8(data, name)


def _shown(saved: bytes, source: str) -> bytes:
    """Let Terraform show a saved plan; one that is no file as it is becomes one for that."""
    from planspec.terraform import show_saved_plan

    path = Path(source)
    if path.is_file() and path.read_bytes() == saved:
        return show_saved_plan(path)
    with tempfile.TemporaryDirectory(prefix="planspec-") as folder:
        path = Path(folder, "tfplan")
        path.write_bytes(saved)
        return show_saved_plan(path)


def _write(evidence: "Evidence", outputs: list[tuple[str, Path | None]], *, verbose: bool) -> None:
    from planspec import evidence as record
    from planspec import report

    for kind, path in outputs:
        if kind == "console":
            report.show(evidence, _console(), verbose=verbose)
        elif path is None:
            click.echo(record.encode(evidence), nl=False)
        else:
            record.write(evidence, path)


def _console(*, stderr: bool = False) -> "Console":
    """A console that keeps to NO_COLOR and to what a pipe can show."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # what a terminal cannot show must not end the run
    console = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console = Console(
            stderr=stderr, highlight=False, emoji=False, markup=False, width=120, no_color=True
        )
    return console


@main.command("plan")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write the plan JSON.",
)
@click.option("--var-file", "var_files", multiple=True, type=click.Path(path_type=Path, exists=True))
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE")
@click.option("--destroy", is_flag=True, help="Plan to destroy everything.")
@click.option("--emulator", is_flag=True, help="Plan against the AWS emulator moto, without an account.")
def make_plan(
    folder: Path,
    output: Path,
    var_files: Sequence[Path],
    variables: Sequence[str],
    *,
    destroy: bool,
    emulator: bool,
) -> None:
    """Plan FOLDER with Terraform (init, plan, show) and write the plan JSON."""
    from planspec.terraform import Inputs, plan_directory

    if not output.absolute().parent.is_dir():
        raise PlanspecError(f"{output}: its folder does not exist; name a file in one that does")
    errors = _console(stderr=True)
    with errors.status("starting") as status, _endpoint(emulator) as endpoint:
        inputs = Inputs(
            variable_files=var_files, variables=variables, emulator=endpoint, destroy=destroy
        )
        made = plan_directory(folder, output, inputs, lambda event: status.update(event.line))
    for note in made.notes:
        click.echo(f"note: {note}", err=True)
    click.echo(f"{output}: {made.changes} changes; judge it with: planspec check {output}")


def _endpoint(wanted: bool) -> Any:
    """The emulator's endpoint while it runs, or nothing."""
    if not wanted:
        return contextlib.nullcontext()
    from planspec.emulator import running

    return running()


@main.command()
@click.argument("words", nargs=-1)
def steps(words: Sequence[str]) -> None:
    """List the vocabulary; WORDS keep the phrases that hold them all."""
    from planspec.vocabulary import known_phrases

    shown = [
        each for each in known_phrases() if all(word.lower() in each.text.lower() for word in words)
    ]
    if not shown:
        raise PlanspecError(f'no phrase holds "{" ".join(words)}"; all of them: planspec steps')
    for phrase in shown:
        click.echo(f"{phrase.keyword:<5} {phrase.text}\n      {phrase.meaning}")


@main.command()
@click.argument("requirement")
@click.option("--features", "features", type=click.Path(path_type=Path), multiple=True, metavar="PATH")
@click.option("--policies", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
def explain(requirement: str, features: Sequence[Path], policies: Path | None) -> None:
    """Show one REQUIREMENT: why it is there, its controls, scenarios and waivers."""
    from planspec import bundle
    from planspec.vocabulary import explanation

    click.echo(explanation(requirement, features or (bundle.FEATURES,), policies or bundle.POLICIES))


if __name__ == "__main__":
    main()
