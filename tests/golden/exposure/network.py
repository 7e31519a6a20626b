"""Golden plans about addresses, and about ways into our networks and out of them."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import on_instances
from tests.support.before_after import there
from tests.support.cutting import only
from tests.support.database_clusters import (
    documents,
    elastic,
    graph,
    in_subnets,
    multi_az,
    serverless,
    small,
    sql,
    warehouse,
)
from tests.support.making import added, another
from tests.support.recipe_edits import (
    Edit,
    blocks,
    known,
    left_out,
    partly_known,
    together,
    unknown,
    without,
)
from tests.support.values_and_marks import Document

DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
PUBLIC_IP = "network_configuration[0].assign_public_ip"
API_GROUP = "aws_security_group.api"
API_RULE = "aws_vpc_security_group_ingress_rule.api_alb"
DATABASE_RULE = "aws_vpc_security_group_ingress_rule.database_api"
BALANCER_RULE = "aws_vpc_security_group_ingress_rule.alb_https"
GROUPS = only("corrected", "aws_lb", "aws_security_group", "aws_vpc_security_group_ingress_rule")
INHERITED = only("inherited", "aws_lb", "aws_security_group")
GRAPH, GRAPH_ONE = "aws_neptune_cluster.people", "aws_neptune_cluster_instance.one"
NOTHING: Final = only("corrected")
HTTPS = "aws_vpc_security_group_egress_rule.api_https"
WAYS_IN = only(
    *("corrected", DATABASE, "aws_security_group", "aws_vpc_security_group_ingress_rule"),
)
STANDING = only(
    *("steady", DATABASE, "aws_security_group", "aws_vpc_security_group_ingress_rule"),
)
FOREIGN: Final = "sg-0deadbeef"
WAYS_OUT = only("corrected", "aws_security_group", "aws_vpc_security_group_egress_rule")
INHERITED_GROUPS = only("inherited", "aws_security_group")
TO_DATABASE: Final = "aws_vpc_security_group_egress_rule.api_database"
GROUP: Final = "aws_security_group.api"
WAYS = only("corrected", GROUP, "aws_security_group.database", TO_DATABASE)
SUBNET_GROUP = "aws_db_subnet_group.main"
PUBLIC, PRIVATE = "data.aws_subnet.public", "data.aws_subnet.private"
NETWORKS = only("corrected", DATABASE, SUBNET_GROUP, SERVICE, PRIVATE, PUBLIC)

KUBERNETES: Final = "aws_eks_cluster.main"
CIDRS: Final = "vpc_config[0].public_access_cidrs"
ACCESS: Final = "vpc_config[0].endpoint_public_access"


def kubernetes(**block: object) -> Edit:
    """A cluster of EKS whose network has these settings; its endpoint is public unless they say no."""
    settings = {"endpoint_public_access": True, "endpoint_private_access": False, **block}
    return added(KUBERNETES, {"name": "main", "vpc_config": [settings]})


def refers_to(address: str, attribute: str, expression: object) -> Edit:
    """The configuration has this expression for an attribute."""

    def edit(plan: Document) -> None:
        (block,) = blocks(plan, address)
        block["expressions"][attribute] = expression

    return edit


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


def read_back(source: str) -> Edit:
    """The group of the database holds only a rule from this group; no resource makes it."""
    return there(
        "aws_security_group.database", ingress=[ingress([], 5432, 5432) | {"security_groups": [source]}]
    )


def subnets(address: str, path: str, name: str) -> Edit:
    """The subnets at this path are all those that were looked up under this name."""

    def edit(plan: Document) -> None:
        prior = plan["prior_state"]["values"]["root_module"]["resources"]
        ids = [each["values"]["id"] for each in prior if each["address"].startswith(f"{name}[")]
        known(address, path, ids)(plan)

    return edit


def not_shown(plan: Document) -> None:
    """Nothing looked the subnets up."""
    plan["prior_state"]["values"]["root_module"]["resources"] = []


def addresses_unknown(plan: Document) -> None:
    """The subnets are looked up, and whether they give out addresses is not said."""
    for each in plan["prior_state"]["values"]["root_module"]["resources"]:
        del each["values"]["map_public_ip_on_launch"]


MADE: Final = ("aws_subnet.one.id", "aws_subnet.one")


def made_here(**values: Any) -> Edit:
    """The service is in a subnet that the plan makes with these values."""
    return together(
        added("aws_subnet.one", {"availability_zone": "eu-west-1a", **values}),
        unknown(SERVICE, "network_configuration[0].subnets", *MADE),
    )


SCENARIOS = [
    Scenario("EXP-01.1", only("corrected", "aws_db_instance"))
    .satisfied("private")
    .violated("public", known(DATABASE, "publicly_accessible", True))
    .violated("second one public", another(DATABASE, "second", publicly_accessible=True))
    .undetermined("left out", left_out(DATABASE, "publicly_accessible"))
    .undetermined("known after apply", unknown(DATABASE, "publicly_accessible")),
    on_instances("EXP-01.1", "publicly_accessible", True)
    .undetermined("three machines in a group elsewhere", multi_az())
    .satisfied("three machines in private subnets", multi_az(), in_subnets(route="nat_gateway_id"))
    .satisfied("three machines without a route", multi_az(), in_subnets())
    .violated("three machines in public subnets", multi_az(), in_subnets(route="gateway_id"))
    .undetermined(
        "three machines in subnets of the main table",
        multi_az(),
        in_subnets(),
        without("aws_route_table_association.orders"),
    )
    .satisfied("documents have none", documents())
    .violated("graph wrong", graph(), known(GRAPH_ONE, "publicly_accessible", True))
    .satisfied("serverless of the first version", serverless()),
    Scenario("EXP-01.1", NOTHING)
    .satisfied("a warehouse", warehouse())
    .satisfied("an elastic cluster always", elastic())
    .violated("a public warehouse", warehouse(publicly_accessible=True))
    .violated("a public database of Lightsail", small(publicly_accessible=True))
    .violated(
        "a public workgroup",
        added("aws_redshiftserverless_workgroup.events", {"publicly_accessible": True}),
    )
    .violated("a public graph", added("aws_neptunegraph_graph.people", {"public_connectivity": True}))
    .undetermined("DSQL is on the internet", sql()),
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
    Scenario("EXP-06.1", WAYS_OUT)
    .satisfied("HTTPS only")
    .satisfied(
        "every port of a private network",
        known(HTTPS, "cidr_ipv4", "10.0.0.0/8"),
        known(HTTPS, "from_port", 0),
        known(HTTPS, "to_port", 65535),
    )
    .violated("as inherited", base=INHERITED_GROUPS)
    .violated("a range of ports", known(HTTPS, "to_port", 444))
    .violated("another protocol", known(HTTPS, "ip_protocol", "udp"))
    .violated(
        "an older rule",
        old_rule(API_GROUP, "::/0", 25, 25),
        known("aws_security_group_rule.extra", "type", "egress"),
    )
    .undetermined(
        "addresses known after apply", unknown(HTTPS, "cidr_ipv4"), known(HTTPS, "to_port", 444)
    )
    .undetermined("port known after apply", unknown(HTTPS, "to_port")),
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
    Scenario("EXP-07.1", WAYS_IN)
    .satisfied("the tasks' group")
    .satisfied("addresses may reach another group", opened(API_RULE, "10.0.0.0/8"))
    .violated("as inherited", base=only("inherited", DATABASE, "aws_security_group"))
    .violated("a private network", opened(DATABASE_RULE, "10.0.0.0/8"))
    .violated("one office address", opened(DATABASE_RULE, "198.51.100.7/32"))
    .violated("an older rule", old_rule("aws_security_group.database", "10.0.0.0/8", 5432, 5432))
    .undetermined("groups known after apply", unknown(DATABASE, "vpc_security_group_ids"))
    .satisfied("rules read back", base=STANDING)
    .undetermined("a foreign group read back", read_back(FOREIGN), base=STANDING)
    .undetermined("a foreign group", known(DATABASE_RULE, "referenced_security_group_id", FOREIGN))
    .undetermined(
        "addresses known after apply",
        left_out(DATABASE_RULE, "referenced_security_group_id"),
        unknown(DATABASE_RULE, "cidr_ipv4"),
    )
    .undetermined(
        "a rule of an unknown group",
        opened(API_RULE, "10.0.0.0/8"),
        unknown(API_RULE, "security_group_id"),
    ),
    Scenario("EXP-10.1", NETWORKS)
    .satisfied("as corrected")
    .violated("public ones", subnets(SUBNET_GROUP, "subnet_ids", PUBLIC))
    .undetermined("as inherited", base=only("inherited", DATABASE, SUBNET_GROUP))
    .undetermined("not looked up", not_shown)
    .undetermined("not said", addresses_unknown)
    .undetermined("a group elsewhere", known(DATABASE, "db_subnet_group_name", "elsewhere"))
    .undetermined("known after apply", unknown(SUBNET_GROUP, "subnet_ids")),
    Scenario("EXP-10.2", NETWORKS)
    .satisfied("as corrected")
    .violated("public ones", subnets(SERVICE, "network_configuration[0].subnets", PUBLIC))
    .satisfied("made here, private by default", made_here(map_public_ip_on_launch=None))
    .violated("made here, public", made_here(map_public_ip_on_launch=True))
    .violated(
        "a public one beside one that others made",
        made_here(map_public_ip_on_launch=True),
        partly_known(SERVICE, "network_configuration[0].subnets", "subnet-0123456789abcdef0", *MADE),
    )
    .undetermined("as inherited", base=only("inherited", SERVICE))
    .undetermined("not looked up", not_shown)
    .undetermined("known after apply", unknown(SERVICE, "network_configuration[0].subnets")),
    Scenario("EXP-11.1", NOTHING)
    .satisfied("private", kubernetes(endpoint_public_access=False, public_access_cidrs=["0.0.0.0/0"]))
    .satisfied("an office", kubernetes(public_access_cidrs=["203.0.113.0/28", "10.0.0.0/8"]))
    .violated("everybody", kubernetes(public_access_cidrs=["0.0.0.0/0"]))
    .violated("everybody in two halves", kubernetes(public_access_cidrs=["0.0.0.0/1", "128.0.0.0/1"]))
    .violated("everybody by IPv6", kubernetes(public_access_cidrs=["10.0.0.0/8", "::/0"]))
    .violated("no network named", kubernetes(public_access_cidrs=[]))
    .violated(
        "beside a private endpoint", kubernetes(endpoint_private_access=True, public_access_cidrs=None)
    )
    .violated("nothing written", kubernetes(), unknown(KUBERNETES, CIDRS))
    .undetermined(
        "networks known after apply",
        kubernetes(),
        unknown(KUBERNETES, CIDRS),
        refers_to(KUBERNETES, "vpc_config", [{"public_access_cidrs": {"references": ["var.x"]}}]),
    )
    .undetermined("access known after apply", kubernetes(), unknown(KUBERNETES, ACCESS)),
]
