"""Web ACLs, request filtering, deletion protection and TLS of load balancers."""

from collections.abc import Sequence

from planspec.finding import Judgement, Verdict, judge
from planspec.judgements.generic.expect import found, hold_each, hold_unless_left_out
from planspec.plan import NULL, UNKNOWN, Known, Plan, ResourceChange
from planspec.policies import Exposure
from planspec.references import graph

ASSOCIATION = "aws_wafv2_web_acl_association"


def balancers(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the application and network load balancers that exist once the plan is applied."""
    return plan.remaining("aws_lb", "aws_alb")


def behind_a_firewall(plan: Plan, balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each public Application Load Balancer is associated with a web ACL.

    A network load balancer cannot have one. Source: AWS WAF Developer Guide, "Resources that you
    can protect with AWS WAF".
    """
    joined = graph(plan).incoming(ASSOCIATION, ("resource_arn",), "aws_lb")
    public = [
        each
        for each in balancers
        if each.after.get("internal").reading != Known(True)
        and each.after.get("load_balancer_type").reading in (Known("application"), NULL, UNKNOWN)
    ]
    return judge(
        (balancer.address for balancer in public),
        (
            found(
                balancer,
                balancer.after.get("internal"),
                Verdict.UNDETERMINED if joined.undecided or _open(balancer) else Verdict.VIOLATED,
                "an AWS WAF web ACL",
                observed=f"no {ASSOCIATION} could be matched to it",
                remedy=f"add aws_wafv2_web_acl and {ASSOCIATION}",
            )
            for balancer in public
            if not joined.to(balancer)
        ),
    )


def firewalls_keep_records(plan: Plan, firewalls: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each web ACL has logging enabled.

    Source: AWS WAF Developer Guide, "Logging AWS WAF web ACL traffic": off until it is configured.
    """
    kind = "aws_wafv2_web_acl_logging_configuration"
    joined = graph(plan).incoming(kind, ("resource_arn",), "aws_wafv2_web_acl")
    return judge(
        (firewall.address for firewall in firewalls),
        (
            found(
                firewall,
                firewall.after.get("name"),
                Verdict.UNDETERMINED if joined.undecided else Verdict.VIOLATED,
                "a record of the requests that it stops",
                observed=f"no {kind} could be matched to it",
                remedy=f"add {kind}",
            )
            for firewall in firewalls
            if not joined.to(firewall)
        ),
    )


def _open(balancer: ResourceChange) -> bool:
    """Whether apply decides if the load balancer is public, or of which kind it is."""
    return UNKNOWN in [balancer.after.get(name).reading for name in ("internal", "load_balancer_type")]


def drop_malformed_headers(balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each load balancer drops invalid header fields.

    Source: Elastic Load Balancing API, routing.http.drop_invalid_header_fields.enabled: off by default.
    """
    return hold_each(
        balancers,
        ("drop_invalid_header_fields",),
        lambda value: value is True,
        "drop_invalid_header_fields is true",
        remedy="set drop_invalid_header_fields = true",
    )


def stop_ambiguous_requests(balancers: Sequence[ResourceChange], *, modes: Sequence[str]) -> Judgement:
    """Judge whether each load balancer uses defensive or strictest desync mitigation mode.

    Source: Elastic Load Balancing User Guide, "Desync mitigation mode": defensive by default.
    """
    held = hold_unless_left_out if "defensive" in modes else hold_each
    return held(
        balancers,
        ("desync_mitigation_mode",),
        lambda mode: mode in modes,
        f"desync_mitigation_mode is {' or '.join(modes)}",
        remedy=f'set desync_mitigation_mode = "{modes[-1]}"',
    )


def wait_for_the_firewall(balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each load balancer has WAF fail open disabled.

    Source: Elastic Load Balancing API, waf.fail_open.enabled: off by default.
    """
    return hold_unless_left_out(
        balancers,
        ("enable_waf_fail_open",),
        lambda value: value is False,
        "enable_waf_fail_open is false",
        remedy="leave enable_waf_fail_open out",
    )


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


def present_tls(listeners: Sequence[ResourceChange], settings: Exposure) -> Judgement:
    """Judge whether every listener with TLS uses an accepted policy, so that old versions are off.

    Source: Elastic Load Balancing User Guide, "Security policies for your Application Load Balancer".
    """
    encrypted = [
        each
        for each in listeners
        if each.after.get("protocol").reading in (Known("HTTPS"), Known("TLS"), UNKNOWN)
    ]
    return hold_each(
        encrypted,
        ("ssl_policy",),
        lambda name: name in settings.tls_policies,
        f"one of {', '.join(settings.tls_policies)}",
        remedy="take a policy with TLS 1.2 and 1.3, or change the list in policies/parameters.toml",
        unset=Verdict.UNDETERMINED,
    )
