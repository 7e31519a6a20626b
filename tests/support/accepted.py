"""Text that a person has read and accepted: held by a test, written again by `make accept`."""

import os
import re
from pathlib import Path
from typing import Final

ACCEPTING: Final = os.environ.get("PLANSPEC_ACCEPT") == "1"
"""Whether what is made now is to become what is accepted."""

NEXT: Final = "read what is different, then: make accept"


def hold(path: Path, made: str) -> None:
    """Hold the text of a file to what is made now, or write it. Raises AssertionError if it differs."""
    if ACCEPTING:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert path.is_file(), f"{path.name}: {NEXT}"
    assert path.read_text(encoding="utf-8") == made, f"{path.name}: {NEXT}"


def hold_part(page: Path, name: str, made: str) -> None:
    """Hold what stands between the marks of one generated part of a page to what is made now."""
    text = page.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- {name}: generated -->\n)(.*?)(<!-- {name}: end -->)", re.DOTALL)
    assert len(marks.findall(text)) == 1, f"{page.name}: expected the marks of {name} once"
    hold(page, marks.sub(lambda found: f"{found[1]}\n{made}\n\n{found[3]}", text))
