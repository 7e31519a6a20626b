"""Golden plans in which a title about reliability is false, and one attribute alone looks right."""

from typing import Any, Final

from tests.golden.availability import (
    BALANCER,
    DATABASES,
    MOVED,
    ONE_SUBNET,
    SCALED_SERVICES,
    SERVICE,
    SERVICES,
    SUBNET_GROUP,
    SUBNETS,
    TARGET,
)
from tests.golden.capacity.sizes import (
    IN_TWO_ZONES,
    POLICY,
    TASK,
    TRACKING,
    asks,
    gateway,
    size,
    storage,
)
from tests.golden.change.network import BLOCK, BUCKET, BUCKET_THERE, DATABASE_THERE, OWNERSHIP
from tests.golden.change.upkeep import checked, declared
from tests.golden.deployment import GROUP, GROUPS
from tests.golden.durability.stores import CARTS, NO_RECOVERY, RECOVERY, alone, replica, table
from tests.golden.recipe import Scenario
from tests.golden.shapes.buckets import EMPTY, VERSIONS, expiring, read_back, rule
from tests.support.before_after import becomes_gone, there, turns, was
from tests.support.cutting import only
from tests.support.database_clusters import (
    NOTHING,
    TWO,
    aurora,
    copied,
    documents,
    graph,
    sql,
    warehouse,
)
from tests.support.making import added, another, becomes, becomes_deposed, keyed, schedule
from tests.support.recipe_edits import (
    Edit,
    found,
    known,
    left_out,
    rewritten,
    together,
    unknown,
    unwritten,
    without,
)
from tests.support.values_and_marks import Document

DATABASE: Final = "aws_db_instance.main"
REPOSITORY: Final = "aws_ecr_repository.api"
LIFECYCLE: Final = "aws_s3_bucket_lifecycle_configuration.images"
VERSIONING: Final = "aws_s3_bucket_versioning.images"
ENCRYPTION: Final = "aws_s3_bucket_server_side_encryption_configuration.images"
SECOND_TARGET: Final = "aws_appautoscaling_target.second"
SUBNETS_READ: Final = ("data.aws_subnet", "data.aws_subnets")
BALANCERS: Final = only("corrected", BALANCER, *SUBNETS_READ)
SECOND_BLOCK: Final = "aws_s3_bucket_public_access_block.second"
ALL_FOUR: Final = dict.fromkeys(
    ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
)
ACCOUNT: Final = "aws_s3_account_public_access_block.all"
WINDOWS: Final = {"operating_system_family": "WINDOWS_SERVER_2022_CORE"}


def made(name: str, **zone: str) -> Edit:
    """A subnet of the plan; of what is not given here AWS chooses it."""
    open_ones = [each for each in ("availability_zone", "availability_zone_id") if each not in zone]
    values = {"cidr_block": "10.0.8.0/24", "vpc_id": "vpc-1", **zone}
    return added(f"aws_subnet.{name}", values, computed=("arn", "id", *open_ones))


def in_both(address: str, path: str) -> Edit:
    """It stands in the subnets `one` and `two` of the plan."""
    subnets = [f"aws_subnet.{each}{end}" for each in ("one", "two") for end in (".id", "")]
    return unknown(address, path, *subnets)


def mapped(*subnets: str) -> Edit:
    """The load balancer has a block for each subnet, and the provider computes `subnets`."""
    blocks = [{"subnet_id": each} for each in subnets]
    return together(
        left_out(BALANCER, "subnets", computed=True), known(BALANCER, "subnet_mapping", blocks)
    )


def replaced(address: str, *actions: str) -> Edit:
    """An object that exists is made anew, in this order."""

    def edit(plan: Document) -> None:
        for each in found(plan, address):
            each["change"]["actions"] = list(actions)
            each["action_reason"] = "replace_by_request"

    return edit


def there_and(address: str, values: dict[str, Any], path: str, value: Any) -> tuple[Edit, ...]:
    """An object of any type, and what the change makes of it."""
    return added(address, values), there(address), turns(address, path, value)


def two_containers(one: dict[str, Any], two: dict[str, Any]) -> Edit:
    """The task has two containers that ask for this."""

    def rewrite(containers: Any) -> None:
        containers[0].update(one)
        containers.append({"name": "side", "image": "side", **two})

    return rewritten(TASK, "container_definitions", rewrite)


def provider(name: str, constraint: str | None) -> Edit:
    """The configuration asks for another provider, in these versions."""

    def edit(plan: Document) -> None:
        asked = {} if constraint is None else {"version_constraint": constraint}
        full_name = f"registry.terraform.io/hashicorp/{name}"
        plan["configuration"]["provider_config"][name] = {"name": name, "full_name": full_name, **asked}

    return edit


def outputs_checked(*names: str) -> Edit:
    """Outputs of these names have conditions, which hold."""

    def edit(plan: Document) -> None:
        plan["checks"] = [
            {
                "address": {"kind": "output_value", "name": name, "to_display": f"output.{name}"},
                "status": "pass",
            }
            for name in names
        ]

    return edit


SCENARIOS = [
    Scenario("AVA-01.1", SCALED_SERVICES)
    .undetermined(
        "a second target of nobody known has no floor",
        another(TARGET, "second", min_capacity=0),
        unknown(SECOND_TARGET, "resource_id", "local.scaled"),
        deceit="perhaps",
    )
    .satisfied(
        "a second target of nobody known has a higher floor",
        another(TARGET, "second", min_capacity=3),
        unknown(SECOND_TARGET, "resource_id", "local.scaled"),
    )
    .undetermined(
        "a daemon counts machines",
        without(TARGET),
        known(SERVICE, "scheduling_strategy", "DAEMON"),
        deceit="engine",
    )
    .undetermined(
        "task sets are counted apart",
        known(SERVICE, "deployment_controller", [{"type": "EXTERNAL"}]),
        deceit="engine",
    )
    .violated(
        "a ceiling of one at night", schedule("night", *MOVED, max_capacity="1"), deceit="overruled"
    )
    .violated(
        "its target goes",
        becomes(TARGET, "delete"),
        known(SERVICE, "desired_count", 1),
        deceit="companion",
    )
    .undetermined(
        "its target scales something else",
        known(TARGET, "service_namespace", "custom-resource"),
        known(SERVICE, "desired_count", 1),
        deceit="companion",
    ),
    Scenario("AVA-01.2", only("corrected", "aws_ecs_service", *SUBNETS_READ))
    .undetermined(
        "one zone by its name and one by its number",
        made("one", availability_zone="eu-west-1a"),
        made("two", availability_zone_id="euw1-az1"),
        in_both(SERVICE, SUBNETS),
        deceit="spelling",
    )
    .undetermined(
        "an empty zone is none",
        made("one", availability_zone="eu-west-1a"),
        made("two", availability_zone=""),
        in_both(SERVICE, SUBNETS),
        deceit="empty",
    )
    .violated("one subnet twice", known(SERVICE, SUBNETS, ONE_SUBNET * 2), deceit="spelling"),
    Scenario("AVA-01.3", SERVICES)
    .violated(
        "one service of two",
        another(SERVICE, "worker", name="worker", availability_zone_rebalancing="DISABLED"),
        deceit="another one",
    )
    .violated(
        "one key of two",
        keyed(SERVICE, "availability_zone_rebalancing", {"x": "ENABLED", "y": "DISABLED"}),
        deceit="another one",
    )
    .violated(
        "in small letters", known(SERVICE, "availability_zone_rebalancing", "enabled"), deceit="spelling"
    ),
    Scenario("AVA-02.1", DATABASES)
    .violated("the replica has none", copied(multi_az=None), deceit="another one")
    .violated(
        "one key of two", keyed(DATABASE, "multi_az", {"x": True, "y": False}), deceit="another one"
    ),
    Scenario("AVA-02.1", NOTHING)
    .violated("the second instance goes", aurora(), becomes(TWO, "delete"), deceit="before")
    .undetermined(
        "the second instance perhaps of another",
        aurora(),
        unknown(TWO, "cluster_identifier"),
        deceit="perhaps",
    ),
    Scenario("AVA-03.1", BALANCERS)
    .satisfied(
        "a block for each of three",
        mapped(*(f"subnet-{each}" for each in "abc")),
        *(
            added(
                f"aws_subnet.{each}",
                {"id": f"subnet-{each}", "availability_zone": f"eu-west-1{each}"},
                computed=(),
            )
            for each in "abc"
        ),
    )
    .violated("a block for one subnet", mapped(*ONE_SUBNET), deceit="shape")
    .violated("two blocks for one subnet", mapped(*ONE_SUBNET * 2), deceit="shape")
    .undetermined(
        "blocks known after apply",
        left_out(BALANCER, "subnets"),
        unknown(BALANCER, "subnet_mapping"),
        deceit="perhaps",
    )
    .violated(
        "a network load balancer beside it",
        another(BALANCER, "second", load_balancer_type="network", subnets=ONE_SUBNET),
        deceit="another one",
    ),
    Scenario("AVA-03.2", only("corrected", DATABASE, SUBNET_GROUP, *SUBNETS_READ))
    .violated("one subnet twice", known(SUBNET_GROUP, "subnet_ids", ONE_SUBNET * 2), deceit="spelling")
    .undetermined(
        "the group that AWS chooses",
        left_out(DATABASE, "db_subnet_group_name", computed=True),
        deceit="default",
    )
    .violated(
        "the replica has a group of its own",
        another(SUBNET_GROUP, "second", name="second", subnet_ids=ONE_SUBNET),
        copied(db_subnet_group_name="second"),
        deceit="another one",
    )
    .violated(
        "documents in a group of their own type",
        documents(db_subnet_group_name="second"),
        added("aws_docdb_subnet_group.second", {"name": "second", "subnet_ids": ONE_SUBNET}),
        deceit="shape",
    ),
    Scenario("CHG-02.1", only("corrected", BALANCER))
    .violated(
        "one load balancer of two",
        another(BALANCER, "second", name="second", enable_deletion_protection=None),
        deceit="another one",
    )
    .violated(
        "by the older name of its type",
        added(
            "aws_alb.old",
            {"name": "old", "load_balancer_type": "application", "enable_deletion_protection": None},
        ),
        deceit="shape",
    )
    .violated("a text", known(BALANCER, "enable_deletion_protection", "false"), deceit="spelling"),
    Scenario("CHG-03.1", DATABASES)
    .violated("the replica does not", copied(auto_minor_version_upgrade=False), deceit="another one")
    .violated(
        "one key of two",
        keyed(DATABASE, "auto_minor_version_upgrade", {"x": True, "y": False}),
        deceit="another one",
    )
    .violated("a text", known(DATABASE, "auto_minor_version_upgrade", "false"), deceit="spelling"),
    Scenario("CHG-06.1", DATABASES)
    .violated("a second provider without", provider("random", None), deceit="another one")
    .violated("a second provider without an end", provider("random", ">= 3"), deceit="another one"),
    Scenario("CHG-07.1", DATABASES, declared("domain", "owner"))
    .violated("one by another case", checked("Domain", "owner"), deceit="spelling")
    .violated("outputs of the same names", outputs_checked("domain", "owner"), deceit="shape"),
    Scenario("CHG-11.2", only("corrected", BUCKET, BLOCK, OWNERSHIP, DATABASE))
    .violated(
        "the other block is not applied again",
        *BUCKET_THERE[:2],
        another(BLOCK, "second"),
        becomes_gone(BLOCK),
        deceit="companion",
    )
    .undetermined(
        "another block comes as it goes",
        *BUCKET_THERE[:2],
        added(SECOND_BLOCK, {"bucket": "images", **ALL_FOUR}),
        becomes_gone(BLOCK),
        deceit="companion",
    )
    .undetermined(
        "replaced, and the old one goes last",
        *BUCKET_THERE[:2],
        replaced(BLOCK, "create", "delete"),
        deceit="before",
    )
    .satisfied(
        "replaced, and the old one goes first", *BUCKET_THERE[:2], replaced(BLOCK, "delete", "create")
    )
    .satisfied("only forgotten by Terraform", *BUCKET_THERE[:2], becomes(BLOCK, "forget"))
    .violated(
        "one left over from a replacement is destroyed",
        *BUCKET_THERE[:2],
        becomes_deposed(BLOCK),
        deceit="before",
    )
    .violated(
        "of a bucket elsewhere, with its other guard",
        *(there(each, id="images", bucket="images") for each in (BLOCK, OWNERSHIP)),
        *(becomes_gone(each) for each in (BLOCK, OWNERSHIP)),
        base=only("corrected", BLOCK, OWNERSHIP),
        deceit="shape",
    )
    .violated(
        "the block of the account",
        *there_and(ACCOUNT, {"account_id": "123456789012", **ALL_FOUR}, "block_public_policy", False),
        deceit="shape",
    )
    .violated(
        "a list of the bucket itself",
        there(BUCKET, id="images"),
        was(BUCKET, "acl", "private"),
        turns(BUCKET, "acl", "public-read"),
        deceit="shape",
    )
    .violated(
        "a switch that is a text",
        *there_and(
            "aws_launch_template.x",
            {"network_interfaces": [{"associate_public_ip_address": "false"}]},
            "network_interfaces[0].associate_public_ip_address",
            "true",
        ),
        deceit="spelling",
    )
    .undetermined(
        "from a list of no rank to a public one",
        *there_and(
            "aws_s3_bucket_acl.x", {"bucket": "b", "acl": "log-delivery-write"}, "acl", "public-read"
        ),
        deceit="before",
    ),
    Scenario("CHG-13.1", only("corrected", BUCKET, ENCRYPTION, DATABASE))
    .violated(
        "the other rule is not applied again",
        BUCKET_THERE[0],
        BUCKET_THERE[4],
        another(ENCRYPTION, "second"),
        becomes_gone(ENCRYPTION),
        deceit="companion",
    )
    .violated(
        "replaced by a plain one",
        DATABASE_THERE,
        replaced(DATABASE, "delete", "create"),
        known(DATABASE, "storage_encrypted", False),
        deceit="before",
    )
    .violated(
        "a warehouse, by a text",
        warehouse(),
        there("aws_redshift_cluster.events"),
        turns("aws_redshift_cluster.events", "encrypted", "false"),
        deceit="shape",
    ),
    Scenario("CHG-13.2", only("corrected", BUCKET, VERSIONING, DATABASE))
    .violated(
        "the other setting is not applied again",
        BUCKET_THERE[0],
        BUCKET_THERE[3],
        another(VERSIONING, "second"),
        becomes_gone(VERSIONING),
        deceit="companion",
    )
    .violated(
        "versions inside the bucket",
        known(BUCKET, "versioning", [{"enabled": True}]),
        there(BUCKET, id="images"),
        turns(BUCKET, "versioning", [{"enabled": False}]),
        deceit="shape",
    )
    .violated(
        "DSQL unprotected",
        sql(),
        there("aws_dsql_cluster.carts"),
        turns("aws_dsql_cluster.carts", "deletion_protection_enabled", False),
        deceit="shape",
    )
    .undetermined(
        "days that nobody writes any more",
        DATABASE_THERE,
        turns(DATABASE, "backup_retention_period", None),
        deceit="default",
    ),
    Scenario("DEP-01.1", SERVICES)
    .violated(
        "CodeDeploy deploys it",
        known(SERVICE, "deployment_controller", [{"type": "CODE_DEPLOY"}]),
        deceit="engine",
    )
    .violated(
        "alarms instead",
        known(SERVICE, "deployment_circuit_breaker", []),
        known(SERVICE, "alarms", [{"enable": True, "rollback": True, "alarm_names": ["a"]}]),
        deceit="shape",
    )
    .violated(
        "one service of two",
        another(SERVICE, "worker", name="worker", deployment_circuit_breaker=[]),
        deceit="another one",
    ),
    Scenario("DEP-02.2", GROUPS)
    .violated("one code beyond", known(GROUP, "health_check[0].matcher", "200-300"), deceit="spelling")
    .violated(
        "one group of two, by the older name",
        added(
            "aws_alb_target_group.x",
            {
                "protocol": "HTTP",
                "target_type": "ip",
                "health_check": [{"enabled": True, "protocol": "HTTP", "matcher": "200-499"}],
            },
        ),
        deceit="shape",
    ),
    Scenario("DEP-02.3", GROUPS)
    .violated(
        "many failures at a short interval",
        known(GROUP, "health_check[0].unhealthy_threshold", 10),
        deceit="unit",
    )
    .undetermined(
        "the switch known after apply", unknown(GROUP, "health_check[0].enabled"), deceit="perhaps"
    ),
    Scenario("DEP-03.1", SERVICES)
    .violated(
        "one service of two",
        another(SERVICE, "worker", name="worker", health_check_grace_period_seconds=0),
        deceit="another one",
    )
    .violated("null", known(SERVICE, "health_check_grace_period_seconds", None), deceit="empty")
    .violated("a text", known(SERVICE, "health_check_grace_period_seconds", "29"), deceit="spelling"),
    Scenario("DEP-04.1", SCALED_SERVICES)
    .violated(
        "a ceiling of one at night",
        known(SERVICE, "deployment_maximum_percent", 150),
        schedule("night", *MOVED, max_capacity="1"),
        deceit="overruled",
    )
    .undetermined(
        "a ceiling at night known after apply",
        known(SERVICE, "deployment_maximum_percent", 150),
        schedule("night", *MOVED, max_capacity="1"),
        unknown("aws_appautoscaling_scheduled_action.night", "scalable_target_action[0].max_capacity"),
        deceit="perhaps",
    )
    .undetermined(
        "a second target of nobody known has a floor of one",
        known(SERVICE, "deployment_maximum_percent", 150),
        another(TARGET, "second", min_capacity=1),
        unknown(SECOND_TARGET, "resource_id", "local.scaled"),
        deceit="perhaps",
    ),
    Scenario("DEP-05.1", GROUPS)
    .violated("with noughts before", known(GROUP, "deregistration_delay", "0300"), deceit="spelling")
    .violated("minutes", known(GROUP, "deregistration_delay", "2m"), deceit="unit")
    .violated("null", known(GROUP, "deregistration_delay", None), deceit="default")
    .violated(
        "one group of two", another(GROUP, "second", deregistration_delay="3600"), deceit="another one"
    ),
    Scenario("DEP-06.1", SERVICES)
    .violated("null", known(SERVICE, "wait_for_steady_state", None), deceit="empty")
    .violated(
        "one key of two",
        keyed(SERVICE, "wait_for_steady_state", {"x": True, "y": False}),
        deceit="another one",
    )
    .violated("a text", known(SERVICE, "wait_for_steady_state", "false"), deceit="spelling"),
    Scenario("DUR-01.1", DATABASES)
    .undetermined("the replica keeps none", copied(backup_retention_period=None), deceit="default")
    .violated(
        "one key of two",
        keyed(DATABASE, "backup_retention_period", {"x": 35, "y": 0}),
        deceit="another one",
    )
    .violated(
        "a cache that keeps none",
        added("aws_memorydb_cluster.x", {"name": "x", "snapshot_retention_limit": 0}),
        deceit="shape",
    ),
    Scenario("DUR-02.1", DATABASES)
    .violated("the replica is not", copied(deletion_protection=None), deceit="another one")
    .violated("DSQL by default", sql(deletion_protection_enabled=None), deceit="shape")
    .violated("a text", known(DATABASE, "deletion_protection", "false"), deceit="spelling"),
    Scenario("DUR-02.2", DATABASES)
    .undetermined("null", known(DATABASE, "skip_final_snapshot", None), deceit="empty")
    .violated(
        "one key of two",
        keyed(DATABASE, "skip_final_snapshot", {"x": False, "y": True}),
        deceit="another one",
    )
    .violated("graph beside it", graph(skip_final_snapshot=True), deceit="shape"),
    Scenario("DUR-02.3", DATABASES)
    .violated(
        "there are none to retain", known(DATABASE, "backup_retention_period", 0), deceit="companion"
    )
    .undetermined(
        "perhaps there are none", unknown(DATABASE, "backup_retention_period"), deceit="perhaps"
    )
    .violated("the replica retains none", copied(delete_automated_backups=None), deceit="default"),
    Scenario("DUR-03.1", only("corrected", BUCKET, VERSIONS))
    .violated(
        "deletion by two factors alone",
        known(VERSIONS, "versioning_configuration", [{"status": None, "mfa_delete": "Enabled"}]),
        deceit="empty",
    )
    .violated(
        "of a bucket whose name begins so",
        known(VERSIONS, "bucket", "classifier-production-images-old"),
        deceit="spelling",
    )
    .violated("no block inside it", known(VERSIONS, "versioning_configuration", []), deceit="empty"),
    Scenario("DUR-03.2", only("corrected", BUCKET, LIFECYCLE))
    .undetermined(
        "a second configuration for a day",
        added(
            "aws_s3_bucket_lifecycle_configuration.x",
            {"bucket": "classifier-production-images", "rule": expiring(1)},
        ),
        deceit="overruled",
    )
    .violated(
        "read back for a day",
        without(LIFECYCLE),
        read_back("lifecycle_rule", rule(noncurrent_version_expiration=[{"days": 1}])),
        deceit="before",
    )
    .violated(
        "a day, with some newer ones kept",
        known(
            LIFECYCLE,
            "rule",
            [
                {
                    "status": "Enabled",
                    "noncurrent_version_expiration": [
                        {"noncurrent_days": 1, "newer_noncurrent_versions": 5}
                    ],
                }
            ],
        ),
        deceit="companion",
    ),
    Scenario("DUR-04.1", only("corrected", BUCKET, REPOSITORY))
    .violated(
        "one bucket of two",
        another(BUCKET, "second", bucket="s", force_destroy=True),
        deceit="another one",
    )
    .undetermined("null of a repository", known(REPOSITORY, "force_delete", None), deceit="empty")
    .violated("a text", known(BUCKET, "force_destroy", "true"), deceit="spelling"),
    Scenario("DUR-05.1", EMPTY)
    .violated(
        "one key of two",
        table(),
        keyed(CARTS, "point_in_time_recovery", {"x": RECOVERY, "y": NO_RECOVERY}),
        deceit="another one",
    )
    .violated("null inside the block", table(point_in_time_recovery=[{"enabled": None}]), deceit="empty")
    .violated(
        "a replica of a type of its own says otherwise",
        table(replica=[replica(recovery=True)]),
        alone(point_in_time_recovery=False),
        deceit="shape",
    ),
    Scenario("CAP-04.1", DATABASES)
    .violated("a text", known(DATABASE, "max_allocated_storage", "400"), deceit="spelling")
    .violated(
        "the size has grown beyond", known(DATABASE, "allocated_storage", 1000), deceit="companion"
    )
    .violated(
        "the replica has none",
        copied(max_allocated_storage=None, allocated_storage=400),
        deceit="another one",
    ),
    Scenario("CAP-05.1", only("corrected", TASK))
    .violated(
        "Windows with a quarter",
        known(TASK, "runtime_platform[0]", {**WINDOWS, "cpu_architecture": "X86_64"}),
        size("256", "512"),
        deceit="engine",
    )
    .violated(
        "Windows on Arm",
        known(TASK, "runtime_platform[0]", {**WINDOWS, "cpu_architecture": "ARM64"}),
        size("1024", "2048"),
        deceit="engine",
    )
    .undetermined(
        "a quarter perhaps for Windows",
        unknown(TASK, "runtime_platform[0].operating_system_family"),
        size("256", "512"),
        deceit="perhaps",
    )
    .satisfied("without a blank", size("1vCPU", "2GB"))
    .violated("a blank inside the number", size("512", "1 000"), deceit="spelling"),
    Scenario("CAP-05.2", only("corrected", TASK))
    .violated(
        "two limits without reservations",
        two_containers({"memory": 600}, {"memory": 600}),
        deceit="another one",
    )
    .violated(
        "a limit and a reservation",
        two_containers({"memory": 600}, {"memoryReservation": 600}),
        deceit="another one",
    )
    .violated("a text of one unit too many", asks(cpu="513"), deceit="spelling")
    .undetermined("no container", known(TASK, "container_definitions", "[]"), deceit="empty"),
    Scenario("CAP-07.1", DATABASES)
    .undetermined("a kind in large letters", storage("IO1", 50, 1000), deceit="spelling")
    .violated("gp2 takes none", storage("gp2", 100, 3000), deceit="engine")
    .satisfied("what gp2 has, read from AWS", storage("gp2", 1000, 3000), unwritten(DATABASE, "iops"))
    .violated(
        "the replica has too few",
        copied(storage_type="io1", allocated_storage=50, iops=1000),
        deceit="another one",
    ),
    Scenario(
        "CAP-08.1", only("corrected", DATABASE, 'aws_cloudwatch_metric_alarm.main["api-memory"]')
    ).undetermined(
        "a sum of percentages",
        known('aws_cloudwatch_metric_alarm.main["api-memory"]', "statistic", "Sum"),
        deceit="unit",
    ),
    Scenario("CAP-09.1", only("corrected", "aws_ecs_service", *SUBNETS_READ))
    .violated(
        "the gateway of the other zone goes",
        IN_TWO_ZONES,
        gateway("one", "one"),
        gateway("two", "two"),
        becomes("aws_nat_gateway.two", "delete"),
        deceit="before",
    )
    .undetermined(
        "a gateway in a subnet elsewhere",
        IN_TWO_ZONES,
        gateway("one", "one"),
        added("aws_nat_gateway.two", {"connectivity_type": "public", "subnet_id": "subnet-999"}),
        deceit="companion",
    )
    .violated(
        "two gateways in one subnet",
        IN_TWO_ZONES,
        gateway("one", "one"),
        gateway("two", "one"),
        deceit="another one",
    ),
    Scenario("CAP-10.1", only("corrected", POLICY))
    .violated("a text", known(POLICY, f"{TRACKING}.target_value", "95"), deceit="spelling")
    .violated(
        "one policy of two",
        another(POLICY, "second", name="second"),
        known("aws_appautoscaling_policy.second", f"{TRACKING}.target_value", 99),
        deceit="another one",
    )
    .violated("a hundredth more", known(POLICY, f"{TRACKING}.target_value", 80.01), deceit="unit"),
]
