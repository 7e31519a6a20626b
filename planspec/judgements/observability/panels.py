"""Which metrics do the widgets of a CloudWatch dashboard show?

Source: Amazon CloudWatch API, "Dashboard body structure and syntax": a metric is a list of its
namespace, its name and pairs of dimensions; "." repeats what stands above, "..." all that is left out.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Self

from planspec.plan import Known, Reading


class Row(NamedTuple):
    """One metric of a widget: its namespace, its name and its dimensions."""

    namespace: str
    metric: str
    dimensions: frozenset[tuple[str, str]]


class Panels(NamedTuple):
    """What widgets show: metrics, and expressions that name or search for some."""

    rows: tuple[Row, ...]
    expressions: tuple[str, ...]

    @classmethod
    def joined(cls, several: Sequence["Panels"]) -> Self:
        """Those of several dashboards."""
        return cls(
            tuple(row for each in several for row in each.rows),
            tuple(text for each in several for text in each.expressions),
        )

    def are_about(self, metric: tuple[str, str]) -> bool:
        """Whether they show this metric of anything."""
        rows = any((row.namespace, row.metric) == metric for row in self.rows)
        return rows or any(_has(metric[1], each) for each in self.expressions)

    def show(self, metric: tuple[str, str], dimension: str, names: Sequence[Reading]) -> bool | None:
        """Whether they show this metric of all of these; None where an expression may find them."""
        if not names:
            return False
        answers = [self._shows(metric, dimension, each) for each in names]
        return False if False in answers else None if None in answers else True

    def _shows(self, metric: tuple[str, str], dimension: str, name: Reading) -> bool | None:
        if not isinstance(name, Known):
            return False
        pair = (dimension, str(name.value))
        if any((row.namespace, row.metric) == metric and pair in row.dimensions for row in self.rows):
            return True
        searches = [each for each in self.expressions if _has(metric[1], each)]
        if any(_has(str(name.value), each) for each in searches):
            return True
        # One that names no database searches for all of them.
        return None if any("=" not in each.partition(metric[1])[2] for each in searches) else False


def panels_of(body: str) -> Panels | None:
    """What a dashboard shows; None if its body cannot be read."""
    try:
        widgets = json.loads(body)["widgets"]
        drawn = [each for each in widgets if each.get("type", "metric") in ("metric", "explorer")]
        lists = [each.get("properties", {}).get("metrics", []) for each in drawn]
        rows, expressions = [], []
        for each in lists:
            for row, options in _expanded(each):
                if options.get("visible") is False:
                    continue
                if "expression" in options:
                    expressions.append(str(options["expression"]))
                elif len(row) > 1:
                    pairs = frozenset(zip(row[2::2], row[3::2], strict=False))
                    rows.append(Row(row[0], row[1], pairs))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return Panels(tuple(rows), tuple(expressions))


def _expanded(metrics: Sequence[Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """The rows of a widget, with what they repeat of the row above, and their options."""
    above: list[str] = []
    for entry in metrics:
        if isinstance(entry, dict):  # of an explorer, which finds its resources by tags
            yield [], {"expression": str(entry.get("metricName", ""))}
            continue
        options = entry[-1] if entry and isinstance(entry[-1], dict) else {}
        row = [str(each) for each in entry if not isinstance(each, dict)]
        if row[:1] == ["..."]:
            row = [*above[: len(above) - len(row) + 1], *row[1:]]
        row = [above[at] if each == "." and at < len(above) else each for at, each in enumerate(row)]
        above = row or above
        yield row, options


def _has(word: str, text: str) -> bool:
    """Whether a word stands in a text, and not as a part of a longer name."""
    return re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])", text) is not None
