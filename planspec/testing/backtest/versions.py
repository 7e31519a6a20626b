"""Which requirements were there before?

A side is a folder with `features/` and `policies/`: a directory as it is, or a revision of the git
repository, unpacked into a folder of its own. Both sides are judged by the present engine and by the
same steps, also those of the user's own.
"""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from planspec.errors import PlanspecError, PolicyError
from planspec.features import own_steps
from planspec.programs import on_path
from planspec.runner import isolated_pytest
from planspec.runner.batch import Catalogue, Judge
from planspec.runner.vocabulary import known_phrases
from planspec.scratch import private_folder

FOLDERS: Final = ("features", "policies")


@contextmanager
def side(against: str, today: date) -> Iterator[Catalogue]:
    """The requirements of a directory or of a git revision, for as long as the block lasts.

    Raises PlanspecError where there is neither.
    """
    if Path(against).is_dir():
        yield _catalogue(Path(against), against, today)
        return
    with private_folder() as folder:
        _unpack(against, folder)
        yield _catalogue(folder, against, today)


def require_readable(name: str, wanted: Catalogue) -> None:
    """Raise PlanspecError for requirements that this planspec cannot judge by, before it begins."""
    known_phrases()
    try:
        judge = Judge(wanted)
        with own_steps.in_force(judge.own):
            for scenario in judge.scenarios:
                isolated_pytest.require_meaning(scenario)
    except PlanspecError as error:
        said = str(error).replace(f"{wanted.policies.parent}/", "")
        way_out = ". With --features-only the present policies apply to both sides"
        raise PlanspecError(
            f"{name}: this planspec cannot judge by these requirements: {said}"
            f"{way_out if isinstance(error, PolicyError) else ''}"
        ) from error


def _catalogue(folder: Path, name: str, today: date) -> Catalogue:
    for each in FOLDERS:
        if not (folder / each).is_dir():
            raise PlanspecError(f"{name}: holds no {each}/; name a folder or a revision that does")
    return Catalogue((folder / "features",), folder / "policies", "", today)


def _unpack(revision: str, folder: Path) -> None:
    """Write both folders of a revision. Source: git-archive(1)."""
    git = on_path("git")
    if git is None:
        raise PlanspecError("git: not found on PATH; --against with a folder does not need it")
    command = [str(git), "archive", "--format=tar", "--end-of-options", revision, *FOLDERS]
    try:
        ended = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise PlanspecError(
            f"git: {error.strerror}; --against with a folder does not need it"
        ) from error
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        raise PlanspecError(
            f"--against {revision}: neither a folder nor a revision with features/ and policies/"
            f" ({said[-1] if said else 'git archive failed'})"
        )
    with tarfile.open(fileobj=io.BytesIO(ended.stdout)) as archive:
        archive.extractall(folder, filter="data")
