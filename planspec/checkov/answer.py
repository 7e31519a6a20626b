"""What did Checkov answer? From what its command prints, or from what the fast runner writes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from planspec.checkov.attributes_read import GRAPH_CHECKS, Looked, Seen, gather, unpacked
from planspec.checkov.locate import NEXT
from planspec.errors import ScannerError

Runner = Literal["fast", "stock"]
"""`fast` is Checkov with some functions replaced, and gives the same verdicts; `stock` its command."""

WITHOUT: Final = "Next: run again with --checkov=off to judge without it"

# Checkov always has something to say about these. Others may have no check at all, so that a
# scan without any outcome is suspicious only where one of these is planned.
_ALWAYS_CHECKED = frozenset(
    {
        "aws_db_instance",
        "aws_ecs_service",
        "aws_ecs_task_definition",
        "aws_instance",
        "aws_lambda_function",
        "aws_lb",
        "aws_s3_bucket",
        "aws_security_group",
    }
)


class FailedCheck(NamedTuple):
    """One check that one resource fails."""

    check: str
    """Checkov's number of the check, such as CKV_AWS_20."""
    title: str
    """What the check asks for, in Checkov's words."""
    address: str
    """Terraform's address of the resource."""
    keys: tuple[str, ...] = ()
    """The attributes that the check looked at, where the runner knows: `rule/[0]/status`."""


class ScanResult(NamedTuple):
    """What Checkov said about one plan."""

    version: str
    """Checkov's version."""
    passed: int
    """How many checks passed; each check counts once for each resource."""
    failed: tuple[FailedCheck, ...]
    """The failed checks, sorted, each once."""
    runner: Runner = "stock"
    """What gave the answer."""
    reason: str = ""
    """Why the stock runner had to."""
    cached: bool = False
    """Whether an earlier run over the same input gave it."""
    looked: Looked | None = None
    """What the checks looked at; None where nobody asked."""


class Unsupported(NamedTuple):
    """The fast runner stepped back."""

    reason: str


def read_fast(answer: bytes, code: int, trouble: str) -> ScanResult | Unsupported:
    """Read what the fast runner wrote; `code` is how it ended, `trouble` why it could not start.

    Raises ScannerError when the plan or a custom check is the reason that there is no answer.
    """
    try:
        told = json.loads(answer)
        if told.get("unsupported"):
            return Unsupported(str(told["unsupported"]))
        if told.get("error"):
            raise ScannerError(f"Checkov: {told['error']}")
        failed = {
            FailedCheck(check, title, address, tuple(keys))
            for check, title, address, keys in told["failed"]
        }
        result = ScanResult(str(told["version"]), int(told["passed"]), tuple(sorted(failed)), "fast")
        if "looked" in told:
            result = result._replace(looked=gather(unpacked(told["looked"])))
    except (AttributeError, KeyError, TypeError, ValueError):
        return Unsupported(f"the fast runner ended with exit code {code}{trouble}")
    return result


def read_stock(output: bytes, code: int, trouble: str, *, looked: bool = False) -> ScanResult:
    """Read what Checkov's command printed; `code` is how it ended, `looked` whether it printed it all.

    Raises ScannerError when that is no result, or one of a plan that Checkov could not read.
    """
    try:
        answer = json.loads(output)
        reports = answer if isinstance(answer, list) else [answer]
        # Without any outcome Checkov prints the bare summary instead of a report.
        summaries = [report.get("summary", report) for report in reports]
        unread = sum(int(summary["parsing_errors"]) for summary in summaries)
        passed = sum(int(summary["passed"]) for summary in summaries)
        version = str(summaries[0]["checkov_version"])
        failed = {_failed(each) for report in reports for each in _checks(report, "failed_checks")}
        seen = gather(each for report in reports for each in _seen(report)) if looked else None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise ScannerError(
            f"Checkov: ended with exit code {code} and printed no results{trouble}; expected JSON. "
            + NEXT
        ) from None
    if unread or code not in {0, 1}:
        raise ScannerError(
            f"Checkov: ended with exit code {code} and could not read the plan; expected results. "
            + WITHOUT
        )
    return ScanResult(version, passed, tuple(sorted(failed)), looked=seen)


def require_outcome(result: ScanResult, plan: bytes) -> None:
    """Raise ScannerError for silence about a plan that Checkov must have something to say about."""
    if not (result.passed or result.failed) and _must_be_checked(plan):
        raise ScannerError(
            "Checkov: not one check passed or failed; expected outcomes for the resources of "
            f"this plan, so the scan has not happened. {NEXT}"
        )


def _checks(report: Mapping[str, Any], result: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = report.get("results", {}).get(result, [])
    return found


def _seen(report: Mapping[str, Any]) -> Iterator[Seen]:
    """Every verdict with what its check looked at; another version may not tell."""
    for result in ("passed_checks", "failed_checks", "skipped_checks"):
        for each in _checks(report, result):
            keys = (each.get("check_result") or {}).get("evaluated_keys") or ()
            graph = each.get("check_class") == GRAPH_CHECKS
            address = str(each["resource_address"] or each["resource"])
            yield Seen(str(each["check_id"]), address, tuple(map(str, keys)), graph)


def _failed(record: Mapping[str, Any]) -> FailedCheck:
    return FailedCheck(
        str(record["check_id"]),
        str(record["check_name"]),
        str(record["resource_address"] or record["resource"]),
    )


def _must_be_checked(plan: bytes) -> bool:
    """Is a resource planned for which Checkov always has a check?"""
    try:
        pending = [json.loads(plan)["planned_values"]["root_module"]]
    except (KeyError, TypeError, ValueError):
        return False
    while pending:
        module = pending.pop()
        pending += module.get("child_modules", [])
        for resource in module.get("resources", []):
            if resource.get("mode") == "managed" and resource.get("type") in _ALWAYS_CHECKED:
                return True
    return False
