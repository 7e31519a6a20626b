"""Does `planspec plan` make a plan that `planspec check` judges? With the real Terraform."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from tests.support.saved_plans import LOCK, saved

MODULE = Path(__file__).parents[2] / "heavy" / "bench_module"
NETWORK = """
[[seed]]
kind = "network"
name = "a"
cidr = "10.0.0.0/16"
public = ["10.1.0.0/24"]
private = ["10.0.1.0/24"]
"""
KEY = '[[seed]]\nkind = "secret"\nname = "shop/key"\nvalue = "b"\n'
QUICK_START = Path(__file__).parents[3] / "docs" / "quick-start.md"

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
    assert "5 scenarios: 5 satisfied" in judged.stdout


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


LOOKED_UP = """
provider "aws" {
  region = "eu-west-1"
}

data "aws_vpc" "found" {
  WHICH
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.found.id]
  }
  tags = { Tier = "private" }
}

output "found" {
  value = [data.aws_vpc.found.cidr_block, length(data.aws_subnets.private.ids)]
}
"""


def planned_with(
    folder: Path, which: str, *arguments: str | Path, region: str = "eu-west-1", more: str = ""
) -> Any:
    """What a configuration finds in the emulator, or the refusal."""
    folder.mkdir()
    text = LOOKED_UP.replace("WHICH", which).replace("eu-west-1", region)
    (folder / "main.tf").write_text(text + more)
    result = planspec("plan", folder, "-o", folder / "plan.json", "--emulator", *arguments)
    if result.exit_code:
        return result.output
    return json.loads((folder / "plan.json").read_bytes())["output_changes"]["found"]["after"]


def test_without_a_seed_the_emulator_has_the_default_network_and_no_name(tmp_path: Path) -> None:
    assert planned_with(tmp_path / "any", "default = true") == ["172.31.0.0/16", 3]
    assert "no matching EC2 VPC" in planned_with(tmp_path / "ours", 'tags = { Name = "classifier" }')


def test_a_seed_file_says_what_exists_in_the_emulator(tmp_path: Path) -> None:
    (seed,) = re.findall(r"^```toml\n(.*?)^```$", QUICK_START.read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "seed.toml").write_text(seed)
    as_json = tmp_path / "SEED.JSON"
    as_json.write_text(json.dumps(tomllib.loads(seed)))
    for file in (tmp_path / "seed.toml", as_json):
        found = planned_with(tmp_path / file.suffix, 'tags = { Name = "shop" }', "--seed", str(file))
        assert found == ["10.0.0.0/16", 2]


ELSEWHERE = """
provider "aws" {
  alias  = "elsewhere"
  region = "ap-northeast-1"
}

data "aws_secretsmanager_secret" "elsewhere" {
  provider = aws.elsewhere
  name     = "shop/database"
}

output "arn" {
  value = data.aws_secretsmanager_secret.elsewhere.arn
}
"""


ARN = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:shop/database-PgzUoN"


@pytest.mark.heavy
def test_what_exists_exists_in_the_region_of_each_provider(tmp_path: Path) -> None:
    found = planned_with(tmp_path / "any", "default = true", region="us-west-1")
    assert found == ["172.31.0.0/16", 2], "us-west-1 has two zones"
    (seed,) = re.findall(r"^```toml\n(.*?)^```$", QUICK_START.read_text(), re.MULTILINE | re.DOTALL)
    file = tmp_path / "seed.toml"
    file.write_text(seed)
    by: dict[str, Any] = {"region": "us-east-1", "more": ELSEWHERE}
    shop = planned_with(tmp_path / "two", 'tags = { Name = "shop" }', "--seed", file, **by)
    assert shop == ["10.0.0.0/16", 2]
    plan = json.loads((tmp_path / "two" / "plan.json").read_bytes())
    # The same in every run, however the requests of the two regions come.
    assert plan["output_changes"]["arn"]["after"] == ARN
    file.write_text(seed.replace("private = [", 'private = ["10.0.12.0/24", '))
    refused = planned_with(tmp_path / "many", "default = true", "--seed", file, region="us-west-1")
    assert "it has 3 subnets of a tier for 2 zones of us-west-1" in " ".join(refused.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[seed]]\nkind = "secret"\nname = "a"\nvalue = "b"\ncolour = "c"', "colour"),
        ('[[seed]]\nkind = "table"', "table"),
        ('[[seed]]\nkind = "secret"\nname = "a"', "value"),
        ('[[seeds]]\nkind = "secret"', "seeds"),
        (
            NETWORK,
            "10.1.0.0/24 lies outside 10.0.0.0/16",
        ),
        ("seed", "seed.toml"),
        (NETWORK.replace("10.0.0.0/16", "fd00::/56"), "fd00::/56 is a range of IPv6; write one of IPv4"),
        (
            NETWORK.replace("10.0.0.0/16", "10.0.0.0/8"),
            "10.0.0.0/8 has a prefix of 8; AWS takes 16 to 28",
        ),
        (
            NETWORK.replace("10.1.0.0/24", "10.0.0.0/23"),
            "10.0.1.0/24 overlaps 10.0.0.0/23 - at `$.seed[0]`",
        ),
        (KEY * 2, "secret shop/key is also `$.seed[0]` - at `$.seed[1]`"),
    ],
)
def test_a_seed_file_with_a_mistake_is_refused_by_file_and_key(
    tmp_path: Path, text: str, told: str
) -> None:
    seed = tmp_path / "seed.toml"
    seed.write_text(text)
    result = planspec("plan", MODULE, "-o", tmp_path / "p.json", "--emulator", "--seed", seed)
    assert result.exit_code == 2
    assert "seed.toml: " in result.stderr
    assert told in result.stderr


def test_a_seed_without_an_emulator_is_a_usage_error(tmp_path: Path) -> None:
    seed = tmp_path / "seed.toml"
    seed.write_text("")
    result = planspec("plan", MODULE, "-o", tmp_path / "p.json", "--seed", seed)
    assert result.exit_code == 2
    assert "name --emulator as well" in result.stderr
