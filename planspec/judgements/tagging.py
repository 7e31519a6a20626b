"""Does every resource say whose it is and who pays for it?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found, hold_each
from planspec.misspelt import near_key
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import ABSENT, UNKNOWN, Value


def taggable(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the resources that exist after the change and support tags.

    The AWS provider gives each of them `tags_all`: their own tags and the provider's defaults.
    """
    return tuple(
        change
        for change in plan.changes
        if change.managed
        and change.will_exist
        and (
            change.after.get("tags_all").peek() is not ABSENT
            or change.after.get("tags").peek() is not ABSENT
        )
    )


def carry_tags(plan: Plan, resources: Sequence[ResourceChange], *, names: Sequence[str]) -> Judgement:
    """Judge whether each resource carries every one of these tags with some value.

    Source: Terraform AWS provider, "Resource Tagging": `tags_all` holds the resource's own tags
    and the provider's `default_tags`.
    """
    return judge(
        (resource.address for resource in resources),
        (_missing(plan, resource, names) for resource in resources),
    )


def hand_tags_on(services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether the tasks of each service carry tags, so that their cost has an owner.

    Source: Amazon ECS API, CreateService, propagateTags: nothing is handed on by default.
    """
    return hold_each(
        services,
        ("propagate_tags",),
        lambda value: value in ("SERVICE", "TASK_DEFINITION"),
        "propagate_tags is SERVICE or TASK_DEFINITION",
        remedy='set propagate_tags = "SERVICE"',
    )


def _missing(plan: Plan, resource: ResourceChange, names: Sequence[str]) -> Finding | None:
    tags = resource.after.get("tags_all")
    if tags.peek() is ABSENT or graph(plan).provider_sets(resource, "default_tags") is False:
        tags = resource.after.get("tags")
    states = {name: tags.get(name).is_set for name in names}
    missing = [name for name, state in states.items() if state is False]
    unsure = [name for name, state in states.items() if state is None]
    if not missing and (not unsure or _own(resource, unsure)):
        return None
    verdict = Verdict.VIOLATED if missing else Verdict.UNDETERMINED
    provider = graph(plan).provider_of(resource)
    return found(
        resource,
        tags,
        verdict,
        f"the tags {', '.join(names)}",
        observed=_told(tags, missing) if missing else "its tags are known after apply",
        remedy="add them to default_tags of the provider",
        related=(f"provider.{provider}",) if provider and ":" not in provider else (),
    )


def _told(tags: Value, missing: Sequence[str]) -> str:
    """What is missing, and which tag was probably meant to be it: capitals count."""
    there = [name for name, _ in tags.entries()]
    slips = (near_key(name, there) for name in missing if name not in there)
    near = [f'"{each}" is another one' for each in slips if each]
    slip = f" ({', '.join(near)})" if near else ""
    return f"has no tag {', '.join(missing)}{slip}"


def _own(resource: ResourceChange, names: Sequence[str]) -> bool:
    """`tags_all` can be unknown as a whole while the resource's own tags are known."""
    tags = resource.after.get("tags")
    return tags.peek() is not UNKNOWN and all(tags.get(name).is_set for name in names)
