"""What did a judgement find?

A judgement asks one thing of some resources. Each examined resource gets a verdict; the verdict of
the whole is the worst of them. Nothing examined is "not applicable", never satisfied.

A fingerprint tells which finding is the same one as yesterday's. It is made of what the finding is
about: the requirement's scenario, the address and the path without list positions. It does not depend on
lines, on the order of anything, or on other resources. A second fingerprint, of what was observed, tells
whether the same finding still says the same.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

FINGERPRINT_LENGTH: Final = 32
_POSITION: Final = re.compile(r"\[\d+\]")


class Verdict(StrEnum):
    """The answer to one requirement, for one resource or for all that were examined."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not applicable"
    WAIVED = "waived"


class OriginKind(StrEnum):
    """What a value comes from."""

    LITERAL = "literal"
    VARIABLE = "variable"
    REFERENCE = "reference"
    COMPUTED = "computed"  # a function of constants, or the key of the instance
    PROVIDER = "provider"  # nobody wrote it: a default of the provider, or decided at apply
    UNTOLD = "cannot be told"


class Finding(NamedTuple):
    """One resource that does not comply, or that cannot be shown to comply."""

    address: str
    verdict: Verdict
    observed: str
    expected: str
    path: str = ""
    remedy: str = ""
    # Addresses of other blocks that a reader may have to change.
    related: tuple[str, ...] = ()
    # Where the source is shown, if that is more exact than `path`, which is part of the fingerprint.
    place: str = ""

    def __str__(self) -> str:
        return f"{self.address}: {self.observed}; expected {self.expected}"


class Judgement(NamedTuple):
    """The outcome of asking one thing: what was examined, and what was found.

    `findings` name only examined addresses. A judgement about the plan as a whole names the
    resource that a reader has to change. `reason` says why nothing was examined, where that is not for
    want of a resource.
    """

    examined: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    reason: str = ""

    @property
    def verdict(self) -> Verdict:
        """Violated if anything is, else undetermined if anything is, else satisfied."""
        verdicts = {finding.verdict for finding in self.findings}
        for worst in (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED):
            if worst in verdicts:
                return worst
        return Verdict.SATISFIED if self.examined else Verdict.NOT_APPLICABLE

    def __str__(self) -> str:
        if not self.examined:
            return f"not applicable: {self.reason or 'nothing was selected'}"
        lines = [f"{self.verdict}: {len(self.findings)} of {len(self.examined)}"]
        return "\n  ".join([*lines, *map(str, self.findings)])


def malformed(judgement: object) -> str:
    """Say why something is no judgement, which a type checker would have told; "" if it is one.

    A word that is no verdict would count as none, and a waiver is for the policies to grant.
    """
    if not isinstance(judgement, Judgement):
        return f"takes a Judgement, not {type(judgement).__name__}"
    parts: list[Any] = [judgement.examined, judgement.findings]
    if not all(isinstance(each, tuple) for each in parts) or not isinstance(judgement.reason, str):
        return "takes a Judgement of two tuples: what was examined, and what was found"
    examined, findings = parts
    if not all(isinstance(each, str) and each for each in examined):
        return "takes a Judgement of which each examined address is a text"
    for each in findings:
        if not isinstance(each, Finding) or each.verdict not in (Verdict.VIOLATED, Verdict.UNDETERMINED):
            return "takes findings that are violated or undetermined"
        if not all(isinstance(part, str) for part in (*each[:6], each.place)):
            return "takes findings of which each part is a text"
    return ""


def judge(examined: Iterable[str], findings: Iterable[Finding | None]) -> Judgement:
    """Build a judgement; None stands for a resource that complies."""
    return Judgement(
        tuple(dict.fromkeys(examined)), tuple(found for found in findings if found is not None)
    )


def not_stated(examined: Sequence[object], what: str, *keys: str) -> Judgement:
    """Build the judgement by a limit that nobody stated: not applicable, and which key states it.

    Where there is nothing to examine either, nobody has to state it.
    """
    return Judgement((), reason=f"{what}: {', '.join(keys)} in policies/limits.toml" if examined else "")


def by_stated_part(
    judgement: Judgement, examined: Sequence[object], what: str, missing: Sequence[str]
) -> Judgement:
    """Build the judgement by some of several limits: what it finds counts, and nothing passes by it."""
    return in_all([judgement, not_stated(examined, what, *missing)]) if missing else judgement


def in_all(judgements: Sequence[Judgement]) -> Judgement:
    """Build what a scenario found of what its outcomes did.

    It is satisfied only if each of them could be judged: one by a limit that nobody stated could not.
    """
    examined = dict.fromkeys(address for each in judgements for address in each.examined)
    # Two outcomes of one scenario may find the same.
    findings = dict.fromkeys(finding for each in judgements for finding in each.findings)
    reason = "; ".join(dict.fromkeys(each.reason for each in judgements if each.reason))
    return Judgement(() if reason and not findings else tuple(examined), tuple(findings), reason)


def together(judgements: Iterable[Judgement]) -> Judgement:
    """Build one judgement of several parts of what was chosen."""
    every = tuple(judgements)
    return judge(
        (address for each in every for address in each.examined),
        (finding for each in every for finding in each.findings),
    )


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Every one must hold: violated beats undetermined beats satisfied."""
    for verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED):
        if verdict in verdicts:
            return verdict
    return Verdict.SATISFIED


def best(verdicts: Sequence[Verdict]) -> Verdict:
    """One must hold: satisfied beats undetermined beats violated."""
    for verdict in (Verdict.SATISFIED, Verdict.UNDETERMINED):
        if verdict in verdicts:
            return verdict
    return Verdict.VIOLATED


def fingerprint_of_value(observed: str) -> str:
    """Return the fingerprint of what was observed, as it may be shown."""
    return _digest("value", observed)


def fingerprints(subject: str, findings: Sequence[Finding]) -> list[str]:
    """Return the fingerprint of each finding of one scenario or check, in the same order.

    Where one resource fails at one path several times, what it says tells the findings apart.
    """
    places = [(each.address, _POSITION.sub("[]", each.path)) for each in findings]
    often = Counter(places)
    return [
        _digest(subject, *place, *([each.observed, each.expected] if often[place] > 1 else []))
        for place, each in zip(places, findings, strict=True)
    ]


def _digest(*parts: str) -> str:
    text = "\0".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:FINGERPRINT_LENGTH]
