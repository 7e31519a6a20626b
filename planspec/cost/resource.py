"""One resource that is being priced: what it states, and the components that follow.

What is missing is said once, here: a value that apply decides and a price that the catalogue does not
have make a component unknown, with the reason. An argument that nobody wrote has the default that AWS
or the provider documents; each such default is kept as an assumption.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Final

from planspec.cost.prices import PriceBook
from planspec.cost.two_sides import View
from planspec.cost.usage import Usage
from planspec.estimate import Bucket, Component, Price
from planspec.plan import UNKNOWN, Known, ResourceChange, Value

Path = tuple[str | int, ...]
Quantity = Decimal | int | Callable[[], Decimal | int]

NOT_SET: Final = object()
ONE: Final = Decimal(1)


class Undecided(Exception):
    """A figure cannot be told; the text says why."""


class PricedResource:
    """One side of one resource, and the components found so far."""

    def __init__(
        self, view: View, change: ResourceChange, book: PriceBook, usage: Usage, today: date
    ) -> None:
        self.view = view
        self.address = change.address
        self.book = book
        self.today = today
        self.region = view.region(change)
        self.components: list[Component] = []
        self.assumptions: dict[str, None] = {}
        self.inputs: list[Value] = []
        self._usage = usage
        self._read_from(change)

    def reading(self, change: ResourceChange) -> "PricedResource":
        """The same resource, priced by what another states: a launch template, say."""
        other = copy.copy(self)
        other._read_from(change)  # noqa: SLF001 its own
        return other

    def _read_from(self, change: ResourceChange) -> None:
        self.change = change
        self._stated: dict[Path, Any] = {}
        self._values = self.view.values(change)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Price one component: where a figure of it cannot be told, it is unknown, and nothing else."""
        try:
            yield
        except Undecided as undecided:
            self.unknown(name, str(undecided))

    # What the resource states

    def stated(self, *path: str | int) -> Any:
        """The value at this path; NOT_SET if nobody set it. Raises Undecided if apply decides."""
        if path not in self._stated:
            self._stated[path] = self._read(path)
        found = self._stated[path]
        if isinstance(found, Undecided):
            raise found
        return found

    def _read(self, path: Path) -> Any:
        """Read a place once: its value, NOT_SET, or why it cannot be told."""
        place = self._values.get(*path)
        self.inputs.append(place)
        match place.peek():
            case Known(value, _) if value in ("", []):
                return NOT_SET
            case Known(value, False):
                return value
            case Known(value, True) if not isinstance(value, dict | list):
                return value
            case state if state is UNKNOWN or isinstance(state, Known):
                if not isinstance(state, Known) and not self.view.is_written(self.change, *path):
                    return NOT_SET
                return Undecided(f"{place.path} is known after apply")
            case _:
                return NOT_SET

    def need(self, *path: str | int) -> Any:
        """The value at this path. Raises Undecided where nobody set it, for there is no default."""
        value = self.stated(*path)
        if value is NOT_SET:
            raise Undecided(f"{self._values.get(*path).path} is not in the plan")
        return value

    def get(self, default: Any, *path: str | int) -> Any:
        """The value at this path, or the documented default, which is noted as an assumption."""
        value = self.stated(*path)
        if value is NOT_SET:
            self.assume(f"{self._values.get(*path).path} is not set: {_plain(default)}")
            return default
        return value

    def quiet(self, default: Any, *path: str | int) -> Any:
        """The value at this path, or the default, where that needs no telling."""
        value = self.stated(*path)
        return default if value is NOT_SET else value

    def may_be(self, test: Callable[[Any], bool], default: Any, *path: str | int) -> bool:
        """Whether the value, or the default, is such a one; also where apply decides it."""
        try:
            return test(self.quiet(default, *path))
        except Undecided:
            return True

    def amount(self, *path: str | int) -> Decimal:
        """A number that the resource states. Raises Undecided if it states none."""
        return decimal(self.need(*path), self._values.get(*path).path)

    def blocks(self, name: str) -> list[Value]:
        """The nested blocks of a name. Raises Undecided if apply decides how many there are."""
        place = self._values.get(name)
        self.inputs.append(place)
        if place.peek() is UNKNOWN:
            if self.view.is_written(self.change, name):
                raise Undecided(f"{name} is known after apply")
            return []
        if not place.sized:
            raise Undecided(f"how many {name} there are is known after apply")
        return list(place.elements())

    def count(self, name: str) -> int:
        """How many elements a list or set has. Raises Undecided if that cannot be told."""
        place = self._values.get(name)
        self.inputs.append(place)
        reading = place.peek()
        if (
            place.sized
            and isinstance(reading, Known)
            and isinstance(reading.value, list)
            and reading.value
        ):
            return len(reading.value)
        why = "known after apply" if reading is UNKNOWN or not place.sized else "not in the plan"
        raise Undecided(f"{name} is {why}")

    def assume(self, text: str) -> None:
        """Note what is taken for granted."""
        self.assumptions[text] = None

    # What follows

    def add(
        self,
        name: str,
        key: str | Callable[[], str],
        quantity: Quantity,
        *,
        most: Quantity | None = None,
        bucket: Bucket = Bucket.FIXED,
        least_share: Decimal = ONE,
        region: str = "",
    ) -> None:
        """Add a component; whatever cannot be told of it makes it unknown, with the reason.

        Hours that are declared take the place of all hours of the month. `region`: where it is paid, if
        that is not where the resource is.
        """
        price: Price | None = None
        try:
            price = self.price(key() if callable(key) else key, region)
            if price.unit.endswith("hour") and self._use_hours(name, price):
                return
            least = Decimal(quantity() if callable(quantity) else quantity)
            upper = None if most is None else Decimal(most() if callable(most) else most)
        except Undecided as undecided:
            self.unknown(name, str(undecided), price)
            return
        self.components.append(Component(name, bucket, unit(price), least, price, upper, least_share))

    def unknown(self, name: str, reason: str, price: Price | None = None) -> None:
        """Add a component that has no figure."""
        shown = unit(price) if price else ""
        self.components.append(Component(name, Bucket.FIXED, shown, None, price, unknown=reason))

    def _use_hours(self, name: str, price: Price) -> bool:
        """Add the hours that somebody declared for this price, if somebody did."""
        declared = self._usage.declared(self.address, price.key)
        if declared is None:
            return False
        told = f"{declared.quantity:,f} {unit(price)}, declared in usage.toml: {declared.why}"
        self.assume(f"{name}: {told}")
        self.components.append(Component(name, Bucket.USAGE, unit(price), declared.quantity, price))
        return True

    def price(self, key: str, region: str = "") -> Price:
        """The price of this key where the resource is. Raises Undecided if there is none."""
        where = region or self.region
        if not where:
            raise Undecided("the plan does not tell the region")
        found = self.book.price(key, where)
        if found is None:
            raise Undecided(f"no price for {key} in {where}")
        return found

    def has_price(self, key: str) -> bool:
        """Whether the catalogue has this key where the resource is."""
        return bool(self.region) and self.book.price(key, self.region) is not None

    def use(self, name: str, key: str, region: str = "") -> None:
        """Add a component that depends on use: its quantity is declared, or it is left open."""
        where = region or self.region
        price = self.book.price(key, where) if where else None
        declared = self._usage.declared(self.address, key)
        shown = unit(price) if price else ""
        if declared is None:
            self.components.append(Component(name, Bucket.USAGE, shown, None, price))
            return
        if price is None:
            reason = f"no price for {key} in {where or 'an unknown region'}"
            self.components.append(Component(name, Bucket.USAGE, "", None, None, unknown=reason))
            return
        if price.up_to is not None and declared.quantity > price.up_to:
            reason = (
                f"only the first {price.up_to} {shown} have a price; {declared.quantity} are declared"
            )
            self.components.append(Component(name, Bucket.USAGE, shown, None, price, unknown=reason))
            return
        self.assume(f"{name}: {declared.quantity:,f} {shown}, declared in usage.toml: {declared.why}")
        self.components.append(Component(name, Bucket.USAGE, shown, declared.quantity, price))


def unit(price: Price) -> str:
    """What a quantity of this price counts in a month."""
    if price.unit.endswith("hour"):
        return f"{price.unit}s"
    return price.unit.removesuffix("-month")


def decimal(value: Any, where: str) -> Decimal:
    """Read a number exactly, also one that Terraform holds as a text. Raises Undecided if it is none."""
    try:
        number = Decimal(str(value).strip())
    except ArithmeticError:
        raise Undecided(f"{where} is not a number") from None
    if not number.is_finite() or number < 0:
        raise Undecided(f"{where} is not a valid number")
    return number


def _plain(value: Any) -> str:
    return (
        {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )
