"""Where are secrets in plain text?"""

from collections.abc import Iterator, Sequence

from planspec.aws import Database, containers
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import hold_databases
from planspec.judgements.generic.expect import found
from planspec.judgements.secrets.recognition import (
    asks_for_secret,
    holds_secret,
    is_secret_name,
    text_holds_secret,
)
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value, any_true
from planspec.policies import Secrets
from planspec.references import graph

BY_REFERENCE = "secrets only by reference to Secrets Manager or Parameter Store"
REMEDY = 'move it to the container\'s "secrets", with the ARN as valueFrom'
READ_AT_START = "let the function read it from Secrets Manager, by a name in its environment"
_COMMANDS = ("command", "entryPoint")


def not_in_definitions(definitions: Sequence[ResourceChange], settings: Secrets) -> Judgement:
    """Judge whether no container definition holds a secret in plain text.

    Examined are the environment, the command and the entry point, the command of the health check, the
    labels and the options of the log driver and of the log router. A secret has a name with one of the
    words in `settings`, or the form of a credential. Values are judged and never shown.
    Source: Amazon ECS Developer Guide, "Pass sensitive data to an Amazon ECS container".
    """
    return judge(
        (definition.address for definition in definitions),
        (finding for each in definitions for finding in _secrets(each, settings)),
    )


def not_in_functions(plan: Plan, functions: Sequence[ResourceChange], settings: Secrets) -> Judgement:
    """Judge whether no Lambda function has a secret in its environment, as for containers.

    A value that apply decides is none if it is made of resources of AWS, and nothing of it is marked as
    sensitive. Source: AWS Lambda Developer Guide, "Working with Lambda environment variables".
    """
    return judge(
        (function.address for function in functions),
        (finding for each in functions for finding in _in_function(plan, each, settings)),
    )


def _in_function(plan: Plan, function: ResourceChange, settings: Secrets) -> Iterator[Finding]:
    for position, block in enumerate(function.after.get("environment").elements()):
        variables = block.get("variables")
        yield from _in_pairs(function, variables, "environment variable", settings)
        for name, value in variables.entries():
            path = ("environment", position, "variables", name)
            if value.peek() is UNKNOWN and not is_secret_name(name, settings):
                yield from _untold(plan, function, path, value)


def _untold(
    plan: Plan, function: ResourceChange, path: tuple[str | int, ...], value: Value
) -> Iterator[Finding]:
    made_of = graph(plan).of(function, *path)
    # Resources of other providers, such as terraform_data, may pass on what they were given.
    named = made_of.followed and made_of.targets
    aws = all(each.change and each.change.type.startswith("aws_") for each in made_of.targets)
    if any_true(value.marked) or not (named and aws):
        observed = f"the environment variable {path[-1]} gets a value that is known after apply"
        yield found(
            function,
            value,
            Verdict.UNDETERMINED,
            BY_REFERENCE,
            observed=observed,
            remedy=READ_AT_START,
        )


def _in_pairs(resource: ResourceChange, pairs: Value, what: str, settings: Secrets) -> Iterator[Finding]:
    """The secrets of a map of names and values."""
    remedy = READ_AT_START if resource.type == "aws_lambda_function" else REMEDY
    if pairs.reading is UNKNOWN:
        yield found(resource, pairs, Verdict.UNDETERMINED, BY_REFERENCE, remedy=remedy)
        return
    for name, value in pairs.entries():
        finding = _secret(resource, name, value, what, settings)
        if finding is not None:
            yield finding._replace(remedy=remedy)


def _secrets(definition: ResourceChange, settings: Secrets) -> Iterator[Finding]:
    inside = containers(definition)
    if inside is None:
        place = definition.after.get("container_definitions")
        yield found(definition, place, Verdict.UNDETERMINED, BY_REFERENCE, remedy=REMEDY)
        return
    for container in inside:
        for variable in container.get("environment").elements():
            finding = _variable(definition, variable, settings)
            if finding is not None:
                yield finding
        health = container.get("healthCheck", "command")
        for command in (*(container.get(each) for each in _COMMANDS), health):
            yield from _in_command(definition, command.elements(), settings)
        yield from _in_pairs(definition, container.get("dockerLabels"), "label", settings)
        options = container.get("logConfiguration", "options")
        yield from _in_pairs(definition, options, "log option", settings)
        router = container.get("firelensConfiguration", "options")
        yield from _in_pairs(definition, router, "option of the log router", settings)


def _variable(definition: ResourceChange, variable: Value, settings: Secrets) -> Finding | None:
    name, value = variable.get("name"), variable.get("value")
    match name.reading:
        case Known(str(text)):
            return _secret(definition, text, value, "environment variable", settings)
        case state if state is UNKNOWN:
            observed = "the name of a variable is known after apply"
            verdict = Verdict.UNDETERMINED
            return found(definition, value, verdict, BY_REFERENCE, observed=observed, remedy=REMEDY)
        case _:
            return None


def _secret(
    resource: ResourceChange, name: str, value: Value, what: str, settings: Secrets
) -> Finding | None:
    match value.reading:
        case Known(content) if content != "":
            if not holds_secret(name, content, settings):
                return None
            observed = f"the {what} {name} holds a secret in plain text"
        case state if state is UNKNOWN:
            if not is_secret_name(name, settings):
                return None
            observed = f"the {what} {name} gets a value that is known after apply"
        case _:
            return None
    return found(resource, value, Verdict.VIOLATED, BY_REFERENCE, observed=observed, remedy=REMEDY)


def _in_command(
    definition: ResourceChange, words: Sequence[Value], settings: Secrets
) -> Iterator[Finding]:
    """The secrets on a command line: by their form, or after the name of an option or a variable."""
    texts = [each.reading for each in words]
    for position, (place, text) in enumerate(zip(words, texts, strict=True)):
        before = texts[position - 1] if position else None
        named = isinstance(before, Known) and asks_for_secret(str(before.value), settings)
        match text:
            case Known(str(word)):
                given = named and word[:1] not in {"$", "-", ""}
                if not given and not text_holds_secret(word, settings):
                    continue
                observed = "a command holds a secret in plain text"
            case state if state is UNKNOWN and named:
                observed = "a command gets a secret that is known after apply"
            case _:
                continue
        yield found(definition, place, Verdict.VIOLATED, BY_REFERENCE, observed=observed, remedy=REMEDY)


def master_password_is_managed(databases: Sequence[Database]) -> Judgement:
    """Judge whether RDS makes and keeps the master password of each database.

    A `password` argument is in clear text in the state and in the plan.
    Source: Amazon RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager".
    """
    return hold_databases(
        databases,
        "manage_master_user_password",
        lambda value: value is True,
        "manage_master_user_password is true, and no password",
        remedy="set manage_master_user_password = true and take the password away",
    )


def not_in_variables(plan: Plan, chosen: Sequence[ResourceChange], settings: Secrets) -> Judgement:
    """Judge whether no variable of the configuration hands a secret to the plan.

    Such a value is in every plan file, whatever the variable is marked as. Which variables are
    secrets is known by their names, or by a value that is a URL with a login or has the form of a
    credential.
    The address is that of the block, so that a report can name its line. A variable that is declared,
    and not in the plan, hands over nothing: one without a value, or an ephemeral one.
    """
    return judge(
        (each.address for each in chosen),
        (_given(each.name, plan.variables.get(each.name, Value()), settings) for each in chosen),
    )


def _given(name: str, value: Value, settings: Secrets) -> Finding | None:
    match value.reading:
        case Known(content) if holds_secret(name, content, settings):
            pass
        case _:
            return None
    return Finding(
        f"variable.{name}",
        Verdict.VIOLATED,
        "a secret is given for this variable, so it is in the plan in clear text",
        "no secret among the variables",
        value.path,
        "let AWS make the secret, or refer to it by its name in Secrets Manager",
    )
