"""Is anything left when a run is stopped: the plan in a temporary folder, or a process of Checkov?"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planspec import scratch
from planspec.cli import signals
from planspec.errors import Stopped, require_going_on

ROOT = Path(__file__).parents[3]
PLANSPEC = Path(sys.executable).with_name("planspec")
# It starts a helper, tells of both and of its folders, and answers nothing.
SLOW = """#!/bin/sh
sleep 300 &
echo $! >> "{told}"
stat -c %a . "$TMPDIR" "$HOME" >> "{told}"
echo $$ >> "{told}"
wait
"""


class Run:
    """A check that waits for a Checkov which never answers."""

    def __init__(self, folder: Path) -> None:
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.told = folder / "told"
        checkov = folder / "checkov"
        checkov.write_text(SLOW.format(told=self.told), encoding="utf-8")
        checkov.chmod(0o755)
        self.environment = {**os.environ, "TMPDIR": str(self.temporary)}
        self.process = subprocess.Popen(
            [PLANSPEC, "check", ROOT / "plans/corrected.json", "--no-cache", "--require-checkov"],
            env={**self.environment, "PLANSPEC_CHECKOV": str(checkov)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hear_signals,  # noqa: PLW1509 - no thread runs here
        )
        until(lambda: len(self.words) == 5)

    @property
    def words(self) -> list[str]:
        """What Checkov told: its helper, the permissions of its folders, itself."""
        return self.told.read_text(encoding="utf-8").split() if self.told.exists() else []

    def is_gone(self) -> bool:
        """Whether neither Checkov nor its helper runs any more."""
        return not any(is_running(int(each)) for each in (self.words[0], self.words[-1]))


def hear_signals() -> None:
    """Undo what a job in the background, or nohup, has set: a signal that is ignored stays ignored."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def until(is_so: object, seconds: float = 60.0) -> None:
    """Wait until it is so."""
    assert callable(is_so)
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A run that is ended in any case."""
    found = Run(tmp_path)
    yield found
    found.process.terminate()
    found.process.communicate(timeout=60)


@pytest.mark.parametrize("told", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_leaves_nothing(run: Run, told: str) -> None:
    run.process.send_signal(signal.Signals[told])
    _, errors = run.process.communicate(timeout=60)
    assert (run.process.returncode, errors.strip()) == (2, "planspec: stopped")
    assert list(run.temporary.iterdir()) == []
    until(run.is_gone)


def test_a_stop_that_was_swallowed_ends_the_run_when_it_waits() -> None:
    """What a signal raises may end in a callback that lets nothing out."""
    with signals.cleaning_up():
        with contextlib.suppress(Stopped):
            os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            require_going_on()
    with signals.cleaning_up():
        require_going_on()


def test_a_killed_run_takes_checkov_along_and_the_next_one_sweeps(run: Run) -> None:
    run.process.kill()
    run.process.wait()
    until(run.is_gone)
    (left,) = run.temporary.iterdir()
    assert (left / "plan.json").exists()
    scratch.sweep(run.temporary)
    assert left.exists()  # so new that it may be about to be locked
    os.utime(left, (0, 0))
    command = [str(PLANSPEC), "check", str(ROOT / "plans/corrected.json"), "--no-cache"]
    subprocess.run(command, env=run.environment, capture_output=True, check=False)
    assert list(run.temporary.iterdir()) == []


def test_folders_are_private_and_one_that_is_held_stays(run: Run) -> None:
    assert set(run.words[1:4]) == {"700"}
    (held,) = run.temporary.iterdir()
    os.utime(held, (0, 0))
    scratch.sweep(run.temporary)
    assert held.exists()


def test_only_our_own_folders_are_swept(tmp_path: Path) -> None:
    for name in ("planspec-other", "unrelated"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 0))
    target = tmp_path / "target"
    with scratch.private_folder() as made:
        made.rename(target)
    (tmp_path / "planspec-link").symlink_to(target)
    scratch.sweep(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        *("planspec-link", "planspec-other", "target", "unrelated")
    ]
