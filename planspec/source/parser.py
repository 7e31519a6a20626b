"""What does tree-sitter make of HCL: the parser, and how its nodes are read.

Source: the grammar is that of tree-sitter-hcl.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from planspec.syntax import unescaped

if TYPE_CHECKING:
    import tree_sitter

Node: TypeAlias = "tree_sitter.Node"


@cache
def parser() -> "tree_sitter.Parser":
    """The parser; made when the first file is read, since a run without source needs none."""
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def line_of(node: Node) -> int:
    """The line on which a node begins, counted from 1."""
    return int(node.start_point[0]) + 1


def text_of(node: Node) -> str:
    """What stands in the file for a node."""
    return (node.text or b"").decode(errors="replace")


def named(node: Node) -> Sequence[Node]:
    """The parts of a node that mean something, without signs and comments."""
    return [each for each in node.named_children if each.type != "comment"]


def string_of(node: Node) -> str:
    """A text in quotes, as it is meant."""
    parts = (each for each in node.named_children if each.type == "template_literal")
    return unescaped("".join(map(text_of, parts)))
