"""Which resource does a reference mean, found by index?

A plan is one file, so Checkov compares each reference with every instance of the block that it names:
references times instances. These functions answer from an index. They hold for plans, where all blocks
lie in one file and none is unfolded by Checkov itself; for anything else they call Checkov's own.
"""

from typing import Any

from checkov.common.graph.graph_builder.graph_components.attribute_names import CustomAttributes
from checkov.terraform.graph_builder.foreach.utils import get_terraform_foreach_or_count_key
from checkov.terraform.graph_builder.local_graph import TerraformLocalGraph

_relative_to_path = TerraformLocalGraph._find_vertex_index_relative_to_path


class _Index:
    """What is known about one graph; made again when the graph has grown."""

    def __init__(self, graph: Any) -> None:
        self.size = len(graph.vertices)
        self.paths = {vertex.path for vertex in graph.vertices}
        self.unfolded = any(graph.foreach_blocks.values()) or any(
            vertex.for_each_index is not None for vertex in graph.vertices
        )
        self.bracketed: dict[tuple[int, int], dict[str, Any]] = {}
        self.instances: dict[int, _Instances] = {}

    @property
    def plain(self) -> bool:
        """Whether all blocks lie in one file, and none was unfolded by Checkov."""
        return len(self.paths) == 1 and not self.unfolded


class _Instances:
    """The blocks of one name, by each beginning of their address and by the last key."""

    def __init__(self, graph: Any, vertices: list[int]) -> None:
        self.vertices = vertices  # kept, so that the identity it is found by stays its own
        self.count = len(vertices)
        self.by_beginning: dict[tuple[str, ...], list[int]] = {}
        self.by_key: dict[tuple[str, ...], dict[Any, int]] = {}
        self._graph = graph
        for vertex in vertices:
            for beginning in _beginnings(_address(graph, vertex)):
                self.by_beginning.setdefault(beginning, []).append(vertex)

    def best(self, origin: str) -> int:
        """The one that shares most with the origin's address; of equals, the one with its key."""
        found: tuple[str, ...] = ()
        for beginning in _beginnings(origin):
            if beginning in self.by_beginning:
                found = beginning
        nearest = self.by_beginning[found] if found else self.vertices
        if len(nearest) == 1 or not origin:
            return nearest[0]
        keys = self.by_key.get(found)
        if keys is None:
            keys = self.by_key[found] = {}
            for vertex in nearest:
                keys.setdefault(
                    get_terraform_foreach_or_count_key(_address(self._graph, vertex)), vertex
                )
        return keys.get(get_terraform_foreach_or_count_key(origin), nearest[0])


def _address(graph: Any, vertex: int) -> str:
    address: str = graph.vertices[vertex].attributes.get(CustomAttributes.TF_RESOURCE_ADDRESS, "")
    return address


def _beginnings(address: str) -> list[tuple[str, ...]]:
    """The beginnings of a module's address, at its points, from short to long; no others count."""
    if not address.startswith("module"):
        return []
    parts = tuple(address.split("."))
    return [parts[:length] for length in range(1, len(parts) + 1)]


def _index(graph: Any) -> _Index:
    known = graph.__dict__.get("_planspec")
    if known is None or known.size != len(graph.vertices):
        known = graph.__dict__["_planspec"] = _Index(graph)
    index: _Index = known
    return index


def possible_vertices(self: Any, module: Any, kind: str, name: str) -> list[int]:
    """Take the place of `_get_possible_vertices`: the blocks of a name, else `name[...`."""
    blocks = self.vertices_by_module_dependency_by_name.get(module, {}).get(kind, {})
    for spelling in (name, name.replace('["', "[").replace('"]', "]")):
        found: list[int] = blocks.get(spelling, [])
        if found:
            return found
    if not blocks:
        return []
    key = (id(blocks), len(blocks))
    index = _index(self).bracketed.get(key)
    if index is None:
        index = _index(self).bracketed[key] = {"": blocks}
        for each in blocks:
            for place, character in enumerate(each):
                if character == "[":
                    index.setdefault(each[: place + 1], blocks[each])
    indexed: list[int] = index.get(f"{name}[", [])
    return indexed


def relative_to_path(
    self: Any,
    block_type: str,
    name: str,
    block_path: str,
    relative_module_idx: int | None = None,
    source_module_object: Any = None,
    origin_vertex_index: int | None = None,
) -> int:
    """Take the place of `_find_vertex_index_relative_to_path`: the block that a reference means."""
    index = _index(self)
    if relative_module_idx is not None or not index.plain or block_path not in index.paths:
        found: int = _relative_to_path(
            self,
            block_type,
            name,
            block_path,
            relative_module_idx,
            source_module_object,
            origin_vertex_index,
        )
        return found
    vertices = self._get_possible_vertices(source_module_object, block_type, name)
    if not vertices:
        return -1
    if len(vertices) == 1 or origin_vertex_index is None:
        first: int = vertices[0]
        return first
    instances = index.instances.get(id(vertices))
    if instances is None or instances.count != len(vertices):
        instances = index.instances[id(vertices)] = _Instances(self, vertices)
    return instances.best(_address(self, origin_vertex_index))
