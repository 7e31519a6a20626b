"""Which security groups of load balancers does something else have too?

What may come in to a load balancer then comes in to that as well, past the load balancer. Source: AWS
provider, every argument that takes the IDs of security groups; Amazon VPC User Guide, "Control
traffic to your AWS resources using security groups": the rules count for every resource that has it.
"""

from collections.abc import Iterator
from typing import Final

from planspec.aws.network_rules import GROUP_SOURCES, GROUPS, LOAD_BALANCERS, load_balancer_groups
from planspec.plan import Plan, ResourceChange
from planspec.references import Grade, graph

GROUP: Final = "aws_security_group"
_PLAIN: Final = ("security_groups", "security_group_ids", "vpc_security_group_ids", "security_group_id")
_IN_BLOCKS: Final = (
    *(("vpc_config", "security_group_ids"), ("vpc_options", "security_group_ids")),
    *(("vpc_configuration", "security_group_ids"), ("vpc_configuration", "security_groups")),
    *(("network_configuration", "security_groups"), ("network_configuration", "security_group_ids")),
    *(("network_interfaces", "security_groups"), ("launch_specification", "vpc_security_group_ids")),
    *(("broker_node_group_info", "security_groups"), ("compute_resources", "security_group_ids")),
    *(("endpoint_details", "security_group_ids"), ("compute_config", "vpc_security_group_ids")),
    ("ecs_target", "network_configuration", "security_groups"),
    ("target", "ecs_parameters", "network_configuration", "security_groups"),
    ("kafka_cluster", "apache_kafka_cluster", "vpc", "security_groups"),
)
_NO_HOLDERS: Final = frozenset({*GROUPS, *GROUP_SOURCES, *LOAD_BALANCERS})


def shared_with(plan: Plan) -> dict[str, dict[str, bool]]:
    """Return what else has a group of a load balancer, by the group's address; True: for sure.

    What names groups that cannot be told is left out: only a reference to the group shows that.
    """
    groups, _ = load_balancer_groups(plan)
    shared: dict[str, dict[str, bool]] = {}
    if not groups:
        return shared
    for change in plan.changes:
        if not change.managed or not change.will_exist or change.type in _NO_HOLDERS:
            continue
        for path in _paths(change):
            named = graph(plan).named(change, path, GROUP)
            sure = named is not None and named.grade >= Grade.SAME_KEY and not named.choice
            for address in groups.intersection(named.addresses if named else ()):
                held = shared.setdefault(address, {})
                held[change.address] = held.get(change.address, False) or sure
    return shared


def _paths(change: ResourceChange) -> Iterator[tuple[str | int, ...]]:
    """Where this resource names security groups: itself, or in its blocks; those in blocks are alone."""
    names = {name for name, _ in change.after.entries()}
    yield from ((name,) for name in _PLAIN if name in names)
    for first, *between, last in _IN_BLOCKS:
        if first not in names:
            continue
        for position in range(len(change.after.get(first).elements())):
            above = (first, position, *(step for name in between for step in (name, 0)))
            if last in {name for name, _ in change.after.get(*above).entries()}:
                yield (*above, last)
