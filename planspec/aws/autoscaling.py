"""How many tasks of a service can there be?"""

from typing import Final, NamedTuple

from planspec.plan import UNKNOWN, Action, Known, Plan, Reading, ResourceChange, number
from planspec.references import graph

SCHEDULED: Final = "aws_appautoscaling_scheduled_action"
TO_THE_SIDE: Final = 200


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
        return max(surely, key=lambda each: _count(each.after.get("max_capacity").reading))
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
    """Return the largest number of tasks in steady state; None if it cannot be told.

    A desired count that this change sets counts beyond the ceiling too, which autoscaling does not
    lower at once. One that stays is what autoscaling has made of it.
    """
    target = scaling_target(plan, service)
    if target is None or service.after.get("scheduling_strategy").reading == Known("DAEMON"):
        return None
    desired = service.after.get("desired_count").reading
    if not isinstance(target, ResourceChange):
        return desired.value if isinstance(desired, Known) and isinstance(desired.value, int) else None
    ceiling = highest_ceiling(plan, service, target)
    if ceiling is None or desired is UNKNOWN:
        return None
    is_set = isinstance(desired, Known) and desired != service.before.get("desired_count").peek()
    return max(ceiling, _count(desired) if is_set else 0)


def highest_ceiling(plan: Plan, service: ResourceChange, target: ResourceChange) -> int | None:
    """The most tasks that a target, or a scheduled action beside it, lets there be.

    None if that cannot be told. Source: Application Auto Scaling User Guide, "Scheduled scaling".
    """
    places = [target.after.get("max_capacity")]
    own = target.after.get("resource_id").reading
    joined = graph(plan).incoming(SCHEDULED, ("resource_id",), "aws_ecs_service")
    by_target = graph(plan).incoming(SCHEDULED, ("resource_id",), target.type)
    named = {each.address for each in (*joined.to(service), *by_target.to(target))}
    for action in plan.remaining(SCHEDULED):
        said = action.after.get("resource_id").reading
        if said is UNKNOWN and action.address not in named:
            if action in joined.undecided and action in by_target.undecided:
                return None
            continue
        if action.address in named or (isinstance(said, Known) and said == own):
            place = action.after.get("scalable_target_action", 0, "max_capacity")
            if place.is_set is not False:
                places.append(place)
    ceilings = [place.reading for place in places]
    known = [each.value for each in ceilings if isinstance(each, Known)]
    figures = [each for each in (number(value) for value in known) if each is not None]
    return int(max(figures)) if len(figures) == len(ceilings) else None


def tasks_during_deployment(plan: Plan, service: ResourceChange) -> int | None:
    """Return the number of tasks while a rolling deployment runs old and new ones together.

    ECS rounds the share down and never goes below the steady state. 200 % is the default that
    AWS documents for rolling updates. Source: Amazon ECS API, DeploymentConfiguration.
    """
    steady, percent = most_tasks(plan, service), maximum_percent(service)
    if steady is None or percent is None:
        return None
    return max(steady, steady * percent // 100)


def maximum_percent(service: ResourceChange) -> int | None:
    """How many tasks a deployment may run, in percent of the desired count; None if untold.

    A deployment to the side (blue/green) runs both sets in full, whatever is stated. Source: Amazon ECS
    Developer Guide, "Amazon ECS deployment controllers and strategies".
    """
    controller = service.after.get("deployment_controller", 0, "type").reading
    strategy = service.after.get("deployment_configuration", 0, "strategy").reading
    if controller is UNKNOWN or strategy is UNKNOWN or controller == Known("EXTERNAL"):
        return None
    if controller == Known("CODE_DEPLOY") or (
        isinstance(strategy, Known) and strategy != Known("ROLLING")
    ):
        return TO_THE_SIDE
    match service.after.get("deployment_maximum_percent").reading:
        case Known(int(percent)):
            return percent
        case _:
            return None


class Peak(NamedTuple):
    """How many old and new tasks open the most connections together."""

    connections: int
    old_tasks: int
    new_tasks: int


class Mix(NamedTuple):
    """Old and new tasks of a deployment: of each at most so many, and together at most so many."""

    old_tasks: int
    new_tasks: int
    together: int

    def peak(self, old: int, new: int) -> Peak:
        """The mix that opens the most, at so many connections for each old and each new task."""
        most = min(self.new_tasks, self.together)
        mixes = {0, most, min(most, max(0, self.together - self.old_tasks))}
        peaks = [(min(self.old_tasks, self.together - each), each) for each in mixes]
        return max(Peak(olds * old + news * new, olds, news) for olds, news in peaks)


def mixed(old_tasks: int, new_tasks: int, percent: int) -> Mix:
    """The mix of a rolling deployment at this maximum percent."""
    return Mix(old_tasks, new_tasks, max(old_tasks, new_tasks, new_tasks * percent // 100))


def deploys_now(service: ResourceChange) -> bool:
    """Whether the change starts new tasks of a service beside those that it has.

    A replaced service counts: which of the two comes first, the actions do not tell us.
    """
    before, after = (side.get("task_definition").peek() for side in (service.before, service.after))
    if not isinstance(before, Known):
        return False
    forced = service.after.get("force_new_deployment").peek() == Known(True)
    return service.replaced or before != after or (forced and Action.UPDATE in service.actions)


def tasks_at_the_change(plan: Plan, service: ResourceChange) -> Mix | None:
    """The old and new tasks while this change deploys a service; None if it cannot be told.

    Of each, the greater of the desired count and the ceiling.
    """
    target = scaling_target(plan, service)
    steady, percent = most_tasks(plan, service), maximum_percent(service)
    if steady is None or percent is None:
        return None
    old = _count(service.before.get("desired_count").reading)
    if isinstance(target, ResourceChange):
        old = max(old, _count(target.before.get("max_capacity").reading))
    new = max(steady, _count(service.after.get("desired_count").reading))
    return mixed(old, new, percent)


def _count(reading: Reading) -> int:
    """A number of tasks; 0 where none is stated."""
    match reading:
        case Known(int(count)):
            return count
        case _:
            return 0
