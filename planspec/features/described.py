"""Which lines of a feature does Gherkin take for description, and what is around each?

Gherkin takes every line that it does not know for description, from a title to the first step or the
next title. So what is not in the parsed document, and is no comment, was taken for that.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

TITLES: Final = ("feature", "background", "rule", "scenario", "examples")


class Line(NamedTuple):
    """One line of a description: its number (from 1), its text, and what stands around it.

    `begins` and `ends` a paragraph; `below` is the next line that is not empty, and `told` whether
    that is description too. `place` is the title above: feature, rule, background, scenario, examples.
    """

    number: int
    text: str
    place: str
    begins: bool
    ends: bool
    below: str
    told: bool


def lines(written: str, document: Mapping[str, Any]) -> Iterator[Line]:
    """Yield every line that was taken for description; `written` is the file, as it was parsed."""
    # Gherkin ends a line at "\n" alone; an editor also shows other signs as the end of one.
    raw = [each.strip() for each in written.split("\n")]
    parsed = {number for number, _ in _located(document)}
    titles = {number: name for number, name in _located(document) if name in TITLES}
    described = {
        number
        for number, text in enumerate(raw, 1)
        if text and text[0] != "#" and number not in parsed and number > min(titles, default=len(raw))
    }
    for number in sorted(described):
        below = next((at for at, text in enumerate(raw[number:], number + 1) if text), 0)
        pieces = raw[number - 1].splitlines()
        for piece in filter(None, (each.strip() for each in pieces)):
            yield Line(
                number,
                piece,
                titles[max(each for each in titles if each < number)],
                number - 1 not in described or len(pieces) > 1,
                number + 1 not in described or len(pieces) > 1,
                raw[below - 1] if below else "",
                below in described,
            )


def names(document: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every title."""
    for node in _nodes(document, ""):
        if node[1] in TITLES and "name" in node[0]:
            yield int(node[0]["location"]["line"]), str(node[0]["name"])


def _located(document: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Every line that the parser understood, and the name of what stands there."""
    for node, name in _nodes(document, ""):
        if "location" in node:
            first = int(node["location"]["line"])
            # A text between two lines of quotes stands there as a whole.
            inside = len(str(node["content"]).split("\n")) + 1 if "delimiter" in node else 0
            yield from ((first + more, name) for more in range(inside + 1))


def _nodes(node: Any, name: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    if isinstance(node, list):
        for each in node:
            yield from _nodes(each, name)
    elif isinstance(node, dict):
        yield node, name
        for key, each in node.items():
            yield from _nodes(each, key)
