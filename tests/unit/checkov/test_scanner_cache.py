"""Is an answer kept for exactly the same question, and for no other?"""

import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from planspec import checkov as scanner
from planspec.checkov import Cache, FailedCheck, Looked, Request, ScanResult
from planspec.checkov import cache as module
from tests.unit.checkov.test_scanner import SECONDS, SMALL, plan_json, planned

CHECKS = bundle.POLICIES / "checkov"
FAILED = FailedCheck("CKV_1", "A title", 'a.b["c"]', ("x/[0]/y",))
RESULT = ScanResult(scanner.VERSION, 3, (FAILED,), "fast")
LOOKED = Looked((("CKV_1", ("x",)), ("CKV_2", ())), {'a.b["c"]': (0, 1), "a.d": (1,)})


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """An empty cache."""
    return Cache(tmp_path / "planspec" / "checkov")


def environment(folder: Path) -> Path:
    """An environment with a program in it, as far as the key looks."""
    site = folder / "lib" / "python3.11" / "site-packages"
    (site / "checkov" / "terraform").mkdir(parents=True)
    (site / "checkov" / "terraform" / "check.py").write_text("x = 1\n", encoding="utf-8")
    (site / f"checkov-{scanner.VERSION}.dist-info").mkdir()
    (folder / "bin").mkdir()
    (folder / "bin" / "checkov").touch()
    return folder / "bin" / "checkov"


def test_the_second_scan_of_a_plan_starts_no_process(checkov: Path, cache: Cache) -> None:
    def ask() -> ScanResult:
        with scanner.start(SMALL, checkov, CHECKS, cache=cache) as running:
            assert (running._process is None) is bool(list(cache.folder.glob("[0-9a-f]*")))
            return running.collect(SECONDS)

    first, second = ask(), ask()
    assert (first.cached, second.cached) == (False, True)
    assert second == first._replace(cached=True)


def test_every_part_of_the_question_is_in_the_key(tmp_path: Path, cache: Cache) -> None:
    checks = tmp_path / "checks"
    shutil.copytree(CHECKS, checks)
    program = environment(tmp_path / "environment")
    base = Request(SMALL, program, checks)
    keys = [
        cache.key(base),
        cache.key(base._replace(plan=plan_json(planned("aws_s3_bucket.images", {"bucket": "b"})))),
        cache.key(base._replace(custom_checks=None)),
        cache.key(base._replace(runner="stock")),
        cache.key(base._replace(corrected=True)),
        cache.key(base._replace(looked=True)),
        cache.key(base._replace(checkov=environment(tmp_path / "other"))),
    ]
    (checks / "deployments.yaml").write_text("{}", encoding="utf-8")
    keys.append(cache.key(base))
    check = program.parents[1] / "lib/python3.11/site-packages/checkov/terraform/check.py"
    check.write_text("x = 22\n", encoding="utf-8")
    keys.append(cache.key(base))
    installed = check.parents[2] / f"checkov-{scanner.VERSION}.dist-info"
    installed.rename(installed.with_name("checkov-4.0.0.dist-info"))
    keys.append(cache.key(base))
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 64 for key in keys)
    assert cache.key(base) == keys[-1]


def test_an_environment_that_cannot_be_told_keeps_nothing(tmp_path: Path, cache: Cache) -> None:
    assert cache.key(Request(SMALL, tmp_path / "bin" / "checkov")) == ""
    cache.put("", RESULT)
    assert cache.get("") is None
    assert not cache.folder.exists()


def test_an_answer_comes_back_whole(cache: Cache) -> None:
    cache.put("a" * 64, RESULT)
    assert cache.get("a" * 64) == RESULT._replace(cached=True)
    assert cache.get("b" * 64) is None
    assert (
        cache.folder.stat().st_mode & 0o777,
        next(cache.folder.iterdir()).stat().st_mode & 0o777,
    ) == (
        0o700,
        0o600,
    )


def test_an_answer_that_tells_what_was_looked_at_comes_back_whole(cache: Cache) -> None:
    cache.put("a" * 64, RESULT._replace(looked=LOOKED))
    assert cache.get("a" * 64) == RESULT._replace(looked=LOOKED, cached=True)


def test_an_answer_that_does_not_tell_enough_is_no_answer_and_one_that_tells_more_is(
    checkov: Path, cache: Cache
) -> None:
    def ask(*, looked: bool) -> ScanResult:
        with scanner.start(SMALL, checkov, CHECKS, cache=cache, looked=looked) as running:
            return running.collect(SECONDS)

    plain, whole = ask(looked=False), ask(looked=True)
    assert (plain.cached, plain.looked) == (False, None)
    assert not whole.cached, "the answer that is kept does not tell what was looked at"
    assert whole.looked
    next(
        each for each in cache.folder.iterdir() if not json.loads(each.read_bytes())["answer"][6]
    ).unlink()
    assert ask(looked=False) == plain._replace(cached=True)
    assert ask(looked=True) == whole._replace(cached=True)


@pytest.mark.parametrize("cut", [0, 1, 30, -1])
def test_a_file_that_was_written_half_is_no_answer(cache: Cache, cut: int) -> None:
    cache.put("a" * 64, RESULT)
    path = cache.folder / ("a" * 64)
    path.write_bytes(path.read_bytes()[:cut])
    assert cache.get("a" * 64) is None


def test_an_answer_that_was_changed_or_moved_is_no_answer(cache: Cache) -> None:
    cache.put("a" * 64, RESULT)
    path = cache.folder / ("a" * 64)
    told: dict[str, Any] = json.loads(path.read_bytes())
    shutil.copy(path, cache.folder / ("b" * 64))
    told["answer"][2] = []
    path.write_text(json.dumps(told), encoding="utf-8")
    assert cache.get("a" * 64) is None
    assert cache.get("b" * 64) is None, "it is the answer to another question"


def test_a_folder_in_which_others_can_write_is_not_trusted(cache: Cache) -> None:
    cache.put("a" * 64, RESULT)
    cache.folder.chmod(0o777)
    assert cache.get("a" * 64) is None
    cache.put("b" * 64, RESULT)
    assert len(list(cache.folder.iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file" / "checkov")
    cache.put("a" * 64, RESULT)
    assert cache.get("a" * 64) is None


def test_the_oldest_answers_go_first(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ANSWERS", 3)
    for number in range(5):
        cache.put(f"{number}" * 64, RESULT)
        os.utime(cache.folder / (f"{number}" * 64), (number, number))
    assert sorted(path.name[0] for path in cache.folder.iterdir()) == ["2", "3", "4"]
    monkeypatch.setattr(module, "MOST_BYTES", 1)
    cache.put("9" * 64, RESULT)
    assert [path.name[0] for path in cache.folder.iterdir()] == ["9"]


def test_many_at_once_see_whole_answers_or_none(cache: Cache) -> None:
    seen: list[ScanResult | None] = []

    def work(number: int) -> None:
        for turn in range(30):
            key = f"{(number + turn) % 4}" * 64
            cache.put(key, RESULT)
            seen.append(cache.get(key))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 180
    assert set(seen) == {RESULT._replace(cached=True)}
    assert len(list(cache.folder.iterdir())) == 4, "nothing half-written is left"


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert scanner.user_folder() == tmp_path / "planspec" / "checkov"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert scanner.user_folder() == tmp_path / "home" / ".cache" / "planspec" / "checkov"
