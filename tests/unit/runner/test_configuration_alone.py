"""Is a feature about the configuration alone enough for a run, and no cover for resources not found?"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from tests.support.plans import document, resource

ROOT = Path(__file__).parents[3]
CORRECTED = ROOT / "plans" / "corrected.json"
VARIABLE = [
    "When we examine every input variable of the configuration",
    'And we keep those whose "name" is "region"',
    'Then every "value" must be "eu-west-1"',
]
NOTHING = ['When we examine every planned "aws_nat_gateway"', 'Then every "id" must be set']
OUTPUTS = ["When we examine every output value of the configuration", 'Then every "value" must be set']


def check(folder: Path, region: str, *scenarios: list[str]) -> Result:
    """Judge a plan with this region by these scenarios."""
    plan, feature = folder / "plan.json", folder / "asked.feature"
    plan.write_text(
        json.dumps(
            document(
                resource("aws_vpc", "v", cidr_block="10.0.0.0/16"),
                variables={"region": {"value": region}},
                configuration={"root_module": {"variables": {"region": {}}}},
            )
        )
    )
    lines = ["Feature: f"]
    for number, steps in enumerate(scenarios):
        given = "Given the Terraform plan"
        lines += [f"  Scenario: {number}", *(f"    {each}" for each in (given, *steps))]
    feature.write_text("\n".join(lines))
    return CliRunner().invoke(main, ["check", str(plan), "--no-checkov", "--features", str(feature)])


@pytest.mark.parametrize(
    ("region", "scenarios", "code"),
    [
        pytest.param("eu-west-1", [VARIABLE], 0, id="satisfied"),
        pytest.param("us-east-1", [VARIABLE], 1, id="violated"),
        pytest.param("eu-west-1", [VARIABLE, OUTPUTS], 0, id="beside a part that the plan lacks"),
        pytest.param("us-east-1", [VARIABLE, NOTHING], 1, id="violated beside no resource"),
        pytest.param("eu-west-1", [VARIABLE, NOTHING], 2, id="satisfied beside no resource"),
        pytest.param("eu-west-1", [OUTPUTS], 2, id="nothing at all"),
        pytest.param("eu-west-1", [NOTHING], 2, id="no resource"),
    ],
)
def test_the_configuration_is_enough_where_nothing_else_is_asked(
    tmp_path: Path, region: str, scenarios: list[list[str]], code: int
) -> None:
    result = check(tmp_path, region, *scenarios)
    assert result.exit_code == code, result.output


@pytest.mark.parametrize("rule", ["@SEC-03", "@CHG-06", "@CHG-07"])
def test_our_own_requirements_of_the_configuration_are_judged_alone(rule: str) -> None:
    result = CliRunner().invoke(main, ["check", str(CORRECTED), "--no-checkov", "--tags", rule])
    assert result.exit_code in (0, 1), result.output
