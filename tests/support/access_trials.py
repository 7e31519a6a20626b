"""Random pairs of policies, compared by the engine and by trying every request: where do they differ?"""

import copy
import functools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from planspec.access import Answer, Outcome, Policy, Unknown, compare, read_policy
from tests.support import access_documents as documents
from tests.support.access_oracle import KEYS, READINGS, VARIABLE, allows, caller_of, is_more

Document = Mapping[str, Any]
Layers = Sequence[Document]


class Pair(NamedTuple):
    """A policy before and after, each with the boundary beside it where there is one.

    `fills` are what an open part may turn out to be; each puts one such thing in its place.
    """

    before: Layers
    after: Layers
    fills: Sequence[Callable[[Any], Any]] = (lambda document: document,)


class Result(NamedTuple):
    """What was answered, and what is wrong with it."""

    answer: Answer
    wrong: str = ""


def read(document: Document) -> Policy:
    """Read a policy that can be read."""
    found = read_policy(document)
    assert isinstance(found, Policy), found
    return found


def answer(before: Sequence[Document], after: Sequence[Document]) -> Answer:
    """Compare; what follows the first document of a side is a layer of its own."""
    sides = [[[read(each)] for each in side] for side in (before, after)]
    return compare(sides[0][0], sides[1][0], layers_before=sides[0][1:], layers_after=sides[1][1:])


def pair(pick: random.Random) -> Pair:
    """Return a random pair: two policies, or one and its change; with layers, with open parts."""
    shape = documents.shape(pick)
    before = [documents.document(pick, shape)]
    after = [
        documents.changed(pick, before[0], shape)
        if pick.random() < 0.6
        else documents.document(pick, shape)
    ]
    if pick.random() < 0.15:
        limit = documents.document(pick, shape)
        before += [limit] if pick.random() < 0.8 else []
        after += [documents.changed(pick, limit, shape)] if pick.random() < 0.8 else []
    if pick.random() < 0.1 and not shape.variables:
        return _with_open_part(pick, before, after, shape)
    return Pair(before, after)


_HOLE: Final = "<open>"


def _with_open_part(pick: random.Random, before: Layers, after: Layers, shape: documents.Shape) -> Pair:
    before, after = list(before), list(after)
    side = pick.choice((before, after, after))
    layer = pick.randrange(len(side))
    document = copy.deepcopy(side[layer])
    statements = document["Statement"]
    if not statements:
        return Pair(before, after)
    at = pick.randrange(len(statements))
    fills = _hole(pick, statements, at, shape)
    side[layer] = document
    return Pair(before, after, [functools.partial(_filled, fill=each) for each in fills])


def _hole(pick: random.Random, statements: list[Any], at: int, shape: documents.Shape) -> list[Any]:
    """Put a hole into the statements, and return what may fill it."""
    one = statements[at]
    keys = [
        (block, key, operator) for operator, block in one.get("Condition", {}).items() for key in block
    ]
    choice = pick.randrange(5)
    if choice == 0:
        statements[at] = _HOLE
        return [documents.statement(pick, shape) for _ in range(5)]
    if choice == 1:
        one["Effect"] = _HOLE
        return ["Allow", "Deny"]
    if choice == 2 and keys:
        block, key, operator = pick.choice(keys)
        if operator == "Null":
            block[key] = _HOLE
            return ["true", "false"]
        spelled = next(each for each in KEYS if each.lower() == key.lower())
        listed = block[key] if isinstance(block[key], list) else [block[key]]
        block[key] = [*listed[1:], _HOLE]
        return [documents.value(pick, spelled, operator) for _ in range(6)]
    element = next(each for each in ("Resource", "NotResource") if each in one)
    listed = one[element] if isinstance(one[element], list) else [one[element]]
    one[element] = [*listed[1:], _HOLE]
    return [*(documents.resource(pick) for _ in range(5)), "*", "cccc"]


def _filled(part: Any, fill: Any) -> Any:
    if part == _HOLE:
        return fill
    if isinstance(part, Mapping):
        return {name: _filled(each, fill) for name, each in part.items()}
    if isinstance(part, list):
        return [_filled(each, fill) for each in part]
    return part


def check(one: Pair) -> Result:
    """Answer a pair, and say what the requests of the small world say against it."""
    unknown = Unknown("later")
    found = answer(
        [_filled(each, unknown) for each in one.before], [_filled(each, unknown) for each in one.after]
    )
    filled = [
        ([fill(each) for each in one.before], [fill(each) for each in one.after]) for fill in one.fills
    ]
    # The two readings of NotPrincipal are one where there is none.
    readings = READINGS if "NotPrincipal" in str(filled) else READINGS[:1]
    match found.outcome:
        case Outcome.MORE:
            wrong = (
                "" if all(_is_witness(found, *sides) for sides in filled) else "a witness that is none"
            )
        case Outcome.NOT_MORE:
            more = any(is_more(*sides, reading) for sides in filled for reading in readings)
            wrong = "a wrong pass" if more else ""
        case _:
            truths = {is_more(*sides, reading) for sides in filled for reading in readings}
            sure = len(truths) == 1 and len(filled) == 1 and not _has_open_part(one)
            wrong = "undetermined for nothing" if sure else ""
    return Result(found, wrong)


def _has_open_part(one: Pair) -> bool:
    """Whether it has a variable, or NotPrincipal with an account: a few values prove nothing then."""
    return any(sign in str(one) for sign in (VARIABLE, "NotPrincipal"))


def _is_witness(found: Answer, before: Layers, after: Layers) -> bool:
    assert found.witness is not None
    caller, action, resource, context = found.witness
    request = (caller_of(caller), action, resource, context)
    return all(
        allows(after, request, reading) and not allows(before, request, reading) for reading in READINGS
    )


def trials(seed: int, count: int) -> Iterator[tuple[Pair, Result]]:
    """Yield so many random pairs and what came of each."""
    pick = random.Random(seed)  # noqa: S311 - the same pairs every time
    for _ in range(count):
        one = pair(pick)
        yield one, check(one)


def tally(seed: int, count: int) -> tuple[Counter[str], list[tuple[Pair, Result]]]:
    """Count the answers, and return the pairs with a wrong one."""
    counted: Counter[str] = Counter()
    wrong: list[tuple[Pair, Result]] = []
    for one, result in trials(seed, count):
        counted[result.answer.outcome.value] += 1
        if result.wrong:
            counted[result.wrong] += 1
            wrong.append((one, result))
    return counted, wrong
