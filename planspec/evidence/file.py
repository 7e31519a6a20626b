"""How is the evidence written, read again, and shown to be unchanged?"""

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from planspec.errors import BrokenDocument, EvidenceError, PlanspecError
from planspec.evidence.inputs import DigestRecord
from planspec.evidence.record import Evidence, SealRecord
from planspec.syntax import refuse_duplicate_keys

MAJOR: Final = "1"
_decoder = msgspec.json.Decoder(Evidence)


def encode(evidence: Evidence) -> bytes:
    """Write the record as JSON, indented, with a line end."""
    return pretty(evidence)


def pretty(document: Any) -> bytes:
    """Write a document as JSON, indented, with a line end."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def decode(data: bytes, name: str) -> Evidence:
    """Read a record again; `name` is used in messages. Raises EvidenceError for anything else."""
    _document(data, name)
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise EvidenceError(
            f"{name}: no evidence record of format {MAJOR}.x: {error};"
            " make one with: planspec check PLAN -o json=evidence.json"
        ) from error


def read(path: Path) -> Evidence:
    """Read the record in a file. Raises EvidenceError, which names it."""
    return decode(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """Read the bytes of a record. Raises EvidenceError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{path}: {error.strerror}; name a file that check -o json wrote") from error


def digest(files: Iterable[tuple[str, Path]]) -> DigestRecord:
    """Return the SHA-256 of each file by its place, and of all together."""
    return digest_of((place, path.read_bytes()) for place, path in files)


def digest_of(contents: Iterable[tuple[str, bytes]]) -> DigestRecord:
    """Return the SHA-256 of contents, each by its place, and of all together."""
    return digest_together((place, hashlib.sha256(data).hexdigest()) for place, data in contents)


def digest_together(digests: Iterable[tuple[str, str]]) -> DigestRecord:
    """Return digests, each with its place, and that of all together."""
    found = sorted(digests)
    lines = "".join(f"{number}  {name}\n" for name, number in found)
    # Two files of one place in different folders keep apart.
    names: dict[str, str] = {}
    for name, number in found:
        names[name if name not in names else f"{name} ({number[:8]})"] = number
    return DigestRecord(sha256=hashlib.sha256(lines.encode()).hexdigest() if found else "", files=names)


def sealed(evidence: Evidence, at: datetime, *, cached: bool = False) -> Evidence:
    """Return the record with its seal: the time, and the digest over the record and the time.

    What differs between two runs over the same input stands in the seal and nowhere else.
    """
    seal = SealRecord(judged_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"), checkov_cached=cached)
    timed = msgspec.structs.replace(evidence, seal=seal)
    parts = msgspec.structs.asdict(timed) | {"seal": {"judged_at": seal.judged_at}}
    number = _digest_in_pieces(parts)
    return msgspec.structs.replace(timed, seal=msgspec.structs.replace(seal, sha256=number))


def _digest_in_pieces(parts: dict[str, Any]) -> str:
    """The digest of `seal_digest`, without a copy of a large record as one document."""
    total = hashlib.sha256(b"{")
    for place, name in enumerate(sorted(parts)):
        total.update((b"," if place else b"") + msgspec.json.encode(name) + b":")
        if isinstance(parts[name], list):
            for number, part in enumerate(parts[name]):
                total.update((b"," if number else b"[") + msgspec.json.encode(part, order="sorted"))
            total.update(b"]" if parts[name] else b"[]")
        else:
            total.update(msgspec.json.encode(parts[name], order="sorted"))
    total.update(b"}")
    return total.hexdigest()


def signed(evidence: Evidence, public_key: str, signature: str) -> Evidence:
    """Return the record with a signature over the digest in its seal."""
    seal = msgspec.structs.replace(evidence.seal, public_key=public_key, signature=signature)
    return msgspec.structs.replace(evidence, seal=seal)


def seal_digest(data: bytes, name: str) -> str:
    """Return the digest that the seal of this record must hold.

    Over the record as compact JSON with sorted keys, of the seal only the time. It is worked out on
    the document, not on what this version knows of it. Raises EvidenceError for another document.
    """
    document = _document(data, name)
    seal = document.get("seal")
    at = seal.get("judged_at") if isinstance(seal, dict) else None
    if not isinstance(at, str):
        raise EvidenceError(f"{name}: the record has no seal, so nothing shows that it is unchanged")
    document["seal"] = {"judged_at": at}
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).hexdigest()


def _document(data: bytes, name: str) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise EvidenceError(f"{name}: not JSON: {error}; name what check -o json wrote") from error
    version = document.get("format_version") if isinstance(document, dict) else None
    if not isinstance(version, str) or not isinstance(document, dict) or "scenarios" not in document:
        raise EvidenceError(
            f"{name}: not an evidence record; make one with: planspec check PLAN -o json=evidence.json"
        )
    _refuse_duplicate_keys(data, name)
    if version.partition(".")[0] != MAJOR:
        raise EvidenceError(
            f"{name}: an evidence record of format {version}; this planspec reads {MAJOR}.x"
        )
    return document


def _refuse_duplicate_keys(data: bytes, name: str) -> None:
    """Readers disagree on which of two equal keys counts, so one may see a pass, the other none."""
    try:
        refuse_duplicate_keys(data, name)
    except BrokenDocument as error:
        raise EvidenceError(
            f"{name}: an object in it has a duplicate key, which planspec never writes, so the record"
            " was edited; make one with: planspec check PLAN -o json=evidence.json"
        ) from error


def write_all(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write the files, all of them or none. Raises PlanspecError.

    A new one is for its owner to read, one that is replaced keeps its permissions.
    """
    parts: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, data in files:
            target = path.resolve()
            if target.exists() and not target.is_file():
                target.write_bytes(data)  # a pipe or a device, which nothing may replace
                continue
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as written:
                parts.append((Path(written.name), target))
                written.write(data)
            if target.exists():
                parts[-1][0].chmod(target.stat().st_mode & 0o777)
        for part, target in parts:
            part.replace(target)
    except OSError as error:
        raise PlanspecError(f"{path}: {error.strerror}; name a file that can be written") from error
    finally:
        for part, _ in parts:
            part.unlink(missing_ok=True)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the record, as `docs/evidence.schema.json` holds it."""
    made = msgspec.json.schema(Evidence)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "planspec evidence record",
        **made,
    }
