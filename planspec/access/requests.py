"""What is asked of the access engine, and what it answers.

A request is who calls, what is done, to what, and under which context: the four things that AWS
compares with a policy. Source: AWS IAM User Guide, "Policy evaluation logic".
"""

import enum
from collections.abc import Mapping
from typing import Final, NamedTuple


class Unknown(NamedTuple):
    """A part of a policy that apply decides: a value, an element, a statement or a whole document.

    Two with the same name are the same thing on both sides; without a name each stands for itself.
    """

    name: str = ""


class Partly(NamedTuple):
    """A text of which apply decides parts, in order: `Partly(("arn:aws:s3:::", Unknown()))`."""

    parts: tuple[str | Unknown, ...]


class Unreadable(NamedTuple):
    """Why a document is no policy that can be read, and at which place of it."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


class Outcome(enum.Enum):
    """Whether something is allowed after that was not allowed before."""

    MORE = "more"
    NOT_MORE = "not more"
    UNDETERMINED = "undetermined"


ANONYMOUS: Final = "anonymous"
"""Who signs no request. Every other caller is a path, such as `aws/111111111111/role/app`."""


class Request(NamedTuple):
    """One request; a key that the context does not have is absent from it.

    `caller` and `resource` are empty where no statement asks for them: the holder of an identity
    policy, and the role of a trust policy.
    """

    caller: str
    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]]


class Answer(NamedTuple):
    """The outcome; for more, a request as the evidence and the statement that allows it.

    `doubts` names the parts that could not be decided, where the outcome is undetermined.
    """

    outcome: Outcome
    witness: Request | None = None
    document: str = ""
    statement: int | None = None
    doubts: tuple[str, ...] = ()
