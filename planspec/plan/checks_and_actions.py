"""What will happen besides resource changes, and what did the plan check about itself?

The sections beside `resource_changes`: provider actions, deferred changes, results of checks. Only
addresses, reasons and results are read, never messages or values. Source: Terraform, "JSON Output
Format", checks representation; Terraform 1.9 `deferred_changes`, 1.14 `action_invocations`.
"""

import msgspec


class CheckAddress(msgspec.Struct, frozen=True):
    """What a check belongs to: a resource, an output, a variable or a `check` block."""

    to_display: str = ""
    kind: str = ""


class Check(msgspec.Struct, frozen=True):
    """The result of the conditions of one object: pass, fail, error or unknown."""

    address: CheckAddress = CheckAddress()
    status: str = "unknown"


class Invocation(msgspec.Struct, frozen=True):
    """One provider action that is run while the plan is applied, such as starting a function."""

    address: str = ""
    type: str = ""


class _Address(msgspec.Struct, frozen=True):
    address: str = ""


class Deferred(msgspec.Struct, frozen=True):
    """One change that Terraform puts off to a later plan, and its reason."""

    reason: str = ""
    resource_change: _Address = _Address()

    @property
    def address(self) -> str:
        """The address; it may end in `[*]` where the number of instances is not known."""
        return self.resource_change.address


_checks = msgspec.json.Decoder(list[Check])
_deferred = msgspec.json.Decoder(list[Deferred])
_invocations = msgspec.json.Decoder(list[Invocation])


def checks(raw: bytes | msgspec.Raw) -> list[Check]:
    """Decode `checks`. Raises msgspec.ValidationError for another shape."""
    return _checks.decode(raw)


def deferred(raw: bytes | msgspec.Raw) -> list[Deferred]:
    """Decode `deferred_changes`. Raises msgspec.ValidationError for another shape."""
    return _deferred.decode(raw)


def invocations(raw: bytes | msgspec.Raw) -> list[Invocation]:
    """Decode `action_invocations`. Raises msgspec.ValidationError for another shape."""
    return _invocations.decode(raw)
