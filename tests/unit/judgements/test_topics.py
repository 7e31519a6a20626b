"""Can CloudWatch publish to a topic, who hears it, and does an alarm do anything with it?"""

from typing import Any, Final

import pytest

from planspec import Plan, ResourceChange, Verdict
from planspec.judgements.observability.alarm_actions import acts, is_silent, somebody_is_told, tells
from planspec.judgements.observability.topics import lets_cloudwatch_in, somebody_listens
from tests.support.access import says
from tests.support.plans import block, configuration, constant, plan, refers, resource

Statement = dict[str, Any]
TOPIC: Final = "aws_sns_topic"
KEY: Final = "aws_kms_key"
ALIAS: Final = "aws_kms_alias"
ALARM: Final = "aws_cloudwatch_metric_alarm"
COMPOSITE: Final = "aws_cloudwatch_composite_alarm"
CLOUDWATCH: Final = {"Service": "cloudwatch.amazonaws.com"}
USE: Final = ["kms:Decrypt", "kms:GenerateDataKey*"]
TO_TOPIC: Final = refers("aws_sns_topic.t.arn", "aws_sns_topic.t")
TO_KEY: Final = refers("aws_kms_key.k.arn", "aws_kms_key.k")
TO_ALIAS: Final = refers("aws_kms_alias.a.name", "aws_kms_alias.a")
VARIABLE: Final = refers("var.x")
PUBLISH: Final = "sns:Publish"
STRANGER: Final = {"AWS": "arn:aws:iam::111111111111:role/app"}


def lets(does: Any = PUBLISH, who: Any = CLOUDWATCH, effect: str = "Allow", **more: Any) -> Statement:
    """A statement of a policy on a topic or a key."""
    return {"Effect": effect, "Action": does, "Principal": who, "Resource": "*", **more}


def from_(*arns: str, operator: str = "ArnLike") -> Statement:
    """A condition on the source."""
    return {"Condition": {operator: {"aws:SourceArn": list(arns)}}}


def first(made: Plan, address: str) -> ResourceChange:
    """A resource of the plan, which is there."""
    found = made.find(address)
    assert found is not None
    return found


def takes(*parts: Statement, blocks: tuple[Statement, ...] = (), **topic: Any) -> bool | None:
    """Whether a topic lets CloudWatch publish to it; `blocks` are written, the topic by its values."""
    names = {"policy": VARIABLE, "kms_master_key_id": VARIABLE}
    written: dict[str, Any] = {name: names[name] for name in topic if name in names}
    if not any(each["address"] == f"{TOPIC}.t" for each in blocks):
        blocks = (block(TOPIC, "t", **written), *blocks)
    made = plan(resource(TOPIC, "t", **topic), *parts, configuration=configuration(*blocks))
    return lets_cloudwatch_in(made, first(made, f"{TOPIC}.t"))


@pytest.mark.parametrize(
    ("statements", "answer"),
    [
        pytest.param([lets()], True, id="CloudWatch"),
        pytest.param([lets("sns:*")], True, id="by a pattern"),
        pytest.param([lets("SNS:publish")], True, id="in another case"),
        pytest.param([lets(who="*")], True, id="everybody"),
        pytest.param([lets(who=STRANGER)], False, id="a role"),
        pytest.param([lets("sns:Subscribe")], False, id="another action"),
        pytest.param([], False, id="nothing"),
        pytest.param([lets(), lets(effect="Deny")], False, id="denied"),
        pytest.param(
            [lets(), lets(effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})],
            True,
            id="denied under a condition",
        ),
        pytest.param([lets(), lets(who=STRANGER, effect="Deny")], True, id="another one denied"),
        pytest.param(
            [lets(), {"Effect": "Deny", "NotAction": PUBLISH, "Principal": "*", "Resource": "*"}],
            None,
            id="all else denied",
        ),
        pytest.param(
            [{"Effect": "Allow", "NotAction": "sns:x", "Principal": "*", "Resource": "*"}],
            None,
            id="all but one action",
        ),
        pytest.param(
            [{"Effect": "Allow", "Action": PUBLISH, "NotPrincipal": STRANGER, "Resource": "*"}],
            None,
            id="all but one role",
        ),
        pytest.param(
            [lets(**from_("arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*"))], True, id="alarms"
        ),
        pytest.param([lets(**from_("*"))], True, id="any source"),
        pytest.param([lets(**from_("arn:aws:*:eu-west-1:111111111111:*"))], True, id="any service"),
        pytest.param([lets(**from_("arn:aws:s3:::images"))], False, id="a bucket"),
        pytest.param([lets(**from_("images"))], False, id="a source that is no ARN"),
        pytest.param(
            [lets(**from_("arn:aws:s3:::a", "arn:aws:cloudwatch:::alarm:x"))], True, id="one of two"
        ),
        pytest.param(
            [lets(**from_("arn:aws:s3:::images", operator="ArnNotLike"))], True, id="not a bucket"
        ),
        pytest.param(
            [lets(Condition={"ArnLike": {"AWS:SOURCEARN": "arn:aws:s3:::images"}})],
            False,
            id="a bucket, in another case",
        ),
        pytest.param(
            [lets(Condition={"StringEquals": {"aws:SourceAccount": "111111111111"}})],
            True,
            id="our account",
        ),
    ],
)
def test_the_policy_of_a_topic(statements: list[Statement], answer: bool | None) -> None:
    assert takes(policy=says(*statements)) is answer
    beside = resource("aws_sns_topic_policy", "p", arn=..., policy=says(*statements))
    wired = (block(TOPIC, "t"), block("aws_sns_topic_policy", "p", arn=TO_TOPIC, policy=VARIABLE))
    assert takes(beside, blocks=wired) is answer


def test_a_topic_without_a_policy_of_its_own_takes_what_its_account_publishes() -> None:
    assert takes() is True
    assert takes(policy=None) is True
    # The provider will report the policy that AWS gives it.
    assert takes(policy=..., blocks=(block(TOPIC, "t"),)) is True
    assert takes(policy=...) is None


def test_a_policy_that_may_be_of_another_topic_is_open() -> None:
    beside = resource("aws_sns_topic_policy", "p", arn=..., policy=says(lets()))
    wired = (block(TOPIC, "t"), block("aws_sns_topic_policy", "p", arn=VARIABLE, policy=VARIABLE))
    assert takes(beside, blocks=wired) is None


def encrypted(policy: Any, *, beside: bool = False, alias: bool = False) -> bool | None:
    """Whether a topic lets CloudWatch in whose key of this plan has a policy."""
    parts, blocks = [], [block(TOPIC, "t", kms_master_key_id=TO_ALIAS if alias else TO_KEY)]
    if alias:
        parts.append(resource(ALIAS, "a", name="alias/a", target_key_id=...))
        blocks.append(block(ALIAS, "a", name=constant("alias/a"), target_key_id=TO_KEY))
    if beside:
        parts += [resource(KEY, "k"), resource("aws_kms_key_policy", "p", key_id=..., policy=policy)]
        blocks += [block(KEY, "k"), block("aws_kms_key_policy", "p", key_id=TO_KEY, policy=VARIABLE)]
    else:
        parts.append(resource(KEY, "k", policy=policy))
        blocks.append(block(KEY, "k", policy=VARIABLE))
    return takes(*parts, blocks=tuple(blocks), kms_master_key_id=...)


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("alias", [False, True])
@pytest.mark.parametrize(
    ("statements", "answer"),
    [
        ([lets(USE)], True),
        ([lets("kms:*")], True),
        ([lets("kms:Decrypt"), lets("kms:GenerateDataKey")], True),
        ([lets("kms:Decrypt")], False),
        ([lets("kms:GenerateDataKey*")], False),
        ([lets(USE, STRANGER)], False),
        ([lets(USE), lets("kms:Decrypt", effect="Deny")], False),
    ],
)
def test_the_policy_of_the_key_of_a_topic(
    statements: list[Statement], answer: bool, *, alias: bool, beside: bool
) -> None:
    assert encrypted(says(*statements), beside=beside, alias=alias) is answer


def test_a_key_that_lets_in_its_account_alone_shuts_cloudwatch_out() -> None:
    unwritten = (block(TOPIC, "t", kms_master_key_id=TO_KEY), block(KEY, "k"))
    assert takes(resource(KEY, "k", policy=...), blocks=unwritten, kms_master_key_id=...) is False
    assert encrypted(...) is None
    # So does the key that AWS manages for SNS, whose policy is its own.
    assert takes(kms_master_key_id="alias/aws/sns") is False


def test_a_key_from_elsewhere_is_taken_to_let_it_in() -> None:
    assert takes(kms_master_key_id="arn:aws:kms:eu-west-1:111111111111:key/1") is True
    assert takes(kms_master_key_id=...) is None
    assert takes(kms_master_key_id=None) is True


def test_a_policy_of_some_key_leaves_it_open() -> None:
    wired = (
        block(TOPIC, "t", kms_master_key_id=TO_KEY),
        block(KEY, "k"),
        block("aws_kms_key_policy", "p", key_id=VARIABLE, policy=VARIABLE),
    )
    policy = resource("aws_kms_key_policy", "p", key_id=..., policy=says(lets(USE)))
    assert takes(resource(KEY, "k"), policy, blocks=wired, kms_master_key_id=...) is None


def heard(*subscriptions: Statement, alarm: bool = True, written: Any = TO_TOPIC) -> Any:
    """What is judged of a topic with these subscriptions, to which an alarm publishes or none."""
    alarms = [resource(ALARM, "a", alarm_actions=...)] if alarm else []
    blocks = [block(ALARM, "a", alarm_actions=TO_TOPIC)] if alarm else []
    made = plan(
        resource(TOPIC, "t", name="ops"),
        *alarms,
        *(
            resource("aws_sns_topic_subscription", f"s{number}", topic_arn=..., **dict(each))
            for number, each in enumerate(subscriptions)
        ),
        configuration=configuration(
            block(TOPIC, "t"),
            *blocks,
            *(
                block("aws_sns_topic_subscription", f"s{number}", topic_arn=written)
                for number in range(len(subscriptions))
            ),
        ),
    )
    return somebody_listens(made, [first(made, f"{TOPIC}.t")])


MAIL: Final = {"protocol": "email", "endpoint": "ops@example.com"}
BODY: Final = {"filter_policy_scope": "MessageBody"}
HEARD, UNHEARD, OPEN = Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("subscription", "verdict"),
    [
        pytest.param(MAIL, HEARD, id="mail"),
        pytest.param(MAIL | {"endpoint": "ops"}, UNHEARD, id="no address"),
        pytest.param(MAIL | {"endpoint": "@example.com"}, UNHEARD, id="no name"),
        pytest.param(MAIL | {"endpoint": "ops@"}, UNHEARD, id="no host"),
        pytest.param({"protocol": "email-json", "endpoint": "ops"}, UNHEARD, id="mail in JSON"),
        pytest.param({"protocol": "sqs", "endpoint": "arn:aws:sqs:::q"}, HEARD, id="a queue"),
        pytest.param({"protocol": "email", "endpoint": ...}, HEARD, id="an address of apply"),
        pytest.param(MAIL | {"endpoint": None}, UNHEARD, id="no endpoint"),
        pytest.param(MAIL | {"pending_confirmation": True}, OPEN, id="not yet confirmed"),
        pytest.param(MAIL | {"pending_confirmation": False}, HEARD, id="confirmed"),
        pytest.param(MAIL | {"filter_policy": '{"a":["x"]}'}, UNHEARD, id="an attribute is asked"),
        pytest.param(
            MAIL | {"filter_policy": '{"a":[{"exists":false}]}'},
            HEARD,
            id="an attribute must be missing",
        ),
        pytest.param(
            MAIL | {"filter_policy": '{"a":[{"exists":false}],"b":["x"]}'}, UNHEARD, id="one of both"
        ),
        pytest.param(MAIL | {"filter_policy": ...}, OPEN, id="a filter of apply"),
        pytest.param(MAIL | BODY | {"filter_policy": "{}"}, HEARD, id="a filter of nothing"),
        pytest.param(
            MAIL | BODY | {"filter_policy": '{"NewStateValue":["ALARM","OK"]}'}, HEARD, id="alarms"
        ),
        pytest.param(
            MAIL | BODY | {"filter_policy": '{"NewStateValue":["OK"]}'}, UNHEARD, id="the end of alarms"
        ),
        pytest.param(MAIL | BODY | {"filter_policy": '{"Region":["x"]}'}, OPEN, id="another part"),
    ],
)
def test_a_subscription_that_hears_alarms(subscription: Statement, verdict: Verdict) -> None:
    assert heard(subscription).verdict is verdict


def test_a_filter_counts_for_alarms_alone() -> None:
    assert heard(MAIL | {"filter_policy": '{"a":["x"]}'}, alarm=False).verdict is HEARD


def test_one_of_two_subscriptions_is_enough() -> None:
    assert heard(MAIL | {"endpoint": None}, MAIL).verdict is HEARD


def test_what_is_said_of_a_topic_that_no_one_hears() -> None:
    (alone,) = heard().findings
    assert (alone.verdict, alone.address, alone.path) == (UNHEARD, f"{TOPIC}.t", "name")
    assert alone.observed == "no subscription could be matched to it"
    assert (alone.expected, alone.remedy) == ("a subscriber", "add aws_sns_topic_subscription")
    (silent,) = heard(MAIL | {"endpoint": None}).findings
    assert silent.observed == (
        "no subscription that receives its messages could be matched to it: none counts that has"
        " no endpoint, waits to be confirmed, or has a filter that lets no alarm through"
    )
    assert silent.related == ("aws_sns_topic_subscription.s0",)
    assert heard(MAIL, written=VARIABLE).verdict is OPEN


def rings(
    *more: Statement, blocks: tuple[Statement, ...] = (), written: Any = TO_TOPIC, **values: Any
) -> tuple[Plan, ResourceChange]:
    """A plan with an alarm called cpu, written by this expression, and what is beside it."""
    made = plan(
        resource(ALARM, "a", **{"alarm_name": "cpu", "alarm_actions": ..., **values}),
        resource(TOPIC, "t"),
        *more,
        configuration=configuration(
            block(ALARM, "a", alarm_actions=written), block(TOPIC, "t"), *blocks
        ),
    )
    return made, first(made, f"{ALARM}.a")


STOPS: Final = ["arn:aws:automate:eu-west-1:ec2:stop"]
SCALES: Final = ["arn:aws:autoscaling:eu-west-1:111111111111:scalingPolicy:x"]
TELLS: Final = ["arn:aws:sns:eu-west-1:111111111111:ops"]
POLICY: Final = "aws_appautoscaling_policy"
TO_POLICY: Final = refers(f"{POLICY}.p.arn", f"{POLICY}.p")


@pytest.mark.parametrize(
    ("values", "written", "does"),
    [
        ({}, TO_TOPIC, True),
        ({"actions_enabled": False}, TO_TOPIC, False),
        ({"actions_enabled": ...}, TO_TOPIC, None),
        ({"alarm_actions": []}, constant([]), False),
        ({"alarm_actions": None}, constant(None), False),
        ({"alarm_actions": TELLS}, constant(TELLS), True),
        ({"alarm_actions": ["ops"]}, constant(["ops"]), False),
        ({"alarm_actions": [*TELLS, "ops"]}, constant([*TELLS, "ops"]), False),
        ({}, VARIABLE, None),
        ({"alarm_actions": [...]}, TO_TOPIC, True),
        ({"alarm_actions": [...]}, VARIABLE, None),
        ({}, refers("aws_s3_bucket.b.arn", "aws_s3_bucket.b"), None),
    ],
)
def test_an_alarm_that_acts(values: Any, written: Any, does: bool | None) -> None:
    made, alarm = rings(resource("aws_s3_bucket", "b"), written=written, **values)
    assert acts(made, alarm) is does


@pytest.mark.parametrize(
    ("actions", "written", "silent"),
    [
        (STOPS, constant(STOPS), True),
        (SCALES, constant(SCALES), True),
        ([*STOPS, *SCALES], constant([]), True),
        (["arn:aws:swf"], constant([]), True),
        ([*STOPS, *TELLS], constant([]), False),
        (TELLS, constant(TELLS), False),
        (["ops"], constant(["ops"]), False),
        (["arn:aws"], constant(["arn:aws"]), False),
        ([], constant([]), False),
        ([...], TO_POLICY, True),
        (..., TO_POLICY, True),
        ([...], TO_TOPIC, False),
        ([...], VARIABLE, False),
        (..., refers(*TO_POLICY["references"], *TO_TOPIC["references"]), False),
    ],
)
def test_an_alarm_that_only_scales_or_stops_something(
    actions: Any, written: Any, *, silent: bool
) -> None:
    made, alarm = rings(
        resource(POLICY, "p"), blocks=(block(POLICY, "p"),), written=written, alarm_actions=actions
    )
    assert is_silent(made, alarm) is silent
    if silent:
        assert tells(made, alarm) is False


COMPOSED: Final = refers(f"{ALARM}.a.alarm_name", f"{ALARM}.a")


@pytest.mark.parametrize(
    ("composite", "written", "told"),
    [
        ({"alarm_rule": "ALARM(cpu)"}, {}, True),
        ({"alarm_rule": 'ALARM("cpu")'}, {}, True),
        ({"alarm_rule": "ALARM('cpu')"}, {}, True),
        ({"alarm_rule": "(ALARM(disk) OR ALARM(cpu))"}, {}, True),
        ({"alarm_rule": "ALARM(disk) AND ALARM(cpu)"}, {}, None),
        ({"alarm_rule": "ALARM(disk)"}, {}, False),
        ({"alarm_rule": "ALARM(cpu)", "actions_suppressor": [{"alarm": "x"}]}, {}, None),
        ({"alarm_rule": "ALARM(cpu)", "alarm_actions": []}, {}, False),
        ({"alarm_rule": "ALARM(cpu)", "alarm_actions": STOPS}, {}, False),
        ({"alarm_rule": "ALARM(cpu)", "alarm_actions": [...]}, {"alarm_actions": VARIABLE}, None),
        ({"alarm_rule": ...}, {"alarm_rule": COMPOSED}, None),
        ({"alarm_rule": ...}, {"alarm_rule": refers(f"{ALARM}.b.alarm_name", f"{ALARM}.b")}, False),
        ({"alarm_rule": ...}, {"alarm_rule": VARIABLE}, None),
    ],
)
def test_a_composite_alarm_tells_for_another(composite: Any, written: Any, told: bool | None) -> None:
    made, alarm = rings(
        resource(COMPOSITE, "c", **{"alarm_actions": TELLS, **composite}),
        resource(ALARM, "b", alarm_name="disk", alarm_actions=[]),
        blocks=(block(COMPOSITE, "c", **written), block(ALARM, "b", alarm_name=constant("disk"))),
        alarm_actions=STOPS,
    )
    assert tells(made, alarm) is told


def test_of_two_composite_alarms_one_is_enough() -> None:
    made, alarm = rings(
        resource(COMPOSITE, "b", alarm_rule="ALARM(disk)", alarm_actions=TELLS),
        resource(COMPOSITE, "c", alarm_rule="ALARM(cpu)", alarm_actions=TELLS),
        alarm_actions=[],
    )
    assert tells(made, alarm) is True
    assert somebody_is_told(made, [alarm]).verdict is HEARD


def test_what_is_said_of_an_alarm_that_does_nothing() -> None:
    made, alarm = rings(alarm_actions=[], written=constant([]))
    (finding,) = somebody_is_told(made, [alarm]).findings
    assert (finding.verdict, finding.path) == (UNHEARD, "alarm_actions")
    assert finding.expected == "alarm actions enabled, with an action"
    assert finding.remedy == "set alarm_actions to the topic of those on call"
    made, alarm = rings(written=VARIABLE)
    (finding,) = somebody_is_told(made, [alarm]).findings
    assert finding.verdict is OPEN


def test_what_is_said_of_an_alarm_whose_topic_shuts_it_out() -> None:
    made = plan(
        resource(ALARM, "a", alarm_actions=...),
        resource(TOPIC, "t", policy=says(lets(who=STRANGER))),
        configuration=configuration(
            block(ALARM, "a", alarm_actions=TO_TOPIC), block(TOPIC, "t", policy=VARIABLE)
        ),
    )
    alarm = first(made, f"{ALARM}.a")
    assert acts(made, alarm) is False
    (finding,) = somebody_is_told(made, [alarm]).findings
    assert finding.observed == "the policy or the key of its topic does not let CloudWatch publish to it"
    assert finding.remedy == (
        "set alarm_actions to the topic of those on call;"
        " let cloudwatch.amazonaws.com use the topic and its key"
    )
