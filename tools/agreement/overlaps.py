"""Where do the requirements and Checkov answer the same question, and is it the same answer?

`overlaps.toml` beside this module says which requirement asks what which checks ask. A resource that
both looked at is compared; a difference that nobody explained is a problem.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from planspec.errors import PolicyError
from planspec.evidence import ScenarioRecord

Answer = Literal["satisfied", "violated", "undetermined"]
Class = Literal["unknown", "reference", "default", "scope", "their bug", "our bug"]
Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]
UNKNOWN_REASON = "known after apply; Checkov takes a side"


FILE: Final = Path(__file__).with_name("overlaps.toml")


class Overlap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scenario and the checks that ask the same of the same resources."""

    scenario: Text
    checks: list[Text]


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the two may answer differently: planspec's answer, Checkov's, the class and the reason."""

    scenario: Text
    ours: Answer
    checkov: Answer
    kind: Class
    reason: Text


class Overlaps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything in `overlaps.toml`."""

    overlap: list[Overlap]
    difference: list[Difference] = []


class Compared(NamedTuple):
    """One resource that both looked at."""

    plan: str
    scenario: str
    address: str
    ours: Answer
    checkov: Answer
    kind: str = ""
    reason: str = ""

    @property
    def same(self) -> bool:
        """Whether both answer the same."""
        return self.ours == self.checkov

    @property
    def unexplained(self) -> bool:
        """Whether they differ and nobody said why."""
        return not self.same and not self.kind


def read(path: Path = FILE) -> Overlaps:
    """Read the overlaps. Raises PolicyError, which names the file and the key."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Overlaps)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: {error}") from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}") from error


def compared(
    plan: str,
    scenarios: Iterable[ScenarioRecord],
    outcomes: Iterable[Sequence[str]],
    overlaps: Overlaps,
) -> list[Compared]:
    """Compare what both say about one plan. An outcome of Checkov: check, address, passed or failed."""
    theirs: dict[tuple[str, str], set[str]] = {}
    for check, address, result in outcomes:
        theirs.setdefault((check, address), set()).add(result)
    ours = {each.scenario: _by_address(each) for each in scenarios}
    return [
        _explained(Compared(plan, overlap.scenario, address, answer, told), overlaps.difference)
        for overlap in overlaps.overlap
        for address, answer in ours.get(overlap.scenario, {}).items()
        if (told := _together(theirs, overlap.checks, address)) is not None
    ]


def _by_address(scenario: ScenarioRecord) -> Mapping[str, Answer]:
    found: dict[str, Answer] = dict.fromkeys(scenario.examined, "satisfied")
    for finding in scenario.findings:
        if finding.verdict == "undetermined" and found.get(finding.address) != "violated":
            found[finding.address] = "undetermined"
        elif finding.verdict in {"violated", "waived"}:
            found[finding.address] = "violated"
    return found


def _together(
    theirs: Mapping[tuple[str, str], set[str]], checks: Sequence[str], address: str
) -> Answer | None:
    results = {result for check in checks for result in theirs.get((check, address), ())}
    if not results & {"passed", "failed"}:
        return None
    return "violated" if "failed" in results else "satisfied"


def _explained(found: Compared, differences: Sequence[Difference]) -> Compared:
    if found.same:
        return found
    for each in differences:
        if (each.scenario, each.ours, each.checkov) == (found.scenario, found.ours, found.checkov):
            return found._replace(kind=each.kind, reason=each.reason)
    if found.ours == "undetermined":
        return found._replace(kind="unknown", reason=UNKNOWN_REASON)
    return found


class Line(NamedTuple):
    """One scenario in the table: how many resources were compared, and how the answers fell."""

    scenario: str
    checks: tuple[str, ...]
    compared: int
    same: int
    kinds: Mapping[str, int]
    unexplained: int


def lines(found: Sequence[Compared], overlaps: Overlaps) -> list[Line]:
    """Count by scenario, in the order of the scenarios."""
    made = []
    for overlap in sorted(overlaps.overlap, key=lambda each: each.scenario):
        mine = [each for each in found if each.scenario == overlap.scenario]
        kinds = Counter(each.kind for each in mine if each.kind)
        made.append(
            Line(
                overlap.scenario,
                tuple(overlap.checks),
                len(mine),
                sum(each.same for each in mine),
                dict(sorted(kinds.items())),
                sum(each.unexplained for each in mine),
            )
        )
    return made
