"""What does an access control list of S3 allow, written as statements of a policy?

Source: Amazon S3 User Guide, "Access control list (ACL) overview": predefined groups, canned ACLs, and
the mapping of ACL permissions to permissions of policies.
"""

from collections.abc import Iterator
from typing import Any, Final

from planspec.access import Unknown
from planspec.judgements.change.policy_texts import Written, plain
from planspec.judgements.change.sides import Before
from planspec.plan import UNKNOWN, Known, ResourceChange, Value
from planspec.references import graph
from planspec.schema import Acl
from planspec.syntax import path_steps

_EVERYBODY: Final = "http://acs.amazonaws.com/groups/global/AllUsers"
_AUTHENTICATED: Final = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_LOGS: Final = "http://acs.amazonaws.com/groups/s3/LogDelivery"
_BUNDLE_READERS: Final = "http://acs.amazonaws.com/groups/global/ZaTeamReaders"
# What a canned list grants to others than the owner, who may do everything anyway.
_CANNED: Final = {
    "private": (),
    "public-read": ((_EVERYBODY, "READ"),),
    "public-read-write": ((_EVERYBODY, "READ"), (_EVERYBODY, "WRITE")),
    "authenticated-read": ((_AUTHENTICATED, "READ"),),
    "aws-exec-read": ((_BUNDLE_READERS, "READ"),),
    "log-delivery-write": ((_LOGS, "WRITE"), (_LOGS, "READ_ACP")),
    "bucket-owner-read": (("bucket-owner", "READ"),),
    "bucket-owner-full-control": (("bucket-owner", "FULL_CONTROL"),),
}
# Lists of objects that give the owner of the bucket something, and lists of buckets nobody.
_OF_OBJECTS: Final = frozenset({"bucket-owner-read", "bucket-owner-full-control"})
_BUCKET: Final = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "WRITE": ("s3:PutObject",),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
_OBJECT: Final = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "WRITE": (),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}
_SIGNED: Final = {"Null": {"aws:PrincipalAccount": "false"}}


def listed(side: Before, change: ResourceChange, acl: Acl) -> Written:
    """Return what an access control list allows."""
    values = side.values(change)
    canned = values.get(acl.canned)
    statements: list[Any] = []
    match canned.peek():
        case Known(str(name)) if name in _CANNED:
            given = () if name in _OF_OBJECTS and not acl.object else _CANNED[name]
            statements += [one for each in given for one in _statement(acl, *each)]
        case Known(str(name)) if name:
            statements.append(Unknown(f"the access control list {name}"))
        case state if state is UNKNOWN and graph(side.plan).is_written(change, acl.canned):
            statements.append(Unknown())
    if acl.grants and side.is_stated(change, tuple(path_steps(acl.grants))):
        owner = values.get(*path_steps(acl.owned)).peek() if acl.owned else None
        for each in values.get(*path_steps(acl.grants)).elements():
            statements += _of_grant(acl, each, owner)
    return Written(change, (), {"Statement": statements}, is_made=True)


def _of_grant(acl: Acl, grant: Value, owner: Any) -> Iterator[Any]:
    if grant.peek() is UNKNOWN:
        yield Unknown()
        return
    grantees = grant.get(acl.grantee).elements() if acl.grantee else (grant,)
    names = [each.get(name) for each in grantees for name in acl.names]
    who = next((each for each in names if each.is_set is not False), None)
    if who is None or (owner is not None and who.peek() == owner):
        return
    for each in map(plain, grant.get(acl.permission).elements()):
        yield from _statement(acl, plain(who), each)


def _statement(acl: Acl, who: Any, permission: Any) -> Iterator[dict[str, Any]]:
    meaning = _OBJECT if acl.object else _BUCKET
    if permission == "FULL_CONTROL":
        does: list[Any] = [each for every in meaning.values() for each in every]
    else:
        does = list(meaning.get(permission, ())) if isinstance(permission, str) else [permission]
    if does:
        made = {"Effect": "Allow", "Action": does, "Resource": "*", "Principal": _caller(who)}
        yield {**made, "Condition": _SIGNED} if who == _AUTHENTICATED else made


def _caller(who: Any) -> Any:
    if who in (_EVERYBODY, _AUTHENTICATED):
        return "*"
    if who == _LOGS:
        return {"Service": "logging.s3.amazonaws.com"}
    return {"CanonicalUser": who}
