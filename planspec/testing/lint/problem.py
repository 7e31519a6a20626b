"""What does the linter say: the rules, and one problem?"""

from typing import Final, NamedTuple

RULES: Final = {
    "not-gherkin": "A feature file is Gherkin.",
    "no-feature": "A feature file holds a feature.",
    "no-scenario": "A feature holds scenarios.",
    "lost-line": "No line of a description reads like a keyword or a step; it would be passed over.",
    "unreadable-blank": "A blank holds one value, or a list with commas; quotes in it part nothing.",
    "refused-blank": "A pattern, a network, a port, a window of time and a path can be understood.",
    "no-context": "A scenario says what is given; a misspelt keyword makes a step a description.",
    "no-outcome": "A scenario ends in an outcome; without one it judges nothing.",
    "step-after-outcome": "Nothing comes after the last outcome.",
    "replaced-subject": "What was chosen is judged before something else is chosen.",
    "wrong-subject": "An outcome judges what the scenario has chosen.",
    "unfilled-blank": "Every blank of an outline is filled by an example.",
    "empty-rule": "A rule has a scenario.",
    "no-examples": "A table of examples has rows, and each column a name of its own.",
    "tagged-examples": "Tags belong to the scenario: pytest-bdd drops those at its examples.",
    "table-below-step": "No step reads a table or a text below it.",
    "duplicate-name": "Two scenarios of a feature have different names: pytest-bdd runs only one.",
    "duplicate-number": "A number names one scenario, and a rule of one title and tags.",
    "unknown-tag": "A tag means something; nothing may switch a requirement off.",
    "undefined-phrase": "Every step means something.",
    "ambiguous-phrase": "No step means two things.",
    "deprecated-phrase": "A step uses the phrases of today; an old one is understood for one version.",
    "unused-phrase": "Every phrase for our own requirements is used by one.",
    "no-requirement": "A scenario among numbered ones belongs to a requirement.",
    "number-of-another": "The number of a scenario begins with its requirement.",
    "no-severity": "A requirement says how bad a violation is.",
    "no-control": "A requirement says which control of an outside framework it serves.",
    "no-rationale": "A feature says why its requirements are there.",
    "no-limits": "A feature says what a pass does not show.",
    "attribute-name": "A requirement is written in words; names of attributes belong in blanks only.",
    "too-long": "A scenario has at most five steps of its own.",
    "vacuous": "A scenario that has to apply ([applicable]; else any) examines something in some plan.",
    "never-satisfied": "A scenario is satisfied by some recorded plan.",
    "contradiction": "No two scenarios demand what cannot hold together.",
    "unknown-applicable": "A number under [applicable] names a scenario that exists.",
    "waiver": "The file of waivers can be read.",
    "waiver-of-nothing": "A waiver names a requirement that exists.",
    "waiver-reaches-nothing": "A waiver covers an address of some recorded plan.",
    "waiver-expired": "A waiver has not ended.",
    "waiver-covers-all": "A waiver names what it covers; `*` alone is everything.",
    "duplicate-waiver": "One exception has one waiver.",
    "step-not-python": "A step module is Python.",
    "step-not-usable": "Own steps define phrases of their own, and change none of planspec.",
    "step-asserts": "A step holds its subject to a judgement; an assert leaves no finding.",
    "step-judges-nothing": "A Then step upholds a judgement.",
    "step-decides": "A step has no condition and no loop: judgements decide.",
    "step-is-async": "pytest-bdd never awaits a step.",
    "step-without-docstring": "A step says what it means; the vocabulary shows it.",
    "step-imports": "A step module imports no other steps and no test library.",
    "step-defined-twice": "A phrase is defined once.",
    "step-reads-files": "A step reads no files and runs no programs.",
}
"""What each rule asks for, by its name."""

REFUSED: Final = frozenset(
    {
        "not-gherkin",
        "no-feature",
        "no-scenario",
        "no-outcome",
        "no-examples",
        "unknown-tag",
        "empty-rule",
    }
    | {"step-after-outcome", "replaced-subject", "unfilled-blank", "tagged-examples"}
    | {
        "wrong-subject",
        "waiver",
        "table-below-step",
        "duplicate-name",
        "undefined-phrase",
        "ambiguous-phrase",
    }
    | {"step-not-python", "step-not-usable", "step-is-async", "step-defined-twice"}
    | {"duplicate-number", "lost-line", "unreadable-blank", "refused-blank"}
)
"""The rules of which `planspec check` judges nothing either, and ends with 2."""


class Problem(NamedTuple):
    """One place where a rule is broken."""

    file: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.text}"
