"""What a row of the conformance table is: a plan, a requirement, and the right answer."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.support.plans import document

Plan = dict[str, Any]


class Row(NamedTuple):
    """One thing that another tool was measured to answer wrongly.

    `peer` says what terraform-compliance 1.16.0 did. `right` is the verdict that planspec must reach,
    or "refused" with `words` of the message. `found` are the addresses of the findings.
    """

    number: str
    case: str
    peer: str
    plan: Plan
    steps: Sequence[str]
    right: str
    words: str = ""
    found: Sequence[str] | None = None
    tags: str = ""
    examples: Sequence[str] = ()
    waived: str = ""
    other: Sequence[str] = ()
    """The steps of a feature file that is judged before this one."""

    @property
    def exit_code(self) -> int:
        """What the command line must answer."""
        return {"refused": 2, "satisfied": 0, "waived": 0}.get(self.right, 1)

    def files(self) -> dict[str, str]:
        """The files of the row: path below the folder of all rows, and text."""
        feature = _feature(self.case, self.steps, self.tags, self.examples)
        made = {
            f"{self.number}/plan.json": json.dumps(self.plan, separators=(",", ":")) + "\n",
            f"{self.number}/requirement.feature": feature,
        }
        if self.other:
            made[f"{self.number}/before.feature"] = _feature("the file before", self.other, "", ())
        if self.waived:
            made[f"{self.number}/waivers.toml"] = WAIVER.format(self.waived)
        return made


WAIVER = """[[waiver]]
requirement = "asked"
address = "{}"
reason = "accepted for this row"
owner = "us"
approver = "others"
created = 2026-01-01
expires = 2026-06-30
"""


def _feature(case: str, steps: Sequence[str], tags: str, examples: Sequence[str]) -> str:
    lines = [f"Feature: {case}", ""]
    lines += [f"  {tags}"] if tags else []
    lines += [f"  Scenario{' Outline' if _is_outline(steps) else ''}: asked"]
    lines += [f"    {step}" for step in steps]
    lines += ["", "    Examples:", *(f"      {each}" for each in examples)] if examples else []
    return "\n".join([*lines, ""])


def _is_outline(steps: Sequence[str]) -> bool:
    return any("<" in step for step in steps)


def plan(*resources: Mapping[str, Any], **sections: Any) -> Plan:
    """A plan of these resources, with a configuration even if nothing is written in it."""
    return document(*resources, **({"configuration": {"root_module": {}}} | sections))
