"""Does a month cost no more than it may, and is no more bought than is needed?

By estimates that are written down here, so that each figure can be reckoned in the head.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import pytest
from msgspec import structs

from planspec import Judgement, Plan, Verdict, bundle
from planspec.aws import databases
from planspec.estimate import Bucket, Component, Estimate, NotPriced, Price, ResourceCost
from planspec.judgements.cost import budgets, right_size
from planspec.policies import Cost, Need, catalogue
from tests.support.plans import block, configuration, constant, plan, refers, resource

TODAY: Final = date(2026, 11, 24)
VIOLATED, SATISFIED = Verdict.VIOLATED, Verdict.SATISFIED
OPEN, NOT_APPLICABLE = Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
CAPACITY: Final = catalogue.read_parameters(bundle.POLICIES).capacity
SEE: Final = "see what costs most with: planspec cost PLAN; make it smaller, or agree on another limit"
ADD: Final = "add the price to policies/prices, name an offer file, or plan with values that are known"


def price(key: str, usd: str) -> Price:
    """A price in our region."""
    return Price(key, "eu-west-1", Decimal(usd), "unit", TODAY, "listed", "test")


def line(
    usd: str, key: str = "x", *, count: str = "1", most: str | None = None, **more: Any
) -> Component:
    """A line of a bill: so many units at this price."""
    largest = Decimal(most) if most else None
    return Component("line", Bucket.FIXED, "unit", Decimal(count), price(key, usd), largest, **more)


def costs(address: str, *after: Component, before: Sequence[Component] = ()) -> ResourceCost:
    """What one resource costs."""
    return ResourceCost(
        address, address.partition(".")[0], "eu-west-1", "create", tuple(before), tuple(after)
    )


def estimate(*resources: ResourceCost, more: Sequence[NotPriced] = (), quotes: Any = None) -> Estimate:
    """The estimate of these costs."""
    return Estimate(resources, tuple(more), 0, TODAY, TODAY, "", quotes=quotes)


def told(judgement: Judgement) -> list[tuple[Verdict, str, str, str, str]]:
    """The findings: verdict, address, what is observed, what is expected, and the remedy."""
    return [
        (each.verdict, each.address, each.observed, each.expected, each.remedy)
        for each in judgement.findings
    ]


UNKNOWN: Final = Component("storage", Bucket.FIXED, "GB", None, None, unknown="no price")
SPOT: Final[dict[str, Any]] = {"least_share": Decimal("0.3")}
MONTH: Final = "a month of at most 100.00 USD"


@pytest.mark.parametrize(
    ("resources", "verdict", "observed", "address"),
    [
        pytest.param([costs("a.x", line("100"))], SATISFIED, "", "", id="all of it"),
        pytest.param(
            [costs("a.x", line("60")), costs("b.x", line("40.01"))],
            VIOLATED,
            "100.01 USD: a.x 60.00, b.x 40.01",
            "a.x",
            id="a cent more",
        ),
        pytest.param(
            [
                *(
                    costs(f"{name}.x", line(str(usd)))
                    for name, usd in zip("abcde", range(50, 55), strict=True)
                )
            ],
            VIOLATED,
            "260.00 USD: e.x 54.00, d.x 53.00, c.x 52.00, and 2 more",
            "e.x",
            id="the dearest three",
        ),
        pytest.param(
            [
                *(
                    costs(f"{name}.x", line(str(usd)))
                    for name, usd in zip("abcd", range(50, 54), strict=True)
                )
            ],
            VIOLATED,
            "206.00 USD: d.x 53.00, c.x 52.00, b.x 51.00, and 1 more",
            "d.x",
            id="one more than three",
        ),
        pytest.param(
            [
                *(
                    costs(f"{name}.x", line(str(usd)))
                    for name, usd in zip("abc", range(50, 53), strict=True)
                )
            ],
            VIOLATED,
            "153.00 USD: c.x 52.00, b.x 51.00, a.x 50.00",
            "c.x",
            id="three",
        ),
        pytest.param(
            [costs("a.x", line("200"), UNKNOWN)],
            VIOLATED,
            "at least 200.00 USD: a.x 200.00",
            "a.x",
            id="more by what is known",
        ),
        pytest.param(
            [costs("b.x", line("5")), costs("a.x", UNKNOWN)],
            OPEN,
            "at least 5.00 USD; unknown: storage: no price",
            "a.x",
            id="less by what is known",
        ),
        pytest.param(
            [costs("a.x", line("200", **SPOT))],
            OPEN,
            "60.00 to 200.00 USD, by the price of Spot: a.x 60.00",
            "a.x",
            id="by the price of Spot",
        ),
        pytest.param([costs("a.x", line("100", **SPOT))], SATISFIED, "", "", id="at any price of Spot"),
        pytest.param([costs("a.x", line("50", most="4"))], SATISFIED, "", "", id="at its smallest"),
        pytest.param([], NOT_APPLICABLE, "", "", id="nothing"),
        pytest.param([costs("a.x")], NOT_APPLICABLE, "", "", id="nothing that costs"),
    ],
)
def test_a_month(resources: list[ResourceCost], verdict: Verdict, observed: str, address: str) -> None:
    found = budgets.month_within(estimate(*resources), budget_usd=100)
    assert found.verdict is verdict
    remedy = ADD if "unknown" in observed else SEE
    assert told(found) == ([(verdict, address, observed, MONTH, remedy)] if observed else [])
    assert all(each.path == "" for each in found.findings)


def test_a_type_without_prices_is_open() -> None:
    strange = NotPriced("aws_x", (), ("aws_x.a", "aws_x.b"))
    found = budgets.month_within(estimate(costs("a.x", line("1")), more=[strange]), budget_usd=100)
    observed = "at least 1.00 USD; unknown: everything: no prices for aws_x (2 resources)"
    assert told(found) == [(OPEN, "aws_x.a", observed, MONTH, ADD)]
    assert found.examined == ("a.x", "aws_x.a", "aws_x.b")


def test_a_month_at_the_largest_scale() -> None:
    scaled = estimate(costs("a.x", line("50", most="4")))
    expected = "a month at the largest scale of at most 100.00 USD"
    assert told(budgets.month_at_scale_within(scaled, budget_usd=100)) == [
        (VIOLATED, "a.x", "200.00 USD: a.x 50.00", expected, SEE)
    ]
    assert budgets.month_at_scale_within(scaled, budget_usd=200).verdict is SATISFIED


@pytest.mark.parametrize(
    ("before", "after", "verdict", "observed"),
    [
        ([line("50")], [line("60")], SATISFIED, ""),
        ([line("50")], [line("61")], VIOLATED, "11.00 USD: a.x 61.00"),
        ([], [line("11")], VIOLATED, "11.00 USD: a.x 11.00"),
        ([line("50")], [], SATISFIED, ""),
        # What is missing before could be any price: it may even get cheaper, and it may not.
        ([UNKNOWN], [line("11")], OPEN, "at least 0.00 USD; unknown: storage: no price"),
        ([line("50"), UNKNOWN], [line("11")], OPEN, "at least -39.00 USD; unknown: storage: no price"),
        ([line("50")], [line("50"), UNKNOWN], OPEN, "at least 0.00 USD; unknown: storage: no price"),
        ([line("20", **SPOT)], [line("20")], OPEN, "0.00 to 14.00 USD, by the price of Spot: a.x 20.00"),
    ],
)
def test_what_a_change_adds(
    before: list[Component], after: list[Component], verdict: Verdict, observed: str
) -> None:
    found = budgets.increase_within(estimate(costs("a.x", *after, before=before)), limit_usd=10)
    assert found.verdict is verdict
    assert [each.observed for each in found.findings] == ([observed] if observed else [])
    if observed:
        assert found.findings[0].expected == "what the change adds to a month of at most 10.00 USD"


def test_what_is_missing_is_said_of_something_that_is_there() -> None:
    gone = NotPriced("aws_x", ("aws_x.a",), ())
    found = budgets.increase_within(estimate(costs("a.x", line("1")), more=[gone]), limit_usd=10)
    assert [each.address for each in found.findings] == ["aws_x.a"]


@pytest.mark.parametrize(
    ("judge", "name", "reason"),
    [
        ("month_within", "budget_usd", "no monthly budget is stated: cost.monthly_budget_usd"),
        (
            "month_at_scale_within",
            "budget_usd",
            "no monthly budget at scale is stated: cost.monthly_budget_at_scale_usd",
        ),
        (
            "increase_within",
            "limit_usd",
            "no limit for what a change may add is stated: cost.monthly_increase_usd",
        ),
    ],
)
def test_a_limit_that_is_not_stated(judge: str, name: str, reason: str) -> None:
    ask = getattr(budgets, judge)
    found = ask(estimate(costs("a.x", line("1"))), **{name: None})
    assert found == Judgement((), reason=f"{reason} in policies/limits.toml")
    assert ask(estimate(), **{name: None}) == Judgement(())


# Tasks and databases against the need.

SERVICE: Final = "aws_ecs_service"
VCPU: Final = "fargate.linux.x86.vcpu"
GB: Final = "fargate.linux.x86.gb"
BILL: Final = costs(f"{SERVICE}.api", line("10", VCPU, count="2"), line("1", GB, count="4"))


def need(**stated: Any) -> Need:
    """What is stated, and nothing else."""
    return Need(**stated)


def service(cpu: Any = "1024", memory: Any = "2048", **values: Any) -> Plan:
    """A service of Fargate, and its task."""
    return plan(
        resource(
            SERVICE,
            "api",
            **{
                "name": "api",
                "launch_type": "FARGATE",
                "desired_count": 2,
                "task_definition": ...,
                **values,
            },
        ),
        resource("aws_ecs_task_definition", "api", family="api", cpu=cpu, memory=memory),
        configuration=configuration(
            block(
                SERVICE,
                "api",
                name=constant("api"),
                task_definition=refers("aws_ecs_task_definition.api.arn", "aws_ecs_task_definition.api"),
            ),
            block("aws_ecs_task_definition", "api", family=constant("api")),
        ),
    )


def sized(stated: Need, bill: ResourceCost | None = BILL, **task: Any) -> Judgement:
    """What is judged of the size of a task."""
    made = service(**task)
    return right_size.tasks_fit_the_need(
        made, made.remaining(SERVICE), estimate(*([bill] if bill else [])), stated
    )


HALF: Final = need(task_cpu_units=512, task_memory_mib=1024)
FITS: Final = "the smallest task that fits the stated need"


def test_a_task_that_fits() -> None:
    assert sized(HALF, cpu="512", memory="1024").verdict is SATISFIED
    # 700 MiB are no size of Fargate: the next one is taken.
    assert (
        sized(need(task_cpu_units=512, task_memory_mib=700), cpu="512", memory="1024").verdict
        is SATISFIED
    )


def test_a_task_that_is_too_large() -> None:
    # Half of 2 units at 10 USD, and half of 4 at 1 USD.
    (finding,) = sized(HALF).findings
    assert (finding.verdict, finding.path) == (VIOLATED, "task_definition")
    assert finding.expected == f"{FITS}: 512 units and 1024 MiB"
    assert finding.observed == (
        "each task has 1024 units and 2048 MiB; the smallest that fits saves 12.00 USD a month"
    )
    assert finding.remedy == "set cpu = 512 and memory = 1024, or state a larger need in [need]"


def test_the_saving_of_a_task_counts_what_has_a_price() -> None:
    open_line = Component("x", Bucket.USAGE, "unit", None, None)
    other = line("100", "fargate.storage.gb")
    strange = line("100", "other.vcpu")
    of = f"{SERVICE}.api"
    bill = costs(of, open_line, other, strange, line("10", VCPU, count="2"))
    (finding,) = sized(HALF, bill).findings
    assert finding.observed.endswith("saves 10.00 USD a month")
    for unknown in (
        None,
        costs(of, line("10", VCPU), UNKNOWN),
        costs("aws_ecs_service.b", line("1", VCPU)),
    ):
        (finding,) = sized(HALF, unknown).findings
        assert finding.observed.endswith("2048 MiB; what that costs is not known")


def test_a_task_that_is_too_small() -> None:
    tasks: list[dict[str, Any]] = [{"cpu": "256", "memory": "1024"}, {"cpu": "512", "memory": "512"}]
    for task in tasks:
        (finding,) = sized(need(task_cpu_units=512, task_memory_mib=1024), **task).findings
        assert finding.verdict is VIOLATED
        assert finding.observed == (
            f"each task has {task['cpu']} units and {task['memory']} MiB, less than is needed"
        )
        assert finding.remedy == "set cpu = 512 and memory = 1024, or state a smaller need in [need]"


def test_a_task_whose_size_is_not_known() -> None:
    (finding,) = sized(HALF, cpu=...).findings
    assert (finding.verdict, finding.observed) == (OPEN, "the size of its task is not known")
    assert finding.expected == f"{FITS}: 512 units and 1024 MiB"


def test_a_need_that_no_size_has() -> None:
    (finding,) = sized(need(task_cpu_units=99999, task_memory_mib=1024)).findings
    assert (finding.verdict, finding.observed, finding.expected) == (OPEN, "no size fits the need", FITS)


MISSING: Final = "in policies/limits.toml"


def test_a_need_that_is_stated_in_part() -> None:
    reason = "what a task needs is not stated: need.task_memory_mib"
    # Of what nobody stated, a task needs no more than it has.
    found = sized(need(task_cpu_units=1024))
    assert found == Judgement((), reason=f"{reason} {MISSING}")
    (finding,) = sized(need(task_cpu_units=512)).findings
    assert finding.expected == f"{FITS}: 512 units and 2048 MiB"
    (finding,) = sized(need(task_memory_mib=1024), cpu="256", memory="512").findings
    assert finding.observed.endswith("less than is needed")


def test_a_need_that_is_not_stated() -> None:
    reason = f"what a task needs is not stated: need.task_cpu_units, need.task_memory_mib {MISSING}"
    assert sized(need()) == Judgement((), reason=reason)
    made = plan()
    assert right_size.tasks_fit_the_need(made, (), estimate(), need()) == Judgement(())


def counted(stated: Need, *bill: ResourceCost, desired: Any = 5) -> Judgement:
    """What is judged of the number of tasks."""
    made = service(desired_count=desired)
    return right_size.no_spare_tasks(made, made.remaining(SERVICE), estimate(*bill), stated)


LOAD: Final = need(requests_per_second=25, requests_per_second_per_task=10, fewest_tasks=2)


def test_tasks_for_the_load() -> None:
    assert counted(LOAD, desired=3).verdict is SATISFIED
    (finding,) = counted(LOAD, costs(f"{SERVICE}.api", line("50", count="2"))).findings
    assert (finding.verdict, finding.path) == (VIOLATED, "desired_count")
    assert finding.expected == (
        "at most 3 tasks at the least: 25 requests a second, 10 of them for each task"
    )
    assert finding.observed == "desired_count is 5; the smallest that fits saves 40.00 USD a month"
    assert finding.remedy == (
        "set desired_count to 3 and let autoscaling add tasks, or state a larger need"
    )


def test_tasks_that_stand_by_for_each_other() -> None:
    both = structs.replace(LOAD, fewest_tasks=4)
    assert counted(both, desired=4).verdict is SATISFIED
    assert "at most 4 tasks" in counted(both).findings[0].expected


def test_tasks_of_which_the_bill_is_not_known() -> None:
    for bill in ((), (costs(f"{SERVICE}.api", line("50"), UNKNOWN),)):
        (finding,) = counted(LOAD, *bill).findings
        assert finding.observed == "desired_count is 5; what that costs is not known"


def test_a_load_that_is_stated_in_part() -> None:
    stated = need(fewest_tasks=2)
    reason = "how many tasks are needed is not stated"
    keys = "need.requests_per_second, need.requests_per_second_per_task"
    assert counted(stated, desired=2) == Judgement((), reason=f"{reason}: {keys} {MISSING}")
    (finding,) = counted(stated, desired=3).findings
    assert finding.verdict is OPEN
    assert finding.expected == "at most 2 tasks at the least: 2 are needed whatever the load"
    half = need(fewest_tasks=2, requests_per_second=100)
    assert "2 are needed whatever the load" in counted(half, desired=3).findings[0].expected


def test_a_load_that_is_not_stated() -> None:
    keys = "need.requests_per_second, need.requests_per_second_per_task, need.fewest_tasks"
    reason = f"how many tasks are needed is not stated: {keys} {MISSING}"
    assert counted(need()) == Judgement((), reason=reason)
    half = need(requests_per_second_per_task=10)
    keys = "need.requests_per_second, need.fewest_tasks"
    assert counted(half).reason == f"how many tasks are needed is not stated: {keys} {MISSING}"


class Catalogue(NamedTuple):
    """Prices by their keys."""

    usd: dict[str, str]

    def price(self, key: str, region: str) -> Price | None:
        """What one unit costs in our region."""
        return price(key, self.usd[key]) if key in self.usd and region == "eu-west-1" else None


def key_of(name: str) -> str:
    """The key of the price of a class."""
    return f"rds.postgres.{name}.single"


def classes(*named: str, usd: dict[str, str], **values: Any) -> Judgement:
    """What is judged of a database of 16 GiB, where these classes are accepted."""
    own = values.get("instance_class", "db.m5.xlarge")
    of = [line(usd[own], key_of(own))] if own in usd else []
    made = plan(resource(**{"engine": "postgres", "instance_class": "db.m5.xlarge", **values}))
    prices = Catalogue({key_of(name): each for name, each in usd.items()})
    asked = Cost(log_level_variables=[], chatty_log_levels=[], database_classes=list(named) or None)
    wanted = right_size.Limits(need(database_memory_gib=16), asked, CAPACITY)
    bill = estimate(costs("aws_db_instance.orders", *of), quotes=prices)
    return right_size.databases_fit_the_need(databases(made), bill, wanted)


USD: Final = {"db.m5.xlarge": "1.0", "db.m5.large": "0.4", "db.m6g.xlarge": "0.9", "db.r6g.large": "0.7"}
GIB: Final = "the cheapest accepted class with 16 GiB"


def test_the_cheapest_class_with_the_memory() -> None:
    assert classes("db.m5.xlarge", "db.m5.large", usd=USD).verdict is SATISFIED
    (finding,) = classes("db.m5.xlarge", "db.m6g.xlarge", "db.r6g.large", usd=USD).findings
    assert (finding.verdict, finding.expected, finding.path) == (VIOLATED, GIB, "instance_class")
    # 730 hours of 0.3 USD.
    assert finding.observed == (
        "db.m5.xlarge costs 1.0 USD an hour, db.r6g.large costs 0.7;"
        " the smallest that fits saves 219.00 USD a month"
    )
    assert finding.remedy == 'set instance_class = "db.r6g.large", or state a larger need in [need]'


def test_a_class_with_less_memory_or_of_unknown_memory() -> None:
    (finding,) = classes("db.m5.large", usd=USD, instance_class="db.m5.large").findings
    assert (finding.verdict, finding.observed, finding.expected) == (
        VIOLATED,
        "db.m5.large has 8 GiB",
        GIB,
    )
    assert finding.remedy == "take a class with the memory, or state a smaller need in [need]"
    (finding,) = classes("db.zz.large", usd={"db.zz.large": "1"}, instance_class="db.zz.large").findings
    assert (finding.verdict, finding.observed) == (OPEN, "db.zz.large of unknown memory")


def test_a_class_without_a_price_is_open() -> None:
    (finding,) = classes("db.m5.xlarge", usd={}).findings
    assert (finding.verdict, finding.observed, finding.expected) == (OPEN, "no price for it", GIB)
    (finding,) = classes("db.m5.xlarge", usd=USD, instance_class=...).findings
    assert (finding.verdict, finding.observed) == (OPEN, "instance_class is (known after apply)")


def test_classes_or_memory_that_are_not_stated() -> None:
    found = classes(usd=USD)
    reason = "no accepted classes of databases are stated: cost.database_classes"
    assert found == Judgement((), reason=f"{reason} {MISSING}")
    made = plan(resource(instance_class="db.m5.large"))
    asked = Cost(log_level_variables=[], chatty_log_levels=[], database_classes=["db.m5.large"])
    unneeded = right_size.Limits(need(), asked, CAPACITY)
    found = right_size.databases_fit_the_need(databases(made), estimate(), unneeded)
    reason = "the memory that a database needs is not stated: need.database_memory_gib"
    assert found == Judgement((), reason=f"{reason} {MISSING}")


def operations(wanted: int | None = 5000, bill: Sequence[Component] = (), **values: Any) -> Judgement:
    """What is judged of the operations of a database."""
    made = plan(resource(**{"engine": "postgres", "allocated_storage": 100, **values}))
    prices = Catalogue({"rds.storage.gp3.single": "0.1"})
    of = estimate(costs("aws_db_instance.orders", *bill), quotes=prices)
    stated = need(database_iops=wanted) if wanted else need()
    return right_size.no_spare_iops(databases(made), of, stated)


@pytest.mark.parametrize(
    ("values", "wanted", "verdict"),
    [
        ({"storage_type": "gp3"}, 5000, SATISFIED),
        ({"storage_type": "gp3", "iops": 5000}, 5000, SATISFIED),
        ({"storage_type": "gp3", "iops": 5001}, 5000, VIOLATED),
        # What gp3 includes costs nothing, needed or not.
        ({"storage_type": "gp3", "iops": 3000}, 1000, SATISFIED),
        ({"storage_type": "gp3", "iops": 3001}, 1000, VIOLATED),
        ({"storage_type": "gp3", "iops": 12000, "allocated_storage": 400}, 5000, SATISFIED),
        ({"storage_type": "gp3", "iops": 12000, "allocated_storage": 399}, 5000, VIOLATED),
        ({"storage_type": "io1", "iops": 5000}, 5000, SATISFIED),
        ({"storage_type": "io2", "iops": 5001}, 5000, VIOLATED),
        ({"storage_type": "io1", "iops": 3000}, 3000, VIOLATED),
        ({"storage_type": "io1", "iops": 3000}, 3001, SATISFIED),
        ({"storage_type": "gp2", "iops": 9000}, 5000, SATISFIED),
        ({"storage_type": ..., "iops": 9000}, 5000, OPEN),
        ({"storage_type": "io1", "iops": ...}, 5000, OPEN),
        ({"storage_type": "gp3", "iops": 9000, "allocated_storage": ...}, 5000, OPEN),
        ({"storage_type": "gp3", "iops": 2000, "allocated_storage": ...}, 5000, SATISFIED),
        ({"storage_type": "gp3", "iops": 13000, "allocated_storage": ...}, 5000, VIOLATED),
    ],
)
def test_operations_that_are_paid_for(values: dict[str, Any], wanted: int, verdict: Verdict) -> None:
    assert operations(wanted, **values).verdict is verdict


def test_what_is_said_of_operations() -> None:
    bill = (
        line("0.2", "rds.storage.io1.single", count="100"),
        line("0.01", "rds.iops.io1.single", count="6000"),
        line("99", key_of("db.m5.large")),
    )
    # 20 and 60 USD now, 10 with gp3.
    (finding,) = operations(bill=bill, storage_type="io1", iops=6000).findings
    assert (finding.verdict, finding.path) == (VIOLATED, "iops")
    assert finding.expected == "no operations paid for beyond the stated need of 5000 a second"
    assert finding.observed == (
        '6000 operations a second on "io1"; the smallest that fits saves 70.00 USD a month'
    )
    assert finding.remedy == (
        'set storage_type = "gp3": this size of gp3 includes 3000; or state a larger need in [need]'
    )
    (finding,) = operations(storage_type="gp3", iops=6000).findings
    assert finding.observed == '6000 operations a second on "gp3"; what that costs is not known'
    assert finding.remedy == (
        "leave iops out: this size of gp3 includes 3000; or state a larger need in [need]"
    )
    for unpriced in (
        bill[1:],
        [*bill, Component("y", Bucket.FIXED, "IOPS", None, price("rds.iops.x", "1"))],
    ):
        (finding,) = operations(bill=unpriced, storage_type="io1", iops=6000).findings
        assert finding.observed.endswith("what that costs is not known")


def test_operations_of_which_no_need_is_stated() -> None:
    reason = "the operations that a database needs are not stated: need.database_iops"
    assert operations(None, iops=6000) == Judgement((), reason=f"{reason} {MISSING}")
