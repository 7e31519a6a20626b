"""What do buckets, images, volumes and file systems cost?

Sources: Amazon S3, Amazon ECR, Amazon EBS and Amazon EFS pricing; Amazon EBS User Guide, "General
Purpose SSD volumes" (3,000 IOPS and 125 MiB/s are included in gp3).
"""

from typing import Final

from planspec.cost.resource import NOT_SET, Path, PricedResource, Undecided
from planspec.plan import Known

INCLUDED_IOPS: Final = 3000
INCLUDED_THROUGHPUT: Final = 125
_CLASSES: Final = {
    "STANDARD_IA": ("s3.standard_ia", "s3.transition.ia"),
    "ONEZONE_IA": ("s3.onezone_ia", "s3.transition.ia"),
    "INTELLIGENT_TIERING": ("s3.intelligent.frequent", "s3.transition.ia"),
    "GLACIER_IR": ("s3.glacier_ir", "s3.transition.glacier_ir"),
    "GLACIER": ("s3.glacier_flexible", "s3.transition.glacier"),
    "DEEP_ARCHIVE": ("s3.deep_archive", "s3.transition.deep_archive"),
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


def block_volume(subject: PricedResource, path: Path, size: str, kind_name: str, title: str) -> None:
    """Price a volume whose settings stand at this path of a resource."""
    try:
        stated = subject.stated(*path, kind_name)
        kind = "gp2" if stated is NOT_SET else str(stated)
    except Undecided as undecided:
        subject.unknown(title, str(undecided))
        return
    if stated is NOT_SET:
        subject.assume(f"{title}: the type is not set: gp2")
    table = "magnetic" if kind == "standard" else kind
    subject.add(f"{title} ({kind})", f"ebs.{table}", lambda: subject.amount(*path, size))
    if kind in ("io1", "io2"):
        subject.add(f"{title}, IOPS", f"ebs.{kind}.iops", lambda: subject.amount(*path, "iops"))
    if kind == "gp3":
        _above(subject, (*path, "iops"), f"{title}, IOPS", INCLUDED_IOPS, "ebs.gp3.iops")
        _above(
            subject,
            (*path, "throughput"),
            f"{title}, throughput",
            INCLUDED_THROUGHPUT,
            "ebs.gp3.throughput",
        )
    if kind == "standard":
        subject.use(f"{title}, requests", "ebs.magnetic.requests")


def _above(subject: PricedResource, path: Path, name: str, included: int, key: str) -> None:
    try:
        bought = None if subject.stated(*path) is NOT_SET else subject.amount(*path)
    except Undecided as undecided:
        subject.unknown(name, str(undecided))
        return
    if bought is not None and bought > included:
        subject.add(f"{name} above {included:,}", key, bought - included)
