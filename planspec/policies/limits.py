"""What does an organisation state of its own: what a month may cost, what is needed, what has to apply?

Nothing here has a default. `limits.toml` is read on top of `parameters.toml` and never travels with
planspec: what nobody stated makes its requirement not applicable, and never satisfied.
"""

import math
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec

from planspec import toml
from planspec.errors import PolicyError
from planspec.policies.optional import is_stated

FILE: Final = "limits.toml"
Contents = TypeVar("Contents")
Positive = Annotated[int, msgspec.Meta(ge=1)]
Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table in which every key is known and has its type."""


class Cost(_Strict, frozen=True):
    """The largest sizes and sums that are accepted, and how much a container may log."""

    log_level_variables: list[Text]
    chatty_log_levels: list[Text]
    largest_task_cpu_units: Positive | None = None
    largest_task_memory_mib: Positive | None = None
    database_classes: list[Text] | None = None
    multi_az_cluster_classes: list[Text] | None = None
    monthly_budget_usd: Positive | None = None
    monthly_budget_at_scale_usd: Positive | None = None
    monthly_increase_usd: Positive | None = None

    def __post_init__(self) -> None:
        """Refuse a list that accepts nothing; msgspec says in which table."""
        for name in ("database_classes", "multi_az_cluster_classes"):
            if getattr(self, name) == []:
                raise ValueError(f"{name} names no class: state one, or take the key out")

    def classes_of(self, *, multi_az_cluster: bool) -> list[str] | None:
        """The accepted classes of a Multi-AZ cluster, or of all others; None where nobody stated any."""
        own = self.multi_az_cluster_classes if multi_az_cluster else None
        return self.database_classes if own is None else own


class Need(_Strict, frozen=True):
    """What a service was measured, or agreed, to need; sizes are held to it, never to a guess."""

    task_cpu_units: Positive | None = None
    task_memory_mib: Positive | None = None
    requests_per_second: Positive | None = None
    requests_per_second_per_task: Positive | None = None
    fewest_tasks: Positive | None = None
    database_memory_gib: Annotated[float, msgspec.Meta(gt=0)] | None = None
    database_iops: Positive | None = None


def unstated(table: Cost | Need, *names: str) -> tuple[str, ...]:
    """The keys of these names that nobody stated, as `limits.toml` has them."""
    inside = type(table).__name__.lower()
    return tuple(f"{inside}.{name}" for name in names if getattr(table, name) is None)


class Applicable(_Strict, frozen=True):
    """The numbers of the scenarios that have to apply under `--require-applicable`; None: all."""

    scenarios: Annotated[list[Text], msgspec.Meta(min_length=1)] | None = None


def read_both(policies: Path, kind: type[Contents]) -> Contents:
    """Read `parameters.toml`, and `limits.toml` on top of it where there is one.

    Raises PolicyError, which names the file and the key; a key that stands in both names both places.
    """
    parameters, limits = policies / "parameters.toml", policies / FILE
    stated = _decode(parameters)
    if not is_stated(limits):
        return _convert(stated, kind, parameters)
    own = _decode(limits)
    twice = _twice(stated, own, "")
    if twice:
        raise PolicyError(f"{limits}: {twice} is also in {parameters}; keep one of them")
    try:
        return _convert(_merged(stated, own), kind, limits)
    except PolicyError as error:
        # A mistake of parameters.toml is there without limits.toml too, and said in the same words.
        told = str(error).removeprefix(f"{limits}")
        for alone in _mistakes(stated, kind, parameters):
            if alone.removeprefix(f"{parameters}") == told:
                raise PolicyError(alone) from error
        raise


def _mistakes(stated: dict[str, Any], kind: type[Any], path: Path) -> list[str]:
    try:
        _convert(stated, kind, path)
    except PolicyError as error:
        return [str(error)]
    return []


def _decode(path: Path) -> dict[str, Any]:
    try:
        stated = toml.table(path.read_bytes())
        _refuse_endless(stated, "$", path)
        return stated
    except msgspec.DecodeError as error:
        raise PolicyError(f"{path}: {error}; see the file in planspec's repository") from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; name a folder with --policies") from error


def _refuse_endless(value: Any, place: str, path: Path) -> None:
    """Raise PolicyError for `inf` and `nan`, which TOML has and which no figure can be held to."""
    if isinstance(value, float) and not math.isfinite(value):
        raise PolicyError(f"{path}: {value} is not a finite number - at `{place}`; write a number")
    if isinstance(value, dict):
        for name, each in value.items():
            _refuse_endless(each, f"{place}.{name}", path)
    if isinstance(value, list):
        for number, each in enumerate(value):
            _refuse_endless(each, f"{place}[{number}]", path)


def _convert(stated: dict[str, Any], kind: type[Contents], path: Path) -> Contents:
    try:
        return msgspec.convert(stated, kind, builtin_types=(date, datetime, time), str_keys=True)
    except msgspec.ValidationError as error:
        raise PolicyError(f"{path}: {error}; see the file in planspec's repository") from error


def _twice(one: dict[str, Any], other: dict[str, Any], inside: str) -> str:
    """The first key that both state; a table is stated by its keys."""
    for key in sorted(other.keys() & one.keys()):
        first, second = one[key], other[key]
        if isinstance(first, dict) and isinstance(second, dict):
            found = _twice(first, second, f"{inside}{key}.")
        else:
            found = f"{inside}{key}"
        if found:
            return found
    return ""


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Both, where no key stands in both but tables."""
    merged = {**one, **other}
    for key in one.keys() & other.keys():
        merged[key] = _merged(one[key], other[key])
    return merged
