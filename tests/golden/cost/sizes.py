"""Golden plans about sizes, lifetimes, tags and settings that cost money."""

from typing import Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute, containers, on_instances, on_the_cluster
from tests.support.container_edits import environment
from tests.support.cutting import only
from tests.support.database_clusters import CLUSTER, NOTHING, TWO, aurora, graph, multi_az, serverless
from tests.support.making import added, another, in_modules
from tests.support.recipe_edits import Edit, known, left_out, unknown, without

TASK = "aws_ecs_task_definition.api"
DATABASE = "aws_db_instance.main"
LOGS = "aws_cloudwatch_log_group.api"
SERVICE = "aws_ecs_service.api"
TARGET = "aws_appautoscaling_target.api"
POLICIES = "aws_appautoscaling_policy"
REPOSITORY = "aws_ecr_repository.api"
EXPIRY = "aws_ecr_lifecycle_policy.api"
TAGS = {"Service": "classifier", "Environment": "production", "Owner": "us", "CostCentre": "1"}
BLOCKS = [{"key": key, "value": value, "propagate_at_launch": True} for key, value in TAGS.items()]
GROUP = "aws_autoscaling_group.workers"
MOST = {name: value for name, value in TAGS.items() if name != "CostCentre"}
BESIDE: Final = only("corrected", "aws_db_instance")
BUCKET = "aws_s3_bucket.images"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.images"
MODULES = ("x", "y")
UPLOADS = "rule[0].abort_incomplete_multipart_upload"
POLICY = "aws_appautoscaling_policy.cpu"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.images"
SERVICES = only("corrected", SERVICE)
INHERITED_SERVICE = only("inherited", SERVICE)
TRACKING = "target_tracking_scaling_policy_configuration[0]"
ALGORITHM = "rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"
DATABASES = only("corrected", DATABASE)
TASKS = only("corrected", TASK)
INHERITED_TASK = only("inherited", TASK)


def written_inside(enabled: bool | None) -> Edit:
    """The bucket itself says how it encrypts, as the AWS provider had it before version 4."""
    default = {"sse_algorithm": "aws:kms", "kms_master_key_id": None}
    rule = {"apply_server_side_encryption_by_default": [default], "bucket_key_enabled": enabled}
    return known(BUCKET, "server_side_encryption_configuration", [{"rule": [rule]}])


SCENARIOS = [
    Scenario("CST-01.1", only("corrected", TASK))
    .satisfied("half a processor")
    .satisfied("exactly the largest", known(TASK, "cpu", "1024"), known(TASK, "memory", "4096"))
    .satisfied(
        "exactly the largest with units", known(TASK, "cpu", "1 vCPU"), known(TASK, "memory", "4 GB")
    )
    .violated("one unit too many", known(TASK, "cpu", "1025"))
    .violated("memory only", known(TASK, "memory", "5120"))
    .violated("two processors", known(TASK, "cpu", "2 vCPU"), deceit="unit")
    .violated("as inherited", base=only("inherited", TASK))
    .undetermined("left out", left_out(TASK, "cpu"))
    .undetermined("memory known after apply", unknown(TASK, "memory")),
    Scenario("CST-02.1", only("corrected", DATABASE))
    .satisfied("medium")
    .violated("a large class", known(DATABASE, "instance_class", "db.r6g.2xlarge"))
    .violated("an old class", known(DATABASE, "instance_class", "db.t2.micro"))
    .violated("second one large", another(DATABASE, "second", instance_class="db.r6g.2xlarge"))
    .undetermined("known after apply", unknown(DATABASE, "instance_class")),
    on_instances("CST-02.1", "instance_class", "db.r5.large")
    .satisfied("three machines", multi_az())
    .satisfied(
        "serverless beside one of a size", aurora(), known(TWO, "instance_class", "db.serverless")
    )
    .satisfied("serverless of the first version has none", serverless(), base=BESIDE)
    .violated(
        "three machines of a class for others",
        multi_az(db_cluster_instance_class="db.m7g.large"),
        deceit="engine",
    )
    .violated("three machines wrong", multi_az(db_cluster_instance_class="db.r5.large")),
    Scenario("CST-02.2", only("corrected", DATABASE))
    .satisfied("gp3")
    .violated("io1", known(DATABASE, "storage_type", "io1"))
    .violated("gp2", known(DATABASE, "storage_type", "gp2"))
    .undetermined("left out", left_out(DATABASE, "storage_type"))
    .undetermined("known after apply", unknown(DATABASE, "storage_type")),
    Scenario("CST-02.2", NOTHING)
    .satisfied("three machines", multi_az(storage_type="gp3"))
    .satisfied("aurora is billed by use", aurora())
    .violated("three machines wrong", multi_az())
    .undetermined(
        "aurora without a charge for requests", aurora(), known(CLUSTER, "storage_type", "aurora-iopt1")
    ),
    Scenario("CST-03.1", only("corrected", LOGS))
    .satisfied("a year")
    .satisfied("exactly 30 days", known(LOGS, "retention_in_days", 30))
    .satisfied("exactly 400 days", known(LOGS, "retention_in_days", 400))
    .violated("29 days", known(LOGS, "retention_in_days", 29))
    .violated("401 days", known(LOGS, "retention_in_days", 401))
    .violated("zero is for ever", known(LOGS, "retention_in_days", 0))
    .violated("a class that keeps for 2 days", known(LOGS, "log_group_class", "DELIVERY"))
    .violated("left out is for ever", left_out(LOGS, "retention_in_days"))
    .undetermined("known after apply", unknown(LOGS, "retention_in_days")),
    Scenario("CST-04.1", only("corrected", BUCKET, LIFECYCLE))
    .satisfied("expire and move")
    .satisfied(
        "only move",
        left_out(LIFECYCLE, "rule[0].expiration"),
        left_out(LIFECYCLE, "rule[0].noncurrent_version_expiration"),
    )
    .violated("no lifecycle", without(LIFECYCLE))
    .violated("as inherited", base=only("inherited", BUCKET))
    .violated("switched off", known(LIFECYCLE, "rule[0].status", "Disabled"))
    .violated(
        "only aborts uploads",
        left_out(LIFECYCLE, "rule[0].expiration"),
        left_out(LIFECYCLE, "rule[0].noncurrent_version_expiration"),
        left_out(LIFECYCLE, "rule[0].transition"),
    )
    .violated(
        "only removes markers",
        left_out(LIFECYCLE, "rule[0].expiration[0].days"),
        known(LIFECYCLE, "rule[0].expiration[0].expired_object_delete_marker", True),
        left_out(LIFECYCLE, "rule[0].noncurrent_version_expiration"),
        left_out(LIFECYCLE, "rule[0].transition"),
    )
    .violated(
        "only the sibling module has one",
        in_modules("store", MODULES, optional="aws_s3_bucket_lifecycle_configuration", only_in="y"),
    )
    .undetermined("status known after apply", unknown(LIFECYCLE, "rule[0].status"))
    .undetermined("rules known after apply", unknown(LIFECYCLE, "rule"))
    .undetermined("lifecycle of an unknown bucket", unknown(LIFECYCLE, "bucket", "local.bucket")),
    Scenario("CST-04.2", only("corrected", REPOSITORY, EXPIRY))
    .satisfied("expire")
    .violated("no policy", without(EXPIRY))
    .violated("second repository has none", another(REPOSITORY, "second", name="second"))
    .violated("policy of another repository", known(EXPIRY, "repository", "elsewhere"))
    .undetermined("policy of an unknown repository", unknown(EXPIRY, "repository", "local.repository")),
    Scenario("CST-04.3", only("corrected", BUCKET, LIFECYCLE))
    .satisfied("after a week")
    .violated("no lifecycle", without(LIFECYCLE))
    .violated("not in the rule", left_out(LIFECYCLE, UPLOADS))
    .violated("rule switched off", known(LIFECYCLE, "rule[0].status", "Disabled"))
    .undetermined("rules known after apply", unknown(LIFECYCLE, "rule"))
    .undetermined("status known after apply", unknown(LIFECYCLE, "rule[0].status"))
    .undetermined("lifecycle of an unknown bucket", unknown(LIFECYCLE, "bucket", "local.bucket")),
    Scenario("CST-05.1", only("corrected", SERVICE, TARGET, POLICIES))
    .satisfied("two to four")
    .satisfied(
        "by a schedule",
        without(f"{POLICIES}.cpu"),
        without(f"{POLICIES}.memory"),
        added(
            "aws_appautoscaling_scheduled_action.night",
            {"name": "night", "schedule": "cron(0 22 * * ? *)"},
            refers={"resource_id": [f"{TARGET}.resource_id", TARGET]},
        ),
    )
    .violated(
        "nothing scales it", without(TARGET), without(f"{POLICIES}.cpu"), without(f"{POLICIES}.memory")
    )
    .violated("as inherited", base=only("inherited", SERVICE))
    .violated("floor at the ceiling", known(TARGET, "min_capacity", 4), known(TARGET, "max_capacity", 4))
    .violated("no policy moves it", without(f"{POLICIES}.cpu"), without(f"{POLICIES}.memory"))
    .violated("second service is not scaled", another(SERVICE, "worker", name="worker"))
    .undetermined("floor known after apply", unknown(TARGET, "min_capacity"))
    .undetermined("ceiling known after apply", unknown(TARGET, "max_capacity"))
    .undetermined(
        "target of an unknown service",
        known(SERVICE, "name", "elsewhere"),
        unknown(TARGET, "resource_id", "local.scaled"),
    ),
    attribute(
        *("CST-05.2", only("corrected", POLICY), POLICY, f"{TRACKING}.disable_scale_in"),
        bad={"only out": True},
    ).satisfied(
        "others of a table and by steps",
        another(POLICY, "table", service_namespace="dynamodb"),
        known("aws_appautoscaling_policy.table", f"{TRACKING}.disable_scale_in", True),
        another(POLICY, "steps", policy_type="StepScaling"),
        left_out("aws_appautoscaling_policy.steps", TRACKING.partition("[")[0]),
    ),
    Scenario("CST-06.1", only("corrected", LOGS, REPOSITORY, tags=True))
    .satisfied("default tags")
    .satisfied(
        "own tags while the rest is unknown",
        known(LOGS, "tags", TAGS),
        left_out(LOGS, "tags_all", computed=True),
    )
    .violated("one is missing", known(LOGS, "tags_all", MOST))
    .violated("one is empty", known(LOGS, "tags_all", TAGS | {"Owner": ""}), deceit="empty")
    .violated("another case", known(LOGS, "tags_all", MOST | {"costcentre": "1"}), deceit="spelling")
    .violated("as inherited", base=only("inherited", "aws_cloudwatch_log_group", tags=True))
    .satisfied("a group with a block for each tag", added(GROUP, {"name": "g", "tag": BLOCKS}))
    .violated("a group with no block", added(GROUP, {"name": "g", "tag": []}))
    .violated(
        "a group with a block less", added(GROUP, {"name": "g", "tag": BLOCKS[1:]}), deceit="shape"
    )
    .undetermined("unknown as a whole", left_out(LOGS, "tags_all", computed=True))
    .undetermined("one known after apply", unknown(LOGS, "tags_all.Owner"))
    .undetermined(
        "own tags lack one while the rest is unknown",
        known(LOGS, "tags", MOST),
        left_out(LOGS, "tags_all", computed=True),
    ),
    attribute(
        *("CST-06.2", DATABASES, DATABASE, "copy_tags_to_snapshot"),
        bad={"switched off": False},
        unset="violated",
    ),
    on_the_cluster("CST-06.2", "copy_tags_to_snapshot", False)
    .satisfied("graph", graph())
    .violated("graph wrong", graph(copy_tags_to_snapshot=False), deceit="shape"),
    attribute(
        *("CST-06.3", SERVICES, SERVICE, "propagate_tags"),
        good={"those of the task definition": "TASK_DEFINITION"},
        bad={"none": "NONE"},
        unset="violated",
    ).violated("as inherited", base=INHERITED_SERVICE),
    containers("CST-07.1")
    .satisfied("nothing said", environment(TASK, {"LOG_LEVEL": None}))
    .violated("in small letters", environment(TASK, {"LOG_LEVEL": "debug"}))
    .violated("even more", environment(TASK, {"LOG_LEVEL": "TRACE"})),
    attribute(
        *("CST-09.1", TASKS, TASK, "runtime_platform[0].cpu_architecture"),
        bad={"on Intel": "X86_64"},
        unset="violated",
    ).violated("as inherited", base=INHERITED_TASK),
    Scenario("CST-09.2", only("corrected", DATABASE))
    .satisfied("own processors")
    .satisfied("another family", known(DATABASE, "instance_class", "db.m7g.large"))
    .violated("the dearer ones", known(DATABASE, "instance_class", "db.t3.medium"))
    .violated("an old letter", known(DATABASE, "instance_class", "db.m6i.large"))
    .violated("as inherited", base=only("inherited", DATABASE))
    .undetermined("class known after apply", unknown(DATABASE, "instance_class")),
    on_instances("CST-09.2", "instance_class", "db.r5.large")
    .satisfied(
        "serverless beside one of a size", aurora(), known(TWO, "instance_class", "db.serverless")
    )
    .satisfied("serverless of the first version has none", serverless(), base=BESIDE)
    .violated(
        "three machines wrong", multi_az(db_cluster_instance_class="db.m5d.large"), deceit="engine"
    ),
    Scenario("CST-15.1", only("corrected", BUCKET, ENCRYPTION))
    .satisfied("as corrected")
    .satisfied(
        "keys of S3 cost nothing",
        known(ENCRYPTION, ALGORITHM, "AES256"),
        left_out(ENCRYPTION, "rule[0].bucket_key_enabled"),
    )
    .satisfied("no setting", without(ENCRYPTION))
    .satisfied(
        "two layers cannot",
        known(ENCRYPTION, ALGORITHM, "aws:kms:dsse"),
        known(ENCRYPTION, "rule[0].bucket_key_enabled", False),
    )
    .satisfied("inside the bucket", without(ENCRYPTION), written_inside(True))
    .violated("switched off", known(ENCRYPTION, "rule[0].bucket_key_enabled", False))
    .violated("left out", known(ENCRYPTION, "rule[0].bucket_key_enabled", None), deceit="default")
    .violated("switched off inside", without(ENCRYPTION), written_inside(False), deceit="shape")
    .undetermined("known after apply", unknown(ENCRYPTION, "rule[0].bucket_key_enabled"))
    .undetermined(
        "algorithm known after apply",
        unknown(ENCRYPTION, ALGORITHM),
        known(ENCRYPTION, "rule[0].bucket_key_enabled", False),
    ),
]
