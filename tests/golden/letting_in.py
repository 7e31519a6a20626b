"""Golden plans about whom our resources let in, and what policies allow at all."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.iam_policies import allow, policy
from tests.support.making import added, another
from tests.support.recipe_edits import known, left_out, unknown, without

KEY: Final = "aws_kms_key.data"
TOPIC: Final = "aws_sns_topic_policy.alarms"
ROLE: Final = "aws_iam_role.task"
GIVEN: Final = "aws_iam_role_policy.task"
FIREWALL: Final = "aws_wafv2_web_acl.main"
RECORD: Final = "aws_wafv2_web_acl_logging_configuration.main"
TO_DATABASE: Final = "aws_vpc_security_group_egress_rule.api_database"
GROUP: Final = "aws_security_group.api"
ROOT: Final = {"AWS": "arn:aws:iam::123456789012:root"}
LOGS: Final = {"Service": "logs.eu-west-1.amazonaws.com"}
OURS: Final = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
BY_ARN: Final = {
    "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:*"}
}
ANY_ARN: Final = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*"}}
TO_ROLE: Final = {"role": [f"{ROLE}.name", ROLE]}
ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"

EVERYTHING: Final = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'

NOTHING: Final = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'


def use(**more: Any) -> dict[str, Any]:
    """A statement that lets somebody use a key."""
    return allow(more.pop("actions", "kms:Decrypt"), "*", **more)


HELD = only("corrected", KEY, TOPIC, ROLE)
RIGHTS = only("corrected", ROLE, GIVEN)
WAYS = only("corrected", GROUP, "aws_security_group.database", TO_DATABASE)

SCENARIOS = [
    Scenario("IDN-01.2", RIGHTS)
    .satisfied("as corrected")
    .satisfied("everything is denied", policy(GIVEN, allow("*", "*", Effect="Deny")))
    .violated("every action", policy(GIVEN, allow("*", "*")))
    .violated("every action on IAM", policy(GIVEN, allow(["s3:GetObject", "iam:*"], "*")))
    .violated(
        "all but some actions",
        policy(GIVEN, {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}),
    )
    .violated(
        "a policy that nobody has",
        added("aws_iam_policy.spare", {"name": "spare", "policy": EVERYTHING}),
    )
    .violated(
        "the administrators policy",
        added("aws_iam_role_policy_attachment.all", {"policy_arn": ADMINISTRATOR}, refers=TO_ROLE),
    )
    .violated("attached by the role itself", known(ROLE, "managed_policy_arns", [ADMINISTRATOR]))
    .violated("inside the role", known(ROLE, "inline_policy", [{"name": "all", "policy": EVERYTHING}]))
    .violated(
        "the second policy inside the role",
        known(
            ROLE,
            "inline_policy",
            [{"name": "none", "policy": NOTHING}, {"name": "all", "policy": EVERYTHING}],
        ),
    )
    .satisfied(
        "a policy inside the role", known(ROLE, "inline_policy", [{"name": "a", "policy": NOTHING}])
    )
    .satisfied(
        "a policy of our own attached",
        added("aws_iam_policy.spare", {"name": "spare", "policy": NOTHING}),
        added(
            "aws_iam_role_policy_attachment.spare",
            {},
            refers=TO_ROLE | {"policy_arn": ["aws_iam_policy.spare.arn", "aws_iam_policy.spare"]},
        ),
    )
    .undetermined(
        "a policy attached that apply decides",
        added(
            "aws_iam_role_policy_attachment.spare", {}, refers=TO_ROLE | {"policy_arn": ["var.policy"]}
        ),
    )
    .undetermined("known after apply", unknown(GIVEN, "policy")),
    Scenario("IDN-05.1", HELD)
    .satisfied("as corrected")
    .satisfied("the account decides", policy(KEY, use(actions="kms:*", Principal=ROOT)))
    .satisfied("everybody of one account", policy(KEY, use(Principal="*", Condition=OURS)))
    .satisfied("no policy of its own", left_out(KEY, "policy"))
    .violated("everybody", policy(KEY, use(Principal="*")))
    .violated("everybody in AWS", policy(TOPIC, use(actions="sns:Publish", Principal={"AWS": "*"})))
    .violated("any service", policy(TOPIC, use(actions="sns:Publish", Principal={"Service": "*"})))
    .violated(
        "all but one",
        policy(KEY, use(NotPrincipal={"AWS": "arn:aws:iam::111111111111:root"})),
    )
    .violated("a service may do everything", policy(KEY, use(actions="kms:*", Principal=LOGS)))
    .violated(
        "a role that everybody takes",
        known(
            ROLE,
            "assume_role_policy",
            '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]}',
        ),
    )
    .violated(
        "second key for everybody",
        another(KEY, "second"),
        policy("aws_kms_key.second", use(Principal="*")),
    )
    .undetermined("known after apply", unknown(KEY, "policy")),
    Scenario("IDN-05.2", HELD)
    .satisfied("as corrected")
    .satisfied("by what is encrypted", policy(KEY, use(Principal=LOGS, Condition=BY_ARN)))
    .satisfied("no service", policy(KEY, use(Principal=ROOT)))
    .violated("without a condition", policy(KEY, use(Principal=LOGS)))
    .violated("what is encrypted in any account", policy(KEY, use(Principal=LOGS, Condition=ANY_ARN)))
    .violated(
        "a topic for any account",
        policy(TOPIC, use(actions="sns:Publish", Principal={"Service": "budgets.amazonaws.com"})),
    )
    .undetermined("known after apply", unknown(TOPIC, "policy")),
    Scenario("EXP-08.3", only("corrected", FIREWALL, RECORD))
    .satisfied("as corrected")
    .violated("no record", without(RECORD))
    .violated("second firewall has none", another(FIREWALL, "second", name="second"))
    .undetermined("of which firewall is open", unknown(RECORD, "resource_arn", "local.firewall")),
    Scenario("EXP-06.2", WAYS)
    .satisfied("one port")
    .satisfied("to the internet is another question", known(TO_DATABASE, "cidr_ipv4", "0.0.0.0/0"))
    .violated("a range", known(TO_DATABASE, "to_port", 65535))
    .violated("every protocol", known(TO_DATABASE, "ip_protocol", "-1"))
    .violated(
        "a range inside the group",
        known(
            GROUP,
            "ingress",
            [
                {
                    "from_port": 0,
                    "to_port": 9999,
                    "protocol": "tcp",
                    "cidr_blocks": ["10.0.0.0/8"],
                    "ipv6_cidr_blocks": [],
                    "prefix_list_ids": [],
                    "security_groups": [],
                    "self": False,
                    "description": "",
                }
            ],
        ),
    )
    .undetermined("port known after apply", unknown(TO_DATABASE, "to_port")),
]
