"""CAP: which services ask which database for connections?"""

import json
from typing import Any

import pytest
from msgspec import structs

from planspec import Verdict, bundle
from planspec.judgements.capacity.connections import connections_fit
from planspec.judgements.capacity.storage_speed import fits_size
from planspec.judgements.capacity.supply import reckon
from planspec.judgements.exposure.exposure import databases
from planspec.policies import Capacity, catalogue
from tests.support.plans import block, call, configuration, module, plan, refers, resource

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


def judged(*resources: dict[str, Any], settings: Capacity = CAPACITY) -> dict[str, Verdict]:
    """The verdict on each database of a plan that states every name."""
    judged_plan = plan(*resources, configuration=configuration(*WRITTEN))
    judgement = connections_fit(judged_plan, databases(judged_plan), settings)
    found = {finding.address: finding.verdict for finding in judgement.findings}
    return {address: found.get(address, Verdict.SATISFIED) for address in judgement.examined}


def plain_database(**attributes: Any) -> dict[str, Any]:
    """A database of a class whose limit is a range: 78 to 112."""
    given = {"engine": "postgres", "instance_class": "db.t4g.micro", "identifier": "db"}
    return resource("aws_db_instance", "main", parameter_group_name="", **given, **attributes)


def proxied(percent: int | None) -> list[dict[str, Any]]:
    """A proxy before the database `db`, with its share of the connections."""
    pool = [] if percent is None else [{"max_connections_percent": percent}]
    return [
        resource("aws_db_proxy", "main", name="proxy"),
        resource("aws_db_proxy_target", "main", db_proxy_name="proxy", db_instance_identifier="db"),
        resource(
            "aws_db_proxy_default_target_group",
            "main",
            db_proxy_name="proxy",
            connection_pool_config=pool,
        ),
    ]


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        ({}, Verdict.UNDETERMINED),
        ({"db.t4g.micro": 94}, Verdict.SATISFIED),
        ({"db.t4g.micro": 93}, Verdict.VIOLATED),
        ({"db.t4g.micro": 50, "db": 94}, Verdict.SATISFIED),
    ],
    ids=["a range by the class", "as measured", "one fewer", "the database before its class"],
)
def test_what_was_measured_comes_before_the_range(measured: dict[str, int], verdict: Verdict) -> None:
    settings = structs.replace(CAPACITY, measured_connections=measured)
    asked = 94 - KEPT_BACK
    assert list(judged(plain_database(), *service(asked // 2), settings=settings).values()) == [verdict]


def test_a_number_in_the_parameter_group_comes_before_what_was_measured() -> None:
    settings = structs.replace(CAPACITY, measured_connections={"db.t4g.small": 5000})
    found = judged(*database(2 * 20 + KEPT_BACK - 1), *service(20), settings=settings)
    assert list(found.values()) == [Verdict.VIOLATED]


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [
        (50, Verdict.SATISFIED),
        (None, Verdict.VIOLATED),
        (100, Verdict.VIOLATED),
        (90, Verdict.UNDETERMINED),
    ],
)
def test_a_proxy_may_take_its_share_and_leaves_the_rest_to_the_others(
    percent: int | None, verdict: Verdict
) -> None:
    """The service connects through it; 14 in reserve have to fit beside its share of 78 to 112."""
    settings = structs.replace(CAPACITY, behind_proxy=["aws_ecs_service.*"])
    found = judged(plain_database(), *service(200), *proxied(percent), settings=settings)
    assert list(found.values()) == [verdict]


def test_a_service_that_may_connect_past_the_proxy_leaves_it_open() -> None:
    found = judged(plain_database(), *service(200), *proxied(50))
    assert list(found.values()) == [Verdict.UNDETERMINED]


def test_a_read_replica_is_nobody_s_own_and_may_be_asked_by_everybody() -> None:
    replica = {"replicate_source_db": "db", "instance_class": "db.m6g.large"}
    small = resource(
        "aws_db_instance",
        "replica",
        engine="postgres",
        parameter_group_name="",
        identifier="replica",
        **replica,
    )
    found = judged(plain_database(), small, *service(20))
    assert found == {
        "aws_db_instance.main": Verdict.SATISFIED,
        "aws_db_instance.replica": Verdict.SATISFIED,
    }
    crowded = judged(plain_database(), small, *service(40))
    assert crowded["aws_db_instance.replica"] is Verdict.SATISFIED
    assert crowded["aws_db_instance.main"] is not Verdict.SATISFIED


@pytest.mark.parametrize(
    ("engine", "size", "iops", "verdict"),
    [
        ("postgres", 100, 3000, Verdict.SATISFIED),
        ("postgres", 400, 12000, Verdict.SATISFIED),
        ("postgres", 100, 0, Verdict.SATISFIED),
        ("postgres", 100, 4000, Verdict.VIOLATED),
        ("postgres", 399, 12000, Verdict.VIOLATED),
        ("postgres", ..., 12000, Verdict.UNDETERMINED),
        ("postgres", 400, ..., Verdict.SATISFIED),
        ("oracle-ee", 250, 12000, Verdict.SATISFIED),
        ("oracle-ee", 199, 12000, Verdict.UNDETERMINED),
    ],
)
def test_without_a_source_what_gp3_includes_was_asked_for_by_nobody(
    engine: str, size: Any, iops: Any, verdict: Verdict
) -> None:
    stated = {"storage_type": "gp3", "allocated_storage": size, "iops": iops}
    found = plan(resource("aws_db_instance", "main", engine=engine, **stated))
    assert fits_size(found, databases(found)).verdict is verdict


GIB = 1024**3


@pytest.mark.parametrize(
    ("formula", "figure"),
    [
        ("80", 80),
        ("LEAST({DBInstanceClassMemory/9531392},5000)", GIB / 9531392),
        ("LEAST({DBInstanceClassMemory/9531392}, 100)", 100),
        ("GREATEST({DBInstanceClassMemory/9531392},5000)", 5000),
        ("SUM({DBInstanceClassMemory/1073741824},10,5)", 16),
        ("{DBInstanceClassMemory}", GIB),
        ("{DBInstanceClassMemory*2/1073741824}", 2),
        ("{DBInstanceClassMemory*12/1073741824}", 12),
        ("{log(DBInstanceClassMemory/1048576)}", 10),
        ("{log(DBInstanceClassMemory/1048576)*45}", 450),
        ("{log(DBInstanceClassMemory/1073741824)*45}", 0),
        ("{log(DBInstanceClassMemory*4/1073741824)}", 2),
        ("GREATEST({log(DBInstanceClassMemory/1048576)*45},LEAST(7,{DBInstanceClassMemory}))", 450),
        ("LEAST(SUM(1,2),SUM(3,4))", 3),
    ],
)
def test_a_formula_of_rds_is_reckoned_by_the_memory(formula: str, figure: float) -> None:
    assert reckon(formula, GIB) == pytest.approx(figure)


@pytest.mark.parametrize(
    "formula",
    [
        "{DBInstanceClassMemory/0}",
        "{AllocatedStorage/2}",
        "DBInstanceClassMemory",
        "{DBInstanceClassMemory",
        "DBInstanceClassMemory}",
        "LEAST()",
        "LEAST(80,{AllocatedStorage})",
        "MEDIAN(1,2)",
        "-1",
        "",
    ],
)
def test_a_formula_about_something_else_is_not_known(formula: str) -> None:
    assert reckon(formula, GIB) is None


def test_no_memory_has_no_logarithm() -> None:
    assert reckon("{log(DBInstanceClassMemory)}", 0) == 0
