"""Does a baseline let pass what was there, and nothing that is new or got worse?"""

import copy
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from planspec.errors import PolicyError
from planspec.finding import fingerprint_of_value
from planspec.policies import Baseline, KnownFinding, encode_baseline, known, read_baseline
from tests.support.plans import block, configuration, document, refers, resource
from tests.support.plans import encode as written

FEATURE = """Feature: F
  Scenario: OWN-01.1 Logs are kept
    When we examine every planned "aws_cloudwatch_log_group"
    Then every "retention_in_days" must be at least 30

  Scenario: OWN-01.2 Logs are encrypted
    When we examine every planned "aws_cloudwatch_log_group"
    Then every "kms_key_id" must be set
"""
KIND = "aws_cloudwatch_log_group"
Document = dict[str, Any]


def logs(
    name: str = "api", days: int = 7, actions: Sequence[str] = ("no-op",), **place: Any
) -> Document:
    """A group of logs that exists and stays, unless another action is given."""
    values: Document = {"name": name, "retention_in_days": days, "kms_key_id": None}
    return resource(
        KIND, "x" if name == "*" else name, actions=actions, **place, **(values | {"name": name})
    )


class Desk:
    """A folder in which a team judges its plan."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "f.feature").write_text(FEATURE, encoding="utf-8")

    def run(self, command: str, *arguments: str) -> Result:
        """One command of planspec, its files in this folder."""
        return CliRunner().invoke(main, [command, *arguments])

    def check(self, *entries: Document, today: str = "", known: bool = True) -> Result:
        """Judge a plan; the record is kept."""
        blocks = configuration(
            *(
                block(KIND, each["name"], name=refers("var.x"))
                for each in entries
                if "module_address" not in each
            )
        )
        (self.folder / "plan.json").write_bytes(written(document(*entries, configuration=blocks)))
        chosen = ["--no-checkov", "--features", str(self.folder / "f.feature")]
        chosen += ["--baseline", str(self.folder / "b.json")] if known else []
        record = str(self.folder / "e.json")
        return self.run(
            "check", str(self.folder / "plan.json"), *chosen, "-o", "console", "-o", f"json={record}"
        )

    def keep(self, *more: str) -> Result:
        """Keep the findings of the last record."""
        files = (str(self.folder / "e.json"), "-o", str(self.folder / "b.json"))
        return self.run("baseline", *files, "--approver", "Ada", *more)

    @property
    def kept(self) -> Document:
        """The baseline as it was written."""
        found: Document = json.loads((self.folder / "b.json").read_bytes())
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A team that has kept the findings of its first day."""
    made = Desk(tmp_path)
    assert made.check(logs(), known=False).exit_code == 1
    result = made.keep()
    assert result.exit_code == 0, result.output
    assert "2 findings are known until" in result.stdout
    return made


def test_what_is_known_passes_and_is_told_in_one_line(desk: Desk) -> None:
    result = desk.check(logs())
    assert result.exit_code == 0, result.output
    today = datetime.now(UTC).date()
    assert f"2 findings are known since {today}, until {today + timedelta(days=180)}" in result.stdout
    assert "Waived" not in result.stdout
    assert result.stdout.count("aws_cloudwatch_log_group.api") == 0


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([logs(days=3)], "retention_in_days is 3"),
        ([logs(days=8)], "retention_in_days is 8"),
        ([logs(), logs("new", days=7)], "aws_cloudwatch_log_group.new"),
        ([logs(actions=["update"]), logs("new", actions=["create"])], "aws_cloudwatch_log_group.new"),
        ([logs("other")], "aws_cloudwatch_log_group.other"),
        ([logs(module="module.m")], "module.m.aws_cloudwatch_log_group.api"),
    ],
    ids=["worse", "other", "new", "created", "renamed by hand", "in a module"],
)
def test_what_is_new_or_has_another_value_blocks(desk: Desk, entries: list[Document], says: str) -> None:
    result = desk.check(*entries)
    assert result.exit_code == 1, result.output
    assert says in result.stdout


def test_a_star_in_an_address_knows_nothing_else(tmp_path: Path) -> None:
    made = Desk(tmp_path)
    assert made.check(logs(index="*"), known=False).exit_code == 1
    assert made.keep().exit_code == 0
    assert made.check(logs(index="*")).exit_code == 0
    assert made.check(logs(index="x")).exit_code == 1


def test_what_terraform_moves_keeps_what_is_known_of_it(desk: Desk) -> None:
    moved = logs("main") | {"previous_address": f"{KIND}.api"}
    assert desk.check(moved).exit_code == 0
    assert desk.check(moved, logs()).exit_code == 1, "the old address is another object now"
    assert desk.check(logs("main", days=5) | {"previous_address": f"{KIND}.api"}).exit_code == 1


def test_a_value_that_names_the_moved_address_is_the_same() -> None:
    value = fingerprint_of_value("t.old lets t.old in")
    day = date(2026, 12, 1)
    finding = KnownFinding(requirement="R", address="t.old", value=value, since=day)
    held = Baseline(until=day, approver="Ada", reason="old", findings=[finding])
    (one,) = known(held, {"t.new": "t.old"})
    assert one.standing(day, "t.new lets t.new in") == "ends soon"
    assert one.standing(day, "t.new lets t.old2 in") == "reopened"
    assert one.covers("R", "t.new")
    assert not one.covers("R", "t.old2")
    assert not one.covers("R.1", "t.new")


def test_what_is_gone_is_dropped_and_what_stays_keeps_its_day(desk: Desk) -> None:
    kept = desk.kept
    for each in kept["findings"]:
        each["since"] = "2026-01-05"
    (desk.folder / "b.json").write_text(json.dumps(kept), encoding="utf-8")
    result = desk.check(logs(days=30), logs("new"))
    assert "1 findings are known since 2026-01-05" in result.stdout
    assert "1 of 2 were not found again, or have changed" in result.stdout
    assert desk.keep().exit_code == 0
    days = {(each["requirement"], each["address"]): each["since"] for each in desk.kept["findings"]}
    assert days.pop(("OWN-01.2", f"{KIND}.api")) == "2026-01-05"
    assert set(days) == {("OWN-01.1", f"{KIND}.new"), ("OWN-01.2", f"{KIND}.new")}
    assert set(days.values()) == {str(datetime.now(UTC).date())}


def test_after_its_last_day_everything_blocks_again(desk: Desk) -> None:
    (desk.folder / "b.json").write_text(
        json.dumps(desk.kept | {"until": "2026-11-30"}), encoding="utf-8"
    )
    result = desk.check(logs())
    assert result.exit_code == 1
    assert "EXPIRED baseline" in result.stdout


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda each: each.update(unti1="x"), "unti1"),
        (lambda each: each.update(planspec_baseline=2), "Invalid"),
        (lambda each: each["findings"][0].update(value="x"), "value"),
        (lambda each: each["findings"][0].pop("value"), "value"),
        (lambda each: each.update(approver=" "), "approver"),
        (lambda each: each.pop("until"), "until"),
    ],
    ids=["a key misspelt", "another format", "no digest", "no value", "nobody", "no end"],
)
def test_a_file_that_is_no_baseline_is_an_error(
    desk: Desk, edit: Callable[[Document], None], says: str
) -> None:
    kept = copy.deepcopy(desk.kept)
    edit(kept)
    (desk.folder / "b.json").write_text(json.dumps(kept), encoding="utf-8")
    result = desk.check(logs())
    assert result.exit_code == 2
    assert says in result.stderr
    assert "planspec baseline" in result.stderr


def test_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"No such file.*write one with: planspec baseline"):
        read_baseline(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--until", "2020-01-01"), "is over"),
        (("--until", "soon"), "soon"),
        (("--reason", " "), "write a name and a reason"),
    ],
)
def test_a_baseline_needs_a_day_to_come_and_a_reason(
    desk: Desk, more: tuple[str, ...], says: str
) -> None:
    result = desk.keep(*more)
    assert (result.exit_code, says in result.stderr) == (2, True)


def test_a_plan_without_findings_leaves_nothing_to_keep(desk: Desk) -> None:
    good = logs(days=30)
    for part in ("before", "after"):
        good["change"][part]["kms_key_id"] = "k"
    assert desk.check(good).exit_code == 0
    result = desk.keep()
    assert (result.exit_code, "found nothing" in result.stderr) == (2, True)


def test_the_record_is_bound_to_its_baseline(desk: Desk) -> None:
    assert desk.check(logs()).exit_code == 0
    files = [str(desk.folder / "e.json"), str(desk.folder / "plan.json"), "--no-checkov"]
    files += ["--features", str(desk.folder / "f.feature")]
    held = ["--baseline", str(desk.folder / "b.json")]
    assert desk.run("verify", *files, *held).exit_code == 0, desk.run("verify", *files, *held).output
    assert desk.run("verify", *files, *held, "--again").exit_code == 0
    without = desk.run("verify", *files)
    assert without.exit_code == 1
    assert "judged with a baseline (b.json), and --baseline names none here" in without.output
    kept = desk.kept
    kept["findings"].pop()
    (desk.folder / "b.json").write_text(json.dumps(kept), encoding="utf-8")
    assert desk.run("verify", *files, *held).exit_code == 1


def test_a_moved_object_verifies_too(desk: Desk) -> None:
    assert desk.check(logs("main") | {"previous_address": f"{KIND}.api"}).exit_code == 0
    files = [str(desk.folder / "e.json"), str(desk.folder / "plan.json"), "--no-checkov"]
    files += ["--features", str(desk.folder / "f.feature"), "--baseline", str(desk.folder / "b.json")]
    result = desk.run("verify", *files)
    assert result.exit_code == 0, result.output


def test_a_baseline_is_written_one_finding_a_line_in_one_order(desk: Desk) -> None:
    text = (desk.folder / "b.json").read_text(encoding="utf-8")
    assert text.count('\n    {"requirement":') == 2
    held = read_baseline(desk.folder / "b.json")
    turned = Baseline(
        until=held.until,
        approver=held.approver,
        reason=held.reason,
        findings=[*reversed(held.findings), *held.findings],
    )
    assert encode_baseline(turned).decode() == text
