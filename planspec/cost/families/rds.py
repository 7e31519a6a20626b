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
NO_SUPPORT: Final = "open-source-rds-extended-support-disabled"


def db_instance(subject: PricedResource) -> None:
    """Price a database instance."""
    try:
        family = PRICED_ENGINES.get(name := _engine(subject))
    except Undecided as undecided:
        family, name = None, ""
        subject.unknown("Database instance", str(undecided))
    if name and family is None:
        subject.unknown("Database instance", f"no prices for the engine {name}")
    if family is None:
        if not name.startswith("aurora"):
            subject.unknown("Storage", "no prices for this engine")
        return
    subject.add(_title(subject), lambda: _class_key(subject, family), HOURS)
    _storage(subject)
    _extended_support(subject, name)
    _insights(subject)
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


def _storage(subject: PricedResource) -> None:
    try:
        kind, deployment = _kind(subject), _deployment(subject)
        grows = subject.quiet(0, "max_allocated_storage") if kind != "standard" else 0
    except Undecided as undecided:
        subject.unknown("Storage", str(undecided))
        return
    table = "magnetic" if kind == "standard" else kind

    def size() -> Decimal:
        gib = subject.amount("allocated_storage")
        if kind in ("io1", "io2") and gib < SMALLEST_PROVISIONED_GIB:
            raise Undecided(f"AWS refuses {kind} below {SMALLEST_PROVISIONED_GIB} GiB")
        return gib

    if grows:
        subject.add(
            f"Storage ({kind})",
            f"rds.storage.{table}.{deployment}",
            size,
            most=lambda: max(size(), Decimal(grows)),
            bucket=Bucket.RANGE,
        )
    else:
        subject.add(f"Storage ({kind})", f"rds.storage.{table}.{deployment}", size)
    if kind in ("io1", "io2"):
        subject.add("Provisioned IOPS", f"rds.iops.{kind}.{deployment}", lambda: _provisioned(subject))
    if kind == "gp3":
        _above(subject, "iops", "IOPS", INCLUDED_OPERATIONS, f"rds.iops.gp3.{deployment}")
        _above(subject, "storage_throughput", "MBps", INCLUDED_MBPS, f"rds.throughput.gp3.{deployment}")


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
    try:
        if subject.stated(attribute) is NOT_SET:
            return
        bought = subject.amount(attribute)
        most = included[subject.amount("allocated_storage") >= STRIPED_FROM_GIB]
    except Undecided as undecided:
        subject.unknown(f"Storage, {unit} beyond what is included", str(undecided))
        return
    if bought > most:
        subject.add(f"Storage, {unit} above {most:,}", key, bought - most)


def _extended_support(subject: PricedResource, engine: str) -> None:
    """Old major versions cost extra for each processor, standby included, from a day on."""
    try:
        version = str(subject.quiet("", "engine_version"))
        off = subject.quiet("", "engine_lifecycle_support") == NO_SUPPORT
    except Undecided as undecided:
        subject.unknown("Extended support", str(undecided))
        return
    days = subject.book.support_days(engine, version)
    if off or days is None or subject.today < days[0]:
        return
    year = "year3" if subject.today >= days[1] else "year1_2"
    subject.assume(f"extended support as of {subject.today}, for {engine} {version}")
    subject.add(
        f"Extended support ({engine} {version})",
        f"rds.extended_support.{year}",
        lambda: vcpus(subject, subject.need("instance_class")) * _instances(subject) * HOURS,
    )


def _instances(subject: PricedResource) -> int:
    return 2 if _deployment(subject) == "multi_az" else 1


def vcpus(subject: PricedResource, name: object) -> int:
    """Processors of a database class. Raises Undecided for one that the catalogue does not know."""
    found = subject.book.vcpus.get(str(name))
    if found is None:
        raise Undecided(f"the processors of {name} are not in the catalogue")
    return found


def _insights(subject: PricedResource) -> None:
    try:
        if subject.quiet(False, "performance_insights_enabled") is not True:
            return
        days = int(subject.quiet(FREE_INSIGHTS_DAYS, "performance_insights_retention_period"))
    except Undecided as undecided:
        subject.unknown("Performance Insights", str(undecided))
        return
    subject.use("Performance Insights, requests", "rds.performance_insights.requests")
    if days <= FREE_INSIGHTS_DAYS:
        return
    months = -(-days // DAYS_OF_A_MONTH)

    def kept(times: int) -> Decimal:
        return Decimal(vcpus(subject, subject.need("instance_class")) * _instances(subject) * times)

    subject.add(
        "Performance Insights, first month", "rds.performance_insights.first_month", lambda: kept(1)
    )
    if months > 1:
        key = "rds.performance_insights.extra_month"
        subject.add("Performance Insights, further months", key, lambda: kept(months - 1))


def _extras(subject: PricedResource) -> None:
    """A secret that RDS keeps, a public address, and what depends on use."""
    _if_on(
        subject, "manage_master_user_password", "Secret of the master user", "secretsmanager.secret", 1
    )
    _if_on(subject, "publicly_accessible", "Public IPv4 address", "ipv4.public", HOURS)
    try:
        backups = subject.quiet(1, "backup_retention_period") != 0
        bursts = str(subject.quiet("", "instance_class")).startswith(("db.t3.", "db.t4g."))
        watched = subject.quiet(0, "monitoring_interval") != 0
    except Undecided:
        backups = bursts = watched = True
    if backups:
        subject.use("Backups beyond the size of the storage", "rds.backup")
    if bursts:
        subject.use("Processor credits above the baseline", "rds.cpu_credits.t3_t4g")
    if watched:
        subject.use("Logs of enhanced monitoring", "cloudwatch.logs.ingest")


def _if_on(
    subject: PricedResource, attribute: str, name: str, key: str, quantity: Decimal | int
) -> None:
    try:
        on = subject.quiet(False, attribute) is True
    except Undecided as undecided:
        subject.unknown(name, str(undecided))
        return
    if on:
        subject.add(name, key, quantity)


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
