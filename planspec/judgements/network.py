"""Which rules let traffic in, and from where?

Three resources say the same thing in three ways: blocks inside a security group, rules of
`aws_security_group_rule`, and `aws_vpc_security_group_ingress_rule`. They become one kind of rule.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import UNKNOWN, Known, Value

GROUPS = ("aws_security_group", "aws_default_security_group")
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


class IngressRule(NamedTuple):
    """One way in: where it is written, the group it belongs to, its sources and its ports."""

    resource: ResourceChange
    place: Value
    group: tuple[str, ...] | None
    sources: tuple[Value, ...]
    prefix_lists: tuple[Value, ...]
    protocol: Value
    from_port: Value
    to_port: Value


def ingress_rules(plan: Plan) -> Iterator[IngressRule]:
    """Yield every rule that lets traffic into a security group that the plan leaves in place.

    `group` holds the addresses of the group; None where it cannot be told which group it is.
    """
    for group in plan.remaining(*GROUPS):
        ingress = group.after.get("ingress")
        if ingress.peek() is UNKNOWN and not graph(plan).is_written(group, "ingress"):
            continue  # nobody wrote rules inside the group; the provider reports them after apply
        for block in ingress.elements():
            yield _rule(group, block, (group.address,), ("cidr_blocks", "ipv6_cidr_blocks"))
    for rule in plan.remaining("aws_security_group_rule"):
        if rule.after.get("type").reading != Known("egress"):
            owner = _group_of(plan, rule)
            yield _rule(rule, rule.after, owner, ("cidr_blocks", "ipv6_cidr_blocks"))
    for rule in plan.remaining("aws_vpc_security_group_ingress_rule"):
        yield _rule(rule, rule.after, _group_of(plan, rule), ("cidr_ipv4", "cidr_ipv6"))


def _rule(
    resource: ResourceChange,
    place: Value,
    group: tuple[str, ...] | None,
    sources: tuple[str, str],
) -> IngressRule:
    separate = "cidr_ipv4" in sources
    return IngressRule(
        resource,
        place,
        group,
        tuple(element for name in sources for element in place.get(name).elements()),
        place.get("prefix_list_id" if separate else "prefix_list_ids").elements(),
        place.get("ip_protocol" if separate else "protocol"),
        place.get("from_port"),
        place.get("to_port"),
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
