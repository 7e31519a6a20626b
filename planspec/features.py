"""What do the features require, and can every word of it be judged?

pytest-bdd runs what it understands and stays silent about the rest: two scenarios of one name, a
scenario without an outcome, a table without rows, a tag that means nothing. Each is an error here,
with the file and the line, before anything is judged.
"""

import os
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from cucumber_tag_expressions import parse as parse_tags
from cucumber_tag_expressions.parser import TagExpressionError
from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser

from planspec import wording
from planspec.catalogue import Framework
from planspec.errors import FeatureError

REQUIREMENT = re.compile(r"[A-Z]{2,5}-\d{2}")
NUMBER = re.compile(r"([A-Z]{2,5}-\d{2})\.\d+(?= )")
SEVERITIES = ("low", "medium", "high", "critical")
Enforcement = Literal["advisory", "soft", "hard"]
ENFORCEMENTS: tuple[Enforcement, ...] = ("advisory", "soft", "hard")
OUTCOME = "Outcome"
# <name>, but not the (?<name>...) or (?P<name>...) of a regular expression.
_UNFILLED = re.compile(r"(?<![?P])<[\w -]+>")


class Step(NamedTuple):
    """One step: Context, Action or Outcome, and its text with the examples filled in."""

    kind: str
    text: str
    line: int


class Scenario(NamedTuple):
    """One scenario (of an outline: one row), with everything that its tags say."""

    feature: str
    file: str
    line: int
    name: str
    rule: str
    tags: tuple[str, ...]
    steps: tuple[Step, ...]
    about: str = ""
    why: str = ""
    text: str = ""
    row: str = ""

    @property
    def number(self) -> str:
        """The number that stands before the name, such as EXP-01.1; the name where there is none."""
        found = NUMBER.match(self.name)
        return found[0] if found else self.name

    @property
    def subject(self) -> str:
        """What its findings are about: its number, or feature and name; for an outline, which row."""
        numbered = bool(NUMBER.match(self.name))
        return "\0".join([self.number] if numbered else [self.feature, self.name]) + self.row

    @property
    def requirement(self) -> str:
        """The requirement: by tag, else by number, else the scenario itself."""
        tagged = [tag for tag in self.tags if REQUIREMENT.fullmatch(tag)]
        numbered = NUMBER.match(self.name)
        return tagged[-1] if tagged else numbered[1] if numbered else self.name

    @property
    def severity(self) -> str:
        """How bad a violation is; "" where nobody said."""
        return self._tagged("severity:")

    @property
    def area(self) -> str:
        """The area under which reports show it; the feature where nobody said."""
        return self._tagged("area:") or self.feature.partition(":")[0]

    @property
    def enforcement(self) -> Enforcement:
        """How it blocks: advisory never, soft unless overridden, hard always."""
        found = (each for tag in reversed(self.tags) for each in ENFORCEMENTS if tag == each)
        return next(found, "hard")

    @property
    def controls(self) -> tuple[str, ...]:
        """The controls of outside frameworks that it serves."""
        own = ("severity:", "area:")
        return tuple(sorted(tag for tag in self.tags if ":" in tag and not tag.startswith(own)))

    def _tagged(self, prefix: str) -> str:
        own = (tag.removeprefix(prefix) for tag in reversed(self.tags) if tag.startswith(prefix))
        return next(own, "")


def files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the feature files that the paths name, folders searched at any depth, sorted.

    Raises FeatureError for a path that does not exist or holds no feature.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(_below(path)) if path.is_dir() else [path]
        if not path.exists() or not inside:
            what = "holds no .feature file" if path.exists() else "does not exist"
            raise FeatureError(f"{path}: {what}; name a feature file, or a folder with some")
        found += inside
    return tuple(dict.fromkeys(path.resolve() for path in found))


def _below(folder: Path) -> Iterator[Path]:
    """Feature files at any depth, also behind links; a link that leads back is not followed twice."""
    seen: set[Path] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        if Path(place).resolve() in seen:
            folders.clear()
            continue
        seen.add(Path(place).resolve())
        found = (Path(place, name) for name in names if name.endswith(".feature"))
        yield from (path for path in found if path.is_file())


def read(path: Path, frameworks: Mapping[str, Framework]) -> tuple[Scenario, ...]:
    """Read one feature file and refuse what pytest-bdd would pass over in silence.

    Raises FeatureError, which names the file and the line.
    """
    try:
        written = path.read_text(encoding="utf-8-sig")
        document = Parser().parse(written)
    except OSError as error:
        raise FeatureError(f"{path}: {error.strerror}; name a feature file") from error
    except (CompositeParserException, ParserException, UnicodeDecodeError) as error:
        raise FeatureError(f"{path}: not Gherkin: {error}") from error
    feature = document.get("feature")
    if not feature:
        raise FeatureError(f"{path}: holds no feature; start it with `Feature: <name>`")
    about = textwrap.dedent(feature["description"]).strip("\n")
    found = tuple(
        each._replace(about=about, text=wording.as_written(written, each.line))
        for each in _scenarios(path, dict(feature))
    )
    _refuse_traps(path, found, frameworks)
    return found


def selects(expression: str, tags: Sequence[str]) -> bool:
    """Whether a tag expression ("@EXP-01 and not @advisory") selects a scenario with these tags.

    Raises FeatureError for an expression that is not understood. Source: Cucumber, "Tag
    expressions".
    """
    if not expression.strip():
        return True
    try:
        return bool(parse_tags(expression).evaluate([f"@{tag}" for tag in tags]))
    except TagExpressionError as error:
        raise FeatureError(f'--tags "{expression}": not a tag expression: {error}') from error


def tags_in(expression: str) -> Sequence[str]:
    """The tags that a tag expression names."""
    return re.findall(r"@[^\s()]+", expression)


def _scenarios(path: Path, feature: dict[str, Any]) -> Iterator[Scenario]:
    background: list[Any] = []
    tags = _tags(feature)
    for child in feature["children"]:
        if "background" in child:
            background += child["background"]["steps"]
        elif "rule" in child:
            yield from _of_rule(path, feature["name"], child["rule"], tags, background)
        else:
            context = (feature["name"], "", tags, background)
            yield from _rows(path, child["scenario"], *context)


def _of_rule(
    path: Path, feature: str, rule: dict[str, Any], tags: list[str], background: list[Any]
) -> Iterator[Scenario]:
    steps = list(background)
    for child in rule["children"]:
        if "background" in child:
            steps += child["background"]["steps"]
        else:
            context = (feature, rule["name"], tags + _tags(rule), steps)
            why = textwrap.dedent(rule["description"]).strip("\n")
            yield from (each._replace(why=why) for each in _rows(path, child["scenario"], *context))


def _rows(
    path: Path,
    scenario: dict[str, Any],
    feature: str,
    rule: str,
    tags: list[str],
    before: list[Any],
) -> Iterator[Scenario]:
    """One scenario, or one for each row of its examples."""
    where = f"{path}:{scenario['location']['line']}"
    tables = scenario["examples"]
    if any(table["tags"] for table in tables):
        raise FeatureError(f"{where}: tag the scenario, not its examples: pytest-bdd drops the tags")
    if any(not table.get("tableBody") for table in tables):
        raise FeatureError(f"{where}: a table of examples has no rows; nothing would be judged")
    if any("dataTable" in step or "docString" in step for step in scenario["steps"]):
        raise FeatureError(f"{where}: no step of planspec reads a table or a text below it")
    for values in _examples(tables) if tables else [{}]:
        steps = tuple(_steps([*before, *scenario["steps"]], values))
        yield Scenario(
            feature,
            str(path),
            scenario["location"]["line"],
            _fill(scenario["name"], values),
            rule,
            _inner_last(tags + _tags(scenario)),
            steps,
            row=", ".join(values.values()),
        )


def _inner_last(tags: Sequence[str]) -> tuple[str, ...]:
    """Each tag once, where it stands innermost: what stands nearer to the scenario counts."""
    return tuple(reversed(dict.fromkeys(reversed(tags))))


def _examples(tables: Sequence[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for table in tables:
        names = [cell["value"] for cell in table["tableHeader"]["cells"]]
        for row in table["tableBody"]:
            yield dict(zip(names, (cell["value"] for cell in row["cells"]), strict=True))


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text


def _steps(steps: Sequence[dict[str, Any]], values: Mapping[str, str]) -> Iterator[Step]:
    kind = "Context"
    for step in steps:
        if step["keywordType"] in {"Context", "Action", OUTCOME}:
            kind = step["keywordType"]
        yield Step(kind, _fill(step["text"], values), step["location"]["line"])


def _tags(node: dict[str, Any]) -> list[str]:
    return [tag["name"].removeprefix("@") for tag in node["tags"]]


def _refuse_traps(
    path: Path, scenarios: Sequence[Scenario], frameworks: Mapping[str, Framework]
) -> None:
    if not scenarios:
        raise FeatureError(f"{path}: holds no scenario; nothing would be judged")
    names: dict[str, int] = {}
    for scenario in scenarios:
        where = f"{path}:{scenario.line}"
        if not any(step.kind == OUTCOME for step in scenario.steps):
            raise FeatureError(f'{where}: "{scenario.name}" has no Then; it would judge nothing')
        _refuse_lost_steps(where, scenario)
        if scenario.name in names:
            raise FeatureError(
                f'{where}: "{scenario.name}" also stands in line {names[scenario.name]}; pytest-bdd'
                " would run only one of the two. Number the scenarios; name the rows of an outline"
            )
        names[scenario.name] = scenario.line
        for tag in scenario.tags:
            problem = tag_problem(tag, frameworks)
            if problem:
                raise FeatureError(f"{where}: @{tag}: {problem}")


def _refuse_lost_steps(where: str, scenario: Scenario) -> None:
    """A blank that no example filled, a subject that is replaced, an ending that judges nothing."""
    unfilled = _UNFILLED.search("\n".join([scenario.name, *(step.text for step in scenario.steps)]))
    if unfilled:
        raise FeatureError(f"{where}: {unfilled[0]} is filled by no example")
    if scenario.steps[-1].kind != OUTCOME:
        raise FeatureError(f'{where}: "{scenario.steps[-1].text}" stands after the last outcome')
    chosen = False
    for step in scenario.steps:
        chooses = step.kind == "Action" and step.text.startswith("we examine ")
        if chooses and chosen:
            raise FeatureError(
                f'{where}: "{step.text}" replaces what was chosen before it was judged; write a'
                " scenario for each subject, or a Then between them"
            )
        chosen = step.kind != OUTCOME and (chosen or chooses)


def tag_problem(tag: str, frameworks: Mapping[str, Framework]) -> str | None:
    """Say what is wrong with a tag; None for a requirement, severity, area, control or enforcement."""
    kind, colon, value = tag.partition(":")
    if REQUIREMENT.fullmatch(tag) or tag in ENFORCEMENTS or (kind == "area" and value):
        return None
    if kind == "severity":
        return None if value in SEVERITIES else f"a severity is one of {', '.join(SEVERITIES)}"
    if kind in frameworks and colon:
        known = frameworks[kind].controls
        return None if value in known else f"{kind} has no control {value} in policies/controls.toml"
    known_kinds = ", ".join(["severity", "area", *frameworks])
    return (
        "not a requirement (EXP-01), not @advisory or @soft, and no tag of the kinds"
        f" {known_kinds}; nothing may switch a requirement off"
    )
