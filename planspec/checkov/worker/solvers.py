"""Which nodes pass a graph check? The same answers without comparing every node with every other.

Checkov keeps nodes in lists and asks `in` with the whole attribute tree of each. Addresses are unique
(`plan_blocks` sees to that), so two nodes are equal only if they are one, and identity is enough.
"""

import itertools
from typing import Any

from checkov.common.checks_infra.solvers.attribute_solvers.base_attribute_solver import (
    SUPPORTED_BLOCK_TYPES,
)
from checkov.common.checks_infra.solvers.connections_solvers.base_connection_solver import (
    BaseConnectionSolver,
)
from checkov.common.checks_infra.solvers.connections_solvers.complex_connection_solver import (
    ComplexConnectionSolver,
)
from checkov.common.graph.graph_builder import CustomAttributes
from checkov.terraform.graph_builder.graph_components.block_types import BlockType

from planspec.checkov.worker.graph_nodes import Vertex, nodes_of

Answer = tuple[list[Vertex], list[Vertex], list[Vertex]]

_identify = ComplexConnectionSolver.get_check_identifier


def _identities(*vertices: list[Vertex]) -> set[int]:
    return {id(vertex) for each in vertices for vertex in each}


def _identifiers(*vertices: list[Vertex]) -> set[Any]:
    return {_identify(vertex) for each in vertices for vertex in each}


def run_attribute(self: Any, graph_connector: Any) -> Answer:
    """Take the place of `BaseAttributeSolver.run`: one node after the other, without threads."""
    answer: Answer = ([], [], [])
    for vertex in nodes_of(graph_connector).of_types(self.resource_types):
        if vertex.get(CustomAttributes.BLOCK_TYPE) in SUPPORTED_BLOCK_TYPES:
            try:
                self._process_node(vertex, *answer)
            except Exception:  # noqa: BLE001, S112
                # Checkov starts a thread for each node and never asks how it ended.
                continue
    return answer


def run_complex(self: Any, graph_connector: Any) -> Answer:
    """Take the place of `BaseComplexSolver.run`."""
    answer: Answer = ([], [], [])
    passed, failed, unknown = answer
    for vertex in nodes_of(graph_connector).of_types(self.resource_types):
        result = self.get_operation(vertex)
        (unknown if result is None else passed if result else failed).append(vertex)
    return answer


def set_vertices(
    self: Any, graph_connector: Any, exclude_vertices: list[Vertex], unknown_vertices: list[Vertex]
) -> None:
    """Take the place of `BaseConnectionSolver.set_vertices`."""
    nodes = nodes_of(graph_connector)
    self.vertices_under_resource_types = nodes.of_types(self.resource_types)
    self.vertices_under_connected_resources_types = nodes.of_types(self.connected_resources_types)
    both = [*self.vertices_under_resource_types, *self.vertices_under_connected_resources_types]
    excluded, unknown = _identities(exclude_vertices), _identities(unknown_vertices)
    self.excluded_vertices = [vertex for vertex in both if id(vertex) in excluded]
    self.unknown_vertices = [vertex for vertex in both if id(vertex) in unknown]


def reduce_graph(self: Any, graph_connector: Any) -> Any:
    """Take the place of `reduce_graph_by_target_types`: the part with the types that matter."""
    if not self.vertices_under_resource_types:
        return graph_connector
    nodes = nodes_of(graph_connector)
    kept = {nodes.every[place][0] for place in nodes.places(self.targeted_resources_types)}
    kept.update(
        index
        for index, vertex in nodes.every
        if vertex["block_type_"] in BaseConnectionSolver.SUPPORTED_CONNECTION_BLOCK_TYPES
    )
    return graph_connector.subgraph(list(kept))


def get_connections(self: Any, graph_connector: Any) -> Answer:
    """Take the place of `ConnectionExistsSolver._get_operation`."""
    resources = self.vertices_under_resource_types
    connected = self.vertices_under_connected_resources_types
    answer: Answer = ([], [], [])
    passed, failed, unknown = answer
    if not resources or not connected:
        failed.extend(resources)
        failed.extend(connected)
        return answer
    _walk_edges(self, graph_connector, answer)
    told = _identities(passed, unknown)
    failed.extend(vertex for vertex in itertools.chain(resources, connected) if id(vertex) not in told)
    return answer


def _walk_edges(self: Any, graph_connector: Any, answer: Answer) -> None:
    """Take the place of `get_rustworkx_operation`."""
    passed, failed, unknown = answer
    nodes = nodes_of(graph_connector).every
    resources = _identities(self.vertices_under_resource_types)
    connected = _identities(self.vertices_under_connected_resources_types)
    excluded = _identities(self.excluded_vertices)
    undecided = _identities(self.unknown_vertices)
    for source, target in graph_connector.edge_list():
        origin = nodes[source][1]
        opposite = (
            connected if id(origin) in resources else resources if id(origin) in connected else None
        )
        if not opposite:
            continue
        destination = nodes[target][1]
        if id(destination) in opposite:
            ends = {id(origin), id(destination)}
            told = failed if ends & excluded else unknown if ends & undecided else passed
            told.extend([origin, destination])
            self._set_connected_node(destination, origin)
        elif destination.get(CustomAttributes.BLOCK_TYPE) == BlockType.OUTPUT:
            through = next(iter(graph_connector.adj_direction(target, False)), None)
            if through is not None:
                beyond = nodes[through][1]
                if self.is_associated_edge(
                    origin.get(CustomAttributes.RESOURCE_TYPE),
                    beyond.get(CustomAttributes.RESOURCE_TYPE),
                ):
                    passed.extend([origin, beyond])


def one_exists(self: Any, graph_connector: Any) -> Answer:
    """Take the place of `ConnectionOneExistsSolver.get_operation`."""
    passed, failed, unknown = self._get_operation(graph_connector)
    held = _identities(passed)
    return (
        passed,
        [vertex for vertex in failed if id(vertex) not in held],
        [vertex for vertex in unknown if id(vertex) not in held],
    )


def all_connections(self: Any, graph_connector: Any) -> Answer:
    """Take the place of `AndConnectionSolver.get_operation`."""
    if not self.vertices_under_resource_types:
        return [], [], []
    passed, failed, unknown = self.run_attribute_solvers(graph_connector)
    open_or_failed = _identifiers(failed, unknown)
    passed = [vertex for vertex in passed if _identify(vertex) not in open_or_failed]
    for solver in self.get_sorted_connection_solvers():
        solver.set_vertices(graph_connector, failed, unknown)
        for told, more in zip(
            (passed, failed, unknown), solver.get_operation(graph_connector), strict=True
        ):
            told.extend(more)
    against = _identifiers(failed)
    undecided = against | _identifiers(unknown)
    passed = [vertex for vertex in passed if _identify(vertex) not in undecided]
    unknown = [vertex for vertex in unknown if _identify(vertex) not in against]
    return self.filter_results(passed, failed, unknown)  # type: ignore[no-any-return]


def any_connection(self: Any, graph_connector: Any) -> Answer:
    """Take the place of `OrConnectionSolver.get_operation`."""
    passed, failed, unknown = self.run_attribute_solvers(graph_connector)
    for solver in self.solvers:
        if isinstance(solver, BaseConnectionSolver):
            solver.set_vertices(graph_connector, [], [])
            for told, more in zip(
                (passed, failed, unknown), solver.get_operation(graph_connector), strict=True
            ):
                told.extend(more)
    held, open_before = _identifiers(passed), _identifiers(unknown)
    unknown = [vertex for vertex in unknown if _identify(vertex) not in held]
    failed = [vertex for vertex in failed if _identify(vertex) not in held | open_before]
    return self.filter_results(passed, failed, unknown)  # type: ignore[no-any-return]
