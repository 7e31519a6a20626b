"""Steps for anybody's plan: every resource of a type, and what its values must be.

Paths are JSONPath: `ingress[*].cidr_blocks[*]`, `tags.Owner`; a JSON document inside a string is
entered like any other value: `policy.Statement[*].Action`.
"""

from collections.abc import Callable

from pytest_bdd import parsers, then, when

from planspec import Judgement, Mode, Plan
from planspec.judgements.cost import tagging
from planspec.judgements.generic import (
    no_weaker,
    relations,
    resources,
    selections,
)
from planspec.judgements.generic.selections import Selection

Uphold = Callable[[Judgement], None]
# A path; quotes stand in its brackets only, around a key or in a filter.
PATH = r"(?:[^\"\[]|\[[^\]]*\])+"


@when(parsers.parse('we examine every planned "{kind}"'), target_fixture="selection")
def examine_type(plan: Plan, kind: str) -> Selection:
    """Every managed resource of a type that exists after the change."""
    return selections.of_type(plan, kind)


@when(parsers.parse('we examine every data source "{kind}"'), target_fixture="selection")
def examine_data(plan: Plan, kind: str) -> Selection:
    """Data sources of a type, read while planning or at apply."""
    return selections.of_type(plan, kind, mode=Mode.DATA)


@when(parsers.parse('we examine every resource with action "{action}"'), target_fixture="selection")
def examine_action(plan: Plan, action: str) -> Selection:
    """Every change that does this: create, update, delete, replace, forget, no-op."""
    return selections.with_action(plan, None, action)


@when(
    parsers.parse('we examine every change of "{kind}" with action "{action}"'),
    target_fixture="selection",
)
def examine_type_and_action(plan: Plan, kind: str, action: str) -> Selection:
    """Every change of a type that does this."""
    return selections.with_action(plan, kind, action)


@when(parsers.parse('we keep those in module "{module}"'), target_fixture="selection")
def keep_module(selection: Selection, module: str) -> Selection:
    """Those in a module, in all its instances, and in the modules that it calls."""
    return selections.in_module(selection, module)


@when(parsers.parse('we keep those whose "{path}" is "{value}"'), target_fixture="selection")
def keep_is(selection: Selection, path: str, value: str) -> Selection:
    """Those of which some value at the path is this."""
    return selections.keep(selection, path, relations.equals(value))


@when(parsers.parse('we keep those whose "{path}" is not "{value}"'), target_fixture="selection")
def keep_is_not(selection: Selection, path: str, value: str) -> Selection:
    """Those of which no value at the path is this."""
    return selections.keep(selection, path, relations.equals(value), negated=True)


@when(parsers.parse('we keep those whose "{path}" matches "{pattern}"'), target_fixture="selection")
def keep_matches(selection: Selection, path: str, pattern: str) -> Selection:
    """Those of which some whole value at the path matches the regular expression."""
    return selections.keep(selection, path, relations.matches(pattern))


@when(parsers.parse('we keep those whose "{path}" contains "{part}"'), target_fixture="selection")
def keep_contains(selection: Selection, path: str, part: str) -> Selection:
    """Those of which some value at the path contains this text, element or key."""
    return selections.keep(selection, path, relations.contains(part))


@when(parsers.parse('we keep those whose "{path}" is set'), target_fixture="selection")
def keep_set(selection: Selection, path: str) -> Selection:
    """Those of which some value stands at the path."""
    return selections.keep(selection, path, relations.is_set)


@when(parsers.parse('we keep those whose "{path}" is not set'), target_fixture="selection")
def keep_not_set(selection: Selection, path: str) -> Selection:
    """Those of which no value stands at the path."""
    return selections.keep(selection, path, relations.is_set, negated=True)


NUMBER = r"(?P<limit>-?[0-9]+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+){2,})"


@when(
    parsers.re(rf'we keep those whose "(?P<path>{PATH})" is at (?P<side>least|most) {NUMBER}'),
    target_fixture="selection",
)
def keep_by_number(selection: Selection, path: str, side: str, limit: str) -> Selection:
    """Those of which some number or version at the path is not below, or not above, the limit."""
    return selections.keep(selection, path, relations.of_quantity(side, limit))


def outcome(text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An outcome about `every` or `some` value at a path; the word is part of the phrase."""
    return then(parsers.re(rf'(?P<quantifier>every|some) "(?P<path>{PATH})" {text}'))


# The name of a blank says what it takes: one value, several, a part of one, or a pattern.
VALUE = r'"(?P<value>.*)"'
VALUES = r'"(?P<values>.*)"'
PART = r'"(?P<part>.*)"'
PATTERN = r'"(?P<pattern>.*)"'


@outcome(rf"must be {VALUE}")
def must_be(selection: Selection, quantifier: str, path: str, value: str, uphold: Uphold) -> None:
    """The value is this; lists compare without order."""
    relation = relations.equals(value)
    uphold(resources.hold(selection, quantifier, path, relation, f"{quantifier} {path} is {value}"))


@outcome(rf"must not be {VALUE}")
def must_not_be(selection: Selection, quantifier: str, path: str, value: str, uphold: Uphold) -> None:
    """The value is not this. Of a switch that nobody set that cannot be told: a default applies."""
    relation, text = relations.equals(value), f"{quantifier} {path} is not {value}"
    uphold(resources.hold(selection, quantifier, path, relation, text, negated=True))


@outcome(rf"must be at least {NUMBER}")
def must_be_at_least(
    selection: Selection, quantifier: str, path: str, limit: str, uphold: Uphold
) -> None:
    """The value is a number or a version (16.10, 1.29.3), and not below the limit."""
    relation, text = relations.at_least(limit), f"{quantifier} {path} is at least {limit}"
    uphold(resources.hold(selection, quantifier, path, relation, text))


@outcome(rf"must be at most {NUMBER}")
def must_be_at_most(
    selection: Selection, quantifier: str, path: str, limit: str, uphold: Uphold
) -> None:
    """The value is a number or a version (16.10, 1.29.3), and not above the limit."""
    relation, text = relations.at_most(limit), f"{quantifier} {path} is at most {limit}"
    uphold(resources.hold(selection, quantifier, path, relation, text))


@outcome(rf"must be one of {VALUES}")
def must_be_one_of(
    selection: Selection, quantifier: str, path: str, values: str, uphold: Uphold
) -> None:
    """The value is one of a list: "a, b, c"."""
    relation = relations.one_of(resources.texts(values))
    text = f"{quantifier} {path} is one of {values}"
    uphold(resources.hold(selection, quantifier, path, relation, text))


@outcome(rf"must not be one of {VALUES}")
def must_not_be_one_of(
    selection: Selection, quantifier: str, path: str, values: str, uphold: Uphold
) -> None:
    """The value is none of a list: "a, b, c"."""
    relation = relations.one_of(resources.texts(values))
    text = f"{quantifier} {path} is none of {values}"
    uphold(resources.hold(selection, quantifier, path, relation, text, negated=True))


@outcome(rf"must match {PATTERN}")
def must_match(selection: Selection, quantifier: str, path: str, pattern: str, uphold: Uphold) -> None:
    """The whole value matches the regular expression."""
    relation, text = relations.matches(pattern), f"{quantifier} {path} matches {pattern}"
    uphold(resources.hold(selection, quantifier, path, relation, text))


@outcome(rf"must not match {PATTERN}")
def must_not_match(
    selection: Selection, quantifier: str, path: str, pattern: str, uphold: Uphold
) -> None:
    """The value does not match the regular expression; if a part does, that cannot be told."""
    relation, text = relations.resembles(pattern), f"{quantifier} {path} does not match {pattern}"
    uphold(resources.hold(selection, quantifier, path, relation, text, negated=True))


@outcome(rf"must contain {PART}")
def must_contain(selection: Selection, quantifier: str, path: str, part: str, uphold: Uphold) -> None:
    """The text is a part of the value, an element of the list or a key of the map."""
    relation, text = relations.contains(part), f"{quantifier} {path} contains {part}"
    uphold(resources.hold(selection, quantifier, path, relation, text))


@outcome(rf"must not contain {PART}")
def must_not_contain(
    selection: Selection, quantifier: str, path: str, part: str, uphold: Uphold
) -> None:
    """The text is no part of the value, no element of the list and no key of the map."""
    relation, text = relations.contains(part), f"{quantifier} {path} does not contain {part}"
    uphold(resources.hold(selection, quantifier, path, relation, text, negated=True))


@outcome(r"must be set")
def must_be_set(selection: Selection, quantifier: str, path: str, uphold: Uphold) -> None:
    """Something stands there; an empty text, list or map does not count."""
    text = f"{quantifier} {path} is set"
    uphold(resources.hold(selection, quantifier, path, relations.is_set, text))


@outcome(r"must not be set")
def must_not_be_set(selection: Selection, quantifier: str, path: str, uphold: Uphold) -> None:
    """Nothing stands there."""
    text = f"{quantifier} {path} is not set"
    uphold(resources.hold(selection, quantifier, path, relations.is_set, text, negated=True))


@then(parsers.parse('its "{path}" must reference a "{kind}"'))
def must_refer(selection: Selection, path: str, kind: str, uphold: Uphold) -> None:
    """The value names a resource of that type in this plan, by reference or by name."""
    uphold(resources.refer(selection, path, kind))


@then(parsers.parse('it must have the tags "{names}"'))
def must_have_tags(selection: Selection, names: str, uphold: Uphold) -> None:
    """Each carries the stated tags, in a map, in `tag` blocks or as labels; capitals count."""
    wanted = resources.texts(names)
    found = tagging.carry_tags(selection.plan, selection.resources, names=wanted)
    uphold(selections.as_sure_as(selection, found))


@then("there must be none")
def must_be_none(selection: Selection, uphold: Uphold) -> None:
    """Nothing was selected; what was looked through counts as examined."""
    uphold(resources.count(selection, maximum=0))


@then(parsers.parse("there must be at least {number:d}"))
def must_be_many(selection: Selection, number: int, uphold: Uphold) -> None:
    """So many were selected, or more."""
    uphold(resources.count(selection, minimum=number))


@then(parsers.parse("there must be at most {number:d}"))
def must_be_few(selection: Selection, number: int, uphold: Uphold) -> None:
    """So many were selected, or fewer."""
    uphold(resources.count(selection, maximum=number))


@then(parsers.re(rf'no change may (?P<how>widen|lower|raise|alter) "(?P<path>{PATH})"'))
def no_change_may(selection: Selection, how: str, path: str, uphold: Uphold) -> None:
    """Compared with before: no range or text more, no number or switch lower, higher, or other."""
    uphold(no_weaker.hold_change(selection, how, path))
