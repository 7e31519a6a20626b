"""Does a security group let in more than before, port by port, protocol by protocol, side by side?"""

from typing import Any

import pytest

from planspec.judgements.change.wider_network import let_in_no_more, openings
from tests.support.plans import block, configuration, plan, refers, resource

GROUP = "aws_security_group.g"
RULE = "aws_security_group_rule"
SEPARATE = "aws_vpc_security_group_ingress_rule"
Entry = dict[str, Any]


def way(source: Any = "10.0.0.0/16", first: Any = 80, last: Any = 80, **more: Any) -> Entry:
    """A block inside a group: who comes in, and on which ports."""
    empty = {"ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": False}
    ranges = {"cidr_blocks": [source] if source else []}
    return {**empty, **ranges, "protocol": "tcp", "from_port": first, "to_port": last, **more}


def group(before: list[Entry], after: Any) -> Entry:
    """A group that exists, with what it lets in before and after."""
    values = {"id": "sg-1", "name": "g"}
    return resource(
        "aws_security_group",
        "g",
        actions=["update"],
        before={**values, "ingress": before},
        ingress=after,
        **values,
    )


def rule(kind: str, **values: Any) -> Entry:
    """A rule of the group in a resource of its own."""
    return resource(kind, "r", **{"security_group_id": "sg-1", **values})


def told(*described: Entry, **sections: Any) -> list[tuple[str, str, str, str]]:
    """Each finding: where, which verdict, what is told, and the place."""
    made = plan(*described, **sections)
    found = let_in_no_more(made, openings(made)).findings
    return [(each.address, each.verdict.value, each.observed, each.path) for each in found]


def opens(shown: str, on: str, place: str = "ingress[0].cidr_blocks[0]") -> list[tuple[str, ...]]:
    """The group itself lets in somebody new."""
    observed = f"allows ingress from {shown} to it on {on}, which nothing did before"
    return [(GROUP, "violated", observed, place)]


def may_open(place: str) -> list[tuple[str, ...]]:
    """Whether the group lets in more is for apply to decide."""
    observed = f"may allow more ingress than before: {place} is not known"
    return [(GROUP, "undetermined", observed, place)]


ALL = "every port and protocol"
OFFICE = '"10.0.0.0/16"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([way()], [way()]),
        ([way()], [way("10.0.3.0/24")]),
        ([way()], []),
        ([way("10.0.0.0/17"), way("10.0.128.0/17")], [way()]),
        ([way(last=90), way(first=91, last=99)], [way(last=99)]),
        ([way(last=95), way(first=85, last=99)], [way(last=99)]),
        ([way(first=1, last=100)], [way()]),
        ([way(protocol="-1", first=0, last=0)], [way()]),
        ([way(protocol="-1", first=0, last=0)], [way(protocol="-1", first=0, last=0)]),
        ([way(protocol="all", first=0, last=0)], [way(protocol="udp", first=0, last=65535)]),
        ([way(protocol="6")], [way()]),
        ([way()], [way(protocol="6")]),
        ([way()], [way(protocol="TCP")]),
        ([way(protocol="17")], [way(protocol="udp")]),
        # A type and a code of messages, and no ports.
        ([way(protocol="icmp", first=8, last=0)], [way(protocol="icmp", first=8, last=0)]),
        ([way(protocol="1", first=8, last=0)], [way(protocol="icmp", first=8, last=0)]),
        ([way(protocol="58", first=128, last=0)], [way(protocol="icmpv6", first=128, last=0)]),
        ([way(protocol="icmp", first=8, last=-1)], [way(protocol="icmp", first=8, last=0)]),
        ([way(protocol="icmp", first=-1, last=-1)], [way(protocol="icmp", first=3, last=4)]),
        ([way(protocol="-1", first=0, last=0)], [way(protocol="icmp", first=-1, last=-1)]),
        ([way("0.0.0.0/0", protocol="icmp", first=8, last=0)], [way(protocol="icmp", first=8, last=0)]),
        ([way("", security_groups=["sg-2"])], [way("", security_groups=["sg-2"])]),
        ([way("", self=True)], [way("", self=True)]),
        ([way("0.0.0.0/0")], [way("", security_groups=["sg-2"])]),
        ([way("0.0.0.0/0")], [way("", security_groups=[...])]),
        ([way("", ipv6_cidr_blocks=["2001:db8::/32"])], [way("", ipv6_cidr_blocks=["2001:db8:1::/48"])]),
        ([way("", prefix_list_ids=["pl-1"])], [way("", prefix_list_ids=["pl-1"])]),
        ([way()], [way(first=..., last=..., cidr_blocks=[])]),
    ],
)
def test_no_more_than_before(before: list[Entry], after: list[Entry]) -> None:
    assert told(group(before, after)) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [way()], opens(OFFICE, "tcp port 80")),
        ([way()], [way(last=81)], opens(OFFICE, "tcp ports 80 to 81")),
        ([way()], [way(first=79)], opens(OFFICE, "tcp ports 79 to 80")),
        ([way(first=81, last=99)], [way(first=80, last=99)], opens(OFFICE, "tcp ports 80 to 99")),
        (
            [way(last=89), way(first=91, last=99)],
            [way(last=99)],
            opens(OFFICE, "tcp ports 80 to 99"),
        ),
        ([way()], [way("10.0.0.0/15")], opens('"10.0.0.0/15"', "tcp port 80")),
        ([way("10.0.0.0/17"), way("10.0.129.0/24")], [way()], opens(OFFICE, "tcp port 80")),
        ([way()], [way(protocol="udp")], opens(OFFICE, "udp port 80")),
        ([way(protocol="17")], [way()], opens(OFFICE, "tcp port 80")),
        ([way(protocol="1", first=8, last=0)], [way()], opens(OFFICE, "tcp port 80")),
        ([way(first=0, last=65535)], [way(protocol="-1", first=0, last=0)], opens(OFFICE, ALL)),
        ([way(first=0, last=65535)], [way(protocol="all", first=0, last=0)], opens(OFFICE, ALL)),
        (
            [way(protocol="icmp", first=8, last=0)],
            [way(protocol="icmp", first=3, last=0)],
            opens(OFFICE, "icmp type 3, code 0"),
        ),
        (
            [way(protocol="icmp", first=8, last=0)],
            [way(protocol="icmp", first=8, last=-1)],
            opens(OFFICE, "icmp type 8"),
        ),
        (
            [way(protocol="icmp", first=3, last=4)],
            [way(protocol="icmp", first=-1, last=-1)],
            opens(OFFICE, "icmp every type"),
        ),
        # Type 3 with code 13 is no range that holds type 4 with code 5.
        (
            [way(protocol="icmp", first=3, last=13)],
            [way(protocol="icmp", first=4, last=5)],
            opens(OFFICE, "icmp type 4, code 5"),
        ),
        (
            [way(protocol="icmp", first=8, last=0)],
            [way(protocol="icmpv6", first=8, last=0)],
            opens(OFFICE, "icmpv6 type 8, code 0"),
        ),
        (
            [way("", security_groups=["sg-2"])],
            [way("", security_groups=["sg-3"])],
            opens('"sg-3"', "tcp port 80", "ingress[0].security_groups[0]"),
        ),
        (
            [way("10.0.0.0/8")],
            [way("", security_groups=["sg-2"])],
            opens('"sg-2"', "tcp port 80", "ingress[0].security_groups[0]"),
        ),
        ([way()], [way("", self=True)], opens("itself", "tcp port 80", "ingress[0]")),
        (
            [way("0.0.0.0/0")],
            [way("", ipv6_cidr_blocks=["::/0"])],
            opens('"::/0"', "tcp port 80", "ingress[0].ipv6_cidr_blocks[0]"),
        ),
        (
            [],
            [way("", prefix_list_ids=["pl-1"])],
            opens('"pl-1"', "tcp port 80", "ingress[0].prefix_list_ids[0]"),
        ),
        ([way()], [way(...)], may_open("ingress[0].cidr_blocks[0]")),
        ([way()], [way(protocol=...)], may_open("ingress[0].cidr_blocks[0]")),
        ([way()], [way(last=...)], may_open("ingress[0].cidr_blocks[0]")),
        ([way()], [way(first=...)], may_open("ingress[0].cidr_blocks[0]")),
        ([way()], [...], may_open("ingress[0]")),
        # What is sure comes before what may be, wherever it is written; of equals the first is told.
        (
            [way()],
            [way(...), way("10.0.0.0/8")],
            opens('"10.0.0.0/8"', "tcp port 80", "ingress[1].cidr_blocks[0]"),
        ),
        ([way()], [way("10.0.0.0/8"), way(...)], opens('"10.0.0.0/8"', "tcp port 80")),
        ([way()], [way("10.0.0.0/8"), way("11.0.0.0/8")], opens('"10.0.0.0/8"', "tcp port 80")),
    ],
)  # fmt: skip
def test_more_than_before(before: list[Entry], after: list[Entry], expected: list[Any]) -> None:
    assert told(group(before, after)) == expected


def test_a_rule_may_move_to_a_resource_of_its_own() -> None:
    older = {"type": "ingress", "protocol": "tcp", "from_port": 80, "to_port": 80}
    newer = {"ip_protocol": "tcp", "from_port": 80, "to_port": 80}
    before = group([way()], [])
    assert told(before, rule(RULE, cidr_blocks=["10.0.0.0/16"], **older)) == []
    assert told(before, rule(SEPARATE, cidr_ipv4="10.0.0.0/16", **newer)) == []
    there = {"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/16", **newer}
    goes = resource(SEPARATE, "old", actions=["delete"], before=there)
    assert told(group([], [way()]), goes) == []


@pytest.mark.parametrize(
    ("kind", "values", "shown", "place"),
    [
        (RULE, {"cidr_blocks": ["11.0.0.0/8"]}, '"11.0.0.0/8"', "cidr_blocks[0]"),
        (RULE, {"ipv6_cidr_blocks": ["::/0"]}, '"::/0"', "ipv6_cidr_blocks[0]"),
        (RULE, {"source_security_group_id": "sg-2"}, '"sg-2"', "source_security_group_id"),
        (RULE, {"prefix_list_ids": ["pl-1"]}, '"pl-1"', "prefix_list_ids[0]"),
        (RULE, {"self": True}, "itself", ""),
        (SEPARATE, {"cidr_ipv4": "11.0.0.0/8"}, '"11.0.0.0/8"', "cidr_ipv4"),
        (SEPARATE, {"cidr_ipv6": "::/0"}, '"::/0"', "cidr_ipv6"),
        (SEPARATE, {"referenced_security_group_id": "sg-2"}, '"sg-2"', "referenced_security_group_id"),
        (SEPARATE, {"prefix_list_id": "pl-1"}, '"pl-1"', "prefix_list_id"),
    ],
)
def test_a_rule_of_its_own_is_one_more_way_in(kind: str, values: Entry, shown: str, place: str) -> None:
    spoken = {"protocol": "tcp", "type": "ingress"} if kind == RULE else {"ip_protocol": "tcp"}
    added = rule(kind, **spoken, from_port=80, to_port=80, **values)
    observed = f"allows ingress from {shown} to {GROUP} on tcp port 80, which nothing did before"
    assert told(group([way()], [way()]), added) == [(f"{kind}.r", "violated", observed, place)]


def test_a_rule_that_lets_out_lets_nobody_in() -> None:
    out: dict[str, Any] = {
        "type": "egress",
        "protocol": "-1",
        "cidr_blocks": ["0.0.0.0/0"],
        "from_port": 0,
        "to_port": 0,
    }
    assert told(group([way()], [way()]), rule(RULE, **out)) == []
    existed = resource(RULE, "o", actions=["no-op"], security_group_id="sg-1", **out)
    assert told(group([], [way()]), existed) == opens(OFFICE, "tcp port 80")


def test_a_group_that_the_plan_makes_had_nothing_before() -> None:
    new = resource("aws_security_group", "new", id=..., ingress=[way("0.0.0.0/0")])
    assert told(new) == []
    named = rule(SEPARATE, security_group_id=..., cidr_ipv4="0.0.0.0/0", ip_protocol="-1")
    of_new = refers("aws_security_group.new.id", "aws_security_group.new")
    source = configuration(
        block("aws_security_group", "new"), block(SEPARATE, "r", security_group_id=of_new)
    )
    assert told(new, named, configuration=source) == []


def test_a_rule_of_a_group_that_cannot_be_told_is_open() -> None:
    told_of = {"cidr_ipv4": "10.0.0.0/16", "ip_protocol": "tcp", "from_port": 80, "to_port": 80}
    lost = rule(SEPARATE, security_group_id=..., **told_of)
    observed = "may allow more ingress than before: cidr_ipv4 is not known"
    assert told(group([way()], [way()]), lost) == [
        (f"{SEPARATE}.r", "undetermined", observed, "cidr_ipv4")
    ]


def test_what_nobody_wrote_is_not_a_way_in() -> None:
    """The provider reports the group of an older rule, and the blocks of a group, in any case."""
    ranges = {"cidr_blocks": ["10.0.0.0/16"], "protocol": "tcp", "from_port": 80, "to_port": 80}
    older = rule(RULE, type="ingress", source_security_group_id=..., **ranges)
    silent = configuration(block("aws_security_group", "g"), block(RULE, "r"))
    assert told(group([way()], ...), older, configuration=silent) == []
    written = refers("var.group")
    loud = configuration(
        block("aws_security_group", "g", ingress=written),
        block(RULE, "r", source_security_group_id=written),
    )
    places = [each[3] for each in told(group([way()], ...), older, configuration=loud)]
    assert places == ["ingress[]", "source_security_group_id[]"]
