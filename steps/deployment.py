"""Outcomes about what was selected: putting a new version into service.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("the minimum healthy percent must be at least <number>% and leave room to start a task"))
def minimum_healthy_percent_must_be_at_least_and_leave_room_to_start_task(
    selection: Selection, number: str, run: Inputs, uphold: Uphold
) -> None:
    """So much of its tasks stays while it is deployed, and a new task can start."""
    words = "the minimum healthy percent must be at least <number>% and leave room to start a task"
    uphold(judged(selection, run, words, number=number))


@then(form("its health check must accept only 2xx status codes"))
def health_check_must_accept_only_xx_status_codes(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Only answers of success are taken for healthy."""
    uphold(judged(selection, run, "its health check must accept only 2xx status codes"))


@then(form("it must depend on the parameters and secrets that its containers read"))
def must_depend_on_what_its_containers_read(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """Terraform makes first what the tasks read when they start."""
    words = "it must depend on the parameters and secrets that its containers read"
    uphold(judged(selection, run, words))
