"""Does a web ACL block anything, and does it log what it blocks?

Source: AWS WAF Developer Guide, "Using rule actions in AWS WAF": a rule that counts lets requests pass.
"""

from collections.abc import Iterator, Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

STOPS = (("action", 0, "block"), ("action", 0, "captcha"), ("action", 0, "challenge"))
# A group of rules has actions of its own, unless they are overridden.
OF_A_GROUP = ("override_action", 0, "none")
COUNTS = (("action", 0, "count"), ("override_action", 0, "count"))
PASSES = (("action", 0, "allow"),)
GROUP = "aws_wafv2_rule_group"
RECORD = "aws_wafv2_web_acl_logging_configuration"
LOGGED = "a record of the requests that it stops"


def firewalls_keep_records(plan: Plan, firewalls: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each web ACL has logging enabled, and no filter drops what it blocks.

    Source: AWS WAF Developer Guide, "Logging AWS WAF web ACL traffic": off until it is configured; AWS
    WAF API, LoggingFilter: a filter keeps or drops, and the default behavior is for all other requests.
    """
    joined = graph(plan).incoming(RECORD, ("resource_arn",), "aws_wafv2_web_acl")

    def judged(firewall: ResourceChange) -> Finding | None:
        records = joined.to(firewall)
        if not records:
            verdict = Verdict.UNDETERMINED if joined.undecided else Verdict.VIOLATED
            observed, place = f"no {RECORD} could be matched to it", firewall.after.get("name")
            remedy = f"add {RECORD}"
            return found(firewall, place, verdict, LOGGED, observed=observed, remedy=remedy)
        answers = [_keeps_blocked(each.after.get("logging_filter")) for each in records]
        if True in answers:
            return None
        verdict = Verdict.UNDETERMINED if None in answers else Verdict.VIOLATED
        place = records[0].after.get("logging_filter")
        observed = "its logging filter drops requests that are blocked, or may do so"
        return found(
            firewall, place, verdict, LOGGED, observed=observed, remedy="keep BLOCK in the filter"
        )._replace(related=(records[0].address,))

    return judge((firewall.address for firewall in firewalls), map(judged, firewalls))


def _keeps_blocked(place: Value) -> bool | None:
    """Whether every blocked request is logged; None where that depends on labels, or apply decides."""
    if place.reading is UNKNOWN:
        return None
    for block in place.elements():
        kept, dropped = [], []
        for each in block.get("filter").elements():
            answer = _is_about_blocked(each)
            match each.get("behavior").reading:
                case Known("KEEP"):
                    kept.append(answer)
                case Known("DROP"):
                    dropped.append(answer)
                case _:
                    return None
        default = block.get("default_behavior").reading
        if default not in (Known("KEEP"), Known("DROP")):
            return None
        # Which of several filters counts is not documented.
        if True in kept and True in dropped:
            return None
        told = dropped if default == Known("KEEP") else kept
        if None in (*kept, *dropped):
            return None
        return (True in told) != (default == Known("KEEP"))
    return True


def _is_about_blocked(chosen: Value) -> bool | None:
    """Whether a filter chooses every blocked request (True), none (False), or only some (None)."""
    conditions = chosen.get("condition").elements()
    actions = [each.get("action_condition", 0, "action").reading for each in conditions]
    if UNKNOWN in actions:
        return None
    blocked = Known("BLOCK") in actions
    every = chosen.get("requirement").reading == Known("MEETS_ANY") or len(actions) == 1
    if blocked:
        return True if every else None
    return False if all(isinstance(each, Known) for each in actions) else None


def stop_what_they_recognise(plan: Plan, firewalls: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each web ACL blocks requests and has no rule in count mode.

    The rules of a group that the plan manages count as its own. One rule of a managed group may count;
    that is tuning, and is not judged.
    """
    return judge(
        (firewall.address for firewall in firewalls), (_stops(plan, each) for each in firewalls)
    )


def _stops(plan: Plan, firewall: ResourceChange) -> Finding | None:
    place = firewall.after.get("rule")
    as_json = firewall.after.get("rule_json")
    if as_json.is_set is not False:
        place = as_json.document()
    groups = [plan.find(address) for address in _groups(plan, firewall)]
    inside = [rule for group in groups if group for rule in group.after.get("rule").elements()]
    rules = [(rule, _does(rule)) for rule in (*place.elements(), *inside)]
    expected = "rules that stop requests, and none that only counts them"
    for rule, does in rules:
        if does in ("only counts", "does nothing"):
            name = rule.get("name" if rule.get("name").is_set else "Name").shown
            observed = f"the rule {name} {does}"
            remedy = "block in action, and override_action { none {} } for groups of rules"
            return found(firewall, rule, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)
    closed = firewall.after.get("default_action", 0, "block").is_set
    answers = [does for _, does in rules]
    if None not in answers and ("stops" in answers or closed is True):
        return None
    unsure = None in (*answers, closed)
    observed = "what its rules do is known after apply" if unsure else "no rule of it stops anything"
    verdict = Verdict.UNDETERMINED if unsure else Verdict.VIOLATED
    remedy = "add a rule that blocks"
    return found(firewall, place, verdict, expected, observed=observed, remedy=remedy)


def _does(rule: Value) -> str | None:
    """What a rule does with a request; None if only apply decides. AWS takes one action for each."""
    for told, paths in (("only counts", COUNTS), ("stops", (*STOPS, OF_A_GROUP)), ("passes", PASSES)):
        if True in [_has_block(rule.get(*path)) for path in paths]:
            return told
    named = _named_in_json(rule)
    if named:
        return named
    every = [_has_block(rule.get(*path)) for path in (*COUNTS, *STOPS, OF_A_GROUP, *PASSES)]
    return None if None in every or rule.reading is UNKNOWN else "does nothing"


def _named_in_json(rule: Value) -> str | None:
    """What a rule of `rule_json` does, which has the form of the API."""
    own = {name for name, _ in rule.get("Action").entries()}
    override = {name for name, _ in rule.get("OverrideAction").entries()}
    if "Count" in own | override:
        return "only counts"
    if own & {"Block", "Captcha", "Challenge"} or "None" in override:
        return "stops"
    return "passes" if "Allow" in own else None


def _groups(plan: Plan, firewall: ResourceChange) -> Iterator[str]:
    """The groups of rules of this plan that the web ACL refers to."""
    for position in range(len(firewall.after.get("rule").elements())):
        path = ("rule", position, "statement", 0, "rule_group_reference_statement", 0, "arn")
        if firewall.after.get(*path).is_set is not False:
            yield from graph(plan).targets(firewall, path, GROUP) or ()


def _has_block(place: Value) -> bool | None:
    return None if place.reading is UNKNOWN else bool(place.elements())
