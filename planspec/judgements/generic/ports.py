"""What does a port mean that is not stated, or a text that means several ports?

Where a rule has no port, it is often about every port: "must not be 22" is then no plain yes. Sources:
Google provider, google_compute_firewall, `ports`; AWS provider, aws_vpc_security_group_ingress_rule,
`from_port` and `ip_protocol`; AzureRM provider, azurerm_network_security_rule, `destination_port_range`.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

_PORT: Final = re.compile(r"(?:^|_)ports?(?:_ranges?)?$")
_RANGE: Final = re.compile(r"\s*([0-9]{1,5})\s*[-:]\s*([0-9]{1,5})\s*")
_NUMBER: Final = re.compile(r"[0-9]{1,5}")
UNSTATED: Final = "a port that is not stated can be any"


def names_port(steps: Sequence[str | int | None]) -> bool:
    """Whether the last name on the way to a place says that a port stands there."""
    name = next((each for each in reversed(steps) if isinstance(each, str)), "")
    return bool(_PORT.search(name))


def holds(value: Any, port: str) -> bool:
    """Whether a text stands for several ports, of which one is this: `20-25`, or `*`."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(port):
        return False
    found = _RANGE.fullmatch(value)
    return value == "*" or bool(found and int(found[1]) <= int(port) <= int(found[2]))
