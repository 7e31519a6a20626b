"""Which address ranges and patterns cover another one?"""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final

from planspec.wildcards import expression

# What stands around a variable in a pattern, so that nothing covers a part of it. No text has them.
VARIABLE_BEGINS: Final = "\ue000"
VARIABLE_ENDS: Final = "\ue001"
Network = IPv4Network | IPv6Network


def covered(text: str, had: Sequence[str]) -> bool:
    """Whether the text is covered by those that were there: as a range of addresses, or by a `*`."""
    if text in had or any("*" in each and matches(each, text) for each in had):
        return True
    asked = network(text)
    return asked is not None and holds([each for each in map(network, had) if each], asked)


def network(text: str) -> Network | None:
    """Read an address range; None for another text."""
    if not text[:1].isalnum() and text[:1] != ":":
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def holds(networks: Sequence[Network], asked: Network) -> bool:
    """Whether the address ranges together hold every address of the asked one."""
    if isinstance(asked, IPv4Network):
        fours = collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
        return any(asked.subnet_of(each) for each in fours)
    sixes = collapse_addresses(each for each in networks if isinstance(each, IPv6Network))
    return any(asked.subnet_of(each) for each in sixes)


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern with `*` and `?` covers all that a text, maybe a pattern too, stands for."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """`*` covers any text, also with wildcards in it; `?` covers one sign, and no `*` or variable."""
    one = f"[^*{VARIABLE_BEGINS}{VARIABLE_ENDS}]"

    def written(part: str) -> str:
        return "".join(one if each == "?" else re.escape(each) for each in part)

    return re.compile(expression(pattern, written), re.DOTALL)
