"""Is a value after the change lower, wider or other than before?

Each comparison answers yes, no, or None where apply decides, or where nobody sets the value any more:
what then applies is not in the plan. A value that was not there before can become neither lower nor
narrower. Source: Terraform, "JSON Output Format", change representation, `before` and `after`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from planspec.judgements.generic.magnitudes import Order, is_quantity, names_version, order
from planspec.judgements.generic.relations import canonical
from planspec.plan import UNKNOWN, Known, Value, covered

Comparison = Callable[[Sequence[Value], Sequence[Value]], bool | None]
_TEXT: Final = "a text that is not a number, a version or a switch is neither less nor more than another"
_LIST: Final = "lists and maps have no rank; name their elements, as in [*]"
_UNSET: Final = "it is no longer set, and the default is not in the plan"


def lowers(before: Sequence[Value], after: Sequence[Value]) -> bool | None:
    """Whether the lowest number falls, a switch goes off, or a text is no longer set."""
    return _moves(before, after, 1)


def raises(before: Sequence[Value], after: Sequence[Value]) -> bool | None:
    """Whether the highest number rises, or a switch goes on."""
    return _moves(before, after, -1)


def may_lower(before: Sequence[Value], after: Sequence[Value]) -> bool | None:
    """As `lowers`, but what has no rank and becomes another cannot be told."""
    return _ranked(lowers(before, after), _unranked(before, after, 1))


def may_raise(before: Sequence[Value], after: Sequence[Value]) -> bool | None:
    """As `raises`, but what has no rank and becomes another cannot be told."""
    return _ranked(raises(before, after), _unranked(before, after, -1))


def _ranked(answer: bool | None, unranked: str) -> bool | None:
    return None if answer is False and unranked else answer


def _unranked(before: Sequence[Value], after: Sequence[Value], direction: int) -> str:
    """Why some value after the change has no rank among those before; "" if all have one."""
    had = _had(before)
    if not had and direction > 0:
        return ""
    return next(filter(None, (_without_rank(place, had, direction) for place in after)), "")


def _without_rank(place: Value, had: Sequence[Any], direction: int) -> str:
    state = place.reading
    if not isinstance(state, Known) or not _stands(state):
        # A switch that was on cannot rise; what else nobody sets any more may have a higher default.
        moves = any(direction > 0 or each is not True for each in had)
        return _UNSET if moves and state is not UNKNOWN else ""
    value = _switch(state.value)
    unchanged = not state.partly_unknown and canonical(value) in map(canonical, had)
    first = not had and is_quantity(value, version=names_version(place.steps))
    if unchanged or first or _orders(place, value, had):
        return ""
    return _LIST if isinstance(state.value, list | dict) else _TEXT


def _moves(before: Sequence[Value], after: Sequence[Value], direction: int) -> bool | None:
    had = _had(before)
    if not had and direction > 0:
        return False
    answers = [_moved(place, had, direction) for place in after]
    if not answers:
        return None if had and direction > 0 else False
    return True if True in answers else None if None in answers else False


def _had(before: Sequence[Value]) -> list[Any]:
    known = [state for state in _readings(before) if isinstance(state, Known) and _stands(state)]
    return [_switch(state.value) for state in known]


def _switch(value: Any) -> Any:
    """A switch that the provider keeps as a text, such as `encrypted` of `aws_redshift_cluster`."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _moved(place: Value, had: Sequence[Any], direction: int) -> bool | None:
    state = place.reading
    if not isinstance(state, Known):
        return None if state is UNKNOWN or (had and direction > 0) else False
    value = _switch(state.value)
    orders = _orders(place, value, had)
    if not orders:
        # A text has no rank; a number or switch that was not there before may have risen.
        unset = direction > 0 and not _stands(state)
        ranked = is_quantity(value, version=names_version(place.steps)) and value != 0
        return None if unset or (ranked and not had) else False
    # It has moved if it lies beyond all that was there before.
    answers = [each.not_less if direction > 0 else each.not_more for each in orders]
    return False if True in answers else None if None in answers else True


def _orders(place: Value, value: Any, had: Sequence[Any]) -> list[Order]:
    version = names_version(place.steps)
    found = (order(value, each, version=version, exact=False) for each in had)
    return [each for each in found if each is not None]


def doubt(before: Sequence[Value], after: Sequence[Value], *, falls: bool) -> str:
    """Why it cannot be told whether known values have fallen or risen; "" if it can."""
    stated = [(place, place.peek()) for place in after]
    found = (
        each.why
        for place, state in stated
        if isinstance(state, Known)
        for each in _orders(place, state.value, _had(before))
        if len(each.signs) > 1
    )
    return next(found, "") or _unranked(before, after, 1 if falls else -1)


def _stands(state: Known) -> bool:
    return state.value not in ("", [], {})


def falls_in(order: Sequence[str]) -> Comparison:
    """Make the comparison of texts that have an order, the weakest first; others cannot be told.

    What became of no text, or of another one, is no weaker only if it is the strongest of all.
    """

    def falls(before: Sequence[Value], after: Sequence[Value]) -> bool | None:
        had = [order.index(each) for each in _texts(before) if each in order]
        becomes = [order.index(each) if each in order else None for each in _texts(after)]
        if alters(before, after) is False:
            return False
        if not becomes or None in becomes:
            return None
        if not had:
            return False if {*becomes} == {len(order) - 1} else None
        return min(each for each in becomes if each is not None) < min(had)

    return falls


def _texts(places: Iterable[Value]) -> list[str | None]:
    return [str(each.value) if isinstance(each, Known) else None for each in _readings(places)]


def alters(before: Sequence[Value], after: Sequence[Value]) -> bool | None:
    """Whether the values are others than before; their order does not matter."""
    readings = _readings(after)
    if any(
        state is UNKNOWN or (isinstance(state, Known) and state.partly_unknown) for state in readings
    ):
        return None
    return _written(_readings(before)) != _written(readings)


def _written(readings: Iterable[object]) -> list[str]:
    stated = (state for state in readings if isinstance(state, Known) and _stands(state))
    return sorted(canonical(state.value) for state in stated)


def widens(before: Sequence[Value], after: Sequence[Value]) -> bool | None:
    """Whether something is in it that was not covered before.

    An address range is covered by those that hold it together, a text by the same text or by one
    in which `*` stands for the rest. A list counts as its elements.
    """
    had = [str(state.value) for state in _readings(_leaves(before)) if isinstance(state, Known)]
    answers = [_wider(state, had) for state in _readings(_leaves(after))]
    return True if True in answers else None if None in answers else False


def _wider(state: object, had: Sequence[str]) -> bool | None:
    match state:
        case Known(value, _) if value != "":
            return not covered(str(value), had)
        case _:
            return None if state is UNKNOWN and "*" not in had else False


def _leaves(places: Iterable[Value]) -> list[Value]:
    """The elements of lists, at any depth, in place of the lists."""
    found: list[Value] = []
    for place in places:
        match place.peek():
            case Known(list(), _):
                found += _leaves(place.elements())
            case _:
                found.append(place)
    return found


def _readings(places: Iterable[Value]) -> list[object]:
    return [place.reading for place in places]
