"""What was judged, and by what? The parts of the evidence that do not depend on the verdicts."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal, NamedTuple

from planspec import bundle, features
from planspec.evidence import (
    ControlRecord,
    FrameworkRecord,
    InputsRecord,
    OptionsRecord,
    PlanRecord,
    ProviderRecord,
    ResourceRecord,
    ScenarioRecord,
    ToolRecord,
    digest,
    digest_of,
    digest_together,
)
from planspec.features.own_steps import StepFile
from planspec.plan import Action, Noticed, Plan, ResourceChange
from planspec.policies import Framework
from planspec.saved import LOCK_FILE, SavedPlan
from planspec.source import Source

WAIVERS: Final = "waivers.toml"
# Terraform writes the lock file itself, always in this form (Terraform, "Dependency Lock File").
_LOCKED: Final = re.compile(r'^provider "([^"]+)" \{\n\s+version\s+= "([^"]+)"', re.MULTILINE)


class Given(NamedTuple):
    """The file that was judged: its digest, that of the plan JSON in it, and its provider versions.

    `members` are the digests of what a saved plan holds, by name; apply reads all of it. `source` are
    those of the files that were read from a folder beside plan JSON, by their place there.
    """

    kind: Literal["plan JSON", "saved plan"]
    sha256: str
    document_sha256: str
    locked: Mapping[str, str] = {}
    members: Mapping[str, str] = {}
    source: Mapping[str, str] = {}


def given_json(
    document: bytes,
    data: bytes | None = None,
    folder: Path | None = None,
    source: Mapping[str, str] | None = None,
) -> Given:
    """Describe plan JSON in UTF-8; `data` is the file it came from, `folder` the Terraform folder."""
    number = document_digest(document)
    lock = folder / LOCK_FILE if folder else None
    text = lock.read_text("utf-8", "replace") if lock and lock.is_file() else ""
    file = number if data is None else _sha256(data)
    return Given("plan JSON", file, number, locked(text), source=source or {})


def given_saved(document: bytes, data: bytes, held: SavedPlan) -> Given:
    """Describe a saved plan file, of which Terraform has shown the document."""
    versions = locked(held.lock_file)
    return Given("saved plan", _sha256(data), document_digest(document), versions, held.digests)


def document_digest(document: bytes) -> str:
    """Return the SHA-256 of plan JSON in UTF-8, whatever white space stands around it."""
    return _sha256(document.strip())


def locked(text: str) -> dict[str, str]:
    """Return the versions that a dependency lock file selects, by provider."""
    return dict(_LOCKED.findall(text))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def plan_record(
    plan: Plan, given: Given, noticed: Noticed, judged: Sequence[ScenarioRecord]
) -> PlanRecord:
    """Return what was judged, with how many of its changes a scenario examined."""
    changes = Counter(_doing(change) for change in plan.changes)
    examined = {address for each in judged for address in each.examined}
    sources = sorted({change.provider for change in plan.changes if change.provider})
    return PlanRecord(
        name=plan.name,
        kind=given.kind,
        sha256=given.sha256,
        document_sha256=given.document_sha256,
        members=dict(given.members),
        format_version=plan.format_version,
        terraform_version=plan.terraform_version,
        providers=[ProviderRecord(source=each, version=given.locked.get(each, "")) for each in sources],
        changes={word: changes[word] for word in (*Action, "replace") if changes[word]},
        changes_judged=sum(change.address in examined for change in plan.changes),
        changes_total=len(plan.changes),
        blocking=list(noticed.blocking),
        notes=list(noticed.notes),
    )


def _doing(change: ResourceChange) -> str:
    """One word for what happens; a replacement is one change, whichever comes first."""
    return "replace" if change.replaced else min(change.actions)


@cache
def engine() -> str:
    """The SHA-256 over the files of this planspec; what it brings as data is compared by itself."""
    package = Path(bundle.__file__).parent
    aside = {"__pycache__", "_bundle"}
    return digest(each for each in _placed(package) if aside.isdisjoint(each[0].split("/"))).sha256


def tool_record() -> ToolRecord:
    """The planspec that runs."""
    return ToolRecord(version=version("planspec"), sha256=engine())


def _placed(
    folder: Path, place: str = "", above: frozenset[Path] = frozenset()
) -> Iterator[tuple[str, Path]]:
    """Every file below a folder with its place there, at each place that a link gives it as well.

    Only a link that leads back to a folder above is not followed.
    """
    if folder.resolve() in above:
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _placed(path, f"{place}{path.name}/", above | {folder.resolve()})
        elif path.is_file():
            yield f"{place}{path.name}", path


class JudgedBy(NamedTuple):
    """What a plan is judged by, and which of it was asked for."""

    features: Sequence[Path]
    policies: Path
    tags: str = ""
    accepted: Sequence[str] = ()
    require_applicable: bool = False
    have_to_apply: Sequence[str] = ()
    moment: datetime | None = None
    own_steps: Sequence[StepFile] = ()
    source: Mapping[str, str] = {}
    schemas: Sequence[Path] = ()
    options: OptionsRecord = OptionsRecord()


def inputs_record(by: JudgedBy) -> InputsRecord:
    """Return the digests of what a plan is judged by, and which of it was asked for."""
    policies = sorted(_placed(by.policies))
    return InputsRecord(
        features=digest((place, path) for path, place in features.placed(by.features).items()),
        steps=digest((path.name, path) for path in bundle.STEPS.glob("*.py")),
        own_steps=digest_of((each.place, each.data) for each in by.own_steps),
        source=digest_together(by.source.items()),
        schemas=digest((path.name, path) for path in by.schemas),
        policies=digest(each for each in policies if each[0] != WAIVERS),
        waivers=digest(each for each in policies if each[0] == WAIVERS),
        tags=by.tags,
        accepted=sorted(by.accepted),
        require_applicable=by.require_applicable,
        have_to_apply=sorted(by.have_to_apply) if by.require_applicable else [],
        moment=by.moment.isoformat(timespec="seconds") if by.moment else "",
        options=by.options,
    )


def own_notes(files: Sequence[StepFile]) -> Sequence[str]:
    """A note that names the steps of the user's own, which mean what their author wrote."""
    places = ", ".join(each.place for each in files)
    return [f"judged with own steps, besides those of planspec: {places}"] if places else []


def framework_records(frameworks: Mapping[str, Framework]) -> list[FrameworkRecord]:
    """Return the frameworks with all controls that the policies know, used by a scenario or not."""
    return [
        FrameworkRecord(
            prefix=prefix,
            title=framework.title,
            version=framework.version,
            controls=[
                ControlRecord(
                    control=number, title=control.title, shown=control.shown, missing=control.missing
                )
                for number, control in framework.controls.items()
            ],
        )
        for prefix, framework in frameworks.items()
    ]


def resource_records(plan: Plan, located: Source) -> list[ResourceRecord]:
    """Return every resource instance of the plan, in the order of their addresses."""
    # Most instances have the same actions; a large plan has one list for all of these.
    words = {
        actions: [str(action) for action in Action if action in actions]
        for actions in {change.actions for change in plan.changes}
    }
    return sorted(
        (
            ResourceRecord(
                address=change.address,
                type=change.type,
                actions=words[change.actions],
                where=located.position(change.address),
                deposed=change.deposed if isinstance(change.deposed, str) else "",
            )
            for change in plan.changes
            if change.managed
        ),
        key=lambda each: (each.address, each.deposed),
    )
