"""On which line does a resource stand?

Terraform's plan JSON has no file names, so the source folder is read beside it. tfparse evaluates the
modules as Terraform does; a block that it cannot unfold has no line here, and the report says none.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_KEYS = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


def without_keys(address: str) -> str:
    """Return the address of the block: the address without instance keys."""
    return _KEYS.sub("", address)


def positions(folder: Path) -> dict[str, str]:
    """Return `file:line` of every block in the folder, by address without instance keys.

    File names are relative to the current folder where they lie below it. A folder that cannot
    be parsed gives no positions: they help the reader and decide nothing.
    """
    from tfparse import ParseError, load_from_path  # takes 60 ms, and only reports need it

    try:
        blocks = load_from_path(str(folder))
    except (ParseError, OSError, ValueError):
        return {}
    return dict(_positions(blocks, folder))


def _positions(blocks: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    for found in blocks.values():
        for block in found if isinstance(found, list) else [found]:
            meta = block.get("__tfmeta", {}) if isinstance(block, dict) else {}
            if "path" in meta and "filename" in meta:
                where = shown_path(folder / meta["filename"])
                yield without_keys(str(meta["path"])), f"{where}:{meta['line_start']}"
                if meta["path"] == "terraform":
                    yield from _settings(block, where)


def _settings(block: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    """The blocks inside `terraform`, of which a configuration has several: `terraform.backend`."""
    for name, inside in block.items():
        if isinstance(inside, dict) and "line_start" in (meta := inside.get("__tfmeta", {})):
            yield f"terraform.{name}", f"{where}:{meta['line_start']}"


def shown_path(path: Path) -> str:
    """Return the path as a person in the current folder would write it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def folder_of(plan: str) -> Path | None:
    """Return the source folder that belongs to a plan file: of its name, or the plan's own.

    `plans/service.json` belongs to `plans/service/`; a plan inside a Terraform folder to that.
    """
    path = Path(plan)
    if not path.is_file():
        return None
    for folder in (path.with_suffix(""), path.parent):
        if folder != path and folder.is_dir() and any(folder.glob("*.tf")):
            return folder
    return None
