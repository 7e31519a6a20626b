"""Does any policy of the plan allow everything, whoever has it?"""

from collections.abc import Iterator, Sequence
from typing import Final

from planspec.aws import Statement, statements
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
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
LIMITED: Final = "no policy that allows every action, or every action on IAM"
REMEDY: Final = "name the actions and the resources that are needed"


def holders(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return what says what users, groups and roles may do: policies, roles, attachments."""
    return plan.remaining(*OF_THEIR_OWN, "aws_iam_role", *ATTACHMENTS)


def allow_not_everything(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no policy of the plan allows everything, attached or not.

    Source: AWS IAM User Guide, "Grant least privilege".
    """
    own = [each for each in chosen if each.type in OF_THEIR_OWN]
    roles = [each for each in chosen if each.type == "aws_iam_role"]
    attachments = [each for each in chosen if each.type in ATTACHMENTS]
    findings = [
        *(each for policy in own for each in _of_policy(plan, policy, ("policy",))),
        *(each for role in roles for each in _of_role(plan, role)),
        *(each for one in attachments for each in _of_attachment(plan, one)),
    ]
    return judge((each.address for each in (*own, *roles, *attachments)), findings)


def _of_policy(plan: Plan, resource: ResourceChange, path: tuple[str | int, ...]) -> Iterator[Finding]:
    told = statements(plan, resource, path)
    if told is None:
        yield found(resource, resource.after.get(*path), Verdict.UNDETERMINED, LIMITED, remedy=REMEDY)
        return
    for statement in told:
        answer = _everything(statement) if statement.allows else False
        if answer is not False:
            sure = answer and not statement.may_deny
            verdict = Verdict.VIOLATED if sure else Verdict.UNDETERMINED
            yield found(
                resource,
                statement.place,
                verdict,
                LIMITED,
                observed="allows everything" if sure else "its permissions are known after apply",
                remedy=REMEDY,
            )
            return


def _everything(statement: Statement) -> bool | None:
    inverted = [each.is_set for each in statement.not_actions]
    if True in inverted:
        return True
    readings = [action.reading for action in statement.actions]
    if any(isinstance(each, Known) and str(each.value) in {"*", "*:*", "iam:*"} for each in readings):
        return True
    return None if UNKNOWN in readings or None in inverted else False


def _of_role(plan: Plan, role: ResourceChange) -> Iterator[Finding]:
    for position, _ in enumerate(_stated(plan, role, "inline_policy")):
        yield from _of_policy(plan, role, ("inline_policy", position, "policy"))
    arns = _stated(plan, role, "managed_policy_arns")
    yield from _attached(plan, role, "managed_policy_arns", arns)


def _stated(plan: Plan, role: ResourceChange, attribute: str) -> Sequence[Value]:
    """The elements of what somebody wrote; the provider reports the rest after apply."""
    place = role.after.get(attribute)
    if place.peek() is UNKNOWN and not graph(plan).is_written(role, attribute):
        return ()
    return place.elements()


def _of_attachment(plan: Plan, attachment: ResourceChange) -> Iterator[Finding]:
    yield from _attached(plan, attachment, "policy_arn", [attachment.after.get("policy_arn")])


def _attached(
    plan: Plan, resource: ResourceChange, attribute: str, arns: Sequence[Value]
) -> Iterator[Finding]:
    """A policy by its ARN. One of this plan is judged itself; another that apply decides may be any."""
    for arn in arns:
        match arn.reading:
            case Known(str(text)) if text.rpartition("/")[2] in ALMIGHTY:
                observed = f"attaches {text.rpartition('/')[2]}"
                yield found(resource, arn, Verdict.VIOLATED, LIMITED, observed=observed, remedy=REMEDY)
            case state if state is UNKNOWN:
                kind = "aws_iam_policy"
                if not graph(plan).targets(resource, (attribute,), kind, one_of_them=True):
                    observed = "attaches a policy that is known after apply"
                    verdict = Verdict.UNDETERMINED
                    yield found(resource, arn, verdict, LIMITED, observed=observed, remedy=REMEDY)
