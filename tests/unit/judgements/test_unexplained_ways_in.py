"""Is a way in found that nothing of the plan makes, or that names a group which nobody here manages?"""

from typing import Any

import pytest

from planspec import Verdict
from planspec.aws import GROUPS, ingress_rules
from planspec.judgements.exposure import egress, exposure
from planspec.policies import Exposure
from tests.support.plans import block, configuration, plan, refers, resource

SATISFIED, UNDETERMINED = Verdict.SATISFIED, Verdict.UNDETERMINED
Entry = dict[str, Any]
SEPARATE, OLD = "aws_vpc_security_group_ingress_rule", "aws_security_group_rule"
TASKS, FOREIGN = "sg-tasks", "sg-0deadbeef"


def comes_from(*groups: str, cidrs: tuple[str, ...] = (), to_itself: bool = False) -> Entry:
    """A rule inside a group, as the provider reads it back."""
    return {
        "from_port": 5432,
        "to_port": 5432,
        "protocol": "tcp",
        "cidr_blocks": list(cidrs),
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": list(groups),
        "self": to_itself,
    }


def there(kind: str, name: str, **values: Any) -> Entry:
    """A resource that exists and does not change."""
    return resource(kind, name, actions=["no-op"], before=values, **values)


def stands(*rules: Entry, inside: tuple[Entry, ...] = ()) -> list[Entry]:
    """A database in a group, the group of its callers, and what lets them in."""
    return [
        there("aws_security_group", "tasks", id=TASKS, ingress=[]),
        there("aws_security_group", "data", id="sg-data", ingress=list(inside)),
        there("aws_db_instance", "main", id="db", vpc_security_group_ids=["sg-data"]),
        *rules,
    ]


def separate(group: Any) -> Entry:
    """A rule with a resource of its own."""
    values = {"ip_protocol": "tcp", "from_port": 5432, "to_port": 5432, "security_group_id": "sg-data"}
    return there(SEPARATE, "r", referenced_security_group_id=group, **values)


# A rule of its own on another port: the group's rules are not written inside.
OTHER = there(
    SEPARATE,
    "other",
    ip_protocol="tcp",
    from_port=5433,
    to_port=5433,
    security_group_id="sg-data",
    referenced_security_group_id=TASKS,
)


def blocks(*more: Entry) -> Entry:
    """The source: two groups without rules inside."""
    return configuration(
        block("aws_security_group", "tasks"), block("aws_security_group", "data"), *more
    )


def ways_in(entries: list[Entry], **sections: Any) -> tuple[Verdict, Verdict]:
    """The verdicts about the ways in to databases, and about all ways in."""
    made = plan(*entries, **sections)
    rules = (each.resource for each in ingress_rules(made))
    chosen = [*made.remaining(*GROUPS), *rules]
    return (
        egress.only_groups_reach(made, exposure.databases(made)).verdict,
        exposure.only_load_balancers_open(made, chosen, Exposure([443], [443], [], 24, 48)).verdict,
    )


@pytest.mark.parametrize(
    ("inside", "verdicts"),
    [
        (comes_from(FOREIGN), (UNDETERMINED, SATISFIED)),
        (comes_from(TASKS, FOREIGN), (UNDETERMINED, SATISFIED)),
        (comes_from(f"111111111111/{TASKS}"), (UNDETERMINED, SATISFIED)),
        (comes_from(TASKS), (SATISFIED, SATISFIED)),
        (comes_from(to_itself=True), (SATISFIED, SATISFIED)),
        (comes_from(cidrs=("10.0.0.0/8",)), (Verdict.VIOLATED, SATISFIED)),
    ],
)
def test_a_rule_in_a_group_that_nothing_makes_is_asked(
    inside: Entry, verdicts: tuple[Verdict, Verdict]
) -> None:
    assert ways_in(stands(OTHER, inside=(inside,)), configuration=blocks()) == verdicts


def test_a_group_without_rules_of_their_own_may_have_a_dynamic_block() -> None:
    entries = stands(inside=(comes_from(cidrs=("10.0.0.0/8",)),))
    assert ways_in(entries, configuration=blocks())[1] is SATISFIED


def test_a_rule_in_a_group_that_a_resource_makes_is_not_asked() -> None:
    entries = stands(separate(TASKS), inside=(comes_from(TASKS),))
    assert ways_in(entries, configuration=blocks()) == (SATISFIED, SATISFIED)


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        (separate(TASKS), SATISFIED),
        (separate(FOREIGN), UNDETERMINED),
        (
            there(
                OLD,
                "r",
                type="ingress",
                protocol="tcp",
                from_port=5432,
                to_port=5432,
                security_group_id="sg-data",
                source_security_group_id=FOREIGN,
            ),
            UNDETERMINED,
        ),
    ],
)
def test_a_group_that_is_not_in_the_plan_may_be_anybodys(rule: Entry, verdict: Verdict) -> None:
    assert ways_in(stands(rule))[0] is verdict


@pytest.mark.parametrize(
    ("refers_to", "verdict"),
    [
        ("aws_security_group.tasks", SATISFIED),
        ("data.aws_security_group.other", UNDETERMINED),
    ],
)
def test_a_group_that_apply_decides_is_followed_by_reference(refers_to: str, verdict: Verdict) -> None:
    rule = separate(...)
    rule["change"]["actions"], rule["change"]["before"] = ["create"], None
    written: Any = {
        "referenced_security_group_id": refers(f"{refers_to}.id", refers_to),
        "security_group_id": {"constant_value": "sg-data"},
    }
    source = blocks(block(SEPARATE, "r", **written))
    assert ways_in(stands(rule), configuration=source)[0] is verdict
