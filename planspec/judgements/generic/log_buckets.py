"""To which buckets are access logs written?

Sources: Amazon S3 User Guide, "Enabling Amazon S3 server access logging"; Elastic Load Balancing User
Guide, "Access logs for your Application Load Balancer".
"""

from typing import Final

from planspec.aws import LOAD_BALANCERS
from planspec.judgements.generic.bucket_shapes import GENERAL, Shape, has_open_name, settings
from planspec.plan import Plan, ResourceChange
from planspec.references import Grade, graph

LOGGING: Final = Shape("aws_s3_bucket_logging", "logging")


def log_buckets(plan: Plan) -> tuple[frozenset[str], bool]:
    """Return the buckets that load balancers and others log to, and whether all are told."""
    buckets = plan.remaining(GENERAL)
    inside = [each for each in buckets if each.after.get(LOGGING.block).is_set is not False]
    of_buckets = [
        graph(plan).targets(each, path, GENERAL, Grade.SAME_KEY)
        for resources, path in (
            (plan.remaining(LOGGING.kind), ("target_bucket",)),
            ([each for each in inside if _may_log(plan, each)], (LOGGING.block, 0, "target_bucket")),
        )
        for each in resources
    ]
    of_balancers = [
        graph(plan).targets(each, ("access_logs", 0, "bucket"), GENERAL, Grade.SAME_KEY)
        for each in plan.remaining(*LOAD_BALANCERS)
    ]
    named = [*of_buckets, *of_balancers]
    # A name of no bucket here may be that of one whose name apply decides.
    unnamed = any(has_open_name(plan, each) for each in buckets)
    all_told = None not in named and not (unnamed and () in of_buckets)
    return frozenset(address for each in named for address in each or ()), all_told


def _may_log(plan: Plan, bucket: ResourceChange) -> bool:
    """Whether what is set in the bucket about logs is more than what apply will read back."""
    return any(each.inside for each in settings(plan, bucket, LOGGING).surely)
