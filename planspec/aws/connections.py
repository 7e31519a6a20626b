"""How many database connections can the services open at the worst moment?

demand = tasks while a deployment runs old and new ones together x processes per task x connections
per process. The pool stands in the plain environment of a container. Where the change itself deploys
a service, the old tasks have the pool and the number from before it, and the new ones those after it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from planspec.aws.autoscaling import Figure, highest, most_tasks
from planspec.aws.container_definitions import containers_in, definition_of, environment, services
from planspec.aws.databases import Database
from planspec.aws.deployments import deploys_now, tasks_at_the_change, tasks_during_deployment
from planspec.aws.task_reads import database_named
from planspec.plan import Known, Plan, ResourceChange, Value, number
from planspec.policies import Capacity

MOST_SHOWN = 3


class Demand(NamedTuple):
    """Connections that one service can open at the peak of a deployment."""

    service: ResourceChange
    connections: int | None
    how: str
    made_by: tuple[str, ...] = ()
    # Whether the change itself starts tasks.
    deploys: bool = False


class Share(NamedTuple):
    """What services ask of one database: surely, possibly, how it was reckoned, and what is open.

    `made_by` are the addresses of the blocks in which the figures stand.
    """

    surely: int
    maybe: int
    how: tuple[str, ...]
    open_questions: tuple[str, ...]
    made_by: tuple[str, ...] = ()
    # Whether the change itself starts tasks that use it.
    deploys: bool = False


class Demands:
    """The demand of every service, and which database it is made of.

    With one database it is that one. Of several, it is the one whose host the containers are given
    by a parameter; a module instance with one database is taken to use its own. Every other service
    may use any of them. A
    read replica is nobody's own: every service may read from it. A service that the settings put
    behind a proxy asks the proxy, not the database.
    """

    def __init__(self, plan: Plan, databases: Sequence[Database], settings: Capacity) -> None:
        writers = [each for each in databases if each.family.relational and not each.is_replica]
        self._only = len(writers) == 1
        inside: dict[str, int] = {}
        for database in writers:
            inside[database.module_address] = inside.get(database.module_address, 0) + 1
        self._own = {module for module, number_of in inside.items() if number_of == 1}
        heads = {each.head.address for each in writers}
        self._by_host: dict[str, list[Demand]] = {}
        self._by_module: dict[str, list[Demand]] = {}
        for service in services(plan):
            demands = () if behind_proxy(service, settings) else _demands(plan, service, settings)
            told = "" if self._only else database_named(plan, service, settings.host_variables)
            if demands and told in heads:
                self._by_host.setdefault(told, []).extend(demands)
            elif demands:
                module = "" if self._only else service.module_address
                self._by_module.setdefault(module, []).extend(demands)
        elsewhere = (each for each in self._by_module if not self._only and each not in self._own)
        anywhere = [demand for module in elsewhere for demand in self._by_module[module]]
        self._anywhere = sum(each.connections or 0 for each in anywhere)
        self._questions = _few([each.how for each in anywhere if each.connections is None])
        self._is_asked = bool(anywhere) or any(behind_proxy(each, settings) for each in services(plan))
        grouped = (*self._by_module.values(), *self._by_host.values())
        every = [demand for some in grouped for demand in some]
        self._everything = sum(each.connections or 0 for each in every)
        self._every_question = _few([each.how for each in every if each.connections is None])

    def of(self, database: Database) -> Share:
        """What is asked of this database."""
        if database.is_replica:
            return Share(0, self._everything, (), self._every_question)
        module = "" if self._only else database.module_address
        own = self._by_module.get(module, []) if self._only or module in self._own else []
        own = [*own, *self._by_host.get(database.head.address, ())]
        questions = [each.how for each in own if each.connections is None]
        if not own and self._by_host:
            questions.append("no service of the plan is given its host")
        elif not own and not self._is_asked:
            questions.append("no container states the size of its connection pool")
        return Share(
            sum(each.connections or 0 for each in own),
            self._anywhere,
            _few([each.how for each in own if each.connections]),
            (*_few(questions), *self._questions),
            tuple(address for each in own[:MOST_SHOWN] for address in each.made_by),
            any(each.deploys for each in own),
        )


def behind_proxy(service: ResourceChange, settings: Capacity) -> bool:
    """Whether the settings say that a service connects through a proxy."""
    return settings.is_behind_a_proxy(service.address)


def connections_of_a_task(plan: Plan, service: ResourceChange, settings: Capacity) -> int | None:
    """What one task opens: 0 for one whose containers name no pool; None if that cannot be told."""
    definition = definition_of(plan, service)
    return _opened(definition.after if definition else None, settings)


def connections_of_an_old_task(plan: Plan, service: ResourceChange, settings: Capacity) -> int | None:
    """What one task opened before the change; None if its task definition is not in the plan."""
    return _opened(_values_before(plan, service), settings)


def _opened(definition: Value | None, settings: Capacity) -> int | None:
    inside = containers_in(definition) if definition else None
    if inside is None:
        return None
    pools = [environment(container) for container in inside]
    pools = [pool for pool in pools if _first(pool, settings.pool_variables) is not None]
    each = [_connections_per_task(pool, settings) for pool in pools]
    known = [one for one in each if one is not None]
    return None if len(known) < len(each) else sum(known)


def _values_before(plan: Plan, service: ResourceChange) -> Value | None:
    """The values of the task definition that a service ran before the change."""
    named = service.before.get("task_definition").peek()
    for each in plan.changes:
        if each.type == "aws_ecs_task_definition" and each.managed and isinstance(named, Known):
            names = (each.before.get(name).peek() for name in ("arn", "arn_without_revision"))
            if named in names:
                return each.before
    return None


def _few(texts: Sequence[str]) -> tuple[str, ...]:
    """The first three, and how many more: a finding is read by people."""
    rest = len(texts) - MOST_SHOWN
    return (*texts[:MOST_SHOWN], *([f"and {rest} more"] if rest > 0 else []))


def _demands(plan: Plan, service: ResourceChange, settings: Capacity) -> Sequence[Demand]:
    """What this service can open, and what is open about it; nothing if its containers name no pool."""
    definition = definition_of(plan, service)
    each = _opened(definition.after if definition else None, settings)
    if definition is None or containers_in(definition.after) is None:
        return [Demand(service, None, f"the containers of {service.address} are not known")]
    now = deploys_now(service)
    before = connections_of_an_old_task(plan, service, settings) if now else 0
    if each == 0 and not before:
        return []
    if each and before == 0:
        before = None  # old tasks have no pool that the plan tells, and are no fewer
    figures = most_tasks(plan, service) or ()
    most = highest(figures)
    steady = most.tasks if most else None
    tasks = None if steady is None else tasks_during_deployment(service, steady)
    if most is None or steady is None or tasks is None or each is None:
        return [Demand(service, None, f"tasks or pool of {service.address} are not known")]
    made_by = tuple(dict.fromkeys(one.address for one in (service, most.resource, definition)))
    how = f"{service.address}: {tasks} tasks during a deployment x {each} connections"
    usual = Demand(service, tasks * each, how, made_by, now)
    demand = _at_the_change(plan, usual, steady, (before, each)) if now else usual
    return [demand, *_open(service, figures, steady)]


def _open(service: ResourceChange, figures: Sequence[Figure], steady: int) -> list[Demand]:
    """What may raise the number of tasks beyond what is known."""
    more = (each for each in figures if each.tasks is None or each.tasks > steady)
    return [Demand(service, None, each.observed) for each in more]


def _at_the_change(plan: Plan, usual: Demand, steady: int, each: tuple[int | None, int]) -> Demand:
    """The demand while this change deploys the service, if that is more than at any later time.

    `each` is what one old and one new task open.
    """
    service, (old, new) = usual.service, each
    if old is None:
        how = f"what the present tasks of {service.address} open is not in the plan"
        return usual._replace(connections=None, how=how)
    mix = tasks_at_the_change(plan, service, steady)
    if mix is None:
        how = f"the number of tasks of {service.address} while it is deployed is not known"
        return usual._replace(connections=None, how=how)
    peak = mix.peak(old, new)
    if peak.connections <= (usual.connections or 0):
        return usual
    how = (
        f"{service.address}: {peak.old_tasks} present tasks x {old} connections"
        f" and {peak.new_tasks} new tasks x {new} while this change deploys it"
    )
    return usual._replace(connections=peak.connections, how=how)


def _connections_per_task(pool: dict[str, Value], settings: Capacity) -> int | None:
    """Processes x (pool + overflow) of one container; None if a figure is not a number."""
    size = _figure(_first(pool, settings.pool_variables))
    overflow = _figure(_first(pool, settings.overflow_variables), default=0)
    processes = _figure(_first(pool, settings.process_variables), default=1)
    if size is None or overflow is None or processes is None:
        return None
    if size <= 0 or overflow < 0 or processes <= 0:
        # Libraries take these for "without a limit".
        return None
    return processes * (size + overflow)


def _first(pool: dict[str, Value], names: Sequence[str]) -> Value | None:
    return next((pool[name] for name in names if name in pool), None)


def _figure(place: Value | None, default: int | None = None) -> int | None:
    if place is None:
        return default
    reading = place.reading
    figure = number(reading.value) if isinstance(reading, Known) else None
    return None if figure is None else int(figure)
