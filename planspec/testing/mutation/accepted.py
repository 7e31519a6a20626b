"""Which mutants may pass unnoticed, and why?

A reviewed file, `mutants.toml` among the policies. `[[accepted]]` are changes that weaken nothing (an
argument left out whose default is the same), or that a requirement leaves open on purpose; `[[unread]]`
are changes of what no requirement reads, which a blind run tries. `*` stands for any text.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from planspec import toml
from planspec.errors import PolicyError
from planspec.testing.mutation.mutants import Mutant
from planspec.wildcards import expression

Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]


class Accepted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Mutants that somebody looked at and accepted, with the reason."""

    operator: Text
    address: Text
    reason: Text
    path: str = "*"
    old: str = "*"
    new: str = "*"

    def covers(self, mutant: Mutant) -> bool:
        """Whether it is about this mutant."""
        pairs = (
            (self.operator, mutant.operator),
            (self.address, mutant.address),
            (self.path, mutant.path),
            (self.old, mutant.old),
            (self.new, mutant.new),
        )
        return all(_pattern(wanted).fullmatch(found) for wanted, found in pairs)

    def names(self, scenario: str) -> bool:
        """Whether its address is the number of this scenario."""
        return bool(_pattern(self.address).fullmatch(scenario))


class Reviewed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The reviewed file: what may pass of what is read, and of what is not."""

    accepted: list[Accepted] = []
    unread: list[Accepted] = []

    def covering(self, *, blind: bool) -> Sequence[Accepted]:
        """The entries of a run; what nobody reads is no excuse for what somebody does."""
        return [*self.accepted, *self.unread] if blind else self.accepted


def read_accepted(path: Path) -> Reviewed:
    """Read the reviewed file. Raises PolicyError, which names the file and the key."""
    try:
        return toml.decode(path.read_bytes(), Reviewed)
    except msgspec.DecodeError as error:
        expected = "expected [[accepted]] and [[unread]] tables with a reason"
        raise PolicyError(f"{path}: {error}; {expected}") from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; name a file with --accepted") from error


@lru_cache
def _pattern(text: str) -> re.Pattern[str]:
    """`*` for any text, `a|b` for either, everything else as it is."""
    return re.compile("|".join(map(expression, text.split("|"))), re.DOTALL)
