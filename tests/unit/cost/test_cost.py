"""Does the estimate say what the plan tells, and no more?"""

import copy
import functools
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from planspec import bundle, cost, decode, read
from planspec.cli.app import main
from planspec.cost import read_prices, read_usage
from planspec.cost.families import network
from planspec.estimate import HOURS, Bucket, Component, Estimate, cents
from planspec.evidence import Evidence
from planspec.evidence import cost as cost_record

ROOT = Path(__file__).parents[3]
BOOK = read_prices(bundle.POLICIES, bundle.POLICIES)
TODAY = date(2026, 11, 24)
PRICED_KEYS = sorted(key for key, row in BOOK.rows.items() if row.prices)
AWS = "registry.terraform.io/hashicorp/aws"
DATABASE = {
    "engine": "postgres",
    "instance_class": "db.t4g.micro",
    "multi_az": False,
    "storage_type": "gp3",
    "allocated_storage": 20,
}
SERVICE = {
    "name": "api",
    "cluster": "main",
    "launch_type": "FARGATE",
    "desired_count": 2,
    "task_definition": "api",
}
TASK = {"family": "api", "cpu": "512", "memory": "1024", "requires_compatibilities": ["FARGATE"]}


def resource(
    address: str,
    after: Mapping[str, Any] | None,
    *,
    before: Mapping[str, Any] | None = None,
    unknown: tuple[str, ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """One resource change."""
    kind, _, name = address.partition(".")
    after = after and {key: value for key, value in after.items() if key not in unknown}
    actions = {(False, True): ["create"], (True, False): ["delete"], (True, True): ["update"]}
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": AWS,
        "change": {
            "actions": more.pop("actions", actions[before is not None, after is not None]),
            "before": before,
            "after": after,
            "after_unknown": dict.fromkeys(unknown, True),
        },
        **more,
    }


def estimate(*resources: dict[str, Any], region: str | None = "us-east-1", **options: Any) -> Estimate:
    """Estimate a plan of these resources; every attribute, also an unknown one, is written."""
    expressions = {"region": {"constant_value": region}} if region else {}
    blocks = [
        {
            "mode": "managed",
            "type": each["type"],
            "name": each["name"],
            "provider_config_key": "aws",
            "expressions": {
                name: {"references": ["var.x"]}
                for name in (*(each["change"]["after"] or {}), *each["change"]["after_unknown"])
            }
            | each.pop("expressions", {}),
        }
        for each in resources
    ]
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": list(resources),
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": expressions}},
            "root_module": {"resources": blocks},
        },
    }
    plan = decode(json.dumps(document).encode(), "test")
    options["region"] = options.pop("default_region", "")
    made = cost.estimate(plan, BOOK, **{"today": TODAY, **options})
    assert not one_hour_for_a_month(made), "a price of an hour is for so many HOURS of a month"
    return made


def one_hour_for_a_month(found: Estimate) -> list[Component]:
    """Components at a price by the hour, whose quantity is no processors, GiB or pieces for a month.

    What is declared as used counts as it is declared; the smallest part of one is 1/1024, as of a GiB.
    """
    return [
        each
        for resource_cost in found.resources
        for each in (*resource_cost.before, *resource_cost.after)
        for quantity in (each.quantity, each.most)
        if each.price and each.price.unit.endswith("hour") and each.bucket is not Bucket.USAGE
        if quantity is not None and quantity * 1024 % HOURS
    ]


def test_a_price_of_an_hour_that_is_not_for_a_month_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    nat = resource("aws_nat_gateway.one", {"connectivity_type": "public"})
    assert "NAT gateway" in known(estimate(nat))
    monkeypatch.setattr(network, "HOURS", Decimal(1))
    with pytest.raises(AssertionError, match="so many HOURS of a month"):
        estimate(nat)


def known(found: Estimate, *, before: bool = False) -> dict[str, Decimal]:
    """The components with a figure, by name."""
    return {
        each.name: each.monthly_cost
        for resource_cost in found.resources
        for each in (resource_cost.before if before else resource_cost.after)
        if each.monthly_cost is not None
    }


def test_a_component_is_quantity_times_price_for_730_hours() -> None:
    found = known(estimate(resource("aws_db_instance.main", DATABASE)))
    assert found == {
        "Database instance (Single-AZ, db.t4g.micro)": Decimal("11.680"),
        "Storage (gp3)": Decimal("2.300"),
    }


def test_a_value_that_apply_decides_makes_its_component_unknown_and_the_total_at_least() -> None:
    found = estimate(resource("aws_db_instance.main", DATABASE, unknown=("instance_class",)))
    totals = found.totals()
    assert not totals.complete
    assert totals.least == Decimal("2.300")
    assert [each.reason for each in totals.unknown] == ["instance_class is known after apply"]
    assert "at least 2.30 USD" in cost_record.record(found).after.said


def test_an_argument_that_nobody_wrote_has_the_documented_default_and_that_is_said() -> None:
    left_out = {
        name: value for name, value in DATABASE.items() if name not in ("multi_az", "storage_type")
    }
    found = estimate(resource("aws_db_instance.main", left_out))
    assert "Storage (gp2)" in known(found)
    assert set(found.resources[0].assumptions) >= {
        "multi_az is not set: false",
        "storage_type is not set: gp2",
    }


def test_a_region_without_a_price_is_unknown_and_never_scaled() -> None:
    found = estimate(
        resource("aws_nat_gateway.main", {"connectivity_type": "private"}), region="sa-east-1"
    )
    assert found.totals().least == 0
    assert [each.reason for each in found.totals().unknown] == ["no price for nat.hour in sa-east-1"]


def test_a_plan_that_does_not_tell_the_region_says_so_unless_one_is_named() -> None:
    gateway = resource("aws_nat_gateway.main", {"connectivity_type": "private"})
    silent = estimate(gateway, region=None)
    assert [each.reason for each in silent.totals().unknown] == ["the plan does not tell the region"]
    named = estimate(copy.deepcopy(gateway), region=None, default_region="us-east-1")
    assert named.totals().least == Decimal("32.850")


def test_the_region_of_a_resource_comes_before_that_of_its_provider() -> None:
    found = estimate(resource("aws_lb.main", {"internal": True, "region": "eu-west-1"}))
    assert found.resources[0].region == "eu-west-1"
    assert known(found) == {"Load balancer (application)": Decimal("18.3960")}


def test_a_type_without_prices_is_listed_and_makes_the_total_at_least() -> None:
    found = estimate(resource("aws_msk_cluster.events", {"cluster_name": "events"}))
    assert [each.type for each in found.not_priced] == ["aws_msk_cluster"]
    assert not found.totals().complete


def test_what_costs_nothing_is_counted_and_leaves_the_total_whole() -> None:
    found = estimate(resource("aws_iam_role.main", {"name": "main"}))
    assert (found.free, found.totals().complete, found.resources) == (1, True, ())


def test_a_deleted_resource_keeps_its_price_before_and_a_forgotten_one_costs_on() -> None:
    deleted = estimate(resource("aws_db_instance.main", None, before=DATABASE))
    assert deleted.totals(before=True).least == Decimal("13.980")
    assert deleted.totals().least == 0
    forgotten = estimate(resource("aws_db_instance.main", None, before=DATABASE, actions=["forget"]))
    assert forgotten.totals().least == Decimal("13.980")
    assert forgotten.difference == 0


def test_a_replacement_costs_the_old_one_before_and_the_new_one_after() -> None:
    larger = {**DATABASE, "instance_class": "db.t4g.small"}
    found = estimate(
        resource("aws_db_instance.main", larger, before=DATABASE, actions=["delete", "create"])
    )
    assert found.resources[0].action == "replace"
    assert found.difference == Decimal("0.016") * 730


def test_a_service_is_priced_by_its_task_definition_and_its_autoscaling() -> None:
    target = {"resource_id": "service/main/api", "min_capacity": 2, "max_capacity": 10}
    found = estimate(
        resource("aws_ecs_service.api", SERVICE),
        resource("aws_ecs_task_definition.api", TASK),
        resource("aws_appautoscaling_target.api", target),
    )
    totals = found.totals()
    assert cents(totals.least) == Decimal("36.04")
    assert cents(totals.most) == Decimal("180.20")
    assert totals.fixed == 0
    assert totals.small.low == totals.small.high == totals.least


def test_spot_is_a_range_and_never_a_figure() -> None:
    spot = [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]
    found = estimate(
        resource(
            "aws_ecs_service.api", {**SERVICE, "launch_type": None, "capacity_provider_strategy": spot}
        ),
        resource("aws_ecs_task_definition.api", TASK),
    )
    band = found.totals().small
    assert cents(band.high) == Decimal("36.04")
    assert band.low == band.high * Decimal("0.3")


def test_a_base_on_demand_is_not_on_spot() -> None:
    strategy = [
        {"capacity_provider": "FARGATE", "base": 1, "weight": 0},
        {"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1},
    ]
    found = estimate(
        resource(
            "aws_ecs_service.api",
            {**SERVICE, "launch_type": None, "capacity_provider_strategy": strategy},
        ),
        resource("aws_ecs_task_definition.api", TASK),
    )
    band = found.totals().small
    assert band.low == band.high / 2 * Decimal("1.3")


@pytest.mark.parametrize(
    ("platform", "price"),
    [
        ({"cpu_architecture": "ARM64"}, Decimal("0.03238")),
        ({"cpu_architecture": "X86_64"}, Decimal("0.04048")),
        ({"operating_system_family": "WINDOWS_SERVER_2022_CORE"}, None),
    ],
)
def test_processors_have_their_own_price_and_windows_has_none(
    platform: dict[str, str], price: Decimal | None
) -> None:
    found = estimate(
        resource("aws_ecs_service.api", SERVICE),
        resource("aws_ecs_task_definition.api", {**TASK, "runtime_platform": [platform]}),
    )
    processors = [each for each in found.resources[0].after if "processors" in each.name]
    assert [each.price.usd if each.price else None for each in processors] == ([price] if price else [])
    assert found.totals().complete is (price is not None)


def test_disk_above_twenty_gigabytes_is_paid_for() -> None:
    found = estimate(
        resource("aws_ecs_service.api", {**SERVICE, "desired_count": 1}),
        resource("aws_ecs_task_definition.api", {**TASK, "ephemeral_storage": [{"size_in_gib": 50}]}),
    )
    assert known(found)["Fargate disk above 20 GB"] == 30 * 730 * Decimal("0.000111")


def test_a_proxy_costs_two_processors_at_least() -> None:
    found = estimate(
        resource("aws_db_proxy.main", {"name": "main"}),
        resource("aws_db_proxy_target.main", {"db_proxy_name": "main", "db_instance_identifier": "db"}),
        resource(
            "aws_db_instance.db", {**DATABASE, "identifier": "db", "instance_class": "db.m6g.xlarge"}
        ),
    )
    assert known(found)["Proxy"] == Decimal("43.800")


def test_extended_support_begins_on_a_day() -> None:
    old = resource("aws_db_instance.main", {**DATABASE, "engine_version": "13.15"})
    name = "Extended support (postgres 13.15)"
    assert name not in known(estimate(old, today=date(2026, 2, 28)))
    assert known(estimate(copy.deepcopy(old), today=date(2026, 3, 1)))[name] == Decimal("146.00")


def test_insights_that_are_kept_longer_than_a_week_are_paid_for() -> None:
    kept = {"performance_insights_enabled": True, "performance_insights_retention_period": 93}
    found = known(estimate(resource("aws_db_instance.main", {**DATABASE, **kept})))
    assert found["Performance Insights, first month"] == Decimal("3.00")
    assert found["Performance Insights, further months"] == Decimal("0.252")


def test_an_address_is_counted_once_where_it_is_made() -> None:
    made = estimate(
        resource("aws_eip.nat", {"domain": "vpc", "allocation_id": "eipalloc-1"}),
        resource("aws_nat_gateway.main", {"allocation_id": "eipalloc-1", "connectivity_type": "public"}),
    )
    assert [each.name for one in made.resources for each in one.after if each.monthly_cost] == [
        "Public IPv4 address",
        "NAT gateway",
    ]


def test_an_alarm_counts_its_metrics_and_a_band_counts_three_for_each() -> None:
    queries = [
        {"id": "m1", "metric": [{"metric_name": "CPU", "period": 300}]},
        {"id": "band", "expression": "ANOMALY_DETECTION_BAND(m1, 2)", "metric": []},
    ]
    found = estimate(resource("aws_cloudwatch_metric_alarm.band", {"metric_query": queries}))
    assert known(found) == {"Alarm (standard)": Decimal("0.30")}


def test_use_counts_only_as_it_is_declared(tmp_path: Path) -> None:
    (tmp_path / "usage.toml").write_text(
        '[[usage]]\naddress = "aws_nat_gateway.*"\nprice = "nat.gb"\nquantity = "200"\nwhy = "October"\n'
        '[[usage]]\naddress = "aws_nat_gateway.none"\nprice = "nat.gb"\nquantity = "1"\nwhy = "x"\n',
        encoding="utf-8",
    )
    usage = read_usage(tmp_path, frozenset(BOOK.rows))
    gateway = resource("aws_nat_gateway.main", {"connectivity_type": "private"})
    found = estimate(gateway, usage=usage)
    assert (found.totals().usage, found.totals().usage_open) == (Decimal("9.000"), 0)
    assert found.usage_notes == (
        "usage.toml: nat.gb for aws_nat_gateway.none fits no resource of this plan",
    )
    bare = estimate(copy.deepcopy(gateway)).totals()
    assert bare.usage == 0
    assert bare.usage_open == 1


def test_use_beyond_the_first_tier_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "usage.toml").write_text(
        '[[usage]]\naddress = "*"\nprice = "s3.standard"\nquantity = "51201"\nwhy = "much"\n',
        encoding="utf-8",
    )
    usage = read_usage(tmp_path, frozenset(BOOK.rows))
    found = estimate(resource("aws_s3_bucket.main", {"bucket": "main"}), usage=usage)
    assert "only the first 51200" in found.totals().unknown[0].reason


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(PRICED_KEYS)), max_size=8))
def test_a_sum_is_that_of_its_parts_to_the_last_digit(parts: list[tuple[int, str]]) -> None:
    from planspec.estimate import total

    components = []
    for quantity, key in parts:
        price = BOOK.price(key, "us-east-1")
        assert price is not None
        components.append(Component(key, Bucket.FIXED, "", Decimal(quantity), price))
    costs = [each.monthly_cost for each in components]
    expected = sum((each for each in costs if each is not None), Decimal(0))
    assert None not in costs
    assert total([("a", components)]).fixed == expected


def test_the_upgrade_costs_less_afterwards_and_both_sides_are_known() -> None:
    found = cost.of_plan(read(ROOT / "plans" / "upgrade.json"), today=TODAY)
    assert found.totals(before=True).complete
    assert found.totals().complete
    assert found.difference < -1000


def test_the_estimate_is_the_same_however_often_it_is_made() -> None:
    plan = read(ROOT / "plans" / "corrected.json")
    records = [cost_record.encode(cost_record.record(cost.of_plan(plan, today=TODAY))) for _ in range(2)]
    assert records[0] == records[1]


def test_the_estimate_shows_no_value_that_is_secret() -> None:
    plan = read(ROOT / "plans" / "inherited.json")
    made = cost_record.encode(cost_record.record(cost.of_plan(plan, today=TODAY)))
    assert b"Classifier2023!" not in made


def run(*arguments: str) -> tuple[int, str, str]:
    """Run `planspec cost`."""
    result = CliRunner().invoke(main, ["cost", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_shows_before_after_and_the_change() -> None:
    code, shown, _ = run(str(ROOT / "plans" / "upgrade.json"), "--as-of", "2026-11-24")
    assert code == 0
    lines = shown.splitlines()
    assert any(line.startswith("before  1,6") for line in lines)
    assert any(line.startswith("change  -1,3") for line in lines)
    assert any("█" in line for line in lines)


def test_the_command_writes_json_that_is_the_cost_section() -> None:
    code, shown, _ = run(str(ROOT / "plans" / "corrected.json"), "-o", "json")
    assert code == 0
    section = json.loads(shown)
    assert section["currency"] == "USD"
    assert section["after"]["complete"] is True
    sums = sum(Decimal(each["after_usd"]) for each in section["groups"])
    assert sums == Decimal(section["after"]["least_usd"])


def test_the_command_writes_markdown_to_a_file(tmp_path: Path) -> None:
    code, _, _ = run(str(ROOT / "plans" / "corrected.json"), "-o", f"markdown={tmp_path / 'cost.md'}")
    assert code == 0
    assert "| Database storage |" in (tmp_path / "cost.md").read_text(encoding="utf-8")


def test_an_old_catalogue_warns_in_the_command_and_in_the_section() -> None:
    plan = str(ROOT / "plans" / "corrected.json")
    assert "the price catalogue is" in run(plan, "--as-of", "2027-11-24")[1]
    assert "days old" in json.loads(run(plan, "--as-of", "2027-11-24", "-o", "json")[1])["stale"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["absent.json"], "absent.json"),
        ([str(ROOT / "plans" / "corrected.json"), "-o", "pdf"], "write console, json or markdown"),
        ([str(ROOT / "plans" / "corrected.json"), "--price-list", str(ROOT / "README.md")], "README.md"),
        ([str(ROOT / "README.md")], "README.md"),
    ],
)
def test_what_cannot_be_estimated_is_one_paragraph_and_code_2(
    arguments: list[str], problem: str
) -> None:
    code, shown, told = run(*arguments)
    assert (code, shown) == (2, "")
    assert problem in told


def test_the_default_strategy_of_the_cluster_decides_where_the_service_says_nothing() -> None:
    cluster = {"name": "main"}
    spot = [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]
    found = estimate(
        resource("aws_ecs_service.api", {**SERVICE, "launch_type": None}),
        resource("aws_ecs_task_definition.api", TASK),
        resource("aws_ecs_cluster.main", cluster),
        resource(
            "aws_ecs_cluster_capacity_providers.main",
            {"cluster_name": "main", "default_capacity_provider_strategy": spot},
        ),
    )
    assert all("Spot" in name for name in known(found) if name.startswith("Fargate"))


def test_a_service_without_a_definition_runs_that_of_its_task_set() -> None:
    service = {name: value for name, value in SERVICE.items() if name != "task_definition"}
    found = estimate(
        resource("aws_ecs_service.api", {**service, "id": "service-1"}),
        resource("aws_ecs_task_definition.small", TASK),
        resource(
            "aws_ecs_task_definition.large",
            {**TASK, "family": "large", "cpu": "2 vCPU", "memory": "4 GB"},
        ),
        resource("aws_ecs_task_set.blue", {"service": "service-1", "task_definition": "large"}),
    )
    assert known(found)["Fargate processors (x86_64)"] == 2 * 2 * 730 * Decimal("0.04048")


def test_a_setting_of_a_block_that_nobody_wrote_has_its_default() -> None:
    instance = resource(
        "aws_instance.web",
        {"instance_type": "t3.micro", "root_block_device": [{"volume_size": 10}]},
    )
    instance["change"]["after_unknown"] = {"root_block_device": [{"volume_type": True, "iops": True}]}
    document = json.loads((ROOT / "plans" / "corrected.json").read_bytes())
    block = {
        "mode": "managed",
        "type": "aws_instance",
        "name": "web",
        "provider_config_key": "aws",
        "expressions": {"root_block_device": [{"volume_size": {"constant_value": 10}}]},
    }
    document["resource_changes"] = [instance]
    document["planned_values"] = {}
    document["configuration"] = {
        "provider_config": {"aws": {"expressions": {"region": {"constant_value": "us-east-1"}}}},
        "root_module": {"resources": [block]},
    }
    default = cost.estimate(decode(json.dumps(document).encode(), "test"), BOOK, today=TODAY)
    assert known(default)["Root volume (gp2)"] == Decimal("1.00")
    block["expressions"] = {"root_block_device": [{"volume_type": {"references": ["var.kind"]}}]}
    written = cost.estimate(decode(json.dumps(document).encode(), "test"), BOOK, today=TODAY)
    assert "root_block_device[0].volume_type is known after apply" in str(written.totals().unknown)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.lists(st.one_of(st.integers(), st.text(max_size=3), st.none()), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.lists(st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), max_size=2),
)
ATTRIBUTES = (
    *(
        "engine",
        "instance_class",
        "multi_az",
        "storage_type",
        "allocated_storage",
        "iops",
        "engine_version",
    ),
    *("max_allocated_storage", "performance_insights_enabled", "performance_insights_retention_period"),
    *("desired_count", "launch_type", "capacity_provider_strategy", "task_definition", "cpu", "memory"),
    *("network_configuration", "load_balancer_type", "subnets", "subnet_mapping", "internal", "rule"),
    *("billing_mode", "read_capacity", "write_capacity", "node_type", "num_cache_nodes", "type", "size"),
    *("root_block_device", "ebs_block_device", "instance_type", "metric_query", "period", "version"),
    *("num_node_groups", "replicas_per_node_group", "architectures", "ephemeral_storage", "setting"),
    *("request_interval", "ip_address", "subnet_ids", "vpc_endpoint_type", "tier", "replica", "region"),
)


@given(st.data())
def test_an_edited_plan_is_estimated_or_said_to_be_unknown(data: st.DataObject) -> None:
    from planspec.cost import PRICED

    kind = data.draw(st.sampled_from(sorted(PRICED)))
    after = data.draw(st.dictionaries(st.sampled_from(ATTRIBUTES), ODD, max_size=8))
    unknown = tuple(data.draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=3)))
    task = data.draw(st.dictionaries(st.sampled_from(ATTRIBUTES), ODD, max_size=4))
    found = estimate(
        resource(f"{kind}.odd", after, unknown=unknown),
        resource("aws_ecs_task_definition.api", {**TASK, **task}),
    )
    totals = found.totals()
    assert totals.least >= 0
    assert totals.most >= totals.least
    cost_record.encode(cost_record.record(found))


def test_what_autoscaling_moves_is_a_range_for_tables_and_caches_too() -> None:
    target = {
        "min_capacity": 5,
        "max_capacity": 50,
        "scalable_dimension": "dynamodb:table:ReadCapacityUnits",
    }
    shards = {
        "resource_id": "replication-group/cache",
        "min_capacity": 1,
        "max_capacity": 2,
        "scalable_dimension": "elasticache:replication-group:NodeGroups",
    }
    group = {"replication_group_id": "cache", "node_type": "cache.t4g.micro", "num_node_groups": 1}
    found = estimate(
        resource("aws_dynamodb_table.it", {"name": "it", "read_capacity": 5, "write_capacity": 5}),
        resource("aws_appautoscaling_target.reads", {"resource_id": "table/it", **target}),
        resource("aws_elasticache_replication_group.it", {**group, "replicas_per_node_group": 1}),
        resource("aws_appautoscaling_target.shards", shards),
    )
    ranges = {
        each.name: (each.monthly_cost, each.most_monthly_cost)
        for one in found.resources
        for each in one.after
        if each.bucket is Bucket.RANGE
    }
    read, node = 730 * Decimal("0.00013"), 730 * Decimal("0.016")
    assert ranges == {
        "Provisioned reads": (5 * read, 50 * read),
        "Cache nodes (redis, cache.t4g.micro)": (2 * node, 4 * node),
    }


@functools.cache
def judged_late() -> Evidence:
    """The corrected plan, judged when the prices are a year old."""
    from planspec.runner import check, checkov_findings

    text = (ROOT / "plans" / "corrected.json").read_bytes()
    settings = check.Settings(
        checkov=checkov_findings.Alongside(runner="off"),
        keep_reads=True,
        tags="@CST-11",
        today=date(2027, 11, 24),
    )
    return check.check(decode(text, "corrected"), text, settings, lambda _: None)


@pytest.mark.parametrize("name", ["github", "oscal", "sarif"])
def test_reports_for_programs_say_that_prices_are_out_of_date(name: str) -> None:
    from planspec.reports import render

    shown = render(name, judged_late()).decode()
    assert "prices that are out of date" in shown or "the price catalogue is 366 days old" in shown


@pytest.mark.parametrize("name", ["console", "summary", "comment", "html", "json"])
def test_every_report_for_people_warns_of_an_old_catalogue_and_tells_the_cost(name: str) -> None:
    from planspec.reports import render

    evidence = judged_late()
    shown = render(name, evidence).decode()
    assert "the price catalogue is 366 days old" in shown
    assert "310.7" in shown
