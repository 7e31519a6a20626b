"""Is more bought than the stated need takes, and what does that cost?

Said of sizes, never of use: a plan shows what is bought, and `policies/limits.toml` says what is
needed. Each finding names the smallest size that fits and the saving in US dollars a month.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from planspec.aws import (
    INCLUDED_OPERATIONS,
    MULTI_AZ,
    Database,
    Spot,
    definition_of,
    included_operations,
    least_tasks,
)
from planspec.estimate import HOURS, Estimate, Quotes, ResourceCost, usd
from planspec.finding import Finding, Judgement, Verdict, by_stated_part, in_all, judge, not_stated
from planspec.judgements.capacity.fargate_sizes import size_of, smallest_fitting
from planspec.judgements.generic.database_settings import open_spot
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value, number
from planspec.policies import Capacity, Cost, Need, unstated


class Limits(NamedTuple):
    """What sizes are held to: the need, the accepted classes, and the memory of classes."""

    need: Need
    cost: Cost
    capacity: Capacity


def tasks_fit_the_need(
    plan: Plan, services: Sequence[ResourceChange], estimate: Estimate, need: Need
) -> Judgement:
    """Judge whether each service's task is of the smallest size that fits the need."""
    units, memory = need.task_cpu_units, need.task_memory_mib
    missing = unstated(need, "task_cpu_units", "task_memory_mib")
    what = "what a task needs is not stated"
    if units is None and memory is None:
        return not_stated(services, what, *missing)
    costs = _costs(estimate)

    def judged(service: ResourceChange) -> Finding | None:
        definition = definition_of(plan, service)
        size = size_of(definition) if definition else None
        # Of what nobody stated, a task needs no more than it has.
        own = size or (0, 0)
        fitting = smallest_fitting(units or own[0], memory or own[1])
        place = service.after.get("task_definition")
        expected = "the smallest task that fits the stated need" + (
            f": {fitting[0]} units and {fitting[1]} MiB" if fitting else ""
        )
        if size is None or fitting is None:
            observed = "the size of its task is not known" if size is None else "no size fits the need"
            return found(service, place, Verdict.UNDETERMINED, expected, observed=observed)
        has = f"each task has {size[0]} units and {size[1]} MiB"
        if size[0] < (units or 0) or size[1] < (memory or 0):
            observed, remedy = f"{has}, less than is needed", _resized(fitting, "smaller")
            return found(service, place, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)
        if size[0] <= fitting[0] and size[1] <= fitting[1]:
            return None
        saving = _of_task(costs.get(service.address), size, fitting)
        observed, remedy = f"{has}{_saving(saving)}", _resized(fitting, "larger")
        return found(service, place, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)

    found_ = judge((service.address for service in services), map(judged, services))
    return by_stated_part(found_, services, what, missing)


def _resized(fitting: tuple[int, int], other: str) -> str:
    return f"set cpu = {fitting[0]} and memory = {fitting[1]}, or state a {other} need in [need]"


def _of_task(
    cost: ResourceCost | None, size: tuple[int, int], fitting: tuple[int, int]
) -> Decimal | None:
    """What the smaller task saves in a month; None where the estimate has no figure."""
    if cost is None or not cost.totals().complete:
        return None
    saved = Decimal(0)
    for component in cost.after:
        amount = component.monthly_cost
        if component.price is None or amount is None:
            continue
        for ending, has, needs in ((".vcpu", size[0], fitting[0]), (".gb", size[1], fitting[1])):
            if component.price.key.startswith("fargate.linux") and component.price.key.endswith(ending):
                saved += amount * (has - needs) / has
    return saved


def no_spare_tasks(
    plan: Plan, services: Sequence[ResourceChange], estimate: Estimate, need: Need
) -> Judgement:
    """Judge whether each service runs no more tasks at the least than the need takes.

    At the least: by the minimum of its autoscaling, and by each one that a schedule sets for a time.
    """
    what = "how many tasks are needed is not stated"
    missing = unstated(need, "requests_per_second", "requests_per_second_per_task", "fewest_tasks")
    needed = _tasks_needed(need)
    if needed is None:
        return not_stated(services, what, *missing)
    costs = _costs(estimate)

    def judged(service: ResourceChange) -> Finding | None:
        expected = f"at most {needed} tasks at the least: {_told(need)}"
        figures = least_tasks(plan, service)
        if figures is None:
            observed = "its autoscaling target cannot be determined"
            name = service.after.get("desired_count")
            return found(service, name, Verdict.UNDETERMINED, expected, observed=observed)
        more = [each for each in figures if each.tasks is None or each.tasks > needed]
        if not more:
            return None
        # What is surely too many first; what nobody stated may take more tasks than what is stated.
        figure = next((each for each in more if each.is_sure and each.tasks is not None), more[0])
        place, tasks = figure.place, figure.tasks
        sure = figure.is_sure and tasks is not None
        saving = _of_tasks(costs.get(service.address), tasks, needed) if sure and tasks else None
        observed = f"{place.path} is {tasks}{_saving(saving)}" if sure else figure.observed
        remedy = f"set {place.path} to {needed} and let autoscaling add tasks, or state a larger need"
        verdict = Verdict.VIOLATED if sure and not missing else Verdict.UNDETERMINED
        return found(service, place, verdict, expected, observed=observed, remedy=remedy)

    found_ = judge((service.address for service in services), map(judged, services))
    return by_stated_part(found_, services, what, missing)


def _tasks_needed(need: Need) -> int | None:
    """How many tasks carry the requests, and stand by for each other, as far as that is stated."""
    requests, by_task = need.requests_per_second, need.requests_per_second_per_task
    carrying = None if requests is None or by_task is None else -(-requests // by_task)
    return max((each for each in (carrying, need.fewest_tasks) if each is not None), default=None)


def _told(need: Need) -> str:
    """The need as a reader knows it from the file."""
    requests, by_task = need.requests_per_second, need.requests_per_second_per_task
    if requests is None or by_task is None:
        return f"{need.fewest_tasks} are needed whatever the load"
    return f"{requests} requests a second, {by_task} of them for each task"


def _of_tasks(cost: ResourceCost | None, tasks: int, needed: int) -> Decimal | None:
    totals = cost.totals() if cost else None
    if totals is None or not totals.complete or not tasks:
        return None
    return totals.small.low * (tasks - needed) / tasks


def databases_fit_the_need(
    databases: Sequence[Database], estimate: Estimate, limits: Limits
) -> Judgement:
    """Judge whether each database's class fits the need, and no accepted class that does costs less.

    Compared by price, at the same engine and number of zones. A class without a price, or of which the
    memory is not known, is open.
    """
    accepted = [limits.cost.classes_of(multi_az_cluster=each.family is MULTI_AZ) for each in databases]
    left = [each for each, classes in zip(databases, accepted, strict=True) if classes is None]
    missing = unstated(limits.cost, "database_classes")
    unclassed = not_stated(left, "no accepted classes of databases are stated", *missing)
    costs, wanted = _costs(estimate), limits.need.database_memory_gib
    if wanted is None:
        what, key = "the memory that a database needs is not stated", "need.database_memory_gib"
        return in_all([not_stated(databases, what, key), unclassed])
    spots = [
        (spot, classes)
        for database, classes in zip(databases, accepted, strict=True)
        if classes is not None
        for spot in database.classes()
    ]
    judged = judge(
        (spot.resource.address for spot, _ in spots),
        (
            _class(
                each,
                costs.get(each.resource.address),
                estimate.quotes,
                {name: limits.capacity.memory_gib.get(name, 0) for name in classes},
                wanted,
            )
            or _too_small(each, limits.capacity.memory_gib, wanted)
            for each, classes in spots
        ),
    )
    return in_all([judged, unclassed])


def _class(
    spot: Spot,
    cost: ResourceCost | None,
    quotes: Quotes | None,
    memory_gib: Mapping[str, float],
    wanted: float,
) -> Finding | None:
    expected = f"the cheapest accepted class with {wanted:g} GiB"
    database, place = spot.resource, spot.place
    if place is None:
        return open_spot(spot, expected, "instance_class")
    name = place.reading
    own = (
        next((c.price for c in cost.after if c.price and c.price.key.count(".db.")), None)
        if cost
        else None
    )
    if own is None or not isinstance(name, Known):
        observed = f"{place.path} is {place.shown}" if not isinstance(name, Known) else "no price for it"
        return found(database, place, Verdict.UNDETERMINED, expected, observed=observed)
    cheaper = []
    for each, memory in memory_gib.items():
        key = own.key.replace(str(name.value), each)
        price = quotes.price(key, own.region) if quotes else None
        if memory >= wanted and price is not None and price.usd < own.usd:
            cheaper.append((price.usd, each))
    if not cheaper:
        return None
    best, smaller = min(cheaper)
    saving = (own.usd - best) * HOURS
    remedy = f'set instance_class = "{smaller}", or state a larger need in [need]'
    observed = f"{name.value} costs {own.usd} USD an hour, {smaller} costs {best}{_saving(saving)}"
    return found(database, place, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)


def _too_small(spot: Spot, memory_gib: Mapping[str, float], wanted: float) -> Finding | None:
    """A class with less memory than is needed, or of which that cannot be told, however cheap it is."""
    expected = f"the cheapest accepted class with {wanted:g} GiB"
    name = spot.place.reading if spot.place is not None else UNKNOWN
    if spot.place is None or not isinstance(name, Known):
        return None
    memory = memory_gib.get(str(name.value))
    if memory is not None and memory >= wanted:
        return None
    verdict = Verdict.UNDETERMINED if memory is None else Verdict.VIOLATED
    told = "of unknown memory" if memory is None else f"has {memory:g} GiB"
    observed, remedy = (
        f"{name.value} {told}",
        "take a class with the memory, or state a smaller need in [need]",
    )
    return found(spot.resource, spot.place, verdict, expected, observed=observed, remedy=remedy)


def no_spare_iops(databases: Sequence[Database], estimate: Estimate, need: Need) -> Judgement:
    """Judge whether no database pays for operations that gp3 includes at the stated need.

    Source: Amazon RDS User Guide, "Amazon RDS DB instance storage": 3,000 IOPS are included, 12,000
    from 400 GiB on.
    """
    wanted = need.database_iops
    if wanted is None:
        what, key = "the operations that a database needs are not stated", "need.database_iops"
        return not_stated(databases, what, key)
    costs = _costs(estimate)

    def judged(subject: Database) -> Finding | None:
        expected = f"no operations paid for beyond the stated need of {wanted} a second"
        (spot,) = subject.spots("iops")
        if spot.place is None:
            return open_spot(spot, expected, "iops") if spot.why else None
        database = subject.head
        kind, iops = database.after.get("storage_type"), spot.place
        if isinstance(kind.reading, Known) and kind.reading.value not in ("io1", "io2", "gp3"):
            return None
        if kind.reading is UNKNOWN or (iops.reading is UNKNOWN and kind.reading != Known("gp3")):
            place = kind if kind.reading is UNKNOWN else iops
            return found(database, place, Verdict.UNDETERMINED, expected)
        size = database.after.get("allocated_storage")
        if (
            size.reading is UNKNOWN
            and len({_pays(database, each, wanted) for each in INCLUDED_OPERATIONS}) > 1
        ):
            return found(database, size, Verdict.UNDETERMINED, expected)
        included = included_operations(_amount(size) or 0)
        if not _pays(database, included, wanted):
            return None
        saving = _of_iops(costs.get(database.address), estimate.quotes)
        observed = f"{iops.shown} operations a second on {kind.shown}{_saving(saving)}"
        change = "leave iops out" if kind.reading == Known("gp3") else 'set storage_type = "gp3"'
        remedy = f"{change}: this size of gp3 includes {included}; or state a larger need in [need]"
        return found(database, iops, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)

    return judge((database.address for database in databases), map(judged, databases))


def _pays(database: ResourceChange, included: int, needed: int) -> bool:
    """Whether its operations cost something, where gp3 of its size includes so many."""
    bought = _amount(database.after.get("iops")) or 0
    if database.after.get("storage_type").reading in (Known("io1"), Known("io2")):
        return needed <= included or bought > needed
    return bought > max(needed, included)


def _amount(place: Value) -> float | None:
    return number(place.reading.value) if isinstance(place.reading, Known) else None


def _of_iops(cost: ResourceCost | None, quotes: Quotes | None) -> Decimal | None:
    """What gp3 of the same size without further operations saves."""
    if cost is None or quotes is None:
        return None
    storage = [c for c in cost.after if c.price and c.price.key.startswith(("rds.storage", "rds.iops"))]
    size = next((c for c in storage if c.price and c.price.key.startswith("rds.storage")), None)
    paid = [each.monthly_cost for each in storage]
    if size is None or size.price is None or size.quantity is None or None in paid:
        return None
    deployment = size.price.key.rpartition(".")[2]
    gp3 = quotes.price(f"rds.storage.gp3.{deployment}", cost.region)
    if gp3 is None:
        return None
    return sum((each for each in paid if each is not None), Decimal(0)) - size.quantity * gp3.usd


def _costs(estimate: Estimate) -> dict[str, ResourceCost]:
    """The costs by address."""
    return {each.address: each for each in estimate.resources}


def _saving(saving: Decimal | None) -> str:
    if saving is None:
        return "; what that costs is not known"
    return f"; the smallest that fits saves {usd(saving)} USD a month"
