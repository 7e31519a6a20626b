"""The outage, replayed: does a real PostgreSQL do what the judgements say of the recorded plans?

Every figure comes from the judgements: what all tasks open at the peak of a deployment, what the
database accepts, what is in reserve. The server gets that limit, and as many connections are opened.
At each stage of the upgrade old and new tasks stand side by side, each process with a pool of its own.
"""

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pg8000.dbapi
import pytest

from planspec import Verdict, bundle, decode, read
from planspec.aws import Demands
from planspec.judgements.capacity.connections import connections_fit
from planspec.judgements.capacity.supply import Supply, supply
from planspec.judgements.exposure import exposure
from planspec.plan import Plan
from planspec.policies import catalogue
from tests.support import postgres
from tests.support.plans import follow_changes

PLANS = Path(__file__).parents[2] / "plans"
SETTINGS = catalogue.read_parameters(bundle.POLICIES).capacity
BINARIES = postgres.binaries()
# SQLSTATE of "too many clients", whichever words go with it. Source: PostgreSQL, Appendix A.
TOO_MANY_CONNECTIONS = "53300"

needs_postgres = pytest.mark.usefixtures("postgresql")


class Peak(NamedTuple):
    """What the judgements say of a plan's database."""

    asked: int
    accepts: Supply
    verdict: Verdict


def peak(name: str) -> Peak:
    """Judge a recorded plan."""
    plan = read(PLANS / f"{name}.json")
    databases = exposure.databases(plan)
    told = supply(plan, databases[0], SETTINGS)
    assert isinstance(told, Supply)
    asked = Demands(plan, databases, SETTINGS).of(databases[0]).surely
    return Peak(asked, told, connections_fit(plan, databases, SETTINGS).verdict)


def replay(limit: int, asked: int) -> tuple[int, list[str]]:
    """Open what the service would on a server with this limit, while operations hold theirs."""
    assert BINARIES is not None
    reserved, ours = SETTINGS.reserved_connections, SETTINGS.operations_connections
    with postgres.running(BINARIES, max_connections=limit, reserved=reserved) as server:
        kept = [server.connect(postgres.APPLICATION) for _ in range(ours)]
        try:
            return postgres.open_connections(server, asked)
        finally:
            for connection in kept:
                connection.close()


@needs_postgres
def test_the_inherited_service_runs_out_of_connections_as_its_verdict_says() -> None:
    inherited = peak("inherited")
    assert inherited.verdict is Verdict.VIOLATED
    # Even by the most that the class may accept, the deployment is turned away.
    limit = inherited.accepts.at_most
    opened, refused = replay(limit, inherited.asked)
    assert opened == limit - SETTINGS.reserved_connections - SETTINGS.operations_connections
    assert len(refused) == inherited.asked - opened > 0
    assert {each.partition(":")[0] for each in refused} == {TOO_MANY_CONNECTIONS}


@needs_postgres
def test_the_corrected_service_gets_every_connection_as_its_verdict_says() -> None:
    corrected = peak("corrected")
    assert corrected.verdict is Verdict.SATISFIED
    opened, refused = replay(corrected.accepts.at_least, corrected.asked)
    assert (opened, refused) == (corrected.asked, [])


@needs_postgres
def test_the_figures_of_the_judgements_are_exact_at_the_limit() -> None:
    """One connection more than the budget is turned away; the budget itself is not."""
    corrected = peak("corrected")
    reserve = SETTINGS.reserved_connections + SETTINGS.operations_connections
    budget = corrected.accepts.at_least - reserve
    opened, refused = replay(corrected.accepts.at_least, budget + 1)
    assert opened == budget
    assert len(refused) == 1
    assert refused[0].startswith(TOO_MANY_CONNECTIONS)


class Tasks(NamedTuple):
    """Tasks of one task definition: how many, and what each of them opens, by its environment."""

    number: int
    processes: int
    pool: int

    @property
    def connections(self) -> int:
        """What all of them open when they are busy."""
        return self.number * self.processes * self.pool


class Change(NamedTuple):
    """What a plan does to the service, and what the judgements say of the database it works with."""

    old: Tasks
    new: Tasks
    accepts: Supply
    asked: int
    verdict: Verdict


SERVICE, TASK = "aws_ecs_service.api", "aws_ecs_task_definition.api"
IN_WORDS = re.compile(r"(\d+) (present |new )?tasks(?: during a deployment)? x (\d+)")


def document(name: str) -> dict[str, Any]:
    """A recorded plan."""
    plan: dict[str, Any] = json.loads((PLANS / f"{name}.json").read_bytes())
    return plan


def without_stage_0() -> dict[str, Any]:
    """The first stage as it was planned at first: over all tasks of the inherited service."""
    plan, inherited = document("upgrade-1-beside"), document("inherited")
    service, running = changed(plan, SERVICE), changed(inherited, SERVICE)["after"]
    service["before"]["desired_count"] = service["after"]["desired_count"] = running["desired_count"]
    pool = changed(inherited, TASK)["after"]["container_definitions"]
    changed(plan, TASK)["before"]["container_definitions"] = pool
    return follow_changes(plan)


def changed(plan: dict[str, Any], address: str) -> dict[str, Any]:
    """The change of one resource."""
    (change,) = (each["change"] for each in plan["resource_changes"] if each["address"] == address)
    return change  # type: ignore[no-any-return]


def pools(plan: dict[str, Any], side: str) -> tuple[int, int]:
    """The processes of a task and the connections of each, as its environment says."""
    (container,) = json.loads(changed(plan, TASK)[side]["container_definitions"])
    stated = {each["name"]: each["value"] for each in container["environment"]}
    return int(stated["WEB_CONCURRENCY"]), int(stated["DB_POOL_SIZE"])


def change_of(made: dict[str, Any]) -> Change:
    """Read what the judgement counts, and compare it with what the tasks themselves state."""
    plan: Plan = decode(json.dumps(made).encode(), "a plan")
    databases = exposure.databases(plan)
    (database,) = (each for each in databases if each.address == "aws_db_instance.main")
    told, share = supply(plan, database, SETTINGS), Demands(plan, databases, SETTINGS).of(database)
    assert isinstance(told, Supply)
    counted = {"present ": 0, "new ": 0, "": 0}
    for number, which, _ in IN_WORDS.findall(" ".join(share.how)):
        counted[which] += int(number)
    # Where nothing tells them apart, half of them are old ones during the deployment.
    half = counted[""] // 2
    old = Tasks(counted["present "] + half, *pools(made, "before"))
    new = Tasks(counted["new "] + counted[""] - half, *pools(made, "after"))
    assert old.connections + new.connections == share.surely
    verdict = connections_fit(plan, databases, SETTINGS).verdict
    return Change(old, new, told, share.surely, verdict)


def side_by_side(change: Change, limit: int) -> tuple[int, list[str], list[str]]:
    """Let old tasks be busy, then start new ones: what the server counts, and what each was refused."""
    assert BINARIES is not None
    reserved, ours = SETTINGS.reserved_connections, SETTINGS.operations_connections
    with postgres.running(BINARIES, max_connections=limit, reserved=reserved) as server:
        kept = [server.connect(server.superuser) for _ in range(ours)]
        with contextlib.ExitStack() as working:
            old, new = (list(busy(server, each, working)) for each in (change.old, change.new))
            counted = postgres.count_connections(server)
        for connection in kept:
            connection.close()
        return counted, old, new


def busy(server: postgres.Server, tasks: Tasks, working: contextlib.ExitStack) -> Iterator[str]:
    """Take every connection of every pool of these tasks; gives what is refused."""
    for _ in range(tasks.number * tasks.processes):
        pool = postgres.pool_of(server, tasks.pool)
        working.callback(pool.dispose)
        for _ in range(tasks.pool):
            try:
                working.callback(pool.connect().close)
            except pg8000.dbapi.Error as error:
                yield postgres.said(error)


STAGES = sorted(each.stem for each in PLANS.glob("upgrade-*.json"))


@needs_postgres
@pytest.mark.parametrize("name", STAGES)
def test_at_each_stage_of_the_upgrade_the_server_counts_what_the_plan_says(name: str) -> None:
    change = change_of(document(name))
    # Too many is too many by the most that the class may accept, enough is enough by the least.
    too_many = change.verdict is Verdict.VIOLATED
    limit = change.accepts.at_most if too_many else change.accepts.at_least
    counted, old, new = side_by_side(change, limit)
    assert counted + len(old) + len(new) == change.asked
    assert (old + new != []) == too_many
    assert {each.partition(":")[0] for each in old + new} <= {TOO_MANY_CONNECTIONS}


@needs_postgres
def test_without_stage_0_the_first_stage_repeats_the_outage() -> None:
    change = change_of(without_stage_0())
    assert change.verdict is Verdict.VIOLATED
    counted, old, new = side_by_side(change, change.accepts.at_most)
    reserve = SETTINGS.reserved_connections + SETTINGS.operations_connections
    assert counted == change.accepts.at_most - reserve
    assert len(old) == change.old.connections - counted
    # The new tasks get nothing at all: none becomes healthy, and ECS goes back to the old ones.
    assert len(new) == change.new.connections
    assert {each.partition(":")[0] for each in old + new} == {TOO_MANY_CONNECTIONS}


def test_no_stage_of_the_upgrade_asks_for_more_than_the_database_accepts() -> None:
    asked = {name: change_of(document(name)) for name in STAGES}
    for name, change in asked.items():
        assert change.verdict is not Verdict.VIOLATED, name
        assert change.asked <= without_reserve(change), name


def without_reserve(change: Change) -> int:
    """What the service may open, by the least that the database accepts."""
    return change.accepts.at_least - SETTINGS.reserved_connections - SETTINGS.operations_connections
