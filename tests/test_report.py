"""Does the terminal report of our service stay as it was looked at?"""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from planspec.evidence import decode
from planspec.reports import console
from tests.our_service import of_service

ROOT = Path(__file__).parents[1]
REPORTS = Path(__file__).parent / "reports"
AGAIN = "PLANSPEC_REWRITE_REPORTS=1 python -m pytest tests/test_report.py"


@pytest.mark.parametrize("name", ["inherited", "corrected", "upgrade", "destroy", "release", "steady"])
def test_the_report_is_the_one_that_was_looked_at(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    chosen = ["check", "--no-checkov", f"plans/{name}.json", "--source", "terraform"]
    if name == "inherited":
        chosen[-1] = "plans/inherited"
    record = decode(CliRunner().invoke(main, [*chosen, "-o", "json"]).stdout_bytes, name)
    printed = console.render(of_service(record)).decode()
    # That the prices grow old is no change of the report.
    lines = [line for line in printed.splitlines() if "the price catalogue is" not in line]
    report = "\n".join(line.rstrip() for line in lines) + "\n"
    path = REPORTS / f"{name}.txt"
    if os.environ.get("PLANSPEC_REWRITE_REPORTS"):
        REPORTS.mkdir(exist_ok=True)
        path.write_text(report, encoding="utf-8")
    assert report == path.read_text(encoding="utf-8"), f"look at it, then: {AGAIN}"
