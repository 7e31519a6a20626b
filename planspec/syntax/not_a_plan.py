"""Which other file was given instead of plan JSON?

Each kind gets a message of its own that names the command which makes the right file; the kinds were
all found under the name of a plan. Imported only where a file is none.
"""

import json
import re
from typing import Any, Final, NoReturn

from planspec.errors import BrokenDocument, NotAPlan, quoted
from planspec.syntax.document import PLAN_AND_SHOW, SHOW, integer

# What a file begins with, or holds at its place; the first bytes are those of the formats' own pages.
_BINARY: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"\x7fELF", "a program"),
    (0, b"SQLite format 3\0", "a database"),
    (0, b"BZh", "bzip2 data; unpack it with bunzip2"),
    (0, b"\xfd7zXZ\0", "xz data; unpack it with unxz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd data; unpack it with unzstd"),
    (257, b"ustar", "a tar archive; unpack it, and name the plan in it"),
)
# A byte order mark of UTF-16, read in another encoding and written as UTF-8 again.
_BROKEN_MARKS: Final = (b"\xef\xbf\xbd\xef\xbf\xbd", b"\xc3\xbf\xc3\xbe", b"\xc3\xbe\xc3\xbf")
_JSON_START = re.compile(r"\{|\[\s*[\[{\"\d]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PLAN_KEYS = ("resource_changes", "planned_values", "configuration")
_HALF_A_PAIR = re.compile(
    rb"(?<!\\)(?:\\\\)*(?:"
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})(?=.{6})"
    rb"|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2})",
    re.DOTALL,
)
_FIRST_WORDS = (
    (r'^import "|^_modules = \{|^##### Imports', "a Sentinel mock or policy, not plan JSON", SHOW),
    (
        r"(Terraform|OpenTofu) (will perform|used the sel)|Refreshing (Terraform )?state|^Terraform v\d",
        "the text that `terraform plan` prints for people, not plan JSON",
        PLAN_AND_SHOW,
    ),
    (
        r'^\s*(resource|data|module|variable|provider|terraform)\s*("[^"\n]*"\s*){0,2}\{',
        "Terraform source (HCL), not plan JSON",
        PLAN_AND_SHOW,
    ),
    (r"^/?[\w.~-]+(/[\w.~-]+)+\s*$", "only the path of another file, not plan JSON", SHOW),
)


def refuse_binary(data: bytes, name: str) -> None:
    """Raise NotAPlan for a file whose first bytes say that it is of another kind."""
    for place, mark, what in _BINARY:
        if data.startswith(mark, place):
            raise NotAPlan(f"{name}: {what}, not plan JSON. Run: {SHOW}")
    if data.startswith(_BROKEN_MARKS):
        raise BrokenDocument(
            f"{name}: UTF-16 that was read in another encoding and written again, so it cannot be"
            f' restored. Write it without a redirect: cmd /c "{SHOW}"'
        )


def explain_undecodable(data: bytes, name: str, problem: Exception) -> NoReturn:
    """Raise the error that says why these bytes are no plan JSON."""
    text = data[:4000].decode("utf-8", "replace")
    if re.search(r'"type":\s*"list_(start|resource_found|complete)"', text):
        raise NotAPlan(
            f"{name}: the log of `terraform query -json`, which changes nothing. Run: {PLAN_AND_SHOW}"
        ) from problem
    if '"@level"' in text or '"@module":"terraform.ui"' in text:
        raise NotAPlan(
            f"{name}: the event log of `terraform plan -json`, which has no attribute values."
            f" Run: {PLAN_AND_SHOW}"
        ) from problem
    plain = _COLOUR.sub("", text)
    if _JSON_START.match(text):
        _explain_broken_json(data, name, problem)
    if (start := re.search(rb'^\{\s*"', data, re.MULTILINE)) and start.start() > 0:
        line = data.count(b"\n", 0, start.start()) + 1
        raise BrokenDocument(
            f"{name}: there is text before the JSON, which starts in line {line}; a wrapper script or"
            f" `2>&1` put it there. Redirect standard output only: {SHOW}"
            " (setup-terraform: terraform_wrapper: false)"
        ) from problem
    for pattern, what, command in _FIRST_WORDS:
        if re.search(pattern, plain, re.MULTILINE):
            raise NotAPlan(f"{name}: {what}. Run: {command}") from problem
    raise NotAPlan(f"{name}: not JSON. Run: {SHOW}") from problem


def _explain_broken_json(data: bytes, name: str, problem: Exception) -> NoReturn:
    """The file starts like JSON: say what stops it from being one document."""
    if isinstance(problem, RecursionError):
        raise BrokenDocument(
            f"{name}: nested too deeply to be a plan; make it again: {SHOW}"
        ) from problem
    message = str(problem)
    if "trailing characters" in message:
        raise BrokenDocument(
            f"{name}: more than one JSON document, or text after the first; a file appended with"
            f" `>>`, or a log. One plan for each file: {SHOW}"
        ) from problem
    if _HALF_A_PAIR.search(data):
        raise BrokenDocument(
            f"{name}: holds half of a surrogate pair, which is not a character; another program rewrote"
            f" the plan. Make it again: {SHOW}"
        ) from problem
    if "truncated" in message or "end of" in message:
        raise BrokenDocument(
            f"{name}: the JSON ends too early; the file was cut off. Make it again: {SHOW}"
        ) from problem
    if re.search(rb"[:\[,]\s*-?(NaN|Infinity)", data):
        raise BrokenDocument(
            f"{name}: holds NaN or Infinity, which are not JSON; another program rewrote the plan."
            f" Make it again: {SHOW}"
        ) from problem
    raise BrokenDocument(f"{name}: not valid JSON ({message}). Make it again: {SHOW}") from problem


def explain_other_document(data: bytes, name: str) -> NoReturn:
    """Raise the error that says which other JSON document this is."""
    try:
        document = json.loads(data, parse_int=integer)
    except RecursionError as error:
        _explain_broken_json(data, name, error)
    if isinstance(document, str):
        what = "a plan inside a JSON string (encoded twice)" if "{" in document else "a JSON string"
        raise NotAPlan(f"{name}: {what}. Write it without encoding it again: {SHOW}")
    if isinstance(document, list):
        raise NotAPlan(f"{name}: a JSON list; one plan for each file. Run: {SHOW}")
    if not isinstance(document, dict):
        what = json.dumps(document) if document in (None, True, False) else "a number"
        raise NotAPlan(f"{name}: the JSON value {what}, not a plan. Run: {SHOW}")
    what, command = _kind_of_object(document)
    raise NotAPlan(f"{name}: {what}. Run: {command}")


def _kind_of_object(document: dict[str, Any]) -> tuple[str, str]:
    """Name the document by the keys that only its kind has, and the command that makes a plan."""
    keys = document.keys()
    inner = next((key for key, part in document.items() if _looks_like_a_plan(part)), None)
    event = document.get("type")
    kinds = (
        (
            isinstance(event, str) and event.startswith("list_") and "@level" in keys,
            "the log of `terraform query -json`, which changes nothing",
            PLAN_AND_SHOW,
        ),
        ("@level" in keys, "the event log of `terraform plan -json`", PLAN_AND_SHOW),
        (
            "mock" in keys and _holds_plan_keys(document["mock"]),
            "a mock for a test of policies, which holds parts of a plan",
            SHOW,
        ),
        ("remote_plan_format" in keys, "a bookmark of a plan saved in HCP Terraform", SHOW),
        (
            "plan_format_version" in keys,
            "a redacted plan (HCP Terraform or `terraform test`), which lacks the configuration",
            SHOW,
        ),
        (
            {"encrypted_data", "encryption_version"} <= keys,
            f"a {'state' if 'lineage' in keys else 'plan'} that OpenTofu encrypted",
            "tofu show -json tfplan > plan.json, where the key is configured",
        ),
        ("provider_schemas" in keys, "a provider schema (`terraform providers schema`)", SHOW),
        ("function_signatures" in keys, "a list of functions (`terraform metadata`)", SHOW),
        ({"valid", "diagnostics"} <= keys, "the result of `terraform validate -json`", SHOW),
        (
            isinstance(document.get("version"), int) and "resource_changes" not in keys,
            "a state file (terraform.tfstate), not a plan",
            PLAN_AND_SHOW,
        ),
        (
            inner is not None,
            f"a plan wrapped in the key {quoted(inner or '')}; pass the inner object",
            SHOW,
        ),
        (
            any(key in keys for key in _PLAN_KEYS),
            'plan keys without "format_version"; written by hand or cut out of a plan',
            SHOW,
        ),
        (
            "values" in keys and "format_version" in keys,
            "the JSON of a state, not of a plan; `show` was run without a plan file",
            PLAN_AND_SHOW,
        ),
        (
            keys == {"format_version"},
            "the JSON of an empty state; `show` was run without a plan file",
            PLAN_AND_SHOW,
        ),
        (not keys, "an empty JSON object", SHOW),
    )
    found = ((what, command) for applies, what, command in kinds if applies)
    return next(found, ("JSON of another kind; no key of a plan in it", SHOW))


def _looks_like_a_plan(part: object) -> bool:
    return isinstance(part, dict) and "format_version" in part and bool(part.keys() & _PLAN_KEYS)


def _holds_plan_keys(part: object) -> bool:
    """Whether keys of a plan stand in a mock: one import each, or one of several."""
    if not isinstance(part, dict):
        return False
    inside = [each for each in part.values() if isinstance(each, dict)]
    return any(each.keys() & {*_PLAN_KEYS} for each in (part, *inside))
