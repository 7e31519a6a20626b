"""How is a step read that is written as a form of words, such as `<setting> must be enabled`?"""

import re
from typing import Any, Final

from pytest_bdd import parsers

# What may stand in a blank; "there must be at least 3" counts, and is about no setting.
_BLANKS: Final = {
    "number": "[0-9]+",
    "most": "[0-9]+",
    "setting": r'(?!(?:there|it|its type|its provider)\b)[^"]+?',
    "sort": "input variable|output value|provider|required provider|module call|provisioner|"
    "security group|public access setting|IAM or resource-based policy|encryption setting|"
    "backup or deletion setting",
    "part": r'(?!the tags\b)[^"]+',
}
_QUOTED: Final = ".*"
_WORDS: Final = r'[^"]+?'
_BLANK: Final = re.compile(r'( ?)(")?<(\w+)>')


class Form(parsers.StepParser):
    """A phrase with its blanks in angle brackets; quotes around one belong to the phrase."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        places, pattern = 0, ""
        for found in _BLANK.finditer(name):
            pattern += re.escape(name[places : found.start()]) + _blank(*found.groups())
            places = found.end()
        self.regex = re.compile(pattern + re.escape(name[places:]))

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """What stands in the blanks of a step."""
        found = self.regex.fullmatch(name)
        if found is None:
            return None
        blanks = {key: value or "" for key, value in found.groupdict().items()}
        return blanks | {key: value.strip() for key, value in blanks.items() if key == "unit"}

    def is_matching(self, name: str) -> bool:
        """Whether a step has this form."""
        return self.regex.fullmatch(name) is not None


def _blank(space: str, quote: str | None, name: str) -> str:
    if name == "unit":
        return "(?P<unit>%| [a-z]+)?"
    inside = _QUOTED if quote else _BLANKS.get(name, _WORDS)
    return f"{space}{quote or ''}(?P<{name}>{inside})"


def form(name: str) -> Form:
    """Return the parser of a phrase that is written with its blanks in angle brackets."""
    return Form(name)
