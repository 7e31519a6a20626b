"""Does SECURITY.md list what was tried against its promises, and does each promise hold by a test?"""

import re
from pathlib import Path

import pytest

from tests.support import accepted
from tests.support.attacks import Promise, attacks

PAGE = Path(__file__).parents[2] / "SECURITY.md"


def table() -> str:
    """Promise, attack, what happens, and the test that tries it."""
    lines = ["| Promise | Attack | What happens | Test |", "| --- | --- | --- | --- |"]
    told = None
    for each in attacks():
        promise = "" if each.promise is told else each.promise.value
        told = each.promise
        path, _, name = each.test.partition("::")
        test = f'[{Path(path).stem}]({path} "{name}")'
        cells = (promise, each.tried, each.happens, test)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


@pytest.mark.accepted
def test_the_page_lists_every_attack_that_a_test_tries() -> None:
    accepted.hold_part(PAGE, "attacks", table())


def test_every_attack_is_listed_once_and_each_promise_is_one_of_the_page() -> None:
    found = attacks()
    assert len({each.tried for each in found}) == len(found)
    page = re.sub(r"\s+", " ", PAGE.read_text(encoding="utf-8").replace("**", ""))
    for promise in Promise:
        assert promise.value.partition(",")[0] in page, promise
