"""Which permissions does an organisation say are needed? IAM policies among its own.

One file in the folder "needs" is one policy. The ARN of a resource of the plan is written as
`${ADDRESS.arn}`; a policy variable such as `${aws:username}` has a colon, and stays one.
"""

import re
from pathlib import Path
from typing import Any, Final

from planspec.access import Unreadable, read_document, read_policy
from planspec.errors import PolicyError

FOLDER: Final = "needs"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def read_need(policies: Path, name: str) -> dict[str, Any]:
    """Return the policy of this name, as its JSON is.

    Raises PolicyError where there is none, and where it is no policy that IAM understands.
    """
    path = policies / FOLDER / f"{name}.json"
    if not _NAME.fullmatch(name) or not path.is_file():
        known = ", ".join(sorted(each.stem for each in (policies / FOLDER).glob("*.json")))
        raise PolicyError(
            f"{path}: no such file; write the IAM policy of what is needed there,"
            f" or name one of those in {policies / FOLDER}: {known or 'none'}"
        )
    try:
        found = read_document(path.read_bytes())
    except (OSError, ValueError, RecursionError) as fault:
        raise PolicyError(f"{path}: no JSON, {fault}; write an IAM policy") from None
    if not isinstance(found, dict) or "Statement" not in found:
        raise PolicyError(f"{path}: no Statement in it; write an IAM policy")
    read = read_policy(found)
    if isinstance(read, Unreadable):
        raise PolicyError(f"{path}: {read}; write an IAM policy")
    return found
