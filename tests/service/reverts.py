"""Revert the fixes in `terraform/`, one or several at a time, and see what planspec finds.

    python -m tests.service.reverts [WORD ...]
        try each by itself; WORD is part of a file, an address or a fault, and chooses

`reverts.toml` beside it says what stands in the source, what stood there before the fix, and what must
be found: exactly that, at the reverted line's block. The plans are made by the real Terraform.
"""

import contextlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # run as a file, Python looks beside it only

import msgspec  # noqa: E402
from click.testing import CliRunner  # noqa: E402

from planspec.cli.app import main as planspec  # noqa: E402
from planspec.errors import TerraformError  # noqa: E402
from planspec.terraform import Inputs, Terraform, running, workspace  # noqa: E402

SERVICE = ROOT / "terraform"
SEED = ROOT / "plans" / "emulator-seed.toml"
FILE = Path(__file__).with_name("reverts.toml")
_BLOCK = re.compile(r'(\w+)((?: "[^"]+")*) \{')


@dataclass(frozen=True)
class Revert:
    """One fix, undone: `new` in the place of `old`, and what is found then.

    `finds` and `checkov` hold "REQUIREMENT ADDRESS". `lacks`: the whole block goes, and the finding
    names this one. `refused`: there is no plan or no report, and these words say why. Reverts with the
    same `meets` change what the other one finds.
    """

    file: str
    old: str
    new: str
    faults: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    checkov: tuple[str, ...] = ()
    lacks: str = ""
    refused: str = ""
    meets: str = ""

    @property
    def start(self) -> int:
        """Where `old` begins in the source. Raises ValueError unless it stands there once."""
        source = (SERVICE / self.file).read_text(encoding="utf-8")
        if source.count(self.old) != 1:
            raise ValueError(f"{self.file}: stands there {source.count(self.old)} times:\n{self.old}")
        return source.index(self.old)

    @property
    def line(self) -> int:
        """The line of the source, from 1, that is reverted first."""
        return self.line_in((SERVICE / self.file).read_text(encoding="utf-8"), self.start)

    def line_in(self, source: str, start: int) -> int:
        """The line at which the two sides part, in a source where this fix stands at `start`."""
        pairs = enumerate(zip(self.old, self.new, strict=False))
        common = next((i for i, (a, b) in pairs if a != b), min(len(self.old), len(self.new)))
        return source[: start + common].count("\n") + 1

    @property
    def name(self) -> str:
        """File and line of what is reverted, and the line itself."""
        source = (SERVICE / self.file).read_text(encoding="utf-8").splitlines()
        return f"{self.file}:{self.line} {' '.join(source[self.line - 1].split())}"


@dataclass(frozen=True)
class Outcome:
    """What came of a plan: the evidence of judging it, or why there is none; and what was planned."""

    evidence: dict[str, Any]
    refused: str
    sources: dict[str, str]


def read() -> list[Revert]:
    """Read all reverts, in the order of the file."""
    tables = msgspec.toml.decode(FILE.read_bytes(), type=dict[str, list[Revert]])
    return tables["revert"]


def batches(reverts: Sequence[Revert]) -> list[list[Revert]]:
    """Put reverts together that do not meet: no finding and no text in common.

    What only Checkov finds, and what Terraform refuses, is kept apart.
    """
    made: list[list[Revert]] = []
    for revert in reverts:
        fitting = (batch for batch in made if all(_apart(revert, other) for other in batch))
        batch = None if revert.refused else next(fitting, None)
        if batch is None:
            made.append([revert])
        else:
            batch.append(revert)
    return made


def _apart(one: Revert, other: Revert) -> bool:
    if one.refused or other.refused or bool(one.finds) != bool(other.finds):
        return False
    if (one.meets and one.meets == other.meets) or _expected([one]) & _expected([other]):
        return False
    if any("*" in each for each in (*one.finds, *other.finds)) and _requirements(one, other):
        return False
    return one.file != other.file or _survives(one, other)


def _survives(one: Revert, other: Revert) -> bool:
    first, second = sorted((one, other), key=lambda each: each.start)
    return first.start + len(first.old) < second.start


@contextlib.contextmanager
def trying() -> Iterator[Callable[[Sequence[Revert]], Outcome]]:
    """Give the function that plans with some fixes undone, and judges: one emulator, one workspace."""
    example = [SERVICE / "terraform.tfvars.example"]
    with running(SEED) as endpoint, workspace(SERVICE, Inputs(example, emulator=endpoint)) as terraform:
        terraform.initialise()
        yield lambda reverts: _attempt(terraform, reverts)


def _attempt(terraform: Terraform, reverts: Sequence[Revert]) -> Outcome:
    folder = terraform.folder
    sources = mutated(reverts)
    originals = {name: (folder / name).read_text(encoding="utf-8") for name in sources}
    try:
        for name, text in sources.items():
            (folder / name).write_text(text, encoding="utf-8")
        plan = terraform.plan()[1]
        evidence, refused = _judged(folder, plan, checkov=not reverts[0].finds)
    except TerraformError as error:
        evidence, refused = {}, str(error)
    finally:
        for name, text in originals.items():
            (folder / name).write_text(text, encoding="utf-8")
    return Outcome(evidence, refused, _sources() | sources)


def mutated(reverts: Sequence[Revert]) -> dict[str, str]:
    """The sources in which the fixes are undone, by file."""
    sources = {name: text for name, text in _sources().items() if name in {r.file for r in reverts}}
    for revert in sorted(reverts, key=lambda each: each.start, reverse=True):
        text, start = sources[revert.file], revert.start
        sources[revert.file] = text[:start] + revert.new + text[start + len(revert.old) :]
    return sources


def _sources() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in SERVICE.glob("*.tf")}


def _judged(folder: Path, plan: bytes, *, checkov: bool) -> tuple[dict[str, Any], str]:
    """The evidence of `planspec check`, as `make check` calls it, or why there is none."""
    path = folder / "planned.json"
    path.write_bytes(plan)
    scanner = "--require-checkov" if checkov else "--no-checkov"
    arguments = ["check", str(path), "--source", str(folder), "--require-applicable", scanner]
    result = CliRunner().invoke(planspec, [*arguments, "-o", "json"])
    path.unlink()
    if result.exit_code == 0:
        raise AssertionError("the plan passed")
    return (json.loads(result.stdout), "") if result.exit_code == 1 else ({}, result.stderr)


def problems(reverts: Sequence[Revert], outcome: Outcome) -> list[str]:
    """Say what is not as it should be; empty if all is found, nothing else is, and where it is."""
    if any(each.refused for each in reverts):
        return _not_refused(reverts, outcome)
    if outcome.refused:
        return [f"not judged: {outcome.refused}"]
    found = list(findings(outcome.evidence, checkov=not reverts[0].finds))
    names = {name for name, _ in found}
    expected = _expected(reverts)
    said = [f"not found: {each}" for each in sorted(expected) if not _is_among(each, names)]
    others = {name for name in names if name.partition(" ")[0] not in TOTALS}
    said += [f"found as well: {name}" for name in sorted(others) if not _allowed(name, expected)]
    for name, finding in found:
        block = _block_of(name.split(maxsplit=1)[1], outcome.sources)
        if not block.holds(finding["where"]):
            said.append(f"{name}: at {finding['where'] or 'no line'}, not in {block}")
    said += [f"{each.name}: not named" for each in reverts if not _is_named(each, reverts, found)]
    return said


def _not_refused(reverts: Sequence[Revert], outcome: Outcome) -> list[str]:
    """What is missing in the words that stand for a report."""
    wanted = [each.refused for each in reverts]
    for number, address in (each.split(maxsplit=1) for each in _expected(reverts)):
        block = _block_of(address, outcome.sources)
        said = re.findall(rf"{re.escape(number)} at (\S+\d)", outcome.refused)
        if not any(map(block.holds, said)):
            wanted.append(f"{number} at {block}")
    return [f"not said: {each}" for each in wanted if each not in outcome.refused]


def _expected(reverts: Sequence[Revert]) -> set[str]:
    return {each for revert in reverts for each in (*revert.finds, *revert.checkov)}


def _requirements(one: Revert, other: Revert) -> set[str]:
    first, second = ({each.split()[0] for each in _expected([revert])} for revert in (one, other))
    return first & second


def _is_among(expected: str, names: set[str]) -> bool:
    return any(_allowed(name, {expected}) for name in names)


# Sums over the whole plan: several fixes undone together move them, whether or not one alone does.
TOTALS = frozenset({"CST-11.1", "CST-11.2", "CST-12.1"})


def _allowed(name: str, expected: set[str]) -> bool:
    return name in expected or f"{name.partition(' ')[0]} *" in expected


def findings(evidence: dict[str, Any], *, checkov: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what blocks: "REQUIREMENT ADDRESS" and the finding."""
    for scenario in evidence["scenarios"]:
        for finding in scenario["findings"]:
            yield f"{scenario['scenario']} {finding['address']}", finding
    for finding in evidence["checkov"]["findings"] if checkov else ():
        if finding["verdict"] == "violated":
            yield f"{finding['observed']} {finding['address']}", finding


class Block(NamedTuple):
    """A block at the top of a file: its first and its last line."""

    file: str
    first: int
    last: int

    def holds(self, where: str) -> bool:
        """Whether `file:line`, or `file:line-line`, lies inside."""
        path, _, lines = where.rpartition(":")
        line = re.match(r"\d+", lines)
        inside = line is not None and self.first <= int(line[0]) <= self.last
        return inside and Path(path).name == self.file


def _block_of(address: str, sources: dict[str, str]) -> Block:
    """The block of an address, told by its text alone; nowhere if there is none."""
    kind, _, name = re.sub(r"\[.*", "", address).partition(".")
    plain = kind in {"variable", "output", "provider"}
    head = f'{kind} "{name}" {{' if plain else f'resource "{kind}" "{name}" {{'
    for file, text in sources.items():
        if head in (lines := text.splitlines()):
            return _to_its_end(file, lines, lines.index(head) + 1)
    return Block("nowhere", 0, 0)


def _to_its_end(file: str, lines: list[str], first: int) -> Block:
    return Block(file, first, next(i for i in range(first, len(lines) + 1) if lines[i - 1] == "}"))


def _is_named(
    revert: Revert, together: Sequence[Revert], found: Sequence[tuple[str, dict[str, Any]]]
) -> bool:
    """Whether a finding of this revert names the block that the reverted line stands in."""
    own = [finding for name, finding in found if _allowed(name, _expected([revert]))]
    if revert.lacks:
        return any(each["address"] == revert.lacks for each in own)
    named = [each["where"] for each in own]
    named += [other["where"] for each in own for other in each["related"]]
    return any(map(_block_around(revert, together).holds, named))


def _block_around(revert: Revert, together: Sequence[Revert]) -> Block:
    """The block with the reverted line, as it was planned."""
    moved = sum(
        len(each.new) - len(each.old)
        for each in together
        if each.file == revert.file and each.start < revert.start
    )
    source = mutated(together)[revert.file]
    at = revert.line_in(source, revert.start + moved)
    lines = source.splitlines()
    first = next(line for line in range(at, 0, -1) if _BLOCK.match(lines[line - 1]))
    return _to_its_end(revert.file, lines, first)


def main(words: Sequence[str]) -> int:
    """Try each revert by itself, and say what was found; 1 if anything is not as it should be."""
    reverts = [each for each in read() if not words or any(word in str(each) for word in words)]
    failed = 0
    with trying() as attempt:
        for number, revert in enumerate(reverts, 1):
            started = time.monotonic()
            wrong = problems([revert], attempt([revert]))
            failed += bool(wrong)
            seconds = time.monotonic() - started
            answer = "; ".join(wrong) or "found" if not revert.refused or wrong else "refused"
            print(f"{number:3}/{len(reverts)}  {revert.name}  {answer}  {seconds:.0f} s", flush=True)
    print(f"{len(reverts)} fixes reverted one by one: {len(reverts) - failed} found, {failed} not")
    return 1 if failed or not reverts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
