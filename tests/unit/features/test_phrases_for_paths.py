"""Are paths with filters, keys and numbers read as they are meant, and slips of them told?"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from planspec.features import phrases
from tests.support.plans import document, resource

ROOT = Path(__file__).parents[3]
GIVEN = "Given the Terraform plan"
POLICY = json.dumps(
    {"Statement": [{"Effect": "Deny", "Principal": "*"}, {"Effect": "Allow", "Principal": "me"}]}
)
BUCKETS = 'When we examine every planned "aws_s3_bucket_policy"'
RULES = 'When we examine every planned "aws_vpc_security_group_ingress_rule"'


def check(folder: Path, *steps: str, command: str = "check") -> Result:
    """Judge a policy and a rule by one scenario."""
    plan, feature = folder / "plan.json", folder / "asked.feature"
    plan.write_text(
        json.dumps(
            document(
                resource("aws_s3_bucket_policy", "p", policy=POLICY, bucket="b"),
                resource(
                    "aws_vpc_security_group_ingress_rule", "r", from_port=22, cidr_ipv4="0.0.0.0/0"
                ),
                configuration={"root_module": {}},
            )
        )
    )
    feature.write_text(
        "\n  ".join(["Feature: f", "Scenario: s", *(f"  {each}" for each in (GIVEN, *steps))])
    )
    if command == "lint":
        return CliRunner().invoke(main, ["lint", str(feature)])
    return CliRunner().invoke(main, ["check", str(plan), "--no-checkov", "--features", str(feature)])


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (
            [BUCKETS, 'Then every "policy.Statement[?(@.Effect == "Allow")].Principal" must not be "*"'],
            0,
        ),
        (
            [
                BUCKETS,
                'Then every "policy.Statement[?(@.Effect == \'Deny\')].Principal" must not be "*"',
            ],
            1,
        ),
        ([BUCKETS, 'Then every "policy.Statement[?(@.Efect == "Allow")].Principal" must not be "*"'], 1),
        (
            [
                BUCKETS,
                'And we keep those whose "policy.Statement[?(@.Effect == "Deny")].Principal" is "*"',
                'Then every "bucket" must be "c"',
            ],
            1,
        ),
        ([RULES, 'And we keep those whose "from_port" is at most 22', "Then there must be none"], 1),
        ([RULES, 'And we keep those whose "from_port" is at least 23', "Then there must be none"], 0),
    ],
)
def test_a_filter_or_a_number_is_read_as_it_is_meant(
    tmp_path: Path, steps: list[str], code: int
) -> None:
    result = check(tmp_path, *steps)
    assert result.exit_code == code, result.output
    assert check(tmp_path, *steps, command="lint").output == "no problem found\n"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([BUCKETS, 'Then every "bucket" must be b'], 'write `every "bucket" must be "b"`'),
        ([BUCKETS, 'Then every "bucket" must be true'], 'write `every "bucket" must be "true"`'),
        (
            [RULES, 'And we keep those whose "from_port" is at most "22"', "Then there must be none"],
            'write `we keep those whose "from_port" is at most 22`',
        ),
        ([BUCKETS, 'Then every "bucket" must not be "a", "b"'], "would be taken for a part"),
        ([BUCKETS, 'Then every "policy[?(@.a" must be "b"'], "path"),
    ],
)
def test_a_slip_is_told_with_the_right_form(tmp_path: Path, steps: list[str], words: str) -> None:
    result = check(tmp_path, *steps)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_key_in_brackets_may_have_either_quotes() -> None:
    phrases.load()
    for path in ("tags['a.b/c']", 'tags["a.b/c"]'):
        (found,) = phrases.meanings("Outcome", f'every "{path}" must be "x"')
        assert found.blanks["path"] == path
        assert not phrases.misread("Outcome", f'every "{path}" must be "x"')


@pytest.mark.parametrize("page", ["README.md", "docs/writing-requirements.md"])
def test_the_linter_accepts_the_examples_of_our_own_pages(tmp_path: Path, page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    features = [each.partition("```")[0] for each in text.split("```gherkin\n")[1:]]
    lines = [line for line in text.splitlines() if line.startswith("Then ")]
    phrases.load()
    for line in lines:
        assert len(phrases.meanings("Outcome", line.removeprefix("Then "))) == 1
        assert not phrases.misread("Outcome", line.removeprefix("Then "))
    whole = [each for each in features if "Feature:" in each]
    assert whole
    for number, shown in enumerate(whole):
        feature = tmp_path / f"{number}.feature"
        feature.write_text(shown)
        result = CliRunner().invoke(main, ["lint", str(feature)])
        assert result.output == "no problem found\n"
