"""Golden plans about tables of DynamoDB, which our own service has none of."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import added, another, becomes
from tests.support.recipe_edits import Edit, known, unknown

NOTHING: Final = only("corrected")
CARTS: Final = "aws_dynamodb_table.carts"
REPLICA: Final = "aws_dynamodb_table_replica.carts"
ON: Final = [{"enabled": True, "recovery_period_in_days": 35}]
OFF: Final = [{"enabled": False, "recovery_period_in_days": None}]


def table(**other: Any) -> Edit:
    """A table with point-in-time recovery."""
    own = {"name": "carts", "hash_key": "id", "point_in_time_recovery": ON, "replica": []}
    return added(CARTS, own | other)


def without_the_block(**other: Any) -> Edit:
    """A new table of which nobody writes the block; the provider computes it."""
    own = {"name": "carts", "hash_key": "id", "replica": []}
    return added(CARTS, own | other, computed=("id", "point_in_time_recovery"))


def replica(*, recovery: bool | None, region: str = "eu-central-1") -> dict[str, Any]:
    """A replica as a block of its table."""
    return {"region_name": region, "point_in_time_recovery": recovery}


def alone(**values: Any) -> Edit:
    """A replica with a resource of its own."""
    return added(REPLICA, {"global_table_arn": "arn:aws:dynamodb:eu-west-1:1:table/carts", **values})


SCENARIOS = [
    Scenario("DUR-05.1", NOTHING)
    .satisfied("recovery is on", table())
    .satisfied(
        "the period is known after apply",
        table(),
        known(CARTS, "point_in_time_recovery", [{"enabled": True}]),
    )
    .satisfied("a table that changes", table(), becomes(CARTS, "update"))
    .satisfied("on in both regions", table(replica=[replica(recovery=True)]))
    .satisfied("a replica alone", alone(point_in_time_recovery=True))
    .satisfied("restored, and on again", table(restore_source_name="old", restore_to_latest_time=True))
    .violated("recovery is off", table(point_in_time_recovery=OFF))
    .violated("the block is gone", table(point_in_time_recovery=[]), becomes(CARTS, "update"))
    .violated("restored, and off", table(point_in_time_recovery=OFF, restore_source_name="old"))
    .violated(
        "one replica is off",
        table(replica=[replica(recovery=True), replica(recovery=False, region="us-east-1")]),
    )
    .violated("a replica does not say it", table(replica=[replica(recovery=None)]))
    .violated("a second table is off", table(), another(CARTS, "orders", point_in_time_recovery=OFF))
    .violated("a replica alone is off", alone(point_in_time_recovery=False))
    .violated("a replica alone does not say it", alone(point_in_time_recovery=None))
    .violated(
        "off, and a replica known after apply",
        table(point_in_time_recovery=OFF),
        unknown(CARTS, "replica"),
    )
    .violated("nobody writes the block", without_the_block())
    .violated("restored, and nobody writes the block", without_the_block(restore_source_name="old"))
    .violated(
        "replaced, and nobody writes the block",
        without_the_block(),
        becomes(CARTS, "delete", "create"),
    )
    .undetermined("a dynamic block known after apply", table(), unknown(CARTS, "point_in_time_recovery"))
    .undetermined(
        "enabled is known after apply", table(), unknown(CARTS, "point_in_time_recovery[0].enabled")
    )
    .undetermined("replicas are known after apply", table(), unknown(CARTS, "replica"))
    .undetermined(
        "of a replica it is known after apply",
        table(replica=[replica(recovery=True)]),
        unknown(CARTS, "replica[0].point_in_time_recovery"),
    )
    .undetermined(
        "of a replica alone, after apply", alone(), unknown(REPLICA, "point_in_time_recovery")
    ),
]
