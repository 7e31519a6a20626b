"""How many references lead to one instance? Counts only; the corpus is other people's.

    python tests/docs/references.py

Asked is each argument of a resource to be created that the plan leaves open as a whole although it
is written. Writes the tables of docs/references.md again; tests/docs/test_references.py holds them.
"""

import importlib.util
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from planspec import UNKNOWN, Action, Plan, ResourceChange, Value, decode
from planspec.errors import PlanError
from planspec.references import Grade, References, graph, with_source
from planspec.source import of_folder

ROOT: Final = Path(__file__).resolve().parents[2]
Step = str | int

ONE, KEYED, EACH, NONE, SEVERAL, LOCAL, OTHER = (
    "one instance",
    "one, by its key",
    "several, each certain",
    "no resource",
    "one of several",
    "lost in a local",
    "cannot tell otherwise",
)
KINDS: Final = (ONE, KEYED, EACH, NONE, SEVERAL, LOCAL, OTHER)
PAGE: Final = ROOT / "docs" / "references.md"


class Row(NamedTuple):
    """What was asked of which plans, and how often each kind of answer came."""

    name: str
    found: Counter[str]

    @property
    def total(self) -> int:
        """How many references were asked for."""
        return self.found.total()

    def share(self, *kinds: str) -> float:
        """The share of these answers, from 0 to 1."""
        return sum(self.found[kind] for kind in kinds) / max(self.total, 1)

    def __str__(self) -> str:
        shares = (
            f"{self.share(kind):.1%}".replace("%", " %") if self.found[kind] else "" for kind in KINDS
        )
        return f"| {self.name} | {self.total} | {' | '.join(shares)} |"


def asked(plan: Plan) -> Iterator[tuple[ResourceChange, tuple[Step, ...]]]:
    """The arguments of a plan that are open as a whole although they are written."""
    for change in plan.changes:
        block = graph(plan).unit(change).block
        if block is None or not (
            change.managed and change.will_exist and Action.CREATE in change.actions
        ):
            continue
        for name in block.expressions:
            for path in open_paths(block.expression(name), change.planned.get(name), (name,)):
                yield change, path


def open_paths(written: Any, place: Value, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """The paths of what is open inside an expression of the configuration."""
    if isinstance(written, list):
        for at, inner in enumerate(written):
            yield from open_paths(inner, place.get(at), (*path, at))
    elif isinstance(written, dict) and written and not {"references", "constant_value"} & written.keys():
        for name, inner in written.items():
            yield from open_paths(inner, place.get(name), (*path, name))
    elif place.peek() is UNKNOWN:
        yield path


def kind_of(found: References) -> str:
    """Which kind of answer this is."""
    if found.lost:
        return LOCAL if any(name.startswith("local.") for name in found.lost) else OTHER
    if not found.targets:
        return NONE
    if found.grade is Grade.TYPE_ONLY:
        return SEVERAL
    if len(found.targets) > 1:
        return EACH
    return KEYED if found.grade is Grade.SAME_KEY else ONE


def counted(name: str, plans: Iterable[Plan]) -> Row:
    """Count the answers over these plans."""
    return Row(
        name,
        Counter(
            kind_of(graph(plan).of(change, *path)) for plan in plans for change, path in asked(plan)
        ),
    )


def corpus_plans(folder: Path) -> Iterator[Plan]:
    """The real plans of other people; those that are refused say nothing."""
    for path in sorted((folder / "plans").rglob("*.json")):
        try:
            read = decode(path.read_bytes(), "the plan")
            _ = read.configuration, read.data_sources
        except PlanError:
            continue
        yield read


def own_plans(*, source: bool) -> Iterator[Plan]:
    """Our own recorded plans: the inherited service, the corrected one, and every step between."""
    spec = importlib.util.spec_from_file_location("record", ROOT / "plans" / "record.py")
    assert spec is not None
    assert spec.loader is not None
    record = importlib.util.module_from_spec(spec)
    sys.modules["record"] = record
    spec.loader.exec_module(record)
    extra: dict[str, tuple[str, ...]] = {stage.name: stage.files for stage in record.STAGES}
    with tempfile.TemporaryDirectory(prefix="planspec-") as scratch:
        for name in record.NAMES:
            read = decode((ROOT / "plans" / f"{name}.json").read_bytes(), name)
            if source:
                folder = Path(scratch, name)
                original = record.INHERITED if name in ("inherited", "destroy") else record.CORRECTED
                shutil.copytree(original, folder)
                for file in extra.get(name, ()):
                    shutil.copy(original / "upgrade" / file, folder)
                read = with_source(read, of_folder(folder))
            yield read


def own_rows() -> list[Row]:
    """Our own plans by the plan alone, and with the source beside it."""
    return [
        counted("our own plans, plan JSON alone", own_plans(source=False)),
        counted("our own plans, with the source", own_plans(source=True)),
        *trap_rows(),
    ]


def trap_rows() -> list[Row]:
    """The plan of traps, in which everything is made to be followed wrongly."""
    folder = ROOT / "tests" / "conformance" / "traps"
    alone, beside = (decode((folder / "plan.json").read_bytes(), "traps") for _ in range(2))
    beside = with_source(beside, of_folder(folder))
    return [
        counted("tests/conformance/traps, plan JSON alone", [alone]),
        counted("tests/conformance/traps, with the source", [beside]),
    ]


def corpus_row(folder: Path) -> Row:
    """The real plans of other people, of which there is no source."""
    return counted("219 public plans, plan JSON alone", corpus_plans(folder))


def table(rows: Iterable[Row]) -> str:
    """The table in Markdown."""
    head = f"| plans | references | {' | '.join(KINDS)} |"
    ruler = f"| --- | {' | '.join(['---:'] * (len(KINDS) + 1))} |"
    return "\n".join([head, ruler, *map(str, rows)])


def written(page: str, name: str) -> str:
    """The table of this name on the page, between its marks."""
    start, end = f"<!-- {name} -->\n", "\n<!-- end -->"
    first = page.index(start) + len(start)
    return page[first : page.index(end, first)]


def main() -> None:
    """Write the tables again; that of the public plans only where they are at hand."""
    from tests.heavy.test_corpus import found_corpus

    folder = found_corpus()
    tables = {"own": table(own_rows())} | ({"public": table([corpus_row(folder)])} if folder else {})
    page = PAGE.read_text(encoding="utf-8")
    for name, made in tables.items():
        before, _, rest = page.partition(f"<!-- {name} -->\n")
        _, _, after = rest.partition("\n<!-- end -->")
        page = f"{before}<!-- {name} -->\n{made}\n<!-- end -->{after}"
        sys.stdout.write(f"{made}\n")
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
