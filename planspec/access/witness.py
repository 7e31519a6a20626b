"""The request that convinces: what was found, with names that a reader knows where they do as well."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from planspec.access.policy import ALL, Documents
from planspec.access.requests import ANONYMOUS, Request

Confirm = Callable[[Request], bool]

_OF_CALLERS: Final = re.compile(r"aws:(principal|userid|username)")
# Actions that a reader knows, the worst first: tried where the policy's own action is a wildcard.
_KNOWN: Final = (
    *("iam:PassRole", "iam:CreateUser", "iam:GetRole", "sts:AssumeRole", "s3:GetObject", "s3:PutObject"),
    *("s3:DeleteObject", "s3:ListBucket", "kms:Decrypt", "kms:CreateGrant", "kms:PutKeyPolicy"),
    *("secretsmanager:GetSecretValue", "ssm:GetParameter", "dynamodb:GetItem", "dynamodb:PutItem"),
    *(
        "dynamodb:DeleteItem",
        "sqs:SendMessage",
        "sqs:ReceiveMessage",
        "sns:Publish",
        "lambda:InvokeFunction",
    ),
    *("lambda:UpdateFunctionCode", "ec2:RunInstances", "ec2:DescribeInstances", "logs:PutLogEvents"),
    *("ecr:PutImage", "ecr:BatchGetImage", "ecs:RunTask", "rds:DeleteDBInstance", "events:PutEvents"),
)


def convincing(
    request: Request, fresh: Mapping[str, str], documents: Documents, confirm: Confirm
) -> Request | None:
    """Return the request with as little context as needed and names that are known; None if it fails."""
    context = {**{key: (value,) for key, value in fresh.items()}, **request.context}
    best = request._replace(context=context)
    if not confirm(best):
        return None
    for key in fresh:
        fewer = best._replace(context={k: v for k, v in best.context.items() if k != key})
        best = fewer if confirm(fewer) else best
    best = next(filter(confirm, _with_an_account(best, documents)), best)
    spellings = [each for one in documents for each in one.spellings]
    best = next(filter(confirm, _with_known_action(best, spellings)), best)
    if any(each.resources != ALL for one in documents for each in one.statements):
        best = next(filter(confirm, _with_whole_resource(best)), best)
    written = {each.lower(): each for each in spellings}
    return best._replace(context={written.get(key, key): values for key, values in best.context.items()})


def fresh_account(documents: Documents) -> str:
    """Return the number of an account that no document names."""
    written = re.sub(r"', '", "", str([each for one in documents for each in one.statements]))
    return next(each * 12 for each in "9876543210" if each * 12 not in written)


def _with_an_account(request: Request, documents: Documents) -> Iterator[Request]:
    """Who signs nothing has no organisation, tags or account: let somebody else's role call."""
    if request.caller == ANONYMOUS and any(map(_OF_CALLERS.match, request.context)):
        yield request._replace(caller=f"aws/{fresh_account(documents)}/role/a")


def _with_known_action(request: Request, spellings: Iterable[str]) -> Iterator[Request]:
    for each in spellings:
        if each.lower() == request.action.lower():
            yield request._replace(action=each)
    for each in _KNOWN:
        yield request._replace(action=each)


def _with_whole_resource(request: Request) -> Iterator[Request]:
    if not request.resource:
        yield request._replace(resource="*")
    elif request.resource.endswith(("/", ":")):
        yield request._replace(resource=f"{request.resource}a")
