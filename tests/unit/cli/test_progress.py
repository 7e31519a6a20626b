"""Does a person who waits see what is going on, and nobody else?"""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from planspec.cli.progress import Phases

ROOT = Path(__file__).parents[3]
PROGRAM = """
import time
from planspec.reports.terminal import working
with working({patience}) as show:
    show("judging 99 scenarios: 7 of 99")
    time.sleep(0.4)
print("done")
"""


def seen(patience: float, *, terminal: bool) -> str:
    """What a program that works for 0.4 seconds writes to standard error."""
    command = [sys.executable, "-c", PROGRAM.format(patience=patience)]
    environment = os.environ | {"TERM": "xterm", "PYTHONPATH": str(ROOT)}
    if not terminal:
        done = subprocess.run(command, capture_output=True, env=environment, check=True)
        return done.stderr.decode()
    ours, theirs = pty.openpty()
    done = subprocess.run(command, stderr=theirs, stdout=subprocess.DEVNULL, env=environment, check=True)
    os.close(theirs)
    parts = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed and everything is read
            break
        parts += part
        if not part:
            break
    os.close(ours)
    return parts.decode()


@pytest.mark.parametrize(
    ("patience", "terminal", "shown"),
    [(0.05, True, True), (5.0, True, False), (0.05, False, False)],
    ids=["long, in a terminal", "short, in a terminal", "long, in a pipe"],
)
def test_progress_is_shown_in_a_terminal_once_it_takes_long(
    patience: float, terminal: bool, shown: bool
) -> None:
    assert ("judging 99 scenarios: 7 of 99" in seen(patience, terminal=terminal)) is shown


def test_phases_say_how_far_they_are_and_how_long_they_took() -> None:
    told: list[str] = []
    phases = Phases(told.append)
    phases("reading")
    phases("judging 3 scenarios")
    phases.detail(2, 3)
    assert told == ["reading", "judging 3 scenarios", "judging 3 scenarios: 2 of 3"]
    assert phases.timing().startswith("time: reading 0.")
    assert phases.timing().endswith(" s in all")


def test_the_timing_is_one_line_on_standard_error_where_it_is_asked_for() -> None:
    plan = str(ROOT / "plans" / "corrected.json")
    arguments = ["check", "--no-checkov", plan]
    assert "time: " not in CliRunner().invoke(main, arguments).stderr
    (line,) = CliRunner().invoke(main, [*arguments, "-v"]).stderr.splitlines()
    assert line.startswith("time: reading the plan ")
    for phase in ("judging", "writing the record", "writing the reports"):
        assert phase in line
