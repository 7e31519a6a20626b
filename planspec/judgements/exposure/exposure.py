"""Who can reach the service from outside?"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from planspec.aws import (
    CLASSIC,
    MULTI_AZ,
    Database,
    Rule,
    beside_gateways,
    ingress_rules,
    is_tls,
    is_world,
    leads_to_the_internet,
    load_balancer_groups,
    ports_shown,
    ports_within,
    shared_with,
    with_task_sets,
)
from planspec.aws import databases as every_database
from planspec.finding import Finding, Judgement, Verdict, judge, together
from planspec.judgements.generic.database_settings import hold_switch
from planspec.judgements.generic.expect import found, hold
from planspec.judgements.generic.selections import of_others
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Exposure
from planspec.references import graph

LISTENERS: Final = ("aws_lb_listener", "aws_alb_listener")
RULES: Final = ("aws_lb_listener_rule", "aws_alb_listener_rule")


def databases(plan: Plan) -> tuple[Database, ...]:
    """Return the databases that exist once the plan is applied: instances and clusters."""
    return every_database(plan)


def unreachable_from_the_internet(plan: Plan, databases: Sequence[Database]) -> Judgement:
    """Judge whether no database is publicly accessible.

    Source: Amazon RDS API, CreateDBInstance, PubliclyAccessible: the default depends on the
    subnet group, so a database that does not say so is undetermined. A Multi-AZ cluster cannot say so
    in Terraform: it is held to subnets from which no route leads to an internet gateway.
    """
    clusters = [each for each in databases if each.family is MULTI_AZ]
    others = [each for each in databases if each.family is not MULTI_AZ]
    unsaid = judge(
        (each.address for each in clusters), (_reachable_cluster(plan, each) for each in clusters)
    )
    return together((_say_no(others), unsaid))


def _reachable_cluster(plan: Plan, database: Database) -> Finding | None:
    groups = database.subnet_groups(plan)
    answers = [leads_to_the_internet(plan, group) for group in groups] or [None]
    if True not in answers and None not in answers:
        return None
    public = True in answers
    return found(
        database,
        database.get("db_subnet_group_name"),
        Verdict.VIOLATED if public else Verdict.UNDETERMINED,
        "subnets from which no route leads to an internet gateway",
        observed="AWS makes a Multi-AZ cluster public where its VPC has an internet gateway, and "
        + (
            "a subnet of it has a route to one"
            if public
            else "the routes of its subnets are not in the plan"
        ),
        remedy="name private subnets, with their route tables in this plan",
        related=(group.address for group in groups),
    )


def _say_no(databases: Sequence[Database]) -> Judgement:
    return hold_switch(
        databases,
        "publicly_accessible",
        on=False,
        besides=" and use private subnets",
        unset=Verdict.UNDETERMINED,
    )


def only_load_balancers_open(
    plan: Plan, chosen: Sequence[ResourceChange], settings: Exposure
) -> Judgement:
    """Judge whether only load balancers accept traffic from the internet, on their public ports.

    Counts blocks inside a group, both kinds of separate rules, IPv4 and IPv6, port ranges and
    protocol -1 (all). A range of public addresses wider than `settings` allows is the internet. A group
    of a load balancer that something else has too opens that as well.
    """
    examined = {each.address for each in chosen}
    rules = (each for each in ingress_rules(plan) if each.resource.address in examined)
    groups = _Groups(*load_balancer_groups(plan), plan.attached(shared_with))
    return judge((each.address for each in chosen), (_open(rule, groups, settings) for rule in rules))


class _Groups(NamedTuple):
    """The groups of load balancers, whether all could be told, and what else has one of them."""

    of_balancers: frozenset[str]
    complete: bool
    shared: Mapping[str, Mapping[str, bool]]


def _open(rule: Rule, groups: _Groups, settings: Exposure) -> Finding | None:
    widest = settings.widest_public_ipv4_prefix, settings.widest_public_ipv6_prefix
    worlds = [(source, is_world(source, *widest)) for source in rule.sources]
    listed = [entry for entry in rule.prefix_lists if entry.is_set is not False]
    opened = [source for source, world in worlds if world]
    unsure = [source for source, world in worlds if world is None] + listed
    if not opened and not unsure:
        return None
    known_ports, public = ports_within(rule, settings.public_ports)
    belongs = rule.group is not None and bool(groups.of_balancers & set(rule.group))
    others = {
        name: sure for each in rule.group or () for name, sure in groups.shared.get(each, {}).items()
    }
    if belongs and known_ports and public:
        if not others:
            return None
        decided = bool(opened) and True in others.values()
    else:
        # Ports that no load balancer may open are wrong, whoever has the group.
        told = known_ports if belongs else rule.group is not None and groups.complete
        decided = bool(opened) and (told or (known_ports and not public))
    source = (opened or unsure)[0]
    too = f", and {', '.join(others)} has its security group too" if belongs and others else ""
    return found(
        rule.resource,
        rule.place,
        Verdict.VIOLATED if decided else Verdict.UNDETERMINED,
        f"only load balancers on {ports_listed(settings.public_ports)} accept traffic from the internet",
        observed=f"allows ingress from {source.shown} on {ports_shown(rule)}{too}",
        remedy="give the load balancer a security group of its own"
        if too
        else "name the security group of the caller as source instead of an address range",
        related=others,
    )


def ports_listed(ports: Sequence[int]) -> str:
    """Write ports for people."""
    return " and ".join(f"port {port}" for port in ports)


def services(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the ECS services that exist once the plan is applied."""
    return plan.remaining("aws_ecs_service")


def no_public_address(plan: Plan, services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether the tasks of every service, and of its task sets, run without a public address.

    Source: Amazon ECS API, AwsVpcConfiguration, assignPublicIp: DISABLED unless it is set when
    a service is created by API; the provider's default is false.
    """
    holders = with_task_sets(plan, services)
    return judge((each.address for each in holders), (_public_address(each) for each in holders))


def _public_address(service: ResourceChange) -> Finding | None:
    place = service.after.get("network_configuration", 0, "assign_public_ip")
    return hold(
        service,
        place,
        lambda value: value is False,
        "assign_public_ip is false",
        remedy="run the tasks in private subnets, with endpoints or NAT for what they call",
        unset=Verdict.UNDETERMINED,
    )


def listeners(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the listeners of load balancers that exist once the plan is applied."""
    return plan.remaining(*LISTENERS)


def listen_encrypted(plan: Plan, listeners: Sequence[ResourceChange]) -> Judgement:
    """Judge whether every listener speaks TLS, or only sends its callers to one that does.

    A rule of a listener that redirects may still forward what matches it, in plain text.
    Source: Elastic Load Balancing API, Listener, Protocol and RedirectActionConfig; Rule; of Classic
    Load Balancers, which have their listeners inside and cannot redirect, Listener, Protocol.
    """
    asked = [each for each in beside_gateways(plan, listeners) if each.type != CLASSIC]
    classic = [each for each in listeners if each.type == CLASSIC]
    plain = [listener for listener in asked if not _speaks_tls(listener)]
    elsewhere = [
        rule for kind in RULES for rule in of_others(plan, kind, "listener_arn", listeners, LISTENERS)
    ]
    rules = [rule for rule in plan.remaining(*RULES) if rule not in elsewhere]
    forwarding = [rule for rule in rules if not _redirects(rule.after.get("action"))]
    return judge(
        (each.address for each in (*asked, *classic, *rules)),
        (
            *(_plain(listener) for listener in asked),
            *(_plain_inside(balancer) for balancer in classic),
            *(_forwards(plan, rule, plain) for rule in forwarding),
        ),
    )


def _plain_inside(balancer: ResourceChange) -> Finding | None:
    """The first listener inside a Classic Load Balancer that has no TLS, or may have none."""
    places = [each.get("lb_protocol") for each in balancer.after.get("listener").elements()]
    wrong = [each for each in places if not is_tls(each)]
    surely = [each for each in wrong if each.reading is not UNKNOWN]
    if not wrong:
        return None
    return found(
        balancer,
        (surely or wrong)[0],
        Verdict.VIOLATED if surely else Verdict.UNDETERMINED,
        "HTTPS or SSL",
        remedy="use an Application Load Balancer, whose HTTP listener can redirect to HTTPS",
    )


def _speaks_tls(listener: ResourceChange) -> bool:
    return listener.after.get("protocol").reading in (Known("HTTPS"), Known("TLS"))


def _forwards(plan: Plan, rule: ResourceChange, plain: Sequence[ResourceChange]) -> Finding | None:
    """A rule that does not redirect, on a listener without TLS, or on one that cannot be told."""
    named = [graph(plan).targets(rule, ("listener_arn",), kind) for kind in LISTENERS]
    told = {address for each in named for address in each or ()}
    untold = not told and None in named
    belongs = [each for each in plain if untold or each.address in told]
    if not belongs:
        return None
    undecided = untold or _redirects(rule.after.get("action")) is None
    return found(
        rule,
        rule.after.get("action"),
        Verdict.UNDETERMINED if undecided else Verdict.VIOLATED,
        "HTTPS, or a redirect to it",
        observed=f"answers callers of {belongs[0].address} without TLS",
        remedy="put the rule on the HTTPS listener",
    )


def _plain(listener: ResourceChange) -> Finding | None:
    redirects = _redirects(listener.after.get("default_action"))
    if redirects:
        return None
    finding = hold(
        listener,
        listener.after.get("protocol"),
        lambda value: value in {"HTTPS", "TLS"},
        "HTTPS, or a redirect to it",
        remedy="add an HTTPS listener with a certificate, and let HTTP redirect to it",
        unset=Verdict.UNDETERMINED,
    )
    if finding is not None and redirects is None:
        return finding._replace(verdict=Verdict.UNDETERMINED)
    return finding


def _redirects(block: Value) -> bool | None:
    """Whether all actions redirect to HTTPS; None if apply decides."""
    actions = block.elements()
    places = [(each.get("type"), each.get("redirect", 0, "protocol")) for each in actions]
    wrong = [
        place.reading
        for kind, protocol in places
        for place, right in ((kind, "redirect"), (protocol, "HTTPS"))
        if place.reading != Known(right)
    ]
    if not wrong:
        return bool(actions)
    return None if all(reading is UNKNOWN for reading in wrong) else False
