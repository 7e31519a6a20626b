"""What does one side say about one plan?

The function that runs everywhere: in this process, in a pool of processes, on a cluster. It takes and
returns plain values, and never raises: a bad plan must not stop the rest.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from planspec import masking
from planspec.errors import PlanspecError
from planspec.evidence import ScenarioRecord
from planspec.runner import load
from planspec.runner.batch import Catalogue, Judge


class Task(NamedTuple):
    """One plan to judge by one side; the side is named by its paths and its digest."""

    plan: str
    sha256: str
    side: str
    features: tuple[str, ...]
    policies: str
    digest: str
    today: str
    steps: tuple[str, ...] = ()


class Row(NamedTuple):
    """The verdict of one scenario on one plan; `problem` says why a plan was not judged."""

    plan: str
    sha256: str
    side: str
    digest: str
    scenario: str
    verdict: str
    enforcement: str
    findings: int
    problem: str = ""


_judges: dict[tuple[object, ...], Judge] = {}


def judged(task: Task) -> list[Row]:
    """Judge one plan by one side: a row for each scenario, or one that says what went wrong."""
    identity = (task.plan, task.sha256, task.side, task.digest)
    try:
        data = Path(task.plan).read_bytes()
        if hashlib.sha256(data).hexdigest() != task.sha256:
            raise PlanspecError(f"{task.plan}: changed since the backtest began")
        with masking.remembering():
            records = _records(task, data)
    except PlanspecError as error:
        return [Row(*identity, "", "not judged", "", 0, str(error))]
    except (OSError, RecursionError, MemoryError) as error:
        return [Row(*identity, "", "not judged", "", 0, f"{task.plan}: {type(error).__name__}")]
    return [
        Row(*identity, each.scenario, each.verdict, each.enforcement, len(each.findings))
        for each in records
    ]


def _records(task: Task, data: bytes) -> Sequence[ScenarioRecord]:
    """The verdicts. Raises PlanspecError, whose text shows no secret: rows leave this process."""
    try:
        return _judge(task).judge(load.decoded_plan(data, task.plan))[0]
    except PlanspecError as error:
        raise PlanspecError(masking.shown(str(error))) from error


def _judge(task: Task) -> Judge:
    """The requirements of a side are read once in each process."""
    key = (task.features, task.policies, task.steps, task.digest)
    if key not in _judges:
        wanted = Catalogue(
            tuple(map(Path, task.features)),
            Path(task.policies),
            "",
            date.fromisoformat(task.today),
            tuple(map(Path, task.steps)),
        )
        _judges[key] = Judge(wanted)
    return _judges[key]
