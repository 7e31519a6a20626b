"""Does what is meant to run for ever, or to fill the memory, end soon and in one sentence?"""

import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec import toml
from planspec.cli import main
from planspec.errors import BrokenDocument, FeatureError
from planspec.features.reader import inspect
from planspec.judgements.generic.relations import matches
from planspec.plan import decode
from planspec.syntax import matcher, unpacked
from planspec.terraform.events import unboxed
from planspec.wildcards import fits
from tests.support.attacks import Promise, attack
from tests.support.plans import value

ROOT = Path(__file__).parents[3]
PLAN = ROOT / "plans/corrected.json"
PLANSPEC = Path(sys.executable).with_name("planspec")
SECONDS = 5.0


@pytest.fixture
def soon() -> Iterator[None]:
    """Fail where the test takes long; by processor time, because others run at the same time."""
    started = time.process_time()
    yield
    assert time.process_time() - started < SECONDS


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    "pattern", ["(a+)+!", "(a|a)*!", "(a|aa)+!", "(.*a){20}!", "^(([a-z])+.)+[A-Z]([a-z])+$"]
)
@attack("a regular expression that runs away", promise=Promise.EXIT_CODE, happens="linear time")
def test_a_pattern_does_not_run_away(pattern: str) -> None:
    assert matches(pattern)(value("a" * 5000)) is False


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("pattern", ["(?=a)(a+)+!", r"(a+)+\1!", "(?<!b)(a+)+!"])
@attack(
    "a lookahead that runs away", promise=Promise.EXIT_CODE, happens="refused after 1 s, exit code 2"
)
def test_a_pattern_that_no_linear_engine_reads_is_stopped(pattern: str) -> None:
    with pytest.raises(FeatureError, match="takes more than 1 s for one value"):
        matches(pattern)(value("a" * 60))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"\d+", "\u0661", True),
        ("a{,2}", "aa", True),
        ("a{,2}", "a{,2}", False),
        ("[[a]+", "[a[", True),
        ("(?i)STRASSE|k", "\u212a", True),
        (r"(?<=a)b|ab", "ab", True),
        (r"\Aab\Z", "ab", True),
        (".*", "a\nb", False),
    ],
)
def test_both_engines_say_what_python_says(pattern: str, text: str, *, expected: bool) -> None:
    assert matcher(pattern).fullmatch(text) is expected
    assert matcher(pattern).other.fullmatch(text) is not None or not expected


@pytest.mark.usefixtures("soon")
@attack("a waiver's address of 40 stars", promise=Promise.EXIT_CODE, happens="linear time")
def test_stars_take_no_time() -> None:
    assert not fits("a*" * 40 + "!", "a" * 5000)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("a*b*c", "a.b.b.c", True),
        ("a*b*c", "a.c", False),
        ("*ab*ab", "abab", True),
        ("*ab*ab", "ab", False),
        ("a*a", "a", False),
        ("a.b[*]", "a.b[0]\n]", True),
        ("(a", "(a", True),
    ],
)
def test_stars_mean_any_text(pattern: str, text: str, *, expected: bool) -> None:
    assert fits(pattern, text) is expected


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (".".join("a" * 100_000) + " = 1", "a key of more than 64 parts"),
        ("[" + ".".join("a" * 100_000) + "]", "a key of more than 64 parts"),
        ("x = {" + ".".join(["'a'"] * 100_000) + " = 1}", "a key of more than 64 parts"),
        ("x = " + "[" * 20_000 + "]" * 20_000, "nested too deeply"),
        ("x = " + "9" * 10_000, "digits"),
        ("#" * (toml.LARGEST_BYTES + 1), "larger than"),
    ],
    ids=["key", "table", "inline", "arrays", "number", "size"],
)
@attack("TOML that is deep or huge", promise=Promise.EXIT_CODE, happens="refused, exit code 2")
def test_a_table_is_bounded(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "waivers.toml").write_text(text, encoding="utf-8")
    for name in ("parameters.toml", "controls.toml", "stores.toml"):
        (tmp_path / name).write_bytes((ROOT / "policies" / name).read_bytes())
    done = CliRunner().invoke(main, ["check", str(PLAN), "--no-checkov", "--policies", str(tmp_path)])
    assert done.exit_code == 2
    assert "waivers.toml: " in done.stderr
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("filler", [b"\0", b" ", b"["])
@attack("a gzip bomb of 1 GiB", promise=Promise.EXIT_CODE, happens="refused after 32 MiB, exit code 2")
def test_a_bomb_is_not_unpacked(filler: bytes) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = filler * 2**20
    bomb = b"".join(packer.compress(piece) for _ in range(128)) + packer.flush()
    with pytest.raises(BrokenDocument, match="unpacks to more than 33554432 bytes, as no plan does"):
        unpacked(bomb, "p.json")


@pytest.mark.usefixtures("soon")
def test_thousands_of_rows_are_read_at_once(tmp_path: Path) -> None:
    rows = "".join(f"        | b{number} |\n" for number in range(3000))
    feature = tmp_path / "rows.feature"
    feature.write_text(
        "Feature: F\n  Rule: R\n    Scenario Outline: S <n>\n"
        '      When we examine the plan\n      Then "<n>"\n'
        f"      Examples:\n        | n |\n{rows}",
        encoding="utf-8",
    )
    scenarios, _ = inspect(feature, {})
    assert len(scenarios) == 3000


@pytest.mark.parametrize("format_", ["console", "html", "junit"])
@pytest.mark.parametrize("plan", ["corrected", "inherited"])
@attack("a reader that closes the pipe", promise=Promise.EXIT_CODE, happens="exit code 2, one sentence")
def test_a_closed_pipe_is_no_pass(plan: str, format_: str) -> None:
    command = [str(PLANSPEC), "check", f"{ROOT}/plans/{plan}.json", "--no-checkov", "-o", format_]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, len(told.splitlines())) == (2, 1)
    assert told.startswith("planspec: standard output was closed before all was written")


@pytest.mark.parametrize("half", [r"\ud800", r"\udc00", r"\ud800\ud800"])
def test_half_a_pair_is_not_a_file_that_was_cut_off(half: str) -> None:
    text = PLAN.read_text(encoding="utf-8").replace(
        '"format_version"', f'"x":"{half}","format_version"', 1
    )
    with pytest.raises(BrokenDocument, match="half of a surrogate pair"):
        decode(text.encode(), "p.json")


def test_a_crash_of_terraform_is_told_in_one_sentence() -> None:
    crash = b"!!!! TERRAFORM CRASH !!!!\n\nTerraform crashed!\n\nruntime error: index out of range\n"
    trace = b"goroutine 1 [running]:\nruntime/debug.Stack()\n\t/usr/local/go/src/runtime/debug.go:24\n"
    assert unboxed(crash + trace) == "Terraform crashed: runtime error: index out of range"
