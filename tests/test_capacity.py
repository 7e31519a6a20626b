"""CAP: which services ask which database for connections?"""

import json
from typing import Any

import pytest

from planspec import Verdict, bundle, catalogue
from planspec.judgements.capacity import connections_fit
from planspec.judgements.exposure import databases
from tests.plans import block, call, configuration, module, plan, refers, resource

CAPACITY = catalogue.read_parameters(bundle.POLICIES).capacity
KEPT_BACK = CAPACITY.reserved_connections + CAPACITY.operations_connections


def service(pool: int, where: str = "") -> list[dict[str, Any]]:
    """A service of one task in steady state and two during a deployment, with a pool."""
    container = {"name": "api", "environment": [{"name": "DB_POOL_SIZE", "value": str(pool)}]}
    return [
        resource(
            "aws_ecs_service",
            "api",
            module=where,
            name="api",
            cluster="main",
            desired_count=1,
            deployment_maximum_percent=200,
            task_definition=...,
        ),
        resource(
            "aws_ecs_task_definition",
            "api",
            module=where,
            container_definitions=json.dumps([container]),
        ),
    ]


def database(accepts: int, where: str = "") -> list[dict[str, Any]]:
    """A database with a parameter group that states how many connections it accepts."""
    limit = {"name": "max_connections", "value": str(accepts)}
    return [
        resource(
            "aws_db_instance",
            "main",
            module=where,
            engine="postgres",
            instance_class="db.t4g.small",
            parameter_group_name=...,
        ),
        resource("aws_db_parameter_group", "main", module=where, parameter=[limit]),
    ]


WRITTEN = (
    block("aws_ecs_service", "api", task_definition=refers("aws_ecs_task_definition.api.arn")),
    block("aws_ecs_task_definition", "api"),
    block("aws_db_instance", "main", parameter_group_name=refers("aws_db_parameter_group.main.name")),
    block("aws_db_parameter_group", "main"),
)


def verdicts(*resources: dict[str, Any]) -> dict[str, Verdict]:
    """The verdict on each database, with the same blocks in the root and in modules a and b."""
    calls = {name: call(module(*WRITTEN)) for name in ("a", "b")}
    judged = plan(*resources, configuration=configuration(*WRITTEN, calls=calls))
    judgement = connections_fit(judged, databases(judged), CAPACITY)
    found = {finding.address: finding.verdict for finding in judgement.findings}
    return {address: found.get(address, Verdict.SATISFIED) for address in judgement.examined}


@pytest.mark.parametrize(
    ("pool", "verdict"), [(20, Verdict.SATISFIED), (21, Verdict.VIOLATED)], ids=["fits", "one too many"]
)
def test_the_only_database_is_used_by_every_service(pool: int, verdict: Verdict) -> None:
    accepts = 2 * 20 + 2 * 20 + KEPT_BACK
    found = verdicts(*database(accepts), *service(20, "module.a"), *service(pool, "module.b"))
    assert list(found.values()) == [verdict]


def test_a_module_with_one_database_uses_its_own() -> None:
    fits = 2 * 20 + KEPT_BACK
    found = verdicts(
        *database(fits, "module.a"),
        *service(20, "module.a"),
        *database(fits, "module.b"),
        *service(21, "module.b"),
    )
    assert list(found.values()) == [Verdict.SATISFIED, Verdict.VIOLATED]


def test_a_service_elsewhere_may_use_any_of_them() -> None:
    fits = 2 * 20 + KEPT_BACK
    found = verdicts(
        *database(fits, "module.a"),
        *service(20, "module.a"),
        *database(500, "module.b"),
        *service(20),
    )
    assert list(found.values()) == [Verdict.UNDETERMINED, Verdict.SATISFIED]
