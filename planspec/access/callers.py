"""Who calls, as paths, and the principals of a policy as patterns over them.

`aws/111111111111/role/app/session` is a session of a role: every caller is one path, so that an account
or a role is the beginning of the paths of its callers. Source: AWS IAM User Guide, "AWS JSON policy
elements: Principal", "NotPrincipal".
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from planspec.access.patterns import ANY_ONE, ANY_RUN, DECIDED_LATER, EVERYTHING, Pattern, literal
from planspec.access.requests import ANONYMOUS, Partly, Unknown

_ACCOUNT: Final = re.compile(r"\d{12}")
_ROOT: Final = re.compile(r"arn:[^:]*:iam::(\d{12}):root")
_NAMED: Final = re.compile(r"arn:[^:]*:iam::(\d{12}):(role|user)/(?:[^*?]*/)?([^/*?]+)")
_SESSION: Final = re.compile(r"arn:[^:]*:sts::(\d{12}):(assumed-role|federated-user)/([^*?]+)")
_UNIQUE: Final = re.compile(r"A[A-Z0-9]{15,}")
_OF_PATH: Final = re.compile(r"aws/(\d{12})/")

Entry = tuple[str, str | Unknown | Partly]
"""The kind of principal, such as `AWS` or `Service`, and which one."""


def _anything(prefix: str, *, parts: int = 1) -> Pattern:
    return (*literal(prefix), *(ANY_ONE, ANY_RUN) * parts)


CALLERS: Final[frozenset[Pattern]] = frozenset(
    {
        literal(ANONYMOUS),
        *(
            (*literal("aws/"), *(ANY_ONE,) * 12, *end)
            for end in (
                literal("/root"),
                _anything("/role/"),
                _anything("/user/"),
                _anything("/federated-user/"),
            )
        ),
        (*_anything("service/"), *_anything(".")),
        _anything("federated/"),
        _anything("canonicaluser/"),
        _anything("unique-id/"),
    }
)
"""What the path of a caller can be."""


def account(number: str) -> Pattern:
    """Return the pattern of every caller of an account."""
    return (*literal(f"aws/{number}/"), ANY_RUN)


def named(entry: Entry) -> Iterator[Pattern]:
    """Yield the patterns of the callers that an entry of Principal names."""
    kind, who = entry
    if not isinstance(who, str):
        later = _later(who)
        yield later if kind == "AWS" else (*literal(f"{kind.lower()}/"), *later)
    elif kind != "AWS":
        yield from _other(kind.lower(), who)
    elif who == "*":
        yield EVERYTHING
    elif number := _number(who):
        yield account(number)
    else:
        yield from _of_arn(who)


def _later(who: Unknown | Partly) -> Pattern:
    if isinstance(who, Unknown):
        return (DECIDED_LATER + who.name,)
    return (DECIDED_LATER + " ".join(each.name for each in who.parts if isinstance(each, Unknown)),)


def _other(kind: str, who: str) -> Iterator[Pattern]:
    if "*" in who or "?" in who:
        yield (*literal(f"{kind}/"), f"{DECIDED_LATER}{kind} {who}")
    else:
        yield literal(f"{kind}/{who}")


def _number(who: str) -> str | None:
    if _ACCOUNT.fullmatch(who):
        return who
    found = _ROOT.fullmatch(who)
    return found.group(1) if found else None


def _of_arn(who: str) -> Iterator[Pattern]:
    if found := _NAMED.fullmatch(who):
        path = "aws/{}/{}/{}".format(*found.groups())
        yield literal(path)
        if found.group(2) == "role":
            yield (*literal(f"{path}/"), ANY_RUN)
    elif found := _SESSION.fullmatch(who):
        number, kind, name = found.groups()
        yield literal(f"aws/{number}/{kind.removeprefix('assumed-')}/{name}")
    elif _UNIQUE.fullmatch(who):
        yield literal(f"unique-id/{who}")
    else:
        # AWS refuses most of these; what it takes may name anybody.
        yield (f"{DECIDED_LATER}principal {who}",)


def exempt(entries: Sequence[Entry]) -> Iterator[Pattern]:
    """Yield the callers that NotPrincipal leaves out.

    One is left out for sure only with its account beside it, and perhaps without; an account leaves out
    its root user, and its other callers perhaps: AWS does not say, so that part is open.
    """
    accounts = {number for kind, who in entries if kind == "AWS" and isinstance(who, str)
                and (number := _number(who))}  # fmt: skip
    for kind, who in entries:
        number = _number(who) if kind == "AWS" and isinstance(who, str) else None
        if number:
            yield literal(f"aws/{number}/root")
            yield (*literal(f"aws/{number}/"), f"{DECIDED_LATER}NotPrincipal {number}")
            continue
        for each in named((kind, who)):
            found = _OF_PATH.match("".join(token for token in each if len(token) == 1))
            alone = found is not None and found.group(1) not in accounts
            yield (*each, f"{DECIDED_LATER} as NotPrincipal, without its account") if alone else each
