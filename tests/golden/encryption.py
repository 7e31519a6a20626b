"""Golden plans about encryption at rest and in transit, and about keys."""

from typing import Any, Final

from tests.golden.exposure.deceits import classic
from tests.golden.recipe import Scenario
from tests.golden.settings import (
    attribute,
    in_the_cluster_group,
    in_the_group,
    on_the_cluster,
    parameter,
)
from tests.golden.shapes.buckets import read_back
from tests.support.cutting import only
from tests.support.database_clusters import (
    CLUSTER,
    ONE,
    SEEN,
    aurora,
    copied,
    documents,
    elastic,
    graph,
    group,
    instance,
    multi_az,
    serverless,
    small,
    sql,
    warehouse,
)
from tests.support.iam_policies import allow, deny_plain_http, policy, read_at_apply, statement
from tests.support.making import PROVIDER, added, another, becomes, in_modules, keyed
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without
from tests.support.values_and_marks import Document

DATABASE = "aws_db_instance.main"
DOCUMENTS, DOCUMENT_ONE = "aws_docdb_cluster.pages", "aws_docdb_cluster_instance.one"
NOTHING: Final = only("corrected")
INSTANCE: Final = only("corrected", DATABASE)
ON_DEMAND: Final = {**SEEN, "instance_class": "db.serverless"}
BUCKET = "aws_s3_bucket.images"
NAME = "classifier-production-images"
POLICY = "aws_s3_bucket_policy.images"
KINDS = "aws_s3_bucket_server_side_encryption_configuration"
ENCRYPTION = f"{KINDS}.images"
LOGS_OF_BUCKET = "aws_s3_bucket_logging.images"
LOGGED = only("corrected", BUCKET, ENCRYPTION, "aws_s3_bucket.logs", f"{KINDS}.logs", LOGS_OF_BUCKET)
ALGORITHM = "rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"
REFERS = (f"{BUCKET}.arn", BUCKET)
INSECURE = ("Bool", "aws:SecureTransport", "false")
DENIES = statement(["s3:*"], effect="Deny", refers=REFERS, condition=INSECURE, everybody=True)
DOCUMENT = "data.aws_iam_policy_document.aws_s3_bucket_policy_images"
MODULES = ("x", "y")
# As the AWS provider had it before version 4.
INSIDE = "server_side_encryption_configuration"
# Two buckets of one block, and a setting that belongs to one of them: which, a variable says.
TWO_BUCKETS = keyed(BUCKET, "bucket", {"x": f"{NAME}-x", "y": f"{NAME}-y"})
LOGS = "aws_cloudwatch_log_group.api"
TOPIC = "aws_sns_topic.alarms"
LOG_KEY = "aws_kms_key.logs"
LISTENER = "aws_lb_listener.https"
KEY = "aws_kms_key.data"
KEYS = only("corrected", KEY)


def within(algorithm: str) -> dict[str, Any]:
    """The encryption of a bucket, written inside it."""
    default = [{"sse_algorithm": algorithm, "kms_master_key_id": None}]
    return {"rule": [{"apply_server_side_encryption_by_default": default}]}


FOREIGN = "arn:aws:kms:eu-west-1:123456789012:key/22222222"


def looked_up(kind: str, alias: str | None, arn: str | None = None) -> Edit:
    """The topic has the key that this data source looks up: while planning, or at apply."""
    asked, given = ("name", "target_key_arn") if kind == "aws_kms_alias" else ("key_id", "arn")
    block = f"data.{kind}.found"

    def edit(plan: Document) -> None:
        identity = {"address": block, "mode": "data", "type": kind, "name": "found"}
        if arn:
            known(TOPIC, "kms_master_key_id", arn)(plan)
            prior = plan["prior_state"]["values"]["root_module"]["resources"]
            prior.append(identity | {"values": {asked: alias, given: arn}, "sensitive_values": {}})
            return
        unknown(TOPIC, "kms_master_key_id", f"{block}.{given}", block)(plan)
        change: Document = {"actions": ["read"], "before": None, "after": {asked: alias}}
        unsure = {given: True, **({} if alias else {asked: True})}
        change |= {"after_unknown": unsure, "before_sensitive": False, "after_sensitive": {}}
        plan["resource_changes"].append(identity | {"change": change, "provider_name": PROVIDER})
        plan["configuration"]["root_module"]["resources"].append(identity | {"expressions": {}})

    return edit


def snapshot(*, encrypted: bool) -> Edit:
    """A snapshot that was looked up while planning."""

    def edit(plan: Document) -> None:
        identity = {"address": "data.aws_db_snapshot.x", "mode": "data", "type": "aws_db_snapshot"}
        values = {"db_snapshot_identifier": "x", "encrypted": encrypted}
        found = identity | {"name": "x", "sensitive_values": {}, "values": values}
        root = plan.setdefault("prior_state", {"values": {"root_module": {"resources": []}}})
        root["values"]["root_module"]["resources"].append(found)

    return edit


BALANCER, LOGS_BUCKET = "aws_lb.main", "aws_s3_bucket.logs"
LOGS_ID: Final = (f"{LOGS_BUCKET}.id", LOGS_BUCKET)
FOR_LOGS: Final = only("corrected", LOGS_BUCKET, f"{KINDS}.logs", "aws_lb")
TLS: Final = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def logs_in(block: str, *, enabled: bool) -> Edit:
    """The load balancer writes these logs into our bucket, and no others."""
    return together(
        known(BALANCER, "access_logs", []),
        known(BALANCER, block, [{"bucket": None, "enabled": enabled}]),
        unknown(BALANCER, f"{block}[0].bucket", *LOGS_ID),
    )


SCENARIOS = [
    Scenario("ENC-01.1", only("corrected", DATABASE))
    .satisfied("encrypted")
    .violated("switched off", known(DATABASE, "storage_encrypted", False))
    .violated("left out", left_out(DATABASE, "storage_encrypted"))
    .undetermined("known after apply", unknown(DATABASE, "storage_encrypted")),
    on_the_cluster("ENC-01.1", "storage_encrypted", False)
    .undetermined(
        "a copy of a snapshot",
        multi_az(snapshot_identifier="last"),
        left_out(CLUSTER, "storage_encrypted"),
    )
    .violated("documents wrong", documents(storage_encrypted=False))
    .satisfied("graph", graph())
    .violated("graph wrong", graph(storage_encrypted=False))
    .undetermined("documents without their cluster", instance(DOCUMENT_ONE, DOCUMENTS)),
    Scenario("ENC-01.1", NOTHING)
    .satisfied("a warehouse", warehouse())
    .satisfied("DSQL always", sql())
    .satisfied("aurora on demand", aurora(instances=()), instance(ONE, CLUSTER, **ON_DEMAND))
    .satisfied("aurora of the first version on demand", serverless())
    .satisfied("aurora without instances in the plan", aurora(instances=()))
    .satisfied("aurora in a global cluster", aurora(global_cluster_identifier="world"))
    .satisfied(
        "a cluster that is a copy", aurora(replication_source_identifier="arn:aws:rds:::cluster:x")
    )
    .undetermined("a cluster from a snapshot", aurora(snapshot_identifier="last"), deceit="companion")
    .satisfied(
        "a cluster from a snapshot with a key",
        aurora(snapshot_identifier="last", kms_key_id="arn:aws:kms:eu-west-1:123456789012:key/1"),
    )
    .satisfied("a cluster of an engine that apply decides", aurora(), unknown(CLUSTER, "engine"))
    .undetermined(
        "an instance from a snapshot",
        known(DATABASE, "snapshot_identifier", "x"),
        base=INSTANCE,
        deceit="companion",
    )
    .satisfied(
        "an instance from an encrypted snapshot",
        known(DATABASE, "snapshot_identifier", "x"),
        snapshot(encrypted=True),
        base=INSTANCE,
    )
    .violated(
        "an instance from a plain snapshot",
        known(DATABASE, "snapshot_identifier", "x"),
        snapshot(encrypted=False),
        base=INSTANCE,
        deceit="companion",
    )
    .satisfied(
        "an instance that came from a snapshot",
        known(DATABASE, "snapshot_identifier", "x"),
        becomes(DATABASE, "no-op"),
        base=INSTANCE,
    )
    .satisfied("a read replica", copied(storage_encrypted=True), base=INSTANCE)
    .undetermined("a read replica that does not say it", copied(), base=INSTANCE)
    .satisfied("elastic documents", elastic())
    .satisfied("a warehouse without servers", added("aws_redshiftserverless_namespace.events", {}))
    .satisfied("MemoryDB always", added("aws_memorydb_cluster.fast", {"snapshot_retention_limit": 35}))
    .satisfied("Neptune Analytics always", added("aws_neptunegraph_graph.all", {}))
    .satisfied("InfluxDB always", added("aws_timestreaminfluxdb_db_instance.heat", {"password": None}))
    .violated("a warehouse in plain text", warehouse(encrypted="false"))
    .violated("an older warehouse in plain text", warehouse(encrypted=False))
    .undetermined(
        "a warehouse known after apply", warehouse(), unknown("aws_redshift_cluster.events", "encrypted")
    )
    .undetermined("a warehouse that does not say it", warehouse(encrypted=None))
    .undetermined("Lightsail does not say it", small()),
    Scenario("ENC-02.1", only("corrected", BUCKET, ENCRYPTION))
    .satisfied("kms")
    .satisfied("two layers of kms", known(ENCRYPTION, ALGORITHM, "aws:kms:dsse"))
    .satisfied(
        "keys of S3 for a load balancers logs",
        base=only("corrected", "aws_s3_bucket.logs", f"{KINDS}.logs", "aws_lb"),
    )
    .violated("keys of S3", known(ENCRYPTION, ALGORITHM, "AES256"))
    .satisfied(
        "keys of S3 for the logs of another bucket",
        base=LOGGED,
    )
    .violated(
        "keys of S3 for a bucket whose requests are logged",
        known(ENCRYPTION, ALGORITHM, "AES256"),
        base=LOGGED,
    )
    .undetermined(
        "keys of S3 while apply decides which bucket takes the logs of another",
        unknown(LOGS_OF_BUCKET, "target_bucket", "var.which"),
        base=LOGGED,
    )
    .violated("keys of S3 for other logs", base=only("corrected", "aws_s3_bucket.logs", f"{KINDS}.logs"))
    .satisfied("inside the bucket", without(ENCRYPTION), known(BUCKET, INSIDE, [within("aws:kms")]))
    .violated("keys of S3 inside it", without(ENCRYPTION), known(BUCKET, INSIDE, [within("AES256")]))
    .violated("no setting", without(ENCRYPTION))
    .violated("no rule", left_out(ENCRYPTION, "rule"))
    .violated(
        "only the sibling module has one", in_modules("store", MODULES, optional=KINDS, only_in="y")
    )
    .undetermined("algorithm known after apply", unknown(ENCRYPTION, ALGORITHM))
    .undetermined("setting of an unknown bucket", unknown(ENCRYPTION, "bucket", "local.bucket"))
    .undetermined(
        "setting of one of two buckets", TWO_BUCKETS, unknown(ENCRYPTION, "bucket", BUCKET, "var.which")
    ),
    Scenario("ENC-03.1", only("corrected", BUCKET, POLICY))
    .satisfied("denied")
    .satisfied(
        "denied beside an allowance", policy(POLICY, allow("s3:GetObject", "*"), deny_plain_http())
    )
    .satisfied("every action", policy(POLICY, deny_plain_http(Action="*")))
    .satisfied(
        "wherever the key is there",
        policy(POLICY, deny_plain_http(Condition={"BoolIfExists": {"aws:SecureTransport": False}})),
    )
    .satisfied("every AWS principal", policy(POLICY, deny_plain_http(Principal={"AWS": "*"})))
    .satisfied("every resource", policy(POLICY, deny_plain_http(Resource="*")))
    .satisfied(
        "document read at apply",
        read_at_apply(
            POLICY,
            statement(["s3:*"], effect="Deny", refers=REFERS, condition=INSECURE, everybody=True),
        ),
    )
    .violated("as inherited", base=only("inherited", BUCKET, POLICY))
    .violated("no policy", without(POLICY))
    .violated("allows instead", policy(POLICY, deny_plain_http(Effect="Allow")))
    .violated(
        "an extra condition",
        policy(
            POLICY,
            deny_plain_http(
                Condition={
                    "Bool": {"aws:SecureTransport": "false"},
                    "StringEquals": {"aws:PrincipalAccount": "123456789012"},
                }
            ),
        ),
    )
    .violated(
        "an extra key of the same operator",
        policy(
            POLICY,
            deny_plain_http(
                Condition={"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}
            ),
        ),
    )
    .violated(
        "denies what is encrypted",
        policy(POLICY, deny_plain_http(Condition={"Bool": {"aws:SecureTransport": "true"}})),
    )
    .violated("no condition", policy(POLICY, deny_plain_http(Condition=None)))
    .violated("reading only", policy(POLICY, deny_plain_http(Action="s3:GetObject")))
    .violated("all but reading", policy(POLICY, deny_plain_http(Action=None, NotAction="s3:GetObject")))
    .violated("one principal only", policy(POLICY, deny_plain_http(Principal={"AWS": "123456789012"})))
    .violated(
        "all but one principal",
        policy(POLICY, deny_plain_http(Principal=None, NotPrincipal={"AWS": "1"})),
    )
    .violated(
        "the bucket without its objects",
        policy(POLICY, deny_plain_http(Resource=f"arn:aws:s3:::{NAME}")),
    )
    .violated(
        "the objects without the bucket",
        policy(POLICY, deny_plain_http(Resource=f"arn:aws:s3:::{NAME}/*")),
    )
    .violated(
        "some of the objects",
        policy(
            POLICY, deny_plain_http(Resource=[f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/public/*"])
        ),
    )
    .violated("another bucket", policy(POLICY, deny_plain_http("somebody-elses-bucket")))
    .violated(
        "document read at apply allows",
        read_at_apply(POLICY, statement(["s3:GetObject"], refers=REFERS, everybody=True)),
    )
    .violated(
        "document read at apply has an extra condition",
        read_at_apply(
            POLICY,
            statement(
                ["s3:*"],
                effect="Deny",
                refers=REFERS,
                condition=("StringEquals", "aws:SecureTransport", "false"),
                everybody=True,
            ),
        ),
    )
    .violated(
        "only the sibling module has one",
        in_modules("store", MODULES, optional="aws_s3_bucket_policy", only_in="y"),
    )
    .undetermined("policy known after apply", unknown(POLICY, "policy"))
    .undetermined(
        "document read at apply merges another",
        read_at_apply(POLICY, statement(["s3:GetObject"], refers=REFERS), merges="{}"),
    )
    .undetermined(
        "document read at apply for the objects and another bucket",
        read_at_apply(POLICY, DENIES),
        known(DOCUMENT, "statement[0].resources[0]", "arn:aws:s3:::somebody-elses-bucket"),
    )
    .undetermined(
        "document read at apply for one ARN each of two buckets",
        read_at_apply(
            POLICY,
            statement(
                ["s3:*"],
                effect="Deny",
                refers=["aws_s3_bucket.images.arn", "aws_s3_bucket.logs.arn"],
                condition=INSECURE,
                everybody=True,
            ),
        ),
        base=only("corrected", BUCKET, POLICY, "aws_s3_bucket.logs", "aws_s3_bucket_policy.logs"),
    )
    .undetermined(
        "document read at apply with unknown resources",
        read_at_apply(
            POLICY,
            statement(
                ["s3:*"], effect="Deny", refers=["local.arns"], condition=INSECURE, everybody=True
            ),
        ),
    )
    .undetermined(
        "document read at apply with a dynamic condition",
        read_at_apply(POLICY, DENIES),
        unknown(DOCUMENT, "statement[0].condition", "local.conditions"),
    )
    .undetermined(
        "document read at apply with dynamic statements",
        read_at_apply(POLICY, DENIES),
        unknown(DOCUMENT, "statement", "local.statements"),
    )
    .undetermined("policy of an unknown bucket", unknown(POLICY, "bucket", "local.bucket")),
    Scenario("ENC-04.1", only("corrected", LOGS, LOG_KEY))
    .satisfied("as corrected")
    .satisfied("by name", known(LOGS, "kms_key_id", "arn:aws:kms:eu-west-1:123456789012:key/11111111"))
    .violated("left out", left_out(LOGS, "kms_key_id"))
    .violated("empty", known(LOGS, "kms_key_id", ""))
    .violated("as inherited", base=only("inherited", LOGS))
    .undetermined("known after apply", unknown(LOGS, "kms_key_id"))
    .violated("the key of AWS", known(LOGS, "kms_key_id", "alias/aws/logs"))
    .undetermined("through a local", unknown(LOGS, "kms_key_id", "local.key")),
    Scenario("ENC-05.1", only("corrected", TOPIC, LOG_KEY))
    .satisfied("as corrected")
    .satisfied("an alias of ours", known(TOPIC, "kms_master_key_id", "alias/awsome"))
    .violated("left out", left_out(TOPIC, "kms_master_key_id"))
    .violated("the key of AWS", known(TOPIC, "kms_master_key_id", "alias/aws/sns"))
    .violated(
        "the key of AWS by the ARN of its alias",
        known(TOPIC, "kms_master_key_id", "arn:aws:kms:eu-west-1:123456789012:alias/aws/sns"),
    )
    .violated("the key of AWS looked up", looked_up("aws_kms_alias", "alias/aws/sns", FOREIGN))
    .violated("the key of AWS by its own ARN", looked_up("aws_kms_key", "alias/aws/sns", FOREIGN))
    .satisfied("a key of ours looked up", looked_up("aws_kms_alias", "alias/ours", FOREIGN))
    .violated("the key of AWS read at apply", looked_up("aws_kms_alias", "alias/aws/sns"))
    .satisfied("a key of ours read at apply", looked_up("aws_kms_key", "alias/ours"))
    .undetermined("a key read at apply by an unknown alias", looked_up("aws_kms_alias", None))
    .undetermined("known after apply", unknown(TOPIC, "kms_master_key_id")),
    in_the_group("ENC-06.1", "rds.force_ssl", "0").undetermined(
        "left to the default of a new version", parameter("log_connections", "1")
    ),
    in_the_cluster_group("ENC-06.1", "rds.force_ssl", "0")
    .satisfied("documents by default", documents())
    .satisfied("graph always", graph())
    .violated(
        "documents without",
        documents(db_cluster_parameter_group_name="orders"),
        group("aws_docdb_cluster_parameter_group", {"tls": "disabled"}),
    )
    .undetermined(
        "documents in a group elsewhere", documents(db_cluster_parameter_group_name="elsewhere")
    )
    .undetermined("documents without their cluster", instance(DOCUMENT_ONE, DOCUMENTS)),
    attribute(
        *("ENC-07.1", only("corrected", "aws_lb_listener"), LISTENER, "ssl_policy"),
        good={"even stricter": "ELBSecurityPolicy-TLS13-1-3-2021-06"},
        bad={"an old policy": "ELBSecurityPolicy-2016-08"},
        unset="undetermined",
        computed=True,
    ),
    attribute(
        *("ENC-08.1", KEYS, KEY, "enable_key_rotation"),
        bad={"never": False},
        unset="violated",
    )
    .violated("second key never", another(KEY, "second", enable_key_rotation=False))
    .satisfied(
        "a key for signatures beside it",
        another(KEY, "second", enable_key_rotation=False, customer_master_key_spec="ECC_NIST_P256"),
    ),
    attribute(
        *("ENC-08.2", KEYS, KEY, "deletion_window_in_days"),
        bad={"a week": 7, "a day less": 29},
    ).satisfied("left out", left_out(KEY, "deletion_window_in_days")),
    Scenario("ENC-01.1", INSTANCE)
    .violated(
        "a replica that says it of a source that is not",
        known(DATABASE, "storage_encrypted", False),
        copied(storage_encrypted=True),
        deceit="companion",
    )
    .violated(
        "one key of two",
        keyed(DATABASE, "storage_encrypted", {"a": True, "b": False}),
        deceit="another one",
    )
    .violated("graphs that say nothing", graph(storage_encrypted=None), deceit="default"),
    Scenario("ENC-02.1", only("corrected", BUCKET, ENCRYPTION))
    .violated(
        "the keys of S3 that were read back",
        without(ENCRYPTION),
        read_back(INSIDE, [within("AES256")]),
        deceit="before",
    )
    .undetermined(
        "two settings that disagree",
        another(
            *(ENCRYPTION, "two"),
            rule=[{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}],
        ),
        deceit="overruled",
    ),
    Scenario("ENC-02.1", FOR_LOGS)
    .satisfied(
        "keys of S3 for logs of connections",
        logs_in("connection_logs", enabled=True),
    )
    .satisfied(
        "keys of S3 for logs of a classic load balancer",
        without(BALANCER),
        added("aws_elb.old", {"access_logs": [{"enabled": True}]}),
        unknown("aws_elb.old", "access_logs[0].bucket", *LOGS_ID),
    )
    .violated("keys of S3 for logs that are off", logs_in("access_logs", enabled=False), deceit="empty")
    .violated(
        "keys of S3 for logs of a network load balancer",
        known(BALANCER, "load_balancer_type", "network"),
        deceit="engine",
    )
    .undetermined(
        "keys of S3 for logs that apply switches on",
        logs_in("access_logs", enabled=True),
        unknown(BALANCER, "access_logs[0].enabled"),
        deceit="perhaps",
    ),
    Scenario("ENC-03.1", only("corrected", BUCKET, POLICY))
    .violated(
        "where the key is missing",
        policy(POLICY, deny_plain_http(Condition={"Null": {"aws:SecureTransport": "true"}})),
        deceit="spelling",
    )
    .violated("the policy goes", becomes(POLICY, "delete"), deceit="before")
    .violated(
        "all but some resources",
        policy(POLICY, deny_plain_http(Resource=None, NotResource=f"arn:aws:s3:::{NAME}/public/*")),
        deceit="overruled",
    ),
    Scenario("ENC-04.1", only("corrected", LOGS, LOG_KEY))
    .violated("a disabled key", known(LOG_KEY, "is_enabled", False), deceit="companion")
    .violated(
        "a key for signatures", known(LOG_KEY, "customer_master_key_spec", "RSA_2048"), deceit="engine"
    )
    .violated("a blank", known(LOGS, "kms_key_id", " "), deceit="empty")
    .violated(
        "the key of AWS in capitals", known(LOGS, "kms_key_id", "alias/AWS/logs"), deceit="spelling"
    )
    .violated(
        "a key that goes",
        known(LOGS, "kms_key_id", "arn:aws:example:eu-west-1:123456789012:logs"),
        becomes(LOG_KEY, "delete"),
        deceit="before",
    )
    .violated("a second group without", another(LOGS, "two", kms_key_id=None), deceit="another one"),
    Scenario("ENC-05.1", only("corrected", TOPIC, LOG_KEY))
    .violated("a disabled key", known(LOG_KEY, "is_enabled", False), deceit="companion")
    .undetermined("perhaps a disabled key", unknown(LOG_KEY, "is_enabled"), deceit="perhaps")
    .violated(
        "the key of AWS in another partition",
        known(TOPIC, "kms_master_key_id", "arn:aws-us-gov:kms:us-gov-west-1:1:alias/aws/sns"),
        deceit="spelling",
    )
    .violated(
        "one key of two",
        keyed(TOPIC, "kms_master_key_id", {"a": "alias/ours", "b": "alias/aws/sns"}),
        deceit="another one",
    ),
    Scenario("ENC-06.1", only("corrected", DATABASE, "aws_db_parameter_group.main"))
    .violated(
        "a second database with a group of its own",
        another(DATABASE, "two", parameter_group_name="two"),
        added(
            "aws_db_parameter_group.two",
            {
                "name": "two",
                "parameter": [{"apply_method": "immediate", "name": "rds.force_ssl", "value": "0"}],
            },
        ),
        deceit="another one",
    )
    .violated("a word instead of a number", parameter("rds.force_ssl", "off"), deceit="spelling")
    .violated(
        "PostgreSQL 14 by default",
        parameter("log_connections", "1"),
        known(DATABASE, "engine_version", "14"),
        deceit="default",
    ),
    Scenario("ENC-07.1", only("corrected", "aws_lb", "aws_lb_listener"))
    .violated(
        "an older name of the type",
        added("aws_alb_listener.old", {"protocol": "HTTPS", "ssl_policy": "ELBSecurityPolicy-2016-08"}),
        deceit="shape",
    )
    .violated(
        "one key of two",
        keyed(LISTENER, "ssl_policy", {"a": TLS, "b": "ELBSecurityPolicy-TLS13-1-1-2021-06"}),
        deceit="another one",
    )
    .violated("a classic load balancer", classic("https"), deceit="default")
    .satisfied("a classic load balancer without TLS", classic("http"))
    .undetermined(
        "a classic load balancer with a policy",
        classic("ssl"),
        added("aws_load_balancer_listener_policy.old", {"load_balancer_port": 443}),
        deceit="companion",
    ),
    Scenario("ENC-08.1", KEYS)
    .violated(
        "one key of two",
        keyed(KEY, "enable_key_rotation", {"a": True, "b": False}),
        deceit="another one",
    )
    .violated("a word", known(KEY, "enable_key_rotation", "false"), deceit="spelling")
    .violated(
        "nothing said of an unsaid kind",
        known(KEY, "enable_key_rotation", None),
        known(KEY, "customer_master_key_spec", None),
        deceit="default",
    )
    .undetermined(
        "symmetric if apply says so",
        unknown(KEY, "enable_key_rotation"),
        unknown(KEY, "customer_master_key_spec"),
        deceit="perhaps",
    ),
    Scenario("ENC-08.2", KEYS)
    .violated(
        "a replica for a week",
        added("aws_kms_replica_key.two", {"deletion_window_in_days": 7}),
        deceit="shape",
    )
    .violated(
        "a replica of imported material for a week",
        added("aws_kms_replica_external_key.two", {"deletion_window_in_days": 7}),
        deceit="shape",
    )
    .violated(
        "a key for signatures for a week",
        another(KEY, "two", deletion_window_in_days=7, customer_master_key_spec="RSA_2048"),
        deceit="engine",
    ),
]
