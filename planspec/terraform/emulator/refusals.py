"""What AWS refuses and moto takes, outside RDS: with the codes and the words of AWS.

Names in use and task definitions that are gone. Each refusal says who quotes the words.
"""

from typing import Any

from moto.ecs.exceptions import EcsClientException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.responses import ELBV2Response
from moto.secretsmanager.exceptions import InvalidRequestException
from moto.secretsmanager.responses import SecretsManagerResponse

from planspec.terraform.emulator.gaps import check_first


def refuse_what_aws_refuses() -> None:
    """Put every refusal into place. Called once, before the server answers."""
    check_first(EC2ContainerServiceResponse, "create_service", _name_of_service, _definition_of_service)
    check_first(EC2ContainerServiceResponse, "update_service", _definition_of_service)
    check_first(EC2ContainerServiceResponse, "run_task", _definition_of_task)
    check_first(ELBV2Response, "create_load_balancer", _name_of_load_balancer)
    check_first(SecretsManagerResponse, "create_secret", _name_of_secret)


def _is_deregistered(self: Any) -> bool:
    """Amazon ECS API, DeregisterTaskDefinition: an INACTIVE one starts no task and no deployment.

    A service that runs it goes on, and may change its number of tasks.
    """
    named = self._get_param("taskDefinition")
    return bool(named) and self.ecs_backend.describe_task_definition(named).status == "INACTIVE"


def _definition_of_service(self: Any) -> None:
    """Quoted in aws/aws-cdk issue 33195."""
    if _is_deregistered(self):
        raise EcsClientException("TaskDefinition is inactive")


def _definition_of_task(self: Any) -> None:
    """Quoted in DefangLabs/defang pull request 775."""
    if _is_deregistered(self):
        raise InvalidParameterException("TaskDefinition is inactive")


def _name_of_service(self: Any) -> None:
    """Quoted in hashicorp/terraform-provider-aws issue 23462."""
    cluster = str(self._get_param("cluster", "default")).rpartition("/")[2]
    service = self.ecs_backend.services.get(f"{cluster}:{self._get_param('serviceName')}")
    if service is not None and service.status == "ACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")


def _name_of_load_balancer(self: Any) -> None:
    """Quoted in fortinet/fortigate-terraform-deploy issue 21.

    With the very same settings AWS answers with the one that exists; the provider looks for that first.
    """
    name = self._get_params().get("Name")
    if any(each.name == name for each in self.elbv2_backend.load_balancers.values()):
        raise ELBClientError(
            "DuplicateLoadBalancerName",
            f"A load balancer with the same name '{name}' exists, but with different settings",
        )


def _name_of_secret(self: Any) -> None:
    """Quoted in redpanda-data/console issue 1835; a name comes free when the days of grace are over."""
    secret = self.backend.secrets.get(self._get_param("Name"))
    if secret is not None and secret.is_deleted():
        raise InvalidRequestException(
            "You can't create this secret because a secret with this name is already scheduled for"
            " deletion."
        )
