"""How a finding states who gained which access: grouped by who it is, the widest first."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from planspec.access import Request, caller
from planspec.judgements.change.policy_texts import Written
from planspec.plan import Known, Plan

# So many callers are told, and so many requests of each.
_TOLD: Final = 3
_ACCOUNT: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):.*|(\d{12})")
_NAMED: Final = re.compile(r"arn:[^:]*:(?:iam|sts)::(\d{12}):(?:assumed-)?([a-z-]+)/(?:.*/)?([^/]+)")
_KINDS: Final = {"aws_iam_role": "role", "aws_iam_user": "user", "aws_iam_group": "group"}
_ANYBODY: Final = "anybody"
# What the names of actions mean that no service has, by the part before the colon.
_OURS: Final = {
    "use": "use what is shared",
    "kubernetes-group": "act as the Kubernetes group {}",
    "kubernetes-policy": "use the access policy {}",
    "network-interface": "use it by {}",
    "cloud9-environment": "use it by {}",
}


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
    return f"after the change {'; '.join(told)}{f'; and {rest} more' if rest else ''}", _place(
        ordered[0]
    )


def denied(witness: Request) -> str:
    """Return what was denied before, to whom a policy of his own allows it."""
    who = "anybody" if witness.caller == "" else caller(witness.caller)
    on = " on any resource" if witness.resource == "*" else f" on {witness.resource}"
    return f"{witness.action}{on} to {who} with a permission for it"


def _sentence(plan: Plan, owner: str, who: str, gains: Sequence[Gain]) -> str:
    deeds = list(dict.fromkeys(_deed(plan, owner, each) for each in gains))
    rest = f" and {len(deeds) - _TOLD} more" if len(deeds) > _TOLD else ""
    before = "no one could" if who == _ANYBODY else "it could not"
    return f"{who} may {', '.join(deeds[:_TOLD])}{rest}, which {before} before"


def _deed(plan: Plan, owner: str, gain: Gain) -> str:
    written = gain.written
    if written.means:
        return written.means
    where = "" if written.is_made or not written.path else f" ({_statement(gain)})"
    return f"{_action(gain)}{_on(plan, owner, gain)}{_context(gain)}{where}"


def _on(plan: Plan, owner: str, gain: Gain) -> str:
    if gain.written.is_made and gain.statement.get("Resource") == "*":
        # What is about the whole account has its own type for an owner.
        return "" if owner == gain.written.change.type else f" on {_named(plan, owner)}"
    if not {"Resource", "NotResource"}.intersection(gain.statement):
        return ""
    return " on any resource" if gain.witness.resource == "*" else f" on {gain.witness.resource}"


def _context(gain: Gain) -> str:
    """Under which context, with the names of keys as the statement spells them."""
    conditions = gain.statement.get("Condition")
    keys = [key for each in conditions.values() for key in each] if isinstance(conditions, dict) else []
    spelled = {key.lower(): key for key in keys}
    given = [
        f"{spelled.get(key.lower(), key)} = {', '.join(values)}"
        for key, values in sorted(gain.witness.context.items())
        if any(values)
    ]
    return f" with {' and '.join(given)}" if given else ""


def _action(gain: Gain) -> str:
    """The action as the statement spells it; that of a grant may be a name of ours, or of a service."""
    names = _listed(gain.statement.get("Action", ()))
    asked = gain.witness.action.lower()
    found = [each for each in names if isinstance(each, str) and each.lower() == asked]
    name = found[0] if found else gain.witness.action
    if not gain.written.is_made:
        return name
    name = found[0] if found else str(names[0])
    ours = _OURS.get(name.partition(":")[0])
    return ours.format(name.partition(":")[2].rpartition("/")[2]) if ours else name


def _listed(part: Any) -> list[Any]:
    return list(part) if isinstance(part, list | tuple) else [part]


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
            is_named = gain.witness.caller.startswith("aws/") and not _is_bound(gain)
            return caller(gain.witness.caller) if is_named else _ANYBODY
        case {"AWS": str(name)}:
            return _of_aws(name)
        case {"Service": str(name)}:
            return f"the service {name}"
        case {"Federated": str(name)}:
            return name
        case {"CanonicalUser": str(name)}:
            return f"the canonical user {name}"
        case _:
            return caller(gain.witness.caller)


def _is_bound(gain: Gain) -> bool:
    """Whether a condition about the caller stands in the statement, which says more than a name."""
    return any(key.lower().startswith("aws:principal") for key in gain.witness.context)


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
    if found.type not in _KINDS:
        return f"the code of {owner}"
    return f"{_KINDS[found.type]} {_named(plan, owner)}"


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
