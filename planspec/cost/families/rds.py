"""What do databases of RDS cost: instances, storage, what is kept, and proxies?

Sources: Amazon RDS User Guide, "Amazon RDS DB instance storage", "Amazon RDS Extended Support
charges"; Amazon RDS pricing; Terraform AWS provider, aws_db_instance (defaults).
"""

from decimal import Decimal
from typing import Final

from planspec.aws import INCLUDED_OPERATIONS, STRIPED_FROM_GIB
from planspec.cost.resource import NOT_SET, PricedResource, Undecided
from planspec.estimate import HOURS, Bucket

# MB a second that gp3 includes (MySQL, MariaDB, PostgreSQL), below `STRIPED_FROM_GIB` and from it on.
INCLUDED_MBPS: Final = (125, 500)
SMALLEST_PROVISIONED_GIB: Final = 100
FEWEST_PROVISIONED_IOPS: Final = 1000
FREE_INSIGHTS_DAYS: Final = 7
DAYS_OF_A_MONTH: Final = 31
PRICED_ENGINES: Final = {"postgres": "postgres", "mysql": "mysql_mariadb", "mariadb": "mysql_mariadb"}
BURSTABLE: Final = ("db.t3.", "db.t4g.")
NO_SUPPORT: Final = "open-source-rds-extended-support-disabled"


def db_instance(subject: PricedResource) -> None:
    """Price a database instance."""
    with subject.part("Database instance"):
        name = _engine(subject)
        family = PRICED_ENGINES.get(name)
        if family is None:
            if not name.startswith("aurora"):
                subject.unknown("Storage", "no prices for this engine")
            raise Undecided(f"no prices for the engine {name}")
        subject.add(_title(subject), lambda: _class_key(subject, family), HOURS)
        with subject.part("Storage"):
            add_storage(subject, _deployment(subject))
        _add_extended_support(subject, name)
    add_insights(subject)
    _extras(subject)


def _engine(subject: PricedResource) -> str:
    """The engine; a replica has the one of its source."""
    stated = subject.stated("engine")
    if stated is not NOT_SET:
        return str(stated)
    source = subject.view.target(subject.change, ("replicate_source_db",), "aws_db_instance")
    if source is not None:
        reading = subject.view.values(source).get("engine").peek()
        if value := getattr(reading, "value", None):
            return str(value)
    raise Undecided("engine is not in the plan")


def _deployment(subject: PricedResource) -> str:
    return "multi_az" if subject.get(False, "multi_az") is True else "single_az"


def _title(subject: PricedResource) -> str:
    try:
        where = "Multi-AZ" if _deployment(subject) == "multi_az" else "Single-AZ"
        return f"Database instance ({where}, {subject.need('instance_class')})"
    except Undecided:
        return "Database instance"


def _class_key(subject: PricedResource, family: str) -> str:
    """One price of t4g holds for all three engines; the others have one for PostgreSQL."""
    name = str(subject.need("instance_class"))
    shared = name.startswith("db.t4g.")
    return f"rds.{'postgres' if shared else family}.{_deployment(subject)}.{name}"


def add_storage(subject: PricedResource, deployment: str) -> None:
    """Add the storage, and what is bought beyond what its kind includes."""
    with subject.part("Storage"):
        kind = _kind(subject)
        table = "magnetic" if kind == "standard" else kind
        _add_size(subject, kind, f"rds.storage.{table}.{deployment}")
        if kind in ("io1", "io2"):
            key = f"rds.iops.{kind}.{deployment}"
            subject.add("Provisioned IOPS", key, lambda: _provisioned(subject))
        if kind == "gp3":
            _above(subject, "iops", "IOPS", INCLUDED_OPERATIONS, f"rds.iops.gp3.{deployment}")
            throughput = f"rds.throughput.gp3.{deployment}"
            _above(subject, "storage_throughput", "MBps", INCLUDED_MBPS, throughput)


def _add_size(subject: PricedResource, kind: str, key: str) -> None:
    """The size, and how far it may grow."""
    name = f"Storage ({kind})"
    with subject.part(name):
        gib = subject.amount("allocated_storage")
        if kind in ("io1", "io2") and gib < SMALLEST_PROVISIONED_GIB:
            raise Undecided(f"AWS refuses {kind} below {SMALLEST_PROVISIONED_GIB} GiB")
        try:
            grows = Decimal(subject.quiet(0, "max_allocated_storage")) if kind != "standard" else 0
        except Undecided as undecided:
            subject.add(name, key, gib)
            subject.unknown(f"{name}, as it grows", str(undecided))
            return
        if grows:
            subject.add(name, key, gib, most=max(gib, Decimal(grows)), bucket=Bucket.RANGE)
        else:
            subject.add(name, key, gib)


def _kind(subject: PricedResource) -> str:
    """gp2 unless it is said; io1 where IOPS are: the provider's documented default."""
    stated = subject.stated("storage_type")
    if stated is not NOT_SET:
        return str(stated)
    default = "gp2" if subject.stated("iops") is NOT_SET else "io1"
    subject.assume(f"storage_type is not set: {default}")
    return default


def _provisioned(subject: PricedResource) -> Decimal:
    iops = subject.amount("iops")
    if iops < FEWEST_PROVISIONED_IOPS:
        raise Undecided(f"AWS refuses fewer than {FEWEST_PROVISIONED_IOPS} provisioned IOPS")
    return iops


def _above(
    subject: PricedResource, attribute: str, unit: str, included: tuple[int, int], key: str
) -> None:
    """What is bought beyond what gp3 includes at this size."""
    with subject.part(f"Storage, {unit} beyond what is included"):
        if subject.stated(attribute) is NOT_SET:
            return
        bought = subject.amount(attribute)
        if bought <= min(included):
            return
        most = included[subject.amount("allocated_storage") >= STRIPED_FROM_GIB]
        if bought > most:
            subject.add(f"Storage, {unit} above {most:,}", key, bought - most)


def extended_support(subject: PricedResource, engine: str) -> str:
    """In which years of extended support, which costs extra, its version is; nothing if in none."""
    version = str(subject.quiet("", "engine_version"))
    days = subject.book.support_days(engine, version)
    if days is None or subject.today < days[0]:
        return ""
    if subject.quiet("", "engine_lifecycle_support") == NO_SUPPORT:
        return ""
    subject.assume(f"extended support as of {subject.today}, for {engine} {version}")
    return "year3" if subject.today >= days[1] else "year1_2"


def _add_extended_support(subject: PricedResource, engine: str) -> None:
    """Old major versions cost extra for each processor, standby included, from a day on."""
    with subject.part("Extended support"):
        year = extended_support(subject, engine)
        if not year:
            return
        version = subject.quiet("", "engine_version")
        subject.add(
            f"Extended support ({engine} {version})",
            f"rds.extended_support.{year}",
            lambda: vcpus(subject, subject.need("instance_class")) * _instances(subject) * HOURS,
        )


def _instances(subject: PricedResource) -> int:
    """How many instances it is: a standby counts. An instance of Aurora is one."""
    if subject.change.type != "aws_db_instance":
        return 1
    return 2 if _deployment(subject) == "multi_az" else 1


def vcpus(subject: PricedResource, name: object) -> int:
    """Processors of a database class. Raises Undecided for one that the catalogue does not know."""
    found = subject.book.vcpus.get(str(name))
    if found is None:
        raise Undecided(f"the processors of {name} are not in the catalogue")
    return found


def add_insights(subject: PricedResource) -> None:
    """Add what is kept beyond the free days."""
    with subject.part("Performance Insights"):
        if subject.quiet(False, "performance_insights_enabled") is not True:
            return
        subject.use("Performance Insights, requests", "rds.performance_insights.requests")
        days = int(subject.quiet(FREE_INSIGHTS_DAYS, "performance_insights_retention_period"))
        if days <= FREE_INSIGHTS_DAYS:
            return
        months = -(-days // DAYS_OF_A_MONTH)
        kept = Decimal(vcpus(subject, subject.need("instance_class")) * _instances(subject))
        first = "rds.performance_insights.first_month"
        subject.add("Performance Insights, first month", first, kept)
        if months > 1:
            key = "rds.performance_insights.extra_month"
            subject.add("Performance Insights, further months", key, kept * (months - 1))


def _extras(subject: PricedResource) -> None:
    """A secret that RDS keeps, a public address, and what depends on use."""
    for attribute, name, key, quantity in (
        ("manage_master_user_password", "Secret of the master user", "secretsmanager.secret", 1),
        ("publicly_accessible", "Public IPv4 address", "ipv4.public", HOURS),
    ):
        with subject.part(name):
            if subject.quiet(False, attribute) is True:
                subject.add(name, key, quantity)
    if subject.may_be(lambda days: days != 0, 1, "backup_retention_period"):
        subject.use("Backups beyond the size of the storage", "rds.backup")
    if subject.may_be(lambda kind: str(kind).startswith(BURSTABLE), "", "instance_class"):
        subject.use("Processor credits above the baseline", "rds.cpu_credits.t3_t4g")
    if subject.may_be(lambda seconds: seconds != 0, 0, "monitoring_interval"):
        subject.use("Logs of enhanced monitoring", "cloudwatch.logs.ingest")


def db_proxy(subject: PricedResource) -> None:
    """Price a proxy: by the processors of the instance behind it, two at least."""

    def quantity() -> Decimal:
        view, proxy = subject.view, subject.change
        targets = view.referring("aws_db_proxy_target", "db_proxy_name", proxy)
        behind = [view.target(each, ("db_instance_identifier",), "aws_db_instance") for each in targets]
        classes = [view.values(each).get("instance_class").peek() for each in behind if each is not None]
        if not classes or len(classes) < len(targets):
            raise Undecided("the plan does not show which instance it belongs to")
        found = [vcpus(subject, getattr(each, "value", "a class known after apply")) for each in classes]
        return max(2, sum(found)) * HOURS

    subject.add("Proxy", "rds.proxy.vcpu", quantity)
