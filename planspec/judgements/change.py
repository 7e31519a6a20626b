"""Does the change destroy what cannot be made again?"""

from planspec.catalogue import Durability
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.plan import Action, Plan, ResourceChange


def no_data_is_destroyed(plan: Plan, settings: Durability) -> Judgement:
    """Judge whether no resource that holds data is deleted, replaced or dropped from management.

    `settings` lists the types that hold data. Deposed objects count: they are destroyed too.
    Source: Terraform, "JSON Output Format", change representation, actions.
    """
    holders = plan.resources(*settings.data_holding_types)
    return judge((change.address for change in holders), map(_destroyed, holders))


def _destroyed(change: ResourceChange) -> Finding | None:
    if not change.actions & {Action.DELETE, Action.FORGET}:
        return None
    if change.replaced and change.destroyed:
        what = "is replaced: the present one is destroyed with its data"
    elif Action.DELETE in change.actions:
        what = "is destroyed with its data"
    else:
        what = "leaves Terraform's management; nothing guards it any more"
    why = f" ({change.action_reason.replace('_', ' ')})" if change.action_reason else ""
    return Finding(
        change.address,
        Verdict.VIOLATED,
        what + why,
        "it stays, or its data is moved in a step of its own first",
        remedy="keep the address with a `moved` block, or copy the data in a staged change first",
    )
