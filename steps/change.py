"""Outcomes about what was selected: what a change does to what exists.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("it must not be destroyed, replaced or removed from state"))
def must_not_be_destroyed_replaced_or_removed_from_state(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """What holds data stays; for a type that no list names, this is unknown."""
    uphold(judged(selection, run, "it must not be destroyed, replaced or removed from state"))


@then(form("its engine version must leave automatic minor version upgrades to RDS"))
def engine_version_must_leave_automatic_minor_version_upgrades(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """It pins no minor version that RDS upgrades automatically."""
    uphold(
        judged(selection, run, "its engine version must leave automatic minor version upgrades to RDS")
    )


@then(form("the database host must not be hardcoded"))
def database_host_must_not_be_hardcoded(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """The variables that hold the host get it from the database itself."""
    uphold(judged(selection, run, "the database host must not be hardcoded"))


@then(form("it must not allow more than before the change"))
def must_not_allow_more_than_before_change(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """What was selected gives no access that nobody had before."""
    uphold(judged(selection, run, "it must not allow more than before the change"))


@then(form("it must not be weaker than before the change"))
def must_not_be_weaker_than_before_change(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """No guard of what was selected is weaker than before."""
    uphold(judged(selection, run, "it must not be weaker than before the change"))
