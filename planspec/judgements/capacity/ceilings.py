"""Does autoscaling stop before the database runs out of connections?"""

from collections.abc import Sequence
from typing import NamedTuple

from planspec.aws import (
    Database,
    Figure,
    NotScaled,
    connections_of_a_task,
    connections_of_an_old_task,
    database_named,
    deploys_now,
    maximum_percent,
    mixed,
    most_tasks,
    scaling,
)
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.supply import Supply, supply
from planspec.judgements.generic.expect import found
from planspec.plan import Plan, ResourceChange, Value
from planspec.policies import Capacity


class Each(NamedTuple):
    """What an old and a new task of a service open in a deployment; None if that cannot be told."""

    old: int | None
    new: int | None


REMEDY = "add aws_appautoscaling_target with a max_capacity that the database can carry"


def below_the_budget(
    plan: Plan,
    services: Sequence[ResourceChange],
    databases: Sequence[Database],
    settings: Capacity,
) -> Judgement:
    """Judge whether the maximum task count of each ECS service fits the database connection limit.

    The maximum is the highest that the autoscaling target, a schedule or the desired count sets. What
    fits is so many tasks as open, in a deployment, what the database accepts at least, minus the
    reserve. Where this change deploys the service, its old tasks open what they did before it. A service
    whose containers name no pool is not examined. The plan must have one database, or give the
    containers the host of one.
    """
    asked = [(service, _connections(plan, service, settings)) for service in services]
    using = [(service, each) for service, each in asked if each != Each(0, 0)]
    findings = (
        _ceiling(plan, service, each, _budget(plan, service, databases, settings))
        for service, each in using
    )
    return judge((service.address for service, _ in using), findings)


def _connections(plan: Plan, service: ResourceChange, settings: Capacity) -> Each:
    new = connections_of_a_task(plan, service, settings)
    old = connections_of_an_old_task(plan, service, settings) if deploys_now(service) else new
    return Each(old, new)


def _budget(
    plan: Plan, service: ResourceChange, databases: Sequence[Database], settings: Capacity
) -> int | None:
    """Connections that a service surely has; None if that cannot be told."""
    asked = [each for each in databases if each.family.relational]
    named = database_named(plan, service, settings.host_variables)
    asked = [each for each in asked if each.head.address == named] or asked
    if len(asked) != 1:
        return None
    told = supply(plan, asked[0], settings)
    if not isinstance(told, Supply):
        return None
    return told.at_least - settings.reserved_connections - settings.operations_connections


def _ceiling(plan: Plan, service: ResourceChange, each: Each, budget: int | None) -> Finding | None:
    moved = scaling(plan, service)
    fits = None if budget is None else _most_tasks(service, each, budget)
    expected = "a maximum task count within the database connection limit" + (
        "" if fits is None else f": at most {fits} tasks"
    )
    figures = most_tasks(plan, service) or ()
    if moved is None or isinstance(moved, NotScaled):
        verdict = Verdict.UNDETERMINED if moved is None else Verdict.VIOLATED
        observed = (
            "no autoscaling target could be matched to it: the number of tasks can be raised by hand"
        )
        place = service.after.get("desired_count")
        return found(service, place, verdict, expected, observed=observed, remedy=REMEDY)
    if not moved.targets:
        observed = "a schedule scales it; its autoscaling target is not in the plan"
        place = moved.schedules[0].after.get("resource_id")
        return found(service, place, Verdict.UNDETERMINED, expected, observed=observed, remedy=REMEDY)
    if fits is None or not figures:
        ceiling = moved.targets[0].after.get("max_capacity")
        place, observed = _open(service, ceiling, each, budget)
        return found(service, place, Verdict.UNDETERMINED, expected, observed=observed)
    return _beyond(service, figures, fits, expected, each)


def _beyond(
    service: ResourceChange, figures: Sequence[Figure], fits: int, expected: str, each: Each
) -> Finding | None:
    """The first figure that is too high, else the first that may be."""
    for figure in figures:
        if figure.is_sure and figure.tasks is not None and figure.tasks > fits:
            observed = figure.observed
            remedy = f"lower {figure.place.path} to {fits}, or raise what the database accepts"
            if each.old != each.new:
                observed += (
                    f"; a present task opens {each.old} connections while this change deploys new ones"
                )
                remedy += ", or lower the pool of the present tasks first"
            related = () if figure.resource is service else (figure.resource.address,)
            return found(
                service,
                figure.place,
                Verdict.VIOLATED,
                expected,
                observed=observed,
                remedy=remedy,
                related=related,
            )
    for figure in figures:
        if figure.tasks is None or figure.tasks > fits:
            verdict, observed = Verdict.UNDETERMINED, figure.observed
            return found(service, figure.place, verdict, expected, observed=observed)
    return None


def _open(service: ResourceChange, ceiling: Value, each: Each, budget: int | None) -> tuple[Value, str]:
    """Which of the figures cannot be told, and where it would stand."""
    if None in each:
        return ceiling, "the number of connections per task cannot be determined"
    if budget is None:
        return ceiling, "the connection limit of its database cannot be determined"
    percent = service.after.get("deployment_maximum_percent")
    return percent, f"{percent.path} is {percent.shown}"


def _most_tasks(service: ResourceChange, each: Each, budget: int) -> int | None:
    """The highest ceiling whose deployment still fits; None if that cannot be told."""
    percent = maximum_percent(service)
    if percent is None or each.old is None or each.new is None:
        return None
    most = max(0, budget // max(each.old, each.new, 1))
    # ECS rounds the share of tasks down, so that several ceilings have to be tried.
    return next(
        (
            tasks
            for tasks in range(most, 0, -1)
            if mixed(tasks, tasks, percent).peak(each.old, each.new).connections <= budget
        ),
        0,
    )
