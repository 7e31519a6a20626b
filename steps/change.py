"""Steps about what a change does to what exists, and about changes that nobody meant."""

from collections.abc import Callable, Sequence

from pytest_bdd import then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database, members
from planspec.judgements.availability import placement
from planspec.judgements.change import data_loss, wider_network, wider_permissions
from planspec.judgements.deployment import upgrades, version_pins
from planspec.judgements.exposure import load_balancers
from planspec.judgements.generic import no_weaker, subjects
from planspec.judgements.secrets import interface
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@when("we examine every change to a resource that holds data", target_fixture="data_changes")
def examine_data_changes(plan: Plan) -> subjects.DataChanges:
    """Changes to the types of resources that policies/parameters.toml lists as holding data."""
    return subjects.DataChanges(plan)


@when("we examine every change to what guards our networks", target_fixture="boundary")
def examine_network_guards(plan: Plan) -> subjects.NetworkGuards:
    """What policies/parameters.toml lists about exposure, before and after."""
    return subjects.NetworkGuards(plan)


@when("we examine every policy that gives rights", target_fixture="rights")
def examine_rights(plan: Plan) -> subjects.Rights:
    """Policies of roles and resources, as they were and as they will be."""
    return subjects.Rights(plan)


@when("we examine every change to what guards our data", target_fixture="data_guards")
def examine_data_guards(plan: Plan) -> subjects.DataGuards:
    """What policies/parameters.toml lists about encryption and backups, before and after."""
    return subjects.DataGuards(plan)


@then("none of them is destroyed, replaced or dropped")
def no_data_is_destroyed(
    data_changes: subjects.DataChanges, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold the plan to leaving what holds data in place."""
    uphold(data_loss.no_data_is_destroyed(data_changes.plan, parameters.data_types))


@then("each one is protected from being deleted by a slip")
def balancers_are_protected(balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every load balancer to deletion protection."""
    uphold(load_balancers.protected_from_deletion(balancers))


@then("each one takes security fixes by itself")
def minor_versions(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to automatic minor upgrades."""
    uphold(upgrades.follow_minor_versions(databases))


@then("none of them pins a minor version that RDS raises by itself")
def minor_versions_are_left_to_rds(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database with automatic minor upgrades to a version that leaves the minor open."""
    uphold(version_pins.leave_minor_versions_to_rds(plan, members(databases)))


@then("changes to it wait for its maintenance window")
def changes_wait(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to changes in a quiet hour."""
    uphold(upgrades.wait_for_the_window(databases))


@then("each one is of a supported version")
def versions_are_supported(
    databases: Sequence[Database], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every database to the versions in policies/parameters.toml."""
    uphold(upgrades.supported(databases, parameters.upgrades))


@then("each one is bound to versions that end somewhere")
def providers_are_pinned(selection: subjects.Providers, uphold: Uphold) -> None:
    """Hold every provider to a version constraint with an end."""
    uphold(interface.providers_are_pinned(selection.plan))


@then("each one has a condition that refuses wrong values")
def variables_are_checked(selection: subjects.Variables, uphold: Uphold) -> None:
    """Hold every variable of the root module to a condition."""
    uphold(interface.variables_are_checked(selection.plan))


@then("each one gets the host of its database from the database itself")
def databases_are_found(
    plan: Plan, parameters: Parameters, task_definitions: Sequence[ResourceChange], uphold: Uphold
) -> None:
    """Hold every task definition to a host name that nobody copied."""
    uphold(placement.databases_are_found(plan, task_definitions, parameters.capacity))


@then("none of our security groups lets in more than before")
def nothing_more_is_let_in(boundary: subjects.Boundary, uphold: Uphold) -> None:
    """Hold the rules of every security group, together, to what they let in before."""
    uphold(wider_network.let_in_no_more(boundary.plan))


@then("nothing becomes public that was not")
def nothing_becomes_public(
    boundary: subjects.NetworkGuards, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold the switches of policies/parameters.toml to how they stood."""
    uphold(no_weaker.not_weakened(boundary.plan, parameters.change.exposure))


@then("nobody may do more than before")
def nobody_may_do_more(rights: subjects.Rights, uphold: Uphold) -> None:
    """Hold the policies of every role and resource, together, to what they allowed before."""
    uphold(wider_permissions.allow_no_more(rights.plan))


@then("nothing is encrypted less than before")
def nothing_is_encrypted_less(
    data_guards: subjects.DataGuards, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold what policies/parameters.toml lists about encryption to how it was."""
    uphold(no_weaker.not_weakened(data_guards.plan, parameters.change.encryption))


@then("nothing is backed up less than before")
def nothing_is_backed_up_less(
    data_guards: subjects.DataGuards, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold what policies/parameters.toml lists about backups to how it was."""
    uphold(no_weaker.not_weakened(data_guards.plan, parameters.change.backup))
