"""Has Checkov judged exactly this before?

An answer is kept under a digest of everything that it depends on: the plan, the custom checks, the
fast runner, and the environment that Checkov is installed in. Whatever is missing, broken, somebody
else's or in doubt is no answer; a cache that cannot be written is none.
"""

import contextlib
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from planspec.checkov.answer import FailedCheck, ScanResult
from planspec.checkov.attributes_read import Looked
from planspec.checkov.request import Request

MOST_ANSWERS: Final = 256
MOST_BYTES: Final = 64 * 1024 * 1024
_FORMAT: Final = "2"
_WORKER = Path(__file__).with_name("worker")
_OURS = Path(__file__).parent


def user_folder() -> Path:
    """The folder for answers: in XDG_CACHE_HOME, if that is absolute, else in `~/.cache`."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(named) if Path(named).is_absolute() else Path("~/.cache").expanduser()
    return home / "planspec" / "checkov"


class Cache(NamedTuple):
    """Answers in a folder, one file each, named after the digest of what was asked."""

    folder: Path

    def key(self, request: Request) -> str:
        """The digest of all that the answer depends on; empty where that cannot be told."""
        environment = environment_of(request.checkov)
        if environment is None:
            return ""
        total = hashlib.sha256()
        asked = (request.runner, str(request.corrected), str(request.looked))
        parts = (_FORMAT, *asked, environment)
        for part in (*parts, digest(_WORKER), digest(_OURS), digest(request.custom_checks)):
            total.update(f"{len(part)}:{part}".encode())
        total.update(request.plan)
        return total.hexdigest()

    def get(self, key: str) -> ScanResult | None:
        """The answer under the key, or None."""
        if not key or not self._is_private():
            return None
        path = self.folder / key
        try:
            told = json.loads(path.read_bytes())
            result = _decode(told["answer"]) if told["digest"] == _sum(key, told["answer"]) else None
            os.utime(path)  # the oldest is the first to go
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return result

    def put(self, key: str, result: ScanResult) -> None:
        """Keep an answer: whole or not at all, whoever else writes at the same time."""
        if not key:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._is_private():
                return
            answer = result._replace(cached=False)
            told = {"digest": _sum(key, answer), "answer": answer}
            with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix=".", delete=False) as file:
                json.dump(told, file)
            Path(file.name).replace(self.folder / key)
            self._drop_oldest()

    def _is_private(self) -> bool:
        """Whether the folder is ours, and nobody else can put an answer there."""
        try:
            told = self.folder.stat()
        except OSError:
            return False
        return told.st_uid == os.getuid() and not told.st_mode & (stat.S_IWGRP | stat.S_IWOTH)

    def _drop_oldest(self) -> None:
        kept = [(told.st_mtime, told.st_size, path) for path, told in _files(self.folder)]
        size = 0
        for number, (_, bytes_, path) in enumerate(sorted(kept, reverse=True)):
            size += bytes_
            if number and (number >= MOST_ANSWERS or size > MOST_BYTES):
                path.unlink(missing_ok=True)


def environment_of(program: Path) -> str | None:
    """A digest of the environment that the program is installed in; None where it cannot be found.

    It covers the names of all distributions with their versions and times, and for Checkov itself
    every file by name, size and time: a check that somebody has edited makes another environment.
    """
    program = program.resolve()
    found = sorted(program.parents[1].glob("lib/python3*/site-packages/checkov"))
    if len(found) != 1:
        return None
    total = hashlib.sha256(str(program).encode())
    for path in sorted(found[0].parent.glob("*.dist-info")):
        total.update(f"{path.name}\0{path.stat().st_mtime_ns}\n".encode())
    for path, told in _files(found[0]):
        total.update(f"{path}\0{told.st_size}\0{told.st_mtime_ns}\n".encode())
    return total.hexdigest()


def digest(folder: Path | None) -> str:
    """A digest of the names and contents of all files below a folder; empty without one."""
    if folder is None:
        return ""
    total = hashlib.sha256()
    for path, _ in _files(folder):
        content = path.read_bytes()
        total.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Every file below a folder but for what Python compiles, in the order of names."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(Path(entry.path))
        else:
            with contextlib.suppress(FileNotFoundError):  # somebody else has dropped it
                yield Path(entry.path), entry.stat()


def _sum(key: str, answer: Any) -> str:
    return hashlib.sha256(f"{key}\n{json.dumps(answer)}".encode()).hexdigest()


def _decode(answer: list[Any]) -> ScanResult:
    version, passed, failed, runner, reason, _, told = answer
    checks = tuple(
        FailedCheck(check, title, address, tuple(keys)) for check, title, address, keys in failed
    )
    return ScanResult(version, passed, checks, runner, reason, cached=True, looked=_looked(told))


def _looked(told: list[Any] | None) -> Looked | None:
    if told is None:
        return None
    kinds, addresses = told
    return Looked(
        tuple((check, tuple(names)) for check, names in kinds),
        {address: tuple(found) for address, found in addresses.items()},
    )
