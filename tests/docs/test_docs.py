"""Do the pages for users say what is true? What can be generated is; what can be run is run."""

import re
import shlex
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from planspec.cli import help_texts
from planspec.cli.app import main
from planspec.reports import FORMATS
from planspec.runner.vocabulary import known_phrases, outcome_rows, subject_rows
from tests.support import accepted

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
COMMANDS = main.list_commands(click.Context(main))
PAGES = sorted(DOCS.glob("*.md"))
ALL_PAGES = [*PAGES, *sorted(ROOT.glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


VOCABULARY = """# The vocabulary

Every phrase that planspec understands, from its step definitions. `<name>` is a blank. `every|some` is
one of the two. `planspec steps WORD` searches it.

Every When selects something, and every Then judges what was selected, and nothing else. A filter
(`we keep those ...`) stands after any When, and the phrases about values (`every "<path>" must ...`) go
with all that is selected. The phrases with `<subject>` and `<setting>` take the names in the two tables
below; a setting that the subject does not have is an error.

<!-- Generated: make accept -->
"""


def blocks(page: str, language: str) -> list[str]:
    """The blocks of one language on a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [body for name, body in BLOCK.findall(text) if name == language]


def held(page: str, mark: str, made: str) -> None:
    """What stands on a page below a mark, up to the next blank line, is what was made."""
    path = DOCS / page
    text = path.read_text(encoding="utf-8")
    new = re.sub(rf"(<!-- {mark} -->\n)(?:.+\n)*", lambda found: f"{found[1]}{made}", text)
    accepted.hold(path, new)


def table(head: str, rows: list[tuple[str, str]]) -> str:
    """A table of two columns."""
    first, second = head.split("|")
    lines = [f"| {first} | {second} |", "| --- | --- |", *(f"| {one} | {two} |" for one, two in rows)]
    return "\n".join(lines) + "\n"


def phrase_table(rows: list[tuple[str, str, str]]) -> str:
    """A table of phrases; with the Whens that they go with, where some need one."""
    cells = [(f"`{text}`".replace("|", r"\|"), after, meaning) for text, after, meaning in rows]
    if not any(after for _, after, _ in cells):
        return table("phrase|meaning", [(text, meaning) for text, _, meaning in cells])
    lines = ["| phrase | after | meaning |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in cells)]) + "\n"


def vocabulary() -> str:
    """The page of the vocabulary."""
    # pytest-bdd brings a step of its own into every run of pytest.
    phrases = [each for each in known_phrases() if each.text != "trace"]
    parts = [VOCABULARY]
    titles = {
        "Given": "Given: where we are",
        "When": "When: what is examined",
        "Then": "Then: what must hold",
    }
    for keyword, title in titles.items():
        mine = [each for each in phrases if each.keyword == keyword]
        rows = [(each.text, each.goes_with, " ".join(each.meaning.split())) for each in mine]
        parts.append(f"\n## {title}\n\n{phrase_table(rows)}")
    assert {each.keyword for each in phrases} <= set(titles)
    return "".join([*parts, *tables_of_subjects()])


def tables_of_subjects() -> Iterator[str]:
    """The subjects, and what each can be asked."""
    chosen = [(f"`{each.phrase.text}`", f"`{each.where}`" if each.where else "", each.phrase.meaning)
              for each in subject_rows()]  # fmt: skip
    yield f"\n## Subjects\n\n{wide_table('step|resource types|meaning', chosen)}"
    asked = [
        (f"`{each.phrase.text}`", each.phrase.after[0].removeprefix("we "), each.where, each.complies,
         each.phrase.meaning)
        for each in outcome_rows()
    ]  # fmt: skip
    yield f"\n## Settings\n\n{wide_table('step|after: we ...|argument|complies|meaning', asked)}"


def wide_table(head: str, rows: Sequence[tuple[str, ...]]) -> str:
    """A table of several columns."""
    titles = head.split("|")
    lines = [titles, ["---"] * len(titles)]
    lines += [[each.replace("|", r"\|") for each in row] for row in rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines) + "\n"


@pytest.mark.accepted
def test_the_vocabulary_is_the_one_of_the_steps() -> None:
    accepted.hold(DOCS / "vocabulary.md", vocabulary())


@pytest.mark.accepted
def test_the_formats_are_those_of_the_registry() -> None:
    rows = [(f"`{name}`", each.about) for name, each in FORMATS.items()]
    held("outputs.md", "formats", table("format|for", rows))


@pytest.mark.accepted
def test_exit_codes_and_environment_are_those_of_the_help() -> None:
    codes = [(f"**{code}**", said) for code, said in help_texts.EXIT_CODES.items()]
    held("exit-codes.md", "codes", table("code|means", codes))
    names = [(f"`{name}`", said) for name, said in help_texts.ENVIRONMENT.items()]
    held("exit-codes.md", "environment", table("variable|what it does", names))


@pytest.mark.accepted
def test_the_inputs_of_the_action_are_those_of_action_yml() -> None:
    action = YAML(typ="safe").load(ROOT / "action.yml")
    rows = [
        (f"`{name}`", " ".join(each["description"].split()))
        for kind in ("inputs", "outputs")
        for name, each in action[kind].items()
    ]
    held("ci.md", "action", table("input or output|what it is", rows))


def test_the_commands_of_the_quick_start_print_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ROOT / "plans/inherited.json", tmp_path / "plan.json")
    monkeypatch.chdir(tmp_path)
    consoles = blocks("quick-start.md", "console")
    assert len(consoles) == 3
    for console in consoles:
        command, _, shown = console.partition("\n")
        result = CliRunner().invoke(main, shlex.split(command.removeprefix("$ planspec ")))
        printed = [line.rstrip() for line in result.output.strip().splitlines()]
        assert printed == [line.rstrip() for line in shown.strip().splitlines()]
    assert (tmp_path / "report.html").stat().st_size > 100_000


def test_the_requirement_that_shows_how_to_write_one_has_no_mistake(tmp_path: Path) -> None:
    (feature,) = blocks("writing-requirements.md", "gherkin")
    path = tmp_path / "buckets.feature"
    path.write_text(feature, encoding="utf-8")
    plan = str(ROOT / "plans/corrected.json")
    judged = CliRunner().invoke(main, ["check", "--no-checkov", "--features", str(path), plan])
    assert judged.exit_code == 0, judged.output
    assert "BKT-01.1" in judged.output


def test_the_waiver_that_is_shown_is_one(tmp_path: Path) -> None:
    (text,) = blocks("waivers.md", "toml")
    for name in ("parameters.toml", "controls.toml"):
        shutil.copy(ROOT / "policies" / name, tmp_path)
    (tmp_path / "waivers.toml").write_text(text, encoding="utf-8")
    plan = str(ROOT / "plans/corrected.json")
    asked = ["check", "--no-checkov", "--policies", str(tmp_path), plan]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code in {0, 1}, result.output
    assert "expired" in result.output.lower()


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_call_of_planspec_has_options_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    known = {name: CliRunner().invoke(main, [name, "--help"]).output for name in COMMANDS}
    for line in re.findall(r"(?:^|[\s`(])planspec ([a-z]+ [^`|#\n]*)", text):
        name, _, rest = line.partition(" ")
        if name not in known:
            continue
        for option in re.findall(r"(?<!\S)(--?[a-z][a-z-]*)", rest):
            assert option in known[name], f"planspec {line}"


def test_contributors_are_told_of_targets_and_places_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    told = re.findall(r"^\| `([a-z]+)` \|", text, re.MULTILINE)
    for called in re.findall(r"`make ([a-z ]+)`", text):
        told += called.split()
    assert len(told) >= 15
    assert {*told} <= {*targets}
    places = re.findall(
        r"`((?:planspec|tests|policies|docs|steps|plans)/[^`\s]*|requirements[^`\s]*)`", text
    )
    real = [each for each in places if not re.search("NAME|FAMILY|AREA|DUR-05", each)]
    assert len(real) >= 12
    assert [each for each in real if not (ROOT / each).exists()] == []


def test_the_page_of_docs_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [
        page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index
    ] == []


def test_yaml_on_the_pages_is_yaml() -> None:
    for page in PAGES:
        for block in blocks(page.name, "yaml"):
            YAML(typ="safe").load(block)
