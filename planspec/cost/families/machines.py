"""What does a machine of EC2 cost, wherever its settings are?

A setting stands in the resource itself, else in its launch template, else in its launch configuration.
Sources: Amazon EC2 and Amazon EC2 Spot pricing ("up to 90%" less than on demand); Amazon EC2 User
Guide, "Burstable performance instances" (T3 and T4g start as unlimited), "Launch templates" ($Default,
$Latest); Terraform AWS provider, aws_launch_template, aws_launch_configuration.
"""

from decimal import Decimal
from typing import Any, Final, NamedTuple

from planspec.cost.families.limits import Limits, fixed
from planspec.cost.families.storage import block_volume
from planspec.cost.resource import NOT_SET, ONE, Path, PricedResource, Undecided
from planspec.estimate import HOURS, Bucket
from planspec.plan import ABSENT, NULL, Action, Known

SPOT_LEAST_SHARE: Final = Decimal("0.1")
TEMPLATE: Final = "aws_launch_template"
CONFIGURATION: Final = "aws_launch_configuration"
INSTANCE: Final = "aws_instance"
ROOTS: Final = ("/dev/xvda", "/dev/sda1")
# Where each type has a setting, as its provider's schema names it.
PLACES: Final[dict[str, dict[str, Path]]] = {
    INSTANCE: {
        "type": ("instance_type",),
        "tenancy": ("tenancy",),
        "market": ("instance_market_options", 0, "market_type"),
        "optimised": ("ebs_optimized",),
        "watched": ("monitoring",),
        "public": ("associate_public_ip_address",),
        "credits": ("credit_specification", 0, "cpu_credits"),
    },
    TEMPLATE: {
        "type": ("instance_type",),
        "tenancy": ("placement", 0, "tenancy"),
        "market": ("instance_market_options", 0, "market_type"),
        "optimised": ("ebs_optimized",),
        "watched": ("monitoring", 0, "enabled"),
        "public": ("network_interfaces", 0, "associate_public_ip_address"),
        "credits": ("credit_specification", 0, "cpu_credits"),
    },
    CONFIGURATION: {
        "type": ("instance_type",),
        "tenancy": ("placement_tenancy",),
        "market": ("spot_price",),
        "optimised": ("ebs_optimized",),
        "watched": ("enable_monitoring",),
        "public": ("associate_public_ip_address",),
    },
}
BLOCKS: Final = {
    INSTANCE: ("instance_market_options",),
    TEMPLATE: ("instance_market_options",),
}


class Machine(NamedTuple):
    """What is started: the resources that say how, the first before the others."""

    said_by: tuple[PricedResource, ...]
    number: Limits
    types: tuple[str, ...] = ()
    least_share: Decimal = ONE

    def setting(self, name: str, default: Any) -> Any:
        """What the first that states it says. Raises Undecided if apply decides."""
        for each in self.said_by:
            path = PLACES.get(each.change.type, {}).get(name)
            if path is not None and (value := each.stated(*path)) is not NOT_SET:
                return value
        return default

    def is_on(self, name: str, *, default: bool = False) -> bool:
        """Whether a switch is on; a launch template writes it as a text."""
        return str(self.setting(name, default)).lower() == "true"

    @property
    def is_spot(self) -> bool:
        """Whether it is bought as Spot. Raises Undecided if apply decides."""
        for each in self.said_by:
            for name in BLOCKS.get(each.change.type, ()):
                if each.blocks(name):
                    return str(self.setting("market", "spot")) == "spot"
            if each.change.type == CONFIGURATION and self.setting("market", None) is not None:
                return True
        return False


def template_of(subject: PricedResource, path: Path) -> PricedResource | None:
    """The launch template that the block at a path names; None if there is no such block.

    Raises Undecided where it is not in the plan, or where another version of it is meant than the
    newest, which is what the plan shows.
    """
    inside = subject.view.values(subject.change).get(*path)
    if not subject.blocks(str(path[0])) or inside.peek() in (NULL, ABSENT):
        return None
    names = ("id", "name", "launch_template_id", "launch_template_name")
    named = (subject.view.target(subject.change, (*path, each), TEMPLATE) for each in names)
    template = next((each for each in named if each is not None), None)
    if template is None:
        raise Undecided("its launch template is not in this plan, or cannot be determined")
    other = subject.reading(template)
    if not _is_newest(subject, (*path, "version"), other):
        raise Undecided(f"which version of {template.address} is meant is not in the plan")
    return other


def _is_newest(subject: PricedResource, path: Path, template: PricedResource) -> bool:
    """Whether the version that is named is the newest of the template."""
    if Action.CREATE in template.change.actions and not subject.view.before:
        return True
    newest = subject.view.values(template.change).get("latest_version").peek()
    default = subject.view.values(template.change).get("default_version").peek()
    try:
        version = str(subject.quiet("$Default", *path))
    except Undecided:
        # Decided by apply as the plan changes the template: its new version, unless it is the default.
        return subject.view.refers(subject.change, path, "latest_version")
    if version == "$Latest":
        return True
    if version == "$Default":
        follows = template.quiet(False, "update_default_version") is True
        return follows or (isinstance(newest, Known) and newest == default)
    return isinstance(newest, Known) and str(newest.value) == version


def add_machines(subject: PricedResource, machine: Machine, one: str = "Instance") -> None:
    """Add what so many machines cost: their hours, their volumes and their addresses."""
    with subject.part(one):
        _add_hours(subject, machine, one)
    with subject.part("EBS optimisation"):
        kinds = _types(machine)
        key = f"ec2.ebs_optimized.{kinds[0]}"
        if len(kinds) == 1 and subject.has_price(key) and machine.is_on("optimised"):
            _times(subject, "EBS optimisation", key, machine.number)
    with subject.part("Detailed monitoring"):
        default = any(each.change.type == CONFIGURATION for each in machine.said_by)
        if machine.is_on("watched", default=default):
            raise Undecided("the number of its metrics is not in the plan")
    with subject.part("Public IPv4 address"):
        if machine.is_on("public"):
            _times(subject, "Public IPv4 address", "ipv4.public", machine.number)
    _use_credits(subject, machine)
    if machine.said_by[0].change.type in PLACES:
        add_volumes(subject, machine)


def _types(machine: Machine) -> tuple[str, ...]:
    if machine.types:
        return machine.types
    kind = machine.setting("type", NOT_SET)
    if kind is NOT_SET:
        raise Undecided("instance_type is not in the plan")
    return (str(kind),)


def _add_hours(subject: PricedResource, machine: Machine, one: str) -> None:
    """The machines, at the price of the dearest type down to that of the cheapest, or of Spot."""
    kinds = _types(machine)
    subject.assume("runs Linux: the image decides")
    tenancy = str(machine.setting("tenancy", "default"))
    if tenancy != "default":
        raise Undecided(f"no prices for {tenancy} tenancy")
    prices = {subject.price(f"ec2.linux.{kind}").usd: kind for kind in kinds}
    dearest = max(prices)
    share = min(prices) / dearest if dearest else ONE
    if machine.is_spot or machine.least_share != ONE:
        share *= min(machine.least_share, SPOT_LEAST_SHARE if machine.is_spot else ONE)
    bucket = machine.number.bucket if share == ONE else Bucket.RANGE
    title = (
        f"{one} ({', '.join(dict.fromkeys(kinds))}{', Spot' if share < min(prices) / dearest else ''})"
    )
    subject.add(
        title,
        f"ec2.linux.{prices[dearest]}",
        machine.number.least * HOURS,
        most=machine.number.most * HOURS,
        bucket=bucket,
        least_share=share,
    )
    if machine.number.open:
        subject.unknown(f"{title}, beyond what is known", machine.number.open)


def _times(subject: PricedResource, name: str, key: str, count: Limits) -> None:
    most, bucket = count.most * HOURS, count.bucket
    subject.add(name, key, count.least * HOURS, most=most, bucket=bucket)


def _use_credits(subject: PricedResource, machine: Machine) -> None:
    """Processor credits of burstable types that may go on without any left."""
    with subject.part("Processor credits"):
        try:
            stated = str(machine.setting("credits", ""))
        except Undecided:
            stated = "unlimited"
        for kind in _families(machine):
            unlimited = stated == "unlimited" or (not stated and kind != "t2")
            if unlimited:
                key = f"ec2.cpu_credits.{'t2' if kind == 't2' else 't3'}"
                subject.use("Processor credits", key)


def _families(machine: Machine) -> list[str]:
    """The burstable families among its types, each once; none if apply decides the type."""
    try:
        kinds = _types(machine)
    except Undecided:
        return []
    families = dict.fromkeys(kind.partition(".")[0] for kind in kinds)
    return [each for each in families if each in ("t2", "t3", "t3a", "t4g")]


def add_volumes(subject: PricedResource, machine: Machine) -> None:
    """Add the volumes that are stated; the image decides what others there are."""
    has_root = False
    for each in machine.said_by:
        add = _add_mapped if each.change.type == TEMPLATE else _add_own
        has_root = add(each, machine.number) or has_root
    if not has_root:
        subject.unknown("Root volume", "its size is not in the plan; the image decides")


def _add_own(said_by: PricedResource, count: Limits) -> bool:
    """The volumes of an instance or a launch configuration; whether the root is one of them."""
    names, has_root = ("volume_size", "volume_type"), False
    with said_by.part("Root volume"):
        has_root = True
        has_root = bool(said_by.blocks("root_block_device"))
        if has_root:
            block_volume(said_by, ("root_block_device", 0), *names, "Root volume", count)
    with said_by.part("Volumes"):
        for place in range(len(said_by.blocks("ebs_block_device"))):
            block_volume(said_by, ("ebs_block_device", place), *names, f"Volume {place + 1}", count)
    return has_root


def _add_mapped(template: PricedResource, count: Limits) -> bool:
    """The volumes of a launch template; whether the root is one of them."""
    devices: list[object] = []
    with template.part("Volumes of the template"):
        for place in range(len(template.blocks("block_device_mappings"))):
            path = ("block_device_mappings", place)
            if template.view.values(template.change).get(*path, "ebs").elements():
                devices.append(template.quiet("", *path, "device_name"))
                name = f"Volume {place + 1} of the template"
                block_volume(template, (*path, "ebs", 0), "volume_size", "volume_type", name, count)
    return bool(set(devices) & set(ROOTS))


def instance(subject: PricedResource) -> None:
    """Price an instance of EC2 with its volumes."""
    said_by: tuple[PricedResource, ...] = (subject,)
    with subject.part("What its launch template adds"):
        template = template_of(subject, ("launch_template", 0))
        said_by = (subject, *([template] if template else []))
    add_machines(subject, Machine(said_by, fixed(1)))
