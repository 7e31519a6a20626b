"""Say of a plan how something was before the change, and what becomes of it."""

import copy
from typing import Any

from tests.support.making import becomes
from tests.support.recipe_edits import Edit, found, known, planned_resources, together, unknown
from tests.support.values_and_marks import Document, put


def _states(plan: Document, address: str) -> list[Document]:
    changes = [each["change"] for each in found(plan, address)]
    planned = [each["values"] for each in planned_resources(plan, address)]
    return [state for each in changes for state in (each["before"], each["after"])] + planned


def there(address: str, **values: Any) -> Edit:
    """The object exists and stays as it is; what AWS chose has these values."""

    def edit(plan: Document) -> None:
        becomes(address, "no-op")(plan)
        for attribute, value in values.items():
            for place in _states(plan, address):
                put(place, attribute, copy.deepcopy(value))

    return edit


def was(address: str, path: str, value: Any) -> Edit:
    """Before the change this stood here."""

    def edit(plan: Document) -> None:
        for each in found(plan, address):
            put(each["change"]["before"], path, copy.deepcopy(value))
            each["change"]["actions"] = ["update"]

    return edit


def updated(address: str) -> Edit:
    def edit(plan: Document) -> None:
        for each in found(plan, address):
            each["change"]["actions"] = ["update"]

    return edit


def turns(address: str, path: str, value: Any) -> Edit:
    """The change writes this instead of what stood there."""
    return together(known(address, path, value), updated(address))


def turns_unknown(address: str, path: str) -> Edit:
    """Apply decides what stands there."""
    return together(unknown(address, path), updated(address))


def becomes_gone(address: str) -> Edit:
    """Destroy an object that exists already."""

    def edit(plan: Document) -> None:
        before = [copy.deepcopy(each["change"]["before"]) for each in found(plan, address)]
        becomes(address, "delete")(plan)
        for each, known_before in zip(found(plan, address), before, strict=True):
            each["change"]["before"] = known_before

    return edit
