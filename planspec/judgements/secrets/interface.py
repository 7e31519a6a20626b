"""What goes into a configuration and what comes out: providers, variables and outputs.

They are no resources, so their addresses are those of their blocks: `provider.aws`,
`variable.domain`, `output.url`. Source: Terraform, "JSON Output Format", configuration
representation, `checks` and `output_changes`.
"""

import re
from collections.abc import Iterator, Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.secrets.secrets import is_secret_name, is_secret_value
from planspec.plan import NO_BLOCK, UNKNOWN, Block, Known, Module, Plan, ResourceChange, Value
from planspec.policies import Secrets
from planspec.syntax import Token, maximal

# `~>`, `=`, `<` and a bare version end somewhere; `>=`, `>` and `!=` do not.
_ENDS = re.compile(r"(~>|<=?|=)?\s*v?\d")
# Terraform 1.6 began to list the conditions of variables.
_FIRST_WITH_CHECKS = (1, 6)
DEEPEST_MODULE = 50
HARMLESS = "no secret among the outputs"


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
    return any(_ENDS.match(each.strip()) for each in constraint.split(",") if each.strip())


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


def not_in_outputs(plan: Plan, chosen: Sequence[ResourceChange], settings: Secrets) -> Judgement:
    """Judge whether no output of the root module hands out a secret.

    A value is a secret if Terraform marks it as sensitive, if it is made of a variable whose name
    says so, or by its own name or text. A value that apply decides is judged by what it is made of,
    which the configuration tells. Source: Terraform, "Output Values", sensitive.
    """
    return judge(
        (each.address for each in chosen),
        (_handed_out(plan, each.name, plan.outputs[each.name], settings) for each in chosen),
    )


def _handed_out(plan: Plan, name: str, value: Value, settings: Secrets) -> Finding | None:
    written = plan.configuration.root_module.outputs.get(name)
    root = plan.configuration.root_module
    parts = _variables_in(written.value, ((root, NO_BLOCK),)) if written else frozenset[str]()
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
        tuple(f"variable.{part}" for part in secret if part in parts),
    )


def _variables_in(expression: object, scope: Sequence[tuple[Module, Block]]) -> frozenset[str]:
    """The variables of the root module in one expression, also through outputs and inputs of modules.

    `scope` holds the modules around the expression, the root first, each with the call that made it.
    """
    found = [_variable_in(each, scope) for each in maximal(list(references_in(expression)))]
    return frozenset[str]().union(*found)


def _variable_in(reference: Sequence[Token], scope: Sequence[tuple[Module, Block]]) -> frozenset[str]:
    module, call = scope[-1]
    match list(reference):
        case ["var", str(name), *_] if len(scope) == 1:
            return frozenset({name})
        case ["var", str(name), *_]:
            return _variables_in(call.expression(name), scope[:-1])
        case ["module", str(name), *rest] if len(scope) < DEEPEST_MODULE:
            called = module.call(name)
            outputs = called.module.outputs if called.module else {}
            named = [each for each in rest if isinstance(each, str)] or list(outputs)
            inside = (*scope, (called.module or Module(), called))
            every = [_variables_in(outputs[each].value, inside) for each in named if each in outputs]
            return frozenset[str]().union(*every)
        case _:
            return frozenset()


def references_in(expression: object) -> Iterator[str]:
    """Yield what an expression refers to, at any depth of its blocks."""
    match expression:
        case {"references": [*names]}:
            yield from map(str, names)
        case dict():
            for each in expression.values():
                yield from references_in(each)
        case list():
            for each in expression:
                yield from references_in(each)
