"""Which finding is the same one as yesterday's?

A fingerprint is made of what a finding is about: the requirement's scenario, the address and the path
without list positions. It does not depend on lines, on the order of anything, or on other resources.
A second fingerprint, of what was observed, tells whether the same finding still says the same.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from planspec.finding import Finding

LENGTH: Final = 32
_POSITION: Final = re.compile(r"\[\d+\]")


def of_value(observed: str) -> str:
    """Return the fingerprint of what was observed, as it may be shown."""
    return _digest("value", observed)


def of_findings(subject: str, findings: Sequence[Finding]) -> list[str]:
    """Return the fingerprint of each finding of one scenario or check, in the same order.

    Where one resource fails at one path several times, what it says tells the findings apart.
    """
    places = [(each.address, _POSITION.sub("[]", each.path)) for each in findings]
    often = Counter(places)
    return [
        _digest(subject, *place, *([each.observed, each.expected] if often[place] > 1 else []))
        for place, each in zip(places, findings, strict=True)
    ]


def _digest(*parts: str) -> str:
    text = "\0".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
