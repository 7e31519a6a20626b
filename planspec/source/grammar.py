"""How is a Terraform file written?

Parses the HCL of one file into blocks and expressions, with lines. Nothing is evaluated and nothing
is read from disk. A block with something in it that cannot be parsed is kept, and marked broken.
Source: HCL native syntax specification; the grammar is that of tree-sitter-hcl.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from planspec import document, syntax
from planspec.address import InstanceKey, unescaped
from planspec.syntax import UNREADABLE, Argument, Body, Dynamic, Expression, Step

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

DEEPEST_EXPRESSION: Final = 60
# Terraform's own formatting closes a block at the start of a line.
_END_OF_BLOCK = re.compile(rb"(?<=\n}\n)")
_HEAD = re.compile(rb'^(\w+)(?:[ \t]+"([^"\n]*)")?(?:[ \t]+"([^"\n]*)")?[ \t]*\{', re.MULTILINE)
_STEPS: Final = frozenset({"get_attr", "index", "splat"})


@cache
def _parser() -> "Parser":
    """The parser; made when the first file is read, since a run without source needs none."""
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


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
    root = _parser().parse(text).root_node
    if not root.has_error:
        return list(_blocks_in(root))
    # Where one block cannot be parsed, the parser may lose those after it: each is read by itself.
    found: list[Written] = []
    line = 0
    for piece in _END_OF_BLOCK.split(text):
        tree = _parser().parse(piece)
        inner = tree.root_node_with_offset(0, (line, 0))
        held = list(_blocks_in(inner)) if inner is not None else []
        found += held or _heads(piece, line)
        line += piece.count(b"\n")
    return found


def _blocks_in(root: "Node") -> Iterator[Written]:
    for body in (node for node in root.named_children if node.type == "body"):
        yield from (_written(node) for node in body.named_children if node.type == "block")


def _heads(piece: bytes, line: int) -> Iterator[Written]:
    """The block of a piece that cannot be parsed: where it stands is known, what it says is not."""
    for match in _HEAD.finditer(piece):
        words = [each.decode(errors="replace") for each in match.groups() if each is not None]
        where = line + piece.count(b"\n", 0, match.start()) + 1
        yield Written(words[0], tuple(words[1:]), where, None, broken=True)


def expression(text: str) -> Expression:
    """Parse one expression. Text that is none is unreadable."""
    root = _parser().parse(f"x = {text}\n".encode()).root_node
    bodies = [node for node in root.named_children if node.type == "body"]
    if root.has_error or len(bodies) != 1 or len(bodies[0].named_children) != 1:
        return UNREADABLE
    return _attribute(bodies[0].named_children[0])[1].expression


def template(text: str) -> Expression:
    """Parse a text of `.tf.json`, in which `${...}` stands for an expression."""
    if "${" not in text and "%{" not in text:
        return syntax.Literal(text)
    quoted = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return expression(f'"{_quotes_escaped(quoted)}"')


def _quotes_escaped(text: str) -> str:
    """Escape the quotes outside of `${...}`; those inside belong to the expression."""
    found, depth = [], 0
    for place, letter in enumerate(text):
        if text[place - 1 : place + 1] in ("${", "%{") or (depth and letter == "{"):
            depth += 1
        elif depth and letter == "}":
            depth -= 1
        found.append('\\"' if letter == '"' and not depth else letter)
    return "".join(found)


def _line(node: "Node") -> int:
    return int(node.start_point[0]) + 1


def _text(node: "Node") -> str:
    return (node.text or b"").decode(errors="replace")


def _named(node: "Node") -> "Sequence[Node]":
    return [each for each in node.named_children if each.type != "comment"]


def _written(node: "Node") -> Written:
    type_, labels = _head(node)
    return Written(type_, labels, _line(node), node)


def _head(node: "Node") -> tuple[str, tuple[str, ...]]:
    words = [
        _text(each) if each.type == "identifier" else _string(each)
        for each in node.named_children
        if each.type in {"identifier", "string_lit"}
    ]
    return (words[0], tuple(words[1:])) if words else ("", ())


def _body(block: "Node", line: int) -> Body:
    """The arguments of a block, and its nested blocks gathered by type."""
    found: dict[str, Argument] = {}
    nested: dict[str, list[Body | Dynamic]] = {}
    for body in (each for each in block.named_children if each.type == "body"):
        for node in body.named_children:
            if node.type == "attribute":
                name, argument = _attribute(node)
                found[name] = argument
            elif node.type == "block":
                name, inner = _nested(node)
                nested.setdefault(name, []).append(inner)
    for name, inner_blocks in nested.items():
        found[name] = Argument(inner_blocks[0].line, syntax.Blocks(tuple(inner_blocks)))
    return Body(line, found)


def _attribute(node: "Node") -> tuple[str, Argument]:
    children = _named(node)
    value = children[1] if len(children) > 1 else None
    readable = value is not None and not node.has_error
    return _text(children[0]), Argument(_line(node), _expression(value) if readable else UNREADABLE)


def _nested(node: "Node") -> tuple[str, Body | Dynamic]:
    type_, labels = _head(node)
    body = _body(node, _line(node))
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


def _expression(node: "Node | None", depth: int = 0) -> Expression:
    """One expression: its head, and the steps after it."""
    if node is None or node.has_error or depth > DEEPEST_EXPRESSION:
        return UNREADABLE
    return _operand(_named(node), depth + 1)


def _operand(nodes: "Sequence[Node]", depth: int) -> Expression:
    if not nodes or depth > DEEPEST_EXPRESSION:
        return UNREADABLE
    head, *rest = nodes
    if any(each.type not in _STEPS for each in rest):
        return UNREADABLE
    steps = tuple(_steps(rest, depth))
    if head.type == "variable_expr":
        return syntax.Traversal((_text(head), *steps))
    whole = _plain(head, depth)
    return syntax.Inside(whole, steps) if steps else whole


def _steps(nodes: "Sequence[Node]", depth: int) -> Iterator[Step]:
    for node in nodes:
        if node.type == "get_attr":
            yield _text(node.named_children[0])
        elif node.type == "index":
            yield _index(node.named_children[0], depth)
        else:
            yield syntax.EVERY
            yield from _steps(_named(_named(node)[0]), depth)


def _index(node: "Node", depth: int) -> Step:
    if node.type == "legacy_index":
        return InstanceKey(int(_text(node).lstrip(".")))
    key = _expression(_named(node)[0], depth)
    match key:
        case syntax.Literal(bool()):
            return syntax.Index(UNREADABLE)
        case syntax.Literal(int(number)):
            return InstanceKey(number)
        case syntax.Literal(str(text)):
            return InstanceKey(text)
        case _:
            return syntax.Index(key)


def _plain(node: "Node", depth: int) -> Expression:
    match node.type:
        case "expression":
            return _expression(node, depth)
        case "literal_value" | "collection_value" | "for_expr" | "template_expr":
            return _held(_named(node)[0], depth)
        case "conditional":
            return _choice(node, depth)
        case "function_call":
            return _call(node, depth)
        case "operation":
            return _operation(_named(node)[0], depth)
        case _:
            return UNREADABLE


def _held(node: "Node", depth: int) -> Expression:
    match node.type:
        case "numeric_lit" | "bool_lit" | "null_lit":
            return _scalar(_text(node))
        case "string_lit":
            return syntax.Literal(_string(node))
        case "tuple":
            return syntax.Sequence(tuple(_inner(node, depth)))
        case "object":
            elements = [each for each in _named(node) if each.type == "object_elem"]
            return syntax.Mapping(tuple(_element(each, depth) for each in elements))
        case "for_tuple_expr" | "for_object_expr":
            return _for(node, depth)
        case "quoted_template":
            return _template(node, depth)
        case _:
            return syntax.Operation(tuple(_interpolations(node, depth)))


def _inner(node: "Node", depth: int) -> Iterator[Expression]:
    return (_expression(each, depth) for each in _named(node) if each.type == "expression")


def _scalar(text: str) -> Expression:
    """A number, a boolean or null, all of which are written as in JSON."""
    try:
        return syntax.Literal(document.values(text.encode()))
    except ValueError:
        return UNREADABLE


def _string(node: "Node") -> str:
    parts = (each for each in node.named_children if each.type == "template_literal")
    return unescaped("".join(map(_text, parts)))


def _element(node: "Node", depth: int) -> tuple[Expression, Expression]:
    """A key of one plain word is that word; in parentheses it is a name."""
    children = _named(node)
    if len(children) != 2:
        return UNREADABLE, UNREADABLE
    key = _expression(children[0], depth)
    word = [each.type for each in _named(children[0])] == ["variable_expr"]
    return syntax.Literal(_text(children[0])) if word else key, _expression(children[1], depth)


def _choice(node: "Node", depth: int) -> Expression:
    """`a ? b : c ? d : e` is `a ? b : (c ? d : e)`; the grammar groups it the other way."""
    chain = [_expression(each, depth) for each in _chain(node)]
    found = chain[-1]
    for place in range(len(chain) - 3, -1, -2):
        found = syntax.Choice(chain[place], chain[place + 1], found)
    return found if len(chain) % 2 else UNREADABLE


def _chain(node: "Node") -> "list[Node]":
    test, *rest = _named(node)
    first = _named(test)
    is_open = len(test.children) == 1 and len(first) == 1 and first[0].type == "conditional"
    return [*(_chain(first[0]) if is_open else [test]), *rest]


def _call(node: "Node", depth: int) -> Expression:
    name, *given = _named(node)
    arguments = [each for group in given for each in _named(group)]
    expanded = any(each.type == "ellipsis" for each in arguments)
    values = tuple(_expression(each, depth) for each in arguments if each.type == "expression")
    return syntax.Call(_text(name), values, expanded)


def _for(node: "Node", depth: int) -> Expression:
    names: list[str] = []
    collection: Expression = UNREADABLE
    values: list[Expression] = []
    test: Expression | None = None
    grouped = False
    for each in _named(node):
        if each.type == "for_intro":
            *variables, over = _named(each)
            names = [_text(variable) for variable in variables]
            collection = _expression(over, depth)
        elif each.type == "for_cond":
            test = _expression(_named(each)[0], depth)
        elif each.type == "expression":
            values.append(_expression(each, depth))
        grouped = grouped or each.type == "ellipsis"
    if not values or not names:
        return UNREADABLE
    key = values[0] if len(values) == 2 else None
    return syntax.For(tuple(names), collection, key, values[-1], test, grouped)


def _operation(node: "Node", depth: int) -> Expression:
    """The operands; each is a head with the steps that follow it."""
    operands: list[list[Node]] = []
    for each in _named(node):
        if each.type in _STEPS and operands:
            operands[-1].append(each)
        else:
            operands.append([each])
    worked = tuple(_operand(each, depth) for each in operands)
    match node.type, _text(node).lstrip()[:1], worked:
        case "unary_operation", "-", (syntax.Literal(value),) if not isinstance(
            value, bool | str | None
        ):
            return syntax.Literal(-value)
    return syntax.Operation(worked)


def _template(node: "Node", depth: int) -> Expression:
    """A text in quotes; one that trims or branches is only what it mentions."""
    parts: list[Expression] = []
    for each in _named(node):
        if each.type == "template_literal":
            parts.append(syntax.Literal(unescaped(_text(each))))
        elif each.type == "template_interpolation" and not _trims(each):
            parts += [_expression(inner, depth) for inner in _named(each) if inner.type == "expression"]
        elif each.type not in {"quoted_template_start", "quoted_template_end"}:
            return syntax.Operation(tuple(_interpolations(node, depth)))
    # "${x}" alone is x itself, of whatever type.
    return parts[0] if len(parts) == 1 else syntax.Template(tuple(parts))


def _trims(interpolation: "Node") -> bool:
    return any(each.type == "strip_marker" for each in interpolation.named_children)


def _interpolations(node: "Node", depth: int) -> Iterator[Expression]:
    """Every expression somewhere inside a template."""
    if depth > DEEPEST_EXPRESSION:
        yield UNREADABLE
        return
    for each in _named(node):
        if each.type == "expression":
            yield _expression(each, depth)
        else:
            yield from _interpolations(each, depth + 1)
