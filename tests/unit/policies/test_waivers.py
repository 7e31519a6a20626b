"""Does an accepted finding stay accepted as long as somebody answers for it, and no longer?"""

import json
import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec import bundle
from planspec.cli.app import main
from planspec.finding import Finding, Judgement, Verdict, fingerprint_of_value
from planspec.policies import Waiver, applied, read_waivers, waive
from tests.support.attacks import Promise, attack

ROOT = Path(__file__).parents[3]
INHERITED = ROOT / "plans" / "inherited.json"
TODAY = datetime.now(UTC).date()
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 1)
WHO = ("--reason", "moves behind the proxy", "--owner", "platform", "--approver", "Ada Lovelace")


def run(*arguments: str | Path) -> Result:
    """Run `planspec` in this process."""
    return CliRunner().invoke(main, list(map(str, arguments)))


def found(observed: str = "true") -> Finding:
    """A finding that a waiver may be about."""
    return Finding("aws_x.y", Verdict.VIOLATED, observed, "false", "open")


def waiver(observed: str = "") -> Waiver:
    """A waiver from FIRST to LAST, bound to what was observed if that is given."""
    number = fingerprint_of_value(observed) if observed else ""
    return Waiver("EXP-01", "aws_x.*", "r", "o", "a", FIRST, LAST, "T-1", number)


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (FIRST - timedelta(days=1), "not begun"),
        (FIRST, "in force"),
        (LAST - timedelta(days=14), "in force"),
        (LAST - timedelta(days=13), "ends soon"),
        (LAST, "ends soon"),
        (LAST + timedelta(days=1), "expired"),
    ],
)
def test_a_waiver_warns_before_its_last_day_and_covers_nothing_after_it(
    day: date, standing: str
) -> None:
    (one,) = applied([found()], "EXP-01.1", [waiver()], day)
    finding, about, stands = one
    assert about == waiver()
    assert stands == standing
    assert (finding.verdict is Verdict.WAIVED) is (standing in {"in force", "ends soon"})


def test_a_waiver_bound_to_a_value_is_reopened_by_another_value() -> None:
    bound = waiver("true")
    for observed, verdict in (("true", Verdict.WAIVED), ("false", Verdict.VIOLATED)):
        judged, used = waive(Judgement(("aws_x.y",), (found(observed),)), "EXP-01.1", [bound], FIRST)
        assert judged.verdict is verdict
        assert bool(used) is (verdict is Verdict.WAIVED)
    (one,) = applied([found("false")], "EXP-01.1", [bound], FIRST)
    assert one[2] == "reopened"


def test_a_waiver_that_covers_goes_before_one_that_does_not() -> None:
    expired = Waiver("EXP-01", "aws_x.y", "old", "o", "a", FIRST, FIRST)
    (one,) = applied([found()], "EXP-01.1", [expired, waiver()], FIRST + timedelta(days=1))
    assert one[1] == waiver()


class House:
    """The policies of an organisation, and the record of a run by them."""

    def __init__(self, folder: Path, waivers: str = "") -> None:
        self.record, self.policies = folder / "evidence.json", folder / "policies"
        self.policies.mkdir()
        for name in ("parameters.toml", "controls.toml"):
            (self.policies / name).write_bytes((bundle.POLICIES / name).read_bytes())
        self.waivers = self.policies / "waivers.toml"
        if waivers:
            self.waivers.write_text(waivers, encoding="utf-8")

    def check(self, *options: str | Path) -> Result:
        """Judge the inherited plan for what can be reached from outside."""
        judged = ("check", INHERITED, "--no-checkov", "--tags", "@EXP-01 or @ENC-01")
        return run(*judged, "--policies", self.policies, "-o", f"json={self.record}", *options)

    def waive(self, *arguments: str) -> Result:
        """Accept a finding."""
        return run("waive", "--evidence", self.record, "--policies", self.policies, *arguments)

    @property
    def findings(self) -> dict[str, dict[str, Any]]:
        """The findings of the record by scenario."""
        scenarios = json.loads(self.record.read_text(encoding="utf-8"))["scenarios"]
        return {each["scenario"]: each["findings"][0] for each in scenarios if each["findings"]}


COMMENTED = "# Ours.\n\n# Nothing here yet: keep it so.\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An organisation whose waivers hold a comment, and a run that was blocked."""
    house = House(tmp_path, COMMENTED)
    assert house.check().exit_code == 1
    return house


@pytest.mark.parametrize("by", ["fingerprint", "number"])
def test_a_finding_is_waived_by_its_fingerprint_or_its_number(house: House, by: str) -> None:
    for number, finding in house.findings.items():
        name = finding["fingerprint"][:8] if by == "fingerprint" else number
        result = house.waive(name, *WHO, "--ticket", "OPS-7")
        assert result.exit_code == 0, result.output
    assert house.waivers.read_text(encoding="utf-8").startswith(COMMENTED)
    assert len(read_waivers(house.policies)) == len(house.findings) == 2
    assert house.check("--require-used-waivers").exit_code == 0
    assert {each["verdict"] for each in house.findings.values()} == {"waived"}
    assert {each["waiver"]["ticket"] for each in house.findings.values()} == {"OPS-7"}


def test_what_is_written_holds_what_was_said_whatever_it_is(house: House) -> None:
    reason = 'a "quoted"\nreason \\ with # and \x7f and ünïcode'
    arguments = ("--reason", reason, "--owner", "o", "--approver", "p", "--expires")
    assert house.waive("EXP-01.1", *arguments, str(TODAY)).exit_code == 0
    (written,) = tomllib.loads(house.waivers.read_text(encoding="utf-8"))["waiver"]
    assert written == {
        "requirement": "EXP-01.1",
        "address": "aws_db_instance.main",
        "reason": reason,
        "owner": "o",
        "approver": "p",
        "created": TODAY,
        "expires": TODAY,
    }


def test_a_bound_waiver_covers_the_value_that_was_observed(house: House) -> None:
    assert house.waive("EXP-01.1", *WHO, "--bind").exit_code == 0
    house.check()
    assert house.findings["EXP-01.1"]["verdict"] == "waived"
    text = house.waivers.read_text(encoding="utf-8")
    other = re.sub('observed = "[0-9a-f]+"', f'observed = "{"0" * 32}"', text)
    house.waivers.write_text(other, encoding="utf-8")
    result = house.check("-o", "console")
    assert house.findings["EXP-01.1"]["verdict"] == "violated"
    assert "THE VALUE HAS CHANGED SINCE IT WAS ACCEPTED" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("EXP-02.1", *WHO), "EXP-02.1: no finding of this run; it found ENC-01.1, EXP-01.1"),
        (("00000000", *WHO), "00000000: no finding of this run"),
        (("EXP-01.1", "aws_db_instance.other", *WHO), "aws_db_instance.main"),
        (("EXP-01.1", *WHO, "--expires", "2099-01-01"), "at most 365 days are allowed"),
        (("EXP-01.1", *WHO, "--expires", "2020-01-01"), "lasts from"),
        (("EXP-01.1", "--reason", " ", "--owner", "o", "--approver", "p"), "waivers.toml"),
        (("EXP-01.1", "--owner", "o", "--approver", "p"), "--reason"),
    ],
    ids=["number", "fingerprint", "address", "too long", "past", "no reason", "none given"],
)
def test_what_cannot_be_waived_is_said_and_nothing_is_written(
    house: House, arguments: tuple[str, ...], says: str
) -> None:
    result = house.waive(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert house.waivers.read_text(encoding="utf-8") == COMMENTED


def test_several_findings_of_one_number_are_listed_to_choose_from(tmp_path: Path) -> None:
    house = House(tmp_path)
    chosen = ("check", INHERITED, "--no-checkov", "--tags", "@CST-06", "-o", f"json={house.record}")
    run(*chosen)
    result = house.waive("CST-06.1", *WHO)
    assert result.exit_code == 2
    lines = [line for line in result.stderr.splitlines() if re.match(r"  [0-9a-f]{12}  CST-06", line)]
    assert len(lines) >= 2
    chosen_one = lines[0].split()[0]
    assert house.waive(chosen_one, *WHO).exit_code == 0


def test_a_waived_finding_is_not_waived_twice(house: House) -> None:
    house.waive("EXP-01.1", *WHO)
    house.check()
    again = house.waive("EXP-01.1", *WHO)
    assert again.exit_code == 2
    assert "is waived already, until" in again.stderr


def test_an_installed_planspec_takes_no_waivers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(tmp_path, COMMENTED)
    house.check()
    monkeypatch.setattr(bundle, "POLICIES", tmp_path)
    result = run("waive", "EXP-01.1", "--evidence", house.record, *WHO)
    assert result.exit_code == 2
    assert "name their folder with --policies" in result.stderr


UNUSED = """[[waiver]]
requirement = "EXP-01"
address = "aws_db_instance.gone"
reason = "r"
owner = "o"
approver = "a"
created = 2026-11-01
expires = 2027-10-01
"""


OWN = """Feature: F

  @EXP-01
  Scenario: EXP-01.9 Something
    Given the Terraform plan
    When we examine every planned "aws_lb"
    Then every "name" must be set
"""


def test_a_waiver_that_covers_nothing_is_said_and_blocks_where_that_is_asked(tmp_path: Path) -> None:
    house = House(tmp_path, UNUSED)
    feature = tmp_path / "own.feature"
    feature.write_text(OWN, encoding="utf-8")
    chosen = ("check", INHERITED, "--no-checkov", "--features", feature, "--policies", house.policies)
    assert run(*chosen).exit_code == 0
    assert "unused waiver: EXP-01 for aws_db_instance.gone" in run(*chosen).stdout
    blocked = run(*chosen, "--require-used-waivers")
    assert blocked.exit_code == 1
    assert "blocks: unused waiver: EXP-01 for aws_db_instance.gone" in blocked.stdout


def test_waived_findings_stay_in_the_terminal_and_in_full_when_asked(house: House) -> None:
    house.waive("EXP-01.1", *WHO)
    short = house.check("-o", "console").stdout
    assert "~ EXP-01.1  aws_db_instance.main  moves behind the proxy (approved by Ada Lovelace" in short
    full = house.check("-o", "console", "-v").stdout
    assert f"finding {house.findings['EXP-01.1']['fingerprint']}" in full
    assert "waived  moves behind the proxy" in full


FOR_ALL = f"""[[waiver]]
requirement = "NUMBER"
address = "*"
reason = "later"
owner = "ann"
approver = "bob"
created = {TODAY}
expires = {TODAY + timedelta(days=9)}
"""


@attack(
    "A waiver of a critical requirement for every address, or one that its owner approved",
    promise=Promise.EXIT_CODE,
    happens="Refused, exit code 2, unless `parameters.toml` allows it",
)
def test_a_critical_requirement_is_not_waived_for_every_address(tmp_path: Path) -> None:
    house = House(tmp_path, FOR_ALL.replace("NUMBER", "EXP-01"))
    refused = house.check()
    assert refused.exit_code == 2
    assert "waiver of EXP-01 for *: EXP-01.1 is critical" in refused.stderr
    parameters = house.policies / "parameters.toml"
    allowed = parameters.read_text("utf-8").replace("for_critical = false", "for_critical = true")
    parameters.write_text(allowed, encoding="utf-8")
    assert house.check().exit_code == 1
    alone = FOR_ALL.replace("NUMBER", "EXP-01").replace('"bob"', '"Ann"')
    house.waivers.write_text(alone, encoding="utf-8")
    assert '"ann" is owner and approver' in house.check().stderr


def test_another_requirement_may_be_waived_for_every_address(tmp_path: Path) -> None:
    assert House(tmp_path, FOR_ALL.replace("NUMBER", "ENC-04")).check().exit_code == 1


def test_a_finding_is_not_waived_by_its_owner_alone(house: House) -> None:
    who = ("--reason", "later", "--owner", "ann", "--approver", "ANN")
    refused = house.waive("EXP-01.1", *who)
    assert refused.exit_code == 2
    assert "is owner and approver" in refused.stderr
    assert house.waivers.read_text(encoding="utf-8") == COMMENTED
