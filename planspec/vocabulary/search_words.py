"""By which other words do people look for a general phrase?

The words of a subject and of its outcomes stand beside them; a general phrase has nothing of the kind.
"""

from collections.abc import Mapping
from typing import Final

# What a phrase says, and under which words it is looked for.
SEARCHED: Final[Mapping[str, str]] = {
    "it must not allow": "cidr ssh rdp security group public world open 0.0.0.0/0",
    "ingress rule": "cidr ssh rdp security group inbound",
    "egress rule": "cidr security group outbound",
    "there must be none from": "change freeze time window friday weekend maintenance",
    "one of": "allowlist denylist allow list deny list allowed forbidden",
    "must match": "regex regular expression naming convention name pattern prefix",
    "must not match": "regex regular expression naming convention name pattern prefix",
    "there must be at most": "count quota limit maximum",
    "the value of": "compare another attribute variable greater less than above below limit",
    "must have the tags": "label tag",
    "taggable": "label tag",
    "that refers to it": "depends relation belongs companion pair has a",
    "must reference": "depends relation belongs",
    "may appear at most": "unique duplicate distinct",
    "only if variable": "environment workspace condition dev prod",
    "no change may": "drift regression before after decrease increase",
    "module call": "module version source registry",
    "required provider": "provider version constraint",
    "data source": "lookup ami image",
    "must be at least": "minimum version",
    "must be at most": "maximum version limit",
    "with action": "destroy deletion replacement recreate",
}


def searched(phrase: str) -> tuple[str, ...]:
    """Return the other words for a phrase."""
    return tuple(words for said, words in SEARCHED.items() if said in phrase)
