"""Does undoing any fix in `terraform/` make planspec find it, at the line where it stands?"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.service import reverts
from tests.service.reverts import SERVICE, Outcome, Revert
from tests.service.test_faults import FAULTS, HIDDEN, ROOT

REVERTS = reverts.read()
BATCHES = reverts.batches(REVERTS)
NUMBER = re.compile(r"\b(?:[A-Z]{3}-\d\d\.\d|CKV2?_AWS_\d+)\b")
# The state's place is not in a plan; tests/service/test_variables.py holds it.
IN_NO_PLAN = {fault["id"] for fault in HIDDEN}

needs_terraform = pytest.mark.usefixtures("terraform")


@pytest.fixture(scope="module")
def attempt() -> Iterator[Callable[[Sequence[Revert]], Outcome]]:
    """Plans with some fixes undone, and judges."""
    with reverts.trying() as attempt:
        yield attempt


def named(batch: Sequence[Revert]) -> str:
    """The name of a test about some fixes."""
    return batch[0].name if len(batch) == 1 else f"{len(batch)} of them, from {batch[0].name}"


@pytest.mark.heavy
@needs_terraform
@pytest.mark.parametrize("batch", BATCHES, ids=named)
def test_what_is_undone_is_found_where_it_stands_and_nothing_else_is(
    batch: Sequence[Revert], attempt: Callable[[Sequence[Revert]], Outcome]
) -> None:
    assert reverts.problems(batch, attempt(batch)) == []


def test_every_fault_in_the_terraform_has_its_fix_undone() -> None:
    undone = {fault for revert in REVERTS for fault in revert.faults}
    mended = {fault["id"] for fault in FAULTS} - IN_NO_PLAN
    assert undone == mended


def test_what_is_undone_of_a_fault_is_found_by_the_scenario_of_the_fault() -> None:
    scenarios = {fault["id"]: fault.get("scenario") for fault in FAULTS}
    for revert in REVERTS:
        numbers = {each.split()[0] for each in revert.finds}
        assert {scenarios[fault] for fault in revert.faults} <= numbers, revert.name


def test_a_fix_is_undone_once() -> None:
    assert len({(each.file, each.old, each.new) for each in REVERTS}) == len(REVERTS)


@pytest.mark.parametrize("file", sorted(path.name for path in SERVICE.glob("*.tf")))
def test_each_number_in_a_comment_is_of_a_requirement_that_finds_the_line_undone(file: str) -> None:
    text = (SERVICE / file).read_text(encoding="utf-8")
    stated = {number for line in comments(text) for number in NUMBER.findall(line)}
    guarded = {
        each.split()[0]
        for revert in REVERTS
        for each in (*revert.finds, *revert.checkov)
        if revert.file == file or file in ELSEWHERE.get(each.split()[0], ())
    }
    assert stated - guarded == set()


# What these comments say is undone in another file: connections where they are counted, keys where
# they are used, two roles where they are named, variables that are gone where they stood.
ELSEWHERE = {
    "CAP-01.1": {"database.tf"},
    "ENC-01.1": {"kms.tf"},
    "ENC-02.1": {"kms.tf"},
    "ENC-04.1": {"kms.tf"},
    "ENC-05.1": {"kms.tf"},
    "IDN-02.1": {"iam.tf"},
    "SEC-03.1": {"database.tf", "ecs.tf"},
}


def comments(text: str) -> list[str]:
    """The comments of a file, without the hash."""
    return [line.partition("# ")[2] for line in text.splitlines() if "# " in line]


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if "scenario" in each], ids=lambda fault: str(fault["id"])
)
def test_the_comment_at_a_fix_says_the_number_of_its_requirement(fault: dict[str, str]) -> None:
    number = fault["scenario"]
    assert number in comment_around(fault["fix"]), f"{fault['fix']} does not say {number}"


def comment_around(address: str) -> str:
    """The comments inside a block and directly above it, or above the document that it is made of."""
    found: list[str] = []
    for path in SERVICE.glob("*.tf"):
        lines = path.read_text(encoding="utf-8").splitlines()
        heads = [i for i, line in enumerate(lines) if line in heads_of(address)]
        for head in heads:
            first = head
            while first and lines[first - 1].startswith("#"):
                first -= 1
            last = next(i for i in range(head, len(lines)) if lines[i] == "}")
            found += comments("\n".join(lines[first : last + 1]))
            if "policy_document" in "\n".join(lines[head : last + 1]):
                found += comments(path.read_text(encoding="utf-8"))
    return "\n".join(found)


def heads_of(address: str) -> tuple[str, ...]:
    """The first lines of the block of an address."""
    kind, _, name = address.partition(".")
    if kind in {"variable", "output", "provider"}:
        # The comment about all of a kind stands at the first of them.
        first = {"variable": "service", "output": "url"}.get(kind, name)
        return (f'{kind} "{name}" {{', f'{kind} "{first}" {{')
    return ("terraform {",) if kind == "terraform" else (f'resource "{kind}" "{name}" {{',)


@needs_terraform
def test_make_check_says_where_the_fix_is_undone(tmp_path: Path) -> None:
    """End to end, in a copy of what the target needs; every other one goes the same way above."""
    revert = next(each for each in REVERTS if each.faults == ("S01",))
    for name in ("terraform", "plans", "policies"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, text in reverts.mutated([revert]).items():
        (tmp_path / "terraform" / name).write_text(text, encoding="utf-8")
    places = {
        "BIN": Path(sys.executable).parent,
        "VENV": tmp_path / "state",
        "READY": "",
        "SCANNER": "",
    }
    command = ["make", "check", *(f"{name}={value}" for name, value in places.items())]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert re.search(r"aws_db_instance\.main +terraform/database\.tf:\d+", run.stdout), (
        run.stdout + run.stderr
    )
    assert "publicly_accessible is true" in run.stdout
    assert "plans/corrected.json: out of date" in run.stdout
