"""Are the custom checks all there?

Checkov passes over a check that it cannot load, one that has the number of another, and Python without
an `__init__.py` beside it: nothing is judged, and nothing is said. Here each of them is an error.
"""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from checkov.terraform.checks.resource.registry import resource_registry

from planspec.checkov.worker.unsupported import BrokenCheck

_AS_DATA = (".yaml", ".yml", ".json")


class _Complaints(logging.Handler):
    """What Checkov says, and shows to nobody, while it loads checks."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.said.append(record.getMessage())


def load(folder: Path, runner: Any) -> None:
    """Load every check below the folder. Raises BrokenCheck for one that would not be judged."""
    numbers = {path: _number(path) for path in _files(folder, _AS_DATA)}
    before = {check.id for check in runner.graph_registry.checks} | set(_python_ids())
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # the folder is not ours
    try:
        resource_registry.load_external_checks(str(folder))
        runner.graph_registry.load_external_checks(str(folder))
    finally:
        logging.getLogger().removeHandler(complaints)
        sys.dont_write_bytecode = writes
    if complaints.said:
        raise BrokenCheck(f"{complaints.said[0]}; expected a check that can be loaded")
    _require_data(numbers, runner, before)
    _require_python(folder, before)


def _number(path: Path) -> str:
    """The number of a check that is written as data."""
    text = path.read_text(encoding="utf-8")
    try:
        found = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
        return str(found["metadata"]["id"])
    except (ValueError, yaml.YAMLError, KeyError, TypeError) as error:
        kind = type(error).__name__
        raise BrokenCheck(f"{path}: {kind}; expected a check with metadata.id") from error


def _require_data(numbers: dict[Path, str], runner: Any, before: set[str]) -> None:
    """Each file of data is one check, with a number of its own."""
    loaded = {str(Path(check.check_path)): check.id for check in runner.graph_registry.checks}
    runner.graph_registry.load_checks()
    own = {str(path) for path in numbers}
    built_in = {each.id for each in runner.graph_registry.checks if each.check_path not in own}
    for path, number in numbers.items():
        if number in before | built_in:
            raise BrokenCheck(f"{path}: {number} is the number of another check; give it its own")
        if loaded.get(str(path)) != number:
            raise BrokenCheck(f"{path}: {number} is the number of another file too; use it once")


def _require_python(folder: Path, before: set[str]) -> None:
    """Each file of Python adds at least one check, and none with the number of another."""
    added = [check for _, check in resource_registry.all_checks() if check.id not in before]
    origins = {check.__class__.__module__ for check in added}
    for path in _files(folder, (".py",)):
        if path.name == "__init__.py":
            continue
        if not path.with_name("__init__.py").is_file():
            raise BrokenCheck(f"{path}: no __init__.py next to it; Checkov loads nothing from there")
        if path.stem not in origins:
            raise BrokenCheck(
                f"{path}: adds no check; expected one with a number of its own, made at the end"
            )


def _python_ids() -> Iterator[str]:
    return (check.id for _, check in resource_registry.all_checks())


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in suffixes and path.is_file())
