"""Write the files of the conformance rows, and the page that lists them.

python tests/conformance/make.py            write them
python tests/conformance/make.py --check    say what is out of date; exit 1 if anything is
"""

import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # run as a file, Python looks beside it only

from tests.conformance.row import Row  # noqa: E402
from tests.conformance.rows import FALSE_PASSES, ROWS, WRONG_FAILURES  # noqa: E402

PAGE = ROOT / "docs" / "conformance.md"
CASES = HERE / "cases"
HEAD = """# Conformance: what other tools were measured to get wrong

Each row is a plan and a requirement, of our own making, in `tests/conformance/cases/`. The third column
is what terraform-compliance 1.16.0, the nearest peer, was measured to do with such a plan and the same
question in its own words; the first column has the names of that measurement. The last column is what
`planspec check` answers, and a test runs every row. `python tests/conformance/make.py` makes this page.

"satisfied", "violated" and "undetermined" are verdicts; the last two block (exit code 1). "refused"
means that nothing is judged (exit code 2): the question means nothing, or there is nothing to ask it of.
"""


def _table(title: str, rows: Sequence[Row]) -> str:
    lines = [
        f"## {title}",
        "",
        "| Row | Case | terraform-compliance 1.16.0 | planspec |",
        "| --- | --- | --- | --- |",
    ]
    for row in rows:
        feature = f"../tests/conformance/cases/{row.number}/requirement.feature"
        answer = f"[{row.right}]({feature}), exit {row.exit_code}"
        lines.append(f"| {row.number} | {row.case} | {row.peer} | {answer} |")
    return "\n".join([*lines, ""])


def page() -> str:
    """Make the text of the page."""
    tables = (
        _table("Passes that should not be", FALSE_PASSES),
        _table("Failures and crashes that should not be", WRONG_FAILURES),
    )
    return "\n".join([HEAD, *tables])


def files() -> dict[Path, str]:
    """Make every file: path and text."""
    made = {CASES / name: text for row in ROWS for name, text in row.files().items()}
    return made | {PAGE: page()}


def out_of_date() -> list[str]:
    """Say which files are missing, different or belong to no row."""
    made = files()
    present = {path for path in CASES.rglob("*") if path.is_file()}
    strange = [f"{path.relative_to(ROOT)}: no row makes it" for path in sorted(present - made.keys())]
    return strange + [
        f"{path.relative_to(ROOT)}: out of date"
        for path, text in made.items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]


def main(arguments: Sequence[str]) -> int:
    """Write or check; the exit code is 1 if something is out of date."""
    if list(arguments) == ["--check"]:
        problems = out_of_date()
        for problem in problems:
            print(f"{problem}. Next: python tests/conformance/make.py")
        return 1 if problems else 0
    made = files()
    for path in [each for each in CASES.rglob("*") if each.is_file()]:
        if path not in made:
            path.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    print(f"{len(ROWS)} rows written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
