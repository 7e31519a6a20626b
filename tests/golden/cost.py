"""Golden plans about what is paid for."""

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import added, another
from tests.support.recipe_edits import known, left_out, unknown, without

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

SCENARIOS = [
    Scenario("CST-01.1", only("corrected", TASK))
    .satisfied("half a processor")
    .satisfied("exactly the largest", known(TASK, "cpu", "1024"), known(TASK, "memory", "4096"))
    .satisfied(
        "exactly the largest with units", known(TASK, "cpu", "1 vCPU"), known(TASK, "memory", "4 GB")
    )
    .violated("one unit too many", known(TASK, "cpu", "1025"))
    .violated("memory only", known(TASK, "memory", "5120"))
    .violated("two processors", known(TASK, "cpu", "2 vCPU"))
    .violated("as inherited", base=only("inherited", TASK))
    .undetermined("left out", left_out(TASK, "cpu"))
    .undetermined("memory known after apply", unknown(TASK, "memory")),
    Scenario("CST-02.1", only("corrected", DATABASE))
    .satisfied("medium")
    .violated("a large class", known(DATABASE, "instance_class", "db.r6g.2xlarge"))
    .violated("an old class", known(DATABASE, "instance_class", "db.t2.micro"))
    .violated("second one large", another(DATABASE, "second", instance_class="db.r6g.2xlarge"))
    .undetermined("known after apply", unknown(DATABASE, "instance_class")),
    Scenario("CST-02.2", only("corrected", DATABASE))
    .satisfied("gp3")
    .violated("io1", known(DATABASE, "storage_type", "io1"))
    .violated("gp2", known(DATABASE, "storage_type", "gp2"))
    .undetermined("left out", left_out(DATABASE, "storage_type"))
    .undetermined("known after apply", unknown(DATABASE, "storage_type")),
    Scenario("CST-03.1", only("corrected", LOGS))
    .satisfied("a year")
    .satisfied("exactly 30 days", known(LOGS, "retention_in_days", 30))
    .satisfied("exactly 400 days", known(LOGS, "retention_in_days", 400))
    .violated("29 days", known(LOGS, "retention_in_days", 29))
    .violated("401 days", known(LOGS, "retention_in_days", 401))
    .violated("zero is for ever", known(LOGS, "retention_in_days", 0))
    .violated("left out is for ever", left_out(LOGS, "retention_in_days"))
    .undetermined("known after apply", unknown(LOGS, "retention_in_days")),
    Scenario("CST-04.2", only("corrected", REPOSITORY, EXPIRY))
    .satisfied("expire")
    .violated("no policy", without(EXPIRY))
    .violated("second repository has none", another(REPOSITORY, "second", name="second"))
    .violated("policy of another repository", known(EXPIRY, "repository", "elsewhere"))
    .undetermined("policy of an unknown repository", unknown(EXPIRY, "repository", "local.repository")),
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
    Scenario("CST-06.1", only("corrected", LOGS, REPOSITORY, tags=True))
    .satisfied("default tags")
    .satisfied(
        "own tags while the rest is unknown",
        known(LOGS, "tags", TAGS),
        left_out(LOGS, "tags_all", computed=True),
    )
    .violated("one is missing", known(LOGS, "tags_all", MOST))
    .violated("one is empty", known(LOGS, "tags_all", TAGS | {"Owner": ""}))
    .violated("another case", known(LOGS, "tags_all", MOST | {"costcentre": "1"}))
    .violated("as inherited", base=only("inherited", "aws_cloudwatch_log_group", tags=True))
    .satisfied("a group with a block for each tag", added(GROUP, {"name": "g", "tag": BLOCKS}))
    .violated("a group with no block", added(GROUP, {"name": "g", "tag": []}))
    .violated("a group with a block less", added(GROUP, {"name": "g", "tag": BLOCKS[1:]}))
    .undetermined("unknown as a whole", left_out(LOGS, "tags_all", computed=True))
    .undetermined("one known after apply", unknown(LOGS, "tags_all.Owner"))
    .undetermined(
        "own tags lack one while the rest is unknown",
        known(LOGS, "tags", MOST),
        left_out(LOGS, "tags_all", computed=True),
    ),
    Scenario("ENC-01.1", only("corrected", DATABASE))
    .satisfied("encrypted")
    .violated("switched off", known(DATABASE, "storage_encrypted", False))
    .violated("left out", left_out(DATABASE, "storage_encrypted"))
    .undetermined("known after apply", unknown(DATABASE, "storage_encrypted")),
]
