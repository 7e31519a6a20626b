"""Steps about what a change does to what exists, compared with how it was before."""

from collections.abc import Callable

from pytest_bdd import parsers, then, when

from planspec import Judgement, Plan
from planspec.judgements.change import wider_network, wider_permissions
from planspec.judgements.generic import no_weaker, subjects
from planspec.judgements.generic.resources import Selection
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@then(parsers.re(r'no change may (?P<how>widen|lower|raise|alter) "(?P<path>[^"]+)"'))
def no_change_may(selection: Selection, how: str, path: str, uphold: Uphold) -> None:
    """Compared with before: no range or text more, no number or switch lower, higher, or other."""
    uphold(no_weaker.hold_change(selection, how, path))


@when("we examine every policy that gives rights", target_fixture="rights")
def examine_rights(plan: Plan) -> subjects.Rights:
    """Policies of roles and resources, as they were and as they will be."""
    return subjects.Rights(plan)


@when("we examine every change to what guards our data", target_fixture="data_guards")
def examine_data_guards(plan: Plan) -> subjects.DataGuards:
    """What policies/parameters.toml lists about encryption and backups, before and after."""
    return subjects.DataGuards(plan)


@when("we examine every change to what guards our networks", target_fixture="boundary")
def examine_network_guards(plan: Plan) -> subjects.NetworkGuards:
    """What policies/parameters.toml lists about exposure, before and after."""
    return subjects.NetworkGuards(plan)


@then("none of our security groups lets in more than before")
def nothing_more_is_let_in(boundary: subjects.Boundary, uphold: Uphold) -> None:
    """Hold the rules of every security group, together, to what they let in before."""
    uphold(wider_network.let_in_no_more(boundary.plan))


@then("nothing becomes public that was not")
def nothing_becomes_public(
    boundary: subjects.NetworkGuards, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold the switches of policies/parameters.toml to how they stood."""
    uphold(no_weaker.not_weakened(boundary.plan, parameters.change.exposure))


@then("nobody may do more than before")
def nobody_may_do_more(rights: subjects.Rights, uphold: Uphold) -> None:
    """Hold the policies of every role and resource, together, to what they allowed before."""
    uphold(wider_permissions.allow_no_more(rights.plan))


@then("nothing is encrypted less than before")
def nothing_is_encrypted_less(
    data_guards: subjects.DataGuards, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold what policies/parameters.toml lists about encryption to how it was."""
    uphold(no_weaker.not_weakened(data_guards.plan, parameters.change.encryption))


@then("nothing is backed up less than before")
def nothing_is_backed_up_less(
    data_guards: subjects.DataGuards, parameters: Parameters, uphold: Uphold
) -> None:
    """Hold what policies/parameters.toml lists about backups to how it was."""
    uphold(no_weaker.not_weakened(data_guards.plan, parameters.change.backup))
