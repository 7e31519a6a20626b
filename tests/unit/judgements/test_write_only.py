"""Is a write-only attribute judged by what the configuration sets?"""

from typing import Any

import pytest

from planspec import Plan, Verdict
from planspec.judgements.generic import relations, resources, selections
from tests.support.plans import (
    Sensitive,
    block,
    call,
    configuration,
    constant,
    module,
    plan,
    refers,
    resource,
)

KIND = "aws_db_instance"
SATISFIED, VIOLATED, UNDETERMINED = Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNDETERMINED
CHANGE = resource(KIND, "a", password_wo=Sensitive(None))


def is_set(given: Plan, path: str = "password_wo", *, negated: bool = False) -> Verdict:
    """Whether the attribute must be set, or must not."""
    selected = selections.of_type(given, KIND)
    return resources.hold(selected, "every", path, relations.is_set, "", negated=negated).verdict


@pytest.mark.parametrize(
    ("written", "variables", "verdict"),
    [
        pytest.param({}, {}, VIOLATED, id="not written"),
        pytest.param({"password_wo": constant("x")}, {}, SATISFIED, id="literal"),
        pytest.param({"password_wo": constant("")}, {}, VIOLATED, id="empty literal"),
        pytest.param({"password_wo": refers("var.p")}, {}, SATISFIED, id="ephemeral variable"),
        pytest.param({"password_wo": refers("var.p")}, {"p": "x"}, SATISFIED, id="variable"),
        pytest.param({"password_wo": refers("var.p")}, {"p": None}, VIOLATED, id="null variable"),
        pytest.param({"password_wo": refers("var.p")}, {"p": ""}, VIOLATED, id="empty variable"),
        pytest.param({"password_wo": refers("var.p")}, {"p": True}, UNDETERMINED, id="a switch chooses"),
        pytest.param(
            {"password_wo": refers("var.p", "ephemeral.random_password.x")},
            {},
            UNDETERMINED,
            id="choice",
        ),
        pytest.param(
            {"password_wo": refers("ephemeral.random_password.x.result", "ephemeral.random_password.x")},
            {},
            SATISFIED,
            id="ephemeral resource",
        ),
        pytest.param({"password_wo": refers("local.p")}, {}, UNDETERMINED, id="local"),
        pytest.param({"password_wo": {}}, {}, UNDETERMINED, id="null, or a function"),
    ],
)
def test_what_is_written_tells_whether_it_is_set(
    written: dict[str, Any], variables: dict[str, Any], verdict: Verdict
) -> None:
    given = plan(
        CHANGE,
        variables={name: {"value": each} for name, each in variables.items()},
        configuration={
            "root_module": {
                "variables": {"p": {}},
                "resources": [
                    {"mode": "managed", "type": KIND, "name": "a", "address": f"{KIND}.a"}
                    | {"expressions": written}
                ],
            }
        },
    )
    assert is_set(given) is verdict
    opposite = {SATISFIED: VIOLATED, VIOLATED: SATISFIED, UNDETERMINED: UNDETERMINED}
    assert is_set(given, negated=True) is opposite[verdict]


def test_without_a_configuration_it_cannot_be_told() -> None:
    assert is_set(plan(CHANGE)) is UNDETERMINED
    assert is_set(plan(CHANGE), negated=True) is UNDETERMINED


def test_a_module_is_given_what_its_call_says() -> None:
    inner = resource(KIND, "a", module="module.m", password_wo=Sensitive(None))
    for argument, verdict in ((refers("var.q"), SATISFIED), (constant(""), VIOLATED)):
        given = plan(
            inner,
            configuration=configuration(
                calls={"m": call(module(block(KIND, "a", password_wo=refers("var.p"))), p=argument)}
            ),
            variables={"q": {"value": "x"}},
        )
        assert is_set(given) is verdict


def test_the_value_itself_is_never_known() -> None:
    given = plan(CHANGE, configuration=configuration(block(KIND, "a", password_wo=constant("x"))))
    selected = selections.of_type(given, KIND)
    for relation in (relations.equals("x"), relations.matches("x"), relations.contains("x")):
        judged = resources.hold(selected, "every", "password_wo", relation, "")
        assert judged.verdict is UNDETERMINED
        assert '"x"' not in judged.findings[0].observed
