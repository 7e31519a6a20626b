"""Can CloudWatch publish to a topic, and does a subscription receive what is published?

Source: Amazon SNS Developer Guide, "Encrypting an Amazon SNS topic", services that publish to an
encrypted topic, and "Amazon SNS subscription filter policies".
"""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Final

from planspec.aws import Statement, statements
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.encryption.keys import of_aws
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, Reading, ResourceChange, Value
from planspec.references import graph

TOPIC: Final = "aws_sns_topic"
SUBSCRIPTION: Final = "aws_sns_topic_subscription"
CLOUDWATCH: Final = "cloudwatch.amazonaws.com"
# What CloudWatch needs of the key of a topic to which it publishes.
NEEDED: Final = ("kms:decrypt", "kms:generatedatakey")
ALARMS: Final = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")


def lets_cloudwatch_in(plan: Plan, topic: ResourceChange) -> bool | None:
    """Whether the policy and the key of a topic let CloudWatch publish to it; None if apply decides."""
    answers = (_policy_lets(plan, topic), _key_lets(plan, topic))
    return False if False in answers else None if None in answers else True


def _policy_lets(plan: Plan, topic: ResourceChange) -> bool | None:
    """Whether the policy of the topic does. The one that AWS gives it lets in all of its account."""
    joined = graph(plan).incoming("aws_sns_topic_policy", ("arn",), TOPIC)
    own = joined.to(topic)
    if own:
        return _allow(statements(plan, own[0], ("policy",)), ("sns:publish",))
    if joined.undecided:
        return None
    if topic.after.get("policy").reading is UNKNOWN and not graph(plan).is_written(topic, "policy"):
        return True
    if topic.after.get("policy").is_set is False:
        return True
    return _allow(statements(plan, topic, ("policy",)), ("sns:publish",))


def _key_lets(plan: Plan, topic: ResourceChange) -> bool | None:
    """Whether its key does: no key, one of this plan with a policy that says so, or one elsewhere.

    A key without a policy of its own lets in nobody but its account, and CloudWatch is a service.
    """
    place = topic.after.get("kms_master_key_id")
    if place.is_set is False:
        return True
    if of_aws(plan, place):
        return False
    key = _key_of(plan, topic)
    if key is None:
        return None if place.is_set is None else True
    joined = graph(plan).incoming("aws_kms_key_policy", ("key_id",), "aws_kms_key")
    if joined.to(key):
        return _allow(statements(plan, joined.to(key)[0], ("policy",)), NEEDED)
    if joined.undecided:
        return None
    written = graph(plan).is_written(key, "policy")
    if key.after.get("policy").reading is UNKNOWN and not written:
        return False
    return _allow(statements(plan, key, ("policy",)), NEEDED)


def _key_of(plan: Plan, topic: ResourceChange) -> ResourceChange | None:
    """The key of this plan that a topic has, by itself or by an alias."""
    path: tuple[str | int, ...] = ("kms_master_key_id",)
    holder = topic
    named = graph(plan).targets(topic, path, "aws_kms_alias")
    alias = plan.find(named[0]) if named and len(named) == 1 else None
    if alias is not None:
        holder, path = alias, ("target_key_id",)
    keys = graph(plan).targets(holder, path, "aws_kms_key")
    return plan.find(keys[0]) if keys and len(keys) == 1 else None


def _allow(stated: Sequence[Statement] | None, actions: Sequence[str]) -> bool | None:
    """Whether the statements let CloudWatch do all of these actions; None if apply decides."""
    if stated is None:
        return None
    answers = [_allow_one(stated, action) for action in actions]
    return False if False in answers else None if None in answers else True


def _allow_one(stated: Sequence[Statement], action: str) -> bool | None:
    denied = [
        _is_about(each, action)
        for each in stated
        if each.effect.if_there.peek() == Known("Deny") and not each.conditions
    ]
    allowed = [_is_about(each, action) for each in stated if each.allows]
    if True in denied:
        return False
    answer = True if True in allowed else None if None in allowed else False
    return None if answer and None in denied else answer


def _is_about(statement: Statement, action: str) -> bool | None:
    """Whether a statement is there and about CloudWatch and this action."""
    if statement.not_actions or statement.not_principals:
        return None
    who = [each.peek() for each in statement.if_there.principals]
    what = [each.peek() for each in statement.if_there.actions]
    answers = [
        _one_of(who, lambda name: name in {"*", CLOUDWATCH}),
        _one_of(what, lambda pattern: fnmatchcase(action, pattern.lower())),
        _lets_alarms(statement),
    ]
    if False in answers:
        return False
    return None if None in answers or statement.place.perhaps or statement.may_deny else True


def _one_of(readings: Sequence[Reading], accepts: Callable[[str], bool]) -> bool | None:
    if any(isinstance(each, Known) and accepts(str(each.value)) for each in readings):
        return True
    return None if UNKNOWN in readings else False


def _lets_alarms(statement: Statement) -> bool:
    """Whether its conditions may hold of an alarm: not where each source that it names is another."""
    sources = [
        [each.peek() for each in condition.values]
        for condition in statement.conditions
        if condition.key.lower() == "aws:sourcearn" and "not" not in condition.operator.lower()
    ]
    return not any(_one_of(each, _may_be_an_alarm) is False for each in sources)


def _may_be_an_alarm(pattern: str) -> bool:
    service = [*pattern.split(":"), "", "", ""][2]
    return pattern == "*" or "*" in service or service == "cloudwatch"


def somebody_listens(plan: Plan, topics: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each SNS topic has a subscription that receives its messages.

    One that waits to be confirmed may never receive any. Source: Amazon SNS Developer Guide,
    "Creating a subscription to an Amazon SNS topic".
    """
    return judge((topic.address for topic in topics), (_unheard(plan, topic) for topic in topics))


def _unheard(plan: Plan, topic: ResourceChange) -> Finding | None:
    joined = graph(plan).incoming(SUBSCRIPTION, ("topic_arn",), TOPIC)
    subscriptions = joined.to(topic)
    answers = [_hears(plan, each, topic) for each in subscriptions]
    if True in answers:
        return None
    observed = "no subscription could be matched to it"
    if subscriptions:
        observed = (
            "no subscription that receives its messages could be matched to it: none counts that has"
        )
        observed += " no endpoint, waits to be confirmed, or has a filter that lets no alarm through"
    return found(
        topic,
        topic.after.get("name"),
        Verdict.UNDETERMINED if joined.undecided or None in answers else Verdict.VIOLATED,
        "a subscriber",
        observed=observed,
        remedy="add aws_sns_topic_subscription",
        related=(each.address for each in subscriptions),
    )


def _hears(plan: Plan, subscription: ResourceChange, topic: ResourceChange) -> bool | None:
    """Whether a subscription receives what is published to the topic; None if apply decides."""
    after = subscription.after
    endpoint, protocol = after.get("endpoint"), after.get("protocol").peek()
    if endpoint.is_set is False:
        return False
    address = endpoint.peek()
    if protocol in (Known("email"), Known("email-json")) and isinstance(address, Known):
        name, at, host = str(address.value).partition("@")
        if not (name and at and host):
            return False
    answers = (
        None if after.get("pending_confirmation").peek() == Known(True) else True,
        _passes(after) if topic.address in plan.attached(_topics_of_alarms) else True,
    )
    return False if False in answers else None if None in answers else True


def _topics_of_alarms(plan: Plan) -> frozenset[str]:
    """The topics to which alarms of the plan publish."""
    found = (
        graph(plan).targets(alarm, ("alarm_actions",), TOPIC) or () for alarm in plan.remaining(*ALARMS)
    )
    return frozenset(address for each in found for address in each)


def _passes(subscription: Value) -> bool | None:
    """Whether the filter policy lets the message of an alarm through.

    Such a message has no attributes, and what it holds is in its body, in JSON.
    """
    policy = subscription.get("filter_policy")
    if policy.is_set is False:
        return True
    document = policy.document()
    if not isinstance(document.peek(), Known):
        return None
    keys = dict(document.entries())
    scope = subscription.get("filter_policy_scope").peek()
    if scope != Known("MessageBody"):
        return all(_takes_nothing(each) for each in keys.values())
    if set(keys) - {"NewStateValue"}:
        return None
    return (
        _one_of([each.peek() for each in keys["NewStateValue"].elements()], "ALARM".__eq__)
        if keys
        else True
    )


def _takes_nothing(condition: Value) -> bool:
    """Whether a condition of a filter holds where the attribute is missing."""
    return any(each.get("exists").peek() == Known(False) for each in condition.elements())
