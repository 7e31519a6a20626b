"""Does docs/mutation.md tell what the reviewed file and the code hold now?"""

import re
from pathlib import Path

from planspec import bundle
from planspec.testing.mutation.accepted import read_accepted
from planspec.testing.mutation.score import NEVER
from tests.docs.mutation_page import PAGE, filled
from tests.heavy.mutants import ROOMS

TEXT = PAGE.read_text(encoding="utf-8")
PACKAGE = Path(__file__).parents[2] / "planspec"


def test_every_reason_for_a_change_that_may_pass_stands_on_the_page() -> None:
    reviewed = read_accepted(bundle.POLICIES / "mutants.toml")
    reasons = {each.reason for each in [*reviewed.accepted, *reviewed.unread] if each.operator != NEVER}
    assert {each for each in reasons if f"| {each} |" not in TEXT} == set()


def test_every_module_of_the_judgements_has_a_score_or_is_said_to_have_none() -> None:
    told = set(re.findall(r"^\| ([\w.]+) \| [\d,]+ \| [\d,]+ \|", TEXT, re.MULTILINE))
    unmeasured = TEXT.partition("not measured yet:")[2].partition("<!--")[0]
    named = set(re.findall(r"`([\w.]+)`", unmeasured))
    files = (path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py")))
    # A module of types alone has nothing to change; a door holds no code.
    judging = (path for path in files if re.search(r"(?m)^(?:    )?def ", path.read_text("utf-8")))
    names = {".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in judging}
    assert told | named == names
    assert told & named == set()


def test_filling_in_leaves_what_people_wrote() -> None:
    page = "a\n<!-- generated: make mutation, read -->\nold\n<!-- end -->\nb\n"
    made = "a\n<!-- generated: make mutation, read -->\n\nnew\n\n<!-- end -->\nb\n"
    assert filled(page, {"read": ["new"]}) == made
