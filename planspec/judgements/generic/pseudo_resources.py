"""Parts of a plan other than resources, in the shape of one, for the generic vocabulary.

Variables and outputs of the root module have one attribute, `value`; a provider has those that are
written for it. Data sources that were read while planning are as they were read.
"""

from collections.abc import Iterator
from typing import Any

from planspec.plan import UNKNOWN, Entry, Known, Mode, Plan, ResourceChange, Value
from planspec.syntax import document


class Part(ResourceChange):
    """Something with an address and values that no change is about."""

    def __init__(self, plan: Plan, entry: Entry, values: Value) -> None:
        super().__init__(entry, plan.noting)
        self._values = values.noted(lambda place: plan.noting.add(self.address, place))

    @property
    def will_exist(self) -> bool:
        """It is there once the plan is applied."""
        return True

    @property
    def after(self) -> Value:
        """Its values."""
        return self._values

    before = after


def variables(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the variables of the root module, with the values that they were given."""
    declared = plan.configuration.root_module
    found = []
    for name, value in plan.variables.items():
        written = declared.variable(name)
        secret = written is not None and written.sensitive is True
        entry = Entry(type="variable", name=name, address=f"variable.{name}")
        found.append(Part(plan, entry, value.under("value", sensitive=secret)))
    return tuple(found)


def outputs(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the outputs of the root module that there are after the change."""
    return tuple(
        Part(plan, Entry(type="output", name=name, address=f"output.{name}"), value.under("value"))
        for name, value in plan.outputs.items()
    )


def providers(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the provider configurations, also aliases and those inside modules."""
    return tuple(
        Part(
            plan,
            Entry(type=f"provider {each.name}", name=key, address=f"provider.{key}"),
            _arguments(plan, {name: document.values(raw) for name, raw in each.expressions.items()}),
        )
        for key, each in plan.configuration.provider_config.items()
    )


def _arguments(plan: Plan, expressions: dict[str, Any]) -> Value:
    """What is written, as far as it is a literal or one variable of the root module."""
    known: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for name, expression in expressions.items():
        references = expression.get("references") if isinstance(expression, dict) else None
        if isinstance(expression, dict) and "constant_value" in expression and not references:
            known[name] = expression["constant_value"]
            continue
        value = _variable(plan, references)
        if value is None or value.peek() is UNKNOWN:
            unknown[name] = True
        else:
            state = value.peek()
            known[name] = state.value if isinstance(state, Known) else None
    return Value(known, unknown)


def _variable(plan: Plan, references: Any) -> Value | None:
    match references:
        case [str(reference)] if reference.startswith("var."):
            return plan.variables.get(reference.removeprefix("var."))
        case _:
            return None


def data_read(plan: Plan, kind: str) -> Iterator[ResourceChange]:
    """Yield the data sources of a type that were read while planning."""
    for each in plan.data_sources.values():
        if each.type == kind:
            entry = Entry(
                type=kind,
                name=each.name,
                address=each.address,
                mode=Mode.DATA.value,
                module_address=each.module_address or None,
            )
            yield Part(plan, entry, each.values)
