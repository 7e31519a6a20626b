"""What is below the help of each command: examples, exit codes, and the environment.

The examples stand in the module of each command. The documentation is held to the same text.
"""

from collections.abc import Mapping, Sequence
from typing import Final

EXIT_CODES: Final[Mapping[int, str]] = {
    0: "every requirement holds, or what does not is advisory, waived or overridden",
    1: "some requirement is violated or undetermined, or Checkov found something",
    2: "not judged: no plan, a broken feature or policy, bad usage, nothing examined",
}
ENVIRONMENT: Final[Mapping[str, str]] = {
    "NO_COLOR": "set to anything: no colours",
    "PLANSPEC_ACCEPT_POLICY_CHANGE": "for --base: who accepts a policy change and why, as NAME: REASON",
    "PLANSPEC_CHECKOV": "the checkov program, or the Python that has it",
    "PLANSPEC_PROVIDER_MIRROR": "a folder with provider archives, for planspec plan offline",
    "PLANSPEC_TRACEBACK": "set to 1: show where a fault of planspec itself happened",
}
EXAMPLES: Final = (
    ("planspec check plan.json", "judge a plan"),
    ("planspec check tfplan -o html=report.html", "a saved plan; a page for an auditor"),
    ("planspec plan terraform -o plan.json", "make a plan first"),
    ("planspec explain EXP-01", "why a requirement is there"),
    ("planspec init", "begin in a repository of your own"),
)
"""Of planspec itself; each command has its own."""

# Commands that give verdicts, so that the exit codes above are theirs.
_VERDICTS: Final = frozenset({"", "check", "report"})


def below(command: str, examples: Sequence[tuple[str, str]]) -> str:
    """Return what stands below the help of a command ("" is planspec itself), as click takes it."""
    parts = [_block("Examples", examples, stacked=True)]
    if command in _VERDICTS:
        parts.append(_block("Exit codes", [(str(code), said) for code, said in EXIT_CODES.items()]))
    if command == "":
        parts.append(_block("Environment", list(ENVIRONMENT.items())))
    return "\n\n".join(parts)


def _block(title: str, rows: Sequence[tuple[str, str]], *, stacked: bool = False) -> str:
    """A paragraph that click does not wrap; `stacked` puts what is said above the line."""
    if stacked:
        lines = [f"{f'  # {said}{chr(10)}' if said else ''}  {line}" for line, said in rows]
    else:
        width = max(len(name) for name, _ in rows)
        lines = [f"  {name:<{width}}  {said}" for name, said in rows]
    return "\n".join(["\b", f"{title}:", *lines])
