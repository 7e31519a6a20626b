"""What may the roles of the tasks do?"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planspec.aws import Statement, statements
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.judgements.identity.named_resources import is_named_by, unnamed
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Identity
from planspec.references import graph

# No address looks like this: the role cannot be told.
UNTOLD = ""
ROLE_ATTRIBUTES = ("task_role_arn", "execution_role_arn")
ATTACHMENTS = (("aws_iam_role_policy_attachment", "role"), ("aws_iam_policy_attachment", "roles"))
LEAST = "only the actions and resources that the task needs, named one by one"
REMEDY = "name the actions and the resources' ARNs; give the task and the agent a role each"


class Grant(NamedTuple):
    """One policy of a role: where it is written, its statements if they can be told.

    `surely` is false where the policy may belong to another role.
    """

    resource: ResourceChange
    place: Value
    statements: tuple[Statement, ...] | None
    surely: bool = True


def task_definitions(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the task definitions that exist once the plan is applied."""
    return plan.remaining("aws_ecs_task_definition")


def no_wildcards(plan: Plan, definitions: Sequence[ResourceChange], settings: Identity) -> Judgement:
    """Judge whether task and execution roles get no wildcard action, and no needless wildcard resource.

    Some actions cannot be limited to a resource; `settings` lists them, and the policies managed
    by AWS that are accepted. A role outside the plan is undetermined: its policies are not in it.
    Source: AWS IAM User Guide, "Grant least privilege"; Service Authorization Reference.
    """
    examined = [definition.address for definition in definitions]
    findings: list[Finding] = []
    roles: dict[str, ResourceChange] = {}
    for definition in definitions:
        for attribute in ROLE_ATTRIBUTES:
            named = roles_of(plan, definition, attribute)
            roles |= {role.address: role for role in named}
            if not named and definition.after.get(attribute).is_set is not False:
                findings.append(role_elsewhere(definition, attribute, LEAST))
    for role in roles.values():
        examined.append(role.address)
        for grant in grants_of(plan, role, settings):
            examined.append(grant.address if isinstance(grant, Finding) else grant.resource.address)
            findings += [grant] if isinstance(grant, Finding) else _too_much(grant, settings)
    return judge(examined, dict.fromkeys(findings))


def roles_of(plan: Plan, definition: ResourceChange, attribute: str) -> list[ResourceChange]:
    """Return the roles that the attribute names, as far as they exist after the change."""
    named = graph(plan).targets(definition, (attribute,), "aws_iam_role", one_of_them=True) or ()
    return [role for role in map(plan.find, named) if role is not None]


def role_elsewhere(definition: ResourceChange, attribute: str, expected: str) -> Finding:
    """Return the finding for a role that is not in this plan."""
    return found(
        definition,
        definition.after.get(attribute),
        Verdict.UNDETERMINED,
        expected,
        observed=f"{attribute} names a role whose policies are not in this plan",
        remedy="manage the role in this configuration",
    )


def grants_of(plan: Plan, role: ResourceChange, settings: Identity) -> Iterator[Grant | Finding]:
    """Yield every policy of the role, inline, of its own or attached; a finding where it is not told."""
    inlined = role.after.get("inline_policy").elements()
    for position, inline in enumerate(inlined if _stated(plan, role, "inline_policy") else ()):
        path = ("inline_policy", position, "policy")
        yield Grant(role, inline.get("policy"), statements(plan, role, path))
    arns = role.after.get("managed_policy_arns").elements()
    for arn in arns if _stated(plan, role, "managed_policy_arns") else ():
        yield from _attached(plan, role, ("managed_policy_arns",), arn, settings)
    holders = plan.attached(_holders)
    for holder, surely in (*holders.get(role.address, ()), *holders.get(UNTOLD, ())):
        if holder.type == "aws_iam_role_policy":
            stated = statements(plan, holder, ("policy",))
            yield Grant(holder, holder.after.get("policy"), stated, surely)
            continue
        arn = holder.after.get("policy_arn")
        for grant in _attached(plan, holder, ("policy_arn",), arn, settings):
            yield grant if surely else _unsure(grant)


def _holders(plan: Plan) -> dict[str, list[tuple[ResourceChange, bool]]]:
    """What gives policies to roles, by the role's address, and whether it surely does.

    Under UNTOLD stand those of which the role cannot be told; what names none is left out.
    """
    holders: dict[str, list[tuple[ResourceChange, bool]]] = {}
    for kind, attribute in (("aws_iam_role_policy", "role"), *ATTACHMENTS):
        for change in plan.remaining(kind):
            named = graph(plan).targets(change, (attribute,), "aws_iam_role")
            untold = [each.peek() is UNKNOWN for each in change.after.get(attribute).elements()]
            if named is None or (not named and any(untold)):
                holders.setdefault(UNTOLD, []).append((change, False))
            for address in named or ():
                surely = attribute == "roles" or len(named or ()) == 1
                holders.setdefault(address, []).append((change, surely))
    return holders


def _unsure(grant: Grant | Finding) -> Grant | Finding:
    """A policy that may belong to another role violates nothing for sure."""
    if isinstance(grant, Finding):
        return grant._replace(verdict=Verdict.UNDETERMINED)
    return grant._replace(surely=False)


def _stated(plan: Plan, role: ResourceChange, attribute: str) -> bool:
    """An attribute that nobody wrote is unknown too: the provider reports what it finds later."""
    unknown = role.after.get(attribute).peek() is UNKNOWN
    return not unknown or graph(plan).is_written(role, attribute)


def _attached(
    plan: Plan, resource: ResourceChange, path: tuple[str, ...], arn: Value, settings: Identity
) -> Iterator[Grant | Finding]:
    """A policy by ARN: one of this plan, one managed by AWS, or one that nobody here can read."""
    named = graph(plan).targets(resource, path, "aws_iam_policy", one_of_them=True) or ()
    own = [policy for policy in map(plan.find, named) if policy is not None]
    for policy in own:
        yield Grant(policy, policy.after.get("policy"), statements(plan, policy, ("policy",)))
    reading = arn.reading
    managed_by_aws = isinstance(reading, Known) and ":aws:policy/" in str(reading.value)
    if own and not managed_by_aws and path == ("policy_arn",):
        return
    if reading in [policy.after.get("arn").peek() for policy in own if isinstance(reading, Known)]:
        return
    match reading:
        case Known(str(text)) if managed_by_aws:
            name = text.rsplit("/", 1)[-1]
            if name not in settings.managed_policies:
                yield found(
                    resource,
                    arn,
                    Verdict.VIOLATED,
                    LEAST,
                    observed=f"attaches {name}, a policy managed by AWS that is not approved",
                    remedy=REMEDY,
                )
        case Known() as known if known.value in ([], ""):
            return
        case state if state is UNKNOWN or isinstance(state, Known):
            yield found(
                resource,
                arn,
                Verdict.UNDETERMINED,
                LEAST,
                observed="attaches a policy that is not in this plan",
                remedy="manage the policy in this configuration",
            )


def _too_much(grant: Grant, settings: Identity) -> Iterator[Finding]:
    if grant.statements is None:
        yield found(grant.resource, grant.place, Verdict.UNDETERMINED, LEAST, remedy=REMEDY)
        return
    for statement in grant.statements:
        for finding in _wide(grant, statement, settings) if statement.allows else ():
            sure = grant.surely and not statement.may_deny
            yield finding if sure else finding._replace(verdict=Verdict.UNDETERMINED)


def _wide(grant: Grant, statement: Statement, settings: Identity) -> Iterator[Finding]:
    """The first reason why this statement allows too much, if there is one."""
    for inverted in (*statement.not_actions, *statement.not_resources):
        observed = f"allows everything but {inverted.shown}"
        verdict = Verdict.UNDETERMINED if inverted.is_set is None else Verdict.VIOLATED
        yield found(grant.resource, inverted, verdict, LEAST, observed=observed, remedy=REMEDY)
        return
    for action in statement.actions:
        match action.reading:
            case Known(str(text)) if "*" in text or "?" in text:
                yield found(
                    grant.resource,
                    action,
                    Verdict.VIOLATED,
                    LEAST,
                    observed=f"allows the action {action.shown}",
                    remedy=REMEDY,
                )
                return
            case Known():
                continue
            case _:
                yield found(grant.resource, action, Verdict.UNDETERMINED, LEAST, remedy=REMEDY)
    yield from _wide_resource(grant, statement, settings)


def _wide_resource(grant: Grant, statement: Statement, settings: Identity) -> Iterator[Finding]:
    unbound = {action.lower() for action in settings.actions_without_resource}
    actions = sorted({text for each in statement.actions if (text := _known(each))} - unbound)
    narrowed = {is_named_by(each, actions) for each in statement.conditions}
    for resource in statement.resources:
        reading = resource.reading
        if isinstance(reading, Known) and (wide := unnamed(actions, str(reading.value))):
            if True in narrowed:
                continue
            everything = reading.value == "*"
            where = "every resource" if everything else f"{resource.shown}, which names no resource"
            yield found(
                grant.resource,
                resource,
                Verdict.UNDETERMINED if None in narrowed else Verdict.VIOLATED,
                LEAST,
                observed=f"allows {', '.join(wide)} on {where}",
                remedy=REMEDY,
            )
            return
        if reading is UNKNOWN and not statement.refers:
            observed = "its resources are known after apply"
            yield found(
                grant.resource, resource, Verdict.UNDETERMINED, LEAST, observed=observed, remedy=REMEDY
            )
            return


def _known(action: Value) -> str:
    """The action in lower case; empty if apply decides it."""
    return str(reading.value).lower() if isinstance(reading := action.reading, Known) else ""
