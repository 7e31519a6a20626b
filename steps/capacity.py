"""Outcomes about what was selected: what fits.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("max_connections must cover the peak connections of a deployment"))
def max_connections_must_cover_peak_connections_of_deployment(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """It accepts the connections of all tasks while a deployment runs old and new ones."""
    uphold(judged(selection, run, "max_connections must cover the peak connections of a deployment"))


@then(form("its containers must fit within its task size"))
def containers_must_fit_within_task_size(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """Its containers ask for no more CPU and memory than the task has."""
    uphold(judged(selection, run, "its containers must fit within its task size"))


@then(form("its maximum task count must fit within the database connection limit"))
def maximum_task_count_must_fit_within_database_connection_limit(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """At its largest it opens no more connections than the database of the plan accepts."""
    uphold(
        judged(selection, run, "its maximum task count must fit within the database connection limit")
    )


@then(form("its threshold must leave headroom"))
def threshold_must_leave_headroom(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """It fires, soon enough, while the headroom of the policies is left: CPU, memory, free storage."""
    uphold(judged(selection, run, "its threshold must leave headroom"))


@then(form("NAT gateways must cover each of its Availability Zones"))
def nat_gateways_must_cover_each_of_availability_zones(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """If the plan makes NAT gateways, there is one in each zone of the service."""
    uphold(judged(selection, run, "NAT gateways must cover each of its Availability Zones"))
