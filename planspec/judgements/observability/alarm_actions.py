"""Does an alarm have an action that can be carried out, and does it send a notification?"""

from collections.abc import Sequence
from typing import Final

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.judgements.observability.topics import TOPIC, lets_cloudwatch_in
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange
from planspec.references import Grade, graph

# What can be the action of an alarm. Source: Amazon CloudWatch API, PutMetricAlarm, AlarmActions.
SCALING: Final = frozenset({"aws_appautoscaling_policy", "aws_autoscaling_policy"})
ACTIONS: Final = SCALING | {
    *("aws_lambda_alias", "aws_lambda_function", TOPIC, "aws_ssmincidents_response_plan")
}
COMPOSITE: Final = "aws_cloudwatch_composite_alarm"
# Services of which an action does something and tells nobody: scaling, and stopping of instances.
SILENT_SERVICES: Final = frozenset({"autoscaling", "automate", "swf"})


def alarms(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the metric alarms that exist once the plan is applied."""
    return plan.remaining("aws_cloudwatch_metric_alarm")


def acts(plan: Plan, alarm: ResourceChange) -> bool | None:
    """Whether the alarm has an action that can be carried out; None if apply decides.

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
    if told is True:
        told = _topics_take_it(plan, alarm)
    return False if enabled == Known(False) else told


def tells(plan: Plan, alarm: ResourceChange) -> bool | None:
    """Whether somebody is told: by the alarm itself, or by a composite alarm that it makes ring.

    What only scales or stops something tells nobody.
    """
    own = False if is_silent(plan, alarm) else acts(plan, alarm)
    return own if own is True else _either(own, _by_composite(plan, alarm, tell=True))


def _either(one: bool | None, other: bool | None) -> bool | None:
    return True if True in (one, other) else None if None in (one, other) else False


def is_silent(plan: Plan, alarm: ResourceChange) -> bool:
    """Whether every action surely only scales or stops something."""
    readings = [each.reading for each in alarm.after.get("alarm_actions").elements()]
    services = [str(each.value).split(":") for each in readings if isinstance(each, Known)]
    if any(len(each) < 3 or each[2] not in SILENT_SERVICES for each in services):
        return False
    if len(services) == len(readings):
        return bool(services)
    found = graph(plan).of(alarm, "alarm_actions")
    kinds = {each.change.type if each.change else "" for each in found.targets}
    return found.followed and bool(kinds) and kinds <= SCALING


def _by_composite(plan: Plan, alarm: ResourceChange, *, tell: bool = False) -> bool | None:
    """Whether a composite alarm acts when this one rings; None if its rule asks more than that.

    Source: Amazon CloudWatch API, PutCompositeAlarm, AlarmRule.
    """
    answers = []
    for composite in plan.remaining(COMPOSITE):
        means = _rings_with(plan, composite, alarm)
        own = acts(plan, composite)
        if own is False or means is False or (tell and is_silent(plan, composite)):
            continue
        answers.append(True if means and own else None)
    return True if True in answers else None if answers else False


def _rings_with(plan: Plan, composite: ResourceChange, alarm: ResourceChange) -> bool | None:
    """Whether the composite alarm rings whenever this one does."""
    rule, name = composite.after.get("alarm_rule").peek(), alarm.after.get("alarm_name").peek()
    if not isinstance(rule, Known) or not isinstance(name, Known):
        named = graph(plan).targets(composite, ("alarm_rule",), alarm.type)
        return False if named is not None and alarm.address not in named else None
    asked = [each.strip().strip("()").strip() for each in str(rule.value).split(" OR ")]
    ways = {f"ALARM({quote}{name.value}{quote}" for quote in ("", '"', "'")}
    if ways & set(asked) and composite.after.get("actions_suppressor").is_set is False:
        return True
    return None if str(name.value) in str(rule.value) else False


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


def _topics_take_it(plan: Plan, alarm: ResourceChange) -> bool | None:
    """Whether one of the actions is no topic of this plan that shuts CloudWatch out.

    A topic that is made elsewhere is taken to let it in.
    """
    named = graph(plan).targets(alarm, ("alarm_actions",), TOPIC) or ()
    topics = [topic for topic in map(plan.find, named) if topic is not None]
    if not topics or len(alarm.after.get("alarm_actions").elements()) > len(topics):
        return True
    answers = [lets_cloudwatch_in(plan, topic) for topic in topics]
    return True if True in answers else None if None in answers else False


def somebody_is_told(plan: Plan, alarms: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each CloudWatch alarm has its actions enabled, and one that can be carried out.

    An alarm without actions counts if a composite alarm acts for it.
    """
    return judge((alarm.address for alarm in alarms), (_mute(plan, alarm) for alarm in alarms))


def _mute(plan: Plan, alarm: ResourceChange) -> Finding | None:
    own = acts(plan, alarm)
    answer = own if own is True else _either(own, _by_composite(plan, alarm))
    if answer is True:
        return None
    place = alarm.after.get("alarm_actions")
    shut = place.is_set is not False and _topics_take_it(plan, alarm) is False
    return found(
        alarm,
        place,
        Verdict.UNDETERMINED if answer is None else Verdict.VIOLATED,
        "alarm actions enabled, with an action",
        observed="the policy or the key of its topic does not let CloudWatch publish to it"
        if shut
        else "",
        remedy="set alarm_actions to the topic of those on call"
        + ("; let cloudwatch.amazonaws.com use the topic and its key" if shut else ""),
    )
