"""Do the processes that help end with the one that they help?"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HELPED = """
import os, time
from planspec.testing.processes import pool

if __name__ == "__main__":
    with pool(2) as executor:
        print(*[executor.submit(os.getpid).result() for _ in range(2)], flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_helpers_end_when_the_process_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "helped.py"
    program.write_text(HELPED, encoding="utf-8")
    command = [sys.executable, str(program)]
    # What is left of the killed process is told on standard error, after this test.
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as helped:
        assert helped.stdout is not None
        helpers = set(map(int, helped.stdout.readline().split()))
        assert helpers
        assert all(map(is_there, helpers))
        os.kill(helped.pid, signal.SIGKILL)
    latest = time.monotonic() + 30
    while any(map(is_there, helpers)) and time.monotonic() < latest:
        time.sleep(0.05)
    assert [each for each in helpers if is_there(each)] == []


def is_there(process: int) -> bool:
    """Whether a process runs; one that only waits to be noted down does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
