"""The rows: what was measured wrong in the nearest peer, each as a plan and a requirement."""

from collections.abc import Sequence

from tests.conformance.false_passes import FALSE_PASSES
from tests.conformance.row import Row
from tests.conformance.wrong_failures import WRONG_FAILURES

__all__ = ["FALSE_PASSES", "ROWS", "WRONG_FAILURES"]

ROWS: Sequence[Row] = [*FALSE_PASSES, *WRONG_FAILURES]
