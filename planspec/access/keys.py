"""What is known of condition keys.

Sources: AWS IAM User Guide, "AWS global condition context keys", "Multivalued context keys"; Service
Authorization Reference, keys of the type ArrayOf.
"""

import re
from typing import Final

_SEVERAL: Final = frozenset(
    {
        *("aws:tagkeys", "aws:principalorgpaths", "aws:sourceorgpaths", "aws:resourceorgpaths"),
        *("aws:vpceorgpaths", "aws:principalservicenameslist", "aws:calledvia"),
        *("kms:resourcealiases", "kms:encryptioncontextkeys", "kms:grantoperations"),
        *("dynamodb:leadingkeys", "dynamodb:attributes"),
    }
)
USUAL: Final = {
    "aws:securetransport": "true",
    "aws:currenttime": "2026-01-01T00:00:00Z",
    "aws:epochtime": "1767225600",
    "aws:requestedregion": "us-east-1",
}
"""The keys that every request has, each with a usual value."""
_YES_OR_NO: Final = frozenset(
    {
        *("aws:securetransport", "aws:multifactorauthpresent", "aws:viaawsservice"),
        "aws:principalisawsservice",
    }
)
_AMR: Final = re.compile(r".*:amr")


def has_several(key: str) -> bool | None:
    """Whether a request may give this key several values; None for a key that nobody knows."""
    if key in _SEVERAL or _AMR.fullmatch(key):
        return True
    return False if key.startswith("aws:") else None


def is_always_there(key: str) -> bool:
    """Whether every request has it."""
    return key in USUAL


def is_yes_or_no(key: str) -> bool:
    """Whether its value is true or false."""
    return key in _YES_OR_NO


def is_address(key: str) -> bool:
    """Whether its value is an IP address."""
    return key in {"aws:sourceip", "aws:vpcsourceip"}
