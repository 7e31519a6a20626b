"""Ask cloudsplaining what it thinks of the policies in tests/unit/access/opinions.toml.

    make opinions

Its answers are kept in opinions.json beside them, so that a test compares them with ours without it. The
package (PyPI, BSD) is no dependency; uv fetches it for this command alone.
"""

import importlib.metadata
import json
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

PLACE = Path(__file__).parents[2] / "tests/unit/access"


def main() -> int:
    """Write the opinions; 0."""
    policies = tomllib.loads((PLACE / "opinions.toml").read_text("utf-8"))["policy"]
    told = {
        "by": f"cloudsplaining {importlib.metadata.version('cloudsplaining')}",
        "of": {each["name"]: opinion(each["allow"]) for each in policies},
    }
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    (PLACE / "opinions.json").write_text(text, encoding="utf-8")
    return 0


def opinion(allowed: dict[str, list[str]]) -> dict[str, Any]:
    """What it says of one policy: ways to more rights, and actions that could name a resource."""
    scan: Any = import_module("cloudsplaining.scan.policy_document")
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": resource}
        for resource, actions in allowed.items()
    ]
    document = scan.PolicyDocument({"Version": "2012-10-17", "Statement": statements})
    ways = sorted({each["type"] for each in document.allows_privilege_escalation})
    exact = [each for actions in allowed.values() for each in actions if "*" not in each]
    named = sorted(
        each
        for each in exact
        if each.lower() in {one.lower() for one in document.infrastructure_modification}
    )
    return {"escalates by": ways, "could name a resource": named}


if __name__ == "__main__":
    sys.exit(main())
