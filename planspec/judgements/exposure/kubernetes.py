"""Who can reach the API endpoint of a Kubernetes cluster?"""

from collections.abc import Sequence

from planspec.aws import is_world
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Exposure
from planspec.references import graph


def endpoints_are_closed(
    plan: Plan, clusters: Sequence[ResourceChange], settings: Exposure
) -> Judgement:
    """Judge whether no API endpoint of EKS is open to the internet: off, or for named networks.

    The endpoint is public by default, and open to 0.0.0.0/0.
    Source: Amazon EKS User Guide, "Control network access to cluster API server endpoint".
    """
    return judge(
        (each.address for each in clusters),
        (_open_endpoint(plan, each, settings) for each in clusters),
    )


def _open_endpoint(plan: Plan, cluster: ResourceChange, settings: Exposure) -> Finding | None:
    block = cluster.after.get("vpc_config", 0)
    access, networks = block.get("endpoint_public_access"), block.get("public_access_cidrs")
    if access.reading == Known(False):
        return None
    verdict: Verdict | None = Verdict.VIOLATED
    place, observed = networks, ""
    if access.reading is UNKNOWN:
        verdict, place = Verdict.UNDETERMINED, access
    elif networks.peek() is UNKNOWN and not _writes_networks(plan, cluster):
        observed = "the endpoint is public, and no network is named"
    else:
        verdict, observed = _of_networks(networks, settings)
    if not verdict:
        return None
    expected = "endpoint_public_access = false, or public_access_cidrs of your own networks"
    remedy = "set endpoint_public_access = false, or name your own networks in public_access_cidrs"
    return found(cluster, place, verdict, expected, observed=observed, remedy=remedy)


def _of_networks(networks: Value, settings: Exposure) -> tuple[Verdict | None, str]:
    """What the networks of a public endpoint come to; none of them is every one."""
    widest = settings.widest_public_ipv4_prefix, settings.widest_public_ipv6_prefix
    answers = [is_world(each, *widest) for each in networks.elements()]
    if True in answers:
        return Verdict.VIOLATED, ""
    if None in answers:
        return Verdict.UNDETERMINED, ""
    if not answers:
        return Verdict.VIOLATED, "the endpoint is public, and no network is named"
    return None, ""


def _writes_networks(plan: Plan, cluster: ResourceChange) -> bool:
    """Whether the configuration says which networks reach the endpoint, or may say it."""
    block = graph(plan).unit(cluster).block
    return block is None or "public_access_cidrs" in str(block.expression("vpc_config"))
