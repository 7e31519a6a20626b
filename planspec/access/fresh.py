"""A value of its own for each policy variable that no condition names.

A request may give such a key any value: with one that nobody else writes, the variable is a text like
others, and what it allows can be told for sure. Source: AWS IAM User Guide, "IAM policy elements:
Variables and tags".
"""

from collections.abc import Iterable, Mapping

from planspec.access.operators import Condition
from planspec.access.patterns import Pattern, filled, variables_of
from planspec.access.policy import Statement, Texts


def fresh_values(statements: Iterable[Statement]) -> dict[str, str]:
    """Return a value that nobody writes for each variable that no condition names."""
    read = list(statements)
    asked = {each.key for one in read for each in one.conditions}
    named = {key for one in read for each in one.resources.patterns for key in variables_of(each)}
    named |= {key for one in read for each in one.conditions for key in _of_condition(each)}
    return {key: f"any-{key.rpartition(':')[2].rpartition('/')[2]}" for key in sorted(named - asked)}


def freshened(statement: Statement, values: Mapping[str, str]) -> Statement:
    """Return the statement with these values in the place of its variables."""
    resources = statement.resources
    return statement._replace(
        resources=Texts(
            frozenset(filled(each, values) for each in resources.patterns), resources.left_out
        ),
        conditions=frozenset(_filled(each, values) for each in statement.conditions),
    )


def _of_condition(condition: Condition) -> Iterable[str]:
    patterns: Iterable[Pattern] = (each for each in condition.operands if isinstance(each, tuple))
    return (key for each in patterns for key in variables_of(each))


def _filled(condition: Condition, values: Mapping[str, str]) -> Condition:
    return condition._replace(
        operands=frozenset(
            filled(each, values) if isinstance(each, tuple) else each for each in condition.operands
        )
    )
