"""The plans that `make bench` measures: made by Terraform, or repeated from one that it made.

Terraform plans 10,000 resources in a minute or two; 100,000 would take most of an hour and many
gigabytes. So the largest plan is the real one of 10,000 with every module instance ten times, under
new keys, in every section that holds instances. `configuration` has none and stays as it is.
"""

from pathlib import Path

import msgspec

RESOURCES_PER_COPY = 10
# `format("team-%05d", number)` in tests/heavy/bench_module: the second digit is free below 1000 copies.
FREE_DIGIT = b"team-0"
LARGEST_REAL = 10_000


def repeated(real: bytes, times: int) -> bytes:
    """The plan with each module instance so many times, at most ten, in the order of the copies."""
    sections = msgspec.json.decode(real, type=dict[str, msgspec.Raw])
    for name in ("resource_changes", "relevant_attributes"):
        sections[name] = _several(sections[name], times)
    planned = msgspec.json.decode(sections["planned_values"], type=dict[str, msgspec.Raw])
    root = msgspec.json.decode(planned["root_module"], type=dict[str, msgspec.Raw])
    root["child_modules"] = _several(root["child_modules"], times)
    planned["root_module"] = msgspec.Raw(msgspec.json.encode(root))
    sections["planned_values"] = msgspec.Raw(msgspec.json.encode(planned))
    return msgspec.json.encode(sections)


def _several(listed: msgspec.Raw, times: int) -> msgspec.Raw:
    """A JSON list, so many times in one, each time with other instance keys."""
    inside = bytes(listed).strip().removeprefix(b"[").removesuffix(b"]")
    copies = (inside.replace(FREE_DIGIT + b"0", FREE_DIGIT + b"%d" % copy) for copy in range(times))
    return msgspec.Raw(b"[" + b",".join(copies) + b"]")


def write_repeated(real: Path, times: int, path: Path) -> None:
    """Write the repeated plan, whole or not at all."""
    part = path.with_suffix(".part")
    part.write_bytes(repeated(real.read_bytes(), times))
    part.replace(path)
