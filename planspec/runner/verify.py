"""Was this very plan judged by these very requirements, and did it pass?

Every question is asked, and every answer that is no is told. Digests alone show what was changed by
accident or without care; whoever can write the record can seal it again. A signature shows more, and
so does judging again.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from planspec.errors import EvidenceError
from planspec.evidence import (
    DigestRecord,
    Evidence,
    InputsRecord,
    decode,
    holds,
    problems,
    read_bytes,
    seal_digest,
)
from planspec.features import own_steps
from planspec.policies import read_parameters
from planspec.runner import provenance, rejudge, required, same_plan
from planspec.runner.check import Settings
from planspec.runner.checkov_findings import Alongside
from planspec.runner.required import Demands

MOST_NAMED = 5
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
    again: bool = False
    source: Path | None = None
    demands: Demands = Demands()
    no_checkov: bool = False
    steps: Sequence[Path] = ()


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
    found = provenance.inputs_record(
        asked.features,
        asked.policies,
        tags=asked.tags,
        accepted=asked.accepted,
        applicable=asked.require_applicable,
        have_to_apply=read_parameters(asked.policies).applicable.scenarios or (),
        own_steps=own_steps.files(asked.steps),
    )
    compared = same_plan.compare(record.plan, plan, json_only=asked.json_only)
    others = list(_inputs(record.inputs, found))
    if not others:
        others += required.differences(record, asked.features, asked.policies, asked.tags)
    refused = [
        *_sealed(record, data, path, asked.public_key),
        *compared.refused,
        *others,
        *_far_moment(record),
        *required.unmet(record, asked.demands),
        *problems(record, today, require_checkov=asked.require_checkov),
    ]
    if asked.again and not refused:
        refused += rejudge.differences(record, plan, _settings(record, asked), asked.source)
    return Answer(record, refused, [*compared.notes, *_notes(record, asked)])


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
        require_used_waivers=demands.require_used_waivers,
        min_coverage=demands.min_coverage,
        # What is accepted here and was not accepted then is no matter: `_inputs` compares the two.
        accepted=record.inputs.accepted,
        now=_moment(record),
        steps=asked.steps,
    )


def _sealed(record: Evidence, data: bytes, path: Path, key: Path | None) -> Iterator[str]:
    number = seal_digest(data, str(path))
    if number != record.seal.sha256:
        yield f"{path} was changed after the run: its seal does not fit"
    if key is None:
        return
    if not record.seal.signature:
        yield f"{path} is not signed; sign with: planspec check --sign KEY"
    elif not holds(key, bytes.fromhex(number), record.seal.signature):
        yield f"{path} is not signed with the key of {key}"


def _inputs(judged: InputsRecord, now: InputsRecord) -> Iterator[str]:
    pairs = [
        ("features", judged.features, now.features),
        ("steps", judged.steps, now.steps),
        ("policies", judged.policies, now.policies),
        ("waivers", judged.waivers, now.waivers),
    ]
    if judged.own_steps.sha256 and not now.own_steps.sha256:
        named = ", ".join(judged.own_steps.files)
        yield f"the plan was judged with own steps ({named}), and --steps names none here"
    elif judged.own_steps.sha256 != now.own_steps.sha256:
        pairs.append(("own steps", judged.own_steps, now.own_steps))
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
    elif now.require_applicable and judged.have_to_apply != now.have_to_apply:
        yield "the scenarios that had to apply are not those of limits.toml"


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


def _changed(before: DigestRecord, after: DigestRecord) -> str:
    names = sorted(
        name
        for name in before.files.keys() | after.files.keys()
        if before.files.get(name) != after.files.get(name)
    )
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


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
