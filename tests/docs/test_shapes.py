"""The shapes in which things can be written: what the page says of each is what is judged."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from planspec import Verdict, bundle, decode
from planspec.aws import TYPES
from planspec.aws.other_databases import FAMILIES
from planspec.features.form import form
from planspec.finding import Judgement
from planspec.plan import Plan, admission
from planspec.policies import catalogue
from planspec.runner.context import RunContext
from planspec.schema import SHIPPED, read_index
from planspec.vocabulary import judged
from planspec.vocabulary.lookup import selected
from planspec.vocabulary.outcomes import OUTCOMES
from tests.golden import recipes
from tests.golden.recipe import Recipe
from tests.support import accepted
from tests.support.cutting import only
from tests.support.recipe_edits import known

PAGE: Final = Path(__file__).parents[2] / "docs" / "shapes.md"
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


def row(title: str, plan: Plan, *more: str) -> str:
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
    rows = [row(title, plan, types_of(plan)) for title, plan in plans]
    asked = ", ".join(each.number for each in scenarios())
    lines = [f"About databases: {asked}.", "", *head("shape", "types", "not asked", "open"), *rows]
    accepted.hold_part(PAGE, "databases", "\n".join(lines))


def test_the_page_says_what_is_asked_of_each_engine() -> None:
    plans = [
        (title, Recipe(title, INSTANCE, (known("aws_db_instance.main", "engine", name),)).plan())
        for title, name in ENGINES.items()
    ]
    rows = [row(title, decode(encoded(plan), f"{title}.json")) for title, plan in plans]
    accepted.hold_part(PAGE, "engines", "\n".join([*head("engine", "not asked", "open"), *rows]))


def encoded(plan: object) -> bytes:
    """A plan as JSON."""
    return json.dumps(plan).encode()


def test_each_type_of_a_database_is_on_the_page() -> None:
    """Also each that the first group of stores has, where databases stand."""
    text = PAGE.read_text(encoding="utf-8")
    stores = (bundle.POLICIES / "stores.toml").read_text(encoding="utf-8")
    first = stores[stores.index("# Databases") : stores.index("# Objects")]
    has = {name for each in read_index(SHIPPED).providers.values() for name in each.managed}
    every = {*re.findall(r'"(aws_\w+)"', first), *(set(TYPES) | set(FAMILIES)) & has}
    assert len(every) > 35
    assert {each for each in every if f"`{each}`" not in text} == set()
