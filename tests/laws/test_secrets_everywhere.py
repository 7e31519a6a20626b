"""Does a secret get out, wherever in a plan it stands and whatever report is asked for?

Each example plants one secret in one of the places where plans hold them, and again where nobody
marked it. Every format in the registry of reports is made, the evidence too, and all of it is searched.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planspec import Plan, decode, masking
from planspec.cli import app
from planspec.cli.app import main
from planspec.masking import Mask, matters
from planspec.reports import FORMATS
from planspec.runner.redaction import secrets
from tests.support.plans import (
    Sensitive,
    block,
    call,
    configuration,
    constant,
    document,
    encode,
    module,
    resource,
)

KIND = "aws_db_instance"
FEATURE = """Feature: Everything is asked

  Scenario: The copies are asked for
    When we examine every planned "aws_db_instance"
    Then every "identifier" must be "x"

  Scenario: So is the place itself
    When we examine every planned "aws_db_instance"
    Then every "{path}" must be "x"

  Scenario: And each part of a copy
    When we examine every planned "aws_ssm_parameter"
    Then every "description" must match "x"
"""
Document = dict[str, Any]
Planted = Callable[[str], Document]


def attributes(**given: Any) -> Document:
    """A plan with these values in a database, and room for copies."""
    database = resource(KIND, "d", actions=["update"], before=given, **given)
    return document(database, resource("aws_ssm_parameter", "p", description="x"))


def written(**sections: Any) -> Document:
    """The same plan with other sections."""
    return attributes(identifier="x") | sections


def environment(secret: str) -> str:
    variables = [{"name": "DB_PASSWORD", "value": secret}, {"name": "MODE", "value": "x"}]
    return json.dumps([{"name": "api", "environment": variables}])


def output(secret: str, **marks: Any) -> Document:
    return {"actions": ["create"], "before": None, "after": secret, "after_unknown": False, **marks}


PLACES: dict[str, tuple[str, Planted]] = {
    "marked": ("name", lambda s: attributes(name=Sensitive(s))),
    "marked list": ("names[*]", lambda s: attributes(names=["x", Sensitive(s)])),
    "marked set": ("names", lambda s: attributes(names=Sensitive([s, "x"]))),
    "marked block": ("rule[*].text", lambda s: attributes(rule=[{"text": Sensitive(s)}])),
    "marked ancestor": ("rule", lambda s: attributes(rule=Sensitive([{"deep": {"er": s}}]))),
    "marked document": ("policy", lambda s: attributes(policy=Sensitive(json.dumps({"a": [s]})))),
    "copied tags": (
        "tags_all.Token",
        lambda s: attributes(tags={"Token": Sensitive(s)}, tags_all={"Token": s}),
    ),
    "password": ("password", lambda s: attributes(password=s)),
    "write-only password": ("password_wo", lambda s: attributes(password_wo=s)),
    "user data": ("user_data", lambda s: attributes(user_data=f"#!/bin/sh\nexport X={s}\n{s}")),
    "secret string": ("secret_string", lambda s: attributes(secret_string=json.dumps({"password": s}))),
    "URL": ("url", lambda s: attributes(url=f"postgres://me:{s}@db.example.com/x")),
    "connection string": ("text", lambda s: attributes(text=f"Server=db;Password={s};Timeout=3")),
    "container": (
        "container_definitions",
        lambda s: attributes(container_definitions=environment(s)),
    ),
    "function": (
        "environment[*].variables",
        lambda s: attributes(environment=[{"variables": {"API_TOKEN": s}}]),
    ),
    "variable": (
        "identifier",
        lambda s: written(
            variables={"pin": {"value": s}},
            configuration={"root_module": {"variables": {"pin": {"sensitive": True}}}},
        ),
    ),
    "variable by name": ("identifier", lambda s: written(variables={"db_password": {"value": s}})),
    "default": (
        "identifier",
        lambda s: written(
            configuration={"root_module": {"variables": {"pin": {"sensitive": True, "default": s}}}}
        ),
    ),
    "output": (
        "identifier",
        lambda s: written(output_changes={"o": output(s, before_sensitive=True, after_sensitive=True)}),
    ),
    "provider": (
        "identifier",
        lambda s: written(
            configuration=configuration(
                provider_config={"aws": {"name": "aws", "expressions": {"secret_key": constant(s)}}}
            )
        ),
    ),
    "literal": (
        "identifier",
        lambda s: written(
            configuration=configuration(block(KIND, "d", identifier=constant("x"), password=constant(s)))
        ),
    ),
    "module input": (
        "identifier",
        lambda s: written(
            configuration=configuration(
                calls={"m": call(module(block(KIND, "e", count=constant(0))), db_password=constant(s))}
            )
        ),
    ),
    "provisioner": (
        "identifier",
        lambda s: written(
            configuration=configuration(
                {
                    **block(KIND, "d", identifier=constant("x")),
                    "provisioners": [{"type": "file", "expressions": {"password": constant(s)}}],
                }
            )
        ),
    ),
    "data source": ("identifier", lambda s: state("data", value=s)),
    "state of what was left out": ("identifier", lambda s: state("managed", value=s)),
    "drift": (
        "identifier",
        lambda s: written(
            resource_drift=[resource(KIND, "d", actions=["update"], before={"username": Sensitive(s)})]
        ),
    ),
}


def state(mode: str, **values: Any) -> Document:
    """A plan whose state holds an object with marked values, of which no change tells."""
    read = {
        "address": f"{'data.' if mode == 'data' else ''}aws_ssm_parameter.left",
        "mode": mode,
        "type": "aws_ssm_parameter",
        "name": "left",
        "values": values,
        "sensitive_values": dict.fromkeys(values, True),
    }
    return written(prior_state={"values": {"root_module": {"resources": [read]}}})


def said(plan: Document, folder: Path, path: str) -> str:
    """Everything that is printed and written about a plan, in every format."""
    (folder / "plan.json").write_bytes(encode(plan))
    (folder / "own.feature").write_text(FEATURE.format(path=path), encoding="utf-8")
    files = [folder / f"report-{name}" for name in FORMATS]
    outputs = [f"--output={name}={file}" for name, file in zip(FORMATS, files, strict=True)]
    arguments = ["check", "--no-checkov", "-v", "--features", str(folder / "own.feature"), *outputs]
    result = CliRunner().invoke(main, [*arguments, str(folder / "plan.json")], color=True)
    assert result.exit_code in {0, 1}, result.output
    shown = CliRunner().invoke(
        main, [*arguments[:5], str(folder / "plan.json"), "-o", "console"], color=True
    )
    return "\n".join([result.output, shown.output, *(file.read_text("utf-8") for file in files)])


secret_texts = st.text(
    st.characters(codec="ascii", categories=["Lu", "Ll", "Nd"]), min_size=10, max_size=30
).map(lambda text: f"Zq9{text}")


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=secret_texts)
@pytest.mark.parametrize("place", PLACES)
def test_a_secret_in_a_place_gets_out_in_no_format(place: str, tmp_path: Path, secret: str) -> None:
    path, plant = PLACES[place]
    assert secret not in said(plant(secret), tmp_path, path)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=secret_texts, around=st.sampled_from(["{}", "before {} after", "x" * 95 + "{}", "{}:{}"]))
@pytest.mark.parametrize("place", PLACES)
def test_a_copy_that_nobody_marked_gets_out_in_no_format(
    place: str, tmp_path: Path, secret: str, around: str
) -> None:
    path, plant = PLACES[place]
    plan = plant(secret)
    copy = around.replace("{}", secret)
    for entry in plan["resource_changes"]:
        for name in ("identifier", "description"):
            entry["change"]["after"][name] = copy
    text = said(plan, tmp_path, path)
    assert secret not in text
    assert secret[:-1] not in text


def test_a_secret_in_an_instance_key_gets_out_in_no_format(tmp_path: Path) -> None:
    secret = "Zq9-tok-3f9c1d7be05a"  # noqa: S105 - planted
    plan = document(
        resource(KIND, "d", index=secret, identifier="y", password=secret),
        resource("aws_ssm_parameter", "p", description="y"),
    )
    text = said(plan, tmp_path, "password")
    assert secret not in text
    assert 'aws_db_instance.d["(sensitive)"]' in text.replace('\\"', '"').replace("&#34;", '"')


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("abc", False),
        ("true", True),
        ("p4ss", True),
        ("hunter2", True),
        ("5432", False),
        ("1234.5", True),
        ("production", True),
        ("1234567", False),
        ("12345678", True),
        ("arn:aws:kms:eu-west-1:123456789012:key/x", False),
        ("        ", False),
    ],
)
def test_only_texts_that_tell_themselves_apart_are_hidden_elsewhere(text: str, *, counts: bool) -> None:
    assert matters(text) is counts


def read(plan: Document) -> Plan:
    return decode(encode(plan), "plan.json")


def test_what_is_no_secret_by_its_name_is_hidden_nowhere_else() -> None:
    plan = attributes(
        manage_master_user_password=True,
        master_user_secret=[{"kms_key_id": "some-key-of-ours"}],
        container_definitions=json.dumps([{"environment": [{"name": "MODE", "value": "production"}]}]),
        password="arn:aws:secretsmanager:eu-west-1:1:secret:x",  # noqa: S106 - a name
    )
    assert secrets(read(plan)).texts == ()


def test_a_login_in_a_url_is_found_as_it_is_meant(tmp_path: Path) -> None:
    plan = attributes(url="postgres://me:Zq9%22pl%2Fanted@db/x", identifier='Zq9"pl/anted')
    assert "anted" not in said(plan, tmp_path, "identifier")


@pytest.mark.parametrize(
    "sections",
    [
        {
            "variables": {"pin": {"value": "Zq9planted5d4"}},
            "configuration": {"root_module": {"variables": {"pin": {"sensitive": True}}}},
        },
        {"output_changes": {"db_password": "Zq9planted5d4"}},
        {
            "configuration": {
                "root_module": {
                    "resources": [{"expressions": {"password": {"constant_value": "Zq9planted5d4"}}}]
                }
            }
        },
    ],
    ids=["variable", "name", "literal"],
)
def test_a_plan_that_is_refused_shows_no_secret_either(sections: Document, tmp_path: Path) -> None:
    broken = resource(KIND, "e", index="Zq9planted5d4", actions=["Zq9planted5d4"])
    (tmp_path / "plan.json").write_bytes(encode(document(broken, **sections)))
    result = CliRunner().invoke(main, ["check", "--no-checkov", str(tmp_path / "plan.json")])
    assert result.exit_code == 2
    assert 'aws_db_instance.e["(sensitive)"]: action "(sensitive)" is not known' in result.output
    assert "Zq9" not in result.output


@pytest.mark.parametrize(
    "sections",
    [{"prior_state": [{"values": 1}]}, {"configuration": {"root_module": 7}}, {"output_changes": 7}],
    ids=lambda sections: next(iter(sections)),
)
def test_a_section_of_another_shape_hides_no_message_and_shows_no_secret(
    sections: Document, tmp_path: Path
) -> None:
    plan = document(resource(KIND, "d", index="Zq9planted5d4", username=Sensitive("Zq9planted5d4")))
    (tmp_path / "plan.json").write_bytes(encode(plan | sections))
    for command in (["check", "--no-checkov"], ["cost"], ["mutate"]):
        result = CliRunner().invoke(main, [*command, str(tmp_path / "plan.json")])
        assert isinstance(result.exception, SystemExit)
        assert result.exit_code == 2
        assert "Terraform does not write that" in result.output
        assert "Zq9" not in result.output


def test_what_cannot_be_searched_for_secrets_is_not_shown() -> None:
    def broken() -> Mask:
        raise ValueError("Zq9planted5d4")

    with masking.remembering():
        masking.remember("plan.json", broken)
        assert masking.shown("a text with Zq9planted5d4") == "(sensitive)\n"


def test_many_secrets_are_found_as_surely_as_few() -> None:
    texts = [f"Zq9secret{number:04}" for number in range(200)]
    plan = document(*(resource(KIND, f"d{each}", password=each) for each in texts))
    found = secrets(read(plan))
    assert set(found.texts) == set(texts)
    assert found.masked(f"a {texts[7]}{texts[150]} b") == "a (sensitive)(sensitive) b"
    assert not found.hidden_in("Zq9secret02")


def test_an_unexpected_error_shows_its_place_and_never_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Zq9-planted-in-an-error"  # noqa: S105 - planted
    program = (
        "import sys; from planspec.runner import load\n"
        f"def broken(*a, **k):\n    text = {secret!r}\n    raise ValueError(text) from KeyError(text)\n"
        "load.read = broken\n"
        "from planspec.cli import main; main(['check', '-v', sys.argv[1]])\n"
    )
    (tmp_path / "broken.py").write_text(program)
    for traced in ("", "1"):
        ended = subprocess.run(
            [sys.executable, str(tmp_path / "broken.py"), "plan.json"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PLANSPEC_TRACEBACK": traced},
        )
        assert ended.returncode == 2
        assert secret not in ended.stdout + ended.stderr
        assert "fault of planspec (ValueError)" in ended.stderr
        assert ("broken.py" in ended.stderr) == bool(traced)
    assert "KeyError" in ended.stderr


def test_a_fault_in_a_judgement_shows_its_place_and_never_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Zq9-planted-in-a-step"  # noqa: S105 - planted

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(secret)

    monkeypatch.setattr("planspec.judgements.generic.resources.hold", broken)
    (tmp_path / "plan.json").write_bytes(encode(attributes(identifier="x")))
    (tmp_path / "own.feature").write_text(FEATURE.format(path="identifier"), encoding="utf-8")
    arguments = ["check", "--no-checkov", "--features", str(tmp_path / "own.feature")]
    result = CliRunner().invoke(main, [*arguments, str(tmp_path / "plan.json")])
    assert result.exit_code == 2
    assert secret not in result.output
    assert "a fault of planspec (ValueError in " in result.stderr


def test_the_trace_of_an_error_names_every_cause() -> None:
    try:
        try:
            raise KeyError("inner text")
        except KeyError as inner:
            raise ValueError("outer text") from inner
    except ValueError as error:
        told = app.traced(error)
    assert "builtins.KeyError" in told
    assert "builtins.ValueError" in told
    assert "inner text\n" not in told.replace('KeyError("inner text")', "")
