"""Does `planspec verify` let pass only what was judged, as it was judged, and passed?"""

import gzip
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.support.attacks import Promise, attack
from tests.support.judged import CORRECTED, ROOT, Judged, edit, forged, keys, run, seal_again
from tests.support.saved_plan_edits import unzipped
from tests.support.saved_plans import sha256, zipped

INHERITED = ROOT / "plans" / "inherited.json"
TODAY = datetime.now(UTC).date()
WAIVER = """[[waiver]]
requirement = "EXP-01"
address = "aws_db_instance.main"
reason = "moves behind the proxy"
owner = "platform"
approver = "Ada Lovelace"
created = {created}
expires = {expires}
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """The corrected plan, judged once for all tests that change something afterwards."""
    found = Judged(tmp_path_factory.mktemp("judged"))
    result = found.check()
    assert result.exit_code == 0, result.output
    return found


@pytest.fixture
def judged(first: Judged, tmp_path: Path) -> Judged:
    """The corrected plan, judged, with a record and files of its own."""
    found = Judged(tmp_path)
    shutil.copyfile(first.record, found.record)
    return found


def test_the_plan_that_was_judged_is_verified_also_packed_and_under_another_name(
    judged: Judged, tmp_path: Path
) -> None:
    assert judged.verify().exit_code == 0
    packed = tmp_path / "elsewhere.json.gz"
    packed.write_bytes(gzip.compress(CORRECTED.read_bytes()))
    assert judged.verify(plan=packed).exit_code == 0
    other = tmp_path / "utf16.json"
    other.write_bytes(CORRECTED.read_text(encoding="utf-8").encode("utf-16"))
    result = judged.verify(plan=other)
    assert result.exit_code == 0, result.output
    assert "verified: " in result.stdout


def test_verifying_works_without_the_folder_that_was_judged_in(
    judged: Judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert judged.verify().exit_code == 0


def append(path: Path) -> None:
    """Change a file without changing what it means."""
    path.write_text(f"{path.read_text(encoding='utf-8')}\n# changed\n", encoding="utf-8")


def forget_a_scenario(record: dict[str, Any]) -> None:
    """Leave one scenario out."""
    record["scenarios"].pop()


def forge_a_pass(record: dict[str, Any]) -> None:
    """Write a record as if every scenario had held."""
    for scenario in record["scenarios"]:
        scenario["findings"] = []
        scenario["verdict"] = "satisfied" if scenario["examined"] else scenario["verdict"]
    seal_again(record)


def judge_another_plan(record: dict[str, Any]) -> None:
    """Put another plan's digests into the record."""
    record["plan"]["sha256"] = record["plan"]["document_sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (lambda judged: append(judged.features / "cost.feature"), "the features are not those"),
        (lambda judged: (judged.features / "cost.feature").unlink(), "cost.feature"),
        (lambda judged: append(judged.policies / "waivers.toml"), "the waivers are not those"),
        (lambda judged: (judged.policies / "waivers.toml").unlink(), "the waivers are not those"),
        (lambda judged: append(judged.policies / "parameters.toml"), "parameters.toml"),
        (lambda judged: append(judged.policies / "checkov" / "deployments.yaml"), "deployments.yaml"),
        (edit(forget_a_scenario), "its seal does not fit"),
        (edit(judge_another_plan), "its seal does not fit"),
        (edit(lambda record: record.update(judged_on="2026-01-01")), "its seal does not fit"),
        (edit(lambda record: record["seal"].update(judged_at="2026-01-01T00:00:00Z")), "its seal"),
        (edit(lambda record: record.update(more=1)), "its seal does not fit"),
    ],
    ids=[
        *("feature", "feature gone", "waivers", "waivers gone", "parameters", "check of Checkov"),
        *("scenario", "plan", "day", "time", "one more key"),
    ],
)
def test_what_was_changed_since_is_refused(
    judged: Judged, tamper: Callable[[Judged], object], says: str
) -> None:
    tamper(judged)
    result = judged.verify()
    assert result.exit_code == 1, result.output
    assert says in result.stderr


def test_a_record_that_is_only_formatted_in_another_way_is_the_same_record(judged: Judged) -> None:
    record = json.loads(judged.record.read_text(encoding="utf-8"))
    judged.record.write_text(json.dumps(record, sort_keys=True), encoding="utf-8")
    assert judged.verify().exit_code == 0


def test_another_plan_is_refused(judged: Judged, tmp_path: Path) -> None:
    result = judged.verify(plan=INHERITED)
    assert result.exit_code == 1
    assert "is not the plan that was judged" in result.stderr
    changed = tmp_path / "changed.json"
    plan = CORRECTED.read_text(encoding="utf-8")
    changed.write_text(plan.replace('"deletion_protection":true', '"deletion_protection":false'))
    assert changed.read_text() != plan
    assert judged.verify(plan=changed).exit_code == 1


def test_a_plan_that_did_not_pass_is_refused(tmp_path: Path) -> None:
    judged = Judged(tmp_path, INHERITED)
    assert judged.check().exit_code == 1
    result = judged.verify()
    assert result.exit_code == 1
    assert "the plan did not pass: AVA-01.2, " in result.stderr


def test_a_verdict_that_was_edited_and_sealed_again_is_refused_with_a_signature(
    tmp_path: Path,
) -> None:
    """Whoever can write the record can seal it again, so unsigned it would be believed."""
    key, public = keys(tmp_path)
    judged = Judged(tmp_path, INHERITED)
    judged.check("--sign", key)
    edit(forge_a_pass)(judged)
    assert judged.verify().exit_code == 0
    again = judged.verify("--again", "--no-checkov")
    assert again.exit_code == 1
    assert "came out otherwise: AVA-01.2" in again.stderr
    refused = judged.verify("--public-key", public)
    assert refused.exit_code == 1
    assert "is not signed with the key" in refused.stderr


@attack(
    "A record that was written by hand and sealed again: other verdicts, no Checkov, other options",
    promise=Promise.VERIFY,
    happens="Refused with `--again`, which judges by its own options and compares the whole record; the"
    " signature shows it too",
)
@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (
            lambda record: record["scenarios"][0]["examined"].append("aws_db_instance.other"),
            "came out otherwise",
        ),
        (lambda record: record["resources"].pop(), "something else in: resources"),
        (lambda record: record["plan"].update(changes_total=1), "plan.changes_total"),
        (lambda record: record["checkov"].update(missing="no need"), "checkov.missing"),
        (lambda record: None, ""),
    ],
    ids=["more examined", "a resource less", "a count", "Checkov", "nothing"],
)
def test_judging_again_finds_what_was_forged_and_accepts_what_was_not(
    judged: Judged, forge: Callable[[dict[str, Any]], object], says: str
) -> None:
    forged(judged, forge)
    assert judged.verify().exit_code == 0
    again = judged.verify("--again", "--no-checkov")
    assert again.exit_code == int(bool(says)), again.output
    assert says in again.stderr


def invent_a_waiver(record: dict[str, Any]) -> None:
    """List a waiver that nobody wrote."""
    fields = dict.fromkeys(("requirement", "address", "reason", "owner", "approver"), "x")
    days = {"created": "2026-01-01", "expires": "2999-01-01"}
    more = {"ticket": "", "observed": "", "standing": "in force", "used": True}
    record["waivers"].append(fields | days | more)


@attack(
    "A record that leaves a scenario out, calls it advisory, or invents a waiver",
    promise=Promise.VERIFY,
    happens="Refused: the record is compared with its features and waivers",
)
@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (lambda record: record["scenarios"].pop(), "the record lacks scenarios"),
        (lambda record: record["scenarios"].append(record["scenarios"][0]), "the record invents"),
        (lambda record: record["scenarios"][0].update(enforcement="advisory"), "lacks scenarios"),
        (lambda record: record["scenarios"][0].update(name="other"), "invents scenarios"),
        (invent_a_waiver, "the waivers of the record are not those of waivers.toml: x for x"),
    ],
    ids=["a scenario less", "one twice", "only advice", "another name", "a waiver"],
)
def test_a_record_holds_the_scenarios_and_waivers_that_its_files_say(
    judged: Judged, forge: Callable[[dict[str, Any]], object], says: str
) -> None:
    forged(judged, forge)
    refused = judged.verify()
    assert refused.exit_code == 1, refused.output
    assert says in refused.stderr


def test_options_of_the_check_are_demanded_and_never_taken_from_the_record(judged: Judged) -> None:
    assert judged.verify("--min-coverage", "1").exit_code == 0
    assert "at least 99.9 % is asked" in judged.verify("--min-coverage", "99.9").stderr
    forged(judged, lambda record: record.update(waivers_unused=["EXP-01 for a"]))
    assert "--require-used-waivers forbids" in judged.verify("--require-used-waivers").stderr
    forged(judged, lambda record: record.update(waivers_unused=[], coverage=None))
    assert "does not tell the coverage" in judged.verify("--min-coverage", "1").stderr
    forged(judged, lambda record: record["checkov"].update(version="3", corrections=["x"]))
    assert "with --checkov-corrected, which is not asked" in judged.verify().stderr
    forged(judged, lambda record: record["checkov"].update(corrections=[]))
    assert "without --checkov-corrected" in judged.verify("--checkov-corrected").stderr
    assert judged.verify("--no-checkov", "--require-checkov").exit_code == 2


def test_a_record_without_checkov_differs_where_checkov_judges_again(
    judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether Checkov is asked is for the one who verifies to say."""
    asked: list[str] = []

    def start(*given: Any, **_: Any) -> tuple[None, str]:
        asked.append(given[2].runner)
        return None, "another reason"

    monkeypatch.setattr("planspec.runner.checkov_findings.start", start)
    again = judged.verify("--again")
    assert asked == ["fast"]
    assert again.exit_code == 1
    assert "checkov.missing" in again.stderr


def test_of_two_scenarios_of_one_name_none_hides_the_other(tmp_path: Path) -> None:
    judged = Judged(tmp_path)
    shutil.rmtree(judged.features)
    judged.features.mkdir()
    for name in ("a", "b"):
        text = OWN.format(value="x").replace("terraform_data", "aws_db_instance")
        text = text.replace('"input" must be "x"', '"engine" must be "postgres"')
        (judged.features / f"{name}.feature").write_text(text)
    assert judged.check().exit_code == 0
    assert judged.verify("--again", "--no-checkov").exit_code == 0
    forged(judged, lambda record: record["scenarios"][0]["examined"].append("aws_db_instance.other"))
    assert judged.verify("--again", "--no-checkov").exit_code == 1


def test_a_signature_is_compared_with_the_key_that_is_asked_for(tmp_path: Path) -> None:
    key, public = keys(tmp_path)
    _, stranger = keys(tmp_path, "stranger")
    judged = Judged(tmp_path)
    judged.check()
    assert "is not signed; " in judged.verify("--public-key", public).stderr
    assert judged.check("--sign", key).exit_code == 0
    assert judged.verify("--public-key", public).exit_code == 0
    assert judged.verify("--public-key", stranger).exit_code == 1
    assert "--public-key KEY compares the signature" in judged.verify().stdout


@pytest.mark.parametrize("content", [b"", b"no key", None])
def test_a_key_that_is_none_is_said_before_anything_is_judged(
    tmp_path: Path, content: bytes | None
) -> None:
    key = tmp_path / "key"
    if content is not None:
        key.write_bytes(content)
    judged = Judged(tmp_path)
    result = judged.check("--sign", key)
    assert result.exit_code == 2
    assert "openssl genpkey -algorithm ed25519" in result.stderr
    assert not judged.record.exists()


def test_a_selection_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    judged = Judged(tmp_path, CORRECTED, "--tags", "@EXP-01")
    assert judged.check().exit_code == 0
    refused = judged.verify()
    assert refused.exit_code == 1
    assert 'what was judged is the scenarios of --tags "@EXP-01"; expected all' in refused.stderr
    assert judged.verify("--tags", "@EXP-01").exit_code == 0


def test_what_the_pipeline_demands_is_demanded_of_the_record(judged: Judged) -> None:
    refused = judged.verify("--require-checkov", "--require-applicable")
    assert refused.exit_code == 1
    assert "Checkov did not run alongside the features: switched off" in refused.stderr
    assert "was judged without --require-applicable" in refused.stderr


@attack(
    "A verdict that rests on a waiver that has expired since",
    promise=Promise.VERIFY,
    happens="Refused on the day after its last",
)
def test_a_waiver_that_has_expired_since_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = Judged(tmp_path, INHERITED, "--tags", "@EXP-01")
    waiver = WAIVER.format(created=TODAY, expires=TODAY)
    (judged.policies / "waivers.toml").write_text(waiver, encoding="utf-8")
    assert judged.check().exit_code == 0
    assert judged.verify("--tags", "@EXP-01").exit_code == 0

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Tomorrow":
            return cls.fromtimestamp((datetime.now(tz) + timedelta(days=1)).timestamp(), tz)

    monkeypatch.setattr("planspec.cli.commands.verify.datetime", Tomorrow)
    refused = judged.verify("--tags", "@EXP-01")
    assert refused.exit_code == 1
    assert "is no longer in force: EXP-01 for aws_db_instance.main" in refused.stderr


@pytest.mark.parametrize("name", ["plans/corrected.json", "README.md", "nowhere.json"])
def test_what_is_no_record_cannot_be_verified(name: str) -> None:
    result = run("verify", ROOT / name, CORRECTED)
    assert result.exit_code == 2
    assert name in result.stderr


OWN = """Feature: Own

  Scenario: Notes are kept
    Given the Terraform plan
    When we examine every planned "terraform_data"
    Then every "input" must be "{value}"
"""


needs_terraform = pytest.mark.usefixtures("terraform")
LOCAL = """locals {{
  word = "{word}"
}}

resource "terraform_data" "a" {{
  input = "kept"
}}

output "o" {{
  value = "${{terraform_data.a.id}}-${{local.word}}"
}}
"""


class Planned:
    """A folder with a plan of the real Terraform, judged by a feature of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.record = folder, folder / "evidence.json"
        own = folder / "own.feature"
        own.write_text(OWN.format(value="kept"), encoding="utf-8")
        self.by = ("--features", own)

    def plan(self, name: str, source: str) -> tuple[Path, Path]:
        """The saved plan of this source under this name, and its JSON."""
        (self.folder / "main.tf").write_text(source)
        self.terraform("init")
        self.terraform("plan", f"-out={name}")
        shown = self.folder / f"{name}.json"
        shown.write_bytes(self.terraform("show", "-json", name))
        return self.folder / name, shown

    def terraform(self, *arguments: str) -> bytes:
        """Run Terraform in the folder."""
        command = ["terraform", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, check=True).stdout

    def check(self, plan: Path) -> dict[str, Any]:
        """Judge a plan, which has to pass, and return its record."""
        checked = run("check", "--no-checkov", plan, *self.by, "-o", f"json={self.record}")
        assert checked.exit_code == 0, checked.output
        record: dict[str, Any] = json.loads(self.record.read_text())
        return record

    def verify(self, plan: Path, *options: str) -> Result:
        """Verify a plan against the record."""
        return run("verify", self.record, plan, *self.by, *options)


KEPT = 'resource "terraform_data" "a" {\n  input = "kept"\n}\n'


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    """A folder to plan in."""
    return Planned(tmp_path)


@needs_terraform
def test_the_saved_plan_that_was_judged_is_verified_and_so_is_its_json(planned: Planned) -> None:
    saved, shown = planned.plan("tfplan", KEPT)
    record = planned.check(saved)
    assert record["plan"]["kind"] == "saved plan"
    assert record["plan"]["members"] == {
        each.name: sha256(each.content) for each in unzipped(saved.read_bytes())
    }
    assert planned.verify(saved).exit_code == 0
    packed = planned.folder / "tfplan.gz"
    packed.write_bytes(gzip.compress(saved.read_bytes()))
    refused = planned.verify(packed)
    assert refused.exit_code == 1
    assert "which terraform apply cannot read" in refused.stderr
    planned.check(packed)
    assert planned.verify(saved).exit_code == 0
    beside = planned.verify(shown)
    assert beside.exit_code == 0
    assert "only plan JSON was compared" in beside.stdout


@attack(
    "A saved plan with the JSON of the plan that was judged and another configuration, from which apply"
    " writes something else",
    promise=Promise.VERIFY,
    happens="Refused, with the member that differs; also where only the JSON was judged",
)
@needs_terraform
@pytest.mark.parametrize("again", [False, True])
def test_a_saved_plan_with_the_same_json_and_another_configuration_is_refused(
    tmp_path: Path, again: bool
) -> None:
    """Apply reads locals from the configuration inside the saved plan; no JSON holds them."""
    planned = Planned(tmp_path)
    judged, shown = planned.plan("tfplan", LOCAL.format(word="good"))
    members = [
        each._replace(content=each.content.replace(b"good", b"evil"))
        for each in unzipped(judged.read_bytes())
    ]
    other = tmp_path / "other"
    other.write_bytes(zipped(members))
    assert planned.terraform("show", "-json", "other") == shown.read_bytes()
    planned.check(judged)
    refused = planned.verify(other, *(["--again"] if again else []))
    assert refused.exit_code == 1, refused.output
    assert "tfconfig/m-/main.tf in it differs" in refused.stderr
    planned.check(shown)
    for plan in (judged, other):
        unknown = planned.verify(plan)
        assert unknown.exit_code == 1
        assert "only plan JSON was judged" in unknown.stderr
        assert f"planspec check {plan}" in unknown.stderr
        allowed = planned.verify(plan, "--json-only")
        assert allowed.exit_code == 0, allowed.output
        assert "only plan JSON was compared" in allowed.stdout
    assert planned.verify(shown).exit_code == 0


@attack(
    "The same members packed anew by a faithful writer, or the plan made again from the same source",
    promise=Promise.VERIFY,
    happens="Refused: another file than the one that was judged",
)
@needs_terraform
def test_a_plan_that_was_made_or_packed_again_is_refused(planned: Planned) -> None:
    saved, _ = planned.plan("tfplan", KEPT)
    planned.check(saved)
    copy, same = planned.folder / "copy", planned.folder / "same"
    copy.write_bytes(zipped(unzipped(saved.read_bytes())))
    shutil.copy(saved, same)
    assert planned.verify(same).exit_code == 0
    anew = planned.verify(copy)
    assert anew.exit_code == 1
    assert "its members are the same, packed anew" in anew.stderr
    time.sleep(1.1)  # two plans of the same second are the same, byte for byte
    again, _ = planned.plan("again", KEPT)
    assert "is not the plan that was judged" in planned.verify(again).stderr
    # A record of a saved plan knows more than the JSON, so that the option changes nothing.
    assert planned.verify(again, "--json-only").exit_code == 1


@needs_terraform
def test_a_record_whose_members_were_edited_is_refused(planned: Planned) -> None:
    saved, other = planned.plan("tfplan", KEPT)[0], KEPT.replace('"a"', '"b"')
    record = planned.check(saved)
    record["plan"]["members"]["tfplan"] = "0" * 64
    seal_again(record)
    planned.record.write_text(json.dumps(record), encoding="utf-8")
    assert "other digests for tfplan" in planned.verify(saved).stderr
    planned.check(saved)
    assert planned.verify(saved, "--again", "--no-checkov").exit_code == 0
    forged(planned, lambda record: record["plan"].update(document_sha256="0" * 64, providers=[]))
    again = planned.verify(saved, "--again", "--no-checkov")
    assert "something else in: plan.document_sha256" in again.stderr
    planned.check(saved)
    another, shown = planned.plan("other", other)
    for each in (another, shown):
        assert planned.verify(each).exit_code == 1
