"""Is each fault of the inherited service found where it is, and mended?"""

import functools
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from planspec import bundle, features
from planspec import checkov as scanner
from planspec.cli.app import main
from planspec.policies import catalogue
from tests.service import workflow_faults
from tests.support import our_service

ROOT = Path(__file__).parents[2]
INHERITED = ROOT / "plans" / "inherited"
DOCUMENT = tomllib.loads((INHERITED / "faults.toml").read_text(encoding="utf-8"))
FAULTS: list[dict[str, Any]] = DOCUMENT["fault"]
SHOWN = [fault for fault in FAULTS if "scenario" in fault]
HIDDEN = [fault for fault in FAULTS if "scenario" not in fault]
AREAS = {"security", "reliability", "cost", "operations", "observability"}
FRAMEWORKS = catalogue.read_controls(bundle.POLICIES)
SECONDS = 120.0


class Known(NamedTuple):
    """What the source of a folder writes: resources, and the other blocks by kind and name."""

    resources: frozenset[str]
    others: frozenset[str]


@functools.cache
def written(folder: Path) -> Known:
    """Read the blocks of a folder of Terraform, by their first lines."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.tf"))
    resources = re.findall(r'^resource "(\w+)" "(\w+)"', text, re.MULTILINE)
    others = re.findall(r'^(variable|output|provider) "(\w+)"', text, re.MULTILINE)
    nested = re.findall(r"^  (required_providers|backend)\b", text, re.MULTILINE)
    return Known(
        frozenset(".".join(each) for each in resources),
        frozenset(".".join(each) for each in others)
        | {f"terraform.{each}" for each in nested}
        | ({"terraform"} if "terraform {" in text else set()),
    )


@functools.cache
def scenarios() -> dict[str, features.Scenario]:
    """Every scenario about our service by its number."""
    found = [
        each for path in features.files([bundle.FEATURES]) for each in features.read(path, FRAMEWORKS)
    ]
    return our_service.ours({each.number: each for each in found})


@functools.cache
def verdicts(plan: str) -> dict[str, tuple[str, frozenset[str]]]:
    """The verdict of each scenario on a recorded plan, and the addresses that it is about."""
    arguments = ["check", "--no-checkov", str(ROOT / "plans" / f"{plan}.json"), "-o", "json"]
    record = json.loads(CliRunner().invoke(main, arguments).stdout)
    return {
        each["scenario"]: (
            each["verdict"],
            frozenset(one["address"] for one in each["findings"] if one["verdict"] == each["verdict"]),
        )
        for each in record["scenarios"]
    }


def name(fault: dict[str, Any]) -> str:
    """The name of a test about one fault."""
    return str(fault["id"])


def test_there_are_at_least_forty_faults_of_every_area_and_each_has_a_title_of_its_own() -> None:
    assert len(SHOWN) >= 40
    assert {fault["area"] for fault in FAULTS} == AREAS
    for key in ("id", "title"):
        assert [
            each for each, times in Counter(fault[key] for fault in FAULTS).items() if times > 1
        ] == []


@pytest.mark.parametrize("fault", FAULTS, ids=name)
def test_a_fault_is_told_in_full(fault: dict[str, Any]) -> None:
    required = {"id", "title", "area", "severity", "where", "impact", "fix"}
    optional = {"scenario", "also", "inherited", "not_in_plan", "checkov", "controls"}
    assert required <= fault.keys() <= required | optional
    assert ("scenario" in fault) is not ("not_in_plan" in fault)
    assert fault["severity"] in features.SEVERITIES
    assert all(fault[each].strip() for each in ("title", "impact", "fix"))
    assert fault.get("not_in_plan", "a reason").strip()


@pytest.mark.parametrize("fault", SHOWN, ids=name)
def test_a_fault_is_found_where_it_is_and_mended(fault: dict[str, Any]) -> None:
    address = fault["where"]["address"]
    for number in (fault["scenario"], *fault.get("also", ())):
        verdict, violating = verdicts("inherited")[number]
        assert verdict == fault.get("inherited", "violated")
        assert address in violating
        assert verdicts("corrected")[number] == ("satisfied", frozenset())
    assert "controls" not in fault, "the controls of a fault are those of its scenario"


@pytest.mark.parametrize("fault", HIDDEN, ids=name)
def test_a_fault_that_no_plan_shows_names_controls_that_we_know(fault: dict[str, Any]) -> None:
    for control in fault.get("controls", ()):
        framework, _, identifier = control.partition(":")
        assert identifier in FRAMEWORKS[framework].controls


@pytest.mark.parametrize("fault", FAULTS, ids=name)
def test_a_fault_stands_in_its_file_and_its_fix_in_ours(fault: dict[str, Any]) -> None:
    file, address = INHERITED / fault["where"]["file"], fault["where"]["address"]
    if file.suffix == ".yml":
        assert (ROOT / ".github" / "workflows" / fault["fix"]).is_file()
        return
    text = file.read_text(encoding="utf-8")
    kind, _, label = address.partition(".")
    if kind in {"variable", "output", "provider"}:
        assert f'{kind} "{label}"' in text
    elif kind != "terraform":
        assert f'resource "{kind}" "{label}"' in text
    ours = written(ROOT / "terraform")
    assert fault["fix"] in ours.resources | ours.others


def test_the_faults_of_the_pipeline_are_those_that_its_own_tests_find_and_see_mended() -> None:
    told = {fault["where"]["address"] for fault in FAULTS if fault["where"]["file"] == "deploy.yml"}
    assert told == {fault.name for fault in workflow_faults.FAULTS}


def test_every_scenario_finds_a_fault_or_says_what_it_guards() -> None:
    """A scenario that nothing ever violates may be one that cannot be violated."""
    finding = {each for fault in SHOWN for each in (fault["scenario"], *fault.get("also", ()))}
    guarding = DOCUMENT["guarding"]
    assert finding | guarding.keys() == scenarios().keys()
    assert not finding & guarding.keys()
    assert all(reason.strip() for reason in guarding.values())
    assert [number for number in guarding if verdicts("inherited")[number][0] == "violated"] == []


def test_a_fault_is_as_severe_as_the_requirement_that_finds_it() -> None:
    assert {fault["id"]: fault["severity"] for fault in SHOWN} == {
        fault["id"]: scenarios()[fault["scenario"]].severity for fault in SHOWN
    }


def test_checkov_fails_the_checks_that_a_fault_names_at_its_address(
    checkov: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    plan = (ROOT / "plans" / "inherited.json").read_bytes()
    with scanner.start(plan, checkov, bundle.POLICIES / "checkov") as scan:
        failed = {(each.check, each.address) for each in scan.collect(SECONDS).failed}
    named = {
        (check, fault["where"]["address"]) for fault in FAULTS for check in fault.get("checkov", ())
    }
    assert named - failed == set()
    assert len(named) >= 40
