"""What does an expression of the source or the plan come to?

Follows names symbolically: variables and outputs through any number of modules, locals, `each` and
`count`, splats and `for`, literals. There is no HCL evaluator here: what cannot be followed is lost
by name, never guessed. Source: Terraform, "Expressions" and "References to Named Values".
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from planspec import syntax
from planspec.plan import NULL, Known, Module, Plan
from planspec.references import collections, constructs, functions, traversal
from planspec.references.blocks import NO_UNIT, ModuleUnit, Unit
from planspec.references.conversion import converted, loosened
from planspec.references.edges import Grade
from planspec.references.instances import Instances
from planspec.references.presence import NOT_FOLLOWED
from planspec.references.symbolic import (
    NO_INSTANCE,
    NO_OBJECT,
    NULL_VALUE,
    Instance,
    Lost,
    Mixed,
    ModuleInstances,
    OneOf,
    Repeated,
    Stated,
    Traced,
    hidden,
    lowered,
    mentioned,
    replaced,
)
from planspec.syntax import Expression, InstanceKey, Key, ModulePath, Step, Token

DEEPEST: Final = 120
# How many expressions are followed for one attribute, and for all of a plan, so that a hostile
# source comes to an end; what is left is then lost.
MOST_FOLLOWED: Final = 100_000
MOST_FOLLOWED_IN_PLAN: Final = 1_000_000
MOST_FOLLOWED_BY_RESOURCE: Final = 300
_NO_OBJECT: Final = frozenset({"path", "terraform", "self", "ephemeral"})
_OWN: Final = frozenset({"each", "count", "self"})
_NOTHING_BOUND: Final[Mapping[str, Traced]] = {}


class Scope(NamedTuple):
    """Where an expression stands: the module instance, and the block with its own key.

    `keyed`: the expression uses its own key, so that one instance of many is meant.
    """

    module: ModulePath
    unit: Unit = NO_UNIT
    key: Key = None
    bound: Mapping[str, Traced] = _NOTHING_BOUND
    keyed: bool = False


class Tracer:
    """Follows the expressions of one plan; each module value is followed once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.instances = Instances(plan)
        self._modules: dict[tuple[str, ...], ModuleUnit] = {}
        self._values: dict[Any, Traced] = {}
        self._own: dict[int, tuple[Expression, bool]] = {}
        self._followed = 0
        self._left = MOST_FOLLOWED_IN_PLAN + MOST_FOLLOWED_BY_RESOURCE * len(plan.changes)

    def module(self, path: ModulePath) -> ModuleUnit:
        """The module as it is written, without instances."""
        calls = tuple(call for call, _ in path)
        if calls not in self._modules:
            held: Module = self._plan.configuration.root_module
            for call in calls:
                block = held.calls.get(call)
                held = (block.module if block else None) or Module()
            self._modules[calls] = ModuleUnit(held, self._plan.source.module(calls))
        return self._modules[calls]

    def trace(self, expression: Expression, scope: Scope) -> Traced:
        """What an expression comes to."""
        self._followed = 0
        found = self._trace(expression, scope, 0)
        self._left -= self._followed
        return found

    @property
    def _exhausted(self) -> bool:
        return self._followed > min(MOST_FOLLOWED, self._left)

    def uses_own_key(self, expression: Expression) -> bool:
        """Whether an expression comes to something else in each instance of its block."""
        # The expression is kept beside the answer, so that its id stays its own.
        found = self._own.get(id(expression))
        if found is None:
            uses = any(words[0] in _OWN for words in syntax.first_words(expression) if words)
            found = self._own[id(expression)] = expression, uses
        return found[1]

    def _trace(self, expression: Expression, scope: Scope, depth: int) -> Traced:
        self._followed += 1
        if depth > DEEPEST or self._exhausted:
            return Lost((NOT_FOLLOWED,))
        if collections.is_loop(expression) and not scope.bound and not self.uses_own_key(expression):
            # The same for every instance of the block, which may be thousands.
            asked = ("loop", scope.module, id(expression))
            return self._once(asked, lambda: self._follow(expression, scope, depth))
        return self._follow(expression, scope, depth)

    def _follow(self, expression: Expression, scope: Scope, depth: int) -> Traced:
        match expression:
            case syntax.Literal(value):
                return Stated(value)
            case syntax.Traversal(words):
                return self._name(words, scope, depth)
            case syntax.Mentions(names):
                return self._mentions(names, scope, depth)
            case syntax.Inside(whole, path):
                return self._walk(self._trace(whole, scope, depth + 1), path, scope, depth)
            case syntax.Sequence(inner) | syntax.Template(inner) | syntax.Operation(inner, _):
                parts = tuple(self._trace(part, scope, depth + 1) for part in inner)
                return collections.arranged(expression, parts)
            case syntax.Call(name, arguments, expanded):
                given = tuple(self._trace(part, scope, depth + 1) for part in arguments)
                return Mixed(given) if expanded else functions.call(name, given)
            case _:
                within = partial(self._within, scope, depth + 1)
                return constructs.worked_out(expression, within, lambda: self._exhausted)

    def _within(self, scope: Scope, depth: int, bound: Mapping[str, Traced]) -> constructs.Trace:
        """Follow expressions in this scope, with these names bound beside its own."""
        inner = scope._replace(bound={**scope.bound, **bound}) if bound else scope
        return partial(self._trace, scope=inner, depth=depth)

    def _name(self, words: Sequence[Step], scope: Scope, depth: int) -> Traced:
        """Follow a name by its first word, and then the steps after it."""
        match words:
            case [str(first), *rest] if first in scope.bound:
                return self._walk(scope.bound[first], rest, scope, depth)
            case ["var", str(name), *rest]:
                found = self.variable(scope.module, name, depth)
            case ["local", str(name), *rest]:
                found = self.local(scope.module, name, depth)
            case ["each", "key"] | ["count", "index"]:
                return NO_OBJECT if scope.key is None else Stated(scope.key)
            case ["each", "value", *rest]:
                found = self._each_value(scope, depth)
            case ["module", str(call), *rest]:
                keys = self.instances.keys_of(scope.module, call)
                found = ModuleInstances(scope.module, call, keys, complete=self.instances.complete)
            case ["data", str(kind), str(name), *rest]:
                found = self._object("data", kind, name, scope)
            case [str(first), *_] if first in _NO_OBJECT:
                return NO_OBJECT
            case [str(kind), str(name), *rest]:
                found = self._object("managed", kind, name, scope)
            case _:
                return Lost((NOT_FOLLOWED,))
        return self._walk(found, rest, scope, depth)

    def _object(self, mode: str, kind: str, name: str, scope: Scope) -> Traced:
        by_key = self.instances.of(scope.module, mode, kind, name)
        if len(by_key) == 1 and None in by_key:
            return Instance(by_key[None])
        if by_key:
            return Repeated(by_key, self.instances.complete)
        known = self.module(scope.module).resource(mode, kind, name).block is not None
        address = f"{'data.' if mode == 'data' else ''}{kind}.{name}"
        if not self.instances.complete or (mode == "data" and not known):
            return Lost((address,))
        # A plan may leave out what it read, so that data without an instance may have one.
        return NO_INSTANCE if mode == "managed" else OneOf(())

    def _walk(self, found: Traced, rest: Sequence[Step], scope: Scope, depth: int) -> Traced:
        for place, step in enumerate(rest):
            match step:
                case str() if isinstance(found, ModuleInstances):
                    found = self._output(found, step, scope, depth)
                case str():
                    found = traversal.attribute(found, step, scope.key, keyed=scope.keyed)
                case InstanceKey(key):
                    found = traversal.at(found, key)
                case syntax.Index(expression):
                    found = traversal.at_traced(found, self._trace(expression, scope, depth + 1))
                case syntax.Splat():
                    after = partial(self._walk, rest=rest[place + 1 :], scope=scope, depth=depth + 1)
                    return traversal.each_of(found, after)
        return found

    def _output(self, called: ModuleInstances, name: str, scope: Scope, depth: int) -> Traced:
        """An output of a module: of one instance, of the one with the own key, or of any."""
        keys, grade = called.keys, called.grade
        if len(keys) > 1 and scope.keyed and scope.key in keys:
            keys, grade = (scope.key,), min(grade, Grade.SAME_KEY)
        found = [self.output((*called.parent, (called.call, key)), name, depth) for key in keys]
        whole = found[0] if len(found) == 1 else OneOf(tuple(found))
        return whole if grade is Grade.EXACT else lowered(whole, grade)

    def _mentions(self, names: Sequence[Sequence[Token]], scope: Scope, depth: int) -> Traced:
        """The names of an expression of plan JSON, in which a splat and a key leave no trace.

        `each.key` and `count.index` are listed beside what they are used on.
        """
        keyed = any(each[:1] and each[0] in ("each", "count") for each in names)
        scope = scope if keyed == scope.keyed else scope._replace(keyed=keyed)
        found = []
        for name in names:
            if tuple(name[:2]) in (("each", "key"), ("count", "index")) and len(names) > 1:
                continue
            traced = self._name(name, scope, depth + 1)
            if keyed and isinstance(traced, Repeated):
                traced = traversal.of_key(traced, scope.key, keyed=keyed)
            traced = mentioned(traced)
            if not (isinstance(traced, Mixed) and not traced.parts):
                found.append(traced)
        return found[0] if len(found) == 1 else Mixed(tuple(found))

    def _once(self, asked: Any, follow: Callable[[], Traced]) -> Traced:
        """Follow something once; what leads back to itself is lost.

        Terraform has no cycles; an edited plan can.
        """
        if asked not in self._values:
            self._values[asked] = Lost((NOT_FOLLOWED,))
            self._values[asked] = follow()
        return self._values[asked]

    def local(self, module: ModulePath, name: str, depth: int = 0) -> Traced:
        """A local; lost where the source is not at hand, since plan JSON has no locals."""
        expression = self.module(module).local(name)
        if expression is None:
            return Lost((f"local.{name}",))
        return self._once(
            ("local", module, name), lambda: self._trace(expression, Scope(module), depth + 1)
        )

    def output(self, module: ModulePath, name: str, depth: int = 0) -> Traced:
        """An output of one module instance."""
        expression = self.module(module).output(name)
        if expression is None:
            return Lost((f"module.{module[-1][0]}.{name}",))
        found = self._once(
            ("output", module, name), lambda: self._trace(expression, Scope(module), depth + 1)
        )
        declared = self.module(module).module.outputs[name]
        return hidden(found) if declared.sensitive else found

    def variable(self, module: ModulePath, name: str, depth: int = 0) -> Traced:
        """A variable: what the module was given, or its default."""
        return self._once(("var", module, name), lambda: self._given(module, name, depth))

    def _given(self, module: ModulePath, name: str, depth: int) -> Traced:
        unit = self.module(module)
        given = self._of_root(name) if not module else self._of_call(module, name, depth)
        declared = unit.module.variable(name)
        default = Stated(declared.value) if declared and declared.has_default else NO_OBJECT
        if given is None:
            given = default
        elif unit.takes_no_null(name):
            given = replaced(given, NULL_VALUE, default)
        given = converted(given, unit.type_of(name)) if unit.declares(name) else loosened(given)
        return hidden(given) if unit.hides(name) else given

    def _of_root(self, name: str) -> Traced | None:
        match self._plan.variables[name].peek() if name in self._plan.variables else None:
            case Known(value):
                return Stated(value)
            case state:
                return Stated(None) if state is NULL else None

    def _of_call(self, module: ModulePath, name: str, depth: int) -> Traced | None:
        parent, (call, key) = module[:-1], module[-1]
        unit = self.module(parent).call(call)
        expression = unit.argument(name)
        return (
            None if expression is None else self._trace(expression, Scope(parent, unit, key), depth + 1)
        )

    def _each_value(self, scope: Scope, depth: int) -> Traced:
        """`each.value`: what `for_each` has under the own key."""
        over = scope.unit.for_each
        if over is None or scope.key is None:
            return Lost(("each.value",))
        lossy = isinstance(over, syntax.Mentions)
        whole = self._once(
            ("for_each", scope.module, id(scope.unit)),
            lambda: self._trace(over, Scope(scope.module), depth + 1),
        )
        found = collections.under(whole, scope.key)
        if isinstance(found, Lost):
            return found if "each.value" not in found.names else Lost(collections.names_lost(whole))
        return lowered(found, Grade.SAME_KEY) if lossy else found
