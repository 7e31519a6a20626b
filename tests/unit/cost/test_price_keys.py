"""Does every price that the code asks for have a row, and is every row asked for?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from planspec import bundle
from planspec.cost import families, read_prices

BOOK = read_prices(bundle.POLICIES, bundle.POLICIES)
FAMILIES = Path(families.__path__[0])
PRICE_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
ASKED = {"add": 1, "use": 1, "price": 0, "has_price": 0}
"""Methods of a resource being priced, and which of their arguments is the key."""
NO_KEYS = {"t3\\.medium", "db\\.serverless"}
"""Names of types, which are written like a key."""


def patterns(node: ast.AST) -> Iterator[str]:
    """The keys that an expression may be, as patterns: `ebs.gp3`, or `ebs.(.+)` for an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [str(each.value) if isinstance(each, ast.Constant) else "\0" for each in node.values]
        yield re.escape("".join(parts)).replace("\0", "(.+)")


def used_keys() -> dict[str, str]:
    """Every price key that the families may ask for, as a pattern, with the place that says it."""
    found: dict[str, str] = {}
    for path in sorted(FAMILIES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            asked = [
                pattern
                for pattern in patterns(node)
                if PRICE_KEY.fullmatch(pattern.replace("\\.", ".").replace("(.+)", "x"))
            ]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                at = ASKED.get(node.func.attr, len(node.args))
                asked += [pattern for each in node.args[at : at + 1] for pattern in patterns(each)]
            asked = [each for each in asked if each not in NO_KEYS]
            found |= {each: f"{path.name}:{getattr(node, 'lineno', 0)}" for each in asked}
    return found


USED = used_keys()


@pytest.mark.parametrize(("pattern", "place"), [*USED.items()])
def test_a_price_key_that_a_family_asks_for_has_a_row(pattern: str, place: str) -> None:
    assert any(re.fullmatch(pattern, key) for key in BOOK.rows), (
        f"{place}: no such row in policies/prices"
    )


@pytest.mark.parametrize("key", sorted(BOOK.rows))
def test_a_row_of_the_catalogue_is_asked_for(key: str) -> None:
    assert any(re.fullmatch(pattern, key) for pattern in USED), "no family asks for it: delete the row"


def test_the_keys_of_the_families_are_found() -> None:
    assert {"globalaccelerator", r"nat\.hour", r"sns\.fifo\.gb", r"ebs\.(.+)\.iops"} <= USED.keys()
    assert len(USED) > 90
