"""What do clusters of RDS cost: Aurora by its instances, Multi-AZ clusters as a whole?

Sources: Amazon Aurora pricing; Amazon RDS pricing ("Multi-AZ with two readable standbys": one price for
the three instances); Amazon Aurora User Guide, "Storage configurations for Amazon Aurora DB clusters",
"Using Aurora Serverless v2"; Terraform AWS provider, aws_rds_cluster (provisioned by default).
"""

from decimal import Decimal
from typing import Final

from planspec.cost.families import rds
from planspec.cost.families.limits import Limits, add_hours, between, limits, named
from planspec.cost.resource import NOT_SET, PricedResource, Undecided
from planspec.estimate import HOURS
from planspec.plan import ABSENT, NULL

SERVERLESS: Final = "db.serverless"
WITHOUT_CHARGE_FOR_REQUESTS: Final = "aurora-iopt1"
DEPLOYMENT: Final = "multi_az_cluster"
V1_UNITS: Final = (1, 16)


def cluster(subject: PricedResource) -> None:
    """Price a cluster: what its instances share, or all of it where they are not apart."""
    with subject.part("Database cluster"):
        engine = str(subject.need("engine"))
        if engine.startswith("aurora"):
            _aurora(subject, engine)
        elif engine in rds.PRICED_ENGINES:
            _multi_az(subject, engine)
        else:
            raise Undecided(f"no prices for the engine {engine}")
    with subject.part("Secret of the master user"):
        if subject.quiet(False, "manage_master_user_password") is True:
            subject.add("Secret of the master user", "secretsmanager.secret", 1)


def _aurora(subject: PricedResource, engine: str) -> None:
    with subject.part("Storage"):
        optimised = str(subject.quiet("aurora", "storage_type")) == WITHOUT_CHARGE_FOR_REQUESTS
        subject.use("Storage", "aurora.storage.io_optimized" if optimised else "aurora.storage")
        if not optimised:
            subject.use("Requests to the storage", "aurora.io")
    subject.use("Backups", "aurora.backup")
    with subject.part("Capacity"):
        if str(subject.quiet("provisioned", "engine_mode")) == "serverless":
            _first_serverless(subject)
    with subject.part("Readers that autoscaling adds"):
        name = named(subject, "cluster:", "cluster_identifier")
        if limits(subject, name, "rds:cluster:ReadReplicaCount") is not None:
            raise Undecided("their class is that of the writer, which is not followed")
    if subject.stated("global_cluster_identifier") is not NOT_SET:
        subject.unknown("Writes of a global database", "how many are copied is not in the plan")


def _first_serverless(subject: PricedResource) -> None:
    """Serverless v1: between its limits, and nothing while it is paused."""
    block = ("scaling_configuration", 0)
    least = int(subject.get(V1_UNITS[0], *block, "min_capacity"))
    most = int(subject.get(V1_UNITS[1], *block, "max_capacity"))
    paused = subject.quiet(True, *block, "auto_pause") is not False
    found = Limits(Decimal(0 if paused else least), Decimal(max(least, most)))
    add_hours(subject, "Capacity (serverless v1)", "aurora.serverless_v1.acu", found)


def _multi_az(subject: PricedResource, engine: str) -> None:
    """A Multi-AZ cluster: a writer and two standbys that can be read from."""
    family = rds.PRICED_ENGINES[engine]
    with subject.part("Database cluster"):
        kind = str(subject.need("db_cluster_instance_class"))
        key = f"rds.{family}.{DEPLOYMENT}.{kind}"
        subject.add(f"Database cluster (Multi-AZ, {kind})", key, HOURS)
    rds.add_storage(subject, DEPLOYMENT)
    if subject.may_be(lambda days: days != 0, 1, "backup_retention_period"):
        subject.use("Backups beyond the size of the storage", "rds.backup")
    with subject.part("Extended support"):
        if rds.extended_support(subject, engine):
            raise Undecided("the processors of a Multi-AZ cluster are not reckoned")


def instance(subject: PricedResource) -> None:
    """Price an instance of Aurora: by its class, or by the capacity that its cluster allows."""
    with subject.part("Database instance"):
        engine = str(subject.need("engine"))
        if not engine.startswith("aurora"):
            raise Undecided(f"no prices for the engine {engine}")
        kind = str(subject.need("instance_class"))
        optimised = _is_optimised(subject)
        if kind == SERVERLESS:
            key = "aurora.acu.io_optimized" if optimised else "aurora.acu"
            add_hours(subject, "Capacity (serverless v2)", key, _units(subject))
        else:
            key = f"aurora.instance.io_optimized.{kind}" if optimised else f"aurora.instance.{kind}"
            subject.add(f"Database instance (Aurora, {kind})", key, HOURS)
        if kind.startswith(rds.BURSTABLE):
            subject.use("Processor credits above the baseline", "rds.cpu_credits.t3_t4g")
        with subject.part("Extended support"):
            if year := rds.extended_support(subject, engine):
                key = f"rds.extended_support.{year}"
                subject.add("Extended support", key, lambda: rds.vcpus(subject, kind) * HOURS)
    rds.add_insights(subject)
    with subject.part("Public IPv4 address"):
        if subject.quiet(False, "publicly_accessible") is True:
            subject.add("Public IPv4 address", "ipv4.public", HOURS)


def _cluster(subject: PricedResource) -> PricedResource:
    """Its cluster, as it is stated. Raises Undecided where it is not in the plan."""
    found = subject.view.target(subject.change, ("cluster_identifier",), "aws_rds_cluster")
    if found is None:
        raise Undecided("its cluster is not in this plan, or cannot be determined")
    return subject.reading(found)


def _is_optimised(subject: PricedResource) -> bool:
    """Whether its cluster pays no charge for requests, and so more for instances."""
    return str(_cluster(subject).quiet("aurora", "storage_type")) == WITHOUT_CHARGE_FOR_REQUESTS


def _units(subject: PricedResource) -> Limits:
    """Aurora capacity units of Serverless v2, which scales each instance within the cluster's limits."""
    block = subject.view.values(_cluster(subject).change).get("serverlessv2_scaling_configuration", 0)
    least, most = block.get("min_capacity"), block.get("max_capacity")
    if any(each.peek() in (NULL, ABSENT) for each in (least, most)):
        raise Undecided("the limits of its capacity are not in the plan")
    return between(subject, [least], [most])
