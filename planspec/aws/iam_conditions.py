"""What does a condition of an IAM policy bind a request to?

Source: AWS IAM User Guide, "IAM JSON policy elements: Condition".
"""

import re
from typing import NamedTuple

from planspec.plan import Known, Value


class Condition(NamedTuple):
    """One condition: the operator, the key it looks at and the values.

    `perhaps`: apply decides whether the statement has it, or what it asks; operator and key are then
    empty where they are not known.
    """

    operator: str
    key: str
    values: tuple[Value, ...]
    perhaps: bool = False


# Keys of conditions that bind a request to an account, and those that bind it to a network or to an
# organisation. Source: AWS IAM User Guide, "AWS global condition context keys".
OF_AN_ACCOUNT = frozenset({"aws:sourceaccount", "aws:sourcearn"})
OF_A_NETWORK = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:principalorgid"})
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")


def binds(condition: Condition) -> bool | None:
    """Whether the condition lets in only one account, network or organisation.

    A negated operator or one that passes where the key is missing binds nothing, nor does a value
    that is a wildcard. None if apply decides the value, or whether the condition is there.
    """
    if condition.perhaps and not (condition.operator and condition.key):
        return None
    operator, key = condition.operator.lower(), condition.key.lower()
    passes_without = operator.endswith("ifexists") or operator.startswith("forallvalues:")
    if (
        "not" in operator
        or operator == "null"
        or passes_without
        or key not in OF_AN_ACCOUNT | OF_A_NETWORK
    ):
        return False
    answers = [_is_bound(value, of_account=key in OF_AN_ACCOUNT) for value in condition.values]
    if False in answers or not answers:
        return False
    return None if None in answers or condition.perhaps else True


def _is_bound(value: Value, *, of_account: bool) -> bool | None:
    match value.reading:
        case Known(text) if of_account:
            return _ACCOUNT.search(str(text)) is not None
        case Known(text):
            return not any(sign in str(text) for sign in ("*", "?", "${"))
        case _:
            return None
