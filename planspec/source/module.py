"""What does one module say?

Its blocks by address, locals, variables, outputs and calls, gathered from its files; override files
replace arguments as Terraform does it. Source: Terraform, "Override Files".
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from planspec.source import hcl, tf_json
from planspec.source.hcl import Written
from planspec.syntax import UNREADABLE, Argument, Blocks, Body, Dynamic, Expression, Literal

_MODES = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}
# What may be written once in a module, with the number of its labels; Terraform refuses a second one.
_ONCE = {"managed": 2, "data": 2, "ephemeral": 2}
_ONCE |= dict.fromkeys(("local", "variable", "output", "module", "provider"), 1)


_SETTINGS = "lifecycle"


class Placed(NamedTuple):
    """A block and the file that it stands in; arguments of override files name theirs."""

    written: Written
    file: str
    overrides: tuple[tuple[Written, str], ...] = ()

    @property
    def broken(self) -> bool:
        """Whether something in it could not be parsed, so that it may hold more than is seen."""
        return self.written.broken or any(written.broken for written, _ in self.overrides)

    @property
    def arguments(self) -> Mapping[str, Argument]:
        """Its arguments, and its nested blocks by type."""
        if not self.overrides:
            return self.written.body.arguments
        merged = dict(self.written.body.arguments)
        for written, _ in self.overrides:
            before = merged.get(_SETTINGS)
            merged |= written.body.arguments
            if before is not None and _SETTINGS in written.body.arguments:
                merged[_SETTINGS] = _both(before, written.body.arguments[_SETTINGS])
        return merged

    def expression(self, name: str) -> Expression | None:
        """The expression of an argument; None where it is not written."""
        argument = self.arguments.get(name)
        return argument.expression if argument else None

    @property
    def comments(self) -> list[tuple[str, str]]:
        """The comments inside it, each with its `file:line`."""
        blocks = ((self.written, self.file), *self.overrides)
        return [(f"{file}:{line}", text) for written, file in blocks for line, text in written.comments]

    def line_of(self, path: tuple[str | int, ...]) -> str:
        """`file:line` of the argument at this path, else of the innermost block around it."""
        found, file = self.written.line, self.file
        name = path[0] if path else None
        for written, overriding in self.overrides:
            if name in written.body.arguments:
                found, file = written.line, overriding
        argument = self.arguments.get(str(name)) if path else None
        if argument is not None:
            found = _line(argument, path[1:])
        return f"{file}:{found}"


def _line(argument: Argument, path: tuple[str | int, ...]) -> int:
    """The line of what stands at the path inside an argument.

    The position of a block in the plan is that in the source only where no block is repeated.
    """
    match argument.expression:
        case Blocks(blocks):
            static = all(isinstance(block, Body) for block in blocks)
            place = path[0] if path and isinstance(path[0], int) else 0
            if not (static or len(blocks) == 1):
                return argument.line
            block = blocks[0] if len(blocks) == 1 else blocks[place] if place < len(blocks) else None
            if block is None:
                return argument.line
            body = block.content if isinstance(block, Dynamic) else block
            rest = path[1:] if path and isinstance(path[0], int) else path
            inner = body.arguments.get(str(rest[0])) if rest else None
            return _line(inner, rest[1:]) if inner else block.line
        case _:
            return argument.line


def _both(before: Argument, after: Argument) -> Argument:
    """`lifecycle` is the one nested block that an override file changes argument by argument."""
    match before.expression, after.expression:
        case Blocks((Body() as first,)), Blocks((Body() as second,)):
            merged = Body(first.line, first.arguments | second.arguments)
            return Argument(before.line, Blocks((merged,)))
        case _:
            return Argument(after.line, UNREADABLE)


class _Gathered(NamedTuple):
    """The blocks of a module by word and labels, and why Terraform would refuse them; else empty."""

    blocks: Mapping[tuple[str, ...], Placed]
    problem: str


class ModuleSource:
    """One module as its files say it."""

    def __init__(self, folder: str, files: Mapping[str, bytes]) -> None:
        self.folder = folder
        self._files = files

    @cached_property
    def _gathered(self) -> _Gathered:
        """Blocks by their word and labels; those of override files come last and are merged in."""
        found: dict[tuple[str, ...], Placed] = {}
        problems: list[str] = []
        for name in sorted(self._files, key=lambda name: (_overrides(name), name)):
            where, overriding = f"{self.folder}{name}", _overrides(name)
            for word, written in self._read(name):
                key = _aliased(word, written)
                first = found.get(key)
                if first is None:
                    found[key] = Placed(written, where)
                elif overriding:
                    found[key] = first._replace(overrides=(*first.overrides, (written, where)))
                problems += _refused(word, written, where, first, overriding=overriding)
        for key in [each for each in found if each[0] == "provider"]:
            found.setdefault(key[:2], found[key])
        return _Gathered(found, next(iter(problems), ""))

    @property
    def _blocks(self) -> Mapping[tuple[str, ...], Placed]:
        return self._gathered.blocks

    @property
    def problem(self) -> str:
        """Why Terraform refuses this module, in words that name the places; empty where it does not.

        Of two blocks with one name nobody can say which was planned.
        """
        return self._gathered.problem

    @property
    def calls(self) -> Iterable[str]:
        """The names of the modules that it calls."""
        return [key[1] for key in self._blocks if key[0] == "module" and len(key) == 2]

    def placed(self, words: tuple[str, ...]) -> Placed | None:
        """The block that these words name; of a provider the one without an alias comes first."""
        return self._blocks.get(words)

    def setting(self, words: tuple[str, ...]) -> str:
        """`file:line` of a block inside `terraform`, of which a module has several; else empty."""
        if words[:1] != ("terraform",):
            return ""
        for where, written in self._settings:
            argument = written.body.arguments.get(words[1])
            if argument is not None:
                return f"{where}:{argument.line}"
        return ""

    @cached_property
    def _settings(self) -> list[tuple[str, Written]]:
        return [
            (f"{self.folder}{name}", written)
            for name in sorted(self._files)
            for key, written in self._read(name)
            if key == ("terraform",)
        ]

    def _read(self, name: str) -> Iterator[tuple[tuple[str, ...], Written]]:
        content = self._files[name]
        parsed = tf_json.blocks(content) if name.endswith(".json") else hcl.blocks(content)
        for written in parsed:
            if written.type == "locals":
                yield from ((("local", each), written) for each in written.body.arguments)
            else:
                yield (_MODES.get(written.type, written.type), *written.labels), written

    def block(self, mode: str, kind: str, name: str) -> Placed | None:
        """The block of a resource or a data source."""
        return self._blocks.get((mode, kind, name))

    def call(self, name: str) -> Placed | None:
        """The call of a module."""
        return self._blocks.get(("module", name))

    def local(self, name: str) -> Expression | None:
        """The expression of a local."""
        placed = self._blocks.get(("local", name))
        return placed.expression(name) if placed else None

    def output(self, name: str) -> Expression | None:
        """The expression of an output."""
        placed = self._blocks.get(("output", name))
        return placed.expression("value") if placed else None

    @property
    def outputs(self) -> Iterable[str]:
        """The names of its outputs."""
        return [key[1] for key in self._blocks if key[0] == "output" and len(key) == 2]

    def variable(self, name: str) -> Placed | None:
        """The declaration of a variable."""
        return self._blocks.get(("variable", name))

    def source_of(self, call: str) -> str:
        """Where a call says that its module is; empty where it is not a plain text."""
        placed = self.call(call)
        match placed.expression("source") if placed else None:
            case Literal(str(text)):
                return text
            case _:
                return ""


def _aliased(word: tuple[str, ...], written: Written) -> tuple[str, ...]:
    """The word and labels of a block; of one provider a module may have several, told by an alias."""
    alias = written.body.arguments.get("alias") if word[0] == "provider" else None
    return (*word, repr(alias.expression)) if alias else word


def _refused(
    word: tuple[str, ...], written: Written, where: str, first: Placed | None, *, overriding: bool
) -> Iterator[str]:
    """Why Terraform refuses this block after the first one of its name; nothing where it does not."""
    if _ONCE.get(word[0]) != len(word) - 1:
        return
    shown = ".".join(word).removeprefix("managed.")
    if first is not None and not overriding:
        once = f"{first.file}:{first.written.line}"
        yield f"{shown} is declared twice, in {once} and {where}:{written.line}"
    # An override file may configure a provider that is configured nowhere else.
    elif first is None and overriding and word[0] != "provider":
        yield f"{shown} is declared in an override file, {where}:{written.line}, and nowhere else"


def _overrides(name: str) -> bool:
    stem = name.removesuffix(".json").rpartition(".")[0]
    return stem == "override" or stem.endswith("_override")
