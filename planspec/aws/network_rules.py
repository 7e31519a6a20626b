"""Which rules allow ingress and egress, from where and to where?

Three resources say the same thing in three ways: blocks inside a security group, rules of
`aws_security_group_rule`, and `aws_vpc_security_group_ingress_rule`. They become one kind of rule.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

from planspec.aws.read_back import unexplained
from planspec.plan import UNKNOWN, Known, Plan, Reading, ResourceChange, Value
from planspec.references import graph

GROUPS = ("aws_security_group", "aws_default_security_group")
# Where each kind of rule names the security group of the other side; a block in a group has its own.
GROUP_SOURCES = {
    "aws_security_group_rule": "source_security_group_id",
    "aws_vpc_security_group_egress_rule": "referenced_security_group_id",
    "aws_vpc_security_group_ingress_rule": "referenced_security_group_id",
}
GROUPS_OF_BLOCK = "security_groups"
LOAD_BALANCERS = ("aws_lb", "aws_alb", "aws_elb")

# RFC 1918, RFC 6598 (shared by carriers), link-local and loopback; RFC 4193 and RFC 4291 for IPv6.
_PRIVATE_IPV4 = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("169.254.0.0/16"),
    IPv4Network("127.0.0.0/8"),
)
_PRIVATE_IPV6 = (IPv6Network("fc00::/7"), IPv6Network("fe80::/10"), IPv6Network("::1/128"))


class Rule(NamedTuple):
    """One way in or out: where it is written, its group, the other side's addresses, its ports."""

    resource: ResourceChange
    place: Value
    group: tuple[str, ...] | None
    sources: tuple[Value, ...]
    prefix_lists: tuple[Value, ...]
    protocol: Value
    from_port: Value
    to_port: Value
    groups: tuple[Value, ...] = ()


def ingress_rules(plan: Plan) -> tuple[Rule, ...]:
    """Return every rule that lets traffic into a security group that the plan leaves in place.

    `group` holds the addresses of the group; None where it cannot be told which group it is.
    """
    return plan.once(_ingress)


def egress_rules(plan: Plan) -> tuple[Rule, ...]:
    """Return every rule that lets traffic out; `sources` are then the addresses that it may go to.

    A group without such a rule lets nothing out: the provider takes AWS's own rule away.
    """
    return plan.once(_egress)


def _ingress(plan: Plan) -> tuple[Rule, ...]:
    return tuple(_rules(plan, "ingress", "egress"))


def _egress(plan: Plan) -> tuple[Rule, ...]:
    return tuple(_rules(plan, "egress", "ingress"))


def _rules(plan: Plan, direction: str, other: str) -> Iterator[Rule]:
    for group in plan.remaining(*GROUPS):
        if group.after.get(direction).peek() is UNKNOWN and not graph(plan).is_written(group, direction):
            continue  # nobody wrote rules inside the group; the provider reports them after apply
        for block in unexplained(plan, group, direction):
            yield _rule(group, block, (group.address,), ("cidr_blocks", "ipv6_cidr_blocks"))
    for rule in plan.remaining("aws_security_group_rule"):
        if rule.after.get("type").reading != Known(other):
            owner = _group_of(plan, rule)
            yield _rule(rule, rule.after, owner, ("cidr_blocks", "ipv6_cidr_blocks"))
    for rule in plan.remaining(f"aws_vpc_security_group_{direction}_rule"):
        yield _rule(rule, rule.after, _group_of(plan, rule), ("cidr_ipv4", "cidr_ipv6"))


def _rule(
    resource: ResourceChange,
    place: Value,
    group: tuple[str, ...] | None,
    sources: tuple[str, str],
) -> Rule:
    separate = "cidr_ipv4" in sources
    return Rule(
        resource,
        place,
        group,
        tuple(element for name in sources for element in place.get(name).elements()),
        place.get("prefix_list_id" if separate else "prefix_list_ids").elements(),
        place.get("ip_protocol" if separate else "protocol"),
        place.get("from_port"),
        place.get("to_port"),
        place.get(GROUP_SOURCES.get(resource.type, GROUPS_OF_BLOCK)).elements(),
    )


def _group_of(plan: Plan, rule: ResourceChange) -> tuple[str, ...] | None:
    return graph(plan).targets(rule, ("security_group_id",), "aws_security_group")


def is_world(source: Value, widest_ipv4: int, widest_ipv6: int) -> bool | None:
    """Whether a source is the internet: a range of public addresses wider than the stated prefix.

    `0.0.0.0/0` in two halves is as open as in one piece. None: the plan does not say.
    """
    match source.reading:
        case Known(str(text)):
            try:
                network = ip_network(text, strict=False)
            except ValueError:
                return None
            widest = widest_ipv4 if network.version == 4 else widest_ipv6
            return network.prefixlen < widest and not _is_private(network)
        case state:
            return None if state is UNKNOWN else False


def _is_private(network: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv4Network):
        return any(network.subnet_of(private) for private in _PRIVATE_IPV4)
    return any(network.subnet_of(private) for private in _PRIVATE_IPV6)


def load_balancer_groups(plan: Plan) -> tuple[frozenset[str], bool]:
    """Return the security groups of load balancers, and whether every one of them could be told."""
    groups: set[str] = set()
    complete = True
    for balancer in plan.remaining(*LOAD_BALANCERS):
        named = graph(plan).targets(balancer, ("security_groups",), "aws_security_group")
        complete &= named is not None
        groups.update(named or ())
    return frozenset(groups), complete


def ports_within(rule: Rule, ports: Sequence[int]) -> tuple[bool, bool]:
    """Whether the ports are known, and whether all of them are accepted ones over TCP."""
    readings = [rule.protocol.reading, rule.from_port.reading, rule.to_port.reading]
    if UNKNOWN in readings:
        # One part that is wrong whatever apply decides about the others is enough.
        return any(_surely_outside(readings, ports)), False
    match readings:
        case [Known(protocol), Known(int(first)), Known(int(last))]:
            inside = all(port in ports for port in range(first, min(last, 65535) + 1))
            return True, str(protocol).lower() in {"tcp", "6"} and first <= last and inside
        case _:
            return True, False


def _surely_outside(readings: Sequence[Reading], ports: Sequence[int]) -> Iterator[bool]:
    protocol, *ends = readings
    yield isinstance(protocol, Known) and str(protocol.value).lower() not in {"tcp", "6"}
    yield from (isinstance(end, Known) and end.value not in ports for end in ends)


def ports_shown(rule: Rule) -> str:
    """Write the ports of a rule for people."""
    first, last = rule.from_port.shown, rule.to_port.shown
    match [rule.protocol.peek(), rule.from_port.peek(), rule.to_port.peek()]:
        case [Known(protocol), *_] if str(protocol) in {"-1", "all"}:
            return "every port and protocol"
        case [Known(), Known(), Known()]:
            ports = f"port {first}" if first == last else f"ports {first} to {last}"
            return f"{rule.protocol.shown} {ports}".replace('"', "")
        case _:
            return "ports that are known only after apply"
