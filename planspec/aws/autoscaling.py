"""How many tasks of a service can there be?

What scales a service is a target with its limits, and schedules that move these limits for a time.
Source: Application Auto Scaling API, RegisterScalableTarget, PutScheduledAction (ResourceId:
`service/CLUSTER/SERVICE`; ScalableTargetAction sets new limits, either or both).
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Plan, ResourceChange, Value, number
from planspec.references import Grade, graph

TARGET: Final = "aws_appautoscaling_target"
SCHEDULE: Final = "aws_appautoscaling_scheduled_action"
ACTION: Final = ("scalable_target_action", 0)
SERVICE: Final = "aws_ecs_service"


class NotScaled:
    """Nothing scales the service: its desired count is what runs."""


NOT_SCALED = NotScaled()


class Figure(NamedTuple):
    """A number of tasks that the plan sets: where, and how many if that is known.

    `is_sure` is false where the block may belong to another service.
    """

    resource: ResourceChange
    place: Value
    tasks: int | None
    is_sure: bool = True

    @property
    def observed(self) -> str:
        """What to say of it in a finding."""
        if not self.is_sure:
            return f"which service {self.resource.address} scales is known after apply"
        return f"{self.place.path} of {self.resource.address} is {self.place.shown}"


class Scaling(NamedTuple):
    """What moves the number of tasks of one service, for sure and perhaps."""

    targets: tuple[ResourceChange, ...]
    schedules: tuple[ResourceChange, ...] = ()
    perhaps: tuple[ResourceChange, ...] = ()

    def figures(self, name: str) -> tuple[Figure, ...]:
        """Every value of this limit ("min_capacity", "max_capacity") that a target or schedule sets."""
        return (
            *(_figure(each, each.after.get(name)) for each in self.targets),
            *(each for change in self.schedules for each in _moved(change, name)),
            *(each._replace(is_sure=False) for change in self.perhaps for each in _set_by(change, name)),
        )


def _set_by(change: ResourceChange, name: str) -> Iterable[Figure]:
    return (_figure(change, change.after.get(name)),) if change.type == TARGET else _moved(change, name)


def _moved(schedule: ResourceChange, name: str) -> Iterable[Figure]:
    """The limit that a schedule sets; nothing where it leaves this one as it is."""
    place = schedule.after.get(*ACTION, name)
    return () if place.peek() in (NULL, ABSENT) else (_figure(schedule, place),)


def _figure(resource: ResourceChange, place: Value) -> Figure:
    reading = place.reading
    count = number(reading.value) if isinstance(reading, Known) else None
    return Figure(resource, place, None if count is None else int(count))


def scaling(plan: Plan, service: ResourceChange) -> Scaling | NotScaled | None:
    """Return what scales this service; None if the plan does not tell which service a target scales."""
    targets = _targets(plan, service)
    if targets is None:
        return None
    schedules = plan.attached(Schedules)
    mine = schedules.of(plan, service, targets)
    if not targets and not mine:
        return NOT_SCALED
    others = graph(plan).incoming(TARGET, ("resource_id",), SERVICE).undecided
    perhaps = (
        *(each for each in others if each not in targets and _is_of_tasks(each)),
        *schedules.undecided,
        *schedules.perhaps_of(plan, service),
    )
    return Scaling(targets, mine, tuple(each for each in perhaps if each not in mine))


def scaling_target(plan: Plan, service: ResourceChange) -> ResourceChange | NotScaled | None:
    """Return the target that scales this service; None if the plan does not tell."""
    targets = _targets(plan, service)
    if targets is None:
        return None
    return targets[0] if targets else NOT_SCALED


def _targets(plan: Plan, service: ResourceChange) -> tuple[ResourceChange, ...] | None:
    joined = graph(plan).incoming(TARGET, ("resource_id",), SERVICE)
    surely = tuple(filter(_is_of_tasks, joined.to(service)))
    if surely:
        return surely
    name = service.after.get("name").reading
    cluster = _cluster_name(plan, service)
    undecided = bool(joined.undecided)
    own = name.value if isinstance(name, Known) else None
    named = plan.attached(_targets_by_service_name).get(str(own), ())
    wanted = Known(f"service/{cluster}/{own}")
    found = tuple(each for each in named if each.after.get("resource_id").reading == wanted)
    if found:
        return found
    if own is None and len(plan.remaining(TARGET)) > sum(map(len, joined.known.values())):
        undecided = True  # A target may name the service that apply gives a name.
    return None if undecided or (named and cluster is None) else ()


def _is_of_tasks(target: ResourceChange) -> bool:
    """Whether a target scales the tasks of an ECS service, and not something else of its name."""
    stated = (
        (target.after.get("service_namespace").peek(), "ecs"),
        (target.after.get("scalable_dimension").peek(), "ecs:service:DesiredCount"),
    )
    return all(not isinstance(state, Known) or state.value == meant for state, meant in stated)


class Schedules:
    """Scheduled actions of ECS services in one plan, by what they move."""

    def __init__(self, plan: Plan) -> None:
        self._by_owner: dict[str, list[ResourceChange]] = {}
        self._by_resource: dict[str, list[ResourceChange]] = {}
        undecided = []
        for each in plan.remaining(SCHEDULE):
            namespace = each.after.get("service_namespace").peek()
            if isinstance(namespace, Known) and namespace.value != "ecs":
                continue
            owner, stated = _owner(plan, each), each.after.get("resource_id").peek()
            if owner is not None:
                self._by_owner.setdefault(owner, []).append(each)
            elif isinstance(stated, Known):
                self._by_resource.setdefault(str(stated.value), []).append(each)
            else:
                undecided.append(each)
        self.undecided = tuple(undecided)

    def of(
        self, plan: Plan, service: ResourceChange, targets: Iterable[ResourceChange]
    ) -> tuple[ResourceChange, ...]:
        """The schedules that surely move the limits of this service."""
        found = list(self._by_owner.get(service.address, ()))
        name, cluster = service.after.get("name").peek(), _cluster_name(plan, service)
        resources = {f"service/{cluster}/{name.value}"} if isinstance(name, Known) else set()
        for target in targets:
            found += self._by_owner.get(target.address, ())
            stated = target.after.get("resource_id").peek()
            resources |= {str(stated.value)} if isinstance(stated, Known) else set()
        found += [each for resource in resources for each in self._by_resource.get(resource, ())]
        return tuple(found)

    def perhaps_of(self, plan: Plan, service: ResourceChange) -> list[ResourceChange]:
        """Those that name a service which may be this one, as apply decides its name or its cluster."""
        name = service.after.get("name").peek()
        if isinstance(name, Known) and _cluster_name(plan, service) is not None:
            return []
        own = f"/{name.value}" if isinstance(name, Known) else ""
        named = (each for text, some in self._by_resource.items() if text.endswith(own) for each in some)
        return list(named)


def _owner(plan: Plan, schedule: ResourceChange) -> str | None:
    """The address of the target or the service that a schedule refers to, if it is one."""
    for kind in (TARGET, SERVICE):
        named = graph(plan).targets(schedule, ("resource_id",), kind, Grade.SAME_KEY)
        if named and len(named) == 1:
            return named[0]
    return None


def _targets_by_service_name(plan: Plan) -> dict[str, list[ResourceChange]]:
    """Scaling targets by the last part of their resource, where the plan states it."""
    found: dict[str, list[ResourceChange]] = {}
    for target in plan.remaining(TARGET):
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


def least_tasks(plan: Plan, service: ResourceChange) -> tuple[Figure, ...] | None:
    """Return every number of tasks that may be the smallest; None if what scales it cannot be told.

    A ceiling of a schedule below the floor is one of them: AWS scales in to it; so may one that apply
    decides. Source: Application Auto Scaling API, PutScheduledAction, ScalableTargetAction.
    """
    return None if _is_not_counted(service) else _tasks(plan, service, "min_capacity")


def most_tasks(plan: Plan, service: ResourceChange) -> tuple[Figure, ...] | None:
    """Return every number of tasks that may be the largest; None if it cannot be told what scales it.

    The desired count is one of them where the change sets it: above the ceiling it stays until something
    scales in. Nothing tells the number of a daemon's tasks. Source: Amazon ECS Developer Guide,
    "Automatically scale your Amazon ECS service" and "Amazon ECS service definition parameters".
    """
    return None if _is_not_counted(service) else _tasks(plan, service, "max_capacity")


def _is_not_counted(service: ResourceChange) -> bool:
    """Whether the desired count is not the number of tasks: of a daemon, and of task sets.

    Source: Amazon ECS API, CreateService, `schedulingStrategy`; CreateTaskSet, `scale`.
    """
    strategy = service.after.get("scheduling_strategy").reading
    controller = service.after.get("deployment_controller", 0, "type").reading
    return strategy == Known("DAEMON") or controller == Known("EXTERNAL")


def highest(figures: Iterable[Figure]) -> Figure | None:
    """Return the first of the largest numbers that are sure and known."""
    known = [each for each in figures if each.is_sure and each.tasks is not None]
    return max(known, key=lambda each: each.tasks or 0, default=None)


def _tasks(plan: Plan, service: ResourceChange, limit: str) -> tuple[Figure, ...] | None:
    found = scaling(plan, service)
    desired = _figure(service, service.after.get("desired_count"))
    if found is None:
        return None
    if isinstance(found, NotScaled):
        # A schedule needs a target: one that is in the plan is another's, as nothing else is open.
        elsewhere = () if plan.remaining(TARGET) else plan.attached(Schedules).undecided
        return (desired, *Scaling((), (), elsewhere).figures(limit))
    if limit == "min_capacity":
        floors = found.figures(limit)
        lowest = min(
            (each.tasks for each in floors if each.is_sure and each.tasks is not None), default=0
        )
        moved = (each for each in found.figures("max_capacity") if each.resource.type == SCHEDULE)
        return (*floors, *(each for each in moved if each.tasks is None or each.tasks < lowest))
    # A floor that a schedule raises lifts the number of tasks to it, whatever the ceiling was.
    raised = (each for each in found.figures("min_capacity") if each.tasks is not None)
    return (*found.figures(limit), *([desired] if _sets_desired(service) else []), *raised)


def _sets_desired(service: ResourceChange) -> bool:
    """Whether the change sets the desired count; one that stays is what autoscaling made of it."""
    reading = service.after.get("desired_count").peek()
    stays = service.before.get("desired_count").peek() == reading and not service.replaced
    return reading not in (NULL, ABSENT) and not stays
