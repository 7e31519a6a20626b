"""Is a saved plan taken only in the one shape in which Terraform and OpenTofu write it?"""

import gzip
import itertools
import os
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from planspec import saved as saved_plan
from planspec.cli.app import main
from planspec.errors import BrokenDocument
from planspec.saved import Maker, PlanMode, Way
from planspec.source import of_zip
from planspec.syntax import document
from tests.support import saved_plan_edits
from tests.support.attacks import Promise, attack
from tests.support.saved_plan_edits import EDITS, SMALL, unzipped
from tests.support.saved_plans import (
    LOCK,
    Member,
    field,
    manifest,
    members,
    saved,
    sha256,
    tfplan,
    zipped,
)

ROOT = Path(__file__).parents[3]
needs_terraform = pytest.mark.usefixtures("terraform")
OPENTOFU_LOCK = LOCK + b'\nprovider "registry.opentofu.org/hashicorp/aws" {\n  version = "6.0.0"\n}\n'


def test_what_the_writer_writes_is_taken_with_the_digest_of_every_member() -> None:
    found = saved_plan.read(SMALL, "tfplan")
    assert found.digests == {each.name: sha256(each.content) for each in unzipped(SMALL)}
    assert list(found.digests)[:3] == ["tfplan", "tfstate", "tfstate-prev"]
    assert found.files[("", "main.tf")].startswith(b"resource")
    assert (found.made_by, found.version) == (Maker.TERRAFORM, "1.11.4")


@attack(
    "A saved plan that was edited, padded, doubled or packed again, in about a hundred ways, so that two"
    " programs may read it differently",
    promise=Promise.VERIFY,
    happens="Refused before anything reads it, with the line of the rule that it breaks; exit code 2",
)
@pytest.mark.parametrize("name", EDITS)
def test_an_edited_saved_plan_is_refused_with_the_line_that_it_breaks(name: str) -> None:
    line, data = EDITS[name]
    assert data != SMALL
    assert saved_plan.is_zip(data) or line == 1
    with pytest.raises(BrokenDocument) as refused:
        saved_plan.read(data, "tfplan")
    message = str(refused.value)
    assert message.startswith("tfplan: ")
    assert f"(rule {line} of docs/saved-plans.md)" in message
    assert "terraform plan -out=tfplan" in message
    assert message.isprintable()


def test_every_line_of_the_rule_has_an_edit_and_stands_on_its_page() -> None:
    page = (ROOT / "docs/saved-plans.md").read_text(encoding="utf-8")
    assert {line for line, _ in EDITS.values()} == set(range(1, 17))
    assert all(f"\n{line}. " in page for line in range(1, 17))


@pytest.mark.parametrize(
    "name", ["bytes before", "bytes behind", "two directories", "x.txt in a module"]
)
@pytest.mark.parametrize("command", ["check", "cost", "verify", "mutate", "coverage"])
def test_every_command_refuses_it_before_terraform_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str
) -> None:
    plan = tmp_path / "tfplan"
    plan.write_bytes(EDITS[name][1])
    record = tmp_path / "evidence.json"
    given = ["check", "--no-checkov", ROOT / "plans/corrected.json", "--tags", "@EXP-01"]
    if command == "verify":
        CliRunner().invoke(main, [*map(str, given), "-o", f"json={record}"])
    monkeypatch.setenv("PATH", str(tmp_path))
    more = [str(record)] if command == "verify" else []
    result = CliRunner().invoke(main, [command, *more, str(plan)])
    assert result.exit_code == 2, result.output
    assert "docs/saved-plans.md" in result.stderr
    assert "Traceback" not in result.output


@given(st.data())
def test_a_saved_plan_with_bytes_changed_is_refused_or_says_the_same(data: st.DataObject) -> None:
    """Only times are free: whatever else is changed, the contents are those that were written."""
    held = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 3))):
        held[data.draw(st.integers(0, len(held) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = saved_plan.read(bytes(held), "tfplan")
    except BrokenDocument:
        return
    assert found == saved_plan.read(SMALL, "tfplan")


@pytest.mark.parametrize(
    ("version", "without"),
    [
        ("0.12.0", ("tfstate-prev", ".terraform.lock.hcl")),
        ("0.15.2", ("tfstate-prev", ".terraform.lock.hcl")),
        ("0.15.3", (".terraform.lock.hcl",)),
        ("1.0.11", (".terraform.lock.hcl",)),
        ("1.1.0-beta1", (".terraform.lock.hcl",)),
        ("1.1.0-beta1", ()),
        ("1.1.0", ()),
        ("1.17.0-dev", ()),
    ],
)
def test_each_version_writes_its_own_members(version: str, without: tuple[str, ...]) -> None:
    whole = members({"main.tf": ""}, version=version)
    data = zipped([each for each in whole if each.name not in without])
    assert saved_plan.read(data, "tfplan").version == version


def test_a_plan_of_opentofu_may_hold_its_own_members() -> None:
    own = members({"main.tofu": ""}, marked=False, lock=OPENTOFU_LOCK)
    found = saved_plan.read(zipped([*own, Member("tfschemas", b"\x0a\x00")]), "tfplan")
    assert found.made_by is Maker.OPENTOFU
    forged = zipped(members({"main.tofu": ""}, lock=OPENTOFU_LOCK))
    with pytest.raises(BrokenDocument, match="only OpenTofu writes"):
        saved_plan.read(forged, "tfplan")


def test_a_saved_plan_tells_its_mode_and_what_it_is_limited_to() -> None:
    def way(*more: bytes) -> Way:
        changed = [
            each._replace(content=each.content + b"".join(more)) if each.name == "tfplan" else each
            for each in members({"main.tf": ""}, marked=False, lock=OPENTOFU_LOCK)
        ]
        return saved_plan.read(zipped(changed), "tfplan").way

    assert way() == way(field(17, 0)) == Way()
    assert way(field(17, 1)).mode is PlanMode.DESTROY
    assert way(field(5, "a.b"), field(6, "c.d"), field(5, "e.f")) == Way(
        targets=("a.b", "e.f"), excluded=("c.d",)
    )
    for odd in ([field(17, 3)], [field(17, 0), field(17, 1)], [field(17, "x")]):
        with pytest.raises(BrokenDocument, match=r"its mode twice|a mode that is not known"):
            way(*odd)


def test_times_are_free_and_names_may_be_any_that_a_file_may_have() -> None:
    names = ["ä.tf", "a b.tf", "a~b.tf", "q'.tf.json", "x_override.tf"]
    whole = members({"main.tf": "", "empty.tf": "", **dict.fromkeys(names, "")})
    late = [
        each._replace(entry={"time": 0xBF7D, "extra": b"UT\x05\x00\x01\xff\xff\xff\x7f"})
        for each in whole
    ]
    assert len(saved_plan.read(zipped(late), "tfplan").files) == 7


def test_the_list_of_modules_is_written_as_go_writes_it() -> None:
    odd = {
        "Key": "m",
        "Source": "git::https://host/a?x=<1>&y=2",
        "Version": "1.0.0",
        "Dir": "a\\b\u2028é",
    }
    text = manifest(odd).replace("\u2028".encode(), b"\\u2028")
    whole = members({"main.tf": ""})
    data = zipped(
        [each._replace(content=text) if each.name.endswith(".json") else each for each in whole]
    )
    assert saved_plan.read(data, "tfplan").modules[1].dir == odd["Dir"]


def test_a_packed_saved_plan_is_one(tmp_path: Path) -> None:
    (tmp_path / "tfplan").write_bytes(gzip.compress(EDITS["stored"][1]))
    result = CliRunner().invoke(main, ["check", "--no-checkov", str(tmp_path / "tfplan")])
    assert (result.exit_code, "(rule 4 of" in result.stderr) == (2, True)


ONE = 'resource "terraform_data" "a" {\n  input = "kept"\n}\n'
CONFIGURATIONS: dict[str, Mapping[str, str]] = {
    "one": {"main.tf": ONE},
    "nothing to do": {"main.tf": "locals {\n  a = 1\n}\n"},
    "outputs only": {"main.tf": 'output "o" {\n  value = "v"\n}\n'},
    "names": {"ä ö.tf": ONE, "a~b.tf": 'locals { b = "~" }\n', "empty.tf": ""},
    "JSON": {"main.tf.json": '{"resource": {"terraform_data": {"a": {"input": "kept"}}}}'},
    "override": {"main.tf": ONE, "override.tf": 'resource "terraform_data" "a" {\n  input = "o"\n}\n'},
    "beside it": {
        "main.tf": ONE,
        "a.tftest.hcl": "",
        "x.txt": "x",
        "terraform.tfvars": "",
        "a.tofu": "x",
    },
    "modules": {
        "main.tf": 'module "b" {\n  source = "./m"\n}\nmodule "a" {\n  source = "./m"\n}\n',
        "m/main.tf": ONE + 'module "in" {\n  source = "../n"\n}\n',
        "n/n.tf": 'output "o" {\n  value = 1\n}\n',
    },
    "many": {
        "main.tf": "".join(f'module "m{n}" {{\n  source = "./m"\n}}\n' for n in range(60)),
        "m/main.tf": ONE,
    },
    "instances": {
        "main.tf": 'resource "terraform_data" "a" {\n  count = 500\n  input = count.index\n}\n'
    },
    "large": {"main.tf": ONE + "# filler\n" * 100_000},
    "a module <&> of odd name": {"main.tf": 'module "m" {\n  source = "./a&b"\n}\n', "a&b/main.tf": ONE},
    "a failed check": {
        "main.tf": ONE + 'check "c" {\n  assert {\n    condition     = terraform_data.a.input == "x"\n'
        '    error_message = "E."\n  }\n}\n'
    },
    "marked": {"main.tf": 'variable "v" {\n  default = "s"\n  sensitive = true\n}\n' + ONE},
}
POSTCONDITION = (
    'postcondition {\n      condition     = self.input == "x"\n      error_message = "E."\n    }'
)
WAYS: dict[str, tuple[str, ...]] = {
    "create": (),
    "destroy": ("-destroy",),
    "without refresh": ("-refresh=false",),
}
REAL = [*itertools.product(CONFIGURATIONS, WAYS)]


def terraform(folder: Path, *arguments: str, check: bool = True) -> bytes:
    """Run the real Terraform."""
    environment = {key: value for key, value in os.environ.items() if key != "TF_CLI_CONFIG_FILE"}
    command = ["terraform", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=check, capture_output=True).stdout


def planned(folder: Path, files: Mapping[str, str], *options: str, check: bool = True) -> bytes:
    """The saved plan of these files."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    terraform(folder, "init", "-input=false")
    terraform(folder, "plan", "-input=false", "-out=tfplan", *options, check=check)
    return (folder / "tfplan").read_bytes()


@needs_terraform
@pytest.mark.parametrize(("configuration", "way"), REAL)
def test_what_the_real_terraform_writes_is_taken(tmp_path: Path, configuration: str, way: str) -> None:
    data = planned(tmp_path, CONFIGURATIONS[configuration], *WAYS[way])
    found = saved_plan.read(data, "tfplan")
    assert found.made_by is Maker.TERRAFORM
    assert set(found.digests) == {each.name for each in unzipped(data)}


@needs_terraform
def test_plans_over_a_state_and_failed_ones_are_taken_too(tmp_path: Path) -> None:
    planned(tmp_path, CONFIGURATIONS["one"])
    terraform(tmp_path, "apply", "-input=false", "tfplan")
    more = (
        ("-refresh-only",),
        ("-replace=terraform_data.a",),
        ("-target=terraform_data.a",),
        ("-destroy",),
        (),
    )
    taken = [planned(tmp_path, {"main.tf": ONE.replace("kept", "other")}, *each) for each in more]
    gone = "removed {\n  from = terraform_data.a\n  lifecycle {\n    destroy = false\n  }\n}\n"
    taken.append(planned(tmp_path, {"main.tf": gone}))
    failing = ONE.replace("}", f"  lifecycle {{\n    {POSTCONDITION}\n  }}\n}}")
    taken.append(planned(tmp_path, {"main.tf": failing}, check=False))
    ways = [saved_plan.read(data, "tfplan").way for data in taken]
    assert len(set(taken)) == len(taken)
    assert ways == [
        Way(PlanMode.REFRESH_ONLY),
        Way(),
        Way(targets=("terraform_data.a",)),
        Way(PlanMode.DESTROY),
        *[Way()] * 3,
    ]


@needs_terraform
def test_edits_of_a_real_plan_are_refused_and_a_faithful_copy_is_taken(tmp_path: Path) -> None:
    real = unzipped(planned(tmp_path, CONFIGURATIONS["modules"]))
    assert saved_plan.read(zipped(real), "tfplan").digests == {
        each.name: sha256(each.content) for each in real
    }
    edits = saved_plan_edits.every(real)
    assert len(edits) >= 60
    for name, (line, data) in edits.items():
        with pytest.raises(BrokenDocument, match=rf"\(rule {line} of"):
            saved_plan.read(data, name)


def test_the_edits_begin_with_a_plan_that_is_taken() -> None:
    assert saved_plan.read(saved({"main.tf": ""}), "tfplan").version == "1.11.4"
    assert tfplan().startswith(b"\x08\x03")


OTHER_SOURCE = b'resource "terraform_data" "evil" {}\n'
OTHER = saved({"main.tf": 'resource "terraform_data" "evil" {}\n'})
FLAGS_AT = 3


def packed(data: bytes, *, extra: bytes = b"", name: bytes = b"", note: bytes = b"") -> bytes:
    """Gzip of the data, with fields in its header that may hold anything."""
    whole = gzip.compress(data, mtime=0)
    flags = (4 if extra else 0) | (8 if name else 0) | (16 if note else 0)
    header = whole[:FLAGS_AT] + bytes([flags]) + whole[FLAGS_AT + 1 : 10]
    header += struct.pack("<H", len(extra)) + extra if extra else b""
    header += name + b"\0" if name else b""
    header += note + b"\0" if note else b""
    return header + whole[10:]


def stored(data: bytes) -> bytes:
    """Gzip of the data, which leaves them as they are."""
    return gzip.compress(data, 0, mtime=0)


JSON = (Path(__file__).parents[3] / "plans" / "corrected.json").read_bytes()
GOOD = saved({"main.tf": ""})
FILLED = JSON + b" " * 66_000
TWICE: dict[str, bytes] = {
    "a saved plan in the header of JSON": packed(JSON, extra=OTHER),
    "a saved plan in the header of a saved plan": packed(GOOD, extra=OTHER),
    "an extra field": packed(JSON, extra=b"BC\x02\x00\x01\x02"),
    "a comment": packed(JSON, note=b"note"),
    "a name that ends a zip": packed(b"{}", name=b"PK\x05\x06"),
    "a saved plan left as it is": stored(GOOD),
    "a saved plan behind": gzip.compress(JSON) + OTHER,
    "bytes behind": gzip.compress(JSON) + b"\0",
    "a second packed file": gzip.compress(JSON) + gzip.compress(b""),
    "a second packed file with a saved plan": gzip.compress(JSON) + packed(b" ", extra=OTHER),
    "a saved plan behind the stream, in its trailer": gzip.compress(JSON)[:-8] + OTHER,
    "JSON with a saved plan behind": JSON + OTHER,
    "JSON with a saved plan and space behind": FILLED[:-66_000] + OTHER + b" " * 66_000,
    "JSON with the end of a zip far before its end": JSON[:2] + GOOD[-22:] + b" " * 65_560 + JSON[2:],
    "UTF-16 with the end of a zip": b"\xff\xfe"
    + ('{"note": "' + b"PK\x05\x06\0\0\0\0".decode("utf-16-le") + '",').encode("utf-16-le")
    + JSON.decode()[1:].encode("utf-16-le"),
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the plan JSON."""
    folder = tmp_path_factory.mktemp("judged")
    (folder / "plan").write_bytes(JSON)
    given = ["check", "--no-checkov", str(folder / "plan"), "-o", f"json={folder / 'evidence.json'}"]
    checked = CliRunner().invoke(main, given)
    assert checked.exit_code == 0, checked.output
    return folder / "evidence.json"


@attack(
    "Plan JSON, or a file packed with gzip, in which another program finds a saved plan",
    promise=Promise.VERIFY,
    happens="Refused, exit code 2",
)
@pytest.mark.parametrize("name", TWICE)
@pytest.mark.parametrize("command", ["check", "verify"])
def test_a_file_in_which_another_program_finds_another_plan_is_refused(
    tmp_path: Path, record: Path, name: str, command: str
) -> None:
    plan = tmp_path / "plan"
    plan.write_bytes(TWICE[name])
    given = [str(record), str(plan)] if command == "verify" else ["--no-checkov", str(plan)]
    result = CliRunner().invoke(main, [command, *given])
    assert result.exit_code == 2, result.output
    assert "two programs" in result.stderr or "does not unpack" in result.stderr


@pytest.mark.parametrize("key", ["remote_plan_format", "Remote_Plan_FORMAT", "\\u0072emote_plan_format"])
def test_plan_json_that_is_a_run_of_hcp_terraform_as_well_is_refused(tmp_path: Path, key: str) -> None:
    """Go reads keys in any case, and `terraform apply` starts the run."""
    (tmp_path / "plan").write_bytes(b'{"%s": 1, "run_id": "run-1", ' % key.encode() + JSON[1:])
    result = CliRunner().invoke(main, ["check", "--no-checkov", str(tmp_path / "plan")])
    assert result.exit_code == 2
    assert "bookmark of a plan in HCP Terraform" in result.stderr


def test_gzip_as_gzip_writes_it_is_unpacked() -> None:
    for data in (packed(JSON, name=b"plan.json"), gzip.compress(JSON), stored(JSON)):
        assert document.unpacked(data, "plan") == JSON


@pytest.mark.parametrize("odd", ["a\\b.tf", "a\tb.tf", "a\nb.tf", "a\x7fb.tf", "a\udce9b.tf"])
def test_a_file_name_that_a_folder_may_have_is_refused_with_the_advice_to_rename_it(odd: str) -> None:
    raw = odd.encode("utf-8", "surrogateescape")
    where = {"name": b"tfconfig/m-/" + raw, "flags": 0x0808}
    whole = members({"main.tf": ""})
    data = zipped([each._replace(entry=where) if "main" in each.name else each for each in whole])
    with pytest.raises(BrokenDocument, match=r"Rename the file") as refused:
        saved_plan.read(data, "tfplan")
    assert "edited" not in str(refused.value)


CALL = 'module "m" {\n  source = "./m"\n}\n'


def test_a_module_is_reached_by_a_call_or_refused() -> None:
    of_zip(saved({"main.tf": CALL, "m/main.tf": ONE}), "tfplan")
    for files in ({"main.tf": ONE, "m/main.tf": ONE}, {"main.tf": CALL, "m/main.tf": ONE, "n/a.tf": ""}):
        with pytest.raises(BrokenDocument, match=r"no call leads to the module '[mn]'"):
            of_zip(saved(files), "tfplan")


def test_two_calls_of_one_module_have_one_folder_and_the_same_files() -> None:
    calls = "".join(f'module "{name}" {{\n  source = "./m"\n}}\n' for name in "ab")
    whole = members({"main.tf": calls, "a/main.tf": ONE, "b/main.tf": ONE})
    both = [{"Key": name, "Source": "./m", "Dir": "m"} for name in "ab"]
    data = [
        each._replace(content=manifest(*both)) if each.name.endswith(".json") else each for each in whole
    ]
    assert of_zip(zipped(data), "tfplan").position("module.b.terraform_data.a") == "m/main.tf:1"
    other = [
        each._replace(content=OTHER_SOURCE) if each.name.endswith("m-b/main.tf") else each
        for each in data
    ]
    with pytest.raises(BrokenDocument, match=r"\(rule 15 of"):
        of_zip(zipped(other), "tfplan")
