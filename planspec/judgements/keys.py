"""Is it encrypted with a key of our own?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import UNKNOWN, Known

KEYS = ("aws_kms_key", "aws_kms_alias", "aws_kms_replica_key", "aws_kms_external_key")
OWN_KEY = "a key of the key management service"


def have_a_key(plan: Plan, resources: Sequence[ResourceChange], attribute: str) -> Judgement:
    """Judge whether the attribute of every resource names a key.

    A name that apply decides counts where the source refers to a key.
    """
    return judge(
        (resource.address for resource in resources),
        (_keyed(plan, resource, attribute) for resource in resources),
    )


def _keyed(plan: Plan, resource: ResourceChange, attribute: str) -> Finding | None:
    place = resource.after.get(attribute)
    reading = place.reading
    if isinstance(reading, Known) and reading.value != "":
        return None
    if reading is UNKNOWN and _refers_to_keys(plan, resource, attribute):
        return None
    return found(
        resource,
        place,
        Verdict.UNDETERMINED if reading is UNKNOWN or place.misnamed else Verdict.VIOLATED,
        OWN_KEY,
        remedy=f"set {attribute} to a key whose policy lets the service use it",
    )


def _refers_to_keys(plan: Plan, resource: ResourceChange, attribute: str) -> bool:
    """Whether the source names a key of this plan, and nothing else."""
    found = graph(plan).of(resource, attribute)
    types = {target.change.type for target in found.targets if target.change is not None}
    complete = all(target.change is not None for target in found.targets)
    return bool(types) and complete and found.followed and types <= set(KEYS)
