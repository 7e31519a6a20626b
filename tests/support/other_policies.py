"""Policies in other places than roles and buckets: of tables, file systems and functions."""

from typing import Any, Final

from tests.support.iam_policies import may, said
from tests.support.making import added
from tests.support.recipe_edits import Edit

ACCOUNT: Final = "123456789012"
TABLE_ARN: Final = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"
INVOKES: Final = {
    "action": "lambda:InvokeFunction",
    "function_name": "resize",
    "principal": "s3.amazonaws.com",
    "source_account": ACCOUNT,
    "source_arn": "arn:aws:s3:::uploads",
}


def lets(who: Any, *actions: str, on: str = "*", **more: Any) -> str:
    """A policy that lets somebody do these actions."""
    return said(may(*actions, on=on, Principal=who, **more))


def table(who: Any, **more: Any) -> str:
    """The policy of a table."""
    return lets(who, "dynamodb:GetItem", on=TABLE_ARN, **more)


def files(who: Any) -> str:
    """The policy of a file system."""
    return lets(who, "elasticfilesystem:ClientMount")


def new(address: str, **values: Any) -> Edit:
    """A resource that the plan makes."""
    return added(address, values)
