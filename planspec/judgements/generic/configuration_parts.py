"""The parts of a configuration other than resources, so that the generic vocabulary can ask about them.

Variables, outputs, providers, the providers that are required, module calls and provisioners. Each has
a name, an address and what is written for it. Source: Terraform, "JSON Output Format", configuration
representation.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from planspec.judgements.generic import provider_arguments
from planspec.judgements.generic.pseudo_resources import Keys, Part, open_value
from planspec.plan import (
    ABSENT,
    Block,
    Entry,
    Known,
    Module,
    Plan,
    ProviderConfiguration,
    Value,
    any_true,
    composed,
)
from planspec.references import graph, written_out
from planspec.syntax import document

_VARIABLE: Final = Keys(frozenset({"name", "address", "value", "default", "sensitive"}))
_OUTPUT: Final = Keys(frozenset({"name", "address", "value", "sensitive"}))
_MODULE: Final = Keys(frozenset({"name", "address", "source", "version"}))
_REQUIRED: Final = Keys(
    frozenset({"name", "address", "source", "version", "version_constraint", "module"})
)
_PROVISIONER: Final = Keys(frozenset({"name", "address", "type", "resource_type", "module"}))
_OF_PROVIDERS: Final = frozenset(
    {"name", "address", "alias", "source", "version", "version_constraint", "module"}
)


def variables(plan: Plan) -> tuple[Part, ...]:
    """Return the variables of the root module, with the values that they were given.

    One that a plan keeps no value of, such as an ephemeral one, is there too.
    """
    declared = plan.configuration.root_module
    names = dict.fromkeys(plan.variables)
    if isinstance(declared.variables, dict):
        names |= dict.fromkeys(declared.variables)
    found = []
    for name in names:
        written = declared.variable(name)
        secret = written is not None and written.sensitive is True
        given = plan.variables.get(name)
        value = open_value() if given is None or given.peek() is ABSENT else given
        values = {
            "value": value.under("value", sensitive=secret).get("value"),
            "default": _stated(written.value if written else None, secret=secret),
            "sensitive": Value(secret),
        }
        found.append(_part(plan, "variable", name, values, _VARIABLE))
    return tuple(found)


def outputs(plan: Plan) -> tuple[Part, ...]:
    """Return the outputs of the root module that there are after the change."""
    declared = plan.configuration.root_module.outputs
    found = []
    for name, value in plan.outputs.items():
        secret = name in declared and declared[name].sensitive is True
        values = {"value": value.under("value").get("value"), "sensitive": Value(secret)}
        found.append(_part(plan, "output", name, values, _OUTPUT))
    return tuple(found)


def providers(plan: Plan) -> tuple[Part, ...]:
    """Return the provider configurations, also aliases and those inside modules."""
    return tuple(_provider(plan, key, each) for key, each in plan.configuration.provider_config.items())


def required_providers(plan: Plan) -> tuple[Part, ...]:
    """Return each provider that a module requires: its source, and the versions that will do.

    Terraform lists a provider once for each alias and for each module that has it.
    """
    found: dict[tuple[str, str], Part] = {}
    for key, each in plan.configuration.provider_config.items():
        inherited = each.module_address and not each.version_constraint
        if not each.name or inherited or (each.alias and not each.version_constraint):
            continue
        where = f"{each.module_address}:{each.name}" if each.module_address else each.name
        values = _of_provider(each)
        part = _part(plan, "required provider", each.name, values, _REQUIRED, address=where)
        found.setdefault((each.module_address or key.rpartition(":")[0], each.name), part)
    return tuple(found.values())


def module_calls(plan: Plan) -> tuple[Part, ...]:
    """Return the calls of modules, at any depth: each one's source, and the version that is written."""
    return tuple(
        _part(
            plan,
            "module call",
            address.rpartition("module.")[2],
            {"source": Value(call.source or None), "version": Value(call.version_constraint or None)},
            _MODULE,
            address=address,
        )
        for address, call in _calls("", plan.configuration.root_module)
    )


def provisioners(plan: Plan) -> tuple[Part, ...]:
    """Return the provisioners of all resources, at any depth of the modules."""
    roots = [("", plan.configuration.root_module)]
    inner = _calls("", plan.configuration.root_module)
    modules = [*roots, *((address, call.module or Module()) for address, call in inner)]
    return tuple(
        _part(
            plan,
            "provisioner",
            block.name,
            {
                "address": Value(f"{where}.{block.type}.{block.name}".removeprefix(".")),
                "type": Value(each.type or None),
                "resource_type": Value(block.type),
                "module": Value(where or None),
            },
            _PROVISIONER,
            address=f"{where}.{block.type}.{block.name}.provisioner[{at}]".removeprefix("."),
        )
        for where, module in modules
        for block in module.resources
        for at, each in enumerate(block.provisioners or ())
    )


def whole(plan: Plan) -> Part:
    """The configuration as a whole: what was looked through where it has no such part.

    Nothing is known of one that the plan does not hold.
    """
    values = Value({}) if plan.has_configuration else open_value()
    return Part(plan, Entry(type="configuration", name="configuration", address="configuration"), values)


def _part(
    plan: Plan,
    what: str,
    name: str,
    values: Mapping[str, Value],
    keys: Keys,
    *,
    address: str = "",
) -> Part:
    kind = what.replace(" ", "_")
    named = address if kind in {"module_call", "provisioner"} else f"{kind}.{address or name}"
    entry = Entry(type=kind, name=name, address=named)
    always = {"name": Value(name), "address": Value(named)}
    return Part(plan, entry, composed({**always, **values}, free=False), what=what, keys=keys)


def _stated(value: Any, *, secret: bool) -> Value:
    return Value(value).under("value", sensitive=secret).get("value")


def _calls(above: str, module: Module) -> Iterator[tuple[str, Block]]:
    """Every module call with its address, without keys; the outer ones first."""
    open_modules = [(above, module)]
    while open_modules:
        where, outer = open_modules.pop(0)
        for name, call in outer.calls.items():
            address = f"{where}.module.{name}" if where else f"module.{name}"
            yield address, call
            open_modules.append((address, call.module or Module()))


def _provider(plan: Plan, key: str, written: ProviderConfiguration) -> Part:
    taken = provider_arguments.taken(written.full_name)
    known: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for name, raw in written.expressions.items():
        known[name], unknown[name] = _of_argument(plan, written, name, document.values(raw))
    arguments = Value(dict.fromkeys(taken) | known, unknown)
    own = _of_provider(written) | {"alias": Value(written.alias or None), "name": Value(written.name)}
    values = {"address": Value(f"provider.{key}"), **own, **dict(arguments.entries())}
    values |= {"name": Value(written.name)}
    keys = Keys(
        _OF_PROVIDERS | taken | frozenset(written.expressions),
        provider_arguments.inside(written.full_name),
        closed=bool(taken),
    )
    entry = Entry(type=f"provider {written.name}", name=key, address=f"provider.{key}")
    return Part(
        plan,
        entry,
        composed(values, free=False),
        what=f"provider {written.name}",
        keys=keys,
        elsewhere=taken,
    )


def _of_argument(
    plan: Plan, provider: ProviderConfiguration, name: str, expression: Any
) -> tuple[Any, Any]:
    """What is written for a provider: literals, and what the source says where it is at hand.

    Without the source a single variable is taken for the whole of an expression.
    """
    literal = _argument(plan, expression, root=False)
    if provider.module_address or not any_true(literal[1]):
        return literal
    traced = graph(plan).of_provider(provider, name)
    if traced is None:
        return _argument(plan, expression, root=True)
    return written_out(traced) or literal


def _of_provider(written: ProviderConfiguration) -> dict[str, Value]:
    constraint = Value(written.version_constraint or None)
    return {
        "source": Value(written.full_name or None),
        "version": constraint,
        "version_constraint": constraint,
        "module": Value(written.module_address or None),
    }


def _block(
    plan: Plan, written: Mapping[str, Any], *, root: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is written in a block: what is known of it, and the marks of what is not."""
    known: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for name, expression in written.items():
        known[name], unknown[name] = _argument(plan, expression, root=root)
    return known, unknown


def _argument(plan: Plan, expression: Any, *, root: bool) -> tuple[Any, Any]:
    """What is written, as far as it is a literal or one variable of the root module."""
    match expression:
        case list():
            parts = [
                _block(plan, each, root=root) if isinstance(each, dict) else (None, True)
                for each in expression
            ]
            return [known for known, _ in parts], [unknown for _, unknown in parts]
        case {"references": [*references]} if references:
            value = _variable(plan, references) if root else None
            state = value.peek() if value is not None else None
            return (state.value, False) if isinstance(state, Known) else (None, True)
        case {"constant_value": value}:
            return value, False
        case dict() if expression and "references" not in expression:
            return _block(plan, expression, root=root)
        case _:
            return None, True


def _variable(plan: Plan, references: list[Any]) -> Value | None:
    match references:
        case [str(reference)] if reference.startswith("var."):
            return plan.variables.get(reference.removeprefix("var."))
        case _:
            return None
