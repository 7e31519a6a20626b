"""To which buckets are access logs written?

Sources: Amazon S3 User Guide, "Enabling Amazon S3 server access logging"; Elastic Load Balancing User
Guide, "Access logs for your Application Load Balancer".
"""

from typing import Final

from planspec.aws import APPLICATION, CLASSIC, LOAD_BALANCERS, NETWORK, kind_of
from planspec.judgements.generic.bucket_shapes import GENERAL, Shape, has_open_name, settings
from planspec.plan import NULL, UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import Grade, graph

LOGGING: Final = Shape("aws_s3_bucket_logging", "logging")


LOGS: Final = ("access_logs", "connection_logs")

Named = list[tuple[str, ...] | None]


def log_buckets(plan: Plan) -> tuple[frozenset[str], bool]:
    """Return the buckets that load balancers and others log to, and whether all are told."""
    return _told(
        plan,
        [
            graph(plan).targets(each, (block, 0, "bucket"), GENERAL, Grade.SAME_KEY)
            for each in plan.remaining(*LOAD_BALANCERS)
            for block in LOGS
            if each.after.get(block).is_set is not False
        ],
    )


def log_buckets_with_keys_of_s3(plan: Plan) -> tuple[frozenset[str], bool]:
    """Return the buckets for logs that can have no KMS key, and whether all are told.

    Logs that are off need no bucket, and those of a Network Load Balancer can have a KMS key. Source:
    Elastic Load Balancing User Guide, "Access logs" and "Connection logs" for Application, Network and
    Classic Load Balancers.
    """
    named: Named = []
    for balancer in plan.remaining(*LOAD_BALANCERS):
        classic = balancer.type == CLASSIC
        kind = APPLICATION if classic else kind_of(balancer)
        for block in LOGS if kind != NETWORK else ():
            written = _is_on(balancer.after.get(block, 0, "enabled"), by_default=classic)
            if written and kind is not None:
                path = (block, 0, "bucket")
                named.append(graph(plan).targets(balancer, path, GENERAL, Grade.SAME_KEY))
            elif written is not False:
                named.append(None)
    return _told(plan, named)


def _is_on(switch: Value, *, by_default: bool) -> bool | None:
    """Whether logs are on; None where apply decides that."""
    match switch.reading:
        case Known(on):
            return on is True
        case state if state is NULL:
            return by_default
        case state:
            return None if state is UNKNOWN else False


def _told(plan: Plan, of_balancers: Named) -> tuple[frozenset[str], bool]:
    """The buckets that S3 logs to and these, and whether all are told."""
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
    named = [*of_buckets, *of_balancers]
    # A name of no bucket here may be that of one whose name apply decides.
    unnamed = any(has_open_name(plan, each) for each in buckets)
    all_told = None not in named and not (unnamed and () in of_buckets)
    return frozenset(address for each in named for address in each or ()), all_told


def _may_log(plan: Plan, bucket: ResourceChange) -> bool:
    """Whether what is set in the bucket about logs is more than what apply will read back."""
    return any(each.inside for each in settings(plan, bucket, LOGGING).surely)
