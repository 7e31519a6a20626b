"""Golden plans of scenarios that hold one attribute of one kind of resource."""

from collections.abc import Mapping
from typing import Any

from tests.golden.recipe import Scenario
from tests.support.cutting import Cut
from tests.support.recipe_edits import known, left_out, unknown


def attribute(
    number: str,
    base: Cut,
    address: str,
    path: str,
    *,
    good: Mapping[str, Any] | None = None,
    bad: Mapping[str, Any],
    unset: str = "",
    computed: bool = False,
) -> Scenario:
    """As corrected, with good and bad values, left out (`unset` is the verdict), and unknown."""
    scenario = Scenario(number, base).satisfied("as corrected")
    for why, value in (good or {}).items():
        scenario.satisfied(why, known(address, path, value))
    for why, value in bad.items():
        scenario.violated(why, known(address, path, value))
    if unset:
        without_it = left_out(address, path.partition("[")[0], computed=computed)
        getattr(scenario, unset)("left out", without_it)
    return scenario.undetermined("known after apply", unknown(address, path))
