"""Does a statement of a policy name what its actions act on?

An ARN names a thing when the part that tells one thing from another begins with fixed characters: the
bucket of `arn:aws:s3:::BUCKET/KEY`, the role of `role/NAME`, the path of `parameter/PATH`. Which part
that is, the formats of the Service Authorization Reference tell (`planspec/schema/action_index.py`).
Source: AWS IAM User Guide, "Grant least privilege" and "IAM JSON policy elements: Resource".
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from planspec.aws import Condition
from planspec.plan import Known, Value
from planspec.schema import known_actions

ANY: Final = frozenset("*?")
# So many fixed characters before a wildcard inside a name are taken for a name of one's own.
FIXED: Final = 3
_PARTS: Final = 6
_PLACEHOLDER: Final = "${"
_WHOLE_NAME: Final = re.compile(r"[^/:]+[/:]")
# Keys by which a condition names the thing; `s3:prefix` does for the keys that ListBucket lists.
_NAMING: Final = re.compile(r"kms:resourcealiases|[a-z0-9-]+:resourcetag/.+|s3:prefix")
_EQUAL: Final = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike")
_LISTS: Final = frozenset({"s3:listbucket", "s3:listbucketversions"})


def unnamed(actions: Iterable[str], resource: str) -> list[str]:
    """Return those of the actions that could name a resource, and do not by this pattern.

    An action that the index does not know counts as one that could.
    """
    return [action for action in actions if _is_nameable(action) and not _names(action, resource)]


def _is_nameable(action: str) -> bool:
    return known_actions().resources(action) != ()


def _names(action: str, resource: str) -> bool:
    """Whether the pattern begins with a fixed name in each format of the action that it may fit."""
    parts = resource.split(":", _PARTS - 1)
    if len(parts) < _PARTS or ANY & {*parts[2]}:
        return not ANY & {*resource}
    formats = [each.split(":", _PARTS - 1) for each in known_actions().resources(action) or ()]
    fitting = [each for each in formats if _may_fit(parts, each)]
    unknown = [*parts[:5], _kind(parts[5])]
    return all(_begins_with_a_name(parts, each) for each in fitting or [unknown])


def _may_fit(parts: Sequence[str], form: Sequence[str]) -> bool:
    """Whether the pattern may stand for a thing of this format: service and kind are those, or open."""
    fixed, kind = _fixed(parts[5]), form[5].partition(_PLACEHOLDER)[0]
    elsewhere = any(wanted and not part for part, wanted in zip(parts[3:5], form[3:5], strict=True))
    if parts[2].lower() != form[2].lower() or elsewhere:
        return False
    return fixed.startswith(kind) or (fixed != parts[5] and kind.startswith(fixed))


def _begins_with_a_name(parts: Sequence[str], form: Sequence[str]) -> bool:
    """Whether place and name are fixed where the format has them."""
    for part, wanted in zip(parts[3:5], form[3:5], strict=True):
        if wanted and part and not part.strip("*?"):
            return False
    kind = form[5].partition(_PLACEHOLDER)[0]
    fixed = _fixed(parts[5])
    if not ANY & {*parts[5]}:
        return True
    if len(fixed) < len(kind):
        return False
    name = fixed[len(kind) :]
    return len(name) >= FIXED or bool(_WHOLE_NAME.match(name))


def _fixed(text: str) -> str:
    """What stands before the first wildcard."""
    return re.split(r"[*?]", text, maxsplit=1)[0]


def _kind(text: str) -> str:
    """The kind of thing that an ARN says, where no format does: what stands before its name."""
    found = re.match(r"[a-z-]+[/:]", text)
    return (found.group() if found else "") + _PLACEHOLDER


def is_named_by(condition: Condition, actions: Iterable[str]) -> bool | None:
    """Whether a condition names the thing instead; None if apply decides that.

    A negated operator, one that passes where the key is missing, and a value with a wildcard or a
    variable name nothing. `s3:prefix` names what is listed, and only that.
    """
    if condition.perhaps and not (condition.operator and condition.key):
        return None
    operator, key = condition.operator.lower(), condition.key.lower()
    plain = operator.removeprefix("foranyvalue:")
    if plain not in _EQUAL or not _NAMING.fullmatch(key):
        return False
    if key == "s3:prefix" and {each.lower() for each in actions} - _LISTS:
        return False
    answers = [_is_fixed(value) for value in condition.values]
    if False in answers or not answers:
        return False
    return None if None in answers or condition.perhaps else True


def _is_fixed(value: Value) -> bool | None:
    match value.reading:
        case Known(text):
            return not any(sign in str(text) for sign in ("*", "?", _PLACEHOLDER))
        case _:
            return None
