"""Which conditions of a policy keep out everyone whom it does not name?

Only keys with fixed values do: without a wildcard or a variable, under an operator that fails where the
key is missing. Sources: Amazon S3 User Guide, "The meaning of public"; AWS IAM User Guide, "IAM JSON
policy elements: Condition operators".
"""

import re
from typing import Final

from planspec.aws.iam_conditions import Condition
from planspec.aws.network_rules import is_world
from planspec.plan import Known, Value

_POSITIVE: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)
_NEGATED: Final = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
}
_WHOLE: Final = frozenset(
    {
        *("aws:principalorgid", "aws:principalaccount", "aws:sourceaccount", "aws:sourceowner"),
        *("aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "kms:calleraccount"),
        *("s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
    }
)
_ARNS: Final = frozenset({"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"})
_PATHS: Final = frozenset({"aws:principalorgpaths", "aws:sourceorgpaths"})
_NOBODY: Final = re.compile(
    r"aws:(securetransport|referer|useragent|currenttime|epochtime|requestedregion|tagkeys|multifactorauth.*"
    r"|(principal|request|resource)tag/.*|principaltype)"
    r"|s3:(prefix|delimiter|max-keys|signature.*|authtype|tlsversion|x-amz-acl|existingobjecttag/.*)"
)
# The widest networks that are not public. Source: Amazon S3 User Guide, "The meaning of public".
_WIDEST: Final = (8, 32)


def keeps_strangers_out(condition: Condition) -> bool | None:
    """Whether only those pass whom its values fix; None where the key is unknown or apply decides."""
    prefix, _, operator = condition.operator.lower().rpartition(":")
    key = condition.key.lower()
    passes_without = prefix == "forallvalues" or operator.endswith("ifexists") or operator == "null"
    if passes_without or operator in _NEGATED or _NOBODY.fullmatch(key):
        return False
    known = key in _WHOLE | _ARNS | _PATHS | {"aws:userid", "aws:sourceip"}
    if not known or operator not in _POSITIVE or (key in _PATHS) != (prefix == "foranyvalue"):
        return None
    answers = [_fixes(key, operator, each) for each in condition.values]
    if False in answers or not answers:
        return False
    return None if None in answers or condition.perhaps else True


def holds_for_strangers(condition: Condition) -> bool | None:
    """Whether the condition of a Deny is true for everybody whom its values do not fix."""
    operator = condition.operator.lower().removesuffix("ifexists")
    if operator not in _NEGATED:
        return False
    return keeps_strangers_out(condition._replace(operator=_NEGATED[operator]))


def _fixes(key: str, operator: str, value: Value) -> bool | None:
    reading = value.reading
    if not isinstance(reading, Known):
        return None
    text = str(reading.value)
    if key == "aws:sourceip":
        world = is_world(value, *_WIDEST)
        return None if world is None else not world
    if key in _ARNS:
        # A bucket's ARN names no account, so that the bucket may be somebody else's tomorrow.
        parts = text.split(":")
        return len(parts) > 5 and re.fullmatch(r"\d{12}", parts[4]) is not None
    if key in _PATHS:
        text = text.partition("/")[0]
    if key == "aws:userid":
        text = text.removesuffix(":*")
    signs = ("${",) if operator.startswith("stringequals") else ("*", "?", "${")
    return bool(text) and not any(sign in text for sign in signs)
