"""Outcomes about what was selected: containers.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("every container must run unprivileged and drop all Linux capabilities"))
def every_container_must_run_unprivileged_and_drop_all_linux(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """No container has privileges of its machine."""
    uphold(
        judged(selection, run, "every container must run unprivileged and drop all Linux capabilities")
    )
