"""Golden plans about who can reach the service."""

from typing import Any

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import added, another
from tests.support.recipe_edits import Edit, known, left_out, unknown, without

DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
LISTENER = "aws_lb_listener.http"
PUBLIC_IP = "network_configuration[0].assign_public_ip"
API_GROUP = "aws_security_group.api"
API_RULE = "aws_vpc_security_group_ingress_rule.api_alb"
DATABASE_RULE = "aws_vpc_security_group_ingress_rule.database_api"
BALANCER_RULE = "aws_vpc_security_group_ingress_rule.alb_https"
GROUPS = only("corrected", "aws_lb", "aws_security_group", "aws_vpc_security_group_ingress_rule")
INHERITED = only("inherited", "aws_lb", "aws_security_group")


def ingress(sources: list[str], first: int, last: int, protocol: str = "tcp") -> dict[str, object]:
    """One `ingress` block inside a security group; a source with a colon is IPv6."""
    return {
        "cidr_blocks": [source for source in sources if ":" not in source],
        "description": "",
        "from_port": first,
        "ipv6_cidr_blocks": [source for source in sources if ":" in source],
        "prefix_list_ids": [],
        "protocol": protocol,
        "security_groups": [],
        "self": False,
        "to_port": last,
    }


def old_rule(group: str, source: str, first: int, last: int, protocol: str = "tcp") -> Edit:
    """An `aws_security_group_rule`, the older way to write a rule by itself."""
    family = "ipv6_cidr_blocks" if ":" in source else "cidr_blocks"
    return added(
        "aws_security_group_rule.extra",
        {
            "description": None,
            "from_port": first,
            "prefix_list_ids": None,
            "protocol": protocol,
            "self": False,
            "to_port": last,
            "type": "ingress",
            "cidr_blocks": None,
            "ipv6_cidr_blocks": None,
            family: [source],
        },
        refers={"security_group_id": [f"{group}.id", group]},
        computed=("id", "security_group_rule_id", "source_security_group_id"),
    )


def opened(rule: str, source: str = "0.0.0.0/0") -> Edit:
    """A rule that named a security group as its source names addresses instead."""

    def edit(plan: dict[str, object]) -> None:
        left_out(rule, "referenced_security_group_id")(plan)
        known(rule, "cidr_ipv6" if ":" in source else "cidr_ipv4", source)(plan)

    return edit


REDIRECTS = {"type": "redirect", "redirect": [{"protocol": "HTTPS", "status_code": "HTTP_301"}]}
FORWARDS = {"type": "forward", "redirect": []}


def rule_of(listener: str, *actions: dict[str, Any]) -> Edit:
    """A rule of a listener does this before the listener's own action."""
    address = f"aws_lb_listener.{listener}"
    values = {"action": list(actions), "priority": 1}
    refers = {"listener_arn": [f"{address}.arn", address]}
    return added("aws_lb_listener_rule.extra", values, refers=refers)


SCENARIOS = [
    Scenario("EXP-01.1", only("corrected", "aws_db_instance"))
    .satisfied("private")
    .violated("public", known(DATABASE, "publicly_accessible", True))
    .violated("second one public", another(DATABASE, "second", publicly_accessible=True))
    .undetermined("left out", left_out(DATABASE, "publicly_accessible"))
    .undetermined("known after apply", unknown(DATABASE, "publicly_accessible")),
    Scenario("EXP-02.1", GROUPS)
    .satisfied("only the load balancer")
    .satisfied(
        "load balancer over IPv6 too", another(BALANCER_RULE, "six", cidr_ipv4=None, cidr_ipv6="::/0")
    )
    .satisfied("one office address", opened(API_RULE, "198.51.100.7/32"))
    .satisfied("private addresses", opened(API_RULE, "10.0.0.0/8"))
    .satisfied("private IPv6 addresses", opened(API_RULE, "fd00::/8"))
    .satisfied(
        "egress to the world",
        old_rule(API_GROUP, "0.0.0.0/0", 443, 443),
        known("aws_security_group_rule.extra", "type", "egress"),
    )
    .satisfied(
        "blocks inside the load balancers group",
        known("aws_security_group.api", "ingress", []),
        known("aws_security_group.database", "ingress", []),
        base=INHERITED,
    )
    .violated("as inherited", base=INHERITED)
    .violated("a rule of its own", opened(DATABASE_RULE))
    .violated("all of IPv6", opened(DATABASE_RULE, "::/0"))
    .violated("all of global IPv6", opened(DATABASE_RULE, "2000::/3"))
    .violated(
        "the world in two halves",
        opened(DATABASE_RULE, "0.0.0.0/1"),
        another(DATABASE_RULE, "other_half", cidr_ipv4="128.0.0.0/1"),
    )
    .violated("one half of the world", opened(DATABASE_RULE, "128.0.0.0/1"))
    .violated("wider than private", opened(API_RULE, "10.0.0.0/7"))
    .violated("a range of public addresses", opened(API_RULE, "198.51.0.0/16"))
    .violated("an older rule", old_rule("aws_security_group.database", "0.0.0.0/0", 5432, 5432))
    .violated("an older rule over IPv6", old_rule("aws_security_group.database", "::/0", 5432, 5432))
    .violated(
        "a port range with the database port",
        old_rule("aws_security_group.database", "0.0.0.0/0", 5000, 6000),
    )
    .violated("a block inside a group", known(API_GROUP, "ingress", [ingress(["0.0.0.0/0"], 22, 22)]))
    .violated("a block with IPv6 only", known(API_GROUP, "ingress", [ingress(["::/0"], 22, 22)]))
    .violated(
        "second of two blocks",
        known(
            API_GROUP,
            "ingress",
            [ingress(["10.0.0.0/16"], 22, 22), ingress(["10.0.0.0/16", "0.0.0.0/0"], 22, 22)],
        ),
    )
    .violated(
        "every protocol",
        opened(API_RULE),
        known(API_RULE, "ip_protocol", "-1"),
        left_out(API_RULE, "from_port"),
        left_out(API_RULE, "to_port"),
    )
    .violated(
        "every protocol in a block", known(API_GROUP, "ingress", [ingress(["0.0.0.0/0"], 0, 0, "-1")])
    )
    .violated(
        "a public port of a task",
        opened(API_RULE),
        known(API_RULE, "from_port", 443),
        known(API_RULE, "to_port", 443),
    )
    .violated(
        "the load balancer on port 22",
        known(BALANCER_RULE, "from_port", 22),
        known(BALANCER_RULE, "to_port", 22),
    )
    .violated("the load balancer on ports 80 to 443", known(BALANCER_RULE, "from_port", 80))
    .violated("the load balancer over UDP", known(BALANCER_RULE, "ip_protocol", "udp"))
    .violated(
        "the load balancer on every protocol",
        known(BALANCER_RULE, "ip_protocol", "-1"),
        left_out(BALANCER_RULE, "from_port"),
        left_out(BALANCER_RULE, "to_port"),
    )
    .violated("no load balancer", without("aws_lb.main"))
    .undetermined("source known after apply", opened(API_RULE), unknown(API_RULE, "cidr_ipv4"))
    .undetermined(
        "a source inside a block",
        known(API_GROUP, "ingress", [ingress(["10.0.0.0/16"], 22, 22)]),
        unknown(API_GROUP, "ingress[0].cidr_blocks"),
    )
    .undetermined("ingress known after apply", unknown(API_GROUP, "ingress"))
    .undetermined(
        "a prefix list",
        opened(API_RULE),
        left_out(API_RULE, "cidr_ipv4"),
        known(API_RULE, "prefix_list_id", "pl-0123456789abcdef0"),
    )
    .undetermined("the load balancers port known after apply", unknown(BALANCER_RULE, "from_port"))
    .undetermined(
        "the load balancers groups known after apply",
        unknown("aws_lb.main", "security_groups", "local.groups"),
    )
    .violated(
        "a port of ours, whoever has the group",
        opened(API_RULE),
        unknown(API_RULE, "security_group_id", "local.group"),
    )
    .undetermined(
        "a rule of an unknown group",
        opened(API_RULE),
        known(API_RULE, "from_port", 443),
        known(API_RULE, "to_port", 443),
        unknown(API_RULE, "security_group_id", "local.group"),
    ),
    Scenario("EXP-03.1", only("corrected", "aws_ecs_service"))
    .satisfied("private")
    .violated("public", known(SERVICE, PUBLIC_IP, True))
    .violated(
        "second service public",
        another(SERVICE, "worker"),
        known("aws_ecs_service.worker", PUBLIC_IP, True),
    )
    .undetermined("left out", left_out(SERVICE, PUBLIC_IP))
    .undetermined("no network configuration", left_out(SERVICE, "network_configuration"))
    .undetermined("known after apply", unknown(SERVICE, PUBLIC_IP)),
    Scenario("EXP-04.1", only("corrected", "aws_lb_listener"))
    .satisfied("HTTPS and a redirect")
    .satisfied("TLS", known("aws_lb_listener.https", "protocol", "TLS"))
    .violated("as inherited", base=only("inherited", "aws_lb_listener"))
    .violated("TCP", known("aws_lb_listener.https", "protocol", "TCP"))
    .violated(
        "redirect to plain HTTP", known(LISTENER, "default_action[0].redirect[0].protocol", "HTTP")
    )
    .satisfied("a rule that redirects", rule_of("http", REDIRECTS))
    .satisfied("a rule of the listener with TLS", rule_of("https", FORWARDS))
    .violated("a rule that forwards plain HTTP", rule_of("http", FORWARDS))
    .violated("a second rule that forwards plain HTTP", rule_of("http", REDIRECTS, FORWARDS))
    .undetermined(
        "what a rule does known after apply",
        rule_of("http", FORWARDS),
        unknown("aws_lb_listener_rule.extra", "action"),
    )
    .undetermined(
        "a rule of an unknown listener",
        rule_of("http", FORWARDS),
        unknown("aws_lb_listener_rule.extra", "listener_arn", "var.listener"),
    )
    .violated("plain HTTP forwards", known(LISTENER, "default_action[0].type", "forward"))
    .undetermined("protocol known after apply", unknown("aws_lb_listener.https", "protocol"))
    .undetermined("protocol left out", left_out("aws_lb_listener.https", "protocol"))
    .undetermined(
        "redirect known after apply", unknown(LISTENER, "default_action[0].redirect[0].protocol")
    ),
]
