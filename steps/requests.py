"""Steps for what teams ask beside single values: networks, lists, references, times."""

from collections.abc import Callable
from datetime import datetime

from pytest_bdd import parsers, then, when

from planspec import Judgement, Plan
from planspec.judgements.generic import (
    appearances,
    compared_values,
    kinds,
    network_access,
    referrers,
    root_variables,
    time_windows,
)
from planspec.judgements.generic.network_access import EgressRules, IngressRules, NetworkRules
from planspec.judgements.generic.selections import Selection
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]
# A path; quotes stand in its brackets only.
PATH = r"(?:[^\"\[]|\[[^\]]*\]|\[)+"


@when("we examine every ingress rule", target_fixture="selection")
def examine_ingress_rules(plan: Plan) -> IngressRules:
    """Security groups, firewalls and their rules that let traffic in: AWS, Azure and Google."""
    return network_access.ingress(plan)


@when("we examine every egress rule", target_fixture="selection")
def examine_egress_rules(plan: Plan) -> EgressRules:
    """Security groups, firewalls and their rules that let traffic out: AWS, Azure and Google."""
    return network_access.egress(plan)


@when("we examine every change", target_fixture="selection")
def examine_changes(plan: Plan) -> Selection:
    """What is created, updated, replaced, deleted or forgotten; outputs that change; actions."""
    return time_windows.changes(plan)


@when(parsers.parse('we keep those of type "{types}"'), target_fixture="selection")
def keep_types(selection: Selection, types: str) -> Selection:
    """Those of one of the types of a list: "aws_vpc, aws_subnet"; `*` stands for any text."""
    return kinds.of_types(selection, types)


@when(
    parsers.re(
        r'we keep them only if variable "(?P<variable>[^"]+)" (?P<how>is|is not|is one of|is not one of)'
        r' "(?P<values>.*)"'
    ),
    target_fixture="selection",
)
def keep_only_if_variable(selection: Selection, variable: str, how: str, values: str) -> Selection:
    """All of them where a variable of the root module has such a value, and none elsewhere."""
    return root_variables.keep_only_if(selection, variable, how, values)


@then(parsers.parse('it must not allow "{network}" on port "{ports}"'))
def must_not_allow(
    selection: NetworkRules, network: str, ports: str, parameters: Parameters, uphold: Uphold
) -> None:
    """No rule lets an address of it ("internet" for all) through on a port: "22, 5432-5440", "any"."""
    asked = network_access.on_ports(network, ports)
    uphold(network_access.must_not_allow(selection, asked, parameters.exposure))


@then(parsers.parse('it must not allow "{network}" on ports other than "{ports}"'))
def must_not_allow_others(
    selection: NetworkRules, network: str, ports: str, parameters: Parameters, uphold: Uphold
) -> None:
    """No rule lets an address of it through on any port but these."""
    asked = network_access.on_other_ports(network, ports)
    uphold(network_access.must_not_allow(selection, asked, parameters.exposure))


@then(
    parsers.re(
        rf'(?P<quantifier>every|some) "(?P<path>{PATH})" must'
        r" (?P<how>be|not be|be at least|be at most|be above|be below)"
        rf' the value of "(?P<other>{PATH})"'
    )
)
def must_be_the_value_of(
    selection: Selection, quantifier: str, path: str, how: str, other: str, uphold: Uphold
) -> None:
    """Compared with another value of the same resource, or with a variable: "var.limit".

    Where both paths go through one list, the two values are of the same element.
    """
    word = {"be": "", "not be": "not"}.get(how, how.removeprefix("be "))
    uphold(compared_values.hold_against(selection, quantifier, path, word, other))


@then(parsers.re(r'its (?P<aspect>type|provider) must (?P<how>be|not be) one of "(?P<values>.*)"'))
def must_be_of(selection: Selection, aspect: str, how: str, values: str, uphold: Uphold) -> None:
    """A list of types ("aws_iam_*") or of providers ("hashicorp/aws"); `*` is any text."""
    uphold(kinds.must_be_one_of(selection, aspect, values, negated=how == "not be"))


@then(parsers.parse('each one must have a "{kind}" that refers to it'))
def must_have_a_referrer(selection: Selection, kind: str, uphold: Uphold) -> None:
    """A resource of that type refers to it, in whatever argument; one that only may is no pass."""
    uphold(referrers.have_a_referrer(selection, kind))


@then(parsers.parse('each value of "{path}" may appear at most {number:d} times'))
def may_appear(selection: Selection, path: str, number: int, uphold: Uphold) -> None:
    """Counted over all that is selected, also of several types; nothing set is no value."""
    uphold(appearances.at_most(selection, path, number))


@then(parsers.parse('there must be none from "{begin}" to "{end}" in "{zone}"'))
def must_be_none_from(
    selection: Selection, begin: str, end: str, zone: str, moment: Callable[[], datetime], uphold: Uphold
) -> None:
    """A freeze: "Friday 16:00", "22:00" or "2026-12-24 12:00", in a zone such as "Europe/Berlin".

    The moment is that of the run, or of `check --now`.
    """
    uphold(time_windows.none_within(selection, begin, end, zone, moment()))
