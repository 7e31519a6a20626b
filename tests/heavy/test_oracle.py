"""Does a second reading of the requirements, made without the judgements, say the same of every plan?

The recorded plans, every golden plan, and the corpus, each by all of these requirements. A difference
is a fault, or stands in EXPLAINED with what the raw JSON shows of the case.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pytest

from planspec import bundle, decode, vocabulary
from planspec.errors import PlanError
from planspec.features import selection as features
from planspec.plan import notice
from planspec.policies import read_policies
from planspec.runner import registry
from planspec.runner.context import RunContext
from tests.golden import recipes
from tests.heavy.oracle import data, service
from tests.heavy.oracle.raw_plan import (
    SATISFIED,
    UNDETERMINED,
    UNKNOWN,
    VIOLATED,
    Plan,
    Resource,
    Verdicts,
    items,
    worst,
)
from tests.heavy.test_corpus import CORPUS, REFUSED, files
from tests.support.cutting import PLANS

ORACLES = {**data.ORACLES, **service.ORACLES}
DAY = date(2026, 6, 1)
POLICIES = read_policies(bundle.POLICIES)


class Case(NamedTuple):
    """A plan, and its name."""

    name: str
    data: bytes


class Difference(NamedTuple):
    """What both say of one address, or with "" of the whole plan."""

    number: str
    address: str
    ours: str
    planspec: str


class Reason(NamedTuple):
    """Why both answers are right, of what the raw JSON shows, and the plans among which it comes up."""

    among: str
    number: str
    ours: str
    planspec: frozenset[str]
    shows: Callable[[Plan, Resource | None], bool]
    why: str


def is_of(*types: str) -> Callable[[Plan, Resource | None], bool]:
    """Whether the resource is of one of these types."""
    return lambda _, resource: resource is not None and resource.type in types


def has(kind: str) -> Callable[[Plan, Resource | None], bool]:
    """Whether there is something of this type."""
    return lambda plan, _: any(each.type == kind for each in plan.managed)


def with_value(
    kind: str, name: str, shows: Callable[[Any], bool]
) -> Callable[[Plan, Resource | None], bool]:
    """Whether an argument of a resource of this type has such a value."""
    return lambda _, it: it is not None and it.type == kind and shows(it[name])


def was_restored(_: Plan, database: Resource | None) -> bool:
    """Whether a database is made from a snapshot, a point in time or another database."""
    names = ("snapshot_identifier", "restore_to_point_in_time", "replicate_source_db")
    return database is not None and any(database[each] for each in names)


def holds_access_logs(plan: Plan, bucket: Resource | None) -> bool:
    """Whether there is something that writes access logs into a bucket."""
    kinds = ("aws_s3_bucket_logging", "aws_lb", "aws_elb")
    return bucket is not None and any(each.type in kinds for each in plan.managed)


def chooses_its_subnets(_: Plan, cluster: Resource | None) -> bool:
    """Whether it is a Multi-AZ DB cluster, whose subnets and routes say whether it is public."""
    return cluster is not None and data.is_multi_az_cluster(cluster)


def has_a_doubtful_block(plan: Plan, bucket: Resource | None) -> bool:
    """Whether what blocks public access may be about this bucket or another."""
    if bucket is None:
        return False
    tied = plan.about(bucket, ["aws_s3_bucket_public_access_block"], "bucket", "bucket")
    return bool(tied) and not any(sure for _, sure in tied)


def has_a_rule_of_nobody(_: Plan, group: Resource | None) -> bool:
    """Whether the group has rules that were read back, and that its own block does not write."""
    return group is not None and bool(group["ingress"]) and not group.written("ingress")


def denies_at_apply(plan: Plan, bucket: Resource | None) -> bool:
    """Whether the policy denies for two ARNs that apply tells, both of this bucket alone."""
    return bucket is not None and any(
        document.type == "aws_iam_policy_document" and two_of(plan, document, bucket)
        for policy, _ in plan.about(bucket, ["aws_s3_bucket_policy"], "bucket", "bucket")
        for document in plan.reached(policy, policy.config.get("expressions", {}).get("policy"))[0]
    )


def two_of(plan: Plan, document: Resource, bucket: Resource) -> bool:
    """Whether a statement names two things that apply tells, by this bucket alone."""
    written = items(document.config["expressions"].get("statement"))
    return any(
        items(statement.get("resources")) == [UNKNOWN] * 2
        and plan.reached(document, block.get("resources")) == ([bucket], True)
        for statement, block in zip(items(document["statement"]), written, strict=True)
    )


TASK = "aws_ecs_task_definition"
EXPLAINED = (
    Reason(
        "golden",
        "DUR-01.1",
        VIOLATED,
        frozenset({UNDETERMINED}),
        is_of("aws_lightsail_database", "aws_redshiftserverless_namespace"),
        "seven days or one, always: planspec leaves it to people where AWS has nothing to set",
    ),
    Reason(
        "golden",
        "EXP-01.1",
        VIOLATED,
        frozenset({UNDETERMINED}),
        is_of("aws_dsql_cluster"),
        "a public endpoint, always: planspec leaves it to people where AWS has nothing to set",
    ),
    Reason(
        "golden",
        "EXP-01.1",
        UNDETERMINED,
        frozenset({SATISFIED, VIOLATED}),
        chooses_its_subnets,
        "the oracle reads no routes; planspec does, and follows them to an internet gateway",
    ),
    Reason(
        "corpus",
        "EXP-05.1",
        VIOLATED,
        frozenset({UNDETERMINED}),
        has_a_doubtful_block,
        "planspec does not say violated for a setting that may be another bucket's",
    ),
    Reason(
        "golden",
        "ENC-03.1",
        UNDETERMINED,
        frozenset({SATISFIED}),
        denies_at_apply,
        "plan JSON keeps no text beside an ARN; planspec takes two for the bucket and its objects",
    ),
    Reason(
        "golden",
        "CHG-03.1",
        SATISFIED,
        frozenset({VIOLATED}),
        with_value("aws_db_instance", "auto_minor_version_upgrade", lambda it: it == "false"),
        "the oracle reads switches that are no texts",
    ),
    Reason(
        "golden",
        "CON-01.1",
        SATISFIED,
        frozenset({UNDETERMINED}),
        with_value(TASK, "container_definitions", lambda it: it == "[]"),
        "no container, so that nothing is shown; the oracle asks each of none",
    ),
    Reason(
        "golden",
        "CON-02.1",
        SATISFIED,
        frozenset({UNDETERMINED}),
        with_value(TASK, "container_definitions", lambda it: it == "[]"),
        "no container, so that nothing is shown; the oracle asks each of none",
    ),
    Reason(
        "golden",
        "CON-02.1",
        SATISFIED,
        frozenset({VIOLATED}),
        is_of(TASK),
        "the oracle does not know a sign before 0, a blank, and the administrator of Windows",
    ),
    Reason(
        "golden",
        "CST-03.1",
        SATISFIED,
        frozenset({UNDETERMINED}),
        with_value("aws_cloudwatch_log_group", "log_group_class", lambda it: it is UNKNOWN),
        "the class DELIVERY keeps logs for two days, whatever the group says",
    ),
    Reason(
        "golden",
        "DEP-01.1",
        SATISFIED,
        frozenset({VIOLATED}),
        with_value("aws_ecs_service", "deployment_controller", bool),
        "the oracle does not read who deploys",
    ),
    Reason(
        "golden",
        "DUR-02.1",
        UNDETERMINED,
        frozenset({VIOLATED}),
        is_of("aws_dsql_cluster"),
        "off by default; the oracle leaves it open",
    ),
    Reason(
        "golden",
        "ENC-01.1",
        SATISFIED,
        frozenset({UNDETERMINED, VIOLATED}),
        was_restored,
        "the oracle does not ask what a database is restored from",
    ),
    Reason(
        "golden",
        "ENC-02.1",
        SATISFIED,
        frozenset({VIOLATED, UNDETERMINED}),
        holds_access_logs,
        "a Network Load Balancer writes with a KMS key; the oracle does not tell balancers apart",
    ),
    Reason(
        "golden",
        "ENC-02.1",
        VIOLATED,
        frozenset({SATISFIED, UNDETERMINED}),
        holds_access_logs,
        "the oracle knows access logs of one kind of load balancer only",
    ),
    Reason(
        "golden",
        "ENC-07.1",
        "-",
        frozenset({UNDETERMINED, VIOLATED}),
        is_of("aws_elb"),
        "the oracle does not read Classic Load Balancers",
    ),
    Reason(
        "golden",
        "ENC-07.1",
        "not applicable",
        frozenset({SATISFIED}),
        has("aws_elb"),
        "the oracle does not read Classic Load Balancers",
    ),
    Reason(
        "golden",
        "EXP-01.1",
        "-",
        frozenset({UNDETERMINED, VIOLATED}),
        is_of("aws_rds_shard_group"),
        "the oracle does not read shard groups",
    ),
    Reason(
        "golden",
        "EXP-02.1",
        SATISFIED,
        frozenset({VIOLATED}),
        has("aws_launch_template"),
        "the oracle does not read who else has a group",
    ),
    Reason(
        "golden",
        "EXP-02.1",
        VIOLATED,
        frozenset({UNDETERMINED}),
        has("aws_lb"),
        "whether tasks have the group too is known after apply",
    ),
    Reason(
        "recorded",
        "EXP-02.1",
        VIOLATED,
        frozenset({SATISFIED}),
        has_a_rule_of_nobody,
        "read back of a rule that the plan writes again",
    ),
    Reason(
        "golden",
        "EXP-03.1",
        "-",
        frozenset({VIOLATED}),
        is_of("aws_ecs_task_set"),
        "the oracle does not read task sets",
    ),
    Reason(
        "golden",
        "EXP-04.1",
        "-",
        frozenset({UNDETERMINED, VIOLATED}),
        is_of("aws_elb"),
        "the oracle does not read Classic Load Balancers",
    ),
    Reason(
        "golden",
        "EXP-04.1",
        "not applicable",
        frozenset({SATISFIED}),
        has("aws_elb"),
        "the oracle does not read Classic Load Balancers",
    ),
    Reason(
        "golden",
        "IDN-01.2",
        VIOLATED,
        frozenset({SATISFIED, UNDETERMINED}),
        with_value("aws_iam_role", "inline_policy", bool),
        "read back of a policy that the plan writes again",
    ),
)


def recorded() -> Iterator[Case]:
    """The recorded plans of our own service."""
    yield from (Case(path.stem, path.read_bytes()) for path in sorted(PLANS.glob("*.json")))


def golden() -> Iterator[Case]:
    """Every golden plan, also those that were made for other requirements."""
    yield from (Case(each.name, each.data) for each in recipes.every())


def corpus() -> Iterator[Case]:
    """Plans of other people."""
    yield from (Case(path.name, path.read_bytes()) for path in files("plans"))


class Question(NamedTuple):
    """A scenario of two steps: what it examines, and what it asks of it."""

    when: str
    form: str
    blanks: Mapping[str, object]


@cache
def questions() -> dict[str, Question]:
    """The scenarios that are written twice, by their numbers."""
    found = {}
    for each in features.read((bundle.FEATURES,), POLICIES.frameworks):
        if each.number in ORACLES:
            when, then = (step for step in each.steps if step.kind in ("Action", "Outcome"))
            (phrase,) = registry.meanings(then.kind, then.text)
            found[each.number] = Question(when.text, phrase.text, phrase.blanks)
    return found


def verdicts_of(case: Case) -> dict[str, tuple[str, Verdicts]]:
    """What planspec says of a plan: of each scenario the verdict, and what is not satisfied.

    Without a pytest of its own, which takes longer than all the judging.
    """
    plan = decode(case.data, "the plan")
    notice(plan)
    run = RunContext(plan=plan, policies=POLICIES, today=DAY)
    said = {}
    for number, (when, form, blanks) in questions().items():
        judged = vocabulary.judged(vocabulary.selected(when, run.plan, run), run, form, **blanks)
        by_address: dict[str, list[str]] = {}
        for each in judged.findings:
            by_address.setdefault(each.address, []).append(str(each.verdict))
        found = {address: worst(each) for address, each in by_address.items()}
        said[number] = (str(judged.verdict), found)
    return said


def differences(plan: Plan, said: dict[str, tuple[str, Verdicts]]) -> Iterator[Difference]:
    """What is not satisfied by one of both; where that agrees, the verdict of the whole."""
    for number, (verdict, theirs) in said.items():
        ours = ORACLES[number](plan)
        addresses = sorted({*theirs, *(address for address, each in ours.items() if each != SATISFIED)})
        different = [
            Difference(number, address, ours.get(address, "-"), theirs.get(address, SATISFIED))
            for address in addresses
            if ours.get(address) != theirs.get(address, SATISFIED)
        ]
        yield from different
        whole = worst(ours.values()) if ours else "not applicable"
        if not different and whole != verdict:
            yield Difference(number, "", whole, verdict)


def reason(plan: Plan, different: Difference) -> int | None:
    """Which of EXPLAINED tells why; None for none of them."""
    resource = next((each for each in plan.managed if each.address == different.address), None)
    for place, each in enumerate(EXPLAINED):
        answers = each.ours == different.ours and different.planspec in each.planspec
        if each.number == different.number and answers and each.shows(plan, resource):
            return place
    return None


def compare(cases: Iterable[Case]) -> tuple[Counter[int], list[tuple[str, Difference]], int]:
    """Judge every plan twice: how often each reason came up, what has none, how many pairs."""
    explained: Counter[int] = Counter()
    unexplained = []
    refused = []
    compared = 0
    for case in cases:
        try:
            said = verdicts_of(case)
        except PlanError as error:
            refused.append(str(error))
            continue
        plan = Plan(json.loads(case.data))
        compared += len(said)
        for each in differences(plan, said):
            place = reason(plan, each)
            if place is None:
                unexplained.append((case.name, each))
            else:
                explained[place] += 1
    assert [each for each in refused if not any(words in each for words in REFUSED)] == []
    return explained, unexplained, compared


@pytest.mark.parametrize(
    ("origin", "cases", "at_least"),
    [
        ("recorded", recorded, 9),
        ("golden", golden, 1_500),
        pytest.param(
            "corpus",
            corpus,
            180,
            marks=pytest.mark.skipif(CORPUS is None, reason="corpus: not beside the checkout"),
        ),
    ],
    ids=["recorded", "golden", "corpus"],
)
def test_every_difference_is_explained(
    origin: str, cases: Callable[[], Iterator[Case]], at_least: int
) -> None:
    explained, unexplained, compared = compare(cases())
    assert unexplained == []
    unused = [
        each for place, each in enumerate(EXPLAINED) if each.among == origin and not explained[place]
    ]
    assert unused == [], "both say the same by now: delete this reason"
    assert compared >= at_least * len(ORACLES)


def spoiled(raw: Any, address: str, **values: Any) -> Any:
    """The plan with other values of one resource."""
    (change,) = (each["change"] for each in raw["resource_changes"] if each["address"] == address)
    change["after"] |= values
    return raw


def test_a_difference_is_found() -> None:
    raw = json.loads((PLANS / "corrected.json").read_bytes())
    said = verdicts_of(Case("corrected", json.dumps(raw).encode()))
    assert list(differences(Plan(raw), said)) == []
    other = Plan(spoiled(raw, "aws_db_instance.main", deletion_protection=False))
    assert list(differences(other, said)) == [
        Difference("DUR-02.1", "aws_db_instance.main", VIOLATED, SATISFIED)
    ]


def test_twenty_requirements_are_written_twice() -> None:
    assert len(ORACLES) >= 20
    assert {each.number for each in EXPLAINED} <= ORACLES.keys()
