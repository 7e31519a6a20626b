"""What is wrong with the waivers and the controls?"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from planspec.errors import PolicyError
from planspec.features import Scenario
from planspec.policies import Waiver, read_waivers
from planspec.testing.lint.problem import Problem

_CHECKOV: Final = re.compile(r"CKV2?_[A-Z0-9]+_\w+")


def problems(
    policies: Path, scenarios: Sequence[Scenario], addresses: Sequence[str] | None, today: date
) -> Iterator[Problem]:
    """Yield what is wrong with `waivers.toml`; `addresses` are those of all recorded plans, or None."""
    path = policies / "waivers.toml"
    try:
        found = read_waivers(policies)
    except PolicyError as error:
        yield Problem(str(path), 1, "waiver", str(error).removeprefix(f"{path}: "))
        return
    lines = _lines(path)
    first: dict[tuple[str, str], int] = {}
    for position, waiver in enumerate(found):
        line = lines[position] if position < len(lines) else 1
        for rule, text in _wrong(waiver, scenarios, addresses, today):
            yield Problem(str(path), line, rule, text)
        other = first.setdefault((waiver.requirement, waiver.address), line)
        if other != line:
            text = f"{waiver.requirement} for {waiver.address} is also in line {other}"
            yield Problem(str(path), line, "duplicate-waiver", text)


def _lines(path: Path) -> list[int]:
    """The line of each waiver, in their order."""
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(text, 1) if line.strip().startswith("[[waiver]]")]


def _wrong(
    waiver: Waiver, scenarios: Sequence[Scenario], addresses: Sequence[str] | None, today: date
) -> Iterator[tuple[str, str]]:
    known = any(waiver.concerns(each.number) for each in scenarios)
    if not known and not _CHECKOV.fullmatch(waiver.requirement):
        yield (
            "waiver-of-nothing",
            f"{waiver.requirement} is not a requirement, scenario or Checkov check",
        )
    if waiver.expired(today):
        yield "waiver-expired", f"{waiver.requirement} for {waiver.address} ended on {waiver.expires}"
    if not waiver.address.strip("*."):
        yield "waiver-covers-all", f"{waiver.requirement} is waived for every address"
    elif addresses is not None and not any(
        waiver.covers(waiver.requirement, address) for address in addresses
    ):
        text = f"{waiver.address} is not an address of a recorded plan"
        yield "waiver-reaches-nothing", text
