"""Outcomes about secrets: where they are stored, and who can read them."""

from typing import Final

from planspec.judgements.secrets import interface, secrets
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
        "the container environment",
        lambda a: secrets.not_in_plain_environment(a.resources, a.parameters.secrets),
        "container_definitions: environment",
        "no secret; use secrets with valueFrom",
        "No container has a secret as a plain variable, by its name or by the look of its value.",
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
        lambda a: interface.not_in_outputs(a.plan, a.resources, a.parameters.secrets),
        "value",
        "no secret",
        "It hands out no secret, by what it is made of or by the look of its value.",
    ),
)
