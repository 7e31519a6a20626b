"""What could come here? Answers for a shell that completes a command line.

Asked on every press of a key, so that nothing is imported but what an answer needs.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

_NUMBER: Final = re.compile(
    r"^\s*(?:Scenario|Scenario Outline|Example): (([A-Z]{2,5}-\d{2})\.\d+) (.*)$"
)
_TAG: Final = re.compile(r"(?<!\S)@[\w:.-]+")


def formats(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Formats of a report; after FORMAT= the shell completes files."""
    name, equals, path = incomplete.partition("=")
    if equals:
        folder = Path(path).parent
        found = sorted(folder.glob(f"{Path(path).name}*")) if folder.is_dir() else []
        return [CompletionItem(f"{name}={each}{'/' if each.is_dir() else ''}") for each in found]
    from planspec.reports import FORMATS

    return [
        CompletionItem(each, help=_said(format_.about))
        for each, format_ in FORMATS.items()
        if each.startswith(name)
    ]


def requirements(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Numbers of requirements and scenarios, with the names of the latter."""
    found: dict[str, str] = {}
    for line in _lines(context):
        match = _NUMBER.match(line)
        if match:
            found.setdefault(match[2], "")
            found[match[1]] = match[3]
    return [
        CompletionItem(number, help=_said(name))
        for number, name in sorted(found.items())
        if number.startswith(incomplete.upper())
    ]


def tags(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Tags, after whatever stands before the last word of the expression."""
    before, word = incomplete.rpartition(" ")[::2]
    found = {tag for line in _lines(context) if line.lstrip()[:1] == "@" for tag in _TAG.findall(line)}
    lead = f"{before} " if before else ""
    return [CompletionItem(f"{lead}{tag}") for tag in sorted(found) if tag.startswith(word)]


def names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of subjects and of settings, as the vocabulary has them."""
    from planspec.vocabulary import OUTCOMES, SUBJECTS

    told = {each.name: each.meaning for each in SUBJECTS}
    told |= {each.name: each.meaning for each in OUTCOMES if each.name}
    return [
        CompletionItem(name, help=_said(meaning))
        for name, meaning in sorted(told.items())
        if name.lower().startswith(incomplete.lower())
    ]


def _said(text: str) -> str:
    """What is said beside an answer: click's script for fish takes a comma for an end."""
    return text.replace(",", ";")


def _lines(context: click.Context) -> Iterator[str]:
    """The lines of the features that the command line names so far, or of our own."""
    from planspec import bundle, features

    named = context.params.get("features") or (bundle.FEATURES,)
    for path in features.files(tuple(map(Path, named))):
        yield from path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
