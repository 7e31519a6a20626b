"""Steps about tables of DynamoDB."""

from collections.abc import Callable, Sequence

from pytest_bdd import then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.judgements.durability import durability

Uphold = Callable[[Judgement], None]


@when("we examine every DynamoDB table that will exist after the change", target_fixture="tables")
def examine_tables(plan: Plan) -> Sequence[ResourceChange]:
    """Tables of DynamoDB, and replicas of one that are written by themselves."""
    return durability.tables(plan)


@then("each one has point-in-time recovery, and so has each replica")
def tables_can_go_back(tables: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every table to point-in-time recovery, in each region that it lies in."""
    uphold(durability.go_back_in_time(tables))
