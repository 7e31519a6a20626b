"""Values compared with one another, lists of types and providers, referrers, and values that repeat."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planspec import Judgement, Plan, Value, Verdict
from planspec.errors import FeatureError, UnknownName
from planspec.judgements.generic import (
    appearances,
    compared_values,
    kinds,
    pseudo_resources,
    referrers,
    relations,
    resources,
    root_variables,
    selections,
)
from planspec.judgements.generic.selections import Selection
from planspec.plan import Entry
from tests.support.plans import block, configuration, constant, plan, refers, resource

SATISFIED, VIOLATED = Verdict.SATISFIED, Verdict.VIOLATED
UNDETERMINED, NOT_APPLICABLE = Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
GROUP, BUCKET = "aws_autoscaling_group", "aws_s3_bucket"


def sized(smallest: Any, largest: Any, **sections: Any) -> Selection:
    """An Auto Scaling group of these sizes."""
    described = resource(GROUP, "a", min_size=smallest, max_size=largest)
    return selections.of_type(plan(described, **sections), GROUP)


def against(selection: Selection, how: str, path: str = "max_size", other: str = "min_size") -> Verdict:
    """What is judged of every value at one path against those at another."""
    return compared_values.hold_against(selection, "every", path, how, other).verdict


@pytest.mark.parametrize(
    ("smallest", "largest", "holding"),
    [
        (2, 2, {"", "at least", "at most"}),
        (2, 10, {"not", "at least", "above"}),
        (10, 2, {"not", "at most", "below"}),
    ],
)
def test_two_numbers_compare_as_numbers(smallest: int, largest: int, holding: set[str]) -> None:
    for how in ("", "not", "at least", "at most", "above", "below"):
        expected = SATISFIED if how in holding else VIOLATED
        assert against(sized(smallest, largest), how) is expected, how


@example(10**31, 0)  # as a text it would be a UUID
@given(st.integers(), st.integers())
def test_above_and_at_most_are_opposites(one: int, two: int) -> None:
    given_sizes = sized(one, two)
    for how, opposite in (("above", "at most"), ("below", "at least"), ("", "not")):
        assert {against(given_sizes, how), against(given_sizes, opposite)} == {SATISFIED, VIOLATED}


@pytest.mark.parametrize(
    ("smallest", "largest", "expected"),
    [
        (2, ..., UNDETERMINED),
        (..., 2, UNDETERMINED),
        (None, 2, UNDETERMINED),
        (2, None, VIOLATED),
        ([1], 2, UNDETERMINED),
        ("16.9", "16.10", UNDETERMINED),
    ],
)
def test_what_is_not_told_is_no_pass(smallest: Any, largest: Any, expected: Verdict) -> None:
    assert against(sized(smallest, largest), "at least") is expected


def test_values_of_one_element_are_compared_with_one_another() -> None:
    rules = [{"from_port": 1, "to_port": 5}, {"from_port": 10, "to_port": 20}]
    paths = ("ingress[*].to_port", "ingress[*].from_port")

    def groups(*ingress: Any) -> Selection:
        kind = "aws_security_group"
        return selections.of_type(plan(resource(kind, "a", ingress=list(ingress))), kind)

    assert against(groups(*rules), "at least", *paths) is SATISFIED
    assert against(groups(*rules, {"from_port": 3, "to_port": 2}), "at least", *paths) is VIOLATED
    assert against(groups(*rules, {"from_port": 3, "to_port": ...}), "at least", *paths) is UNDETERMINED


def test_some_value_is_enough_where_some_is_asked() -> None:
    given_plan = plan(resource("aws_x", "a", sizes=[1, 5], least=3))
    chosen = selections.of_type(given_plan, "aws_x")
    found = {
        quantifier: compared_values.hold_against(chosen, quantifier, "sizes[*]", "above", "least")
        for quantifier in ("every", "some")
    }
    assert found["some"].verdict is SATISFIED
    assert found["every"].verdict is VIOLATED
    assert found["every"].findings[0].observed == "sizes[0] is 1, and least is 3"


def test_it_must_stand_so_to_each_of_several_values() -> None:
    chosen = selections.of_type(plan(resource("aws_x", "a", size=5, limits=[1, 9])), "aws_x")
    assert against(chosen, "above", "size", "limits[*]") is VIOLATED
    assert against(chosen, "not", "size", "limits[*]") is SATISFIED


def test_a_version_with_fewer_fields_leaves_the_rest_open_on_either_side() -> None:
    for version, wanted in (("16.3", "16"), ("16", "16.3")):
        described = resource("aws_x", "a", engine_version=version, least_version=wanted)
        chosen = selections.of_type(plan(described), "aws_x")
        assert against(chosen, "at least", "engine_version", "least_version") is UNDETERMINED


def test_a_misspelt_path_on_either_side_is_an_error() -> None:
    for path, other in (("max_siz", "min_size"), ("max_size", "min_siz")):
        with pytest.raises(UnknownName, match=r'did you mean "m(ax|in)_size"'):
            against(sized(1, 2), "above", path, other)


def test_a_value_is_compared_with_a_variable() -> None:
    limit = {"limit": {"value": 5}}
    assert against(sized(1, 5, variables=limit), "at most", other="var.limit") is SATISFIED
    assert against(sized(1, 6, variables=limit), "at most", other="var.limit") is VIOLATED
    assert against(sized(1, 6), "at most", other="var.limit") is UNDETERMINED
    with pytest.raises(UnknownName, match='variable "limt": not in this plan; did you mean "limit"'):
        against(sized(1, 6, variables=limit), "at most", other="var.limt")


def test_a_sensitive_variable_is_compared_and_not_shown() -> None:
    declared = configuration()
    declared["root_module"]["variables"] = {"limit": {"sensitive": True}}
    chosen = sized(1, 6, variables={"limit": {"value": 5}}, configuration=declared)
    found = compared_values.hold_against(chosen, "every", "max_size", "at most", "var.limit")
    assert found.findings[0].observed == "max_size is 6, and var.limit is (sensitive)"
    assert found.verdict is VIOLATED


def under(how: str, values: str, **variables: Any) -> Judgement:
    """A bucket must be named "good", where a variable has such values; it is not."""
    given_variables = {name: {"value": value} for name, value in variables.items()}
    given_plan = plan(resource(BUCKET, "a", bucket="bad"), variables=given_variables)
    chosen = root_variables.keep_only_if(selections.of_type(given_plan, BUCKET), "env", how, values)
    return resources.hold(chosen, "every", "bucket", relations.equals("good"), "good")


@pytest.mark.parametrize(
    ("how", "values", "expected"),
    [
        ("is", "dev", VIOLATED),
        ("is", "prod", NOT_APPLICABLE),
        ("is not", "dev", NOT_APPLICABLE),
        ("is not", "prod", VIOLATED),
        ("is one of", "dev, test", VIOLATED),
        ("is one of", "stage, prod", NOT_APPLICABLE),
        ("is not one of", "dev, test", NOT_APPLICABLE),
    ],
)
def test_a_requirement_is_asked_by_the_value_of_a_variable(
    how: str, values: str, expected: Verdict
) -> None:
    assert under(how, values, env="dev").verdict is expected
    assert under(how, values).verdict is UNDETERMINED


def test_a_list_and_a_slip_in_the_name_of_a_variable_are_errors() -> None:
    with pytest.raises(FeatureError, match='write `is not one of "dev, test"`'):
        under("is not", "dev, test", env="dev")
    with pytest.raises(UnknownName, match='did you mean "envi"'):
        under("is", "dev", envi="dev")


def test_counting_is_asked_by_the_value_of_a_variable_too() -> None:
    chosen = selections.of_type(plan(variables={"env": {"value": "dev"}}), BUCKET)
    at_least_one = {
        value: resources.count(root_variables.keep_only_if(chosen, name, "is", value), minimum=1).verdict
        for name, value in (("env", "dev"), ("env", "prod"), ("region", "any"))
    }
    assert at_least_one == {"dev": VIOLATED, "prod": NOT_APPLICABLE, "any": UNDETERMINED}


def mixed() -> Plan:
    """A user, a bucket, and a project of Google."""
    project = resource("google_project", "p", name="p")
    project["provider_name"] = "registry.terraform.io/hashicorp/google"
    return plan(resource("aws_iam_user", "u", name="u"), resource(BUCKET, "b", bucket="b"), project)


@pytest.mark.parametrize(
    ("aspect", "listed", "denied", "allowed"),
    [
        ("type", "aws_iam_user", VIOLATED, VIOLATED),
        ("type", "aws_iam_*", VIOLATED, VIOLATED),
        ("type", "aws_*, google_project", VIOLATED, SATISFIED),
        ("type", "aws_iam_role", SATISFIED, VIOLATED),
        ("type", "azurerm_virtual_machine", SATISFIED, VIOLATED),
        ("provider", "google", VIOLATED, VIOLATED),
        ("provider", "hashicorp/google", VIOLATED, VIOLATED),
        ("provider", "aws, google", VIOLATED, SATISFIED),
        ("provider", "registry.terraform.io/hashicorp/*", VIOLATED, SATISFIED),
        ("provider", "azurerm", SATISFIED, VIOLATED),
    ],
)
def test_types_and_providers_are_allowed_and_denied_by_lists(
    aspect: str, listed: str, denied: Verdict, allowed: Verdict
) -> None:
    chosen = selections.of_any_type(mixed())
    assert kinds.must_be_one_of(chosen, aspect, listed, negated=True).verdict is denied
    assert kinds.must_be_one_of(chosen, aspect, listed, negated=False).verdict is allowed


def test_a_short_name_allows_hashicorp_and_denies_everybody() -> None:
    described = resource(BUCKET, "b", bucket="b")
    described["provider_name"] = "registry.terraform.io/somebody/aws"
    chosen = selections.of_any_type(plan(described))
    assert kinds.must_be_one_of(chosen, "provider", "aws", negated=False).verdict is VIOLATED
    assert kinds.must_be_one_of(chosen, "provider", "aws", negated=True).verdict is VIOLATED
    assert kinds.must_be_one_of(chosen, "provider", "hashicorp/aws", negated=True).verdict is SATISFIED
    del described["provider_name"]
    chosen = selections.of_any_type(plan(described))
    assert kinds.must_be_one_of(chosen, "provider", "aws", negated=False).verdict is UNDETERMINED


def test_a_provider_of_the_configuration_is_named_by_its_address() -> None:
    google = {"name": "google", "full_name": "registry.terraform.io/hashicorp/google"}
    given_plan = plan(configuration=configuration(provider_config={"google": google}))
    entry = Entry(type="provider google", name="google", address="provider.google")
    part = pseudo_resources.Part(given_plan, entry, Value({}))
    chosen = selections.of_parts(given_plan, [part], "provider")
    assert kinds.must_be_one_of(chosen, "provider", "google", negated=True).verdict is VIOLATED
    assert kinds.must_be_one_of(chosen, "provider", "google", negated=False).verdict is SATISFIED


@pytest.mark.parametrize(
    ("aspect", "listed", "told"),
    [
        ("type", "aws_iam_usr", 'did you mean "aws_iam_user"'),
        ("type", "gogle_project", 'did you mean "google"'),
        ("type", "aws_iamm_*", "is such a one"),
        ("type", "aws iam user", 'such as "aws_iam_user" or'),
        ("provider", "gogle", 'did you mean "google"'),
        ("provider", "a/b/c/d", 'such as "aws" or'),
    ],
)
def test_a_misspelt_name_would_forbid_nothing_and_is_an_error(
    aspect: str, listed: str, told: str
) -> None:
    with pytest.raises(FeatureError, match=told):
        kinds.must_be_one_of(selections.of_any_type(mixed()), aspect, listed, negated=True)


def test_what_is_kept_by_type_was_looked_for_among_all() -> None:
    users = kinds.of_types(selections.of_any_type(mixed()), "aws_iam_*, google_project")
    assert [each.type for each in users.resources] == ["aws_iam_user", "google_project"]
    gateways = kinds.of_types(selections.of_any_type(mixed()), "aws_nat_gateway")
    assert resources.count(gateways, maximum=5).verdict is SATISFIED
    assert resources.count(gateways, minimum=1).verdict is VIOLATED


def test_a_path_is_one_of_the_types_that_are_kept_also_where_the_plan_has_none() -> None:
    for listed in ("aws_vpc, aws_subnet", "aws_vpc*"):
        networks = kinds.of_types(selections.of_any_type(mixed()), listed)
        assert appearances.at_most(networks, "cidr_block", 1).verdict is NOT_APPLICABLE
        with pytest.raises(UnknownName, match='"bucket"'):
            appearances.at_most(networks, "bucket", 1)
    buckets = kinds.of_types(selections.of_any_type(mixed()), "aws_s3_*")
    with pytest.raises(UnknownName, match='"cidr_blok"'):
        appearances.at_most(buckets, "cidr_blok", 1)


FUNCTION, LOGS = "aws_lambda_function", "aws_cloudwatch_log_group"
ARN = "arn:aws:lambda:eu-west-1:1:function:pay"


def logged(name: Any, expression: Any, *, source: bool = True, **more: Any) -> Verdict:
    """A function beside a log group, whose name is this and written so."""
    blocks = (block(FUNCTION, "f", function_name=constant("pay")), block(LOGS, "l", name=expression))
    given_plan = plan(
        resource(FUNCTION, "f", function_name="pay", arn=ARN, id="pay"),
        resource(LOGS, "l", name=name, **more),
        **({"configuration": configuration(*blocks)} if source else {}),
    )
    return referrers.have_a_referrer(selections.of_type(given_plan, FUNCTION), LOGS).verdict


def test_another_resource_refers_to_it_by_reference_or_arn() -> None:
    own = refers(f"{FUNCTION}.f.function_name", f"{FUNCTION}.f")
    assert logged("/aws/lambda/pay", own) is SATISFIED
    assert logged(..., own) is SATISFIED
    assert logged(ARN, constant(ARN)) is SATISFIED


def test_what_only_may_refer_to_it_is_no_pass() -> None:
    assert logged(..., refers("local.name")) is UNDETERMINED
    assert logged(..., refers("local.name", f"{FUNCTION}.f.id", f"{FUNCTION}.f")) is UNDETERMINED
    assert logged("pay", constant("pay")) is UNDETERMINED
    assert logged(..., None, source=False) is UNDETERMINED


def test_a_value_that_holds_nothing_of_the_target_does_not_come_from_it() -> None:
    """In plan JSON the condition of an expression looks like the reference in its branch."""
    chosen = refers("var.enabled", f"{FUNCTION}.f.function_name", f"{FUNCTION}.f")
    assert logged("/aws/lambda/pay", chosen) is SATISFIED
    assert logged("/aws/lambda/Pay-2", chosen) is SATISFIED
    assert logged("/aws/lambda/payments", chosen) is UNDETERMINED
    assert logged("other", chosen) is UNDETERMINED
    assert logged(None, chosen) is VIOLATED


def test_a_reference_inside_a_block_counts() -> None:
    target, listener = "aws_lb_target_group", "aws_lb_listener"
    action = {"type": constant("forward"), "target_group_arn": refers(f"{target}.t.arn", f"{target}.t")}
    blocks = (block(target, "t", name=constant("t")), block(listener, "l", default_action=[action]))
    for arn, verdict in (("arn:aws:t/1", SATISFIED), (..., SATISFIED), ("arn:other", UNDETERMINED)):
        known = {"type": "forward", "target_group_arn": arn}
        own = arn if verdict is SATISFIED else "arn:aws:t/1"
        given_plan = plan(
            resource(target, "t", name="t", arn=own),
            resource(listener, "l", default_action=[known]),
            configuration=configuration(*blocks),
        )
        found = referrers.have_a_referrer(selections.of_type(given_plan, target), listener)
        assert found.verdict is verdict, arn


def test_what_refers_to_something_else_is_none() -> None:
    assert logged("/aws/lambda/other", constant("/aws/lambda/other")) is VIOLATED
    assert logged("/aws/lambda/other", refers("var.name")) is VIOLATED
    alone = selections.of_type(plan(resource(FUNCTION, "f", function_name="f")), FUNCTION)
    assert referrers.have_a_referrer(alone, LOGS).verdict is VIOLATED
    with pytest.raises(UnknownName, match=f'did you mean "{LOGS}"'):
        referrers.have_a_referrer(alone, "aws_cloudwatch_log_grup")
    nobody = selections.of_type(plan(resource(BUCKET, "b", bucket="b")), FUNCTION)
    assert referrers.have_a_referrer(nobody, LOGS).verdict is NOT_APPLICABLE


def test_a_reference_counts_for_the_instance_that_it_names() -> None:
    described = [resource(BUCKET, "b", index=key, bucket=...) for key in ("x", "y")]
    guard = "aws_s3_bucket_public_access_block"
    described += [resource(guard, "g", bucket=...)]
    blocks = (
        block(BUCKET, "b", for_each=refers("local.names"), bucket=refers("each.value")),
        block(guard, "g", bucket=refers(f'{BUCKET}.b["x"].id', f'{BUCKET}.b["x"]', f"{BUCKET}.b")),
    )
    given_plan = plan(*described, configuration=configuration(*blocks))
    found = referrers.have_a_referrer(selections.of_type(given_plan, BUCKET), guard)
    assert {each.address: each.verdict for each in found.findings} == {f'{BUCKET}.b["y"]': VIOLATED}


def appearing(number: int, *values: Any, path: str = "cidr_block") -> Verdict:
    """What is judged of networks and subnets that have these values."""
    kinds_in_turn = ("aws_vpc", "aws_subnet")
    described = [
        resource(kinds_in_turn[at % 2], f"n{at}", cidr_block=value) for at, value in enumerate(values)
    ]
    return appearances.at_most(selections.of_any_type(plan(*described)), path, number).verdict


@pytest.mark.parametrize(
    ("number", "values", "expected"),
    [
        (1, ("10.0.0.0/16", "10.1.0.0/16"), SATISFIED),
        (1, ("10.0.0.0/16", "10.0.0.0/16"), VIOLATED),
        (2, ("10.0.0.0/16", "10.0.0.0/16"), SATISFIED),
        (2, ("10.0.0.0/16",) * 3, VIOLATED),
        (1, ("2001:db8::/32", "2001:0DB8:0::/32"), VIOLATED),
        (1, (None, None, ""), SATISFIED),
        (1, ("10.0.0.0/16", ...), UNDETERMINED),
        (1, (..., ...), UNDETERMINED),
        (1, (...,), SATISFIED),
        (2, ("10.0.0.0/16", "10.1.0.0/16", ...), SATISFIED),
        (1, ("10.0.0.0/16", "10.0.0.0/16", ...), VIOLATED),
        (1, (22, "22"), VIOLATED),
        (1, ("a", "A"), SATISFIED),
    ],
)
def test_a_value_appears_so_often_at_most(number: int, values: Any, expected: Verdict) -> None:
    assert appearing(number, *values) is expected


def test_each_appearance_is_told_with_the_others() -> None:
    described = [resource("aws_vpc", each, cidr_block="10.0.0.0/16") for each in ("a", "b")]
    found = appearances.at_most(selections.of_any_type(plan(*described)), "cidr_block", 1)
    assert [(each.address, each.related) for each in found.findings] == [
        ("aws_vpc.a", ("aws_vpc.b",)),
        ("aws_vpc.b", ("aws_vpc.a",)),
    ]
    assert found.findings[0].observed == 'cidr_block is "10.0.0.0/16", which appears 2 times'


def test_the_path_has_to_exist_somewhere() -> None:
    with pytest.raises(UnknownName, match='"cidr_blok"'):
        appearing(1, "10.0.0.0/16", "10.1.0.0/16", path="cidr_blok")
