"""Does the wheel work where nothing of this repository is at hand?

Builds the wheel, looks into it, installs nothing but the wheel and what it asks for into an empty
environment, and judges the recorded plan from an empty folder. The installed versions are those of
requirements.lock; the emulator extra stays out. Run by `make wheel`, in tox's environment.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def run(*command: str | Path, folder: Path) -> None:
    """Run one command in a folder; a failure ends the program with the command's exit code."""
    code = subprocess.run([str(part) for part in command], cwd=folder, check=False).returncode
    if code:
        sys.exit(code)


def constraints(lock: str) -> str:
    """Return the locked versions without their hashes; a wheel built here can have none."""
    pins = [line for line in lock.splitlines() if line[:1].isalpha()]
    return "\n".join(pin.rstrip(" \\") for pin in pins)


def build(folder: Path) -> Path:
    """Build the wheel into a folder, check what it contains, and return its path."""
    python = Path(sys.executable)
    run(python, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ".", folder=REPOSITORY)
    (wheel,) = folder.glob("*.whl")
    checker = python.with_name("check-wheel-contents")
    run(checker, "--config", REPOSITORY / "pyproject.toml", wheel, folder=folder)
    return wheel


def main() -> None:
    """Build, install, judge; any failure is this program's failure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder)
        pins = folder / "constraints.txt"
        pins.write_text(constraints((REPOSITORY / "requirements.lock").read_text("utf-8")), "utf-8")
        venv.create(folder / "alone", with_pip=True)
        python = folder / "alone" / "bin" / "python"
        run(python, "-m", "pip", "install", "--quiet", "-c", pins, wheel, folder=folder)
        empty = folder / "empty"
        empty.mkdir()
        planspec = python.with_name("planspec")
        plan = REPOSITORY / "plans" / "corrected.json"
        run(planspec, "init", folder=empty)
        run(planspec, "check", "--no-checkov", plan, "-o", "html=report.html", folder=empty)
        run(planspec, "cost", "-o", "json=cost.json", plan, folder=empty)


if __name__ == "__main__":
    main()
