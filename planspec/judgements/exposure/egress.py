"""What may our resources reach, and who may reach the database?"""

from collections.abc import Sequence

from planspec.aws import (
    GROUP_SOURCES,
    GROUPS,
    Database,
    Owners,
    Rule,
    egress_rules,
    ingress_rules,
    is_world,
    ports_shown,
    ports_within,
)
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.exposure.exposure import ports_listed
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Exposure
from planspec.references import graph

# Any range that is not private counts as the internet here.
ANY_WORLD = (33, 129)
_WITH_PORTS = frozenset({"tcp", "udp", "6", "17"})
_ICMP = frozenset({"icmp", "icmpv6", "1", "58"})
EVERY_PORT = -1
BY_GROUP = "only security groups as sources, no address ranges"


def only_stated_ports_leave(
    plan: Plan, chosen: Sequence[ResourceChange], settings: Exposure
) -> Judgement:
    """Judge whether traffic to the internet leaves on the accepted ports only.

    Counts blocks inside a group and both kinds of separate rules. A prefix list could hold any
    address, so a rule to one is undetermined unless its ports are accepted.
    Source: Amazon VPC User Guide, "Security group rules".
    """
    examined = {each.address for each in chosen}
    rules = (each for each in egress_rules(plan) if each.resource.address in examined)
    return judge((each.address for each in chosen), (_leaves(rule, settings) for rule in rules))


def _leaves(rule: Rule, settings: Exposure) -> Finding | None:
    widest = settings.widest_public_ipv4_prefix, settings.widest_public_ipv6_prefix
    worlds = [(target, is_world(target, *widest)) for target in rule.sources]
    opened = [target for target, world in worlds if world]
    unsure = [target for target, world in worlds if world is None]
    unsure += [entry for entry in rule.prefix_lists if entry.is_set is not False]
    known_ports, accepted = ports_within(rule, settings.outgoing_ports)
    if not (opened or unsure) or (known_ports and accepted):
        return None
    return found(
        rule.resource,
        rule.place,
        Verdict.VIOLATED if opened and known_ports else Verdict.UNDETERMINED,
        f"only {ports_listed(settings.outgoing_ports)} to the internet",
        observed=f"lets traffic out to {(opened or unsure)[0].shown} on {ports_shown(rule)}",
        remedy="name the security group or the ports that are needed",
    )


def name_single_ports(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each internal security group rule allows a single port.

    Rules to the internet do not count. A range, or every protocol, also opens what is started
    on such a port later.
    """
    examined = {each.address for each in chosen}
    rules = (*ingress_rules(plan), *egress_rules(plan))
    return judge(
        (each.address for each in chosen),
        (_many_ports(rule) for rule in rules if rule.resource.address in examined),
    )


def _many_ports(rule: Rule) -> Finding | None:
    outside, single = _is_about_the_internet_alone(rule), _single(rule)
    if outside or single is True:
        return None
    return found(
        rule.resource,
        rule.place,
        Verdict.UNDETERMINED if single is None or outside is None else Verdict.VIOLATED,
        "one port of TCP or UDP",
        observed=f"opens {ports_shown(rule)}",
        remedy="name the one port that is needed; add a rule for each other one",
    )


def _is_about_the_internet_alone(rule: Rule) -> bool | None:
    """Whether every side that a rule names is the internet; None if apply decides.

    A block may name groups and itself too; a list that apply decides may be empty.
    """
    if not rule.sources:
        return False
    inside = [rule.place.get(name).is_set for name in ("prefix_list_id", "prefix_list_ids")]
    if rule.resource.type in GROUPS:
        itself = rule.place.get("self").peek()
        inside.append(None if itself is UNKNOWN else itself == Known(True))
        inside.append(rule.place.get("security_groups").is_set)
    answers = [is_world(one, *ANY_WORLD) for one in rule.sources]
    answers += [None if each is None else not each for each in inside]
    return False if False in answers else None if None in answers else True


def _single(rule: Rule) -> bool | None:
    """Whether a rule is about one port; ICMP has none."""
    protocol = rule.protocol.reading
    if isinstance(protocol, Known) and str(protocol.value).lower() in _ICMP:
        return True
    if isinstance(protocol, Known) and str(protocol.value).lower() not in _WITH_PORTS:
        return False
    readings = [protocol, rule.from_port.reading, rule.to_port.reading]
    if UNKNOWN in readings:
        return None
    match readings[1:]:
        case [Known(first), Known(last)]:
            return bool(first == last != EVERY_PORT) and isinstance(protocol, Known)
        case _:
            return False


def only_groups_reach(plan: Plan, databases: Sequence[Database]) -> Judgement:
    """Judge whether each ingress rule of a database names a security group.

    An address range, however small, admits any host that gets an address in it. A database of
    which the groups cannot be determined, or that has the default group of its VPC, is undetermined.
    """
    by_group = plan.attached(_ways_in)
    return judge(
        (database.address for database in databases),
        (found for each in databases for found in _ways(plan, each, by_group)),
    )


UNTOLD = ""


def _ways_in(plan: Plan) -> dict[str, list[Rule]]:
    """The rules by the address of their group; under UNTOLD those of which it cannot be told."""
    rules: dict[str, list[Rule]] = {}
    for rule in ingress_rules(plan):
        for address in (UNTOLD,) if rule.group is None else rule.group:
            rules.setdefault(address, []).append(rule)
    return rules


def _ways(plan: Plan, database: Database, by_group: dict[str, list[Rule]]) -> list[Finding]:
    """What is wrong with the ways in; of the rules of an untold group, one is enough."""
    place = database.get("vpc_security_group_ids")
    named = graph(plan).targets(database.head, ("vpc_security_group_ids",), "aws_security_group")
    if not named:
        observed = "its security groups are not in this plan"
        return [found(database, place, Verdict.UNDETERMINED, BY_GROUP, observed=observed)]
    surely = [rule for address in named for rule in by_group.get(address, ())]
    findings = [
        _range(database, rule, Verdict.VIOLATED) or _stranger(plan, database, rule) for rule in surely
    ]
    maybe = (_range(database, rule, Verdict.UNDETERMINED) for rule in by_group.get(UNTOLD, ()))
    findings.append(next((each for each in maybe if each), None))
    return [each for each in findings if each is not None]


def _range(database: Database, rule: Rule, verdict: Verdict) -> Finding | None:
    """The first address range or prefix list of a rule; one that apply decides may be none."""
    ranges = [(each, each.is_set) for each in (*rule.sources, *rule.prefix_lists)]
    ranges = [(each, there) for each, there in ranges if there is not False]
    if not ranges:
        return None
    place, there = ranges[0]
    return found(
        database,
        rule.place,
        verdict if there else Verdict.UNDETERMINED,
        BY_GROUP,
        observed=f"{rule.resource.address} allows ingress from {place.shown} on {ports_shown(rule)}",
        remedy="name the security group of the tasks as the source",
        related=(rule.resource.address,),
    )


def _stranger(plan: Plan, database: Database, rule: Rule) -> Finding | None:
    """A rule that names a security group which is not in this plan: nobody can tell who has it."""
    place = next((each for each in rule.groups if not is_our_group(plan, rule, each)), None)
    if place is None:
        return None
    return found(
        database,
        rule.place,
        Verdict.UNDETERMINED,
        BY_GROUP,
        observed=f"{rule.resource.address} allows ingress from {place.shown}, a group that is not in"
        f" this plan, on {ports_shown(rule)}",
        remedy="name the security group of the tasks as the source, and delete every other rule",
        related=(rule.resource.address,),
    )


def is_our_group(plan: Plan, rule: Rule, place: Value) -> bool:
    """Whether the source that stands there is, or refers to, something that this plan manages."""
    reading = place.peek()
    if isinstance(reading, Known):
        owners = plan.attached(Owners)
        same = (*owners.existing(str(reading.value)), *owners.made(place))
        return reading.value == "" or any(each.type in GROUPS for each in same)
    if reading is not UNKNOWN:
        return True
    written = [
        name
        for name in ("ingress", *GROUP_SOURCES.values())
        if graph(plan).is_written(rule.resource, name)
    ]
    targets = [each for name in written for each in graph(plan).of(rule.resource, name).targets]
    return not written or any(each.change is not None and each.change.managed for each in targets)
