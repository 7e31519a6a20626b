"""Golden plans about what goes in and out: buckets, ways out, load balancers, target groups."""

from typing import Final

from tests.golden.attributes import attribute
from tests.golden.changes import there
from tests.golden.exposure import API_GROUP, API_RULE, DATABASE_RULE, ingress, old_rule, opened
from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.iam_policies import allow, policy
from tests.support.making import another
from tests.support.recipe_edits import Edit, known, left_out, unknown, without

BUCKET = "aws_s3_bucket.images"
POLICY = "aws_s3_bucket_policy.images"
CORS = "aws_s3_bucket_cors_configuration.images"
OWNER = "aws_s3_bucket_ownership_controls.images"
VERSIONS = "aws_s3_bucket_versioning.images"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.images"
LOGGING = "aws_s3_bucket_logging.images"
REPOSITORY = "aws_ecr_repository.api"
DATABASE = "aws_db_instance.main"
BALANCER = "aws_lb.main"
FIREWALL = "aws_wafv2_web_acl_association.main"
HTTPS = "aws_vpc_security_group_egress_rule.api_https"
GROUP = "aws_lb_target_group.api"
LISTENER = "aws_lb_listener.https"
SUBNET_GROUP = "aws_db_subnet_group.main"
ONE_SUBNET = ["subnet-12d0764b4a65c7fbf"]
OBJECTS = "arn:aws:s3:::classifier-production-images/*"
UPLOADS = "rule[0].abort_incomplete_multipart_upload"
POLICIES = only("corrected", BUCKET, POLICY)
WAYS_IN = only(
    *("corrected", DATABASE, "aws_security_group", "aws_vpc_security_group_ingress_rule"),
)
STANDING = only(
    *("steady", DATABASE, "aws_security_group", "aws_vpc_security_group_ingress_rule"),
)
FOREIGN: Final = "sg-0deadbeef"
WAYS_OUT = only("corrected", "aws_security_group", "aws_vpc_security_group_egress_rule")
BALANCERS = only("corrected", BALANCER)
GROUPS = only("corrected", GROUP)
INHERITED_GROUPS = only("inherited", "aws_security_group")


# As the AWS provider had it before version 4.
ON: Final = [{"enabled": True}]
OFF: Final = [{"enabled": False}]


def setting(number: str, address: str, path: str, wrong: str) -> Scenario:
    """A setting of the bucket that is a resource of its own."""
    return (
        Scenario(number, only("corrected", BUCKET, address))
        .satisfied("as corrected")
        .violated("another value", known(address, path, wrong))
        .violated("no such setting", without(address))
        .violated("second bucket has none", another(BUCKET, "second", bucket="second"))
        .undetermined("known after apply", unknown(address, path))
        .undetermined("setting of an unknown bucket", unknown(address, "bucket", "local.bucket"))
    )


def read_back(source: str) -> Edit:
    """The group of the database holds only a rule from this group; no resource makes it."""
    return there(
        "aws_security_group.database", ingress=[ingress([], 5432, 5432) | {"security_groups": [source]}]
    )


SCENARIOS = [
    Scenario("EXP-05.2", POLICIES)
    .satisfied("only denials")
    .satisfied(
        "everybody in one account",
        policy(
            POLICY,
            allow(
                *("s3:GetObject", OBJECTS),
                Principal="*",
                Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}},
            ),
        ),
    )
    .satisfied("no policy", without(POLICY))
    .violated(
        "everybody but one account",
        policy(
            POLICY,
            allow(
                *("s3:GetObject", OBJECTS),
                Principal="*",
                Condition={"StringNotEquals": {"aws:SourceAccount": "123456789012"}},
            ),
        ),
    )
    .violated(
        "everybody with TLS",
        policy(
            POLICY,
            allow(
                *("s3:GetObject", OBJECTS),
                Principal="*",
                Condition={"Bool": {"aws:SecureTransport": "true"}},
            ),
        ),
    )
    .violated("everybody", policy(POLICY, allow("s3:GetObject", OBJECTS, Principal="*")))
    .violated("every account", policy(POLICY, allow("s3:GetObject", OBJECTS, Principal={"AWS": "*"})))
    .violated(
        "everybody but one", policy(POLICY, allow("s3:*", OBJECTS, NotPrincipal={"AWS": "123456789012"}))
    )
    .violated("as inherited", base=only("inherited", "aws_s3_bucket", "aws_s3_bucket_policy"))
    .undetermined("known after apply", unknown(POLICY, "policy")),
    Scenario("EXP-09.1", only("corrected", BUCKET, CORS))
    .satisfied("our own site")
    .satisfied("no site at all", without(CORS))
    .violated("every site", known(CORS, "cors_rule[0].allowed_origins", ["*"]))
    .violated(
        "every site of a host", known(CORS, "cors_rule[0].allowed_origins", ["https://*.example.com"])
    )
    .violated("as inherited", base=only("inherited", BUCKET, CORS))
    .undetermined("known after apply", unknown(CORS, "cors_rule[0].allowed_origins")),
    setting("EXP-09.2", OWNER, "rule[0].object_ownership", "ObjectWriter"),
    setting("DUR-03.1", VERSIONS, "versioning_configuration[0].status", "Suspended")
    .satisfied("inside the bucket", without(VERSIONS), known(BUCKET, "versioning", ON))
    .violated("off inside the bucket", without(VERSIONS), known(BUCKET, "versioning", OFF)),
    Scenario("CST-04.3", only("corrected", BUCKET, LIFECYCLE))
    .satisfied("after a week")
    .violated("no lifecycle", without(LIFECYCLE))
    .violated("not in the rule", left_out(LIFECYCLE, UPLOADS))
    .violated("rule switched off", known(LIFECYCLE, "rule[0].status", "Disabled"))
    .undetermined("rules known after apply", unknown(LIFECYCLE, "rule"))
    .undetermined("status known after apply", unknown(LIFECYCLE, "rule[0].status"))
    .undetermined("lifecycle of an unknown bucket", unknown(LIFECYCLE, "bucket", "local.bucket")),
    Scenario("OBS-03.2", only("corrected", "aws_s3_bucket", LOGGING))
    .satisfied("to the bucket for logs")
    .violated("no logging", without(LOGGING))
    .violated("second bucket has none", another(BUCKET, "second", bucket="second"))
    .undetermined("logging of an unknown bucket", unknown(LOGGING, "bucket", "local.bucket")),
    Scenario("DUR-04.1", only("corrected", BUCKET, REPOSITORY))
    .satisfied("both stay")
    .violated("the bucket goes", known(BUCKET, "force_destroy", True))
    .violated("the repository goes", known(REPOSITORY, "force_delete", True))
    .undetermined("left out", left_out(BUCKET, "force_destroy"))
    .undetermined("known after apply", unknown(REPOSITORY, "force_delete")),
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
    Scenario("EXP-08.1", only("corrected", BALANCER, FIREWALL))
    .satisfied("as corrected")
    .satisfied("an internal one needs none", another(BALANCER, "inner", internal=True))
    .violated("none", without(FIREWALL))
    .violated("second one has none", another(BALANCER, "second", name="second"))
    .violated("as inherited", base=only("inherited", BALANCER))
    .undetermined("known after apply", unknown(FIREWALL, "resource_arn"))
    .undetermined("public known after apply", without(FIREWALL), unknown(BALANCER, "internal")),
    attribute(
        *("EXP-08.2", BALANCERS, BALANCER, "drop_invalid_header_fields"),
        bad={"switched off": False},
        unset="violated",
    ),
    attribute(
        *("CHG-02.1", BALANCERS, BALANCER, "enable_deletion_protection"),
        bad={"switched off": False},
        unset="violated",
    ),
    attribute(
        *("OBS-03.1", BALANCERS, BALANCER, "access_logs[0].enabled"),
        bad={"switched off": False},
        unset="violated",
    ).violated("as inherited", base=only("inherited", BALANCER)),
    attribute(
        *("ENC-07.1", only("corrected", "aws_lb_listener"), LISTENER, "ssl_policy"),
        good={"even stricter": "ELBSecurityPolicy-TLS13-1-3-2021-06"},
        bad={"an old policy": "ELBSecurityPolicy-2016-08"},
        unset="undetermined",
        computed=True,
    ),
    Scenario("AVA-03.1", only("corrected", BALANCER, "data.aws_subnet", "data.aws_subnets"))
    .satisfied("three zones")
    .violated("one subnet", known(BALANCER, "subnets", ONE_SUBNET))
    .undetermined("known after apply", unknown(BALANCER, "subnets"))
    .undetermined("as inherited", base=only("inherited", BALANCER, "data.aws_subnets")),
    Scenario(
        "AVA-03.2", only("corrected", DATABASE, SUBNET_GROUP, "data.aws_subnet", "data.aws_subnets")
    )
    .satisfied("three zones")
    .violated("one subnet", known(SUBNET_GROUP, "subnet_ids", ONE_SUBNET))
    .undetermined("known after apply", unknown(SUBNET_GROUP, "subnet_ids"))
    .undetermined("a group elsewhere", known(DATABASE, "db_subnet_group_name", "elsewhere"))
    .undetermined("as inherited", base=only("inherited", DATABASE, SUBNET_GROUP, "data.aws_subnets")),
    attribute(
        *("DEP-02.2", GROUPS, GROUP, "health_check[0].matcher"),
        good={"every success": "200-299", "two of them": "200,204"},
        bad={"not found": "200-499", "moved": "200,301"},
        unset="undetermined",
        computed=True,
    ),
    attribute(
        *("DEP-02.3", GROUPS, GROUP, "health_check[0].interval"),
        good={"exactly a minute": 20},
        bad={"over a minute": 21},
        unset="undetermined",
        computed=True,
    ).violated("as inherited", base=only("inherited", GROUP)),
    attribute(
        *("DEP-05.1", GROUPS, GROUP, "deregistration_delay"),
        good={"exactly two minutes": "120"},
        bad={"over two minutes": "121", "at once": "0"},
        unset="violated",
    ),
]
