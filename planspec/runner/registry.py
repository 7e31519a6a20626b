"""Which phrases are registered, which of them is a step, and where is each defined?

The registry is internal to pytest-bdd 9.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from planspec.features import STEP_FILE, Step, readable
from planspec.features import phrases as phrases_module
from planspec.runner import pairing

KEYWORDS: Final = {"Context": "given", "Action": "when", "Outcome": "then"}


def matching(kind: str, text: str) -> list[Any]:
    """Return the step functions that this step could mean; there must be exactly one."""
    return [each.function for each in meanings(kind, text)]


def meanings(kind: str, text: str) -> list[pairing.Phrase]:
    """Return the phrases that this step could mean, one for each function.

    pytest-bdd takes the first of several without a word.
    """
    from pytest_bdd.steps import step_function_context_registry

    return list(
        {
            id(context.step_func): phrase(context, text)
            for context in step_function_context_registry.values()
            if context.type in (None, KEYWORDS[kind]) and context.parser.is_matching(text)
        }.values()
    )


def known() -> list[pairing.Phrase]:
    """Return every phrase with its function, in no order."""
    from pytest_bdd.steps import step_function_context_registry

    return [phrase(context) for context in step_function_context_registry.values()]


def phrase(context: Any, step: str | None = None) -> pairing.Phrase:
    """Return the phrase that an entry of the registry is, with what stands in the blanks of a step."""
    text = readable(str(context.parser.name))
    found = pairing.Phrase(str(context.type), text, context.step_func, context.target_fixture or "")
    blanks = (context.parser.parse_arguments(step) or {}) if step is not None else {}
    return found._replace(blanks=blanks)


def mismatches(steps: Sequence[Step]) -> list[pairing.Mismatch]:
    """Return the steps that do not judge what was chosen; none where a step has not one meaning."""
    found = [(step, meanings(step.kind, step.text)) for step in steps]
    if any(len(phrases) != 1 for _, phrases in found):
        return []
    return list(pairing.mismatches([(step, phrase) for step, (phrase,) in found]))


def phrases() -> list[tuple[str, str, str]]:
    """Return every phrase: the keyword, the text with its blanks, and what it means."""
    from pytest_bdd.steps import step_function_context_registry

    return sorted(
        {
            (
                str(context.type),
                readable(str(context.parser.name)),
                (context.step_func.__doc__ or "").strip().split("\n\n")[0],
            )
            for context in step_function_context_registry.values()
        }
    )


def variants() -> list[str]:
    """Return every phrase, and one of which some words are a choice once for each of them."""
    from pytest_bdd.steps import step_function_context_registry

    patterns = {str(each.parser.name) for each in step_function_context_registry.values()}
    return sorted(text for each in patterns for text in phrases_module.variants(each))


class Definition(NamedTuple):
    """One phrase and the function behind it: the step module, and where it stands."""

    text: str
    function: Callable[..., object]
    module: str
    file: str
    line: int


def definitions() -> list[Definition]:
    """Return the definition of every phrase of our step modules, in the order of file and line."""
    from pytest_bdd.steps import step_function_context_registry

    found = [
        Definition(
            readable(str(context.parser.name)),
            context.step_func,
            context.step_func.__module__.removeprefix(STEP_FILE),
            context.step_func.__code__.co_filename,
            context.step_func.__code__.co_firstlineno,
        )
        for context in step_function_context_registry.values()
        if context.step_func.__module__.startswith(STEP_FILE)
    ]
    return sorted(found, key=lambda each: (each.file, each.line))
