"""Does docs/mutation.md tell what the reviewed file and the code hold now?"""

import re
from pathlib import Path

from planspec import bundle
from planspec.testing.mutation.accepted import read_accepted
from planspec.testing.mutation.score import NEVER
from tests.mutation_page import PAGE, filled

TEXT = PAGE.read_text(encoding="utf-8")
JUDGEMENTS = Path(__file__).parents[1] / "planspec" / "judgements"


def test_every_reason_for_a_change_that_may_pass_stands_on_the_page() -> None:
    reviewed = read_accepted(bundle.POLICIES / "mutants.toml")
    reasons = {each.reason for each in [*reviewed.accepted, *reviewed.unread] if each.operator != NEVER}
    assert {each for each in reasons if f"| {each} |" not in TEXT} == set()


def test_every_module_of_the_judgements_has_a_score() -> None:
    told = set(re.findall(r"^\| (\w+) \| [\d,]+ \| [\d,]+ \|", TEXT, re.MULTILINE))
    # A module of types alone has nothing to change.
    judging = {each.stem for each in JUDGEMENTS.glob("*.py") if "\ndef " in each.read_text("utf-8")}
    assert told == judging


def test_filling_in_leaves_what_people_wrote() -> None:
    page = "a\n<!-- generated: make mutation, read -->\nold\n<!-- end -->\nb\n"
    made = "a\n<!-- generated: make mutation, read -->\n\nnew\n\n<!-- end -->\nb\n"
    assert filled(page, {"read": ["new"]}) == made
