"""May a stranger use what a policy is on, and does a service act there for strangers?

Decided by the engine of access, over the whole document: what one statement allows another may deny.
Sources: Amazon S3 User Guide, "The meaning of public"; AWS IAM User Guide, "The confused deputy
problem".
"""

from collections.abc import Collection, Mapping
from typing import Any

from planspec.access import (
    Answer,
    Outcome,
    Partly,
    Unknown,
    Unreadable,
    acting_for_strangers,
    compare,
    public,
    read_policy,
)


def open_to_strangers(document: Any) -> Answer:
    """Say whether somebody whom the policy does not name may do something by it."""
    read = read_policy(about_something(document))
    return _unread(read) if isinstance(read, Unreadable) else public([read])


def more_than(reference: Any, document: Any) -> Answer:
    """Say whether the policy allows something that the reference does not."""
    read = [read_policy(each) for each in (reference, document)]
    for each in read:
        if isinstance(each, Unreadable):
            return _unread(each)
    known, asked = ([each] for each in read if not isinstance(each, Unreadable))
    return compare(known, asked)


def acts_for_strangers(document: Any, *, but: Collection[int] = ()) -> Answer:
    """Say whether a service may act for somebody whom the policy does not name.

    `but` are the positions of the statements that name an account in their resources.
    """
    read = read_policy(about_something(document))
    if isinstance(read, Unreadable):
        return _unread(read)
    statements = (each for each in read.statements if not each.allows or each.position not in but)
    return acting_for_strangers([read._replace(statements=tuple(statements))])


def about_something(document: Any) -> Any:
    """The policy with a name in place of each resource that is known after apply, where it allows.

    A policy that is on a thing is about that thing: whichever resource apply names, somebody may use it.
    A denial of it is of the same resource only where it has the same name.
    """
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    if not isinstance(statements, list):
        return document
    allowed = [
        each for each in statements if isinstance(each, Mapping) and each.get("Effect") == "Allow"
    ]
    named = {one for each in allowed for one in _listed(each.get("Resource")) if _is_open(one)}

    def settled(statement: Any) -> Any:
        if not isinstance(statement, Mapping) or "Resource" not in statement:
            return statement
        allows = statement.get("Effect") == "Allow"
        resources = [
            _named(one) if _is_open(one) and (allows or (one in named and one != Unknown())) else one
            for one in _listed(statement["Resource"])
        ]
        return {**statement, "Resource": resources}

    return {**document, "Statement": [settled(each) for each in statements]}


def _is_open(resource: Any) -> bool:
    return isinstance(resource, Unknown | Partly)


def _named(resource: Unknown | Partly) -> str:
    """A text that stands for what apply decides."""
    if isinstance(resource, Unknown):
        return f"({resource.name or 'known after apply'})"
    return "".join(each if isinstance(each, str) else _named(each) for each in resource.parts)


def any_of_a_kind(document: Any) -> int | None:
    """Return the position of a statement that lets in any service or federated user.

    AWS refuses most policies that say so; where it takes one, nobody is named.
    """
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    for position, each in enumerate(statements if isinstance(statements, list) else [statements]):
        principal = each.get("Principal") if isinstance(each, Mapping) else None
        if not isinstance(principal, Mapping) or each.get("Effect") != "Allow":
            continue
        if any("*" in _listed(whom) for kind, whom in principal.items() if kind != "AWS"):
            return position
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unread(read: Unreadable) -> Answer:
    return Answer(Outcome.UNDETERMINED, doubts=(f"its policy cannot be read: {read}",))
