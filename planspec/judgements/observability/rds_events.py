"""RDS event subscriptions for availability, failover, failure and low storage.

Source: Amazon RDS User Guide, "Working with Amazon RDS event notification": without categories a
subscription gets all, without sources those of every database.
"""

from collections.abc import Sequence
from typing import Final

from planspec.aws import Database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange
from planspec.references import graph

# What ends a service, by the kind of source. A cluster has no events on its availability or storage.
CATEGORIES: Final = {
    "db-instance": frozenset({"availability", "failover", "failure", "low storage"}),
    "db-cluster": frozenset({"failover", "failure"}),
}


def databases_report_events(
    plan: Plan, databases: Sequence[Database], categories: Sequence[str]
) -> Judgement:
    """Judge whether a subscription passes on the events of each database, of these categories.

    A database is not asked for a category that its kind does not have.
    """
    asked = [(each, CATEGORIES[_source(each)] & set(categories)) for each in databases]
    asked = [(database, wanted) for database, wanted in asked if wanted]
    return judge(
        (database.address for database, _ in asked),
        (_unheard(plan, database, wanted) for database, wanted in asked),
    )


def _unheard(plan: Plan, database: Database, wanted: frozenset[str]) -> Finding | None:
    kind = database.family.subscription
    subscriptions = plan.remaining(kind)
    answers = [_reports(plan, each, database, wanted) for each in subscriptions]
    if True in answers:
        return None
    return found(
        database,
        database.get("identifier"),
        Verdict.UNDETERMINED if None in answers else Verdict.VIOLATED,
        f"a subscription to its events: {', '.join(sorted(wanted))}",
        observed=f"no {kind} for them could be found",
        remedy=f"add {kind} with these event_categories and the topic of the alarms",
        related=(each.address for each in subscriptions),
    )


def _source(database: Database) -> str:
    return "db-cluster" if database.family.is_cluster else "db-instance"


def _reports(
    plan: Plan, subscription: ResourceChange, database: Database, wanted: frozenset[str]
) -> bool | None:
    """Whether a subscription is about this database and about what matters; None if apply decides."""
    kind, enabled = (subscription.after.get(name).reading for name in ("source_type", "enabled"))
    if enabled == Known(False) or (
        isinstance(kind, Known) and kind.value not in (_source(database), "")
    ):
        return False
    named = _names(plan, subscription, database)
    answers = (named, _covers(subscription, wanted))
    if False in answers:
        return False
    return None if None in answers or UNKNOWN in (kind, enabled) else True


def _names(plan: Plan, subscription: ResourceChange, database: Database) -> bool | None:
    place = subscription.after.get("source_ids")
    if place.is_set is False:
        return True
    if database.address in (graph(plan).targets(subscription, ("source_ids",), database.type) or ()):
        return True
    own = database.get("identifier").reading
    sources = [each.reading for each in place.elements()]
    if isinstance(own, Known) and own in sources:
        return True
    return None if UNKNOWN in (own, *sources, place.reading) else False


def _covers(subscription: ResourceChange, categories: frozenset[str]) -> bool | None:
    place = subscription.after.get("event_categories")
    if place.is_set is False:
        return True
    told = [each.reading for each in place.elements()]
    if {each.value for each in told if isinstance(each, Known)} >= categories:
        return True
    return None if UNKNOWN in (*told, place.reading) else False
