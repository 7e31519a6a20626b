"""What a reader is told about each golden plan, as text that somebody has read.

`tests/findings/DUR.txt` has one section for each golden plan of the scenarios of that area.
"""

from functools import cache
from pathlib import Path

from planspec import Judgement
from tests.golden import recipes
from tests.golden.recipes import Golden

FOLDER = Path(__file__).parents[1] / "findings"


def text(judgement: Judgement) -> str:
    """A judgement with everything that its findings say, one fact a line."""
    lines = [f"{judgement.verdict.value}, examined: {', '.join(judgement.examined)}"]
    for finding in judgement.findings:
        lines.append(f"  {finding.address}: {finding.verdict.value}")
        lines.append(f"    is      {finding.observed}")
        lines.append(f"    should  {finding.expected}")
        lines += [f"    {name:<7} {value}" for name, value in _more(finding.path, finding.remedy)]
        lines += [f"    see     {each}" for each in finding.related]
    return "\n".join(lines) + "\n"


def _more(path: str, remedy: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in (("fix", remedy), ("at", path)) if value]


def recorded(golden: Golden) -> str | None:
    """What is recorded for a golden plan; None for nothing."""
    return _sections(_file(golden.number)).get(golden.name)


def write(golden: Golden, told: str) -> None:
    """Record what is told about a golden plan, beside the other plans of its area."""
    path = _file(golden.number)
    _record(path, {**_sections(path), golden.name: told})


def forget_others() -> None:
    """Take away what is recorded of golden plans that no recipe makes any more."""
    made = {each.name for each in recipes.every()}
    for path in FOLDER.glob("*.txt"):
        kept = {name: told for name, told in _sections(path).items() if name in made}
        if kept:
            _record(path, kept)
        else:
            path.unlink()


def every() -> list[str]:
    """Scenario and name of each golden plan that something is recorded for."""
    return [name for path in FOLDER.glob("*.txt") for name in _sections(path)]


def _record(path: Path, sections: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(f"[{name}]\n{sections[name]}" for name in sorted(sections)), "utf-8")
    _sections.cache_clear()


def _file(number: str) -> Path:
    return FOLDER / f"{number.partition('-')[0]}.txt"


@cache
def _sections(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    parts = ("\n" + path.read_text("utf-8")).split("\n[")[1:]
    return {name: f"{told.strip()}\n" for name, _, told in (part.partition("]\n") for part in parts)}
