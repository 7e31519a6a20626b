"""Web ACLs, request filtering, deletion protection and TLS of load balancers."""

from collections.abc import Sequence

from planspec.aws import BALANCERS, CLASSIC, beside_gateways, is_tls, kind_of
from planspec.finding import Finding, Judgement, Verdict, judge, together
from planspec.judgements.generic.expect import found, hold_each, hold_unless_left_out
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange
from planspec.policies import Exposure
from planspec.references import graph

ASSOCIATION = "aws_wafv2_web_acl_association"
CLASSIC_DEFAULT = "ELBSecurityPolicy-2016-08"


def balancers(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the application and network load balancers that exist once the plan is applied."""
    return plan.remaining(*BALANCERS)


def behind_a_firewall(plan: Plan, balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each public Application Load Balancer is associated with a web ACL.

    A network load balancer cannot have one. Source: AWS WAF Developer Guide, "Resources that you
    can protect with AWS WAF".
    """
    joins = [graph(plan).incoming(ASSOCIATION, ("resource_arn",), kind) for kind in BALANCERS]
    placed = {each.address for join in joins for some in join.known.values() for each in some}
    undecided = any(each.address not in placed for join in joins for each in join.undecided)
    public = [each for each in balancers if each.after.get("internal").reading != Known(True)]
    return judge(
        (balancer.address for balancer in public),
        (
            found(
                balancer,
                balancer.after.get("internal"),
                Verdict.UNDETERMINED if undecided or _open(balancer) else Verdict.VIOLATED,
                "an AWS WAF web ACL",
                observed=f"no {ASSOCIATION} could be matched to it",
                remedy=f"add aws_wafv2_web_acl and {ASSOCIATION}",
            )
            for balancer in public
            if not any(join.to(balancer) for join in joins)
        ),
    )


def _open(balancer: ResourceChange) -> bool:
    """Whether apply decides if the load balancer is public, or of which kind it is."""
    return balancer.after.get("internal").reading is UNKNOWN or kind_of(balancer) is None


def if_application(balancers: Sequence[ResourceChange], judgement: Judgement) -> Judgement:
    """Leave open what is found about a load balancer of which apply decides the kind.

    Network and Gateway Load Balancers have none of what this asks, so that nothing may be wrong.
    """
    open_ones = {each.address for each in balancers if kind_of(each) is None}
    findings = (
        each._replace(
            verdict=Verdict.UNDETERMINED, observed=f"{each.observed}; its kind is known after apply"
        )
        if each.address in open_ones
        else each
        for each in judgement.findings
    )
    return judgement._replace(findings=tuple(findings))


def drop_malformed_headers(balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each Application Load Balancer drops invalid header fields.

    Source: Elastic Load Balancing API, routing.http.drop_invalid_header_fields.enabled: off by default.
    """
    judgement = hold_each(
        balancers,
        ("drop_invalid_header_fields",),
        lambda value: value is True,
        "drop_invalid_header_fields is true",
        remedy="set drop_invalid_header_fields = true",
    )
    return if_application(balancers, judgement)


def stop_ambiguous_requests(balancers: Sequence[ResourceChange], *, modes: Sequence[str]) -> Judgement:
    """Judge whether each Application Load Balancer uses defensive or strictest desync mitigation mode.

    Source: Elastic Load Balancing User Guide, "Desync mitigation mode": defensive by default.
    """
    held = hold_unless_left_out if "defensive" in modes else hold_each
    judgement = held(
        balancers,
        ("desync_mitigation_mode",),
        lambda mode: mode in modes,
        f"desync_mitigation_mode is {' or '.join(modes)}",
        remedy=f'set desync_mitigation_mode = "{modes[-1]}"',
    )
    return if_application(balancers, judgement)


def wait_for_the_firewall(balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each Application Load Balancer has WAF fail open disabled.

    Source: Elastic Load Balancing API, waf.fail_open.enabled: off by default.
    """
    judgement = hold_unless_left_out(
        balancers,
        ("enable_waf_fail_open",),
        lambda value: value is False,
        "enable_waf_fail_open is false",
        remedy="leave enable_waf_fail_open out",
    )
    return if_application(balancers, judgement)


def protected_from_deletion(balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each load balancer has deletion protection enabled.

    Source: Elastic Load Balancing API, deletion_protection.enabled: off by default.
    """
    return hold_each(
        balancers,
        ("enable_deletion_protection",),
        lambda value: value is True,
        "enable_deletion_protection is true",
        remedy="set enable_deletion_protection = true",
    )


def present_tls(plan: Plan, listeners: Sequence[ResourceChange], settings: Exposure) -> Judgement:
    """Judge whether every listener with TLS uses an accepted policy, so that old versions are off.

    Source: Elastic Load Balancing User Guide, "Security policies for your Application Load Balancer".
    """
    encrypted = [
        each
        for each in beside_gateways(plan, listeners)
        if each.type != CLASSIC
        and each.after.get("protocol").reading in (Known("HTTPS"), Known("TLS"), UNKNOWN)
    ]
    classic = [each for each in listeners if each.type == CLASSIC]
    inside = judge(
        (each.address for each in classic), (_old_policy(plan, each, settings) for each in classic)
    )
    held = hold_each(
        encrypted,
        ("ssl_policy",),
        lambda name: name in settings.tls_policies,
        f"one of {', '.join(settings.tls_policies)}",
        remedy="take a policy with TLS 1.2 and 1.3, or change the list in policies/parameters.toml",
        unset=Verdict.UNDETERMINED,
    )
    return together((held, inside)) if classic else held


def _old_policy(plan: Plan, balancer: ResourceChange, settings: Exposure) -> Finding | None:
    """A Classic Load Balancer with TLS has an old policy, unless a resource of the plan gives it one.

    Source: Elastic Load Balancing User Guide for Classic Load Balancers, "Predefined SSL security
    policies": ELBSecurityPolicy-2016-08 by default.
    """
    places = [each.get("lb_protocol") for each in balancer.after.get("listener").elements()]
    spoken = [each for each in places if is_tls(each) or each.reading is UNKNOWN]
    if not spoken or CLASSIC_DEFAULT in settings.tls_policies:
        return None
    given = plan.remaining("aws_load_balancer_listener_policy")
    open_question = bool(given) or not any(is_tls(each) for each in spoken)
    return found(
        balancer,
        spoken[0],
        Verdict.UNDETERMINED if open_question else Verdict.VIOLATED,
        f"one of {', '.join(settings.tls_policies)}",
        observed=f"a Classic Load Balancer uses {CLASSIC_DEFAULT} unless it has a policy of its own",
        remedy="use an Application or Network Load Balancer, which have policies with TLS 1.3",
    )
