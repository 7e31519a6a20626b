"""Is a rule that a refresh reads back into its group judged once, and any other rule there found?"""

import datetime as dt
from typing import Any

import pytest

from planspec import Plan
from planspec.aws import ingress_rules, unexplained
from planspec.evidence import FoundRecord, WaiverRecord
from planspec.finding import Verdict
from planspec.runner.checkov_refreshed import settle
from tests.support.plans import block, configuration, constant, plan, refers, resource

GROUP, RULE = "aws_security_group.g", "aws_vpc_security_group_ingress_rule.r"
EVERYBODY = "0.0.0.0/0"
CHECK = "CKV_AWS_260"
WAIVER = WaiverRecord(
    requirement=CHECK,
    address=RULE,
    reason="r",
    owner="o",
    approver="a",
    ticket="",
    created=dt.date(2026, 1, 1),
    expires=dt.date(2027, 1, 1),
    observed="",
    standing="in force",
    used=True,
)
Entry = dict[str, Any]


def inside(cidr: str = EVERYBODY, first: int = 80, last: int = 80, **more: Any) -> Entry:
    """A block inside a group, as a refresh reads it back."""
    empty = {"ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": False}
    stated = {"cidr_blocks": [cidr] if cidr else [], "protocol": "tcp", "description": ""}
    return {**empty, **stated, "from_port": first, "to_port": last, **more}


def group(*blocks: Entry, **more: Any) -> Entry:
    """A group that exists and does not change."""
    values = {"id": "sg-1", "name": "g", "ingress": list(blocks), "egress": [], **more}
    return resource("aws_security_group", "g", actions=["no-op"], before=values, **values)


def rule(name: str = "r", actions: tuple[str, ...] = ("no-op",), **values: Any) -> Entry:
    """A rule with a resource of its own: port 80 from everybody; `was` is how it was before."""
    was = values.pop("was", {})
    after = {
        "security_group_id": "sg-1",
        "cidr_ipv4": EVERYBODY,
        "cidr_ipv6": None,
        "prefix_list_id": None,
        "referenced_security_group_id": None,
        "ip_protocol": "tcp",
        "from_port": 80,
        "to_port": 80,
        **values,
    }
    kind = "aws_vpc_security_group_ingress_rule"
    before = None if actions == ("create",) else {**after, **was}
    return resource(kind, name, actions=actions, before=before, **after)


def old_rule(**values: Any) -> Entry:
    """The same rule as the older resource writes it."""
    after = {
        "type": "ingress",
        "security_group_id": "sg-1",
        "cidr_blocks": [EVERYBODY],
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "source_security_group_id": None,
        "self": False,
        "protocol": "6",
        "from_port": 80,
        "to_port": 80,
        **values,
    }
    return resource("aws_security_group_rule", "r", actions=["no-op"], before=after, **after)


def planned(*entries: Entry, written: bool = False) -> Plan:
    """The plan of these; `written`: the source writes rules inside the group."""
    rules: dict[str, Any] = {"ingress": constant([])} if written else {}
    names = {(each["type"], each["name"]) for each in entries}
    of_rule: dict[str, Any] = {"security_group_id": refers()}
    blocks = [
        block(kind, name, **(rules if kind == "aws_security_group" else of_rule))
        for kind, name in sorted(names)
    ]
    return plan(*entries, configuration=configuration(*blocks))


def left(made: Plan) -> int:
    """How many blocks of the group have to be judged there."""
    (found,) = made.resources("aws_security_group")
    return len(list(unexplained(made, found, "ingress")))


@pytest.mark.parametrize(
    ("block_inside", "by"),
    [
        (inside(), rule()),
        (inside(), old_rule()),
        (inside(), old_rule(protocol="tcp")),
        (inside(protocol="-1", from_port=0, to_port=0), rule(ip_protocol="-1", from_port=None)),
        (inside("", ipv6_cidr_blocks=["::/0"]), rule(cidr_ipv4=None, cidr_ipv6="::/0")),
        (
            inside("", security_groups=["sg-2"]),
            rule(cidr_ipv4=None, referenced_security_group_id="sg-2"),
        ),
        (inside("", self=True), rule(cidr_ipv4=None, referenced_security_group_id="sg-1")),
        (inside("", self=True), old_rule(cidr_blocks=[], self=True)),
        (inside("", prefix_list_ids=["pl-1"]), rule(cidr_ipv4=None, prefix_list_id="pl-1")),
        (inside(), rule(actions=("delete",))),
        (inside(), rule(actions=("update",), cidr_ipv4="10.0.0.0/8", was={"cidr_ipv4": EVERYBODY})),
    ],
    ids=[
        "the same",
        "of the older resource, its protocol as a number",
        "of the older resource",
        "every protocol",
        "IPv6",
        "a group",
        "the group itself",
        "the group itself, of the older resource",
        "a prefix list",
        "one that goes",
        "one that changes",
    ],
)
def test_a_block_that_a_resource_makes_is_judged_there(block_inside: Entry, by: Entry) -> None:
    assert left(planned(group(block_inside), by)) == 0


@pytest.mark.parametrize(
    ("block_inside", "by"),
    [
        (inside(first=79), rule()),
        (inside(last=81), rule()),
        (inside(protocol="udp"), rule()),
        (inside("0.0.0.0/1"), rule()),
        (inside(ipv6_cidr_blocks=["::/0"]), rule()),
        (inside(self=True), rule()),
        (inside(security_groups=["sg-2"]), rule()),
        (inside(), rule(security_group_id="sg-2")),
        (inside(), rule(security_group_id=...)),
        (inside(), rule(cidr_ipv4=...)),
        (inside(), rule(from_port=...)),
        (inside(cidr_blocks=...), rule()),
        (inside(cidr_blocks=[]), rule()),
        (inside(), old_rule(type="egress")),
        (inside(), rule(actions=("forget",))),
        (inside(), rule(actions=("create",), security_group_id="sg-2")),
    ],
    ids=[
        *("a port below", "a port above", "another protocol", "half of the world", "IPv6 as well"),
        *("the group itself as well", "a group as well", "a rule of another group"),
        *("a rule of a group known after apply", "a source known after apply"),
        *("a port known after apply", "a block with a source known after apply"),
        *("nobody as source", "a rule for what leaves", "one that Terraform forgets"),
        "a new rule of another group",
    ],
)
def test_a_block_that_no_resource_makes_is_found(block_inside: Entry, by: Entry) -> None:
    assert left(planned(group(block_inside), by)) == 1


def test_what_the_source_writes_inside_a_group_is_judged_there() -> None:
    # The rule moves into the group: its resource goes, and the block stays.
    entries = (group(inside()), rule(actions=("delete",)))
    assert left(planned(*entries, written=True)) == 1
    assert left(plan(*entries)) == 1, "without a configuration nobody knows what is written"


def test_a_rule_is_listed_once_and_one_from_a_console_beside_it() -> None:
    made = planned(group(inside(), inside(first=22, last=22)), rule())
    where = [(each.resource.address, each.from_port.shown) for each in ingress_rules(made)]
    assert where == [(GROUP, "22"), (RULE, "80")]


def fails(address: str, verdict: Verdict = Verdict.VIOLATED, check: str = CHECK) -> FoundRecord:
    """A check of Checkov that fails."""
    return FoundRecord(
        fingerprint="0" * 32,
        value="0" * 32,
        address=address,
        verdict=verdict,
        observed=check,
        expected="",
        waiver=WAIVER if verdict is Verdict.WAIVED else None,
    )


def outcome(made: Plan, *of_rules: FoundRecord, check: str = CHECK) -> str:
    """What becomes of the group's finding."""
    settled = settle(made, [fails(GROUP, check=check), *of_rules])
    found = [each for each in settled.findings if each.address == GROUP]
    assert len(settled.findings) == len(of_rules) + len(found)
    assert len(settled.notes) == 1 - len(found)
    return str(found[0].verdict) if found else "left out"


ACCEPTED = fails(RULE, Verdict.WAIVED)


def test_what_is_accepted_of_a_rule_is_accepted_of_its_group() -> None:
    made = planned(group(inside(), inside(first=443, last=443)), rule())
    assert outcome(made, ACCEPTED) == "waived"
    settled = settle(made, [fails(GROUP), ACCEPTED])
    assert settled.findings[0].waiver == WAIVER


@pytest.mark.parametrize(
    ("entries", "of_rules"),
    [
        ((group(inside()), rule()), (fails(RULE),)),
        ((group(inside()), rule()), ()),
        ((group(inside()),), (ACCEPTED,)),
        ((group(inside(), inside(first=79)), rule()), (ACCEPTED,)),
        ((group(inside(), inside(protocol="-1", from_port=0, to_port=0)), rule()), (ACCEPTED,)),
        ((group(inside(), inside("", ipv6_cidr_blocks=["::/0"])), rule()), (ACCEPTED,)),
        ((group(inside(), inside(cidr_blocks=...)), rule()), (ACCEPTED,)),
        ((group(inside(), inside("10.0.0.0/8")), rule("other")), (ACCEPTED,)),
        ((group(inside(), inside(last=81)), rule(), rule("other", last=81, to_port=81)), (ACCEPTED,)),
    ],
    ids=[
        "nobody accepted the rule",
        "the rule does not fail",
        "there is no such rule",
        "a wider one from a console",
        "everything from a console",
        "IPv6 from a console",
        "one known after apply",
        "the rule that is accepted is another one",
        "a second one that nobody accepted",
    ],
)
def test_what_nobody_accepted_is_found_at_the_group(
    entries: tuple[Entry, ...], of_rules: tuple[FoundRecord, ...]
) -> None:
    assert outcome(planned(*entries), *of_rules) == "violated"


def test_what_the_plan_takes_away_is_left_out_with_a_note() -> None:
    made = planned(group(inside()), rule(actions=("delete",)))
    assert outcome(made) == "left out"
    assert RULE in settle(made, [fails(GROUP)]).notes[0]
    both = planned(group(inside(), inside(first=79)), rule(actions=("delete",)))
    assert outcome(both) == "violated"


def test_a_check_that_does_not_ask_rule_by_rule_stays() -> None:
    made = planned(group(inside()), rule())
    for check in ("CKV_AWS_23", "CKV2_AWS_5", "CKV_AWS_24"):
        accepted = fails(RULE, Verdict.WAIVED, check)
        assert outcome(made, accepted, check=check) == "violated"
