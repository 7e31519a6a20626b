"""Is it told truly what Checkov's checks looked at, and never counted for the requirements?"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from planspec import bundle
from planspec import checkov as scanner
from planspec.checkov import Looked, Runner, Seen, Unsupported, gather, read_fast, read_stock
from planspec.cli.app import main
from planspec.errors import ScannerError
from planspec.evidence import Coverage, ResourceCoverage
from tests.unit.checkov.test_scanner import BUCKET, SECONDS, plan_json

CHECKS = bundle.POLICIES / "checkov"
PLANS = bundle.ROOT / "plans"
CORRECTED = PLANS / "corrected.json"
FEATURE = """Feature: Databases

  Scenario: No database is public
    Given the Terraform plan
    When we examine every planned "aws_db_instance"
    Then every "publicly_accessible" must be "false"
"""


@pytest.fixture
def feature(tmp_path: Path, checkov: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One scenario that reads one attribute, and no answers of earlier runs."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "own.feature"
    path.write_text(FEATURE, encoding="utf-8")
    return path


def looked(plan: bytes, checkov: Path, runner: Runner) -> Looked:
    """What Checkov says it looked at."""
    with scanner.start(plan, checkov, CHECKS, runner=runner, looked=True) as running:
        found = running.collect(SECONDS)
    assert (found.runner, found.reason) == (runner, "")
    assert found.looked is not None
    return found.looked


def run(*arguments: object) -> Result:
    """Run `planspec coverage` on the corrected service."""
    return CliRunner().invoke(main, ["coverage", str(CORRECTED), *map(str, arguments)])


def told(*arguments: object) -> Coverage:
    """What `planspec coverage -o json` prints."""
    result = run(*arguments, "-o", "json")
    assert result.exit_code == 0, result.output
    return msgspec.json.decode(result.stdout, type=Coverage)


def of(found: Coverage, address: str) -> ResourceCoverage:
    """The coverage of one resource."""
    return next(each for each in found.resources if each.address == address)


def by_requirements(found: Coverage) -> Any:
    """What does not depend on Checkov."""
    totals = [found.total, *found.types, *found.modules, *found.controls]
    return (
        found.percent,
        [(each.name, each.attributes, each.read, each.selected, each.unseen) for each in totals],
        [(each.address, each.scenarios, each.attributes) for each in found.resources],
    )


def test_an_attribute_is_the_first_part_of_a_key() -> None:
    keys = ("rule/[0]/status", "engine", "parameter[?(@/name=='a')]/value", "blocks.names", "[0]/x", "*")
    (reads,) = gather([Seen("CKV_1", "a.b", keys, graph=False)]).by_address().values()
    assert reads.attributes == dict.fromkeys(["blocks", "engine", "parameter", "rule"], ("CKV_1",))
    assert (reads.checks, reads.silent) == (("CKV_1",), ())


def test_a_check_that_names_nothing_is_counted_and_said_to_be_silent() -> None:
    seen = [
        Seen("CKV_1", "a.b", (), graph=False),
        Seen("CKV_2", "a.b", ("x", "y"), graph=False),
        Seen("CKV_3", "a.b", ("x",), graph=False),
        Seen("CKV_3", "a.b", (), graph=False),
        Seen("CKV_3", "a.c", (), graph=False),
    ]
    reads = gather(seen).by_address()
    assert reads["a.b"].checks == ("CKV_1", "CKV_2", "CKV_3")
    assert reads["a.b"].attributes == {"x": ("CKV_2", "CKV_3"), "y": ("CKV_2",)}
    assert reads["a.b"].silent == ("CKV_1",)
    assert reads["a.c"].silent == ("CKV_3",)


def test_the_words_by_which_a_graph_check_chooses_are_no_attributes() -> None:
    keys = ("resource_type", "networking", "encrypted")
    (graph,) = gather([Seen("CKV2_1", "a.b", keys, graph=True)]).by_address().values()
    (code,) = gather([Seen("CKV_1", "a.b", keys, graph=False)]).by_address().values()
    assert list(graph.attributes) == ["encrypted"]
    assert list(code.attributes) == ["encrypted", "networking", "resource_type"]


def test_the_order_of_verdicts_changes_nothing() -> None:
    seen = [Seen(f"CKV_{n}", f"a.{n % 3}", (f"k{n}", "x"), graph=False) for n in range(12)]
    assert gather(seen) == gather(reversed(seen))


@pytest.mark.parametrize("name", ["corrected.json", "inherited.json"])
def test_both_runners_tell_the_same(checkov: Path, name: str) -> None:
    plan = (PLANS / name).read_bytes()
    fast = looked(plan, checkov, "fast")
    assert fast == looked(plan, checkov, "stock")
    assert {each for each in fast.by_address() if each.startswith("aws_db_instance.")}
    database = fast.by_address()["aws_db_instance.main"]
    assert "CKV_AWS_16" in database.attributes["storage_encrypted"]


def test_nothing_is_told_that_nobody_asked(checkov: Path) -> None:
    runners: tuple[Runner, ...] = ("fast", "stock")
    for runner in runners:
        with scanner.start(plan_json(BUCKET), checkov, CHECKS, runner=runner) as running:
            assert running.collect(SECONDS).looked is None


def test_checkov_stands_beside_the_requirements_and_is_told_apart(feature: Path) -> None:
    found = told("--features", feature)
    database = of(found, "aws_db_instance.main")
    assert database.checkov
    assert "CKV_AWS_16" in database.checkov_read["storage_encrypted"]
    assert set(database.checkov_read) <= {each.name for each in database.attributes}
    assert 0 < found.checkov.silent < found.checkov.verdicts
    total = found.total
    assert total.read == 1
    # The one attribute that the scenario reads is one that Checkov looks at too.
    assert total.checkov == (total.checkov_only or 0) + 1
    assert sum(each.checkov or 0 for each in found.types) == total.checkov
    assert sum(each.checkov_only or 0 for each in found.modules) == total.checkov_only
    assert all(each.checkov is None for each in found.controls)


def test_what_checkov_looks_at_changes_no_share(feature: Path) -> None:
    beside, without = told("--features", feature), told("--features", feature, "--no-checkov")
    assert beside.total.checkov
    assert by_requirements(beside) == by_requirements(without)
    assert without.total.checkov is without.total.checkov_only is None
    assert {each.checkov for each in without.resources} == {None}
    assert without.checkov.missing == "switched off with --no-checkov"


@pytest.mark.parametrize("option", [(), ("--no-checkov",)])
def test_what_checkov_looks_at_does_not_help_to_reach_a_share(
    feature: Path, option: tuple[str, ...]
) -> None:
    result = run("--features", feature, "--min-coverage", "0.5", *option)
    assert result.exit_code == 1, result.output
    assert "too little: at least 0.5 % is asked" in result.stdout
    assert run("--features", feature, "--min-coverage", "0.1", *option).exit_code == 0


def test_a_check_that_asks_for_more_coverage_blocks_with_checkov_too(
    feature: Path, tmp_path: Path
) -> None:
    out = tmp_path / "evidence.json"
    arguments = ["check", str(CORRECTED), "--features", str(feature), "--min-coverage", "0.5"]
    result = CliRunner().invoke(main, [*arguments, "-o", f"json={out}"])
    assert result.exit_code == 1, result.output
    found = json.loads(out.read_bytes())["coverage"]
    assert found["percent"] == 0.2
    assert found["total"]["checkov"] > 50
    assert found["checkov"]["version"] == scanner.VERSION


def test_the_console_has_columns_of_its_own_and_names_the_checks(feature: Path) -> None:
    lines = run("--features", feature, "-v").stdout.splitlines()
    (alone,) = [each for each in lines if each.startswith("aws_db_instance.main: Checkov alone: ")]
    assert "storage_encrypted (CKV_AWS_16" in alone
    (nobody,) = [each for each in lines if each.startswith("aws_db_instance.main: not read: ")]
    assert "storage_encrypted" not in nobody
    assert "publicly_accessible" not in alone + nobody
    assert lines[-1].startswith(f"Checkov {scanner.VERSION}: ")
    heads = [each for each in lines if each.startswith(("type ", "module "))]
    assert [each.split()[-3:] for each in heads] == [["checkov", "checkov", "only"]] * 2


def test_a_missing_checkov_is_said_in_one_line_and_the_rest_goes_on(
    feature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "find_checkov", lambda: None)
    result = run("--features", feature)
    assert result.exit_code == 0, result.output
    assert "attributes read (" in result.stdout
    assert result.stdout.splitlines()[-1].startswith(
        f"Checkov: not found; install checkov=={scanner.VERSION}"
    )
    assert "checkov only" not in result.stdout
    assert run("--features", feature, "--require-checkov").exit_code == 2


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--no-checkov", "--checkov=fast"], "exclude each other"),
        (["--checkov=off", "--require-checkov"], "exclude each other"),
        (["-o", "xml"], "write console, json or json=FILE"),
        (["-o", "json="], "write console, json or json=FILE"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: list[str], problem: str) -> None:
    result = run(*options)
    assert result.exit_code == 2
    assert problem in result.output


def test_an_answer_that_tells_less_is_silent_and_a_malformed_one_is_none() -> None:
    answer = {"version": scanner.VERSION, "passed": 0, "failed": [], "looked": {"kinds": [["CKV_1"]]}}
    assert isinstance(read_fast(json.dumps(answer).encode(), 0, ""), Unsupported)
    untold = {"check_id": "CKV_1", "check_name": "a", "resource_address": "a.b"}
    report = {
        "results": {"passed_checks": [untold]},
        "summary": {"passed": 1, "parsing_errors": 0, "checkov_version": "9"},
    }
    told_by_another = read_stock(json.dumps(report).encode(), 0, "", looked=True).looked
    assert told_by_another
    assert told_by_another.by_address()["a.b"].silent == ("CKV_1",)
    with pytest.raises(ScannerError, match="printed no results"):
        read_stock(b'{"results": {"passed_checks": [{}]}}', 0, "", looked=True)


def test_with_the_source_coverage_and_check_count_the_same(feature: Path, tmp_path: Path) -> None:
    source = bundle.ROOT / "terraform"
    out = tmp_path / "evidence.json"
    arguments = ["check", str(CORRECTED), "--source", str(source), "--features", str(feature)]
    assert CliRunner().invoke(main, [*arguments, "-o", f"json={out}"]).exit_code in {0, 1}
    found = told("--features", feature, "--source", source)
    assert json.loads(out.read_bytes())["coverage"] == msgspec.to_builtins(found)
