"""Which nodes can a check that looks through the whole graph find there?

Three of Checkov's checks list all nodes for each resource and keep those that belong to it. They get a
view instead: every node that their conditions can choose, in the order of the graph. Where they use only
the first that fits, only that one is in the view.
"""

from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from typing import Any

from checkov.common.graph.graph_builder import CustomAttributes

from planspec.checkov.worker.graph_nodes import Vertex, nodes_of

_ACL = "checkov.terraform.checks.resource.aws.S3SecureDataTransport"
_METHOD = "checkov.terraform.checks.resource.aws.APIGatewayMethodWOAuth"
_ARMOR = "checkov.terraform.checks.resource.gcp.CloudArmorWAFACLCVE202144228"
CHECKS = (
    f"{_ACL}:S3SecureDataTransport.scan_resource_conf",
    f"{_METHOD}:APIGatewayMethodWOAuth.scan_resource_conf",
    f"{_ARMOR}:CloudArmorWAFACLCVE202144228.scan_resource_conf",
)

_OF_BUCKETS = (
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_website_configuration",
    "aws_s3_bucket_policy",
)
_API_POLICY = "aws_api_gateway_rest_api_policy"
_RULE = "google_compute_security_policy_rule"


class View:
    """Some nodes of a graph, as the graph itself would list them."""

    def __init__(self, nodes: list[tuple[int, Vertex]]) -> None:
        self._nodes = nodes

    def nodes(self) -> list[tuple[int, Vertex]]:
        """The nodes in the order of the graph."""
        return self._nodes


class Views:
    """The views of one graph."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._nodes = nodes_of(graph)
        self._makers: dict[str, Callable[[Any], Iterator[int]]] = {
            _ACL: self._of_acl,
            _METHOD: self._of_method,
            _ARMOR: self._of_armor,
        }

    def of(self, check: Any, conf: Any) -> Any:
        """What the check may look at; the whole graph for all but the three."""
        maker = self._makers.get(type(check).__module__)
        if maker is None:
            return self._graph
        try:
            places = sorted(set(maker(conf)))
        except (AttributeError, IndexError, KeyError, TypeError):
            return self._graph  # values that the check does not expect either
        return View([self._nodes.every[place] for place in places])

    def _of_acl(self, conf: Any) -> Iterator[int]:
        bucket = conf["bucket"][0].rsplit(".", 1)[0]
        for kind in _OF_BUCKETS:
            place = self._by_bucket.get((kind, bucket))
            if place is not None:
                yield place
                yield from self._document(place)

    def _of_method(self, conf: Any) -> Iterator[int]:
        api = conf["rest_api_id"][0].rsplit(".", 1)[0]
        if api in self._by_id:
            yield self._by_id[api]
        # A policy without an API makes the check fail to run, so that none may be left out then.
        policies = self._nodes.places([_API_POLICY])
        if self._by_api is None:
            yield from policies
            for place in policies:
                yield from self._document(place)
        elif api in self._by_api:
            yield self._by_api[api]
            yield from self._document(self._by_api[api])

    def _of_armor(self, conf: Any) -> Iterator[int]:
        yield from self._by_armor.get(conf["name"][0], ())

    def _document(self, place: int) -> Iterator[int]:
        """The data source that the policy at a place names, if it names one."""
        policy = self._nodes.every[place][1].get("policy")
        if isinstance(policy, str):
            found = self._data.get(".".join(policy.split(".")[1:-1]))
            if found is not None:
                yield found

    @cached_property
    def _by_bucket(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for kind in _OF_BUCKETS:
            for place in self._nodes.places([kind]):
                bucket = self._nodes.every[place][1].get("bucket")
                if isinstance(bucket, str):
                    found.setdefault((kind, bucket.rsplit(".", 1)[0]), place)
        return found

    @cached_property
    def _by_api(self) -> dict[str, int] | None:
        found: dict[str, int] = {}
        for place in self._nodes.places([_API_POLICY]):
            api = self._nodes.every[place][1].get("rest_api_id")
            if not isinstance(api, str):
                return None
            found.setdefault(api.rsplit(".", 1)[0], place)
        return found

    @cached_property
    def _by_armor(self) -> dict[Hashable, list[int]]:
        found: dict[Hashable, list[int]] = {}
        for place in self._nodes.places([_RULE]):
            found.setdefault(self._nodes.every[place][1].get("security_policy"), []).append(place)
        return found

    @cached_property
    def _by_id(self) -> dict[Hashable, int]:
        found: dict[Hashable, int] = {}
        for place, (_, vertex) in enumerate(self._nodes.every):
            found.setdefault(vertex.get(CustomAttributes.ID), place)
        return found

    @cached_property
    def _data(self) -> dict[Hashable, int]:
        found: dict[Hashable, int] = {}
        for place, (_, vertex) in enumerate(self._nodes.every):
            if vertex.get(CustomAttributes.BLOCK_TYPE) == "data":
                found.setdefault(vertex.get(CustomAttributes.ID), place)
        return found
