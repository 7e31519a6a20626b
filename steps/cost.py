"""Outcomes about what was selected: what is paid for.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("it must run on Graviton"))
def must_run_on_graviton(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """Each runs on AWS's own processors."""
    uphold(judged(selection, run, "it must run on Graviton"))


@then(form("its task size must be the smallest that meets the declared demand"))
def task_size_must_be_smallest_that_meets_declared_demand(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Its tasks are the smallest that meet the demand of limits.toml."""
    uphold(judged(selection, run, "its task size must be the smallest that meets the declared demand"))


@then(form("its instance class must be the cheapest for the declared demand"))
def instance_class_must_be_cheapest_for_declared_demand(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """No accepted class that meets the demand of limits.toml costs less."""
    uphold(judged(selection, run, "its instance class must be the cheapest for the declared demand"))


@then(form("a lifecycle rule must expire or transition objects"))
def lifecycle_rule_must_expire_or_transition_objects(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """A rule moves or expires old objects; one for a prefix is enough."""
    uphold(judged(selection, run, "a lifecycle rule must expire or transition objects"))


@then(form("a lifecycle rule must abort incomplete multipart uploads"))
def lifecycle_rule_must_abort_incomplete_multipart_uploads(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """A rule deletes the parts of uploads that are never completed."""
    uphold(judged(selection, run, "a lifecycle rule must abort incomplete multipart uploads"))


@then(form("it must not be idle"))
def must_not_be_idle(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """A load balancer forwards requests, and an address is in use."""
    uphold(judged(selection, run, "it must not be idle"))


@then(form("the container log level must not be verbose"))
def container_log_level_must_not_be_verbose(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """No container is configured to log every detail."""
    uphold(judged(selection, run, "the container log level must not be verbose"))


@then(form("it must be covered by an AWS budget that alerts at or below <number>% of its limit"))
def must_be_covered_by_aws_budget_that_alerts_at_or_below_of(
    selection: Selection, number: str, run: Inputs, uphold: Uphold
) -> None:
    """A budget of the plan sends a notification in time; which costs it counts is not judged."""
    uphold(
        judged(
            selection,
            run,
            "it must be covered by an AWS budget that alerts at or below <number>% of its limit",
            number=number,
        )
    )


@then(form("it must be covered by an S3 gateway endpoint"))
def must_be_covered_by_s_gateway_endpoint(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """Traffic to S3 takes no NAT gateway; which route tables have it is not judged."""
    uphold(judged(selection, run, "it must be covered by an S3 gateway endpoint"))


@then(form("its tag filter must match a planned resource"))
def tag_filter_must_match_planned_resource(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """A budget that is limited to a tag names one that some resource carries."""
    uphold(judged(selection, run, "its tag filter must match a planned resource"))
