"""Outcomes about secrets: where they are stored, and who can read them."""

from typing import Final

from planspec.judgements.secrets import outputs, secrets
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome


def _managed(subject: str) -> Outcome:
    told = ("manage_master_user_password", "true, and no password", "RDS makes and keeps it.")
    name = "password management in Secrets Manager"
    return Outcome(
        subject,
        forms.ENABLED,
        name,
        lambda a: secrets.master_password_is_managed(a.databases),
        *told,
        ("master password",),
    )


OUTCOMES: Final = (
    Outcome(
        subjects.TASK_DEFINITION,
        forms.IN_CLEAR,
        "the container definition",
        lambda a: secrets.not_in_definitions(a.resources, a.parameters.secrets),
        "container_definitions: environment, command, entryPoint and others",
        "no secret; use secrets with valueFrom",
        "No container has a secret in plain text, by a name or by the look of a value.",
        ("environment variable",),
    ),
    Outcome(
        subjects.FUNCTION,
        forms.IN_CLEAR,
        "its environment",
        lambda a: secrets.not_in_functions(a.plan, a.resources, a.parameters.secrets),
        "environment.variables",
        "no secret",
        "No variable has a secret in plain text, by its name or by the look of its value.",
    ),
    _managed(subjects.DB_INSTANCE),
    _managed(subjects.DATABASE),
    Outcome(
        subjects.VARIABLE,
        forms.IN_CLEAR,
        "its value",
        lambda a: secrets.not_in_variables(a.plan, a.resources, a.parameters.secrets),
        "value",
        "no secret",
        "It hands no secret to the plan, by its name or by the look of its value.",
    ),
    Outcome(
        subjects.OUTPUT,
        forms.IN_CLEAR,
        "its value",
        lambda a: outputs.not_in_outputs(a.plan, a.resources, a.parameters.secrets),
        "value",
        "no secret",
        "It hands out no secret, by what it is made of or by the look of its value.",
    ),
)
