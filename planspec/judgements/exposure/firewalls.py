"""Does a web ACL block anything?

Source: AWS WAF Developer Guide, "Using rule actions in AWS WAF": a rule that counts lets requests pass.
"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, ResourceChange, Value

STOPS = (("action", 0, "block"), ("action", 0, "captcha"), ("action", 0, "challenge"))
# A group of rules has actions of its own, unless they are overridden.
OF_A_GROUP = ("override_action", 0, "none")
COUNTS = (("action", 0, "count"), ("override_action", 0, "count"))
PASSES = (("action", 0, "allow"),)


def stop_what_they_recognise(firewalls: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each web ACL blocks requests and has no rule in count mode.

    One rule of a managed group may count; that is tuning, and is not judged.
    """
    return judge((firewall.address for firewall in firewalls), map(_stops, firewalls))


def _stops(firewall: ResourceChange) -> Finding | None:
    place = firewall.after.get("rule")
    rules = [(rule, _does(rule)) for rule in place.elements()]
    expected = "rules that stop requests, and none that only counts them"
    for rule, does in rules:
        if does in ("only counts", "does nothing"):
            observed = f"the rule {rule.get('name').shown} {does}"
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
    every = [_has_block(rule.get(*path)) for path in (*COUNTS, *STOPS, OF_A_GROUP, *PASSES)]
    return None if None in every else "does nothing"


def _has_block(place: Value) -> bool | None:
    return None if place.reading is UNKNOWN else bool(place.elements())
