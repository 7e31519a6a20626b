"""What does a repository need before its plans can be judged, and what of it is there already?"""

import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal, NamedTuple

from planspec import bundle
from planspec.errors import PlanspecError

Pipeline = Literal["github", "gitlab", "azure", "none"]
FILES: Final = Path(__file__).parent / "files"
PIPELINES: Final = {
    "github": Path(".github/workflows/planspec.yml"),
    "gitlab": Path("planspec.gitlab-ci.yml"),
    "azure": Path("planspec.azure-pipelines.yml"),
}
_SKIPPED: Final = frozenset({".git", ".terraform", "node_modules", ".venv"})
_DEEPEST: Final = 3


class Placed(NamedTuple):
    """One file of the scaffold: where it belongs, and whether it was there before."""

    path: Path
    kept: bool


def place(folder: Path, pipeline: Pipeline, terraform: str) -> list[Placed]:
    """Write what is not there yet into a repository; nothing that is there is touched.

    Raises PlanspecError for a folder that cannot be written to. What was written until then stays: the
    next call goes on from there.
    """
    return [_placed(folder / path, text) for path, text in _contents(pipeline, terraform)]


def pipeline_of(folder: Path) -> Pipeline:
    """The CI system that a repository shows; GitHub's where it shows none."""
    if (folder / ".gitlab-ci.yml").exists():
        return "gitlab"
    if any((folder / name).exists() for name in ("azure-pipelines.yml", "azure-pipelines.yaml")):
        return "azure"
    return "github"


def terraform_of(folder: Path) -> str:
    """The root module of a repository, from its top: the first folder that sets a backend or provider.

    Else the first with any Terraform in it, else the top itself.
    """
    found = []
    for place_, folders, names in os.walk(folder):
        here = Path(place_).relative_to(folder)
        folders[:] = sorted(set(folders) - _SKIPPED) if len(here.parts) < _DEEPEST else []
        sources = [Path(place_, name) for name in sorted(names) if name.endswith((".tf", ".tofu"))]
        if sources:
            found.append((not any(map(_is_root, sources)), len(here.parts), here.as_posix()))
    return min(found)[2] if found else "."


def _is_root(source: Path) -> bool:
    """Whether a file has a block that only a root module should have."""
    lines = source.read_text(encoding="utf-8", errors="replace").splitlines()
    return any(line.lstrip().startswith(("backend ", "cloud ", "provider ")) for line in lines)


def _contents(pipeline: Pipeline, terraform: str) -> Iterator[tuple[Path, str]]:
    """Every file of the scaffold with its text."""
    yield Path("features/own.feature"), _text(FILES / "own.feature")
    for path in sorted(bundle.POLICIES.glob("*.toml")):
        if path.name in {"parameters.toml", "controls.toml"}:
            yield Path("policies", path.name), _text(path)
    for name in ("limits.toml", "waivers.toml"):
        yield Path("policies", name), _text(FILES / name)
    filled = {"@VERSION@": version("planspec"), "@TERRAFORM@": terraform}
    wanted = [] if pipeline == "none" else [(PIPELINES[pipeline], FILES / f"{pipeline}.yml")]
    for path, source in (*wanted, (Path(".pre-commit-config.yaml"), FILES / "pre-commit.yaml")):
        text = _text(source)
        for name, value in filled.items():
            text = text.replace(name, value)
        yield path, text


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _placed(path: Path, text: str) -> Placed:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:  # fails where something is, also a link
            file.write(text)
    except FileExistsError:
        if path.parent.is_dir():
            return Placed(path, kept=True)
        raise PlanspecError(
            f"{path.parent}: is not a folder; name another one: planspec init DIR"
        ) from None
    except OSError as error:
        raise PlanspecError(f"{path}: {error.strerror}; name a folder that can be written to") from error
    return Placed(path, kept=False)
