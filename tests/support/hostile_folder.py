"""A folder under review in which every name that could be imported or started leaves a mark."""

from pathlib import Path

MODULES = (
    *("json", "venv", "ensurepip", "re", "planspec", "pytest", "msgspec", "click", "planspec_steps"),
    *(
        "sitecustomize",
        "usercustomize",
        "conftest",
        "setup",
        "checkov",
        "encodings",
        "runpy",
        "steps",
        "multiprocessing",
    ),
)
PACKAGES = ("pip", "setuptools", "planspec", "pytest_bdd")
PROGRAMS = (
    *("checkov", "terraform", "python3", "sed", "git", ".venv-checkov/bin/checkov"),
    *(".venv-checkov/bin/python", ".venv/bin/checkov", "bin/checkov", "node_modules/.bin/checkov"),
)
SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = -p conftest\n",
    "setup.cfg": "[tool:pytest]\naddopts = -p conftest\n",
    "tox.ini": "[pytest]\naddopts = -p conftest\n",
    "pyvenv.cfg": "home = .\n",
    ".checkov.yaml": "external-checks-dir: [.]\n",
    ".env": "PLANSPEC_CHECKOV=./checkov\n",
}


def fill(folder: Path, marks: Path) -> None:
    """Write them all; whoever runs one adds its name to `marks`."""
    for name in MODULES:
        _module(folder / f"{name}.py", marks)
    for name in PACKAGES:
        _module(folder / name / "__init__.py", marks)
        _module(folder / name / "__main__.py", marks)
    for name in PROGRAMS:
        program = folder / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "{name}" >> "{marks}"\necho "[]"\n', encoding="utf-8")
        program.chmod(0o755)
    for name, text in SETTINGS.items():
        (folder / name).write_text(text, encoding="utf-8")


def _module(path: Path, marks: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'open({str(marks)!r}, "a", encoding="utf-8").write({path.name!r} + "\\n")\n', encoding="utf-8"
    )
