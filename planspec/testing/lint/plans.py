"""What do the recorded plans say about the scenarios: does each find something, and can it hold?"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from planspec import bundle, plan
from planspec.errors import PlanspecError
from planspec.evidence import ScenarioRecord
from planspec.runner.batch import Catalogue, Judge
from planspec.testing.lint.problem import Problem

NOT_APPLICABLE = "not applicable"


class Judged:
    """Every recorded plan, judged by every scenario."""

    def __init__(self, plans: Sequence[Path], wanted: Catalogue) -> None:
        self.problems: list[str] = []
        self.records: dict[str, Sequence[ScenarioRecord]] = {}
        self.addresses: list[str] = []
        judge = Judge(wanted)
        for path in plans:
            try:
                read = plan.read(path)
                self.records[str(path)] = judge.judge(read)[0]
                self.addresses += [change.address for change in read.changes]
            except PlanspecError as error:
                self.problems.append(str(error))


def problems(
    records: Mapping[str, Sequence[ScenarioRecord]], have_to_apply: Sequence[str] | None
) -> Iterator[Problem]:
    """Yield scenarios that examine nothing in any plan, and those that no plan satisfies.

    Asked are those of `have_to_apply`, which `limits.toml` names; None: all. A catalogue may hold
    requirements for other estates than the one that the plans are of.
    """
    reached: dict[tuple[str, int, str], set[str]] = {}
    reasons: dict[str, str] = {}
    for found in records.values():
        for each in found:
            if have_to_apply is None or each.scenario in have_to_apply:
                reached.setdefault((each.file, each.line, each.name), set()).add(each.verdict)
                reasons[each.name] = f": {each.reason}" if each.reason else ""
    for (file, line, name), verdicts in reached.items():
        where = str(bundle.ROOT / file) if (bundle.ROOT / file).is_file() else file
        if verdicts == {NOT_APPLICABLE}:
            text = f'"{name}" examines nothing in {len(records)} recorded plans{reasons[name]}'
            yield Problem(where, line, "vacuous", text)
        elif "satisfied" not in verdicts and "waived" not in verdicts:
            text = f'"{name}" is satisfied by none of {len(records)} recorded plans'
            yield Problem(where, line, "never-satisfied", text)
