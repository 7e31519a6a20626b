"""Which alarms watch a metric of a resource, and do they have an action?"""

from collections.abc import Callable, Sequence
from functools import partial

from planspec.aws import BALANCERS, application_balancers
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.exposure.load_balancers import if_application
from planspec.judgements.generic.expect import Addressed, found
from planspec.judgements.observability.alarm_actions import alarms, tells
from planspec.judgements.observability.alarm_rules import (
    Figure,
    may_reckon_with,
    metric_of,
    metric_path,
    reckons,
    rings,
)
from planspec.plan import UNKNOWN, Known, Mode, Plan, ResourceChange, Value
from planspec.policies import Observability
from planspec.references import graph

_OF_BALANCER = Figure(
    *("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", "arn_suffix"),
    *("GreaterThan", BALANCERS),
)
OF_BALANCERS = (
    _OF_BALANCER,
    _OF_BALANCER._replace(metric="TargetResponseTime"),
    _OF_BALANCER._replace(metric="UnHealthyHostCount"),
)
OF_SERVICES = (
    Figure(
        *("ECS/ContainerInsights", "RunningTaskCount", "ServiceName", "name", "LessThan"),
        ("aws_ecs_service",),
    ),
)


ALL = (*OF_BALANCERS, *OF_SERVICES)


Group = Sequence[tuple[ResourceChange, Figure]]
Fires = Callable[[Plan, ResourceChange, Figure], bool | None]


class _Alarms:
    """The alarms of a plan, so that those about one resource are found without a search."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.by_metric: dict[str, list[ResourceChange]] = {}
        self.of_unknown_metric: list[ResourceChange] = []
        self.reckoning: list[ResourceChange] = []
        self._indexes: dict[Figure, _Index] = {}
        for alarm in alarms(plan):
            if reckons(alarm):
                self.reckoning.append(alarm)
                continue
            match metric_of(alarm, "metric_name").reading:
                case Known(str(metric)):
                    self.by_metric.setdefault(metric, []).append(alarm)
                case state if state is UNKNOWN:
                    self.of_unknown_metric.append(alarm)
                case _:
                    continue

    def index(self, figure: Figure) -> "_Index":
        """The alarms on one figure, by what they are about; made once."""
        if figure not in self._indexes:
            self._indexes[figure] = _Index(self._plan, figure, self.by_metric.get(figure.metric, ()))
        return self._indexes[figure]


class _Index:
    """Alarms on one figure, by the name or the address of the resource that they watch."""

    def __init__(self, plan: Plan, figure: Figure, about_it: Sequence[ResourceChange]) -> None:
        self.by_name: dict[str, list[ResourceChange]] = {}
        self.by_address: dict[str, list[ResourceChange]] = {}
        self.untold: list[ResourceChange] = []
        self._alone = _only_balancer(plan) if figure.types == BALANCERS else None
        for alarm in about_it:
            namespace = metric_of(alarm, "namespace").reading
            if namespace is UNKNOWN:
                self.untold.append(alarm)
            elif namespace == Known(figure.namespace):
                self._place(plan, alarm, figure)

    def _place(self, plan: Plan, alarm: ResourceChange, figure: Figure) -> None:
        dimension = metric_of(alarm, "dimensions").get(figure.dimension).reading
        if isinstance(dimension, Known):
            self.by_name.setdefault(str(dimension.value), []).append(alarm)
        elif dimension is UNKNOWN:
            path = (*metric_path(alarm), "dimensions")
            named = [graph(plan).targets(alarm, path, kind) for kind in figure.types]
            # A dimension names one resource, so that several are the sides of a condition.
            surely = [each[0] for each in named if each and len(each) == 1]
            if None in named and self._alone is not None:
                surely.append(self._alone)
            for address in surely:
                self.by_address.setdefault(address, []).append(alarm)
            doubted = any(each is None or len(each) > 1 for each in named)
            if doubted or (not surely and not _names_something(plan, alarm)):
                self.untold.append(alarm)


def _names_something(plan: Plan, alarm: ResourceChange) -> bool:
    """Whether the dimensions come from a resource of AWS; what is made elsewhere may be any name."""
    targets = graph(plan).of(alarm, *metric_path(alarm), "dimensions").targets
    return any(each.change is not None and each.change.type.startswith("aws_") for each in targets)


def about(
    plan: Plan, subject: ResourceChange, figure: Figure
) -> tuple[list[ResourceChange], list[ResourceChange]]:
    """Return the alarms that surely watch this figure of the subject, and those that may.

    The name of a load balancer is decided at apply, and locals hide what it comes from. If the
    plan has one load balancer and looks up no other, an alarm of which that cannot be told is
    taken to mean it.
    """
    known: _Alarms = plan.attached(_Alarms)
    index = known.index(figure)
    surely = list(index.by_address.get(subject.address, ()))
    name = subject.after.get(figure.name).reading
    reckoning = (each for each in known.reckoning if may_reckon_with(each, figure, name))
    maybe = [*known.of_unknown_metric, *index.untold, *reckoning]
    if isinstance(name, Known):
        return surely + index.by_name.get(str(name.value), []), maybe
    # An alarm that states a name may mean a resource whose name apply decides.
    return surely, [*maybe, *(each for named in index.by_name.values() for each in named)]


def _only_balancer(plan: Plan) -> str | None:
    """The address of the Application Load Balancer, if there is one and none is looked up."""
    balancers = application_balancers(plan)
    looked_up = plan.resources(*BALANCERS, mode=Mode.DATA)
    read = any(each.type in BALANCERS for each in plan.data_sources.values())
    return balancers[0].address if len(balancers) == 1 and not looked_up and not read else None


def warns(settings: Observability, plan: Plan, alarm: ResourceChange, figure: Figure) -> bool | None:
    """Whether the alarm rings when the figure is bad and tells somebody; None if apply decides."""
    # One of which apply decides whose it is, is asked for each subject.
    return plan.once(_warns, alarm, figure, settings.slowest_alarm_seconds)


def _warns(plan: Plan, alarm: ResourceChange, figure: Figure, slowest_seconds: int) -> bool | None:
    answers = (rings(alarm, figure, slowest_seconds=slowest_seconds), tells(plan, alarm))
    return False if False in answers else None if None in answers else True


def named(metrics: Sequence[str]) -> tuple[Figure, ...]:
    """Return the figures with these names, in the order in which they are listed here."""
    return tuple(each for each in ALL if each.metric in metrics)


def figures_are_watched(
    plan: Plan,
    subjects: Sequence[ResourceChange],
    figures: Sequence[Figure],
    settings: Observability,
) -> Judgement:
    """Judge whether an alarm that can ring in time and tells somebody watches each metric of each.

    Source: Amazon CloudWatch, metrics of Application Load Balancers, Amazon RDS and Container Insights.
    """
    fires = partial(warns, settings)
    judgement = judge(
        (subject.address for subject in subjects),
        (_watched(plan, subject, figure, fires) for subject in subjects for figure in figures),
    )
    return if_application([each for each in subjects if each.type in BALANCERS], judgement)


def _watched(plan: Plan, subject: ResourceChange, figure: Figure, fires: Fires) -> Finding | None:
    watched = state_of(plan, ((subject, figure),), fires)
    if watched is True:
        return None
    figures = [each for each in ALL if subject.type in each.types]
    near = watchers(plan, ((subject, figure),)) or neighbours(plan, subject, figures)
    return not_watched(subject, subject.after.get(figure.name), figure.metric, watched, near)


def not_watched(
    subject: Addressed, place: Value, metric: str, watched: bool | None, related: Sequence[str]
) -> Finding:
    """The finding about a figure that no alarm surely watches."""
    return found(
        subject,
        place,
        Verdict.UNDETERMINED if watched is None else Verdict.VIOLATED,
        f"a CloudWatch alarm on {metric} with alarm_actions",
        observed=f"no CloudWatch alarm on {metric} could be matched to it",
        remedy=f"add an aws_cloudwatch_metric_alarm on {metric} with alarm_actions",
        related=related,
    )


def state_of(plan: Plan, watched: Group, fires: Fires) -> bool | None:
    """Whether each of these figures has an alarm that fires; None if apply decides."""
    states: list[bool | None] = []
    for subject, figure in watched:
        surely, maybe = about(plan, subject, figure)
        answers = [fires(plan, alarm, figure) for alarm in surely]
        open_question = None in answers or any(fires(plan, each, figure) is not False for each in maybe)
        states.append(True if True in answers else None if open_question else False)
    return False if False in states else None if None in states or not states else True


def watchers(plan: Plan, watched: Group) -> tuple[str, ...]:
    """The addresses of the alarms that surely are about these figures."""
    return tuple(
        alarm.address for subject, figure in watched for alarm in about(plan, subject, figure)[0]
    )


def neighbours(plan: Plan, subject: ResourceChange, figures: Sequence[Figure]) -> tuple[str, ...]:
    """Return the address of an alarm beside which the missing one belongs.

    One on another of the figures of the subject, else any of the same module.
    """
    near = [alarm.address for each in figures for alarm in about(plan, subject, each)[0][:1]]
    inside = (each for each in alarms(plan) if each.module_address == subject.module_address)
    return tuple(near[:1]) or tuple(each.address for each in [next(inside, None)] if each)
