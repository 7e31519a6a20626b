"""Does the plan tell where a value comes from?"""

from typing import Any

import pytest

from planspec.finding import OriginKind
from planspec.references import Origin, origin
from tests.support.plans import block, call, configuration, constant, module, plan, refers, resource

ID = ("aws_kms_key.k.arn", "aws_kms_key.k")


@pytest.mark.parametrize(
    ("expression", "path", "found"),
    [
        pytest.param(constant("eu"), "a", Origin(OriginKind.LITERAL), id="literal"),
        pytest.param(constant(None), "a", Origin(OriginKind.LITERAL), id="literal null"),
        pytest.param(refers("var.x"), "a", Origin(OriginKind.VARIABLE, ("var.x",)), id="variable"),
        pytest.param(refers(*ID), "a", Origin(OriginKind.REFERENCE, ("aws_kms_key.k",)), id="reference"),
        pytest.param(refers("local.x"), "a", Origin(OriginKind.UNTOLD), id="local"),
        pytest.param(refers("each.key"), "a", Origin(OriginKind.COMPUTED), id="own key"),
        pytest.param([{"b": constant(1)}], "a[0].b", Origin(OriginKind.LITERAL), id="in a block"),
        pytest.param(constant("x"), "other", Origin(OriginKind.PROVIDER), id="not written"),
    ],
)
def test_a_value_comes_from_where_its_expression_says(expression: Any, path: str, found: Origin) -> None:
    given = plan(
        resource("aws_kms_key", "k"),
        resource("t", "r", a=[{"b": 1}] if "[" in path else "known", other="computed"),
        configuration=configuration(block("t", "r", a=expression)),
    )
    assert origin(given, given.changes[1], path) == found


def test_a_value_without_configuration_comes_from_nobody_knows_where() -> None:
    given = plan(resource("t", "r", a="known"))
    assert origin(given, given.changes[0], "a") == Origin(OriginKind.UNTOLD)


def test_a_block_that_nobody_wrote_may_be_dynamic() -> None:
    given = plan(
        resource("t", "r", rule=[{"a": 1}]),
        configuration=configuration(block("t", "r")),
    )
    assert origin(given, given.changes[0], "rule[0].a") == Origin(OriginKind.UNTOLD)


def test_a_value_that_a_module_was_given_comes_from_the_resource_behind_it() -> None:
    inner = module(block("t", "r", a=refers("var.key")))
    given = plan(
        resource("aws_kms_key", "k"),
        resource("t", "r", module="module.m", a=...),
        configuration=configuration(calls={"m": call(inner, key=refers(*ID))}),
    )
    assert str(origin(given, given.changes[1], "a")) == "reference aws_kms_key.k"
