"""Does every number under `[applicable]` name a scenario?"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from planspec.features import Scenario
from planspec.policies import LIMITS
from planspec.testing.lint.problem import Problem


def problems(policies: Path, named: Sequence[str], scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """Yield the numbers that no scenario has; `check --require-applicable` judges nothing by them."""
    known = {each.number for each in scenarios}
    for number in sorted(set(named) - known):
        file, line = _place(policies, number)
        text = f"[applicable] names {number}, which no feature has"
        yield Problem(str(file), line, "unknown-applicable", text)


def _place(policies: Path, number: str) -> tuple[Path, int]:
    """Where it stands: in the limits, or in the parameters, where it may stand as well."""
    for path in (policies / LIMITS, policies / "parameters.toml"):
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for line, text in enumerate(lines, 1):
            if f'"{number}"' in text or f"'{number}'" in text:
                return path, line
    return policies / LIMITS, 1
