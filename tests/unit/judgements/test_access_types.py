"""Is everything that gives access in the table, and what is not compared left open?"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from planspec import Verdict
from planspec.judgements.change import wider_permissions
from planspec.schema import SHIPPED, Shape, read_index
from planspec.schema.access_index import access_types
from planspec.syntax import path_steps
from planspec.terraform.commands import FLAG
from planspec.terraform.driver import Inputs, workspace
from tests.support.access import (
    DENIES,
    NARROW,
    NOT_APPLICABLE,
    SATISFIED,
    UNDETERMINED,
    VIOLATED,
    WIDE,
    goes,
    judged,
    there,
    turns,
)
from tests.support.plans import block, configuration, plan, refers, resource

INDEX: Final = read_index(SHIPPED)
(AWS,) = INDEX.providers.values()
GIVES: Final = [at for each in access_types().attributes.gives.values() for at in each]
LIMITS: Final = [at for each in access_types().attributes.limits.values() for at in each]


def attributes_of(kind: str) -> dict[str, Shape]:
    """What stands in a type, by the schema that comes with planspec."""
    return INDEX.block(AWS.managed[kind])


def shape_at(kind: str, path: str) -> Shape:
    """What stands at a path in a type; a map has any key."""
    inside, shape = attributes_of(kind), Shape((), "")
    for step in path_steps(path):
        if isinstance(step, str) and shape.around != ("map",):
            shape = inside[step]
            inside = INDEX.block(shape.leaf) if isinstance(shape.leaf, int) else {}
    return shape


def named() -> Iterator[tuple[str, str]]:
    """Each type and path that the table names; "" for the type alone."""
    table = access_types()
    holdings = [one for each in table.identity for one in (each.beside, *each.attached)]
    for each in (*table.document, *table.inside, *table.share, *table.door, *holdings):
        yield each.kind, each.at.partition(".")[2]
        yield each.beside or each.kind, ""
    for holding in holdings:
        yield holding.kind, holding.named
    for member in table.member:
        yield from ((member.type, name) for name in (member.users, member.groups))
    for document in table.document:
        yield document.kind, document.of
        yield from ((owner or document.kind, "") for owner in document.owners)
    for share in table.share:
        yield from (
            (share.kind, f"{share.at.partition('.')[2]}[0].{name}") for name in share.inside if name
        )
    for grant in table.grant:
        parts = (grant.of, grant.actions, grant.principal, grant.part, grant.source, grant.account)
        for name in (*parts, grant.on, grant.organization, *grant.others, *grant.everybody):
            yield grant.type, name
        yield from ((grant.type, name) for name in (*grant.nothing, *grant.bound))
        yield grant.owner or grant.type, ""
    for acl in table.acl:
        yield from ((acl.type, name) for name in (acl.of, acl.canned, acl.grants, acl.owned))
        yield acl.owner or acl.type, ""
    yield from table.giving.items()
    yield from table.limiting.items()
    for path in (*GIVES, *LIMITS):
        yield path.partition(".")[0], path.partition(".")[2]
    yield from ((kind, "") for kind in (*table.no_access.types, *table.identities))
    yield from ((kind, "") for kinds in table.left_out.values() for kind in kinds)


@pytest.mark.parametrize(("kind", "path"), sorted(set(named())))
def test_the_table_names_what_the_provider_has(kind: str, path: str) -> None:
    assert kind in AWS.managed
    if path:
        shape_at(kind, path)


# What a type or an attribute is called that may give access, or limit it.
LOOKS_LIKE_ACCESS: Final = re.compile(
    r"(.*_)?(access_policies|acl|assume_role_policy|grants?|launch_permission|permissions?"
    r"|permissions_boundary|polic(y|ies)|policy_document|principals?|shared_accounts)(_arns?)?"
    r"|trusted.*"
)
TYPE_LOOKS_LIKE_ACCESS: Final = re.compile(
    r"_share|access_(entry|point)|assignment|attachment|authorization|block_public|delegated|grant"
    r"|membership|permission|polic|principal"
)
SPEAKS_OF_ACCESS: Final = re.compile(r"\b(permissions?|principals?|grantees?|policy documents?)\b", re.I)


def listed() -> frozenset[str]:
    """Every type that the table decides about: it gives access, or it does not."""
    return frozenset(kind for kind, _ in named())


def settable(block: int, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """The names of what somebody may set in a block, at any depth."""
    for name, shape in INDEX.block(block).items():
        if {"r", "o", "b"} & set(shape.flags):
            yield name
        if isinstance(shape.leaf, int) and shape.leaf not in seen:
            yield from settable(shape.leaf, seen | {shape.leaf})


def test_what_looks_like_access_by_a_name_is_in_the_table_or_left_out_for_a_reason() -> None:
    looks_so = {
        kind: [each for each in settable(block) if LOOKS_LIKE_ACCESS.fullmatch(each)]
        for kind, block in AWS.managed.items()
    }
    candidates = {
        kind for kind, names in looks_so.items() if names or TYPE_LOOKS_LIKE_ACCESS.search(kind)
    }
    assert len(candidates) > 300
    assert candidates - listed() == set()


def described(block: dict[str, Any]) -> Iterator[str]:
    """The names whose descriptions speak of access, in a block of the provider's own schema."""
    for name, attribute in block.get("attributes", {}).items():
        if not {"optional", "required"}.isdisjoint(attribute):
            if SPEAKS_OF_ACCESS.search(attribute.get("description", "")):
                yield name
            yield from described(attribute.get("nested_type", {}))
    for nested in block.get("block_types", {}).values():
        yield from described(nested["block"])


@pytest.mark.usefixtures("terraform")
def test_what_speaks_of_access_in_the_provider_is_in_the_table_or_left_out_for_a_reason(
    tmp_path: Path,
) -> None:
    (tmp_path / "main.tf").write_text('provider "aws" {}\n', encoding="utf-8")
    with workspace(tmp_path, Inputs(emulator="http://127.0.0.1:9")) as used:
        used.initialise()
        printed = json.loads(used.capture("providers schema", json=FLAG))
    (provider,) = printed["provider_schemas"].values()
    found = {
        kind: names
        for kind, each in provider["resource_schemas"].items()
        if (names := [*described(each["block"])]) and kind not in listed()
    }
    assert found == {}


def test_no_type_is_left_out_and_in_the_table() -> None:
    table = access_types()
    left_out = [kind for kinds in table.left_out.values() for kind in kinds]
    gives = {path.partition(".")[0] for path in (*GIVES, *LIMITS)} | {*table.giving, *table.limiting}
    gives |= {each.kind for each in (*table.document, *table.inside)} | {
        each.type for each in table.grant
    }
    # An attribute of these names the role that code runs with; the others are about something else.
    assert sorted(gives.intersection(left_out)) == [
        "aws_cloudwatch_event_target",
        "aws_scheduler_schedule",
    ]
    assert len(left_out) == len(set(left_out))


def test_every_sort_of_the_table_has_a_heading() -> None:
    table = access_types()
    inside = (*table.document, *table.inside, *table.share, *table.door)
    used = {each.sort for each in inside} | {each.sort for each in table.grant}
    used |= {each.sort for each in table.acl} | {"identity", "attachments", "membership"}
    used |= {*table.beside, *table.limits, *table.attributes.gives, *table.attributes.limits}
    assert used == set(table.sorts)


@pytest.mark.parametrize(("kind", "of"), sorted(access_types().giving.items()))
def test_what_gives_access_and_is_not_compared_is_undetermined_where_it_comes_or_changes(
    kind: str, of: str
) -> None:
    values = {of or "who": "thing", "given": "a"}
    assert judged(resource(kind, "x", **values)) is UNDETERMINED
    assert judged(turns(kind, values, given="b")) is UNDETERMINED
    assert judged(turns(kind, values, tags={"a": "b"})) is SATISFIED
    assert judged(there(kind, **values)) is SATISFIED
    assert judged(goes(kind, **values)) is NOT_APPLICABLE
    if of:
        assert judged(resource(kind, "x", **values), resource("aws_t", "o", name="thing")) is SATISFIED
        assert judged(resource(kind, "x", **values), there("aws_t", "o", name="thing")) is UNDETERMINED


@pytest.mark.parametrize(("kind", "of"), sorted(access_types().limiting.items()))
def test_a_limit_is_undetermined_where_it_goes_or_changes(kind: str, of: str) -> None:
    values = {of or "who": "thing", "given": "a"}
    assert judged(resource(kind, "x", **values)) is SATISFIED
    assert judged(turns(kind, values, given="b")) is UNDETERMINED
    assert judged(goes(kind, **values)) is UNDETERMINED
    if of:
        owner = resource("aws_t", "o", actions=["delete"], before={"name": "thing"})
        assert judged(goes(kind, **values), owner) is NOT_APPLICABLE


def nested(path: str, value: Any) -> dict[str, Any]:
    """The attributes in which the value stands at the path."""
    for step in reversed(path_steps(path)):
        value = {step: value} if isinstance(step, str) else [value]
    return dict(value)


# What has a default that is neither everything nor nothing.
BOTH: Final = {*GIVES} & {*LIMITS}


@pytest.mark.parametrize("at", GIVES)
def test_an_attribute_that_gives_access_is_undetermined_where_it_becomes_another(at: str) -> None:
    kind, _, path = at.partition(".")
    had = nested(path, ["a", "b"])
    assert judged(turns(kind, had, **nested(path, ["a", "c"]))) is UNDETERMINED
    assert judged(turns(kind, nested(path, None), **nested(path, ["a"]))) is UNDETERMINED
    assert judged(turns(kind, had, **nested(path, ...))) is UNDETERMINED
    if at not in BOTH:
        assert judged(turns(kind, had, **nested(path, ["b"]))) is not UNDETERMINED
        assert judged(turns(kind, had, **nested(path, None))) is not UNDETERMINED
    assert judged(resource(kind, "x", **had)) is not UNDETERMINED


@pytest.mark.parametrize("at", LIMITS)
def test_an_attribute_that_limits_access_is_undetermined_also_where_it_goes(at: str) -> None:
    kind, _, path = at.partition(".")
    had = nested(path, "A")
    assert judged(turns(kind, had, **nested(path, "B"))) is UNDETERMINED
    assert judged(turns(kind, had, **nested(path, None))) is UNDETERMINED
    assert judged(turns(kind, had, **nested(path, ...))) is UNDETERMINED
    assert (judged(turns(kind, nested(path, None), **had)) is UNDETERMINED) == (at in BOTH)


@pytest.mark.parametrize(
    ("kind", "attribute", "before", "after", "verdict"),
    [
        ("aws_s3_bucket", "acl", "private", "public-read", VIOLATED),
        ("aws_s3_bucket", "acl", None, "public-read", VIOLATED),
        ("aws_s3_bucket", "acl", "public-read", "private", NOT_APPLICABLE),
        ("aws_api_gateway_method", "authorization", "AWS_IAM", "NONE", VIOLATED),
        ("aws_api_gateway_method", "authorization", "CUSTOM", "AWS_IAM", UNDETERMINED),
        ("aws_api_gateway_method", "authorization", "NONE", "AWS_IAM", NOT_APPLICABLE),
        ("aws_cognito_identity_pool", "allow_unauthenticated_identities", False, True, VIOLATED),
        ("aws_cognito_identity_pool", "allow_unauthenticated_identities", True, False, NOT_APPLICABLE),
        ("aws_vpc_endpoint_service", "acceptance_required", True, False, UNDETERMINED),
        ("aws_vpc_endpoint_service", "acceptance_required", False, True, NOT_APPLICABLE),
        ("aws_db_snapshot", "shared_accounts", ["1"], ["1", "all"], VIOLATED),
        ("aws_db_snapshot", "shared_accounts", ["1", "2"], ["2"], NOT_APPLICABLE),
        ("aws_db_snapshot", "shared_accounts", ["1", "2"], ["2", "1"], NOT_APPLICABLE),
    ],
)
def test_a_switch_gives_access_in_one_direction(
    kind: str, attribute: str, before: Any, after: Any, verdict: Verdict
) -> None:
    assert judged(turns(kind, {attribute: before}, **{attribute: after})) is verdict


@pytest.mark.parametrize(
    ("entry", "verdict"),
    [
        (resource("aws_db_snapshot", "x", shared_accounts=["all"]), VIOLATED),
        (resource("aws_db_snapshot", "x", shared_accounts=["123456789012"]), VIOLATED),
        (resource("aws_db_cluster_snapshot", "x", shared_accounts=["all"]), VIOLATED),
        (resource("aws_db_snapshot_copy", "x", shared_accounts=["all"]), VIOLATED),
        (resource("aws_rds_cluster_snapshot_copy", "x", shared_accounts=["all"]), VIOLATED),
        (resource("aws_db_snapshot", "x", shared_accounts=[]), NOT_APPLICABLE),
        (resource("aws_db_snapshot", "x", shared_accounts=None), NOT_APPLICABLE),
    ],
)
def test_a_copy_that_is_shared_from_its_creation_gives_access(
    entry: dict[str, Any], verdict: Verdict
) -> None:
    assert judged(entry) is verdict


def test_a_new_snapshot_of_a_volume_that_is_shared_gives_access() -> None:
    made = plan(
        resource("aws_ebs_snapshot", "x", id=..., volume_id="vol-1"),
        resource(
            *("aws_snapshot_create_volume_permission", "x"), snapshot_id=..., account_id="123456789012"
        ),
        configuration=configuration(
            block("aws_ebs_snapshot", "x"),
            block(
                *("aws_snapshot_create_volume_permission", "x"),
                snapshot_id=refers("aws_ebs_snapshot.x.id", "aws_ebs_snapshot.x"),
            ),
        ),
    )
    assert wider_permissions.allow_no_more(made).verdict is VIOLATED


@pytest.mark.parametrize(
    ("entry", "verdict"),
    [
        (turns("aws_new_thing", {"rules": NARROW}, rules=WIDE), UNDETERMINED),
        (
            turns("aws_new_thing", {"rules": NARROW}, rules=json.dumps(json.loads(NARROW), indent=2)),
            NOT_APPLICABLE,
        ),
        (turns("aws_new_thing", {"a": [{"rules": NARROW}]}, a=[{"rules": WIDE}]), UNDETERMINED),
        (turns("aws_new_thing", {"rules": json.loads(NARROW)}, rules=json.loads(WIDE)), UNDETERMINED),
        (turns("aws_new_thing", {"rules": NARROW}, rules=...), UNDETERMINED),
        (turns("aws_new_thing", {"rules": DENIES}, rules=None), UNDETERMINED),
        (turns("aws_new_thing", {"rules": NARROW}, rules=None), NOT_APPLICABLE),
        (turns("aws_new_thing", {"resource_policy": None}, resource_policy=...), UNDETERMINED),
        (turns("aws_new_thing", {"size": 1}, size=2), NOT_APPLICABLE),
        (turns("aws_new_thing", {"policy": '{"rules":[1]}'}, policy='{"rules":[2]}'), NOT_APPLICABLE),
        (
            turns("awscc_s3_bucket_policy", {"policy_document": NARROW}, policy_document=WIDE),
            UNDETERMINED,
        ),
        (resource("aws_new_thing", "x", rules=WIDE), NOT_APPLICABLE),
        (resource("aws_new_thing_policy", "x", policy=WIDE, thing="t"), UNDETERMINED),
        (resource("aws_new_thing_policy", "x", policy=..., thing="t"), UNDETERMINED),
        (goes("aws_new_thing_policy", policy=DENIES), UNDETERMINED),
        (goes("aws_new_thing_policy", policy=NARROW), NOT_APPLICABLE),
    ],
)
def test_a_document_in_a_type_that_nobody_listed_is_found_by_its_shape(
    entry: dict[str, Any], verdict: Verdict
) -> None:
    found = wider_permissions.allow_no_more(plan(entry))
    assert found.verdict is verdict
    for each in found.findings:
        assert entry["type"] in each.observed
        assert "--override" in each.remedy


def test_a_policy_that_nobody_listed_beside_what_is_new_has_nothing_before_it() -> None:
    made = resource("aws_new_thing_policy", "x", policy=WIDE, thing="t")
    assert judged(made, resource("aws_new_thing", "t", name="t")) is NOT_APPLICABLE
    assert judged(made, there("aws_new_thing", "t", name="t")) is UNDETERMINED


ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.mark.parametrize(
    ("entry", "verdict"),
    [
        (turns("aws_s3_bucket_acl", {"bucket": "b", "acl": "private"}, acl="public-read"), VIOLATED),
        (turns("aws_s3_bucket_acl", {"bucket": "b", "acl": "public-read"}, acl="private"), SATISFIED),
        (resource("aws_s3_bucket_acl", "x", bucket="b", acl="public-read"), VIOLATED),
        (resource("aws_s3_bucket_acl", "x", bucket="b", acl="private"), SATISFIED),
        (
            turns("awscc_iam_role", {"managed_policy_arns": []}, managed_policy_arns=[ADMIN]),
            UNDETERMINED,
        ),
        (
            turns("awscc_iam_role", {"managed_policy_arns": [ADMIN]}, managed_policy_arns=[]),
            NOT_APPLICABLE,
        ),
        (turns("awscc_iam_user", {"groups": ["a"]}, groups=["a", "b"]), UNDETERMINED),
        (resource("google_project_iam_member", "x", project="p", member="allUsers"), UNDETERMINED),
        (resource("google_storage_bucket_iam_binding", "x", bucket="b", members=["u"]), UNDETERMINED),
        (turns("google_project_iam_policy", {"policy_data": "{}"}, policy_data='{"a":1}'), UNDETERMINED),
        (goes("google_project_iam_member", project="p", member="allUsers"), NOT_APPLICABLE),
        (resource("azurerm_role_assignment", "x", scope="/", principal_id="p"), UNDETERMINED),
        (
            turns("azurerm_key_vault_access_policy", {"key_permissions": ["a"]}, key_permissions=["b"]),
            UNDETERMINED,
        ),
        (resource("kubernetes_cluster_role_binding", "x", subject=[{"name": "s"}]), UNDETERMINED),
        (resource("kubernetes_role_binding_v1", "x", subject=[{"name": "s"}]), UNDETERMINED),
        (resource("github_repository_collaborator", "x", username="u", repository="r"), UNDETERMINED),
        (resource("github_team_repository", "x", team_id="t", repository="r"), UNDETERMINED),
        (resource("gitlab_group_membership", "x", group_id="g", user_id=1), UNDETERMINED),
        (resource("vault_policy", "x", name="n", policy="path {}"), UNDETERMINED),
        (resource("okta_group_memberships", "x", group_id="g", users=["u"]), UNDETERMINED),
        (resource("cloudflare_account_member", "x", account_id="a", email="e"), UNDETERMINED),
        (resource("snowflake_grant_privileges_to_role", "x", role_name="r"), UNDETERMINED),
        (resource("mongodbatlas_database_user", "x", username="u"), UNDETERMINED),
        (turns("aws_lambda_function", {"role": "weak"}, role="admin"), UNDETERMINED),
        (
            turns("aws_ecs_task_definition", {"task_role_arn": "weak"}, task_role_arn="admin"),
            UNDETERMINED,
        ),
        (
            turns("aws_instance", {"iam_instance_profile": "weak"}, iam_instance_profile="admin"),
            UNDETERMINED,
        ),
        (turns("aws_lambda_function", {"role": "a"}, memory_size=1), NOT_APPLICABLE),
        (resource("azurerm_virtual_machine_data_disk_attachment", "x", lun=1), NOT_APPLICABLE),
        (resource("google_compute_instance", "x", service_account=[{"email": "a"}]), NOT_APPLICABLE),
    ],
)
def test_what_other_providers_and_other_types_give_is_asked(
    entry: dict[str, Any], verdict: Verdict
) -> None:
    assert judged(entry) is verdict


def test_a_grant_of_another_provider_is_new_only_with_its_thing_or_its_holder() -> None:
    grant = resource("google_project_iam_member", "x", project="p", member="serviceAccount:s", role="r")
    assert judged(grant, resource("google_project", "p", name="p")) is SATISFIED
    assert judged(grant, there("google_project", "p", name="p")) is UNDETERMINED
    assert judged(grant, resource("google_project_iam_custom_role", "r", name="r")) is UNDETERMINED
