"""Does somebody hear what AWS says of a database: that it fails, moves or runs out of room?

Source: Amazon RDS User Guide, "Working with Amazon RDS event notification": without categories a
subscription gets all, without sources those of every database.
"""

from collections.abc import Sequence
from typing import Final

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import UNKNOWN, Known

SUBSCRIPTION: Final = "aws_db_event_subscription"
CATEGORIES: Final = frozenset({"availability", "failover", "failure", "low storage"})


def databases_report_events(plan: Plan, databases: Sequence[ResourceChange]) -> Judgement:
    """Judge whether a subscription passes on the events of each database that end a service."""
    subscriptions = plan.remaining(SUBSCRIPTION)
    return judge(
        (database.address for database in databases),
        (_unheard(plan, database, subscriptions) for database in databases),
    )


def _unheard(
    plan: Plan, database: ResourceChange, subscriptions: Sequence[ResourceChange]
) -> Finding | None:
    answers = [_reports(plan, each, database) for each in subscriptions]
    if True in answers:
        return None
    return found(
        database,
        database.after.get("identifier"),
        Verdict.UNDETERMINED if None in answers else Verdict.VIOLATED,
        f"a subscription to its events: {', '.join(sorted(CATEGORIES))}",
        observed=f"no {SUBSCRIPTION} surely passes them on",
        remedy=f"add {SUBSCRIPTION} with these event_categories and the topic of the alarms",
        related=(each.address for each in subscriptions),
    )


def _reports(plan: Plan, subscription: ResourceChange, database: ResourceChange) -> bool | None:
    """Whether a subscription is about this database and about what matters; None if apply decides."""
    kind, enabled = (subscription.after.get(name).reading for name in ("source_type", "enabled"))
    if enabled == Known(False) or (isinstance(kind, Known) and kind.value not in ("db-instance", "")):
        return False
    named = _names(plan, subscription, database)
    answers = (named, _covers(subscription))
    if False in answers:
        return False
    return None if None in answers or UNKNOWN in (kind, enabled) else True


def _names(plan: Plan, subscription: ResourceChange, database: ResourceChange) -> bool | None:
    place = subscription.after.get("source_ids")
    if place.is_set is False:
        return True
    if database.address in (graph(plan).targets(subscription, ("source_ids",), database.type) or ()):
        return True
    own = database.after.get("identifier").reading
    sources = [each.reading for each in place.elements()]
    if isinstance(own, Known) and own in sources:
        return True
    return None if UNKNOWN in (own, *sources, place.reading) else False


def _covers(subscription: ResourceChange) -> bool | None:
    place = subscription.after.get("event_categories")
    if place.is_set is False:
        return True
    told = [each.reading for each in place.elements()]
    if {each.value for each in told if isinstance(each, Known)} >= CATEGORIES:
        return True
    return None if UNKNOWN in (*told, place.reading) else False
