"""Which nodes of a graph have one of these types?"""

from typing import Any

from checkov.common.graph.graph_builder import CustomAttributes

Vertex = dict[str, Any]


class Nodes:
    """The nodes of one graph, in its order, by resource type."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph  # kept, so that the identity it is found by stays its own
        self.every: list[tuple[int, Vertex]] = list(graph.nodes())
        self._by_type: dict[Any, list[int]] = {}
        for place, (_, vertex) in enumerate(self.every):
            if CustomAttributes.RESOURCE_TYPE in vertex:
                kind = vertex[CustomAttributes.RESOURCE_TYPE]
                self._by_type.setdefault(kind, []).append(place)

    def places(self, types: Any) -> list[int]:
        """The places of the nodes that have one of the types; no types mean every node."""
        if not types:
            return list(range(len(self.every)))
        found = [self._by_type[kind] for kind in dict.fromkeys(types) if kind in self._by_type]
        return list(found[0]) if len(found) == 1 else sorted(place for each in found for place in each)

    def of_types(self, types: Any) -> list[Vertex]:
        """The nodes that have one of the types, in the order of the graph."""
        return [self.every[place][1] for place in self.places(types)]


_known: list[Nodes] = []
_KEPT = 2


def nodes_of(graph: Any) -> Nodes:
    """The index of this graph: made once, kept while one check after the other asks for it."""
    for known in _known:
        if known.graph is graph:
            return known
    made = Nodes(graph)
    # The first is the whole graph, which every check starts from; the last a part of it.
    del _known[_KEPT - 1 :]
    _known.append(made)
    return made


def forget() -> None:
    """Let go of the graphs of the scan before."""
    _known.clear()
