"""Does any policy of the plan allow everything, or everything of a service, whoever has it?"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from planspec.aws import Statement, statements
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, Reading, ResourceChange, Value
from planspec.references import graph

OF_THEIR_OWN: Final = (
    "aws_iam_group_policy",
    "aws_iam_policy",
    "aws_iam_role_policy",
    "aws_iam_user_policy",
)
ATTACHMENTS: Final = (
    "aws_iam_group_policy_attachment",
    "aws_iam_policy_attachment",
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy_attachment",
)
# Source: AWS Managed Policy Reference Guide: each of them allows its holder to get every right.
ALMIGHTY: Final = frozenset({"AdministratorAccess", "IAMFullAccess", "PowerUserAccess"})
# Source: AWS Managed Policy Reference Guide: these allow every action of a service on all its resources.
_FULL_ACCESS: Final = re.compile(r"\w*FullAccess(?:V\d|_v\d)?", re.ASCII)
_WHOLE_SERVICE: Final = re.compile(r"([a-z0-9-]+):[*?]*\*[*?]*", re.IGNORECASE)
_OF_RESOURCE: Final = re.compile(r"(?:aws|[a-z0-9-]+):ResourceTag/", re.IGNORECASE)
REMEDY: Final = "name the actions and the resources that are needed"


def holders(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return what says what users, groups and roles may do: policies, roles, attachments."""
    return plan.remaining(*OF_THEIR_OWN, "aws_iam_role", *ATTACHMENTS)


class _Limit(NamedTuple):
    """What no policy may exceed: in words, what a statement does, which AWS managed policies do."""

    text: str
    observed: str
    exceeds: Callable[[Statement], bool | None]
    managed: Callable[[str], bool]


def allow_not_everything(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no policy of the plan allows everything, attached or not.

    Source: AWS IAM User Guide, "Grant least privilege".
    """
    text = "no policy that allows every action, or every action on IAM"
    limit = _Limit(text, "allows everything", _everything, ALMIGHTY.__contains__)
    return _limited(plan, chosen, limit)


def allow_no_whole_service(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no policy allows every action of a service on all resources, attached or not.

    A condition on the tags of the resource limits which resources these are.
    Source: AWS Security Hub, control IAM.21, which asks about the actions alone.
    """
    text = "no policy that allows every action of a service on all resources"
    observed = "allows every action of a service on all resources"
    return _limited(plan, chosen, _Limit(text, observed, _whole_service, _is_full_access))


def _is_full_access(name: str) -> bool:
    return name in ALMIGHTY or bool(_FULL_ACCESS.fullmatch(name))


def _limited(plan: Plan, chosen: Sequence[ResourceChange], limit: _Limit) -> Judgement:
    own = [each for each in chosen if each.type in OF_THEIR_OWN]
    roles = [each for each in chosen if each.type == "aws_iam_role"]
    attachments = [each for each in chosen if each.type in ATTACHMENTS]
    findings = [
        *(each for policy in own for each in _of_policy(plan, policy, ("policy",), limit)),
        *(each for role in roles for each in _of_role(plan, role, limit)),
        *(each for one in attachments for each in _of_attachment(plan, one, limit)),
    ]
    return judge((each.address for each in (*own, *roles, *attachments)), findings)


def _of_policy(
    plan: Plan,
    resource: ResourceChange,
    path: tuple[str | int, ...],
    limit: _Limit,
    *,
    is_there: bool = True,
) -> Iterator[Finding]:
    told = statements(plan, resource, path)
    if told is None:
        place = resource.after.get(*path)
        yield found(resource, place, Verdict.UNDETERMINED, limit.text, remedy=REMEDY)
        return
    for statement in told:
        answer = limit.exceeds(statement) if statement.allows else False
        if answer is not False:
            sure = answer and not statement.may_deny and is_there
            verdict = Verdict.VIOLATED if sure else Verdict.UNDETERMINED
            observed = limit.observed if sure else "its permissions are known after apply"
            place = statement.place
            yield found(resource, place, verdict, limit.text, observed=observed, remedy=REMEDY)
            return


def _everything(statement: Statement) -> bool | None:
    inverted = [each.is_set for each in statement.not_actions]
    if True in inverted:
        return True
    readings = [action.reading for action in statement.actions]
    if any(isinstance(each, Known) and str(each.value) in {"*", "*:*", "iam:*"} for each in readings):
        return True
    return None if UNKNOWN in readings or None in inverted else False


def _whole_service(statement: Statement) -> bool | None:
    """Whether it allows every action of some service on all resources; None if apply decides that."""
    everything = _everything(statement)
    wide = _any_of(map(_is_whole, statement.actions)) if everything is not True else True
    if wide is False and everything is False:
        return False
    everywhere = _everywhere(statement)
    narrowed = _any_of(
        None if each.perhaps else bool(_OF_RESOURCE.match(each.key)) for each in statement.conditions
    )
    if everywhere is False or narrowed is True:
        return False
    return True if wide and everywhere and narrowed is False else None


def _is_whole(action: Value) -> bool | None:
    match action.reading:
        case Known(text):
            return bool(_WHOLE_SERVICE.fullmatch(str(text)))
        case state:
            return None if state is UNKNOWN else False


def _everywhere(statement: Statement) -> bool | None:
    """Whether its resources are all of a service; every resource but some is all as well."""
    if any(each.is_set for each in statement.not_resources):
        return True
    return _any_of(map(_is_everywhere, statement.resources))


def _is_everywhere(resource: Value) -> bool | None:
    match resource.reading:
        case Known(text):
            parts = str(text).split(":", 5)
            rest = parts[3:] if len(parts) > 3 else parts
            return all(set(each) <= set("*/") for each in rest) and "*" in str(text)
        case state:
            return None if state is UNKNOWN else False


def _any_of(answers: Iterable[bool | None]) -> bool | None:
    """Whether any answer is yes; None where none is, and one is open."""
    given = set(answers)
    return True if True in given else None if None in given else False


def _of_role(plan: Plan, role: ResourceChange, limit: _Limit) -> Iterator[Finding]:
    for position, inline in enumerate(_stated(plan, role, "inline_policy")):
        own = _is_read_back(plan, role, inline.get("name").reading)
        if not own:
            path = ("inline_policy", position, "policy")
            yield from _of_policy(plan, role, path, limit, is_there=own is False)
    arns = _stated(plan, role, "managed_policy_arns")
    yield from _attached(plan, role, "managed_policy_arns", arns, limit)


def _is_read_back(plan: Plan, role: ResourceChange, name: Reading) -> bool | None:
    """Whether a policy in a role is only read back of a resource beside it; None if apply decides."""
    if graph(plan).is_written(role, "inline_policy"):
        return False
    policies = graph(plan).incoming("aws_iam_role_policy", ("role",), "aws_iam_role")
    surely = [policy.after.get("name").reading for policy in policies.to(role)]
    perhaps = [policy.after.get("name").reading for policy in policies.undecided]
    if isinstance(name, Known) and name in surely:
        return True
    return None if UNKNOWN in (name, *surely, *perhaps) or name in perhaps else False


def _stated(plan: Plan, role: ResourceChange, attribute: str) -> Sequence[Value]:
    """The elements of what somebody wrote; the provider reports the rest after apply."""
    place = role.after.get(attribute)
    if place.peek() is UNKNOWN and not graph(plan).is_written(role, attribute):
        return ()
    return place.elements()


def _of_attachment(plan: Plan, attachment: ResourceChange, limit: _Limit) -> Iterator[Finding]:
    yield from _attached(plan, attachment, "policy_arn", [attachment.after.get("policy_arn")], limit)


def _attached(
    plan: Plan, resource: ResourceChange, attribute: str, arns: Sequence[Value], limit: _Limit
) -> Iterator[Finding]:
    """A policy by its ARN. One of this plan is judged itself; another that apply decides may be any."""
    for arn in arns:
        match arn.reading:
            case Known(str(text)) if limit.managed(text.rpartition("/")[2]):
                observed, verdict = f"attaches {text.rpartition('/')[2]}", Verdict.VIOLATED
                yield found(resource, arn, verdict, limit.text, observed=observed, remedy=REMEDY)
            case state if state is UNKNOWN:
                kind = "aws_iam_policy"
                if not graph(plan).targets(resource, (attribute,), kind, one_of_them=True):
                    observed = "attaches a policy that is known after apply"
                    verdict = Verdict.UNDETERMINED
                    yield found(resource, arn, verdict, limit.text, observed=observed, remedy=REMEDY)
