"""Is a plan refused, with the place, whose sections contradict each other as Terraform's never do?"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planspec.errors import BrokenDocument
from planspec.plan import decode
from tests.support.plans import encode

PLANS = Path(__file__).parents[3] / "plans"
Document = dict[str, Any]
DATABASE = "aws_db_instance.main"
PUBLIC = "publicly_accessible"
OPEN = {PUBLIC: True}
DESCRIBED = json.loads((PLANS / "corrected.json").read_text(encoding="utf-8"))


def entry(document: Document, address: str = DATABASE) -> Document:
    """The resource change of an address."""
    return next(each for each in document["resource_changes"] if each["address"] == address)


def planned(document: Document) -> list[Document]:
    """What is planned in the root module."""
    found: list[Document] = document["planned_values"]["root_module"]["resources"]
    return found


def of_change(**parts: Any) -> Callable[[Document], None]:
    """Other parts of the change of the database."""
    return lambda document: entry(document)["change"].update(parts)


def of_output(**parts: Any) -> Callable[[Document], None]:
    """Other parts of the change of an output."""
    return lambda document: next(iter(document["output_changes"].values())).update(parts)


def only_planned(document: Document) -> None:
    """A resource that no change is about."""
    planned(document).append(copy.deepcopy(planned(document)[0]) | {"address": "aws_sqs_queue.q"})


def planned_otherwise(document: Document) -> None:
    """Checkov sees another value."""
    found = next(each for each in planned(document) if each["address"] == DATABASE)
    found["values"]["deletion_protection"] = not found["values"]["deletion_protection"]


def of_another_type(document: Document) -> None:
    """Checkov sees another type."""
    next(each for each in planned(document) if each["address"] == DATABASE)["type"] = "aws_sqs_queue"


def twice(document: Document) -> None:
    """One object with two answers."""
    document["resource_changes"].append(copy.deepcopy(entry(document)))


EDITS: dict[str, tuple[Callable[[Document], None], str]] = {
    "only planned": (only_planned, "aws_sqs_queue.q is in planned_values"),
    "planned otherwise": (planned_otherwise, f"{DATABASE}: planned_values contradict"),
    "another type": (of_another_type, f"{DATABASE}: planned_values and resource_changes name two"),
    "two entries": (twice, f"{DATABASE} has two entries"),
    "no-op and delete": (of_change(actions=["no-op", "delete"]), f"{DATABASE}: actions no-op, delete"),
    "create twice": (of_change(actions=["create", "create"]), "actions create, create"),
    "update and delete": (of_change(actions=["update", "delete"]), "actions update, delete"),
    "after a list": (of_change(after=[{"a": 1}]), f"{DATABASE}: after is not an object"),
    "after a text": (of_change(after="{}"), "after is not an object"),
    "before a number": (of_change(actions=["delete"], before=1), "before is not an object"),
    "no-op that changes": (of_change(actions=["no-op"], before=OPEN), f"no-op, and {PUBLIC} differs"),
    "yes as a mark": (of_change(after_unknown="yes"), "after_unknown is not a tree of marks"),
    "1 as a mark": (of_change(after_unknown={"arn": 1}), "after_unknown is not a tree of marks"),
    "text as secret": (of_change(after_sensitive={"arn": "true"}), "after_sensitive is not a tree"),
    "output forgotten": (of_output(actions=["forget"]), "output_changes: .*actions forget"),
    "output that goes": (of_output(actions=["delete"], after=1), "delete, and after is there"),
    "output over one": (of_output(actions=["create"], before=1), "create, and before is there"),
    "output marks": (of_output(after_unknown="yes"), "after_unknown is not a tree of marks"),
    "planned number": (lambda each: each.update(planned_values=1), "planned_values"),
}


@pytest.mark.parametrize("version", ["", "x", "1", "1.2abc", "1.2.3", "1.", ".2", "1.2 ", "\u0661.2"])
def test_a_format_that_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(BrokenDocument, match="which is not a version; Terraform does not write that"):
        decode(encode(DESCRIBED | {"format_version": version}), "p.json")


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_plan_is_refused_with_its_place(name: str) -> None:
    edit, told = EDITS[name]
    document = copy.deepcopy(DESCRIBED)
    edit(document)
    with pytest.raises(BrokenDocument, match=f"p.json: .*{told}.*the plan was edited"):
        decode(encode(document), "p.json")


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.json")), ids=lambda path: path.stem)
def test_what_terraform_writes_holds_together(path: Path) -> None:
    assert decode(path.read_bytes(), "p.json").changes


def test_what_was_left_of_a_replacement_has_the_same_address() -> None:
    document = copy.deepcopy(DESCRIBED)
    left = copy.deepcopy(entry(document)) | {"deposed": "a1b2c3d4"}
    left["change"] |= {"actions": ["delete"], "before": {"arn": "x"}, "after": None, "after_unknown": {}}
    document["resource_changes"].append(left)
    assert decode(encode(document), "p.json").changes


@pytest.mark.parametrize(
    "edit",
    [
        of_change(actions=["update"]),
        of_change(actions=["no-op"]),
        of_change(actions=["no-op"], before={"id": "db-1"}),
        of_change(before={"id": "db-1"}),
        lambda each: each.pop("planned_values"),
    ],
    ids=[
        "update of nothing",
        "no-op of nothing",
        "no-op of a part",
        "create over one",
        "no planned values",
    ],
)
def test_what_a_hand_made_plan_leaves_out_is_no_contradiction(
    edit: Callable[[Document], None],
) -> None:
    document = copy.deepcopy(DESCRIBED)
    edit(document)
    assert decode(encode(document), "p.json").changes
