"""The outage, replayed: does a real PostgreSQL do what the judgements say of the recorded plans?

Every figure comes from the judgements: what all tasks open at the peak of a deployment, what the
database accepts, what is in reserve. The server gets that limit, and as many connections are opened.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from planspec import Verdict, bundle, read
from planspec.aws import Demands
from planspec.judgements.capacity.connections import connections_fit
from planspec.judgements.capacity.supply import Supply, supply
from planspec.judgements.exposure import exposure
from planspec.policies import catalogue
from tests.support import postgres

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
