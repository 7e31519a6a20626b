"""Of which kind are load balancers, their listeners and their target groups?

Source: Elastic Load Balancing API, CreateLoadBalancer, Type; CreateListener, Protocol;
CreateTargetGroup, Protocol, TargetType and HealthCheckProtocol.
"""

from collections.abc import Sequence
from typing import Final

from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

BALANCERS: Final = ("aws_lb", "aws_alb")
CLASSIC: Final = "aws_elb"
APPLICATION: Final = "application"
NETWORK: Final = "network"
GATEWAY: Final = "gateway"
OVER_HTTP: Final = frozenset({"HTTP", "HTTPS"})


def kind_of(balancer: ResourceChange) -> str | None:
    """The kind of a load balancer: application where none is written; None if apply decides."""
    match balancer.after.get("load_balancer_type").reading:
        case Known(str(kind)):
            return kind
        case state:
            return None if state is UNKNOWN else APPLICATION


def application_balancers(plan: Plan) -> tuple[ResourceChange, ...]:
    """The Application Load Balancers, and those of which apply decides whether they are some."""
    return tuple(each for each in plan.remaining(*BALANCERS) if kind_of(each) in (APPLICATION, None))


def beside_gateways(plan: Plan, listeners: Sequence[ResourceChange]) -> list[ResourceChange]:
    """The listeners but those of Gateway Load Balancers, which pass on packets of every protocol."""
    return [each for each in listeners if not _of_a_gateway(plan, each)]


def _of_a_gateway(plan: Plan, listener: ResourceChange) -> bool:
    if listener.after.get("protocol").reading == Known("GENEVE"):
        return True
    named = [graph(plan).targets(listener, ("load_balancer_arn",), kind) for kind in BALANCERS]
    found = [plan.find(address) for each in named for address in each or ()]
    return bool(found) and all(each is not None and kind_of(each) == GATEWAY for each in found)


def is_tls(protocol: Value) -> bool:
    """Whether a listener of a Classic Load Balancer surely speaks TLS; its protocols have no case."""
    state = protocol.reading
    return isinstance(state, Known) and str(state.value).lower() in {"https", "ssl"}


def checked_over_http(group: ResourceChange) -> bool | None:
    """Whether the targets are asked for their health over HTTP; None if apply decides.

    A group for HTTP is always: the API takes no other protocol for its checks. The targets of a group
    for another protocol are where its health check says so, and functions where theirs is on.
    """
    check = group.after.get("health_check", 0)
    if _is(group.after.get("target_type"), {"lambda"}):
        return _is(check.get("enabled"), {True})
    own = _is(group.after.get("protocol"), OVER_HTTP)
    return True if own else _is(check.get("protocol"), OVER_HTTP) if own is False else None


def _is(place: Value, accepted: set[object] | frozenset[str]) -> bool | None:
    match place.reading:
        case Known(value):
            return value in accepted
        case state:
            return None if state is UNKNOWN else False


def invokes_functions(group: ResourceChange) -> bool:
    """Whether the targets are functions: none is let go of, or looked after unless that is on."""
    return group.after.get("target_type").reading == Known("lambda")


def answers_grpc(group: ResourceChange) -> bool:
    """Whether its health checks are answered with codes of gRPC, which are not those of HTTP."""
    return group.after.get("protocol_version").reading == Known("GRPC")
