"""Does a change let a role, a user or a group do more?"""

from typing import Any, Final

import pytest

from planspec import Verdict
from tests.support.access import (
    NOT_APPLICABLE,
    SATISFIED,
    UNDETERMINED,
    VIOLATED,
    allow,
    goes,
    judged,
    says,
    there,
    turns,
)
from tests.support.plans import block, configuration, refers, resource

ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.mark.parametrize(
    ("holder", "new"),
    [
        ("aws_iam_user", ("aws_iam_user_policy", {"user": "n", "policy": says(allow(None))})),
        ("aws_iam_group", ("aws_iam_group_policy", {"group": "n", "policy": says(allow(None))})),
        ("aws_iam_user", ("aws_iam_user_policy_attachment", {"user": "n", "policy_arn": ADMIN})),
        ("aws_iam_group", ("aws_iam_group_policy_attachment", {"group": "n", "policy_arn": ADMIN})),
        ("aws_iam_user", ("aws_iam_policy_attachment", {"users": ["n"], "policy_arn": ADMIN})),
        ("aws_iam_group", ("aws_iam_policy_attachment", {"groups": ["n"], "policy_arn": ADMIN})),
        ("aws_iam_user", ("aws_iam_group_membership", {"users": ["n"], "group": "admins"})),
        ("aws_iam_user", ("aws_iam_user_group_membership", {"user": "n", "groups": ["admins"]})),
        (
            "aws_iam_role",
            ("aws_iam_role_policy_attachments_exclusive", {"role_name": "n", "policy_arns": [ADMIN]}),
        ),
        (
            "aws_iam_user",
            ("aws_iam_user_policy_attachments_exclusive", {"user_name": "n", "policy_arns": [ADMIN]}),
        ),
        (
            "aws_iam_group",
            ("aws_iam_group_policy_attachments_exclusive", {"group_name": "n", "policy_arns": [ADMIN]}),
        ),
    ],
)
def test_users_and_groups_have_rights_as_roles_have(
    holder: str, new: tuple[str, dict[str, Any]]
) -> None:
    kind, values = new
    made = resource(kind, "x", **values)
    assert judged(there(holder, "n", name="n", id="n"), made) is VIOLATED
    assert judged(made) is VIOLATED  # its owner is there, outside of this plan
    assert judged(there(kind, **values)) is SATISFIED
    assert judged(resource(holder, "n", name="n", id=...), made) is SATISFIED
    assert judged(goes(kind, **values)) is NOT_APPLICABLE


def test_one_of_several_who_get_a_policy_may_be_there() -> None:
    roles: dict[str, Any] = {"roles": [..., "old"], "policy_arn": ADMIN}
    written = block(
        "aws_iam_policy_attachment", "a", roles=refers("aws_iam_role.new.name", "aws_iam_role.new")
    )
    blocks = configuration(written, block("aws_iam_role", "new"))
    made = [resource("aws_iam_policy_attachment", "a", **roles), resource("aws_iam_role", "new", id=...)]
    assert judged(*made, configuration=blocks) is VIOLATED


def bounded(before: str | None, after: Any, policy: str, *boundaries: dict[str, Any]) -> Verdict:
    """A role or user with one policy, whose boundary becomes another."""
    verdicts = set()
    for kind, beside, named in (
        ("aws_iam_role", "aws_iam_role_policy", "role"),
        ("aws_iam_user", "aws_iam_user_policy", "user"),
    ):
        owner = turns(
            kind, {"name": "n", "id": "n", "permissions_boundary": before}, permissions_boundary=after
        )
        verdicts.add(judged(owner, there(beside, "p", policy=policy, **{named: "n"}), *boundaries))
    (verdict,) = verdicts
    return verdict


def boundary(name: str, text: str) -> dict[str, Any]:
    """A policy of the plan that is a boundary."""
    return there("aws_iam_policy", name, arn=name, id=name, policy=text)


S3: Final = boundary("arn:s3", says(allow(None, "s3:*")))
ALL: Final = boundary("arn:all", says(allow(None, "*")))
NO_DELETE: Final = boundary("arn:no", says(allow(None, "*"), allow(None, "s3:Delete*", Effect="Deny")))
EVERYTHING: Final = says(allow(None, "*"))
GETS: Final = says(allow(None, "s3:Get*"))


@pytest.mark.parametrize(
    ("before", "after", "policy", "verdict"),
    [
        ("arn:s3", None, EVERYTHING, VIOLATED),
        ("arn:s3", "arn:all", EVERYTHING, VIOLATED),
        ("arn:no", "arn:all", says(allow(None, "s3:*")), VIOLATED),
        ("arn:s3", None, GETS, SATISFIED),
        ("arn:s3", "arn:all", GETS, SATISFIED),
        ("arn:all", "arn:s3", EVERYTHING, SATISFIED),
        (None, "arn:s3", EVERYTHING, SATISFIED),
        ("arn:s3", "arn:s3", EVERYTHING, SATISFIED),
        ("arn:elsewhere", None, EVERYTHING, UNDETERMINED),
        ("arn:elsewhere", "arn:all", EVERYTHING, UNDETERMINED),
        ("arn:s3", "arn:elsewhere", EVERYTHING, UNDETERMINED),
        ("arn:s3", ..., EVERYTHING, UNDETERMINED),
    ],
)
def test_a_boundary_that_goes_or_widens_gives_rights(
    before: str | None, after: Any, policy: str, verdict: Verdict
) -> None:
    assert bounded(before, after, policy, S3, ALL, NO_DELETE) is verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([{"NotAction": "iam:*"}], [{"NotAction": ["iam:*", "kms:*"]}], SATISFIED),
        ([{"NotAction": ["iam:*", "kms:*"]}], [{"NotAction": "iam:*"}], VIOLATED),
        ([{"NotResource": "a"}], [{"NotResource": ["a", "b"]}], SATISFIED),
        (
            [{"NotPrincipal": {"AWS": ["111111111111", "222222222222"]}}],
            [{"NotPrincipal": {"AWS": ["111111111111"]}}],
            VIOLATED,
        ),
        (
            [{"NotPrincipal": {"AWS": ["111111111111"]}}],
            [{"NotPrincipal": {"AWS": ["111111111111", "222222222222"]}}],
            SATISFIED,
        ),
        (
            [{"Principal": {"AWS": "111111111111"}}],
            [{"NotPrincipal": {"AWS": "222222222222"}}],
            VIOLATED,
        ),
        # Everything for one account does not cover all but something for everybody.
        (
            [{"Principal": {"AWS": "111111111111"}, "Action": "*"}],
            [{"Principal": "*", "NotAction": "iam:*"}],
            VIOLATED,
        ),
        ([{"Principal": "*", "Action": "*"}], [{"Principal": "*", "NotAction": "iam:*"}], SATISFIED),
        (
            [{"Principal": "*"}, {"Effect": "Deny", "NotPrincipal": {"AWS": "111111111111"}}],
            [
                {"Principal": "*"},
                {"Effect": "Deny", "NotPrincipal": {"AWS": ["111111111111", "222222222222"]}},
            ],
            VIOLATED,
        ),
        ([{"Resource": "h/$*"}], [{"Resource": "h/${aws:username}"}], VIOLATED),
        ([{"Resource": "h/???"}], [{"Resource": "h/${a}"}], VIOLATED),
        ([{"Resource": "h/${*}"}], [{"Resource": "h/x"}], VIOLATED),
        ([{"Resource": "h/*"}], [{"Resource": "h/${aws:username}"}], SATISFIED),
        ([{"Resource": "h/${a}/*"}], [{"Resource": "h/${a}/b"}], SATISFIED),
    ],
)
def test_what_is_left_out_and_what_is_variable_is_compared(
    before: list[dict[str, Any]], after: list[dict[str, Any]], verdict: Verdict
) -> None:
    def policy(statements: list[dict[str, Any]]) -> str:
        usual = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        whole = []
        for each in statements:
            left = {k: v for k, v in usual.items() if f"Not{k}" not in each}
            whole.append(left | each)
        return says(*whole)

    changed = {"bucket": "b", "policy": policy(before)}
    assert judged(turns("aws_s3_bucket_policy", changed, policy=policy(after))) is verdict


def test_a_newer_version_makes_variables_of_what_was_plain_text() -> None:
    home = allow(None, "s3:Get*", "arn:aws:s3:::homes/${aws:username}/*")
    had = {"role": "r", "policy": says(home, version="2008-10-17")}
    assert judged(turns("aws_iam_role_policy", had, policy=says(home))) is VIOLATED
    assert (
        judged(turns("aws_iam_role_policy", had, policy=says(home, version="2008-10-17"))) is SATISFIED
    )
