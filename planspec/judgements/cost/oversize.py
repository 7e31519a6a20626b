"""Is more bought than is needed?"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from planspec.aws import MULTI_AZ, Database, Spot, scaling_target
from planspec.finding import Finding, Judgement, Verdict, by_stated_part, judge, together
from planspec.judgements.generic.database_settings import hold_databases, open_spot
from planspec.judgements.generic.expect import found, hold, hold_each
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, number
from planspec.policies import Cost, unstated
from planspec.references import graph

UNITS_PER_PROCESSOR = 1024
MIB_PER_GIB = 1024


def tasks_right_sized(definitions: Sequence[ResourceChange], settings: Cost) -> Judgement:
    """Judge whether no Fargate task is larger than the limits in `settings`.

    `cpu` counts 1024 units for a processor and `memory` counts MiB; both may be written with a
    unit ("1 vCPU", "2 GB"). Source: Amazon ECS Developer Guide, "Task size".
    """
    limits = (
        ("cpu", settings.largest_task_cpu_units, UNITS_PER_PROCESSOR),
        ("memory", settings.largest_task_memory_mib, MIB_PER_GIB),
    )
    missing = unstated(settings, "largest_task_cpu_units", "largest_task_memory_mib")
    judged = judge(
        (definition.address for definition in definitions),
        (
            hold(
                definition,
                definition.after.get(name),
                _fits(most, unit),
                f"{name} of at most {most}",
                remedy="take the smallest size that fits, and let autoscaling add tasks",
                unset=Verdict.UNDETERMINED,
            )
            for definition in definitions
            for name, most, unit in limits
            if most is not None
        ),
    )
    return by_stated_part(judged, definitions, "no largest size of a task is stated", missing)


def _fits(most: int, unit: int) -> Callable[[Any], bool]:
    return lambda value: _size(value, unit) <= most


def _size(value: Any, unit: int) -> float:
    """Read "512", "1 vCPU" or "2 GB"; a text that is no size counts as too large."""
    words = str(value).lower().split()
    amount = number(words[0]) if words else None
    if amount is None:
        return float("inf")
    return amount * unit if len(words) > 1 else amount


def databases_right_sized(databases: Sequence[Database], settings: Cost) -> Judgement:
    """Judge whether each database's class is one of the accepted ones.

    A Multi-AZ cluster takes classes of its own, with disks of their own.
    """
    accepted = settings.classes_of(multi_az_cluster=False)
    for_clusters = settings.classes_of(multi_az_cluster=True)
    clusters = [each for each in databases if each.family is MULTI_AZ]
    others = [each for each in databases if each.family is not MULTI_AZ]
    parts = ((others, accepted), (clusters, for_clusters))
    judged = together(
        hold_databases(
            held,
            "instance_class",
            classes.__contains__,
            f"one of {', '.join(classes)}",
            remedy="take an accepted class, or change the list in policies/limits.toml",
            unset=Verdict.UNDETERMINED,
        )
        for held, classes in parts
        if classes is not None
    )
    left = [each for held, classes in parts if classes is None for each in held]
    what, missing = "no accepted classes of databases are stated", unstated(settings, "database_classes")
    return by_stated_part(judged, left, what, missing)


def storage_of_a_fair_price(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database uses gp3: cheaper than gp2 by the IOPS, than io1 by far.

    Storage that the instances of a cluster share is billed by use. The kind without a charge for each
    request costs more unless there are many.
    Source: Amazon RDS User Guide, "Amazon RDS DB instance storage"; Amazon Aurora User Guide, "Storage
    configurations for Amazon Aurora DB clusters".
    """
    return judge((each.address for each in databases), (_fair(each) for each in databases))


def _fair(database: Database) -> Finding | None:
    place = database.get("storage_type")
    if "iops" not in database.family.given:
        gp3, remedy = "storage_type is gp3", 'set storage_type = "gp3"'
        unset = Verdict.UNDETERMINED
        return hold(database, place, lambda value: value == "gp3", gp3, remedy=remedy, unset=unset)
    stated = place.reading
    if not isinstance(stated, Known) or "iopt" not in str(stated.value):
        return None
    why = f"{place.path} is {place.shown}: whether that is cheaper depends on the requests"
    return open_spot(Spot(database.head, None, why), "storage that is billed by use", "storage_type")


def storage_grows(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database has storage autoscaling enabled.

    Source: Amazon RDS API, CreateDBInstance, MaxAllocatedStorage: does not grow by default.
    """
    return judge((each.address for each in databases), (_grows(each) for each in databases))


def _grows(database: Database) -> Finding | None:
    expected = "storage that may grow"
    (spot,) = database.spots("max_allocated_storage")
    if spot.place is None:
        return open_spot(spot, expected, "allocated_storage") if spot.why else None
    allocated = database.get("allocated_storage").reading
    size = number(getattr(allocated, "value", None))
    finding = hold(
        database,
        spot.place,
        lambda most: (number(most) or 0) > (size or 0),
        expected,
        remedy="set max_allocated_storage to twice of what is allocated",
    )
    if finding is None and size is None:
        return found(database, spot.place, Verdict.UNDETERMINED, expected)
    return finding


def on_arm(definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each task runs on AWS's own processors, which cost a fifth less on Fargate.

    Source: Amazon ECS API, RuntimePlatform, cpuArchitecture: X86_64 by default; AWS Fargate pricing.
    """
    return hold_each(
        definitions,
        ("runtime_platform", 0, "cpu_architecture"),
        lambda name: name == "ARM64",
        "cpu_architecture is ARM64",
        remedy='build the image for arm64 and set runtime_platform { cpu_architecture = "ARM64" }',
    )


def databases_on_arm(databases: Sequence[Database]) -> Judgement:
    """Judge whether the class of each database has AWS's own processors, at a tenth less or more.

    The family's name has a "g" after its generation, as in t4g. A serverless instance has no choice.
    Source: Amazon RDS User Guide, "DB instance classes"; Amazon RDS pricing.
    """
    return hold_databases(
        databases,
        "instance_class",
        lambda name: re.match(r"db\.[a-z]+\d+g", str(name)) is not None,
        "a class with AWS's own processors, such as db.t4g or db.m7g",
        remedy="take the class of the same size with a g in its family",
        unset=Verdict.UNDETERMINED,
    )


def shrink_when_idle(plan: Plan, services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each ECS service has autoscaling enabled.

    That needs a target with a minimum below its maximum, and a policy or a schedule.
    Source: Application Auto Scaling User Guide, "What is Application Auto Scaling?".
    """
    return judge(
        (service.address for service in services),
        (_shrinks(plan, service) for service in services),
    )


def _shrinks(plan: Plan, service: ResourceChange) -> Finding | None:
    target = scaling_target(plan, service)
    expected = "an autoscaling target with min_capacity below max_capacity"
    if not isinstance(target, ResourceChange):
        return found(
            service,
            service.after.get("desired_count"),
            Verdict.UNDETERMINED if target is None else Verdict.VIOLATED,
            expected,
            observed="no autoscaling target could be matched to it",
            remedy="add aws_appautoscaling_target and a policy",
        )
    ceiling = target.after.get("max_capacity").reading
    most = number(getattr(ceiling, "value", None))
    finding = hold(
        target,
        target.after.get("min_capacity"),
        lambda floor: most is not None and (number(floor) or 0) < most,
        expected,
        remedy="lower min_capacity or raise max_capacity",
    )
    if finding is None:
        return _unmoved(plan, service, target)
    verdict = Verdict.UNDETERMINED if most is None else finding.verdict
    return finding._replace(address=service.address, verdict=verdict, related=(target.address,))


def _unmoved(plan: Plan, service: ResourceChange, target: ResourceChange) -> Finding | None:
    """A target is only a range; policies and schedules are what moves the number of tasks in it."""
    kinds = ("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action")
    joins = [graph(plan).incoming(kind, ("resource_id",), target.type) for kind in kinds]
    scaled = target.after.get("resource_id").reading
    by_name = isinstance(scaled, Known) and str(scaled.value) in plan.attached(_moved_resources)
    if by_name or any(join.to(target) for join in joins):
        if not graph(plan).is_written(target, "suspended_state"):
            return None  # Nobody suspends anything.
        return _suspended(service, target, by_schedule=bool(joins[1].to(target)))
    return found(
        service,
        target.after.get("resource_id"),
        Verdict.UNDETERMINED if any(join.undecided for join in joins) else Verdict.VIOLATED,
        "a scaling policy or a schedule that takes tasks away",
        observed=f"no scaling policy or schedule could be matched to {target.address}",
        remedy="add aws_appautoscaling_policy",
        related=(target.address,),
    )


def _suspended(service: ResourceChange, target: ResourceChange, *, by_schedule: bool) -> Finding | None:
    """Scaling in may be suspended: by policies, and by schedules where there is one.

    Source: Application Auto Scaling API, SuspendedState.
    """
    names = ("dynamic_scaling_in_suspended", *(["scheduled_scaling_suspended"] if by_schedule else []))
    places = [target.after.get("suspended_state", 0, name) for name in names]
    readings = [each.reading for each in places]
    if any(each not in (Known(True), UNKNOWN) for each in readings):
        return None
    verdict = Verdict.UNDETERMINED if UNKNOWN in readings else Verdict.VIOLATED
    expected = "scaling that takes tasks away, and is not suspended"
    finding = found(service, places[0], verdict, expected, remedy="take suspended_state away")
    return finding._replace(related=(target.address,))


def _moved_resources(plan: Plan) -> frozenset[str]:
    """Resources that scaling policies and schedules name."""
    readings = (
        each.after.get("resource_id").peek()
        for each in plan.remaining("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action")
    )
    return frozenset(str(reading.value) for reading in readings if isinstance(reading, Known))


def _has_rules(policy: ResourceChange) -> bool:
    """Whether a lifecycle policy has rules, as far as the plan tells."""
    rules = policy.after.get("policy").document().get("rules")
    return rules.reading is UNKNOWN or bool(rules.elements())


def images_expire(plan: Plan, repositories: Sequence[ResourceChange]) -> Judgement:
    """Judge whether every image repository has a lifecycle policy, so that old images go.

    A policy without rules is none. Source: Amazon ECR User Guide, "Automate the cleanup of images".
    """
    joined = graph(plan).incoming("aws_ecr_lifecycle_policy", ("repository",), "aws_ecr_repository")
    return judge(
        (repository.address for repository in repositories),
        (
            found(
                repository,
                repository.after.get("name"),
                Verdict.UNDETERMINED if joined.undecided else Verdict.VIOLATED,
                "a lifecycle policy",
                observed="no lifecycle policy could be matched to it",
                remedy="add aws_ecr_lifecycle_policy",
            )
            for repository in repositories
            if not any(map(_has_rules, joined.to(repository)))
        ),
    )
