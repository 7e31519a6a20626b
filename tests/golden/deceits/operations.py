"""Golden plans in which a title about containers, alarms or cost is false, and looks right."""

from typing import Any, Final

from tests.golden.containers import DIGEST, REPOSITORIES, REPOSITORY, asks, capabilities
from tests.golden.cost.sizes import (
    ENCRYPTION,
    EXPIRY,
    LIFECYCLE,
    LOGS,
    POLICIES,
    POLICY,
    SERVICES,
    TRACKING,
)
from tests.golden.recipe import Scenario
from tests.golden.settings import TASKS
from tests.support.container_edits import TASK, container, environment
from tests.support.cutting import only
from tests.support.database_clusters import copied, multi_az
from tests.support.making import added, another, becomes, keyed
from tests.support.recipe_edits import Edit, known, rewritten, unknown

DATABASE: Final = "aws_db_instance.main"
DATABASES: Final = only("corrected", DATABASE)
SERVICE: Final = "aws_ecs_service.api"
BUDGET: Final = "aws_budgets_budget.monthly"
LOGGING: Final = "aws_s3_bucket_logging.images"
TARGET: Final = "aws_appautoscaling_target.api"
BUCKET: Final = "aws_s3_bucket.images"
ECS_CLUSTER: Final = "aws_ecs_cluster.main"
REGISTRY: Final = "aws_ecr_registry_scanning_configuration.all"
NO_CONTAINER: Final = known(TASK, "container_definitions", "[]")
ON_WINDOWS: Final = known(
    TASK, "runtime_platform[0].operating_system_family", "WINDOWS_SERVER_2022_CORE"
)
PERHAPS_ON_WINDOWS: Final = unknown(TASK, "runtime_platform[0].operating_system_family")


def beside(**values: Any) -> Edit:
    """A second container, which is as hardened as the first; None takes a value away."""

    def rewrite(containers: Any) -> None:
        second = {**containers[0], "name": "side", **values}
        containers.append({name: value for name, value in second.items() if value is not None})

    return rewritten(TASK, "container_definitions", rewrite)


def registry(*rules: dict[str, Any]) -> Edit:
    """What the registry scans takes the place of what its repositories say."""
    return added(REGISTRY, {"scan_type": "BASIC", "rule": list(rules)})


def scans(often: str, names: str) -> dict[str, Any]:
    """A rule of the registry."""
    return {
        "scan_frequency": often,
        "repository_filter": [{"filter": names, "filter_type": "WILDCARD"}],
    }


def suspended(**switches: bool) -> Edit:
    """Scaling of the target is suspended."""
    return known(TARGET, "suspended_state", [switches])


SCENARIOS = [
    Scenario("CON-01.1", TASKS)
    .violated("one container of two", beside(image="registry/side:1"), deceit="another one")
    .violated(
        "a digest in large letters", container(image=f"r/a@sha256:{DIGEST.upper()}"), deceit="spelling"
    )
    .violated(
        "a tag behind the digest", container(image=f"r/a@sha256:{DIGEST}:latest"), deceit="spelling"
    )
    .undetermined("no container", NO_CONTAINER, deceit="empty"),
    Scenario("CON-02.1", TASKS)
    .violated("one container of two", beside(user="root"), deceit="another one")
    .violated("root with a sign", container(user="+0"), deceit="spelling")
    .violated("a blank", container(user=" "), deceit="empty")
    .violated("the administrator of Windows", container(user="ContainerAdministrator"), deceit="engine")
    .violated("root of another group", container(user="0:1000"), deceit="spelling"),
    Scenario("CON-02.2", TASKS)
    .violated("one container of two", beside(readonlyRootFilesystem=False), deceit="another one")
    .undetermined("Windows has none", ON_WINDOWS, deceit="engine")
    .undetermined("perhaps on Windows", PERHAPS_ON_WINDOWS, deceit="perhaps")
    .violated("a text", container(readonlyRootFilesystem="false"), deceit="spelling"),
    Scenario("CON-02.3", TASKS)
    .violated("one container of two", beside(privileged=True), deceit="another one")
    .undetermined("Windows has none", ON_WINDOWS, deceit="engine")
    .undetermined("perhaps on Windows", PERHAPS_ON_WINDOWS, deceit="perhaps")
    .violated("in small letters", capabilities(drop=["all"]), deceit="spelling"),
    Scenario("CON-03.1", TASKS)
    .violated("one container of two", beside(healthCheck=None), deceit="another one")
    .violated(
        "its answer is read by another", asks("CMD-SHELL", "curl -f http://x | cat"), deceit="overruled"
    )
    .violated("in the background", asks("CMD-SHELL", "curl -f http://x &"), deceit="overruled")
    .violated("a shell in the shell", asks("CMD-SHELL", "/bin/sh -c 'exit 0'"), deceit="shape")
    .violated("a test of a constant", asks("CMD-SHELL", "[ 1 = 1 ]"), deceit="overruled")
    .satisfied("a test of an answer", asks("CMD-SHELL", '[ "$(wget -qO- http://x/up)" = "yes" ]'))
    .violated("none in small letters", asks("none"), deceit="spelling"),
    Scenario("CON-04.1", REPOSITORIES)
    .violated(
        "all tags are exceptions",
        known(REPOSITORY, "image_tag_mutability", "IMMUTABLE_WITH_EXCLUSION"),
        known(
            REPOSITORY,
            "image_tag_mutability_exclusion_filter",
            [{"filter": "*", "filter_type": "WILDCARD"}],
        ),
        deceit="overruled",
    )
    .violated(
        "one repository of two",
        another(REPOSITORY, "second", name="second", image_tag_mutability="MUTABLE"),
        deceit="another one",
    )
    .violated(
        "in small letters", known(REPOSITORY, "image_tag_mutability", "immutable"), deceit="spelling"
    ),
    Scenario("CON-05.1", REPOSITORIES)
    .undetermined("the registry scans by hand", registry(scans("MANUAL", "*")), deceit="overruled")
    .undetermined(
        "the registry scans others", registry(scans("SCAN_ON_PUSH", "other-*")), deceit="overruled"
    )
    .satisfied("the registry scans all", registry(scans("SCAN_ON_PUSH", "*")))
    .satisfied("the registry scans by a part of the name", registry(scans("SCAN_ON_PUSH", "classifier")))
    .violated(
        "one repository of two",
        another(REPOSITORY, "second", name="second", image_scanning_configuration=[]),
        deceit="another one",
    ),
    Scenario("OBS-01.1", only("corrected", ECS_CLUSTER))
    .violated(
        "a setting of another name", known(ECS_CLUSTER, "setting[0].name", "other"), deceit="companion"
    )
    .violated(
        "one cluster of two",
        another(ECS_CLUSTER, "second", name="second", setting=[]),
        deceit="another one",
    )
    .violated("an empty list", known(ECS_CLUSTER, "setting", []), deceit="empty"),
    Scenario("OBS-02.1", DATABASES)
    .violated("the replica has none", copied(performance_insights_enabled=None), deceit="another one")
    .violated(
        "three machines by default", multi_az(performance_insights_enabled=None), deceit="default"
    ),
    Scenario("OBS-02.2", DATABASES)
    .violated("the replica has none", copied(monitoring_interval=None), deceit="another one")
    .violated("zero as a text", known(DATABASE, "monitoring_interval", "0"), deceit="spelling")
    .violated("three machines by default", multi_az(monitoring_interval=0), deceit="shape"),
    Scenario("CHG-04.1", DATABASES)
    .violated(
        "one key of two",
        keyed(DATABASE, "apply_immediately", {"x": False, "y": True}),
        deceit="another one",
    )
    .undetermined("null", known(DATABASE, "apply_immediately", None), deceit="empty"),
    Scenario("CST-01.1", TASKS)
    .violated(
        "one definition of two", another(TASK, "worker", cpu="2048", memory="4096"), deceit="another one"
    )
    .violated("memory in small letters", known(TASK, "memory", "5gb"), deceit="unit"),
    Scenario("CST-02.1", DATABASES)
    .violated("a large replica", copied(instance_class="db.r6g.2xlarge"), deceit="another one")
    .violated("a class of EC2", known(DATABASE, "instance_class", "t4g.medium"), deceit="spelling"),
    Scenario("CST-02.2", DATABASES)
    .violated("in large letters", known(DATABASE, "storage_type", "GP2"), deceit="spelling")
    .violated("a replica on faster disks", copied(storage_type="io1"), deceit="another one")
    .undetermined("a replica that takes over its source's", copied(), deceit="default"),
    Scenario("CST-03.1", only("corrected", LOGS))
    .undetermined("its class known after apply", unknown(LOGS, "log_group_class"), deceit="perhaps")
    .violated("hours", known(LOGS, "retention_in_days", 8760), deceit="unit")
    .violated(
        "one group of two",
        another(LOGS, "second", name="s", retention_in_days=3653),
        deceit="another one",
    ),
    Scenario("CST-04.1", only("corrected", BUCKET, LIFECYCLE)).violated(
        "its lifecycle goes", becomes(LIFECYCLE, "delete"), deceit="companion"
    ),
    Scenario("CST-04.2", only("corrected", "aws_ecr_repository.api", EXPIRY))
    .violated("a policy without rules", known(EXPIRY, "policy", '{"rules":[]}'), deceit="empty")
    .violated("its policy goes", becomes(EXPIRY, "delete"), deceit="companion")
    .violated(
        "of a repository in large letters",
        known(EXPIRY, "repository", "Classifier-production-api"),
        deceit="spelling",
    ),
    Scenario("CST-04.3", only("corrected", BUCKET, LIFECYCLE))
    .violated("its lifecycle goes", becomes(LIFECYCLE, "delete"), deceit="companion")
    .violated(
        "the rule that does it is off",
        known(
            LIFECYCLE,
            "rule",
            [
                {
                    "status": "Disabled",
                    "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
                },
                {
                    "status": "Enabled",
                    "abort_incomplete_multipart_upload": [],
                    "expiration": [{"days": 9}],
                },
            ],
        ),
        deceit="another one",
    ),
    Scenario("CST-05.1", only("corrected", SERVICE, TARGET, POLICIES))
    .violated(
        "scaling in is suspended", suspended(dynamic_scaling_in_suspended=True), deceit="overruled"
    )
    .satisfied(
        "scaling out is suspended",
        suspended(dynamic_scaling_out_suspended=True, dynamic_scaling_in_suspended=False),
    )
    .violated(
        "its policies go",
        becomes(f"{POLICIES}.cpu", "delete"),
        becomes(f"{POLICIES}.memory", "delete"),
        deceit="companion",
    )
    .undetermined(
        "perhaps suspended",
        suspended(dynamic_scaling_in_suspended=True),
        unknown(TARGET, "suspended_state[0].dynamic_scaling_in_suspended"),
        deceit="perhaps",
    ),
    Scenario("CST-05.2", only("corrected", POLICY))
    .violated("a text", known(POLICY, f"{TRACKING}.disable_scale_in", "true"), deceit="spelling")
    .violated(
        "one policy of two",
        another(POLICY, "second", name="second"),
        known("aws_appautoscaling_policy.second", f"{TRACKING}.disable_scale_in", True),
        deceit="another one",
    )
    .undetermined(
        "the whole block known after apply",
        unknown(POLICY, "target_tracking_scaling_policy_configuration"),
        deceit="perhaps",
    ),
    Scenario("CST-06.2", DATABASES)
    .violated("the replica does not", copied(copy_tags_to_snapshot=None), deceit="another one")
    .violated("a text", known(DATABASE, "copy_tags_to_snapshot", "false"), deceit="spelling"),
    Scenario("CST-06.3", SERVICES)
    .violated(
        "one service of two",
        another(SERVICE, "worker", name="w", propagate_tags=None),
        deceit="another one",
    )
    .violated("an empty text", known(SERVICE, "propagate_tags", ""), deceit="empty")
    .violated("a name that does not exist", known(SERVICE, "propagate_tags", "TASK"), deceit="spelling"),
    Scenario("CST-07.1", TASKS)
    .violated(
        "by the other name of the variable", environment(TASK, {"LOGLEVEL": "debug"}), deceit="shape"
    )
    .violated(
        "one container of two",
        beside(environment=[{"name": "LOG_LEVEL", "value": "DEBUG"}]),
        deceit="another one",
    )
    .violated("with blanks", environment(TASK, {"LOG_LEVEL": " debug "}), deceit="spelling"),
    Scenario("CST-09.1", TASKS)
    .violated(
        "one definition of two", another(TASK, "worker", runtime_platform=[]), deceit="another one"
    )
    .violated("null", known(TASK, "runtime_platform[0].cpu_architecture", None), deceit="default")
    .violated(
        "the name that others use",
        known(TASK, "runtime_platform[0].cpu_architecture", "AMD64"),
        deceit="spelling",
    ),
    Scenario("CST-09.2", DATABASES)
    .violated("the replica does not", copied(instance_class="db.t3.medium"), deceit="another one")
    .violated(
        "a family that holds a g", known(DATABASE, "instance_class", "db.mg5.large"), deceit="spelling"
    ),
    Scenario("CST-08.2", only("corrected", BUDGET))
    .violated(
        "one budget of two",
        another(BUDGET, "second", name="s", limit_amount="10000"),
        deceit="another one",
    )
    .violated("a comma in the number", known(BUDGET, "limit_amount", "1,000"), deceit="spelling"),
    Scenario("CST-08.3", only("corrected", BUDGET, tags=True))
    .violated(
        "a key in small letters",
        known(BUDGET, "cost_filter[0].values", ["user:service$classifier"]),
        deceit="spelling",
    )
    .undetermined(
        "a filter in another form",
        known(BUDGET, "cost_filter", []),
        known(BUDGET, "filter_expression", [{"tags": [{"key": "Service", "values": ["other"]}]}]),
        deceit="shape",
    )
    .violated(
        "one budget of two",
        another(BUDGET, "second", name="s"),
        known("aws_budgets_budget.second", "cost_filter[0].values", ["user:Service$no"]),
        deceit="another one",
    ),
    Scenario("CST-14.3", DATABASES)
    .violated(
        "one key of two",
        keyed(DATABASE, "instance_class", {"x": "db.t4g.medium", "y": "db.t4g.large"}),
        deceit="another one",
    )
    .violated("a replica that is too small", copied(instance_class="db.t4g.micro"), deceit="another one")
    .undetermined("another engine", known(DATABASE, "engine", "sqlserver-se"), deceit="engine"),
    Scenario("CST-15.1", only("corrected", BUCKET, ENCRYPTION)).violated(
        "a second setting without",
        another(ENCRYPTION, "second"),
        known(f"{ENCRYPTION.rpartition('.')[0]}.second", "rule[0].bucket_key_enabled", False),
        deceit="overruled",
    ),
    Scenario("OBS-03.2", only("corrected", "aws_s3_bucket", LOGGING)).violated(
        "its logging goes", becomes(LOGGING, "delete"), deceit="companion"
    ),
]
