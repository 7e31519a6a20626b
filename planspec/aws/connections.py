"""How many database connections can the services open at the worst moment?

demand = tasks while a deployment runs old and new ones together x processes per task x connections
per process. The pool stands in the plain environment of a container.
"""

from collections.abc import Sequence
from typing import NamedTuple

from planspec.aws.autoscaling import Figure, during_deployment, most_tasks
from planspec.aws.container_definitions import containers, definition_of, environment, services
from planspec.aws.databases import Database
from planspec.plan import Known, Plan, ResourceChange, Value, number
from planspec.policies import Capacity

MOST_SHOWN = 3


class Demand(NamedTuple):
    """Connections that one service can open at the peak of a deployment."""

    service: ResourceChange
    connections: int | None
    how: str
    made_by: tuple[str, ...] = ()


class Share(NamedTuple):
    """What services ask of one database: surely, possibly, how it was reckoned, and what is open.

    `made_by` are the addresses of the blocks in which the figures stand.
    """

    surely: int
    maybe: int
    how: tuple[str, ...]
    open_questions: tuple[str, ...]
    made_by: tuple[str, ...] = ()


class Demands:
    """The demand of every service, and which database it is made of.

    The plan does not say which database a service uses. With one database it is that one; a module
    instance with one database is taken to use its own. Every other service may use any of them. A
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
        self._by_module: dict[str, list[Demand]] = {}
        for service in services(plan):
            demands = () if behind_proxy(service, settings) else _demands(plan, service, settings)
            if demands:
                module = "" if self._only else service.module_address
                self._by_module.setdefault(module, []).extend(demands)
        elsewhere = (each for each in self._by_module if not self._only and each not in self._own)
        anywhere = [demand for module in elsewhere for demand in self._by_module[module]]
        self._anywhere = sum(each.connections or 0 for each in anywhere)
        self._questions = _few([each.how for each in anywhere if each.connections is None])
        self._is_asked = bool(anywhere) or any(behind_proxy(each, settings) for each in services(plan))
        every = [demand for some in self._by_module.values() for demand in some]
        self._everything = sum(each.connections or 0 for each in every)
        self._every_question = _few([each.how for each in every if each.connections is None])

    def of(self, database: Database) -> Share:
        """What is asked of this database."""
        if database.is_replica:
            return Share(0, self._everything, (), self._every_question)
        module = "" if self._only else database.module_address
        own = self._by_module.get(module, []) if self._only or module in self._own else []
        questions = [each.how for each in own if each.connections is None]
        if not own and not self._is_asked:
            questions.append("no container states the size of its connection pool")
        return Share(
            sum(each.connections or 0 for each in own),
            self._anywhere,
            _few([each.how for each in own if each.connections]),
            (*_few(questions), *self._questions),
            tuple(address for each in own[:MOST_SHOWN] for address in each.made_by),
        )


def behind_proxy(service: ResourceChange, settings: Capacity) -> bool:
    """Whether the settings say that a service connects through a proxy."""
    return settings.is_behind_a_proxy(service.address)


def connections_of_a_task(plan: Plan, service: ResourceChange, settings: Capacity) -> int | None:
    """What one task opens: 0 for one whose containers name no pool; None if that cannot be told."""
    definition = definition_of(plan, service)
    inside = containers(definition) if definition else None
    if inside is None:
        return None
    pools = [environment(container) for container in inside]
    pools = [pool for pool in pools if _first(pool, settings.pool_variables) is not None]
    each = [_connections_per_task(pool, settings) for pool in pools]
    known = [one for one in each if one is not None]
    return None if len(known) < len(each) else sum(known)


def _few(texts: Sequence[str]) -> tuple[str, ...]:
    """The first three, and how many more: a finding is read by people."""
    rest = len(texts) - MOST_SHOWN
    return (*texts[:MOST_SHOWN], *([f"and {rest} more"] if rest > 0 else []))


def _demands(plan: Plan, service: ResourceChange, settings: Capacity) -> Sequence[Demand]:
    """What this service can open, and what is open about it; nothing if its containers name no pool."""
    definition = definition_of(plan, service)
    inside = containers(definition) if definition else None
    if inside is None:
        return [Demand(service, None, f"the containers of {service.address} are not known")]
    pools = [environment(container) for container in inside]
    pools = [pool for pool in pools if _first(pool, settings.pool_variables) is not None]
    if not pools:
        return []
    per_task = [_connections_per_task(pool, settings) for pool in pools]
    figures = most_tasks(plan, service) or ()
    sure = [each for each in reversed(figures) if each.is_sure]
    counts = {each.tasks: each for each in sure if each.tasks is not None}
    steady = max(counts, default=0)
    tasks = during_deployment(service, steady) if counts else None
    if tasks is None or None in per_task:
        return [Demand(service, None, f"tasks or pool of {service.address} are not known")]
    each = sum(one for one in per_task if one is not None)
    how = f"{service.address}: {tasks} tasks during a deployment x {each} connections"
    blocks = dict.fromkeys(
        block.address for block in (service, counts[steady].resource, definition) if block
    )
    return [Demand(service, tasks * each, how, tuple(blocks)), *_open(service, figures, steady)]


def _open(service: ResourceChange, figures: Sequence[Figure], steady: int) -> list[Demand]:
    """What may raise the number of tasks beyond what is known."""
    more = (each for each in figures if each.tasks is None or each.tasks > steady)
    return [Demand(service, None, each.observed) for each in more]


def _connections_per_task(pool: dict[str, Value], settings: Capacity) -> int | None:
    """Processes x (pool + overflow) of one container; None if a figure is not a number."""
    size = _figure(_first(pool, settings.pool_variables))
    overflow = _figure(_first(pool, settings.overflow_variables), default=0)
    processes = _figure(_first(pool, settings.process_variables), default=1)
    if size is None or overflow is None or processes is None:
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
