"""The vocabulary for anybody's plan: does every resource of some kind hold a stated value?"""

import json
from pathlib import Path
from typing import Any

import pytest

from planspec import Finding, Judgement, Mode, Verdict
from planspec.errors import FeatureError, PathError
from planspec.judgements.generic import configuration_parts, relations, resources, selections
from planspec.judgements.generic.selections import Selection
from planspec.plan.noting import Noting
from planspec.schema import Schemas
from planspec.schema import names as known_names
from tests.support import accepted, findings
from tests.support.plans import Sensitive, block, configuration, constant, plan, refers, resource

SATISFIED, VIOLATED = Verdict.SATISFIED, Verdict.VIOLATED
UNDETERMINED, NOT_APPLICABLE = Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
DATABASE = "aws_db_instance"
GROUP = "aws_db_subnet_group.v"


def selection(*described: dict[str, Any], **sections: Any) -> Selection:
    """Every database of a plan."""
    return selections.of_type(plan(*described, **sections), DATABASE)


def one(**after: Any) -> Selection:
    """One database with these attributes."""
    return selection(resource(DATABASE, "orders", **after))


def names(selected: Selection) -> list[str]:
    """The addresses that were selected."""
    return [each.address for each in selected.resources]


def must(given: Selection, path: str, quantifier: str = "every", **how: Any) -> Judgement:
    """The value at the path must be (or, negated, must not be) "bad"."""
    return resources.hold(given, quantifier, path, relations.equals("bad"), "expected", **how)


@pytest.mark.parametrize(
    ("sizes", "every", "some", "every_not", "some_not"),
    [
        pytest.param(["bad", "bad"], SATISFIED, SATISFIED, VIOLATED, VIOLATED, id="all"),
        pytest.param(["bad", "x"], VIOLATED, SATISFIED, VIOLATED, SATISFIED, id="one of two"),
        pytest.param(["x", "x"], VIOLATED, VIOLATED, SATISFIED, SATISFIED, id="none"),
        pytest.param(["bad", ...], UNDETERMINED, SATISFIED, VIOLATED, UNDETERMINED, id="one, one open"),
        pytest.param(["x", ...], VIOLATED, UNDETERMINED, UNDETERMINED, SATISFIED, id="other, one open"),
        pytest.param(..., UNDETERMINED, UNDETERMINED, UNDETERMINED, UNDETERMINED, id="whole list open"),
        pytest.param([], VIOLATED, VIOLATED, SATISFIED, VIOLATED, id="empty list"),
        pytest.param(None, VIOLATED, VIOLATED, SATISFIED, VIOLATED, id="not set"),
        pytest.param([None], VIOLATED, VIOLATED, SATISFIED, SATISFIED, id="null in a list"),
    ],
)
def test_every_and_some_are_two_questions_and_must_not_is_no_must(
    sizes: Any, every: Verdict, some: Verdict, every_not: Verdict, some_not: Verdict
) -> None:
    given = one(sizes=sizes)
    assert must(given, "sizes[*]").verdict is every
    assert must(given, "sizes[*]", "some").verdict is some
    assert must(given, "sizes[*]", negated=True).verdict is every_not
    assert must(given, "sizes[*]", "some", negated=True).verdict is some_not


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("path", ["ingress[*].cidr_blok", "ingress.cidr_blocks[*]", "ingress[0].prts"])
def test_a_name_that_the_resource_does_not_have_proves_nothing(path: str, *, negated: bool) -> None:
    given = one(size=1, ingress=[{"cidr_blocks": ["0.0.0.0/0"], "ports": None}])
    judgement = must(given, path, negated=negated)
    assert judgement.verdict is UNDETERMINED
    assert "it has no " in judgement.findings[0].observed


def test_a_name_that_only_some_of_several_types_have_is_answered_with_the_nearest_one() -> None:
    given = plan(
        resource(DATABASE, "a", storage_encrypted=True), resource("aws_t", "b", storage_encryptd=True)
    )
    found = must(selections.of_any_type(given), "storage_encryptd").findings
    assert [each.observed for each in found] == [
        'it has no attribute "storage_encryptd"; did you mean "storage_encrypted"?',
        "storage_encryptd is true",
    ]


def test_a_key_that_a_map_does_not_have_is_not_set() -> None:
    given = one(tags={"Owner": "me"})
    assert must(given, "tags.Cost").verdict is VIOLATED
    assert must(given, "tags.Cost", negated=True).verdict is SATISFIED


def test_a_document_in_a_string_is_judged_like_any_other_value() -> None:
    policy = json.dumps({"Statement": {"Effect": "Allow", "Action": ["x", "bad"]}})
    given = one(policy=policy)
    assert must(given, "policy.Statement[*].Action[*]", "some").verdict is SATISFIED
    assert must(given, "policy.Statement[*].Action[*]", negated=True).verdict is VIOLATED
    assert must(given, "policy.Statement[*].Condition", negated=True).verdict is SATISFIED
    assert must(one(policy=...), "policy.Statement[*].Action", negated=True).verdict is UNDETERMINED


def test_the_finding_says_where_and_what_and_never_a_secret() -> None:
    given = one(ports=["bad", "x"], token_value=Sensitive("hunter2"))
    (finding,) = must(given, "ports[*]").findings
    assert str(finding) == 'aws_db_instance.orders: ports[1] is "x"; expected expected'
    assert finding.path == "ports[*]"
    (hidden,) = must(given, "token_value").findings
    assert hidden.observed == "token_value is (sensitive)"


def test_every_resource_is_examined_and_each_has_at_most_one_finding() -> None:
    given = selection(*(resource(DATABASE, name, size=name) for name in ("a", "bad", "c")))
    judgement = must(given, "size")
    assert judgement.examined == tuple(names(given))
    assert [each.address for each in judgement.findings] == [f"{DATABASE}.a", f"{DATABASE}.c"]


def test_nothing_selected_is_not_applicable() -> None:
    assert must(selection(), "port").verdict is NOT_APPLICABLE
    assert resources.refer(selection(), "port", DATABASE).verdict is NOT_APPLICABLE
    assert resources.count(selection(), minimum=0).verdict is NOT_APPLICABLE


def test_none_is_at_most_any_number_of_what_has_a_name() -> None:
    for most in (0, 5):
        found = resources.count(selection(), maximum=most)
        assert (found.verdict, found.examined) == (SATISFIED, ("(aws_db_instance)",))
    misspelt = plan(resource("aws_s3_bucket", "b")).for_run(Noting(), Schemas(allow_unknown=True))
    unknown = selections.of_type(misspelt, "aws_db_instanze")
    assert resources.count(unknown, maximum=0).verdict is NOT_APPLICABLE


def test_a_type_of_a_provider_that_the_plan_does_not_use_is_noted() -> None:
    elsewhere = plan(resource("google_storage_bucket", "b"))
    assert selections.of_type(elsewhere, DATABASE).resources == ()
    told = 'the plan has nothing of provider "aws", so no requirement about it applies'
    assert known_names(elsewhere).notes == (told,)
    here = plan(resource("aws_s3_bucket", "b"))
    assert selections.of_type(here, DATABASE).resources == ()
    assert known_names(here).notes == ()


def test_a_path_that_is_none_is_an_error() -> None:
    with pytest.raises(PathError):
        must(one(size=1), "size[")


def test_selecting_by_type_takes_what_will_exist() -> None:
    given = plan(
        resource(DATABASE, "new"),
        resource(DATABASE, "gone", actions=["delete"]),
        resource(DATABASE, "looked_up", mode="data", actions=["read"]),
        resource(DATABASE, "new", deposed="1", actions=["delete"]),
        resource("other", "new"),
    )
    assert names(selections.of_type(given, DATABASE)) == ["aws_db_instance.new"]
    assert names(selections.of_type(given, DATABASE, mode=Mode.DATA)) == [
        "data.aws_db_instance.looked_up"
    ]
    assert names(selections.of_any_type(given)) == ["aws_db_instance.new", "other.new"]


def test_selecting_by_tags_takes_what_has_or_could_have_some() -> None:
    given = plan(
        resource("t", "own", tags={}),
        resource("t", "all", tags_all=...),
        resource("t", "none", name="x"),
        resource("t", "unset", tags=None),
    )
    assert names(selections.with_tags(given)) == ["t.own", "t.all", "t.unset"]


@pytest.mark.parametrize(
    ("action", "kept"),
    [
        ("create", ["create", "replace"]),
        ("delete", ["replace", "delete"]),
        ("replace", ["replace"]),
        ("update", ["update"]),
        ("forget", ["forget"]),
        ("no-op", ["unchanged"]),
        ("read", []),
    ],
)
def test_selecting_by_action_takes_the_list_as_a_set(action: str, kept: list[str]) -> None:
    given = plan(
        resource("t", "create"),
        resource("t", "replace", actions=["delete", "create"]),
        resource("t", "delete", actions=["delete"]),
        resource("t", "update", actions=["update"]),
        resource("t", "forget", actions=["forget"]),
        resource("t", "unchanged", actions=["no-op"]),
        resource("t", "looked_up", mode="data", actions=["read"]),
    )
    selected = selections.with_action(given, None, action)
    assert names(selected) == [f"t.{name}" for name in kept]
    assert len(selected.considered) == 6
    assert names(selections.with_action(given, "aws_vpc", action)) == []


def test_an_action_that_terraform_does_not_have_is_refused() -> None:
    with pytest.raises(FeatureError, match='action "destroy" does not exist; one of'):
        selections.with_action(plan(), None, "destroy")


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("module.shop", [0, 1, 2]),
        ('module.shop["a.b"]', [1, 2]),
        ('module.shop["a.b"].module.api', [2]),
        ("module.shop.module.api", [2]),
        ("module.shop.module.api[0]", [2]),
        ('module.shop["a.b"].module.api[0]', [2]),
        ("module.shop.", [0, 1, 2]),
    ],
)
def test_keeping_a_module_keeps_its_instances_and_what_they_call(asked: str, kept: list[int]) -> None:
    modules = [
        "module.shop",
        'module.shop["a.b"]',
        'module.shop["a.b"].module.api[0]',
        "module.shopping",
        "",
    ]
    given = selection(*(resource(module=each) for each in modules))
    assert names(selections.in_module(given, asked)) == [names(given)[place] for place in kept]


def kept(**how: Any) -> Selection:
    """Of a database that is bad, one that is not and one that apply decides: the kept ones."""
    given = selection(
        *(resource(DATABASE, n, kind=k, size=1) for n, k in (("a", "bad"), ("b", "x"), ("c", ...)))
    )
    return selections.keep(given, "kind", relations.equals("bad"), **how)


def test_keeping_by_value_keeps_what_may_have_it_as_unsure() -> None:
    assert names(kept()) == [f"{DATABASE}.a", f"{DATABASE}.c"]
    assert names(kept(negated=True)) == [f"{DATABASE}.b", f"{DATABASE}.c"]
    assert kept().unsure == kept(negated=True).unsure == {f"{DATABASE}.c"}


def test_what_may_not_belong_to_the_selection_is_never_violated_for_sure() -> None:
    verdicts = {each.address: each.verdict for each in must(kept(), "size").findings}
    assert verdicts == {f"{DATABASE}.a": VIOLATED, f"{DATABASE}.c": UNDETERMINED}


def test_what_may_not_belong_to_the_selection_can_be_satisfied() -> None:
    judgement = resources.hold(kept(), "every", "size", relations.equals("1"), "")
    assert judgement.verdict is SATISFIED


def test_keeping_among_several_values_needs_one_of_them() -> None:
    given = selection(
        resource(DATABASE, "a", sizes=["x", "bad"]),
        resource(DATABASE, "b", sizes=[..., "x"]),
        resource(DATABASE, "c", sizes=[]),
    )
    selected = selections.keep(given, "sizes[*]", relations.equals("bad"))
    assert names(selected) == [f"{DATABASE}.a", f"{DATABASE}.b"]
    assert selected.unsure == {f"{DATABASE}.b"}


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        pytest.param({"minimum": 1}, SATISFIED, id="at least the sure ones"),
        pytest.param({"minimum": 2}, UNDETERMINED, id="at least all of them"),
        pytest.param({"minimum": 3}, VIOLATED, id="at least more than there are"),
        pytest.param({"maximum": 2}, SATISFIED, id="at most all of them"),
        pytest.param({"maximum": 1}, UNDETERMINED, id="at most the sure ones"),
        pytest.param({"maximum": 0}, VIOLATED, id="none"),
    ],
)
def test_counting_knows_what_may_not_belong_to_the_selection(
    limits: dict[str, int], verdict: Verdict
) -> None:
    judgement = resources.count(kept(), **limits)
    assert judgement.verdict is verdict
    assert {each.address for each in judgement.findings} <= set(judgement.examined)


def test_none_found_among_those_looked_through_is_satisfied() -> None:
    given = selections.with_action(plan(resource(DATABASE, "a")), None, "delete")
    judgement = resources.count(given, maximum=0)
    assert (judgement.verdict, judgement.examined) == (SATISFIED, (f"{DATABASE}.a",))


def test_too_few_are_told_without_an_address_to_blame() -> None:
    (finding,) = resources.count(selection(), minimum=2).findings
    assert finding == Finding(
        "(aws_db_instance)", VIOLATED, "the plan has 0 aws_db_instance", "at least 2"
    )


@pytest.mark.parametrize(
    ("key", "expression", "path", "verdict"),
    [
        pytest.param(..., refers("aws_kms_key.k.arn"), "key", SATISFIED, id="by reference"),
        pytest.param("arn:k", constant("arn:k"), "key", SATISFIED, id="by name"),
        pytest.param(..., refers("aws_vpc.v.id"), "key", VIOLATED, id="to something else"),
        pytest.param("other", constant("other"), "key", VIOLATED, id="by a name from outside"),
        pytest.param(None, constant(None), "key", VIOLATED, id="not set"),
        pytest.param(..., refers("local.key"), "key", UNDETERMINED, id="through a local"),
        pytest.param(..., {}, "key", UNDETERMINED, id="through a function"),
        pytest.param([...], refers("aws_kms_key.k.arn"), "key[*]", SATISFIED, id="list"),
        pytest.param(["arn:k", "x"], {}, "key[*]", VIOLATED, id="one of a list does not"),
        pytest.param([], constant([]), "key[*]", VIOLATED, id="empty list"),
    ],
)
def test_a_value_must_refer_to_a_resource_of_a_type(
    key: Any, expression: Any, path: str, verdict: Verdict
) -> None:
    given = selection(
        resource(DATABASE, "orders", key=key),
        resource("aws_kms_key", "k", arn="arn:k"),
        resource("aws_vpc", "v", id=...),
        configuration=configuration(block(DATABASE, "orders", key=expression)),
    )
    assert resources.refer(given, path, "aws_kms_key").verdict is verdict


def test_a_list_in_a_requirement_is_split_at_commas() -> None:
    assert resources.texts("a, b,c ") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("quantifier", "text", "negated", "verdict"),
    [
        ("every", "true", False, VIOLATED),
        ("every", "false", True, UNDETERMINED),
        ("every", "true", True, UNDETERMINED),
        ("some", "true", False, VIOLATED),
        ("every", "x", True, SATISFIED),
    ],
)
def test_a_default_is_never_read_into_a_switch_that_nobody_set(
    quantifier: str, text: str, negated: bool, verdict: Verdict
) -> None:
    given = one(storage_encrypted=None)
    relation = relations.equals(text)
    judged = resources.hold(given, quantifier, "storage_encrypted", relation, "", negated=negated)
    assert judged.verdict is verdict


def test_data_that_was_read_while_planning_is_examined_like_data_that_is_read_at_apply() -> None:
    read = {"address": "data.t.a", "mode": "data", "type": "t", "name": "a", "values": {"size": 1}}
    given = plan(
        resource("t", "b", mode="data", actions=["read"], size=2),
        prior_state={"values": {"root_module": {"resources": [read]}}},
    )
    selected = selections.of_type(given, "t", mode=Mode.DATA)
    assert names(selected) == ["data.t.b", "data.t.a"]
    judged = resources.hold(selected, "every", "size", relations.equals("2"), "")
    assert [each.address for each in judged.findings] == ["data.t.a"]


def test_variables_outputs_and_providers_are_asked_like_resources() -> None:
    given = plan(
        variables={"size": {"value": 3}, "token": {"value": "hunter2hunter2"}},
        output_changes={
            "out": {"actions": ["create"], "before": None, "after": 3, "after_unknown": False}
        },
        configuration={
            "provider_config": {"aws": {"name": "aws", "expressions": {"region": refers("var.size")}}},
            "root_module": {"variables": {"token": {"sensitive": True}}},
        },
    )
    (size, token), outputs = configuration_parts.variables(given), configuration_parts.outputs(given)
    assert (size.address, size.after.get("value").shown) == ("variable.size", "3")
    assert token.after.get("value").shown == "(sensitive)"
    assert [each.after.get("value").shown for each in outputs] == ["3"]
    (provider,) = configuration_parts.providers(given)
    assert (provider.address, provider.after.get("region").shown) == ("provider.aws", "3")


DOCUMENT = resource(
    "aws_iam_policy_document",
    "d",
    mode="data",
    actions=["read"],
    statement=[
        {"effect": None, "actions": ["s3:Get*"], "resources": [...], "principals": [], "condition": []},
        {
            "effect": "Deny",
            "actions": ["bad"],
            "resources": ["*"],
            "principals": [{"type": "AWS", "identifiers": ["arn:a"]}],
            "condition": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}],
        },
    ],
)


@pytest.mark.parametrize(
    ("path", "quantifier", "text", "verdict"),
    [
        ("policy.Statement[*].Action[*]", "some", "bad", SATISFIED),
        ("policy.Statement[*].Action[*]", "every", "bad", VIOLATED),
        ("policy.Statement[0].Effect", "every", "Allow", SATISFIED),
        ("policy.Statement[1].Effect", "every", "Allow", VIOLATED),
        ("policy.Statement[*].Resource[*]", "every", "*", UNDETERMINED),
        ("policy.Statement[1].Principal.AWS[*]", "every", "arn:a", SATISFIED),
        ("policy.Statement[*].Condition.Bool.*[*]", "some", "false", SATISFIED),
        ("policy", "every", "bad", UNDETERMINED),
    ],
)
def test_a_policy_that_apply_decides_is_judged_by_the_document_that_it_is_made_of(
    path: str, quantifier: str, text: str, verdict: Verdict
) -> None:
    document = "data.aws_iam_policy_document.d"
    written = block(DATABASE, "orders", policy=refers(f"{document}.json", document))
    read = block("aws_iam_policy_document", "d", mode="data")
    policy = resource(DATABASE, "orders", policy=...)
    given = selection(policy, DOCUMENT, configuration=configuration(written, read))
    judged = resources.hold(given, quantifier, path, relations.equals(text), "")
    assert judged.verdict is verdict


def test_a_document_that_merges_others_shows_nothing_for_sure() -> None:
    merged = json.loads(json.dumps(DOCUMENT))
    merged["change"]["after"]["source_policy_documents"] = ["{}"]
    document = "data.aws_iam_policy_document.d"
    written = block(DATABASE, "orders", policy=refers(f"{document}.json", document))
    read = block("aws_iam_policy_document", "d", mode="data")
    policy = resource(DATABASE, "orders", policy=...)
    given = selection(policy, merged, configuration=configuration(written, read))
    assert must(given, "policy.Statement[*].Action[*]").verdict is UNDETERMINED


def judged_for_reading() -> dict[str, Judgement]:
    """One judgement for each way in which the vocabulary can answer."""
    statement = json.dumps({"Statement": [{"Action": "x"}]})
    rich = one(size=1, ports=["bad", "x"], tags={"Owner": "me"}, policy=statement, later=...)
    paths = (
        "ports[*]",
        "tags.Cost",
        "policy.Statement[*].Actoin",
        "later.inside",
        "$..x",
        "*",
        "size.more",
    )
    two = plan(
        resource(DATABASE, "a", port=1, db_subnet_group_name=...),
        resource(DATABASE, "b", port=2, db_subnet_group_name="x"),
        resource("aws_db_subnet_group", "v", id=..., tags={}),
        configuration=configuration(
            block(DATABASE, "a", db_subnet_group_name=refers(f"{GROUP}.id", GROUP)),
            block(DATABASE, "b", db_subnet_group_name=constant("x")),
            block("aws_db_subnet_group", "v"),
        ),
    )
    databases = selections.of_type(two, DATABASE)
    first = relations.equals("1")
    counted = {
        "at most one": resources.count(databases, maximum=1),
        "none": resources.count(databases, maximum=0),
        "at least three": resources.count(databases, minimum=3),
        "of any type": resources.count(selections.of_any_type(two), minimum=9),
        "with tags": resources.count(selections.with_tags(two), minimum=9),
        "created": resources.count(selections.with_action(two, DATABASE, "create"), minimum=9),
        "created, of any type": resources.count(selections.with_action(two, None, "create"), maximum=1),
        "kept": resources.count(selections.keep(databases, "port", first), minimum=2),
        "kept by what they are not": resources.count(
            selections.keep(databases, "port", first, negated=True), maximum=0
        ),
        "variables": resources.count(
            selections.of_parts(two, configuration_parts.variables(two), "variable"), minimum=1
        ),
    }
    return {
        **{path: must(rich, path) for path in paths},
        **{f"no {path}": must(rich, path, negated=True) for path in paths},
        **{f"{path} of some": must(rich, path, "some") for path in paths},
        "refer": resources.refer(databases, "db_subnet_group_name", "aws_db_subnet_group"),
        **counted,
    }


@pytest.mark.accepted
def test_what_the_vocabulary_tells_is_what_somebody_has_read() -> None:
    told = "\n".join(f"[{name}]\n{findings.text(each)}" for name, each in judged_for_reading().items())
    accepted.hold(Path(__file__).with_name("vocabulary.txt"), told)
