"""Does docs/engine.md list every module of planspec, in its room, with the libraries it imports?

The tables stand between marks and are made from the import contract, the modules' first lines and
their imports.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.support import accepted

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "planspec"
PAGE = ROOT / "docs" / "engine.md"
# What a library is called where it differs from the name that is imported.
LIBRARIES: Final = {
    "cucumber_tag_expressions": "cucumber-tag-expressions",
    "flask": "Flask",
    "jinja2": "Jinja2",
    "jsonpath_ng": "jsonpath-ng",
    "markupsafe": "MarkupSafe",
    "pytest_bdd": "pytest-bdd",
    "python_terraform": "python-terraform",
    "tree_sitter": "tree-sitter",
    "tree_sitter_hcl": "tree-sitter-hcl",
    "werkzeug": "Werkzeug",
    "yaml": "PyYAML",
}


def layers() -> list[list[str]]:
    """The rooms and modules at the root by layer, from the ground up."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (found,) = (each["layers"] for each in contracts if each["name"] == "One way down")
    return [layer.split(" | ") for layer in reversed(found)]


def about(path: Path) -> tuple[str, str]:
    """The first line of a module, and the outside libraries that it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    outside = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"planspec"}
    first = (ast.get_docstring(tree) or "").partition("\n")[0].replace("|", r"\|")
    return first, ", ".join(sorted((LIBRARIES.get(each, each) for each in outside), key=str.lower))


def row(path: Path, room: Path) -> str:
    """One module of a room."""
    question, outside = about(path)
    return f"| `{path.relative_to(room).with_suffix('').as_posix()}` | {question} | {outside or '-'} |"


def tables() -> Iterator[str]:
    """The rooms in their order, then the modules of each."""
    head = ["| module | question it answers | outside library |", "| --- | --- | --- |"]
    rooms, alone, parts = [], [], []
    for number, names in enumerate(layers(), 1):
        for name in names:
            room = PACKAGE / name
            if not room.is_dir():
                alone.append(row(room.with_suffix(".py"), PACKAGE))
                rooms.append(f"| {number} | `{name}` | {about(room.with_suffix('.py'))[0]} |")
                continue
            answer = about(room / "__init__.py")[0]
            rooms.append(f"| {number} | [`{name}/`](#{name}) | {answer} |")
            found = sorted(each for each in room.rglob("*.py") if each.name != "__init__.py")
            parts.append([f"### {name}", "", *head, *(row(each, room) for each in found)])
    yield "\n".join(["| layer | room | what it answers |", "| --- | --- | --- |", *rooms])
    yield "\n".join(["### Modules at the root", "", *head, *alone])
    yield from ("\n".join(part) for part in parts)


@pytest.mark.accepted
def test_the_page_lists_every_module_in_its_room() -> None:
    accepted.hold_part(PAGE, "modules", "\n\n".join(tables()))


def test_no_module_is_left_out() -> None:
    text = "\n".join(tables())
    modules = [each for each in PACKAGE.rglob("*.py") if each.name != "__init__.py"]
    assert text.count("\n| `") == len(modules)
    for each in modules:
        assert f"| {about(each)[0]} |" in text
        assert about(each)[0], f"{each}: no docstring"


def test_a_module_that_the_page_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`((?:planspec|steps|tests|policies|plans|features|tools|docs)/[^` <*]+)`", text)
    assert len(named) > 10
    assert not [each for each in named if not (ROOT / each).exists()]
