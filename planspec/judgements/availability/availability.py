"""Does the service survive the loss of a task or of an Availability Zone?"""

from collections.abc import Iterator, Sequence

from planspec.aws import NO_INSTANCE, Database, Figure, Spot, least_tasks
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import open_spot
from planspec.judgements.generic.expect import found, hold, hold_each
from planspec.plan import UNKNOWN, Known, Mode, Plan, Reading, ResourceChange, Value
from planspec.references import graph

STANDBY = "a second instance in another zone"
SUBNETS = ("network_configuration", 0, "subnets")
MAPPING = "subnet_mapping"


def standby_in_another_zone(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database has a standby in another zone.

    That is `multi_az` of an instance; a cluster of instances has a second one, not in the same zone.
    Aurora Serverless v1 has none to ask for: AWS makes its machine anew in another zone.
    Source: Amazon RDS API, CreateDBInstance, MultiAZ: off by default; AvailabilityZone: Aurora
    chooses an appropriate zone where nobody names one.
    """
    asked = [each for each in databases if "multi_az" not in each.family.without]
    return judge((each.address for each in asked), map(_standby, asked))


def _standby(database: Database) -> Finding | None:
    if "multi_az" in database.family.given:
        return None
    if "multi_az" in database.family.untold:
        why = database.family.untold["multi_az"]
        return open_spot(Spot(database.head, None, why), STANDBY, "availability_zones")
    if database.family.is_cluster:
        return _another_instance(database)
    place, remedy = database.get("multi_az"), "set multi_az = true"
    return hold(database, place, lambda value: value is True, "multi_az is true", remedy=remedy)


def _another_instance(database: Database) -> Finding | None:
    """A cluster of instances fails over to any other of them."""
    zones = [each.after.get("availability_zone").reading for each in database.instances]
    known = {each.value for each in zones if isinstance(each, Known)}
    unnamed = sum(not isinstance(each, Known) for each in zones)
    if len(known) > 1 or (len(zones) > 1 and unnamed and database.family.spreads):
        return None
    undecided = not zones or not database.complete or (len(zones) > 1 and unnamed)
    if len(zones) > 1:
        observed = "the zones of its instances are not known" if unnamed else "they share one zone"
    else:
        observed = "it has one instance" if zones else NO_INSTANCE
    return found(
        database,
        database.head.after.get("availability_zones"),
        Verdict.UNDETERMINED if undecided else Verdict.VIOLATED,
        STANDBY,
        observed=observed,
        remedy="give it two instances, each with an availability_zone of its own",
        related=(each.address for each in database.instances),
    )


def return_to_every_zone(services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each ECS service has Availability Zone rebalancing enabled.

    Source: Amazon ECS Developer Guide, "Balancing an Amazon ECS service across Availability Zones".
    The default depends on how and when the service was created.
    """
    return hold_each(
        services,
        ("availability_zone_rebalancing",),
        lambda value: value == "ENABLED",
        "availability_zone_rebalancing is ENABLED",
        remedy='set availability_zone_rebalancing = "ENABLED"',
        unset=Verdict.UNDETERMINED,
    )


def enough_tasks(plan: Plan, services: Sequence[ResourceChange], *, minimum_tasks: int) -> Judgement:
    """Judge whether each ECS service runs at least `minimum_tasks` tasks.

    What counts is the minimum capacity of its autoscaling, also that which a schedule sets for a time,
    or its desired count without autoscaling.
    """
    return judge(
        (service.address for service in services),
        (_tasks(plan, service, minimum_tasks) for service in services),
    )


def _tasks(plan: Plan, service: ResourceChange, minimum_tasks: int) -> Finding | None:
    figures = least_tasks(plan, service)
    expected = f"at least {minimum_tasks} tasks"
    if figures is None:
        place, observed = (
            service.after.get("desired_count"),
            "its autoscaling target, or the number of its tasks, cannot be determined",
        )
        return found(service, place, Verdict.UNDETERMINED, expected, observed=observed)
    known = [each for each in figures if each.tasks is not None]
    few = [each for each in known if each.tasks is not None and each.tasks < minimum_tasks]
    for figure in few:
        if figure.is_sure:
            observed = f"runs {figure.tasks} tasks ({figure.place.path})"
            return _too_few(service, figure, Verdict.VIOLATED, minimum_tasks, observed)
    for figure in figures:
        if figure.tasks is None or figure in few:
            place = figure.place
            observed = f"{place.path} is {place.shown}" if figure.is_sure else figure.observed
            return _too_few(service, figure, Verdict.UNDETERMINED, minimum_tasks, observed)
    return None


def _too_few(
    service: ResourceChange, figure: Figure, verdict: Verdict, minimum_tasks: int, observed: str
) -> Finding:
    return found(
        service,
        figure.place,
        verdict,
        f"at least {minimum_tasks} tasks",
        observed=observed,
        remedy=f"raise {figure.place.path} to {minimum_tasks} or more",
        related=() if figure.resource is service else (figure.resource.address,),
    )


def enough_zones(
    plan: Plan,
    services: Sequence[ResourceChange],
    *,
    minimum_zones: int,
    path: tuple[str | int, ...] = SUBNETS,
) -> Judgement:
    """Judge whether the subnets at `path` of each resource lie in at least `minimum_zones` zones.

    Zones are read from the plan's subnets, or from the data sources that looked them up.
    """
    return judge(
        (service.address for service in services),
        (_zones(plan, service, path, minimum_zones) for service in services),
    )


def _zones(
    plan: Plan, service: ResourceChange, path: tuple[str | int, ...], minimum_zones: int
) -> Finding | None:
    zones = plan.attached(zones_by_subnet)
    place, readings, referred = _subnets(plan, service, path)
    known = {zones.get(str(each.value)) for each in readings if isinstance(each, Known)}
    open_questions = UNKNOWN in readings
    if open_questions and referred:
        # Every subnet that is known only after apply is one of these.
        known |= {zones.get(address) for address in referred}
        open_questions = False
    surely = len(known - {None})
    expected = f"subnets in at least {minimum_zones} zones"
    if surely >= minimum_zones:
        return None
    open_questions = open_questions or None in known
    too_few = len(readings) < minimum_zones and UNKNOWN not in readings
    if too_few or not open_questions:
        verdict, observed = Verdict.VIOLATED, f"its subnets lie in {surely} zone(s)"
    else:
        verdict, observed = Verdict.UNDETERMINED, "the zones of its subnets are not in the plan"
    return found(
        service,
        place,
        verdict,
        expected,
        observed=observed,
        remedy="give it a subnet in each zone",
    )


def _subnets(
    plan: Plan, holder: ResourceChange, path: tuple[str | int, ...]
) -> tuple[Value, list[Reading], set[str]]:
    """The subnets that stand there, and those that the source refers to.

    A load balancer may have a block for each instead, and the provider then computes `subnets`.
    Source: AWS provider, `aws_lb`, `subnet_mapping`.
    """
    blocks = holder.after.get(MAPPING)
    place = holder.after.get(*path)
    own = place.is_set is True or graph(plan).is_written(holder, str(path[0]))
    if path != ("subnets",) or own or blocks.is_set is False:
        meant = {each.address for each in graph(plan).of(holder, *path).each}
        return place, [each.reading for each in place.elements()], meant
    inside = [each.get("subnet_id").reading for each in blocks.elements()]
    referred = [
        graph(plan).of(holder, MAPPING, index, "subnet_id").each
        for index, reading in enumerate(inside)
        if reading is UNKNOWN
    ]
    # One that leads nowhere may be any subnet.
    meant = {target.address for each in referred for target in each} if all(referred) else set()
    return blocks, inside, meant


def databases_in_zones(plan: Plan, databases: Sequence[Database], *, minimum_zones: int) -> Judgement:
    """Judge whether the subnet group of each database lies in at least `minimum_zones` zones.

    Without that a standby has nowhere to go. A group outside the plan is undetermined.
    Source: Amazon RDS User Guide, "Working with DB subnet groups".
    """
    findings: list[Finding | None] = []
    for database in databases:
        groups = database.subnet_groups(plan)
        if not groups:
            place = database.get("db_subnet_group_name")
            expected = f"subnets in at least {minimum_zones} zones"
            observed = "its subnet group is not in this plan"
            verdict = Verdict.UNDETERMINED
            findings.append(found(database, place, verdict, expected, observed=observed))
        for group in groups:
            finding = _zones(plan, group, ("subnet_ids",), minimum_zones)
            findings.append(
                finding and finding._replace(address=database.address, related=(group.address,))
            )
    return judge((database.address for database in databases), findings)


def zones_by_subnet(plan: Plan) -> dict[str, str]:
    """Return the zone of each subnet, by its id, and by its address where the id is not known."""
    zones: dict[str, str] = {}
    for address, values in subnets(plan):
        zone, subnet = values.get("availability_zone").peek(), values.get("id").peek()
        if (
            isinstance(zone, Known) and zone.value
        ):  # AWS chooses one where it is empty, or none is written
            zones[address] = str(zone.value)
            if isinstance(subnet, Known):
                zones[str(subnet.value)] = str(zone.value)
    return zones


def subnets(plan: Plan) -> Iterator[tuple[str, Value]]:
    """Yield the address and the attributes of each subnet: made, or looked up, now or at apply."""
    read_at_apply = plan.resources("aws_subnet", mode=Mode.DATA)
    for subnet in (*plan.remaining("aws_subnet"), *read_at_apply):
        yield subnet.address, subnet.after
    for address, looked_up in plan.data_sources.items():
        if looked_up.type == "aws_subnet":
            yield address, looked_up.values
