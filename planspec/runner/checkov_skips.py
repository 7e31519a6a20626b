"""Which check of Checkov does a comment in the source skip, and for which resource?

`# checkov:skip=CKV_AWS_20:reason` inside a block is about every instance of it, and inside the call of a
module about every resource below. The number has to be the check's own: Checkov itself takes any number
that begins alike. Source: Checkov, "Suppressing and Skipping Policies".
"""

import re

from planspec.evidence import SkipRecord
from planspec.source import Source

_COMMENT = re.compile(
    r"(?:checkov|bridgecrew|cortex):skip= *([A-Za-z_\d-]+(?:,[A-Za-z_\d-]+)*)(?::([^\n]*))?"
)


def skip(source: Source, address: str, check: str, *, refused: bool) -> SkipRecord | None:
    """Return the comment that skips a check for an address; None where there is none.

    `refused` is kept in the record: such a comment is shown and covers nothing.
    """
    for where, text in source.comments(address):
        found = _COMMENT.search(text)
        if found and check in found[1].split(","):
            reason = (found[2] or "").removesuffix("*/").strip()
            return SkipRecord(where=where, reason=reason or "no reason given", refused=refused)
    return None
