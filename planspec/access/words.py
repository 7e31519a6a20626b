"""An answer in words that convince: who may now do what, to what, under which context."""

import re
from typing import Final

from planspec.access.requests import ANONYMOUS, Answer, Outcome, Request

_OF_ACCOUNT: Final = re.compile(r"aws/(\d{12})/([^/]+)(?:/(.*))?")
MOST_KEYS: Final = 4


def describe(answer: Answer, *, holder: str = "its holder") -> str:
    """Say what the answer says; `holder` is who has the policies where they name no caller."""
    match answer:
        case Answer(outcome=Outcome.MORE, witness=Request() as witness):
            return f"{caller(witness.caller, holder)} may {_done(witness)}{context(witness)}"
        case Answer(outcome=Outcome.UNDETERMINED, doubts=doubts):
            return f"it cannot be decided: {', '.join(doubts)}"
        case _:
            return "nothing more is allowed"


def _done(witness: Request) -> str:
    where = {"": "", "*": " on any resource"}.get(witness.resource, f" on {witness.resource}")
    return f"{witness.action}{where}"


def caller(path: str, holder: str = "its holder") -> str:
    """Name a caller by its path."""
    if path == ANONYMOUS:
        return "anybody"
    if found := _OF_ACCOUNT.fullmatch(path):
        number, kind, name = found.groups()
        if kind == "root":
            return f"account {number}"
        spelled, _, session = (name or "").partition("/") if kind == "role" else (name or "", "", "")
        return f"{kind} {spelled} of account {number}" + (f" in session {session}" if session else "")
    kind, _, name = path.partition("/")
    return {"service": f"the service {name}", "federated": f"identities of {name}"}.get(
        kind, path
    ) or holder


def context(witness: Request) -> str:
    """Return under which context, the first keys only where there are many."""
    given = [f"{key} {', '.join(values)}" for key, values in witness.context.items() if any(values)]
    if not given:
        return ""
    rest = f" and {len(given) - MOST_KEYS} more" if len(given) > MOST_KEYS else ""
    return f" with {', '.join(given[:MOST_KEYS])}{rest}"
