"""Which parameters and secrets of this plan do containers read, and which database do they name?

Source: Amazon ECS API, Secret, valueFrom: the ARN of a secret, with key and version behind it, or the
ARN or the name of a parameter; LogConfiguration, secretOptions; RepositoryCredentials.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planspec.aws.container_definitions import containers, definition_of, environment
from planspec.aws.database_families import TYPES
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

PARAMETER, SECRET = "aws_ssm_parameter", "aws_secretsmanager_secret"
VERSION = "aws_secretsmanager_secret_version"
KEPT = (PARAMETER, SECRET, VERSION)
# AWS puts a hyphen and six characters behind the name of a secret.
_SECRET_NAME = re.compile(r":secret:(?P<name>[^:]+)")


class Reads(NamedTuple):
    """What is surely read, and what may be, as apply decides what is named or how it is called."""

    resources: tuple[ResourceChange, ...]
    perhaps: tuple[ResourceChange, ...]


def reads(plan: Plan, definition: ResourceChange) -> Reads:
    """The parameters, secrets and versions of secrets of the plan that a task reads when it starts."""
    inside = containers(definition)
    sources = [each for container in inside or () for each in _sources(container)]
    known = all(isinstance(each.reading, Known) for each in sources)
    targets = graph(plan).of(definition, "container_definitions").targets
    found = [each.change for each in targets if each.change is not None]
    found = [each for each in found if each.type in (PARAMETER, SECRET)]
    named = [parameter_named(plan, each) or _secret_named(plan, each) for each in sources]
    found += filter(None, named)
    versions = graph(plan).incoming(VERSION, ("secret_id",), SECRET)
    found += [version for each in found if each.type == SECRET for version in versions.to(each)]
    resources = {each.address: each for each in found}
    rest = [each for kind in KEPT for each in plan.remaining(kind) if each.address not in resources]
    if inside is not None and known and not versions.undecided:
        rest = [each for each in rest if None in named and _may_be_called_anything(each)]
    return Reads(tuple(resources.values()), tuple(rest))


def _may_be_called_anything(kept: ResourceChange) -> bool:
    """Whether apply decides the name of a parameter or a secret."""
    return kept.type != VERSION and kept.after.get("name").peek() is UNKNOWN


def _sources(container: Value) -> Iterator[Value]:
    for secret in container.get("secrets").elements():
        yield secret.get("valueFrom")
    for option in container.get("logConfiguration", "secretOptions").elements():
        yield option.get("valueFrom")
    credentials = container.get("repositoryCredentials", "credentialsParameter")
    if credentials.is_set is not False:
        yield credentials


def parameter_named(plan: Plan, source: Value) -> ResourceChange | None:
    """The parameter of SSM that `valueFrom` names, by its ARN or its name."""
    match source.reading:
        case Known(str(text)):
            name = text.partition(":parameter")[2] or text
        case _:
            return None
    named = (each for each in plan.remaining(PARAMETER))
    return next((each for each in named if _is_called(each, name)), None)


def _is_called(parameter: ResourceChange, name: str) -> bool:
    match parameter.after.get("name").peek():
        case Known(str(own)):
            return own.lstrip("/") == name.lstrip("/")
        case _:
            return False


def _secret_named(plan: Plan, source: Value) -> ResourceChange | None:
    """The secret that `valueFrom` names, by its ARN or by the name in it."""
    reading = source.reading
    said = _SECRET_NAME.search(str(reading.value)) if isinstance(reading, Known) else None
    if said is None:
        return None
    names = (said["name"], re.sub(r"-[A-Za-z0-9]{6}$", "", said["name"]))
    for each in plan.remaining(SECRET):
        match each.after.get("name").peek():
            case Known(str(own)) if own in names:
                return each
            case _:
                continue
    return None


def database_named(plan: Plan, service: ResourceChange, host_variables: Sequence[str]) -> str:
    """The address of the database whose host the containers of a service are given; "" if none is told.

    Followed is a parameter of SSM whose value is the endpoint of a database of the plan.
    """
    definition = definition_of(plan, service)
    names = [Known(name) for name in host_variables]
    hosts: set[str] = set()
    for container in (containers(definition) if definition else None) or ():
        if any(name in host_variables for name in environment(container)):
            return ""
        for secret in container.get("secrets").elements():
            if secret.get("name").reading in names:
                parameter = parameter_named(plan, secret.get("valueFrom"))
                hosts.add(_endpoint_in(plan, parameter) if parameter else "")
    return hosts.pop() if len(hosts) == 1 else ""


def _endpoint_in(plan: Plan, parameter: ResourceChange) -> str:
    """The database whose endpoint is kept in a parameter."""
    target = graph(plan).of(parameter, "value").single
    change = target.change if target else None
    return change.address if change is not None and change.type in TYPES else ""
