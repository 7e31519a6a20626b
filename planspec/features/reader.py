"""What do the features require, and can every word of it be judged?

pytest-bdd runs what it understands and stays silent about the rest: two scenarios of one name, a
scenario without an outcome, a table without rows, a tag that means nothing. Each is an error here,
with the file and the line, before anything is judged.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cucumber_tag_expressions import parse as parse_tags
from cucumber_tag_expressions.parser import TagExpressionError
from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser

from planspec.errors import FeatureError
from planspec.features import lost_lines, prose
from planspec.features.aliases import translated
from planspec.features.endings import files_below, is_feature
from planspec.features.pitfalls import OF_THE_FILE, Trap, tag_problem, traps
from planspec.features.remedies import is_name
from planspec.features.scenario import (
    ENFORCEMENTS,
    NUMBER,
    OUTCOME,
    REQUIREMENT,
    SEVERITIES,
    Enforcement,
    Scenario,
    Step,
)
from planspec.features.unreadable import undecodable, unreadable
from planspec.policies import Framework

_EMPTY = "nothing would be judged: write one below it, or tell it in a description"

__all__ = [
    "ENFORCEMENTS",
    "NUMBER",
    "OUTCOME",
    "REQUIREMENT",
    "SEVERITIES",
    "Enforcement",
    "Scenario",
    "Step",
    "files",
    "inspect",
    "placed",
    "read",
    "selects",
    "tag_problem",
    "tags_in",
]


def files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the feature files that the paths name, folders searched at any depth, sorted.

    Raises FeatureError for a path that does not exist or holds no feature, and for a file whose name
    nearly ends like that of a feature.
    """
    return tuple(placed(paths))


def placed(paths: Sequence[Path]) -> dict[Path, str]:
    """The same files, each with its place in the folder that names it first."""
    found: dict[Path, str] = {}
    for path in paths:
        inside = sorted(_below(path)) if path.is_dir() else [path]
        if not path.exists() or not inside:
            what = "holds no .feature file" if path.exists() else "does not exist"
            raise FeatureError(f"{path}: {what}; name a feature file, or a folder with some")
        for each in inside:
            place = each.relative_to(path).as_posix() if path.is_dir() else path.name
            found.setdefault(each.resolve(), place)
    return found


def _below(folder: Path) -> Iterator[Path]:
    """Feature files at any depth, also behind links."""
    return (path for path in files_below(folder) if path.is_file() and is_feature(path))


def read(path: Path, frameworks: Mapping[str, Framework]) -> tuple[Scenario, ...]:
    """Read one feature file and refuse what pytest-bdd would pass over in silence.

    Raises FeatureError, which names the file and the line.
    """
    found, problems = inspect(path, frameworks)
    for trap in problems:
        where = path if trap.rule in OF_THE_FILE else f"{path}:{trap.line}"
        raise FeatureError(f"{where}: {trap.text}")
    return found


def inspect(
    path: Path, frameworks: Mapping[str, Framework]
) -> tuple[tuple[Scenario, ...], Sequence[Trap]]:
    """Read one feature file; return its scenarios and every trap in it.

    Raises FeatureError for a file that cannot be read.
    """
    try:
        held = path.read_bytes()
    except OSError as error:
        raise FeatureError(f"{path}: {error.strerror}; name a feature file") from error
    try:
        written = held.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        document: Any = Parser().parse(written)
    except UnicodeDecodeError as error:
        return (), [undecodable(held, error)]
    except (CompositeParserException, ParserException) as error:
        return (), [unreadable(written, error)]
    feature = document.get("feature")
    if not feature:
        return (), [Trap("no-feature", 1, "holds no feature; start it with `Feature: <name>`")]
    about = textwrap.dedent(feature["description"]).strip("\n")
    scenarios = list(_scenarios(path, dict(feature)))
    # The rows of an outline share its text, which holds them all.
    texts = {line: prose.as_written(written, line) for line in {each.line for each in scenarios}}
    found = tuple(each._replace(about=about, text=texts[each.line]) for each in scenarios)
    nodes = list(_written(dict(feature)))
    tables = [trap for each in nodes for trap in _traps_of_tables(each)] + list(_of_one_title(nodes))
    empty = [
        Trap("empty-rule", _line(each["rule"]), f'"{each["rule"]["name"]}" has no scenario; {_EMPTY}')
        for each in feature["children"]
        if "rule" in each and not any("scenario" in child for child in each["rule"]["children"])
    ]
    # What is lost is told first: of what is left, the rest may look whole.
    gone = lost_lines.lost(written, document, lambda tag: tag_problem(tag, frameworks) is None)
    return found, [*gone, *empty, *tables, *traps(found, frameworks)]


def _written(feature: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every scenario and background as the parser gives it, also those inside rules."""
    for child in feature["children"]:
        if "rule" in child:
            yield from _written(child["rule"])
        else:
            yield child.get("scenario") or child["background"]


def _traps_of_tables(scenario: dict[str, Any]) -> Iterator[Trap]:
    """What pytest-bdd drops from tables of examples, and what no step of ours reads."""
    for table in scenario.get("examples", ()):
        for tag in table["tags"][:1]:
            text = "tag the scenario, not its examples: pytest-bdd drops the tags"
            yield Trap("tagged-examples", _line(tag), text)
        if not table.get("tableBody"):
            text = "a table of examples has no rows; nothing would be judged"
            yield Trap("no-examples", _line(table), text)
        yield from _rows_without_bars(table)
        names = [cell["value"] for cell in table.get("tableHeader", {}).get("cells", ())]
        for name in sorted({each for each in names if names.count(each) > 1}):
            yield Trap(
                "no-examples", _line(table), f'two columns are called "{name}"; one would be lost'
            )
    for step in scenario["steps"]:
        for below in (step.get("dataTable"), step.get("docString")):
            if below:
                text = f'no step of planspec reads a table or a text below it: "{step["text"]}"'
                yield Trap("table-below-step", _line(below), text)


def _of_one_title(nodes: Sequence[dict[str, Any]]) -> Iterator[Trap]:
    """Outlines of one title, whose rows have names of their own: pytest would run the last of them."""
    first: dict[str, int] = {}
    for node in nodes:
        filled = any(each != node["name"] for each in _titles(node))
        if filled and first.setdefault(node["name"], _line(node)) != _line(node):
            text = f'"{node["name"]}" is also in line {first[node["name"]]}; give each outline its title'
            yield Trap("duplicate-name", _line(node), text)


def _titles(node: dict[str, Any]) -> list[str]:
    return [_fill(node["name"], values) for values in _examples(node.get("examples", ()))]


def _rows_without_bars(table: dict[str, Any]) -> Iterator[Trap]:
    """Rows above a table of examples that Gherkin takes for its description."""
    names = [cell["value"] for cell in table.get("tableHeader", {}).get("cells", ())]
    for text in table.get("description", "").splitlines():
        cells = [each for each in re.split(r"[\s,;|]+", text.strip()) if each]
        if cells and len(cells) == len(names) and (cells == names or all(map(is_name, cells))):
            what = f'"{text.strip()}" is taken for description, and no row of the examples'
            yield Trap("lost-line", _line(table), f'{what}; write "| {" | ".join(cells)} |"')


def _line(node: dict[str, Any]) -> int:
    return int(node["location"]["line"])


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
            why, own = textwrap.dedent(rule["description"]).strip("\n"), tuple(_tags(rule))
            for each in _rows(path, child["scenario"], *context):
                yield each._replace(why=why, rule_tags=own)


def _rows(
    path: Path,
    scenario: dict[str, Any],
    feature: str,
    rule: str,
    tags: list[str],
    before: list[Any],
) -> Iterator[Scenario]:
    """One scenario, or one for each row of its examples."""
    tables = scenario["examples"]
    for values in _examples(tables) if tables else [{}]:
        steps = translated(tuple(_steps([*before, *scenario["steps"]], values)))
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
        if "tableHeader" not in table:
            # Titles alone: a trap of its own.
            continue
        names = [cell["value"] for cell in table["tableHeader"]["cells"]]
        for row in table["tableBody"]:
            yield dict(zip(names, (cell["value"] for cell in row["cells"]), strict=True))


def _fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its blanks filled, each once: what a value says is no blank."""
    blanks = "|".join(re.escape(f"<{name}>") for name in values)
    return re.sub(blanks, lambda blank: values[blank[0][1:-1]], text) if values else text


def _steps(steps: Sequence[dict[str, Any]], values: Mapping[str, str]) -> Iterator[Step]:
    kind = "Context"
    for step in steps:
        if step["keywordType"] in {"Context", "Action", OUTCOME}:
            kind = step["keywordType"]
        yield Step(kind, _fill(step["text"], values), step["location"]["line"])


def _tags(node: dict[str, Any]) -> list[str]:
    return [tag["name"].removeprefix("@") for tag in node["tags"]]
