"""Which rules of which provider allow ingress or egress, from where and on which ports?

Amazon's, Azure's and Google's rules become one shape: an opening. What a rule does not tell is kept as
not told, so that nothing can pass by it. Network ACLs are not read: they narrow what groups let in.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from planspec.aws import GROUPS, egress_rules, ingress_rules
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

AZURE_GROUP: Final = "azurerm_network_security_group"
AZURE_RULE: Final = "azurerm_network_security_rule"
GOOGLE: Final = "google_compute_firewall"
_AMAZON: Final = (*GROUPS, "aws_security_group_rule")
# Rules of other shapes. They are undetermined, so that a plan that has them does not pass by them.
NOT_READ: Final = (
    *("alicloud_security_group_rule", "awscc_ec2_security_group", "awscc_ec2_security_group_ingress"),
    *("awscc_ec2_security_group_egress", "azurerm_firewall_policy_rule_collection_group"),
    *("azurerm_firewall_nat_rule_collection", "azurerm_firewall_network_rule_collection"),
    *("digitalocean_firewall", "google_compute_firewall_policy_rule"),
    *("google_compute_network_firewall_policy_rule",),
    *(
        "google_compute_region_network_firewall_policy_rule",
        "hcloud_firewall",
        "ibm_is_security_group_rule",
    ),
    *("linode_firewall", "oci_core_network_security_group_security_rule", "oci_core_security_list"),
    *("openstack_networking_secgroup_rule_v2", "scaleway_instance_security_group"),
    *("vultr_firewall_rule", "yandex_vpc_security_group", "yandex_vpc_security_group_rule"),
)
_LAST: Final = 65535
_EVERY_PORT: Final = (range(_LAST + 1),)
_WITH_PORTS: Final = frozenset({"tcp", "6", "udp", "17", "sctp", "132"})
_WITHOUT_PORTS: Final = frozenset(
    {
        *(
            "icmp",
            "1",
            "icmpv6",
            "58",
            "ipv6-icmp",
            "esp",
            "50",
            "ah",
            "51",
            "gre",
            "47",
            "ipip",
            "4",
            "94",
        )
    }
)
_ALL_PROTOCOLS: Final = frozenset({"-1", "all", "*"})


class Ports(NamedTuple):
    """The ports that a rule is about: those that are sure, and whether others may come to them."""

    sure: tuple[range, ...] = ()
    perhaps_more: bool = False


_UNTOLD: Final = Ports((), perhaps_more=True)


class Opening(NamedTuple):
    """One rule that lets traffic through, and where it stands.

    `everybody`: it names no other side, which means all of them; None if it cannot be told.
    `sure`: it is surely of this direction, and lets through.
    """

    resource: ResourceChange
    place: Value
    peers: tuple[Value, ...]
    ports: Ports
    everybody: bool | None = False
    sure: bool = True


def holders(plan: Plan, *, inbound: bool) -> tuple[ResourceChange, ...]:
    """Return the resources that hold rules of this direction, and will exist."""
    kinds = (*_AMAZON, f"aws_vpc_security_group_{'ingress' if inbound else 'egress'}_rule")
    found = plan.remaining(*kinds, AZURE_GROUP, AZURE_RULE, GOOGLE, *NOT_READ)
    return tuple(each for each in found if _direction(plan, each, inbound=inbound) is not False)


def _direction(plan: Plan, resource: ResourceChange, *, inbound: bool) -> bool | None:
    """Whether a resource that is one rule has this direction; a group may have rules of both."""
    match resource.type:
        case "aws_security_group_rule":
            return _is(resource.after.get("type"), "ingress" if inbound else "egress")
        case kind if kind == AZURE_RULE:
            return _is(resource.after.get("direction"), "inbound" if inbound else "outbound")
        case kind if kind == GOOGLE:
            return _google_direction(plan, resource, inbound=inbound)
        case _:
            return True


def openings(plan: Plan, *, inbound: bool) -> Iterator[Opening]:
    """Yield every rule of this direction that lets traffic through."""
    yield from _amazon(plan, inbound=inbound)
    yield from _azure(plan, inbound=inbound)
    yield from _google(plan, inbound=inbound)


def _amazon(plan: Plan, *, inbound: bool) -> Iterator[Opening]:
    for rule in (ingress_rules if inbound else egress_rules)(plan):
        peers = tuple(each for each in (*rule.sources, *rule.prefix_lists) if each.is_set is not False)
        ports = _ports_between(rule.protocol, rule.from_port, rule.to_port)
        sure = _direction(plan, rule.resource, inbound=inbound) is True
        yield Opening(rule.resource, rule.place, peers, ports, sure=sure)


def _ports_between(protocol: Value, first: Value, last: Value) -> Ports:
    """The ports of a rule of Amazon.

    Source: Amazon EC2 API, IpPermission: -1 means all ports, and so does a protocol other than TCP, UDP
    and ICMP.
    """
    spoken = _text(protocol)
    if spoken is None:
        return _UNTOLD
    if spoken in _WITHOUT_PORTS:
        return Ports()
    if spoken not in {"tcp", "6", "udp", "17"}:
        return Ports(_EVERY_PORT)
    match first.reading, last.reading:
        case Known(int(begin)), Known(int(end)):
            return Ports(_EVERY_PORT if begin < 0 else (range(begin, end + 1),))
        case _:
            return _UNTOLD


def _azure(plan: Plan, *, inbound: bool) -> Iterator[Opening]:
    for group in plan.remaining(AZURE_GROUP):
        if _is_left_out(plan, group, "security_rule"):
            continue  # nobody wrote rules inside the group; the provider reports them after apply
        for block in group.after.get("security_rule").elements():
            yield from _azure_rule(group, block, inbound=inbound)
    for rule in plan.remaining(AZURE_RULE):
        yield from _azure_rule(rule, rule.after, inbound=inbound)


def _azure_rule(resource: ResourceChange, rule: Value, *, inbound: bool) -> Iterator[Opening]:
    """Read one rule of Azure, if it lets through; another one may still refuse the same traffic."""
    answers = (
        _is(rule.get("direction"), "inbound" if inbound else "outbound"),
        _is(rule.get("access"), "allow"),
    )
    if False in answers:
        return
    side = "source" if inbound else "destination"
    peers = (
        *rule.get(f"{side}_address_prefix").elements(),
        *rule.get(f"{side}_address_prefixes").elements(),
    )
    written = (
        *rule.get("destination_port_range").elements(),
        *rule.get("destination_port_ranges").elements(),
    )
    yield Opening(
        resource,
        rule,
        _set(peers),
        _ports_written(rule.get("protocol"), _set(written)),
        sure=None not in answers,
    )


def _google(plan: Plan, *, inbound: bool) -> Iterator[Opening]:
    """Read the firewall rules of Google.

    Source: Compute Engine API, Firewall: the direction is INGRESS unless it is set; without ranges, tags
    and service accounts a rule is about everybody; without ports, about all of them.
    """
    for rule in plan.remaining(GOOGLE):
        direction = _google_direction(plan, rule, inbound=inbound)
        disabled = rule.after.get("disabled").reading
        if direction is False or disabled == Known(True):
            continue
        ranges = "source_ranges" if inbound else "destination_ranges"
        others = ("source_tags", "source_service_accounts") if inbound else ()
        sets = [_sets(plan, rule, name) for name in (ranges, *others)]
        everybody = False if True in sets else None if None in sets else True
        peers = () if sets[0] is False else _set(rule.after.get(ranges).elements())
        sure = direction is True and disabled is not UNKNOWN
        for allow in rule.after.get("allow").elements():
            ports = _ports_written(
                allow.get("protocol"), _set(allow.get("ports").elements()), all_of_none=True
            )
            yield Opening(rule, allow, peers, ports, everybody, sure)


def _google_direction(plan: Plan, rule: ResourceChange, *, inbound: bool) -> bool | None:
    place = rule.after.get("direction")
    if _is_left_out(plan, rule, "direction") or place.is_set is False:
        return inbound
    return _is(place, "ingress" if inbound else "egress")


def _sets(plan: Plan, rule: ResourceChange, name: str) -> bool | None:
    """Whether an attribute is set; what nobody wrote, and only the provider fills in, is not."""
    return False if _is_left_out(plan, rule, name) else rule.after.get(name).is_set


def _is_left_out(plan: Plan, resource: ResourceChange, name: str) -> bool:
    """Whether the plan leaves the attribute open, and its block is there without it."""
    return resource.after.get(name).peek() is UNKNOWN and not graph(plan).is_written(resource, name)


def _ports_written(protocol: Value, written: tuple[Value, ...], *, all_of_none: bool = False) -> Ports:
    """The ports that texts such as "22", "20-30" and "*" are."""
    spoken = _text(protocol)
    if spoken in _WITHOUT_PORTS:
        return Ports()
    if not written and all_of_none:
        return Ports(_EVERY_PORT) if spoken is not None else _UNTOLD
    found = [_span(_text(each)) for each in written]
    sure = tuple(each for each in found if each is not None)
    known = spoken in _WITH_PORTS | _ALL_PROTOCOLS
    return Ports(sure, perhaps_more=None in found or not found) if known else _UNTOLD


def _span(text: str | None) -> range | None:
    """The ports of one text; None if it is none, or not known."""
    if text == "*":
        return _EVERY_PORT[0]
    first, dash, last = (text or "").partition("-")
    if not (first.isdecimal() and (last.isdecimal() or not dash)):
        return None
    return range(int(first), int(last or first) + 1)


def _set(places: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(each for each in places if each.is_set is not False)


def _is(place: Value, word: str) -> bool | None:
    """Whether a word stands there, in whatever capitals; None if it cannot be told."""
    found = _text(place)
    return None if found is None else found == word


def _text(place: Value) -> str | None:
    """The text or number that stands there, in small letters; None if nothing known does."""
    match place.reading:
        case Known(bool() | list() | dict(), _):
            return None
        case Known(value, False):
            return str(value).strip().lower()
        case _:
            return None
