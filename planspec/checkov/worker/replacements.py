"""Which functions of Checkov are replaced, by what, and why can no verdict change?

Each is guarded by a digest of its source. Where one differs, the fast runner steps back: another
version, or a copy that somebody has changed, is judged by Checkov alone.
"""

import hashlib
import importlib
import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from planspec.checkov.version import VERSION
from planspec.checkov.worker import conf_paths, graph_edges, graph_views, solvers
from planspec.checkov.worker.unsupported import Unsupported

# The SHA-256 of the source of each function below; `make digests` writes the file again, after
# somebody has read what a new version has changed.
_DIGESTS = Path(__file__).with_name("digests.json")

_SOLVERS = "checkov.common.checks_infra.solvers"
_BASE = f"{_SOLVERS}.connections_solvers.base_connection_solver:BaseConnectionSolver"
_EXISTS = f"{_SOLVERS}.connections_solvers.connection_exists_solver:ConnectionExistsSolver"
_ONE = f"{_SOLVERS}.connections_solvers.connection_one_exists_solver:ConnectionOneExistsSolver"
_AND = f"{_SOLVERS}.connections_solvers.and_connection_solver:AndConnectionSolver"
_OR = f"{_SOLVERS}.connections_solvers.or_connection_solver:OrConnectionSolver"
_ATTRIBUTE = f"{_SOLVERS}.attribute_solvers.base_attribute_solver:BaseAttributeSolver"
_COMPLEX = f"{_SOLVERS}.complex_solvers.base_complex_solver:BaseComplexSolver"
_GRAPH = "checkov.terraform.graph_builder.local_graph:TerraformLocalGraph"
_READER = "checkov.cloudformation.parser.cfn_yaml"
_RUNNER = "checkov.terraform.plan_runner:Runner"
_REGISTRY = "checkov.common.graph.checks_infra.registry:BaseRegistry"
_CHECKS = "checkov.common.checks.base_check_registry:BaseCheckRegistry"
_VALUE = "checkov.terraform.checks.resource.base_resource_value_check"
_NEGATIVE = "checkov.terraform.checks.resource.base_resource_negative_value_check"

REPLACED: Final[dict[str, Callable[..., Any]]] = {
    f"{_GRAPH}._get_possible_vertices": graph_edges.possible_vertices,
    f"{_GRAPH}._find_vertex_index_relative_to_path": graph_edges.relative_to_path,
    f"{_ATTRIBUTE}.run": solvers.run_attribute,
    f"{_COMPLEX}.run": solvers.run_complex,
    f"{_BASE}.set_vertices": solvers.set_vertices,
    f"{_BASE}.reduce_graph_by_target_types": solvers.reduce_graph,
    f"{_EXISTS}._get_operation": solvers.get_connections,
    f"{_ONE}.get_operation": solvers.one_exists,
    f"{_AND}.get_operation": solvers.all_connections,
    f"{_OR}.get_operation": solvers.any_connection,
}
"""The functions that are replaced, `module:class.name`, by what."""

ASK_DPATH: Final = (_VALUE, _NEGATIVE)
"""The modules whose name `dpath` is replaced by `conf_paths`."""

REASONS: Final[dict[str, tuple[str, ...]]] = {
    "the first name that begins with `name[`, from an index in the order of the search": (
        f"{_GRAPH}._get_possible_vertices",
    ),
    "in one file the longest common path is the longest common beginning of the addresses; of equals"
    " the first with the same key, then the first": (
        f"{_GRAPH}._find_vertex_index_relative_to_path",
        f"{_GRAPH}._find_vertex_with_best_match",
        f"{_GRAPH}._get_common_prefix_name",
        f"{_GRAPH}._find_best_match_based_on_foreach_key",
    ),
    "no two nodes of a plan are equal, because addresses are unique: `in` over trees is identity": (
        f"{_BASE}.set_vertices",
        f"{_BASE}.populate_checks_results",
        f"{_EXISTS}._get_operation",
        f"{_EXISTS}.get_rustworkx_operation",
        f"{_ONE}.get_operation",
    ),
    "identifiers are kept in sets instead of lists": (f"{_AND}.get_operation", f"{_OR}.get_operation"),
    "the nodes of a type come from an index, in the order of the graph": (
        f"{_COMPLEX}.run",
        f"{_BASE}.reduce_graph_by_target_types",
        "checkov.common.graph.checks_infra.solvers.base_solver:BaseSolver.resource_type_pred",
    ),
    "one after the other; an error is swallowed as in a thread whose result is not read": (
        f"{_ATTRIBUTE}.run",
        f"{_REGISTRY}.run_checks",
        f"{_REGISTRY}.run_check_parallel",
    ),
    "a path without patterns matches one place at most, and is followed; any other goes to dpath": (
        f"{_VALUE}:BaseResourceValueCheck.scan_resource_conf",
        f"{_NEGATIVE}:BaseResourceNegativeValueCheck.scan_resource_conf",
        "dpath:search",
        "dpath:get",
        "dpath.segments:match",
        "dpath.segments:walk",
    ),
    "the json module yields the tree that PyYAML yields: the same keys, numbers and refusals": (
        "checkov.terraform.context_parsers.tf_plan:parse",
        "checkov.terraform.plan_utils:create_definitions",
        f"{_READER}:load",
        f"{_READER}:loads",
        f"{_READER}:NodeConstructor.construct_yaml_map",
        f"{_READER}:NodeConstructor.construct_yaml_seq",
        f"{_READER}:NodeConstructor.construct_yaml_str",
        f"{_READER}:MarkedLoader.construct_mapping",
    ),
    "an index that keeps the first of equals finds what a search from the start finds": (
        "checkov.terraform.plan_parser:parse_tf_plan",
        "checkov.terraform.plan_parser:_find_child_modules",
        "checkov.terraform.plan_utils:build_definitions_context",
        "checkov.terraform.plan_utils:get_entity_context",
    ),
    "records, code lines and copies are made from verdicts and do not feed back into them": (
        f"{_RUNNER}.run",
        f"{_RUNNER}.run_block",
        f"{_RUNNER}.check_tf_definition",
        f"{_RUNNER}.get_entity_context_and_evaluations",
        "checkov.terraform.base_runner:BaseTerraformRunner.get_graph_checks_report",
        "checkov.common.runners.base_runner:BaseRunner.run_graph_checks_results",
        f"{_CHECKS}.scan",
        f"{_CHECKS}.run_check",
        "checkov.common.checks.base_check:BaseCheck.run",
        "checkov.common.output.report:Report.add_record",
    ),
    "the check chooses from a view with every node that its conditions can choose": graph_views.CHECKS,
    "no filter is set, and without filters every check runs": (
        "checkov.runner_filter:RunnerFilter.should_run_check",
    ),
}
"""Why no verdict changes, and for which functions: those replaced, and those that are not called."""


def install(version: str) -> None:
    """Put every replacement in its place. Raises Unsupported when one of them does not fit."""
    if version != VERSION:
        raise Unsupported(f"Checkov {version}; the fast runner knows {VERSION}")
    known = json.loads(_DIGESTS.read_text(encoding="utf-8"))
    for place, digest in digests():
        if known.get(place) != digest:
            raise Unsupported(f"{place} is not what it was in Checkov {VERSION}")
    for place, by in REPLACED.items():
        owner, name = _owner(place)
        setattr(owner, name, by)
    for module in ASK_DPATH:
        vars(importlib.import_module(module))["dpath"] = conf_paths


def installed() -> bool:
    """Whether the replacements are in place."""
    return all(inspect.getattr_static(*_owner(place)) is by for place, by in REPLACED.items())


def digests() -> Iterator[tuple[str, str]]:
    """The place of each function, and the SHA-256 of its source."""
    for place in (place for places in REASONS.values() for place in places):
        source = inspect.getsource(inspect.getattr_static(*_owner(place)))
        yield place, hashlib.sha256(source.encode()).hexdigest()


def _owner(place: str) -> tuple[Any, str]:
    module, _, path = place.partition(":")
    owner: Any = importlib.import_module(module)
    *classes, name = path.split(".")
    for each in classes:
        owner = getattr(owner, each)
    return owner, name
