"""What do caches, tables, topics and queues cost?

Sources: Amazon ElastiCache, Amazon DynamoDB, Amazon SNS and Amazon SQS pricing; Terraform AWS provider,
aws_elasticache_replication_group (arguments of its versions 3 to 6).
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from planspec.cost.families.limits import Limits, add_hours, fixed, limits, named
from planspec.cost.resource import NOT_SET, PricedResource, Undecided

_DELIVERIES: Final = {
    "http": "sns.http",
    "https": "sns.http",
    "email": "sns.email",
    "email-json": "sns.email",
}


def cache_cluster(subject: PricedResource) -> None:
    """Price a cache by its nodes."""
    _nodes(subject, lambda: fixed(int(subject.get(1, "num_cache_nodes"))), "memcached")


def cache_group(subject: PricedResource) -> None:
    """Price a replication group: its shards, each with its replicas, or its clusters."""
    _nodes(subject, lambda: _nodes_of_group(subject), "redis")


def _nodes_of_group(subject: PricedResource) -> Limits:
    for name in ("num_cache_clusters", "number_cache_clusters"):
        if (stated := subject.stated(name)) is not NOT_SET:
            return fixed(int(stated))
    shards = _part(subject, "num_node_groups", "NodeGroups")
    replicas = _part(subject, "replicas_per_node_group", "Replicas")
    if shards is None:
        raise Undecided("the number of its nodes is not in the plan")
    spare = replicas or fixed(0)
    least, most = shards.least * (1 + spare.least), shards.most * (1 + spare.most)
    return Limits(least, most, shards.open or spare.open)


def _part(subject: PricedResource, name: str, dimension: str) -> Limits | None:
    """How many shards, or replicas of each, there are: by autoscaling, else as stated."""
    group = named(subject, "replication-group/", "replication_group_id")
    scaled = limits(subject, group, f"elasticache:replication-group:{dimension}")
    if scaled is not None:
        return scaled
    stated = subject.stated(name)
    if stated is NOT_SET:
        stated = subject.stated("cluster_mode", 0, name)
    return None if stated is NOT_SET else fixed(int(stated))


def _nodes(subject: PricedResource, count: Callable[[], Limits], default_engine: str) -> None:
    with subject.part("Cache nodes"):
        engine = str(subject.quiet(default_engine, "engine"))
        kind = str(subject.need("node_type"))
        name = f"Cache nodes ({engine}, {kind})"
        add_hours(subject, name, f"elasticache.{engine}.{kind}", count())
    if subject.may_be(lambda days: days != 0, 0, "snapshot_retention_limit"):
        subject.use("Backups", "elasticache.backup")


def table(subject: PricedResource) -> None:
    """Price a table: provisioned capacity, or use; with its replicas in other regions."""
    with subject.part("Capacity"):
        on_demand = str(subject.get("PROVISIONED", "billing_mode")) == "PAY_PER_REQUEST"
        if on_demand:
            subject.use("Writes", "dynamodb.on_demand.write")
            subject.use("Reads", "dynamodb.on_demand.read")
        else:
            _provisioned(subject, "writes", "write_capacity", "dynamodb.provisioned.wcu")
            _provisioned(subject, "reads", "read_capacity", "dynamodb.provisioned.rcu")
        with subject.part("Replicas in other regions"):
            _replicas(subject, on_demand=on_demand)
    subject.use("Storage", "dynamodb.storage")
    if subject.may_be(lambda on: on is True, False, "point_in_time_recovery", 0, "enabled"):
        subject.use("Point-in-time recovery", "dynamodb.pitr")


def _replicas(subject: PricedResource, *, on_demand: bool) -> None:
    """What is written is written again in each region; how much of it, is use."""
    for place in range(len(subject.blocks("replica"))):
        with subject.part("Replica in another region"):
            where = str(subject.need("replica", place, "region_name"))
            kind = "on_demand" if on_demand else "provisioned"
            subject.use(f"Replicated writes ({where})", f"dynamodb.{kind}.replicated_write", where)
            subject.use(f"Storage ({where})", "dynamodb.storage", where)
            if not on_demand:
                subject.unknown(f"Provisioned reads ({where})", "the capacity of a replica is not read")


def _provisioned(subject: PricedResource, what: str, name: str, key: str) -> None:
    """The capacity of the table, by autoscaling or as stated, and that of its indexes."""
    title = f"Provisioned {what}"
    unit = f"{name.partition('_')[0].title()}CapacityUnits"
    with subject.part(title):
        table_name = named(subject, "table/", "name")
        found = limits(subject, table_name, f"dynamodb:table:{unit}") or fixed(subject.amount(name))
        with subject.part(f"{title} of its indexes"):
            for place in range(len(subject.blocks("global_secondary_index"))):
                index = ("global_secondary_index", place)
                more = _of_index(subject, f"{table_name}/index/", index, name, unit)
                least, most = found.least + more.least, found.most + more.most
                found = Limits(least, most, found.open or more.open)
        add_hours(subject, title, key, found)


def _of_index(
    subject: PricedResource, prefix: str, index: tuple[str | int, ...], name: str, unit: str
) -> Limits:
    """The capacity of an index, which autoscaling moves apart from that of its table."""
    resource_id = f"{prefix}{subject.quiet('', *index, 'name')}"
    stating = subject.view.stating("aws_appautoscaling_target", "resource_id", resource_id)
    scaled = limits(subject, resource_id, f"dynamodb:index:{unit}") if stating else None
    return scaled or fixed(Decimal(int(subject.quiet(0, *index, name))))


def topic(subject: PricedResource) -> None:
    """Price the messages of a topic."""
    with subject.part("Requests"):
        if subject.quiet(False, "fifo_topic") is True:
            subject.use("Requests (FIFO)", "sns.fifo.requests")
            subject.use("Data published (FIFO)", "sns.fifo.gb")
        else:
            subject.use("Requests", "sns.requests")


def subscription(subject: PricedResource) -> None:
    """Price the deliveries of a subscription; those to queues and functions are free."""
    with subject.part("Deliveries"):
        name = str(subject.quiet("", "protocol"))
        if name in _DELIVERIES:
            subject.use(f"Deliveries ({name})", _DELIVERIES[name])


def queue(subject: PricedResource) -> None:
    """Price the requests of a queue."""
    with subject.part("Requests"):
        fifo = subject.quiet(False, "fifo_queue") is True
        subject.use(f"Requests{' (FIFO)' if fifo else ''}", "sqs.fifo" if fifo else "sqs.standard")
