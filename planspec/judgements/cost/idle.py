"""Are there idle load balancers or addresses?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

LISTENERS = ("aws_lb_listener", "aws_alb_listener")
RULES = ("aws_lb_listener_rule", "aws_alb_listener_rule")
FORWARD = ("forward", "authenticate-cognito", "authenticate-oidc")


def nothing_idle(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each load balancer passes requests on, and each public address is in use.

    Both cost by the hour, used or not. Whether requests come is not in a plan. Source: Elastic Load
    Balancing pricing; Amazon VPC pricing, public IPv4 addresses.
    """
    return judge(
        (each.address for each in chosen),
        (_address(plan, each) if each.type == "aws_eip" else _balancer(plan, each) for each in chosen),
    )


def _balancer(plan: Plan, balancer: ResourceChange) -> Finding | None:
    joins = [graph(plan).incoming(kind, ("load_balancer_arn",), balancer.type) for kind in LISTENERS]
    listeners = [each for join in joins for each in join.to(balancer)]
    answers = [_forwards(plan, each) for each in listeners]
    if True in answers:
        return None
    unsure = None in answers or any(join.undecided for join in joins)
    return found(
        balancer,
        balancer.after.get("name"),
        Verdict.UNDETERMINED if unsure else Verdict.VIOLATED,
        "a listener that passes requests on",
        observed="no listener that forwards requests could be matched to it",
        remedy="remove the load balancer, or give it a listener with a target group",
    )


def _forwards(plan: Plan, listener: ResourceChange) -> bool | None:
    """Whether a listener, or one of its rules, passes requests on; None if apply decides."""
    actions = listener.after.get("default_action")
    kinds = [each.get("type").reading for each in actions.elements() if not _weighs_nothing(each)]
    if any(isinstance(kind, Known) and kind.value in FORWARD for kind in kinds):
        return True
    joins = [graph(plan).incoming(kind, ("listener_arn",), listener.type) for kind in RULES]
    if any(join.to(listener) for join in joins):
        return True
    unsure = UNKNOWN in kinds or actions.peek() is UNKNOWN or any(join.undecided for join in joins)
    return None if unsure else False


def _weighs_nothing(action: Value) -> bool:
    """Whether each target group surely has a weight of 0. Source: ELB API, TargetGroupTuple."""
    weights = [
        group.get("weight").reading
        for each in action.get("forward").elements()
        for group in each.get("target_group").elements()
    ]
    return bool(weights) and all(each == Known(0) for each in weights)


# What an address itself says that it belongs to; a text that only apply decides may be none.
OWN = (("instance", "aws_instance"), ("network_interface", "aws_network_interface"))
# Who uses an address, and by which attribute.
USERS = (
    ("aws_nat_gateway", ("allocation_id",)),
    ("aws_eip_association", ("allocation_id",)),
    ("aws_lb", ("subnet_mapping",)),
)


def _address(plan: Plan, address: ResourceChange) -> Finding | None:
    unsure = False
    for name, kind in OWN:
        there = address.after.get(name).is_set
        if there or (there is None and graph(plan).targets(address, (name,), kind)):
            return None
        unsure |= there is None and graph(plan).is_written(address, name)
    joins = [graph(plan).incoming(kind, path, "aws_eip") for kind, path in USERS]
    if any(join.to(address) for join in joins):
        return None
    return found(
        address,
        address.after.get("instance"),
        Verdict.UNDETERMINED if unsure or any(join.undecided for join in joins) else Verdict.VIOLATED,
        "something that uses the address",
        observed="no association with it could be found in this plan",
        remedy="release the address: it costs by the hour, in use or idle",
    )
