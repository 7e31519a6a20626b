"""How many old and new tasks are there while a deployment runs?

Source: Amazon ECS API, DeploymentConfiguration; Amazon ECS Developer Guide, "Amazon ECS deployment
controllers and strategies".
"""

from typing import Final, NamedTuple

from planspec.aws.autoscaling import ACTION, NotScaled, scaling
from planspec.plan import UNKNOWN, Action, Known, Plan, Reading, ResourceChange

TO_THE_SIDE: Final = 200


def tasks_during_deployment(service: ResourceChange, steady: int) -> int | None:
    """Return the number of tasks while a rolling deployment runs old and new ones together.

    ECS rounds the share down and never goes below the steady state. 200 % is the default that
    AWS documents for rolling updates. Source: Amazon ECS API, DeploymentConfiguration.
    """
    percent = maximum_percent(service)
    return None if percent is None else max(steady, steady * percent // 100)


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


def tasks_at_the_change(plan: Plan, service: ResourceChange, steady: int) -> Mix | None:
    """The old and new tasks while this change deploys a service; None if it cannot be told.

    `steady` is the most tasks after the change. Of the old ones there are as many as the desired count,
    the ceiling or a schedule made of it.
    """
    percent, moved = maximum_percent(service), scaling(plan, service)
    if percent is None:
        return None
    counts = [service.before.get("desired_count").reading]
    if moved is not None and not isinstance(moved, NotScaled):
        counts += [each.before.get("max_capacity").reading for each in moved.targets]
        counts += [each.before.get(*ACTION, "max_capacity").reading for each in moved.schedules]
    new = max(steady, _count(service.after.get("desired_count").reading))
    return mixed(max(map(_count, counts)), new, percent)


def _count(reading: Reading) -> int:
    """A number of tasks; 0 where none is stated."""
    match reading:
        case Known(int(count)):
            return count
        case _:
            return 0
