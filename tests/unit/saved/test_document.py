"""Which file is this, and which JSON document does it hold?"""

import gzip
import json
import re
import tracemalloc
from decimal import Decimal
from typing import Any

import pytest

from planspec import decode
from planspec.errors import BrokenDocument, NotAPlan, PlanError
from planspec.syntax import document
from tests.support.plans import document as plan_document
from tests.support.plans import encode, resource

PLAN = plan_document(resource(identifier="naïve-☃"), configuration={"root_module": {}})
TEXT = encode(PLAN)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT, id="as Terraform writes it"),
        pytest.param(b"\xef\xbb\xbf" + TEXT, id="UTF-8 with byte order mark"),
        pytest.param(TEXT.decode().encode("utf-16"), id="UTF-16 with byte order mark"),
        pytest.param(b"\xfe\xff" + TEXT.decode().encode("utf-16-be"), id="UTF-16 big endian"),
        pytest.param(TEXT.decode().encode("utf-16-le"), id="UTF-16 without mark"),
        pytest.param(TEXT.decode().encode("utf-16-be"), id="UTF-16 big endian without mark"),
        pytest.param(gzip.compress(TEXT), id="gzip"),
        pytest.param(gzip.compress(TEXT.decode().encode("utf-16")), id="UTF-16 in gzip"),
        pytest.param(TEXT + b"\0" * 20, id="padded with NUL"),
        pytest.param(TEXT + b"\r\n", id="line end of Windows"),
        pytest.param(b" \r\n\t" + TEXT, id="space before it"),
        pytest.param(json.dumps(PLAN, indent=2).replace("\n", "\r\n").encode(), id="pretty with CRLF"),
        pytest.param(json.dumps(PLAN, indent=2, separators=(",", " : ")).encode(), id="space at colons"),
        pytest.param(json.dumps(PLAN, ensure_ascii=True).encode(), id="escaped characters"),
    ],
)
def test_every_writing_of_one_plan_is_read_alike(data: bytes) -> None:
    (change,) = decode(data, "plan.json").changes
    assert change.after.get("identifier").reading[0] == "naïve-☃"


@pytest.mark.parametrize(
    ("data", "error", "phrase"),
    [
        pytest.param(b"", NotAPlan, "empty", id="empty"),
        pytest.param(b" \r\n\0", NotAPlan, "empty", id="only space"),
        pytest.param(b"PK\x03\x04rest", NotAPlan, "a saved plan (binary)", id="saved plan"),
        pytest.param(gzip.compress(b"PK\x03\x04"), NotAPlan, "a saved plan", id="saved plan in gzip"),
        pytest.param(gzip.compress(TEXT)[:40], BrokenDocument, "does not unpack", id="broken gzip"),
        pytest.param(b'{"a": "\xe9"}', BrokenDocument, "byte 7 is not UTF-8", id="Latin-1"),
        pytest.param(b"\xff\xfe\x00\xd8", BrokenDocument, "UTF-16 text that does not", id="half UTF-16"),
        pytest.param(b"[]", NotAPlan, "a JSON list", id="list"),
        pytest.param(b"[" + TEXT + b"]", NotAPlan, "a JSON list", id="list of plans"),
        pytest.param(b"null", NotAPlan, "the JSON value null", id="null"),
        pytest.param(b"12" * 3000, NotAPlan, "a number", id="long number"),
        pytest.param(json.dumps(TEXT.decode()).encode(), NotAPlan, "encoded twice", id="string"),
        pytest.param(b"{}", NotAPlan, "an empty JSON object", id="empty object"),
        pytest.param(b'{"format_version":"1.0"}', NotAPlan, "an empty state", id="empty state"),
        pytest.param(
            b'{"format_version":"1.0","values":{}}', NotAPlan, "the JSON of a state", id="state"
        ),
        pytest.param(
            b'{"version":4,"serial":1,"lineage":"x"}', NotAPlan, "terraform.tfstate", id="raw state"
        ),
        pytest.param(
            b'{"remote_plan_format":1,"run_id":"run-x"}', NotAPlan, "bookmark", id="cloud bookmark"
        ),
        pytest.param(
            b'{"plan_format_version":"1.2","provider_schemas":{}}', NotAPlan, "redacted", id="redacted"
        ),
        pytest.param(
            b'{"format_version":"1.0","provider_schemas":{}}', NotAPlan, "provider schema", id="schema"
        ),
        pytest.param(
            b'{"format_version":"1.0","valid":true,"diagnostics":[]}',
            NotAPlan,
            "terraform validate",
            id="validation",
        ),
        pytest.param(
            b'{"format_version":"1.0","function_signatures":{}}', NotAPlan, "functions", id="functions"
        ),
        pytest.param(
            b'{"tfplan":' + TEXT + b',"tfrun":{}}', NotAPlan, 'in the key "tfplan"', id="wrapped"
        ),
        pytest.param(b'{"resource_changes":[]}', NotAPlan, 'without "format_version"', id="no version"),
        pytest.param(b'{"terraform_version":"1.9"}', NotAPlan, "another kind", id="other object"),
        pytest.param(TEXT + TEXT, BrokenDocument, "more than one JSON document", id="two plans"),
        pytest.param(TEXT + b"\nDone", BrokenDocument, "text after the first", id="log after it"),
        pytest.param(TEXT[:-30], BrokenDocument, "ends too early", id="truncated"),
        pytest.param(
            b"[command]/bin/terraform show\n" + TEXT, BrokenDocument, "starts in line 2", id="log before"
        ),
        pytest.param(
            TEXT.replace(b'"index"', b'"x"')[:-1] + b',"x":NaN}', BrokenDocument, "NaN", id="NaN"
        ),
        pytest.param(TEXT[:-1] + b',"x":01}', BrokenDocument, "not valid JSON", id="bad number"),
        pytest.param(
            TEXT[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            BrokenDocument,
            "nested too deeply",
            id="deep",
        ),
        pytest.param(
            b'{"@level":"info","@module":"terraform.ui","type":"version"}\n{"@level":"info"}',
            NotAPlan,
            "event log",
            id="event log",
        ),
        pytest.param(
            b"\x1b[1mTerraform will perform the following actions:\x1b[0m\n",
            NotAPlan,
            "prints for people",
            id="text plan",
        ),
        pytest.param(b'import "strings"\n', NotAPlan, "Sentinel", id="Sentinel mock"),
        pytest.param(b'resource "aws_vpc" "main" {\n}\n', NotAPlan, "HCL", id="source"),
        pytest.param(b"../out/tfplan.json\n", NotAPlan, "path of another file", id="symbolic link"),
        pytest.param(b"<html></html>", NotAPlan, "not JSON", id="anything else"),
    ],
)
def test_what_is_no_plan_is_named_in_one_line(data: bytes, error: type[PlanError], phrase: str) -> None:
    with pytest.raises(error, match=re.escape(phrase)) as caught:
        decode(data, "some.json")
    message = str(caught.value)
    assert type(caught.value) is error
    assert message.startswith("some.json: ")
    assert "\n" not in message
    assert "naïve" not in message


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("9007199254740993", 9007199254740993),
        ("18446744073709551617", 18446744073709551617),
        ("-9223372036854775809", -9223372036854775809),
        ("1" * 401, int("1" * 401)),
        ("1" * 5001, Decimal("1" * 5001)),
        ("0." + "3" * 155, Decimal("0." + "3" * 155)),
        ("13.10", Decimal("13.10")),
        ("[5, 1e-30]", [5, Decimal("1e-30")]),
        ("[" + "1" * 5001 + ", 0.1]", [Decimal("1" * 5001), Decimal("0.1")]),
    ],
)
def test_numbers_keep_every_digit(written: str, exact: Any) -> None:
    assert document.values(written.encode()) == exact


@pytest.mark.parametrize("written", ["NaN", "[Infinity]", "[1,-Infinity]", "{"])
def test_what_is_no_json_is_a_value_error(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        document.values(written.encode())


TWICE = [
    pytest.param('{"a":1,"a":2}', id="plain"),
    pytest.param('{"a":1,"b":2,"a":1}', id="same value"),
    pytest.param('{"a":{"b":[{"c":1,"c":2}]}}', id="deep inside"),
    pytest.param('{\n  "a": 1,\n  "a": 2\n}', id="pretty-printed"),
    pytest.param('{"a" : 1, "a"\t: 2}', id="space before the colon"),
    pytest.param('{"a":1,"\\u0061":2}', id="escaped name"),
    pytest.param('{"a":1,"a":2,"b":"\\u0022:"}', id="escaped quote makes up for it"),
    pytest.param('{"a":1,"a":2,"b":"\\u003a"}', id="escaped colon makes up for it"),
    pytest.param('{"a":1,"a":2,"b":"\\u003A"}', id="escaped colon in capitals makes up for it"),
    pytest.param('{"":1,"":2}', id="empty name"),
    pytest.param('{"a":1,"a":' + "1" * 5001 + "}", id="beside a long number"),
]
ONCE = [
    pytest.param('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}', id="same name in other objects"),
    pytest.param('{"a":"\\"a\\":","b":":","c":"\\u0022:","d":"\\u003a"}', id="colons in texts"),
    pytest.param('{"a" : "b\\\\" , "c" : []}', id="space and backslash"),
    pytest.param('{"a":' + "1" * 5001 + "}", id="long number"),
    pytest.param("[]", id="no object"),
]


@pytest.mark.parametrize("text", TWICE)
def test_a_key_that_stands_twice_is_refused(text: str) -> None:
    with pytest.raises(BrokenDocument, match=r'^plan\.json: the key ".*" is a duplicate'):
        document.refuse_duplicate_keys(text.encode(), "plan.json")


@pytest.mark.parametrize("text", ONCE)
def test_keys_that_stand_once_are_accepted(text: str) -> None:
    document.refuse_duplicate_keys(text.encode(), "plan.json")


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a":12,"a":1,"b":3}',
        '{"a":1,"b":2,"a":3}',
        '{ "a" : 1 ,\n "a" : 1 }',
        '{"a":1,"\\u0061":1}',
    ],
)
def test_an_outermost_member_that_stands_twice_is_refused(text: str) -> None:
    with pytest.raises(BrokenDocument, match='the key "a" is a duplicate'):
        document.refuse_duplicate_members(text.encode(), "plan.json")


@pytest.mark.parametrize("text", ['{"a":1,"b":{"a":1}}', '{ "a" : 1 ,\n "b" : [ ] }', "{}"])
def test_outermost_members_that_stand_once_are_accepted(text: str) -> None:
    document.refuse_duplicate_members(text.encode(), "plan.json")


def test_a_short_gzip_file_takes_little_memory() -> None:
    tracemalloc.start()
    document.utf8(gzip.compress(TEXT), "plan.json")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 1024**2


def test_gzip_data_that_is_damaged_inside_is_named() -> None:
    packed = bytearray(gzip.compress(TEXT * 50))
    packed[20:30] = b"\xff" * 10
    with pytest.raises(BrokenDocument, match="does not unpack"):
        document.utf8(bytes(packed), "plan.json")


@pytest.mark.parametrize("version", ["\n", "\x1b[2J", "\u202e2.0"])
def test_what_a_message_quotes_cannot_move_the_cursor(version: str) -> None:
    text = json.dumps({"format_version": version, "resource_changes": []}).encode()
    with pytest.raises(BrokenDocument) as caught:
        decode(text, "plan.json")
    assert str(caught.value).isprintable()


def test_what_a_message_quotes_is_cut_short() -> None:
    text = json.dumps({"format_version": "9" * 5000, "resource_changes": []}).encode()
    with pytest.raises(BrokenDocument) as caught:
        decode(text, "plan.json")
    assert len(str(caught.value)) < 300
