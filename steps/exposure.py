"""Steps about who can reach the service from outside."""

from collections.abc import Callable, Sequence

from pytest_bdd import then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database, other_databases
from planspec.judgements.availability import placement
from planspec.judgements.durability import bucket_settings
from planspec.judgements.encryption import buckets
from planspec.judgements.exposure import egress, exposure, firewalls, load_balancers
from planspec.judgements.generic import subjects
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@when("we examine every way out of our networks", target_fixture="ways_out")
def examine_ways_out(plan: Plan) -> subjects.WaysOut:
    """Egress rules in all their forms."""
    return subjects.WaysOut(plan)


@when("we examine every way between our own networks", target_fixture="ways_between")
def examine_ways_between(plan: Plan) -> subjects.WaysBetween:
    """Rules of security groups that are not about the internet."""
    return subjects.WaysBetween(plan)


@when("we examine every firewall", target_fixture="examined_firewalls")
def examine_firewalls(plan: Plan) -> subjects.Firewalls:
    """Web application firewalls."""
    return subjects.Firewalls(plan)


@then("none of them has a public address")
def no_public_database(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to having no public address."""
    uphold(exposure.unreachable_from_the_internet(plan, (*databases, *other_databases(plan))))


@then("only load balancers accept traffic from the internet, on their public ports")
def only_load_balancers(boundary: subjects.WaysIn, parameters: Parameters, uphold: Uphold) -> None:
    """Hold every ingress rule, however it is written, to coming from inside."""
    uphold(exposure.only_load_balancers_open(boundary.plan, parameters.exposure))


@then("none of their tasks has a public address")
def no_public_task(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the tasks of every service to private addresses."""
    uphold(exposure.no_public_address(services))


@then("each one speaks TLS or only redirects to it")
def listeners_speak_tls(plan: Plan, listeners: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every listener to HTTPS or TLS, or to a redirect."""
    uphold(exposure.listen_encrypted(plan, listeners))


@then("each one blocks public access in all four ways")
def buckets_are_private(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every bucket to its public access block."""
    uphold(buckets.are_private(plan, examined_buckets))


@then("no policy lets everybody in")
def policies_admit_nobody(
    plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold
) -> None:
    """Hold every bucket policy to naming whom it lets in."""
    uphold(bucket_settings.admit_nobody_unknown(plan, examined_buckets))


@then("traffic to the internet leaves on accepted ports only")
def only_stated_ports_leave(ways_out: subjects.WaysOut, parameters: Parameters, uphold: Uphold) -> None:
    """Hold every egress rule, however it is written, to the accepted ports."""
    uphold(egress.only_stated_ports_leave(ways_out.plan, parameters.exposure))


@then("each one names a single port")
def name_single_ports(ways_between: subjects.WaysBetween, uphold: Uphold) -> None:
    """Hold every rule that is not about the internet to one port."""
    uphold(egress.name_single_ports(ways_between.plan))


@then("each way in names the security group of its callers")
def only_groups_reach(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold the ingress rules of every database to groups as sources."""
    uphold(egress.only_groups_reach(plan, databases))


@then("each public one stands behind a web application firewall")
def behind_a_firewall(plan: Plan, balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every public load balancer to a firewall."""
    uphold(load_balancers.behind_a_firewall(plan, balancers))


@then("each one drops malformed headers")
def drop_malformed_headers(balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every load balancer to dropping what a browser would not send."""
    uphold(load_balancers.drop_malformed_headers(balancers))


@then("each one writes down what it stops")
def firewalls_keep_records(examined_firewalls: subjects.Firewalls, uphold: Uphold) -> None:
    """Hold every web application firewall to keeping a record."""
    uphold(load_balancers.firewalls_keep_records(examined_firewalls.plan))


@then("each one has rules that stop requests, and none that only counts them")
def firewalls_stop(examined_firewalls: subjects.Firewalls, uphold: Uphold) -> None:
    """Hold every web application firewall to rules that do something."""
    uphold(firewalls.stop_what_they_recognise(examined_firewalls.plan))


@then("each one stops requests that two servers would read differently")
def stop_ambiguous_requests(balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every load balancer to a mode against request smuggling."""
    uphold(load_balancers.stop_ambiguous_requests(balancers))


@then("none lets requests through when its firewall does not answer")
def wait_for_the_firewall(balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every load balancer to failing closed."""
    uphold(load_balancers.wait_for_the_firewall(balancers))


@then("only named web sites may use it")
def sites_are_named(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every rule for browsers to origins by name."""
    uphold(bucket_settings.trust_named_sites(plan, examined_buckets))


@then("each one ignores the access lists of single objects")
def buckets_own_objects(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every bucket to owning its objects."""
    uphold(bucket_settings.own_their_objects(plan, examined_buckets))


@then("its networks give out no public addresses")
def databases_are_private(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold the subnet group of every database to private subnets."""
    uphold(placement.databases_in_private_networks(plan, databases))


@then("the networks of its tasks give out no public addresses")
def tasks_are_private(plan: Plan, services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the subnets of every service to private ones."""
    uphold(placement.tasks_in_private_networks(plan, services))
