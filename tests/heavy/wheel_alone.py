"""Does the wheel work where nothing of this repository is at hand?

Builds the wheel, looks into it for anything of our own service, installs nothing but the wheel and what
it asks for into an empty environment, and judges the recorded plan from an empty folder, where nobody
stated a limit. The installed versions are those of requirements.lock; the emulator extra stays out. Run
by `make wheel`, in tox's environment.
"""

import json
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
# What only our own service is called, has or wants. A type of AWS may hold such a word, and so may the
# metadata, which call the topics of a package classifiers.
OURS = re.compile(rb"classifier|image.classification|cost.?centre|/health\b|10\.20\.\d", re.IGNORECASE)
NOT_OURS = re.compile(rb"\baws_\w+|^Classifier: .*$", re.MULTILINE)


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


def require_nothing_of_ours(wheel: Path) -> None:
    """End with a message if the wheel names our own service, or holds what belongs to it alone."""
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        found = [
            f"{name}: {ours[0].decode()}"
            for name in names
            if not name.endswith(".gz")
            for ours in [OURS.search(NOT_OURS.sub(b"", packed.read(name)))]
            if ours
        ]
    apart = ("features/service/", "policies/limits.toml", "policies/waivers.toml", "policies/usage.toml")
    found += [name for name in names if any(f"_bundle/{each}" in name for each in apart)]
    bundled = {Path(name).name for name in names if "_bundle/features/" in name}
    written = {path.name for path in (REPOSITORY / "features").glob("*.feature")}
    found += [f"{name}: not the features for any estate" for name in sorted(bundled ^ written)]
    if found:
        sys.exit("the wheel holds what is our own service's: " + "; ".join(found))


def require_not_applicable(record: Path) -> None:
    """End with a message unless the requirements whose limit nobody stated say so, and nothing else."""
    scenarios = json.loads(record.read_bytes())["scenarios"]
    told = {each["scenario"]: each["verdict"] for each in scenarios if each["reason"]}
    if "CST-11.1" not in told or {*told.values()} != {"not applicable"}:
        sys.exit(f"judged by limits that nobody stated: {told}")


def main() -> None:
    """Build, install, judge; any failure is this program's failure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder)
        require_nothing_of_ours(wheel)
        pins = folder / "constraints.txt"
        pins.write_text(constraints((REPOSITORY / "requirements.lock").read_text("utf-8")), "utf-8")
        venv.create(folder / "alone", with_pip=True)
        python = folder / "alone" / "bin" / "python"
        run(python, "-m", "pip", "install", "--quiet", "-c", pins, wheel, folder=folder)
        empty = folder / "empty"
        empty.mkdir()
        planspec = python.with_name("planspec")
        plan = REPOSITORY / "plans" / "corrected.json"
        record = ("-o", "json=evidence.json")
        run(planspec, "init", folder=empty)
        run(planspec, "check", "--no-checkov", plan, "-o", "html=report.html", *record, folder=empty)
        require_not_applicable(empty / "evidence.json")
        run(planspec, "cost", "-o", "json=cost.json", plan, folder=empty)


if __name__ == "__main__":
    main()
