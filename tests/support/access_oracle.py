"""Whether policies allow more than others did, told by trying every request of a small world.

It shares nothing with the engine: it reads the JSON itself, matches with `re`, and compares each request
by the definitions. A world has a few hundred texts; statements are bits, so that the requests which the
same statements match are one.
"""

import datetime as dt
import functools
import ipaddress
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

Document = Mapping[str, Any]
Layers = Sequence[Document]


class Caller(NamedTuple):
    """Who calls: `account` and `name` are empty where the kind has none."""

    path: str
    kind: str
    account: str = ""
    name: str = ""
    session: str = ""


ACCOUNTS: Final = ("111111111111", "222222222222", "333333333333")


def _callers() -> list[Caller]:
    found = [Caller("anonymous", "anonymous")]
    for account in ACCOUNTS:
        found.append(Caller(f"aws/{account}/root", "root", account))
        for name in ("a", "b", "z"):
            found.append(Caller(f"aws/{account}/role/{name}", "role", account, name))
            found.append(Caller(f"aws/{account}/role/{name}/s", "role", account, name, "s"))
            found.append(Caller(f"aws/{account}/role/{name}/q", "role", account, name, "q"))
            found.append(Caller(f"aws/{account}/user/{name}", "user", account, name))
    for name in ("x.amazonaws.com", "y.amazonaws.com"):
        found.append(Caller(f"service/{name}", "service", name=name))
    found += [Caller(f"federated/{name}", "federated", name=name) for name in ("p", "q")]
    return found


CALLERS: Final = _callers()


def caller_of(path: str) -> Caller:
    """Read the path of a caller, as a witness has it."""
    parts = path.split("/")
    if path in {"", "anonymous"}:
        return Caller("anonymous", "anonymous")
    if parts[0] != "aws":
        return Caller(path, parts[0], name="/".join(parts[1:]))
    name = parts[3] if len(parts) > 3 else ""
    session = "/".join(parts[4:])
    return Caller(path, parts[2], parts[1], name, session)


@functools.cache
def texts(letters: str, longest: int) -> tuple[str, ...]:
    """Return every text of these letters up to a length."""
    sizes = range(longest + 1)
    return tuple("".join(each) for size in sizes for each in itertools.product(letters, repeat=size))


ACTIONS: Final = tuple(f"{service}:{name}" for service in "st" for name in texts("abc", 3) if name)
RESOURCES: Final = texts("abc", 4)
ARNS: Final = tuple(
    f"arn:aws:s3:{region}:{account}:{name}"
    for region in ("", "e") for account in ("", "1", "2") for name in texts("ab:", 2)
)  # fmt: skip
ADDRESSES: Final = (
    *("10.0.0.0", "10.0.255.255", "10.1.0.0", "10.1.0.1", "10.1.0.2", "10.255.255.255", "11.0.0.0"),
    *("9.255.255.255", "8.8.8.8", "2001:db8::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"),
    *("10.1.255.255", "10.2.0.0", "2001:db8:1::", "2001:db8:1:ffff:ffff:ffff:ffff:ffff", "2001:db8:2::"),
)
MOMENTS: Final = tuple(
    (dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=12 * each)).isoformat()
    for each in range(-2, 9)
)
NUMBERS: Final = tuple(str(each / 2) for each in range(-2, 14))
SETS: Final = tuple(
    tuple(each) for size in (1, 2, 3) for each in itertools.combinations(texts("abc", 2), size)
)

# What each key of the world may be, and whether it may be absent.
KEYS: Final[Mapping[str, tuple[Sequence[tuple[str, ...]], bool]]] = {
    "aws:PrincipalTag/t": ([(each,) for each in (*texts("abc", 3), "A", "Ab", "aB", "B", "aA")], True),
    "s3:prefix": ([(each,) for each in texts("abc", 3)], True),
    "aws:SourceArn": ([(each,) for each in ARNS], True),
    "aws:SourceIp": ([(each,) for each in ADDRESSES], True),
    "s3:max-keys": ([(each,) for each in NUMBERS], True),
    "aws:CurrentTime": ([(each,) for each in MOMENTS], False),
    "aws:SecureTransport": ([("true",), ("false",)], False),
    "aws:MultiFactorAuthPresent": ([("true",), ("false",)], True),
    "aws:TagKeys": (SETS, True),
}
_SPELLED: Final = {each.lower(): each for each in KEYS}


@functools.lru_cache(maxsize=200_000)
def like(pattern: str, text: str) -> bool:
    """Whether a text matches a pattern with `*` and `?`."""
    signs = {"*": ".*", "?": "."}
    return (
        re.fullmatch("".join(signs.get(each) or re.escape(each) for each in pattern), text) is not None
    )


def _like_arn(pattern: str, text: str) -> bool:
    asked, given = pattern.split(":", 5), text.split(":", 5)
    return len(asked) == len(given) == 6 and all(map(like, asked, given))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _moment(text: str) -> float:
    return (
        float(text) if re.fullmatch(r"-?[\d.]+", text) else dt.datetime.fromisoformat(text).timestamp()
    )


def _compares(name: str, asked: str, given: str) -> bool:
    if name in {"StringEquals", "BinaryEquals"}:
        return asked == given
    if name == "StringEqualsIgnoreCase":
        return asked.lower() == given.lower()
    if name == "StringLike":
        return like(asked, given)
    if name in {"ArnEquals", "ArnLike"}:
        return _like_arn(asked, given)
    if name == "Bool":
        return asked.lower() == given.lower()
    if name == "IpAddress":
        network = ipaddress.ip_network(asked)
        address = ipaddress.ip_address(given)
        return address.version == network.version and address in network
    read = float if name.startswith("Numeric") else _moment
    left, right = read(given), read(asked)
    return {
        "Equals": left == right,
        "LessThan": left < right,
        "LessThanEquals": left <= right,
        "GreaterThan": left > right,
        "GreaterThanEquals": left >= right,
    }[name.removeprefix("Numeric").removeprefix("Date")]


@functools.lru_cache(maxsize=200_000)
def holds(operator: str, asked: tuple[str, ...], given: tuple[str, ...] | None) -> bool:
    """Whether a condition holds of the values of its key, None where it is absent."""
    quantifier, _, name = operator.rpartition(":")
    if name == "Null":
        return any((each.lower() == "true") == (not given) for each in asked)
    base = name.removesuffix("IfExists")
    negated = "Not" in base
    positive = base.replace("Not", "", 1)
    if not given:
        if quantifier:
            return quantifier == "ForAllValues"
        return negated or base != name
    results = [any(_compares(positive, each, one) for each in asked) is not negated for one in given]
    return any(results) if quantifier == "ForAnyValue" else all(results)


def _is_principal(kind: str, who: str, caller: Caller) -> bool:
    if kind != "AWS":
        return caller.kind == kind.lower() and caller.name == who
    if who == "*":
        return True
    if re.fullmatch(r"\d{12}", who):
        return caller.account == who
    account, rest = who.split(":")[4], who.split(":", 5)[5]
    if account != caller.account:
        return False
    parts = rest.split("/")
    if parts[0] == "root":
        return True
    if parts[0] == "assumed-role":
        return (caller.kind, caller.name, caller.session) == ("role", parts[1], parts[2])
    return caller.kind == parts[0] and caller.name == parts[-1]


def _principals(element: Any) -> list[tuple[str, str]]:
    if not isinstance(element, Mapping):
        return [("AWS", each) for each in _list(element)]
    return [(kind, each) for kind, whom in element.items() for each in _list(whom)]


def _account_of(who: str) -> str:
    return who if re.fullmatch(r"\d{12}", who) else who.split(":")[4] if who.startswith("arn:") else ""


def _is_account(who: str) -> bool:
    return bool(re.fullmatch(r"\d{12}", who)) or who.endswith(":root")


def _left_out(element: Any, caller: Caller, *, whole_accounts: bool) -> bool:
    """Whether NotPrincipal leaves a caller out; the two readings differ about an account's callers."""
    entries = _principals(element)
    accounts = {_account_of(who) for kind, who in entries if kind == "AWS" and _is_account(who)}
    for kind, who in entries:
        if kind == "AWS" and _is_account(who):
            if _is_principal(kind, who, caller) and (whole_accounts or caller.kind == "root"):
                return True
        elif _is_principal(kind, who, caller) and (kind != "AWS" or _account_of(who) in accounts):
            return True
    return False


class Reading(NamedTuple):
    """One of the two readings of an account in NotPrincipal."""

    whole_accounts: bool


READINGS: Final = (Reading(whole_accounts=True), Reading(whole_accounts=False))


def has_action(statement: Mapping[str, Any], action: str) -> bool:
    """Whether a statement is about an action."""
    left_out = "NotAction" in statement
    listed = _list(statement["NotAction" if left_out else "Action"])
    return any(like(each.lower(), action.lower()) for each in listed) is not left_out


def has_caller(statement: Mapping[str, Any], caller: Caller, reading: Reading) -> bool:
    """Whether a statement is about a caller."""
    if "NotPrincipal" in statement:
        return not _left_out(statement["NotPrincipal"], caller, whole_accounts=reading.whole_accounts)
    if "Principal" not in statement:
        return True
    return any(_is_principal(kind, who, caller) for kind, who in _principals(statement["Principal"]))


def has_resource(
    statement: Mapping[str, Any], resource: str, variable: str | None, *, new: bool
) -> bool:
    """Whether a statement is about a resource; `variable` is the value of `${aws:username}`."""
    left_out = "NotResource" in statement
    if not left_out and "Resource" not in statement:
        return True
    listed = _list(statement["NotResource" if left_out else "Resource"])
    found = any(_filled(each, variable, resource, new) for each in listed)
    return found is not left_out


VARIABLE: Final = "${aws:username}"


def _filled(pattern: str, variable: str | None, resource: str, new: bool) -> bool:
    if not new or VARIABLE not in pattern:
        return like(pattern, resource)
    if variable is None:
        return False
    start, _, end = pattern.partition(VARIABLE)
    starts = re.escape(start).replace(r"\*", ".*").replace(r"\?", ".")
    ends = re.escape(end).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(f"{starts}{re.escape(variable)}{ends}", resource) is not None


def has_key(statement: Mapping[str, Any], key: str, given: tuple[str, ...] | None) -> bool:
    """Whether every condition of a statement on a key holds."""
    return all(
        holds(operator, tuple(_list(values)), given)
        for operator, keys in statement.get("Condition", {}).items()
        for name, values in keys.items()
        if name.lower() == key.lower()
    )


Request = tuple[Caller, str, str, Mapping[str, tuple[str, ...]]]


def allows(layers: Layers, request: Request, reading: Reading) -> bool:
    """Whether each layer allows a request and none denies it."""
    caller, action, resource, context = request
    given = {key.lower(): values for key, values in context.items()}
    variable = given.get("aws:username", (None,))[0]
    allowed = []
    for document in layers:
        matched = {
            each["Effect"]
            for each in document["Statement"]
            if has_action(each, action)
            and has_caller(each, caller, reading)
            and has_resource(each, resource, variable, new=document.get("Version") == "2012-10-17")
            and all(has_key(each, key, given.get(key)) for key in _keys_of(each))
        }
        if "Deny" in matched:
            return False
        allowed.append("Allow" in matched)
    return all(allowed)


def _keys_of(statement: Mapping[str, Any]) -> set[str]:
    return {key.lower() for keys in statement.get("Condition", {}).values() for key in keys}


def is_more(before: Layers, after: Layers, reading: Reading) -> bool:
    """Whether some request of the small world is allowed after and was not before."""
    listed = [
        (side, layer, statement, document.get("Version") == "2012-10-17")
        for side, layers in enumerate((before, after))
        for layer, document in enumerate(layers)
        for statement in document["Statement"]
    ]
    found = {(1 << len(listed)) - 1}
    for dimension in _dimensions(listed, reading):
        found = {one & each for one in found for each in dimension}
    return any(_is_new(each, listed, len(before), len(after)) for each in found)


def _dimensions(listed: Sequence[Any], reading: Reading) -> Iterable[set[int]]:
    statements = [each[2] for each in listed]
    yield {_bits(has_action(each, action) for each in statements) for action in ACTIONS}
    if any("Principal" in each or "NotPrincipal" in each for each in statements):
        yield {_bits(has_caller(each, caller, reading) for each in statements) for caller in CALLERS}
    yield _resources(listed)
    for key in sorted({key for each in statements for key in _keys_of(each)}):
        values, absent = KEYS[_SPELLED[key]]
        given: list[tuple[str, ...] | None] = [*values, *([None] if absent else [])]
        yield {_bits(has_key(each, key, one) for each in statements) for one in given}


def _resources(listed: Sequence[Any]) -> set[int]:
    uses = any(
        VARIABLE in str(each[2].get("Resource", each[2].get("NotResource", ""))) for each in listed
    )
    values: Sequence[str | None] = (None, *texts("abc", 2), VARIABLE) if uses else (None,)
    resources = (*texts("abc", 3), *texts(f"{VARIABLE[0]}", 1), VARIABLE) if uses else RESOURCES
    return {
        _bits(has_resource(each[2], resource, value, new=each[3]) for each in listed)
        for value in values
        for resource in resources
    }


def _bits(answers: Iterable[bool]) -> int:
    return sum(1 << position for position, answer in enumerate(answers) if answer)


def _is_new(matched: int, listed: Sequence[Any], before: int, after: int) -> bool:
    allowed: list[set[int]] = [set(), set()]
    denied = [False, False]
    for position, (side, layer, statement, _) in enumerate(listed):
        if matched >> position & 1:
            if statement["Effect"] == "Allow":
                allowed[side].add(layer)
            else:
                denied[side] = True
    was = len(allowed[0]) == before and not denied[0]
    return len(allowed[1]) == after and not denied[1] and not was
