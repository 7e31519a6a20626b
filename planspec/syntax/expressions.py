"""How is an expression written?

Expressions as trees, whoever read them: the `configuration` section of a plan, which keeps only the
names that an expression mentions, or the source itself. Nothing here is evaluated.
Source: Terraform, "Expressions"; HCL native syntax specification.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from planspec.syntax.address import InstanceKey, Token


class Literal(NamedTuple):
    """A value that is written out."""

    value: Any


class Index(NamedTuple):
    """A key that has to be worked out: `[each.key]`, `[count.index + 1]`."""

    key: "Expression"


class Splat(NamedTuple):
    """`[*]`: what follows is asked of every element."""


Step: TypeAlias = str | InstanceKey | Index | Splat
EVERY: Final = Splat()


class Traversal(NamedTuple):
    """A name and the steps from there: `module.m["a"].out`, `aws_subnet.s[*].id`."""

    steps: tuple[Step, ...]


class Inside(NamedTuple):
    """Steps into something that is no name: `merge(a, b).c`."""

    whole: "Expression"
    steps: tuple[Step, ...]


class Sequence(NamedTuple):
    """`[a, b]`."""

    items: tuple["Expression", ...]


class Mapping(NamedTuple):
    """`{a = b}`; keys are expressions too."""

    entries: tuple[tuple["Expression", "Expression"], ...]


class Template(NamedTuple):
    """A text with expressions in it."""

    parts: tuple["Expression", ...]


class Choice(NamedTuple):
    """`test ? one : other`."""

    test: "Expression"
    one: "Expression"
    other: "Expression"


class Call(NamedTuple):
    """A function. `expanded`: the last argument is a list of arguments."""

    function: str
    arguments: tuple["Expression", ...]
    expanded: bool = False


class For(NamedTuple):
    """`[for k, v in c : value if test]`, or with a key an object; `grouped` is `...`."""

    names: tuple[str, ...]
    collection: "Expression"
    key: "Expression | None"
    value: "Expression"
    test: "Expression | None"
    grouped: bool = False


class Operation(NamedTuple):
    """Something worked out from these: an operator, or anything that has no node of its own."""

    parts: tuple["Expression", ...]
    operator: str = ""


class Mentions(NamedTuple):
    """The names in an expression of which plan JSON keeps nothing else."""

    names: tuple[tuple[Token, ...], ...]


class Blocks(NamedTuple):
    """Nested blocks of one type, each a mapping, or repeated by `dynamic`."""

    blocks: tuple["Body | Dynamic", ...]


class Body(NamedTuple):
    """What is written between the braces of a block: arguments, and nested blocks by type."""

    line: int
    arguments: dict[str, "Argument"]


class Argument(NamedTuple):
    """One argument, or the nested blocks of one type, with the line where it stands."""

    line: int
    expression: "Expression"


class Dynamic(NamedTuple):
    """A block that is repeated over a collection, each element known by the iterator's name."""

    line: int
    iterator: str
    over: "Expression"
    content: Body


class Unreadable(NamedTuple):
    """Something that could not be parsed, or whose meaning is not known."""


Expression: TypeAlias = (
    Literal
    | Traversal
    | Inside
    | Sequence
    | Mapping
    | Template
    | Choice
    | Call
    | For
    | Operation
    | Mentions
    | Blocks
    | Unreadable
)
UNREADABLE: Final = Unreadable()


def parts(expression: Expression) -> Iterator[Expression]:
    """Yield the expressions right inside one."""
    match expression:
        case Inside(whole, steps):
            yield whole
            yield from _keys(steps)
        case Traversal(steps):
            yield from _keys(steps)
        case Sequence(inner) | Template(inner) | Operation(inner) | Call(_, inner):
            yield from inner
        case Mapping(entries):
            for key, value in entries:
                yield from (key, value)
        case Choice():
            yield from expression
        case For():
            held = (expression.collection, expression.key, expression.value, expression.test)
            yield from (each for each in held if each is not None)
        case Blocks(blocks):
            for block in blocks:
                yield from _inside_block(block)
        case _:
            pass


def _keys(steps: tuple[Step, ...]) -> Iterator[Expression]:
    yield from (step.key for step in steps if isinstance(step, Index))


def _inside_block(block: Body | Dynamic) -> Iterator[Expression]:
    if isinstance(block, Dynamic):
        yield block.over
    body = block.content if isinstance(block, Dynamic) else block
    yield from (argument.expression for argument in body.arguments.values())


def first_words(expression: Expression) -> Iterator[tuple[str, ...]]:
    """Yield the names in an expression, each as its leading words: `("var", "x")`."""
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        waiting += parts(each)
        if isinstance(each, Traversal):
            yield _words(each.steps)
        elif isinstance(each, Mentions):
            yield from (_words(name) for name in each.names)


def _words(steps: tuple[Step, ...] | tuple[Token, ...]) -> tuple[str, ...]:
    """The words that name something: three for data, two for everything else."""
    wanted = 3 if steps[:1] in (("data",), ("ephemeral",)) else 2
    words = [step for step in steps if isinstance(step, str)]
    return tuple(words[:wanted])
