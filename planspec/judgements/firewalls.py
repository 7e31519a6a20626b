"""Does a web application firewall stop anything?

Source: AWS WAF Developer Guide, "Using rule actions in AWS WAF": a rule that counts lets requests pass.
"""

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found
from planspec.plan import Plan, ResourceChange
from planspec.value import UNKNOWN, Value

FIREWALL = "aws_wafv2_web_acl"
STOPPING = (("action", 0, "block"), ("action", 0, "captcha"), ("action", 0, "challenge"))
# A group of rules has actions of its own, unless they are overridden.
OF_A_GROUP = ("override_action", 0, "none")
COUNTING = (("action", 0, "count"), ("override_action", 0, "count"))


def stop_what_they_recognise(plan: Plan) -> Judgement:
    """Judge whether every firewall has rules that stop requests, and none that only counts them.

    One rule of a managed group may count; that is tuning, and is not judged.
    """
    firewalls = plan.remaining(FIREWALL)
    return judge((firewall.address for firewall in firewalls), map(_stops, firewalls))


def _stops(firewall: ResourceChange) -> Finding | None:
    place = firewall.after.get("rule")
    rules = place.elements()
    expected, remedy = "rules that stop requests, and none that only counts them", ""
    counting = [_any(rule, COUNTING) for rule in rules]
    if True in counting:
        rule = rules[counting.index(True)]
        remedy = "block in action, and override_action { none {} } for groups of rules"
        observed = f"the rule {rule.get('name').shown} only counts"
        return found(firewall, rule, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)
    stopping = [_any(rule, (*STOPPING, OF_A_GROUP)) for rule in rules]
    closed = firewall.after.get("default_action", 0, "block").is_set
    if None not in counting and (True in stopping or closed is True):
        return None
    unsure = None in (*counting, *stopping, closed) or UNKNOWN in (place.reading, place.peek())
    observed = "its rules are known after apply" if unsure else "no rule of its own stops anything"
    verdict = Verdict.UNDETERMINED if unsure else Verdict.VIOLATED
    return found(firewall, place, verdict, expected, observed=observed, remedy="add a rule that blocks")


def _any(rule: Value, paths: tuple[tuple[str | int, ...], ...]) -> bool | None:
    """Whether the rule has one of these blocks; None if only apply decides."""
    if rule.reading is UNKNOWN:
        return None
    answers = [_has_block(rule.get(*path)) for path in paths]
    return True if True in answers else None if None in answers else False


def _has_block(place: Value) -> bool | None:
    return None if place.reading is UNKNOWN else bool(place.elements())
