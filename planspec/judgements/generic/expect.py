"""Does one attribute hold what it should?

The building block of most judgements: the states of a value spelt out, so that nothing that the plan
leaves open can count as good.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

Accepts = Callable[[Any], bool]


class Addressed(Protocol):
    """Whatever a finding can be about."""

    @property
    def address(self) -> str:
        """The address that the finding names."""


def hold(
    resource: Addressed | ResourceChange,
    place: Value,
    accepts: Accepts,
    expected: str,
    *,
    remedy: str = "",
    unset: Verdict = Verdict.VIOLATED,
) -> Finding | None:
    """Return a finding unless the value is known and accepted.

    An attribute that the resource does not have (another provider version, another kind of
    database) says nothing, so it is undetermined.

    `unset` is the verdict where nobody set the attribute: VIOLATED where AWS documents that the
    service then does the wrong thing, UNDETERMINED where the plan does not show what happens,
    SATISFIED where AWS documents that the service then does the right thing.
    """
    match place.reading:
        case Known(value, False) if accepts(value):
            return None
        case Known(_, False):
            return found(resource, place, Verdict.VIOLATED, expected, remedy=remedy)
        case state if state is UNKNOWN or isinstance(state, Known) or place.misnamed:
            return found(resource, place, Verdict.UNDETERMINED, expected, remedy=remedy)
        case _ if unset is Verdict.SATISFIED:
            return None
        case _:
            return found(resource, place, unset, expected, remedy=remedy)


def found(
    resource: Addressed | ResourceChange,
    place: Value,
    verdict: Verdict,
    expected: str,
    *,
    observed: str = "",
    remedy: str = "",
    related: Iterable[str] = (),
) -> Finding:
    """Build the finding about one place; what is observed is never a sensitive value.

    `related` are addresses of other blocks that a reader may have to change.
    """
    observed = observed or f"{place.path} is {place.shown}"
    others = tuple(dict.fromkeys(related))
    return Finding(resource.address, verdict, observed, expected, place.path, remedy, others)


def is_left_to_aws(plan: Plan, resource: ResourceChange, place: Value) -> bool:
    """Whether a new object gets what AWS has by default here: the provider computes what nobody writes.

    A block is "known after apply" then, like one that apply decides, or the plan leaves it out. Only the
    configuration tells.
    """
    made = resource.replaced or not isinstance(resource.before.peek(), Known)
    written = not graph(plan).has_block(resource) or graph(plan).is_written(
        resource, str(place.steps[0])
    )
    return made and place.peek() in (UNKNOWN, ABSENT) and not written


def hold_each(
    resources: Iterable[ResourceChange],
    path: tuple[str | int, ...],
    accepts: Accepts,
    expected: str,
    *,
    remedy: str = "",
    unset: Verdict = Verdict.VIOLATED,
) -> Judgement:
    """Hold one attribute of every resource to the same expectation."""
    examined = tuple(resources)
    return judge(
        (resource.address for resource in examined),
        (
            hold(
                resource,
                resource.after.get(*path),
                accepts,
                expected,
                remedy=remedy,
                unset=unset,
            )
            for resource in examined
        ),
    )


def hold_unless_left_out(
    resources: Iterable[ResourceChange],
    path: tuple[str | int, ...],
    accepts: Accepts,
    expected: str,
    *,
    remedy: str = "",
) -> Judgement:
    """The same where AWS documents that it does the right thing when nobody sets the attribute."""
    examined = tuple(resources)
    places = [(resource, resource.after.get(*path)) for resource in examined]
    return judge(
        (resource.address for resource in examined),
        (
            hold(resource, place, accepts, expected, remedy=remedy)
            for resource, place in places
            if place.misnamed or place.reading not in (NULL, ABSENT)
        ),
    )
