"""Where are secrets in plain text?"""

import re
from collections.abc import Iterator, Sequence

from planspec.aws import Database, containers
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import hold_databases
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Secrets

BY_REFERENCE = "secrets only by reference to Secrets Manager or Parameter Store"
REMEDY = 'move it to the container\'s "secrets", with the ARN as valueFrom'
_LOGIN_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
_WORD_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# PGPASSWORD and MYSQLPASSWORD hold the word at their end; a shorter word, such as PASS, would
# make a secret of BYPASS.
_SHORTEST_ENDING = 5
_ACCESS_KEY = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")


def not_in_plain_environment(definitions: Sequence[ResourceChange], settings: Secrets) -> Judgement:
    """Judge whether no container gets a secret as a plain environment variable.

    A variable is a secret if its name has one of the words in `settings`, or if its value is a
    URL with a login or an AWS access key. Values are judged and never shown.
    Source: Amazon ECS Developer Guide, "Pass sensitive data to an Amazon ECS container".
    """
    return judge(
        (definition.address for definition in definitions),
        (finding for each in definitions for finding in _secrets(each, settings)),
    )


def _secrets(definition: ResourceChange, settings: Secrets) -> Iterator[Finding]:
    inside = containers(definition)
    if inside is None:
        place = definition.after.get("container_definitions")
        yield found(definition, place, Verdict.UNDETERMINED, BY_REFERENCE, remedy=REMEDY)
        return
    for container in inside:
        for variable in container.get("environment").elements():
            finding = _secret(definition, variable, settings)
            if finding is not None:
                yield finding


def _secret(definition: ResourceChange, variable: Value, settings: Secrets) -> Finding | None:
    name, value = variable.get("name"), variable.get("value")
    match name.reading, value.reading:
        case Known(str(text)), Known(content) if content != "":
            if not is_secret_name(text, settings) and not is_secret_value(str(content)):
                return None
            observed = f"the environment variable {text} holds a secret in plain text"
            verdict = Verdict.VIOLATED
        case Known(str(text)), state if state is UNKNOWN:
            if not is_secret_name(text, settings):
                return None
            observed = f"the environment variable {text} gets a value that is known after apply"
            verdict = Verdict.VIOLATED
        case state, _ if state is UNKNOWN:
            observed, verdict = "the name of a variable is known after apply", Verdict.UNDETERMINED
        case _:
            return None
    return found(definition, value, verdict, BY_REFERENCE, observed=observed, remedy=REMEDY)


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
    secrets is known by their names, or by a value that is a URL with a login or an AWS access key.
    The address is that of the block, so that a report can name its line.
    """
    return judge(
        (each.address for each in chosen),
        (_given(each.name, plan.variables[each.name], settings) for each in chosen),
    )


def _given(name: str, value: Value, settings: Secrets) -> Finding | None:
    match value.reading:
        case Known(content) if content not in ("", [], {}):
            if not is_secret_name(name, settings) and not is_secret_value(str(content)):
                return None
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


def is_secret_name(name: str, settings: Secrets) -> bool:
    """Whether the name says that a secret stands there."""
    words = re.split(r"[^A-Z0-9]+", _WORD_BOUNDARY.sub("_", name).upper())
    joined = f"_{'_'.join(words)}_"
    secret = any(_is_in(word.upper(), joined) for word in settings.words)
    return secret and not any(f"_{word.upper()}_" in joined for word in settings.harmless_words)


def _is_in(word: str, joined: str) -> bool:
    beginning = "" if len(word) >= _SHORTEST_ENDING else "_"
    return f"{beginning}{word}_" in joined


def is_secret_value(value: str) -> bool:
    """Whether the text is a URL with a login, or holds an AWS access key."""
    return bool(_LOGIN_IN_URL.search(value) or _ACCESS_KEY.search(value))
