"""Does the change destroy what cannot be made again?"""

from collections.abc import Sequence

from planspec.aws import CLUSTERS, INSTANCES
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.plan import Action, Known, Plan, ResourceChange
from planspec.policies import Classified, DataTypes, Kind

NOBODY_KNOWS = "whether {} holds data, no list says"
STAYS = "it stays, or its data is moved in a step of its own first"
STATE_IT = "it stays, or policies/parameters.toml says of the type whether it holds data"


def data_changes(plan: Plan, types: DataTypes) -> tuple[ResourceChange, ...]:
    """Return what holds data, and whatever goes that is not known to be harmless.

    `types` says which types hold data. Deposed objects count: they are destroyed too.
    """
    every = ((each, types.of(each.type)) for each in plan.changes if each.managed)
    return tuple(
        change
        for change, known in every
        if known.kind is Kind.STORE or (_goes(change) and _may_lose(change, known))
    )


def no_data_is_destroyed(plan: Plan, changes: Sequence[ResourceChange], types: DataTypes) -> Judgement:
    """Judge whether none of the resources is deleted, replaced or dropped from management.

    `types` says which types hold data; with any other, data may go.
    Source: Terraform, "JSON Output Format", change representation, actions.
    """
    staying = _staying_clusters(plan)
    examined = [(each, types.of(each.type)) for each in changes]
    return judge(
        (change.address for change, _ in examined),
        (
            _destroyed(change, known)
            for change, known in examined
            if _goes(change) and (known.kind is Kind.STORE or not _is_in(change, staying))
        ),
    )


def _staying_clusters(plan: Plan) -> frozenset[tuple[str, str, str]]:
    """The clusters that the change keeps: provider, type and name of each.

    The data of their instances lie in the volume of the cluster. Source: Amazon Aurora User Guide,
    "Amazon Aurora storage"; the guides of Amazon DocumentDB and Neptune say the same.
    """
    kept: set[tuple[str, str, str]] = set()
    gone: set[tuple[str, str, str]] = set()
    for each in plan.resources(*CLUSTERS):
        name = each.before.get("cluster_identifier").peek()
        if isinstance(name, Known):
            named = (each.provider, each.type, str(name.value))
            (gone if _goes(each) else kept).add(named)
    return frozenset(kept - gone)


def _is_in(change: ResourceChange, clusters: frozenset[tuple[str, str, str]]) -> bool:
    """Whether it is an instance of one of these clusters."""
    name = change.before.get("cluster_identifier").peek()
    kinds = [kind for kind, (instance, _) in INSTANCES.items() if instance == change.type]
    return isinstance(name, Known) and any(
        (change.provider, kind, str(name.value)) in clusters for kind in kinds
    )


def _goes(change: ResourceChange) -> bool:
    return bool(change.actions & {Action.DELETE, Action.FORGET})


def _may_lose(change: ResourceChange, known: Classified) -> bool:
    """Whether data may go with a resource of a type that is no store."""
    if known.kind is Kind.HARMLESS:
        return False
    if known.loss is None or not known.loss.when:
        return True
    stated = change.before.get(known.loss.when)
    switched_off = stated.is_left_out or stated.peek() in (Known(False), Known(""))
    return not switched_off


def _destroyed(change: ResourceChange, known: Classified) -> Finding:
    store = known.kind is Kind.STORE
    if change.replaced and change.destroyed:
        what = "is replaced: the present one is destroyed"
    elif Action.DELETE in change.actions:
        what = "is destroyed"
    else:
        what = "is removed from state; no control protects it any more"
    if store and change.destroyed:
        what += " with its data"
    why = f" ({change.action_reason.replace('_', ' ')})" if change.action_reason else ""
    if store:
        return Finding(
            change.address,
            Verdict.VIOLATED,
            what + why,
            STAYS,
            remedy="keep the address with a `moved` block, or copy the data in a staged change first",
        )
    lost = f"what may be lost: {known.loss.lost}" if known.loss else NOBODY_KNOWS.format(change.type)
    return Finding(
        change.address,
        Verdict.UNDETERMINED,
        f"{what}{why}; {lost}",
        STATE_IT,
        remedy=f'write "{change.type}" into data_holding_types, or into harmless_types, of [durability]'
        " in policies/parameters.toml",
    )
