"""Small plans for each recipe of the cookbook: those that satisfy it, violate it, and leave it open."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tests.support.plans import block, configuration, constant, document, refers, resource

Planned = dict[str, Any]
INSTANCE, BUCKET, FUNCTION = "aws_instance", "aws_s3_bucket", "aws_lambda_function"
GROUP, GUARD, LOGS = (
    "aws_autoscaling_group",
    "aws_s3_bucket_public_access_block",
    "aws_cloudwatch_log_group",
)
WORLD: Final = "0.0.0.0/0"


class Case(NamedTuple):
    """Plans by the verdict that a recipe gives them; `open_ones` is empty where a plan always tells."""

    good: tuple[Planned, ...]
    bad: tuple[Planned, ...]
    open_ones: tuple[Planned, ...]


def one(kind: str, /, **values: Any) -> Planned:
    """A plan that makes one resource."""
    return document(resource(kind, "a", **values))


def ways(kind: str, *cases: tuple[dict[str, Any], ...]) -> Case:
    """A case of plans that make one resource each, with these values."""
    good, bad, left_open = (tuple(one(kind, **values) for values in each) for each in cases)
    return Case(good, bad, left_open)


def of_provider(described: dict[str, Any], name: str) -> dict[str, Any]:
    """The resource, made by another provider."""
    return described | {"provider_name": f"registry.terraform.io/{name}"}


def rule(first: Any, last: Any, *sources: Any, protocol: str = "tcp") -> dict[str, Any]:
    """A rule of a security group."""
    return {
        "from_port": first,
        "to_port": last,
        "protocol": protocol,
        "cidr_blocks": list(sources),
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": [],
    }


def ingress(*rules: dict[str, Any]) -> Planned:
    """A security group that lets in what these rules say."""
    return one("aws_security_group", ingress=list(rules), egress=[])


def egress(*rules: dict[str, Any]) -> Planned:
    """A security group that lets out what these rules say."""
    return one("aws_security_group", ingress=[], egress=list(rules))


def azure(source: Any, ports: Any) -> Planned:
    """A rule of Azure that lets traffic in."""
    return one(
        "azurerm_network_security_rule",
        direction="Inbound",
        access="Allow",
        protocol="Tcp",
        source_address_prefix=source,
        destination_port_range=ports,
    )


def google(ports: Any, *sources: Any) -> Planned:
    """A firewall of Google that lets traffic in."""
    allow = [{"protocol": "tcp", "ports": ports}]
    return one(
        "google_compute_firewall",
        direction="INGRESS",
        allow=allow,
        source_ranges=list(sources),
        source_tags=None,
        source_service_accounts=None,
    )


def separate(source: Any, port: Any) -> Planned:
    """A rule of a security group with a resource of its own."""
    return one(
        "aws_vpc_security_group_ingress_rule",
        security_group_id="sg-1",
        cidr_ipv4=source,
        from_port=port,
        to_port=port,
        ip_protocol="tcp",
    )


def policy(**statement: Any) -> Planned:
    """An IAM policy of one statement."""
    text = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
    return one("aws_iam_policy", policy=text)


def pod(namespace: Any, *containers: dict[str, Any]) -> Planned:
    """A deployment of Kubernetes."""
    spec = [{"template": [{"spec": [{"container": list(containers)}]}]}]
    return one("kubernetes_deployment", metadata=[{"name": "shop", "namespace": namespace}], spec=spec)


def container(image: Any, **limits: Any) -> dict[str, Any]:
    """A container with its limits, or with none."""
    return {"image": image, "resources": [{"limits": limits}] if limits else []}


def varied(kind: str, given: dict[str, Any], /, **values: Any) -> Planned:
    """A plan that makes one resource, with values for the variables of the root module."""
    variables = {name: {"value": value} for name, value in given.items()}
    return document(resource(kind, "a", **values), variables=variables)


def gateways(number: int) -> Planned:
    """A plan with so many NAT gateways, and a bucket."""
    made = [resource("aws_nat_gateway", "n", index=at, subnet_id="subnet-1") for at in range(number)]
    return document(resource(BUCKET, "b", bucket="b"), *made)


def networks(*ranges: Any) -> Planned:
    """A plan with networks of these ranges."""
    made = [resource("aws_vpc", f"n{at}", cidr_block=each) for at, each in enumerate(ranges)]
    return document(*made)


def beside(kind: str, other: str, argument: str, expression: Any) -> Planned:
    """A plan with a resource of one type, and one of the other that may refer to it."""
    return document(
        resource(kind, "a", tags=None),
        resource(other, "b", **dict[str, Any]({argument: ...})),
        configuration=configuration(
            block(kind, "a", tags=constant(None)), block(other, "b", **{argument: expression})
        ),
    )


def referring(kind: str, other: str, argument: str) -> Case:
    """A resource of the other type refers to it, to nothing, or to what nobody can tell."""
    return Case(
        (beside(kind, other, argument, refers(f"{kind}.a.id", f"{kind}.a")),),
        (document(resource(kind, "a", tags=None)), beside(kind, other, argument, constant("x"))),
        (beside(kind, other, argument, refers("local.name")),),
    )


def doing(kind: str, *actions: str, number: int = 1) -> Planned:
    """A plan that does this to so many resources."""
    before = {"tags": None}
    made = [
        resource(kind, "a", actions=actions, before=before, index=at, tags=None) for at in range(number)
    ]
    return document(*made)


def priced(size: Any) -> Planned:
    """A plan with a disk in a region of which the prices are known."""
    region = {"aws": {"name": "aws", "expressions": {"region": constant("eu-west-1")}}}
    disk = block("aws_ebs_volume", "a", size=constant(size) if size is not ... else refers("local.size"))
    return document(
        resource("aws_ebs_volume", "a", size=size, type="gp3", availability_zone="eu-west-1a"),
        configuration=configuration(disk, provider_config=region),
    )


def provided(region: Any, role: str, version: str) -> Planned:
    """A plan with a provider that is configured so."""
    role_arn = constant(f"arn:aws:iam::123456789012:role/{role}")
    written = {"region": region, "assume_role": [{"role_arn": role_arn}]}
    aws = {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "expressions": written}
    providers = {"aws": aws | {"version_constraint": version}}
    return document(
        resource(BUCKET, "b", bucket="b"), configuration=configuration(provider_config=providers)
    )


def calling(source: str, version: str | None) -> Planned:
    """A plan with a call of a module."""
    called = {"source": source, "module": {"resources": []}}
    called |= {"version_constraint": version} if version else {}
    made = resource("aws_vpc", "a", module="module.vpc", cidr_block="10.0.0.0/16")
    return document(made, configuration=configuration(calls={"vpc": called}))


def provisioned(*kinds: str) -> Planned:
    """A plan with an instance that has these provisioners."""
    written = block(INSTANCE, "a", ami=constant("ami-1"))
    written["provisioners"] = [{"type": kind, "expressions": {}} for kind in kinds]
    return document(resource(INSTANCE, "a", ami="ami-1"), configuration=configuration(written))


def handing_out(region: Any, output: Any, name: str = "address") -> Planned:
    """A plan with a variable and an output."""
    declared = configuration(outputs={name: constant(output)})
    declared["root_module"]["variables"] = {"region": {}}
    change = {"actions": ["create"], "before": None, "after": output, "after_unknown": False}
    return document(
        resource(BUCKET, "b", bucket="b"),
        configuration=declared,
        variables={"region": {"value": region}},
        output_changes={name: change},
    )


MACHINE = {
    "location": "westeurope",
    "size": "Standard_B2s",
    "tags": {"cost-center": "c1"},
    "disable_password_authentication": True,
    "admin_password": None,
}
SERVER = {
    "zone": "europe-west1-b",
    "labels": {"team": "pay"},
    "can_ip_forward": False,
    "network_interface": [{"network": "default", "access_config": []}],
}
NAMED = {"Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::b/*"}
SMALL = {"scaling_config": [{"max_size": 5}], "instance_types": ["m5.large"]}
OURS = {"vpc_config": [{"subnet_ids": ["subnet-1"]}], "kms_key_arn": "arn:aws:kms:eu-west-1:1:key/1"}
LIMIT = {"most_instances": 10}

CASES: Final[Mapping[str, Case]] = {
    "Accepted instance types": ways(
        INSTANCE,
        ({"instance_type": "t3.micro"}, {"instance_type": "t3.medium"}),
        ({"instance_type": "m5.4xlarge"}, {"instance_type": None}),
        ({"instance_type": ...},),
    ),
    "A tag with accepted values": ways(
        INSTANCE,
        ({"tags": {"Environment": "dev"}},),
        ({"tags": {"Environment": "qa"}}, {"tags": {"Environment": "Dev"}}, {"tags": None}),
        ({"tags": {"Environment": ...}}, {"tags": ...}),
    ),
    "A value that depends on a tag": ways(
        INSTANCE,
        ({"tags": {"Environment": "prod", "DataClass": "internal"}},),
        ({"tags": {"Environment": "prod", "DataClass": "public"}}, {"tags": {"Environment": "prod"}}),
        ({"tags": {"Environment": ..., "DataClass": "public"}}, {"tags": ...}),
    ),
    "Functions in our network, with our key": ways(
        FUNCTION,
        (OURS,),
        (OURS | {"vpc_config": []}, OURS | {"kms_key_arn": None}),
        (OURS | {"vpc_config": ...}, OURS | {"vpc_config": [{"subnet_ids": ...}]}),
    ),
    "Small node groups without GPUs": ways(
        "aws_eks_node_group",
        (SMALL,),
        (
            SMALL | {"scaling_config": [{"max_size": 50}]},
            SMALL | {"instance_types": ["m5.large", "p4d.24xlarge"]},
        ),
        (SMALL | {"instance_types": ["m5.large", ...]}, SMALL | {"scaling_config": [{"max_size": ...}]}),
    ),
    "Names": ways(
        BUCKET,
        ({"bucket": "acme-prod-logs"},),
        ({"bucket": "logs"}, {"bucket": "acme-prod-logs2"}),
        ({"bucket": ...},),
    ),
    "Keys rotate": ways(
        "aws_kms_key",
        ({"enable_key_rotation": True},),
        ({"enable_key_rotation": False},),
        ({"enable_key_rotation": ...},),
    ),
    "Images from a source that we trust": Case(
        *(
            (
                document(
                    resource(BUCKET, "b", bucket="b"),
                    resource("aws_ami", "a", mode="data", actions=("read",), owners=owners, id=...),
                ),
            )
            for owners in (["self", "amazon"], ["999999999999"], [...])
        )
    ),
    "No wildcards in IAM policies": Case(
        (policy(**NAMED), policy(**NAMED | {"Action": "s3:GetObject"})),
        (
            policy(**NAMED | {"Action": ["s3:GetObject", "s3:*"]}),
            policy(**NAMED | {"Action": "s3:*"}),
            policy(**NAMED | {"Resource": "*"}),
            policy(NotAction="s3:DeleteBucket", Resource="arn:aws:s3:::b"),
        ),
        (one("aws_iam_policy", policy=...),),
    ),
    "Machines of Azure": ways(
        "azurerm_linux_virtual_machine",
        (MACHINE,),
        (
            MACHINE | {"location": "eastus"},
            MACHINE | {"size": "Standard_E64s_v5"},
            MACHINE | {"tags": None},
            MACHINE | {"admin_password": "x"},
            MACHINE | {"disable_password_authentication": False},
        ),
        (MACHINE | {"location": ...}, MACHINE | {"admin_password": ...}),
    ),
    "Machines of Google": ways(
        "google_compute_instance",
        (SERVER,),
        (
            SERVER | {"zone": "us-central1-a"},
            SERVER | {"labels": None},
            SERVER | {"can_ip_forward": True},
            SERVER | {"network_interface": [{"access_config": [{"network_tier": "PREMIUM"}]}]},
        ),
        (SERVER | {"zone": ...}, SERVER | {"network_interface": [{"access_config": ...}]}),
    ),
    "Workloads of Kubernetes": Case(
        (pod("shop", container("shop:1.2", cpu="1")), pod("shop", container("shop@sha256:ab", cpu="1"))),
        (
            pod("default", container("shop:1.2", cpu="1")),
            pod(None, container("shop:1.2", cpu="1")),
            pod("shop", container("shop:1.2")),
            pod("shop", container("shop:1.2", cpu="1"), container("side:1.2")),
            pod("shop", container("shop:latest", cpu="1")),
            pod("shop", container("host:5000/shop", cpu="1")),
        ),
        (pod("shop", container(..., cpu="1")), pod(..., container("shop:1.2", cpu="1"))),
    ),
    "Room to grow": ways(
        GROUP,
        ({"min_size": 2, "max_size": 10},),
        ({"min_size": 2, "max_size": 2}, {"min_size": 10, "max_size": 2}),
        ({"min_size": 2, "max_size": ...}, {"min_size": ..., "max_size": 2}),
    ),
    "A limit that a variable states": Case(
        (varied(GROUP, LIMIT, max_size=10),),
        (varied(GROUP, LIMIT, max_size=20),),
        (varied(GROUP, LIMIT, max_size=...), varied(GROUP, {}, max_size=5)),
    ),
    "Limits that depend on the environment": Case(
        (
            varied(INSTANCE, {"environment": "dev"}, instance_type="t3.micro"),
            varied(INSTANCE, {"environment": "prod"}, instance_type="m5.xlarge"),
        ),
        (
            varied(INSTANCE, {"environment": "dev"}, instance_type="m5.xlarge"),
            varied(INSTANCE, {"environment": "prod"}, instance_type="p4d.24xlarge"),
        ),
        (
            varied(INSTANCE, {}, instance_type="m5.xlarge"),
            varied(INSTANCE, {"environment": "dev"}, instance_type=...),
        ),
    ),
    "SSH is closed to the internet": Case(
        (
            ingress(rule(443, 443, WORLD), rule(22, 22, "10.0.0.0/8")),
            separate("192.168.0.0/16", 22),
            azure("10.0.0.0/8", "22"),
            azure("Internet", "443"),
            google(["443"], WORLD),
        ),
        (
            ingress(rule(20, 30, WORLD)),
            ingress(rule(0, 0, WORLD, protocol="-1")),
            separate(WORLD, 22),
            azure("Internet", "20-30"),
            azure("*", "*"),
            google(["20-30"], WORLD),
            google([], WORLD),
        ),
        (
            ingress(rule(..., 30, WORLD)),
            separate(..., 22),
            azure("AzureCloud", "22"),
            google(["22"], ...),
        ),
    ),
    "Only web traffic from the internet": Case(
        (ingress(rule(80, 80, WORLD), rule(443, 443, WORLD), rule(8080, 8080, "10.0.0.0/8")),),
        (ingress(rule(8080, 8080, WORLD)), ingress(rule(80, 443, WORLD)), google([], WORLD)),
        (ingress(rule(443, ..., WORLD)), azure("Internet", ...)),
    ),
    "A network that databases do not hear": Case(
        (ingress(rule(5432, 5432, "10.98.0.0/16")), ingress(rule(443, 443, "10.99.0.0/16"))),
        (
            ingress(rule(5432, 5432, "10.0.0.0/8")),
            ingress(rule(5440, 5440, "10.99.7.0/24")),
            ingress(rule(3306, 3306, WORLD)),
        ),
        (ingress(rule(5432, 5432, ...)),),
    ),
    "No mail to the internet": Case(
        (egress(rule(443, 443, WORLD)), egress(rule(25, 25, "10.0.0.7/32"))),
        (egress(rule(25, 25, WORLD)), egress(rule(0, 0, WORLD, protocol="-1"))),
        (egress(rule(25, 25, ...)),),
    ),
    "Denied types and providers": Case(
        (one(BUCKET, bucket="b"), one("aws_iam_role", name="r")),
        (
            one("aws_iam_user", name="u"),
            one("aws_iam_user_policy", name="p"),
            document(of_provider(resource("google_project", "p", name="p"), "hashicorp/google")),
            document(of_provider(resource("google_project", "p", name="p"), "fork/google")),
        ),
        (document(resource(BUCKET, "b", bucket="b") | {"provider_name": ""}),),
    ),
    "Accepted types and providers": Case(
        (one(BUCKET, bucket="b"), one("aws_s3_object", bucket="b"), one("aws_dynamodb_table", name="t")),
        (
            one("aws_redshift_cluster", cluster_identifier="c"),
            document(of_provider(resource(BUCKET, "b", bucket="b"), "fork/aws")),
        ),
        (document(resource(BUCKET, "b", bucket="b") | {"provider_name": ""}),),
    ),
    "At most five NAT gateways": Case((gateways(0), gateways(5)), (gateways(6),), ()),
    "Networks of their own": Case(
        (networks("10.0.0.0/16", "10.1.0.0/16"),),
        (networks("10.0.0.0/16", "10.1.0.0/16", "10.0.0.0/16"),),
        (networks("10.0.0.0/16", ...),),
    ),
    "A block of public access for each bucket": referring(BUCKET, GUARD, "bucket"),
    "A log group for each function": referring(FUNCTION, LOGS, "name"),
    "Providers": Case(
        (provided(constant("eu-west-1"), "deploy", "~> 5.80"),),
        (
            provided(constant("us-east-1"), "deploy", "~> 5.80"),
            provided(constant("eu-west-1"), "admin", "~> 5.80"),
            provided(constant("eu-west-1"), "deploy", ">= 4.0"),
        ),
        (provided(refers("local.region"), "deploy", "~> 5.80"),),
    ),
    "Modules from our registry": Case(
        (calling("app.terraform.io/acme/vpc/aws", "5.1.2"),),
        (calling("github.com/someone/vpc", None), calling("app.terraform.io/acme/vpc/aws", None)),
        (),
    ),
    "No provisioners": Case((provisioned(),), (provisioned("remote-exec"),), ()),
    "The value of one variable, and no secret among the outputs": Case(
        (handing_out("eu-west-1", "10.0.0.1"),),
        (handing_out("us-east-1", "10.0.0.1"), handing_out("eu-west-1", "hunter2secret", "db_password")),
        (),
    ),
    "No database goes": Case(
        (
            document(
                resource("aws_db_instance", "a", actions=("update",), before={}, tags=None),
                resource(BUCKET, "b", actions=("delete",), before={}),
            ),
        ),
        (doing("aws_db_instance", "delete"), doing("aws_db_instance", "delete", "create")),
        (),
    ),
    "Few deletions at once": Case(
        (doing(INSTANCE, "delete", number=3), doing(INSTANCE, "update", number=9)),
        (doing(INSTANCE, "delete", number=4),),
        (),
    ),
    "A change freeze": Case(
        (doing(INSTANCE, "no-op"),),
        (
            doing(INSTANCE, "create"),
            doing(INSTANCE, "delete"),
            doing(INSTANCE, "no-op")
            | {"output_changes": {"o": {"actions": ["update"], "before": 1, "after": 2}}},
        ),
        (),
    ),
    "What a month costs": Case((priced(10),), (priced(10_000),), (priced(...),)),
}
