"""What moto 5.2.5 lacks for the AWS provider, and what replaces it.

Each stand-in says what goes wrong without it. They exist for Terraform only: enough that a plan,
an apply and a second plan see what was asked for.
"""

import json
import sys
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from flask import Flask, Response, request
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.budgets.responses import BudgetsResponse
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend
from moto.logs.responses import LogsResponse
from moto.s3.models import FakeBucket

Answer = Callable[[Any], Any]

_SERVICE_SETTINGS = (
    "availabilityZoneRebalancing",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
)
# Policies of AWS's own that a service may attach. All of them would cost each plan a second.
_MANAGED_POLICIES = ("AmazonECSTaskExecutionRolePolicy", "AmazonRDSEnhancedMonitoringRole")


def refuse_at_once(application: Flask) -> None:
    """Answer 400 where moto has no answer.

    Without it the answer is 500, which the provider takes for a passing failure and repeats for
    many minutes.
    """

    def refuse(error: Exception) -> Response:
        sys.stderr.write(f"{request.method} {request.path}: {error!r}\n")
        return refusal(f"the emulator cannot do this: {error}", request.content_type or "")

    application.register_error_handler(Exception, refuse)


def refusal(text: str, asked_as: str) -> Response:
    """An answer that the provider takes for final, in the language that the request was written in."""
    if "json" in asked_as:
        body = json.dumps({"__type": "UnsupportedByEmulator", "message": text})
        return Response(body, 400, content_type="application/x-amz-json-1.1")
    error = f"<Error><Code>UnsupportedByEmulator</Code><Message>{escape(text)}</Message></Error>"
    # EC2 has its errors in a list, the others have one.
    body = f"<ErrorResponse><Errors>{error}</Errors>{error}</ErrorResponse>"
    return Response(body, 400, content_type="text/xml")


def close_gaps() -> None:
    """Put every stand-in into place. Called once, before the server answers."""
    _keep_service_settings()
    _answer_scaling_tags()
    _answer_budget_subscribers()
    _answer_log_keys()
    _accept_log_buckets()
    _keep_rule_descriptions()
    _know_managed_policies()


def _keep_service_settings() -> None:
    """CreateService drops how deployments run, and no task ever starts.

    Without this the next plan undoes what was just applied, and waiting for a steady state never
    ends.
    """
    for name in ("create_service", "update_service"):
        original = getattr(EC2ContainerServiceResponse, name)
        setattr(EC2ContainerServiceResponse, name, _remember_settings(original))


def _remember_settings(original: Answer) -> Answer:
    def remember(self: Any) -> Any:
        answer = original(self)
        service = answer.result["service"]
        for setting in _SERVICE_SETTINGS:
            if (value := self._get_param(setting)) is not None:
                setattr(service, setting, value)
        _settle(service)
        return answer

    return remember


def _settle(service: Any) -> None:
    """Let every task run, and the one deployment be complete."""
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments[:1]:
        deployment.update(
            taskDefinition=service.task_definition,
            desiredCount=service.desired_count,
            runningCount=service.desired_count,
            pendingCount=0,
            rolloutState="COMPLETED",
        )


def _answer_scaling_tags() -> None:
    """ListTagsForResource and its like are missing, and the tags of a new target are lost.

    Applying a scaling target fails, or the next plan adds its tags again.
    """
    tags: dict[str, dict[str, str]] = {}
    original = ApplicationAutoScalingResponse.register_scalable_target

    def register(self: Any) -> Any:
        answer = original(self)
        arn = json.loads(answer)["ScalableTargetARN"]
        tags.setdefault(arn, {}).update(self._get_param("Tags") or {})
        return answer

    def list_tags(self: Any) -> str:
        return json.dumps({"Tags": tags.get(self._get_param("ResourceARN"), {})})

    def tag(self: Any) -> str:
        tags.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags"))
        return "{}"

    def untag(self: Any) -> str:
        for key in self._get_param("TagKeys"):
            tags.get(self._get_param("ResourceARN"), {}).pop(key, None)
        return "{}"

    add_answers(ApplicationAutoScalingResponse, RegisterScalableTarget=register)
    add_answers(ApplicationAutoScalingResponse, ListTagsForResource=list_tags, TagResource=tag)
    add_answers(ApplicationAutoScalingResponse, UntagResource=untag)


def _answer_budget_subscribers() -> None:
    """DescribeSubscribersForNotification and all about tags are missing: no budget can be read."""
    kept: dict[str, list[dict[str, str]]] = {}
    original = BudgetsResponse.create_budget

    def create(self: Any) -> Any:
        name = self._get_param("Budget")["BudgetName"]
        arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{name}"
        kept[arn] = self._get_param("ResourceTags") or []
        return original(self)

    def subscribers(self: Any) -> str:
        account, asked = self._get_param("AccountId"), self._get_param("Notification")
        budget = self.backend.budgets[account][self._get_param("BudgetName")]
        found = [
            subscriber
            for notification in budget.notifications
            if notification.details["NotificationType"] == asked["NotificationType"]
            and float(notification.details["Threshold"]) == float(asked["Threshold"])
            for subscriber in notification.subscribers
        ]
        return json.dumps({"Subscribers": found})

    def tags(self: Any) -> str:
        return json.dumps({"ResourceTags": kept.get(self._get_param("ResourceARN"), [])})

    def tag(self: Any) -> str:
        given = self._get_param("ResourceTags")
        return keep(self, [each["Key"] for each in given], given)

    def untag(self: Any) -> str:
        return keep(self, self._get_param("ResourceTagKeys"), [])

    def keep(self: Any, replaced: list[str], given: list[dict[str, str]]) -> str:
        arn = self._get_param("ResourceARN")
        kept[arn] = [each for each in kept.get(arn, []) if each["Key"] not in replaced] + given
        return "{}"

    add_answers(BudgetsResponse, CreateBudget=create)
    add_answers(
        BudgetsResponse, DescribeSubscribersForNotification=subscribers, ListTagsForResource=tags
    )
    add_answers(BudgetsResponse, TagResource=tag, UntagResource=untag)


def _answer_log_keys() -> None:
    """AssociateKmsKey and DisassociateKmsKey are missing: a log group cannot be given a key later."""

    def set_key(self: Any) -> str:
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        group.kms_key_id = self._get_param("kmsKeyId")
        return "{}"

    add_answers(LogsResponse, AssociateKmsKey=set_key, DisassociateKmsKey=set_key)


def _accept_log_buckets() -> None:
    """PutBucketLogging fails when the log bucket's policy has a statement for the principal "*"."""

    def set_logging(self: Any, logging_config: dict[str, Any] | None, _: Any) -> None:
        self.logging = logging_config or {}

    FakeBucket.set_logging = set_logging  # type: ignore[method-assign,assignment]


def _keep_rule_descriptions() -> None:
    """The description of a rule that refers to a group is lost: the next plan would add it again."""

    def description(self: Any) -> str | None:
        text: str | None = self.ip_range.get("Description") or self.source_group.get("Description")
        return text

    SecurityGroupRule.description = property(description)  # type: ignore[method-assign,assignment]


def _know_managed_policies() -> None:
    """No policy of AWS's own is there: attaching one fails."""

    def known(self: Any) -> list[AWSManagedPolicy]:
        every = json.loads(aws_managed_policies_data)
        return [
            AWSManagedPolicy.from_data(name, self.account_id, self.region_name, every[name])
            for name in _MANAGED_POLICIES
        ]

    setattr(IAMBackend, "_init_aws_policies", known)  # noqa: B010 (its type is narrower)


def check_first(responses: type, action: str, *checks: Answer) -> None:
    """Let each check look at a request before moto answers; it raises what AWS would answer."""
    original = getattr(responses, action)

    def answer(self: Any) -> Any:
        for check in checks:
            check(self)
        return original(self)

    setattr(responses, action, answer)


def add_answers(responses: type, **actions: Answer) -> None:
    """Let one service of moto's answer these actions of its API."""
    for name, answer in actions.items():
        setattr(responses, camelcase_to_underscores(name), answer)
