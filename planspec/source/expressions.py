"""How is one expression of HCL written, as a tree of `syntax`?

Nothing is evaluated. What cannot be read is unreadable, and so is what is nested too deeply.
Source: HCL native syntax specification, "Expressions".
"""

from collections.abc import Iterator, Sequence
from typing import Final

from planspec import syntax
from planspec.source.parser import Node, line_of, named, parser, string_of, text_of
from planspec.syntax import UNREADABLE, Argument, Expression, InstanceKey, Step, document, unescaped

DEEPEST_EXPRESSION: Final = 60
_STEPS: Final = frozenset({"get_attr", "index", "splat"})


def expression(text: str) -> Expression:
    """Parse one expression. Text that is none is unreadable."""
    root = parser().parse(f"x = {text}\n".encode()).root_node
    bodies = [node for node in root.named_children if node.type == "body"]
    if root.has_error or len(bodies) != 1 or len(bodies[0].named_children) != 1:
        return UNREADABLE
    return argument(bodies[0].named_children[0])[1].expression


def template(text: str) -> Expression:
    """Parse a text of `.tf.json`, in which `${...}` stands for an expression."""
    if "${" not in text and "%{" not in text:
        return syntax.Literal(text)
    quoted = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return expression(f'"{_quotes_escaped(quoted)}"')


def argument(node: Node) -> tuple[str, Argument]:
    """The name of an argument, and what is written for it."""
    children = named(node)
    value = children[1] if len(children) > 1 else None
    readable = value is not None and not node.has_error
    return text_of(children[0]), Argument(line_of(node), _expression(value) if readable else UNREADABLE)


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


def _expression(node: "Node | None", depth: int = 0) -> Expression:
    """One expression: its head, and the steps after it."""
    if node is None or node.has_error or depth > DEEPEST_EXPRESSION:
        return UNREADABLE
    return _operand(named(node), depth + 1)


def _operand(nodes: Sequence[Node], depth: int) -> Expression:
    if not nodes or depth > DEEPEST_EXPRESSION:
        return UNREADABLE
    head, *rest = nodes
    if any(each.type not in _STEPS for each in rest):
        return UNREADABLE
    steps = tuple(_steps(rest, depth))
    if head.type == "variable_expr":
        return syntax.Traversal((text_of(head), *steps))
    whole = _plain(head, depth)
    return syntax.Inside(whole, steps) if steps else whole


def _steps(nodes: Sequence[Node], depth: int) -> Iterator[Step]:
    for node in nodes:
        if node.type == "get_attr":
            yield text_of(node.named_children[0])
        elif node.type == "index":
            yield _index(node.named_children[0], depth)
        else:
            yield syntax.EVERY
            yield from _steps(named(named(node)[0]), depth)


def _index(node: Node, depth: int) -> Step:
    if node.type == "legacy_index":
        return InstanceKey(int(text_of(node).lstrip(".")))
    key = _expression(named(node)[0], depth)
    match key:
        case syntax.Literal(bool()):
            return syntax.Index(UNREADABLE)
        case syntax.Literal(int(number)):
            return InstanceKey(number)
        case syntax.Literal(str(text)):
            return InstanceKey(text)
        case _:
            return syntax.Index(key)


def _plain(node: Node, depth: int) -> Expression:
    match node.type:
        case "expression":
            return _expression(node, depth)
        case "literal_value" | "collection_value" | "for_expr" | "template_expr":
            return _held(named(node)[0], depth)
        case "conditional":
            return _choice(node, depth)
        case "function_call":
            return _call(node, depth)
        case "operation":
            return _operation(named(node)[0], depth)
        case _:
            return UNREADABLE


def _held(node: Node, depth: int) -> Expression:
    match node.type:
        case "numeric_lit" | "bool_lit" | "null_lit":
            return _scalar(text_of(node))
        case "string_lit":
            return syntax.Literal(string_of(node))
        case "tuple":
            return syntax.Sequence(tuple(_inner(node, depth)))
        case "object":
            elements = [each for each in named(node) if each.type == "object_elem"]
            return syntax.Mapping(tuple(_element(each, depth) for each in elements))
        case "for_tuple_expr" | "for_object_expr":
            return _for(node, depth)
        case "quoted_template":
            return _template(node, depth)
        case _:
            return syntax.Operation(tuple(_interpolations(node, depth)))


def _inner(node: Node, depth: int) -> Iterator[Expression]:
    return (_expression(each, depth) for each in named(node) if each.type == "expression")


def _scalar(text: str) -> Expression:
    """A number, a boolean or null, all of which are written as in JSON."""
    try:
        return syntax.Literal(document.values(text.encode()))
    except ValueError:
        return UNREADABLE


def _element(node: Node, depth: int) -> tuple[Expression, Expression]:
    """A key of one plain word is that word; in parentheses it is a name."""
    children = named(node)
    if len(children) != 2:
        return UNREADABLE, UNREADABLE
    key = _expression(children[0], depth)
    word = [each.type for each in named(children[0])] == ["variable_expr"]
    return syntax.Literal(text_of(children[0])) if word else key, _expression(children[1], depth)


def _choice(node: Node, depth: int) -> Expression:
    """`a ? b : c ? d : e` is `a ? b : (c ? d : e)`; the grammar groups it the other way."""
    chain = [_expression(each, depth) for each in _chain(node)]
    found = chain[-1]
    for place in range(len(chain) - 3, -1, -2):
        found = syntax.Choice(chain[place], chain[place + 1], found)
    return found if len(chain) % 2 else UNREADABLE


def _chain(node: Node) -> list[Node]:
    test, *rest = named(node)
    first = named(test)
    is_open = len(test.children) == 1 and len(first) == 1 and first[0].type == "conditional"
    return [*(_chain(first[0]) if is_open else [test]), *rest]


def _call(node: Node, depth: int) -> Expression:
    name, *given = named(node)
    arguments = [each for group in given for each in named(group)]
    expanded = any(each.type == "ellipsis" for each in arguments)
    values = tuple(_expression(each, depth) for each in arguments if each.type == "expression")
    return syntax.Call(text_of(name), values, expanded)


def _for(node: Node, depth: int) -> Expression:
    names: list[str] = []
    collection: Expression = UNREADABLE
    values: list[Expression] = []
    test: Expression | None = None
    grouped = False
    for each in named(node):
        if each.type == "for_intro":
            *variables, over = named(each)
            names = [text_of(variable) for variable in variables]
            collection = _expression(over, depth)
        elif each.type == "for_cond":
            test = _expression(named(each)[0], depth)
        elif each.type == "expression":
            values.append(_expression(each, depth))
        grouped = grouped or each.type == "ellipsis"
    if not values or not names:
        return UNREADABLE
    key = values[0] if len(values) == 2 else None
    return syntax.For(tuple(names), collection, key, values[-1], test, grouped)


def _operation(node: Node, depth: int) -> Expression:
    """The operands; each is a head with the steps that follow it."""
    operands: list[list[Node]] = []
    for each in named(node):
        if each.type in _STEPS and operands:
            operands[-1].append(each)
        else:
            operands.append([each])
    worked = tuple(_operand(each, depth) for each in operands)
    match node.type, text_of(node).lstrip()[:1], worked:
        case "unary_operation", "-", (syntax.Literal(value),) if not isinstance(
            value, bool | str | None
        ):
            return syntax.Literal(-value)
    signs = [
        text_of(each) for each in node.children if not each.is_named and each.type not in ("(", ")")
    ]
    return syntax.Operation(worked, signs[0] if len(signs) == 1 else "")


def _template(node: Node, depth: int) -> Expression:
    """A text in quotes; one that trims or branches is only what it mentions."""
    parts: list[Expression] = []
    for each in named(node):
        if each.type == "template_literal":
            parts.append(syntax.Literal(unescaped(text_of(each))))
        elif each.type == "template_interpolation" and not _trims(each):
            parts += [_expression(inner, depth) for inner in named(each) if inner.type == "expression"]
        elif each.type not in {"quoted_template_start", "quoted_template_end"}:
            return syntax.Operation(tuple(_interpolations(node, depth)))
    # "${x}" alone is x itself, of whatever type.
    return parts[0] if len(parts) == 1 else syntax.Template(tuple(parts))


def _trims(interpolation: Node) -> bool:
    return any(each.type == "strip_marker" for each in interpolation.named_children)


def _interpolations(node: Node, depth: int) -> Iterator[Expression]:
    """Every expression somewhere inside a template."""
    if depth > DEEPEST_EXPRESSION:
        yield UNREADABLE
        return
    for each in named(node):
        if each.type == "expression":
            yield _expression(each, depth)
        else:
            yield from _interpolations(each, depth + 1)
