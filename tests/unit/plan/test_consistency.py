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


def of_entry(**parts: Any) -> Callable[[Document], None]:
    """Other parts of the entry of the database."""
    return lambda document: entry(document).update(parts)


def of_output(**parts: Any) -> Callable[[Document], None]:
    """Other parts of the change of an output."""
    return lambda document: next(iter(document["output_changes"].values())).update(parts)


def of_both(value: Any) -> Callable[[Document], None]:
    """Another value in both sections."""

    def edit(document: Document) -> None:
        entry(document)["change"]["after"]["arn"] = value
        next(each for each in planned(document) if each["address"] == DATABASE)["values"]["arn"] = value

    return edit


def only_planned(document: Document) -> None:
    """A resource that no change is about."""
    planned(document).append(copy.deepcopy(planned(document)[0]) | {"address": "aws_sqs_queue.q"})


def only_changed(document: Document) -> None:
    """A resource that Checkov does not see."""
    planned(document)[:] = [each for each in planned(document) if each["address"] != DATABASE]


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


def drifted(document: Document) -> None:
    """Drift that creates."""
    document["resource_drift"] = [copy.deepcopy(entry(document))]


EDITS: dict[str, tuple[Callable[[Document], None], str]] = {
    "only planned": (only_planned, "aws_sqs_queue.q stands in planned_values"),
    "only changed": (only_changed, f"{DATABASE} is changed, and not in planned_values"),
    "planned otherwise": (planned_otherwise, f"{DATABASE}: planned_values contradict"),
    "another type": (of_another_type, f"{DATABASE}: planned_values and resource_changes name two"),
    "two entries": (twice, f"{DATABASE} has two entries"),
    "no-op and delete": (of_change(actions=["no-op", "delete"]), f"{DATABASE}: actions no-op, delete"),
    "create twice": (of_change(actions=["create", "create"]), "actions create, create"),
    "update and delete": (of_change(actions=["update", "delete"]), "actions update, delete"),
    "after a list": (of_change(after=[{"a": 1}]), f"{DATABASE}: after is no object"),
    "after a text": (of_change(after="{}"), "after is no object"),
    "before a number": (of_change(actions=["delete"], before=1), "before is no object"),
    "create over one": (of_change(before={"a": 1}), "create of an object that is there before"),
    "update of none": (of_change(actions=["update"]), "update of an object that is not there before"),
    "delete of none": (of_change(actions=["delete"]), "delete of an object that is not there before"),
    "replacement of none": (of_change(actions=["delete", "create"]), "not there before"),
    "no-op that changes": (of_change(actions=["no-op"], before={"a": 1}), "before and after differ"),
    "yes as a mark": (of_change(after_unknown="yes"), "after_unknown is no tree of marks"),
    "1 as a mark": (of_change(after_unknown={"arn": 1}), "after_unknown is no tree of marks"),
    "text as secret": (of_change(after_sensitive={"arn": "true"}), "after_sensitive is no tree"),
    "stated and unknown": (of_both("arn:aws:x"), f"{DATABASE}: after.arn is stated and unknown"),
    "all unknown": (of_change(after_unknown=True), f"{DATABASE}: after is stated and unknown"),
    "mode": (of_entry(mode="data"), "its parts say another address"),
    "type": (of_entry(type="aws_sqs_queue"), "its parts say another address"),
    "name": (of_entry(name="other"), "its parts say another address"),
    "index": (of_entry(index=0), "its parts say another address"),
    "module": (of_entry(module_address="module.m"), "its parts say another address"),
    "no provider": (of_entry(provider_name=""), "its provider has no name"),
    "output forgotten": (of_output(actions=["forget"]), "output_changes: .*actions forget"),
    "output that goes": (of_output(actions=["delete"], after=1), "delete, and after is there"),
    "output over one": (of_output(actions=["create"], before=1), "create, and before is there"),
    "output marks": (of_output(after_unknown="yes"), "after_unknown is no tree of marks"),
    "drift": (drifted, f"resource_drift: {DATABASE}: not an update"),
    "drift of nothing": (lambda each: each.update(resource_drift=[1]), "resource_drift"),
    "planned number": (lambda each: each.update(planned_values=1), "planned_values"),
}


@pytest.mark.parametrize("version", ["", "x", "1", "1.2abc", "1.2.3", "1.", ".2", "1.2 ", "\u0661.2"])
def test_a_format_that_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(BrokenDocument, match="which is no version; Terraform does not write that"):
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


@pytest.mark.parametrize("key", ["a.b[0]", 'q"x', "${a}", "%{b}", "é", "a\nb", "\x7f"])
def test_every_key_is_the_one_in_its_address(key: str) -> None:
    document = copy.deepcopy(DESCRIBED)
    for each in (entry(document), *(each for each in planned(document) if each["address"] == DATABASE)):
        text = json.dumps(key, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
        each.update(index=key, address=f"{DATABASE}[{text}]")
    assert decode(encode(document), "p.json").changes
    entry(document, f"{DATABASE}[{text}]")["index"] = "other"
    with pytest.raises(BrokenDocument, match="its parts say another address"):
        decode(encode(document), "p.json")
