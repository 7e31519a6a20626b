"""Outcomes about what was selected: who can reach the service.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("internet ingress must be limited to load balancers on approved ports"))
def internet_ingress_must_be_limited_to_load_balancers_on(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Only load balancers accept traffic from the internet, on ports that the policies list."""
    uphold(
        judged(selection, run, "internet ingress must be limited to load balancers on approved ports")
    )


@then(form("internet egress must be limited to approved ports"))
def internet_egress_must_be_limited_to_approved_ports(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Traffic to the internet leaves only on ports that the policies list."""
    uphold(judged(selection, run, "internet egress must be limited to approved ports"))


@then(form("it must allow a single port"))
def must_allow_single_port(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """A rule that is not about the internet opens one port."""
    uphold(judged(selection, run, "it must allow a single port"))


@then(form("it must not use subnets that auto-assign public IP addresses"))
def must_not_use_subnets_that_auto_assign_public_ip_addresses(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Its subnets give out no public addresses; routes are not judged."""
    uphold(judged(selection, run, "it must not use subnets that auto-assign public IP addresses"))


@then(form("its ingress must be limited to security groups"))
def ingress_must_be_limited_to_security_groups(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Each ingress rule for it names the security group of its callers."""
    uphold(judged(selection, run, "its ingress must be limited to security groups"))


@then(form("it must use TLS or redirect to HTTPS"))
def must_use_tls_or_redirect_to_https(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """It speaks TLS, or only sends its callers to one that does."""
    uphold(judged(selection, run, "it must use TLS or redirect to HTTPS"))


@then(form("it must block requests and have no rule in count mode"))
def must_block_requests_and_have_no_rule_in_count_mode(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """It has rules that stop requests, and none that only counts them."""
    uphold(judged(selection, run, "it must block requests and have no rule in count mode"))


@then(form("its policy must not grant public access"))
def policy_must_not_grant_public_access(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """No statement of its policy grants public access."""
    uphold(judged(selection, run, "its policy must not grant public access"))


@then(form("its ACL must not grant public access"))
def acl_must_not_grant_public_access(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """Its access list grants nothing to everyone, nor to every AWS account."""
    uphold(judged(selection, run, "its ACL must not grant public access"))


@then(form("its CORS rules must not allow wildcard origins"))
def cors_rules_must_not_allow_wildcard_origins(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Its rules for browsers name the origins; CORS is not an access control."""
    uphold(judged(selection, run, "its CORS rules must not allow wildcard origins"))


@then(form("its API endpoint must not be open to the internet"))
def closed_endpoint(selection: Selection, run: Inputs, uphold: Callable[[Judgement], None]) -> None:
    """The API endpoint of the cluster is private, or answers to named networks only."""
    uphold(judged(selection, run, "its API endpoint must not be open to the internet"))
