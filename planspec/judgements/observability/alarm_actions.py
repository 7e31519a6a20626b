"""Does an alarm have an action, and does a topic have a subscription?"""

from collections.abc import Sequence

from planspec.finding import Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange
from planspec.references import Grade, graph

# What can be the action of an alarm. Source: Amazon CloudWatch API, PutMetricAlarm, AlarmActions.
ACTIONS = frozenset(
    {"aws_appautoscaling_policy", "aws_autoscaling_policy", "aws_lambda_alias", "aws_lambda_function"}
    | {"aws_sns_topic", "aws_ssmincidents_response_plan"}
)


def alarms(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the metric alarms that exist once the plan is applied."""
    return plan.remaining("aws_cloudwatch_metric_alarm")


def tells(plan: Plan, alarm: ResourceChange) -> bool | None:
    """Whether somebody is told; None if apply decides.

    Source: Amazon CloudWatch API, PutMetricAlarm, ActionsEnabled: true by default.
    """
    enabled = alarm.after.get("actions_enabled").reading
    if enabled is UNKNOWN:
        return None
    told = alarm.after.get("alarm_actions").is_set
    if told is None:
        told = True if _names_an_action(plan, alarm) else None
    elif told:
        told = _are_addresses(plan, alarm)
    return False if enabled == Known(False) else told


def _names_an_action(plan: Plan, alarm: ResourceChange) -> bool:
    """Whether actions that apply decides are surely some.

    A list that may be empty is made of more than what it may hold, such as what its condition asks.
    """
    found = graph(plan).of(alarm, "alarm_actions")
    kinds = [each.change.type if each.change else "" for each in found.targets]
    surely = (each.grade > Grade.TYPE_ONLY for each in found.targets)
    if any(sure and kind in ACTIONS for sure, kind in zip(surely, kinds, strict=True)):
        return True
    return found.followed and bool(kinds) and ACTIONS.issuperset(kinds)


def _are_addresses(plan: Plan, alarm: ResourceChange) -> bool | None:
    """Whether every action is an ARN: CloudWatch takes nothing else. None if apply decides that."""
    readings = [each.reading for each in alarm.after.get("alarm_actions").elements()]
    stated = [str(each.value).startswith("arn:") for each in readings if isinstance(each, Known)]
    if stated:
        return all(stated)
    targets = graph(plan).of(alarm, "alarm_actions").targets
    return True if any(each.grade > Grade.CANNOT_TELL for each in targets) else None


def somebody_is_told(plan: Plan, alarms: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each CloudWatch alarm has its actions enabled, and has one."""
    answers = [(alarm, tells(plan, alarm)) for alarm in alarms]
    return judge(
        (alarm.address for alarm in alarms),
        (
            found(
                alarm,
                alarm.after.get("alarm_actions"),
                Verdict.UNDETERMINED if told is None else Verdict.VIOLATED,
                "alarm actions enabled, with an action",
                remedy="set alarm_actions to the topic of those on call",
            )
            for alarm, told in answers
            if told is not True
        ),
    )


def somebody_listens(plan: Plan, topics: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each SNS topic has a subscription.

    Source: Amazon SNS Developer Guide, "Creating a subscription to an Amazon SNS topic".
    """
    joined = graph(plan).incoming("aws_sns_topic_subscription", ("topic_arn",), "aws_sns_topic")
    return judge(
        (topic.address for topic in topics),
        (
            found(
                topic,
                topic.after.get("name"),
                Verdict.UNDETERMINED if joined.undecided else Verdict.VIOLATED,
                "a subscriber",
                observed="no subscription could be matched to it",
                remedy="add aws_sns_topic_subscription",
            )
            for topic in topics
            if not joined.to(topic)
        ),
    )
