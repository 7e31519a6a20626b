"""Golden plans about a change that lets in more, or makes something public."""

from typing import Any

from tests.golden.recipe import Scenario
from tests.support.before_after import becomes_gone, there, turns, turns_unknown, was
from tests.support.cutting import only
from tests.support.database_clusters import NOTHING, graph
from tests.support.making import added, another
from tests.support.recipe_edits import Edit

GROUP = "aws_security_group.api"
RULE = "aws_vpc_security_group_ingress_rule.api_alb"
NETWORK = only("corrected", GROUP, RULE)
DATABASE = "aws_db_instance.main"
BUCKET = "aws_s3_bucket.images"
BLOCK = "aws_s3_bucket_public_access_block.images"
OWNERSHIP = "aws_s3_bucket_ownership_controls.images"
GROUP_THERE = there(GROUP, id="sg-1", ingress=[])
RULE_THERE = there(
    RULE,
    id="sgr-1",
    security_group_id="sg-1",
    referenced_security_group_id=None,
    cidr_ipv4="10.0.0.0/16",
    from_port=8000,
    to_port=8000,
)
NET = (GROUP_THERE, RULE_THERE)
PING: dict[str, Any] = {"ip_protocol": "icmp", "from_port": 8, "to_port": 0}
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.images"
VERSIONING = "aws_s3_bucket_versioning.images"
BUCKET_THERE = (
    there(BUCKET, id="images"),
    *(there(each, id="images", bucket="images") for each in (BLOCK, OWNERSHIP, VERSIONING, ENCRYPTION)),
)
DATABASE_THERE = there(DATABASE, id="db-1", identifier="main")
GRAPH, GRAPH_ONE = "aws_neptune_cluster.people", "aws_neptune_cluster_instance.one"


def new_rule(source: str, first: int = 8000, last: int = 8000) -> Edit:
    """A further rule for the group, which exists."""
    return added(
        "aws_vpc_security_group_ingress_rule.extra",
        {
            "cidr_ipv4": source,
            "cidr_ipv6": None,
            "description": None,
            "from_port": first,
            "ip_protocol": "tcp",
            "prefix_list_id": None,
            "referenced_security_group_id": None,
            "to_port": last,
        },
        refers={"security_group_id": [f"{GROUP}.id", GROUP]},
    )


def older_rule(**values: Any) -> Edit:
    """A further rule as it was written before rules had resources of their own."""
    usual = {
        "cidr_blocks": ["192.0.2.0/24"],
        "from_port": 8000,
        "ipv6_cidr_blocks": None,
        "prefix_list_ids": None,
        "protocol": "tcp",
        "self": False,
        "to_port": 8000,
        "type": "ingress",
    }
    refers = {"security_group_id": [f"{GROUP}.id", GROUP]}
    return added("aws_security_group_rule.extra", usual | values, refers=refers)


SCENARIOS = [
    Scenario("CHG-11.1", NETWORK)
    .satisfied("everything is new")
    .satisfied("untouched", *NET)
    .satisfied("a part of it", *NET, turns(RULE, "cidr_ipv4", "10.0.3.0/24"))
    .satisfied(
        "the same in two rules",
        *NET,
        *(
            turns(RULE, "cidr_ipv4", "10.0.0.0/17"),
            new_rule("10.0.128.0/17"),
            was(RULE, "cidr_ipv4", "10.0.0.0/16"),
        ),
    )
    .satisfied(
        "two halves become one",
        *NET,
        *(
            was(RULE, "cidr_ipv4", "10.0.0.0/17"),
            another(RULE, "half"),
            was("aws_vpc_security_group_ingress_rule.half", "cidr_ipv4", "10.0.128.0/17"),
        ),
    )
    .satisfied(
        "a ping as before",
        GROUP_THERE,
        there(RULE, id="sgr-1", security_group_id="sg-1", cidr_ipv4="10.0.0.0/16", **PING),
    )
    .violated(
        "every message in place of a ping",
        GROUP_THERE,
        there(RULE, id="sgr-1", security_group_id="sg-1", cidr_ipv4="10.0.0.0/16", **PING),
        turns(RULE, "from_port", -1),
        turns(RULE, "to_port", -1),
    )
    .satisfied("fewer ports", *NET, was(RULE, "to_port", 9000))
    .satisfied("a rule goes", *NET, becomes_gone(RULE))
    .violated("a wider range", *NET, turns(RULE, "cidr_ipv4", "10.0.0.0/8"))
    .violated("the internet", *NET, turns(RULE, "cidr_ipv4", "0.0.0.0/0"))
    .violated("another port", *NET, turns(RULE, "to_port", 8001))
    .violated("every protocol", *NET, turns(RULE, "ip_protocol", "-1"))
    .violated("a rule more", *NET, new_rule("192.0.2.0/24"))
    .violated("an older rule", *NET, older_rule(), deceit="shape")
    .satisfied("an older rule that lets out", *NET, older_rule(type="egress"))
    .satisfied("the same as an older rule", *NET, older_rule(cidr_blocks=["10.0.7.0/24"], protocol="6"))
    .violated("itself", *NET, older_rule(cidr_blocks=[], self=True), deceit="shape")
    .violated(
        "another protocol by its number", *NET, older_rule(cidr_blocks=["10.0.7.0/24"], protocol="17")
    )
    .violated(
        "every protocol by its name",
        *NET,
        older_rule(cidr_blocks=["10.0.7.0/24"], protocol="all"),
        deceit="spelling",
    )
    .undetermined("a group's rules known after apply", *NET, turns_unknown(GROUP, "ingress"))
    .violated(
        "a block in the group",
        *NET,
        turns(
            GROUP,
            "ingress",
            [
                {
                    "cidr_blocks": [],
                    "description": "",
                    "from_port": 22,
                    "ipv6_cidr_blocks": ["::/0"],
                    "prefix_list_ids": [],
                    "protocol": "tcp",
                    "security_groups": [],
                    "self": False,
                    "to_port": 22,
                }
            ],
        ),
        deceit="shape",
    )
    .violated("another group as source", *NET, turns(RULE, "referenced_security_group_id", "sg-2"))
    .undetermined("range known after apply", *NET, turns_unknown(RULE, "cidr_ipv4"))
    .undetermined("port known after apply", *NET, turns_unknown(RULE, "to_port")),
    Scenario("CHG-11.2", only("corrected", BUCKET, BLOCK, OWNERSHIP, DATABASE))
    .satisfied("everything is new")
    .satisfied("stays private", DATABASE_THERE)
    .satisfied("becomes private", DATABASE_THERE, was(DATABASE, "publicly_accessible", True))
    .satisfied(
        "owned more strictly",
        *BUCKET_THERE[:1],
        BUCKET_THERE[2],
        was(OWNERSHIP, "rule[0].object_ownership", "ObjectWriter"),
    )
    .violated("a public database", DATABASE_THERE, turns(DATABASE, "publicly_accessible", True))
    .violated("an open bucket", *BUCKET_THERE[:2], turns(BLOCK, "restrict_public_buckets", False))
    .violated("the block goes", *BUCKET_THERE[:2], becomes_gone(BLOCK))
    .violated(
        "owned less strictly",
        *BUCKET_THERE[:1],
        BUCKET_THERE[2],
        turns(OWNERSHIP, "rule[0].object_ownership", "ObjectWriter"),
    )
    .undetermined("known after apply", DATABASE_THERE, turns_unknown(DATABASE, "publicly_accessible")),
    Scenario("CHG-11.2", NOTHING)
    .satisfied("an instance of neptune stays private", graph(), there(GRAPH_ONE))
    .violated(
        "an instance of neptune",
        graph(),
        there(GRAPH_ONE),
        turns(GRAPH_ONE, "publicly_accessible", True),
    ),
]
