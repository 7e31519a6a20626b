"""Does every resource say whose it is and who pays for it?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found, hold_each
from planspec.judgements.generic.tags import Tags, carries, doubt, keys, place_of, tags_of
from planspec.plan import Plan, ResourceChange, Value
from planspec.references import graph
from planspec.syntax import near_key


def taggable(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the resources that exist after the change and support tags.

    Tags are maps, blocks or labels: see `planspec.judgements.generic.tags`.
    """
    return tuple(
        change
        for change in plan.changes
        if change.managed and change.will_exist and tags_of(plan, change) is not None
    )


def carry_tags(plan: Plan, resources: Sequence[ResourceChange], *, names: Sequence[str]) -> Judgement:
    """Judge whether each resource carries every one of these tags with some value.

    What the provider adds automatically, such as the `default_tags` of AWS, counts where the type
    gets it.
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


def _missing(plan: Plan, resource: ResourceChange, wanted: Sequence[str]) -> Finding | None:
    tags = tags_of(plan, resource) or Tags(("tags",))
    states = carries(plan, resource, tags, wanted)
    missing = [name for name, state in states.items() if state is False]
    if not missing and None not in states.values():
        return None
    verdict = Verdict.VIOLATED if missing else Verdict.UNDETERMINED
    place = place_of(plan, resource, tags)
    whys = [doubt(resource, tags, name) for name, state in states.items() if state is None]
    provider = graph(plan).provider_of(resource) if tags.default else ""
    return found(
        resource,
        place,
        verdict,
        f"the {tags.word}s {', '.join(wanted)}",
        observed=_told(place, missing, tags.word)
        if missing
        else next(filter(None, whys), f"its {tags.word}s are known after apply"),
        remedy=tags.remedy,
        related=(f"provider.{provider}",) if provider and ":" not in provider else (),
    )


def _told(place: Value, missing: Sequence[str], word: str) -> str:
    """What is missing, and which tag was probably meant to be it: capitals count."""
    there = list(keys(place))
    slips = (near_key(name, there) for name in missing if name not in there)
    near = [f'"{each}" is another one' for each in slips if each]
    slip = f" ({', '.join(near)})" if near else ""
    return f"has no {word} {', '.join(missing)}{slip}"
