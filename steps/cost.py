"""Steps about what is paid for: sizes, lifetimes, tags and budgets."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database
from planspec.estimate import Estimate
from planspec.judgements.capacity import scaling_rules
from planspec.judgements.containers import hardening
from planspec.judgements.cost import billing_alarms, idle, oversize, right_size, tagging
from planspec.judgements.cost import budgets as budget
from planspec.judgements.durability import bucket_settings, durability
from planspec.judgements.encryption import buckets
from planspec.judgements.generic import resources, selections, subjects
from planspec.judgements.observability import logs
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@when("we examine every budget", target_fixture="budgets")
def examine_budgets(plan: Plan) -> subjects.Budgets:
    """Budgets of AWS."""
    return subjects.Budgets(plan)


@when("we estimate what a month will cost", target_fixture="month")
def estimate_the_month(estimate: Estimate) -> Estimate:
    """Prices of policies/prices, declared use of policies/usage.toml, 730 hours a month."""
    return estimate


@then("each one is within the accepted task size")
def tasks_are_right_sized(
    task_definitions: Sequence[ResourceChange], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every task to the limits in policies/limits.toml."""
    uphold(oversize.tasks_right_sized(task_definitions, parameters.cost))


@then("each one is of an accepted class")
def databases_are_right_sized(
    databases: Sequence[Database], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every database to the classes in policies/limits.toml."""
    uphold(oversize.databases_right_sized(databases, parameters.cost))


@then("each one is on storage of a fair price")
def storage_is_fair(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to general-purpose storage of the present generation."""
    uphold(oversize.storage_of_a_fair_price(databases))


@then(parsers.parse("each one keeps its logs for {fewest:d} to {most:d} days"))
def logs_are_kept(log_groups: Sequence[ResourceChange], fewest: int, most: int, uphold: Uphold) -> None:
    """Hold every log group to a retention between the two."""
    uphold(logs.keep_logs_for_a_time(log_groups, minimum_days=fewest, maximum_days=most))


@then("each one moves or expires old objects")
def objects_expire(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every bucket to a lifecycle."""
    uphold(buckets.forget_old_objects(plan, examined_buckets))


@then("each one expires old images")
def images_expire(image_repositories: subjects.ImageRepositories, uphold: Uphold) -> None:
    """Hold every image repository to a lifecycle policy."""
    uphold(oversize.images_expire(image_repositories.plan))


@then("each one ends uploads that nobody finishes")
def broken_uploads_end(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every bucket to throwing parts of uploads away."""
    uphold(bucket_settings.give_up_broken_uploads(plan, examined_buckets))


@then("each one shrinks when it is idle")
def services_shrink(plan: Plan, services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to autoscaling."""
    uphold(oversize.shrink_when_idle(plan, services))


@then("none of them only ever adds tasks")
def policies_take_tasks_away(scaling_policies: subjects.ScalingPolicies, uphold: Uphold) -> None:
    """Hold every policy to taking tasks away as well."""
    uphold(scaling_rules.take_tasks_away(scaling_policies.plan))


@then(parsers.parse('each one carries the tags "{names}"'))
def resources_carry_tags(selection: selections.Selection, names: str, uphold: Uphold) -> None:
    """Hold each resource to the stated tags, in a map, in `tag` blocks or as labels; capitals count."""
    uphold(tagging.carry_tags(selection.plan, selection.resources, names=resources.texts(names)))


@then("its snapshots carry its tags")
def snapshots_are_tagged(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to tagging what it leaves behind."""
    uphold(durability.snapshots_are_tagged(databases))


@then("its tasks carry tags")
def tasks_carry_tags(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to handing tags on to its tasks."""
    uphold(tagging.hand_tags_on(services))


@then("no container logs every detail")
def not_chatty(
    task_definitions: Sequence[ResourceChange], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every container to a level of logging that somebody can pay for."""
    uphold(hardening.not_chatty(task_definitions, parameters.cost))


@then("a budget tells somebody before the month's money is spent")
def budget_warns(plan: Plan, services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the plan to a budget with a notification."""
    uphold(billing_alarms.watched_by_a_budget(plan, services))


@then("each one is no larger than what a month at the largest scale may cost")
def budgets_are_no_larger(budgets: subjects.Budgets, parameters: Parameters, uphold: Uphold) -> None:
    """Hold every monthly budget to policies/limits.toml."""
    limit = parameters.cost.monthly_budget_at_scale_usd
    uphold(billing_alarms.budgets_are_no_larger(budgets.plan, limit_usd=limit))


@then("each one counts costs that there are")
def budgets_count_something(budgets: subjects.Budgets, uphold: Uphold) -> None:
    """Hold the filter of every budget to tags that resources carry."""
    uphold(billing_alarms.budgets_count_something(budgets.plan))


@then("each one runs on the cheaper processors")
def tasks_on_arm(task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every task to AWS's own processors."""
    uphold(oversize.on_arm(task_definitions))


@then("each one is of a class with the cheaper processors")
def databases_on_arm(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to AWS's own processors."""
    uphold(oversize.databases_on_arm(databases))


@then("its images come past the NAT gateway")
def images_take_the_endpoint(plan: Plan, services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the plan to a gateway endpoint for S3."""
    uphold(billing_alarms.images_take_the_endpoint(plan, services))


@then("a month costs no more than the budget")
def month_is_within(month: Estimate, parameters: Parameters, uphold: Uphold) -> None:
    """Hold the estimate, everything at its smallest, to policies/limits.toml."""
    uphold(budget.month_within(month, budget_usd=parameters.cost.monthly_budget_usd))


@then("a month at the largest scale costs no more than the budget for it")
def month_at_scale_is_within(month: Estimate, parameters: Parameters, uphold: Uphold) -> None:
    """Hold the estimate, everything at its largest, to policies/limits.toml."""
    limit = parameters.cost.monthly_budget_at_scale_usd
    uphold(budget.month_at_scale_within(month, budget_usd=limit))


@then("the change adds no more to a month than one change may")
def increase_is_within(month: Estimate, parameters: Parameters, uphold: Uphold) -> None:
    """Hold the difference of after and before to policies/limits.toml."""
    uphold(budget.increase_within(month, limit_usd=parameters.cost.monthly_increase_usd))


@then("none of them is idle, and no public address is")
def nothing_is_idle(plan: Plan, balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every load balancer and every public address to serving something."""
    uphold(idle.nothing_idle(plan, balancers))


@then("its task is the smallest that fits the need")
def tasks_fit_the_need(
    plan: Plan,
    services: Sequence[ResourceChange],
    estimate: Estimate,
    parameters: Parameters,
    uphold: Uphold,
) -> None:
    """Hold the size of every task to the need in policies/limits.toml."""
    uphold(right_size.tasks_fit_the_need(plan, services, estimate, parameters.need))


@then("it runs no more tasks at the least than the need takes")
def no_spare_tasks(
    plan: Plan,
    services: Sequence[ResourceChange],
    estimate: Estimate,
    parameters: Parameters,
    uphold: Uphold,
) -> None:
    """Hold the floor of every service to the need in policies/limits.toml."""
    uphold(right_size.no_spare_tasks(plan, services, estimate, parameters.need))


@then("no accepted class that fits the need costs less")
def databases_fit_the_need(
    databases: Sequence[Database], estimate: Estimate, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every database to the cheapest accepted class that fits the need."""
    limits = right_size.Limits(parameters.need, parameters.cost, parameters.capacity)
    uphold(right_size.databases_fit_the_need(databases, estimate, limits))


@then("no operations are paid for beyond the need")
def no_spare_iops(
    databases: Sequence[Database], estimate: Estimate, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every database to the operations that come with its storage, or that are needed."""
    uphold(right_size.no_spare_iops(databases, estimate, parameters.need))


@then("each one that uses a key asks for it once, and not for every object")
def buckets_ask_once(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every bucket with a KMS key to a key of the bucket."""
    uphold(bucket_settings.ask_for_keys_once(plan, examined_buckets))
