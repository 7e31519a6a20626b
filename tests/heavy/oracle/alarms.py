"""Which alarms tell somebody, written a second time: actions, composite alarms, topics and keys.

Whoever wrote it had not read the judgement. Sources: the guides of AWS, named where they are used.
"""

import re
from fnmatch import fnmatch
from typing import Any, Final

from tests.heavy.oracle.raw_plan import (
    SATISFIED,
    UNDETERMINED,
    UNKNOWN,
    VIOLATED,
    Plan,
    Resource,
    Statements,
    Unknown,
    Verdicts,
    asked,
    best,
    is_true,
    items,
    statements,
    worst,
)

ACTIONS: Final = (
    *("aws_appautoscaling_policy", "aws_autoscaling_policy", "aws_lambda_function", "aws_lambda_alias"),
)
TOPIC: Final = "aws_sns_topic"


def alarm_actions(plan: Plan) -> Verdicts:
    """OBS-05.1. An alarm tells by an action of its own, or by a composite alarm that rings with it.

    Source: AWS Security Hub, CloudWatch.15 and CloudWatch.17: they ask metric alarms alone.
    """
    return {each.address: tells(plan, each, []) for each in plan.of("aws_cloudwatch_metric_alarm")}


COMPOSITE: Final = "aws_cloudwatch_composite_alarm"


def tells(plan: Plan, alarm: Resource, inside: list[Resource]) -> str:
    """Whether an alarm has an action that works, itself or by composite alarms around it."""
    around = [
        worst([rings_with(plan, each, alarm), tells(plan, each, [*inside, alarm])])
        for each in plan.of(COMPOSITE)
        if each is not alarm and each not in inside
    ]
    own = worst([acts(plan, alarm), asked(alarm["actions_enabled"], is_true, True)])
    return best([own, *around])


def acts(plan: Plan, alarm: Resource) -> str:
    """Whether one of the actions of an alarm works, as far as the plan shows what it leads to."""
    actions = alarm["alarm_actions"]
    if actions is not UNKNOWN and UNKNOWN not in items(actions):
        topics = [each for each in plan.of(TOPIC) if each["arn"] in items(actions)]
        others = len(items(actions)) > len(topics)
        return best([*(takes_alarms(plan, each) for each in topics), SATISFIED if others else VIOLATED])
    led, whole = plan.reached(alarm, alarm.config.get("expressions", {}).get("alarm_actions"))
    answers = [
        takes_alarms(plan, each)
        if each.type == TOPIC
        else SATISFIED
        if each.type in ACTIONS
        else UNDETERMINED
        for each in led
    ]
    # Of several, the JSON does not say whether they are a list or a choice.
    return answers[0] if len(set(answers)) == 1 and whole else UNDETERMINED


def rings_with(plan: Plan, composite: Resource, alarm: Resource) -> str:
    """Whether a composite alarm is in ALARM whenever the other is: named, by OR alone, not suppressed.

    Source: Amazon CloudWatch API, PutCompositeAlarm, AlarmRule and ActionsSuppressor.
    """
    rule, name = composite["alarm_rule"], alarm["alarm_name"]
    if rule is UNKNOWN or name is UNKNOWN:
        written = composite.config.get("expressions", {}).get("alarm_rule")
        led, whole = plan.reached(composite, written)
        return UNDETERMINED if alarm in led or not whole or not led else VIOLATED
    state = r'\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"[^"]*"|[^")]*)\s*\)'
    named = re.findall(r'\bALARM\(\s*"?([^")]*?)"?\s*\)', str(rule))
    arns = [each.rpartition(":alarm:")[2] for each in named]
    if name not in arns:
        return VIOLATED
    between = set(re.sub(r"[()]", " ", re.sub(state, " ", str(rule))).split())
    return SATISFIED if between <= {"OR"} and not composite["actions_suppressor"] else UNDETERMINED


def takes_alarms(plan: Plan, topic: Resource) -> str:
    """Whether the policy and the key of a topic let CloudWatch publish; SNS lets its own account.

    Source: Amazon SNS Developer Guide, "Configuring Amazon SNS encryption" for event sources of AWS.
    """
    tied = plan.about(topic, ["aws_sns_topic_policy"], "arn", "arn")
    answers = [
        (lets(statements(plan, each, "policy", each["policy"]), "sns:Publish"), sure)
        for each, sure in tied
    ]
    if not tied and topic.block("policy") is not None:
        answers = [(lets(statements(plan, topic, "policy", topic["policy"]), "sns:Publish"), True)]
    policy = worst(each if sure or each == SATISFIED else UNDETERMINED for each, sure in answers)
    return worst([policy, key_takes_alarms(plan, topic)])


def key_takes_alarms(plan: Plan, topic: Resource) -> str:
    """Whether CloudWatch may use the key of a topic: never that of AWS, whose policy nobody changes."""
    named = topic["kms_master_key_id"]
    if not named:
        return SATISFIED
    expression = topic.config.get("expressions", {}).get("kms_master_key_id")
    led, whole = plan.reached(topic, expression) if named is UNKNOWN else ([], True)
    keys = [each for each in led if each.type == "aws_kms_key"]
    for each in plan.of("aws_kms_key") if isinstance(named, str) else []:
        keys += [each] if named in (each["arn"], each["id"], each["key_id"]) else []
    for alias in [each for each in led if each.type == "aws_kms_alias"]:
        keys += plan.reached(alias, alias.config.get("expressions", {}).get("target_key_id"))[0]
    if isinstance(named, str):
        ends = VIOLATED if named.endswith("alias/aws/sns") else SATISFIED
        return worst([ends, *(key_lets(plan, each) for each in keys)])
    return worst(key_lets(plan, each) for each in keys) if keys and whole else UNDETERMINED


def key_lets(plan: Plan, key: Resource) -> str:
    """Whether the policy of a key lets CloudWatch use it; without any, it is for its account alone."""
    needed = ("kms:Decrypt", "kms:GenerateDataKey")
    beside = plan.about(key, ["aws_kms_key_policy"], "key_id", "key_id", "arn")
    if beside:
        return worst(
            lets(statements(plan, each, "policy", each["policy"]), *needed) if sure else UNDETERMINED
            for each, sure in beside
        )
    if key.block("policy") is None:
        return VIOLATED if key.is_new else UNDETERMINED
    return lets(statements(plan, key, "policy", key["policy"]), *needed)


def lets(stated: Statements, *actions: str) -> str:
    """Whether a policy allows CloudWatch each of some actions, and denies none."""
    if isinstance(stated, Unknown):
        return UNDETERMINED
    opposite = {SATISFIED: VIOLATED, VIOLATED: SATISFIED, UNDETERMINED: UNDETERMINED}
    answers = []
    for action in actions:
        by_effect = {
            effect: best(covers(each, action) for each in stated if each.get("Effect") == effect)
            for effect in ("Allow", "Deny")
        }
        answers += [by_effect["Allow"], opposite[by_effect["Deny"]]]
    return worst(answers)


def covers(statement: dict[str, Any], action: str) -> str:
    """Whether a statement is about an action of CloudWatch."""
    principal = statement.get("Principal")
    named = (
        [name for each in principal.values() for name in items(each)]
        if isinstance(principal, dict)
        else items(principal)
    )
    whom = best(asked(each, lambda v: v in ("*", "cloudwatch.amazonaws.com")) for each in named)
    if "NotPrincipal" in statement or statement.get("NotAction"):
        whom = UNDETERMINED
    done = [
        asked(each, lambda v: fnmatch(action.lower(), str(v).lower()))
        for each in items(statement.get("Action"))
    ]
    what = UNDETERMINED if statement.get("NotAction") else best(done)
    conditions = [
        meets(str(key).lower(), items(values))
        for keys in (statement.get("Condition") or {}).values()
        for key, values in keys.items()
    ]
    return worst([whom, what, *conditions])


def meets(key: str, values: list[Any]) -> str:
    """Whether a message of an alarm of this account meets a condition.

    Source: AWS Identity and Access Management User Guide, "AWS global condition context keys".
    """
    if key in ("aws:sourceaccount", "aws:sourceowner"):
        return SATISFIED
    if key == "aws:securetransport":
        return best(asked(each, is_true) for each in values)
    if key == "aws:sourcearn":
        return best(
            asked(each, lambda v: v == "*" or ":cloudwatch:" in v or v.startswith("arn:aws:*:"))
            for each in values
        )
    return UNDETERMINED
