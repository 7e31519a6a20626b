"""Does the proof notice a wrong replacement? Faults to put into one; runs in Checkov's environment."""

from planspec.checkov.worker import conf_paths, graph_edges, graph_views, plan_blocks, solvers


def _first_instance() -> None:
    """A reference means the first instance of a name, whatever module it stands in."""
    graph_edges._Instances.best = lambda self, origin: self.vertices[0]  # type: ignore[method-assign]


def _no_connections() -> None:
    """Nothing is connected with anything."""
    solvers._walk_edges = lambda self, graph_connector, answer: None


def _no_configuration() -> None:
    """The configuration of resources in modules is not found, and with it their references."""
    plan_blocks._inside = lambda address, module: None


def _no_lists() -> None:
    """A path into a list leads nowhere."""
    conf_paths._split = lambda glob: [(each, None) for each in glob.split("/")]
    conf_paths._segments.clear()


def _no_views() -> None:
    """A bucket's access list finds nothing else about its bucket."""
    graph_views.Views._of_acl = lambda self, conf: iter(())  # type: ignore[method-assign]


FAULTS = {
    "first-instance": _first_instance,
    "no-connections": _no_connections,
    "no-configuration": _no_configuration,
    "no-lists": _no_lists,
    "no-views": _no_views,
}
