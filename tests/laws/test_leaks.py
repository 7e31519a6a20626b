"""Does a marked value leave by any command, in any format, however it is written there?

Values of many shapes are planted: as an instance key, as a key of a marked map, in a marked document,
and copied into unmarked attributes in every encoding that a program might use. What each command prints
and writes is searched for every one of these encodings again.
"""

import base64
import html
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from planspec import decode
from planspec.cli.app import main
from planspec.masking import REDACTED, Mask
from planspec.reports import FORMATS
from planspec.runner.redaction import secrets
from tests.support.attacks import Promise, attack
from tests.support.plans import Sensitive, block, configuration, document, encode, resource

SHAPES = {
    "plain": "Zq9planted5d41",
    "short": "zq9!",
    "quoted": 'Zq9"pla\\nted',
    "not ASCII": "Zq9-grüße-€-😀",
    "template": "Zq9${planted}%{x}",
    "markup": "Zq9<b>&'planted'</b>",
    "URL": "zq9://planted:w0rd@/a b+c%41?d=e",
    "lines": "Zq9first-line-x\nsecond-Zq9-line\n  third Zq9 line",
    "decimal": "74839201.25",
    "symbols": "^~^{|}^~!",
}
CHECK = ["check", "--no-checkov", "-v"]
FEATURE = """Feature: Everything is asked

  Scenario Outline: The copy at <path> is asked for
    When we examine every planned "aws_db_instance"
    Then every "<path>" must be "x"

    Examples:
      | path       |
      | identifier |
      | settings   |
      | settings.* |
      | tags.*     |
      | username   |
"""


def encodings(secret: str) -> Iterator[str]:
    """The ways in which programs write a text."""
    data = secret.encode()
    yield from (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield json.dumps(json.dumps(secret))[3:-3]
    yield from (quote(secret), quote(secret, safe=""), quote_plus(secret), html.escape(secret))
    yield secret.encode("ascii", "xmlcharrefreplace").decode()
    yield secret.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    for before in (b"", b"u:", b"user"):
        encoded = base64.b64encode(before + data).decode()
        yield from (encoded, encoded.replace("+", "-").replace("/", "_"))
    yield data.hex()
    for whole in (json.dumps({"k": secret}), f"<?>~{quote(secret, safe='')}"):
        packed = base64.b64encode(whole.encode()).decode()
        yield from (packed, packed.replace("+", "-").replace("/", "_"))


def searched(secret: str) -> set[str]:
    """What no output may hold: the encodings, and each line of many."""
    lines = [line.strip() for line in secret.splitlines()]
    cores = {base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]}
    return {each for part in (secret, *lines) for each in list(encodings(part))[:10]} | cores


def planted(*shapes: str) -> dict[str, Any]:
    """A plan with marked values in many places, and unmarked copies of them."""
    entries = [each for name in shapes for each in holding(SHAPES[name], name.replace(" ", "_"))]
    blocks = {(each["type"], each["name"]): block(each["type"], each["name"]) for each in entries}
    return document(*entries, configuration=configuration(*blocks.values()))


def holding(secret: str, name: str) -> list[dict[str, Any]]:
    """Two resources with a secret in marked places, and its unmarked copies."""
    copies = {f"copy{at}": f"a {each} z" for at, each in enumerate(encodings(secret))}
    value = float(secret) if secret.replace(".", "").isdigit() else secret
    database = resource(
        "aws_db_instance",
        f"d_{name}",
        index=secret,
        username=Sensitive(value),
        settings=Sensitive({secret: "x", "b": json.dumps({"k": secret})}),
        identifier=f"db-{secret}",
        tags=copies,
        instance_class="db.t3.micro",
        engine="mysql",
        allocated_storage=20,
    )
    statement = {"Effect": "Allow", "Action": "*", "Resource": secret}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return [database, resource("aws_iam_policy", f"p_{name}", index=secret, name=secret, policy=policy)]


def ran(*arguments: str) -> str:
    """What a command prints, both streams."""
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return f"{result.output}\n{result.exit_code}"


def everything_said(plan: dict[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each command with what it prints and what it writes."""
    path = folder / "plan.json"
    path.write_bytes(encode(plan))
    (folder / "own.feature").write_text(FEATURE, encoding="utf-8")
    asked = ["--features", str(folder / "own.feature")]
    files = {name: folder / name for name in FORMATS}
    outputs = [f"--output={name}={file}" for name, file in files.items()]
    yield "check", ran(*CHECK, *asked, str(path), *outputs)
    yield from ((f"{name} in a file", file.read_text("utf-8")) for name, file in files.items())
    for name in ("console", "github", "junit", "json"):
        yield name, ran(*CHECK, *asked, str(path), "-o", name)
    yield "report", ran("report", str(folder / "json"), "-v")
    yield "verify", ran("verify", str(folder / "json"), str(path), *asked, "--again", "--no-checkov")
    yield "our own features", ran(*CHECK, str(path))
    for kind in ("console", "json", "markdown"):
        yield f"cost {kind}", ran("cost", str(path), "-o", kind, "-v")
    for kind in ("console", "json"):
        yield f"coverage {kind}", ran("coverage", "--no-checkov", *asked, str(path), "-v", "-o", kind)
        yield f"access {kind}", ran("access", str(path), "-o", kind)
    mutants = ["mutate", str(path), *asked, "--limit", "12", "--jobs", "1", "-v"]
    yield "mutate", ran(*mutants, "-o", str(folder / "mutants.json"))
    yield "mutants", (folder / "mutants.json").read_text("utf-8")
    yield from errors(plan, path, asked)


def errors(plan: dict[str, Any], path: Path, asked: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is said of plans that cannot be judged, and what a backtest says of them."""
    twice = {**plan, "resource_changes": [*plan["resource_changes"], plan["resource_changes"][0]]}
    strange = json.loads(encode(plan))
    strange["resource_changes"][0]["change"]["actions"] = ["explode"]
    for name, broken in (("twice", twice), ("strange", strange), ("failed", {**plan, "errored": True})):
        path.write_bytes(encode(broken))
        for command in (CHECK, ["cost"], ["mutate"]):
            yield f"{command[0]} {name}", ran(*command, str(path))
        yield f"backtest {name}", ran("backtest", str(path), "--against", ".", *asked, "--jobs", "1")


@attack(
    "A marked value with quotes, other letters, markup or many lines, as an instance's or a map's key,"
    " and its copies escaped, percent-encoded and in Base64",
    promise=Promise.SECRETS,
    happens="Hidden in what every command prints and writes, messages of exit code 2 included",
)
def test_no_command_shows_a_marked_value_in_any_encoding(tmp_path: Path) -> None:
    wanted = {each for secret in SHAPES.values() for each in searched(secret)}
    shown = ""
    for command, text in everything_said(planted(*SHAPES), tmp_path):
        leaked = [each for each in wanted if each in text]
        assert not leaked, f"{command} shows {leaked}"
        shown += text
    assert REDACTED in shown


strong = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=6, max_size=24)


@attack(
    "Any text, planted in any encoding that JSON, HTML, a URL or Base64 has for it",
    promise=Promise.SECRETS,
    happens="Found by the one mask, for every generated text",
)
@given(secret=strong.map(lambda text: f"zQ9{text}xJ"), around=st.text("ab c=:\n", max_size=6))
def test_a_mask_finds_a_secret_in_every_encoding(secret: str, around: str) -> None:
    mask = Mask([secret])
    for form in encodings(secret):
        masked = mask.masked(f"{around}|{form}|{around}")
        assert form not in masked
        assert REDACTED in masked


@given(secret=strong.map(lambda text: f"zQ9{text}xJ"), text=st.text(max_size=40))
def test_a_text_without_a_secret_stays_as_it_is(secret: str, text: str) -> None:
    masked = Mask([secret]).masked(text)
    assert (masked == text) or REDACTED in masked
    assert Mask([secret]).masked(masked) == masked


RUNS = {
    "lines": ("abcdef$1gh", "a" + "\n" * 20_000 + "bcdef"),
    "backslashes": ("abcdef$1gh", "abcdef" + "\\" * 20_000 + "\n1gh"),
    "a secret of backslashes": ("\\" * 20 + "x1abcd", "\\" * 8_000 + "x2 x1abcd\n"),
    "a secret of dollars": ("$" * 24 + "x1", "$" * 8_000 + "x2x1\n"),
    "a secret of spaces": ("b" + " " * 12 + "q1bcde", "b" + " " * 20_000 + "z q1bcde\n"),
    "ampersands": ("&" * 12 + "q1bcde", "&amp;" * 8_000 + "z q1bcde\n"),
}


@attack(
    "A value that makes the search for a secret slow: thousands of line breaks, escapes or entities",
    promise=Promise.SECRETS,
    happens="Searched in time that grows with the text",
)
@pytest.mark.parametrize("what", RUNS)
def test_no_text_makes_the_search_for_a_secret_slow(what: str) -> None:
    secret, text = RUNS[what]
    began = time.process_time()
    Mask([secret]).masked(text)
    assert time.process_time() - began < 1


@given(texts=st.lists(strong.map(lambda text: f"zQ9{text}xJ"), min_size=45, max_size=45, unique=True))
@settings(max_examples=10)
def test_many_secrets_are_masked_like_few(texts: list[str]) -> None:
    many = Mask(texts)
    for text in texts[:5]:
        assert many.masked(f"a {text} b") == Mask([text]).masked(f"a {text} b") or REDACTED in text


def named(**values: Any) -> dict[str, Any]:
    return document(
        resource("aws_db_instance", "postgres", engine="postgres", **values),
        resource("aws_db_instance", "postgres_replica", engine="postgres"),
        resource("aws_security_group", "postgres"),
        configuration=configuration(block("aws_db_instance", "postgres")),
    )


@pytest.mark.parametrize("secret", ["postgres", "instance", "aws_db_instance", "satisfied", "us-east-1"])
def test_what_stands_openly_is_no_secret(secret: str, tmp_path: Path) -> None:
    path, without = tmp_path / "plan.json", tmp_path / "open.json"
    path.write_bytes(encode(named(username=Sensitive(secret))))
    without.write_bytes(encode(named(username="x")))
    texts = [ran("check", "--no-checkov", str(each)) for each in (path, without)]
    assert texts[0].replace("plan.json", "open.json") == texts[1]


def test_the_marked_place_itself_stays_hidden(tmp_path: Path) -> None:
    feature = "\n".join(line for line in FEATURE.splitlines() if "settings" not in line)
    (tmp_path / "own.feature").write_text(feature, encoding="utf-8")
    plan = named(username=Sensitive("postgres"), identifier="x", tags={"a": "x"})
    (tmp_path / "plan.json").write_bytes(encode(plan))
    text = ran(*CHECK, "--features", str(tmp_path / "own.feature"), str(tmp_path / "plan.json"))
    assert f"username is {REDACTED}" in text.replace('"', "")


def test_a_secret_that_is_a_part_of_a_name_breaks_no_address(tmp_path: Path) -> None:
    plan = document(resource("aws_db_instance", "zq9planted5d41x", username=Sensitive("zq9planted5d41")))
    mask = secrets(decode(encode(plan), "plan.json"))
    assert mask.masked("aws_db_instance.zq9planted5d41x") == "aws_db_instance.zq9planted5d41x"
    assert mask.masked("db is zq9planted5d41") == f"db is {REDACTED}"


def test_a_masked_finding_is_waived_by_what_is_shown(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(encode(planted("quoted")))
    policies, record = tmp_path / "policies", tmp_path / "evidence.json"
    policies.mkdir()
    for name in ("controls.toml", "parameters.toml"):
        (policies / name).write_bytes((Path("policies") / name).read_bytes())
    asked = ["check", "--no-checkov", "--policies", str(policies), "--tags", "@ENC-01"]
    ran(*asked, str(tmp_path / "plan.json"), "-o", f"json={record}")
    found = json.loads(record.read_text("utf-8"))
    (finding,) = (each for row in found["scenarios"] for each in row["findings"])
    assert finding["address"] == f'aws_db_instance.d_quoted["{REDACTED}"]'
    (policies / "waivers.toml").write_text("", encoding="utf-8")
    who = ["--reason", "an emulator", "--owner", "ann", "--approver", "bob", "--bind"]
    files = ["--evidence", str(record), "--policies", str(policies)]
    assert ran("waive", "ENC-01.1", finding["address"], *who, *files).endswith("0")
    again = ran(*asked, str(tmp_path / "plan.json"))
    assert "waived" in again
    assert again.endswith("0")
