"""What does one module say?

Its blocks by address, locals, variables, outputs and calls, gathered from its files; override files
replace arguments as Terraform does it. Source: Terraform, "Override Files".
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from planspec.source import hcl, tf_json
from planspec.source.hcl import Written
from planspec.syntax import Argument, Blocks, Body, Dynamic, Expression, Literal

_MODES = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}


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
            merged |= written.body.arguments
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


class ModuleSource:
    """One module as its files say it."""

    def __init__(self, folder: str, files: Mapping[str, bytes]) -> None:
        self.folder = folder
        self._files = files

    @cached_property
    def _blocks(self) -> dict[tuple[str, ...], Placed]:
        """Blocks by their word and labels; those of override files come last and are merged in."""
        found: dict[tuple[str, ...], Placed] = {}
        for name in sorted(self._files, key=lambda name: (_overrides(name), name)):
            for key, written in self._read(name):
                first = found.get(key)
                where = f"{self.folder}{name}"
                if first is None:
                    found[key] = Placed(written, where)
                elif _overrides(name):
                    found[key] = first._replace(overrides=(*first.overrides, (written, where)))
        return found

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


def _overrides(name: str) -> bool:
    stem = name.removesuffix(".json").rpartition(".")[0]
    return stem == "override" or stem.endswith("_override")
