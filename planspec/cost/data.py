"""What do caches and tables cost?

Sources: Amazon ElastiCache and Amazon DynamoDB pricing; Terraform AWS provider,
aws_elasticache_replication_group (arguments of its versions 3 to 6).
"""

from collections.abc import Callable

from planspec.cost.subject import NOT_SET, Subject, Undecided
from planspec.estimate import HOURS


def cache_cluster(subject: Subject) -> None:
    """Price a cache by its nodes."""
    _nodes(subject, lambda: int(subject.get(1, "num_cache_nodes")), "memcached")


def cache_group(subject: Subject) -> None:
    """Price a replication group: its shards, each with its replicas, or its clusters."""
    _nodes(subject, lambda: _nodes_of_group(subject), "redis")


def _nodes_of_group(subject: Subject) -> int:
    for name in ("num_cache_clusters", "number_cache_clusters"):
        if (stated := subject.stated(name)) is not NOT_SET:
            return int(stated)
    shards, replicas = subject.stated("num_node_groups"), subject.stated("replicas_per_node_group")
    if shards is NOT_SET:
        shards = subject.stated("cluster_mode", 0, "num_node_groups")
        replicas = subject.stated("cluster_mode", 0, "replicas_per_node_group")
    if shards is NOT_SET:
        raise Undecided("the number of its nodes is not in the plan")
    return int(shards) * (1 + (0 if replicas is NOT_SET else int(replicas)))


def _nodes(subject: Subject, count: Callable[[], int], default_engine: str) -> None:
    try:
        engine = str(subject.quiet(default_engine, "engine"))
        kind = str(subject.need("node_type"))
        kept = subject.quiet(0, "snapshot_retention_limit") != 0
    except Undecided as undecided:
        subject.unknown("Cache nodes", str(undecided))
        return
    subject.add(
        f"Cache nodes ({engine}, {kind})", f"elasticache.{engine}.{kind}", lambda: count() * HOURS
    )
    if kept:
        subject.use("Backups", "elasticache.backup")


def table(subject: Subject) -> None:
    """Price a table: provisioned capacity, or use."""
    try:
        mode = str(subject.get("PROVISIONED", "billing_mode"))
        replicas = bool(subject.blocks("replica"))
    except Undecided as undecided:
        subject.unknown("Capacity", str(undecided))
        return
    if mode == "PAY_PER_REQUEST":
        subject.use("Writes", "dynamodb.on_demand.write")
        subject.use("Reads", "dynamodb.on_demand.read")
    else:
        writes, reads = "dynamodb.provisioned.wcu", "dynamodb.provisioned.rcu"
        subject.add("Provisioned writes", writes, lambda: _capacity(subject, "write_capacity") * HOURS)
        subject.add("Provisioned reads", reads, lambda: _capacity(subject, "read_capacity") * HOURS)
    if replicas:
        subject.unknown("Replicas in other regions", "no prices for replicated writes")
    subject.use("Storage", "dynamodb.storage")
    if subject.quiet(False, "point_in_time_recovery", 0, "enabled") is True:
        subject.use("Point-in-time recovery", "dynamodb.pitr")


def _capacity(subject: Subject, name: str) -> int:
    """The capacity of the table and of its indexes."""
    indexes = len(subject.blocks("global_secondary_index"))
    of_indexes = (
        int(subject.quiet(0, "global_secondary_index", place, name)) for place in range(indexes)
    )
    return int(subject.need(name)) + sum(of_indexes)
