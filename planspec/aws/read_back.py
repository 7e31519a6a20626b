"""Which rules inside a security group did a refresh read back from separate rules?

The provider writes every rule that a group has into the computed `ingress` and `egress` of the group,
also those of resources of their own. Such a block says nothing new: its resource is judged by itself.
Source: AWS provider, `aws_security_group`, and issue 42742.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from planspec.plan import Known, Network, Plan, ResourceChange, Value, network
from planspec.references import graph

DIRECTIONS: Final = ("ingress", "egress")
_RULE: Final = "aws_security_group_rule"
_EVERY_PROTOCOL: Final = "-1"
_PROTOCOLS: Final = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
# Where each kind of rule writes the other side.
_INSIDE: Final = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
_OLD: Final = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "source_security_group_id")
_SEPARATE: Final = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
_ITSELF: Final = "itself"


class Traffic(NamedTuple):
    """What one rule is about: the protocol, the ports, and the other side."""

    protocol: str
    ports: tuple[int, int] | None
    peer: Network | str


class Source(NamedTuple):
    """A resource that makes a rule; `stays`: it makes it after the change too."""

    rule: ResourceChange
    stays: bool


Block = dict[Traffic, Source | None]
"""The parts of a block, each with what makes it; no part where the plan does not state them all."""

_Made = dict[tuple[str, str], dict[Traffic, Source]]


def blocks(plan: Plan, group: ResourceChange, direction: str) -> Iterator[tuple[Value, Block]]:
    """Yield the blocks of a group, each with what makes it.

    Nothing is explained where the source writes rules inside the group, or is not in the plan: a rule
    may be about to move into it.
    """
    identity = _text(group.after.get("id"))
    written = not graph(plan).has_block(group) or graph(plan).is_written(group, direction)
    made = {} if written else plan.attached(_made).get((identity, direction), {})
    for block in group.after.get(direction).elements():
        parts = _traffic(block, "protocol", _INSIDE, identity)
        yield block, {traffic: made.get(traffic) for traffic in parts}


def unexplained(plan: Plan, group: ResourceChange, direction: str) -> Iterator[Value]:
    """Yield the blocks of a group that no resource of the plan makes: they have to be judged there."""
    for place, block in blocks(plan, group, direction):
        if not block or None in block.values():
            yield place


def _made(plan: Plan) -> _Made:
    """What the rules with resources of their own make, by the group's id and the direction.

    A rule that the plan deletes or changes is still in what was read; one that stays goes first. One
    that Terraform only forgets stays in the group, where nothing explains it any more.
    """
    found: _Made = {}
    for rule, direction, protocol, sides in _rules(plan):
        goes = rule.will_exist or rule.destroyed
        for values, stays in ((rule.after, True), (rule.before, False)):
            identity = _text(values.get("security_group_id"))
            if not identity or not (stays or goes):
                continue
            made = found.setdefault((identity, direction), {})
            for traffic in _traffic(values, protocol, sides, identity):
                if stays or traffic not in made:
                    made[traffic] = Source(rule, stays)
    return found


def _rules(plan: Plan) -> Iterator[tuple[ResourceChange, str, str, Sequence[str]]]:
    for direction in DIRECTIONS:
        for rule in plan.resources(f"aws_vpc_security_group_{direction}_rule"):
            yield rule, direction, "ip_protocol", _SEPARATE
    for rule in plan.resources(_RULE):
        direction = _text(rule.values.get("type"))
        if direction in DIRECTIONS:
            yield rule, direction, "protocol", _OLD


def _traffic(values: Value, protocol: str, sides: Sequence[str], group: str) -> Iterator[Traffic]:
    """What a rule is about, part by part; nothing where any part of it is not stated."""
    spoken = _text(values.get(protocol)).lower()
    spoken = _PROTOCOLS.get(spoken, spoken)
    ports = _ports(values, spoken)
    peers = [element for side in sides for element in values.get(side).elements()]
    texts = [_text(each) for each in peers]
    if not spoken or (ports is None and spoken != _EVERY_PROTOCOL) or not all(texts):
        return
    for text in texts:
        peer = _ITSELF if text == group else network(text) or text
        yield Traffic(spoken, ports, peer)
    if values.get("self").peek() == Known(True):
        yield Traffic(spoken, ports, _ITSELF)


def _ports(values: Value, protocol: str) -> tuple[int, int] | None:
    if protocol == _EVERY_PROTOCOL:
        return None
    match values.get("from_port").peek(), values.get("to_port").peek():
        case Known(int(first)), Known(int(last)):
            return (first, last)
        case _:
            return None


def _text(value: Value) -> str:
    match value.peek():
        case Known(str(text), False):
            return text
        case _:
            return ""
