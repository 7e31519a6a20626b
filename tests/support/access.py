"""Policies and resources that exist, change and go, for tests about access."""

import json
from typing import Any, Final

from planspec import Verdict
from planspec.judgements.change import wider_permissions
from planspec.schema.access_index import access_types
from tests.support.plans import known, plan, resource, unknown

SATISFIED, VIOLATED = Verdict.SATISFIED, Verdict.VIOLATED
UNDETERMINED, NOT_APPLICABLE = Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
ACCOUNT: Final = "111111111111"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/a"
TABLE: Final = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t"


def says(*statements: dict[str, Any], version: str = "2012-10-17") -> str:
    """A policy document."""
    return json.dumps({"Version": version, "Statement": list(statements)})


def allow(who: Any = ROLE, does: Any = "x:Get", on: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement; without `who` it is one of an identity."""
    principal = {} if who is None else {"Principal": who if who == "*" else {"AWS": who}}
    return {"Effect": "Allow", "Action": does, "Resource": on, **principal, **more}


NARROW: Final = says(allow())
WIDE: Final = says(allow("*"))
TLS: Final = {"Bool": {"aws:SecureTransport": "true"}}
BOUND: Final = says(allow(Condition=TLS))
DENIES: Final = says(allow(), allow("*", "x:Delete", Effect="Deny"))


def there(kind: str, name: str = "x", /, **values: Any) -> dict[str, Any]:
    """A resource that exists and stays as it is."""
    made = resource(kind, name, actions=["no-op"], before=values)
    made["change"]["after"] = values
    return made


def turns(kind: str, before: dict[str, Any], /, **after: Any) -> dict[str, Any]:
    """A resource that is updated in some of its attributes."""
    made = resource(kind, "x", actions=["update"], before=before)
    values = before | after
    made["change"] |= {"after": known(values), "after_unknown": unknown(values)}
    return made


def goes(kind: str, /, **values: Any) -> dict[str, Any]:
    """A resource that is deleted."""
    return resource(kind, "x", actions=["delete"], before=values)


def judged(*described: dict[str, Any], **sections: Any) -> Verdict:
    """The verdict about the rights that a change gives."""
    return wider_permissions.allow_no_more(plan(*described, **sections)).verdict


# Every document in a type of its own, and those in the thing itself.
DOCUMENTS: Final = [each for each in access_types().document if "[" not in each.at]
INSIDE: Final = access_types().inside


PERMISSION: Final = {
    "function_name": "f",
    "action": "lambda:InvokeFunction",
    "principal": "s3.amazonaws.com",
    "source_arn": "arn:aws:s3:::in",
    "source_account": ACCOUNT,
}
