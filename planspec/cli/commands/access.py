"""`planspec access`: who may do what after a change that no one could before."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from planspec.cli import options
from planspec.errors import PlanspecError

if TYPE_CHECKING:
    from planspec.access import Answer, Policy

EXAMPLES: Final = (
    ("planspec access plan.json", "who gets which access by this plan"),
    ("planspec access before.json after.json", "what one IAM policy allows that another does not"),
    ("planspec access before.json after.json -o json", "the same, for another program"),
)
FORMATS: Final = ("console", "json")


@click.command(short_help="tell who gains access, by a plan or between two policies")
@click.argument("files", nargs=-1, required=True, metavar="PLAN | BEFORE AFTER")
@options.source("The Terraform folder that was planned. A saved plan brings its own.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(FORMATS),
    default="console",
    help="console (the default) or json.",
)
def command(files: Sequence[str], source: Path | None, output: str) -> None:
    """Tell who gains access by PLAN, or from the IAM policy BEFORE to the policy AFTER.

    Of two policies it also tells who loses access. Each answer comes with one request as the evidence.

    Exit codes: 0 no one gains, 1 someone does, or it cannot be decided, 2 a file that cannot be read.
    """
    if len(files) > 2:
        raise PlanspecError(f"{len(files)} files; expected a plan, or two policies: {command_line()}")
    told = _of_plan(files[0], source) if len(files) == 1 else _of_policies(*files)
    if output == "json":
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(told)))
    sys.exit(0 if told["gained"]["outcome"] == "not more" else 1)


def command_line() -> str:
    """How it is called."""
    return "planspec access PLAN, or planspec access BEFORE AFTER"


def _of_policies(before: str, after: str) -> dict[str, Any]:
    from planspec.access import compare

    one, other = _policy(before), _policy(after)
    return {"gained": _told(compare([one], [other])), "lost": _told(compare([other], [one]))}


def _policy(name: str) -> "Policy":
    from planspec.access import Unreadable, read_policy

    document = _document(name)
    if "resource_changes" in document:
        raise PlanspecError(f"{name}: a plan; expected an IAM policy. Next: planspec access {name}")
    if "Statement" not in document:
        raise PlanspecError(f"{name}: no Statement in it; expected an IAM policy as JSON")
    policy = read_policy(document, name)
    if isinstance(policy, Unreadable):
        raise PlanspecError(f"{name}: {policy}; expected an IAM policy as JSON")
    return policy


def _document(name: str) -> Mapping[str, Any]:
    from planspec.access import read_document

    expected = "expected an IAM policy as JSON"
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        document = read_document(data)
    except OSError as error:
        raise PlanspecError(f"{name}: {error.strerror}; {expected}") from None
    except (ValueError, RecursionError) as error:
        raise PlanspecError(f"{name}: no JSON, {error}; {expected}") from None
    if not isinstance(document, Mapping):
        raise PlanspecError(f"{name}: no object; {expected}")
    return document


def _told(answer: "Answer") -> dict[str, Any]:
    from planspec.access import describe

    told: dict[str, Any] = {"outcome": answer.outcome.value, "in words": describe(answer)}
    if answer.witness is not None:
        told["request"] = {**answer.witness._asdict(), "context": dict(answer.witness.context)}
        told["policy"], told["statement"] = answer.document, answer.statement
    if answer.doubts:
        told["doubts"] = list(answer.doubts)
    return told


def _of_plan(name: str, source: Path | None) -> dict[str, Any]:
    from planspec.finding import Verdict
    from planspec.judgements.change.wider_permissions import allow_no_more
    from planspec.runner import load
    from planspec.runner.redaction import leaving

    judgement = allow_no_more(load.read(name, source).plan)
    findings = leaving(
        [
            {"address": each.address, "verdict": str(each.verdict), "observed": each.observed}
            for each in judgement.findings
        ]
    )
    violated = any(each.verdict is Verdict.VIOLATED for each in judgement.findings)
    outcome = "more" if violated else "undetermined" if findings else "not more"
    return {"gained": {"outcome": outcome, "examined": len(judgement.examined), "findings": findings}}


def _lines(told: Mapping[str, Any]) -> list[str]:
    gained = told["gained"]
    if "findings" in gained:
        if not gained["findings"]:
            return [f"no one gains access; {gained['examined']} resources give some or limit it"]
        return [
            f"{_SIGN[each['verdict']]} {each['address']}  {each['observed']}"
            for each in gained["findings"]
        ]
    return [_line("gained", gained), _line("lost", told["lost"])]


_SIGN: Final = {"violated": "✗", "undetermined": "?"}


def _line(title: str, answer: Mapping[str, Any]) -> str:
    if answer["outcome"] == "not more":
        return f"{title:<7}nothing"
    at = (
        ""
        if answer.get("statement") is None
        else f"\n       by statement {answer['statement'] + 1} of {answer['policy']}"
    )
    return f"{title:<7}{answer['in words']}{at}"
