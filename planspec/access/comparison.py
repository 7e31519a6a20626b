"""Is there a request that the documents after allow, and those before did not?

Asked twice. May there be one, whatever the open parts turn out to be? If not, it is not more, for
certain. Is there one for sure, where what is wanted shrinks to its sure part and what hinders grows to
its bounds? Then it is more. Between the two lies what could not be decided.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from planspec.access.automaton import Budget, TooMany
from planspec.access.boxes import Bit, Box, Doubtful, at_worst, boxes, for_sure, mixed
from planspec.access.cover import Found, uncovered
from planspec.access.evaluation import evaluate
from planspec.access.fresh import fresh_values, freshened
from planspec.access.patterns import DECIDED_LATER, VARIABLE
from planspec.access.policy import Documents, Policy
from planspec.access.reduction import pieces, remaining
from planspec.access.requests import Answer, Outcome, Request
from planspec.access.witness import convincing

TOO_MANY = "the policies have too many cases"
Layers = Sequence[Documents]


class Question(NamedTuple):
    """Boxes that must all match and boxes of which none may."""

    wanted: Sequence[Box]
    hindering: Sequence[Box]


class _Side(NamedTuple):
    """One side: what each layer allows, and what any of them denies."""

    allowed: Sequence[Sequence[Box]]
    denied: Sequence[Box]


class Witnessed(NamedTuple):
    """A request that was found, the boxes that let it in, and the values of its variables."""

    found: Found
    wanted: Sequence[Box]
    fresh: Mapping[str, str]


def compare(
    before: Documents,
    after: Documents,
    *,
    layers_before: Layers = (),
    layers_after: Layers = (),
) -> Answer:
    """Compare all documents of one owner; each layer is a boundary or another limit beside them.

    Source: AWS IAM User Guide, "Policy evaluation logic": what several layers hold is allowed where
    each of them allows it and none denies it.
    """
    sides = ([before, *layers_before], [after, *layers_after])
    try:
        possible = _search(sides, sure=False)
        if possible is None:
            return Answer(Outcome.NOT_MORE)
        certain = _search(sides, sure=True) if _is_open(sides) else possible
    except TooMany:
        return Answer(Outcome.UNDETERMINED, doubts=(TOO_MANY,))
    if certain is None:
        return Answer(Outcome.UNDETERMINED, doubts=doubts_of(possible))
    return _confirmed(certain, sides)


def _is_open(sides: tuple[Layers, Layers]) -> bool:
    """Whether some part of a policy is open, so that the two searches may differ."""
    statements = [one for side in sides for layer in side for each in layer for one in each.statements]
    doubtful = mixed(statements)
    made = (box for each in statements for box in boxes(each, doubtful))
    return any(isinstance(name, Bit) for box in made for name in box.limits)


def _confirmed(certain: Witnessed, sides: tuple[Layers, Layers]) -> Answer:
    def is_new(request: Request) -> bool:
        before, after = sides
        allowed_before = all(evaluate(each, request, generous=True) for each in before)
        return not allowed_before and all(evaluate(each, request) for each in after)

    documents = [one for layer in sides[1] for one in layer]
    request = convincing(certain.found.request, certain.fresh, documents, is_new)
    if request is None:
        raise AssertionError(f"the search and the evaluation disagree on {certain.found.request}")
    statement = certain.wanted[0].statement
    return Answer(Outcome.MORE, request, statement.document, statement.position)


def doubts_of(possible: Witnessed) -> tuple[str, ...]:
    """Return the open parts on which the request hangs, in words."""
    bits = (each for each in possible.found.choices if isinstance(each, Bit))
    return tuple(sorted({in_words(each) for each in bits})) or ("variables",)


def in_words(bit: Bit) -> str:
    """Return what is open, as it stands in the policy."""
    part = bit.part
    if isinstance(part, tuple) and all(isinstance(each, str) for each in part):
        part = "".join(_token(str(each)) for each in part)
    elif bit.dimension == "condition":
        part = f"a condition on {getattr(part, 'key', '')}"
    return str(part).partition("\0")[0]


def _token(token: str) -> str:
    if len(token) > 1 and token.startswith(DECIDED_LATER):
        return token.removeprefix(DECIDED_LATER).partition("\0")[0]
    if len(token) > 1 and token.startswith(VARIABLE):
        return f"{token}}}"
    return {"**": "*", "*:": "*", "??": "?", "?:": "?"}.get(token, token)


def _search(sides: tuple[Layers, Layers], *, sure: bool) -> Witnessed | None:
    read = tuple([_together(each) for each in side] for side in sides)
    statements = [one for side in read for policy in side for one in policy.statements]
    fresh = fresh_values(statements) if sure else {}
    read = tuple([_filled(each, fresh) for each in side] for side in read)
    doubtful = mixed(statements)
    before, after = (_side(each, doubtful) for each in read)
    budget = Budget()
    for question in _questions(before, after, sure=sure):
        found = _ask(question, budget)
        if found is not None:
            return found._replace(fresh=fresh)
    return None


def _filled(policy: Policy, values: Mapping[str, str]) -> Policy:
    if not values:
        return policy
    return policy._replace(statements=tuple(freshened(each, values) for each in policy.statements))


def _together(documents: Documents) -> Policy:
    return Policy("", tuple(one for each in documents for one in each.statements))


def _side(layers: Sequence[Policy], doubtful: Doubtful) -> _Side:
    made = [
        [(one.allows, each) for one in layer.statements for each in boxes(one, doubtful)]
        for layer in layers
    ]
    return _Side(
        [[box for allows, box in layer if allows] for layer in made],
        [box for layer in made for allows, box in layer if not allows],
    )


def _questions(before: _Side, after: _Side, *, sure: bool) -> Iterator[Question]:
    allowed = [for_sure(each) if sure else each for each in after.allowed]
    denied = at_worst(after.denied) if sure else after.denied
    standing = {each.form for each in denied}
    gone = [
        each
        for each in (for_sure(before.denied) if sure else before.denied)
        if each.form not in standing
    ]
    for wanted in product(*allowed):
        for layer in before.allowed:
            hindering = at_worst(layer) if sure else layer
            yield Question(wanted, [*hindering, *denied])
        for each in gone:
            yield Question([*wanted, each], denied)


def _ask(question: Question, budget: Budget) -> Witnessed | None:
    """Ask for each piece of the first box by itself, as far as the texts do not decide."""
    left = [rest for each in question.wanted if (rest := remaining(each, question.hindering))]
    if len(left) < len(question.wanted):
        return None
    for piece in pieces(left[0]):
        rest = remaining(piece, question.hindering)
        if rest is None:
            continue
        wanted = [rest, *left[1:]]
        found = uncovered(wanted, question.hindering, budget)
        if found is not None:
            return Witnessed(found, wanted, {})
    return None
