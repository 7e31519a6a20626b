"""What does the parameter group of a database state?"""

from collections.abc import Sequence
from typing import Final

from planspec.aws import ELSEWHERE, Database
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

GROUP: Final = "parameter_group_name"
OF_ITS_SOURCE: Final = "its parameter group is that of what it copies"


def stated(plan: Plan, database: Database, *names: str) -> list[Value | str | None]:
    """Return what the parameter group states for this parameter; of a cluster, for each instance.

    Of several names, the first that is stated counts.
    None: the group, or AWS's own one, leaves it at its default. A text says why it cannot be told.
    A parameter in a group of an instance comes before the same one of its cluster. A read replica
    without a group has that of its source. Sources: Amazon Aurora User Guide, "Parameter groups for
    Amazon Aurora DB clusters"; Amazon RDS API, CreateDBInstanceReadReplica, DBParameterGroupName.
    """
    kind, path = database.family.parameter_group, database.called(GROUP)
    head = database.head
    if database.copies_its_group and _group_is_default(plan, head, path):
        if database.source is None:
            return [OF_ITS_SOURCE]
        head = database.source
    whole = _stated(plan, head, path, kind, names)
    if database.lacks_cluster and whole is None:
        return [ELSEWHERE]
    if not database.family.instance_groups:
        return [whole]
    own = [
        _stated(plan, each, "db_parameter_group_name", "aws_db_parameter_group", names)
        for each in database.instances
    ]
    return [whole if each is None else each for each in own] or [whole]


def _stated(
    plan: Plan, holder: ResourceChange, path: str, kind: str, names: Sequence[str]
) -> Value | str | None:
    named = graph(plan).targets(holder, (path,), kind) or ()
    groups = [each for each in map(plan.find, named) if each is not None]
    if not groups and _group_is_default(plan, holder, path):
        return None
    if len(groups) != 1:
        return "its parameter group is not in this plan"
    parameters = groups[0].after.get("parameter").elements()
    told = [parameter.get("name").reading for parameter in parameters]
    for name in names:
        values = [
            each.get("value") for each, said in zip(parameters, told, strict=True) if said == Known(name)
        ]
        if len({str(value.peek()) for value in values}) > 1:
            return f"its parameter group states {name} twice"
        if values:
            return values[0]
    return "its parameters are known after apply" if UNKNOWN in told else None


def groups_of(plan: Plan, database: Database) -> tuple[str, ...]:
    """Return the address of the parameter group that a database has; empty if it is not in the plan."""
    kind = database.family.parameter_group
    return graph(plan).targets(database.head, (database.called(GROUP),), kind) or ()


def _group_is_default(plan: Plan, holder: ResourceChange, path: str) -> bool:
    """Nobody chose a parameter group, or one that AWS makes and nobody can change was chosen."""
    match holder.after.get(path).reading:
        case Known(str(name)):
            return name == "" or name.startswith("default.")
        case state if state is UNKNOWN:
            return not graph(plan).is_written(holder, path)
        case _:
            return True
