"""Are features, pages and messages free of the expressions that planspec no longer uses?

`data/glossary.toml` lists them, each with what to write instead. Steps are left out: their phrases have
a lint of their own.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from planspec import bundle

ROOT: Final = bundle.ROOT
LONGEST_TITLE: Final = 90
MOST_WORDS: Final = 7
STEP: Final = re.compile(r'^\s*[*#>|-]?\s*`?(Given|When|Then|And|But)\b|\bwe (examine|keep)\b|every "')
TITLE: Final = re.compile(r"^ *(Rule|Scenario): (\S+) (.+)$", re.MULTILINE)
DATA: Final = Path(__file__).parent / "data" / "glossary.toml"
# Generated from the phrases of the steps.
OF_STEPS: Final = "vocabulary.md"
# A value in the format of the evidence record, which older records hold.
KEPT: Final = {("planspec/finding.py", "cannot be told")}


class Expression(NamedTuple):
    """What not to write, and what to write instead."""

    stop: re.Pattern[str]
    write: str


def expressions() -> list[Expression]:
    """The glossary, each expression as whole words."""
    listed = tomllib.loads(DATA.read_text(encoding="utf-8"))["expression"]
    return [
        Expression(
            re.compile(rf"(?<![\w`.-])(?:{each['stop']})(?![\w`-])", re.IGNORECASE), each["write"]
        )
        for each in listed
    ]


def place(path: Path) -> str:
    """Where a file is in the repository."""
    return path.relative_to(ROOT).as_posix()


def features() -> list[Path]:
    """Every feature of ours, and the one that `planspec init` writes."""
    scaffold = ROOT / "planspec" / "cli" / "scaffold" / "files"
    return [*sorted(bundle.FEATURES.rglob("*.feature")), *sorted(scaffold.glob("*.feature"))]


def pages() -> list[Path]:
    """Every page for readers but the generated vocabulary."""
    docs = [each for each in sorted((ROOT / "docs").glob("*.md")) if each.name != OF_STEPS]
    return [*docs, ROOT / "README.md", ROOT / "ARCHITECTURE.md"]


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a feature or page that are not steps."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not STEP.search(line):
            yield number, line


def messages(path: Path) -> Iterator[tuple[int, str]]:
    """The texts in a module that a person may read: strings of several words that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def stopped(path: Path, texts: Iterator[tuple[int, str]]) -> list[str]:
    """Each expression of the glossary in these texts, and what to write instead."""
    where = place(path)
    return [
        f'{where}:{number}: "{found[0]}"; write: {each.write}'
        for number, text in texts
        if (where, text) not in KEPT
        for each in expressions_of_glossary
        for found in each.stop.finditer(text)
    ]


expressions_of_glossary: Final = expressions()


@pytest.mark.parametrize("path", [*features(), *pages()], ids=place)
def test_a_page_uses_the_words_of_the_field(path: Path) -> None:
    assert stopped(path, prose(path)) == []


def test_messages_use_the_words_of_the_field() -> None:
    modules = sorted((ROOT / "planspec").rglob("*.py"))
    assert [each for path in modules for each in stopped(path, messages(path))] == []


def test_the_glossary_finds_what_it_lists() -> None:
    text = "Somebody hears of it: the key is no number, and no alarm surely rings."
    found = [each.stop.pattern for each in expressions_of_glossary if each.stop.search(text)]
    assert len(found) == 5
    assert all(each.write.strip() for each in expressions_of_glossary)


@pytest.mark.parametrize("path", features(), ids=place)
def test_a_scenario_says_which_resources_should_have_what(path: Path) -> None:
    for kind, number, title in TITLE.findall(path.read_text(encoding="utf-8")):
        if kind == "Scenario":
            assert len(title) <= LONGEST_TITLE, number
            assert " should " in title, number
        else:
            assert len(title.split()) <= MOST_WORDS, number
            assert " should " not in title, number
        assert not re.search(r"\bno \w+ must\b|[.;]|\d %", title), number
