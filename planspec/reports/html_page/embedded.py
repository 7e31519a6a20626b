"""What does the page carry besides what it shows at once?

Long lists are shown in part; the rest, and what the search looks through, travels as compressed JSON
that the page's script unpacks. Texts are kept once and named by their position, so ten thousand
resources stay below a megabyte.
"""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from planspec.evidence import FoundRecord, ReadRecord, WaiverRecord
from planspec.reports.html_page.figures import NOT_COVERED, Covered
from planspec.reports.html_page.view import Placed, Resource
from planspec.reports.rows import printable

LEVEL: Final = 6


class Texts:
    """Texts by their position; each is kept once, with control characters as escapes."""

    def __init__(self) -> None:
        self.positions: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """The position of this text."""
        return self.positions.setdefault(printable(text), len(self.positions))


def packed(
    scenarios: Sequence[Placed], resources: Sequence[Resource], covered: Mapping[str, Covered]
) -> str:
    """Return it as Base64 of gzip of JSON. The same record gives the same text."""
    texts = Texts()
    content = {
        "scenarios": [
            {
                "id": printable(each.fragment),
                "name": printable(each.scenario.name),
                "verdict": str(each.verdict),
                "examined": [texts(address) for address in each.scenario.examined],
                "findings": [_finding(finding, texts) for finding in each.scenario.findings],
                "read": [_read(read, texts) for read in each.scenario.read],
            }
            for each in scenarios
        ],
        "resources": [_resource(each, covered, texts) for each in resources],
        "texts": list(texts.positions),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), LEVEL, mtime=0)).decode()


def accepted(waiver: WaiverRecord | None) -> str:
    """Say who accepted a finding, why and until when, or that nobody does any more."""
    if waiver is None:
        return ""
    standing = "" if waiver.standing == "in force" else f"{waiver.standing}: "
    ticket = f", {waiver.ticket}" if waiver.ticket else ""
    return f"{standing}{waiver.reason} (approved by {waiver.approver}, until {waiver.expires}{ticket})"


def told(read: ReadRecord) -> str:
    """Say where a value came from, or nothing where the record does not."""
    origin = read.origin
    if origin is None:
        return ""
    named = f" {', '.join(origin.names)}" if origin.names else ""
    return f"{origin.kind}{named}{f' at {origin.where}' if origin.where else ''}"


def _finding(finding: FoundRecord, texts: Texts) -> list[int]:
    """In the order in which the script names them."""
    fields = (finding.verdict, finding.address, finding.where, finding.path, finding.observed)
    rest = (finding.expected, finding.remedy, accepted(finding.waiver))
    return [texts(str(each)) for each in (*fields, *rest)]


def _read(read: ReadRecord, texts: Texts) -> list[int]:
    return [texts(each) for each in (read.address, read.path, read.shown, told(read))]


def _resource(resource: Resource, covered: Mapping[str, Covered], texts: Texts) -> list[Any]:
    fields = (resource.address, resource.type, resource.action, resource.where, resource.verdict)
    judged = [[each.placed.position, texts(each.verdict)] for each in resource.judged]
    checks = [
        [texts(each.observed), texts(each.verdict), texts(each.expected)] for each in resource.checks
    ]
    looked = covered.get(resource.address, NOT_COVERED)
    return [*map(texts, fields), judged, checks, [texts(each) for each in looked]]
