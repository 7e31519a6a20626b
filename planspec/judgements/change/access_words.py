"""How a reader is told who gained which access: grouped by who it is, the widest first."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from planspec.access import Request
from planspec.judgements.change.policy_texts import Written
from planspec.plan import Known, Plan

# So many callers are told, and so many requests of each.
_TOLD: Final = 3
_ACCOUNT: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):.*|(\d{12})")
_NAMED: Final = re.compile(r"arn:[^:]*:(?:iam|sts)::(\d{12}):(?:assumed-)?([a-z-]+)/(?:.*/)?([^/]+)")
_KINDS: Final = {"aws_iam_role": "role", "aws_iam_user": "user", "aws_iam_group": "group"}
_ANYBODY: Final = "anybody"


class Gain(NamedTuple):
    """A request that is allowed now, the statement that allows it, and whom that names."""

    written: Written
    witness: Request
    statement: dict[str, Any]
    position: int


def as_told(plan: Plan, owner: str, gains: Sequence[Gain]) -> tuple[str, str]:
    """Return what the gains are in words, and the path of the statement that allows the first."""
    ours = _account_of(plan, owner)
    ordered = sorted(gains, key=lambda each: _order(each, ours))
    by_caller: dict[str, list[Gain]] = {}
    for gain in ordered:
        by_caller.setdefault(_caller(plan, owner, gain), []).append(gain)
    told = [_sentence(plan, owner, who, some) for who, some in by_caller.items()][:_TOLD]
    rest = len(by_caller) - len(told)
    return f"after the change {'; '.join(told)}{f'; and {rest} more' if rest else ''}", _place(ordered[0])


def _sentence(plan: Plan, owner: str, who: str, gains: Sequence[Gain]) -> str:
    deeds = list(dict.fromkeys(_deed(plan, owner, each) for each in gains))
    rest = f" and {len(deeds) - _TOLD} more" if len(deeds) > _TOLD else ""
    before = "nobody could" if who == _ANYBODY else "it could not"
    return f"{who} may {', '.join(deeds[:_TOLD])}{rest}, which {before} before"


def _deed(plan: Plan, owner: str, gain: Gain) -> str:
    written, witness = gain.written, gain.witness
    if written.means:
        return written.means
    on = _named(plan, owner) if written.is_made else witness.resource
    context = [
        f"with {key} = {', '.join(values)}" if values else f"without {key}"
        for key, values in sorted(witness.context.items())
    ]
    where = "" if written.is_made or not written.path else f" ({_statement(gain)})"
    return " ".join([_action(gain), *([f"on {on}"] if on else []), *context]) + where


def _action(gain: Gain) -> str:
    """The action as the statement spells it."""
    spelled = gain.statement.get("Action", ())
    names = [spelled] if isinstance(spelled, str) else spelled
    found = [each for each in names if isinstance(each, str) and each.lower() == gain.witness.action.lower()]
    return found[0] if found else gain.witness.action


def _statement(gain: Gain) -> str:
    sid = gain.statement.get("Sid")
    return f"Statement[{gain.position}]" + (f", {sid}" if isinstance(sid, str) and sid else "")


def _place(gain: Gain) -> str:
    written = gain.written
    if written.is_made or written.text is not None or not written.path:
        return ""
    steps = [f"[{each}]" if isinstance(each, int) else f".{each}" for each in written.path]
    return f"{''.join(steps)[1:]}.Statement[{gain.position}]"


def _caller(plan: Plan, owner: str, gain: Gain) -> str:
    principal = gain.statement.get("Principal")
    if principal is None and "NotPrincipal" not in gain.statement:
        return _holder(plan, owner)
    match principal:
        case "*" | {"AWS": "*"}:
            return _ANYBODY
        case {"AWS": str(name)}:
            return _of_aws(name)
        case {"Service": str(name)}:
            return f"the service {name}"
        case {"Federated": str(name)}:
            return name
        case {"CanonicalUser": str(name)}:
            return f"the canonical user {name}"
        case _:
            return _ANYBODY if gain.witness.caller == "anonymous" else gain.witness.caller


def _of_aws(name: str) -> str:
    if named := _NAMED.fullmatch(name):
        account, kind, called = named.groups()
        return f"{kind} {called} of account {account}"
    account = _account(name)
    return f"account {account}" if account else name


def _holder(plan: Plan, owner: str) -> str:
    found = plan.find(owner)
    if found is None:
        return owner
    if found.type == "aws_iam_policy":
        return "whoever has the policy"
    return f"{_KINDS.get(found.type, '')} {_named(plan, owner)}".strip()


def _named(plan: Plan, owner: str) -> str:
    """The name of an identity, or the address of another object; the name of one from elsewhere."""
    found = plan.find(owner)
    name = found.before.get("name").peek() if found is not None and found.type in _KINDS else None
    return str(name.value) if isinstance(name, Known) and name.value else owner


def _account_of(plan: Plan, owner: str) -> str:
    found = plan.find(owner)
    arn = found.before.get("arn").peek() if found is not None else Known(owner)
    return _account(str(arn.value)) if isinstance(arn, Known) else ""


def _account(text: str) -> str:
    found = _ACCOUNT.fullmatch(text)
    return (found[1] or found[2]) if found else ""


def _order(gain: Gain, ours: str) -> tuple[int, int, str]:
    """Everybody first, then other accounts, then the rest; the smallest request first."""
    principal = gain.statement.get("Principal")
    match principal:
        case "*" | {"AWS": "*"}:
            rank = 0
        case {"AWS": str(name)}:
            rank = 1 if _account(name) != ours or not ours else 4
        case {"Federated": _} | {"CanonicalUser": _}:
            rank = 2
        case {"Service": _}:
            rank = 3
        case _:
            rank = 0 if gain.witness.caller == "anonymous" else 4
    witness = gain.witness
    return rank, len(witness.context), f"{len(witness.action + witness.resource):6} {witness.action}"
