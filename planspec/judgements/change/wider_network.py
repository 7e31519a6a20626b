"""Does a change allow more ingress than before?

What every security group lets in before and after the change, from whatever resource says so, so that
a rule that only moves to another resource lets in nothing new.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from itertools import pairwise
from typing import NamedTuple

from planspec.aws import GROUPS, Owners, existed
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.plan import UNKNOWN, Known, Network, Plan, ResourceChange, Value, holds, network
from planspec.references import graph

EXPECTED = "no more ingress than before"
REMEDY = "leave the rule as it was, or approve the change by name with --override"
RULE = "aws_security_group_rule"
SEPARATE = "aws_vpc_security_group_ingress_rule"
# Where the kinds of rules write the other side: address ranges first, then groups and lists.
_INSIDE = ("cidr_blocks", "ipv6_cidr_blocks", "security_groups", "prefix_list_ids")
_OLD = ("cidr_blocks", "ipv6_cidr_blocks", "source_security_group_id", "prefix_list_ids")
_SEPARATE = ("cidr_ipv4", "cidr_ipv6", "referenced_security_group_id", "prefix_list_id")
ALL_PROTOCOLS = frozenset({"-1", "all"})
# Their rules state a type and a code of messages in the place of ports; -1 is every one. Source: Amazon
# EC2 API Reference, IpPermission.
MESSAGES = frozenset({"icmp", "icmpv6"})
LAST_PORT = 65535
EVERYBODY = IPv4Network("0.0.0.0/0")


class Opening(NamedTuple):
    """One way in: where it is written, the protocol, the ports, and who may use it.

    `protocol` and `ports` are None where apply decides. A `source` is an address range, a text for
    a group or a list, or None where apply decides.
    """

    resource: ResourceChange
    place: Value
    protocol: str | None
    ports: tuple[int, int] | None
    source: Network | str | None
    shown: str


def openings(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return what lets traffic in after the change: groups, and rules of their own."""
    return plan.remaining(*GROUPS, RULE, SEPARATE)


def let_in_no_more(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no existing security group allows more ingress than before.

    A group that the plan makes, and its rules, are examined and have nothing before them. A rule
    whose group cannot be determined is undetermined.
    Source: Amazon VPC User Guide, "Security group rules".
    """
    owners = plan.attached(Owners)
    before = _before(plan, owners)
    findings: list[Finding] = []
    for owner, openings in _after(plan, owners).items():
        findings += _wider(owner, openings, before.get(owner, ()))
    examined = dict.fromkeys(each.address for each in chosen)
    return judge(examined, (each for each in findings if each.address in examined))


def _before(plan: Plan, owners: Owners) -> dict[str, list[Opening]]:
    found: dict[str, list[Opening]] = {}
    for group in plan.resources(*GROUPS):
        if existed(group):
            found.setdefault(group.address, []).extend(_blocks(plan, group, group.before))
    for rule in (*plan.resources(RULE), *plan.resources(SEPARATE)):
        if existed(rule):
            for owner in owners.before(rule, ("security_group_id",), GROUPS[0]):
                found.setdefault(owner, []).extend(_of_rule(plan, rule, rule.before))
    return found


def _after(plan: Plan, owners: Owners) -> dict[str, list[Opening]]:
    """The openings of groups that exist; under "" those of which it cannot be told."""
    found: dict[str, list[Opening]] = {}
    for group in filter(existed, plan.remaining(*GROUPS)):
        unread = group.after.get("ingress").peek() is UNKNOWN
        if not unread or graph(plan).is_written(group, "ingress"):
            found.setdefault(group.address, []).extend(_blocks(plan, group, group.after))
    for rule in (*plan.remaining(RULE), *plan.remaining(SEPARATE)):
        for owner in owners.after(rule, ("security_group_id",), GROUPS[0]) or ("",):
            if not owners.is_new(owner):
                found.setdefault(owner, []).extend(_of_rule(plan, rule, rule.after))
    return found


def _blocks(plan: Plan, group: ResourceChange, values: Value) -> Iterator[Opening]:
    for block in values.get("ingress").elements():
        yield from _openings(plan, group, block, "protocol", _INSIDE)


def _of_rule(plan: Plan, rule: ResourceChange, values: Value) -> Iterator[Opening]:
    if rule.type == SEPARATE:
        yield from _openings(plan, rule, values, "ip_protocol", _SEPARATE)
    elif values.get("type").peek() != Known("egress"):
        yield from _openings(plan, rule, values, "protocol", _OLD)


def _openings(
    plan: Plan, resource: ResourceChange, block: Value, protocol: str, sides: Sequence[str]
) -> Iterator[Opening]:
    spoken = block.get(protocol).reading
    said = str(spoken.value).lower() if isinstance(spoken, Known) else None
    ports = _ports(block, said)
    if block.peek() is UNKNOWN:
        yield Opening(resource, block, None, None, None, block.shown)
        return
    for side in sides:
        for place in block.get(side).elements():
            match place.reading:
                case Known(str(text)) if text:
                    yield Opening(resource, place, said, ports, network(text) or text, place.shown)
                case state if state is UNKNOWN and _written(plan, resource, side):
                    yield Opening(resource, place, said, ports, None, place.shown)
    if block.get("self").reading == Known(True):
        yield Opening(resource, block, said, ports, "self", "itself")


def _written(plan: Plan, resource: ResourceChange, side: str) -> bool:
    """Whether somebody wrote it: the provider reports `source_security_group_id` in any case."""
    return side != "source_security_group_id" or graph(plan).is_written(resource, side)


def _ports(block: Value, protocol: str | None) -> tuple[int, int] | None:
    if protocol in ALL_PROTOCOLS:
        return (0, LAST_PORT)
    match block.get("from_port").reading, block.get("to_port").reading:
        case Known(int(first)), Known(int(last)):
            return (first, last)
        case _:
            return None


def _wider(owner: str, openings: Iterable[Opening], before: Sequence[Opening]) -> Iterator[Finding]:
    """One finding for each resource that lets in more; the worst of its openings."""
    worst: dict[str, tuple[bool, Opening]] = {}
    # Most rules stay: to compare each with all others takes minutes where a group has thousands.
    stood = {_traffic(each) for each in before}
    for opening in openings:
        if _is_whole(opening) and _traffic(opening) in stood:
            continue
        answer = _is_more(opening, before)
        if answer is False:
            continue
        decided = answer is True and bool(owner)
        known = worst.get(opening.resource.address)
        if known is None or decided > known[0]:
            worst[opening.resource.address] = (decided, opening)
    for address, (decided, opening) in worst.items():
        whose = f"to {owner}" if owner and owner != address else "to it"
        yield Finding(
            address,
            Verdict.VIOLATED if decided else Verdict.UNDETERMINED,
            f"allows ingress from {opening.shown} {whose} on {_shown(opening)}, which nothing did before"
            if decided
            else f"may allow more ingress than before: {opening.place.path or 'its group'} is not known",
            EXPECTED,
            opening.place.path,
            REMEDY,
        )


def _traffic(opening: Opening) -> tuple[object, ...]:
    return opening.protocol, opening.ports, opening.source


def _is_whole(opening: Opening) -> bool:
    """Whether it is known, and about ports: what stood before as it is now is then no more."""
    known = opening.protocol is not None and opening.source is not None
    return known and opening.ports is not None and opening.ports[0] <= opening.ports[1]


def _is_more(opening: Opening, before: Sequence[Opening]) -> bool | None:
    """Whether nothing that was open before covers the opening; None where apply decides."""
    if opening.protocol is None or opening.ports is None:
        return None
    same = [each for each in before if _speaks(each, opening.protocol)]
    if _spoken(opening.protocol) in MESSAGES:
        return _more(opening, [each for each in same if _lets_message_in(each, opening.ports)])
    answers = [
        _more(opening, [each for each in same if _is_open_on(each, ports)])
        for ports in _segments(opening.ports, same)
    ]
    return True if True in answers else None if None in answers else False


def _spoken(protocol: str | None) -> str | None:
    names: Mapping[str, str] = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
    return names.get(protocol or "", protocol)


def _speaks(before: Opening, protocol: str) -> bool:
    return _spoken(before.protocol) in ("-1", _spoken(protocol))


def _lets_message_in(before: Opening, message: tuple[int, int]) -> bool:
    """Whether messages of this type and code, or of all of them, came in before; -1 is every one."""
    if before.ports is None or before.protocol in ALL_PROTOCOLS:
        return before.ports is not None
    return all(was in (-1, now) for was, now in zip(before.ports, message, strict=True))


def _is_open_on(before: Opening, ports: tuple[int, int]) -> bool:
    return before.ports is not None and before.ports[0] <= ports[0] <= ports[1] <= before.ports[1]


def _segments(ports: tuple[int, int], before: Sequence[Opening]) -> Iterator[tuple[int, int]]:
    """The ports in pieces, each wholly inside or outside of what was open before."""
    first, last = ports
    edges = {first, last + 1}
    for each in before:
        if each.ports is not None:
            edges |= {edge for edge in (each.ports[0], each.ports[1] + 1) if first < edge <= last}
    ordered = sorted(edges)
    yield from ((low, high - 1) for low, high in pairwise(ordered))


def _more(opening: Opening, here: Sequence[Opening]) -> bool | None:
    """Whether none of these, which were open for the same traffic, let its source in."""
    networks = [each.source for each in here if not isinstance(each.source, str | None)]
    if not isinstance(opening.source, str | None):
        return not holds(networks, opening.source)
    if holds(networks, EVERYBODY):  # whatever has an address in our networks could come in before
        return False
    return None if opening.source is None else all(each.source != opening.source for each in here)


def _shown(opening: Opening) -> str:
    if opening.protocol in ALL_PROTOCOLS:
        return "every port and protocol"
    first, last = opening.ports or (0, 0)
    if _spoken(opening.protocol) in MESSAGES:
        kind = "every type" if first < 0 else f"type {first}"
        return f"{opening.protocol} {kind}" + ("" if last < 0 else f", code {last}")
    return f"{opening.protocol} " + (f"port {first}" if first == last else f"ports {first} to {last}")
