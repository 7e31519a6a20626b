"""What goes into a configuration and what comes out: providers, variables and outputs.

They are no resources, so their addresses are those of their blocks: `provider.aws`,
`variable.domain`, `output.url`. Source: Terraform, "JSON Output Format", configuration
representation, `checks` and `output_changes`.
"""

import re

from planspec.catalogue import Secrets
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.secrets import is_secret_name, is_secret_value
from planspec.plan import Plan
from planspec.value import UNKNOWN, Known, Value

# `~>`, `=`, `<` and a bare version end somewhere; `>=`, `>` and `!=` do not.
_ENDS = re.compile(r"(~>|<=?|=)?\s*v?\d")
# Terraform 1.6 began to list the conditions of variables.
_FIRST_WITH_CHECKS = (1, 6)
HARMLESS = "no secret among the outputs"


def providers_are_pinned(plan: Plan) -> Judgement:
    """Judge whether each provider is bound to versions below some next one.

    Without that a new major version of a provider changes the plan by itself.
    Source: Terraform, "Provider Requirements", version constraints.
    """
    providers = {
        f"provider.{each.name}": each.version_constraint
        for each in plan.configuration.provider_config.values()
        if each.name
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
    return any(_ENDS.match(each.strip()) for each in constraint.split(",") if each.strip())


def variables_are_checked(plan: Plan) -> Judgement:
    """Judge whether each variable of the root module has a condition.

    Before Terraform 1.6 a plan does not list them. Source: Terraform, "Custom Conditions".
    """
    checked = plan.checked_variables
    declared = plan.configuration.root_module.variables
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


def not_in_outputs(plan: Plan, settings: Secrets) -> Judgement:
    """Judge whether no output of the root module hands out a secret.

    A value is a secret if Terraform marks it as sensitive, if it is made of a variable whose name
    says so, or by its own name or text. A value that apply decides is judged by what it is made of,
    which the configuration tells. Source: Terraform, "Output Values", sensitive.
    """
    return judge(
        (f"output.{name}" for name in plan.outputs),
        (_handed_out(plan, name, value, settings) for name, value in plan.outputs.items()),
    )


def _handed_out(plan: Plan, name: str, value: Value, settings: Secrets) -> Finding | None:
    written = plan.configuration.root_module.outputs.get(name)
    parts = _variables_in(written.value) if written else frozenset[str]()
    secret = sorted(part for part in parts if is_secret_name(part, settings))
    match value.reading:
        case Known(content) if is_secret_value(str(content)) or is_secret_name(name, settings):
            secret = secret or [name]
        case state if state is UNKNOWN and is_secret_name(name, settings):
            secret = secret or [name]
    if value.sensitive:
        secret = secret or [name]
    if secret:
        verdict, observed = (
            Verdict.VIOLATED,
            "hands out a secret" + (f", var.{secret[0]}" if secret[0] in parts else ""),
        )
    elif value.reading is UNKNOWN and written is None:
        verdict, observed = Verdict.UNDETERMINED, "what it is made of is not in the plan"
    else:
        return None
    return Finding(
        f"output.{name}",
        verdict,
        observed,
        HARMLESS,
        value.path,
        "take it away; who needs the secret reads it where it is kept",
    )


def _variables_in(expression: object) -> frozenset[str]:
    """The names of the variables in one expression of the configuration."""
    match expression:
        case {"references": [*names]}:
            found = (re.match(r"var\.(\w+)", str(each)) for each in names)
            return frozenset(each[1] for each in found if each)
        case dict():
            return frozenset[str]().union(*map(_variables_in, expression.values()))
        case list():
            return frozenset[str]().union(*map(_variables_in, expression))
        case _:
            return frozenset()
