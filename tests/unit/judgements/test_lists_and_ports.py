"""What of lists, of ports that nobody states, of numbers in filters, and of what no type has?"""

import json
from typing import Any

import pytest

from planspec import Verdict
from planspec.errors import UnknownName
from planspec.judgements.generic import relations, resources, selections
from planspec.judgements.generic.selections import Selection
from planspec.schema import names
from tests.support.plans import Sensitive, plan, resource

SATISFIED, VIOLATED, UNDETERMINED = Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNDETERMINED
FIREWALL = "google_compute_firewall"


def one(**after: Any) -> Selection:
    """One firewall with these attributes."""
    return selections.of_type(plan(resource(FIREWALL, "f", **after)), FIREWALL)


def judged(given: Selection, path: str, relation: Any, *, negated: bool = True) -> tuple[Verdict, str]:
    """The verdict, and what is told of the first finding."""
    found = resources.hold(given, "every", path, relation, "", negated=negated)
    return found.verdict, found.findings[0].observed if found.findings else ""


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([{"ports": ["80"]}], SATISFIED),
        ([{"ports": ["22"]}], VIOLATED),
        ([{"ports": []}], UNDETERMINED),
        ([{"ports": None}], UNDETERMINED),
        ([{"ports": ["20-25"]}], UNDETERMINED),
        ([{"ports": ["*"]}], UNDETERMINED),
        ([{"ports": ["80-90"]}], SATISFIED),
        ([{"ports": ["80"]}, {"ports": []}], UNDETERMINED),
        ([{"ports": ["22"]}, {"ports": []}], VIOLATED),
        ([], SATISFIED),
    ],
)
def test_a_port_that_nobody_states_can_be_any(rules: Any, verdict: Verdict) -> None:
    given = one(allow=rules)
    assert judged(given, "allow[*].ports[*]", relations.equals("22"))[0] is verdict
    assert judged(given, "allow[*].ports[*]", relations.one_of(["22", "23"]))[0] is verdict
    kept = selections.keep(given, "allow[*].ports[*]", relations.equals("22"))
    assert bool(kept.resources) is (verdict is not SATISFIED)
    assert bool(kept.unsure) is (verdict is UNDETERMINED)


@pytest.mark.parametrize("path", ["allow[*].ports[*]", "from_port"])
def test_what_must_be_a_port_must_be_written(path: str) -> None:
    open_rules: list[Any] = [[{"ports": []}], [{"ports": None}], []]
    for rules in open_rules:
        given = one(allow=rules, from_port=None)
        assert judged(given, path, relations.equals("80"), negated=False)[0] is VIOLATED


def test_a_single_port_that_is_null_is_no_pass() -> None:
    verdict, told = judged(one(from_port=None), "from_port", relations.equals("22"))
    assert verdict is UNDETERMINED
    assert "can be any" in told


@pytest.mark.parametrize(
    "relation", [relations.resembles("m5.*"), relations.equals("m5"), relations.one_of(["m5"])]
)
def test_a_list_without_a_star_says_what_to_write(relation: Any) -> None:
    verdict, told = judged(one(types=["m5.large"]), "types", relation)
    assert verdict is UNDETERMINED
    assert 'write "types[*]"' in told


def test_a_demand_on_nothing_is_violated_and_says_how_to_leave_it_out() -> None:
    verdict, told = judged(one(ingress=[]), "ingress[*].text", relations.matches(".+"), negated=False)
    assert verdict is VIOLATED
    assert 'keep those whose "ingress" is set' in told
    kept = selections.keep(one(ingress=[]), "ingress", relations.is_set)
    assert not kept.resources


@pytest.mark.parametrize(
    ("stated", "kept", "unsure"),
    [
        (22, True, False),
        (20, True, False),
        (23, False, False),
        ("21", True, False),
        ("22.5", False, False),
        (None, True, True),
        (..., True, True),
        ("abc", True, True),
        ([22], True, True),
        ("1e3", True, True),
        (True, True, True),
    ],
)
def test_a_filter_by_a_number_leaves_out_nothing_that_may_fit(
    stated: Any, kept: bool, unsure: bool
) -> None:
    found = selections.keep(one(size=stated), "size", relations.of_quantity("most", "22"))
    assert (bool(found.resources), bool(found.unsure)) == (kept, unsure)


def test_a_filter_by_a_version_compares_versions() -> None:
    at_least = relations.of_quantity("least", "16.10")
    for version, kept in (("16.9", False), ("16.10", True), ("17.1", True)):
        assert bool(selections.keep(one(version=version), "version", at_least).resources) is kept


def test_a_filter_that_leaves_nothing_names_the_value_in_other_capitals() -> None:
    given = one(prefix="Internet")
    assert not selections.keep(given, "prefix", relations.equals("internet")).resources
    assert names(given.plan).notes[-1] == (
        'no prefix is "internet"; there is "Internet". Capitals count'
    )


ANY = plan(resource("aws_vpc", "v", cidr_block="x"), resource("aws_sqs_queue", "q", name="q"))
WITH_ONE = plan(
    resource("aws_vpc", "v", cidr_block="x"), resource("aws_db_instance", "d", password=Sensitive("x"))
)


def absent(given: Any, path: str) -> Verdict:
    """Nothing of any type may have it."""
    selected = selections.of_any_type(given)
    return resources.hold(selected, "every", path, relations.is_set, "", negated=True).verdict


@pytest.mark.parametrize("path", ["password", "$..password"])
def test_what_must_not_be_set_is_answered_by_absence(path: str) -> None:
    assert absent(ANY, path) is SATISFIED
    assert absent(WITH_ONE, path) is VIOLATED


def test_a_name_that_no_type_has_is_still_an_error() -> None:
    for path in ("pasword", "provisioners"):
        with pytest.raises(UnknownName):
            absent(ANY, path)
    vpc = selections.of_type(ANY, "aws_vpc")
    with pytest.raises(UnknownName):
        resources.hold(vpc, "every", "password", relations.is_set, "", negated=True)


def test_a_filter_in_a_path_is_checked_by_the_schema() -> None:
    groups = selections.of_type(
        plan(resource("aws_security_group", "g", ingress=[{"from_port": 22, "cidr_blocks": []}])),
        "aws_security_group",
    )
    with pytest.raises(UnknownName, match='did you mean "from_port"'):
        judged(groups, "ingress[?(@.from_prt == 22)].cidr_blocks[*]", relations.equals("0.0.0.0/0"))


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({"from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}, VIOLATED),
        ({"from_port": 0, "to_port": 65535, "cidr_blocks": ["0.0.0.0/0"]}, VIOLATED),
        ({"from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}, SATISFIED),
        ({"from_port": 22, "to_port": 22, "cidr_blocks": ["10.0.0.0/8"]}, SATISFIED),
        ({"from_port": ..., "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}, UNDETERMINED),
        ({"from_port": ..., "to_port": 22, "cidr_blocks": ["10.0.0.0/8"]}, SATISFIED),
        ({"from_port": None, "to_port": None, "cidr_blocks": ["0.0.0.0/0"]}, UNDETERMINED),
        ({"from_port": 22, "to_port": 22, "cidr_blocks": ...}, UNDETERMINED),
    ],
)
def test_the_world_on_a_port_can_be_asked(rule: Any, verdict: Verdict) -> None:
    group = resource("aws_security_group", "g", ingress=[rule])
    groups = selections.of_type(plan(group), "aws_security_group")
    path = "ingress[?(@.from_port <= 22 && @.to_port >= 22)].cidr_blocks[*]"
    assert judged(groups, path, relations.equals("0.0.0.0/0"))[0] is verdict


@pytest.mark.parametrize(
    ("statement", "path"),
    [
        ([{"Effect": "Allow"}], "policy.Statement.Effect"),
        ([{"Principal": "*"}], "policy.Statement[*].Principal.AWS"),
        ([{"Principal": ["*"]}], "policy.Statement[*].Principal.AWS"),
        (
            [{"Effect": "Allow", "Principal": "*"}],
            "policy.Statement[?(@.Effect == 'Allow')].Principal.AWS",
        ),
    ],
)
def test_a_key_of_a_list_or_a_text_in_a_document_proves_nothing(statement: Any, path: str) -> None:
    bucket = resource("aws_s3_bucket_policy", "p", policy=json.dumps({"Statement": statement}))
    given = selections.of_type(plan(bucket), "aws_s3_bucket_policy")
    for text in ("*", "Allow", "other"):
        assert judged(given, path, relations.equals(text))[0] is UNDETERMINED
        assert selections.keep(given, path, relations.equals(text)).unsure
