"""What does Terraform say while it works: its JSON event log, as progress and as diagnostics.

The log has one JSON object per line, with a `type`:
https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Progress:
    """One thing that happened. `count` says how many of its kind there were so far, 0 for a new phase.

    Phases, in order: `prepare`, `init`, `read` (data sources and refresh), `plan`, `apply`, `show`.
    """

    phase: str
    text: str
    count: int = 0

    @property
    def line(self) -> str:
        """One line for people, such as `plan 35: aws_lb.main`."""
        return f"{self.phase} {self.count}: {self.text}" if self.count else self.text


Report = Callable[[Progress], None]


def say_nothing(_: Progress) -> None:
    """A report for callers that show no progress."""


@dataclass
class Log:
    """Collects one command's events: what it did, and what it complained about."""

    report: Report
    command: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def follow(self, lines: Iterable[bytes]) -> None:
        """Take every line until the command closes its output, and report as they come."""
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                self.other.append(line.decode("utf-8", "replace").rstrip())
                continue
            if isinstance(event, dict):
                self._take(event)

    def complaint(self, errors: bytes) -> str:
        """What to tell the user when the command failed; `errors` is its standard error."""
        told = unboxed(errors) or " ".join(self.other) or "it failed and said nothing"
        return "\n".join(dict.fromkeys(self.errors)) or f"terraform {self.command}: {told}"

    def _take(self, event: dict[str, Any]) -> None:
        match event.get("type"):
            case "diagnostic":
                text = diagnostic_text(event["diagnostic"])
                serious = event["diagnostic"].get("severity") == "error"
                (self.errors if serious else self.warnings).append(text)
            case "refresh_complete":
                self._count("read", event["hook"]["resource"]["addr"])
            case "apply_complete":
                reading = event["hook"].get("action") == "read"
                self._count("read" if reading else "apply", event["hook"]["resource"]["addr"])
            case "planned_change":
                change = event["change"]
                self._count("plan", f"{change['action']} {change['resource']['addr']}")
            case "change_summary":
                self.report(Progress("plan", event["@message"], self.counts.get("plan", 0)))
            case "init_output":
                self.report(Progress("init", event["@message"]))

    def _count(self, phase: str, text: str) -> None:
        self.counts[phase] = self.counts.get(phase, 0) + 1
        self.report(Progress(phase, text, self.counts[phase]))


def diagnostic_text(diagnostic: dict[str, Any]) -> str:
    """One diagnostic as one paragraph: `database.tf:12: Unsupported argument: ...`."""
    where = diagnostic.get("range")
    parts = [f"{where['filename']}:{where['start']['line']}"] if where else []
    if not where and diagnostic.get("address"):
        parts.append(diagnostic["address"])
    parts.append(_sentence(diagnostic.get("summary", "")))
    if detail := _sentence(diagnostic.get("detail", "")):
        parts.append(detail)
    return ": ".join(parts)


def _sentence(text: str) -> str:
    return " ".join(text.split()).removesuffix(".")


def unboxed(text: bytes) -> str:
    """What Terraform writes for people, as one paragraph without the box around it."""
    frame = dict.fromkeys(map(ord, "╷│╵"))
    plain = text.decode("utf-8", "replace").translate(frame)
    before, crash, _ = plain.partition("\ngoroutine ")
    if crash:
        # What a crash prints: advice, the reason as the last line, then where in Terraform it happened.
        reasons = [line for line in before.splitlines() if line.strip("! \t")]
        plain = f"Terraform crashed: {reasons[-1] if reasons else 'it does not say why'}"
    return " ".join(plain.split())
