"""Does autoscaling stop before the database runs out of connections?"""

from collections.abc import Sequence

from planspec.aws import Database, Figure, NotScaled, connections_of_a_task, most_tasks, scaling
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.connections import Supply, supply
from planspec.judgements.generic.expect import found
from planspec.plan import Known, Plan, ResourceChange, Value
from planspec.policies import Capacity

REMEDY = "add aws_appautoscaling_target with a max_capacity that the database can carry"


def below_the_budget(
    plan: Plan,
    services: Sequence[ResourceChange],
    databases: Sequence[Database],
    settings: Capacity,
) -> Judgement:
    """Judge whether the maximum task count of each ECS service fits the database connection limit.

    The maximum is the highest that the autoscaling target, a schedule or the desired count sets. What
    fits is what the database accepts at least, minus the reserve, over what one task opens; at a
    deployment old and new tasks run together, so it is half of that. A service whose containers name no
    pool is not examined. The plan must have one database.
    """
    asked = [(service, connections_of_a_task(plan, service, settings)) for service in services]
    using = [(service, each) for service, each in asked if each != 0]
    budget = _budget(plan, databases, settings)
    findings = (_ceiling(plan, service, each, budget) for service, each in using)
    return judge((service.address for service, _ in using), findings)


def _budget(plan: Plan, databases: Sequence[Database], settings: Capacity) -> int | None:
    """Connections that the services surely have; None if that cannot be told."""
    asked = [each for each in databases if each.family.relational]
    if len(asked) != 1:
        return None
    told = supply(plan, asked[0], settings)
    if not isinstance(told, Supply):
        return None
    return told.at_least - settings.reserved_connections - settings.operations_connections


def _ceiling(
    plan: Plan, service: ResourceChange, each: int | None, budget: int | None
) -> Finding | None:
    moved = scaling(plan, service)
    fits = None if each is None or budget is None else _most_tasks(service, each, budget)
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
    if fits is None:
        place, observed = _open(service, figures[0].place, each, budget)
        return found(service, place, Verdict.UNDETERMINED, expected, observed=observed)
    return _beyond(service, figures, fits, expected)


def _beyond(
    service: ResourceChange, figures: Sequence[Figure], fits: int, expected: str
) -> Finding | None:
    """The first figure that is too high, else the first that may be."""
    for figure in figures:
        if figure.is_sure and figure.tasks is not None and figure.tasks > fits:
            remedy = f"lower {figure.place.path} to {fits}, or raise what the database accepts"
            related = () if figure.resource is service else (figure.resource.address,)
            return found(
                service,
                figure.place,
                Verdict.VIOLATED,
                expected,
                observed=figure.observed,
                remedy=remedy,
                related=related,
            )
    for figure in figures:
        if figure.tasks is None or figure.tasks > fits:
            verdict, observed = Verdict.UNDETERMINED, figure.observed
            return found(service, figure.place, verdict, expected, observed=observed)
    return None


def _open(
    service: ResourceChange, ceiling: Value, each: int | None, budget: int | None
) -> tuple[Value, str]:
    """Which of the figures cannot be told, and where it would stand."""
    if each is None:
        return ceiling, "the number of connections per task cannot be determined"
    if budget is None:
        return ceiling, "the connection limit of its database cannot be determined"
    percent = service.after.get("deployment_maximum_percent")
    return percent, f"{percent.path} is {percent.shown}"


def _most_tasks(service: ResourceChange, each: int, budget: int) -> int | None:
    """The highest ceiling whose deployment still fits; None if the percentage cannot be told."""
    match service.after.get("deployment_maximum_percent").reading:
        case Known(int(percent)):
            both = max(percent, 100)
            most = budget * 100 // (each * both)
            # ECS rounds the share of tasks down, so one more may fit.
            return most + 1 if (most + 1) * both // 100 * each <= budget else most
        case _:
            return None
