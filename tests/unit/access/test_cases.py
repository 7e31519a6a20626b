"""Does the engine give the right answer, and evidence that reads well?"""

import itertools
import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from planspec.access import (
    Answer,
    Outcome,
    Policy,
    Request,
    Unknown,
    Unreadable,
    acting_for_strangers,
    compare,
    describe,
    evaluate,
    public,
    read_policy,
)
from tests.support.access_trials import check, pair

CASES: Final[Mapping[str, Sequence[Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases.toml").read_text(encoding="utf-8")
)
_LINE: Final = re.compile(
    r"(?P<effect>allow|deny) (?P<actions>.+?)(?: on (?P<resources>.+?))?(?: by (?P<who>.+?))?"
    r"(?: if (?P<conditions>.+))?"
)


_COUNT: Final = itertools.count()


def _numbers(_: object) -> str:
    return str(next(_COUNT))


def _values(text: str) -> list[Any]:
    return [Unknown() if each == "UNKNOWN" else each for each in text.split(", ")]


def _listed(element: str, text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    rest = text.removeprefix("not ")
    return {element if rest == text else f"Not{element}": _values(rest)}


def _statement(line: str) -> Any:
    if line == "UNKNOWN":
        return Unknown()
    read = _LINE.fullmatch(line)
    assert read, line
    made = {"Effect": read["effect"].title(), **_listed("Action", read["actions"])}
    made |= _listed("Resource", read["resources"])
    for element, listed in _listed("Principal", read["who"]).items():
        kinds: dict[str, list[Any]] = {}
        for each in listed:
            kind, _, who = each.partition("=")
            kinds.setdefault(kind, []).append(Unknown() if who == "UNKNOWN" else who)
        made[element] = "*" if "*" in kinds else kinds
    block: dict[str, dict[str, Any]] = {}
    for each in (read["conditions"] or "").split(" and ") if read["conditions"] else ():
        operator, key, values = each.split(" ", 2)
        block.setdefault(operator, {})[key] = _values(values)
    return {**made, "Condition": block} if block else made


def policy(lines: Sequence[str]) -> Policy:
    """Read the lines of a case as one policy."""
    version = "2012-10-17"
    stated = list(lines)
    if stated and stated[0].startswith("version "):
        version = stated.pop(0).removeprefix("version ")
    if stated and stated[0].startswith("UNKNOWN arn"):
        read = read_policy(Unknown(stated[0]))
    else:
        read = read_policy({"Version": version, "Statement": [_statement(each) for each in stated]})
    assert isinstance(read, Policy), read
    return read


@pytest.mark.parametrize("case", CASES["pair"], ids=_numbers)
def test_it_tells_whether_policies_allow_more(case: Mapping[str, Any]) -> None:
    layers = {
        f"layers_{side}": [[policy(case[f"boundary_{side}"])]]
        for side in ("before", "after")
        if f"boundary_{side}" in case
    }
    answer = compare([policy(case["before"])], [policy(case["after"])], **layers)
    assert answer.outcome.value == case["answer"], describe(answer)


@pytest.mark.parametrize("case", CASES["policy"], ids=_numbers)
def test_it_tells_whether_a_stranger_may(case: Mapping[str, Any]) -> None:
    answer = public([policy(case["statements"])])
    assert answer.outcome.value == case["answer"], describe(answer)


@pytest.mark.parametrize("case", CASES["service"], ids=_numbers)
def test_it_tells_whether_a_service_acts_for_strangers(case: Mapping[str, Any]) -> None:
    answer = acting_for_strangers([policy(case["statements"])])
    assert answer.outcome.value == case["answer"], describe(answer)


def test_random_policies_get_the_answer_that_trying_every_request_gives() -> None:
    pick = random.Random(20261201)  # noqa: S311 - the same policies every time
    wrong = [result for _ in range(200) if (result := check(pair(pick))).wrong]
    assert not wrong


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            ["allow s3:GetObject on arn:aws:s3:::images/* by AWS=arn:aws:iam::111111111111:role/api"],
            ["allow s3:GetObject on arn:aws:s3:::images/* by *"],
            "anybody may s3:GetObject on arn:aws:s3:::images/a",
        ),
        (
            ["allow s3:Get* on *"],
            ["allow s3:Get*, kms:* on *"],
            "its holder may kms:Decrypt on any resource",
        ),
        (
            [],
            ["allow sns:Publish on * by Service=s3.amazonaws.com if StringEquals aws:SourceAccount 1"],
            "the service s3.amazonaws.com may sns:Publish on any resource with aws:SourceAccount 1",
        ),
        (
            [],
            ["allow sts:AssumeRole by AWS=arn:aws:sts::111111111111:assumed-role/api/one"],
            "role api of account 111111111111 in session one may sts:AssumeRole",
        ),
    ],
)
def test_the_evidence_names_who_may_do_what(
    before: Sequence[str], after: Sequence[str], words: str
) -> None:
    assert describe(compare([policy(before)], [policy(after)])) == words


def test_the_evidence_names_the_document_and_the_statement() -> None:
    new = {
        "Version": "2012-10-17",
        "Statement": [_statement("allow s3:* on *"), _statement("allow kms:* on *")],
    }
    old, read = read_policy(None), read_policy(new, "aws_iam_policy.app")
    assert isinstance(old, Policy)
    assert isinstance(read, Policy)
    answer = compare([policy(["allow s3:* on *"])], [old, read])
    assert (answer.document, answer.statement) == ("aws_iam_policy.app", 1)


def test_what_could_not_be_decided_is_named() -> None:
    answer = compare([policy([])], [policy(["allow s3:GetObject on UNKNOWN"])])
    assert answer == Answer(Outcome.UNDETERMINED, doubts=("Statement[0].Resource",))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "is not JSON"),
        ([], "is not a policy document"),
        ({"Version": "2015-01-01", "Statement": []}, "Version: is '2015-01-01'"),
        ({"Version": "2012-10-17"}, "Statement: is missing"),
        ({"Statement": ["x"]}, "Statement[0]: is not a statement"),
        ({"Statement": [{"Effect": "allow", "Action": "*"}]}, "Statement[0].Effect: is neither"),
        ({"Statement": [{"Effect": "Allow"}]}, "Statement[0]: has neither Action nor NotAction"),
        ({"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}, "has both Action and"),
        ({"Statement": {"Effect": "Allow", "Action": {"a": 1}}}, "Statement[0].Action: holds"),
        ({"Statement": {"Effect": "Allow", "Action": "*", "Actor": "*"}}, "an element 'Actor'"),
        ({"Statement": {"Effect": "Allow", "Action": "*", "Principal": {"Who": "*"}}}, "a kind 'Who'"),
        (
            {"Statement": {"Effect": "Allow", "Action": "*", "Condition": "x"}},
            "Condition: is not an object",
        ),
    ],
)
def test_what_cannot_be_read_says_where(document: object, words: str) -> None:
    read = read_policy(document)
    assert isinstance(read, Unreadable)
    assert words in str(read)


def test_evaluation_takes_open_parts_for_or_against_the_request() -> None:
    request = Request("", "s3:GetObject", "arn:aws:s3:::images/a", {})
    allowed = policy(["allow s3:GetObject on UNKNOWN"])
    denied = policy(["allow s3:GetObject on *", "deny s3:GetObject on UNKNOWN"])
    for each in (allowed, denied):
        assert evaluate([each], request, generous=True)
        assert not evaluate([each], request)


def test_too_many_cases_are_undetermined_soon() -> None:
    letters = "abcdefghijklmnop"
    stars = [f"*{one}*{two}*" for one in letters for two in letters]
    before = policy([f"allow s3:Get* on {each}" for each in stars])
    after = policy(
        [f"allow s3:Get* on not {', '.join(letters)}", *(f"deny s3:* on {each}*z" for each in stars)]
    )
    assert compare([before], [after]).outcome is not Outcome.NOT_MORE


def test_names_of_variables_have_no_case_and_keep_their_brace() -> None:
    def homes(variable: str, action: str = "s3:GetObject") -> Policy:
        resource = f"arn:aws:s3:::homes/${{{variable}}}/*"
        statement = {"Effect": "Allow", "Action": action, "Resource": resource}
        found = read_policy({"Version": "2012-10-17", "Statement": [statement]})
        assert isinstance(found, Policy)
        return found

    assert compare([homes("aws:username")], [homes("AWS:UserName")]).outcome is Outcome.NOT_MORE
    assert (
        compare([homes("aws:username, 'A'")], [homes("aws:username, 'a'")]).outcome
        is not Outcome.NOT_MORE
    )
    named = read_policy(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::homes/b/*",
                 "Condition": {"StringEquals": {"aws:username": "b"}}},
            ],
        }
    )  # fmt: skip
    assert isinstance(named, Policy)
    answer = compare([named], [homes("aws:username")])
    assert answer.outcome is Outcome.UNDETERMINED
    assert answer.doubts == ("arn:aws:s3:::homes/${aws:username}/*",)
