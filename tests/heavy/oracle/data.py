"""What holds data, written a second time: databases, buckets, keys, logs and tables.

Each function of `ORACLES` reads the title and the rationale of one scenario as AWS documents the
setting. It says of each address "satisfied", "violated", or "undetermined" where the JSON does not say;
what it leaves out is not examined. Whoever wrote it had not read the judgements.
Sources: the guides of AWS and the pages of the provider's resources.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from tests.heavy.oracle.raw_plan import (
    SATISFIED,
    UNDETERMINED,
    UNKNOWN,
    VIOLATED,
    Plan,
    Resource,
    Verdicts,
    asked,
    best,
    is_off,
    is_true,
    items,
    of_blocks,
    statements,
    worst,
)


class Setting(NamedTuple):
    """The argument of a type of database, and what AWS takes for null."""

    argument: str
    null: Any = UNKNOWN


Facts = dict[str, Setting | str]
MEMBERS: Final = {
    "aws_rds_cluster": "aws_rds_cluster_instance",
    "aws_docdb_cluster": "aws_docdb_cluster_instance",
    "aws_neptune_cluster": "aws_neptune_cluster_instance",
}


def members(plan: Plan, cluster: Resource) -> list[tuple[Resource, bool]]:
    """The instances of a cluster, and whether each is so for certain."""
    return plan.about(cluster, [MEMBERS[cluster.type]], "cluster_identifier", "cluster_identifier")


def is_multi_az_cluster(cluster: Resource) -> bool:
    """Whether RDS makes the instances of a cluster itself: a Multi-AZ DB cluster."""
    return cluster.type == "aws_rds_cluster" and cluster["db_cluster_instance_class"] is not None


def all_databases(plan: Plan, facts: Facts, good: Callable[[Any], bool]) -> Verdicts:
    """Ask each database by its type: an argument, or what is always so."""
    return {
        each.address: fact if isinstance(fact, str) else asked(each.told(fact.argument), good, fact.null)
        for each in plan.of(*facts)
        for fact in [facts[each.type]]
    }


def of_clusters(plan: Plan, facts: Facts, good: Callable[[Any], bool]) -> Verdicts:
    """Ask what the cluster says of all its instances; an instance without its cluster says nothing."""
    return {**all_databases(plan, facts, good), **strays(plan)}


def strays(plan: Plan) -> Verdicts:
    """Instances of which the plan does not show the cluster, or not for certain."""
    found: Verdicts = {}
    for kind, member in MEMBERS.items():
        owned = {each.address for owner in plan.of(kind) for each, sure in members(plan, owner) if sure}
        found |= {each.address: UNDETERMINED for each in plan.of(member) if each.address not in owned}
    return found


def of_instances(
    plan: Plan, argument: str, good: Callable[[Any], bool], kinds: Iterable[str], null: Any = None
) -> Verdicts:
    """Ask what each instance says; a cluster without an instance in the plan says nothing."""
    types = ["aws_db_instance", *(MEMBERS[kind] for kind in kinds)]
    found = {each.address: asked(each.told(argument), good, null) for each in plan.of(*types)}
    for each in plan.of(*kinds):
        alone = not members(plan, each) or is_multi_az_cluster(each)
        if alone and each["engine_mode"] != "serverless":
            found[each.address] = UNDETERMINED
    return found


ALWAYS_ENCRYPTED: Final = (
    *("aws_docdbelastic_cluster", "aws_dsql_cluster", "aws_memorydb_cluster", "aws_neptunegraph_graph"),
    *("aws_redshiftserverless_namespace", "aws_timestreaminfluxdb_db_instance"),
)
ORIGINS: Final = (
    *("replicate_source_db", "snapshot_identifier", "restore_to_point_in_time", "s3_import"),
    *("replication_source_identifier", "global_cluster_identifier"),
)


def database_encryption(plan: Plan) -> Verdicts:
    """ENC-01.1. A copy is encrypted as its origin is. Source: the guide of each service, Encryption."""
    facts: Facts = {
        "aws_db_instance": Setting("storage_encrypted", False),
        "aws_rds_cluster": Setting("storage_encrypted"),
        "aws_docdb_cluster": Setting("storage_encrypted", False),
        "aws_neptune_cluster": Setting("storage_encrypted", False),
        "aws_redshift_cluster": Setting("encrypted"),
        "aws_lightsail_database": UNDETERMINED,
        **dict.fromkeys(ALWAYS_ENCRYPTED, SATISFIED),
    }
    found = of_clusters(plan, facts, is_true)
    for each in plan.of("aws_db_instance", "aws_rds_cluster"):
        copied = any(each.block(name) not in (None, []) for name in ORIGINS)
        if copied and each["storage_encrypted"] is None:
            found[each.address] = UNDETERMINED
        if each["engine_mode"] == "serverless" and not each.written("storage_encrypted"):
            found[each.address] = SATISFIED
    return found


PRIVATE_DATABASES: Final = (
    *("aws_docdb_cluster", "aws_docdb_cluster_instance"),
    *("aws_docdbelastic_cluster", "aws_memorydb_cluster"),
)


def database_publicity(plan: Plan) -> Verdicts:
    """EXP-01.1. DocumentDB and MemoryDB have no public address; Aurora DSQL's endpoint is public."""
    facts: Facts = {
        **dict.fromkeys(
            ("aws_redshift_cluster", "aws_redshiftserverless_workgroup"), Setting("publicly_accessible")
        ),
        "aws_lightsail_database": Setting("publicly_accessible"),
        "aws_timestreaminfluxdb_db_instance": Setting("publicly_accessible"),
        "aws_neptunegraph_graph": Setting("public_connectivity"),
        **dict.fromkeys(PRIVATE_DATABASES, SATISFIED),
        "aws_dsql_cluster": VIOLATED,
    }
    instances = of_instances(plan, "publicly_accessible", is_off, list(MEMBERS)[::2], UNKNOWN)
    serverless = {
        each.address: SATISFIED
        for each in plan.of("aws_rds_cluster")
        if each["engine_mode"] == "serverless"
    }
    return {**all_databases(plan, facts, is_off), **instances, **serverless}


def backup_retention(plan: Plan) -> Verdicts:
    """DUR-01.1. Lightsail keeps 7 days, Redshift Serverless 1."""
    by_days = ("aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster")
    facts: Facts = {
        **dict.fromkeys((*by_days, "aws_docdbelastic_cluster"), Setting("backup_retention_period")),
        "aws_redshift_cluster": Setting("automated_snapshot_retention_period"),
        "aws_memorydb_cluster": Setting("snapshot_retention_limit"),
        **dict.fromkeys(("aws_lightsail_database", "aws_redshiftserverless_namespace"), VIOLATED),
        **dict.fromkeys(("aws_dsql_cluster", "aws_neptunegraph_graph"), UNDETERMINED),
        "aws_timestreaminfluxdb_db_instance": UNDETERMINED,
    }
    return of_clusters(plan, facts, lambda days: float(days) >= 35)


def deletion_protection(plan: Plan) -> Verdicts:
    """DUR-02.1. Where AWS offers none, the rationale leaves the answer open."""
    protected = ("aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster")
    without = ("aws_redshift_cluster", "aws_redshiftserverless_namespace", "aws_docdbelastic_cluster")
    facts: Facts = {
        **dict.fromkeys(protected, Setting("deletion_protection", False)),
        "aws_dsql_cluster": Setting("deletion_protection_enabled"),
        "aws_neptunegraph_graph": Setting("deletion_protection"),
        **dict.fromkeys((*without, "aws_memorydb_cluster", "aws_lightsail_database"), UNDETERMINED),
        "aws_timestreaminfluxdb_db_instance": UNDETERMINED,
    }
    return of_clusters(plan, facts, is_true)


def multi_az(plan: Plan) -> Verdicts:
    """AVA-02.1. Aurora spreads its instances itself; DocumentDB and Neptune put them into any zone.

    Sources: CreateDBInstance, AvailabilityZone, in the API of Amazon RDS, DocumentDB and Neptune.
    """
    found = {each.address: asked(each.told("multi_az"), is_true) for each in plan.of("aws_db_instance")}
    for each in plan.of(*MEMBERS):
        if each["engine_mode"] != "serverless":
            multi = is_multi_az_cluster(each)
            found[each.address] = SATISFIED if multi else in_two_zones(each, members(plan, each))
    return {**found, **strays(plan)}


def in_two_zones(cluster: Resource, tied: list[tuple[Resource, bool]]) -> str:
    """Whether a second instance of a cluster stands in another zone."""
    zones = [each["availability_zone"] for each, sure in tied if sure]
    written = {zone for zone in zones if isinstance(zone, str)}
    spread = cluster.type == "aws_rds_cluster" and UNKNOWN in zones and len(zones) > 1
    if len(written) > 1 or spread:
        return SATISFIED
    return (
        VIOLATED
        if tied and (len(tied) == 1 or (len(tied) == len(zones) and UNKNOWN not in zones))
        else UNDETERMINED
    )


def minor_upgrades(plan: Plan) -> Verdicts:
    """CHG-03.1. Each instance of a cluster says so itself; a Multi-AZ DB cluster is by default."""
    kinds = ["aws_rds_cluster", "aws_neptune_cluster"]
    found = of_instances(plan, "auto_minor_version_upgrade", lambda value: value is not False, kinds)
    return {
        **found,
        **{each.address: SATISFIED for each in plan.of(*kinds) if is_multi_az_cluster(each)},
    }


BUCKET, DIRECTORY = "aws_s3_bucket", "aws_s3_directory_bucket"


def of_bucket(
    plan: Plan,
    bucket: Resource,
    kind: str,
    judge: Callable[[dict[str, Any]], str],
    inline: Callable[[dict[str, Any]], str] | None = None,
    block: str = "",
) -> str:
    """What the configuration resources of a bucket and its inline block say; violated without any."""
    tied = plan.about(bucket, [kind], "bucket", "bucket")
    surely = [each for each, sure in tied if sure]
    goes = any(takes_away(each, bucket, surely) for each in plan.managed if each.type == kind)
    answers = [judge(each.values) for each in surely]
    perhaps = [judge(each.values) for each, sure in tied if not sure]
    if inline is not None and bucket.block(block) is not None:
        if bucket.written(block) or not (tied or goes):
            answers.append(inline(bucket.values))
        elif perhaps and not surely:
            perhaps.append(inline(bucket.values))
    if not answers:
        return VIOLATED if set(perhaps) <= {VIOLATED} else UNDETERMINED
    # Of two that disagree, and of one that goes as another comes, the JSON does not say which is last.
    said = answers[0] if len(set(answers)) == 1 else UNDETERMINED
    doubtful = goes or not set(perhaps) <= {SATISFIED}
    return UNDETERMINED if doubtful and said == SATISFIED else said


def takes_away(setting: Resource, bucket: Resource, kept: list[Resource]) -> bool:
    """Whether apply destroys a setting that was this bucket's, and does not make it again after that."""
    named = setting.before.get("bucket")
    was = named is not None and named in (bucket.before.get("bucket"), bucket.before.get("id"))
    again = setting in kept and setting.actions == ["delete", "create"]
    return was and "delete" in setting.actions and "delete" not in bucket.actions and not again


def buckets(plan: Plan, types: Iterable[str], *rest: Any) -> Verdicts:
    """Ask each bucket the same."""
    return {each.address: of_bucket(plan, each, *rest) for each in plan.of(*types)}


def always(plan: Plan) -> Verdicts:
    """What every directory bucket has: HTTPS alone, Block Public Access, and ACLs disabled.

    Source: Amazon S3 User Guide, "Differences for directory buckets".
    """
    return {each.address: SATISFIED for each in plan.of(DIRECTORY)}


def versioning(plan: Plan) -> Verdicts:
    """DUR-03.1. Directory buckets have no versions.

    Source: Amazon S3 User Guide, "Retaining multiple versions of objects".
    """

    def enabled(values: dict[str, Any], names: tuple[str, str], good: Callable[[Any], bool]) -> str:
        return best(asked(each, good) for each in of_blocks(values, *names))

    return buckets(
        plan,
        [BUCKET],
        "aws_s3_bucket_versioning",
        lambda values: enabled(values, ("versioning_configuration", "status"), lambda v: v == "Enabled"),
        lambda values: enabled(values, ("versioning", "enabled"), is_true),
        "versioning",
    )


def bucket_encryption(plan: Plan) -> Verdicts:
    """ENC-02.1. The bucket for the access logs of a load balancer may use SSE-S3, the default of S3."""
    path = ("rule", "apply_server_side_encryption_by_default", "sse_algorithm")

    def kms(value: Any) -> bool:
        return value in ("aws:kms", "aws:kms:dsse")

    found = buckets(
        plan,
        [BUCKET, DIRECTORY],
        "aws_s3_bucket_server_side_encryption_configuration",
        lambda values: best(asked(each, kms) for each in of_blocks(values, *path)),
        lambda values: best(
            asked(each, kms) for each in of_blocks(values, "server_side_encryption_configuration", *path)
        ),
        "server_side_encryption_configuration",
    )
    for bucket in plan.of(BUCKET):
        if found[bucket.address] != SATISFIED and holds_logs(plan, bucket):
            found[bucket.address] = SATISFIED
    return found


def holds_logs(plan: Plan, bucket: Resource) -> bool:
    """Whether a load balancer writes its access logs into a bucket."""
    for each in plan.of("aws_lb", "aws_alb", "aws_elb"):
        for logs in items(each["access_logs"]):
            named = logs is not UNKNOWN and logs.get("bucket")
            if named and named is not UNKNOWN and named in (bucket["bucket"], bucket["id"]):
                return True
            written = each.config.get("expressions", {}).get("access_logs")
            if named is UNKNOWN and plan.reached(
                each, [block.get("bucket") for block in items(written)]
            ) == (
                [bucket],
                True,
            ):
                return True
    return False


def block_public_access(plan: Plan) -> Verdicts:
    """EXP-05.1. What S3 sets for new buckets since 2023 is not in a plan, and does not count.

    Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage".
    """
    found = {each.address: blocks_the_public(plan, each) for each in plan.of(BUCKET)}
    return {**found, **always(plan)}


FOUR: Final = (
    *("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"),
)


def blocks_the_public(plan: Plan, bucket: Resource) -> str:
    """Whether each setting is on, for a bucket or for its account: the stricter one counts."""
    account = {name: set_for_the_account(plan, bucket, name) for name in FOUR}
    own = of_bucket(
        plan,
        bucket,
        "aws_s3_bucket_public_access_block",
        lambda values: worst(
            best([asked(values.get(name), is_true), answer]) for name, answer in account.items()
        ),
    )
    return best([own, worst(account.values())])


def set_for_the_account(plan: Plan, bucket: Resource, name: str) -> str:
    """Whether the account has a setting on; one of another provider, or by number, may be another's."""
    answers = []
    for each in plan.of("aws_s3_account_public_access_block"):
        key = each.config.get("provider_config_key")
        own = key is not None and key == bucket.config.get("provider_config_key")
        answer = asked(each[name], is_true)
        sure = (own and not each.written("account_id")) or answer == VIOLATED
        answers.append(answer if sure else UNDETERMINED)
    return best(answers)


def disabled_acls(plan: Plan) -> Verdicts:
    """EXP-09.2. The default of S3 for new buckets is not in a plan, and does not count.

    Source: Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket".
    """
    found = buckets(
        plan,
        [BUCKET],
        "aws_s3_bucket_ownership_controls",
        lambda values: best(
            asked(each, lambda v: v == "BucketOwnerEnforced")
            for each in of_blocks(values, "rule", "object_ownership")
        ),
    )
    return {**found, **always(plan)}


def tls_only(plan: Plan) -> Verdicts:
    """ENC-03.1. Source: AWS Config, "s3-bucket-ssl-requests-only"."""
    found = always(plan)
    for bucket in plan.of(BUCKET):
        policies = [
            (statements(plan, each, "policy", each["policy"]), sure)
            for each, sure in plan.about(bucket, ["aws_s3_bucket_policy"], "bucket", "bucket")
        ]
        if not policies and bucket.block("policy") is not None:
            policies.append((statements(plan, bucket, "policy", bucket["policy"]), True))
        answers = [
            (
                best(denies_plain(each, bucket) for each in stated)
                if isinstance(stated, list)
                else UNDETERMINED,
                sure,
            )
            for stated, sure in policies
        ]
        certain = [answer for answer, sure in answers if sure]
        if certain:
            found[bucket.address] = worst(certain)
        else:
            found[bucket.address] = VIOLATED if {a for a, _ in answers} <= {VIOLATED} else UNDETERMINED
    return found


def denies_plain(statement: dict[str, Any], bucket: Resource) -> str:
    """Whether a statement denies everybody everything without TLS."""
    principal = statement.get("Principal")
    everybody = (
        items(principal.get("AWS", principal.get("*")))
        if isinstance(principal, dict)
        else items(principal)
    )
    actions = items(statement.get("Action"))
    asked_for = {
        (operator, str(key).lower()): items(values)
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, values in keys.items()
    }
    if statement.get("Effect") != "Deny":
        return VIOLATED
    if UNKNOWN in [*everybody, *actions, *(each for values in asked_for.values() for each in values)]:
        return UNDETERMINED
    keys = {(operator, "aws:securetransport") for operator in ("Bool", "BoolIfExists")}
    plain = ["false" in [str(each).lower() for each in values] for values in asked_for.values()]
    if "*" not in everybody or not {"*", "s3:*"} & {*actions}:
        return VIOLATED
    if plain != [True] or not asked_for.keys() <= keys:
        return VIOLATED
    resources = items(statement.get("Resource"))
    if UNKNOWN in resources:
        return UNDETERMINED
    arn = f"arn:aws:s3:::{bucket['bucket']}"
    named = {re.sub(r"^arn:aws[\w-]*:", "arn:aws:", str(each)) for each in resources}
    both = {arn, f"{arn}/*"} <= named or f"{arn}*" in named
    return SATISFIED if both or named & {"*", "arn:aws:s3:::*"} else VIOLATED


def key_rotation(plan: Plan) -> Verdicts:
    """ENC-08.1. Symmetric keys for encryption. Source: AWS KMS, "Rotate AWS KMS keys"."""
    found: Verdicts = {}
    for each in plan.of("aws_kms_key"):
        spec, usage = each["customer_master_key_spec"], each["key_usage"]
        encrypts = usage in (None, "ENCRYPT_DECRYPT", UNKNOWN)
        symmetric = encrypts and spec in (None, "SYMMETRIC_DEFAULT", UNKNOWN)
        if symmetric and each["custom_key_store_id"] in (None, ""):
            answer = asked(each["enable_key_rotation"], is_true, False)
            doubtful = UNKNOWN in (spec, usage) and answer != SATISFIED
            found[each.address] = UNDETERMINED if doubtful else answer
    return found


def log_retention(plan: Plan) -> Verdicts:
    """CST-03.1. No number, and 0, are for ever; the class DELIVERY keeps for 2 days, whatever is set."""
    return {
        each.address: VIOLATED
        if each["log_group_class"] == "DELIVERY"
        else asked(each["retention_in_days"], lambda days: 30 <= float(days) <= 400, 0)
        for each in plan.of("aws_cloudwatch_log_group")
    }


def table_recovery(plan: Plan) -> Verdicts:
    """DUR-05.1. A replica has a switch of its own. Source: Amazon DynamoDB, "Point-in-time recovery"."""
    found: Verdicts = {}
    for each in plan.of("aws_dynamodb_table"):
        name = "point_in_time_recovery"
        block = each.told(name)
        if block is UNKNOWN and each.is_new and each.config and not each.written(name):
            block = None  # AWS has it off in a new table for which nobody writes it.
        answers = [best(asked(v, is_true) for v in of_blocks({name: block}, name, "enabled"))]
        answers += [
            asked(v, is_true) for v in of_blocks(each.values, "replica", "point_in_time_recovery")
        ]
        found[each.address] = worst(answers)
    for each in plan.of("aws_dynamodb_table_replica"):
        found[each.address] = asked(each["point_in_time_recovery"], is_true)
    return found


ORACLES: Final[dict[str, Callable[[Plan], Verdicts]]] = {
    "AVA-02.1": multi_az,
    "CHG-03.1": minor_upgrades,
    "CST-03.1": log_retention,
    "DUR-01.1": backup_retention,
    "DUR-02.1": deletion_protection,
    "DUR-03.1": versioning,
    "DUR-05.1": table_recovery,
    "ENC-01.1": database_encryption,
    "ENC-02.1": bucket_encryption,
    "ENC-03.1": tls_only,
    "ENC-08.1": key_rotation,
    "EXP-01.1": database_publicity,
    "EXP-05.1": block_public_access,
    "EXP-09.2": disabled_acls,
}
