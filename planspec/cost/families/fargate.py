"""What do services cost that run on Fargate?

Tasks by autoscaling's limits, or the desired count; the size by the task definition. Spot is a range:
AWS says up to 70 % less and promises nothing. Sources: AWS Fargate pricing; Amazon ECS Developer
Guide, "Task size", "Capacity provider strategy"; Amazon ECS API, RuntimePlatform (defaults).
"""

import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final, NamedTuple

from planspec.aws import Figure, least_tasks, most_tasks
from planspec.cost.families.limits import Limits, fixed, limits
from planspec.cost.resource import NOT_SET, PricedResource, Undecided, decimal
from planspec.estimate import HOURS, Bucket
from planspec.plan import NULL, UNKNOWN, Known, ResourceChange

UNITS_PER_PROCESSOR: Final = 1024
MIB_PER_GB: Final = 1024
INCLUDED_GB: Final = 20
SPOT_LEAST_SHARE: Final = Decimal("0.3")
FARGATE: Final = "FARGATE"
SPOT: Final = "FARGATE_SPOT"
_SIZE = re.compile(r"^\s*(\d*\.?\d+)\s*([a-z]*)\s*$", re.IGNORECASE)


class Task(NamedTuple):
    """One task, as its definition states it; each figure raises Undecided where it cannot be told."""

    subject: PricedResource
    definition: ResourceChange

    def stated(self, *path: str | int) -> object | None:
        """What the definition states at this path."""
        place = self.subject.view.values(self.definition).get(*path)
        self.subject.inputs.append(place)
        reading = place.peek()
        if reading is UNKNOWN and self.subject.view.is_written(self.definition, *path):
            raise Undecided(f"{self.definition.address}: {place.path} is known after apply")
        return reading.value if isinstance(reading, Known) else None

    def architecture(self) -> str:
        """The kind of processor, which decides the price."""
        system = str(self.stated("runtime_platform", 0, "operating_system_family") or "LINUX")
        if system != "LINUX":
            raise Undecided(f"no prices for {system} tasks")
        if self.stated("inference_accelerator"):
            raise Undecided("no prices for inference accelerators")
        return str(self.stated("runtime_platform", 0, "cpu_architecture") or "X86_64").lower()

    def processors(self) -> Decimal:
        """Processors of a task."""
        return size(self.stated("cpu"), UNITS_PER_PROCESSOR, "cpu")

    def memory(self) -> Decimal:
        """GB of memory of a task."""
        return size(self.stated("memory"), MIB_PER_GB, "memory")

    def disk(self) -> Decimal:
        """GB of disk of a task beyond what is included."""
        gib = decimal(self.stated("ephemeral_storage", 0, "size_in_gib") or INCLUDED_GB, "size_in_gib")
        return max(Decimal(0), gib - INCLUDED_GB)


def ecs_service(subject: PricedResource) -> None:
    """Price a service of ECS, if it runs on Fargate; instances of one's own are priced by themselves."""
    with subject.part("Tasks on Fargate"):
        definition = definition_of(subject)
        providers = _providers(subject, definition)
        if not providers:
            subject.assume("runs on instances, which are priced separately")
            return
        tasks = _tasks(subject)
        if tasks.open:
            subject.unknown("Tasks on Fargate, beyond what is known", tasks.open)
        with subject.part("Tasks on Fargate"):
            architecture = Task(subject, definition).architecture()
            for provider, some in _shared_out(providers, tasks).items():
                _add(subject, Task(subject, definition), architecture, some, spot=provider == SPOT)
        _addresses(subject, tasks)


def _add(subject: PricedResource, task: Task, architecture: str, tasks: Limits, *, spot: bool) -> None:
    kind = f"{architecture}{', Spot' if spot else ''}"
    prefix = f"fargate.linux.{architecture}"
    moves = spot or tasks.most != tasks.least
    bucket = Bucket.RANGE if moves else Bucket.FIXED
    share = SPOT_LEAST_SHARE if spot else Decimal(1)
    for name, key, amount in (
        (f"Fargate processors ({kind})", f"{prefix}.vcpu", task.processors),
        (f"Fargate memory ({kind})", f"{prefix}.gb", task.memory),
        ("Fargate disk above 20 GB", "fargate.ephemeral.gb", task.disk),
    ):
        with subject.part(name):
            each = amount() * HOURS
            if each or amount != task.disk:
                least, most = tasks.least * each, tasks.most * each
                subject.add(name, key, least, most=most, bucket=bucket, least_share=share)


def _addresses(subject: PricedResource, tasks: Limits) -> None:
    """Each task with a public address pays for it."""
    name = "Public IPv4 addresses of tasks"
    with subject.part(name):
        if subject.quiet(False, "network_configuration", 0, "assign_public_ip") is True:
            least, most = tasks.least * HOURS, tasks.most * HOURS
            subject.add(name, "ipv4.public", least, most=most, bucket=tasks.bucket)


def definition_of(subject: PricedResource) -> ResourceChange:
    """The task definition that the service runs. Raises Undecided if it cannot be told."""
    view, service = subject.view, subject.change
    kind = "aws_ecs_task_definition"
    found = view.target(service, ("task_definition",), kind)
    if found is None:
        stated = view.values(service).get("task_definition").peek()
        if isinstance(stated, Known):
            family = str(stated.value).rpartition("/")[2].partition(":")[0]
            named = view.stating(kind, "family", family)
            found = named[0] if len(named) == 1 else None
    found = found or _of_task_set(subject) or view.only(service, "task_definition", kind)
    if found is None:
        raise Undecided("its task definition is not in this plan, or cannot be determined")
    return found


def _of_task_set(subject: PricedResource) -> ResourceChange | None:
    """The definition of the service's task set, where it has one (an external deployment)."""
    sets = subject.view.referring("aws_ecs_task_set", "service", subject.change)
    if len(sets) != 1:
        return None
    return subject.view.target(sets[0], ("task_definition",), "aws_ecs_task_definition")


def _providers(
    subject: PricedResource, definition: ResourceChange
) -> dict[str, tuple[Decimal, Decimal]]:
    """Base and weight by provider; none where tasks run on instances."""
    strategy = subject.blocks("capacity_provider_strategy")
    if strategy:
        found = {}
        for place in range(len(strategy)):
            path = ("capacity_provider_strategy", place)
            name = str(subject.need(*path, "capacity_provider"))
            base = decimal(subject.quiet(0, *path, "base"), "base")
            found[name] = (base, decimal(subject.quiet(0, *path, "weight"), "weight"))
        return {name: each for name, each in found.items() if name in (FARGATE, SPOT)}
    launch = subject.stated("launch_type")
    if launch is NOT_SET and (default := _of_cluster(subject)):
        return default
    if launch is NOT_SET:
        if Task(subject, definition).stated("requires_compatibilities") != [FARGATE]:
            return {}
        subject.assume("launch_type is not set: Fargate on demand, which the task definition asks for")
        launch = FARGATE
    return {FARGATE: (Decimal(0), Decimal(1))} if launch == FARGATE else {}


def _of_cluster(subject: PricedResource) -> dict[str, tuple[Decimal, Decimal]]:
    """Base and weight by provider of the cluster's default strategy; none where it has none."""
    view = subject.view
    cluster = view.target(subject.change, ("cluster",), "aws_ecs_cluster")
    settings = (
        view.referring("aws_ecs_cluster_capacity_providers", "cluster_name", cluster) if cluster else []
    )
    found = {}
    for each in settings:
        for strategy in view.values(each).get("default_capacity_provider_strategy").elements():
            told = {name: strategy.get(name).peek() for name in ("capacity_provider", "base", "weight")}
            if UNKNOWN in told.values():
                raise Undecided(f"the default strategy of {each.address} is known after apply")
            stated = {
                name: reading.value for name, reading in told.items() if isinstance(reading, Known)
            }
            base, weight = (decimal(stated.get(name) or 0, name) for name in ("base", "weight"))
            found[str(stated.get("capacity_provider"))] = (base, weight)
    return {name: each for name, each in found.items() if name in (FARGATE, SPOT)}


def _shared_out(providers: dict[str, tuple[Decimal, Decimal]], tasks: Limits) -> dict[str, Limits]:
    """Tasks by provider: the bases first, the rest by weight; what cannot be split goes to Spot."""
    weights = sum((weight for _, weight in providers.values()), Decimal(0))

    def of(count: Decimal) -> dict[str, Decimal]:
        given, rest = {}, count
        for name, (base, _) in providers.items():
            given[name] = min(base, rest)
            rest -= given[name]
        if len(providers) == 1 or not weights:
            given[next(iter(providers))] += rest
            return given
        spot = (rest * providers[SPOT][1] / weights).to_integral_value(ROUND_CEILING)
        given[SPOT] += spot
        given[FARGATE] += rest - spot
        return given

    least, most = of(tasks.least), of(tasks.most)
    return {
        name: Limits(least[name], most[name]) for name in providers if most[name] or len(providers) == 1
    }


def size(value: object, unit: int, name: str) -> Decimal:
    """Read "512", "1 vCPU" or "2 GB" as processors or GB. Raises Undecided if it is no size."""
    match = _SIZE.match(str(value)) if value is not None else None
    if match is None:
        raise Undecided(
            f"{name} of the task is not in the plan" if value is None else f"{name} is not a size"
        )
    amount = Decimal(match.group(1))
    return amount if match.group(2) else amount / unit


def _tasks(subject: PricedResource) -> Limits:
    """How many tasks run. Raises Undecided if the plan does not tell."""
    if subject.view.before:
        return limits(subject, _resource_id(subject), "ecs:service:DesiredCount") or _desired(subject)
    plan, service = subject.view.plan, subject.change
    least, most = least_tasks(plan, service), most_tasks(plan, service)
    if least is None or most is None:
        raise Undecided("its autoscaling target cannot be determined")
    if all(each.resource is service for each in (*least, *most)):
        return _desired(subject)
    subject.inputs += [each.place for each in (*least, *most)]
    return _within(least, most)


def _desired(subject: PricedResource) -> Limits:
    return fixed(decimal(subject.get(0, "desired_count"), "desired_count"))


def _within(least: Sequence[Figure], most: Sequence[Figure]) -> Limits:
    """The smallest and the largest that are sure, and what may go beyond."""
    floor = [each.tasks for each in least if each.is_sure and each.tasks is not None]
    ceiling = [each.tasks for each in (*most, *least) if each.is_sure and each.tasks is not None]
    if not ceiling:
        raise Undecided(most[0].observed)
    low = min(floor) if floor and all(each.tasks is not None for each in least) else 0
    high = max(ceiling)
    beyond = [each for each in most if each.tasks is None or each.tasks > high]
    beyond += [each for each in least if each.tasks is None or each.tasks < low]
    return Limits(Decimal(low), Decimal(high), beyond[0].observed if beyond else "")


def _resource_id(subject: PricedResource) -> str:
    values = subject.view.values(subject.change)
    name, cluster = values.get("name").peek(), values.get("cluster").peek()
    own = str(cluster.value).rpartition("/")[2] if isinstance(cluster, Known) else "default"
    return f"service/{own}/{name.value if isinstance(name, Known) else ''}"


def ecs_cluster(subject: PricedResource) -> None:
    """Container Insights bills metrics and logs; how many depends on what runs."""
    try:
        settings = subject.blocks("setting")
    except Undecided:
        subject.unknown("Container Insights", "setting is known after apply")
        return
    for setting in settings:
        name, value = setting.get("name").peek(), setting.get("value").peek()
        if UNKNOWN in (name, value):
            subject.unknown("Container Insights", "setting is known after apply")
            continue
        if name != Known("containerInsights") or value in (Known("disabled"), NULL):
            continue
        enhanced = value == Known("enhanced")
        key = "cloudwatch.container_insights.enhanced" if enhanced else "cloudwatch.metric.custom"
        subject.use("Container Insights, metrics", key)
        subject.use("Container Insights, logs", "cloudwatch.logs.ingest")
