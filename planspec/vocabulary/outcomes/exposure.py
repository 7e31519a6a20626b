"""Outcomes about who can reach the service from outside."""

from typing import Final

from planspec.judgements.availability import placement
from planspec.judgements.durability import bucket_settings
from planspec.judgements.exposure import (
    bucket_access,
    egress,
    exposure,
    firewalls,
    kubernetes,
    load_balancers,
)
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

_NO_PUBLIC_SUBNETS: Final = "it must not use subnets that auto-assign public IP addresses"


def _not_public(subject: str) -> Outcome:
    told = ("publicly_accessible", "false", "It gets no public address.")
    return Outcome(
        subject,
        forms.DISABLED,
        "public accessibility",
        lambda a: exposure.unreachable_from_the_internet(a.plan, a.databases),
        *told,
    )


_NETWORK: Final = (
    Outcome(
        subjects.INGRESS,
        "internet ingress must be limited to load balancers on approved ports",
        "",
        lambda a: exposure.only_load_balancers_open(a.plan, a.resources, a.parameters.exposure),
        "ingress, in all its forms",
        "public ports of the policies, in groups of load balancers",
        "Only load balancers accept traffic from the internet, on ports that the policies list.",
    ),
    Outcome(
        subjects.EKS_CLUSTER,
        "its API endpoint must not be open to the internet",
        "",
        lambda a: kubernetes.endpoints_are_closed(a.plan, a.resources, a.parameters.exposure),
        "vpc_config: endpoint_public_access, public_access_cidrs",
        "no public access, or named networks",
        "The API endpoint is private, or answers to named networks only.",
        ("public endpoint",),
    ),
    Outcome(
        subjects.EGRESS,
        "internet egress must be limited to approved ports",
        "",
        lambda a: egress.only_stated_ports_leave(a.plan, a.resources, a.parameters.exposure),
        "egress, in all its forms",
        "outgoing ports of the policies",
        "Traffic to the internet leaves only on ports that the policies list.",
    ),
    Outcome(
        subjects.INTERNAL,
        "it must allow a single port",
        "",
        lambda a: egress.name_single_ports(a.plan, a.resources),
        "ingress and egress, in all their forms",
        "one port of TCP or UDP",
        "A rule that is not about the internet opens one port.",
        ("least privilege",),
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.DISABLED,
        "public IP assignment",
        lambda a: exposure.no_public_address(a.plan, a.resources),
        "network_configuration.assign_public_ip",
        "false",
        "Its tasks get no public address.",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        _NO_PUBLIC_SUBNETS,
        "",
        lambda a: placement.tasks_in_private_networks(a.plan, a.resources),
        "map_public_ip_on_launch of its subnets",
        "false",
        "Its subnets give out no public addresses; routes are not judged.",
    ),
)
_DATABASES: Final = (
    _not_public(subjects.DB_INSTANCE),
    _not_public(subjects.DATABASE),
    Outcome(
        subjects.DB_INSTANCE,
        "its ingress must be limited to security groups",
        "",
        lambda a: egress.only_groups_reach(a.plan, a.databases),
        "ingress of its vpc_security_group_ids",
        "groups as sources, no address ranges",
        "Each ingress rule for it names the security group of its callers.",
        ("least privilege",),
    ),
    Outcome(
        subjects.DB_INSTANCE,
        _NO_PUBLIC_SUBNETS,
        "",
        lambda a: placement.databases_in_private_networks(a.plan, a.databases),
        "map_public_ip_on_launch of the subnets of its group",
        "false",
        "Its subnets give out no public addresses; routes are not judged.",
    ),
)
_BALANCERS: Final = (
    Outcome(
        subjects.LISTENER,
        "it must use TLS or redirect to HTTPS",
        "",
        lambda a: exposure.listen_encrypted(a.plan, a.resources),
        "protocol, default_action; aws_lb_listener_rule",
        "HTTPS, TLS or a redirect",
        "It speaks TLS, or only sends its callers to one that does.",
        ("encryption in transit",),
    ),
    Outcome(
        subjects.APPLICATION_BALANCER,
        forms.HAS,
        "a web ACL",
        lambda a: load_balancers.behind_a_firewall(a.plan, a.resources),
        "aws_wafv2_web_acl_association",
        "an association, if it is public",
        "An AWS WAF web ACL protects each public Application Load Balancer.",
        ("WAF", "firewall"),
    ),
    Outcome(
        subjects.APPLICATION_BALANCER,
        forms.ENABLED,
        "dropping invalid header fields",
        lambda a: load_balancers.drop_malformed_headers(a.resources),
        "drop_invalid_header_fields",
        "true",
        "It drops headers that a browser would not send.",
    ),
    Outcome(
        subjects.APPLICATION_BALANCER,
        forms.ONE_OF,
        "the desync mitigation mode",
        lambda a: load_balancers.stop_ambiguous_requests(a.resources, modes=a.texts),
        "desync_mitigation_mode",
        "one of the modes; defensive by default",
        "It stops requests that two servers would read differently.",
        texts=("monitor", "defensive", "strictest"),
    ),
    Outcome(
        subjects.APPLICATION_BALANCER,
        forms.DISABLED,
        "WAF fail open",
        lambda a: load_balancers.wait_for_the_firewall(a.resources),
        "enable_waf_fail_open",
        "false, or left out",
        "No request gets past AWS WAF when AWS WAF does not respond.",
    ),
    Outcome(
        subjects.WEB_ACL,
        forms.ENABLED,
        "logging",
        lambda a: firewalls.firewalls_keep_records(a.plan, a.resources),
        "aws_wafv2_web_acl_logging_configuration",
        "one that names it",
        "It keeps a record of what it stops.",
    ),
    Outcome(
        subjects.WEB_ACL,
        "it must block requests and have no rule in count mode",
        "",
        lambda a: firewalls.stop_what_they_recognise(a.plan, a.resources),
        "rule, default_action",
        "block; no count",
        "It has rules that stop requests, and none that only counts them.",
    ),
)
_BUCKETS: Final = (
    Outcome(
        subjects.BUCKET,
        forms.ENABLED,
        "Block Public Access",
        lambda a: bucket_access.are_private(a.plan, a.resources),
        "aws_s3_bucket_public_access_block",
        "all four true",
        "All four settings are on, for the bucket or in the same plan for its account.",
    ),
    Outcome(
        subjects.BUCKET,
        "its policy must not grant public access",
        "",
        lambda a: bucket_settings.admit_nobody_unknown(a.plan, a.resources),
        "policy, aws_s3_bucket_policy",
        "no Allow for everyone",
        "No statement of its policy grants public access.",
    ),
    Outcome(
        subjects.BUCKET,
        "its ACL must not grant public access",
        "",
        lambda a: bucket_access.admit_nobody_by_lists(a.plan, a.resources),
        "acl, grant, aws_s3_bucket_acl",
        "no grant to AllUsers or AuthenticatedUsers",
        "Its access list grants nothing to everyone.",
        ("access control list",),
    ),
    Outcome(
        subjects.BUCKET,
        "its CORS rules must not allow wildcard origins",
        "",
        lambda a: bucket_settings.trust_named_sites(a.plan, a.resources),
        "aws_s3_bucket_cors_configuration",
        "origins by name",
        "Its rules for browsers name the origins; CORS is not an access control.",
    ),
    Outcome(
        subjects.BUCKET,
        forms.DISABLED,
        "ACLs",
        lambda a: bucket_settings.own_their_objects(a.plan, a.resources),
        "aws_s3_bucket_ownership_controls: object_ownership",
        "BucketOwnerEnforced",
        "It owns its objects, and the access lists of single objects do not count.",
    ),
)

OUTCOMES: Final = (*_NETWORK, *_DATABASES, *_BALANCERS, *_BUCKETS)
