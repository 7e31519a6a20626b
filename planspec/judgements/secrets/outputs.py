"""Which outputs of the root module hand out a secret?

Outputs are no resources, so their addresses are those of their blocks: `output.url`. Source:
Terraform, "JSON Output Format", configuration representation and `output_changes`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.secrets.recognition import holds_secret, is_secret_name
from planspec.plan import (
    NO_BLOCK,
    UNKNOWN,
    Block,
    Known,
    Mode,
    Module,
    Plan,
    ResourceChange,
    StateResource,
    Value,
    any_true,
)
from planspec.policies import Secrets
from planspec.syntax import InstanceKey, Token, maximal, module_path

DEEPEST_MODULE = 50
HARMLESS = "no secret among the outputs"


class _Parts(NamedTuple):
    """What an expression is made of: variables of the root module, and attributes with a secret.

    `open`: something in it cannot be followed in the plan, such as a local value.
    """

    variables: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    open: bool = False

    def __or__(self, other: "_Parts") -> "_Parts":
        variables, secrets = self.variables | other.variables, self.secrets | other.secrets
        return _Parts(variables, secrets, self.open or other.open)


class _Scope(NamedTuple):
    """A module around an expression, with the name and the block of the call that made it."""

    module: Module
    name: str = ""
    call: Block = NO_BLOCK


def not_in_outputs(plan: Plan, chosen: Sequence[ResourceChange], settings: Secrets) -> Judgement:
    """Judge whether no output of the root module hands out a secret.

    A value is a secret by its own name or text, if it is made of a variable whose name says so, or of
    an attribute that the provider marks as sensitive. The mark of the output itself is a guard and no
    leak; where what stands behind it cannot be followed, that is undetermined. Source: Terraform,
    "Output Values", sensitive, and "JSON Output Format", `after_sensitive`.
    """
    return judge(
        (each.address for each in chosen),
        (
            _handed_out(plan, each.name, plan.outputs.get(each.name, Value()), settings)
            for each in chosen
        ),
    )


def _handed_out(plan: Plan, name: str, value: Value, settings: Secrets) -> Finding | None:
    root = plan.configuration.root_module
    written = root.outputs.get(name)
    parts = _parts_of(plan, written.value, (_Scope(root),)) if written else _Parts(open=True)
    named = sorted(part for part in parts.variables if is_secret_name(part, settings))
    verdict = Verdict.VIOLATED
    if named:
        observed = f"hands out a secret, var.{named[0]}"
    elif parts.secrets:
        observed = f"hands out {min(parts.secrets)}, which is marked as sensitive"
    elif _tells_by_itself(name, value, settings):
        observed = "hands out a secret"
    elif parts.open and (value.sensitive or (value.reading is UNKNOWN and written is None)):
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
        tuple(f"variable.{part}" for part in named),
    )


def _tells_by_itself(name: str, value: Value, settings: Secrets) -> bool:
    match value.reading:
        case Known(content):
            return holds_secret(name, content, settings)
        case state:
            return state is UNKNOWN and is_secret_name(name, settings)


def _parts_of(plan: Plan, expression: object, scopes: Sequence[_Scope]) -> _Parts:
    """What one expression is made of, also through outputs and inputs of modules.

    `scopes` are the modules around the expression, the root first.
    """
    found = _Parts()
    for each in maximal(list(_references_in(expression))):
        found |= _parts_of_reference(plan, each, scopes)
    return found


def _parts_of_reference(plan: Plan, reference: Sequence[Token], scopes: Sequence[_Scope]) -> _Parts:
    module, _, call = scopes[-1]
    match list(reference):
        case ["var", str(name), *_] if len(scopes) == 1:
            return _Parts(frozenset({name}))
        case ["var", str(name), *_]:
            return _parts_of(plan, call.expression(name), scopes[:-1])
        case ["module", str(name), *rest] if len(scopes) < DEEPEST_MODULE:
            called = module.call(name)
            if called.module is None:
                return _Parts(open=True)
            outputs = called.module.outputs
            named = [each for each in rest if isinstance(each, str) and each in outputs] or list(outputs)
            inside = (*scopes, _Scope(called.module, name, called))
            found = _Parts()
            for each in named:
                found |= _parts_of(plan, outputs[each].value, inside)
            return found
        case ["path" | "terraform", *_]:
            return _Parts()
        case ["data", str(kind), str(name), *rest]:
            return _parts_of_attribute(plan, Mode.DATA, kind, name, rest, scopes)
        case [str(kind), str(name), *rest] if kind not in {"local", "module"}:
            return _parts_of_attribute(plan, Mode.MANAGED, kind, name, rest, scopes)
        case _:
            return _Parts(open=True)


def _parts_of_attribute(
    plan: Plan, mode: Mode, kind: str, name: str, rest: Sequence[Token], scopes: Sequence[_Scope]
) -> _Parts:
    """Whether an attribute is marked as sensitive in any instance of a resource or data source."""
    calls = [each.name for each in scopes[1:]]
    values = [each.after for each in plan.remaining(kind, mode=mode) if _is(each, name, calls)]
    if mode is Mode.DATA:
        read = plan.data_sources.values()
        values += [each.values for each in read if each.type == kind and _is(each, name, calls)]
    path = [each.key if isinstance(each, InstanceKey) else each for each in rest]
    if rest and isinstance(rest[0], InstanceKey):
        path = path[1:]
    if any(any_true(each.get(*path).marked) for each in values):
        told = ".".join((*(("data",) if mode is Mode.DATA else ()), kind, name, *map(str, path)))
        return _Parts(secrets=frozenset({told}))
    return _Parts(open=not values)


def _is(resource: ResourceChange | StateResource, name: str, calls: Sequence[str]) -> bool:
    """Whether a resource has this name, in a module that these calls lead to."""
    return resource.name == name and [each for each, _ in module_path(resource.module_address)] == calls


def _references_in(expression: object) -> Iterator[str]:
    """Yield what an expression refers to, at any depth of its blocks."""
    match expression:
        case {"references": [*names]}:
            yield from map(str, names)
        case dict():
            for each in expression.values():
                yield from _references_in(each)
        case list():
            for each in expression:
                yield from _references_in(each)
