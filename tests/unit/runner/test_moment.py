"""Is a freeze judged by the moment that was stated, and does the record keep it?"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from planspec.evidence import seal_digest
from tests.support.plans import document, encode, resource

STEPS = """Feature: Freeze

  Scenario: FRZ-01.1 No change at the weekend
    Given the Terraform plan
    When we examine every change
    Then {outcome}
"""
WEEKEND = 'there must be none from "Friday 16:00" to "Monday 08:00" in "Europe/Berlin"'
ALWAYS = 'there must be none from "2000-01-01 00:00" to "2999-01-01 00:00" in "UTC"'


def run(*arguments: str | Path) -> Result:
    """Run `planspec` in this process."""
    return CliRunner().invoke(main, list(map(str, arguments)))


class Frozen:
    """A plan that changes something, and a feature that forbids it for a time."""

    def __init__(self, folder: Path, outcome: str) -> None:
        self.plan, self.feature = folder / "plan.json", folder / "freeze.feature"
        self.record = folder / "evidence.json"
        self.plan.write_bytes(encode(document(resource("aws_s3_bucket", "b", bucket="b"))))
        self.feature.write_text(STEPS.format(outcome=outcome), encoding="utf-8")

    def check(self, *options: str) -> Result:
        """Judge the plan."""
        chosen: tuple[str | Path, ...] = (
            "--features",
            self.feature,
            "-o",
            f"json={self.record}",
            *options,
        )
        return run("check", "--no-checkov", self.plan, *chosen)

    def verify(self, *options: str) -> Result:
        """Verify the record against the plan."""
        return run("verify", self.record, self.plan, "--features", self.feature, *options)

    def held(self) -> dict[str, Any]:
        """The record."""
        found: dict[str, Any] = json.loads(self.record.read_bytes())
        return found

    def forge(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the record, and seal it again."""
        record = self.held()
        change(record)
        record["seal"]["sha256"] = seal_digest(json.dumps(record).encode(), "record")
        self.record.write_text(json.dumps(record), encoding="utf-8")


def test_the_moment_that_is_stated_decides_and_is_kept(tmp_path: Path) -> None:
    frozen = Frozen(tmp_path, WEEKEND)
    assert frozen.check("--now", "2026-12-05T12:00+01:00").exit_code == 1
    assert frozen.held()["inputs"]["moment"] == "2026-12-05T11:00:00+00:00"
    assert frozen.check("--now", "2026-12-02T12:00+01:00").exit_code == 0
    assert frozen.held()["inputs"]["moment"] == "2026-12-02T11:00:00+00:00"


def test_the_clock_decides_where_nothing_is_stated(tmp_path: Path) -> None:
    frozen = Frozen(tmp_path, ALWAYS)
    before = datetime.now(UTC).replace(microsecond=0)
    assert frozen.check().exit_code == 1
    moment = datetime.fromisoformat(frozen.held()["inputs"]["moment"])
    assert before <= moment <= datetime.now(UTC)


def test_a_record_of_which_nothing_rests_on_the_moment_has_none(tmp_path: Path) -> None:
    frozen = Frozen(tmp_path, "there must be at least 1")
    assert frozen.check().exit_code == 0
    assert not frozen.held()["inputs"]["moment"]


def test_judging_again_takes_the_moment_of_the_record(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    # Open at the moment of the check, and closed since: only the recorded moment is outside.
    begins = (now - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M")
    frozen = Frozen(tmp_path, f'there must be none from "{begins}" to "2999-01-01 00:00" in "UTC"')
    assert frozen.check("--now", (now - timedelta(hours=3)).isoformat()).exit_code == 0
    assert frozen.verify("--again", "--no-checkov").exit_code == 0
    told = frozen.verify("--again", "--no-checkov").stdout
    assert "note: windows of time were judged as of " in told
    frozen.forge(lambda record: record["inputs"].update(moment=now.isoformat()))
    again = frozen.verify("--again", "--no-checkov")
    assert again.exit_code == 1
    assert "came out otherwise" in again.stderr


def test_a_record_that_was_made_as_of_another_day_is_refused(tmp_path: Path) -> None:
    frozen = Frozen(tmp_path, WEEKEND)
    assert frozen.check("--now", "2020-01-01T12:00Z").exit_code == 0
    refused = frozen.verify()
    assert refused.exit_code == 1
    assert "as if it were 2020-01-01T12:00:00+00:00" in refused.stderr
    frozen.forge(lambda record: record["inputs"].update(moment="yesterday"))
    strange = frozen.verify()
    assert strange.exit_code == 2
    assert 'judged as of "yesterday": no moment' in strange.stderr


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-12-04T16:30", "has no zone"),
        ("2026-12-04", "has no zone"),
        ("Friday", "is not a valid time"),
        ("", "is not a valid time"),
        ("0001-01-01T00:00+14:00", "is not a valid time"),
    ],
)
def test_what_is_no_moment_is_refused_with_the_right_form(
    tmp_path: Path, moment: str, told: str
) -> None:
    result = Frozen(tmp_path, WEEKEND).check("--now", moment)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "2026-12-04T16:30+01:00" in result.stderr


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (WEEKEND.replace("Berlin", "Berln"), 'did you mean "Europe/Berlin"'),
        (WEEKEND.replace("Friday 16:00", "Friday at 4"), "write both ends as"),
        (WEEKEND.replace("Monday 08:00", "08:00"), "is not a time window"),
    ],
)
def test_a_window_that_is_not_understood_ends_with_2(tmp_path: Path, outcome: str, told: str) -> None:
    result = Frozen(tmp_path, outcome).check("--now", "2026-12-02T12:00Z")
    assert result.exit_code == 2
    assert told in result.output
