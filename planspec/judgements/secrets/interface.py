"""What goes into a configuration: providers and variables.

They are no resources, so their addresses are those of their blocks: `provider.aws`,
`variable.domain`. Source: Terraform, "JSON Output Format", configuration representation, `checks`.
"""

import re
from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.plan import Plan, ResourceChange

# `~>`, `=`, `<` and a bare version end somewhere; `>=`, `>` and `!=` do not.
_ENDS = re.compile(r"(~>|<=?|=)?\s*v?\d")
# Terraform 1.6 began to list the conditions of variables.
_FIRST_WITH_CHECKS = (1, 6)


def providers_are_pinned(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each provider is bound to versions below some next one.

    Without that a new major version of a provider changes the plan of an unchanged commit.
    Source: Terraform, "Provider Requirements", version constraints.
    """
    addresses = {each.address for each in chosen}
    providers = {
        f"provider.{each.name}": each.version_constraint
        for key, each in plan.configuration.provider_config.items()
        if each.name and f"provider.{key}" in addresses
    }
    return judge(
        providers,
        (
            Finding(
                address,
                Verdict.VIOLATED,
                f'its version is "{constraint}"' if constraint else "any version will do",
                "a version with an end, such as ~> 5.100",
                "version_constraint",
                "state its version in required_providers, and commit .terraform.lock.hcl",
                ("terraform.required_providers",),
            )
            for address, constraint in providers.items()
            if not _ends(constraint)
        ),
    )


def _ends(constraint: str) -> bool:
    return any(_ENDS.match(each.strip()) for each in constraint.split(","))


def variables_are_checked(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each variable of the root module has a condition.

    Before Terraform 1.6 a plan does not list them. Source: Terraform, "Custom Conditions".
    """
    checked = plan.checked_variables
    left_out = plan.variables.keys() - {each.name for each in chosen}
    declared = [each for each in plan.configuration.root_module.variables if each not in left_out]
    told = _version(plan.terraform_version) >= _FIRST_WITH_CHECKS
    return judge(
        (f"variable.{name}" for name in declared),
        (
            Finding(
                f"variable.{name}",
                Verdict.VIOLATED if told else Verdict.UNDETERMINED,
                "takes every value" if told else "this version of Terraform does not list conditions",
                "a condition that refuses what cannot be",
                "",
                "add a validation block with an error_message that says what is allowed",
            )
            for name in declared
            if name not in checked
        ),
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", text)[:2])
