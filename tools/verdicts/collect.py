"""Judge plans by the planspec of one checkout, and write down what it says of each, as JSON.

    PYTHONPATH=CHECKOUT python -m tools.verdicts.collect CHECKOUT LIST

LIST is JSON: a path, a folder of source or null, and the one scenario to judge by or null. A line is
written for each. Beyond `planspec`, nothing is imported: the other version may have other tools.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from planspec.errors import PlanspecError
from planspec.runner import load
from planspec.runner.batch import Catalogue, Judge

DAY = date(2026, 6, 1)


def said(judge: Judge, path: str, source: str | None, number: str | None) -> Iterator[list[str]]:
    """The verdict of each scenario, then its findings, as rows of text."""
    try:
        plan = load.read(path, Path(source) if source else None).plan
        records, _ = judge.judge(plan, frozenset([number]) if number else None)
    except PlanspecError as error:
        yield ["error", str(error)]
        return
    for record in records:
        yield [record.scenario, str(record.verdict)]
        for each in record.findings:
            told: tuple[Any, ...] = (
                each.address,
                each.verdict,
                each.observed,
                each.expected,
                each.remedy,
            )
            yield [record.scenario, *map(str, told)]


def main(checkout: str, listed: str) -> None:
    """Judge what is listed, a line of JSON each."""
    root = Path(checkout)
    judge = Judge(Catalogue((root / "features",), root / "policies", "", DAY))
    for path, source, number in json.loads(Path(listed).read_text("utf-8")):
        rows = list(said(judge, path, source, number))
        sys.stdout.write(json.dumps(rows) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
