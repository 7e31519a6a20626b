"""Steps that say what a requirement is about: each chooses resources, and hands them on as `selection`.

`planspec.vocabulary` says which subjects there are.
"""

from pytest_bdd import given, when

from planspec import Plan
from planspec.features.form import form
from planspec.features.phrases import know
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import OUTCOMES, SUBJECTS, Inputs, selected, shown_of

know("Action", (each.when for each in SUBJECTS))
know("Outcome", map(shown_of, OUTCOMES))


@given("the Terraform plan")
def terraform_plan(plan: Plan) -> None:
    """The plan under judgement; it was read and found fit to be judged before any scenario."""


@when(form("we examine every planned <subject>"), target_fixture="selection")
def examine_planned(plan: Plan, subject: str, run: Inputs) -> Selection:
    """Every resource of the subject that exists once the plan is applied, changed or not."""
    return selected(f"we examine every planned {subject}", plan, run)


@when(form("we examine every <sort> of the configuration"), target_fixture="selection")
def examine_configuration(plan: Plan, sort: str, run: Inputs) -> Selection:
    """Input variables, output values, providers, required providers, module calls or provisioners."""
    return selected(f"we examine every {sort} of the configuration", plan, run)


@when("we examine every change to a stateful resource", target_fixture="selection")
def examine_stateful(plan: Plan, run: Inputs) -> Selection:
    """What holds data, and what is destroyed and may hold some, by the lists of the policies."""
    return selected("we examine every change to a stateful resource", plan, run)


@when(form("we compare every <sort> before and after the change"), target_fixture="selection")
def compare(plan: Plan, sort: str, run: Inputs) -> Selection:
    """What exists, as it was and as it will be: security groups, rights, or what guards something."""
    return selected(f"we compare every {sort} before and after the change", plan, run)


@when("we estimate the monthly cost", target_fixture="selection")
def estimate(plan: Plan, run: Inputs) -> Selection:
    """Prices and declared use of the policies, 730 hours a month; no resource is selected."""
    return selected("we estimate the monthly cost", plan, run)
