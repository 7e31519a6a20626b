"""Does the HTML report hold the whole record, and nothing that runs or loads? Without a browser."""

import base64
import gzip
import hashlib
import json
import re
import tempfile
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from click.testing import CliRunner

from planspec import bundle, reports
from planspec.cli.app import main
from planspec.evidence import (
    ORDER,
    AttributeCoverage,
    CheckovCoverage,
    Coverage,
    Evidence,
    ResourceCoverage,
    Total,
    file,
)
from planspec.reports.control_matrix import matrix
from planspec.reports.html_page import figures, view
from tests.support import plans

INHERITED = Path(__file__).parents[3] / "plans/inherited.json"
HOSTILE = "</script><script>window.owned=1</script><img src=x onerror=window.owned=1>\"'&{{7*7}}"


DIGEST = re.compile("[0-9a-f]{32,}")
AMOUNTS = frozenset(
    {"before_usd", "after_usd", "after_most_usd", "difference_usd", "monthly_usd", "most_monthly_usd"}
)


def judged(plan: Path, *options: str) -> Evidence:
    """The record of a plan, judged as a user judges it, without Checkov."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "evidence.json")
        asked = ["check", "--no-checkov", str(plan), "-o", f"json={record}", *options]
        result = CliRunner().invoke(main, asked)
        assert result.exit_code in {0, 1}, result.output
        return file.read(record)


def planned(folder: Path, *resources: plans.Described) -> Path:
    """The plan of these resources, as a file."""
    path = folder / "plan.json"
    path.write_bytes(plans.encode(plans.document(*resources)))
    return path


def page(record: Evidence) -> str:
    """The page of a record."""
    return reports.render("html", record).decode()


@pytest.fixture(scope="module")
def inherited() -> Evidence:
    """The record of the service as it was handed over."""
    return judged(INHERITED)


def poisoned(value: Any, fixed: set[str], key: str = "") -> Any:
    """A part of a record in which every free word is an attack on the page."""
    match value:
        case dict():
            return {
                f"{name}{HOSTILE}" if key == "files" else name: poisoned(part, fixed, name)
                for name, part in value.items()
            }
        case list():
            return [poisoned(part, fixed, key) for part in value]
        case str() if key not in fixed and not DIGEST.fullmatch(value):
            return f"{HOSTILE}{value}"
    return value


def hostile_record() -> Evidence:
    """The record of the corrected service, with a finding and a waiver, as an attacker would have it."""
    record = json.loads(file.encode(judged(INHERITED)))
    found = record["scenarios"][1]["findings"] or record["scenarios"][2]["findings"]
    record["checkov"]["findings"] = found
    record["checkov"]["missing"] = ""
    fixed: set[str] = {"verdict", "looked", *AMOUNTS}
    while True:
        try:
            return msgspec.json.decode(json.dumps(poisoned(record, fixed)), type=Evidence)
        except msgspec.ValidationError as error:
            # The format allows only certain words here: those are no way in.
            (key,) = re.findall(r"(\w+)(?:\[\.\.\.\])*`$", str(error))
            if key in fixed:
                raise
            fixed.add(key)


class Reader(HTMLParser):
    """Reads the page as a browser without a script: elements, attributes, text."""

    VOID = frozenset({"meta", "input", "use", "rect", "circle", "path", "br", "link", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; what is never closed does not stay open."""
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that ends at once."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Every element ends where it has to."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what a person reads."""
        if self.open and self.open[-1] not in {"script", "style"}:
            self.text += data


def unpacked(text: str) -> dict[str, Any]:
    """The embedded record."""
    found = re.search(r'id="embedded">([^<]+)<', text)
    assert found
    content: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return content


def test_the_page_holds_every_scenario_finding_and_examined_resource(inherited: Evidence) -> None:
    read = Reader(page(inherited))
    words = " ".join(read.text.split())
    names = {attributes.get("id") for _, attributes in read.elements}
    for scenario in inherited.scenarios:
        assert scenario.scenario in names
        assert " ".join(scenario.text.split()) in words
        for finding in scenario.findings:
            for said in (finding.address, finding.observed, finding.expected, finding.remedy):
                assert " ".join(said.split()) in words
        assert names >= set(scenario.examined)


def test_the_page_names_what_was_judged_by_what_and_when(inherited: Evidence) -> None:
    text = Reader(page(inherited)).text
    inputs = inherited.inputs
    for said in (
        inherited.plan.name,
        inherited.plan.sha256,
        inherited.seal.judged_at,
        inherited.seal.sha256,
        inputs.features.sha256,
        inputs.steps.sha256,
        inputs.policies.sha256,
        *inputs.features.files.values(),
    ):
        assert said in text


def test_the_page_loads_nothing_and_runs_nothing_but_its_own_script(inherited: Evidence) -> None:
    text = page(inherited)
    read = Reader(text)
    assert not {"link", "img", "iframe", "object", "embed", "form", "base"} & {
        tag for tag, _ in read.elements
    }
    for tag, attributes in read.elements:
        assert "src" not in attributes
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#"), (tag, attributes)
    policy = next(
        str(each["content"])
        for _, each in read.elements
        if each.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        content = text.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert re.findall(r"url\((?!data:font/woff2;base64,)", text) == []


def test_the_same_record_gives_the_same_page(inherited: Evidence) -> None:
    assert page(inherited) == page(inherited)


def test_hostile_words_stay_words() -> None:
    text = page(hostile_record())
    read = Reader(text)
    assert sum(tag == "script" for tag, _ in read.elements) == 2
    assert "img" not in {tag for tag, _ in read.elements}
    assert "{{7*7}}" in read.text
    assert read.text.count(HOSTILE) > 500


def test_the_embedded_record_is_the_record(inherited: Evidence) -> None:
    content = unpacked(page(inherited))
    texts = content["texts"]
    assert len(content["scenarios"]) == len(inherited.scenarios)
    for packed, scenario in zip(content["scenarios"], inherited.scenarios, strict=True):
        assert [texts[each] for each in packed["examined"]] == scenario.examined
        assert [texts[each[4]] for each in packed["findings"]] == [
            each.observed for each in scenario.findings
        ]
        assert [[texts[part] for part in each[:3]] for each in packed["read"]] == [
            [each.address, each.path, each.shown] for each in scenario.read
        ]
    addresses = {texts[each[0]] for each in content["resources"]}
    assert addresses >= {each.address for each in inherited.resources}


def test_control_characters_are_shown_as_the_terminal_shows_them(inherited: Evidence) -> None:
    written, shown = 'aws_x.y["\x1b]0;\x07\u202e\n"]', 'aws_x.y["\\x1b]0;\\x07\\u202e\\n"]'
    scenario = next(each for each in inherited.scenarios if each.findings)
    found = msgspec.structs.replace(scenario.findings[0], address=written, observed=f"is {written}")
    changed = msgspec.structs.replace(scenario, findings=[found], examined=[written], name=written)
    text = page(msgspec.structs.replace(inherited, scenarios=[changed]))
    read, packed = Reader(text), unpacked(text)
    assert f"is {shown}" in read.text
    assert {shown, f"is {shown}"} <= set(packed["texts"])
    assert packed["scenarios"][0]["name"] == shown
    for each in (read.text, *packed["texts"]):
        assert not {"\x1b", "\x07", "\u202e"} & set(each)
    assert f"#{shown}" in {unquote(each.get("href") or "") for _, each in read.elements}


def test_every_paragraph_of_a_rationale_is_one(inherited: Evidence) -> None:
    first = msgspec.structs.replace(
        inherited.scenarios[0], rationale="Because.\n\nAlso.", limits="A pass shows.\n\nA pass hides."
    )
    text = page(msgspec.structs.replace(inherited, scenarios=[first]))
    assert '<p class="rationale">Because.</p>\n<p class="rationale">Also.</p>' in text
    assert "<b>Limits.</b> A pass shows.</p>" in text
    assert '<p class="limits">A pass hides.</p>' in text


def test_every_control_stands_in_the_matrix_with_its_scenarios(inherited: Evidence) -> None:
    read = Reader(page(inherited))
    names = {attributes.get("id") for _, attributes in read.elements}
    rows = [row for each in view.matrices(inherited, view.placed(inherited)) for row in each.rows]
    assert {row.tag for row in rows} == {row.tag for row in matrix(inherited)}
    assert names >= {row.tag for row in rows}
    for scenario in inherited.scenarios:
        for control in scenario.controls:
            (row,) = [each for each in rows if each.tag == control]
            assert scenario in [each.scenario for each in row.scenarios]


def test_the_page_shows_what_it_costs_and_what_was_looked_at(inherited: Evidence) -> None:
    assert inherited.cost
    assert inherited.coverage
    read = Reader(page(inherited))
    words = " ".join(read.text.split())
    assert inherited.cost.after.said in words
    for group in inherited.cost.groups:
        assert group.label in words
    total = inherited.coverage.total
    assert f"{total.read} of {total.attributes} attributes were read" in words
    for each in inherited.coverage.types:
        assert each.name in words


def test_without_cost_and_coverage_the_page_has_no_section_for_them(inherited: Evidence) -> None:
    bare = Reader(page(msgspec.structs.replace(inherited, cost=None, coverage=None)))
    named = {attributes.get(name) for _, attributes in bare.elements for name in ("id", "href")}
    assert not {"cost", "coverage", "#cost", "#coverage"} & named


def test_bars_are_as_long_as_their_amounts(inherited: Evidence) -> None:
    assert inherited.cost
    bars = figures.chart(inherited.cost)
    amounts = [Decimal(each.after_most_usd) for each in inherited.cost.groups]
    lengths = [each.most_length for each in bars]
    assert lengths == [round(1000 * each / max(amounts)) for each in amounts]
    assert inherited.coverage
    for each in figures.shares(inherited.coverage.types):
        assert sum(each.lengths) == (figures.FULL if each.attributes else 0)
        assert each.read + each.selected + each.unseen == each.attributes


def test_a_resource_that_no_scenario_examined_is_said_to_be_not_judged(tmp_path: Path) -> None:
    seen = plans.resource("aws_cloudwatch_log_group", "seen", retention_in_days=30)
    record = judged(planned(tmp_path, seen, plans.resource("aws_thing", "unseen")), "--tags", "@ENC-04")
    found = {each.address: each for each in view.resources(record, view.placed(record))}
    assert found["aws_thing.unseen"].verdict == "not judged"
    assert found["aws_cloudwatch_log_group.seen"].judged


def test_scenarios_of_one_name_have_each_a_place_of_their_own(inherited: Evidence) -> None:
    one = inherited.scenarios[0]
    twice = msgspec.structs.replace(inherited, scenarios=[one, one, one])
    assert [each.fragment for each in view.placed(twice)] == [
        one.scenario,
        f"{one.scenario}-2",
        f"{one.scenario}-3",
    ]


def names_on(text: str) -> list[str]:
    """Every id of the page, in order."""
    return [each for part in text.split("<script")[:1] for each in re.findall(r' id="([^"]*)"', part)]


def test_no_two_elements_have_one_name(inherited: Evidence) -> None:
    names = names_on(page(inherited))
    assert len(names) == len(set(names))
    assert {"CST-06", "DEP-02", "CST-06.1"} <= set(names)


@pytest.mark.parametrize("name", ["controls", "record", "nist", "nist:SC-7", "icon-waived", "CST-06"])
def test_a_scenario_takes_no_name_of_another_element(inherited: Evidence, name: str) -> None:
    replace = msgspec.structs.replace
    named = [replace(each, scenario=name, name=name) for each in inherited.scenarios[:2]]
    names = names_on(page(replace(inherited, scenarios=[*named, *inherited.scenarios[2:]])))
    assert len(names) == len(set(names))
    assert any(each.startswith(name) for each in names)


def test_the_counts_of_the_summary_add_up(inherited: Evidence) -> None:
    scenarios = view.placed(inherited)
    total = view.counts(each.verdict for each in scenarios)
    assert sum(total) == len(inherited.scenarios)
    assert [
        sum(each) for each in zip(*(one.counts for one in view.areas(scenarios)), strict=True)
    ] == list(total)
    assert dict(zip(map(str, ORDER), total, strict=True)) == inherited.summary.scenarios


def test_the_templates_are_part_of_the_package() -> None:
    folder = Path(view.__file__).parent
    assert folder.is_relative_to(bundle.ROOT)
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} >= {
        ".html",
        ".css",
        ".js",
        ".woff2",
    }


def test_beside_each_resource_stands_who_looked_at_which_attribute() -> None:
    names = ("a", "b", "c", "d")
    attributes = [
        AttributeCoverage(name=name, looked="read" if name in "ab" else "selected") for name in names
    ]
    resource = ResourceCoverage(
        address="x.y",
        type="x",
        module="",
        scenarios=[],
        attributes=attributes,
        checkov=3,
        checkov_read={"b": ["CKV_1"], "c": ["CKV_2"]},
        checkov_silent=1,
    )
    total = Total(
        name="x", resources=1, attributes=4, read=2, selected=2, unseen=0, checkov=2, checkov_only=1
    )
    found = Coverage(
        total=total, percent=50.0, types=[total], modules=[], controls=[], resources=[resource]
    )
    said = "2 of 4 attributes read; 3 checks of Checkov judged it, 1 without naming an attribute"
    assert figures.covered(found) == {"x.y": figures.Covered(said, "b", "a", "c", "d")}
    assert figures.share(total).percent == "50 %"
    assert figures.covered(None) == {}


def test_the_table_of_coverage_has_checkov_apart_and_only_where_it_ran(inherited: Evidence) -> None:
    assert inherited.coverage
    without = Reader(page(inherited))
    assert "Checkov only" not in without.text
    assert "What Checkov looks at is not known: switched off with --no-checkov" in without.text
    numbers = {"checkov": 4, "checkov_only": 3}
    types = [msgspec.structs.replace(each, **numbers) for each in inherited.coverage.types]
    total = msgspec.structs.replace(inherited.coverage.total, checkov=40, checkov_only=30)
    found = msgspec.structs.replace(
        inherited.coverage,
        total=total,
        types=types,
        checkov=CheckovCoverage(version="3", verdicts=9, silent=2),
    )
    read = Reader(page(msgspec.structs.replace(inherited, coverage=found)))
    words = " ".join(read.text.split())
    assert words.count("Checkov only") == 1, "neither modules nor controls have numbers here"
    assert "say that they looked at 40 attributes, 30 of which no requirement read" in words
    assert "2 of its 9 verdicts name no attribute" in words
