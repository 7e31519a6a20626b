"""Does the change that brings a plan also change what judges it, compared with the base branch?

Compared are the files that are at hand with those of the base revision, at the same places: features,
policies with waivers, prices and custom checks, steps, schemas, planspec itself where the checkout holds
it, and the workflows that run it. A link is never compared: what it leads to may change unseen.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from planspec import bundle
from planspec.errors import PlanspecError
from planspec.evidence import GateChange, GuardRecord, ScenarioRecord
from planspec.policies import read_waivers
from planspec.runner import weaker
from planspec.runner.base_tree import BaseFile, BaseTree
from planspec.runner.workflows import WORKFLOWS, scripts
from planspec.scratch import private_folder

_OWN: Final = Path(bundle.__file__).parent
MOST_TOLD: Final = 60
# What a run of planspec writes beside its own modules. Elsewhere it may hold another program than the
# source shows: Python does not compare an "unchecked" one with it.
_COMPILED: Final = "__pycache__"
_COMPILES: Final = frozenset({"planspec", "steps"})
_POLICIES: Final = {"waivers.toml": "waivers", "prices": "prices", "checkov": "custom checks"}


class Gate(NamedTuple):
    """What judges the plan: the paths by their kind."""

    features: Sequence[Path]
    policies: Path
    steps: Sequence[Path] = ()
    schemas: Sequence[Path] = ()
    baseline: Path | None = None

    def parts(self) -> Iterator[tuple[str, Path]]:
        """Yield each path with its kind."""
        yield from (("features", path) for path in self.features)
        yield "policies", self.policies
        yield from (("steps", path) for path in (*self.steps, bundle.STEPS))
        yield from (("schemas", path) for path in self.schemas)
        yield from (("baseline", path) for path in (self.baseline,) if path)
        yield "planspec", _OWN


def changes(gate: Gate, base: BaseTree) -> tuple[GateChange, ...]:
    """Return what judges the plan and is not as in the base, by kind and place."""
    placed = {
        place: kind for kind, path in gate.parts() if (place := _place(path, base.root)) is not None
    }
    placed |= dict.fromkeys(_scripts(base), "workflow")
    placed |= dict.fromkeys(WORKFLOWS, "workflow")
    before = _read(placed, base.files(list(placed)))
    # An environment in the checkout holds a planspec that is not in git, and that no change brings.
    placed = {
        place: kind
        for place, kind in placed.items()
        if not (base.root / place).is_relative_to(_OWN) or any(_holds(place, each) for each in before)
    }
    compiled = base.tracked([place for place, kind in placed.items() if kind in _COMPILES])
    now = {
        name: content
        for name, content in _read(placed, dict(_present(base.root, placed))).items()
        if _COMPILED not in name or name in compiled or _kind(placed, name) not in _COMPILES
    }
    found = [
        GateChange(kind=_kind(placed, name), path=name, change=what)
        for name in sorted(before.keys() | now.keys())
        if (what := _change(before.get(name), now, name))
    ]
    return tuple(found)


def _scripts(base: BaseTree) -> frozenset[str]:
    """The places of the scripts by which the workflows run planspec, those of the base and of now."""
    said: dict[str, list[bytes]] = {}
    files = {name: file.content for name, file in base.files(WORKFLOWS).items()}
    for name, content in (*files.items(), *_present(base.root, WORKFLOWS)):
        said.setdefault(name, []).append(content or b"")
    return scripts(base, said)


def _read(placed: Mapping[str, str], files: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the files that planspec reads for what they are."""
    ends = {"features": (".feature",), "steps": (".py", ".pyc")}
    return {
        name: content
        for name, content in files.items()
        if name.lower().endswith(ends.get(_kind(placed, name), "")) or name in placed
    }


def guarded(
    gate: Gate,
    base: BaseTree,
    judged: Sequence[ScenarioRecord],
    judge_by: Callable[[Gate], Sequence[ScenarioRecord]],
) -> GuardRecord:
    """Compare what judges the plan with the base, and tell what became weaker for this plan.

    `judge_by` judges the plan by other requirements.
    """
    found = changes(gate, base)
    record = GuardRecord(base=base.revision, commit=base.commit, changes=list(found))
    if all(each.kind == "workflow" for each in found):
        return record
    with private_folder() as folder:
        told = list(_weaker(gate, _unpacked(gate, base, folder), judged, judge_by))
        told = [each.replace(f"{folder}/", "") for each in told]
    rest = len(told) - MOST_TOLD
    more = [f"and {rest} more"] if rest > 0 else []
    return msgspec.structs.replace(record, weaker=[*told[:MOST_TOLD], *more])


def _weaker(
    gate: Gate,
    old: Gate,
    judged: Sequence[ScenarioRecord],
    judge_by: Callable[[Gate], Sequence[ScenarioRecord]],
) -> Iterator[str]:
    missing = [path for path in (*old.features, old.policies, *old.steps) if not path.exists()]
    if missing:
        yield f"the base has no {', '.join(map(str, missing))}, so no verdicts are compared"
        return
    try:
        yield from weaker.verdicts(judge_by(old), judged)
        yield from weaker.waivers(read_waivers(old.policies), read_waivers(gate.policies))
    except PlanspecError as error:
        yield f"this plan cannot be judged by the base's requirements: {error}"
    yield from weaker.limits(old.policies, gate.policies)


def _unpacked(gate: Gate, base: BaseTree, folder: Path) -> Gate:
    """Write what judges as it is in the base into a folder; what is outside of git stays there."""
    places = {path: place for _, path in gate.parts() if (place := _place(path, base.root)) is not None}
    known = [gate.baseline] if gate.baseline else []
    judging = (*gate.features, gate.policies, *gate.steps, *gate.schemas, *known)
    for name, file in base.files([places[path] for path in judging if path in places]).items():
        target = folder / name
        if file.content is not None and target.resolve().is_relative_to(folder.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)

    def moved(path: Path) -> Path:
        return folder / places[path] if path in places else path

    return Gate(
        tuple(map(moved, gate.features)),
        moved(gate.policies),
        tuple(map(moved, gate.steps)),
        tuple(map(moved, gate.schemas)),
        next((each for each in map(moved, known) if each.exists()), None),
    )


def _place(path: Path, root: Path) -> str | None:
    """The place of a path in the repository as it is written, links not followed."""
    written = Path(os.path.normpath(Path(os.path.realpath(Path.cwd()), path)))
    for each in (written, Path(os.path.realpath(path.parent), path.name)):
        if each.is_relative_to(root):
            return each.relative_to(root).as_posix()
    return None


def _present(root: Path, places: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
    """Yield each file at and below the places; None is the content of a link, and of what is no file."""
    for place in places:
        path = root / place
        above = [each for each in (path, *path.parents) if each != root and each.is_relative_to(root)]
        link = next((each for each in reversed(above) if each.is_symlink()), None)
        if link is not None:
            yield link.relative_to(root).as_posix(), None
        elif path.is_dir():
            yield from _below(root, path)
        elif path.exists():
            yield place, path.read_bytes() if path.is_file() else None


def _below(root: Path, folder: Path) -> Iterator[tuple[str, bytes | None]]:
    for place, folders, names in os.walk(folder):
        linked = [each for each in folders if Path(place, each).is_symlink()]
        folders[:] = sorted(set(folders) - set(linked) - {".git"})
        for name in (*linked, *names):
            path = Path(place, name)
            is_plain = path.is_file() and not path.is_symlink()
            yield path.relative_to(root).as_posix(), path.read_bytes() if is_plain else None


def _change(before: BaseFile | None, now: Mapping[str, bytes | None], name: str) -> str:
    """How a file differs; "" if it does not. How a line ends is no difference."""
    if name not in now:
        return "removed"
    content = now[name]
    if content is None or (before is not None and before.content is None):
        return "a link, which is not compared"
    if before is None or before.content is None:
        return "added"
    return "" if _lines(before.content) == _lines(content) else "changed"


def _lines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _kind(placed: Mapping[str, str], name: str) -> str:
    """What a file is for, by the nearest place that was named."""
    home = max((each for each in placed if _holds(each, name)), key=len, default="")
    kind = placed.get(home, "workflow")
    if kind != "policies":
        return kind
    first = name.removeprefix(home).lstrip("/").partition("/")[0]
    return _POLICIES.get(first, kind)


def _holds(place: str, name: str) -> bool:
    return place in {name, "."} or name.startswith(f"{place}/") or place.startswith(f"{name}/")
