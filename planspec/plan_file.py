"""Which plan is in this file, and which bytes was it?"""

import tempfile
from pathlib import Path
from typing import NamedTuple

from planspec import document, plan, subject
from planspec.plan import Plan
from planspec.subject import Given


class PlanFile(NamedTuple):
    """A plan that was read: the model, its JSON in UTF-8, and the digests of where it came from."""

    plan: Plan
    document: bytes
    given: Given


def read(source: str, folder: Path | None = None) -> PlanFile:
    """Read plan JSON, a saved plan file, gzip of either, or standard input ("-").

    `folder` is the Terraform folder beside plan JSON; its lock file tells the providers' versions.
    Raises PlanError, or TerraformError where a saved plan cannot be shown.
    """
    name = "standard input" if source == plan.STANDARD_INPUT else source
    data = plan.read_bytes(source)
    unpacked = document.unpacked(data, name)
    if not unpacked.startswith(document.ZIP_MAGIC):
        text = document.utf8(unpacked, name)
        return PlanFile(plan.decode(unpacked, name), text, subject.given_json(text, data, folder))
    shown = _shown(unpacked, source)
    text = document.utf8(shown, name)
    return PlanFile(plan.decode(shown, name), text, subject.given_saved(text, unpacked))


def _shown(saved: bytes, source: str) -> bytes:
    """Let Terraform show a saved plan; one that is no file as it is becomes one for that."""
    from planspec.terraform import show_saved_plan

    path = Path(source)
    if path.is_file() and path.read_bytes() == saved:
        return show_saved_plan(path)
    with tempfile.TemporaryDirectory(prefix="planspec-") as folder:
        path = Path(folder, "tfplan")
        path.write_bytes(saved)
        return show_saved_plan(path)
