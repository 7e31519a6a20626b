"""Is this file the plan that was judged?

`terraform apply` reads every member of a saved plan, and works out from its configuration again what
plan JSON does not hold: what locals and literals say. So a saved plan is the one that was judged if its
bytes are. Plan JSON is the one that was judged if it is the same document.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from planspec import saved
from planspec.evidence import PlanRecord
from planspec.plan import read_bytes
from planspec.runner import load
from planspec.syntax import document

MOST_NAMED: Final = 5
ONLY_JSON: Final = "only plan JSON was compared; apply reads the saved plan, and may find more in it"


class Compared(NamedTuple):
    """Why the file is not the plan that was judged (nothing: it is), and what was not compared."""

    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def compare(record: PlanRecord, plan: str, *, json_only: bool = False) -> Compared:
    """Compare a file with the plan of a record.

    `json_only` takes a saved plan of which only the JSON was judged. Raises PlanspecError for a file
    that is no plan, and for a saved plan that Terraform would not write.
    """
    data = read_bytes(plan)
    unpacked = document.unpacked(data, plan)
    if not saved.is_zip(unpacked):
        same = hashlib.sha256(data).hexdigest() == record.sha256 and record.kind == "plan JSON"
        refused = () if same else tuple(_other_document(record, plan, data))
        return Compared(refused, (ONLY_JSON,) if record.kind == "saved plan" else ())
    held = saved.read(unpacked, plan)
    if document.is_gzip(data):
        return Compared((_packed(plan),))
    if record.kind == "saved plan":
        digest = hashlib.sha256(unpacked).hexdigest()
        return Compared(tuple(_other_members(record, plan, digest, held.digests)))
    if json_only:
        return Compared(tuple(_other_document(record, plan, data)), (ONLY_JSON,))
    return Compared((_unknown(record, plan),))


def _other_document(record: PlanRecord, plan: str, data: bytes) -> Iterator[str]:
    found = load.read(plan, data=data).given.document_sha256
    if found != record.document_sha256:
        yield (
            f"{plan} is not the plan that was judged: its plan JSON has the SHA-256 {found[:16]}...,"
            f" judged was {record.document_sha256[:16]}... ({record.name})"
        )


def _other_members(
    record: PlanRecord, plan: str, digest: str, members: Mapping[str, str]
) -> Iterator[str]:
    """The bytes of two saved plans decide; their members tell where they differ."""
    before = record.members
    differing = [each for each in {**before, **members} if before.get(each) != members.get(each)]
    named = ", ".join(differing[:MOST_NAMED])
    rest = f" and {len(differing) - MOST_NAMED} more" if len(differing) > MOST_NAMED else ""
    if digest != record.sha256:
        what = "its members are the same, packed anew, so it is another file"
        if not before:
            what = f"its SHA-256 is {digest[:16]}..., judged was {record.sha256[:16]}..."
        elif differing:
            what = f"{named}{rest} in it differ{'s' if len(differing) == 1 else ''}"
        yield f"{plan} is not the plan that was judged ({record.name}): {what}"
    elif before and differing:
        yield f"the record contradicts itself: it has other digests for {named}{rest}"


def _packed(plan: str) -> str:
    return (
        f"{plan} is a saved plan packed with gzip, which terraform apply cannot read: whatever it gets"
        " is another file. Unpack it with gunzip, and verify what apply gets"
    )


def _unknown(record: PlanRecord, plan: str) -> str:
    return (
        f"{plan} is a saved plan, and only plan JSON was judged ({record.name}): the JSON does not hold"
        " what locals and literals of the configuration say, which apply works out again from the saved"
        f" plan. Judge the saved plan: planspec check {plan} -o json=evidence.json; --json-only"
        " compares the JSON alone"
    )
