"""Does every requirement that is about our own service apply to it, and is each of them named?

Only here is that asked. The features may hold requirements for other estates, which golden plans prove.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec import bundle
from planspec.cli.app import main
from planspec.features import files, read
from planspec.policies import read_controls
from tests.support.our_service import REQUIREMENTS

ROOT = Path(__file__).parents[2]
CORRECTED = ROOT / "plans" / "corrected.json"


def test_what_has_to_apply_is_what_applies_to_our_service() -> None:
    chosen = ["check", str(CORRECTED), "--no-checkov", "--source", str(ROOT / "terraform"), "-o", "json"]
    record: dict[str, Any] = json.loads(CliRunner().invoke(main, chosen).stdout)
    assert {each["scenario"] for each in record["scenarios"] if each["examined"]} == REQUIREMENTS


def test_what_only_our_service_wants_lies_apart_and_is_named() -> None:
    frameworks = read_controls(bundle.POLICIES)
    own = {
        each.number for path in files([bundle.FEATURES / "service"]) for each in read(path, frameworks)
    }
    assert own == {"CST-06.1", "DEP-02.1"}
    assert own <= REQUIREMENTS


@pytest.mark.parametrize("change", ["title", "tag"])
def test_a_rule_in_two_files_has_one_title_and_the_same_tags(tmp_path: Path, change: str) -> None:
    shutil.copytree(bundle.FEATURES, tmp_path / "features")
    path = tmp_path / "features" / "service" / "tags.feature"
    text = path.read_text(encoding="utf-8")
    new = {
        "title": text.replace("Cost allocation tags", "Cost centre tags"),
        "tag": text.replace("@severity:low", "@severity:high"),
    }[change]
    assert new != text
    features = str(tmp_path / "features")
    chosen = ["check", str(CORRECTED), "--no-checkov", "--features", features]
    assert CliRunner().invoke(main, chosen).exit_code == 0
    path.write_text(new, encoding="utf-8")
    refused = CliRunner().invoke(main, chosen)
    assert refused.exit_code == 2
    assert "tags.feature:" in refused.stderr
    assert "give both the same title and tags" in refused.stderr
    linted = CliRunner().invoke(main, ["lint", features])
    assert linted.exit_code == 2
    assert "duplicate-number" in linted.stdout
