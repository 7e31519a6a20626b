"""What a recipe is: a scenario, a verdict, why, a base plan, and edits."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, Self

from tests.support.cutting import Cut, carry_out
from tests.support.recipe_edits import Edit
from tests.support.values_and_marks import Document

# An adversary's try: the title is false, or perhaps, and whoever reads one attribute does not see it.
Deceit = Literal[
    "shape",  # the same thing in another type, block or document
    "companion",  # what it leans on is not there, goes, or is of something else
    "overruled",  # a second resource, entry or statement takes it back
    "default",  # nothing is written, and what AWS or the provider does is not what is asked
    "empty",  # something stands there, and it is null, blank, switched off or without effect
    "perhaps",  # apply decides whether it is there, or whose it is
    "unit",  # the number is of another unit, or the bound of another thing
    "spelling",  # case, wildcard, alias, number or name that reads like another
    "another one",  # one of several is right: an instance, a module, a sibling
    "before",  # what was there, or what becomes of it, says the opposite
    "engine",  # right for another engine, platform or kind, and wrong or nothing for this one
]


class Recipe(NamedTuple):
    """How one golden plan is made, and its name: the verdict, and why."""

    name: str
    base: Cut
    edits: tuple[Edit, ...]
    deceit: Deceit | None = None

    def plan(self) -> Document:
        """Make the plan."""
        try:
            made = carry_out(self.base)
            for edit in self.edits:
                edit(made)
        except Exception as error:
            error.add_note(f"in the recipe of {self.name}")
            raise
        return made


class Scenario:
    """The golden plans of one scenario; each method adds one and gives the scenario back.

    `shared` edits come first in every recipe. `why` says in two to six words what is the case.
    `deceit` marks an adversary's try and names its kind; each scenario has three, of two kinds.
    """

    def __init__(self, number: str, base: Cut, *shared: Edit) -> None:
        self.number = number
        self.base = base
        self.shared = shared
        self.recipes: list[Recipe] = []
        self.never_undetermined_because = ""

    def satisfied(self, why: str, *edits: Edit, base: Cut | None = None) -> Self:
        """The scenario holds."""
        return self._add("satisfied", why, edits, base)

    def violated(
        self, why: str, *edits: Edit, base: Cut | None = None, deceit: Deceit | None = None
    ) -> Self:
        """The plan shows that the scenario does not hold."""
        return self._add("violated", why, edits, base, deceit)

    def undetermined(
        self, why: str, *edits: Edit, base: Cut | None = None, deceit: Deceit | None = None
    ) -> Self:
        """The plan does not say whether the scenario holds."""
        return self._add("undetermined", why, edits, base, deceit)

    def never_undetermined(self, because: str) -> Self:
        """No plan can leave this scenario open; says why."""
        self.never_undetermined_because = because
        return self

    def _add(
        self,
        verdict: str,
        why: str,
        edits: Sequence[Edit],
        base: Cut | None,
        deceit: Deceit | None = None,
    ) -> Self:
        name = f"{verdict}-{re.sub('[ ,]+', '-', why)}"
        if any(each.name == name for each in self.recipes):
            raise ValueError(f"{self.number}: two recipes are called {name}")
        shared = self.shared if base is None else ()
        self.recipes.append(Recipe(name, base or self.base, (*shared, *edits), deceit))
        return self
