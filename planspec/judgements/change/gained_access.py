"""Who may do what after a change that he could not do before, and which statement allows it?"""

from collections.abc import Iterator, Sequence, Set
from typing import Any, Final, NamedTuple

from planspec.access import Answer, Outcome, Policy, Unknown, Unreadable, compare, read_policy
from planspec.finding import Finding, Verdict
from planspec.judgements.change.access_words import Gain, as_told, denied
from planspec.judgements.change.policy_texts import (
    MANAGED,
    Written,
    gives_everything,
    only_allows,
    spelled,
    statements_of,
    together,
)
from planspec.judgements.change.principals import BOUNDARY, Boundary
from planspec.plan import Plan, ResourceChange

EXPECTED: Final = "no more permissions than before"
EXPECTED_LIMIT: Final = "the same permissions boundary, or a narrower one"
REMEDY: Final = "leave the policy as it was, or approve the change by name with --override"
_UNTOLD: Final = "what it allows, or to whom, is known after apply"
_EVERYTHING: Final[Any] = {
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
}
_MAY_DENY: Final[Any] = {"Effect": "Deny", "Action": Unknown(), "Resource": Unknown()}
# For so many statements and principals of one document a request is looked for.
_ASKED: Final = 40
Layers = Sequence[Sequence[Policy]]


class Owned(NamedTuple):
    """What all policies of one owner say before the change and after it, and what limits an identity."""

    plan: Plan
    owner: str
    before: Sequence[Written]
    after: Sequence[Written]
    limits: tuple[Boundary, Boundary] = (Boundary(), Boundary())
    is_resource: bool = False


class Question(NamedTuple):
    """What is the same for every policy after the change.

    What was allowed before, the limits on each side, and the policies that deny, or may deny, something.
    """

    before: Sequence[Policy]
    limit_before: Layers
    limit_after: Layers
    denying: Sequence[Written]

    def ask(self, documents: Sequence[Any], *, limited: bool = True) -> Answer:
        """Ask whether the documents allow more than was allowed."""
        after = [_read(each) for each in documents]
        if not limited:
            return compare(self.before, after)
        return compare(
            self.before, after, layers_before=self.limit_before, layers_after=self.limit_after
        )


def gained(owned: Owned, told: Set[str] = frozenset()) -> Iterator[Finding]:
    """Yield a finding for each place that allows its owner, or somebody, more than before.

    `told` are policies about which there is a finding already, so that who had them needs none.
    """
    had, has = ({spelled(each.document) for each in side} for side in (owned.before, owned.after))
    limits = [[spelled(each.document) for each in one.policies] or one.name for one in owned.limits]
    same_limits = limits[0] == limits[1]
    if same_limits and had == has:
        return
    question = Question(
        [_read(each) for each in together(owned.before)],
        _layers(owned.limits[0]),
        _layers(owned.limits[1]),
        [each for each in owned.after if _denies([each])],
    )
    by_limit: list[tuple[Written, Answer]] = []
    found = False
    denied_less = bool({*_denials(owned.before)} - {*_denials(owned.after)})
    for written in owned.after:
        if (
            same_limits
            and not denied_less
            and (spelled(written.document) in had or _is_told(owned, written, told))
        ):
            continue
        answer = _answer(owned, question, written)
        if answer.outcome is Outcome.NOT_MORE:
            continue
        if not same_limits and _is_by_limit(question, written, answer):
            by_limit.append((written, answer))
        else:
            found = True
            yield _found(owned, question, written, answer)
    if denied_less and owned.is_resource and not found:
        yield from _denied_less(owned)
    if not same_limits:
        yield from _limit(owned, question, by_limit)


def _denied_less(owned: Owned) -> Iterator[Finding]:
    """The finding about a denial that goes from the policy of a resource, and hid nothing in it.

    It held for those too whom a policy of their own allows it. Source: AWS IAM User Guide, "Policy
    evaluation logic": identity-based and resource-based policies together, within an account.
    """
    before, after = (
        [_read(_EVERYTHING), *(_read(each) for each in _denies(side))]
        for side in (owned.before, owned.after)
    )
    answer = compare(before, after)
    if answer.outcome is Outcome.NOT_MORE:
        return
    kept = {*_denials(owned.after)}
    change = next(each.change for each in owned.before if not kept.issuperset(_denials([each])))
    is_sure = answer.witness is not None
    observed = (
        f"no longer denies {denied(answer.witness)}"
        if answer.witness
        else f"whether it denies less than before depends on {_doubts(owned, answer)}"
    )
    verdict = Verdict.VIOLATED if is_sure else Verdict.UNDETERMINED
    yield Finding(change.address, verdict, observed, EXPECTED, remedy=REMEDY)


def untold(change: ResourceChange) -> Finding:
    """Return the finding about a policy of which apply decides the text, or the owner."""
    return Finding(change.address, Verdict.UNDETERMINED, _UNTOLD, EXPECTED, remedy=REMEDY)


def _answer(owned: Owned, question: Question, written: Written) -> Answer:
    """Whether one of the policies allows more than all of them did, with what the others deny.

    No policy of AWS but AdministratorAccess allows everything, so that the text of no other one did.
    Source: AWS Managed Policy Reference, "AdministratorAccess".
    """
    documents = [written.document, *_denies(question.denying, written)]
    answer = question.ask(documents)
    if answer.outcome is Outcome.UNDETERMINED and gives_everything(written.document):
        known = [_read(each.document) for each in owned.before if MANAGED not in each.means]
        surely = question._replace(before=known).ask(documents)
        return surely if surely.outcome is Outcome.MORE else answer
    return answer


def _is_told(owned: Owned, written: Written, told: Set[str]) -> bool:
    """Whether it is the text of a policy that its owner has already, and that changes by itself."""
    if written.text is None or written.text.address not in told:
        return False
    return any(each.change.address == written.change.address for each in owned.before)


def _is_by_limit(question: Question, written: Written, answer: Answer) -> bool:
    """Whether the policies alone allow no more, so that it is the boundary that lets more through."""
    alone = question.ask([written.document, *_denies(question.denying, written)], limited=False)
    return alone.outcome is Outcome.NOT_MORE or (
        answer.outcome is Outcome.MORE and alone.outcome is Outcome.UNDETERMINED
    )


def _found(owned: Owned, question: Question, written: Written, answer: Answer) -> Finding:
    change = written.change
    if answer.outcome is Outcome.UNDETERMINED:
        if isinstance(written.document, Unknown):
            return untold(change)
        observed = f"whether it allows more than before depends on {_doubts(owned, answer)}"
        return Finding(change.address, Verdict.UNDETERMINED, observed, EXPECTED, remedy=REMEDY)
    gains = _gains(owned, question, written, answer)
    observed, place = as_told(owned.plan, owned.owner, gains)
    return Finding(change.address, Verdict.VIOLATED, observed, EXPECTED, remedy=REMEDY, place=place)


def _doubts(owned: Owned, answer: Answer) -> str:
    """What the answer hangs on: policies whose text is not here, else parts that apply decides."""
    unread = dict.fromkeys(each.means for each in owned.before if each.means)
    if unread:
        named = " and ".join(each.removeprefix("use ") for each in unread)
        return f"{named}, of which the text is not in the plan"
    return f"{', '.join(answer.doubts) or 'its text'}, known after apply"


def _gains(owned: Owned, question: Question, written: Written, whole: Answer) -> list[Gain]:
    """A request for each statement and principal of a document that allows more."""
    statements = statements_of(written.document)
    denials = [_as_deny(each) for each in statements if not only_allows(each)]
    version = {name: part for name, part in written.document.items() if name == "Version"}
    others = _denies(question.denying, written)
    asked = [
        (position, one)
        for position, statement in enumerate(statements)
        if only_allows(statement)
        for one in _by_principal(statement)
    ]
    if len(asked) == len(statements) == 1 and whole.witness is not None:
        return [Gain(written, whole.witness, asked[0][1], 0)]
    found = []
    for position, one in asked[:_ASKED]:
        answer = question.ask([{**version, "Statement": [one, *denials]}, *others])
        if answer.witness is not None:
            found.append(Gain(written, answer.witness, one, position))
    if not found and whole.witness is not None:
        position = whole.statement or 0
        found.append(Gain(written, whole.witness, statements[position], position))
    return found


def _limit(
    owned: Owned, question: Question, by_limit: Sequence[tuple[Written, Answer]]
) -> Iterator[Finding]:
    """The finding about a boundary that goes, or lets more through, of all that it concerns."""
    was, becomes = owned.limits
    if not was.name:
        return
    answers = [answer for _, answer in by_limit]
    if not owned.after:
        after = [each.document for each in becomes.policies] or [
            Unknown(becomes.name) if becomes.name else _EVERYTHING
        ]
        before = [_read(each.document) for each in was.policies] or [_read(Unknown(was.name))]
        answers = [compare(before, [_read(each) for each in after])]
    answers = [each for each in answers if each.outcome is not Outcome.NOT_MORE]
    if not answers:
        return
    is_sure = any(each.outcome is Outcome.MORE for each in answers)
    what = "goes" if not becomes.name else f"becomes {becomes.name}"
    what = "lets more through" if becomes.name == was.name else what
    observed = f"its permissions boundary {was.name} {what}"
    gains = [
        gain
        for written, answer in by_limit
        if answer.outcome is Outcome.MORE
        for gain in _gains(owned, question, written, answer)
    ]
    if gains:
        observed += f": {as_told(owned.plan, owned.owner, gains)[0]}"
    elif not is_sure:
        observed += ", and what that changes is not in the plan"
    verdict = Verdict.VIOLATED if is_sure else Verdict.UNDETERMINED
    yield Finding(owned.owner, verdict, observed, EXPECTED_LIMIT, BOUNDARY, REMEDY)


def _layers(limit: Boundary) -> Layers:
    if limit.is_unread:
        return [[_read(Unknown(limit.name))]]
    return [[_read(each.document) for each in limit.policies]] if limit.policies else []


def _read(document: Any) -> Policy:
    """The policy in a document; what cannot be read can be anything."""
    policy = read_policy(document)
    return _read(Unknown()) if isinstance(policy, Unreadable) else policy


def _denials(policies: Sequence[Written]) -> Iterator[str]:
    for each in policies:
        version = each.document.get("Version") if isinstance(each.document, dict) else ""
        for one in statements_of(each.document):
            if not only_allows(one):
                yield spelled([version, one])


def _denies(policies: Sequence[Written], written: Written | None = None) -> list[Any]:
    """What the other policies of an owner deny, or may deny."""
    found: list[Any] = []
    for each in policies:
        if each is written:
            continue
        if not isinstance(each.document, dict):
            found.append({"Statement": [_MAY_DENY]})
            continue
        denials = [one for one in statements_of(each.document) if not only_allows(one)]
        if denials:
            found.append({**each.document, "Statement": [_as_deny(one) for one in denials]})
    return found


def only_denials(written: Written) -> Written:
    """The policy without what it allows."""
    return written._replace(document=next(iter(_denies([written])), {"Statement": []}))


def _as_deny(statement: Any) -> Any:
    """A statement as one that denies: one that apply decides may deny everything."""
    is_deny = isinstance(statement, dict) and statement.get("Effect") == "Deny"
    return statement if is_deny else _MAY_DENY


def _by_principal(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same statement for each of its principals."""
    named = statement.get("Principal")
    if not isinstance(named, dict):
        yield statement
        return
    for kind, names in named.items():
        for name in names if isinstance(names, list) else [names]:
            yield {**statement, "Principal": {kind: name}}
