"""What do functions and clusters of EKS cost?

Sources: AWS Lambda and Amazon EKS pricing; Amazon EKS User Guide, "Kubernetes version lifecycle" (the
upgrade policy STANDARD ends with the version's standard support).
"""

from typing import Final

from planspec.cost.resource import PricedResource, Undecided
from planspec.estimate import HOURS, Bucket

INCLUDED_MEGABYTES: Final = 512


def function(subject: PricedResource) -> None:
    """Price a function by its requests and the time that they take."""
    subject.use("Requests", "lambda.requests")
    with subject.part("Duration"):
        arm = "arm64" in subject.quiet(["x86_64"], "architectures")
        name, key = ("arm64", "lambda.duration.arm") if arm else ("x86_64", "lambda.duration.x86")
        subject.use(f"Duration ({name})", key)
    path = ("ephemeral_storage", 0, "size")
    if subject.may_be(lambda size: int(size) > INCLUDED_MEGABYTES, INCLUDED_MEGABYTES, *path):
        subject.use("Disk above 512 MB", "lambda.ephemeral")


def kubernetes_cluster(subject: PricedResource) -> None:
    """Price a cluster of EKS; versions past their support cost more, from a day on."""
    with subject.part("Cluster"):
        _control_plane(subject)
    with subject.part("Auto Mode"):
        if subject.quiet(False, "compute_config", 0, "enabled") is True:
            raise Undecided("which instances it starts is not in the plan")


def _control_plane(subject: PricedResource) -> None:
    version = str(subject.quiet("", "version"))
    days = subject.book.support_days("eks", version)
    extended = days is not None and subject.today >= days[0]
    if not extended:
        subject.add("Cluster", "eks.cluster", HOURS)
        return
    subject.assume(f"version {version} is past its standard support as of {subject.today}")
    name, key = "Cluster (extended support)", "eks.cluster.extended"
    try:
        upgraded = subject.quiet("EXTENDED", "upgrade_policy", 0, "support_type") == "STANDARD"
    except Undecided:
        # AWS upgrades it or takes the higher price: between the two.
        share = subject.price("eks.cluster").usd / subject.price(key).usd
        subject.add(name, key, HOURS, most=HOURS, bucket=Bucket.RANGE, least_share=share)
        return
    if upgraded:
        subject.add("Cluster", "eks.cluster", HOURS)
    else:
        subject.add(name, key, HOURS)
