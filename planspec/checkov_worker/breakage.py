"""Does the proof notice a wrong replacement? Faults to put into one on purpose, for the tests alone."""

from checkov.common.checks_infra.solvers.connections_solvers import connection_exists_solver
from checkov.terraform.graph_builder.local_graph import TerraformLocalGraph

from planspec.checkov_worker import conf_paths, graph_edges, plan_blocks


def _first_instance() -> None:
    """A reference means the first instance of a name, whatever module it stands in."""
    graph_edges._Instances.best = lambda self, origin: self.vertices[0]  # type: ignore[method-assign]


def _no_connections() -> None:
    """Nothing is connected with anything."""
    owner = connection_exists_solver.ConnectionExistsSolver
    owner._get_operation = lambda self, graph_connector: (
        [],
        [*self.vertices_under_resource_types, *self.vertices_under_connected_resources_types],
        [],
    )


def _no_configuration() -> None:
    """The configuration of resources in modules is not found, and with it their references."""
    plan_blocks._inside = lambda address, module: None


def _no_lists() -> None:
    """A path into a list leads nowhere."""
    conf_paths._split = lambda glob: [(each, None) for each in glob.split("/")]
    conf_paths._segments.clear()


def _no_edges() -> None:
    """No reference leads anywhere."""
    TerraformLocalGraph._find_vertex_index_relative_to_path = lambda *_, **__: -1


_FAULTS = {
    "first-instance": _first_instance,
    "no-connections": _no_connections,
    "no-configuration": _no_configuration,
    "no-lists": _no_lists,
    "no-edges": _no_edges,
}


def put_in(fault: str) -> None:
    """Put the fault in."""
    _FAULTS[fault]()
