"""What is a subject of a requirement, and what is one thing that can be asked of it?"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from planspec.aws import Database, databases, other_databases
from planspec.estimate import Estimate
from planspec.finding import Judgement
from planspec.judgements.generic.selections import Selection
from planspec.plan import Plan, ResourceChange
from planspec.policies import Parameters


class Inputs(Protocol):
    """What a run knows beside the plan: the policies, and what a month costs."""

    @property
    def parameters(self) -> Parameters:
        """The numbers and lists of the policies."""

    def need(self, name: str) -> dict[str, Any]:
        """The policy document of this name, which says which permissions are needed."""

    @property
    def estimate(self) -> Estimate:
        """What the plan costs a month; reckoned when it is asked for the first time."""


class Subject(NamedTuple):
    """What a requirement can be about.

    `name` is how a step says it, and `when` the whole step. `kinds` are its types of resources, the
    usual one first; `choose` finds those of a plan. `whole`: it cannot be narrowed down by a filter.
    `configured`: only the configuration tells of it, which a plan may not hold.
    """

    name: str
    meaning: str
    kinds: tuple[str, ...]
    choose: Callable[[Plan, Inputs], Sequence[ResourceChange]]
    when: str
    words: tuple[str, ...] = ()
    whole: bool = False
    configured: bool = False
    # How a finding about all of them calls them; the name where that is the same.
    text: str = ""


class Asked(NamedTuple):
    """What an outcome judges, and by what: the selection, the policies, the blanks of the step."""

    selection: Selection
    inputs: Inputs
    numbers: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan, for what belongs to the selection; the selection itself is in `resources`."""
        return self.selection.plan

    @property
    def resources(self) -> tuple[ResourceChange, ...]:
        """The resources that were chosen, and kept."""
        return self.selection.resources

    @property
    def number(self) -> int:
        """The first number of the step."""
        return self.numbers[0]

    @property
    def databases(self) -> tuple[Database, ...]:
        """The databases that were chosen, each as an instance or a cluster with its instances."""
        chosen = {each.address for each in self.resources}
        every = (*databases(self.plan), *other_databases(self.plan))
        return tuple(each for each in every if each.head.address in chosen)

    @property
    def parameters(self) -> Parameters:
        """The numbers and lists of the policies."""
        return self.inputs.parameters


Judge = Callable[[Asked], Judgement]


class Outcome(NamedTuple):
    """One thing that can be asked of a subject: a setting or part by name, or a phrase of its own.

    `form` is the phrase with its blanks, `name` what stands in the first of them ("" where there is
    none). `argument` and `values` say where Terraform has it and what complies; `words` are other
    names under which people look for it. A number has a `unit`, and a text is one of `texts`.
    """

    subject: str
    form: str
    name: str
    judge: Judge
    argument: str
    values: str
    meaning: str
    words: tuple[str, ...] = ()
    unit: str = ""
    texts: tuple[str, ...] = ()
