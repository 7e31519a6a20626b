"""What do access control lists, documents, groups and boundaries say, and how is it told?"""

from typing import Any, Final

import pytest

from planspec import Finding, Plan, ResourceChange, Verdict
from planspec.access import Request, Unknown
from planspec.judgements.change import wider_permissions
from planspec.judgements.change.access_lists import listed
from planspec.judgements.change.access_words import denied
from planspec.judgements.change.policy_texts import (
    by_name,
    gives_everything,
    named_policy,
    planned,
    stated,
    together,
)
from planspec.judgements.change.principals import boundary, held
from planspec.judgements.change.sides import After, Before
from planspec.schema import Acl
from tests.support.access import allow, goes, says, there, turns
from tests.support.plans import block, configuration, constant, plan, refers, resource

OURS: Final = "111111111111"
MORE, LESS, OPEN = Verdict.VIOLATED, Verdict.SATISFIED, Verdict.UNDETERMINED
Statement = dict[str, Any]
VARIABLE: Final = refers("var.x")
REGION: Final = "eu-west-1"


def one(*described: Statement, **sections: Any) -> tuple[Plan, ResourceChange]:
    """A plan and its first change."""
    made = plan(*described, **sections)
    return made, made.changes[0]


# Access control lists.

BUCKET: Final = Acl(
    type="aws_x", of="bucket", owner="aws_s3_bucket", canned="acl", grants="grant", grantee="grantee",
    names=["id", "uri"], permission="permission", owned="owner",
)  # fmt: skip
GROUPS: Final = "http://acs.amazonaws.com/groups"
ALL: Final = f"{GROUPS}/global/AllUsers"
SIGNED: Final = f"{GROUPS}/global/AuthenticatedUsers"
READ: Final = ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]
FULL: Final = [*READ, "s3:PutObject", "s3:GetBucketAcl", "s3:PutBucketAcl"]
ONLY_SIGNED: Final = {"Null": {"aws:PrincipalAccount": "false"}}
"""Whoever is signed in, with an account of any customer."""


def may(who: Any, does: list[Any], **more: Any) -> Statement:
    """A statement of a list."""
    return {"Effect": "Allow", "Action": does, "Resource": "*", "Principal": who, **more}


def granted(permission: Any, **who: Any) -> Statement:
    """One grant of a list, by an id or a group."""
    return {"permission": permission, "grantee": [{"id": None, "uri": None, **who}]}


@pytest.mark.parametrize(
    ("values", "statements"),
    [
        ({"acl": "private"}, []),
        ({"acl": "public-read"}, [may("*", READ)]),
        ({"acl": "public-read-write"}, [may("*", READ), may("*", ["s3:PutObject"])]),
        ({"acl": "authenticated-read"}, [may("*", READ, Condition=ONLY_SIGNED)]),
        (
            {"acl": "log-delivery-write"},
            [
                may({"Service": "logging.s3.amazonaws.com"}, ["s3:PutObject"]),
                may({"Service": "logging.s3.amazonaws.com"}, ["s3:GetBucketAcl"]),
            ],
        ),
        ({"acl": "bucket-owner-read"}, []),
        ({"acl": "strange"}, [Unknown("the access control list strange")]),
        ({"acl": ""}, []),
        ({"acl": None}, []),
        ({"acl": ...}, [Unknown()]),
        ({"grant": [granted("READ", id="abc")]}, [may({"CanonicalUser": "abc"}, READ)]),
        ({"grant": [granted("FULL_CONTROL", uri=ALL)]}, [may("*", FULL)]),
        ({"grant": [granted("READ", uri=SIGNED)]}, [may("*", READ, Condition=ONLY_SIGNED)]),
        ({"grant": [granted("READ", id="me")], "owner": "me"}, []),
        ({"grant": [granted("READ", id="you")], "owner": "me"}, [may({"CanonicalUser": "you"}, READ)]),
        ({"grant": [granted("READ")], "owner": "me"}, []),
        ({"grant": [granted("NONE", id="abc")]}, []),
        ({"grant": [granted(..., id="abc")]}, [may({"CanonicalUser": "abc"}, [Unknown()])]),
        ({"grant": [granted("READ", id=...)]}, [may({"CanonicalUser": Unknown()}, READ)]),
        ({"grant": [...]}, [Unknown()]),
        (
            {"acl": "public-read", "grant": [granted("WRITE", id="abc")]},
            [may("*", READ), may({"CanonicalUser": "abc"}, ["s3:PutObject"])],
        ),
    ],
)
def test_a_list_as_statements(values: Statement, statements: list[Any]) -> None:
    written: dict[str, Any] = dict.fromkeys(values, VARIABLE)
    made, change = one(
        resource("aws_x", "x", **values), configuration=configuration(block("aws_x", "x", **written))
    )
    found = listed(After(made), change, BUCKET)
    assert (found.change, found.path, found.is_made) == (change, (), True)
    assert found.document == {"Statement": statements}


def test_a_list_that_the_provider_reports_says_nothing() -> None:
    made, change = one(
        resource("aws_x", "x", acl=..., grant=...), configuration=configuration(block("aws_x", "x"))
    )
    assert listed(After(made), change, BUCKET).document == {"Statement": []}


def test_a_list_of_an_object() -> None:
    of_object = Acl(type="aws_y", of="bucket", owner="aws_s3_bucket", canned="acl", object=True)
    made, change = one(resource("aws_y", "x", acl="bucket-owner-read"))
    reads = ["s3:GetObject", "s3:GetObjectVersion"]
    statements = [may({"CanonicalUser": "bucket-owner"}, reads)]
    assert listed(After(made), change, of_object).document == {"Statement": statements}


# Documents.

POLICY: Final = "aws_iam_policy"
ROLE: Final = "aws_iam_role"
READ_ONLY: Final = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def test_a_policy_by_its_name() -> None:
    _, change = one(resource(ROLE, "r"))
    path = ("managed_policy_arns",)
    known = named_policy(change, path, READ_ONLY)
    assert known.document["Statement"][0]["Action"][0] == "s3:Get*"
    assert (known.change, known.path, known.is_made) == (change, path, False)
    nameless = named_policy(change, path, "")
    assert (nameless.document, nameless.path, nameless.means) == (Unknown(), path, "")
    ours = f"arn:aws:iam::{OURS}:policy/AmazonS3ReadOnlyAccess"
    named = named_policy(change, path, ours)
    assert named.means == f"use the permissions of the policy {ours}"
    assert (named.change, named.path, named.is_made) == (change, path, True)


def test_a_policy_of_which_only_the_name_is_known() -> None:
    _, change = one(resource(ROLE, "r"))
    found = by_name(change, ("x",), "the permissions of a:b c")
    assert (found.path, found.is_made, found.means) == (("x",), True, "use the permissions of a:b c")
    assert found.document == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "permissions:the-permissions-of-a-b-c", "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": Unknown("the permissions of a:b c"),
                "Resource": Unknown("the permissions of a:b c"),
            },
        ],
    }


@pytest.mark.parametrize(
    ("statement", "everything"),
    [
        ({"Effect": "Allow", "Action": "*", "Resource": "*"}, True),
        ({"Sid": "All", "Effect": "Allow", "Action": ["*"], "Resource": ["*"]}, True),
        ({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}, False),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, False),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, False),
        ("text", False),
    ],
)
def test_a_document_that_gives_everything(statement: Any, *, everything: bool) -> None:
    assert gives_everything({"Statement": [statement]}) is everything


def test_a_document_read_at_apply_has_variables_as_iam_writes_them() -> None:
    by_document = block(POLICY, "p", policy=refers("data.aws_iam_policy_document.d.json"))
    statement = {
        "effect": None,
        "actions": ["s3:GetObject"],
        "resources": ["arn:aws:s3:::x/&{aws:username}/&{aws:x}", ...],
        "condition": [{"test": "StringLike", "variable": "aws:&{k}", "values": ["&{a}"]}],
    }
    made, change = one(
        resource(POLICY, "p", policy=...),
        resource("aws_iam_policy_document", "d", mode="data", actions=["read"], statement=[statement]),
        configuration=configuration(by_document, block("aws_iam_policy_document", "d", mode="data")),
    )
    found = planned(made, change, ("policy",)).document
    assert found["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": ["arn:aws:s3:::x/${aws:username}/${aws:x}", Unknown()],
            "Condition": {"StringLike": {"aws:${k}": ["${a}"]}},
        }
    ]


def test_a_document_that_apply_decides_or_that_is_none() -> None:
    made, change = one(resource(POLICY, "p", policy=...))
    assert planned(made, change, ("policy",)).document == Unknown()
    made, change = one(resource(POLICY, "p", policy=None))
    assert planned(made, change, ("policy",)).document == {"Statement": []}
    found = stated(change, ("policy",), change.after.get("policy"))
    assert (found.document, found.path, found.origin) == ({"Statement": []}, ("policy",), change)


def test_grants_that_differ_in_their_source_alone_are_one() -> None:
    _, change = one(resource("aws_lambda_permission", "p"))

    def permission(*sources: str, does: str = "x:Do", made: bool = True, **more: Any) -> Any:
        bound = {"Condition": {"ArnLike": {"aws:SourceArn": list(sources)}, **more}}
        statement = {**allow(None, does), **(bound if sources else {})}
        return stated(change, (), change.after)._replace(
            document={"Statement": [statement]}, is_made=made
        )

    def sources(*policies: Any) -> list[Any]:
        found = [each["Statement"] for each in together(policies)]
        return [
            one.get("Condition", {}).get("ArnLike", {}).get("aws:SourceArn")
            for some in found
            for one in some
        ]

    assert sources(permission("a"), permission("b")) == [["a", "b"]]
    assert sources(permission("a"), permission("b", does="x:Other")) == [["a"], ["b"]]
    assert sources(permission("a"), permission("b", Bool={"x": "true"})) == [["a"], ["b"]]
    assert sources(permission("a"), permission()) == [None, ["a"]]
    assert sources(permission("a", made=False), permission("b"), permission("c")) == [["a"], ["b", "c"]]
    unread = permission("a")._replace(document={"Statement": [Unknown()]})
    assert [*together([unread])] == [{"Statement": [Unknown()]}, {"Statement": []}]


# Groups, members and boundaries.

GROUP: Final = there("aws_iam_group", "g", name="ops", id="ops", arn=f"arn:aws:iam::{OURS}:group/ops")
USER: Final = there("aws_iam_user", "u", name="ann", id="ann", arn=f"arn:aws:iam::{OURS}:user/ann")
MEMBER: Final = there("aws_iam_user_group_membership", "m", user="ann", groups=["ops"])
OF_GROUP: Final = there("aws_iam_group_policy", "p", group="ops", policy=says(allow(None)))


def test_a_user_has_the_permissions_of_its_groups() -> None:
    made = plan(USER, GROUP, MEMBER, OF_GROUP)
    for side in (Before(made), After(made)):
        (written,) = held(side)["aws_iam_user.u"]
        assert written.document["Statement"] == [allow(None)]
        assert written.change.address == "aws_iam_user_group_membership.m"
        assert written.origin.address == "aws_iam_group_policy.p"


def test_a_group_from_elsewhere_gives_what_its_name_stands_for() -> None:
    made = plan(USER, there("aws_iam_user_group_membership", "m", user="ann", groups=["web"]))
    (written,) = held(After(made))["aws_iam_user.u"]
    assert (written.means, written.path) == ("use the permissions of the group web", ())
    made = plan(USER, GROUP, MEMBER)
    for side in (Before(made), After(made)):
        (written,) = held(side)["aws_iam_user.u"]
        assert written.means == "use the permissions of the group ops"


def test_a_group_that_cannot_be_told_may_give_anything() -> None:
    joins = turns("aws_iam_user_group_membership", {"user": "ann", "groups": ["ops"]}, groups=[...])
    made = plan(USER, GROUP, OF_GROUP, joins)
    found = held(After(made))["aws_iam_user.u"]
    assert [each.document for each in found] == [Unknown()]
    assert (found[0].path, found[0].change.type) == ((), "aws_iam_user_group_membership")


def test_a_boundary_by_its_policy_or_its_name() -> None:
    arn = f"arn:aws:iam::{OURS}:policy/limit"
    limit = there(POLICY, "l", name="limit", arn=arn, id=arn, policy=says(allow(None)))
    limited = there(ROLE, "r", name="r", permissions_boundary=arn)
    made = plan(limited, limit)
    change = made.changes[0]
    for side in (Before(made), After(made)):
        found = boundary(side, change)
        assert (found.name, found.is_unread) == (arn, False)
        assert found.policies[0].document["Statement"] == [allow(None)]
    made, change = one(limited)
    found = boundary(After(made), change)
    assert (found.name, found.policies, found.is_unread) == (arn, (), True)
    made, change = one(there(ROLE, "r", name="r", permissions_boundary=None))
    assert not boundary(After(made), change).name


def test_a_boundary_of_this_plan_is_called_by_its_address() -> None:
    made, change = one(
        resource(ROLE, "r", name="r", permissions_boundary=...),
        resource(POLICY, "l", name="limit", arn=..., policy=says(allow(None))),
        configuration=configuration(
            block(ROLE, "r", permissions_boundary=refers(f"{POLICY}.l.arn", f"{POLICY}.l")),
            block(POLICY, "l", policy=constant("x")),
        ),
    )
    assert boundary(After(made), change).name == f"{POLICY}.l"
    made, change = one(
        resource(ROLE, "r", name="r", permissions_boundary=...),
        configuration=configuration(block(ROLE, "r", permissions_boundary=VARIABLE)),
    )
    found = boundary(After(made), change)
    assert (found.name, found.policies) == ("(known after apply)", ())


# What a reader is told.


def test_a_denial_that_goes_is_told_by_whom_it_held() -> None:
    ours = f"aws/{OURS}/role/app"
    asked = Request("", "s3:GetObject", "*", {})
    assert denied(asked) == "s3:GetObject on any resource to anybody with a permission for it"
    asked = Request(ours, "s3:GetObject", "arn:aws:s3:::a", {})
    told = denied(asked)
    assert told.startswith("s3:GetObject on arn:aws:s3:::a to ")
    assert "anybody" not in told
    assert told.endswith(" with a permission for it")


def findings(*described: Statement, **sections: Any) -> list[Finding]:
    """What is found of a change of access."""
    return list(wider_permissions.allow_no_more(plan(*described, **sections)).findings)


LIMITED: Final[Statement] = {"name": "r", "id": "r", "arn": f"arn:aws:iam::{OURS}:role/r"}
LIMIT: Final = f"arn:aws:iam::{OURS}:policy/limit"
OTHER: Final = f"arn:aws:iam::{OURS}:policy/other"


def limit_of(role_after: Any, *more: Statement) -> Finding:
    """The finding about a role whose boundary becomes another one."""
    role = turns(ROLE, {**LIMITED, "permissions_boundary": LIMIT}, permissions_boundary=role_after)
    (finding,) = findings(role, *more)
    return finding


def test_a_boundary_that_goes_or_becomes_another() -> None:
    gone = limit_of(None)
    assert gone.verdict is OPEN
    assert gone.observed == (
        f"its permissions boundary {LIMIT} goes, and what that changes is not in the plan"
    )
    assert (gone.address, gone.path) == (f"{ROLE}.x", "permissions_boundary")
    other = limit_of(OTHER)
    assert other.verdict is OPEN
    assert other.observed == (
        f"its permissions boundary {LIMIT} becomes {OTHER}, and what that changes is not in the plan"
    )


def test_a_boundary_of_the_plan_that_goes() -> None:
    policy = there(POLICY, "l", name="limit", arn=LIMIT, id=LIMIT, policy=says(allow(None, "s3:Get*")))
    may_all = there(f"{ROLE}_policy", "p", role="r", name="p", policy=says(allow(None, "s3:*")))
    gone = limit_of(None, policy, may_all)
    assert gone.verdict is MORE
    assert gone.observed.startswith(
        f"its permissions boundary {LIMIT} goes: after the change role r may "
    )
    other = there(POLICY, "o", name="other", arn=OTHER, id=OTHER, policy=says(allow(None, "s3:*")))
    wider = limit_of(OTHER, policy, other, may_all)
    assert wider.verdict is MORE
    assert wider.observed.startswith(
        f"its permissions boundary {LIMIT} becomes {OTHER}: after the change"
    )
    # Without a policy of its own the role gains nothing yet, and still may be given more.
    assert limit_of(None, policy).verdict is MORE
    assert limit_of(None, policy).observed == f"its permissions boundary {LIMIT} goes"


def test_a_boundary_that_lets_more_through() -> None:
    narrow, wide = says(allow(None, "s3:Get*")), says(allow(None, "s3:*"))
    policy = turns(POLICY, {"name": "limit", "arn": LIMIT, "id": LIMIT, "policy": narrow}, policy=wide)
    role = there(ROLE, "r", **LIMITED, permissions_boundary=LIMIT)
    told = [each.observed for each in findings(role, policy) if each.address == f"{ROLE}.r"]
    assert told == [f"its permissions boundary {LIMIT} lets more through"]


def test_a_denial_of_a_bucket_that_goes() -> None:
    bucket = there("aws_s3_bucket", "b", bucket="b", id="b", arn="arn:aws:s3:::b")
    deny = allow("*", "s3:DeleteObject", "arn:aws:s3:::b/*", Effect="Deny")
    policy = goes("aws_s3_bucket_policy", bucket="b", policy=says(deny))
    (finding,) = findings(bucket, policy)
    assert finding.verdict is MORE
    assert finding.observed.startswith("no longer denies s3:DeleteObject on arn:aws:s3:::b/")
    assert finding.observed.endswith(" with a permission for it")
