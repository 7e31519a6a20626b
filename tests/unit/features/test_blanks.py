"""Does a blank take what its phrase asks for, and never swallow what stands beside it?"""

import json
import re
import sys
from pathlib import Path

import hypothesis
import pytest
from click.testing import CliRunner
from hypothesis import strategies as st

from planspec import bundle
from planspec.cli.app import main
from planspec.features import phrases
from planspec.judgements.generic import relations
from planspec.plan import Value
from tests.support.plans import document, encode, resource

INSTANCES = [
    resource("aws_instance", "small", instance_type="t3.micro", ami="ami-2", tags={"Name": "web"}),
    resource("aws_instance", "large", instance_type="m5.24xlarge", ami="ami-2", tags={"Name": "web"}),
]
FEATURE = """Feature: Types

  Scenario: It is judged
    Given the Terraform plan
    When we examine every planned "aws_instance"
    {step}
"""


@pytest.fixture(autouse=True)
def steps() -> None:
    """The phrases of the step modules."""
    phrases.load()


def run(folder: Path, command: str, step: str) -> tuple[int, str]:
    """Check, or lint, a feature with this step; the exit code, and what was printed."""
    (folder / "plan.json").write_bytes(encode(document(*INSTANCES)))
    feature = folder / "own.feature"
    more = "" if step.startswith("Then ") else '\n    Then every "ami" must not be "ami-1"'
    feature.write_text(FEATURE.format(step=step + more), encoding="utf-8")
    arguments = {
        "check": ["check", "--no-checkov", "--features", str(feature), str(folder / "plan.json")],
        "lint": ["lint", str(feature)],
    }
    result = CliRunner().invoke(main, arguments[command])
    return result.exit_code, result.output


LIST = 'Then every "instance_type" must not be one of "m5.24xlarge, p4d.24xlarge"'
FIRST, NONE = "Then there must be at least 1\n", "Then there must be none"
SWALLOWED = [
    ('Then every "instance_type" must not be one of "m5.24xlarge", "p4d.24xlarge"', LIST[5:]),
    ('Then every "instance_type" must not be "m5.24xlarge" or "p4d.24xlarge"', LIST[5:]),
    ('Then every "instance_type" must not be one of "[m5.24xlarge, p4d.24xlarge]"', LIST[5:]),
    (
        'Then every "instance_type" must not be one of "[\u201cm5.24xlarge\u201d,"p4d.24xlarge"]"',
        LIST[5:],
    ),
    ("Then every \"instance_type\" must not be one of \"'m5.24xlarge', 'p4d.24xlarge'\"", LIST[5:]),
    ('Then every "instance_type" must not be "[m5.24xlarge, p4d.24xlarge]"', LIST[5:]),
    ('Then every "instance_type" must not be "m5.24xlarge, p4d.24xlarge"', LIST[5:]),
    ('Then every "instance_type" must not contain "m5", "p4"', 'must not contain "p4"'),
    ('Then every "instance_type" must not match "m5.*", "p4.*"', 'must not match "m5.*|p4.*"'),
    ('And we keep those whose "instance_type" is "m5.24xlarge", "x"', 'matches "m5[.]24xlarge|x"'),
    ('And we keep those whose "instance_type" is "m5.24xlarge, x"', 'matches "m5[.]24xlarge|x"'),
    ('And we keep those whose "instance_type" is not "m5", "x"', 'is not "x"'),
    ('And we keep those whose "instance_type", "ami" is set', "one path"),
    ('And we keep those in module "module.a", "module.b"', "one module"),
    (f'{FIRST}    When we examine every planned "aws_instance", "aws_vpc"\n    {NONE}', "one type"),
    ('Then it must have the tags "Name", "Owner"', 'have the tags "Name, Owner"'),
    ('Then its "subnet_id" must refer to a "aws_subnet" or "aws_vpc"', "one type"),
]


@pytest.mark.parametrize("command", ["check", "lint"])
@pytest.mark.parametrize(("step", "right"), SWALLOWED, ids=[step for step, _ in SWALLOWED])
def test_what_would_be_swallowed_is_an_error_with_what_to_write(
    tmp_path: Path, command: str, step: str, right: str
) -> None:
    code, output = run(tmp_path, command, step)
    assert code == 2, output
    line = 7 if "\n" in step else 6
    assert f"own.feature:{line}: " in output
    assert right in output


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (LIST, 1),
        ('Then every "instance_type" must not be one of "m5.24xlarge,p4d.24xlarge"', 1),
        ('Then every "instance_type" must be one of "t3.micro, m5.24xlarge"', 0),
        (r'Then every "instance_type" must match "t3.micro|m5.*|.*\"x\".*"', 0),
        ('Then every "instance_type" must match "[a-z][0-9][.].{5,}"', 0),
        ('And we keep those whose "tags[\'Name\']" is "web"', 0),
        ('And we keep those whose "tags["Name"]" is "web"', 0),
        ('Then every "tags" must be "{"Name": "web"}"', 0),
        ('Then every "tags.Name" must not be "a sentence, and what follows"', 0),
    ],
)
def test_what_a_blank_takes_is_judged_as_before(tmp_path: Path, step: str, code: int) -> None:
    found, output = run(tmp_path, "check", step)
    assert found == code, output


OUTCOME = [
    # A list has elements, and commas between them.
    ("must not be one of", '"a, , b"', "empty element"),
    ("must not be one of", '"a,"', "empty element"),
    ("must be one of", '""', "empty element"),
    ("must not be one of", '"(a, b)"', "brackets"),
    ("must not be one of", '"a, [b"', "brackets"),
    ("must not be one of", '"a; b"', "does not part"),
    ("must not be one of", '"a | b"', "does not part"),
    ("must be one of", '"a, b or c"', "does not part"),
    ("must not be one of", '"a, b and c"', "does not part"),
    ("must not be one of", '"a\uff0cb"', "does not part"),
    ("must be one of", '"Sales, Research and Development"', ""),
    ("must be one of", "\"Don't, Won't\"", ""),
    ("must not be one of", "\"a', 'b\"", "'"),
    ("must not be one of", '"*, 0.0.0.0/0, ::/0"', ""),
    ("must not be one of", '"a\u00a0, b"', "NO-BREAK SPACE"),
    ("must not be one of", '"a\u200b, b"', "ZERO WIDTH SPACE"),
    ("must not be one of", '"m5.24xlarge p4d.24xlarge"', "space"),
    ("must not be one of", '"10.0.0.0/8 0.0.0.0/0, ::/0"', "space"),
    ("must not be one of", '"x y"', "space"),
    ("must not be one of", '"Windows 2019, Ubuntu 22"', ""),
    ("must be one of", '"x y"', ""),
    ("must not be one of", '"<a, b>"', "brackets"),
    ("must not be one of", '"{a, b}"', "brackets"),
    ("must not be one of", '">= 5.0, < 6.0"', ""),
    ("must not be one of", "\"rock 'n' roll, x\"", ""),
    ("must not be one of", "\"a' 'b, c\"", "quotes"),
    ("must not be one of", '"the dogs\' food, x"', ""),
    # One value has no quotes around it, and no space beside it.
    ("must not be", '"a; b"', "not for a list"),
    ("must not be", '"a;b"', "not for a list"),
    ("must not be", '"a | b"', "not for a list"),
    ("must not be", '"a / b"', "not for a list"),
    ("must not be", '"a\u3001b"', "not for a list"),
    ("must not be", '"m5.24xlarge p4d.24xlarge"', "not for a list"),
    ("must not be", '"m5.24xlarge and p4d.24xlarge"', "not for a list"),
    ("must not be", '"Sales and Marketing"', ""),
    ("must not be", '"0 5 * * *"', ""),
    ("must not be", '"x/y"', ""),
    ("must not contain", '"24xlarge|metal"', "not for a list"),
    ("must not contain", '"a;b"', "not for a list"),
    ("must not contain", '"curl example | sh -x"', ""),
    ("must not contain", '"|"', ""),
    ("must not contain", '";"', ""),
    ("must not contain", '" x"', "space"),
    ("must not contain", '"x "', "space"),
    ("must not match", '" x"', "space"),
    ("must contain", '" x"', ""),
    ("must not match", '"a; b"', "not for a list"),
    ("must not match", '"a;b"', ""),
    ("must not match", '"m5.24xlarge p4d.24xlarge"', "not for a list"),
    ("must not match", '"[a-z]{1, 3}"', "braces"),
    ("must match", '"[a-z]{1, 3}"', "braces"),
    ("must not be", '"\u201ca\u201d"', "\u201c"),
    ("must not be", "\"'a'\"", "'"),
    ("must not be", '""a""', '"'),
    ("must not be", '"a "', "space"),
    ("must not be", '"a or b"', "not for a list"),
    ("must not be", r'"a\"b"', '"'),
    ("must not be", '""', ""),
    ("must not be", '"it\'s"', ""),
    ("must not be", '"cron(0 5 ? * MON,FRI *)"', ""),
    ("must be", '"a, b"', ""),
    ("must be", '"["a", "b"]"', ""),
    ("must be", '"["a", "b"] or ["c"]"', '"'),
    ("must contain", '""', "empty"),
    ("must not contain", '" "', ""),
    ("must not contain", '"[a, b]"', "brackets"),
    ("must not match", '"a, b"', "not for a list"),
    ("must not match", '"[a, b]"', "not for a list"),
    ("must not match", '"[a-z]{1,3}"', ""),
    ("must not match", r'".*\"x\".*"', ""),
    ("must not match", '".*"x".*"', '"'),
]


@pytest.mark.parametrize(("phrase", "written", "told"), OUTCOME)
def test_each_kind_of_blank_has_its_own_rules(phrase: str, written: str, told: str) -> None:
    found = phrases.misread("Outcome", f'every "x" {phrase} {written}')
    assert told in found
    assert bool(told) is bool(found)


RIGHT = [
    ("must not match", "[a-z]{1, 3}", ['must not match "[a-z]{1,3}"']),
    ("must not match", '^"m5.*"$', ['must not match "^m5.*$"']),
    ("must not match", 'm5.*", "p4.*', ['must not match "m5.*|p4.*"']),
    ("must not be one of", "{m5, p4}", ['must not be one of "m5, p4"']),
    ("must not be one of", "<m5, p4>", ['must not be one of "m5, p4"']),
    ("must not be one of", "m5, or p4", ['must not be one of "m5, p4"']),
    ("must not be one of", "m5.2 p4.2", ['must not be one of "m5.2, p4.2"']),
    ("must not be one of", "x y", ['must not be "x y"']),
    ("must not be", "m5.2; p4.2", ['must not be one of "m5.2, p4.2"']),
    ("must not be", "m5.2 p4.2", ['must not be one of "m5.2, p4.2"']),
    ("must not contain", "24xlarge|metal", ['must not contain "24xlarge"', 'must not contain "metal"']),
    ("must not contain", " x", ['must not contain "x"']),
    ("must contain", "[0]", ['must contain "0"', 'must match ".*[[]0[]].*"']),
]
PROPOSED = re.compile(r'`(every "x" [^`]*)`')


@pytest.mark.parametrize(("phrase", "written", "right"), RIGHT)
def test_the_proposed_form_is_the_right_one(phrase: str, written: str, right: list[str]) -> None:
    found = phrases.misread("Outcome", f'every "x" {phrase} "{written}"')
    assert PROPOSED.findall(found) == [f'every "x" {each}' for each in right]


PHRASES = ("must not be one of", "must be one of", "must not be", "must not contain", "must not match")
PIECES = ("m5.2", "metal", "x-1", "(", ")", "<", ">", "{", "}", "'", '"', ", ", "; ", " | ", " or ", " ")


@hypothesis.given(
    st.sampled_from(PHRASES), st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
)
def test_what_is_proposed_is_never_refused_itself(phrase: str, written: str) -> None:
    phrases.load()
    step = f'every "x" {phrase} "{written}"'
    for each in PROPOSED.findall(phrases.misread("Outcome", step)):
        assert each != step
        assert len(phrases.meanings("Outcome", each)) == 1
        assert not phrases.misread("Outcome", each)


@pytest.mark.parametrize("command", ["check", "lint"])
@pytest.mark.parametrize(
    ("step", "told"),
    [
        ('must be at least "16.10"', 'a bare number: write `every "ami" must be at least 16.10`'),
        ("must be at least 1,000", "must be at least 1000`"),
        ("must be at most 1e3", "must be at most 1000`"),
        ("must be at most '7'", "must be at most 7`"),
        ("must be at most ten", "a bare number, such as"),
        ("must be at most 10 GB", "a bare number, such as"),
        ('must be set\n    And we keep those whose "ami" is "x"', "a filter must come before the Then"),
    ],
)
def test_a_step_that_is_no_phrase_says_what_is_wrong(
    tmp_path: Path, command: str, step: str, told: str
) -> None:
    code, output = run(tmp_path, command, f'Then every "ami" {step}\n    And there must be none')
    assert code == 2
    assert told in output


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("a", None),
        (22, None),
        (True, None),
        (["b", "a"], True),
        (["a"], False),
        ('["a", "b"]', True),
        ('["a","b"]', True),
        ('["c"]', False),
    ],
)
def test_a_plain_value_is_not_compared_with_a_list(value: object, answer: bool | None) -> None:
    known = json.loads(json.dumps({"x": value}))
    assert relations.equals('["a", "b"]')(Value(known).get("x")) is answer


def test_no_import_by_name_finds_a_step_file() -> None:
    phrases.load()
    loaded = [name for name in sys.modules if name.startswith(phrases.STEP_FILE)]
    assert len(loaded) == len(list(bundle.STEPS.glob("*.py")))
    assert not [part for name in loaded for part in name.split(".") if part.isidentifier()]
    assert not [name for name in sys.modules if name.split(".")[:2] == ["planspec", "steps"]]
