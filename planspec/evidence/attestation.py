"""An in-toto Statement about a judged plan, in a signed DSSE envelope, which other programs read.

Sources: in-toto Attestation Framework, "Statement layer specification", version v1; DSSE, "Protocol",
version 1.0.2, whose pre-authentication encoding is what the Ed25519 signature is over.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from planspec.errors import EvidenceError
from planspec.evidence import signature
from planspec.evidence.record import Evidence

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "urn:planspec:judgement:v1"
MAKE_ONE: Final = "make one with: planspec check PLAN -o json=FILE --sign KEY --attest FILE"
PAYLOAD: Final = "application/vnd.in-toto+json"


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the envelope; another key would be one that we do not compare."""


class Sha256Set(_Strict, frozen=True, kw_only=True):
    """The digest of a file, by its algorithm."""

    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Subject(_Strict, frozen=True, kw_only=True):
    """The plan file that was judged."""

    name: str
    digest: Sha256Set


class Judgement(_Strict, frozen=True, kw_only=True):
    """What came out, by which program, and the digest of the whole record in its seal."""

    tool: str
    version: str
    judged_at: str
    verdict: Literal["passed", "blocked"]
    scenarios: dict[str, int]
    findings: dict[str, int]
    record: Sha256Set


class Statement(_Strict, frozen=True, kw_only=True):
    """An in-toto Statement v1 about one plan."""

    type: str = msgspec.field(name="_type", default=STATEMENT)
    subject: list[Subject]
    predicate_type: str = msgspec.field(name="predicateType", default=PREDICATE)
    predicate: Judgement


class Signature(_Strict, frozen=True, kw_only=True):
    """One signature; the key's number is a hint and proves nothing."""

    keyid: str = ""
    sig: str


class Envelope(_Strict, frozen=True, kw_only=True):
    """A DSSE envelope with a Statement in it."""

    payload: str
    payload_type: str = msgspec.field(name="payloadType", default=PAYLOAD)
    signatures: list[Signature]


def statement(record: Evidence) -> Statement:
    """Say about the plan of a sealed record how it was judged."""
    verdict: Literal["passed", "blocked"] = "blocked" if record.blocks else "passed"
    return Statement(
        subject=[Subject(name=record.plan.name, digest=Sha256Set(sha256=record.plan.sha256))],
        predicate=Judgement(
            tool=record.tool.name,
            version=record.tool.version,
            judged_at=record.seal.judged_at,
            verdict=verdict,
            scenarios=record.summary.scenarios,
            findings=record.summary.findings,
            record=Sha256Set(sha256=record.seal.sha256),
        ),
    )


def attested(record: Evidence, key: Path) -> bytes:
    """Return the signed envelope about a sealed record. Raises PlanspecError for another key."""
    payload = msgspec.json.encode(statement(record))
    public, signed = signature.sign(key, _encoded(PAYLOAD, payload))
    number = hashlib.sha256(base64.b64decode(public)).hexdigest()
    envelope = Envelope(
        payload=base64.b64encode(payload).decode("ascii"),
        signatures=[Signature(keyid=number, sig=signed)],
    )
    return msgspec.json.encode(envelope) + b"\n"


def differences(path: Path, record: Evidence, seal: str, key: Path) -> Iterator[str]:
    """Tell what in an envelope is not about this record, or not signed with the public key.

    `seal` is the digest that was worked out on the record. Raises EvidenceError for another file.
    """
    envelope = _read(path, signature.bytes_of(path, MAKE_ONE), Envelope)
    try:
        payload = base64.b64decode(envelope.payload, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EvidenceError(f"{path}: the payload is not Base64; {MAKE_ONE}") from error
    signed = _encoded(envelope.payload_type, payload)
    if envelope.payload_type != PAYLOAD or not any(
        signature.holds(key, signed, each.sig) for each in envelope.signatures
    ):
        yield f"{path} is not signed with the key of {key}"
        return
    said = _read(path, payload, Statement)
    wanted = statement(record)
    if (said.type, said.predicate_type) != (STATEMENT, PREDICATE):
        yield f"{path} is about something else: {said.type}, {said.predicate_type}"
    if [each.digest for each in said.subject] != [each.digest for each in wanted.subject]:
        yield f"{path} is about another plan file"
    if said.predicate.record.sha256 != seal:
        yield f"{path} is about another record of this plan"
    elif said.predicate != wanted.predicate:
        yield f"{path} says something else than the record: {said.predicate.verdict}"


def _encoded(kind: str, payload: bytes) -> bytes:
    """The bytes that are signed: the pre-authentication encoding of DSSE."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def _read(path: Path, data: bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise EvidenceError(f"{path}: not an attestation of planspec: {error}; {MAKE_ONE}") from error
