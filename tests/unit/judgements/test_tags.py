"""Are the tags of every type found where they stand: in maps, in blocks, as labels?"""

import json
from pathlib import Path
from typing import Any

import pytest

from planspec import Verdict
from planspec.finding import Judgement
from planspec.judgements.cost.tagging import carry_tags, taggable
from planspec.judgements.generic import relations, resources, selections
from planspec.plan import Noting
from planspec.schema import Schemas
from tests.support.plans import block, configuration, constant, plan, refers, resource

GROUP = "aws_autoscaling_group"
GIVEN = "aws_autoscaling_group_tag"
SATISFIED, VIOLATED, UNDETERMINED = Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNDETERMINED
GOOGLE = "registry.terraform.io/hashicorp/google"


def tag(key: Any = "Owner", value: Any = "pay") -> dict[str, Any]:
    """One tag block."""
    return {"key": key, "value": value, "propagate_at_launch": True}


def of(provider: str, entry: dict[str, Any]) -> dict[str, Any]:
    """The same resource, of another provider."""
    return {**entry, "provider_name": provider}


def asked(*described: dict[str, Any], **sections: Any) -> Judgement:
    """Whether everything that supports tags carries an owner."""
    made = plan(*described, **sections)
    return carry_tags(made, taggable(made), names=["Owner"])


@pytest.mark.parametrize(
    ("blocks", "verdict"),
    [
        ([tag()], SATISFIED),
        ([tag("Name"), tag()], SATISFIED),
        ([], VIOLATED),
        (None, VIOLATED),
        ([tag("Name")], VIOLATED),
        ([tag("owner")], VIOLATED),
        ([tag(value="")], VIOLATED),
        ([tag(value=...)], UNDETERMINED),
        ([tag(...)], UNDETERMINED),
        ([tag(...), tag()], SATISFIED),
        (..., UNDETERMINED),
    ],
    ids=repr,
)
def test_a_group_carries_its_tags_in_blocks(blocks: Any, verdict: Verdict) -> None:
    found = asked(resource(GROUP, "g", tag=blocks))
    assert found.examined == (f"{GROUP}.g",)
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ({"tag": [tag()], "tags": None}, SATISFIED),
        ({"tag": [], "tags": [tag()]}, SATISFIED),
        ({"tag": [], "tags": [tag("Name")]}, VIOLATED),
        ({"tag": [], "tags": ...}, UNDETERMINED),
        ({"name": "no block at all"}, VIOLATED),
    ],
    ids=repr,
)
def test_a_group_of_an_older_provider_may_have_a_list_too(after: Any, verdict: Verdict) -> None:
    assert asked(resource(GROUP, "g", **after)).verdict is verdict


def test_default_tags_reach_no_group_and_the_remedy_says_what_does() -> None:
    provider = {"aws": {"name": "aws", "expressions": {"default_tags": [{}]}}}
    (finding,) = asked(
        resource(GROUP, "g", tag=[tag("owner")]), configuration=configuration(provider_config=provider)
    ).findings
    assert finding.observed == 'has no tag Owner ("owner" is another one)'
    assert finding.remedy.startswith("add a tag block for each")
    assert (finding.path, finding.related) == ("tag", ())


def given(key: str = "Owner", **settings: Any) -> Judgement:
    """A group that has no tags, and a resource that gives one to some group."""
    return asked(
        resource(GROUP, "g", name="g", tag=[]),
        resource(GIVEN, "t", tag=[tag(key)], **settings),
        configuration=configuration(
            block(GROUP, "g"),
            block(GIVEN, "t", autoscaling_group_name=refers(f"{GROUP}.g.name", f"{GROUP}.g")),
        ),
    )


def test_a_tag_of_its_own_is_the_groups_and_has_none_itself() -> None:
    assert given(autoscaling_group_name="g") == Judgement((f"{GROUP}.g",))
    assert given(autoscaling_group_name=...).verdict is SATISFIED
    assert given("Name", autoscaling_group_name="g").verdict is VIOLATED
    elsewhere = resource(GIVEN, "t", autoscaling_group_name="another", tag=[tag()])
    assert (
        asked(
            resource(GROUP, "g", name="g", tag=[]),
            elsewhere,
            configuration=configuration(
                block(GROUP, "g"), block(GIVEN, "t", autoscaling_group_name=constant("another"))
            ),
        ).verdict
        is VIOLATED
    )


def test_a_tag_for_a_group_that_cannot_be_told_leaves_it_open() -> None:
    made = plan(
        resource(GROUP, "g", tag=[]), resource(GIVEN, "t", autoscaling_group_name=..., tag=[tag()])
    )
    assert carry_tags(made, taggable(made), names=["Owner"]).verdict is UNDETERMINED
    assert carry_tags(made, taggable(made), names=["Name"]).verdict is VIOLATED


@pytest.mark.parametrize(
    ("kind", "after", "verdict"),
    [
        ("google_storage_bucket", {"labels": {"Owner": "pay"}}, SATISFIED),
        ("google_storage_bucket", {"labels": {"owner": "pay"}}, VIOLATED),
        ("google_storage_bucket", {"labels": None}, VIOLATED),
        ("google_storage_bucket", {"labels": ...}, UNDETERMINED),
        ("google_storage_bucket", {"labels": None, "terraform_labels": {"Owner": "pay"}}, SATISFIED),
        ("google_container_cluster", {"resource_labels": None}, VIOLATED),
        ("google_sql_database_instance", {"settings": [{"user_labels": {"Owner": "pay"}}]}, SATISFIED),
        ("google_compute_instance", {"tags": ["Owner"], "labels": None}, VIOLATED),
    ],
    ids=repr,
)
def test_labels_of_google_are_its_tags(kind: str, after: dict[str, Any], verdict: Verdict) -> None:
    found = asked(of(GOOGLE, resource(kind, "x", **after)))
    assert found.examined == (f"{kind}.x",)
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("provider", "kind", "after", "remedy"),
    [
        ("hashicorp/aws", "aws_sqs_queue", {"tags": None, "tags_all": {}}, "default_tags of the"),
        ("hashicorp/aws", "aws_sqs_queue", {"tags": None}, "add them to its tags"),
        ("hashicorp/azurerm", "azurerm_resource_group", {"tags": None}, "add them to its tags"),
        ("hashicorp/google", "google_storage_bucket", {"labels": None}, "add them to its labels"),
        ("hashicorp/google", "google_storage_bucket", {"labels": None, "terraform_labels": {}},
         "default_labels of the provider"),
        ("hashicorp/aws", GROUP, {"tag": []}, "add a tag block for each"),
    ],
    ids=repr,
)  # fmt: skip
def test_the_remedy_names_what_the_type_has(
    provider: str, kind: str, after: dict[str, Any], remedy: str
) -> None:
    (finding,) = asked(of(f"registry.terraform.io/{provider}", resource(kind, "x", **after))).findings
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        ("google_compute_route", {"tags": ["web"]}),
        ("github_issue", {"labels": ["bug"]}),
        ("helm_release", {"metadata": [{"name": "x"}]}),
        ("aws_iam_role_policy", {"policy": "{}"}),
        (GIVEN, {"tag": [tag("Name")]}),
        ("thing", {"tag": "v1"}),
        ("thing", {"tag": []}),
    ],
    ids=repr,
)
def test_what_has_no_tags_of_its_own_is_not_asked_for_any(kind: str, after: dict[str, Any]) -> None:
    assert taggable(plan(resource(kind, "x", **after))) == ()


@pytest.mark.parametrize(
    ("kind", "after", "verdict", "told"),
    [
        ("hcloud_server", {"labels": {"Owner": "pay"}}, SATISFIED, ""),
        ("hcloud_server", {"labels": {"Owner": ...}}, UNDETERMINED, ""),
        ("hcloud_server", {"labels": {}}, VIOLATED, "has no label Owner"),
        ("hcloud_server", {"labels": None}, UNDETERMINED, "planspec schema"),
        ("hcloud_server", {"labels": ...}, UNDETERMINED, "planspec schema"),
        ("oci_core_instance", {"freeform_tags": {}, "defined_tags": {}}, VIOLATED, "has no tag Owner"),
        ("oci_core_instance", {"freeform_tags": None, "defined_tags": None}, VIOLATED, "has no tag"),
        ("oci_core_instance", {"freeform_tags": {"a": "b"}}, VIOLATED, "has no tag Owner"),
        ("oci_core_instance", {"freeform_tags": {"Owner": "pay"}}, SATISFIED, ""),
        (
            "oci_core_instance",
            {"freeform_tags": {}, "defined_tags": {"Ops.Owner": "pay"}},
            SATISFIED,
            "",
        ),
        ("oci_core_instance", {"defined_tags": {"Ops.owner": "pay"}}, VIOLATED, "has no tag Owner"),
        ("oci_core_instance", {"freeform_tags": {}, "defined_tags": ...}, UNDETERMINED, "after apply"),
        ("kubernetes_namespace", {"metadata": [{"labels": {"a": "b"}}]}, VIOLATED, "no label Owner"),
        ("kubernetes_namespace", {"metadata": [{"labels": None}]}, VIOLATED, "no label Owner"),
        ("kubernetes_namespace", {"metadata": [{"labels": {"Owner": "pay"}}]}, SATISFIED, ""),
        ("kubernetes_namespace", {"metadata": [{"labels": ...}]}, UNDETERMINED, "after apply"),
        ("kubernetes_manifest", {"manifest": {"metadata": {"labels": {"Owner": "a"}}}}, SATISFIED, ""),
        ("kubernetes_manifest", {"manifest": {"metadata": {"name": "x"}}}, VIOLATED, "no label Owner"),
        ("datadog_monitor", {"tags": ["team", "Owner:pay"]}, SATISFIED, ""),
        ("datadog_monitor", {"tags": ["Owner=pay"]}, SATISFIED, ""),
        ("datadog_monitor", {"tags": ["Owner:"]}, UNDETERMINED, ""),
        ("digitalocean_droplet", {"tags": ["Owner"]}, UNDETERMINED, "without a value"),
        ("digitalocean_droplet", {"tags": ["owner:pay"]}, VIOLATED, '"owner" is another one'),
        ("digitalocean_droplet", {"tags": ["web", ...]}, UNDETERMINED, "after apply"),
        ("digitalocean_droplet", {"tags": ["web"]}, VIOLATED, "has no tag Owner"),
        ("digitalocean_droplet", {"tags": None}, VIOLATED, "has no tag Owner"),
    ],
    ids=repr,
)
def test_tags_of_other_providers_are_found_where_they_stand(
    kind: str, after: dict[str, Any], verdict: Verdict, told: str
) -> None:
    provider = f"registry.terraform.io/hashicorp/{kind.partition('_')[0]}"
    found = asked(of(provider, resource(kind, "x", **after)))
    assert found.examined == (f"{kind}.x",)
    assert found.verdict is verdict
    assert all(told in each.observed for each in found.findings)


def test_keys_and_values_in_a_list_are_tags_too() -> None:
    assert asked(resource("awscc_sqs_queue", "x", tags=[tag()])).verdict is SATISFIED
    assert asked(resource("awscc_sqs_queue", "x", tags=[tag("Name")])).verdict is VIOLATED
    assert asked(resource("thing", "x", tag=[tag()])).verdict is SATISFIED


def test_a_path_of_another_type_names_the_phrase_that_knows_all_forms() -> None:
    selected = selections.with_tags(
        plan(resource(GROUP, "g", tag=[]), resource("t", "x", tags={"Owner": "a"}))
    )
    found = resources.hold(selected, "every", "tags.Owner", relations.is_set, "")
    (finding,) = found.findings
    assert finding.verdict is UNDETERMINED
    assert 'write: it must have the tags "..."' in finding.observed


def test_labels_of_another_provider_are_tags_where_its_schema_says_a_map(
    tmp_path: Path,
) -> None:
    kinds = {"box_server": ["map", "string"], "box_issue": ["set", "string"], "box_mark": "string"}
    schemas = {
        kind: {"version": 0, "block": {"attributes": {"labels": {"type": shape, "optional": True}}}}
        for kind, shape in kinds.items()
    }
    provider = {"registry.terraform.io/box/box": {"resource_schemas": schemas}}
    (tmp_path / "box.json").write_text(
        json.dumps({"format_version": "1.0", "provider_schemas": provider})
    )
    made = plan(*(resource(kind, "x", labels=None) for kind in kinds))
    made = made.for_run(Noting(), Schemas([tmp_path / "box.json"]))
    found = carry_tags(made, taggable(made), names=["Owner"])
    assert found.examined == ("box_server.x",)
    (finding,) = found.findings
    assert (finding.observed, finding.path) == ("has no label Owner", "labels")
    assert (finding.expected, finding.remedy) == ("the labels Owner", "add them to its labels")


def test_a_label_of_another_case_is_named() -> None:
    after: dict[str, Any] = {"labels": None, "terraform_labels": {"owner": "pay"}}
    (finding,) = asked(of(GOOGLE, resource("google_storage_bucket", "x", **after))).findings
    assert finding.observed == 'has no label Owner ("owner" is another one)'
    (finding,) = asked(of(GOOGLE, resource("google_storage_bucket", "x", labels=...))).findings
    assert finding.observed == "its labels are known after apply"


@pytest.mark.parametrize(
    ("key", "value", "named", "verdict"),
    [
        ("Owner", "pay", "aws_instance.i", SATISFIED),
        ("owner", "pay", "aws_instance.i", VIOLATED),
        ("Owner", "", "aws_instance.i", VIOLATED),
        ("Owner", "pay", "aws_instance.other", VIOLATED),
        (..., "pay", "aws_instance.i", UNDETERMINED),
        ("Owner", "pay", "var.which", UNDETERMINED),
    ],
)
def test_a_resource_of_its_own_can_be_one_tag(
    key: Any, value: Any, named: str, verdict: Verdict
) -> None:
    found = asked(
        resource("aws_instance", "i", id=..., tags={}, tags_all={}),
        resource("aws_instance", "other", id=..., tags={"Owner": "pay"}, tags_all={}),
        resource("aws_ec2_tag", "t", resource_id=..., key=key, value=value),
        configuration=configuration(
            block("aws_instance", "i"),
            block("aws_instance", "other"),
            block("aws_ec2_tag", "t", resource_id=refers(f"{named}.id", named)),
        ),
    )
    assert {each.address for each in found.findings} <= {"aws_instance.i"}
    assert found.verdict is verdict
