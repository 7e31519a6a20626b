"""Which blocks has a Terraform file?

Parses the HCL of one file into blocks, with lines. Nothing is evaluated and nothing
is read from disk. A block with something in it that cannot be parsed is kept, and marked broken.
Source: HCL native syntax specification, "Structural Elements".
"""

import re
from collections.abc import Iterator
from functools import cached_property

from planspec import syntax
from planspec.source.expressions import argument
from planspec.source.parser import Node, line_of, parser, string_of, text_of
from planspec.syntax import UNREADABLE, Argument, Body, Dynamic

# Terraform's own formatting closes a block at the start of a line.
_END_OF_BLOCK = re.compile(rb"(?<=\n}\n)")
_HEAD = re.compile(rb'^(\w+)(?:[ \t]+"([^"\n]*)")?(?:[ \t]+"([^"\n]*)")?[ \t]*\{', re.MULTILINE)


class Written:
    """One block at the top of a file; its body is converted when somebody asks for it."""

    def __init__(
        self,
        type_: str,
        labels: tuple[str, ...],
        line: int,
        node: "Node | None",
        *,
        broken: bool = False,
    ) -> None:
        self.type = type_
        self.labels = labels
        self.line = line
        self._node = node
        # A part of the block could not be parsed, so that something may be missing.
        self.broken = broken or (node is not None and node.has_error)

    @cached_property
    def comments(self) -> tuple[tuple[int, str], ...]:
        """The comments inside the block, with their lines; also those of nested blocks."""
        pending, found = [self._node] if self._node else [], []
        while pending:
            node = pending.pop()
            if node.type == "comment" and node.text is not None:
                found.append((node.start_point[0] + 1, node.text.decode()))
            pending += node.children
        return tuple(sorted(found))

    @cached_property
    def body(self) -> Body:
        """Its arguments and nested blocks."""
        return Body(self.line, {}) if self._node is None else _body(self._node, self.line)


def blocks(text: bytes) -> list[Written]:
    """Return the blocks at the top of a file, in the order of the file."""
    root = parser().parse(text).root_node
    if not root.has_error:
        return list(_blocks_in(root))
    # Where one block cannot be parsed, the parser may lose those after it: each is read by itself.
    found: list[Written] = []
    line = 0
    for piece in _END_OF_BLOCK.split(text):
        tree = parser().parse(piece)
        inner = tree.root_node_with_offset(0, (line, 0))
        held = list(_blocks_in(inner)) if inner is not None else []
        found += held or _heads(piece, line)
        line += piece.count(b"\n")
    return found


def _blocks_in(root: Node) -> Iterator[Written]:
    for body in (node for node in root.named_children if node.type == "body"):
        yield from (_written(node) for node in body.named_children if node.type == "block")


def _heads(piece: bytes, line: int) -> Iterator[Written]:
    """The block of a piece that cannot be parsed: where it stands is known, what it says is not."""
    for match in _HEAD.finditer(piece):
        words = [each.decode(errors="replace") for each in match.groups() if each is not None]
        where = line + piece.count(b"\n", 0, match.start()) + 1
        yield Written(words[0], tuple(words[1:]), where, None, broken=True)


def _written(node: Node) -> Written:
    type_, labels = _head(node)
    return Written(type_, labels, line_of(node), node)


def _head(node: Node) -> tuple[str, tuple[str, ...]]:
    words = [
        text_of(each) if each.type == "identifier" else string_of(each)
        for each in node.named_children
        if each.type in {"identifier", "string_lit"}
    ]
    return (words[0], tuple(words[1:])) if words else ("", ())


def _body(block: Node, line: int) -> Body:
    """The arguments of a block, and its nested blocks gathered by type."""
    found: dict[str, Argument] = {}
    nested: dict[str, list[Body | Dynamic]] = {}
    for body in (each for each in block.named_children if each.type == "body"):
        for node in body.named_children:
            if node.type == "attribute":
                name, given = argument(node)
                # Terraform refuses an argument that stands twice, so neither of the two was planned.
                found[name] = Argument(given.line, UNREADABLE) if name in found else given
            elif node.type == "block":
                name, inner = _nested(node)
                nested.setdefault(name, []).append(inner)
    for name, inner_blocks in nested.items():
        found[name] = Argument(inner_blocks[0].line, syntax.Blocks(tuple(inner_blocks)))
    return Body(line, found)


def _nested(node: Node) -> tuple[str, Body | Dynamic]:
    type_, labels = _head(node)
    body = _body(node, line_of(node))
    if type_ != "dynamic" or len(labels) != 1:
        return type_, body
    over = body.arguments.get("for_each", Argument(0, UNREADABLE)).expression
    content = body.arguments.get("content", Argument(0, UNREADABLE)).expression
    match content, body.arguments.get("iterator"):
        case syntax.Blocks((Body() as inner,)), None:
            return labels[0], Dynamic(body.line, labels[0], over, inner)
        case syntax.Blocks((Body() as inner,)), Argument(_, syntax.Traversal((str(name),))):
            return labels[0], Dynamic(body.line, name, over, inner)
    return labels[0], Dynamic(body.line, labels[0], UNREADABLE, Body(body.line, {}))
