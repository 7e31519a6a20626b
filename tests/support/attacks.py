"""What was tried against a promise of SECURITY.md, by which test, and what happens.

    @attack("bytes before the zip", promise=Promise.VERIFY, happens="refused, exit code 2")
    def test_...

The table in SECURITY.md is made of these marks (tests/docs/test_security.py, `make accept`), so it
lists what a test holds and nothing else.
"""

import ast
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

import pytest

TESTS: Final = Path(__file__).parents[1]


class Promise(Enum):
    """The promises of SECURITY.md, in its order, as the table names them."""

    HOSTILE_FOLDER = "Nothing of the folder under review runs"
    VERIFY = "`verify` proves that this plan was judged, and passed"
    SECRETS = "Secrets are masked"
    EXIT_CODE = "An exit code says one thing"
    REPORT = "A report commands nothing"


class Attack(NamedTuple):
    """One row of the table, and where the test of it is."""

    promise: Promise
    tried: str
    happens: str
    test: str


def attack(tried: str, *, promise: Promise, happens: str) -> pytest.MarkDecorator:
    """Mark a test as one that tries to break a promise; all texts have to be literals."""
    return pytest.mark.attack(tried=tried, promise=promise, happens=happens)


def attacks() -> list[Attack]:
    """Every attack that a test tries, by promise, file and line; read from the source of the tests."""
    files = [path for path in sorted(TESTS.rglob("test_*.py")) if "@attack(" in path.read_text("utf-8")]
    found = [each for path in files for each in _marked(path)]
    order = list(Promise)
    return sorted(found, key=lambda each: order.index(each.promise))


def _marked(path: Path) -> Iterator[Attack]:
    place = path.relative_to(TESTS.parent).as_posix()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "attack":
                yield _attack(mark, f"{place}::{node.name}")


def _attack(mark: ast.Call, test: str) -> Attack:
    given = {each.arg: each.value for each in mark.keywords}
    promise = given["promise"]
    assert isinstance(promise, ast.Attribute), f"{test}: name the promise as Promise.NAME"
    tried, happens = ast.literal_eval(mark.args[0]), ast.literal_eval(given["happens"])
    return Attack(Promise[promise.attr], tried, happens, test)
