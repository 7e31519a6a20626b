"""Does docs/engine.md list every module of planspec, in its room, with the libraries it imports?

The tables stand between marks and are made from the import contract, the modules' first lines and
their imports.
"""

import ast
import datetime as dt
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from planspec import Verdict, bundle, decode
from planspec.aws import TYPES
from planspec.aws.other_databases import FAMILIES
from planspec.features.form import form
from planspec.finding import Judgement
from planspec.plan import Plan, admission
from planspec.policies import catalogue
from planspec.runner.context import RunContext
from planspec.schema import SHIPPED, access_types, read_index
from planspec.vocabulary import SUBJECTS as EVERY_SUBJECT
from planspec.vocabulary import judged
from planspec.vocabulary.lookup import selected
from planspec.vocabulary.outcomes import OUTCOMES
from tests.golden import recipes
from tests.golden.recipe import Recipe
from tests.support import accepted
from tests.support.cutting import only
from tests.support.recipe_edits import known

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "planspec"
PAGE = ROOT / "docs" / "engine.md"
# What a library is called where it differs from the name that is imported.
LIBRARIES: Final = {
    "cucumber_tag_expressions": "cucumber-tag-expressions",
    "flask": "Flask",
    "jinja2": "Jinja2",
    "jsonpath_ng": "jsonpath-ng",
    "markupsafe": "MarkupSafe",
    "pytest_bdd": "pytest-bdd",
    "python_terraform": "python-terraform",
    "tree_sitter": "tree-sitter",
    "tree_sitter_hcl": "tree-sitter-hcl",
    "werkzeug": "Werkzeug",
    "yaml": "PyYAML",
}


def layers() -> list[list[str]]:
    """The rooms and modules at the root by layer, from the ground up."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (found,) = (each["layers"] for each in contracts if each["name"] == "One way down")
    return [layer.split(" | ") for layer in reversed(found)]


def about(path: Path) -> tuple[str, str]:
    """The first line of a module, and the outside libraries that it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    outside = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"planspec"}
    first = (ast.get_docstring(tree) or "").partition("\n")[0].replace("|", r"\|")
    return first, ", ".join(sorted((LIBRARIES.get(each, each) for each in outside), key=str.lower))


def row(path: Path, room: Path) -> str:
    """One module of a room."""
    question, outside = about(path)
    return f"| `{path.relative_to(room).with_suffix('').as_posix()}` | {question} | {outside or '-'} |"


def tables() -> Iterator[str]:
    """The rooms in their order, then the modules of each."""
    head = ["| module | question it answers | outside library |", "| --- | --- | --- |"]
    rooms, alone, parts = [], [], []
    for number, names in enumerate(layers(), 1):
        for name in names:
            room = PACKAGE / name
            if not room.is_dir():
                alone.append(row(room.with_suffix(".py"), PACKAGE))
                rooms.append(f"| {number} | `{name}` | {about(room.with_suffix('.py'))[0]} |")
                continue
            answer = about(room / "__init__.py")[0]
            rooms.append(f"| {number} | [`{name}/`](#{name}) | {answer} |")
            found = sorted(each for each in room.rglob("*.py") if each.name != "__init__.py")
            parts.append([f"### {name}", "", *head, *(row(each, room) for each in found)])
    yield "\n".join(["| layer | room | what it answers |", "| --- | --- | --- |", *rooms])
    yield "\n".join(["### Modules at the root", "", *head, *alone])
    yield from ("\n".join(part) for part in parts)


@pytest.mark.accepted
def test_the_page_lists_every_module_in_its_room() -> None:
    accepted.hold_part(PAGE, "modules", "\n\n".join(tables()))


def test_no_module_is_left_out() -> None:
    text = "\n".join(tables())
    modules = [each for each in PACKAGE.rglob("*.py") if each.name != "__init__.py"]
    assert text.count("\n| `") == len(modules)
    for each in modules:
        assert f"| {about(each)[0]} |" in text
        assert about(each)[0], f"{each}: no docstring"


def test_a_module_that_the_page_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`((?:planspec|steps|tests|policies|plans|features|tools|docs)/[^` <*]+)`", text)
    assert len(named) > 10
    assert not [each for each in named if not (ROOT / each).exists()]


SHAPES_PAGE: Final = Path(__file__).parents[2] / "docs" / "shapes.md"
FORMS: Final = tuple(dict.fromkeys(each.form for each in OUTCOMES))
SUBJECTS: Final = ("RDS DB instance", "database")
INSTANCE: Final = only("corrected", "aws_db_instance")
# By the golden plan that has one of them.
SHAPES: Final = {
    "encrypted": "an instance alone",
    "a-read-replica": "an instance and a read replica of it",
    "an-instance-from-a-snapshot": "an instance from a snapshot or a point in time",
    "three-machines": "a Multi-AZ cluster",
    "aurora": "Aurora: a cluster and its instances",
    "aurora-without-instances-in-the-plan": "Aurora, its instances elsewhere",
    "aurora-on-demand": "Aurora Serverless v2",
    "aurora-of-the-first-version-on-demand": "Aurora Serverless v1",
    "aurora-in-a-global-cluster": "Aurora in a global cluster",
    "a-cluster-that-is-a-copy": "Aurora that replicates another cluster",
    "a-cluster-from-a-snapshot": "Aurora from a snapshot or a point in time",
    "aurora-without-its-cluster": "an instance of Aurora, its cluster elsewhere",
    "a-cluster-of-an-engine-that-apply-decides": "a cluster whose engine is known after apply",
    "documents-wrong": "DocumentDB",
    "documents-without-their-cluster": "an instance of DocumentDB, its cluster elsewhere",
    "graph": "Neptune",
    "elastic-documents": "DocumentDB elastic cluster",
    "a-warehouse": "Redshift",
    "a-warehouse-without-servers": "Redshift Serverless",
    "DSQL-always": "Aurora DSQL",
    "Lightsail-does-not-say-it": "Lightsail database",
    "MemoryDB-always": "MemoryDB",
    "Neptune-Analytics-always": "Neptune Analytics",
    "InfluxDB-always": "Timestream for InfluxDB",
}
ENGINES: Final = {
    "PostgreSQL": "postgres",
    "MySQL": "mysql",
    "MariaDB": "mariadb",
    "SQL Server": "sqlserver-se",
    "Oracle": "oracle-ee",
    "Db2": "db2-se",
}


class Asked(NamedTuple):
    """A scenario about databases: its number, what it selects, and what it asks."""

    number: str
    when: str
    then: str


@cache
def scenarios() -> tuple[Asked, ...]:
    """Every scenario about databases, in the order of their numbers."""
    subjects = "|".join(SUBJECTS)
    steps = rf"Scenario: (\S+) .*\n +When (we examine every planned (?:{subjects}))\n +Then (.+)\n"
    texts = (path.read_text(encoding="utf-8") for path in bundle.FEATURES.glob("*.feature"))
    return tuple(sorted(Asked(*found) for text in texts for found in re.findall(steps, text)))


def shape(name: str) -> Plan:
    """The golden plan of ENC-01.1 that has a shape."""
    (golden,) = [
        each
        for each in recipes.of_scenario("ENC-01.1")
        if re.fullmatch(rf"(satisfied|violated|undetermined)-{name}", each.recipe.name)
    ]
    return decode(golden.data, f"{golden.name}.json")


def run_on(plan: Plan) -> RunContext:
    """What a scenario gets beside the plan."""
    admission.notice(plan)
    parameters = catalogue.read_parameters(bundle.POLICIES)
    frameworks = catalogue.read_controls(bundle.POLICIES)
    policies = catalogue.Policies(parameters, frameworks, ())
    return RunContext(plan=plan, policies=policies, today=dt.date(2026, 1, 1))


def judgements(plan: Plan) -> Iterator[tuple[str, Judgement]]:
    """What each scenario about databases says of a plan."""
    run = run_on(plan)
    for number, when, then in scenarios():
        told = ((each, form(each).parse_arguments(then)) for each in FORMS)
        words, blanks = next((each, found) for each, found in told if found is not None)
        yield number, judged(selected(when, plan, run), run, words, **blanks)


def asked_row(title: str, plan: Plan, *more: str) -> str:
    """A row of a table: what is not asked of a plan, and what it leaves open."""
    every = list(judgements(plan))
    asked = [number for number, each in every if each.verdict is not Verdict.NOT_APPLICABLE]
    left = [number for number, each in every if each.verdict is Verdict.NOT_APPLICABLE]
    unsaid = [number for number, each in every if each.verdict is Verdict.UNDETERMINED]
    few = len(asked) < len(left)
    cells = (f"all but {', '.join(asked)}" if few else ", ".join(left), ", ".join(unsaid))
    return f"| {' | '.join((title, *more, *(each or '-' for each in cells)))} |"


def head(*names: str) -> list[str]:
    """The head of a table."""
    return [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]


def types_of(plan: Plan) -> str:
    """The types of databases in a plan."""
    kinds = dict.fromkeys(each.type for each in plan.changes if each.type in (*TYPES, *FAMILIES))
    return ", ".join(f"`{each}`" for each in kinds)


def test_the_page_says_what_is_asked_of_each_shape_of_a_database() -> None:
    plans = [(title, shape(name)) for name, title in SHAPES.items()]
    rows = [asked_row(title, plan, types_of(plan)) for title, plan in plans]
    asked = ", ".join(each.number for each in scenarios())
    lines = [f"About databases: {asked}.", "", *head("shape", "types", "not asked", "open"), *rows]
    accepted.hold_part(SHAPES_PAGE, "databases", "\n".join(lines))


def test_the_page_says_what_is_asked_of_each_engine() -> None:
    plans = [
        (title, Recipe(title, INSTANCE, (known("aws_db_instance.main", "engine", name),)).plan())
        for title, name in ENGINES.items()
    ]
    rows = [asked_row(title, decode(encoded(plan), f"{title}.json")) for title, plan in plans]
    accepted.hold_part(SHAPES_PAGE, "engines", "\n".join([*head("engine", "not asked", "open"), *rows]))


def encoded(plan: object) -> bytes:
    """A plan as JSON."""
    return json.dumps(plan).encode()


def test_each_type_of_a_database_is_on_the_page() -> None:
    """Also each that the first group of stores has, where databases stand."""
    text = SHAPES_PAGE.read_text(encoding="utf-8")
    stores = (bundle.POLICIES / "stores.toml").read_text(encoding="utf-8")
    first = stores[stores.index("# Databases") : stores.index("# Objects")]
    has = {name for each in read_index(SHIPPED).providers.values() for name in each.managed}
    every = {*re.findall(r'"(aws_\w+)"', first), *(set(TYPES) | set(FAMILIES)) & has}
    assert len(every) > 35
    assert {each for each in every if f"`{each}`" not in text} == set()


def test_the_page_of_shapes_knows_each_type_that_a_subject_is_about() -> None:
    text = SHAPES_PAGE.read_text(encoding="utf-8")
    kinds = {kind for subject in EVERY_SUBJECT for kind in subject.kinds}
    assert {kind for kind in kinds if f"`{kind}`" not in text} == set()


def test_the_page_of_shapes_names_only_what_the_code_and_the_features_have() -> None:
    text = SHAPES_PAGE.read_text(encoding="utf-8")
    files = (*(ROOT / "planspec").rglob("*.py"), *(ROOT / "policies").rglob("*.toml"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    # What grants access is listed from data, of which another test holds the names.
    kinds = set(re.findall(r"`(aws_[a-z0-9_]+)`", text.partition("## What grants")[0])) - {"aws_elb"}
    assert {kind for kind in kinds if f'"{kind}"' not in code} == set()
    features = "\n".join(path.read_text("utf-8") for path in (ROOT / "features").rglob("*.feature"))
    numbers = set(re.findall(r"\b[A-Z]{3}-\d\d\.\d\b", text))
    assert {number for number in numbers if f"Scenario: {number} " not in features} == set()


def of_sort(sort: str) -> tuple[set[str], set[str]]:
    """The types of one sort: those that are compared, and those that are undetermined as they change."""
    table = access_types()
    rows = [(each.kind, each.sort) for each in table.inside]
    rows += [(each.kind, each.sort) for each in (*table.document, *table.share, *table.door)]
    rows += [(each.type, each.sort) for each in table.grant]
    rows += [(each.type, each.sort) for each in table.acl]
    rows += [(each.type, "membership") for each in table.member]
    rows += [("aws_iam_policy", "identity"), ("aws_iam_role", "identity")]
    rows += [(each.beside.kind, "identity") for each in table.identity]
    rows += [(one.kind, "attachments") for each in table.identity for one in each.attached]
    rows += [(each.type, "limits") for each in table.identity if each.limited]
    compared = {kind for kind, of in rows if of == sort}
    attributes = (*table.attributes.gives.get(sort, ()), *table.attributes.limits.get(sort, ()))
    uncompared = {*table.beside.get(sort, ()), *table.limits.get(sort, ())}
    return compared, uncompared | {each.partition(".")[0] for each in attributes}


@pytest.mark.accepted
def test_the_shapes_page_lists_what_grants_access() -> None:
    def listed(kinds: set[str]) -> str:
        return ", ".join(f"`{each}`" for each in sorted(kinds)) or "-"

    lines = ["| | compared | undetermined where it changes |", "| --- | --- | --- |"]
    for sort, heading in access_types().sorts.items():
        compared, uncompared = of_sort(sort)
        lines.append(f"| {heading} | {listed(compared)} | {listed(uncompared)} |")
    accepted.hold_part(SHAPES_PAGE, "access", "\n".join(lines))
