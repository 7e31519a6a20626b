"""What do the IAM policies and bucket policies of a plan allow or deny?

A policy is JSON in a string. While a reference inside it is undecided, the whole string is; a policy
written as `data "aws_iam_policy_document"` then still shows its statements in the plan.
Source: AWS IAM, "IAM JSON policy elements"; Terraform, plan JSON, actions `["read"]`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planspec.plan import NULL, UNKNOWN, Known, Plan, ResourceChange, Value, composed
from planspec.references import graph


class Condition(NamedTuple):
    """One condition: the operator, the key it looks at and the values.

    `perhaps`: apply decides whether the statement has it, or what it asks; operator and key are then
    empty where they are not known.
    """

    operator: str
    key: str
    values: tuple[Value, ...]
    perhaps: bool = False


class Statement(NamedTuple):
    """One statement of a policy; every part is a list of places."""

    place: Value
    effect: Value
    actions: tuple[Value, ...]
    not_actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    not_resources: tuple[Value, ...]
    principals: tuple[Value, ...]
    conditions: tuple[Condition, ...]
    refers: frozenset[str] = frozenset()
    """Addresses of what the resources that are decided at apply belong to; empty if untold."""
    not_principals: tuple[Value, ...] = ()

    @property
    def allows(self) -> bool:
        """Whether it allows, or may; in a policy document that has not been read, null means Allow.

        One that denies allows nothing, whether apply finds it there or not.
        """
        return self.effect.if_there.peek() in (Known("Allow"), NULL, UNKNOWN)

    @property
    def if_there(self) -> "Statement":
        """The same as it is if it is there."""
        return self._replace(
            place=self.place.if_there,
            effect=self.effect.if_there,
            actions=_if_there(self.actions),
            not_actions=_if_there(self.not_actions),
            resources=_if_there(self.resources),
            not_resources=_if_there(self.not_resources),
            principals=_if_there(self.principals),
            not_principals=_if_there(self.not_principals),
        )

    @property
    def may_deny(self) -> bool:
        """Whether apply decides if it allows or denies: then nothing is allowed for sure."""
        return self.effect.peek() is UNKNOWN


def _if_there(places: Sequence[Value]) -> tuple[Value, ...]:
    return tuple(place.if_there for place in places)


def statements(
    plan: Plan, resource: ResourceChange, path: tuple[str | int, ...]
) -> tuple[Statement, ...] | None:
    """Return the statements of the policy that stands at this path; None if it cannot be told.

    Several requirements ask; where nobody keeps what each of them read, they are read once.
    """
    if plan.noting.wanted:
        return _statements(plan, resource, path)
    known, asked = plan.attached(_Known).statements, (resource, path)
    if asked not in known:
        known[asked] = _statements(plan, resource, path)
    return known[asked]


class _Known:
    """The statements that were read of one plan, by resource and path."""

    def __init__(self, _: Plan) -> None:
        self.statements: dict[
            tuple[ResourceChange, tuple[str | int, ...]], tuple[Statement, ...] | None
        ] = {}


def _statements(
    plan: Plan, resource: ResourceChange, path: tuple[str | int, ...]
) -> tuple[Statement, ...] | None:
    policy = resource.after.get(*path).document()
    match policy.peek():
        case Known(dict(), _):
            return tuple(_statement(each) for each in policy.get("Statement").elements())
        case state if state is UNKNOWN:
            return _from_policy_document(plan, resource, path)
        case _:
            return ()


def stated(policy: Value) -> tuple[Statement, ...] | None:
    """Return the statements that stand in this place; None if it holds no policy that can be read."""
    document = policy.document()
    match document.peek():
        case Known(dict(), _):
            return tuple(_statement(each) for each in document.get("Statement").elements())
        case state:
            return None if state is UNKNOWN else ()


def _statement(place: Value) -> Statement:
    return Statement(
        place,
        place.get("Effect"),
        place.get("Action").elements(),
        place.get("NotAction").elements(),
        place.get("Resource").elements(),
        place.get("NotResource").elements(),
        tuple(_principals(place.get("Principal"))),
        tuple(_conditions(place, place.get("Condition"))),
        not_principals=tuple(_principals(place.get("NotPrincipal"))),
    )


def _principals(principal: Value) -> Iterator[Value]:
    match principal.peek():
        case Known(dict(), _):
            for _, value in principal.entries():
                yield from value.elements()
        case _:
            yield from principal.elements()


def _conditions(statement: Value, block: Value) -> Iterator[Condition]:
    operators = tuple(block.entries())
    if not operators and block.if_there.peek() is UNKNOWN:
        yield Condition("", "", block.elements(), perhaps=True)
    for operator, keys in operators:
        found = tuple(keys.entries())
        if not found and keys.if_there.peek() is UNKNOWN:
            yield Condition(operator, "", keys.elements(), perhaps=True)
        for key, values in found:
            yield Condition(operator, key, values.elements(), perhaps=values.doubted_in(statement))


def _from_policy_document(
    plan: Plan, resource: ResourceChange, path: tuple[str | int, ...]
) -> tuple[Statement, ...] | None:
    """Follow the reference to the policy document that is read at apply."""
    document = _read_at_apply(plan, resource, path)
    if document is None:
        return None
    blocks = document.after.get("statement").elements()
    return tuple(
        _document_statement(each)._replace(refers=_refers(plan, document, position))
        for position, each in enumerate(blocks)
    )


def _read_at_apply(
    plan: Plan, resource: ResourceChange, path: tuple[str | int, ...]
) -> ResourceChange | None:
    """The policy document that the attribute is, and nothing else, if it merges no others."""
    found = graph(plan).of(resource, *path)
    documents = [
        target.change
        for target in found.targets
        if target.change is not None and target.change.type == "aws_iam_policy_document"
    ]
    if not found.followed or len(documents) != 1 or len(found.targets) != 1:
        return None
    document = documents[0]
    merged = any(document.after.get(name).is_set is not False for name in _MERGED)
    return None if merged else document


def document_at_apply(plan: Plan, resource: ResourceChange, path: tuple[str | int, ...]) -> Value | None:
    """Return the policy that a document read at apply will give, as far as its parts are known.

    None where the place is something else. Source: Terraform AWS provider, data source
    aws_iam_policy_document: an effect that is not written is Allow, and a version 2012-10-17.
    """
    document = _read_at_apply(plan, resource, path)
    if document is None:
        return None
    blocks, version = document.after.get("statement").elements(), document.after.get("version")
    return composed(
        {
            "Version": Value("2012-10-17") if version.peek() is NULL else version,
            "Statement": composed([_as_json(each) for each in blocks]),
        }
    )


def _as_json(block: Value) -> Value:
    if block.peek() is UNKNOWN:
        return block
    effect = block.get("effect")
    parts = {
        "Effect": Value("Allow") if effect.peek() is NULL else effect,
        "Action": block.get("actions"),
        "NotAction": block.get("not_actions"),
        "Resource": block.get("resources"),
        "NotResource": block.get("not_resources"),
        "Principal": _principal(block.get("principals").elements()),
        "NotPrincipal": _principal(block.get("not_principals").elements()),
        "Condition": _condition(block.get("condition").elements()),
    }
    return composed({name: part for name, part in parts.items() if part.is_set is not False})


def _principal(blocks: Sequence[Value]) -> Value:
    named: dict[str, list[Value]] = {}
    for each in blocks:
        named.setdefault(_text(each.get("type")), []).extend(each.get("identifiers").elements())
    if "" in named:
        return Value(unknown=True)
    everybody = named.pop("*", None)
    if everybody and not named:
        return composed(everybody)
    if everybody:
        named.setdefault("AWS", []).extend(everybody)
    return composed({kind: composed(each) for kind, each in named.items()})


def _condition(blocks: Sequence[Value]) -> Value:
    """The conditions by operator and key; the values of two blocks about one key stand together."""
    operators: dict[str, dict[str, list[Value]]] = {}
    for each in blocks:
        operator, key = _text(each.get("test")), _text(each.get("variable"))
        if not operator or not key:
            return Value(unknown=True)
        operators.setdefault(operator, {}).setdefault(key, []).extend(each.get("values").elements())
    return composed(
        {
            operator: composed({key: composed(values) for key, values in keys.items()})
            for operator, keys in operators.items()
        }
    )


def _refers(plan: Plan, document: ResourceChange, position: int) -> frozenset[str]:
    """Whose ARNs the resources of one statement are, by its expression."""
    found = graph(plan).of(document, "statement", position, "resources")
    addresses = frozenset(target.address for target in found.targets)
    return addresses if found.followed else frozenset()


# A document that merges others holds statements that are not written in it.
_MERGED = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")


def _document_statement(block: Value) -> Statement:
    principals, left_out = block.get("principals").elements(), block.get("not_principals").elements()
    conditions = block.get("condition").elements()
    return Statement(
        block,
        block.get("effect"),
        block.get("actions").elements(),
        block.get("not_actions").elements(),
        block.get("resources").elements(),
        block.get("not_resources").elements(),
        tuple(each for one in principals for each in one.get("identifiers").elements()),
        tuple(_document_condition(block, one) for one in conditions),
        not_principals=tuple(each for one in left_out for each in one.get("identifiers").elements()),
    )


def _document_condition(statement: Value, block: Value) -> Condition:
    test, variable = block.get("test").if_there, block.get("variable").if_there
    perhaps = block.doubted_in(statement) or UNKNOWN in (test.peek(), variable.peek())
    return Condition(_text(test), _text(variable), block.get("values").elements(), perhaps)


def _text(place: Value) -> str:
    match place.reading:
        case Known(str(text)):
            return text
        case _:
            return ""
