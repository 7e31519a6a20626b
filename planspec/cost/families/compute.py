"""What do instances, functions and clusters cost?

Sources: Amazon EC2, AWS Lambda and Amazon EKS pricing; Amazon EC2 User Guide, "Burstable performance
instances" (T3 and T4g start as unlimited).
"""

from typing import Final

from planspec.cost.families.storage import block_volume
from planspec.cost.resource import NOT_SET, PricedResource, Undecided
from planspec.estimate import HOURS

INCLUDED_MEGABYTES: Final = 512


def instance(subject: PricedResource) -> None:
    """Price an instance of EC2 with its volumes."""
    _hours(subject)
    try:
        roots, others = subject.blocks("root_block_device"), subject.blocks("ebs_block_device")
    except Undecided as undecided:
        subject.unknown("Volumes", str(undecided))
        return
    if roots:
        block_volume(subject, ("root_block_device", 0), "volume_size", "volume_type", "Root volume")
    else:
        subject.unknown("Root volume", "its size is not in the plan; the image decides")
    for place in range(len(others)):
        path = ("ebs_block_device", place)
        block_volume(subject, path, "volume_size", "volume_type", f"Volume {place + 1}")


def _hours(subject: PricedResource) -> None:
    """The instance itself, and what it is bought with."""
    try:
        kind = str(subject.need("instance_type"))
        tenancy = str(subject.quiet("default", "tenancy"))
        market = bool(subject.blocks("instance_market_options"))
        optimised = subject.quiet(False, "ebs_optimized") is True
        watched = subject.quiet(False, "monitoring") is True
        public = subject.quiet(False, "associate_public_ip_address") is True
        credits_ = str(subject.quiet("", "credit_specification", 0, "cpu_credits"))
    except Undecided as undecided:
        subject.unknown("Instance", str(undecided))
        return
    subject.assume("runs Linux: the image decides")
    if tenancy != "default" or market:
        subject.unknown(
            f"Instance ({kind})", f"no prices for {'Spot' if market else tenancy + ' tenancy'}"
        )
    else:
        subject.add(f"Instance ({kind})", f"ec2.linux.{kind}", HOURS)
    key = f"ec2.ebs_optimized.{kind}"
    if optimised and subject.has_price(key):
        subject.add("EBS optimisation", key, HOURS)
    if watched:
        subject.unknown("Detailed monitoring", "the number of its metrics is not in the plan")
    if public:
        subject.add("Public IPv4 address", "ipv4.public", HOURS)
    family = kind.partition(".")[0]
    unlimited = credits_ == "unlimited" or (not credits_ and family in ("t3", "t3a", "t4g"))
    if unlimited and family in ("t2", "t3", "t3a", "t4g"):
        subject.use("Processor credits", f"ec2.cpu_credits.{'t2' if family == 't2' else 't3'}")


def function(subject: PricedResource) -> None:
    """Price a function by its requests and the time that they take."""
    try:
        architectures = subject.quiet(["x86_64"], "architectures")
        disk = subject.quiet(INCLUDED_MEGABYTES, "ephemeral_storage", 0, "size")
    except Undecided:
        architectures, disk = ["x86_64"], INCLUDED_MEGABYTES + 1
    arm = "arm64" in architectures
    subject.use("Requests", "lambda.requests")
    subject.use(
        f"Duration ({'arm64' if arm else 'x86_64'})", f"lambda.duration.{'arm' if arm else 'x86'}"
    )
    if disk is NOT_SET or int(disk) > INCLUDED_MEGABYTES:
        subject.use("Disk above 512 MB", "lambda.ephemeral")


def kubernetes_cluster(subject: PricedResource) -> None:
    """Price a cluster of EKS; versions past their support cost more, from a day on."""
    try:
        version = str(subject.quiet("", "version"))
    except Undecided as undecided:
        subject.unknown("Cluster", str(undecided))
        return
    days = subject.book.support_days("eks", version)
    extended = days is not None and subject.today >= days[0]
    if extended:
        subject.assume(f"extended support as of {subject.today}, for version {version}")
    key = "eks.cluster.extended" if extended else "eks.cluster"
    subject.add(f"Cluster{' (extended support)' if extended else ''}", key, HOURS)
