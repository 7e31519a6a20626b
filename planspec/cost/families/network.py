"""What do load balancers, gateways, endpoints, addresses and names cost?

Sources: Elastic Load Balancing, Amazon VPC, AWS PrivateLink and Amazon Route 53 pricing. A public IPv4
address costs since 2024-02-01, in use or idle; it is counted where it is made, and once.
"""

from typing import Final

from planspec.cost.resource import NOT_SET, PricedResource, Undecided
from planspec.estimate import HOURS

ADDRESSES: Final = "Public IPv4 addresses"
FAST_SECONDS: Final = 10


def load_balancer(subject: PricedResource) -> None:
    """Price an application or network load balancer."""
    with subject.part("Load balancer"):
        kind = str(subject.get("application", "load_balancer_type"))
        short = {"application": "alb", "network": "nlb"}.get(kind)
        if short is None:
            subject.unknown("Load balancer", f"no prices for a load balancer of type {kind}")
            return
        subject.add(f"Load balancer ({kind})", f"elb.{short}.hour", HOURS)
        subject.use("Capacity units", f"elb.{short}.lcu")
    _public_addresses(subject, "subnets")


def classic_load_balancer(subject: PricedResource) -> None:
    """Price a load balancer of the previous generation."""
    subject.add("Load balancer (classic)", "elb.classic.hour", HOURS)
    subject.use("Data processed", "elb.classic.gb")
    _public_addresses(subject, "subnets", "availability_zones")


def _public_addresses(subject: PricedResource, *lists: str) -> None:
    """One address in each zone of a balancer that faces the internet; elastic ones are their own."""
    with subject.part(ADDRESSES):
        if subject.get(False, "internal") is True:
            return
        if subject.quiet("ipv4", "ip_address_type") == "dualstack-without-public-ipv4":
            return
        mappings = range(len(subject.blocks("subnet_mapping")))
        own = [each for each in mappings if _names_its_address(subject, each)]
        number = len(mappings) or _first_count(subject, *lists)
        if number > len(own):
            subject.add(ADDRESSES, "ipv4.public", (number - len(own)) * HOURS)


def _names_its_address(subject: PricedResource, mapping: int) -> bool:
    """Whether an elastic address is named, also one that apply makes."""
    try:
        return subject.stated("subnet_mapping", mapping, "allocation_id") is not NOT_SET
    except Undecided:
        return True


def _first_count(subject: PricedResource, *lists: str) -> int:
    """The length of the first list that is there. Raises Undecided, for the first one, if none is."""
    for name in lists[1:]:
        try:
            return subject.count(name)
        except Undecided:
            continue
    return subject.count(lists[0])


def nat_gateway(subject: PricedResource) -> None:
    """Price a NAT gateway; its address counts here unless the plan makes it."""
    subject.add("NAT gateway", "nat.hour", HOURS)
    subject.use("Data processed", "nat.gb")
    with subject.part(ADDRESSES):
        private = subject.get("public", "connectivity_type") == "private"
        if private or subject.view.target(subject.change, ("allocation_id",), "aws_eip") is not None:
            return
        if subject.view.all("aws_eip"):
            subject.stated("allocation_id")  # which may be one of these
        subject.add("Public IPv4 address", "ipv4.public", HOURS)


def elastic_ip(subject: PricedResource) -> None:
    """Price a public address."""
    subject.add("Public IPv4 address", "ipv4.public", HOURS)


def vpc_endpoint(subject: PricedResource) -> None:
    """Price an endpoint: an interface in each subnet, or a gateway, which costs nothing."""
    try:
        kind = str(subject.get("Gateway", "vpc_endpoint_type"))
    except Undecided as undecided:
        subject.unknown("Endpoint", str(undecided))
        return
    if kind == "Gateway":
        subject.add("Endpoint (Gateway)", "vpce.gateway", HOURS)
        return
    usage = {"Interface": "vpce.interface.gb", "GatewayLoadBalancer": "vpce.gwlb.gb"}.get(kind)
    if usage is None:
        subject.unknown(f"Endpoint ({kind})", f"no prices for an endpoint of type {kind}")
        return
    subject.add(f"Endpoint ({kind})", "vpce.interface.hour", lambda: subject.count("subnet_ids") * HOURS)
    subject.use("Data processed", usage)


def vpn_connection(subject: PricedResource) -> None:
    """Price a VPN connection; one to a transit gateway is an attachment too."""
    subject.add("VPN connection", "vpn.connection", HOURS)
    if subject.may_be(lambda gateway: gateway is not None, None, "transit_gateway_id"):
        subject.add("Transit gateway attachment", "tgw.attachment", HOURS)
        subject.use("Data processed", "tgw.gb")


def transit_gateway_attachment(subject: PricedResource) -> None:
    """Price an attachment to a transit gateway."""
    subject.add("Transit gateway attachment", "tgw.attachment", HOURS)
    subject.use("Data processed", "tgw.gb")


def accelerator(subject: PricedResource) -> None:
    """Price a Global Accelerator."""
    subject.add("Accelerator", "globalaccelerator", HOURS)


def firewall(subject: PricedResource) -> None:
    """Price a network firewall: an endpoint in each subnet."""
    subject.add(
        "Firewall endpoints", "networkfirewall.endpoint", lambda: subject.count("subnet_mapping") * HOURS
    )
    subject.use("Data processed", "networkfirewall.gb")


def hosted_zone(subject: PricedResource) -> None:
    """Price a zone of Route 53."""
    subject.add("Hosted zone", "route53.zone", 1)
    subject.use("Queries", "route53.queries")


def dns_record(subject: PricedResource) -> None:
    """Price the queries of a record; those of an alias to AWS are free."""
    subject.use("Queries", "route53.queries")


def health_check(subject: PricedResource) -> None:
    """Price a health check and its options: HTTPS, a searched text, short intervals, latency."""
    subject.assume("what is checked is taken to be inside AWS; outside it costs more")
    subject.add("Health check", "route53.health_check.aws", 1)

    with subject.part("Options of the health check"):
        kind = str(subject.need("type"))
        fast = subject.quiet(30, "request_interval") == FAST_SECONDS
        latency = subject.quiet(False, "measure_latency") is True
        if number := sum(("HTTPS" in kind, "STR_MATCH" in kind, fast, latency)):
            key = "route53.health_check.option.aws"
            subject.add("Options of the health check", key, number)


def resolver_endpoint(subject: PricedResource) -> None:
    """Price a resolver endpoint: an interface for each address."""
    subject.add(
        "Resolver interfaces", "route53.resolver.interface", lambda: subject.count("ip_address") * HOURS
    )
    subject.use("Queries", "route53.resolver.queries")
