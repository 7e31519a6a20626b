"""Was this very plan judged by these very requirements, and did it pass?

Every question is asked, and every answer that is no is told. Digests alone show what was changed by
accident or without care; whoever can write the record can seal it again. A signature shows more, and
so does judging again.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from planspec import evidence_file, judging_again, plan_file, signature, subject
from planspec.evidence import Evidence
from planspec.finding import Verdict
from planspec.judged_record import DigestRecord, InputsRecord
from planspec.plan import read_bytes

MOST_NAMED = 5


class Asked(NamedTuple):
    """What the plan has to have been judged by, and what else is asked of the record."""

    features: Sequence[Path]
    policies: Path
    tags: str = ""
    accepted: Sequence[str] = ()
    require_applicable: bool = False
    require_checkov: bool = False
    public_key: Path | None = None
    again: bool = False
    source: Path | None = None


class Answer(NamedTuple):
    """The record, why it is refused (nothing: it is not), and what a reader should know besides."""

    record: Evidence
    refused: Sequence[str]
    notes: Sequence[str]


def verify(path: Path, plan: str, asked: Asked, today: date) -> Answer:
    """Compare the record in a file with a plan file, the requirements, and the day.

    `plan` is the JSON that was judged, the saved plan, or gzip of either. Raises PlanspecError for
    what cannot be read.
    """
    data = evidence_file.read_bytes(path)
    record = evidence_file.decode(data, str(path))
    found = subject.inputs_record(
        asked.features,
        asked.policies,
        tags=asked.tags,
        accepted=asked.accepted,
        applicable=asked.require_applicable,
    )
    refused = [
        *_sealed(record, data, path, asked.public_key),
        *_plan(record, plan),
        *_inputs(record.inputs, found),
        *_verdict(record, today, require_checkov=asked.require_checkov),
    ]
    if asked.again and not refused:
        by = (tuple(asked.features), asked.policies, asked.source)
        refused += judging_again.differences(record, plan, *by)
    return Answer(record, refused, list(_notes(record, asked)))


def _sealed(record: Evidence, data: bytes, path: Path, key: Path | None) -> Iterator[str]:
    number = evidence_file.seal_digest(data, str(path))
    if number != record.seal.sha256:
        yield f"{path} was changed after the run: its seal does not fit"
    if key is None:
        return
    if not record.seal.signature:
        yield f"{path} is not signed; sign with: planspec check --sign KEY"
    elif not signature.holds(key, bytes.fromhex(number), record.seal.signature):
        yield f"{path} is not signed with the key of {key}"


def _plan(record: Evidence, plan: str) -> Iterator[str]:
    """The same bytes, or another file with the same plan in it."""
    data = read_bytes(plan)
    if hashlib.sha256(data).hexdigest() == record.plan.sha256:
        return
    document = plan_file.read(plan, data=data).given.document_sha256
    if document != record.plan.document_sha256:
        yield (
            f"{plan} is not the plan that was judged: its plan JSON has the SHA-256"
            f" {document[:16]}..., judged was {record.plan.document_sha256[:16]}..."
            f" ({record.plan.name})"
        )


def _inputs(judged: InputsRecord, now: InputsRecord) -> Iterator[str]:
    pairs = (
        ("features", judged.features, now.features),
        ("steps", judged.steps, now.steps),
        ("policies", judged.policies, now.policies),
        ("waivers", judged.waivers, now.waivers),
    )
    for name, before, after in pairs:
        if before.sha256 != after.sha256:
            yield f"the {name} are not those that the plan was judged by: {_changed(before, after)}"
    if judged.tags != now.tags:
        what = [
            f'the scenarios of --tags "{each}"' if each else "all" for each in (judged.tags, now.tags)
        ]
        yield f"what was judged is {what[0]}; expected {what[1]}"
    more = sorted(set(judged.accepted) - set(now.accepted))
    if more:
        yield f"the plan was judged with --accept-plan {' '.join(more)}, which is not asked for here"
    if now.require_applicable and not judged.require_applicable:
        yield "the plan was judged without --require-applicable"


def _changed(before: DigestRecord, after: DigestRecord) -> str:
    names = sorted(
        name
        for name in before.files.keys() | after.files.keys()
        if before.files.get(name) != after.files.get(name)
    )
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _verdict(record: Evidence, today: date, *, require_checkov: bool) -> Iterator[str]:
    """Worked out from the scenarios and findings, not from the summary."""
    if not record.judged:
        yield "the record holds no scenario that examined anything"
    for reason in record.plan.blocking:
        yield f"the plan as a whole is blocked: {reason}"
    blocking = [each.scenario for each in record.scenarios if each.blocks]
    if blocking:
        rest = len(blocking) - MOST_NAMED
        more = f" and {rest} more" if rest > 0 else ""
        yield f"the plan did not pass: {', '.join(blocking[:MOST_NAMED])}{more}"
    failed = [each for each in record.checkov.findings if each.verdict == Verdict.VIOLATED]
    if failed:
        yield f"the plan did not pass: {len(failed)} failed checks of Checkov"
    if require_checkov and not record.checkov.version:
        yield f"Checkov did not run beside the features: {record.checkov.missing or 'no version'}"
    lapsed = {
        str(finding.waiver)
        for _, finding in record.found
        if finding.verdict == Verdict.WAIVED
        and not finding.skip
        and not (finding.waiver and finding.waiver.created <= today <= finding.waiver.expires)
    }
    for waiver in sorted(lapsed):
        yield f"a waiver that the verdict rests on is no longer in force: {waiver}"


def _notes(record: Evidence, asked: Asked) -> Iterator[str]:
    if record.seal.signature and asked.public_key is None:
        yield "the record is signed; --public-key KEY compares the signature"
    for each in record.scenarios:
        if each.override:
            yield f"{each.scenario} was overridden by {each.override.name}: {each.override.reason}"
    skipped = sum(each.skip is not None for each in record.checkov.findings)
    if skipped:
        yield f"{skipped} findings of Checkov are skipped by comments in the source, which never end"
    if record.checkov.missing:
        yield f"Checkov: {record.checkov.missing}"
