"""Write the page that lists the conformance rows.

python -m tests.conformance.make            write it
python -m tests.conformance.make --check    say whether it is out of date; exit 1 if it is
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.conformance.row import Row
from tests.conformance.rows import FALSE_PASSES, ROWS, WRONG_FAILURES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "conformance.md"
HEAD = """# Conformance: what other tools were measured to get wrong

Each row is a plan and a requirement, of our own making, in `tests/conformance/`. The third column is
what terraform-compliance 1.16.0, the nearest peer, was measured to do with such a plan and the same
question in its own words; the first column has the names of that measurement. The fourth is the
question in ours, the last what `planspec check` answers; a test runs every row.
`python -m tests.conformance.make` makes this page.

"satisfied", "violated" and "undetermined" are verdicts; the last two block (exit code 1). "refused"
means that nothing is judged (exit code 2): the question means nothing, or there is nothing to ask it of.
"""


def _table(title: str, rows: Sequence[Row]) -> str:
    lines = [
        f"## {title}",
        "",
        "| Row | Case | terraform-compliance 1.16.0 | Question | planspec |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        asked = "<br>".join(f"`{step}`".replace("|", "\\|") for step in row.steps)
        answer = f"{row.right}, exit {row.exit_code}"
        lines.append(f"| {row.number} | {row.case} | {row.peer} | {asked} | {answer} |")
    return "\n".join([*lines, ""])


def page() -> str:
    """Make the text of the page."""
    tables = (
        _table("Passes that should not be", FALSE_PASSES),
        _table("Failures and crashes that should not be", WRONG_FAILURES),
    )
    return "\n".join([HEAD, *tables])


def main(arguments: Sequence[str]) -> int:
    """Write or check; the exit code is 1 if the page is out of date."""
    if list(arguments) == ["--check"]:
        if PAGE.read_text("utf-8") != page():
            print(f"{PAGE.relative_to(ROOT)}: out of date. Next: python -m tests.conformance.make")
            return 1
        return 0
    PAGE.write_text(page(), "utf-8")
    print(f"{len(ROWS)} rows written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
