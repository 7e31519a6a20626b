"""What do functions, clusters of EKS and groups of machines cost?

A group is priced between its smallest and its largest size, and what schedules set for a time. Sources:
AWS Lambda and Amazon EKS pricing; Amazon EKS User Guide, "Kubernetes version lifecycle" (the upgrade
policy STANDARD ends with the version's standard support); Amazon EC2 Auto Scaling API,
CreateAutoScalingGroup, InstancesDistribution (100% on demand by default), PutScheduledUpdateGroupAction
(-1 in the provider leaves a size as it is); Amazon EKS API, CreateNodegroup (t3.medium, 20 GiB, on
demand by default).
"""

from decimal import Decimal
from typing import Final

from planspec.cost.families.limits import Limits, between
from planspec.cost.families.machines import (
    CONFIGURATION,
    SPOT_LEAST_SHARE,
    Machine,
    add_machines,
    template_of,
)
from planspec.cost.resource import NOT_SET, ONE, PricedResource, Undecided
from planspec.estimate import HOURS, Bucket
from planspec.plan import Known, Value

SCHEDULE: Final = "aws_autoscaling_schedule"
POLICY: Final = ("mixed_instances_policy", 0)
OVERRIDES: Final = (*POLICY, "launch_template", 0, "override")
DISTRIBUTION: Final = (*POLICY, "instances_distribution", 0)
UNCHANGED: Final = -1
NODE_TYPE: Final = "t3.medium"
NODE_DISK: Final = 20
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


def autoscaling_group(subject: PricedResource) -> None:
    """Price an autoscaling group by its sizes, and by what its template starts."""
    with subject.part("Instances"):
        count = _sizes(subject)
        types = _override_types(subject)
        said_by = (_said_by(subject),)
        machine = Machine(said_by, count, types, _least_share(subject))
        if not types and said_by[0].stated("instance_type") is NOT_SET:
            raise Undecided("its launch template states no instance_type")
        add_machines(subject, machine, "Instances")
    with subject.part("Warm pool"):
        if subject.blocks("warm_pool"):
            raise Undecided("how many stopped instances it holds is not in the plan")


def _said_by(subject: PricedResource) -> PricedResource:
    """The template or the configuration that it starts from."""
    specification = (*POLICY, "launch_template", 0, "launch_template_specification", 0)
    for path in (("launch_template", 0), specification):
        if template := template_of(subject, path):
            return template
    found = subject.view.target(subject.change, ("launch_configuration",), CONFIGURATION)
    if found is None:
        raise Undecided("what it starts is not in this plan, or cannot be determined")
    return subject.reading(found)


def _override_types(subject: PricedResource) -> tuple[str, ...]:
    """The types of a mixed policy; none where the template decides."""
    if not subject.blocks("mixed_instances_policy"):
        return ()
    found = []
    for place, _ in enumerate(_elements(subject, *OVERRIDES)):
        override = (*OVERRIDES, place)
        for other in ("weighted_capacity", "instance_requirements", "launch_template_specification"):
            if subject.stated(*override, other) is not NOT_SET:
                raise Undecided(f"an override with {other} is not priced")
        found.append(str(subject.need(*override, "instance_type")))
    return tuple(found)


def _elements(subject: PricedResource, *path: str | int) -> tuple[Value, ...]:
    """The elements of a nested block. Raises Undecided if apply decides how many there are."""
    place = subject.view.values(subject.change).get(*path)
    if not place.sized:
        raise Undecided(f"{place.path} is known after apply")
    return place.elements()


def _least_share(subject: PricedResource) -> Decimal:
    """The least share of the price on demand that is surely paid: less where Spot is bought."""
    if not subject.blocks("mixed_instances_policy"):
        return ONE
    above = Decimal(str(subject.quiet(100, *DISTRIBUTION, "on_demand_percentage_above_base_capacity")))
    return ONE if above == 100 else SPOT_LEAST_SHARE


def _sizes(subject: PricedResource) -> Limits:
    """How many instances there are."""
    own = subject.view.values(subject.change)
    schedules = subject.view.referring(SCHEDULE, "autoscaling_group_name", subject.change)
    moved = [subject.view.values(each) for each in schedules]
    desired = own.get("desired_capacity")
    least = [own.get("min_size"), *_set(moved, "min_size")]
    most = [own.get("max_size"), *_set(moved, "max_size"), *_set(moved, "desired_capacity")]
    found = between(subject, least, [*most, *([desired] if isinstance(desired.peek(), Known) else [])])
    strange = subject.view.unresolved(SCHEDULE, "autoscaling_group_name")
    if strange and not found.open:
        return found._replace(open=f"which group {strange[0].address} moves is known after apply")
    return found


def _set(schedules: list[Value], name: str) -> list[Value]:
    """The sizes of this name that schedules set."""
    places = [each.get(name) for each in schedules]
    return [each for each in places if each.peek() != Known(UNCHANGED)]


def node_group(subject: PricedResource) -> None:
    """Price a node group of EKS by its sizes and its types."""
    size = subject.view.values(subject.change).get("scaling_config", 0)
    with subject.part("Nodes"):
        count = between(
            subject, [size.get("min_size")], [size.get("max_size"), size.get("desired_size")]
        )
        with subject.part("Nodes"):
            template = template_of(subject, ("launch_template", 0))
            spot = subject.may_be(lambda kind: kind == "SPOT", "ON_DEMAND", "capacity_type")
            share = SPOT_LEAST_SHARE if spot else ONE
            types = _node_types(subject, template)
            add_machines(subject, Machine((template or subject,), count, types, share), "Nodes")
        if not subject.view.values(subject.change).get("launch_template").elements():
            _node_disk(subject, count)


def _node_types(subject: PricedResource, template: PricedResource | None) -> tuple[str, ...]:
    kinds = subject.stated("instance_types")
    if kinds is not NOT_SET:
        return tuple(map(str, kinds))
    stated = NOT_SET if template is None else template.stated("instance_type")
    if stated is NOT_SET:
        subject.assume(f"instance_types is not set: {NODE_TYPE}")
        return (NODE_TYPE,)
    return (str(stated),)


def _node_disk(subject: PricedResource, count: Limits) -> None:
    """Each node's volume: its size is stated or documented, its kind is not, so gp3 to gp2."""
    with subject.part("Root volumes"):
        size = Decimal(str(subject.get(NODE_DISK, "disk_size")))
        dear, cheap = subject.price("ebs.gp2").usd, subject.price("ebs.gp3").usd
        subject.add(
            "Root volumes (gp3 or gp2)",
            "ebs.gp2",
            count.least * size,
            most=count.most * size,
            bucket=count.bucket,
            least_share=min(cheap / dear, ONE),
        )
