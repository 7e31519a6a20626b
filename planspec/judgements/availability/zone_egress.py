"""NAT gateways in each Availability Zone of an ECS service."""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.availability.availability import SUBNETS, zones_by_subnet
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange
from planspec.references import graph


def a_way_out_in_each_zone(plan: Plan, services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether NAT gateways of the plan cover every Availability Zone of each ECS service.

    With one gateway for several zones, its zone takes the others down with it. A plan without a public
    NAT gateway is not applicable: the network is made elsewhere. Source: Amazon VPC User Guide, "NAT
    gateway basics".
    """
    # A private NAT gateway routes to other networks, not to the internet.
    gateways = [
        each
        for each in plan.remaining("aws_nat_gateway")
        if each.after.get("connectivity_type").reading != Known("private")
    ]
    if not gateways:
        return Judgement((), reason="the plan has no public NAT gateway" if services else "")
    zones = plan.attached(zones_by_subnet)
    placed = [_zone(plan, gateway, zones) for gateway in gateways]
    return judge(
        (service.address for service in services),
        (_served(plan, service, placed, zones) for service in services),
    )


def _zone(plan: Plan, gateway: ResourceChange, zones: dict[str, str]) -> str | None:
    """The zone of a public gateway; None if the plan does not state it."""
    if gateway.after.get("connectivity_type").reading is UNKNOWN:
        return None
    reading = gateway.after.get("subnet_id").peek()
    if isinstance(reading, Known):
        return zones.get(str(reading.value))
    named = graph(plan).targets(gateway, ("subnet_id",), "aws_subnet")
    return zones.get(named[0]) if named and len(named) == 1 else None


def _served(
    plan: Plan, service: ResourceChange, placed: Sequence[str | None], zones: dict[str, str]
) -> Finding | None:
    place = service.after.get(*SUBNETS)
    readings = [subnet.reading for subnet in place.elements()]
    needed = {zones.get(str(each.value)) for each in readings if isinstance(each, Known)}
    if UNKNOWN in readings:
        referred = graph(plan).of(service, *SUBNETS).each
        needed |= {zones.get(target.address) for target in referred} or {None}
    lacking = sorted(zone for zone in needed - set(placed) if zone is not None)
    expected = "a NAT gateway in each zone of the service"
    remedy = "add aws_nat_gateway in a public subnet of each zone, with a route table for each"
    if lacking and None not in placed:
        observed = f"no NAT gateway in {', '.join(lacking)}"
        return found(service, place, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)
    if lacking or None in needed or not needed:
        observed = "the zones of its subnets, or of a NAT gateway, are not in the plan"
        return found(service, place, Verdict.UNDETERMINED, expected, observed=observed, remedy=remedy)
    return None
