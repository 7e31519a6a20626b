"""Do the subnets of a subnet group lead to the internet?

A subnet is public where its route table has a route to an internet gateway. Source: Amazon VPC User
Guide, "Subnet types". One without an association has the main table of its VPC, which a plan does not
tell.
"""

from collections.abc import Iterator

from planspec.plan import ABSENT, NULL, Known, Plan, ResourceChange, Value
from planspec.references import graph

GATEWAY = "aws_internet_gateway"


def leads_to_the_internet(plan: Plan, group: ResourceChange) -> bool | None:
    """Whether a subnet of the group is public; None where the plan does not tell."""
    named = graph(plan).targets(group, ("subnet_ids",), "aws_subnet") or ()
    subnets = [each for each in map(plan.find, named) if each is not None]
    own = [each.after.get("id").peek() for each in subnets]
    listed = [each.peek() for each in group.after.get("subnet_ids").elements()]
    told = bool(subnets) and all(not isinstance(each, Known) or each in own for each in listed)
    answers = [_is_public(plan, each) for each in subnets]
    if True in answers:
        return True
    return False if told and None not in answers else None


def _is_public(plan: Plan, subnet: ResourceChange) -> bool | None:
    joined = graph(plan).incoming("aws_route_table_association", ("subnet_id",), "aws_subnet")
    tables = [
        table
        for each in joined.to(subnet)
        for address in graph(plan).targets(each, ("route_table_id",), "aws_route_table") or ()
        if (table := plan.find(address)) is not None
    ]
    if len(tables) != 1:
        return None
    answers = list(_routes(plan, tables[0]))
    return True if True in answers else None if None in answers else False


def _routes(plan: Plan, table: ResourceChange) -> Iterator[bool | None]:
    """Whether each route leads to an internet gateway: those inside the table, and those beside it."""
    if graph(plan).is_written(table, "route"):
        for place, each in enumerate(table.after.get("route").elements()):
            yield _leads(plan, table, ("route", place, "gateway_id"), each.get("gateway_id"))
    beside = graph(plan).incoming("aws_route", ("route_table_id",), "aws_route_table")
    for route in beside.to(table):
        yield _leads(plan, route, ("gateway_id",), route.after.get("gateway_id"))
    if beside.undecided:
        yield None


def _leads(plan: Plan, holder: ResourceChange, path: tuple[str | int, ...], place: Value) -> bool | None:
    match place.peek():
        case Known(str(name)):
            return name.startswith("igw-")
        case state if state in (NULL, ABSENT):
            return False
        case _ if not graph(plan).is_written(holder, str(path[0])):
            return False
        case _:
            named = graph(plan).targets(holder, path, GATEWAY)
            return None if named is None else bool(named)
