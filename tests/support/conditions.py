"""Expressions of Terraform in which one condition is undecided, and what they come to either way.

A small evaluator beside the text of each expression, so that a test can say what apply will find. It
was held to `terraform plan` on 360 such expressions, with the condition true and with it false.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

SEED: Final = 't.seed.id == "x"'
"""The condition that apply decides."""
LETTERS: Final = ("a", "b", "c")
REFERENCE: Final = "r"
"""The text that a test exchanges for a reference; no key has this name."""
DEEPEST: Final = 3
Names = dict[str, str]


class Written(NamedTuple):
    """An expression: its text, and its value by the condition and the names that are bound."""

    text: str
    value: Callable[[bool, Names], Any]

    def come_to(self, decided: bool) -> Any:
        """What it is once the condition is decided."""
        return self.value(decided, {})


Strategy = st.SearchStrategy[Written]


def made(text: str, of: Callable[..., Any], *parts: Written) -> Written:
    """An expression of others: `{}` stands for each, and their values are worked together."""
    return Written(
        text.format(*(each.text for each in parts)),
        lambda decided, names: of(*(each.value(decided, names) for each in parts)),
    )


def gathered(before: str, after: str, of: Callable[..., Any], parts: Sequence[Written]) -> Written:
    """An expression of any number of others, with commas between them."""
    return made(f"{before}{', '.join('{}' for _ in parts)}{after}", of, *parts)


def literal(text: str) -> Written:
    """A text in quotes."""
    return made(f'"{text}"', lambda: text)


def filtered(listed: Written, test: Written) -> Written:
    """The elements of a list that are `a`, or for which a condition holds."""
    return Written(
        f'[for each in {listed.text} : each if each == "a" || {test.text}]',
        lambda d, n: [each for each in listed.value(d, n) if each == "a" or test.value(d, n)],
    )


def kept(found: Written, test: Written) -> Written:
    """The members of a map of which the key is `a`, or for which a condition holds."""
    return Written(
        f'{{ for k, v in {found.text} : k => v if k == "a" || {test.text} }}',
        lambda d, n: {
            key: value for key, value in found.value(d, n).items() if key == "a" or test.value(d, n)
        },
    )


def mapping(held: dict[str, Written]) -> Written:
    """A map with these members."""
    return gathered(
        "tomap({{",
        "}})",
        lambda *values: dict(zip(held, values, strict=True)),
        [made(f"{name} = {{}}", lambda value: value, each) for name, each in held.items()],
    )


def choice(tests: Strategy, kind: Strategy) -> Strategy:
    """One of two, by a condition."""
    return st.builds(
        lambda test, one, other: made(
            "({} ? {} : {})", lambda told, first, second: first if told else second, test, one, other
        ),
        tests,
        kind,
        kind,
    )


class Kinds(NamedTuple):
    """Conditions, texts, lists and maps of one depth."""

    tests: Strategy
    texts: Strategy
    lists: Strategy
    maps: Strategy


def kinds(depth: int) -> Kinds:
    """Expressions of at most this depth."""
    undecided = st.just(Written(SEED, lambda decided, _: decided))
    plain = st.sampled_from([literal(each) for each in (*LETTERS, REFERENCE, "")])
    if not depth:
        lists = st.lists(plain, max_size=2).map(lambda held: gathered("tolist([", "])", _listed, held))
        maps = st.dictionaries(st.sampled_from(LETTERS), plain, max_size=2).map(mapping)
        return Kinds(undecided, plain, lists, maps)
    inner = kinds(depth - 1)
    return Kinds(
        undecided | _tests(inner),
        plain | _texts(inner),
        _lists(inner),
        _maps(inner),
    )


def _listed(*values: Any) -> list[Any]:
    return list(values)


def _tests(inner: Kinds) -> Strategy:
    tests, texts, lists, _ = inner
    return st.one_of(
        st.sampled_from([made("true", lambda: True), made("false", lambda: False)]),
        st.builds(lambda one: made("!({})", lambda told: not told, one), tests),
        st.builds(lambda a, b: made("(({}) && ({}))", lambda x, y: x and y, a, b), tests, tests),
        st.builds(lambda a, b: made("(({}) || ({}))", lambda x, y: x or y, a, b), tests, tests),
        st.builds(lambda one: made("length({}) > 0", lambda held: len(held) > 0, one), lists),
        st.builds(lambda a, b: made("{} == {}", lambda x, y: x == y, a, b), texts, texts),
    )


def _texts(inner: Kinds) -> Strategy:
    tests, texts, lists, maps = inner
    return st.one_of(
        choice(tests, texts),
        st.builds(
            lambda found, other: made(
                'lookup({}, "a", {})', lambda held, text: held.get("a", text), found, other
            ),
            maps,
            texts,
        ),
        st.builds(
            lambda listed, other: made(
                "try(({})[0], {})", lambda held, text: (held or [text])[0], listed, other
            ),
            lists,
            texts,
        ),
        st.builds(
            lambda listed, other: made(
                "try(element({}, 0), {})", lambda held, text: (held or [text])[0], listed, other
            ),
            lists,
            texts,
        ),
        st.builds(
            lambda listed, other: made(
                "try(tolist({})[1], {})",
                lambda held, text: held[1] if len(held) > 1 else text,
                listed,
                other,
            ),
            lists,
            texts,
        ),
        st.builds(
            lambda listed, other: made(
                "coalescelist({}, [{}])[0]", lambda held, text: (held or [text])[0], listed, other
            ),
            lists,
            texts,
        ),
        st.builds(
            lambda found, other: made(
                'try({}["a"], {})', lambda held, text: held.get("a", text), found, other
            ),
            maps,
            texts,
        ),
        st.builds(
            lambda one, other: made(
                'coalesce({}, {}, "b")', lambda text, last: text or last or "b", one, other
            ),
            texts,
            texts,
        ),
    )


def _positions(inner: Kinds) -> Strategy:
    """Elements that are asked for by their place: where there is none, Terraform stops."""
    _, texts, lists, maps = inner
    return st.one_of(
        texts,
        st.builds(lambda one: made("({})[0]", lambda held: held[0], one), lists),
        st.builds(lambda one: made("element({}, 1)", lambda held: held[1 % len(held)], one), lists),
        st.builds(lambda one: made('{}["a"]', lambda held: held["a"], one), maps),
        st.builds(lambda one: made('lookup({}, "b")', lambda held: held["b"], one), maps),
    )


def _lists(inner: Kinds) -> Strategy:
    tests, texts, lists, maps = inner
    return st.one_of(
        st.lists(texts, max_size=2).map(lambda held: gathered("tolist([", "])", _listed, held)),
        choice(tests, lists),
        st.builds(lambda a, b: made("concat({}, {})", lambda x, y: x + y, a, b), lists, lists),
        st.builds(lambda a, b: made("flatten([{}, [{}]])", lambda x, y: x + y, a, b), lists, lists),
        st.builds(lambda one: made("compact({})", lambda held: [*filter(None, held)], one), lists),
        st.builds(filtered, lists, tests),
        st.builds(
            lambda one: made(
                '[for each in {} : each if each != ""]', lambda held: [*filter(None, held)], one
            ),
            lists,
        ),
        st.builds(
            lambda one, other: made(
                "coalescelist({}, [{}])", lambda held, text: held or [text], one, other
            ),
            lists,
            texts,
        ),
        st.builds(lambda one: made("keys({})", sorted, one), maps),
        st.builds(
            lambda one: made(
                "[for k, v in {} : v]", lambda held: [held[key] for key in sorted(held)], one
            ),
            maps,
        ),
        st.builds(lambda one: made("({})[*]", lambda held: held, one), lists),
    )


def _maps(inner: Kinds) -> Strategy:
    tests, texts, _, maps = inner
    return st.one_of(
        st.dictionaries(st.sampled_from(LETTERS), texts, max_size=2).map(mapping),
        choice(tests, maps),
        st.builds(lambda a, b: made("merge({}, {})", lambda x, y: {**x, **y}, a, b), maps, maps),
        st.builds(kept, maps, tests),
    )


_, TEXTS, LISTS, MAPS = kinds(DEEPEST)
POSITIONS: Final = _positions(kinds(DEEPEST))
