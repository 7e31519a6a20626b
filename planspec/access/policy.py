"""A policy document, read into statements with their whole meaning.

Source: AWS IAM User Guide, "IAM JSON policy elements reference", "Grammar of the IAM JSON policy
language".
"""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from planspec.access import callers
from planspec.access.operators import (
    Condition,
    Family,
    Operand,
    Operator,
    moment,
    network,
    number,
    operator,
    yes_or_no,
)
from planspec.access.patterns import (
    DECIDED_LATER,
    EVERYTHING,
    Pattern,
    folded,
    in_parts,
    pattern,
    variables_of,
)
from planspec.access.requests import Partly, Unknown, Unreadable


class Texts(NamedTuple):
    """The texts that some pattern matches, or, left out, those that none matches."""

    patterns: frozenset[Pattern]
    left_out: bool = False


ALL: Final = Texts(frozenset(), left_out=True)


class Statement(NamedTuple):
    """One statement; `perhaps` names what decides if it is there at all."""

    allows: bool
    actions: Texts
    callers: Texts
    resources: Texts
    conditions: frozenset[Condition]
    perhaps: frozenset[str]
    document: str
    position: int | None


class Policy(NamedTuple):
    """A document that was read: its name, and its statements in their order."""

    name: str
    statements: tuple[Statement, ...]
    spellings: tuple[str, ...] = ()
    """Its actions and keys as they are written, for the evidence."""


Documents = Sequence[Policy]


class _Fault(Exception):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.found = Unreadable(place, reason)


_COUNT: Final = itertools.count()
_NEW_VERSION: Final = "2012-10-17"
_VERSIONS: Final = (_NEW_VERSION, "2008-10-17")
_ELEMENTS: Final = {
    *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
    *("Principal", "NotPrincipal", "Condition"),
}


def read_policy(document: object, name: str = "") -> Policy | Unreadable:
    """Read a document as JSON text or as its values; nothing at all is a policy without statements."""
    if isinstance(document, str) and document.strip():
        try:
            document = json.loads(document)
        except ValueError as fault:
            return Unreadable("", f"is not JSON: {fault}")
    try:
        return Policy(name, tuple(_statements(document, name)), tuple(_spellings(document)))
    except _Fault as fault:
        return fault.found


def _spellings(document: object) -> Iterator[str]:
    """Yield the actions and keys of a document that has been read, as they are written."""
    stated = document.get("Statement") if isinstance(document, Mapping) else None
    for each in stated if isinstance(stated, list) else [stated]:
        if not isinstance(each, Mapping):
            continue
        actions, block = each.get("Action"), each.get("Condition")
        for action in actions if isinstance(actions, list) else [actions]:
            if isinstance(action, str) and "*" not in action and "?" not in action:
                yield action
        for keys in block.values() if isinstance(block, Mapping) else ():
            yield from keys if isinstance(keys, Mapping) else ()


def _statements(document: object, name: str) -> Iterator[Statement]:
    match document:
        case None | "":
            return
        case Unknown():
            yield from _anything(document, "the document", name, None)
        case Mapping():
            yield from _of_document(document, name)
        case _:
            raise _Fault("", "is not a policy document: an object is expected")


def _of_document(document: Mapping[str, Any], name: str) -> Iterator[Statement]:
    version = document.get("Version")
    if not isinstance(version, Unknown) and not (version is None or version in _VERSIONS):
        raise _Fault("Version", f"is {version!r}, which AWS does not know")
    stated = document.get("Statement")
    if isinstance(stated, Unknown):
        yield from _anything(stated, "Statement", name, None)
        return
    entries = [stated] if isinstance(stated, Mapping) else stated
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise _Fault("Statement", "is missing" if stated is None else "is not a list of statements")
    for position, each in enumerate(entries):
        place = f"Statement[{position}]"
        if isinstance(each, Unknown):
            yield from _anything(each, place, name, position)
        elif isinstance(each, Mapping):
            yield from _Reader(each, place, version, name, position).statements()
        else:
            raise _Fault(place, "is not a statement: an object is expected")


def _named(part: Unknown, place: str) -> str:
    """Give a part without a name one of its own; what follows the mark is for telling apart only."""
    return part.name or f"{place}\0{next(_COUNT)}"


def _anything(part: Unknown, place: str, name: str, position: int | None) -> Iterator[Statement]:
    """Yield what apply may put here: something that allows anything, or that denies anything."""
    which = _named(part, f"{place} of {name}" if name else place)
    for allows in (True, False):
        perhaps = frozenset({f"{which}{'' if allows else ' (Deny)'}"})
        yield Statement(allows, ALL, ALL, ALL, frozenset(), perhaps, name, position)


class _Reader:
    """Reads one statement."""

    def __init__(
        self, stated: Mapping[str, Any], place: str, version: object, name: str, position: int
    ) -> None:
        self.stated, self.place, self.name, self.position = stated, place, name, position
        # With a version that apply decides, a variable is one or is not: it is open either way.
        self.variables = version == _NEW_VERSION or isinstance(version, Unknown)

    def statements(self) -> Iterator[Statement]:
        if strange := sorted(set(self.stated) - _ELEMENTS):
            raise _Fault(self.place, f"has an element {strange[0]!r}, which AWS does not know")
        actions = self._texts("Action", self._action)
        if actions is None:
            raise _Fault(self.place, "has neither Action nor NotAction")
        conditions, perhaps = self._conditions()
        for allows, which in self._effects():
            yield Statement(
                allows,
                actions,
                self._callers(),
                self._texts("Resource", self._resource) or ALL,
                conditions,
                perhaps | which,
                self.name,
                self.position,
            )

    def _effects(self) -> Iterator[tuple[bool, frozenset[str]]]:
        effect = self.stated.get("Effect")
        match effect:
            case "Allow" | "Deny":
                yield effect == "Allow", frozenset()
            case Unknown():
                which = self._identity(effect, "Effect")
                yield True, frozenset({which})
                yield False, frozenset({f"{which} (Deny)"})
            case _:
                raise _Fault(f"{self.place}.Effect", "is neither Allow nor Deny")

    def _identity(self, part: Unknown, element: str) -> str:
        place = f"{self.place}.{element}"
        return _named(part, f"{place} of {self.name}" if self.name else place)

    def _list(self, element: str, value: object) -> Iterator[str | Unknown | Partly]:
        """Yield the entries of a list, or the one that stands alone; a number is its text."""
        entries = (
            value if isinstance(value, Sequence) and not isinstance(value, str | tuple) else [value]
        )
        for each in entries:
            match each:
                case Unknown():
                    yield Unknown(self._identity(each, element))
                case Partly(parts):
                    yield Partly(
                        tuple(
                            Unknown(self._identity(one, element)) if isinstance(one, Unknown) else one
                            for one in parts
                        )
                    )
                case bool():
                    yield "true" if each else "false"
                case str() | int() | float():
                    yield str(each)
                case _:
                    raise _Fault(f"{self.place}.{element}", "holds something that is not a text")

    def _texts(self, element: str, read: Any) -> Texts | None:
        found = [name for name in (element, f"Not{element}") if self.stated.get(name) is not None]
        if len(found) > 1:
            raise _Fault(self.place, f"has both {element} and Not{element}")
        if not found:
            return None
        entries = self._list(found[0], self.stated[found[0]])
        return Texts(frozenset(map(read, entries)), left_out=found[0] != element)

    def _action(self, entry: str | Unknown | Partly) -> Pattern:
        if isinstance(entry, str) and entry.strip("*") not in {"", ":"}:
            service, colon, rest = entry.partition(":")
            if not colon or not rest or "*" in service or "?" in service or ":" in rest:
                # AWS refuses it, and does not say what it would match.
                return (f"{DECIDED_LATER}action {entry}",)
        everything = isinstance(entry, str) and not entry.strip("*:")
        return EVERYTHING if everything else folded(pattern(entry, wildcards=True, variables=False))

    def _resource(self, entry: str | Unknown | Partly) -> Pattern:
        return pattern(entry, wildcards=True, variables=self.variables)

    def _callers(self) -> Texts:
        found = [name for name in ("Principal", "NotPrincipal") if self.stated.get(name) is not None]
        if len(found) > 1:
            raise _Fault(self.place, "has both Principal and NotPrincipal")
        if not found:
            return ALL
        entries = list(self._principals(found[0], self.stated[found[0]]))
        if found[0] == "NotPrincipal":
            return Texts(frozenset(callers.exempt(entries)), left_out=True)
        return Texts(frozenset(each for entry in entries for each in callers.named(entry)))

    def _principals(self, element: str, value: object) -> Iterator[callers.Entry]:
        if not isinstance(value, Mapping):
            # What is decided later can be a service as well.
            kinds = ("AWS", "Service") if isinstance(value, Unknown) else ("AWS",)
            yield from ((kind, each) for each in self._list(element, value) for kind in kinds)
            return
        for kind, whom in value.items():
            if kind not in {"AWS", "Service", "Federated", "CanonicalUser", "*"}:
                raise _Fault(
                    f"{self.place}.{element}", f"names a kind {kind!r}, which AWS does not know"
                )
            spelled = "AWS" if kind == "*" else kind
            yield from ((spelled, each) for each in self._list(element, whom))

    def _conditions(self) -> tuple[frozenset[Condition], frozenset[str]]:
        stated = self.stated.get("Condition")
        if stated is None:
            return frozenset(), frozenset()
        if isinstance(stated, Unknown):
            return frozenset(), frozenset({self._identity(stated, "Condition")})
        if not isinstance(stated, Mapping):
            raise _Fault(f"{self.place}.Condition", "is not an object")
        read: set[Condition] = set()
        perhaps: set[str] = set()
        for written, keys in stated.items():
            if isinstance(keys, Unknown):
                perhaps.add(self._identity(keys, f"Condition.{written}"))
            elif isinstance(keys, Mapping):
                read.update(self._condition(written, key, values) for key, values in keys.items())
            else:
                raise _Fault(f"{self.place}.Condition.{written}", "is not an object")
        return frozenset(read), frozenset(perhaps)

    def _condition(self, written: str, key: str, values: object) -> Condition:
        asked = operator(written)
        entries = self._list(f"Condition.{written}.{key}", values)
        operands = (self._operand(asked, each) for each in entries)
        return Condition(
            asked, key.lower(), frozenset(_without_itself(key.lower(), each) for each in operands)
        )

    def _operand(self, asked: Operator, entry: str | Unknown | Partly) -> Operand:
        wildcards = asked.test in {"like", "arn"}
        read = pattern(entry, wildcards=wildcards, variables=self.variables)
        if asked.family is Family.TEXT:
            return _text_operand(asked, read)
        if not isinstance(entry, str):
            return read
        known = _PARSERS[asked.family](entry) if asked.family in _PARSERS else None
        return (f"{DECIDED_LATER}value {entry}",) if known is None else known


def _without_itself(key: str, operand: Operand) -> Operand:
    """A key is always equal to its own value: that only asks for it to be there."""
    is_itself = isinstance(operand, tuple) and len(operand) == 1 and variables_of(operand) == {key}
    return EVERYTHING if is_itself else operand


def _text_operand(asked: Operator, read: Pattern) -> Pattern:
    match asked.test:
        case "folded":
            return folded(read)
        case "arn":
            whole = in_parts(read)
            return (f"{DECIDED_LATER}ARN {''.join(read)}",) if whole is None else whole
        case _:
            return read


_PARSERS: Final[Mapping[Family, Any]] = {
    Family.NUMBER: number,
    Family.MOMENT: moment,
    Family.ADDRESS: network,
    Family.YES_OR_NO: yes_or_no,
    Family.PRESENCE: yes_or_no,
}
