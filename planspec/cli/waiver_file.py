"""How does an accepted finding come into `waivers.toml`, with everything in it kept?"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from planspec.errors import EvidenceError, PolicyError
from planspec.evidence import Evidence, write_all
from planspec.finding import Verdict
from planspec.policies import Waiver, read_waivers
from planspec.reports.rows import WHOLE_PLAN, Row, rows

NAME: Final = "waivers.toml"
SHORTEST_PREFIX: Final = 8
MOST_NAMED: Final = 10


def finding(evidence: Evidence, name: str, address: str | None) -> Row:
    """Return the one finding of this fingerprint (or its first eight digits), or number and address.

    Raises EvidenceError where there is none, where there are several, or where it is waived already.
    """
    named = [row for row in rows(evidence) if _is(row, name) and row.rule != WHOLE_PLAN]
    mine = [row for row in named if address in (None, row.finding.address)]
    if not mine:
        raise EvidenceError(f"{_said(name, address)}: no finding of this run{_near(evidence, named)}")
    if len(mine) > 1:
        raise EvidenceError(f"{_said(name, address)}: {len(mine)} findings{_list(mine)}")
    (found,) = mine
    if found.finding.verdict == Verdict.WAIVED and found.finding.waiver:
        raise EvidenceError(
            f"{_said(name, address)}: is waived already, until {found.finding.waiver.expires}"
        )
    return found


def add(policies: Path, waiver: Waiver) -> Path:
    """Append a waiver to the file, and return its path; nothing else in it changes.

    Raises PolicyError where the file would not be valid with it, such as for a life that is too long.
    """
    path = policies / NAME
    before = path.read_bytes() if path.is_file() else b""
    space = b"" if not before.strip() else b"\n" if before.endswith(b"\n") else b"\n\n"
    after = before + space + entry(waiver).encode()
    read_waivers(policies, after)
    write_all([(path, after)])
    return path


def entry(waiver: Waiver) -> str:
    """Return a waiver as TOML; what is empty is left out."""
    fields = [(name, getattr(waiver, name)) for name in waiver.__struct_fields__]
    lines = [
        f"{name} = {_text(value) if isinstance(value, str) else value}"
        for name, value in fields
        if value
    ]
    return "\n".join(["[[waiver]]", *lines, ""])


def _text(value: str) -> str:
    """A basic string of TOML, which JSON's strings are, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is(row: Row, name: str) -> bool:
    prefix = len(name) >= SHORTEST_PREFIX and row.finding.fingerprint.startswith(name.lower())
    return prefix or row.rule == name


def _said(name: str, address: str | None) -> str:
    return f"{name} {address}" if address else name


def _near(evidence: Evidence, named: Sequence[Row]) -> str:
    if named:
        return _list(named)
    numbers = sorted({row.rule for row in rows(evidence)} - {WHOLE_PLAN})
    if not numbers:
        return "; it found nothing"
    rest = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    return f"; it found {', '.join(numbers[:MOST_NAMED])}{rest}"


def _list(found: Sequence[Row]) -> str:
    lines = [
        f"  {row.finding.fingerprint[:12]}  {row.rule} {row.finding.address}"
        for row in found[:MOST_NAMED]
    ]
    rest = [f"  and {len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    return "\n".join(["; choose one:", *lines, *rest])


def home(policies: Path) -> Path:
    """Return the folder if it holds waivers. Raises PolicyError for that of an installed planspec."""
    if (policies / NAME).is_file():
        return policies
    raise PolicyError(
        "waivers belong to your own policies, not into the installed planspec;"
        " name their folder with --policies"
    )
