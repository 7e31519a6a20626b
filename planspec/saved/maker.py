"""Which program made a plan: Terraform or OpenTofu?

They read different source files, and write different saved plans. Sources: Terraform and OpenTofu,
`internal/command/jsonplan` (Terraform marks a plan as complete from 1.8 on, OpenTofu never does);
OpenTofu 1.8, "Files and Directories" (`.tofu`); the registries that stand in for a short name.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_FIRST_APART: Final = (1, 8, 0)
"""From here on Terraform marks its plans, and OpenTofu reads files of its own."""
TERRAFORM_REGISTRY: Final = "registry.terraform.io"
OPENTOFU_REGISTRY: Final = "registry.opentofu.org"
TOFU_SUFFIXES: Final = (".tofu", ".tofu.json")

Version = tuple[int, int, int]


class Maker(Enum):
    """The program that made a plan; `UNKNOWN` where its marks say nothing, or contradict each other."""

    TERRAFORM = "Terraform"
    OPENTOFU = "OpenTofu"
    UNKNOWN = "unknown"


def version_of(text: str) -> Version | None:
    """The three numbers of a version; None for what is no version."""
    found = _VERSION.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def maker(version: str, providers: Iterable[str], *, marked: bool) -> Maker:
    """Tell by the version, the sources of the providers, and the marks that Terraform alone writes.

    Before 1.8 the two read the same files and write the same plans, so that both count as Terraform.
    """
    numbers = version_of(version)
    if numbers is None:
        return Maker.UNKNOWN
    if numbers < _FIRST_APART:
        return Maker.TERRAFORM
    hosts = {each.partition("/")[0] for each in providers}
    if marked:
        return Maker.UNKNOWN if OPENTOFU_REGISTRY in hosts else Maker.TERRAFORM
    return Maker.UNKNOWN if TERRAFORM_REGISTRY in hosts else Maker.OPENTOFU
