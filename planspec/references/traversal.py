"""Where does one more step lead, from what an expression comes to?"""

from collections.abc import Callable, Mapping
from typing import Final

from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Open, Value
from planspec.references.edges import Grade
from planspec.references.functions import elements
from planspec.references.presence import (
    NOT_FOLLOWED,
    as_sure_as,
    needed,
    some_element,
    spread,
    sure,
    what,
)
from planspec.references.symbolic import (
    NO_INSTANCE,
    NO_OBJECT,
    NOT_THERE,
    Encoded,
    Failed,
    Instance,
    Keyed,
    Listed,
    Lost,
    Mixed,
    ModuleInstances,
    OneOf,
    Perhaps,
    Repeated,
    Stated,
    Traced,
    mapped,
    opened,
    undecided,
)
from planspec.syntax import Key

# Stands before the place of a member whose key is not known; no key of a plan has this sign.
UNNAMED: Final = "\0"


def attribute(whole: Traced, name: str, own: Key, *, keyed: bool) -> Traced:
    """The attribute of an object. `keyed`: the expression uses the key of its own instance."""
    match whole:
        case Instance(_, path):
            return whole._replace(path=(*path, name))
        case Repeated():
            found = of_key(whole, own, keyed=keyed)
            return found if found is whole else attribute(found, name, own, keyed=False)
        case OneOf():
            return mapped(whole, lambda each: attribute(each, name, own, keyed=keyed))
        case Mixed():
            # The keys on the way are lost: only a whole object can have an attribute.
            return mapped(whole, lambda each: _inside(each, name))
        case Lost() | Failed():
            return whole
        case _:
            return _member(opened(whole), name)


def _member(whole: Traced, name: str) -> Traced:
    match whole:
        case Keyed(members) if name in members:
            return needed(members[name])
        case Keyed(_, True, partial, loose):
            # An optional attribute that was not given has a default.
            return NO_OBJECT if partial or loose else NOT_THERE
        case Listed((only,), True):
            return _member(opened(what(only)), name)
        case _:
            return Lost((NOT_FOLLOWED,))


def _inside(part: Traced, name: str) -> Traced:
    return part._replace(path=(name,)) if isinstance(part, Instance) and not part.path else part


def of_key(repeated: Repeated, own: Key, *, keyed: bool) -> Traced:
    """The instance that has the key of this one, if the expression uses that; else all stand."""
    if keyed and own in repeated.by_key:
        target = repeated.by_key[own]
        return Instance(target._replace(grade=min(target.grade, Grade.SAME_KEY)))
    return repeated


def at_traced(whole: Traced, key: Traced) -> Traced:
    """The element under a key that is stated, or else any of them."""
    if isinstance(key, Stated) and isinstance(key.value, str | int):
        return at(whole, key.value)
    return any_of(whole, decided=not undecided(key))


def at(whole: Traced, key: str | int) -> Traced:
    """The element at a position, or under a key, that is known."""
    match whole:
        case Repeated(by_key):
            return Instance(by_key[key]) if key in by_key else NO_INSTANCE
        case ModuleInstances(keys=keys):
            return whole._replace(keys=tuple(each for each in keys if each == key))
        case OneOf():
            return mapped(whole, lambda each: at(each, key))
        case Instance(_, path) if path:
            return whole._replace(path=(*path, key))
        case Mixed() | Lost() | Failed():
            return whole
        case _:
            return _element(opened(whole), key)


def _element(whole: Traced, key: str | int) -> Traced:
    match whole:
        case Listed():
            return _at_position(whole, key)
        case Keyed():
            return _member(whole, str(key))
        case _:
            return Lost((NOT_FOLLOWED,))


def _at_position(listed: Listed, key: str | int) -> Traced:
    place = int(key) if isinstance(key, str) and key.isdecimal() else key
    if not isinstance(place, int) or place < 0:
        return NOT_THERE
    if place >= len(listed.items) and listed.complete:
        return NOT_THERE
    before = listed.items[:place]
    if listed.ordered and place < len(listed.items) and listed.complete and sure(before):
        last = place == len(listed.items) - 1
        if last or sure(listed.items[place : place + 1]):
            return needed(listed.items[place])
    return some_element(listed, least=place + 1)


def any_of(whole: Traced, *, decided: bool) -> Traced:
    """One of the elements, and which is not known; `decided`: not by anything that apply decides."""
    if isinstance(whole, ModuleInstances | Repeated):
        return whole
    found = elements(whole)
    if found is None:
        return whole if isinstance(whole, Mixed | OneOf | Lost | Failed) else Lost((NOT_FOLLOWED,))
    # Whether it is there at all hangs on the key too.
    return some_element(found, least=len(found.items) + 1, decided=decided)


def each_of(whole: Traced, follow: Callable[[Traced], Traced]) -> Traced:
    """What a splat gives: the same steps from every element; one value is its own only element."""
    match whole:
        case ModuleInstances(keys=keys):
            items = tuple(follow(whole._replace(keys=(key,))) for key in keys)
            return Listed(items, whole.complete)
        case Mixed() | Lost() | Failed():
            return follow(whole)
        case OneOf((_, *_) as alternatives, decided):
            return OneOf(tuple(each_of(each, follow) for each in alternatives), decided)
    found = _splatted(whole)
    if found is None:
        return Lost((NOT_FOLLOWED,))
    return found._replace(items=tuple(as_sure_as(each, follow(what(each))) for each in found.items))


def _splatted(whole: Traced) -> Listed | None:
    """The elements that a splat goes through: a map or an object is one, and a null is none."""
    if isinstance(whole, Repeated):
        return elements(whole)
    match spread(whole):
        case Listed() as listed:
            return listed
        case Stated(None):
            return Listed(())
        case (Keyed() | Stated() | Instance(_, ())) as only:
            return Listed((only,))
        case _:
            return None


def select(whole: Traced, step: str | int, place: Value) -> tuple[Traced, Value]:
    """Follow one step of a path in the plan; `place` is what the plan states at `whole`.

    The plan lists a set in an order of its own, so that an element is the one whose stated parts
    are those in the plan; if several could be it, it is one of them.
    """
    inner = place.get(step)
    match whole:
        case Encoded(document):
            return select(document, step, place.document())
        case Listed() if isinstance(step, int):
            return _there(_fitting(whole, place, inner), inner), inner
        case Listed((only,), True):
            return select(_there(only, place), step, place)
        case Keyed(members):
            lost = Lost(("an argument that is not written",))
            return (whole if isinstance(step, int) else _there(members.get(step, lost), inner)), inner
        case OneOf() | Perhaps():
            return mapped(whole, lambda each: select(each, step, place)[0]), inner
        case Stated():
            unfolded = opened(whole)
            return select(unfolded, step, place) if unfolded != whole else (NO_OBJECT, inner)
        case Instance(_, path):
            return whole._replace(path=(*path, step)), inner
        case _:
            return whole, inner


def _there(traced: Traced, place: Value) -> Traced:
    """An element that may be missing, unless the plan says that it is there."""
    return traced if place.peek() is UNKNOWN else what(traced)


def _fitting(listed: Listed, place: Value, element: Value) -> Traced:
    """The items that an element of the plan can be; blocks that the plan has more of are repeated."""
    fitting = tuple(each for each in listed.items if fits(each, element))
    many = any(isinstance(each, Perhaps) and each.many for each in listed.items)
    repeated = many or not listed.complete or len(place.elements()) > len(listed.items)
    if len(fitting) == 1 and not repeated:
        return fitting[0]
    lost = () if fitting and not repeated else (Lost((NOT_FOLLOWED,)),)
    return OneOf((*fitting, *lost))


def fits(traced: Traced, place: Value) -> bool:
    """Whether what the source states can be what the plan states here."""
    match traced, place.peek():
        case Perhaps(inner), _:
            return fits(inner, place)
        case Stated(value), Known(other):
            return value is None or isinstance(value, list | dict) or _same(value, other)
        case Stated(value), state:
            return value is None or state is UNKNOWN or (state is not NULL and value in ("", []))
        case ((Instance(mentioned=False) | Mixed(_, True)), Known(_, False)):
            return not undecided(traced)  # what apply decides has no value in the plan
        case Keyed(), Open() as state:
            return state is not ABSENT
        case Keyed(members), Known(dict()):
            return all(fits(each, place.get(name)) for name, each in _stated(members).items())
        case _:
            return True


def _stated(members: Mapping[str, Traced]) -> Mapping[str, Stated]:
    return {name: each for name, each in members.items() if isinstance(each, Stated)}


def _same(value: object, other: object) -> bool:
    """Whether two scalars are the same once a provider has converted them."""
    return str(value).lower() == str(other).lower()
