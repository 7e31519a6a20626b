"""Does a waiver that was written before the titles changed still cover what it was written for?"""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec import bundle
from planspec.cli.app import main

BEFORE = Path(__file__).parent / "data" / "waivers_before_the_titles.toml"
# One path of a resource fails several times, so the words of the findings are in their fingerprints.
TOLD_APART = {"OBS-04.1", "OBS-04.2"}
# Scenarios that found nothing then, so that nobody can have waived what they find.
LATER = {"IDN-01.3", "IDN-01.4", "CST-14.3"}
INHERITED = bundle.ROOT / "plans" / "inherited.json"


@pytest.fixture(scope="module")
def waived(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, Any]]]:
    """The findings of the inherited plan, judged with the waivers of before, dated today."""
    folder = tmp_path_factory.mktemp("before")
    policies, record = folder / "policies", folder / "evidence.json"
    policies.mkdir()
    for name in ("parameters.toml", "controls.toml", "limits.toml", "stores.toml"):
        (policies / name).write_bytes((bundle.POLICIES / name).read_bytes())
    today = datetime.now(UTC).date()
    text = BEFORE.read_text(encoding="utf-8").replace("2026-11-30", str(today - timedelta(days=1)))
    text = text.replace("2027-11-29", str(today + timedelta(days=300)))
    policies.joinpath("waivers.toml").write_text(text, encoding="utf-8")
    judged = ("check", INHERITED, "--no-checkov", "--policies", policies, "-o", f"json={record}")
    result = CliRunner().invoke(main, list(map(str, judged)))
    assert result.exit_code in (0, 1), result.output
    scenarios = json.loads(record.read_text(encoding="utf-8"))["scenarios"]
    before = [each for each in scenarios if each["scenario"] not in LATER]
    return [(each["scenario"], finding) for each in before for finding in each["findings"]]


def test_a_waiver_by_number_and_value_covers_what_it_covered(
    waived: list[tuple[str, dict[str, Any]]],
) -> None:
    written = tomllib.loads(BEFORE.read_text(encoding="utf-8"))["waiver"]
    assert len(waived) == len(written)
    open_still = [(number, each["address"]) for number, each in waived if each["verdict"] != "waived"]
    assert open_still == []


def test_a_finding_has_the_fingerprint_that_it_had(waived: list[tuple[str, dict[str, Any]]]) -> None:
    written = tomllib.loads(BEFORE.read_text(encoding="utf-8"))["waiver"]
    before = {(each["requirement"], each["ticket"]) for each in written}
    new = {(number, each["fingerprint"]) for number, each in waived} - before
    assert {number for number, _ in new} == TOLD_APART
