"""Outcomes about what was selected: rights.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("its roles must not allow wildcard actions or all resources"))
def roles_must_not_allow_wildcard_actions_or_all_resources(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Its roles name each action, and do not cover every resource."""
    uphold(judged(selection, run, "its roles must not allow wildcard actions or all resources"))


@then(form("its roles must not allow privilege escalation"))
def roles_must_not_allow_privilege_escalation(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """Its roles can neither change permissions nor run code with those of another."""
    uphold(judged(selection, run, "its roles must not allow privilege escalation"))


@then(form('its policy must allow no more than "<value>"'))
def policy_must_allow_no_more_than(
    selection: Selection, value: str, run: Inputs, uphold: Uphold
) -> None:
    """It allows no request that the document of this name in policies/needs/ does not allow."""
    uphold(judged(selection, run, 'its policy must allow no more than "<value>"', value=value))


@then(form("it must not grant <grant>"))
def must_not_grant(selection: Selection, grant: str, run: Inputs, uphold: Uphold) -> None:
    """No policy of it grants that."""
    uphold(judged(selection, run, "it must not grant <grant>", grant=grant))


@then(form("its roles must trust only ECS tasks in this account"))
def roles_must_trust_only_ecs_tasks_in_this_account(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Only ECS can assume its roles, and only for this account."""
    uphold(judged(selection, run, "its roles must trust only ECS tasks in this account"))


@then(form("it must limit AWS service principals to this account"))
def must_limit_aws_service_principals_to_this_account(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Each AWS service that it trusts acts for this account."""
    uphold(judged(selection, run, "it must limit AWS service principals to this account"))
