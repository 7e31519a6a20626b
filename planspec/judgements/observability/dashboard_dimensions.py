"""Does what a dashboard shows exist: does AWS publish its metrics by these dimensions?

A metric that is asked for by other dimensions is an empty panel, and says nothing of it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.judgements.observability.dashboards import Row, panels_of
from planspec.plan import Known, Plan, ResourceChange

Dimensions = frozenset[str]


def _of(*several: str) -> tuple[Dimensions, ...]:
    return tuple(frozenset(each.split()) for each in several)


_SERVICE: Final = _of("ClusterName ServiceName")
_CLUSTER: Final = _of("ClusterName")
_TARGETS: Final = _of("LoadBalancer TargetGroup", "AvailabilityZone LoadBalancer TargetGroup")
# By namespace: what its metrics have in general, and those that have something else. Sources: Amazon ECS
# Developer Guide, "Amazon ECS CloudWatch metrics"; Amazon CloudWatch User Guide, "Amazon ECS Container
# Insights metrics"; Amazon RDS User Guide, "Amazon CloudWatch dimensions for Amazon RDS"; Elastic Load
# Balancing, "CloudWatch metrics for your Application Load Balancer".
_GENERAL: Final = {
    "AWS/ECS": _SERVICE,
    "ECS/ContainerInsights": (*_SERVICE, *_CLUSTER, *_of("ClusterName TaskDefinitionFamily")),
    "AWS/RDS": _of(
        "DBInstanceIdentifier",
        "DBClusterIdentifier",
        "DBClusterIdentifier Role",
        "DbClusterIdentifier EngineName",
        "DatabaseClass",
        "EngineName",
        "SourceRegion",
        "",
    ),
    "AWS/ApplicationELB": (*_of("LoadBalancer", "AvailabilityZone LoadBalancer"), *_TARGETS),
}
_SPECIAL: Final = {
    **{
        ("AWS/ECS", name): _CLUSTER for name in ("CPUReservation", "GPUReservation", "MemoryReservation")
    },
    **{("ECS/ContainerInsights", name): _CLUSTER for name in ("ServiceCount", "TaskCount")},
    **{
        ("ECS/ContainerInsights", name): _SERVICE
        for name in ("DeploymentCount", "DesiredTaskCount", "PendingTaskCount", "RunningTaskCount")
    },
    **{("AWS/ApplicationELB", name): _TARGETS for name in ("HealthyHostCount", "UnHealthyHostCount")},
}
# Published of a cluster as a whole too, but only where its tasks run on instances.
_ON_INSTANCES: Final = frozenset({("AWS/ECS", "CPUUtilization"), ("AWS/ECS", "MemoryUtilization")})


def dimensions_exist(plan: Plan, boards: Sequence[ResourceChange]) -> Judgement:
    """Judge whether AWS publishes each metric of ECS, RDS and ALB on a dashboard by its dimensions.

    Expressions and other namespaces are not examined, nor whether there is such a resource.
    """
    return judge(
        (board.address for board in boards),
        (finding for board in boards for finding in _found(plan, board)),
    )


def _found(plan: Plan, board: ResourceChange) -> Iterator[Finding]:
    place = board.after.get("dashboard_body")
    expected = "metrics by dimensions that AWS publishes"
    match place.reading:
        case Known(text) if (panels := panels_of(str(text))) is not None:
            for row in panels.rows:
                yield from _row(plan, board, row)
        case _:
            yield found(board, place, Verdict.UNDETERMINED, expected)


def _row(plan: Plan, board: ResourceChange, row: Row) -> Iterator[Finding]:
    metric = (row.namespace, row.metric)
    published = _SPECIAL.get(metric) or _GENERAL.get(row.namespace)
    names = frozenset(name for name, _ in row.dimensions)
    if published is None or names in published:
        return
    of_a_cluster = metric in _ON_INSTANCES and names in _CLUSTER
    on_instances = _on_instances(plan) if of_a_cluster else False
    if on_instances:
        return
    shown = " and ".join(sorted(names)) or "no dimension"
    why = ", which AWS publishes for tasks on EC2 instances only" if of_a_cluster else ""
    wanted = " or ".join(" and ".join(sorted(each)) or "no dimension" for each in published)
    yield found(
        board,
        board.after.get("dashboard_body"),
        Verdict.UNDETERMINED if on_instances is None else Verdict.VIOLATED,
        f"{row.metric} by {wanted}",
        observed=f"{row.namespace} {row.metric} is shown by {shown}{why}",
        remedy="give the metric the dimensions that AWS publishes it by",
    )


def _on_instances(plan: Plan) -> bool | None:
    """Whether tasks of the plan run on instances; None where it has no services, or does not tell."""
    launches = [each.after.get("launch_type").reading for each in plan.remaining("aws_ecs_service")]
    if launches and all(each == Known("FARGATE") for each in launches):
        return False
    return True if Known("EC2") in launches else None
