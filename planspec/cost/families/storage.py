"""What do buckets, images, volumes and file systems cost?

Sources: Amazon S3, Amazon ECR, Amazon EBS and Amazon EFS pricing; Amazon EBS User Guide, "General
Purpose SSD volumes" (3,000 IOPS and 125 MiB/s are included in gp3).
"""

from typing import Final

from planspec.cost.families.limits import Limits, fixed
from planspec.cost.resource import NOT_SET, Path, PricedResource
from planspec.plan import Known

INCLUDED_IOPS: Final = 3000
INCLUDED_THROUGHPUT: Final = 125
ONE_OF_IT: Final = fixed(1)
_CLASSES: Final = {
    "STANDARD_IA": ("s3.standard_ia", "s3.transition.ia"),
    "ONEZONE_IA": ("s3.onezone_ia", "s3.transition.ia"),
    "INTELLIGENT_TIERING": ("s3.intelligent.frequent", "s3.transition.ia"),
    "GLACIER_IR": ("s3.glacier_ir", "s3.transition.glacier_ir"),
    "GLACIER": ("s3.glacier_flexible", "s3.transition.glacier"),
    "DEEP_ARCHIVE": ("s3.deep_archive", "s3.transition.deep_archive"),
}
# What else is paid in a class, beside what is kept.
_EXTRAS: Final = {
    "STANDARD_IA": {"Retrieval": "s3.ia.retrieval"},
    "ONEZONE_IA": {"Retrieval": "s3.ia.retrieval"},
    "INTELLIGENT_TIERING": {
        "Storage, infrequent access": "s3.intelligent.infrequent",
        "Storage, archive instant access": "s3.intelligent.archive_instant",
        "Monitoring": "s3.intelligent.monitoring",
    },
    "GLACIER_IR": {"Retrieval": "s3.ir.retrieval", "Requests that read": "s3.ir.get"},
}


def bucket(subject: PricedResource) -> None:
    """Price what is kept in a bucket, in each class that its lifecycle moves objects to."""
    subject.use("Storage (STANDARD)", "s3.standard")
    subject.use("Requests that write or list", "s3.put")
    subject.use("Requests that read", "s3.get")
    for name in _moved_to(subject):
        kept, moved = _CLASSES[name]
        subject.use(f"Storage ({name})", kept)
        subject.use(f"Moves to {name}", moved)
        for what, key in _EXTRAS.get(name, {}).items():
            subject.use(f"{what} ({name})", key)


def _moved_to(subject: PricedResource) -> list[str]:
    kind = "aws_s3_bucket_lifecycle_configuration"
    found: dict[str, None] = {}
    for lifecycle in subject.view.referring(kind, "bucket", subject.change):
        for rule in subject.view.values(lifecycle).get("rule").elements():
            for move in (
                *rule.get("transition").elements(),
                *rule.get("noncurrent_version_transition").elements(),
            ):
                reading = move.get("storage_class").peek()
                if isinstance(reading, Known) and str(reading.value) in _CLASSES:
                    found[str(reading.value)] = None
    return list(found)


def image_repository(subject: PricedResource) -> None:
    """Price the images that are kept."""
    subject.use("Storage", "ecr.storage")


def file_system(subject: PricedResource) -> None:
    """Price what is kept in a file system."""
    subject.use("Storage (standard)", "efs.standard")


def snapshot(subject: PricedResource) -> None:
    """Price a snapshot of a volume by the data in it."""
    subject.use("Snapshot", "ebs.snapshot")


def volume(subject: PricedResource) -> None:
    """Price a volume."""
    block_volume(subject, (), "size", "type", "Storage")


def block_volume(
    subject: PricedResource, path: Path, size: str, kind_name: str, title: str, count: Limits = ONE_OF_IT
) -> None:
    """Price a volume whose settings stand at this path of a resource, as often as there is one."""
    with subject.part(title):
        stated = subject.stated(*path, kind_name)
        kind = "gp2" if stated is NOT_SET else str(stated)
        if stated is NOT_SET:
            subject.assume(f"{title}: the type is not set: gp2")
        table = "magnetic" if kind == "standard" else kind
        _add(subject, f"{title} ({kind})", f"ebs.{table}", count, (*path, size))
        if kind in ("io1", "io2"):
            _add(subject, f"{title}, IOPS", f"ebs.{kind}.iops", count, (*path, "iops"))
        if kind == "gp3":
            iops, throughput = (*path, "iops"), (*path, "throughput")
            _add_above(subject, f"{title}, IOPS", "ebs.gp3.iops", count, iops)
            _add_above(subject, f"{title}, throughput", "ebs.gp3.throughput", count, throughput)
        if kind == "standard":
            subject.use(f"{title}, requests", "ebs.magnetic.requests")


def _add(subject: PricedResource, name: str, key: str, count: Limits, path: Path) -> None:
    with subject.part(name):
        amount = subject.amount(*path)
        subject.add(name, key, count.least * amount, most=count.most * amount, bucket=count.bucket)


def _add_above(subject: PricedResource, name: str, key: str, count: Limits, path: Path) -> None:
    """What is bought beyond what gp3 includes."""
    included = INCLUDED_IOPS if key.endswith("iops") else INCLUDED_THROUGHPUT
    with subject.part(name):
        if subject.stated(*path) is NOT_SET:
            return
        more = subject.amount(*path) - included
        if more > 0:
            least, most = count.least * more, count.most * more
            subject.add(f"{name} above {included:,}", key, least, most=most, bucket=count.bucket)
