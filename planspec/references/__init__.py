"""What an expression refers to, through modules, `count` and `for_each`."""

from planspec.references.edges import LOST, Grade, References
from planspec.references.order import Earlier, made_before
from planspec.references.provenance import Origin, origin
from planspec.references.reference_graph import ReferenceGraph, documents_of, graph, lost_in, with_source
from planspec.references.source_values import ignored_arguments, written_out

__all__ = [
    "LOST",
    "Earlier",
    "Grade",
    "Origin",
    "ReferenceGraph",
    "References",
    "documents_of",
    "graph",
    "ignored_arguments",
    "lost_in",
    "made_before",
    "origin",
    "with_source",
    "written_out",
]
