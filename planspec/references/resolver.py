"""To which instances does one attribute of a resource refer?

Gathers the objects in what its expression comes to, each with a grade; and follows a resource that
only passes on what it was given to the object behind it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from planspec import syntax
from planspec.plan import UNKNOWN, Block, Known, Plan, ProviderConfiguration, ResourceChange
from planspec.references import traversal
from planspec.references.blocks import ModuleUnit, Unit
from planspec.references.candidates import Found, apart, counted, joined, lowered, one_of, unsure
from planspec.references.edges import LOST, Grade, References, Target, at_most, surest
from planspec.references.evaluator import Scope, Tracer
from planspec.references.symbolic import (
    Failed,
    Instance,
    Listed,
    Lost,
    Mixed,
    ModuleInstances,
    OneOf,
    Perhaps,
    Repeated,
    Stated,
    Traced,
    parts,
    undecided,
)
from planspec.syntax import Key, ModulePath

Path = tuple[str | int, ...]

# Attributes that hold what the resource was given under another name. An argument that is read back
# under its own name needs no entry. Source: AWS provider, "Attribute Reference" of each type.
_BUCKET_SETTINGS: Final = (
    "accelerate_configuration",
    "cors_configuration",
    "lifecycle_configuration",
    "logging",
    "notification",
    "object_lock_configuration",
    "ownership_controls",
    "policy",
    "public_access_block",
    "replication_configuration",
    "request_payment_configuration",
    "server_side_encryption_configuration",
    "versioning",
    "website_configuration",
)
_PASSED_ON: Final = {
    **{(f"aws_s3_bucket_{setting}", "id"): "bucket" for setting in _BUCKET_SETTINGS},
    ("aws_ecr_lifecycle_policy", "id"): "repository",
    ("aws_ecr_repository_policy", "id"): "repository",
    ("aws_secretsmanager_secret_version", "arn"): "secret_id",
    ("aws_sns_topic_policy", "id"): "arn",
    ("aws_sqs_queue_policy", "id"): "queue_url",
    ("null_resource", "triggers"): "triggers",
    ("terraform_data", "output"): "input",
}
DEEPEST_CHAIN: Final = 10


class Resolver:
    """Resolves the attributes of one plan's resources; each attribute once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tracer = Tracer(plan)
        self._traced: dict[tuple[object, ...], Traced] = {}
        self._resolved: dict[tuple[object, ...], References] = {}
        self._units: dict[tuple[str, str, str, str], Unit] = {}
        self._of_blocks: dict[int, tuple[Mapping[Key, Target], Found]] = {}
        self._chain = 0

    def of(self, change: ResourceChange, *path: str | int) -> References:
        """Return what the attribute at this path refers to, by its expression."""
        if not path:
            return LOST
        asked = (*self._shared(change, str(path[0])), path[1:], self._undecided(change, path))
        if asked not in self._resolved:
            self._resolved[asked] = self._of(change, path)
        return self._resolved[asked]

    def _undecided(self, change: ResourceChange, path: Path) -> object:
        """What of the plan's values the answer depends on."""
        place = change.planned.get(path[0])
        if len(path) > 1:
            return change.address
        reading = place.peek()
        # The parts of a list decide how many objects may be in it.
        return (
            change.address
            if isinstance(reading, Known) and reading.partly_unknown
            else reading is UNKNOWN
        )

    def _of(self, change: ResourceChange, path: Path) -> References:
        traced = self.traced(change, str(path[0]))
        if traced is None:
            return LOST
        # What the source states of a collection tells its elements apart.
        place = (change.planned if len(path) == 1 else change.after).get(path[0])
        for step in path[1:]:
            traced, place = traversal.select(traced, step, place)
        found = self._gather(traced, place.peek() is UNKNOWN)
        lost = tuple(dict.fromkeys(found.lost))
        targets = counted(found, place)
        return References(targets, lost, surest(found.behind), found.choice, found.perhaps)

    def traced(self, change: ResourceChange, attribute: str) -> Traced | None:
        """What the expression of an attribute comes to; None where none is written."""
        unit = self.unit(change)
        expression = unit.argument(attribute)
        if expression is None:
            return None
        asked = self._shared(change, attribute)
        if asked not in self._traced:
            module = self._tracer.instances.path(change.module_address)
            scope = Scope(module, unit, change.index_key)
            self._traced[asked] = self._tracer.trace(expression, scope)
        return self._traced[asked]

    def _shared(self, change: ResourceChange, attribute: str) -> tuple[object, ...]:
        """What an attribute is known by: one answer for all instances that do not use their key."""
        unit = self.unit(change)
        expression = unit.argument(attribute)
        if expression is None or not self._tracer.uses_own_key(expression):
            return change.module_address, id(unit), attribute
        return change.address, attribute

    def path(self, module_address: str) -> ModulePath:
        """The calls and keys of a module address."""
        return self._tracer.instances.path(module_address)

    def module(self, path: ModulePath) -> ModuleUnit:
        """A module as it is written."""
        return self._tracer.module(path)

    def position(self, module: ModulePath, address: str, path: str) -> str:
        """`file:line` of something in a module, from the source; empty where it is not at hand."""
        prefix = "".join(f"module.{call}." for call, _ in module)
        return self._plan.source.position(f"{prefix}{address}", path)

    def unit(self, change: ResourceChange) -> Unit:
        """The block of a resource, as it is written."""
        asked = (change.module_address, change.mode, change.type, change.name)
        found = self._units.get(asked)
        if found is None:
            module = self.module(self.path(change.module_address))
            found = module.resource(change.mode.value, change.type, change.name)
            self._units[asked] = found
        return found

    def has_block(self, change: ResourceChange) -> bool:
        """Whether the plan holds the block of this resource, as the source writes it."""
        return self.unit(change).block is not None

    def is_written(self, change: ResourceChange, attribute: str) -> bool:
        """Whether the source may set this attribute: no, only if its block is there without it.

        `dynamic` blocks are not in plan JSON, so an unwritten block can still be set by one; its
        values are then in the plan.
        """
        unit = self.unit(change)
        return unit.block is None or unit.argument(attribute) is not None

    def provider_of(self, change: ResourceChange) -> str | None:
        """The key of the provider configuration of a resource; None if it cannot be told.

        Before Terraform 1.2 the key of a resource in a module names nothing: it is then that of the
        provider, if there is only one.
        """
        configured = self._plan.configuration.provider_config
        block = self.unit(change).block
        if block is None or not block.provider_config_key:
            return None
        key = block.provider_config_key
        if key in configured or ":" not in key:
            return key
        name = key.rpartition(":")[2].partition(".")[0]
        same = [each for each, provider in configured.items() if (provider.name or each) == name]
        return same[0] if len(same) == 1 else None

    def of_provider(self, provider: ProviderConfiguration, argument: str) -> Traced | None:
        """What the source writes for a provider of the root module; None where that is not at hand."""
        source = self.module(()).source
        alias = (repr(syntax.Literal(provider.alias)),) if provider.alias else ()
        placed = source.placed(("provider", provider.name, *alias)) if source else None
        if placed is None or (not alias and placed.expression("alias") is not None):
            return None
        unit = Unit(Block(expressions=provider.expressions), placed)
        expression = unit.argument(argument) if unit.placed else None
        return None if expression is None else self._tracer.trace(expression, Scope((), unit))

    def provider_sets(self, change: ResourceChange, argument: str) -> bool | None:
        """Whether the provider configuration of a resource has this argument; None if unknown."""
        key = (self.unit(change).block or Block()).provider_config_key
        provider = self._plan.configuration.provider_config.get(key)
        return None if provider is None else argument in provider.expressions

    def _gather(self, traced: Traced, unknown: bool | None) -> Found:
        """The objects inside what an expression comes to.

        `unknown`: the plan leaves the value open, so that of a choice only what is open is meant; None
        if something else can be why it is open.
        """
        match traced:
            case Instance(target):
                return Found((target,), (), self._behind(traced))
            case Repeated(by_key, _):
                return self._any_of(by_key)
            case ModuleInstances(call=call):
                return Found(lost=(f"module.{call}",))
            case Lost(names):
                return Found(lost=names)
            case OneOf(alternatives, decided):
                return self._chosen(alternatives, decided, unknown)
            case Perhaps(item, decided):
                # It may be that nothing is meant.
                found = self._gather(item, unknown)
                return found if decided else lowered(found, Grade.CANNOT_TELL)
            case Mixed(inner, False):
                return self._made_of(inner, unknown)
            case _:
                told = [each for each in parts(traced) if not isinstance(each, Stated)]
                why = None if unknown and len(told) > 1 else unknown
                return joined(self._gather(each, why) for each in told)

    def _made_of(self, inner: Sequence[Traced], unknown: bool | None) -> Found:
        """What is worked out from several, in a way that is not followed: a condition can be in it."""
        found = [self._gather(each, unknown) for each in inner]
        beside = (each for each, held in zip(inner, found, strict=True) if held == Found())
        whole = unsure(joined(apart(found)))
        return lowered(whole, Grade.CANNOT_TELL) if any(map(undecided, beside)) else whole

    def _any_of(self, by_key: Mapping[Key, Target]) -> Found:
        """Some instance of a block; worked out once, since many can refer to many."""
        if id(by_key) not in self._of_blocks:
            grade = Grade.EXACT if len(by_key) == 1 else Grade.TYPE_ONLY
            found = Found(tuple(at_most(each, grade) for each in by_key.values()))
            # Kept with what it is about, so that the id stays its own.
            self._of_blocks[id(by_key)] = by_key, found
        return self._of_blocks[id(by_key)][1]

    def _chosen(self, alternatives: Sequence[Traced], decided: bool, unknown: bool | None) -> Found:
        """What one of several comes to. A value that is open is none of those that are stated."""
        # An error is no value, so that where there is one it is none of these.
        left = [each for each in alternatives if not isinstance(each, Failed)]
        if decided and unknown:
            left = [each for each in left if not _is_stated(each)]
        why = unknown if decided or not unknown else None
        found = [self._gather(each, why) for each in left]
        there = [each for each in found if each.targets or each.lost]
        nothing = [each for each, it in zip(left, found, strict=True) if not (it.targets or it.lost)]
        kept = apart(there)
        whole = one_of(kept)
        # It may be that nothing is meant. What is decided later, between values alone, is open as well.
        if nothing and (not decided or unknown is None or any(map(undecided, nothing))):
            return lowered(whole, Grade.CANNOT_TELL)
        return whole if len(kept) == 1 else unsure(whole._replace(choice=True))

    def _behind(self, instance: Instance) -> tuple[Target, ...]:
        """The objects behind an instance that passes on what it was given."""
        change = instance.target.change
        if change is None or not instance.path or self._chain > DEEPEST_CHAIN:
            return ()
        name = str(instance.path[0])
        name = _PASSED_ON.get((change.type, name), name)
        if self.unit(change).argument(name) is None:
            return ()
        self._chain += 1
        found = self.of(change, name, *instance.path[1:])
        self._chain -= 1
        last = found.passed_on or found.targets
        grade = instance.target.grade
        return tuple(at_most(each, grade) for each in last) if found.followed else ()


def _is_stated(traced: Traced) -> bool:
    """Whether the plan has a value for it, so that a value that is open is another one."""
    match traced:
        case Stated():
            return True
        case Instance(_, path, False):
            place = traced.place
            return bool(path) and place is not None and isinstance(place.peek(), Known)
        case Listed(items, True) | Mixed(items, True):
            return all(map(_is_stated, items))
        case _:
            return False
