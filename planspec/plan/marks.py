"""Which parts of a value are secret, and which are undecided?

Marks (`after_unknown`, `after_sensitive`) are trees beside the values, or one boolean at any level.
Where their shape does not fit the values, a mark counts for every part that it may be about.
Source: Terraform, "JSON Output Format", change representation.
"""

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final, NamedTuple

from planspec.errors import BrokenDocument
from planspec.syntax import refuse_duplicate_keys, values

MISSING: Final = object()
LONGEST_KEPT: Final = 4000


class Perhaps(NamedTuple):
    """The mark of a part of which apply decides whether it is there.

    What it is if it is there, with the marks of that, so that nobody finds it among the values of
    what is there. `many`: there may be several of its kind. `beside`: another one of its collection
    is surely there. `where` is the `file:line` that says so; `why` says it in other words where it is
    not apply that decides. Never written by Terraform.
    """

    known: Any
    unknown: Any
    many: bool = False
    beside: bool = False
    where: str = ""
    why: str = ""


class LooseMarks(list[Any]):
    """The marks of a list that has such parts, so that no position in it is sure."""


# Attributes that hold secrets in the AWS provider and are not always marked by Terraform; what a
# machine runs when it starts is written by hand and often has some in it.
SECRET_ATTRIBUTES: Final = frozenset(
    {"password", "master_password", "secret_string", "secret_binary", "auth_token", "private_key"}
    | {"secret", "secret_key", "token", "admin_password", "certificate_private_key", "passwords"}
    | {"user_data", "user_data_base64", "custom_data", "startup_script", "metadata_startup_script"}
    | {"plaintext", "key_material_base64", "connection_properties", "credentials_map", "dsn"}
    | {"authorization_api_key_value", "customer_key", "source_customer_key", "token_key", "ssh_key"}
)

# A name that ends like one of these says that its value is a secret, however it is written.
_SECRET_NAME = re.compile(
    r"(?:^|[_\W]|(?<=[a-z0-9]))(?:pass(?:word|wd|phrase)|pwd|secret|token|credentials?"
    r"|connection[_-]?(?:string|url)|database[_-]?url"
    r"|(?:api|private|access|secret|auth|account|preshared)[_-]?key)"
    r"(?:_(?:wo|pem|base64|openssh|string_wo))?$",
    re.IGNORECASE,
)
# A login in a URL, a password among settings, the key of an account, a private key.
SECRET_VALUE: Final = re.compile(
    r"://[^/\s:@]*:([^/\s@]+)@"
    r"|(?i:password|passwd|pwd|accountkey|sharedaccesskey|secret_?key)\s*=\s*[\"']?([^;&\s\"',]{4,})"
    r"|\b((?:AKIA|ASIA)[A-Z0-9]{16})\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----\s*([\w+/=]*)"
)
# Whether a text has a secret of the plan inside that is being judged; set by `redaction`.
known_secrets: ContextVar[Callable[[str], bool] | None] = ContextVar("known_secrets", default=None)


def marks_of(elements: Iterable[Any]) -> list[Any]:
    """The marks of a list with these marks of its elements."""
    marks = list(elements)
    return LooseMarks(marks) if any(isinstance(mark, Perhaps) for mark in marks) else marks


def part_of(tree: Any, step: str | int) -> Any:
    """One step into a tree; a tree that is one boolean has no parts."""
    if isinstance(tree, dict):
        return tree.get(step, MISSING) if isinstance(step, str) else _only(tree, step)
    if isinstance(tree, list) and isinstance(step, int) and -len(tree) <= step < len(tree):
        return tree[step]
    return MISSING


def or_no_mark(tree: Any) -> Any:
    """A mark that is missing is no mark."""
    return False if tree is MISSING or tree is None else tree


def _only(tree: dict[str, Any], step: int) -> Any:
    """A block that the provider allows once is an object; position 0 of it is the block itself."""
    return tree if step == 0 else MISSING


def extend(path: str, step: str | int) -> str:
    """Write one more step of a path; "[]" stands for an element that nobody knows."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    if step == "[]":
        return f"{path}[]"
    return f"{path}.{step}" if path else step


def unknown_part(tree: Any, step: str | int) -> Any:
    """Where `after_unknown` has another shape than `after`, a part that it marks may be this one."""
    part = part_of(tree, step)
    fits = isinstance(tree, dict) if isinstance(step, str) else isinstance(tree, list)
    return any_true(tree) if part is MISSING and not fits else part


def sensitive_part(marks: Any, known: Any, step: str | int) -> Any:
    """Where the marks have another shape than the values, each of them may be on this part."""
    if not isinstance(marks, dict | list):
        return marks is True
    fits = type(marks) is type(known) and (isinstance(marks, dict) or len(marks) == len(known))
    return or_no_mark(part_of(marks, step)) if fits else any_true(marks)


@lru_cache(maxsize=8192)
def is_secret_name(name: str) -> bool:
    """Whether a name says that its value is a secret."""
    return name in SECRET_ATTRIBUTES or _SECRET_NAME.search(name) is not None


def names_secret(path: str, step: str | int) -> bool:
    """Whether the name says that a secret stands there; so may every environment variable.

    Of a container it is the `value`, of a function all in `variables`; the names may be shown.
    """
    if isinstance(step, str) and is_secret_name(step):
        return True
    inside = "environment[" in path
    return inside and (step == "value" or path.endswith((".variables", "].variables")))


def holds_secret(value: Any, path: str) -> bool:
    """Whether a value holds something, at any depth, that is a secret by its name or its looks."""
    is_known = known_secrets.get()
    open_parts = [(value, path)]
    while open_parts:
        part, where = open_parts.pop()
        if isinstance(part, str):
            if SECRET_VALUE.search(part) or (is_known is not None and is_known(part)):
                return True
            part = json_document(part)
        if isinstance(part, dict):
            if any(names_secret(where, name) and _is_content(part[name]) for name in part):
                return True
            open_parts += [(inner, extend(where, name)) for name, inner in part.items()]
        elif isinstance(part, list):
            open_parts += [(inner, extend(where, place)) for place, inner in enumerate(part)]
    return False


def _is_content(value: Any) -> bool:
    """A switch or an empty text under the name of a secret is none."""
    return value is not None and value != "" and not isinstance(value, bool)


def any_true(tree: Any) -> bool:
    """Whether a tree of marks marks anything."""
    if isinstance(tree, bool):
        return tree
    open_parts = [tree]
    while open_parts:
        part = open_parts.pop()
        if part is True or isinstance(part, Perhaps):
            return True
        if isinstance(part, dict):
            open_parts += part.values()
        elif isinstance(part, list):
            open_parts += part
    return False


def json_document(text: str) -> Any:
    """Decode the JSON object or list in a text; MISSING if there is none.

    Several requirements read the same policy, so that one of a usual size is kept; nobody may change it.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return MISSING
    return _document_kept(text) if len(text) <= LONGEST_KEPT else _document_in(text)


@lru_cache(maxsize=16384)
def _document_kept(text: str) -> Any:
    return _document_in(text)


def _document_in(text: str) -> Any:
    try:
        refuse_duplicate_keys(text.encode(), "document")
        return values(text.encode())
    except (ValueError, RecursionError, BrokenDocument):
        return MISSING
