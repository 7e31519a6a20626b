"""Does any secret of a plan get out: on the console, as JSON, or in an error?

A plan file holds everything in clear. Planted here is one text in every place that Terraform marks,
or that only its name gives away, in a plan that violates nearly every requirement.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from tests.support.plans import (
    Sensitive,
    block,
    configuration,
    constant,
    document,
    encode,
    follow_changes,
    resource,
)

PLANS = Path(__file__).parents[2] / "plans"
PLANTED = "planted-secret-5d41"
ENVIRONMENT = [{"name": "DB_PASSWORD", "value": PLANTED}, {"name": "MODE", "value": PLANTED}]
INSIDE = ("", "[*]", ".*", "[*].*", "[*].environment[*].value", "[*].*.*")
DEMANDS = """
  Scenario: Every {path} is named
    When we examine every planned "aws_thing"
    Then every "{path}" must be "something else"

  Scenario: Some {path} matches
    When we examine every planned "aws_thing"
    Then some "{path}" must match "something else"

  Scenario: Each {path} refers
    When we examine every planned "aws_thing"
    Then its "{path}" must refer to a "aws_kms_key"
"""


def inherited() -> dict[str, Any]:
    """The plan of the service as it was found, which violates nearly every requirement."""
    found: dict[str, Any] = json.loads((PLANS / "inherited.json").read_text(encoding="utf-8"))
    return found


def said(plan: dict[str, Any], folder: Path, *options: str) -> str:
    """Everything that the command line says about a plan, and what it writes."""
    path = folder / "plan.json"
    path.write_bytes(encode(plan))
    written = folder / "evidence.json"
    arguments = ["check", "--no-checkov", "-v", "-o", "console", "-o", f"json={written}", *options]
    result = CliRunner().invoke(main, [*arguments, str(path)])
    assert result.exit_code == 1, result.output
    return result.output + written.read_text(encoding="utf-8")


def marked(values: dict[str, Any]) -> dict[str, Any]:
    """Replace every text by the secret, and keep the shape."""

    def hidden(tree: Any) -> Any:
        match tree:
            case str():
                return PLANTED
            case dict():
                return {name: hidden(part) for name, part in tree.items()}
            case list():
                return [hidden(part) for part in tree]
            case _:
                return tree

    return {name: hidden(value) for name, value in values.items()}


def test_no_marked_value_gets_out_though_every_value_is_marked(tmp_path: Path) -> None:
    plan = inherited()
    for entry in plan["resource_changes"]:
        if isinstance(entry["change"]["after"], dict):
            entry["change"] |= {
                "after": marked(entry["change"]["after"]),
                "after_sensitive": True,
                "before": entry["change"]["before"] and marked(entry["change"]["before"]),
                "before_sensitive": True,
            }
    assert PLANTED not in said(follow_changes(plan), tmp_path)


def test_no_variable_output_state_or_literal_gets_out(tmp_path: Path) -> None:
    plan = inherited()
    plan["variables"] = {name: {"value": PLANTED} for name in plan["variables"]}
    plan["output_changes"] = {"o": {"actions": ["create"], "before": None, "after": PLANTED}}
    plan["planned_values"] = {"outputs": {"o": {"sensitive": True, "value": PLANTED}}}
    plan["resource_drift"] = plan["resource_changes"][:1]
    plan["checks"] = [{"status": "fail", "instances": [{"problems": [{"message": PLANTED}]}]}]
    for provider in plan["configuration"]["provider_config"].values():
        provider["expressions"] = {"secret_key": constant(PLANTED)}
    for written in plan["configuration"]["root_module"]["resources"]:
        for name, expression in written["expressions"].items():
            if isinstance(expression, dict) and "constant_value" in expression:
                written["expressions"][name] = constant(PLANTED)
    assert PLANTED not in said(plan, tmp_path)


def test_no_environment_value_of_a_container_gets_out(tmp_path: Path) -> None:
    plan = inherited()
    changed = 0
    for entry in plan["resource_changes"]:
        if entry["type"] == "aws_ecs_task_definition":
            containers = json.dumps([{"name": "api", "image": "x:latest", "environment": ENVIRONMENT}])
            entry["change"]["after"]["container_definitions"] = containers
            entry["change"]["after_unknown"].pop("container_definitions", None)
            changed += 1
    assert changed
    assert PLANTED not in said(follow_changes(plan), tmp_path)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("the key ASIAIOSFODNN7EXAMPLE of the old account", "ASIAIOSFODNN7EXAMPLE"),
        (f"-----BEGIN RSA PRIVATE KEY-----\n{PLANTED.replace('-', '+')}\n", PLANTED.replace("-", "+")),
        (f"postgres://u:{PLANTED}@h/db", PLANTED),
    ],
)
def test_what_looks_like_a_key_is_hidden_wherever_it_stands_again(
    text: str, secret: str, tmp_path: Path
) -> None:
    plan = inherited()
    (bucket,) = [each for each in plan["resource_changes"] if each["type"] == "aws_s3_bucket"]
    bucket["change"]["after"]["tags"] = {"Note": text}
    # A key of for_each: no value of the plan, and so hidden by nothing but this.
    bucket |= {"address": f'aws_s3_bucket.b["{secret}"]', "index": secret}
    assert secret not in said(follow_changes(plan), tmp_path)


SECRETS: dict[str, Any] = {
    "marked": Sensitive(PLANTED),
    "marked_list": [Sensitive(PLANTED), "x"],
    "marked_set": Sensitive([PLANTED]),
    "marked_block": [{"a": Sensitive(PLANTED)}],
    "marked_document": Sensitive(json.dumps({"a": [PLANTED]})),
    "tags": {"Token": Sensitive(PLANTED)},
    "tags_all": {"Token": PLANTED},
    "password": PLANTED,
    "settings": [{"auth_token": PLANTED}],
    "document": json.dumps({"password": PLANTED}),
    "container_definitions": json.dumps([{"name": "api", "environment": ENVIRONMENT}]),
    "environment": [{"variables": {"MODE": PLANTED}}],
}


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_gets_out_whatever_is_asked_of_it(name: str, tmp_path: Path) -> None:
    kind, features = "aws_thing", tmp_path / "own.feature"
    demands = [DEMANDS.format(path=f"{name}{inside}") for inside in INSIDE]
    features.write_text("\n".join(["Feature: Everything is asked", *demands]), encoding="utf-8")
    plan = document(
        resource(kind, "x", actions=["update"], before=SECRETS, **SECRETS),
        resource("aws_kms_key", "k"),
        configuration=configuration(block(kind, "x", password=constant(PLANTED))),
    )
    assert PLANTED not in said(plan, tmp_path, "--features", str(features))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"format_version"', b'{"password":"planted-secret-5d41","format_version":2,"x"'),
        (b'"actions":["update"]', b'"actions":"planted-secret-5d41"'),
        (b'"mode":"managed"', b'"mode":["planted-secret-5d41"]'),
        (b'"name":"x"', b'"name":{"planted-secret-5d41":1}'),
        (b'{"format_version"', b'{"a":planted-secret-5d41,"format_version"'),
        (b'{"format_version"', b'planted-secret-5d41\n{"format_version"'),
        (b'"format_version":"1.2"', b'"version":"planted-secret-5d41"'),
    ],
    ids=["wrong version", "wrong actions", "wrong mode", "wrong name", "no JSON", "log", "no version"],
)
def test_no_secret_gets_out_in_an_error(old: bytes, new: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    text = encode(document(resource("aws_thing", "x", actions=["update"], password=PLANTED)))
    assert old in text
    path.write_bytes(text.replace(old, new))
    result = CliRunner().invoke(main, ["check", "--no-checkov", str(path)])
    assert result.exit_code == 2
    assert PLANTED not in result.output
