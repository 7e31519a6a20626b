"""What do caches and tables cost?

Sources: Amazon ElastiCache and Amazon DynamoDB pricing; Terraform AWS provider,
aws_elasticache_replication_group (arguments of its versions 3 to 6).
"""

from collections.abc import Callable
from decimal import Decimal

from planspec.cost.families.limits import Limits, limits
from planspec.cost.resource import NOT_SET, PricedResource, Undecided
from planspec.estimate import HOURS, Bucket


def cache_cluster(subject: PricedResource) -> None:
    """Price a cache by its nodes."""

    def count() -> Limits:
        number = Decimal(int(subject.get(1, "num_cache_nodes")))
        return Limits(number, number)

    _nodes(subject, count, "memcached")


def cache_group(subject: PricedResource) -> None:
    """Price a replication group: its shards, each with its replicas, or its clusters."""
    _nodes(subject, lambda: _nodes_of_group(subject), "redis")


def _nodes_of_group(subject: PricedResource) -> Limits:
    for name in ("num_cache_clusters", "number_cache_clusters"):
        if (stated := subject.stated(name)) is not NOT_SET:
            return Limits(Decimal(int(stated)), Decimal(int(stated)))
    shards = _part(subject, "num_node_groups", "NodeGroups")
    replicas = _part(subject, "replicas_per_node_group", "Replicas")
    if shards is None:
        raise Undecided("the number of its nodes is not in the plan")
    spare = replicas or Limits(Decimal(0), Decimal(0))
    return Limits(shards.least * (1 + spare.least), shards.most * (1 + spare.most))


def _part(subject: PricedResource, name: str, dimension: str) -> Limits | None:
    """How many shards, or replicas of each, there are: by autoscaling, else as stated."""
    group = str(subject.quiet("", "replication_group_id"))
    scaled = limits(subject, f"replication-group/{group}", f"elasticache:replication-group:{dimension}")
    if scaled is not None:
        return scaled
    stated = subject.stated(name)
    if stated is NOT_SET:
        stated = subject.stated("cluster_mode", 0, name)
    return None if stated is NOT_SET else Limits(Decimal(int(stated)), Decimal(int(stated)))


def _nodes(subject: PricedResource, count: Callable[[], Limits], default_engine: str) -> None:
    try:
        engine = str(subject.quiet(default_engine, "engine"))
        kind = str(subject.need("node_type"))
        kept = subject.quiet(0, "snapshot_retention_limit") != 0
        nodes = count()
    except Undecided as undecided:
        subject.unknown("Cache nodes", str(undecided))
        return
    _between(subject, f"Cache nodes ({engine}, {kind})", f"elasticache.{engine}.{kind}", nodes)
    if kept:
        subject.use("Backups", "elasticache.backup")


def _between(subject: PricedResource, name: str, key: str, found: Limits) -> None:
    """Add hours of what autoscaling moves, or of what is fixed."""
    bucket = Bucket.FIXED if found.least == found.most else Bucket.RANGE
    subject.add(name, key, found.least * HOURS, most=found.most * HOURS, bucket=bucket)


def table(subject: PricedResource) -> None:
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
        _provisioned(subject, "writes", "write_capacity", "dynamodb.provisioned.wcu")
        _provisioned(subject, "reads", "read_capacity", "dynamodb.provisioned.rcu")
    if replicas:
        subject.unknown("Replicas in other regions", "no prices for replicated writes")
    subject.use("Storage", "dynamodb.storage")
    if subject.quiet(False, "point_in_time_recovery", 0, "enabled") is True:
        subject.use("Point-in-time recovery", "dynamodb.pitr")


def _provisioned(subject: PricedResource, what: str, name: str, key: str) -> None:
    """The capacity of the table, by autoscaling or as stated, and that of its indexes."""
    title = f"Provisioned {what}"
    try:
        table_name = str(subject.quiet("", "name"))
        dimension = f"dynamodb:table:{name.partition('_')[0].title()}CapacityUnits"
        own = limits(subject, f"table/{table_name}", dimension)
        if own is None:
            own = Limits(subject.amount(name), subject.amount(name))
        indexes = len(subject.blocks("global_secondary_index"))
        more = sum(
            Decimal(int(subject.quiet(0, "global_secondary_index", place, name)))
            for place in range(indexes)
        )
    except Undecided as undecided:
        subject.unknown(title, str(undecided))
        return
    _between(subject, title, key, Limits(own.least + more, own.most + more))
