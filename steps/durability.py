"""Steps about data that stays: backups, snapshots, versions and deletion."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database, other_databases
from planspec.judgements.durability import bucket_settings, durability
from planspec.judgements.generic import subjects

Uphold = Callable[[Judgement], None]


@when(
    "we examine every bucket and image repository that will exist after the change",
    target_fixture="stores",
)
def examine_stores(plan: Plan) -> subjects.Stores:
    """Every bucket, and every repository of ECR."""
    return subjects.Stores(plan)


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


@when("we examine every DynamoDB table that will exist after the change", target_fixture="tables")
def examine_tables(plan: Plan) -> Sequence[ResourceChange]:
    """Tables of DynamoDB, and replicas of one that are written by themselves."""
    return durability.tables(plan)


@then("each one has point-in-time recovery, and so has each replica")
def tables_can_go_back(tables: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every table to point-in-time recovery, in each region that it lies in."""
    uphold(durability.go_back_in_time(tables))
