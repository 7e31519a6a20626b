"""Is the source read as Terraform reads it, and as if somebody hostile had written it?"""

import io
import json
import os
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from planspec import UNKNOWN, decode, syntax
from planspec.cli.app import main
from planspec.errors import BrokenDocument, SourceError
from planspec.references import graph, with_source
from planspec.source import NO_SOURCE, Source, expressions, of_folder, of_guessed_folder, of_zip
from planspec.syntax import (
    UNREADABLE,
    Blocks,
    Body,
    Call,
    Choice,
    Dynamic,
    For,
    Inside,
    InstanceKey,
    Literal,
    Traversal,
)
from tests.support.plans import (
    block,
    call,
    configuration,
    document,
    encode,
    module,
    plan,
    refers,
    resource,
)
from tests.support.saved_plan_edits import EDITS
from tests.support.saved_plans import members, saved

ROOT = Path(__file__).parents[3]
A = Traversal(("a", "b"))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1", Literal(1)),
        ("-1", Literal(-1)),
        ("true", Literal(True)),
        ("null", Literal(None)),
        (r'"a\"b\n$${x}%%{y}é"', Literal('a"b\n${x}%{y}é')),
        (r'"\uD800\UFFFFFFFF"', Literal("��")),
        ("a.b", A),
        ("a.b.0.c", Traversal(("a", "b", InstanceKey(0), "c"))),
        ('a.b["x.y"]', Traversal(("a", "b", InstanceKey("x.y")))),
        ("a.b[each.key]", Traversal(("a", "b", syntax.Index(Traversal(("each", "key")))))),
        ("a.b[*].c", Traversal(("a", "b", syntax.EVERY, "c"))),
        ("a.b.*.c", Traversal(("a", "b", syntax.EVERY, "c"))),
        ("(a.b).c", Inside(A, ("c",))),
        ("f(a.b, 1).c", Inside(Call("f", (A, Literal(1))), ("c",))),
        ("f(a.b...)", Call("f", (A,), expanded=True)),
        ('"${a.b}"', A),
        ('"x${a.b}"', syntax.Template((Literal("x"), A))),
        ('"x${~ a.b ~}"', syntax.Operation((A,))),
        ("a.b == 1", syntax.Operation((A, Literal(1)), "==")),
        ("!a.b", syntax.Operation((A,), "!")),
        ("[for k, v in a.b : v if k]", For(("k", "v"), A, None, Traversal(("v",)), Traversal(("k",)))),
        (
            "{for v in a.b : v => 1...}",
            For(("v",), A, Traversal(("v",)), Literal(1), None, grouped=True),
        ),
        ("{x = 1, (a.b) = 2}", syntax.Mapping(((Literal("x"), Literal(1)), (A, Literal(2))))),
        # The grammar groups this to the left; the language does not.
        (
            "a.b ? 1 : a.b ? 2 : a.b ? 3 : 4",
            Choice(A, Literal(1), Choice(A, Literal(2), Choice(A, Literal(3), Literal(4)))),
        ),
        ("(a.b ? 1 : 2) ? 3 : 4", Choice(Choice(A, Literal(1), Literal(2)), Literal(3), Literal(4))),
        ("a.b ? 1 : (a.b ? 2 : 3)", Choice(A, Literal(1), Choice(A, Literal(2), Literal(3)))),
        ("a[", UNREADABLE),
        ("1 2", UNREADABLE),
        ("[" * 500 + "]" * 500, None),
    ],
)
def test_an_expression_is_read_as_it_is_written(text: str, tree: Any) -> None:
    found = expressions.expression(text)
    assert tree is None or found == tree


FILE = b"""\xef\xbb\xbf# comment
resource "aws_x" "y" {
  name = "n"

  rule {
    a = 1
  }
  rule {
    b = local.z
  }
  dynamic "port" {
    for_each = [80]
    iterator = it
    content {
      number = it.value
    }
  }
  lifecycle {
    ignore_changes = [name]
  }
}

locals {
  z = 1
}

broken "x" {
  a = 1e5
}

module "m" {
  source = "./m"
}
variable "v" { default = 2 }
output "o" { value = var.v }
terraform {
  backend "s3" {}
}
"""


def packed_by_python(files: Mapping[str, bytes | str]) -> bytes:
    """The same members in a zip that Terraform would not write."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members(files):
            archive.writestr(member.name, member.content)
    return held.getvalue()


def source(files: Mapping[str, bytes | str]) -> Source:
    """The source in a saved plan of these files."""
    return of_zip(saved(files), "tfplan")


@pytest.mark.parametrize(
    ("address", "path", "where"),
    [
        ("aws_x.y", "", "main.tf:2"),
        ("aws_x.y", "name", "main.tf:3"),
        ("aws_x.y", "rule", "main.tf:5"),
        ("aws_x.y", "rule[1]", "main.tf:8"),
        ("aws_x.y", "rule[1].b", "main.tf:9"),
        ("aws_x.y", "rule[7]", "main.tf:5"),
        ("aws_x.y", "port[0].number", "main.tf:15"),
        ("aws_x.y", "computed", "main.tf:2"),
        ('aws_x.y["a.b[0]"]', "name", "main.tf:3"),
        ("local.z", "z", "main.tf:24"),
        ("module.m", "", "main.tf:31"),
        ("variable.v", "", "main.tf:34"),
        ("output.o", "", "main.tf:35"),
        ("terraform.backend", "", "main.tf:37"),
        ("terraform.nothing", "", ""),
        ("aws_x.nowhere", "", ""),
        ('module.m["k"].data.t.n[0]', "", "modules/m/main.tf:1"),
        ("module.other.t.n", "", ""),
        ("", "", ""),
    ],
)
def test_a_position_is_that_of_the_argument_else_of_the_block(
    address: str, path: str, where: str
) -> None:
    found = source({"main.tf": FILE, "m/main.tf": 'data "t" "n" {}'})
    assert found.position(address, path) == where


def test_nested_and_dynamic_blocks_are_read() -> None:
    root = source({"main.tf": FILE}).module(())
    assert root is not None
    placed = root.block("managed", "aws_x", "y")
    assert placed is not None
    assert not placed.broken
    match placed.expression("port"):
        case Blocks((Dynamic(_, "it", syntax.Sequence((Literal(80),)), Body() as content),)):
            assert list(content.arguments) == ["number"]
        case other:
            pytest.fail(f"no dynamic block: {other}")


def test_what_cannot_be_parsed_spoils_its_own_block_only() -> None:
    root = source(
        {"main.tf": 'resource "t" "a" {\n  n = 1e5\n}\nresource "t" "b" {\n  n = 1\n}\n'}
    ).module(())
    assert root is not None
    broken, whole = root.block("managed", "t", "a"), root.block("managed", "t", "b")
    assert broken is not None
    assert broken.broken
    assert broken.line_of(("n",)) == "main.tf:1"
    assert whole is not None
    assert whole.expression("n") == Literal(1)
    assert whole.line_of(("n",)) == "main.tf:5"


def test_an_override_file_replaces_arguments_and_says_its_own_line() -> None:
    found = source(
        {
            "a_override.tf": 'resource "t" "a" {\n  n = 2\n  rule {\n    x = 3\n  }\n}\n',
            "z.tf": 'resource "t" "a" {\n  m = 1\n  n = 1\n  rule {\n    x = 1\n  }\n  rule {\n  }\n}\n',
        }
    )
    root = found.module(())
    assert root is not None
    placed = root.block("managed", "t", "a")
    assert placed is not None
    assert placed.expression("m") == Literal(1)
    assert placed.expression("n") == Literal(2)
    assert isinstance(placed.expression("rule"), Blocks)
    assert found.position("t.a", "n") == "a_override.tf:2"
    assert found.position("t.a", "m") == "z.tf:2"
    assert found.position("t.a", "rule[0].x") == "a_override.tf:4"


JSON_FILE = """{
  "//": "comment",
  "locals": {"z": [1, "${aws_x.y.id}"]},
  "resource": {
    "aws_x": {
      "y": {
        "name": "pre-${local.z[0]}",
        "rule": [
          {"a": -1e5},
          {"a": "\\"quoted\\" $${x}"}
        ],
        "dynamic": {"port": {"for_each": [80], "content": {"number": "${port.value}"}}}
      }
    },
    "aws_z": [{"w": [{"q": true}]}]
  },
  "variable": {"v": {"default": "${not a template}"}}
}"""


def test_a_file_in_json_says_the_same_as_one_in_hcl() -> None:
    found = source({"main.tf.json": JSON_FILE})
    root = found.module(())
    assert root is not None
    y, w = root.block("managed", "aws_x", "y"), root.block("managed", "aws_z", "w")
    assert y is not None
    assert w is not None
    first = Traversal(("local", "z", InstanceKey(0)))
    assert y.expression("name") == syntax.Template((Literal("pre-"), first))
    assert root.local("z") == syntax.Sequence((Literal(1), Traversal(("aws_x", "y", "id"))))
    assert isinstance(y.expression("port"), Blocks)
    assert w.expression("q") == Literal(True)
    variable = root.variable("v")
    assert variable is not None
    assert variable.expression("default") == Literal("${not a template}")
    assert found.position("aws_x.y") == "main.tf.json:6"
    assert found.position("aws_x.y", "name") == "main.tf.json:7"
    match y.expression("rule"):
        case syntax.Sequence((_, syntax.Mapping(((_, text),)))):
            assert text in (Literal('"quoted" ${x}'), UNREADABLE)
        case other:
            pytest.fail(f"no list: {other}")


@pytest.mark.parametrize("text", ["", "[", "[]", "{", '{"a": 1, "a": 2}', '{"resource": 1}', "\x00"])
def test_json_that_is_none_has_no_blocks(text: str) -> None:
    assert source({"main.tf.json": text}).position("aws_x.y") == ""


HOSTILE: dict[str, bytes] = {
    "no zip": b"PK\x03\x04 and then nothing",
    "not UTF-8": saved({"main.tf": b"\xff\xfe"}),
    "large file": saved({"main.tf": b"#" * (9 * 1024**2)}),
    "many large files": saved({f"{n}.tf": b"#" * (8 * 1024**2) for n in range(33)}),
    "long name": saved({f"{'x' * 5000}.tf": ""}),
    "twice": saved({"main.tf": 'data "t" "n" {}', "other.tf": 'data "t" "n" {}'}),
    "packed by Python": packed_by_python({"main.tf": ""}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_saved_plan_that_terraform_did_not_write_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(BrokenDocument) as refused:
        of_zip(HOSTILE[name], "tfplan")
    message = str(refused.value)
    assert message.startswith("tfplan: ")
    assert "terraform plan -out=tfplan" in message or "too large to be source" in message
    assert message.isprintable()


@given(st.data())
def test_a_saved_plan_with_any_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    held = bytearray(saved({"main.tf": FILE, "m/main.tf": 'data "t" "n" {}', "b.tf.json": JSON_FILE}))
    for _ in range(data.draw(st.integers(1, 8))):
        held[data.draw(st.integers(0, len(held) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = of_zip(bytes(held), "tfplan")
        found.position("aws_x.y", "rule[1].b")
        found.position("module.m.data.t.n")
    except BrokenDocument:
        return


@given(st.text(st.characters(codec="utf-8"), max_size=200) | st.from_regex(r'[a-z"{}\[\]$%=\n ?:().]*'))
def test_any_text_is_a_file_that_can_be_read(text: str) -> None:
    for name in ("main.tf", "main.tf.json"):
        root = source({name: f'resource "t" "n" {{\n a = {text}\n}}\n{text}'}).module(())
        assert root is not None
        placed = root.block("managed", "t", "n")
        assert placed is None or placed.arguments is not None


def folder(tmp_path: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files."""
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_a_folder_is_read_with_its_modules_and_with_those_that_init_installed(tmp_path: Path) -> None:
    installed = {"Modules": [{"Key": "far", "Source": "far/aws", "Dir": ".terraform/modules/far"}]}
    root = folder(
        tmp_path / "root",
        {
            "main.tf": 'module "near" {\n  source = "../near"\n}\n',
            "far.tf": 'module "far" {\n  source = "far/aws"\n}\n',
            ".hidden.tf": "nonsense",
            "../near/main.tf": 'module "deep" {\n  source = "./deep"\n}\n',
            "../near/deep/x.tf": 'resource "t" "n" {}',
            ".terraform/modules/far/x.tf": 'resource "t" "n" {}',
            ".terraform/modules/modules.json": json.dumps(installed),
        },
    )
    found = of_folder(root)
    assert found.position('module.near[0].module.deep["a"].t.n') == f"{tmp_path}/near/deep/x.tf:1"
    assert found.position("module.far.t.n") == f"{root}/.terraform/modules/far/x.tf:1"
    assert found.position("module.nowhere.t.n") == ""


def test_a_folder_that_cannot_be_read_is_an_error_only_if_somebody_named_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="no Terraform file is in this folder"):
        of_folder(tmp_path / "empty")
    (tmp_path / "main.tf").write_bytes(b"\xff")
    with pytest.raises(SourceError, match="not UTF-8"):
        of_folder(tmp_path)
    assert of_guessed_folder(tmp_path) is NO_SOURCE


def test_a_device_or_a_pipe_in_the_folder_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    (tmp_path / "zero.tf").symlink_to("/dev/zero")
    folder(tmp_path, {"main.tf": 'resource "t" "n" {}'})
    assert of_folder(tmp_path).position("t.n") == f"{tmp_path}/main.tf:1"


def test_modules_that_call_themselves_end(tmp_path: Path) -> None:
    folder(tmp_path, {"main.tf": 'module "m" {\n  source = "./"\n}\n'})
    found = of_folder(tmp_path)
    assert found.position("module.m." * 40 + "t.n") == ""
    assert found.module(("m",) * 60) is None


@pytest.mark.parametrize("name", ["corrected", "inherited", "upgrade", "release"])
def test_every_resource_of_our_own_plans_has_a_line(name: str) -> None:
    read = decode((ROOT / "plans" / f"{name}.json").read_bytes(), name)
    found = of_folder(ROOT / ("plans/inherited" if name == "inherited" else "terraform"))
    missing = [
        each.address for each in read.changes if each.will_exist and not found.position(each.address)
    ]
    assert missing == []


def judged(files: Mapping[str, str], written: dict[str, Any], **values: Any) -> Any:
    """The resource `t.r` of a plan with this source beside it, and what its `a` refers to."""
    read = plan(
        resource("aws_s3_bucket", "b"),
        resource("aws_s3_bucket", "c"),
        resource("t", "r", **values),
        configuration=configuration(
            block("aws_s3_bucket", "b"), block("aws_s3_bucket", "c"), block("t", "r", **written)
        ),
    )
    read = with_source(read, source(files))
    return read, read.changes[2]


def test_the_source_of_another_plan_is_not_believed() -> None:
    other = {"main.tf": 'resource "t" "r" {\n  a = aws_s3_bucket.c.id\n}\n'}
    read, change = judged(other, {"a": refers("aws_s3_bucket.b.id", "aws_s3_bucket.b")}, a=...)
    assert [each.address for each in graph(read).of(change, "a").targets] == ["aws_s3_bucket.b"]


def test_a_literal_that_the_plan_contradicts_is_not_filled_in() -> None:
    other = {"main.tf": 'resource "t" "r" {\n  a = ["0.0.0.0/0", aws_s3_bucket.c.id]\n}\n'}
    _, change = judged(other, {"a": refers("aws_s3_bucket.b.id", "aws_s3_bucket.b")}, a=...)
    assert change.after.get("a").peek() == change.planned.get("a").peek()


SECRETS = """
variable "key" {
  type      = string
  sensitive = true
  default   = "hunter2"
}
locals {
  again = "${var.key}-x"
}
resource "t" "r" {
  a = [var.key, local.again, sensitive("hunter2"), "443", aws_s3_bucket.b.id, "plain"]
}
"""


def test_a_secret_and_a_text_that_may_be_a_number_are_not_filled_in() -> None:
    names = ("var.key", "local.again", "aws_s3_bucket.b.id", "aws_s3_bucket.b")
    _, change = judged({"main.tf": SECRETS}, {"a": refers(*names)}, a=...)
    assert change.after.get("a").peek().value == [None, None, None, None, None, "plain"]


def test_what_is_made_of_a_known_name_out_of_sight_is_not_filled_in() -> None:
    inner = module(
        block("aws_s3_bucket", "b"),
        block("t", "r", a=refers("var.it", "aws_s3_bucket.b.id", "aws_s3_bucket.b")),
    )
    read = plan(
        resource("aws_s3_bucket", "known", bucket="name"),
        resource("aws_s3_bucket", "b", module="module.m"),
        resource("t", "r", module="module.m", a=...),
        configuration=configuration(
            block("aws_s3_bucket", "known"),
            calls={"m": call(inner, it=refers("aws_s3_bucket.known.bucket", "aws_s3_bucket.known"))},
        ),
    )
    text = 'variable "it" {}\nresource "t" "r" {\n  a = [var.it, aws_s3_bucket.b.id]\n}\n'
    whole = source({"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/main.tf": text})
    read = with_source(read, Source(lambda calls: whole.module(calls) if calls else None))
    # The call may say "${aws_s3_bucket.known.bucket}-logs"; plan JSON keeps only the name in it.
    assert read.changes[2].after.get("a").peek() is UNKNOWN
    found = graph(read).of(read.changes[2], "a")
    assert [each.address for each in found.targets] == [
        "aws_s3_bucket.known",
        "module.m.aws_s3_bucket.b",
    ]


def test_what_terraform_ignores_is_not_filled_in() -> None:
    ignoring = (
        'resource "t" "r" {\n  a = ["x", aws_s3_bucket.b.id]\n'
        "  lifecycle {\n    ignore_changes = [a]\n  }\n}\n"
    )
    names = ("aws_s3_bucket.b.id", "aws_s3_bucket.b")
    _, change = judged({"main.tf": ignoring}, {"a": refers(*names)}, a=...)
    assert change.after.get("a").peek().value == ["x", None]
    read = plan(
        resource("aws_s3_bucket", "b"),
        resource("t", "r", actions=["update"], before={"a": []}, a=...),
        configuration=configuration(block("aws_s3_bucket", "b"), block("t", "r", a=refers(*names))),
    )
    read = with_source(read, source({"main.tf": ignoring}))
    assert read.changes[1].after.get("a").peek() == read.changes[1].planned.get("a").peek()


def test_locals_that_lead_to_themselves_are_lost() -> None:
    files = {
        "main.tf": "locals {\n  x = local.y\n  y = [local.x, aws_s3_bucket.b.id]\n}\n"
        'resource "t" "r" {\n  a = local.x\n}\n'
    }
    read, change = judged(files, {"a": refers("local.x")}, a=...)
    assert not graph(read).of(change, "a").followed


def test_a_source_that_grows_without_end_is_given_up() -> None:
    lines = ["l0 = [aws_s3_bucket.b.id, aws_s3_bucket.c.id]"]
    lines += [
        f"l{n} = flatten([for x in local.l{n - 1} : [for y in local.l{n - 1} : [x, y]]])"
        for n in range(1, 8)
    ]
    files = {"main.tf": "locals {\n" + "\n".join(lines) + '\n}\nresource "t" "r" {\n  a = local.l7\n}\n'}
    read, change = judged(files, {"a": refers("local.l7")}, a=...)
    assert not graph(read).of(change, "a").followed


def test_a_plan_that_was_named_with_its_folder_is_judged_with_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main,
        [
            "check",
            "--no-checkov",
            str(ROOT / "tests/conformance/traps/plan.json"),
            "--source",
            str(ROOT / "tests/conformance/traps"),
        ],
    )
    assert 'allows ingress from "0.0.0.0/0" on tcp port 22' in result.stdout
    empty = tmp_path / "empty"
    empty.mkdir()
    refused = CliRunner().invoke(
        main,
        [
            "check",
            "--no-checkov",
            str(ROOT / "tests/conformance/traps/plan.json"),
            "--source",
            str(empty),
        ],
    )
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"planspec: {empty}: no Terraform file")


BUILT_IN = """
locals {
  names = toset(["a", "b"])
  all   = { for name in local.names : name => terraform_data.store[name].id }
}

resource "terraform_data" "store" {
  for_each = local.names
  input    = each.key
}

module "use" {
  source   = "./use"
  for_each = local.names
  store    = local.all[each.key]
}
"""
USE = 'variable "store" {}\n\nresource "terraform_data" "this" {\n  input = var.store\n}\n'
OWN = """
Feature: Stores
  Scenario: Every use names its store
    Given the Terraform plan
    When we examine every planned "terraform_data"
    Then every "input" must be set
"""


@pytest.mark.usefixtures("terraform")
def test_a_saved_plan_of_the_real_terraform_carries_its_source(tmp_path: Path) -> None:
    folder(tmp_path, {"main.tf": BUILT_IN, "use/main.tf": USE, "own.feature": OWN})
    environment = {key: value for key, value in os.environ.items() if key != "TF_CLI_CONFIG_FILE"}
    for command in (["init"], ["plan", "-out=tfplan"]):
        subprocess.run(
            ["terraform", *command, "-input=false"],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
        )
    from planspec.runner import load

    read = load.read(str(tmp_path / "tfplan")).plan
    for name in ("a", "b"):
        change = read.find(f'module.use["{name}"].terraform_data.this')
        assert change is not None
        found = graph(read).of(change, "input").single
        assert found is not None
        assert found.address == f'terraform_data.store["{name}"]'
        assert read.source.position(change.address, "input") == f"{tmp_path}/use/main.tf:4"
    arguments = [
        "check",
        "--no-checkov",
        "--features",
        str(tmp_path / "own.feature"),
        str(tmp_path / "tfplan"),
    ]
    assert CliRunner().invoke(main, arguments).exit_code in {0, 1}


def test_a_saved_plan_without_terraform_says_so_in_one_paragraph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".terraform").mkdir()
    (tmp_path / "tfplan").write_bytes(saved({"main.tf": FILE}))
    monkeypatch.setenv("PATH", str(tmp_path))
    result = CliRunner().invoke(main, ["check", "--no-checkov", str(tmp_path / "tfplan")])
    assert result.exit_code == 2
    assert result.stderr.startswith("planspec: terraform: not found on PATH")
    assert "\n" not in result.stderr.strip()


def test_edited_source_in_a_saved_plan_is_refused_before_terraform_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tfplan").write_bytes(EDITS["a step up"][1])
    monkeypatch.setenv("PATH", str(tmp_path))
    result = CliRunner().invoke(main, ["check", "--no-checkov", str(tmp_path / "tfplan")])
    assert result.exit_code == 2
    assert "is not a member of a saved plan" in result.stderr


def test_the_module_inputs_of_plan_json_are_kept_where_a_module_has_no_source() -> None:
    inner = module(block("t", "r", a=refers("var.it")))
    read = decode(
        encode(
            document(
                resource("aws_s3_bucket", "b"),
                resource("t", "r", module="module.far", a=...),
                configuration=configuration(
                    block("aws_s3_bucket", "b"),
                    calls={"far": call(inner, it=refers("aws_s3_bucket.b.id", "aws_s3_bucket.b"))},
                ),
            )
        ),
        "plan.json",
    )
    read = with_source(
        read, source({"main.tf": 'module "far" {\n  source = "far/aws"\n  it = aws_s3_bucket.b.id\n}\n'})
    )
    assert [each.address for each in graph(read).of(read.changes[1], "a").targets] == ["aws_s3_bucket.b"]
