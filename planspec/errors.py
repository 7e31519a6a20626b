"""Every error that planspec raises on purpose.

    PlanspecError                 a person can act on it; the command line prints it and exits with 2
    ├── PlanError                 the file is not a plan that can be judged
    │   ├── NotAPlan              it is something else: a log, a state, a schema, text
    │   ├── BrokenDocument        it looks like a plan and cannot be decoded
    │   ├── UnknownFormat         a format version or an action that this version does not know
    │   └── NotJudgeable          a plan that is errored, incomplete or has nothing to judge
    ├── FeatureError              a feature says something that cannot be judged
    │   └── UnknownName           it names a type, attribute, module or tag that nothing knows
    ├── PolicyError               a file in policies/ is wrong
    ├── PathError                 a path to a value cannot be understood
    ├── EvidenceError             a file is no evidence record, or was changed after it was sealed
    ├── SourceError               the folder named with --source cannot be read
    ├── TerraformError            Terraform is missing or failed
    ├── EmulatorError             the AWS emulator is missing or failed
    └── ScannerError              Checkov is missing or failed

A finding is not an error. Wrong arguments of a function are `ValueError`.
"""

import threading
from typing import Final

LONGEST_QUOTE: Final = 60


class PlanspecError(Exception):
    """Something that a person can act on; its text is shown as it is."""


class PlanError(PlanspecError):
    """The file is not a plan that can be judged; its text is one printable line.

    What it quotes comes from a file that anybody may have written, so a terminal must not obey it.
    """

    def __init__(self, text: str) -> None:
        super().__init__("".join(each if each.isprintable() else repr(each)[1:-1] for each in text))


def quoted(text: str) -> str:
    """Quote what a file holds, cut short."""
    return f'"{text}"' if len(text) <= LONGEST_QUOTE else f'"{text[:LONGEST_QUOTE]}…"'


class NotAPlan(PlanError):
    """The file is something else than plan JSON; the message names what, and the right command."""


class BrokenDocument(PlanError):
    """The file looks like plan JSON and cannot be decoded."""


class UnknownFormat(PlanError):
    """The plan uses a format version, a mode or an action that this version does not know."""


class NotJudgeable(PlanError):
    """A judgement of this plan would say nothing: it is errored, incomplete or empty."""


class FeatureError(PlanspecError):
    """A feature, a tag or a step says something that cannot be judged."""


class UnknownName(FeatureError):
    """A feature names a type, an attribute, a module or a tag that nothing knows."""


class PolicyError(PlanspecError):
    """A file in policies/ is missing, misspelt or out of range."""


class PathError(PlanspecError):
    """A path to a value inside a resource cannot be understood."""


class EvidenceError(PlanspecError):
    """A file is no evidence record, or it was changed after it was sealed."""


class SourceError(PlanspecError):
    """The folder named with --source has no Terraform files, or one that cannot be read."""


class TerraformError(PlanspecError):
    """Terraform is missing, or one of its commands failed."""


class EmulatorError(PlanspecError):
    """The AWS emulator is missing, or did not start."""


class ScannerError(PlanspecError):
    """Checkov is missing, or did not answer with results."""


class Stopped(KeyboardInterrupt):
    """A signal told this process alone to stop; Ctrl-C tells those that it started as well."""


STOPPING: Final = threading.Event()
"""Set once a signal has told the run to stop: what it raised may have been swallowed on the way."""


def require_going_on() -> None:
    """Raise Stopped if the run was told to stop; whoever waits for long asks now and then."""
    if STOPPING.is_set():
        raise Stopped
