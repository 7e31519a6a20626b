"""Can others verify what planspec attests, and is an attestation of something else refused?"""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from cryptography.hazmat.primitives import serialization as pem
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # its own __all__ has it

from planspec.evidence import attestation, signature
from tests.support.attacks import Promise, attack
from tests.support.judged import CORRECTED, ROOT, Judged, forged, keys

INHERITED = ROOT / "plans" / "inherited.json"


class Attested:
    """A judged plan with its attestation and the keys."""

    def __init__(self, folder: Path, plan: Path = CORRECTED) -> None:
        self.key, self.public = keys(folder)
        self.judged = Judged(folder, plan)
        self.envelope = folder / "plan.intoto.json"
        self.result = self.judged.check("--sign", self.key, "--attest", self.envelope)

    def verify(self, public: Path | None = None) -> Result:
        """Verify the record with the attestation."""
        named = ("--public-key", public or self.public, "--attestation", self.envelope)
        return self.judged.verify(*named)

    def document(self) -> dict[str, Any]:
        """The envelope as a document."""
        found: dict[str, Any] = json.loads(self.envelope.read_text(encoding="utf-8"))
        return found

    def statement(self) -> dict[str, Any]:
        """The statement in the envelope."""
        found: dict[str, Any] = json.loads(base64.b64decode(self.document()["payload"]))
        return found

    def sign(self, said: dict[str, Any], kind: str = attestation.PAYLOAD) -> None:
        """Put another statement into the envelope, rightly signed."""
        payload = json.dumps(said).encode()
        signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)
        envelope = self.document() | {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": kind,
            "signatures": [{"keyid": "", "sig": signature.sign(self.key, signed)[1]}],
        }
        self.envelope.write_text(json.dumps(envelope), encoding="utf-8")


@pytest.fixture
def attested(tmp_path: Path) -> Attested:
    found = Attested(tmp_path)
    assert found.result.exit_code == 0, found.result.output
    return found


def others_key(public: Path, number: str) -> SSlibKey:
    """The public key as securesystemslib reads it."""
    return SSlibKey.from_crypto(pem.load_pem_public_key(public.read_bytes()), number)


def test_an_independent_library_verifies_the_envelope_and_reads_the_statement(
    attested: Attested,
) -> None:
    envelope = Envelope.from_dict(attested.document())
    (number,) = envelope.signatures
    envelope.verify([others_key(attested.public, number)], 1)
    said = json.loads(envelope.payload)
    assert envelope.payload_type == "application/vnd.in-toto+json"
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    digest = hashlib.sha256(CORRECTED.read_bytes()).hexdigest()
    assert said["subject"] == [{"name": str(CORRECTED), "digest": {"sha256": digest}}]
    record = json.loads(attested.judged.record.read_text(encoding="utf-8"))
    assert said["predicate"]["record"] == {"sha256": record["seal"]["sha256"]}
    assert said["predicate"]["verdict"] == "passed"
    assert said["predicate"]["scenarios"] == record["summary"]["scenarios"]
    assert attested.verify().exit_code == 0


def test_an_independent_library_refuses_another_key_and_another_payload(
    attested: Attested, tmp_path: Path
) -> None:
    envelope = Envelope.from_dict(attested.document())
    (number,) = envelope.signatures
    _, stranger = keys(tmp_path, "stranger")
    with pytest.raises(VerificationError):
        envelope.verify([others_key(stranger, number)], 1)
    envelope.payload += b" "
    with pytest.raises(VerificationError):
        envelope.verify([others_key(attested.public, number)], 1)


def another_plan(said: dict[str, Any]) -> None:
    said["subject"][0]["digest"]["sha256"] = "0" * 64


def more_subjects(said: dict[str, Any]) -> None:
    said["subject"].append({"name": "x", "digest": {"sha256": "1" * 64}})


def another_verdict(said: dict[str, Any]) -> None:
    said["predicate"]["verdict"] = "blocked"


def another_record(said: dict[str, Any]) -> None:
    said["predicate"]["record"]["sha256"] = "2" * 64


def another_kind(said: dict[str, Any]) -> None:
    said["predicateType"] = "https://slsa.dev/provenance/v1"


@attack(
    "An attestation with a valid signature of ours about another plan, record or verdict",
    promise=Promise.VERIFY,
    happens="Refused with `--attestation`: each part of the statement is compared with the record",
)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (another_plan, "is about another plan file"),
        (more_subjects, "is about another plan file"),
        (another_verdict, "says something else than the record: blocked"),
        (another_record, "is about another record"),
        (another_kind, "is about something else"),
    ],
)
def test_a_statement_about_something_else_is_refused(
    attested: Attested, change: Callable[[dict[str, Any]], None], says: str
) -> None:
    said = attested.statement()
    change(said)
    attested.sign(said)
    refused = attested.verify()
    assert refused.exit_code == 1
    assert says in refused.stderr


def test_what_the_key_did_not_sign_is_refused(attested: Attested, tmp_path: Path) -> None:
    _, stranger = keys(tmp_path, "stranger")
    refused = attested.verify(stranger)
    assert refused.exit_code == 1
    assert f"{attested.envelope} is not signed with the key of" in refused.stderr
    attested.sign(attested.statement(), "application/json")
    assert attested.verify().exit_code == 1


def test_a_record_that_was_sealed_again_has_no_attestation(attested: Attested) -> None:
    forged(attested.judged, lambda record: record["plan"]["notes"].append("x"))
    assert "is about another record" in attested.verify().stderr


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"payload":"!","payloadType":"application/vnd.in-toto+json","signatures":[]}',
        "[" * 9999,
    ],
)
def test_what_is_no_envelope_is_not_readable(attested: Attested, text: str) -> None:
    attested.envelope.write_text(text, encoding="utf-8")
    refused = attested.verify()
    assert refused.exit_code == 2
    assert "--attest FILE" in refused.stderr


def test_a_plan_that_is_blocked_is_attested_as_blocked(tmp_path: Path) -> None:
    found = Attested(tmp_path, INHERITED)
    assert found.result.exit_code == 1
    assert found.statement()["predicate"]["verdict"] == "blocked"
    assert found.verify().exit_code == 1


def test_a_signature_needs_a_key_on_both_sides(attested: Attested) -> None:
    assert "needs --sign KEY" in attested.judged.check("--attest", attested.envelope).stderr
    for taken in (attested.judged.record, attested.key):
        with_key = ("--sign", attested.key, "--attest", taken)
        assert "names a file that is taken" in attested.judged.check(*with_key).stderr
    named = ("--attestation", attested.envelope)
    missing = attested.judged.verify(*named, "--public-key", attested.public, "--attestation", "no.json")
    assert "no.json: No such file or directory; make one with: planspec check" in missing.stderr
    assert "needs --public-key FILE" in attested.judged.verify(*named).stderr
