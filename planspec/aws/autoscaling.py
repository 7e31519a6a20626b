"""How many tasks of a service can there be?"""

from planspec.plan import UNKNOWN, Known, Plan, ResourceChange
from planspec.references import graph


class NotScaled:
    """Nothing scales the service: its desired count is what runs."""


NOT_SCALED = NotScaled()


def scaling_target(plan: Plan, service: ResourceChange) -> ResourceChange | NotScaled | None:
    """Return what scales this service; None if the plan does not tell which service a target scales.

    Source: Application Auto Scaling API, ResourceId: `service/CLUSTER/SERVICE`.
    """
    joined = graph(plan).incoming("aws_appautoscaling_target", ("resource_id",), "aws_ecs_service")
    surely = joined.to(service)
    if surely:
        return surely[0]
    name = service.after.get("name").reading
    cluster = _cluster_name(plan, service)
    undecided = bool(joined.undecided)
    own = name.value if isinstance(name, Known) else None
    for target in plan.attached(_targets_by_service_name).get(str(own), ()):
        if target.after.get("resource_id").reading == Known(f"service/{cluster}/{own}"):
            return target
        undecided = undecided or cluster is None
    return None if undecided else NOT_SCALED


def _targets_by_service_name(plan: Plan) -> dict[str, list[ResourceChange]]:
    """Scaling targets by the last part of their resource, where the plan states it."""
    found: dict[str, list[ResourceChange]] = {}
    for target in plan.remaining("aws_appautoscaling_target"):
        match target.after.get("resource_id").peek():
            case Known(str(text), _):
                found.setdefault(text.rpartition("/")[2], []).append(target)
            case _:
                continue
    return found


def _cluster_name(plan: Plan, service: ResourceChange) -> str | None:
    """The name of the service's cluster, by its ARN, its name or a reference; None if untold."""
    match service.after.get("cluster").reading:
        case Known(str(text)):
            return text.rpartition("/")[2]
        case state if state is not UNKNOWN:
            return "default"
    named = graph(plan).targets(service, ("cluster",), "aws_ecs_cluster") or ()
    clusters = [each for each in map(plan.find, named) if each is not None]
    names = [each.after.get("name").reading for each in clusters]
    match names:
        case [Known(str(text))]:
            return text
        case _:
            return None


def most_tasks(plan: Plan, service: ResourceChange) -> int | None:
    """Return the largest number of tasks in steady state; None if it cannot be told."""
    target = scaling_target(plan, service)
    if target is None:
        return None
    place = service.after.get("desired_count")
    if isinstance(target, ResourceChange):
        place = target.after.get("max_capacity")
    match place.reading:
        case Known(int(count)):
            return count
        case _:
            return None


def tasks_during_deployment(plan: Plan, service: ResourceChange) -> int | None:
    """Return the number of tasks while a rolling deployment runs old and new ones together.

    ECS rounds the share down and never goes below the steady state. 200 % is the default that
    AWS documents for rolling updates. Source: Amazon ECS API, DeploymentConfiguration.
    """
    steady = most_tasks(plan, service)
    match service.after.get("deployment_maximum_percent").reading:
        case Known(int(percent)) if steady is not None:
            return max(steady, steady * percent // 100)
        case _:
            return None
