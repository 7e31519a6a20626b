"""May a stranger do it: a caller that the policy does not name?

A stranger is anonymous, or calls from an account, an organisation, a network and a source that no value
of the policy fixes. That is one more box; whoever gets in through an Allow, past every Deny, makes the
policy public. Sources: Amazon S3 User Guide, "The meaning of public"; AWS IAM User Guide, "AWS global
condition context keys", "The confused deputy problem".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from planspec.access.automaton import Budget, TooMany
from planspec.access.bindings import (
    ADDRESS,
    ARNS,
    BY_AUDIENCE,
    NOT_FOR_STRANGERS,
    OF_SERVICES,
    PATHS,
    SHARED,
    USER,
    WHOLE,
    Conditions,
    fixed,
    is_known,
    named_subjects,
    narrow_networks,
)
from planspec.access.boxes import (
    CALLER,
    Dimension,
    Doubtful,
    Key,
    Limit,
    at_worst,
    boxes,
    for_sure,
    mixed,
)
from planspec.access.comparison import TOO_MANY, Witnessed, doubts_of
from planspec.access.cover import uncovered
from planspec.access.evaluation import evaluate
from planspec.access.fresh import fresh_values, freshened
from planspec.access.operators import Condition, Family, Operand, Operator, holds
from planspec.access.patterns import ANY_RUN, EVERYTHING, Pattern, literal, upper_bound
from planspec.access.policy import ALL, Documents, Texts
from planspec.access.reduction import pieces
from planspec.access.requests import ANONYMOUS, Answer, Outcome, Request
from planspec.access.witness import convincing, fresh_account

_NEGATED_TEXT: Final = Operator(Family.TEXT, "folded", negated=True, quantifier="all")
_NEGATED_ADDRESS: Final = Operator(Family.ADDRESS, "in", negated=True)
_SERVICE: Final = "service/"
_SOURCES: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorg")
# What is encrypted can be named by its ARN too.
_ENCRYPTED: Final = "kms:encryptioncontext:"
_ABSENT: Final = Operator(Family.PRESENCE, "equal")
_NO: Final = Operator(Family.YES_OR_NO, "equal")


def public(documents: Documents) -> Answer:
    """Say whether a stranger may do something by these documents; more means that one may."""
    asked = _conditions(documents)
    strangers = [_stranger(documents, asked), *_holders_of_tokens(documents, asked)]
    return _answer(documents, strangers)


def acting_for_strangers(documents: Documents) -> Answer:
    """Say whether a service principal may do something on behalf of somebody whom nobody names.

    It carries the account, the organisation and the ARN for which it acts; an ARN that names no
    account, as that of a bucket, may be somebody else's tomorrow.
    """
    asked = _conditions(documents)
    services = frozenset(_services(documents))
    if not services:
        return Answer(Outcome.NOT_MORE)
    keys = (*WHOLE, *ARNS, *PATHS)
    context = _text_limits({key: fixed(key, asked, whole_arns=False) for key in keys})
    for each in sorted({each.key for each in asked if each.key.startswith(_ENCRYPTED)}):
        context |= _text_limits({each: fixed(each, asked, whole_arns=False, arn=True)})
    return _answer(documents, [{CALLER: Texts(services), **context}])


def _services(documents: Documents) -> Iterator[Pattern]:
    """Yield the services that are named, and any where a part is decided later that may name one.

    Everybody whom a source of calls is asked of is a service too.
    """
    for statement in (each for one in documents for each in one.statements if each.allows):
        asks_source = any(each.key.startswith(_SOURCES) for each in statement.conditions)
        if (statement.perhaps and statement.callers == ALL) or (
            asks_source and EVERYTHING in statement.callers.patterns
        ):
            yield (*literal(_SERVICE), ANY_RUN)
        for each in statement.callers.patterns:
            if "".join(each).startswith(_SERVICE):
                yield upper_bound(each)


_Limits = dict[Dimension, Limit]


def _conditions(documents: Documents) -> Conditions:
    return [each for one in documents for statement in one.statements for each in statement.conditions]


def _stranger(documents: Documents, asked: Conditions) -> _Limits:
    texts = {key: fixed(key, asked, whole_arns=True) for key in (*WHOLE, *ARNS, *PATHS, USER)}
    networks = frozenset(each for one in asked if one.key == ADDRESS for each in narrow_networks(one))
    limits = _text_limits(texts)
    if networks:
        limits[Key(ADDRESS)] = frozenset({Condition(_NEGATED_ADDRESS, ADDRESS, networks)})
    keys = {each.key for each in asked}
    for key in OF_SERVICES & keys:
        limits[Key(key)] = frozenset({Condition(_ABSENT, key, frozenset({True}))})
    for key in NOT_FOR_STRANGERS & keys:
        limits[Key(key)] = frozenset({Condition(_NO, key, frozenset({False}))})
    account = fresh_account(documents)
    whom = frozenset({literal(ANONYMOUS), (*literal(f"aws/{account}/"), ANY_RUN)})
    return {CALLER: Texts(whom), **limits}


def _text_limits(values_of: Mapping[str, Iterable[Operand]]) -> _Limits:
    return {Key(key): limit for key, values in values_of.items() if (limit := _none_of(key, values))}


def _none_of(key: str, values: Iterable[Operand]) -> frozenset[Condition]:
    operands = frozenset(values)
    return frozenset({Condition(_NEGATED_TEXT, key, operands)}) if operands else frozenset()


def _holders_of_tokens(documents: Documents, asked: Conditions) -> Iterator[_Limits]:
    """Yield whoever has a token of a shared provider for a subject that the policy does not name."""
    callers = {
        each for one in documents for stated in one.statements for each in stated.callers.patterns
    }
    for each in sorted(each for each in callers if each[:10] == literal("federated/")):
        name = "".join(each[10:])
        host = name.partition("oidc-provider/")[2] or name
        if not SHARED.fullmatch(host):
            continue
        by_audience = BY_AUDIENCE.fullmatch(host) is not None
        limits = _text_limits({f"{host}:sub".lower(): named_subjects(host, asked, by_audience)})
        if by_audience:
            audience = f"{host}:aud".lower()
            limits |= _text_limits({audience: fixed(audience, asked, whole_arns=True)})
        yield {CALLER: Texts(frozenset({each})), **limits}


def _answer(documents: Documents, strangers: Sequence[_Limits]) -> Answer:
    try:
        possible = _search(documents, strangers, sure=False)
        if possible is None:
            return Answer(Outcome.NOT_MORE)
        certain = _search(documents, strangers, sure=True)
    except TooMany:
        return Answer(Outcome.UNDETERMINED, doubts=(TOO_MANY,))
    if certain is None:
        return Answer(Outcome.UNDETERMINED, doubts=doubts_of(possible))
    return _confirmed(certain, documents)


def _confirmed(certain: Witnessed, documents: Documents) -> Answer:
    def is_allowed(request: Request) -> bool:
        return evaluate(documents, request)

    statement = certain.wanted[0].statement
    request = convincing(certain.found.request, certain.fresh, documents, is_allowed)
    if request is None:
        raise AssertionError(f"the search and the evaluation disagree on {certain.found.request}")
    return Answer(Outcome.MORE, request, statement.document, statement.position)


def _search(documents: Documents, strangers: Sequence[_Limits], *, sure: bool) -> Witnessed | None:
    statements = [each for one in documents for each in one.statements]
    fresh = fresh_values(statements) if sure else {}
    statements = [freshened(each, fresh) for each in statements]
    confused = mixed(statements)
    allowed = [box for each in statements if each.allows for box in boxes(each, _allowing(confused))]
    denied = [box for each in statements if not each.allows for box in boxes(each, _denying(confused))]
    budget = Budget()
    for box in for_sure(allowed) if sure else allowed:
        for limits in strangers:
            who = box._replace(limits=limits)
            for piece in pieces(box):
                found = uncovered([piece, who], at_worst(denied) if sure else denied, budget)
                if found is not None:
                    return Witnessed(found, [piece, who], fresh)
    return None


def _allowing(confused: Doubtful) -> Doubtful:
    """A condition on a key that nobody knows is open, unless it holds of whoever lacks the key."""
    return lambda each: confused(each) or not (is_known(each.key) or holds(each, None))


def _denying(confused: Doubtful) -> Doubtful:
    return lambda each: confused(each) or not is_known(each.key)
