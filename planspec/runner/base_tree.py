"""The files of a base revision, read from git without running anything that a repository may name.

Only plumbing is used, which runs no hook, filter, pager or editor: git rev-parse, ls-tree and cat-file.
The settings that could start a program or reach the network are switched off all the same. Sources:
git-config(1), gitrevisions(7), git(1) on GIT_NO_LAZY_FETCH and GIT_NO_REPLACE_OBJECTS.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from planspec.errors import PlanspecError
from planspec.programs import on_path

_SETTINGS: Final = (
    *("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.pager=cat", "core.sshCommand=false"),
    *("core.alternateRefsCommand=", "protocol.allow=never", "credential.helper="),
)
_ENVIRONMENT: Final = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# Where a short name may lead, in the order of gitrevisions(7).
_PLACES: Final = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
_FILES: Final = (b"100644", b"100755")


class BaseFile(NamedTuple):
    """One entry of a revision: its content, or None for a link or a submodule, which has none."""

    content: bytes | None


class BaseTree(NamedTuple):
    """A revision of the repository of the current folder."""

    revision: str
    commit: str
    root: Path

    def files(self, paths: Sequence[str]) -> Mapping[str, BaseFile]:
        """Return the files at and below these paths, which are relative to the root, by their path."""
        if not paths:
            return {}
        listed = _git(self.root, "ls-tree", "-r", "-z", "--full-tree", self.commit, "--", *paths)
        entries = [line.split(b"\t", 1) for line in listed.split(b"\0") if line]
        read = {os.fsdecode(name): about.split(b" ") for about, name in entries}
        contents = dict(self._contents([about[2] for about in read.values() if about[0] in _FILES]))
        return {name: BaseFile(contents.get(about[2])) for name, about in read.items()}

    def tracked(self, paths: Sequence[str]) -> frozenset[str]:
        """Return which files at and below these paths are in the index of the checkout."""
        listed = _git(self.root, "ls-files", "-z", "--cached", "--", *paths) if paths else b""
        return frozenset(os.fsdecode(each) for each in listed.split(b"\0") if each)

    def _contents(self, numbers: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        told = _git(self.root, "cat-file", "--batch", given=b"".join(each + b"\n" for each in numbers))
        at = 0
        for number in numbers:
            end = told.index(b"\n", at)
            head = told[at:end].split(b" ")
            if len(head) != 3:
                raise PlanspecError(
                    f"--base {self.revision}: git lacks an object of it; next: {_fetch(self.revision)}"
                )
            size = int(head[2])
            yield number, told[end + 1 : end + 1 + size]
            at = end + 1 + size + 1


def base_tree(revision: str) -> BaseTree:
    """Find a revision in the repository of the current folder.

    Raises PlanspecError, which names the next command, for none and for a name that means several.
    """
    here = Path.cwd()
    try:
        root = Path(os.fsdecode(_git(here, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    except _GitError as error:
        raise PlanspecError(
            f"--base {revision}: the current folder is not in a git repository that git trusts"
            f" ({error}); run planspec in the checkout, and see: git status"
        ) from error
    if _git(root, "rev-parse", "--show-superproject-working-tree").strip():
        raise PlanspecError(
            f"--base {revision}: the current folder is in a submodule, which the change can replace as a"
            " whole; run planspec from the repository above"
        )
    places = [place.format(revision) for place in _PLACES]
    found = [place for place in places if _commit(root, place)]
    if len(found) > 1:
        raise PlanspecError(
            f"--base {revision}: means {' and '.join(found)}; name one of them in full:"
            f" --base {found[-1]}"
        )
    commit = _commit(root, revision)
    if not commit:
        raise PlanspecError(
            f"--base {revision}: git does not know this revision{_shallow(root)}; next:"
            f" {_fetch(revision)}"
        )
    return BaseTree(revision, commit, root)


def _commit(root: Path, name: str) -> str:
    try:
        told = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except _GitError:
        return ""
    return told.decode("ascii", "replace").strip()


def _shallow(root: Path) -> str:
    shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
    return ", and the clone is shallow" if shallow else ""


def _fetch(revision: str) -> str:
    remote, slash, branch = revision.removeprefix("refs/remotes/").partition("/")
    if slash and not revision.startswith("-"):
        return f"git fetch --depth=1 {remote} +{branch}:refs/remotes/{remote}/{branch}"
    return "git fetch --unshallow origin, or git fetch origin"


class _GitError(PlanspecError):
    """What git said."""


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    git = on_path("git")
    if git is None:
        raise PlanspecError("git: not found on PATH; install it, or check without --base")
    settings = [part for each in _SETTINGS for part in ("-c", each)]
    surroundings = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    try:
        ended = subprocess.run(
            [str(git), "--literal-pathspecs", "--no-pager", *settings, *arguments],
            cwd=folder,
            input=given,
            capture_output=True,
            check=False,
            env=surroundings | _ENVIRONMENT,
        )
    except OSError as error:
        raise PlanspecError(f"git: {error.strerror}; check without --base") from error
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        raise _GitError(said[0] if said else f"git ended with {ended.returncode}")
    return ended.stdout
