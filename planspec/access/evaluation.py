"""Do these documents allow this one request? Plainly by the definitions, to confirm what a search finds.

Source: AWS IAM User Guide, "Policy evaluation logic".
"""

from collections.abc import Iterable

from planspec.access.operators import Condition, Family, Operand, holds
from planspec.access.patterns import (
    Pattern,
    accepts,
    default_of,
    filled,
    is_open,
    upper_bound,
    variables_of,
)
from planspec.access.policy import Documents, Statement, Texts
from planspec.access.requests import Request


def evaluate(documents: Documents, request: Request, *, generous: bool = False) -> bool:
    """Whether some statement allows it and none denies it.

    What apply decides counts against the request, or, generous, for it.
    """
    given = {key.lower(): values for key, values in request.context.items()}
    request = request._replace(context=given)
    statements = [each for one in documents for each in one.statements]
    allowed = any(_matches(each, request, open_part=generous) for each in statements if each.allows)
    return allowed and not any(
        _matches(each, request, open_part=not generous) for each in statements if not each.allows
    )


def _matches(statement: Statement, request: Request, *, open_part: bool) -> bool:
    if statement.perhaps and not open_part:
        return False
    return (
        _is_one(statement.actions, request.action.lower(), request, open_part)
        and _is_one(statement.callers, request.caller, request, open_part)
        and _is_one(statement.resources, request.resource, request, open_part)
        and all(_holds(each, request, open_part) for each in statement.conditions)
    )


def _is_one(texts: Texts, text: str, request: Request, open_part: bool) -> bool:
    """An open pattern matches, or not, so that the whole comes out as `open_part` says."""
    taken = open_part is not texts.left_out
    found = any(_fits(_known(each, request), text, taken) for each in texts.patterns)
    return found is not texts.left_out


def _fits(pattern: Pattern | None, text: str, taken: bool) -> bool:
    if pattern is None:
        return False
    if is_open(pattern):
        return taken and accepts(upper_bound(pattern), text)
    return accepts(pattern, text)


def _known(pattern: Pattern, request: Request) -> Pattern | None:
    """Put the values of the request in the place of variables; None where one has no value."""
    if not variables_of(pattern):
        return pattern
    values = {key: given[0] for key in variables_of(pattern) if (given := request.context.get(key))}
    read: list[str] = []
    for token in filled(pattern, values):
        default = default_of(token) if variables_of((token,)) else None
        if variables_of((token,)) and default is None:
            return None
        read += (token,) if default is None else default
    return tuple(read)


def _holds(condition: Condition, request: Request, open_part: bool) -> bool:
    if condition.operator.family is Family.UNKNOWN:
        return open_part
    taken = open_part is not condition.operator.negated
    operands = frozenset(_operands(condition.operands, request, taken))
    return holds(condition._replace(operands=operands), request.context.get(condition.key))


def _operands(operands: Iterable[Operand], request: Request, taken: bool) -> Iterable[Operand]:
    for each in operands:
        if not isinstance(each, tuple):
            yield each
            continue
        known = _known(each, request)
        if known is None or (is_open(known) and not taken):
            continue
        yield upper_bound(known)
