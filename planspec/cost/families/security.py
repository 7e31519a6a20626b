"""What do keys, secrets and web ACLs cost?

Sources: AWS KMS, AWS Secrets Manager and AWS WAF pricing. A web ACL pays for each rule and each
reference to a group; the rules inside a group of one's own are paid too.
"""

from typing import Final

from planspec.cost.resource import PricedResource, Undecided
from planspec.plan import UNKNOWN, Known, Value

# Groups of AWS with a fee of their own. Source: AWS WAF pricing, "intelligent threat mitigation".
WITH_A_FEE: Final = (
    "AWSManagedRulesBotControlRuleSet",
    "AWSManagedRulesATPRuleSet",
    "AWSManagedRulesACFPRuleSet",
    "AWSManagedRulesAntiDDoSRuleSet",
)


def key(subject: PricedResource) -> None:
    """Price a key of one's own."""
    if subject.view.values(subject.change).get("enable_key_rotation").peek() == Known(True):
        subject.assume("one version of the key: each of the first two rotations adds one more")
    subject.add("Key", "kms.key", 1)
    with subject.part("Requests"):
        spec = str(subject.quiet("", "customer_master_key_spec"))
        asymmetric = spec.startswith(("ECC", "RSA_3072", "RSA_4096", "SM2"))
        subject.use("Requests", "kms.requests.asymmetric" if asymmetric else "kms.requests")


def secret(subject: PricedResource) -> None:
    """Price a secret; each replica in another region is one more."""
    subject.add("Secret", "secretsmanager.secret", 1)
    with subject.part("Secret in other regions"):
        for place in range(len(subject.blocks("replica"))):
            where = str(subject.need("replica", place, "region"))
            subject.add(f"Secret ({where})", "secretsmanager.secret", 1, region=where)
    subject.use("Requests", "secretsmanager.requests")


def parameter(subject: PricedResource) -> None:
    """Standard parameters cost nothing; advanced ones do."""
    with subject.part("Parameter"):
        tier = str(subject.quiet("Standard", "tier"))
        if tier != "Standard":
            raise Undecided(f"no price for the tier {tier}")


def web_acl(subject: PricedResource) -> None:
    """Price a web ACL, its rules and the groups that it refers to."""
    subject.add("Web ACL", "waf.web_acl", 1)
    subject.add("Rules and groups of rules", "waf.rule", lambda: _rules(subject))
    subject.use("Requests", "waf.requests")


def _rules(subject: PricedResource) -> int:
    number = 0
    for place, rule in enumerate(subject.blocks("rule")):
        number += 1
        for statement in rule.get("statement").elements():
            number += _inside(subject, statement, place)
    return number


def _inside(subject: PricedResource, statement: Value, place: int) -> int:
    """The rules that a group of one's own adds. Raises Undecided where that cannot be told."""
    for managed in statement.get("managed_rule_group_statement").elements():
        vendor, name = managed.get("vendor_name").peek(), managed.get("name").peek()
        if (
            name is UNKNOWN
            or vendor not in (Known("AWS"),)
            or str(getattr(name, "value", "")) in WITH_A_FEE
        ):
            raise Undecided("it refers to a managed group that may have a fee of its own")
    if not statement.get("rule_group_reference_statement").elements():
        return 0
    path = ("rule", place, "statement", 0, "rule_group_reference_statement", 0, "arn")
    group = subject.view.target(subject.change, path, "aws_wafv2_rule_group")
    rules = subject.view.values(group).get("rule") if group else None
    if rules is None or rules.peek() is UNKNOWN:
        raise Undecided("the rules inside a group that it refers to are paid too, and not in this plan")
    return len(rules.elements())


def rule_group(subject: PricedResource) -> None:
    """A group of rules is priced where a web ACL refers to it."""
    subject.assume("priced where a web ACL refers to it")


def classic_web_acl(subject: PricedResource) -> None:
    """Price a web ACL of the previous generation."""

    def rules() -> int:
        found = subject.blocks("rules") or subject.blocks("rule")
        if any(each.get("type").peek() in (Known("GROUP"), UNKNOWN) for each in found):
            raise Undecided(
                "the rules inside a group that it refers to are paid too, and not in this plan"
            )
        return len(found)

    subject.add("Web ACL", "waf.web_acl", 1)
    subject.add("Rules", "waf.rule", rules)
    subject.use("Requests", "waf.requests")
