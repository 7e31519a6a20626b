"""Does `planspec plan` make a plan that `planspec check` judges? With the real Terraform."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from tests.support.saved_plans import LOCK, saved

MODULE = Path(__file__).parents[2] / "heavy" / "bench_module"

pytestmark = pytest.mark.usefixtures("terraform")


def planspec(*arguments: str | Path) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_a_folder_is_planned_and_the_plan_is_judged(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    made = planspec("plan", MODULE, "-o", plan, "--var", "copies=1")
    assert made.exit_code == 0, made.output
    assert "10 changes; judge it with: planspec check" in made.stdout
    assert plan.stat().st_mode & 0o077 == 0, "a plan holds secrets"
    judged = planspec("check", plan, "--no-checkov", "--tags", "@EXP-05 or @ENC-02 or @CST-03")
    assert judged.exit_code == 0, judged.output
    assert "4 scenarios: 4 satisfied" in judged.stdout


def test_a_mistake_in_the_folder_is_one_paragraph_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "a" {\n  tpye = string\n}\n')
    result = planspec("plan", tmp_path, "-o", tmp_path / "plan.json")
    assert result.exit_code == 2
    assert "main.tf:2" in result.stderr
    assert not (tmp_path / "plan.json").exists()


def test_a_saved_plan_without_its_providers_says_what_to_run(tmp_path: Path) -> None:
    file = tmp_path / "tfplan"
    file.write_bytes(saved({"main.tf": 'resource "aws_vpc" "v" {}\n'}, lock=LOCK))
    result = planspec("check", file, "--no-checkov")
    assert result.exit_code == 2
    assert "terraform show -json" in result.stderr
