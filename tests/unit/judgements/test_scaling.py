"""How many tasks of a service can there be, and how many connections does a database accept?"""

from typing import Any, Final

import pytest
from msgspec import structs

from planspec import Plan, ResourceChange, bundle
from planspec.aws import databases
from planspec.aws.autoscaling import (
    NotScaled,
    Scaling,
    highest,
    least_tasks,
    most_tasks,
    scaling,
    scaling_target,
)
from planspec.judgements.capacity.supply import Supply, reckon, supply, supply_before
from planspec.policies import Capacity, catalogue
from tests.support.plans import block, configuration, constant, plan, refers, resource

SERVICE: Final = "aws_ecs_service"
TARGET: Final = "aws_appautoscaling_target"
SCHEDULE: Final = "aws_appautoscaling_scheduled_action"
CLUSTER: Final = "aws_ecs_cluster"
VARIABLE: Final = refers("var.x")
Parts = dict[str, Any]
OF: Final[Parts] = {"service_namespace": "ecs", "scalable_dimension": "ecs:service:DesiredCount"}


def target(name: str = "t", of: Any = "service/main/api", **values: Any) -> Parts:
    """A target that scales a service between one and four tasks."""
    return resource(
        TARGET, name, resource_id=of, **{**OF, "min_capacity": 1, "max_capacity": 4, **values}
    )


def schedule(
    name: str = "s", of: Any = "service/main/api", *, low: Any = None, high: Any = None, **v: Any
) -> Parts:
    """A schedule that sets new limits, either or both."""
    action = [{"min_capacity": low, "max_capacity": high}]
    return resource(SCHEDULE, name, resource_id=of, scalable_target_action=action, **{**OF, **v})


def one(*parts: Parts, written: tuple[Parts, ...] = (), **values: Any) -> tuple[Plan, ResourceChange]:
    """A plan with a service of two tasks and these parts."""
    service = {"name": "api", "cluster": "main", "desired_count": 2, **values}
    made = plan(
        resource(SERVICE, "api", **service),
        *parts,
        configuration=configuration(*(written or (block(SERVICE, "api"),))),
    )
    found = made.find(f"{SERVICE}.api")
    assert found is not None
    return made, found


def scales(*parts: Parts, written: tuple[Parts, ...] = (), **values: Any) -> Any:
    """The names of what scales a service: for sure, by schedules, and perhaps."""
    found = scaling(*one(*parts, written=written, **values))
    if not isinstance(found, Scaling):
        return "nothing" if isinstance(found, NotScaled) else found
    return tuple([each.name for each in some] for some in found)


def test_a_target_by_the_names_of_the_cluster_and_the_service() -> None:
    assert scales() == "nothing"
    assert scales(target()) == (["t"], [], [])
    assert scales(target(), cluster="arn:aws:ecs:eu-west-1:111111111111:cluster/main") == (["t"], [], [])
    assert scales(target(of="service/main/web")) == "nothing"
    assert scales(target(of="service/other/api")) == "nothing"
    assert scales(target(of="service/default/api"), cluster=None) == (["t"], [], [])
    assert scales(target(of="service/main/api"), cluster=None) == "nothing"
    # A target of a service of this name, in a cluster that cannot be told.
    assert scales(target(), cluster=...) is None
    assert scales(target(of="service/main/web"), cluster=...) == "nothing"
    assert scales(target(), name=...) is None


CLUSTERED: Final = (
    block(SERVICE, "api", cluster=refers(f"{CLUSTER}.c.id", f"{CLUSTER}.c")),
    block(CLUSTER, "c"),
)


def test_a_cluster_by_reference() -> None:
    named = resource(CLUSTER, "c", name="main")
    assert scales(target(), named, cluster=..., written=CLUSTERED) == (["t"], [], [])
    other = resource(CLUSTER, "c", name="other")
    assert scales(target(), other, cluster=..., written=CLUSTERED) == "nothing"
    unknown = resource(CLUSTER, "c", name=...)
    assert scales(target(), unknown, cluster=..., written=CLUSTERED) is None


def test_a_target_of_something_else_of_the_same_name() -> None:
    to_service = block(TARGET, "t", resource_id=refers(f"{SERVICE}.api.id", f"{SERVICE}.api"))
    wired = (block(SERVICE, "api"), to_service)
    assert scales(target(of=...), written=wired) == (["t"], [], [])
    other = {"service_namespace": "dynamodb"}
    assert scales(target(of=..., **other), written=wired) == "nothing"
    assert scales(target(of=..., scalable_dimension="x"), written=wired) == "nothing"
    assert scales(target(of=..., scalable_dimension=...), written=wired) == (["t"], [], [])


def test_a_target_of_which_apply_decides_the_service() -> None:
    wired = (block(SERVICE, "api"), block(TARGET, "t", resource_id=VARIABLE))
    assert scales(target(of=...), written=wired) is None
    both = (*wired, block(TARGET, "u", resource_id=constant("service/main/api")))
    assert scales(target(of=...), target("u"), written=both) == (["u"], [], ["t"])
    strange = target(of=..., service_namespace="dynamodb")
    assert scales(strange, target("u"), written=both) == (["u"], [], [])


def test_schedules_by_name_and_by_reference() -> None:
    assert scales(target(), schedule(low=3)) == (["t"], ["s"], [])
    assert scales(schedule(low=3)) == ([], ["s"], [])
    assert scales(target(), schedule(of="service/main/web", low=3)) == (["t"], [], [])
    assert scales(target(), schedule(low=3, service_namespace="dynamodb")) == (["t"], [], [])
    strange = schedule("r", low=1, service_namespace="dynamodb")
    assert scales(target(), strange, schedule(low=3)) == (["t"], ["s"], [])
    by_target = (
        block(SERVICE, "api"),
        block(TARGET, "t", resource_id=constant("service/main/api")),
        block(SCHEDULE, "s", resource_id=refers(f"{TARGET}.t.resource_id", f"{TARGET}.t")),
    )
    assert scales(target(), schedule(of=..., low=3), written=by_target) == (["t"], ["s"], [])
    by_variable = (*by_target[:2], block(SCHEDULE, "s", resource_id=VARIABLE))
    assert scales(target(), schedule(of=..., low=3), written=by_variable) == (["t"], [], ["s"])


def test_schedules_of_a_service_of_which_a_name_is_not_known() -> None:
    to_service = block(TARGET, "t", resource_id=refers(f"{SERVICE}.api.id", f"{SERVICE}.api"))
    wired = (block(SERVICE, "api"), to_service)
    # In a cluster that cannot be told, those of its name may be its own, and no others.
    parts = target(of=...), schedule(low=3), schedule("o", of="service/main/web", low=3)
    assert scales(*parts, written=wired, cluster=...) == (["t"], [], ["s"])
    assert scales(*parts, written=wired, name=...) == (["t"], [], ["s", "o"])
    # What its target is called, its schedule is called too.
    assert scales(target(), schedule(low=3), name=..., written=wired) == (["t"], ["s"], [])


def test_the_target_of_a_service() -> None:
    made, service = one(target())
    found = scaling_target(made, service)
    assert isinstance(found, ResourceChange)
    assert found.name == "t"
    assert isinstance(scaling_target(*one()), NotScaled)
    assert scaling_target(*one(target(), cluster=...)) is None


def numbers(ask: Any, *parts: Parts, **values: Any) -> Any:
    """What may be the smallest or the largest number, each with the name of its resource."""
    found = ask(*one(*parts, **values))
    return None if found is None else [(each.resource.name, each.tasks) for each in found]


def test_the_smallest_number_of_tasks() -> None:
    assert numbers(least_tasks) == [("api", 2)]
    assert numbers(least_tasks, target()) == [("t", 1)]
    assert numbers(least_tasks, target(), schedule(low=3)) == [("t", 1), ("s", 3)]
    # A ceiling below the floor counts; one at the floor changes nothing.
    low = target(min_capacity=3)
    assert numbers(least_tasks, low, schedule(high=2)) == [("t", 3), ("s", 2)]
    assert numbers(least_tasks, low, schedule(high=3)) == [("t", 3)]
    assert numbers(least_tasks, low, schedule(high=...)) == [("t", 3), ("s", None)]
    assert numbers(least_tasks, target(min_capacity=...), schedule(high=1)) == [("t", None)]
    assert numbers(least_tasks, scheduling_strategy="DAEMON") is None
    assert numbers(least_tasks, deployment_controller=[{"type": "EXTERNAL"}]) is None
    assert numbers(least_tasks, deployment_controller=[{"type": "ECS"}]) == [("api", 2)]
    assert numbers(least_tasks, target(), cluster=...) is None


def test_the_largest_number_of_tasks() -> None:
    assert numbers(most_tasks) == [("api", 2)]
    assert numbers(most_tasks, target()) == [("t", 4), ("api", 2), ("t", 1)]
    assert numbers(most_tasks, target(), schedule(low=9)) == [
        *(("t", 4), ("api", 2)),
        *(("t", 1), ("s", 9)),
    ]
    assert numbers(most_tasks, target(), desired_count=None) == [("t", 4), ("t", 1)]
    # One that stays is what autoscaling made of it.
    stays = {"actions": ["update"], "before": {"desired_count": 2}}
    assert numbers(most_tasks, target(), **stays) == [("t", 4), ("t", 1)]
    turns = {"actions": ["update"], "before": {"desired_count": 3}}
    assert numbers(most_tasks, target(), **turns) == [("t", 4), ("api", 2), ("t", 1)]
    again = {"actions": ["delete", "create"], "before": {"desired_count": 2}}
    assert numbers(most_tasks, target(), **again) == [("t", 4), ("api", 2), ("t", 1)]


def test_a_schedule_without_a_target_in_the_plan() -> None:
    wired = (block(SERVICE, "api"), block(SCHEDULE, "s", resource_id=VARIABLE))
    made, service = one(schedule(of=..., low=5, high=7), written=wired)
    found = most_tasks(made, service)
    assert found is not None
    assert [(each.tasks, each.is_sure) for each in found] == [(2, True), (7, False)]
    assert found[0].observed == f"desired_count of {SERVICE}.api is 2"
    assert found[1].observed == f"which service {SCHEDULE}.s scales is known after apply"
    first = highest(found)
    assert first is not None
    assert first.tasks == 2
    assert highest(found[1:]) is None


CAPACITY: Final = structs.replace(
    catalogue.read_parameters(bundle.POLICIES).capacity,
    memory_gib={"db.m5.large": 8, "db.t4g.micro": 1, "db.none": 0},
    memory_shares=[catalogue.MemoryShare(up_to_gib=100, share=0.5)],
    measured_connections={},
)
LARGE: Final = "db.m5.large"
# 8 GiB, and the half of it that surely counts, by the formulas of the engines.
CLASS: Final = "by its class db.m5.large"


def accepts(
    settings: Capacity = CAPACITY, *, limit: Any = None, name: str = "max_connections", **v: Any
) -> Any:
    """What an instance accepts, with a parameter group of its own if a limit is given."""
    values = {"engine": "postgres", "instance_class": LARGE, **v}
    group = []
    if limit is not None:
        values["parameter_group_name"] = "own"
        group = [
            resource(
                "aws_db_parameter_group", "g", name="own", parameter=[{"name": name, "value": limit}]
            )
        ]
    made = plan(resource("aws_db_instance", "d", **values), *group)
    (database,) = databases(made)
    return supply(made, database, settings)


@pytest.mark.parametrize(
    ("values", "accepted"),
    [
        ({}, Supply(450, 901, f"450 to 901 {CLASS}")),
        ({"engine": "mysql"}, Supply(341, 682, f"341 to 682 {CLASS}")),
        ({"engine": "mariadb"}, Supply(170, 682, f"170 to 682 {CLASS}")),
        ({"engine": "sqlserver-ex"}, Supply(32767, 32767, "32767 by default")),
        ({"engine": ...}, "its engine is not known"),
        ({"engine": "oracle-ee"}, "what Oracle accepts is not reckoned"),
        ({"instance_class": ...}, "its class is not known"),
        ({"instance_class": "db.zz.large"}, "the class has no entry in policies/parameters.toml"),
        ({"limit": "100"}, Supply(100, 100, "100 by its parameter group")),
        ({"limit": "901"}, Supply(901, 901, "901 by its parameter group")),
        (
            {"limit": "902"},
            Supply(
                901,
                902,
                "902 by its parameter group, while 901 is the default for the memory of its class",
            ),
        ),
        (
            {"limit": "{DBInstanceClassMemory/9531392}"},
            Supply(450, 901, "450 to 901 by a formula, of its class db.m5.large"),
        ),
        (
            {"limit": "{AllocatedStorage/2}"},
            "max_connections is a formula that is not reckoned",
        ),
        (
            {"limit": "{DBInstanceClassMemory/2}", "instance_class": ...},
            "max_connections is a formula in its parameter group, and its class is not known",
        ),
        ({"limit": ...}, "max_connections of its parameter group is known after apply"),
        (
            {"engine": "sqlserver-ex", "name": "user connections", "limit": "0"},
            Supply(32767, 32767, "32767 by its parameter group"),
        ),
        (
            {"engine": "sqlserver-ex", "name": "user connections", "limit": "1"},
            Supply(1, 1, "1 by its parameter group"),
        ),
        # A class of which only the size is known has at least the memory of its size.
        (
            {"limit": "900", "instance_class": "db.zz.xlarge"},
            Supply(900, 900, "900 by its parameter group"),
        ),
        (
            {"limit": "1802", "instance_class": "db.zz.2xlarge"},
            Supply(1802, 1802, "1802 by its parameter group"),
        ),
        (
            {"limit": "1803", "instance_class": "db.zz.2xlarge"},
            Supply(
                1802,
                1803,
                "1803 by its parameter group, while 1802 is the default for the memory of its class",
            ),
        ),
        (
            {"limit": "9999", "instance_class": "db.zz.odd"},
            Supply(9999, 9999, "9999 by its parameter group"),
        ),
    ],
)
def test_what_an_instance_accepts(values: Parts, accepted: Supply | str) -> None:
    assert accepts(**values) == accepted


def test_what_was_measured() -> None:
    measured = structs.replace(CAPACITY, measured_connections={LARGE: 500, "orders": 700})
    assert accepts(measured) == Supply(500, 500, "500 as measured of db.m5.large")
    assert accepts(measured, identifier="orders") == Supply(700, 700, "700 as measured of orders")
    assert accepts(measured, identifier="other") == Supply(500, 500, "500 as measured of db.m5.large")
    more = structs.replace(CAPACITY, measured_connections={LARGE: 1000})
    assert accepts(more, limit="1000") == Supply(1000, 1000, "1000 by its parameter group")
    how = "1001 by its parameter group, while 1000 is the default for the memory of its class"
    assert accepts(more, limit="1001") == Supply(1000, 1001, how)


@pytest.mark.parametrize(
    ("formula", "figure"),
    [
        ("5000", 5000),
        ("{DBInstanceClassMemory}", 1024),
        ("{DBInstanceClassMemory/4}", 256),
        ("{ DBInstanceClassMemory * 3 / 4 }", 768),
        ("{log(DBInstanceClassMemory/8)*45}", 315),
        ("{log(DBInstanceClassMemory)}", 10),
        ("LEAST({DBInstanceClassMemory/4},100)", 100),
        ("GREATEST({DBInstanceClassMemory/4},100)", 256),
        ("SUM({DBInstanceClassMemory/4},100,1)", 357),
        ("GREATEST(LEAST(7,9),SUM(1,2))", 7),
        ("LEAST({DBInstanceClassMemory/0},100)", None),
        ("{DBInstanceClassMemory/1}", 1024),
        ("LEAST({AllocatedStorage},100)", None),
        ("LEAST()", None),
        ("MEDIAN(1,2)", None),
        ("DBInstanceClassMemory", None),
        ("{DBInstanceClassMemory", None),
        ("", None),
    ],
)
def test_a_formula_at_a_kibibyte(formula: str, figure: float | None) -> None:
    assert reckon(formula, 1024) == figure


def test_a_logarithm_of_nothing_is_nothing() -> None:
    assert reckon("{log(DBInstanceClassMemory)*45}", 0) == 0
    assert reckon("{log(DBInstanceClassMemory)}", 1) == 0


WAS: Final[Parts] = {
    "engine": "postgres",
    "instance_class": LARGE,
    "parameter_group_name": "default.postgres16",
}


def accepted(
    *, limit: Any = None, actions: Any = ("update",), was: Parts | None = WAS, **after: Any
) -> Supply | None:
    """What an instance accepts until a change of it has taken effect."""
    parameters = [{"name": "other", "value": "7"}]
    if limit is not None:
        parameters.append({"name": "max_connections", "value": limit})
    before: Parts = {"name": "own", "parameter": parameters}
    made = plan(
        resource("aws_db_parameter_group", "g", actions=["no-op"], before=before, **before),
        resource("aws_db_parameter_group", "n", name="new", parameter=[]),
        resource("aws_db_instance", "d", actions=list(actions), before=was, **{**WAS, **after}),
    )
    (database,) = databases(made)
    return supply_before(made, database, CAPACITY)


def test_what_an_instance_accepts_until_the_change_took_effect() -> None:
    by_class = Supply(450, 901, f"450 to 901 {CLASS}")
    assert accepted(instance_class="db.t4g.micro") == by_class
    own = {**WAS, "parameter_group_name": "own"}
    assert accepted(was=own) == by_class
    assert accepted(was=own, limit="300") == Supply(300, 300, "300 by its parameter group")
    by_formula = "by a formula, of its class db.m5.large"
    assert accepted(was=own, limit="{DBInstanceClassMemory/9531392}") == Supply(
        450, 901, f"450 to 901 {by_formula}"
    )
    assert accepted(was=own, limit="{AllocatedStorage}") is None


@pytest.mark.parametrize(
    "values",
    [
        {"actions": ["create"], "was": None},
        {"actions": ["delete", "create"]},
        {"was": {**WAS, "instance_class": "db.zz.large"}},
        {"was": {**WAS, "parameter_group_name": "made-elsewhere"}},
        {"was": {**WAS, "parameter_group_name": None}},
        {"engine": "oracle-ee"},
        {"engine": ...},
    ],
)
def test_what_cannot_be_told_of_before(values: Parts) -> None:
    assert accepted(**values) is None
