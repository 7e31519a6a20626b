"""Is every type and attribute that our own code, features and policies name one that the provider has?

A judgement that asks for a misspelt attribute finds nothing, for ever. Types and attributes are looked
for in the text of the code; paths are those that the whole catalogue reads of the recorded plans.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from planspec import bundle, features
from planspec.policies import read_controls
from planspec.runner import check, load
from planspec.runner.checkov_findings import Alongside
from planspec.schema import Schemas, problem_of

ROOT = Path(__file__).parents[3]
TYPE = re.compile(r"[\"'`](data\.)?(aws_[a-z0-9_]+)[\"'`.\[]")
# Words of ours, or of Checkov, that only look like types; and one that is newer than our index.
NO_TYPES = frozenset({"aws_account", "aws_timestreaminfluxdb_db_cluster"})
STEP = re.compile(r"([^.\[\]]+)|\[\d*\]")
# Keys inside documents: policies, container definitions, metric dimensions, expressions.
KEYS = re.compile(r"[A-Z]\w*|[a-z]+[A-Z]\w*|add|drop|references")
# They read price lists, and no plan.
OF_PRICES = frozenset({"price_list.py", "prices.py"})
# Two types are asked the same questions, and one of them has no such attribute.
ASKED_OF_BOTH = {
    ("aws_vpc_security_group_ingress_rule", "self"),
    ("aws_s3_bucket_lifecycle_configuration", "rule[0].abort_incomplete_multipart_upload_days"),
}
# What version 6 of the provider has, and the one of which a schema comes along has not.
LATER = {
    ("aws_ecs_service", "deployment_configuration[0].strategy"),
    ("aws_budgets_budget", "filter_expression"),
}


@cache
def schemas() -> Schemas:
    return Schemas()


def code() -> Iterator[Path]:
    """The files that read plans by name."""
    for folder in (
        "planspec/aws",
        "planspec/judgements",
        "planspec/cost",
        "steps",
        "policies",
        "features",
    ):
        files = sorted((ROOT / folder).rglob("*"))
        plain = (path for path in files if path.name not in OF_PRICES)
        yield from (path for path in plain if path.suffix in {".py", ".toml", ".feature"})


@pytest.mark.parametrize("path", list(code()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_type_that_is_named_is_one_of_the_provider(path: Path) -> None:
    named = {kind for _, kind in TYPE.findall(path.read_text(encoding="utf-8"))} - NO_TYPES
    strange = {
        kind
        for kind in named
        if not schemas().find("managed", kind)
        and not schemas().find("data", kind)
        # A prefix, such as "aws_wafv2_", is the start of some.
        and not (
            kind.endswith("_") and any(each.startswith(kind) for each in schemas().names("managed"))
        )
    }
    assert not strange


def test_every_type_in_a_feature_is_one_of_the_provider() -> None:
    frameworks = read_controls(bundle.POLICIES)
    named = {
        kind
        for path in features.files([bundle.FEATURES])
        for scenario in features.read(path, frameworks)
        for step in scenario.steps
        for kind in re.findall(r'"(aws_\w+)"', step.text)
    }
    assert not {each for each in named if not schemas().find("managed", each)}


def names_of_the_provider() -> set[str]:
    """Every name of an attribute or a block that the provider has anywhere."""
    (index,) = schemas().indexes
    return {name for number in range(len(index.blocks)) for name in index.block(number)}


def test_every_attribute_that_the_code_asks_for_is_one_of_the_provider() -> None:
    known = names_of_the_provider()
    asked = {
        (path.name, argument.value)
        for path in code()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"get", "hold_each"}
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value
    }
    assert len(asked) > 100
    strange = {(file, name) for file, name in asked if name not in known and not KEYS.fullmatch(name)}
    assert strange <= {
        ("network_openings.py", "security_rule"),  # Azure's, of which no schema comes along
        ("deployments.py", "deployment_configuration"),  # of version 6 of the provider
        ("dashboards.py", "visible"),  # in the JSON of a dashboard
        ("observability.py", "cloud-watch-logs"),  # a default
    }


@pytest.mark.parametrize("name", ["corrected", "inherited", "upgrade", "destroy", "release"])
def test_every_path_that_the_catalogue_reads_is_one_of_its_type(name: str) -> None:
    found = load.read(str(ROOT / "plans" / f"{name}.json"))
    settings = check.Settings(checkov=Alongside("off"), keep_reads=True, given=found.given)
    record = check.check(found.plan, found.document, settings, lambda _: None)
    kinds = {change.address: (change.mode, change.type) for change in found.plan.changes}
    read = {
        (*kinds[each.address], each.path)
        for scenario in record.scenarios
        for each in scenario.read
        if each.address in kinds
    }
    assert len(read) > 20
    wrong = set()
    for mode, kind, path in read:
        steps = tuple((word,) if word else 0 for word in STEP.findall(path))
        places = schemas().find(mode, kind)
        problems = [problem_of(index, number, kind, steps) for index, number in places]
        if not places or all(problems):
            wrong.add((kind, path))
    assert not wrong - ASKED_OF_BOTH - LATER
