"""An adversary's tries: plans in which a title is false where nobody looks at first."""

from typing import Any, Final

from tests.golden.exposure.load_balancers import FIREWALL, FORWARDS, RECORD, rule, rules
from tests.golden.exposure.network import (
    API_GROUP,
    API_RULE,
    BALANCER_RULE,
    DATABASE,
    DATABASE_RULE,
    GROUPS,
    HTTPS,
    KUBERNETES,
    NETWORKS,
    PUBLIC_IP,
    SERVICE,
    SUBNET_GROUP,
    TO_DATABASE,
    WAYS,
    WAYS_IN,
    WAYS_OUT,
    ingress,
    kubernetes,
    old_rule,
    opened,
)
from tests.golden.recipe import Scenario
from tests.golden.shapes.buckets import BLOCK, BUCKET, CORS, LIST, NAME, OWNER, access_list, beside
from tests.support.before_after import there
from tests.support.cutting import only
from tests.support.database_clusters import CLUSTER, NOTHING, aurora, copied, refers
from tests.support.making import added, another, becomes, keyed
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without

BALANCER: Final = "aws_lb.main"
BALANCER_GROUP: Final = "aws_security_group.alb"
ITS_ID: Final = (f"{BALANCER_GROUP}.id", BALANCER_GROUP)
HOLDERS: Final = only(
    *("corrected", "aws_lb", "aws_security_group", "aws_vpc_security_group_ingress_rule"),
    *(SERVICE, DATABASE),
)
STEADY: Final = only("steady", "aws_lb", "aws_security_group", "aws_vpc_security_group_ingress_rule")
SERVICE_GROUPS: Final = "network_configuration[0].security_groups"
SERVICE_SUBNETS: Final = "network_configuration[0].subnets"
LISTENER, LISTENERS = "aws_lb_listener.http", only("corrected", "aws_lb", "aws_lb_listener")
DEFAULT_SUBNET: Final = "aws_default_subnet.one"
OF_THE_DATABASE: Final = "aws_security_group.database"


def list_of_the_world(rule_: str) -> Edit:
    """The rule names a prefix list of this plan, and all addresses are in that."""
    entry = {"cidr": "0.0.0.0/0", "description": ""}
    values = {"address_family": "IPv4", "entry": [entry], "max_entries": 1, "name": "world"}
    address = "aws_ec2_managed_prefix_list.world"
    return together(
        added(address, values),
        known(rule_, "cidr_ipv4", None),
        left_out(rule_, "referenced_security_group_id"),
        unknown(rule_, "prefix_list_id", *refers(address, "id")),
    )


def task_set(public: bool, **refers_: list[str]) -> Edit:
    """A task set of a service, with a network configuration of its own."""
    network: dict[str, Any] = {"assign_public_ip": public, "security_groups": []}
    values = {"cluster": "main", "service": "api", "network_configuration": [network]}
    made = added("aws_ecs_task_set.green", values)
    paths = (
        unknown("aws_ecs_task_set.green", f"network_configuration[0].{name}", *written)
        for name, written in refers_.items()
    )
    return together(made, *paths)


def subnet(address: str, *, public: bool | None) -> Edit:
    """A subnet that the plan makes or adopts."""
    return added(address, {"cidr_block": "10.0.8.0/24", "map_public_ip_on_launch": public})


def classic(protocol: str) -> Edit:
    """A Classic Load Balancer with one listener inside."""
    inside = {"instance_port": 8000, "instance_protocol": "http", "lb_port": 80}
    return added("aws_elb.old", {"listener": [{**inside, "lb_protocol": protocol}], "name": "old"})


def filtered(default: str, *filters: tuple[str, str, tuple[str, ...]]) -> Edit:
    """The record of the web ACL keeps or drops: behavior, requirement and actions of each filter."""
    written = [
        {
            "behavior": behavior,
            "condition": [
                {"action_condition": [{"action": each}], "label_name_condition": []} for each in actions
            ],
            "requirement": requirement,
        }
        for behavior, requirement, actions in filters
    ]
    return known(RECORD, "logging_filter", [{"default_behavior": default, "filter": written}])


def of_a_group(**action: Any) -> Edit:
    """The web ACL has one rule: a group of this plan, whose rule does this."""
    reference = {"rule_group_reference_statement": [{"arn": None}]}
    group = "aws_wafv2_rule_group.ours"
    path = "rule[0].statement[0].rule_group_reference_statement[0].arn"
    return together(
        rules({**rule(override="none"), "statement": [reference]}),
        added(
            group,
            {"name": "ours", "rule": [{"name": "inside", "action": [action]}]},
            computed=("arn", "id"),
        ),
        unknown(FIREWALL, path, *refers(group, "arn")),
    )


def balancer_setting(number: str, attribute: str, wrong: Any) -> Scenario:
    """A setting of load balancers, in the ways in which it is easily overlooked."""
    return (
        Scenario(number, only("corrected", BALANCER))
        .violated("an older name of the type", added("aws_alb.old", {attribute: wrong}), deceit="shape")
        .violated(
            "one key of two",
            keyed(BALANCER, "name", {"a": "a", "b": "b"}),
            known('aws_lb.main["b"]', attribute, wrong),
            deceit="another one",
        )
        .violated(
            "replaced by a worse one",
            known(BALANCER, attribute, wrong),
            becomes(BALANCER, "delete", "create"),
            deceit="before",
        )
    )


SCENARIOS = [
    Scenario("EXP-01.1", only("corrected", DATABASE))
    .violated("a replica is public", copied(publicly_accessible=True), deceit="another one")
    .violated(
        "one key of two public",
        keyed(DATABASE, "publicly_accessible", {"a": False, "b": True}),
        deceit="another one",
    )
    .violated(
        "a shard group of a private cluster",
        aurora(),
        added("aws_rds_shard_group.wide", {"publicly_accessible": True}),
        deceit="companion",
    )
    .undetermined(
        "a shard group that says nothing",
        aurora(),
        added("aws_rds_shard_group.wide", {"publicly_accessible": None}),
        deceit="default",
    ),
    Scenario("EXP-02.1", HOLDERS)
    .satisfied("each has its own group")
    .violated(
        "tasks have the group of the load balancer",
        unknown(SERVICE, SERVICE_GROUPS, *ITS_ID),
        deceit="overruled",
    )
    .violated(
        "the database has the group of the load balancer",
        unknown(DATABASE, "vpc_security_group_ids", *ITS_ID),
        deceit="overruled",
    )
    .violated(
        "an attached interface has the group",
        added(
            "aws_network_interface_sg_attachment.x",
            {"network_interface_id": "eni-1"},
            refers={"security_group_id": ITS_ID},
        ),
        deceit="companion",
    )
    .violated(
        "a launch template has the group",
        added("aws_launch_template.x", {"network_interfaces": [{"security_groups": None}]}),
        unknown("aws_launch_template.x", "network_interfaces[0].security_groups", *ITS_ID),
        deceit="shape",
    )
    .undetermined(
        "tasks may have the group of the load balancer",
        unknown(SERVICE, SERVICE_GROUPS, *ITS_ID, f"{API_GROUP}.id", API_GROUP, "var.which"),
        deceit="perhaps",
    )
    .undetermined("a prefix list of the world", list_of_the_world(API_RULE), deceit="shape")
    .violated("all of IPv6 in long form", opened(DATABASE_RULE, "0:0:0:0:0:0:0:0/0"), deceit="spelling")
    .violated("UDP by its number", known(BALANCER_RULE, "ip_protocol", "17"), deceit="spelling")
    .violated(
        "the default group of the VPC",
        added("aws_default_security_group.all", {"ingress": [ingress(["0.0.0.0/0"], 22, 22)]}),
        deceit="shape",
    )
    .violated("the load balancer goes", becomes(BALANCER, "delete"), deceit="companion")
    .satisfied(
        "a Classic Load Balancer has the group",
        without(BALANCER),
        added("aws_elb.old", {"name": "old"}, refers={"security_groups": ITS_ID}),
        base=GROUPS,
    )
    .satisfied(
        "a group that was read back",
        there(
            OF_THE_DATABASE, ingress=[ingress([], 5432, 5432) | {"security_groups": ["sg-0deadbeef"]}]
        ),
        base=STEADY,
    )
    .violated(
        "the world that was read back",
        there(OF_THE_DATABASE, ingress=[ingress(["0.0.0.0/0"], 5432, 5432)]),
        base=STEADY,
        deceit="before",
    ),
    Scenario("EXP-03.1", only("corrected", SERVICE))
    .satisfied("a task set without", task_set(False))
    .violated("a task set with one", task_set(True), deceit="companion")
    .violated(
        "one key of two",
        keyed(SERVICE, "name", {"a": "a", "b": "b"}),
        known('aws_ecs_service.api["b"]', PUBLIC_IP, True),
        deceit="another one",
    )
    .violated(
        "on machines of ours",
        known(SERVICE, "launch_type", "EC2"),
        known(SERVICE, PUBLIC_IP, True),
        deceit="engine",
    ),
    Scenario("EXP-04.1", LISTENERS)
    .satisfied("a Classic Load Balancer with TLS", classic("HTTPS"))
    .violated("a Classic Load Balancer", classic("http"), deceit="shape")
    .violated("a Classic Load Balancer alone", classic("tcp"), base=NOTHING, deceit="shape")
    .violated(
        "a redirect that keeps the protocol",
        known(LISTENER, "default_action[0].redirect[0].protocol", "#{protocol}"),
        deceit="spelling",
    )
    .violated(
        "a redirect that says no protocol",
        known(LISTENER, "default_action[0].redirect[0].protocol", None),
        deceit="default",
    )
    .violated(
        "a rule of an older name that forwards",
        added(
            "aws_alb_listener_rule.extra",
            {"action": [FORWARDS]},
            refers={"listener_arn": refers(LISTENER, "arn")},
        ),
        deceit="overruled",
    )
    .undetermined(
        "a Classic Load Balancer known after apply",
        classic("https"),
        unknown("aws_elb.old", "listener[0].lb_protocol"),
        deceit="perhaps",
    ),
    Scenario("EXP-05.1", only("corrected", BUCKET, BLOCK))
    .violated("the block goes", becomes(BUCKET, "no-op"), beside(BLOCK, "delete"), deceit="before")
    .undetermined(
        "two blocks that disagree", another(BLOCK, "second", block_public_acls=False), deceit="overruled"
    ),
    Scenario("EXP-05.3", only("corrected", BUCKET))
    .violated(
        "the second grant of a list",
        access_list(
            access_control_policy=[
                {
                    "grant": [
                        {"grantee": [{"id": "a1", "uri": ""}], "permission": "READ"},
                        {
                            "grantee": [
                                {"uri": "https://acs.amazonaws.com/groups/global/AuthenticatedUsers"}
                            ],
                            "permission": "READ",
                        },
                    ]
                }
            ]
        ),
        deceit="another one",
    )
    .undetermined(
        "a public list of an unknown bucket",
        access_list(acl="public-read"),
        unknown(LIST, "bucket", "local.bucket"),
        deceit="perhaps",
    )
    .undetermined(
        "a second list is public",
        access_list(acl="private"),
        added(
            "aws_s3_bucket_acl.two",
            {"acl": "public-read", "bucket": NAME},
            computed=("access_control_policy", "id"),
        ),
        deceit="overruled",
    ),
    Scenario("EXP-06.1", WAYS_OUT)
    .violated(
        "half of the internet",
        known(HTTPS, "cidr_ipv4", "128.0.0.0/1"),
        known(HTTPS, "to_port", 444),
        deceit="spelling",
    )
    .violated("UDP by its number", known(HTTPS, "ip_protocol", "17"), deceit="spelling")
    .violated(
        "all of IPv6 inside the group",
        known(API_GROUP, "egress", [ingress(["::/0"], 0, 0, "-1")]),
        deceit="shape",
    )
    .undetermined(
        "a prefix list of the world",
        list_of_the_world(HTTPS),
        known(HTTPS, "to_port", 444),
        deceit="shape",
    ),
    Scenario("EXP-06.2", WAYS)
    .violated(
        "a private network beside the internet",
        known(API_GROUP, "ingress", [ingress(["10.0.0.0/8", "0.0.0.0/0"], 0, 9999)]),
        deceit="another one",
    )
    .violated(
        "a group beside the internet",
        known(API_GROUP, "ingress", [ingress(["0.0.0.0/0"], 0, 9999) | {"security_groups": ["sg-1"]}]),
        deceit="another one",
    )
    .violated(
        "itself beside the internet",
        known(API_GROUP, "ingress", [ingress(["0.0.0.0/0"], 0, 9999) | {"self": True}]),
        deceit="another one",
    )
    .violated(
        "no ports at all",
        left_out(TO_DATABASE, "from_port"),
        left_out(TO_DATABASE, "to_port"),
        deceit="default",
    )
    .violated(
        "every port as minus one",
        known(TO_DATABASE, "from_port", -1),
        known(TO_DATABASE, "to_port", -1),
        deceit="unit",
    )
    .satisfied("ports of the internet in an older rule", old_rule(API_GROUP, "0.0.0.0/0", 80, 443))
    .undetermined(
        "ports perhaps of the internet in an older rule",
        old_rule(API_GROUP, "0.0.0.0/0", 80, 443),
        unknown("aws_security_group_rule.extra", "ipv6_cidr_blocks"),
        deceit="perhaps",
    ),
    Scenario("EXP-07.1", WAYS_IN)
    .violated(
        "a second group of the database",
        unknown(
            DATABASE, "vpc_security_group_ids", *refers(OF_THE_DATABASE, "id"), *refers(API_GROUP, "id")
        ),
        opened(API_RULE, "10.0.0.0/8"),
        deceit="another one",
    )
    .violated(
        "a cluster with the group",
        aurora(),
        unknown(CLUSTER, "vpc_security_group_ids", *refers(OF_THE_DATABASE, "id")),
        opened(DATABASE_RULE, "fd00::/8"),
        deceit="engine",
    )
    .violated(
        "a prefix list",
        list_of_the_world(DATABASE_RULE),
        known(DATABASE_RULE, "prefix_list_id", "pl-1"),
        deceit="shape",
    )
    .undetermined(
        "the default group of the VPC",
        left_out(DATABASE, "vpc_security_group_ids", computed=True),
        deceit="default",
    ),
    Scenario("EXP-08.1", only("corrected", BALANCER, "aws_wafv2_web_acl_association.main"))
    .violated(
        "the association goes",
        becomes("aws_wafv2_web_acl_association.main", "delete"),
        deceit="companion",
    )
    .violated("an older name of the type", added("aws_alb.old", {"internal": False}), deceit="shape")
    .violated("nothing said is public", another(BALANCER, "second", internal=None), deceit="default"),
    balancer_setting("EXP-08.2", "drop_invalid_header_fields", False),
    Scenario("EXP-08.3", only("corrected", FIREWALL, RECORD))
    .satisfied("what is blocked is kept", filtered("DROP", ("KEEP", "MEETS_ANY", ("BLOCK", "COUNT"))))
    .satisfied("what passes is dropped", filtered("KEEP", ("DROP", "MEETS_ANY", ("ALLOW",))))
    .violated("a filter drops everything", filtered("DROP"), deceit="empty")
    .violated(
        "a filter keeps what passes",
        filtered("DROP", ("KEEP", "MEETS_ALL", ("ALLOW",))),
        deceit="overruled",
    )
    .violated(
        "a filter drops what is blocked",
        filtered("KEEP", ("DROP", "MEETS_ANY", ("BLOCK",))),
        deceit="overruled",
    )
    .violated("the record goes", becomes(RECORD, "delete"), deceit="companion")
    .undetermined("a filter that apply decides", unknown(RECORD, "logging_filter"), deceit="perhaps"),
    Scenario("EXP-08.4", only("corrected", FIREWALL))
    .satisfied("a group of ours that blocks", of_a_group(block=[{}]))
    .violated("a group of ours that counts", of_a_group(block=[], count=[{}]), deceit="companion")
    .satisfied(
        "rules as JSON",
        left_out(FIREWALL, "rule"),
        known(FIREWALL, "rule_json", '[{"Name": "one", "Action": {"Block": {}}}]'),
    )
    .violated(
        "rules as JSON that count",
        left_out(FIREWALL, "rule"),
        known(FIREWALL, "rule_json", '[{"Name": "one", "Action": {"Count": {}}}]'),
        known(FIREWALL, "default_action", [{"allow": [], "block": [{"custom_response": []}]}]),
        deceit="shape",
    )
    .undetermined(
        "rules as JSON that apply decides",
        left_out(FIREWALL, "rule"),
        unknown(FIREWALL, "rule_json"),
        deceit="perhaps",
    ),
    balancer_setting("EXP-08.5", "desync_mitigation_mode", "monitor"),
    balancer_setting("EXP-08.6", "enable_waf_fail_open", True),
    Scenario("EXP-09.1", only("corrected", BUCKET, CORS))
    .violated(
        "the second origin",
        known(CORS, "cors_rule[0].allowed_origins", ["https://a.example.com", "*"]),
        deceit="another one",
    )
    .violated(
        "a second configuration",
        added(
            "aws_s3_bucket_cors_configuration.two",
            {"bucket": NAME, "cors_rule": [{"allowed_origins": ["*"]}]},
        ),
        deceit="overruled",
    )
    .violated(
        "a configuration of an unknown bucket",
        added("aws_s3_bucket_cors_configuration.two", {"cors_rule": [{"allowed_origins": ["*"]}]}),
        unknown("aws_s3_bucket_cors_configuration.two", "bucket", "local.bucket"),
        deceit="perhaps",
    ),
    Scenario("EXP-09.2", only("corrected", BUCKET, OWNER))
    .violated(
        "ACLs that are only preferred not to count",
        known(OWNER, "rule[0].object_ownership", "BucketOwnerPreferred"),
        deceit="spelling",
    )
    .violated("the setting goes", becomes(BUCKET, "no-op"), beside(OWNER, "delete"), deceit="before")
    .undetermined(
        "two settings that disagree",
        another(OWNER, "two", rule=[{"object_ownership": "ObjectWriter"}]),
        deceit="overruled",
    ),
    Scenario("EXP-10.1", NETWORKS)
    .violated(
        "a default subnet",
        subnet(DEFAULT_SUBNET, public=None),
        unknown(SUBNET_GROUP, "subnet_ids", *refers(DEFAULT_SUBNET, "id")),
        deceit="default",
    )
    .violated(
        "one subnet of two",
        subnet("aws_subnet.a", public=False),
        subnet("aws_subnet.b", public=True),
        unknown(
            SUBNET_GROUP, "subnet_ids", *refers("aws_subnet.a", "id"), *refers("aws_subnet.b", "id")
        ),
        deceit="another one",
    )
    .violated(
        "a cluster in a group of its own",
        aurora(db_subnet_group_name="its"),
        subnet("aws_subnet.b", public=True),
        added(
            "aws_db_subnet_group.its",
            {"name": "its"},
            refers={"subnet_ids": refers("aws_subnet.b", "id")},
        ),
        deceit="engine",
    ),
    Scenario("EXP-10.2", NETWORKS)
    .violated(
        "a default subnet",
        subnet(DEFAULT_SUBNET, public=True),
        unknown(SERVICE, SERVICE_SUBNETS, *refers(DEFAULT_SUBNET, "id")),
        deceit="shape",
    )
    .violated(
        "a task set in a public subnet",
        subnet("aws_subnet.b", public=True),
        task_set(False, subnets=refers("aws_subnet.b", "id")),
        deceit="companion",
    )
    .violated(
        "one subnet of two",
        subnet("aws_subnet.a", public=False),
        subnet("aws_subnet.b", public=True),
        unknown(SERVICE, SERVICE_SUBNETS, *refers("aws_subnet.a", "id"), *refers("aws_subnet.b", "id")),
        deceit="another one",
    ),
    Scenario("EXP-11.1", NOTHING)
    .violated("a wide public network", kubernetes(public_access_cidrs=["52.0.0.0/8"]), deceit="spelling")
    .violated(
        "access that nobody writes",
        kubernetes(endpoint_public_access=None, public_access_cidrs=["0.0.0.0/0"]),
        deceit="default",
    )
    .violated(
        "a second cluster",
        kubernetes(endpoint_public_access=False),
        another(
            KUBERNETES,
            "second",
            vpc_config=[{"endpoint_public_access": True, "public_access_cidrs": ["0.0.0.0/0"]}],
        ),
        deceit="another one",
    ),
]
