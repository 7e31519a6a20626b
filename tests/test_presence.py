"""Does what apply decides to be there count as there for nobody, with the source as without it?

`tests/presence/` is a real configuration in which one condition stands before everything, and three
plans of it by Terraform: apply decides the condition, it is true, it is false. What is judged of the
first is right only if it is right of both others.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from planspec import ABSENT, NULL, Plan, Verdict, decode
from planspec.errors import UnknownName
from planspec.judgements.generic import relations, resources
from planspec.judgements.generic.relations import Relation
from planspec.judgements.generic.resources import Selection
from planspec.references import use_source
from planspec.source import of_folder

FOLDER: Final = Path(__file__).parent / "presence"
_LIST: Final = ("{0}", "{0}[*]", "{0}[0]", "{0}[1]")
_BLOCK: Final = (*_LIST, "{0}[*].name", "{0}[*].value", "{0}[0].name", "{0}.name")
_MAP: Final = ("{0}", "{0}.*", "{0}.Owner", "{0}.Stage", "{0}.a")
PATHS: Final = {
    "input": (*_LIST, *_MAP[1:], "{0}[*][*]", "{0}.list[*]", "{0}.always", "{0}.at_least_one[*]"),
    "parameter": _BLOCK,
    "tags": (*_MAP, "{0}[0].name"),
    "rule": (
        *(*_LIST, "{0}[*].status", "{0}[0].status", "{0}[*].expiration[*].days", "{0}[*].transition"),
        *("{0}[*].transition[*].storage_class", "{0}[0].transition[0].storage_class"),
        "{0}[*].apply_server_side_encryption_by_default[*].sse_algorithm",
    ),
    "ingress": (*_LIST, "{0}[*].self", "{0}[*].cidr_blocks[*]", "{0}[*].from_port"),
    "access_logs": (*_LIST, "{0}[*].enabled", "{0}[0].enabled"),
    "policy": ("{0}", "{0}.Statement", "{0}.Statement[*].Action", "{0}.Statement[*].Condition"),
}
TEXTS: Final = ("a", "b", "Owner", "x", "Enabled", "GLACIER", "aws:kms", "*", "30")
NETS: Final = ("0.0.0.0/0", "10.0.0.0/8")
RELATIONS: Final[dict[str, Relation]] = {
    "is set": relations.is_set,
    "matches": relations.matches("[a-z]"),
    "at least 30": relations.at_least(30),
    **{f"is {text}": relations.equals(text) for text in (*TEXTS, *NETS, '["a"]')},
    **{f"contains {text}": relations.contains(text) for text in ("a", "Owner")},
    "is one of a, b": relations.one_of(["a", "b"]),
}


class Question(NamedTuple):
    """One outcome of the vocabulary about one resource."""

    quantifier: str
    path: str
    relation: str
    negated: bool

    def of(self, plan: Plan, address: str) -> Verdict:
        """The verdict on a plan."""
        change = plan.find(address)
        assert change is not None
        chosen = Selection(plan, (change,), (change,), "it")
        relation = RELATIONS[self.relation]
        words = (self.quantifier, self.path, relation, "it")
        try:
            return resources.hold(chosen, *words, negated=self.negated).verdict
        except UnknownName:
            return Verdict.NOT_APPLICABLE


class Plans(NamedTuple):
    """The plan in which apply decides, alone and with its source, and what it will be one of."""

    alone: Plan
    beside: Plan
    on: Plan
    off: Plan


def recorded(name: str, *, source: bool = False) -> Plan:
    """One of the recorded plans."""
    read = decode((FOLDER / f"{name}.json").read_bytes(), name)
    if source:
        use_source(read, of_folder(FOLDER))
    return read


@pytest.fixture(scope="module")
def plans() -> Plans:
    """All of them."""
    beside = recorded("undecided", source=True)
    return Plans(recorded("undecided"), beside, recorded("on"), recorded("off"))


def attributes() -> Iterator[tuple[str, str]]:
    """Each resource with each of the attributes that it has."""
    for change in recorded("undecided").changes:
        for name in PATHS:
            if change.planned.get(name).peek() not in (NULL, ABSENT):
                yield change.address, name


def questions(attribute: str) -> Iterator[Question]:
    """Every question about an attribute."""
    for path in PATHS[attribute]:
        for relation in RELATIONS:
            for quantifier in ("every", "some"):
                yield from (
                    Question(quantifier, path.format(attribute), relation, negated)
                    for negated in (False, True)
                )


DECIDED: Final = (Verdict.SATISFIED, Verdict.VIOLATED)


@pytest.mark.parametrize(("address", "attribute"), list(attributes()))
def test_a_verdict_holds_whatever_apply_decides(plans: Plans, address: str, attribute: str) -> None:
    wrong: list[tuple[str, object, object, object]] = []
    for question in questions(attribute):
        told = question.of(plans.beside, address)
        on, off = question.of(plans.on, address), question.of(plans.off, address)
        if told in DECIDED and not (told is on is off):
            wrong.append((str(question), told, on, off))
        alone = question.of(plans.alone, address)
        # The source settles what was undetermined; it takes back only what was wrong, and what stood
        # at a position, which it knows not to be sure.
        if alone is not told and alone in DECIDED and alone is on is off and "[0]" not in question.path:
            wrong.append((str(question), told, "without source", alone))
    assert wrong == []
