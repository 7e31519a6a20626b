"""One attribute of every database, wherever it is set."""

from collections.abc import Sequence

from planspec.aws import Database, Spot
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import Accepts, found, hold
from planspec.plan import ABSENT, NULL


def hold_databases(
    databases: Sequence[Database],
    name: str,
    accepts: Accepts,
    expected: str,
    *,
    remedy: str = "",
    unset: Verdict = Verdict.VIOLATED,
) -> Judgement:
    """Hold one attribute of every database to the same expectation, wherever it stands.

    `unset` is the verdict where nobody set it, as in `hold`; what a copy takes over from its source
    is open then.
    """
    spots = [
        (database, spot)
        for database in databases
        for spot in (database.classes() if name == "instance_class" else database.spots(name))
    ]

    def judged(database: Database, spot: Spot) -> Finding | None:
        if spot.place is None:
            return open_spot(spot, expected, name) if spot.why else None
        if spot.said is not None:
            right, said = spot.said.accepted, spot.said.expected
            unsure = Verdict.UNDETERMINED
            return hold(spot.resource, spot.place, right.__contains__, said, unset=unsure)
        own = spot.place.path or name
        said, do = expected.replace(name, own), remedy.replace(name, own)
        finding = hold(spot.resource, spot.place, accepts, said, remedy=do, unset=unset)
        if finding is not None and name in database.may_set:
            return finding._replace(verdict=Verdict.UNDETERMINED)
        copied = database.takes_over(name) if finding else ""
        if finding is None or not copied or spot.place.peek() not in (NULL, ABSENT):
            return finding
        observed = f"{finding.observed}: it comes with what {copied} names"
        return finding._replace(verdict=Verdict.UNDETERMINED, observed=observed)

    return judge(
        (spot.resource.address for _, spot in spots),
        (judged(database, spot) for database, spot in spots),
    )


def hold_switch(
    databases: Sequence[Database],
    name: str,
    *,
    on: bool,
    besides: str = "",
    unset: Verdict = Verdict.VIOLATED,
) -> Judgement:
    """Hold a switch of every database to on or off; `besides` ends the remedy."""
    state = "true" if on else "false"
    return hold_databases(
        databases,
        name,
        lambda value: value is on,
        f"{name} is {state}",
        remedy=f"set {name} = {state}{besides}",
        unset=unset,
    )


def open_spot(spot: Spot, expected: str, name: str) -> Finding:
    """The finding about what a plan does not show of a database."""
    place = spot.resource.after.get(name)
    return found(spot.resource, place, Verdict.UNDETERMINED, expected, observed=spot.why)
