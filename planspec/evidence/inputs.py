"""What was judged, by which program, and by what? The part of the evidence that says so.

The shapes are the format, written as JSON in the order of their fields.
"""

from typing import Annotated, Literal

import msgspec

Sha256 = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]


class ToolRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The program that judged; `sha256` is over the files of its package, steps and features aside."""

    name: str = "planspec"
    version: str
    sha256: Sha256 = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ProviderRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A provider of the plan; the version is the one that the lock file selects, if it is at hand."""

    source: str
    version: str = ""


class PlanRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged. `sha256` is that of the file, `document_sha256` that of the plan JSON in it.

    For a saved plan the document is what `terraform show -json` prints of it; white space around
    the document does not count. `members` are the files in a saved plan, with the SHA-256 of their
    contents: apply reads all of them, and plan JSON does not hold what they say. `blocking` is what
    the plan says it will do that blocks it, whatever the scenarios say; `changes_judged` of
    `changes_total` entries were examined by a scenario.
    """

    name: str
    kind: Literal["plan JSON", "saved plan"]
    sha256: Sha256
    document_sha256: Sha256
    members: dict[str, Sha256] = {}
    format_version: str
    terraform_version: str
    providers: list[ProviderRecord]
    changes: dict[str, int]
    changes_judged: int
    changes_total: int
    blocking: list[str]
    notes: list[str]


class DigestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The digest of some files together, and of each by its place in what was named."""

    sha256: Sha256
    files: dict[str, Sha256]


def _no_files() -> DigestRecord:
    return DigestRecord(sha256="", files={})


class OptionsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The other options of `planspec check` that can change a verdict, each by its name."""

    checkov: Literal["fast", "stock", "off"] = "fast"
    checkov_corrected: bool = False
    refuse_skip_comments: bool = False
    require_checkov: bool = False
    require_used_waivers: bool = False
    min_coverage: float | None = None
    allow_unknown_type: bool = False


class InputsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan was judged by, and which of it was asked for.

    `own_steps` are Python steps that --steps named, beside those of planspec, which `steps` holds.
    `source` are the files that counted in the folder of --source; a saved plan holds its own.
    `have_to_apply` are the scenarios that `require_applicable` is about; none: all. `moment` is the one
    by which windows of time were judged, or that was stated; "" where nothing rests on it.
    """

    features: DigestRecord
    steps: DigestRecord
    own_steps: DigestRecord = msgspec.field(default_factory=_no_files)
    source: DigestRecord = msgspec.field(default_factory=_no_files)
    schemas: DigestRecord = msgspec.field(default_factory=_no_files)
    baseline: DigestRecord = msgspec.field(default_factory=_no_files)
    policies: DigestRecord
    waivers: DigestRecord
    tags: str
    accepted: list[str]
    require_applicable: bool
    have_to_apply: list[str] = []
    moment: str = ""
    options: OptionsRecord = OptionsRecord()


class GateChange(msgspec.Struct, frozen=True, kw_only=True):
    """A file that judges the plan and differs from the base: a feature, waivers, a workflow."""

    kind: str
    path: str
    change: str


class GuardRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the change that brings the plan changes of what judges it, compared with a base revision.

    `weaker` is what the plan shows of it: verdicts by the base's requirements and by these, scenarios,
    waivers and limits. `accepted_by` and `reason` are what the command line said, and prove no more
    than that: who writes the command line can name anyone.
    """

    base: str
    commit: str
    changes: list[GateChange] = []
    weaker: list[str] = []
    accepted_by: str = ""
    reason: str = ""

    @property
    def blocking(self) -> list[str]:
        """Why the plan is blocked; empty where nothing changed, or a named person accepted it."""
        if not self.changes or self.accepted_by:
            return []
        files = ", ".join(f"{each.path} ({each.kind} {each.change})" for each in self.changes)
        told = [f"the change also changes what judges it, compared with {self.base}: {files}"]
        return [*told, *(f"weaker than {self.base}: {each}" for each in self.weaker)]

    @property
    def notes(self) -> list[str]:
        """What a reader should know of it."""
        if not self.changes:
            return [f"what judges the plan is as in {self.base} ({self.commit[:12]})"]
        if not self.accepted_by:
            return []
        files = ", ".join(each.path for each in self.changes)
        against = f"{self.base} ({self.commit[:12]})"
        who = f"{self.accepted_by}: {self.reason}"
        found = [f"policy change accepted by {who}; compared with {against}, it changes {files}"]
        if any(each.kind == "workflow" for each in self.changes):
            found.append("a workflow is changed too: the acceptance may come from the change itself")
        return [*found, *(f"accepted, weaker than {self.base}: {each}" for each in self.weaker)]


class ControlRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A control of an outside framework; `shown` says how much of it a plan can show at all."""

    control: str
    title: str
    shown: Literal["whole", "part", "nothing"]
    missing: str = ""


class FrameworkRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An outside framework, by the prefix that tags use."""

    prefix: str
    title: str
    version: str
    controls: list[ControlRecord]
