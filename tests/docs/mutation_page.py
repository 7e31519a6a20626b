"""Fill in docs/mutation.md: would anybody notice if the plan, or our own code, got worse?

    python -m tests.docs.mutation_page READ BLIND CODE

READ and BLIND are what `planspec mutate -o` wrote of plans/corrected.json, without and with `--blind`;
CODE is what `python -m tests.heavy.judgement_mutants --output` wrote. `make mutation` makes all of them.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from planspec import bundle
from planspec.testing.mutation.accepted import read_accepted
from planspec.testing.mutation.score import NEVER
from tests.heavy import judgement_mutants

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "mutation.md"
_PART = re.compile(r"(<!-- generated: make mutation, (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
Score = Mapping[str, Any]
Mutant = Mapping[str, str]


def filled(text: str, parts: Mapping[str, Iterable[str]]) -> str:
    """The page with its generated parts made anew."""
    made = {name: "\n".join(lines) for name, lines in parts.items()}
    return _PART.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n\n{found[3]}", text)


def of_what_is_read(score: Score) -> Iterator[str]:
    """What a run on what the scenarios read found."""
    yield from (_summary(score), "")
    yield from _never(score)
    groups: dict[str, list[Mutant]] = {}
    for each in accepted(score):
        groups.setdefault(each["reason"], []).append(each)
    yield "| changes | of | how | why they may pass |"
    yield "| ---: | --- | --- | --- |"
    for reason, found in sorted(groups.items(), key=lambda each: (-len(each[1]), each[0])):
        how = _listed(each["operator"] for each in found)
        yield f"| {len(found)} | {_listed(map(_type, found))} | {how} | {reason} |"


def of_what_is_not(score: Score) -> Iterator[str]:
    """What a blind run found, by type."""
    yield from (_summary(score), "")
    groups: dict[tuple[str, str], list[Mutant]] = {}
    for each in accepted(score):
        groups.setdefault((_type(each), each["reason"]), []).append(each)
    yield "| type | attributes | changes | why they may pass |"
    yield "| --- | --- | ---: | --- |"
    for (kind, reason), found in sorted(groups.items()):
        names = _listed(re.split(r"[.\[]", each["path"])[0] for each in found)
        yield f"| {kind} | {names} | {len(found)} | {reason} |"


def accepted(score: Score) -> list[Mutant]:
    """The mutants that somebody looked at and let pass."""
    return [each for each in score["mutants"] if each["became"] == "accepted"]


def _summary(score: Score) -> str:
    became = Counter(each["became"] for each in score["mutants"])
    parts = ", ".join(f"{number:,} {name}" for name, number in became.most_common())
    return (
        f"{len(score['mutants']):,} changes: {parts}. Of those that weaken something,"
        f" **{score['percent']:g} %** are noticed."
    )


def _never(score: Score) -> Iterator[str]:
    """The scenarios that no change of this plan makes fall, with the reasons."""
    entries = read_accepted(bundle.POLICIES / "mutants.toml").accepted
    reasons = [each for each in entries if each.operator == NEVER]
    never = [each["scenario"] for each in score["scenarios"] if not each["fell"]]
    fell = len(score["scenarios"]) - len(never)
    yield f"{fell} of {len(score['scenarios'])} scenarios fall for at least one change."
    if never:
        yield "The others fall on golden plans only:"
        yield from ("", "| scenario | why |", "| --- | --- |")
    for number in never:
        why = next((each.reason for each in reasons if each.names(number)), "it reads no attribute")
        yield f"| {number} | {why} |"
    yield ""


def _type(mutant: Mutant) -> str:
    """The resource type that an address is of; the address where it is of none."""
    parts = mutant["address"].partition("[")[0].split(".")
    return next((part for part in parts if "_" in part), parts[0])


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(sorted(set(texts)))


def main(arguments: Sequence[str]) -> None:
    """Fill in the page."""
    read, blind, code = (json.loads(Path(each).read_text("utf-8")) for each in arguments)
    parts = {
        "read": of_what_is_read(read),
        "blind": of_what_is_not(blind),
        "code": judgement_mutants.table(code),
    }
    PAGE.write_text(filled(PAGE.read_text("utf-8"), parts), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
