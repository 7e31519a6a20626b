"""What is one scenario: its names, its tags and its steps?"""

import re
from typing import Literal, NamedTuple

REQUIREMENT = re.compile(r"[A-Z]{2,5}-\d{2}")
NUMBER = re.compile(r"([A-Z]{2,5}-\d{2})\.\d+(?= )")
SEVERITIES = ("low", "medium", "high", "critical")
Enforcement = Literal["advisory", "soft", "hard"]
ENFORCEMENTS: tuple[Enforcement, ...] = ("advisory", "soft", "hard")
OUTCOME = "Outcome"


class Step(NamedTuple):
    """One step: Context, Action or Outcome, and its text with the examples filled in.

    `written` is what the feature says instead, where that is an old phrase; a step that no line of
    the feature says is `inserted`.
    """

    kind: str
    text: str
    line: int
    written: str = ""
    inserted: bool = False

    def quoted(self, mark: str = "`") -> str:
        """How a message quotes it: as the feature has it, then what an old phrase is called today."""
        today = f"{mark}{self.text}{mark}"
        return f"{mark}{self.written}{mark} (today {today})" if self.written else today


class Scenario(NamedTuple):
    """One scenario (of an outline: one row), with everything that its tags say."""

    feature: str
    file: str
    line: int
    name: str
    rule: str
    tags: tuple[str, ...]
    steps: tuple[Step, ...]
    about: str = ""
    why: str = ""
    text: str = ""
    row: str = ""
    rule_tags: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The number that stands before the name, such as EXP-01.1; the name where there is none."""
        found = NUMBER.match(self.name)
        return found[0] if found else self.name

    @property
    def written_steps(self) -> list[str]:
        """The text of each step as the feature has it."""
        return [each.written or each.text for each in self.steps if not each.inserted]

    @property
    def subject(self) -> str:
        """What its findings are about: its number, or feature and name; for an outline, which row."""
        numbered = bool(NUMBER.match(self.name))
        return "\0".join([self.number] if numbered else [self.feature, self.name]) + self.row

    @property
    def requirement(self) -> str:
        """The requirement: by tag, else by number, else the scenario itself."""
        tagged = [tag for tag in self.tags if REQUIREMENT.fullmatch(tag)]
        numbered = NUMBER.match(self.name)
        return tagged[-1] if tagged else numbered[1] if numbered else self.name

    @property
    def severity(self) -> str:
        """How bad a violation is; "" where nobody said."""
        return self._tagged("severity:")

    @property
    def area(self) -> str:
        """The area under which reports show it; the feature where nobody said."""
        return self._tagged("area:") or self.feature.partition(":")[0]

    @property
    def enforcement(self) -> Enforcement:
        """How it blocks: advisory never, soft unless overridden, hard always."""
        found = (each for tag in reversed(self.tags) for each in ENFORCEMENTS if tag == each)
        return next(found, "hard")

    @property
    def controls(self) -> tuple[str, ...]:
        """The controls of outside frameworks that it serves."""
        own = ("severity:", "area:")
        return tuple(sorted(tag for tag in self.tags if ":" in tag and not tag.startswith(own)))

    def _tagged(self, prefix: str) -> str:
        own = (tag.removeprefix(prefix) for tag in reversed(self.tags) if tag.startswith(prefix))
        return next(own, "")
