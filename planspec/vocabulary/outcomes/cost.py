"""Outcomes about what is paid for: sizes, lifetimes, tags, budgets, the estimate of a month."""

from typing import Final

from planspec.judgements.capacity import alarm_limits
from planspec.judgements.containers import hardening
from planspec.judgements.cost import billing_alarms, idle, oversize, right_size, tagging
from planspec.judgements.cost import budgets as budget
from planspec.judgements.durability import durability
from planspec.judgements.encryption import buckets
from planspec.judgements.observability import logs
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

_GRAVITON: Final = "it must run on Graviton"
_ARM: Final = ("ARM", "arm64", "Graviton processors")

_SIZES: Final = (
    Outcome(
        subjects.TASK_DEFINITION,
        forms.APPROVED_MAXIMUM,
        "the task size",
        lambda a: oversize.tasks_right_sized(a.resources, a.parameters.cost),
        "cpu, memory",
        "no more than limits.toml",
        "CPU and memory of the task are within the limits of the policies.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.APPROVED_LIST,
        "instance class",
        lambda a: oversize.databases_right_sized(a.databases, a.parameters.cost),
        "instance_class",
        "a class that limits.toml lists",
        "Its class is one of those that the policies accept.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.IS,
        "the storage type",
        lambda a: oversize.storage_of_a_fair_price(a.databases),
        "storage_type",
        "gp3; shared storage of a cluster is billed by use",
        "It is on general purpose storage of the present generation.",
        texts=("gp3",),
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        _GRAVITON,
        "",
        lambda a: oversize.on_arm(a.resources),
        "runtime_platform.cpu_architecture",
        "ARM64",
        "Its tasks run on AWS's own processors, which cost less.",
        _ARM,
    ),
    Outcome(
        subjects.DB_INSTANCE,
        _GRAVITON,
        "",
        lambda a: oversize.databases_on_arm(a.databases),
        "instance_class",
        "a class with a g, such as db.m7g.large",
        "Its class has AWS's own processors, which cost less.",
        _ARM,
    ),
    Outcome(
        subjects.ECS_SERVICE,
        "its task size must be the smallest that meets the declared demand",
        "",
        lambda a: right_size.tasks_fit_the_need(
            a.plan, a.resources, a.inputs.estimate, a.parameters.need
        ),
        "cpu, memory of its task definition",
        "the smallest that meets the need",
        "Its tasks are the smallest that meet the demand of limits.toml.",
        ("right-sizing",),
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.DECLARED_DEMAND,
        "minimum task count",
        lambda a: right_size.no_spare_tasks(a.plan, a.resources, a.inputs.estimate, a.parameters.need),
        "desired_count, or min_capacity of its aws_appautoscaling_target and schedules",
        "no more than the need takes",
        "It runs no more tasks at the least than the demand of limits.toml takes.",
        ("right-sizing",),
    ),
    Outcome(
        subjects.DB_INSTANCE,
        "its instance class must be the cheapest for the declared demand",
        "",
        lambda a: right_size.databases_fit_the_need(
            a.databases,
            a.inputs.estimate,
            right_size.Limits(a.parameters.need, a.parameters.cost, a.parameters.capacity),
        ),
        "instance_class",
        "the cheapest accepted class that fits",
        "No accepted class that meets the demand of limits.toml costs less.",
        ("right-sizing",),
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.DECLARED_DEMAND,
        "provisioned IOPS",
        lambda a: right_size.no_spare_iops(a.databases, a.inputs.estimate, a.parameters.need),
        "iops",
        "what comes with the storage, or is needed",
        "No IOPS are paid for beyond the demand of limits.toml.",
        ("right-sizing",),
    ),
)
_LIFETIMES: Final = (
    Outcome(
        subjects.LOG_GROUP,
        forms.BETWEEN,
        "log retention",
        lambda a: logs.keep_logs_for_a_time(
            a.plan, a.resources, minimum_days=a.numbers[0], maximum_days=a.numbers[1]
        ),
        "retention_in_days",
        "days; 0 or no value means that logs never expire",
        "It keeps its logs for a time between the two.",
        unit="days",
    ),
    Outcome(
        subjects.BUCKET,
        "a lifecycle rule must expire or transition objects",
        "",
        lambda a: buckets.forget_old_objects(a.plan, a.resources),
        "aws_s3_bucket_lifecycle_configuration",
        "an enabled rule",
        "A rule moves or expires old objects; one for a prefix is enough.",
    ),
    Outcome(
        subjects.BUCKET,
        "a lifecycle rule must abort incomplete multipart uploads",
        "",
        lambda a: buckets.give_up_broken_uploads(a.plan, a.resources),
        "aws_s3_bucket_lifecycle_configuration: abort_incomplete_multipart_upload",
        "an enabled rule",
        "A rule deletes the parts of uploads that are never completed.",
    ),
    Outcome(
        subjects.REPOSITORY,
        forms.HAS,
        "a lifecycle policy",
        lambda a: oversize.images_expire(a.plan, a.resources),
        "aws_ecr_lifecycle_policy",
        "a policy that names it",
        "It has a policy that expires images; what that expires is not judged.",
    ),
    Outcome(
        subjects.BALANCER_OR_ADDRESS,
        "it must not be idle",
        "",
        lambda a: idle.nothing_idle(a.plan, a.resources),
        "aws_lb_listener; users of aws_eip",
        "a listener that forwards; something that uses it",
        "A load balancer forwards requests, and an address is in use.",
    ),
)
_SCALING: Final = (
    Outcome(
        subjects.ECS_SERVICE,
        forms.ENABLED,
        "autoscaling",
        lambda a: oversize.shrink_when_idle(a.plan, a.resources),
        "aws_appautoscaling_target and its policies",
        "a minimum below the maximum, and a policy or schedule",
        "It can run fewer tasks when there is less to do.",
    ),
    Outcome(
        subjects.TARGET_TRACKING,
        forms.ENABLED,
        "scale-in",
        lambda a: alarm_limits.take_tasks_away(a.resources),
        "target_tracking_scaling_policy_configuration.disable_scale_in",
        "false, or left out",
        "The policy takes tasks away as well; step scaling is not examined.",
        ("autoscaling",),
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        "the container log level must not be verbose",
        "",
        lambda a: hardening.not_chatty(a.resources, a.parameters.cost),
        "container_definitions: environment",
        "none of the levels that the policies list",
        "No container is configured to log every detail.",
    ),
)
_TAGS: Final = (
    Outcome(
        subjects.DB_INSTANCE,
        forms.ENABLED,
        "tag copying to snapshots",
        lambda a: durability.snapshots_are_tagged(a.databases),
        "copy_tags_to_snapshot",
        "true",
        "Its snapshots carry its tags.",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.ENABLED,
        "tag propagation to tasks",
        lambda a: tagging.hand_tags_on(a.resources),
        "propagate_tags",
        "SERVICE or TASK_DEFINITION",
        "Its tasks carry tags.",
    ),
)
_MONEY: Final = (
    Outcome(
        subjects.ECS_SERVICE,
        "it must be covered by an AWS budget that alerts at or below <number>% of its limit",
        "",
        lambda a: billing_alarms.watched_by_a_budget(a.plan, a.resources, percent=a.number),
        "aws_budgets_budget: notification",
        "a threshold of at most this",
        "A budget of the plan sends a notification in time; which costs it counts is not judged.",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        "it must be covered by an S3 gateway endpoint",
        "",
        lambda a: billing_alarms.images_take_the_endpoint(a.plan, a.resources),
        "aws_vpc_endpoint: service_name, vpc_endpoint_type, route_table_ids",
        "a gateway endpoint for S3",
        "Traffic to S3 takes no NAT gateway; which route tables have it is not judged.",
    ),
    Outcome(
        subjects.BUDGET,
        forms.APPROVED_MAXIMUM,
        "the budget limit",
        lambda a: billing_alarms.budgets_are_no_larger(
            a.resources, limit_usd=a.parameters.cost.monthly_budget_at_scale_usd
        ),
        "limit_amount",
        "no more than monthly_budget_at_scale_usd of limits.toml",
        "A budget for a month's cost does not exceed what a month may cost.",
    ),
    Outcome(
        subjects.BUDGET,
        "its tag filter must match a planned resource",
        "",
        lambda a: billing_alarms.budgets_count_something(a.plan, a.resources),
        "cost_filter",
        "user:KEY$VALUE of some resource",
        "A budget that is limited to a tag names one that some resource carries.",
    ),
    Outcome(
        subjects.MONTH,
        forms.APPROVED_MAXIMUM,
        "the monthly cost at minimum scale",
        lambda a: budget.month_within(
            a.inputs.estimate, budget_usd=a.parameters.cost.monthly_budget_usd
        ),
        "the whole plan",
        "no more than monthly_budget_usd of limits.toml",
        "The estimate of a month, everything at its smallest, is within the budget.",
    ),
    Outcome(
        subjects.MONTH,
        forms.APPROVED_MAXIMUM,
        "the monthly cost at maximum scale",
        lambda a: budget.month_at_scale_within(
            a.inputs.estimate, budget_usd=a.parameters.cost.monthly_budget_at_scale_usd
        ),
        "the whole plan",
        "no more than monthly_budget_at_scale_usd of limits.toml",
        "The estimate of a month, everything at its largest, is within the budget for it.",
    ),
    Outcome(
        subjects.MONTH,
        forms.APPROVED_MAXIMUM,
        "the monthly cost increase",
        lambda a: budget.increase_within(
            a.inputs.estimate, limit_usd=a.parameters.cost.monthly_increase_usd
        ),
        "the whole plan",
        "no more than monthly_increase_usd of limits.toml",
        "The change adds no more to a month than one change may.",
    ),
)

OUTCOMES: Final = (*_SIZES, *_LIFETIMES, *_SCALING, *_TAGS, *_MONEY)
