"""Which databases are there, and where is each attribute of one set?

A database is an instance of RDS, a cluster that is one resource (Multi-AZ), or a cluster whose
instances are resources of their own (Aurora, DocumentDB, Neptune).
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from planspec.aws import database_families as families
from planspec.aws.database_families import CLUSTERS, INSTANCES, Engine, Family, Said, engine_named
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

NO_INSTANCE: Final = "no instance could be matched to the cluster in this plan"
GLOBAL: Final = "global_cluster_identifier"
_SOURCES = ("replicate_source_db", "replication_source_identifier")
# What a copy has from its source where nobody sets it, and what makes it a copy.
TAKEN_OVER: Final = {
    "storage_encrypted": (*_SOURCES, "snapshot_identifier", "restore_to_point_in_time"),
    "manage_master_user_password": (*_SOURCES, GLOBAL),
}


class Spot(NamedTuple):
    """One resource that has a say on an attribute, and where it says it.

    Without a place there is nothing to read: it holds by itself, or `why` says why it is open. `said`
    is there where it says it by an attribute of another kind.
    """

    resource: ResourceChange
    place: Value | None
    why: str = ""
    said: Said | None = None


class Database(NamedTuple):
    """An instance of RDS, or a cluster, with the instances that surely belong to it.

    `complete` says whether no other instance of the plan may be one of them.
    """

    head: ResourceChange
    family: Family
    instances: tuple[ResourceChange, ...] = ()
    complete: bool = True
    # The attributes that make it a copy of something else.
    copied_by: tuple[str, ...] = ()
    # What apply decides on the cluster, and may be set there for all instances.
    may_set: tuple[str, ...] = ()
    # Of a read replica, what it copies, where that is in the plan.
    source: ResourceChange | None = None

    @property
    def address(self) -> str:
        """The address of the instance or cluster."""
        return self.head.address

    @property
    def type(self) -> str:
        """The type of the instance or cluster."""
        return self.head.type

    @property
    def module_address(self) -> str:
        """The module instance that it is in."""
        return self.head.module_address

    @property
    def lacks_cluster(self) -> bool:
        """Whether it is an instance of a cluster that is not in the plan, or cannot be told."""
        return not self.family.is_cluster and self.type != "aws_db_instance"

    @property
    def is_replica(self) -> bool:
        """Whether it is a copy to read from. Source: Amazon RDS User Guide, "Read replicas"."""
        return self.get("replicate_source_db").is_set is not False

    @property
    def copies_its_group(self) -> bool:
        """Whether it has the parameter group of its source where nobody names one.

        A copy in another region has not: its source is named by an ARN.
        """
        reading = self.head.after.get("replicate_source_db").peek()
        elsewhere = isinstance(reading, Known) and str(reading.value).startswith("arn:")
        return self.type == "aws_db_instance" and self.is_replica and not elsewhere

    @property
    def is_aurora(self) -> bool:
        """Whether its instances share a volume, as those of Aurora do."""
        return self.family.namespace == "AWS/RDS" and self.family.spreads

    @property
    def engine(self) -> Engine | None:
        """What it runs: of a replica, what its source runs. None where that cannot be told."""
        if self.family.engine:
            return self.family.engine
        readings = [self.get("engine").reading]
        if self.source is not None:
            readings.append(self.source.after.get("engine").reading)
        named = (str(each.value) for each in readings if isinstance(each, Known) and each.value)
        return next(map(engine_named, named), None)

    def called(self, name: str) -> str:
        """What the instance or cluster calls this attribute."""
        return self.family.called.get(name, name)

    def get(self, name: str) -> Value:
        """The place of an attribute of the instance or cluster itself."""
        return self.head.after.get(self.called(name))

    def subnet_groups(self, plan: Plan) -> list[ResourceChange]:
        """The subnet groups of the plan that it may have; none where they are not in the plan."""
        path = (self.called("db_subnet_group_name"),)
        named = graph(plan).targets(self.head, path, self.family.subnet_group) or ()
        return [group for group in map(plan.find, named) if group is not None]

    def spots(self, name: str) -> Iterator[Spot]:
        """Yield each resource that says something about this attribute."""
        family = self.family
        if name in family.without:
            return
        if name in family.given:
            yield Spot(self.head, None)
        elif name in family.said:
            said = family.said[name]
            yield Spot(self.head, self.head.after.get(said.attribute), "", said)
        elif name in family.untold:
            yield Spot(self.head, None, family.untold[name])
        elif name in family.on_instances and not self._sets_for_all(name):
            own = family.on_instances[name]
            yield from (Spot(each, each.after.get(own)) for each in self.instances)
            if not self.instances:
                yield Spot(self.head, None, NO_INSTANCE)
        else:
            yield Spot(self.head, self.get(name))
            if name in family.on_both:
                yield from (Spot(each, each.after.get(name)) for each in self.instances)

    def classes(self) -> list[Spot]:
        """Where it names a class with a size; a serverless instance has none, and grows with the load.

        Source: Amazon Aurora User Guide, "Using Aurora Serverless v2"; Amazon Neptune has the same.
        """
        return [
            spot
            for spot in self.spots("instance_class")
            if spot.place is None or spot.place.peek() != Known("db.serverless")
        ]

    def _sets_for_all(self, name: str) -> bool:
        if name not in self.family.set_for_all:
            return False
        stated = self.head.after.get(name).reading
        return isinstance(stated, Known) and bool(stated.value)

    def takes_over(self, name: str) -> str:
        """The attribute that makes it a copy, which has this from its source; nothing if it is none."""
        return next((way for way in TAKEN_OVER.get(name, ()) if way in self.copied_by), "")


def databases(plan: Plan) -> tuple[Database, ...]:
    """Return the databases that exist once the plan is applied."""
    return plan.attached(_databases)


def members(databases: Sequence[Database]) -> tuple[ResourceChange, ...]:
    """Return each instance or cluster, and the instances of each cluster."""
    return tuple(each for database in databases for each in (database.head, *database.instances))


def _databases(plan: Plan) -> tuple[Database, ...]:
    alone = tuple(Database(each, families.INSTANCE) for each in plan.remaining("aws_db_instance"))
    every = alone + tuple(each for kind in CLUSTERS for each in _clustered(plan, kind))
    return tuple(
        each._replace(
            copied_by=_copied_by(plan, each),
            may_set=_may_set(plan, each),
            source=_source(plan, each),
        )
        for each in every
    )


def _source(plan: Plan, database: Database) -> ResourceChange | None:
    """What a read replica copies, where it is an instance of the plan."""
    head, name = database.head, "replicate_source_db"
    if database.type != "aws_db_instance" or not _may_be_set(head.after.get(name)):
        return None
    named = graph(plan).targets(head, (name,), database.type) or ()
    return plan.find(named[0]) if len(named) == 1 else None


def _may_set(plan: Plan, database: Database) -> tuple[str, ...]:
    """An attribute that nobody writes is unknown too, and sets nothing."""
    head = database.head
    return tuple(
        name
        for name in database.family.set_for_all
        if head.after.get(name).peek() is UNKNOWN and graph(plan).is_written(head, name)
    )


def _copied_by(plan: Plan, database: Database) -> tuple[str, ...]:
    """What makes it a copy. A password of its own makes it the first of a global cluster."""
    after = database.head.after
    ways = dict.fromkeys(database.family.copied_by)
    if GLOBAL in ways and _may_be_set(after.get("master_password")):
        del ways[GLOBAL]
    return tuple(
        way for way in ways if _may_be_set(after.get(way)) and graph(plan).is_written(database.head, way)
    )


def _may_be_set(place: Value) -> bool:
    """Looked at without a note: what kind of database it is, is evidence of nothing."""
    return place.peek() not in (NULL, ABSENT, Known(""), Known([]))


def _clustered(plan: Plan, kind: str) -> Iterator[Database]:
    """The clusters of one type with their instances, and instances of which the cluster is not told."""
    instance_type, alone = INSTANCES[kind]
    joined = graph(plan).incoming(instance_type, ("cluster_identifier",), kind)
    placed: set[str] = set()
    for cluster in plan.remaining(kind):
        instances = joined.to(cluster)
        placed |= {each.address for each in instances}
        yield Database(cluster, _family(cluster, instances), instances, not joined.undecided)
    for instance in plan.remaining(instance_type):
        if instance.address not in placed:
            yield Database(instance, alone)


def _family(cluster: ResourceChange, instances: Sequence[ResourceChange]) -> Family:
    if cluster.type == "aws_docdb_cluster":
        return families.DOCUMENTS
    if cluster.type == "aws_neptune_cluster":
        return families.GRAPHS
    match cluster.after.get("engine").peek():
        case Known(str(engine)) if engine.startswith("aurora"):
            serverless = cluster.after.get("engine_mode").peek() == Known("serverless")
            return families.SERVERLESS_V1 if serverless else families.AURORA
        case Known():
            return families.MULTI_AZ
        case _:
            return families.AURORA if instances else families.EITHER
