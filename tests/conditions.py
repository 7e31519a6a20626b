"""Expressions of Terraform in which one condition is undecided, and what they come to either way.

A small evaluator beside the text of each expression, so that a test can say what apply will find.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st

SEED = 't.seed.id == "x"'
"""The condition that apply decides."""
Names = dict[str, str]
LETTERS = ("a", "b", "c")


class Written(NamedTuple):
    """An expression: its text, and its value where the condition is true or false."""

    text: str
    value: Callable[[bool, Names], Any]

    def come_to(self, decided: bool) -> Any:
        """What it is once the condition is decided."""
        return self.value(decided, {})


def literal(text: str) -> Written:
    """A text in quotes."""
    return Written(f'"{text}"', lambda _, __: text)


UNDECIDED = Written(SEED, lambda decided, _: decided)
TESTS: st.SearchStrategy[Written] = st.deferred(
    lambda: st.one_of(
        st.just(UNDECIDED),
        st.just(UNDECIDED),
        st.sampled_from([Written("true", lambda _, __: True), Written("false", lambda _, __: False)]),
        st.builds(lambda one: Written(f"!({one.text})", lambda d, n: not one.value(d, n)), TESTS),
        st.builds(
            lambda one, other: Written(
                f"({one.text}) && ({other.text})", lambda d, n: one.value(d, n) and other.value(d, n)
            ),
            TESTS,
            TESTS,
        ),
        st.builds(
            lambda one: Written(f"length({one.text}) > 0", lambda d, n: len(one.value(d, n)) > 0), LISTS
        ),
        st.builds(
            lambda one, other: Written(
                f"{one.text} == {other.text}", lambda d, n: one.value(d, n) == other.value(d, n)
            ),
            TEXTS,
            TEXTS,
        ),
    )
)


def choice(kind: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    """One of two, by a condition."""
    return st.builds(
        lambda test, one, other: Written(
            f"({test.text} ? {one.text} : {other.text})",
            lambda d, n: one.value(d, n) if test.value(d, n) else other.value(d, n),
        ),
        TESTS,
        kind,
        kind,
    )


def within(test: Written, name: str) -> Written:
    """A condition about the element that a `for` has bound."""
    return Written(f'({name} == "a" || {test.text})', lambda d, n: n[name] == "a" or test.value(d, n))


TEXTS: st.SearchStrategy[Written] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([*map(literal, LETTERS), literal("")]),
        choice(TEXTS),
        st.builds(
            lambda found, key, other: Written(
                f'lookup({found.text}, "{key}", {other.text})',
                lambda d, n: found.value(d, n).get(key, other.value(d, n)),
            ),
            MAPS,
            st.sampled_from(LETTERS),
            TEXTS,
        ),
        st.builds(
            lambda listed, other: Written(
                f"try({listed.text}[0], {other.text})",
                lambda d, n: (listed.value(d, n) or [other.value(d, n)])[0],
            ),
            LISTS,
            TEXTS,
        ),
    )
)


def filtered(listed: Written, test: Written) -> Written:
    """The elements of a list that pass a test."""
    kept = within(test, "each_one")
    return Written(
        f"[for each_one in {listed.text} : each_one if {kept.text}]",
        lambda d, n: [each for each in listed.value(d, n) if kept.value(d, {**n, "each_one": each})],
    )


def kept_keys(found: Written, test: Written) -> Written:
    """The members of a map of which the key passes a test."""
    kept = within(test, "name")
    return Written(
        f"{{ for name, value in {found.text} : name => value if {kept.text} }}",
        lambda d, n: {
            name: value
            for name, value in found.value(d, n).items()
            if kept.value(d, {**n, "name": name})
        },
    )


LISTS: st.SearchStrategy[Written] = st.deferred(
    lambda: st.one_of(
        st.lists(TEXTS, max_size=2).map(
            lambda held: Written(
                f"tolist([{', '.join(each.text for each in held)}])",
                lambda d, n: [each.value(d, n) for each in held],
            )
        ),
        choice(LISTS),
        st.builds(
            lambda one, other: Written(
                f"concat({one.text}, {other.text})", lambda d, n: one.value(d, n) + other.value(d, n)
            ),
            LISTS,
            LISTS,
        ),
        st.builds(
            lambda one: Written(f"compact({one.text})", lambda d, n: [*filter(None, one.value(d, n))]),
            LISTS,
        ),
        st.builds(
            lambda one, other: Written(
                f"flatten([{one.text}, [{other.text}]])",
                lambda d, n: one.value(d, n) + other.value(d, n),
            ),
            LISTS,
            LISTS,
        ),
        st.builds(filtered, LISTS, TESTS),
        st.builds(
            lambda found: Written(f"keys({found.text})", lambda d, n: sorted(found.value(d, n))), MAPS
        ),
        st.builds(
            lambda found: Written(
                f"[for name, value in {found.text} : value]",
                lambda d, n: [value for _, value in sorted(found.value(d, n).items())],
            ),
            MAPS,
        ),
    )
)
MAPS: st.SearchStrategy[Written] = st.deferred(
    lambda: st.one_of(
        st.dictionaries(st.sampled_from(LETTERS), TEXTS, max_size=2).map(
            lambda held: Written(
                f"tomap({{{', '.join(f'{name} = {each.text}' for name, each in held.items())}}})",
                lambda d, n: {name: each.value(d, n) for name, each in held.items()},
            )
        ),
        choice(MAPS),
        st.builds(
            lambda one, other: Written(
                f"merge({one.text}, {other.text})",
                lambda d, n: {**one.value(d, n), **other.value(d, n)},
            ),
            MAPS,
            MAPS,
        ),
        st.builds(kept_keys, MAPS, TESTS),
    )
)
