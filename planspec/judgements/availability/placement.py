"""Are tasks and databases in the right subnets, and does the endpoint come by reference?"""

import re
from collections.abc import Iterator, Sequence

from planspec.aws import TYPES, Database, containers, environment, parameter_named, with_task_sets
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.availability.availability import SUBNETS, subnets
from planspec.judgements.generic.expect import found
from planspec.plan import NULL, UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Capacity
from planspec.references import graph

DATABASES = (*TYPES, "aws_db_proxy")
PRIVATE = "subnets that give out no public addresses"
FOUND = "the host's name from the database itself"
_ENDPOINT = re.compile(r"\.[a-z0-9-]+\.(?:rds|docdb|neptune)\.amazonaws\.com")


def tasks_in_private_networks(plan: Plan, services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether the subnets of each service, and of its task sets, give out no public addresses.

    Source: Amazon VPC User Guide, "Modify the IP addressing attributes of your subnet".
    """
    holders = with_task_sets(plan, services)
    return judge(
        (each.address for each in holders),
        (_private(plan, each, each, SUBNETS) for each in holders),
    )


def databases_in_private_networks(plan: Plan, databases: Sequence[Database]) -> Judgement:
    """Judge whether the subnet group of each database gives out no public addresses.

    A group outside the plan is undetermined. Source: Amazon RDS User Guide, "Working with a DB
    instance in a VPC".
    """
    findings: list[Finding | None] = []
    for database in databases:
        groups = database.subnet_groups(plan)
        if not groups:
            place = database.get("db_subnet_group_name")
            observed = "its subnet group is not in this plan"
            finding = found(database, place, Verdict.UNDETERMINED, PRIVATE, observed=observed)
            findings.append(finding)
        findings += [_private(plan, database.head, group, ("subnet_ids",)) for group in groups]
    return judge((database.address for database in databases), findings)


def _private(
    plan: Plan, subject: ResourceChange, holder: ResourceChange, path: tuple[str | int, ...]
) -> Finding | None:
    """Look at the subnets that `holder` names at this path; the finding is about `subject`."""
    place = holder.after.get(*path)
    answers = list(_public(plan, holder, path, place))
    if answers and not any(answer is not False for answer in answers):
        return None
    public = True in answers
    finding = found(
        subject,
        place,
        Verdict.VIOLATED if public else Verdict.UNDETERMINED,
        PRIVATE,
        observed="a subnet of it gives out public addresses"
        if public
        else "whether its subnets give out public addresses is not in the plan",
        remedy="name private subnets, and look them up with data.aws_subnet so that the plan shows it",
    )
    return finding._replace(related=() if holder is subject else (holder.address,))


def _public(
    plan: Plan, holder: ResourceChange, path: tuple[str | int, ...], place: Value
) -> Iterator[bool | None]:
    """Whether each subnet gives out public addresses; None where the plan does not show it."""
    known = plan.attached(_public_by_subnet)
    readings = [subnet.reading for subnet in place.elements()]
    for each in readings:
        if isinstance(each, Known):
            yield known.get(str(each.value))
    if UNKNOWN in readings:
        targets = [known.get(target.address) for target in graph(plan).of(holder, *path).each]
        yield from targets or [None]


def _public_by_subnet(plan: Plan) -> dict[str, bool | None]:
    """Whether a subnet gives out public addresses, by its id, and by its address.

    Off by default, but in a default subnet of AWS. Source: Amazon VPC User Guide, "Default subnets".
    """
    of_aws = [(each.address, each.after) for each in plan.remaining("aws_default_subnet")]
    answers: dict[str, bool | None] = {}
    for default, places in ((False, subnets(plan)), (True, of_aws)):
        for address, values in places:
            match values.get("map_public_ip_on_launch").peek():
                case Known(bool(public)):
                    answers[address] = public
                case state:
                    answers[address] = default if state is NULL else None
            subnet = values.get("id").peek()
            if isinstance(subnet, Known):
                answers[str(subnet.value)] = answers[address]
    return answers


def databases_are_found(
    plan: Plan, definitions: Sequence[ResourceChange], settings: Capacity
) -> Judgement:
    """Judge whether no container has a hardcoded database host.

    A hardcoded name is wrong after the next restore. `settings` lists the variables that hold it;
    the name that AWS gives to a database counts in every variable. Followed are references to a
    database, also through a parameter of SSM; whatever else keeps the name is undetermined. Source:
    Amazon RDS API, DBInstance, Endpoint.
    """
    return judge(
        (definition.address for definition in definitions),
        (each for definition in definitions for each in _found(plan, definition, settings)),
    )


def _found(plan: Plan, definition: ResourceChange, settings: Capacity) -> Iterator[Finding]:
    whole = definition.after.get("container_definitions")
    inside = containers(definition)
    if _refers_to_database(plan, definition, "container_definitions"):
        return
    if inside is None:
        yield found(definition, whole, Verdict.UNDETERMINED, FOUND)
    for container in inside or ():
        plain = environment(container)
        for name, value in plain.items():
            named = name in settings.host_variables and value.is_set is not False
            if named or _is_endpoint(value):
                yield _pasted(definition, value, name)
        names = [Known(name) for name in settings.host_variables]
        for secret in container.get("secrets").elements():
            if secret.get("name").reading in names:
                yield from _kept(plan, definition, secret)


def _is_endpoint(value: Value) -> bool:
    """Whether a text holds the name that AWS gives to a database, under whatever name it stands."""
    reading = value.reading
    return isinstance(reading, Known) and bool(_ENDPOINT.search(str(reading.value)))


def _refers_to_database(plan: Plan, change: ResourceChange, attribute: str) -> bool:
    named = graph(plan).of(change, attribute).targets
    return any(each.change is not None and each.change.type in DATABASES for each in named)


def _pasted(definition: ResourceChange, place: Value, name: str, by: str = "") -> Finding:
    finding = found(
        definition,
        place,
        Verdict.VIOLATED,
        FOUND,
        observed=f"{name} is a literal text",
        remedy="keep the database's address in an aws_ssm_parameter, and name that in secrets",
    )
    return finding._replace(related=(by,) if by else ())


def _kept(plan: Plan, definition: ResourceChange, secret: Value) -> Iterator[Finding]:
    """The name is kept somewhere: is it the database's own there?"""
    source = secret.get("valueFrom")
    parameter = parameter_named(plan, source)
    if parameter is None:
        observed = "where the host's name is kept is not in this plan"
        yield found(definition, source, Verdict.UNDETERMINED, FOUND, observed=observed)
    elif not _refers_to_database(plan, parameter, "value"):
        yield _pasted(definition, source, parameter.address, parameter.address)
