"""What runs in the tasks of an ECS service?"""

from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph


def task_definitions(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the task definitions that exist once the plan is applied."""
    return plan.remaining("aws_ecs_task_definition")


def services(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the ECS services that exist once the plan is applied."""
    return plan.remaining("aws_ecs_service")


def containers(definition: ResourceChange) -> tuple[Value, ...] | None:
    """Return the containers of a task definition; None if they are decided at apply."""
    return containers_in(definition.after)


def containers_in(values: Value) -> tuple[Value, ...] | None:
    """Return the containers in the values of a task definition, before or after the change."""
    document = values.get("container_definitions").document()
    if document.peek() is UNKNOWN:
        return None
    return document.elements()


def environment(container: Value) -> dict[str, Value]:
    """Return the plain environment of one container: names and the places of the values."""
    found: dict[str, Value] = {}
    for variable in container.get("environment").elements():
        match variable.get("name").reading:
            case Known(str(name)):
                found[name] = variable.get("value")
            case _:
                continue
    return found


def definition_of(plan: Plan, service: ResourceChange) -> ResourceChange | None:
    """Return the task definition that a service runs; None if it cannot be told."""
    named = graph(plan).targets(service, ("task_definition",), "aws_ecs_task_definition")
    return plan.find(named[0]) if named and len(named) == 1 else None
