"""Does the scanner say what Checkov says, and nothing where Checkov said nothing?"""

import json
import os
import re
import stat
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from planspec import checkov as scanner
from planspec.checkov import VERSION, FailedCheck, ScanResult
from planspec.errors import ScannerError

SECONDS = 120.0
NO_OUTCOME = {"passed": 0, "failed": 0, "parsing_errors": 0, "checkov_version": VERSION}


def planned(address: str, values: dict[str, Any]) -> dict[str, Any]:
    """One resource that will exist, as `planned_values` describes it."""
    kind, _, name = address.partition(".")
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name.partition("[")[0],
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "schema_version": 0,
        "values": values,
        "sensitive_values": {},
    }


def created(resource: dict[str, Any]) -> dict[str, Any]:
    """The change that creates the resource."""
    parts = {key: resource[key] for key in ("address", "mode", "type", "name", "provider_name")}
    change = {"actions": ["create"], "before": None, "after": resource["values"]}
    marks = {"after_unknown": {}, "before_sensitive": False, "after_sensitive": {}}
    return {**parts, "change": {**change, **marks}}


def plan_json(*resources: dict[str, Any]) -> bytes:
    """A plan that creates these resources, with its characters as they are."""
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": list(resources)}},
        "resource_changes": [created(resource) for resource in resources],
        "configuration": {"root_module": {}},
    }
    return json.dumps(document, ensure_ascii=False).encode()


BUCKET = planned("aws_s3_bucket.images", {"bucket": "images"})
SMALL = plan_json(BUCKET)


def service(address: str, **breaker: bool) -> dict[str, Any]:
    """An ECS service whose deployments are watched, or not, by a circuit breaker."""
    return planned(address, {"name": "web", "deployment_circuit_breaker": [breaker] if breaker else []})


@pytest.fixture
def checkov(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real Checkov; set-up installs it, so that its absence is a failure and no skip."""
    monkeypatch.chdir(bundle.ROOT)
    program = scanner.find_checkov()
    assert program is not None, "Next: make .venv-checkov/.locked"
    return program


@pytest.fixture
def emptied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A place from which no Checkov can be seen."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(scanner.ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(bundle, "ROOT", tmp_path / "root")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "interpreter" / "python"))
    return tmp_path


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder in which temporary folders are made during the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def program(path: Path, script: str) -> Path:
    """A program that stands in for Checkov: a few lines of shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def printing(path: Path, answer: object, code: int = 0) -> Path:
    """A Checkov that prints this answer, whatever it is asked."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return program(path, f"cat <<'END'\n{text}\nEND\nexit {code}")


def scan(plan: bytes, checkov: Path, custom_checks: Path | None = None) -> ScanResult:
    """Start, wait and collect."""
    with scanner.start(plan, checkov, custom_checks, runner="stock") as running:
        return running.collect(SECONDS)


def record(check: str, address: str) -> dict[str, Any]:
    """A failed check, as Checkov prints it."""
    return {"check_id": check, "check_name": "A title", "resource_address": address}


def report(*failed: dict[str, Any], **summary: object) -> dict[str, Any]:
    """What Checkov prints for one framework."""
    return {"summary": NO_OUTCOME | {"passed": 2} | summary, "results": {"failed_checks": failed}}


def test_checkov_fails_a_bare_bucket(checkov: Path) -> None:
    result = scan(SMALL, checkov)
    assert result.version == VERSION
    assert result.passed > 0
    assert "CKV2_AWS_6" in {failed.check for failed in result.failed}
    assert {failed.address for failed in result.failed} == {"aws_s3_bucket.images"}
    assert list(result.failed) == sorted(set(result.failed))


def test_our_own_check_fires_where_it_should_and_nowhere_else(checkov: Path) -> None:
    plan = plan_json(
        service("aws_ecs_service.safe", enable=True, rollback=True),
        service('aws_ecs_service.stuck["a.b"]', enable=True, rollback=False),
        service("aws_ecs_service.unwatched"),
    )
    result = scan(plan, checkov, bundle.POLICIES / "checkov")
    ours = [failed for failed in result.failed if failed.check == "CKV2_PLANSPEC_1"]
    assert [failed.address for failed in ours] == [
        'aws_ecs_service.stuck["a.b"]',
        "aws_ecs_service.unwatched",
    ]


def test_the_verdict_depends_on_nothing_around_the_plan(
    checkov: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = scan(SMALL, checkov)
    hostile = tmp_path / "tiller"
    hostile.mkdir()
    for name in (".checkov.yaml", ".checkov.yml"):
        (hostile / name).write_text("skip-check: [CKV2_AWS_6]\nsoft-fail: true\n", encoding="utf-8")
    monkeypatch.chdir(hostile)
    monkeypatch.setenv("HOME", str(hostile))
    monkeypatch.setenv("CKV_SKIP_CHECK", "CKV2_AWS_6")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    assert scan(SMALL, checkov) == expected


def test_characters_that_yaml_refuses_are_scanned_too(checkov: Path) -> None:
    awkward = planned("aws_s3_bucket.images", {"bucket": "a\x7f\x80\x9f\ufffe é 😀"})
    assert scan(plan_json(awkward), checkov) == scan(SMALL, checkov)


def test_a_plan_without_anything_to_check_has_an_empty_result(checkov: Path) -> None:
    assert scan(plan_json(planned("null_resource.n", {})), checkov) == ScanResult(VERSION, 0, ())


def test_a_plan_that_checkov_cannot_read_is_an_error(checkov: Path) -> None:
    with pytest.raises(ScannerError, match="could not read the plan"):
        scan(SMALL[:300], checkov)


def test_no_checkov_is_none(emptied: Path) -> None:
    assert scanner.find_checkov() is None


def test_checkov_is_looked_for_in_order(emptied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [emptied / "bin" / "checkov", emptied / "interpreter" / "checkov"]
    for place in places:
        expected = program(place, "exit 0")
        assert scanner.find_checkov() == expected
    named = program(emptied / "named", "exit 0")
    monkeypatch.setenv(scanner.ENVIRONMENT_VARIABLE, str(named))
    assert scanner.find_checkov() == named
    setting = program(emptied / "setting", "exit 0")
    assert scanner.find_checkov(str(setting)) == setting


@pytest.mark.parametrize("path", [".", "", "bin", ".:bin:", ":/nowhere", "./bin"])
def test_no_checkov_of_the_current_folder_is_run_unless_named(
    emptied: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for place in ("checkov", "bin/checkov", ".venv-checkov/bin/checkov", ".venv/bin/checkov"):
        program(emptied / place, "exit 0")
    monkeypatch.setenv("PATH", path)
    assert scanner.find_checkov() is None
    monkeypatch.setenv(scanner.ENVIRONMENT_VARIABLE, "checkov")
    with pytest.raises(ScannerError, match="PLANSPEC_CHECKOV: checkov cannot be run"):
        scanner.find_checkov()
    monkeypatch.setenv(scanner.ENVIRONMENT_VARIABLE, "./checkov")
    assert scanner.find_checkov() == Path("checkov")


def test_a_named_checkov_must_exist(emptied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(emptied / "bin" / "checkov", "exit 0")
    with pytest.raises(ScannerError, match="/nowhere/checkov cannot be run"):
        scanner.find_checkov("/nowhere/checkov")
    monkeypatch.setenv(scanner.ENVIRONMENT_VARIABLE, "/nowhere/either")
    with pytest.raises(ScannerError, match="PLANSPEC_CHECKOV: /nowhere/either cannot be run"):
        scanner.find_checkov()


@pytest.mark.parametrize(
    "answer",
    ["", "Segmentation fault", "[]", "null", "3", '{"summary": 3}', '{"results": {}}'],
    ids=["nothing", "text", "empty list", "null", "a number", "odd summary", "no summary"],
)
def test_output_without_results_is_an_error(tmp_path: Path, answer: str) -> None:
    with pytest.raises(ScannerError, match="exit code 1 and printed no results"):
        scan(SMALL, printing(tmp_path / "checkov", answer, code=1))


def test_several_reports_become_one_result(tmp_path: Path) -> None:
    answer = [
        report(record("CKV_B", "b.b"), record("CKV_A", "a.a")),
        report(record("CKV_A", "a.a")),
    ]
    result = scan(SMALL, printing(tmp_path / "checkov", answer, code=1))
    assert result == ScanResult(
        VERSION,
        4,
        (FailedCheck("CKV_A", "A title", "a.a"), FailedCheck("CKV_B", "A title", "b.b")),
    )


def test_a_part_that_was_not_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match="could not read the plan"):
        scan(SMALL, printing(tmp_path / "checkov", report(parsing_errors=1)))


def test_a_crash_is_an_error_even_with_results(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match="exit code 2"):
        scan(SMALL, printing(tmp_path / "checkov", report(), code=2))


def test_silence_about_a_bucket_is_an_error(tmp_path: Path) -> None:
    silent = printing(tmp_path / "checkov", NO_OUTCOME)
    with pytest.raises(ScannerError, match="the scan has not happened"):
        scan(SMALL, silent)
    assert scan(plan_json(), silent) == ScanResult(VERSION, 0, ())


def test_a_broken_environment_is_named(tmp_path: Path) -> None:
    broken = program(tmp_path / "checkov", "echo \"ImportError: no module 'x'\" >&2; exit 1")
    with pytest.raises(ScannerError, match="ImportError: no module 'x'"):
        scan(SMALL, broken)


def test_errors_do_not_quote_the_plan(tmp_path: Path) -> None:
    talkative = program(tmp_path / "checkov", "cat plan.json; cat plan.json >&2; exit 2")
    with pytest.raises(ScannerError) as caught:
        scan(SMALL, talkative)
    assert "images" not in str(caught.value)


def test_a_program_that_cannot_be_started_is_an_error(tmp_path: Path, temporary: Path) -> None:
    text = tmp_path / "checkov"
    text.write_text("no program", encoding="utf-8")
    with pytest.raises(ScannerError, match="expected Checkov's program"):
        scan(SMALL, text)
    assert not list(temporary.iterdir())


def test_custom_checks_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match="expected Checkov's custom checks"):
        scanner.start(SMALL, program(tmp_path / "checkov", "exit 0"), tmp_path / "missing")


def test_only_this_user_can_read_what_is_scanned(tmp_path: Path, temporary: Path) -> None:
    with scanner.start(SMALL, program(tmp_path / "checkov", "sleep 60")):
        (folder,) = temporary.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "plan.json").stat().st_mode) == 0o600


def test_checkov_gets_no_keys_and_no_proxies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BC_API_KEY", "HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY", "CKV_SKIP_CHECK"):
        monkeypatch.setenv(name, "secret")
    told = tmp_path / "told"
    inquisitive = program(tmp_path / "checkov", f"env > '{told}'")
    with pytest.raises(ScannerError):
        scan(SMALL, inquisitive)
    assert "secret" not in told.read_text(encoding="utf-8")
    assert "BC_SKIP_MAPPING=TRUE" in told.read_text(encoding="utf-8")


def test_an_answer_that_takes_too_long_is_an_error(tmp_path: Path, temporary: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    slow = program(tmp_path / "checkov", f"exec 9> '{pipe}'; sleep 60 & wait")
    with scanner.start(SMALL, slow) as running, pipe.open("rb") as held:
        with pytest.raises(ScannerError, match=r"no answer after 0\.2 s"):
            running.collect(0.2)
        assert held.read() == b"", "ends only when Checkov and its helpers are gone"
    assert not list(temporary.iterdir())


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, temporary: Path) -> None:
    sleeping = program(tmp_path / "checkov", "sleep 60")
    running = scanner.start(SMALL, sleeping)
    with pytest.raises(KeyboardInterrupt), running:
        raise KeyboardInterrupt
    assert not list(temporary.iterdir())
    assert running._process is not None
    assert running._process.poll() is not None, "has been waited for"


def test_one_version_of_checkov_is_locked_and_told() -> None:
    root = Path(__file__).parents[3]
    for file in ("requirements-checkov.in", "requirements-checkov.lock"):
        (locked,) = re.findall(r"(?m)^checkov==([\d.]+)", (root / file).read_text(encoding="utf-8"))
        assert locked == VERSION, file
    told = re.findall(r"Checkov (\d[\d.]*\d)", (root / "docs/checkov.md").read_text(encoding="utf-8"))
    assert told
    assert set(told) == {VERSION}
