"""Which attributes did the checks look at, as far as they say?

Many resources are judged by the same checks, so each check with its keys is written once, and each
address names them by position.
"""

from typing import Any

from planspec.checkov.worker.scan import Outcome


class Looks:
    """What is collected while a plan is judged."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[Any, ...], int] = {}
        self._addresses: dict[str, dict[int, None]] = {}

    def add(self, outcome: Outcome) -> None:
        """Note one outcome, whatever its result."""
        kind = (outcome.check, outcome.keys, outcome.graph)
        position = self._kinds.setdefault(kind, len(self._kinds))
        self._addresses.setdefault(outcome.address, {})[position] = None

    def told(self) -> dict[str, Any]:
        """The part of the answer: `kinds` are check, keys and whether it is a graph check."""
        return {
            "kinds": list(self._kinds),
            "addresses": {address: list(found) for address, found in self._addresses.items()},
        }
