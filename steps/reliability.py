"""Steps about staying up: deployments, spares, backups, capacity and safe changes."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database, members, other_databases
from planspec.judgements.availability import availability
from planspec.judgements.capacity import connections, parameter_group
from planspec.judgements.change import data_loss
from planspec.judgements.cost import oversize
from planspec.judgements.deployment import deployment, upgrades, version_pins
from planspec.judgements.durability import bucket_settings, durability
from planspec.judgements.exposure import load_balancers as guards
from planspec.judgements.generic import subjects
from planspec.judgements.observability import database_alarms, logs
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@then("a failed deployment of each one rolls back by itself")
def deployments_roll_back(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to a circuit breaker that rolls back."""
    uphold(deployment.roll_back(services))


@then(parsers.parse('each one asks its targets for "{path}"'))
def targets_are_asked(target_groups: subjects.TargetGroups, path: str, uphold: Uphold) -> None:
    """Hold every target group to the health check that the service offers."""
    uphold(deployment.ask_for_health(target_groups.plan, path=path))


@then(
    parsers.parse(
        "each one behind a load balancer gives new tasks at least {seconds:d} seconds to start"
    )
)
def tasks_get_time(services: Sequence[ResourceChange], seconds: int, uphold: Uphold) -> None:
    """Hold every service behind a load balancer to a grace period."""
    uphold(deployment.wait_before_health_checks_count(services, minimum_seconds=seconds))


@then("its tasks return to every zone after one was away")
def tasks_return(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to being spread again."""
    uphold(availability.return_to_every_zone(services))


@then(parsers.parse("each one runs at least {tasks:d} tasks at any time"))
def enough_tasks(plan: Plan, services: Sequence[ResourceChange], tasks: int, uphold: Uphold) -> None:
    """Hold every service to a floor of tasks."""
    uphold(availability.enough_tasks(plan, services, minimum_tasks=tasks))


@then(parsers.parse("each one can run in at least {zones:d} zones"))
def enough_zones(plan: Plan, services: Sequence[ResourceChange], zones: int, uphold: Uphold) -> None:
    """Hold every service to subnets in several zones."""
    uphold(availability.enough_zones(plan, services, minimum_zones=zones))


@then("each one has a standby in another zone")
def databases_have_a_standby(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to a standby."""
    uphold(availability.standby_in_another_zone(databases))


@then(parsers.parse("each one keeps its backups for at least {days:d} days"))
def backups_are_kept(plan: Plan, databases: Sequence[Database], days: int, uphold: Uphold) -> None:
    """Hold every database to the stated number of days."""
    uphold(durability.keep_backups((*databases, *other_databases(plan)), minimum_days=days))


@then("each one is protected from deletion")
def databases_are_protected(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to deletion protection."""
    uphold(durability.protected_from_deletion((*databases, *other_databases(plan))))


@then("each one leaves a snapshot behind when it is deleted")
def databases_leave_a_snapshot(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to a final snapshot."""
    uphold(durability.leave_a_final_snapshot(databases))


@then("each one accepts the connections that all tasks open at the peak of a deployment")
def connections_fit(
    plan: Plan, databases: Sequence[Database], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every database to the connection budget."""
    uphold(connections.connections_fit(plan, databases, parameters.capacity))


@then("an alarm watches the number of its connections")
def connections_are_watched(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to an alarm on its connections."""
    uphold(database_alarms.connections_are_watched(plan, databases))


@then("none of them is destroyed, replaced or dropped")
def no_data_is_destroyed(
    data_changes: subjects.DataChanges, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold the plan to leaving what holds data in place."""
    uphold(data_loss.no_data_is_destroyed(data_changes.plan, parameters.data_types))


@then("each one believes answers of success only")
def checks_believe_success(target_groups: subjects.TargetGroups, uphold: Uphold) -> None:
    """Hold every target group to codes of the 200s."""
    uphold(deployment.believe_only_success(target_groups.plan))


@then(parsers.parse("each one finds a dead target within {seconds:d} seconds"))
def dead_targets_are_found(target_groups: subjects.TargetGroups, seconds: int, uphold: Uphold) -> None:
    """Hold every target group to a short way from the first failure to the last."""
    uphold(deployment.find_the_dead(target_groups.plan, maximum_seconds=seconds))


@then(parsers.parse("each one lets a target go within {seconds:d} seconds"))
def targets_go_soon(target_groups: subjects.TargetGroups, seconds: int, uphold: Uphold) -> None:
    """Hold every target group to a short deregistration."""
    uphold(deployment.let_go_soon(target_groups.plan, maximum_seconds=seconds))


@then(parsers.parse("each one keeps {percent:d} % of its tasks while it is deployed"))
def tasks_stay(services: Sequence[ResourceChange], percent: int, uphold: Uphold) -> None:
    """Hold every service to healthy tasks during a deployment."""
    uphold(deployment.keep_serving(services, minimum_percent=percent))


@then("an apply ends only when its new tasks run")
def apply_waits(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to waiting for a steady state."""
    uphold(deployment.wait_until_it_runs(services))


@then(parsers.parse("each one stands in at least {zones:d} zones"))
def balancers_in_zones(
    plan: Plan, balancers: Sequence[ResourceChange], zones: int, uphold: Uphold
) -> None:
    """Hold every load balancer to subnets in several zones."""
    uphold(availability.enough_zones(plan, balancers, minimum_zones=zones, path=("subnets",)))


@then(parsers.parse("its subnets lie in at least {zones:d} zones"))
def databases_in_zones(plan: Plan, databases: Sequence[Database], zones: int, uphold: Uphold) -> None:
    """Hold the subnet group of every database to several zones."""
    uphold(availability.databases_in_zones(plan, databases, minimum_zones=zones))


@then("its backups stay when it is deleted")
def backups_outlive(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to backups that outlive it."""
    uphold(durability.backups_outlive(databases))


@then("each one keeps what is overwritten or deleted")
def buckets_keep_versions(
    plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold
) -> None:
    """Hold every bucket to versioning."""
    uphold(bucket_settings.keep_versions(plan, examined_buckets))


@then("none is deleted together with what is in it")
def contents_are_kept(stores: subjects.Stores, uphold: Uphold) -> None:
    """Hold buckets and image repositories to staying while they are not empty."""
    uphold(bucket_settings.keep_their_contents(stores.plan))


@then(parsers.parse("an alarm rings before {percent:d} % of the connections for the service are open"))
def alarm_rings_in_time(
    plan: Plan,
    databases: Sequence[Database],
    percent: int,
    parameters: Parameters,
    uphold: Uphold,
) -> None:
    """Hold the alarm of every database to a threshold within the budget."""
    uphold(logs.warned_in_time(plan, databases, parameters.capacity, percent=percent))


@then("a dashboard shows the number of its connections")
def connections_are_shown(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to a place on a dashboard."""
    uphold(logs.connections_are_shown(plan, databases))


@then(parsers.parse("each one ends a transaction that is idle for {seconds:d} seconds"))
def idle_transactions_end(
    plan: Plan, databases: Sequence[Database], seconds: int, uphold: Uphold
) -> None:
    """Hold every database to taking connections back."""
    uphold(parameter_group.end_idle_transactions(plan, databases, maximum_seconds=seconds))


@then("its storage grows before it is full")
def storage_grows(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to storage that grows by itself."""
    uphold(oversize.storage_grows(databases))


@then("each one is protected from being deleted by a slip")
def balancers_are_protected(balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every load balancer to deletion protection."""
    uphold(guards.protected_from_deletion(balancers))


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
