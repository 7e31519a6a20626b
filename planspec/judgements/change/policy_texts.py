"""What does a policy say, as the document that IAM reads, with marks for what is known after apply?

A mark stands for anything that may stand there: an action, a statement, or the whole document.
Source: AWS IAM User Guide, "Grammar of the IAM JSON policy language".
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from planspec.access import Unknown
from planspec.aws import document_at_apply
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.schema import access_types

Path = tuple[str | int, ...]
MANAGED: Final = ":iam::aws:policy/"
_NOTHING: Final[Any] = {"Statement": []}
_BY_SOURCE: Final = "ArnLike"
_SOURCE: Final = "aws:SourceArn"
_FULL: Final = {"Effect": ["Allow"], "Action": ["*"], "Resource": ["*"]}
_ALLOW: Final = {"Effect": "Allow"}
# What would be a pattern in the name of an action, or end it.
_UNSAFE: Final = re.compile(r"[^\w/.@+=,-]")


class Written(NamedTuple):
    """What one place says about somebody's permissions, as a policy document.

    `change` is reported, and `text` is where the document stands, at `path`, if that is another one.
    `means` is what a reader is told in place of the action, and `is_made` that the statements are not
    written as such: they mean what the attributes of the resource say.
    """

    change: ResourceChange
    path: Path
    document: Any
    text: ResourceChange | None = None
    means: str = ""
    is_made: bool = False

    @property
    def origin(self) -> ResourceChange:
        """The resource in which the document stands."""
        return self.text or self.change


def stated(change: ResourceChange, path: Path, place: Value) -> Written:
    """Return the policy that stands in a place; one that is no document can be anything."""
    return Written(change, path, _document(place.document()))


def planned(plan: Plan, change: ResourceChange, path: Path) -> Written:
    """Return the policy that will stand at the path, or the document that will be read for it."""
    document = change.after.get(*path).document()
    if document.peek() is not UNKNOWN:
        return Written(change, path, _document(document))
    read = document_at_apply(plan, change, path)
    if read is None:
        return Written(change, path, Unknown())
    return Written(change, path, _with_variables(_document(read)))


def _document(place: Value) -> Any:
    found = plain(place)
    return _NOTHING if found is None else found


def plain(place: Value) -> Any:
    """The value as JSON, without what is null, and with a mark for each part that apply decides."""
    match place.reading:
        case Known(dict()):
            members = {name: plain(each) for name, each in place.entries()}
            return {name: each for name, each in members.items() if each is not None}
        case Known(list()):
            return [each for each in map(plain, place.elements()) if each is not None]
        case Known(value):
            return value
        case state:
            return Unknown() if state is UNKNOWN else None


def _with_variables(found: Any) -> Any:
    """The same, with policy variables as IAM writes them.

    Source: Terraform AWS provider, data source aws_iam_policy_document: `&{...}` becomes `${...}`.
    """
    match found:
        case dict():
            return {_with_variables(name): _with_variables(each) for name, each in found.items()}
        case list():
            return [_with_variables(each) for each in found]
        case str():
            return found.replace("&{", "${")
        case _:
            return found


def named_policy(change: ResourceChange, path: Path, name: str) -> Written:
    """Return the policy of this name, which is not in the plan; without a name it can be any.

    Its text is known for a few policies of AWS. Of the others the name is: what they allow is the same
    before the change and after it.
    """
    if not name:
        return Written(change, path, Unknown())
    actions = access_types().managed.get(name.rpartition(":policy/")[2]) if MANAGED in name else None
    if actions:
        return Written(change, path, {"Statement": [{**_ALLOW, "Action": actions, "Resource": "*"}]})
    return by_name(change, path, f"the permissions of the policy {name}")


def by_name(change: ResourceChange, path: Path, what: str) -> Written:
    """Return a policy of which all that is known is whose permissions it gives."""
    named = {**_ALLOW, "Action": f"permissions:{_UNSAFE.sub('-', what)}", "Resource": "*"}
    content = {**_ALLOW, "Action": Unknown(what), "Resource": Unknown(what)}
    document = {"Version": "2012-10-17", "Statement": [named, content]}
    return Written(change, path, document, means=f"use {what}", is_made=True)


def together(policies: Sequence[Written]) -> Iterator[Any]:
    """The documents, with one statement for all grants that differ in their source alone.

    A function has a permission for each of its callers; the values of one condition are alternatives.
    """
    forms: dict[str, dict[str, Any]] = {}
    sources: dict[str, list[Any]] = {}
    for each in policies:
        if not each.is_made:
            yield each.document
            continue
        for statement in statements_of(each.document):
            found = _sources(statement)
            if found is None:
                yield {"Statement": [statement]}
                continue
            form = spelled(_from_sources(statement, []))
            forms.setdefault(form, statement)
            sources.setdefault(form, []).extend(found)
    yield {"Statement": [_from_sources(one, sources[form]) for form, one in forms.items()]}


def _sources(statement: Any) -> list[Any] | None:
    """The values of the condition on the source, if there is one."""
    conditions = statement.get("Condition", {}) if isinstance(statement, dict) else {}
    found = conditions.get(_BY_SOURCE, {}).get(_SOURCE)
    return found if isinstance(found, list) else None


def _from_sources(statement: dict[str, Any], values: list[Any]) -> dict[str, Any]:
    conditions = statement["Condition"]
    return {
        **statement,
        "Condition": {**conditions, _BY_SOURCE: {**conditions[_BY_SOURCE], _SOURCE: values}},
    }


def gives_everything(document: Any) -> bool:
    """Whether a statement allows everything, without a condition."""
    return any(
        {name: _listed(part) for name, part in each.items() if name != "Sid"} == _FULL
        for each in statements_of(document)
        if isinstance(each, dict)
    )


def _listed(part: Any) -> list[Any]:
    return part if isinstance(part, list) else [part]


def spelled(document: Any) -> str:
    """A document in one spelling, to tell those that are the same."""
    return json.dumps(document, sort_keys=True, default=repr)


def statements_of(document: Any) -> list[Any]:
    """The statements of a document, whether it lists them or has one."""
    if not isinstance(document, dict):
        return []
    found = document.get("Statement", [])
    return found if isinstance(found, list) else [found]


def only_allows(statement: Any) -> bool:
    """Whether it is a statement that allows, for sure."""
    return isinstance(statement, dict) and statement.get("Effect") == "Allow"
