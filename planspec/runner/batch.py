"""How are many plans judged by the same requirements, without reading those again each time?

What mutation, backtests and the linter ask: verdicts alone, without Checkov and without a report.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from planspec.evidence import ScenarioRecord
from planspec.features import own_steps
from planspec.features import selection as chosen
from planspec.plan import Plan, notice
from planspec.policies import read_policies
from planspec.runner import isolated_pytest, judged_enough
from planspec.runner.context import RunContext


class Catalogue(NamedTuple):
    """The requirements to judge by, as another process can read them too."""

    features: tuple[Path, ...]
    policies: Path
    tags: str
    today: date
    steps: tuple[Path, ...] = ()


class Judge:
    """Judges plans by one catalogue. Raises FeatureError or PolicyError for one that cannot be read."""

    def __init__(self, wanted: Catalogue) -> None:
        self.wanted = wanted
        self.policies = read_policies(wanted.policies)
        self.own = own_steps.load(wanted.steps)
        with own_steps.in_force(self.own):
            every = chosen.read(wanted.features, self.policies.frameworks)
        judged_enough.require_named_addresses(self.policies, every, wanted.policies)
        self.scenarios = chosen.selected(wanted.tags, every)

    def judge(
        self, plan: Plan, numbers: frozenset[str] | None = None, *, keep: bool = False
    ) -> tuple[Sequence[ScenarioRecord], RunContext]:
        """Judge a plan by the scenarios of these numbers, or by all; `keep` keeps what each read.

        Raises PlanspecError for whatever keeps the plan from being judged.
        """
        notice(plan)
        chosen = [each for each in self.scenarios if numbers is None or each.number in numbers]
        run = RunContext(
            plan=plan,
            policies=self.policies,
            today=self.wanted.today,
            scenarios={(each.file, each.line, each.name): each for each in chosen},
            keep_reads=keep,
            folder=self.wanted.policies,
            own=self.own,
        )
        return isolated_pytest.judge(run, chosen), run
