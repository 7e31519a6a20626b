"""Was this very plan judged by these very requirements, and did it pass?

Every question is asked, and every answer that is no is told. Digests alone show what was changed by
accident or without care; whoever can write the record can seal it again. A signature shows more, and
so does judging again.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from planspec.errors import EvidenceError
from planspec.evidence import (
    Evidence,
    OptionsRecord,
    OverrideRecord,
    attestation,
    decode,
    holds,
    problems,
    read_bytes,
    seal_digest,
)
from planspec.features import own_steps
from planspec.policies import Known, read_parameters
from planspec.runner import load, provenance, rejudge, required, same_inputs, same_plan
from planspec.runner.base_tree import base_tree
from planspec.runner.check import Settings
from planspec.runner.checkov_findings import Alongside
from planspec.runner.context import known_in
from planspec.runner.policy_guard import Gate, changes
from planspec.runner.required import Demands

# Who plans an apply may state its moment; another day's is no moment of this run.
FARTHEST_MOMENT: Final = timedelta(days=1)


class Asked(NamedTuple):
    """What the plan has to have been judged by, and what else is asked of the record."""

    features: Sequence[Path]
    policies: Path
    tags: str = ""
    accepted: Sequence[str] = ()
    require_applicable: bool = False
    require_checkov: bool = False
    json_only: bool = False
    public_key: Path | None = None
    attestation: Path | None = None
    again: bool = False
    source: Path | None = None
    demands: Demands = Demands()
    no_checkov: bool = False
    steps: Sequence[Path] = ()
    schemas: Sequence[Path] = ()
    allow_unknown_type: bool = False
    overrides: Mapping[str, OverrideRecord] = {}
    baseline: Path | None = None
    base: str = ""
    policy_change: OverrideRecord | None = None


class Answer(NamedTuple):
    """The record, why it is refused (nothing: it is not), and what a reader should know besides."""

    record: Evidence
    refused: Sequence[str]
    notes: Sequence[str]


def verify(path: Path, plan: str, asked: Asked, today: date) -> Answer:
    """Compare the record in a file with a plan file, the requirements, and the day.

    `plan` is the saved plan that was judged, the JSON, or gzip of the JSON. Raises PlanspecError for
    what cannot be read.
    """
    data = read_bytes(path)
    record = decode(data, str(path))
    if old := same_inputs.too_old(record):
        return Answer(record, [old], [])
    found = provenance.inputs_record(_judged_by(record, plan, asked))
    compared = same_plan.compare(record.plan, plan, json_only=asked.json_only)
    others = list(same_inputs.differences(record, found))
    if not others:
        others += required.differences(
            record, asked.features, asked.policies, asked.tags, _known(plan, asked)
        )
    refused = [
        *_sealed(record, data, path, asked.public_key),
        *_attested(record, data, path, asked),
        *compared.refused,
        *others,
        *same_inputs.overrides(record, asked.overrides),
        *_guarded(record, asked),
        *_far_moment(record),
        *required.unmet(record, asked.demands),
        *problems(record, today, require_checkov=asked.require_checkov),
    ]
    if asked.again and not refused:
        refused += rejudge.differences(record, plan, _settings(record, asked), asked.source, today)
    return Answer(record, refused, [*compared.notes, *_notes(record, asked)])


def _judged_by(record: Evidence, plan: str, asked: Asked) -> provenance.JudgedBy:
    """What is asked for here, to be compared; a saved plan brings its own source."""
    in_json = record.plan.kind == "plan JSON"
    return provenance.JudgedBy(
        features=asked.features,
        policies=asked.policies,
        tags=asked.tags,
        accepted=asked.accepted,
        require_applicable=asked.require_applicable,
        have_to_apply=read_parameters(asked.policies).applicable.scenarios or (),
        own_steps=own_steps.files(asked.steps),
        source=load.source_digests(plan, asked.source) if asked.source and in_json else {},
        schemas=asked.schemas,
        baseline=asked.baseline,
        options=OptionsRecord(allow_unknown_type=asked.allow_unknown_type),
    )


def _settings(record: Evidence, asked: Asked) -> Settings:
    """How to judge again: as the one who verifies demands, by the runner that answered then."""
    demands = asked.demands
    stock = record.checkov.runner == "stock" and not demands.corrected
    return Settings(
        features=asked.features,
        policies=asked.policies,
        tags=asked.tags,
        checkov=Alongside(
            "off" if asked.no_checkov else "stock" if stock else "fast",
            required=asked.require_checkov,
            cache=False,
            corrected=demands.corrected and not asked.no_checkov,
            refuse_skips=demands.refuse_skips,
        ),
        require_applicable=asked.require_applicable,
        require_used_waivers=demands.require_used_waivers,
        overrides=asked.overrides,
        min_coverage=demands.min_coverage,
        accepted=asked.accepted,
        now=_moment(record),
        steps=asked.steps,
        schemas=asked.schemas,
        allow_unknown_type=asked.allow_unknown_type,
        baseline=asked.baseline,
    )


def _known(plan: str, asked: Asked) -> Sequence[Known]:
    """What the baseline knows of this plan, in which objects may have moved."""
    if asked.baseline is None:
        return ()
    return known_in(load.read(plan).plan, asked.baseline)


def _sealed(record: Evidence, data: bytes, path: Path, key: Path | None) -> Iterator[str]:
    number = seal_digest(data, str(path))
    if number != record.seal.sha256:
        yield f"{path} was changed after the run: its seal does not fit"
    if not record.seal.judged_at.startswith(record.judged_on.isoformat()):
        yield f"{path} contradicts itself: judged on {record.judged_on}, sealed {record.seal.judged_at}"
    if key is None:
        return
    if not record.seal.signature:
        yield f"{path} is not signed; sign with: planspec check --sign KEY"
    elif not holds(key, bytes.fromhex(number), record.seal.signature):
        yield f"{path} is not signed with the key of {key}"


def _moment(record: Evidence) -> datetime | None:
    """The moment by which windows of time were judged; None where nothing rests on it.

    Raises EvidenceError for a text that is none.
    """
    if not record.inputs.moment:
        return None
    try:
        return datetime.fromisoformat(record.inputs.moment).astimezone(UTC)
    except ValueError as error:
        raise EvidenceError(
            f'the record was judged as of "{record.inputs.moment}": no moment'
        ) from error


def _attested(record: Evidence, data: bytes, path: Path, asked: Asked) -> Iterator[str]:
    """Compare the attestation with the record, where one is named."""
    if asked.attestation and asked.public_key:
        seal = seal_digest(data, str(path))
        yield from attestation.differences(asked.attestation, record, seal, asked.public_key)


def _guarded(record: Evidence, asked: Asked) -> Iterator[str]:
    """Refuse a record whose policy change is not the one of the base, or was not accepted here too."""
    guard = record.guard
    accepted = asked.policy_change.name if asked.policy_change else ""
    if guard and guard.accepted_by and guard.accepted_by != accepted:
        yield f"a policy change was accepted by {guard.accepted_by}, who is not named here"
    if not asked.base:
        return
    base = base_tree(asked.base)
    if guard is None or guard.commit != base.commit:
        against = f"with {guard.commit[:12]}" if guard else "with no base"
        yield f"what judges the plan was compared {against}; expected {asked.base} ({base.commit[:12]})"
        return
    gate = Gate(asked.features, asked.policies, asked.steps, asked.schemas, asked.baseline)
    if list(changes(gate, base)) != guard.changes:
        yield f"the record does not tell what differs from {asked.base} of what judges the plan"


def _far_moment(record: Evidence) -> Iterator[str]:
    """Refuse a record of which windows of time were judged as of another day."""
    moment = _moment(record)
    if moment is None:
        return
    try:
        sealed = datetime.fromisoformat(record.seal.judged_at)
    except ValueError:
        return  # the seal is refused for itself
    if abs(sealed - moment) > FARTHEST_MOMENT:
        yield f"the plan was judged at {record.seal.judged_at} as if it were {record.inputs.moment}"


def _notes(record: Evidence, asked: Asked) -> Iterator[str]:
    if record.seal.signature and asked.public_key is None:
        yield "the record is signed; --public-key KEY compares the signature"
    if record.inputs.own_steps.files:
        yield f"judged with own steps: {', '.join(record.inputs.own_steps.files)}"
    if record.inputs.moment:
        yield f"windows of time were judged as of {record.inputs.moment}"
    for each in record.scenarios:
        if each.override:
            yield f"{each.scenario} was overridden by {each.override.name}: {each.override.reason}"
    skipped = sum(each.skip is not None for each in record.checkov.findings)
    if skipped:
        yield f"{skipped} findings of Checkov are skipped by comments in the source, which never end"
    if record.checkov.missing:
        yield f"Checkov: {record.checkov.missing}"
