"""Which files of a repository run planspec: workflows, and the scripts that they name?

A script counts if it names planspec, or leads to one that does. What is found by another way, such as a
program on PATH, is not followed.
Sources: GitHub, "Workflow syntax"; GitLab, "Use CI/CD configuration from other files".
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from planspec.runner.base_tree import BaseTree

# What may run planspec, by the systems for which `planspec init` writes a job, and who reviews that.
WORKFLOWS: Final = (
    *(".github/workflows", ".github/actions", ".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    *(".gitlab-ci.yml", "planspec.gitlab-ci.yml", ".gitlab", ".gitlab/CODEOWNERS", ".circleci"),
    *("azure-pipelines.yml", "planspec.azure-pipelines.yml", ".azure-pipelines", "Jenkinsfile"),
    *("bitbucket-pipelines.yml", "atlantis.yaml", ".pre-commit-config.yaml"),
)
_NAME: Final = b"planspec"
# Bounded, so that no line takes long; a longer name is that of no file.
_PLACE: Final = r"[\w./@+-]{1,200}"
_SCRIPT: Final = re.compile(rf"{_PLACE}\.(?:sh|bash|zsh|py|mk|ps1|js|mjs|cjs|ts|rb|pl|groovy)\b")
# A line of YAML that is a path and no more: another file of the workflow.
_INCLUDED: Final = re.compile(
    rf"^[ \t]*(?:- {{0,9}})?(?:\w{{1,20}} ?: {{0,9}})?[\"']?({_PLACE}\.ya?ml)[\"']?[ \t\r]*$",
    re.MULTILINE,
)
_ACTION: Final = re.compile(r"\buses ?: {0,9}[\"']?\./([\w./@+-]{0,200})")
_VARIABLE: Final = re.compile(r"\$\{\{.{0,200}?\}\}|\$\{\w{1,99}\}|\$\(\w{1,99}\)|\$\w{1,99}")
_RUN_BY: Final = {
    "make": ("Makefile", "makefile", "GNUmakefile"),
    "just": ("justfile", "Justfile", ".justfile"),
    "task": ("Taskfile.yml", "Taskfile.yaml"),
    "tox": ("tox.ini",),
    "nox": ("noxfile.py",),
    "npm": ("package.json",),
    "rake": ("Rakefile",),
}
_PROGRAM: Final = re.compile(rf"\b(?:{'|'.join(_RUN_BY)})\b")


def scripts(base: BaseTree, workflows: Mapping[str, Iterable[bytes]]) -> frozenset[str]:
    """Return the places of the scripts by which workflows run planspec.

    `workflows` has what each file says, in the base and now.
    """
    known: dict[str, list[bytes]] = {name: list(texts) for name, texts in workflows.items()}
    named: dict[str, set[str]] = {}
    latest = known
    while latest:
        found = {
            name: {each for text in texts for each in _named(name, text)}
            for name, texts in latest.items()
        }
        named |= found
        latest = _contents(
            base, sorted({each for some in found.values() for each in some} - known.keys())
        )
        known = known | latest
    running = {name for name, texts in known.items() if any(_NAME in each for each in texts)}
    while more := {name for name in named.keys() - running if named[name] & running}:
        running |= more
    return frozenset(running - workflows.keys())


def _contents(base: BaseTree, places: list[str]) -> dict[str, list[bytes]]:
    """What those of the files say that there are, in the base and now."""
    found: dict[str, list[bytes]] = {}
    for name, file in base.files(places).items():
        if name in places and file.content is not None:
            found.setdefault(name, []).append(file.content)
    for name in places:
        path = Path(base.root, name)
        if path.is_file():
            found.setdefault(name, []).append(path.read_bytes())
    return found


def _named(name: str, text: bytes) -> Iterator[str]:
    """The places that a file names, from the root of the repository or from its own folder."""
    said = _VARIABLE.sub("", text.decode("utf-8", "replace"))
    words = [*_SCRIPT.findall(said), *_INCLUDED.findall(said)]
    words += [f"{each}/action.{end}" for each in _ACTION.findall(said) for end in ("yml", "yaml")]
    words += [file for program in set(_PROGRAM.findall(said)) for file in _RUN_BY[program]]
    for word in words:
        for folder in ("", posixpath.dirname(name)):
            place = posixpath.normpath(posixpath.join(folder, word.lstrip("/")))
            if not place.startswith(".."):
                yield place
