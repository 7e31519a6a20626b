"""Does the terminal report of our service stay as it was looked at?"""

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from planspec.cli.app import main
from planspec.evidence import decode
from planspec.reports import brief, console
from tests.support import accepted
from tests.support.our_service import of_service

ROOT = Path(__file__).parents[2]
REPORTS = Path(__file__).parent / "reports"


@pytest.mark.accepted
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
    accepted.hold(REPORTS / f"{name}.txt", report)


@pytest.mark.accepted
@pytest.mark.parametrize("name", ["inherited", "upgrade", "release"])
def test_the_worst_is_read_first_and_in_few_lines(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    source = "plans/inherited" if name == "inherited" else "terraform"
    chosen = ["check", "--no-checkov", f"plans/{name}.json", "--source", source, "-o", "json"]
    record = of_service(decode(CliRunner().invoke(main, chosen).stdout_bytes, name))
    file = io.StringIO()
    brief.show(record, Console(file=file, width=console.WIDTH, no_color=True, highlight=False))
    lines = [
        line.rstrip() for line in file.getvalue().splitlines() if "the price catalogue is" not in line
    ]
    accepted.hold(REPORTS / f"{name}-short.txt", "\n".join(lines) + "\n")
    assert len(lines) <= brief.LONGEST
    assert all(each.scenario in file.getvalue() for each in record.scenarios if each.blocks)
    if record.blocks:
        worst = next(place for place, line in enumerate(lines) if "· critical ·" in line)
        assert worst < 25
        assert lines[worst + 1].startswith("  ✗ aws_")
