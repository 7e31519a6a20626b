"""Does the fast runner say what stock says, and step back where it cannot know?"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from planspec import checkov as scanner
from planspec.checkov import VERSION, Request, ScanResult, interpreter_of
from planspec.checkov.process import _environment, _fast_command
from planspec.errors import ScannerError
from tests.unit.checkov.test_scanner import (
    BUCKET,
    SECONDS,
    SMALL,
    plan_json,
    planned,
    program,
    scan,
)

CHECKS = bundle.POLICIES / "checkov"
SERVICE = (bundle.ROOT / "plans" / "inherited.json").read_bytes()


def fast(plan: bytes, checkov: Path, checks: Path | None = None, **options: Any) -> ScanResult:
    """Let the fast runner answer, or whatever it falls back on."""
    with scanner.start(plan, checkov, checks, runner="fast", **options) as running:
        return running.collect(SECONDS)


def without_keys(result: ScanResult) -> ScanResult:
    """The result as stock gives it: it does not say which attributes a check looked at."""
    failed = tuple(sorted({each._replace(keys=()) for each in result.failed}))
    return result._replace(failed=failed, runner="stock", reason="")


def test_both_runners_say_the_same_about_the_service(checkov: Path) -> None:
    expected = scan(SERVICE, checkov, CHECKS)
    result = fast(SERVICE, checkov, CHECKS)
    assert (result.runner, result.reason) == ("fast", "")
    assert without_keys(result) == expected
    assert len(expected.failed) > 50


def test_the_fast_runner_says_which_attributes_a_check_looked_at(checkov: Path) -> None:
    keys = {failed.check: failed.keys for failed in fast(SERVICE, checkov).failed}
    assert keys["CKV_AWS_16"] == ("storage_encrypted",)


def test_our_own_checks_are_judged_by_both(checkov: Path) -> None:
    assert "CKV2_PLANSPEC_1" in {each.check for each in fast(SERVICE, checkov, CHECKS).failed}


def test_a_plan_with_one_address_twice_is_left_to_stock(checkov: Path) -> None:
    twice = plan_json(BUCKET, BUCKET)
    result = fast(twice, checkov)
    assert result.runner == "stock"
    assert result.reason == "addresses in the plan are not unique"
    assert without_keys(result) == scan(twice, checkov)


def test_a_plan_that_makes_checkov_open_another_file_is_left_to_stock(checkov: Path) -> None:
    plan = plan_json(planned("aws_s3_bucket.images", {"tags": ["${file(other.yaml)}"]}))
    assert fast(plan_json(planned("aws_s3_bucket.images", {"bucket": "${file("})), checkov).reason
    with pytest.raises(ScannerError, match="Checkov"):
        fast(plan, checkov)


def test_a_program_that_is_no_python_is_run_as_it_is(tmp_path: Path) -> None:
    answer = {"summary": {"passed": 2, "failed": 0, "parsing_errors": 0, "checkov_version": VERSION}}
    other = program(tmp_path / "checkov", f"echo '{json.dumps(answer)}'")
    result = fast(SMALL, other)
    assert result == ScanResult(
        VERSION, 2, (), "stock", "checkov names no Python to run the fast runner with"
    )


def test_a_plan_that_nobody_can_read_is_an_error(checkov: Path) -> None:
    with pytest.raises(ScannerError, match="could not read the plan"):
        fast(SMALL[:300], checkov)


def test_characters_and_numbers_of_every_kind_are_read_alike(checkov: Path) -> None:
    values = {
        "bucket": "a\x7f\x80\x9f\ufffe é 😀",
        "tags": {"<<": "a", "=": "b", "y": "yes", "null": "~", "n": 1.5, "e": 1e30, "": "x"},
        "timeouts": None,
    }
    plan = plan_json(planned("aws_s3_bucket.images", values))
    assert without_keys(fast(plan, checkov)) == scan(plan, checkov)


def test_a_plan_without_anything_to_check_has_an_empty_result(checkov: Path) -> None:
    assert fast(plan_json(planned("null_resource.n", {})), checkov) == ScanResult(VERSION, 0, (), "fast")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("broken.yaml", "metadata: {id: CKV2_OWN_1, name: n", "broken.yaml"),
        ("twin.yaml", "", "CKV_AWS_16 is the number of another check"),
        ("no_check.py", "x = 1\n", "adds no check"),
        ("broken.py", "import nothing_of_this_name\n", "broken.py"),
    ],
)
def test_a_custom_check_that_checkov_would_pass_over_is_an_error(
    checkov: Path, tmp_path: Path, name: str, text: str, problem: str
) -> None:
    own = (CHECKS / "deployments.yaml").read_text(encoding="utf-8")
    (tmp_path / "__init__.py").touch()
    (tmp_path / name).write_text(text or own.replace("CKV2_PLANSPEC_1", "CKV_AWS_16"), encoding="utf-8")
    with pytest.raises(ScannerError, match=problem):
        fast(SMALL, checkov, tmp_path)


def test_python_without_init_is_an_error(checkov: Path, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ScannerError, match=r"own\.py: no __init__\.py next to it"):
        fast(SMALL, checkov, tmp_path)


def policy(action: str) -> dict[str, Any]:
    """Values of an IAM policy that allows an action on everything."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"name": "p", "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_checkov_judges_the_first_policy_of_a_name_for_all_and_the_correction_each(
    checkov: Path,
) -> None:
    plan = plan_json(
        planned('aws_iam_policy.p["good"]', policy("s3:ListAllMyBuckets")),
        planned('aws_iam_policy.p["bad"]', policy("*")),
    )

    def exposed(result: ScanResult) -> set[str]:
        return {each.address for each in result.failed if each.check == "CKV_AWS_286"}

    assert exposed(scan(plan, checkov)) == exposed(fast(plan, checkov)) == set()
    assert exposed(fast(plan, checkov, corrected=True)) == {'aws_iam_policy.p["bad"]'}


def test_a_correction_without_the_fast_runner_is_an_error(checkov: Path) -> None:
    with pytest.raises(ScannerError, match="corrections need the fast runner"):
        fast(plan_json(BUCKET, BUCKET), checkov, corrected=True)


def test_the_interpreter_is_the_one_that_the_script_names(tmp_path: Path) -> None:
    python = program(tmp_path / "bin" / "python3.11", "exit 0")
    script = tmp_path / "checkov"
    for text in (f"#!{python}\nx\n", f"#!{python} -E\nx\n", f"#!/bin/sh\n'''exec' {python} \"$0\"\n"):
        script.write_text(text, encoding="utf-8")
        assert interpreter_of(script) == python
    for text in ("", "#!/bin/sh\nexit 0\n", "#!/usr/bin/env ruby\n", "#!/nowhere/python3\n"):
        script.write_text(text, encoding="utf-8")
        assert interpreter_of(script) is None
    assert interpreter_of(tmp_path / "missing") is None


def test_an_environment_without_checkov_is_left_to_the_program(tmp_path: Path) -> None:
    script = tmp_path / "checkov"
    script.write_text(f"#!{sys.executable}\nprint('[]')\n", encoding="utf-8")
    script.chmod(0o755)
    with pytest.raises(ScannerError, match="printed no results"):
        fast(SMALL, script)


def copy_of(checkov: Path, folder: Path) -> Path:
    """A Checkov of its own whose files can be changed: links to everything but one package."""
    site = next(checkov.resolve().parents[1].glob("lib/python3*/site-packages"))
    own = folder / "site"
    own.mkdir()
    for each in site.iterdir():
        if each.name != "checkov":
            (own / each.name).symlink_to(each)
    shutil.copytree(site / "checkov", own / "checkov", copy_function=lambda a, b: Path(b).symlink_to(a))
    python = program(
        folder / "python3",
        f'shift\nPYTHONPATH={own} PYTHONDONTWRITEBYTECODE=1 exec {interpreter_of(checkov)} "$@"',
    )
    script = folder / "checkov"
    body = checkov.read_text(encoding="utf-8").partition("\n")[2]
    script.write_text(f"#!{python} -x\n{body}", encoding="utf-8")
    script.chmod(0o755)
    return script


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("version.py", VERSION, f"{VERSION}1", f"Checkov {VERSION}1; the fast runner knows {VERSION}"),
        (
            "terraform/plan_parser.py",
            'tf_definition["provider"] = _get_providers(template=template)',
            'tf_definition["provider"] = []',
            f"checkov.terraform.plan_parser:parse_tf_plan is not what it was in Checkov {VERSION}",
        ),
    ],
)
def test_another_checkov_is_left_to_itself(
    checkov: Path, tmp_path: Path, file: str, old: str, new: str, reason: str
) -> None:
    other = copy_of(checkov, tmp_path)
    path = tmp_path / "site" / "checkov" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.unlink()
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = fast(SMALL, other)
    assert (result.runner, result.reason) == ("stock", reason)
    assert result.failed == scan(SMALL, checkov).failed


# Ends the process at the first step towards a network, whatever would have caught an exception.
WATCHED = """
import os, runpy, sys
def watch(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        os.write(2, event.encode())
        os._exit(3)
sys.addaudithook(watch)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_the_fast_runner_asks_no_network(checkov: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(SERVICE)
    command = _fast_command(Path("python"), Request(SERVICE, checkov, CHECKS))
    python, worker, options = str(interpreter_of(checkov)), *command[-2:]
    ended = subprocess.run(
        [python, "-I", "-c", WATCHED, worker, options],
        cwd=tmp_path,
        env=_environment(tmp_path),
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads((tmp_path / "answer.json").read_bytes())["failed"]
    call = "import socket; socket.create_connection(('127.0.0.1', 9))"
    (tmp_path / "caller.py").write_text(call, encoding="utf-8")
    caught = subprocess.run(
        [python, "-I", "-c", WATCHED, tmp_path / "caller.py"], capture_output=True, check=False
    )
    assert caught.returncode == 3, "the watch would notice"
