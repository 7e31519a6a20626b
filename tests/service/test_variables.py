"""Do the environments plan, and are wrong values refused with a sentence that helps?"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from planspec.errors import TerraformError
from planspec.terraform import Inputs, Terraform, running, workspace
from tests.support.our_service import policies_of

SERVICE = Path(__file__).parents[2] / "terraform"
SEED = Path(__file__).parents[2] / "plans" / "emulator-seed.toml"
DIGEST = f"image_digest=sha256:{'0' * 64}"
PRODUCTION = SERVICE / "environments" / "production.tfvars"

pytestmark = pytest.mark.usefixtures("terraform")

WRONG = {
    "service=Classifier": "The service's name has 3 to 16 lowercase letters, digits and hyphens",
    "environment=test": "The environment is staging or production",
    "owner= ": "Somebody owns it: the owner is not empty",
    "cost_centre=4711": "A cost centre looks like CC-1234",
    "region=us-east-1": "The service runs in eu-west-1 or eu-central-1",
    "vpc_name= ": "The VPC is found by its name: the name is not empty",
    "domain=https://classifier.example.com": "The domain is a host name, without https://",
    "image_digest=latest": "An image is named by its digest: sha256: and 64 hexadecimal digits",
    "container_port=80": "A container that is not root listens on a port from 1025 to 65535",
    "task_cpu=4096": "A task gets 256, 512 or 1024 units; more load is for more tasks",
    "database_storage_gib=10": "gp3 starts at 20 GiB; more than 1000 is a slip",
    "minimum_tasks=1": "One task is an outage waiting to happen: at least 2",
    "web_processes=5": "A task has 1 to 4 web processes",
    "database_pool_size=15": "A process opens 1 to 10 connections",
    "database_instance_class=db.t3.micro": "The database runs on a Graviton class",
    "database_name=1db": "A database's name has lowercase letters, digits and underscores",
    "database_admin=admin": "RDS keeps `admin` for itself",
    "image_retention_days=7": "Images are kept for 31 to 1095 days",
    "log_retention_days=0": "Logs are kept for 30, 60, 90, 180, 365 or 400 days",
    "requests_per_address=1": "The limit is at least 100 requests in five minutes",
    "alarm_addresses=[]": "At least one e-mail address gets the alarms",
    "monthly_budget_usd=0": "The budget is more than nothing",
}
# These look at other variables, and are said only where those are right.
WRONG_TOGETHER = {
    "task_memory=16384": "Fargate offers no such pair: 256 units with 512, 1024 or 2048 MB",
    "database_user=postgres": "The application has a user of its own",
    "maximum_tasks=1": "The maximum is not below the minimum",
}


@pytest.fixture(scope="module")
def service() -> Iterator[Terraform]:
    """The service's configuration, initialised once, against one emulator."""
    with running(SEED) as endpoint, workspace(SERVICE, Inputs(emulator=endpoint)) as terraform:
        terraform.initialise()
        yield terraform


@pytest.fixture(scope="module")
def refusal(service: Terraform) -> str:
    """What Terraform says to all wrong values at once."""
    return refused(service, list(WRONG))


def planned(service: Terraform, environment: Path, *variables: str) -> dict[str, Any]:
    """The plan for an environment, as JSON."""
    service.inputs = Inputs([environment], variables, emulator=service.inputs.emulator)
    plan: dict[str, Any] = json.loads(service.plan()[1])
    return plan


def refused(service: Terraform, variables: list[str]) -> str:
    """Why production is not planned with these values."""
    with pytest.raises(TerraformError) as caught:
        planned(service, PRODUCTION, DIGEST, *variables)
    return str(caught.value)


@pytest.mark.parametrize(
    ("environment", "database_class", "tasks"),
    [("staging", "db.t4g.small", 3), ("production", "db.t4g.medium", 4)],
)
def test_an_environment_is_planned_from_its_file_and_passes(
    service: Terraform, environment: str, database_class: str, tasks: int, tmp_path: Path
) -> None:
    plan = planned(service, SERVICE / "environments" / f"{environment}.tfvars", DIGEST)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    policies = str(policies_of(environment, tmp_path))
    options = ["--policies", policies, "--require-applicable", "--no-checkov"]
    judged = CliRunner().invoke(main, ["check", str(path), *options])
    assert judged.exit_code == 0, judged.output
    after = {each["address"]: each["change"]["after"] for each in plan["resource_changes"]}
    assert after["aws_db_instance.main"]["identifier"] == f"classifier-{environment}-db"
    assert after["aws_db_instance.main"]["instance_class"] == database_class
    assert after["aws_db_instance.main"]["multi_az"] is True
    assert after["aws_appautoscaling_target.api"]["max_capacity"] == tasks
    assert after["aws_sns_topic.alarms"]["tags_all"]["Environment"] == environment


def test_the_example_can_be_copied_and_is_planned(service: Terraform) -> None:
    copied = service.folder / "terraform.tfvars"
    shutil.copy(SERVICE / "terraform.tfvars.example", copied)
    service.inputs = Inputs(emulator=service.inputs.emulator)
    try:
        changes, _ = service.plan()
    finally:
        copied.unlink()
    assert changes > 50


@pytest.mark.parametrize(("value", "message"), WRONG.items(), ids=[*WRONG])
def test_a_wrong_value_is_refused_with_its_reason(refusal: str, value: str, message: str) -> None:
    name = value.partition("=")[0]
    line = next(each for each in refusal.splitlines() if message in each)
    assert "Invalid value for variable" in line
    assert f'variable "{name}"' in (SERVICE / "variables.tf").read_text(encoding="utf-8")


def test_values_that_do_not_go_together_are_refused(service: Terraform) -> None:
    said = refused(service, [*WRONG_TOGETHER])
    assert [message for message in WRONG_TOGETHER.values() if message not in said] == []


def test_more_tasks_than_the_database_has_connections_for_are_refused(service: Terraform) -> None:
    said = refused(service, ["maximum_tasks=6"])
    assert "A deployment could open 120 connections; the database has 106 for the service" in said


@pytest.mark.parametrize(("cpu", "memory"), [(256, 4096), (512, 1536), (1024, 1024)])
def test_a_pair_that_fargate_does_not_offer_is_refused(
    service: Terraform, cpu: int, memory: int
) -> None:
    said = refused(service, [f"task_cpu={cpu}", f"task_memory={memory}"])
    assert "Fargate offers no such pair" in said


def test_the_state_is_kept_where_it_is_encrypted_and_locked() -> None:
    """No plan says where the state is kept, so this stands for a requirement."""
    lines = (SERVICE / "backend.tf").read_text(encoding="utf-8").splitlines()
    code = [line.strip() for line in lines if not line.strip().startswith("#")]
    assert 'backend "s3" {' in code, "terraform/backend.tf: the state is not kept in S3"
    for setting in ("encrypt      = true", "use_lockfile = true"):
        line = code.index('backend "s3" {') + 1
        assert setting in code, f"terraform/backend.tf:{line}: {setting} is not there"


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_every_environment_keeps_a_state_of_its_own(environment: str) -> None:
    text = (SERVICE / "environments" / f"{environment}.s3.tfbackend").read_text(encoding="utf-8")
    assert f'bucket = "classifier-{environment}-terraform-state"' in text
