"""The pipeline: what the inherited workflow lacks, and what the corrected ones must not lose.

zizmor and GitHub's schema look at the form (`make workflows`). Here is what only we know: which job
may follow which, and that what is judged is what is applied.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.service.workflow_faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
INHERITED = ROOT / "plans/inherited/deploy.yml"
DEPLOY = ROOT / ".github/workflows/deploy.yml"
# What deploy.yml does in each environment.
ROLL_OUT = ROOT / ".github/workflows/roll-out.yml"

Workflow = dict[str, Any]


def read(path: Path) -> Workflow:
    """A workflow; as YAML 1.2, in which `on` is a word and not a boolean."""
    workflow: Workflow = YAML(typ="safe").load(path)
    return workflow


def steps(workflow: Workflow, job: str | None = None) -> Iterator[dict[str, Any]]:
    """The steps of one job, or of all jobs."""
    for name, each in workflow["jobs"].items():
        if job in (None, name):
            yield from each.get("steps", ())


def scripts(workflow: Workflow, job: str) -> str:
    """Everything that a job runs in a shell, continued lines joined."""
    return "\n".join(each.get("run", "") for each in steps(workflow, job)).replace("\\\n", " ")


def artifacts(workflow: Workflow, job: str, action: str) -> set[str]:
    """Names of the artifacts that a job uploads or downloads."""
    return {
        each["with"]["name"]
        for each in steps(workflow, job)
        if each.get("uses", "").startswith(f"actions/{action}-artifact@")
    }


def text(path: Path) -> str:
    """A workflow's text with continued lines joined and without comments of their own line."""
    lines = path.read_text(encoding="utf-8").replace("\\\n", " ")
    return re.sub(r"(?m)^\s*#.*\n", "", lines)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_inherited_workflow_has_the_fault_and_the_corrected_one_has_not(fault: Fault) -> None:
    assert fault.shown_by or fault.corrected_by
    if fault.shown_by:
        assert re.search(fault.shown_by, text(INHERITED))
        assert not [path.name for path in WORKFLOWS if re.search(fault.shown_by, text(path))]
    if fault.corrected_by:
        assert not re.search(fault.corrected_by, text(INHERITED))
        assert any(re.search(fault.corrected_by, text(path)) for path in (DEPLOY, ROLL_OUT))


def test_each_fault_is_listed_once() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_digest_with_its_version_beside(path: Path) -> None:
    uses = re.findall(r"- uses: (.*)", path.read_text(encoding="utf-8"))
    assert len(uses) == sum("uses" in step for step in steps(read(path)))
    assert [
        each for each in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)
    ] == []


def test_one_action_has_one_digest() -> None:
    found = {use for path in WORKFLOWS for use in re.findall(r"- uses: (.*)", path.read_text("utf-8"))}
    assert len(found) == len({use.partition("@")[0] for use in found})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_may_write_but_what_a_job_names(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    granted = {
        (name, scope)
        for name, job in workflow["jobs"].items()
        for scope, access in job.get("permissions", {}).items()
        if access == "write"
    }
    allowed = {"id-token"} if path.name != "pull-request.yml" else set()
    assert {scope for _, scope in granted} <= allowed | (
        {"issues"} if path.name == "drift.yml" else set()
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_workflow_uses_a_secret_or_runs_others_words(path: Path) -> None:
    assert "secrets." not in text(path)
    assert read(path)["concurrency"]["group"]
    for step in steps(read(path)):
        assert "${{" not in step.get("run", ""), step
    assert "pull_request_target" not in read(path)["on"]


def test_deployments_queue_and_are_not_cut_off() -> None:
    assert read(DEPLOY)["concurrency"] == {"group": "deploy-production", "cancel-in-progress": False}


def test_every_job_of_a_deployment_waits_for_the_one_before() -> None:
    for path, order in (
        (DEPLOY, ["test", "build", "staging", "production"]),
        (ROLL_OUT, ["plan", "gate", "apply"]),
    ):
        jobs = read(path)["jobs"]
        assert list(jobs) == order
        for before, after in pairwise(order):
            needs = jobs[after]["needs"]
            assert before in ([needs] if isinstance(needs, str) else needs)
        assert not [name for name in order if "always()" in str(jobs[name].get("if", ""))]
        assert not [step for step in steps(read(path)) if step.get("continue-on-error")]


def test_production_gets_the_image_that_ran_in_staging_by_the_same_way() -> None:
    jobs = read(DEPLOY)["jobs"]
    staging, production = jobs["staging"], jobs["production"]
    assert staging["uses"] == production["uses"] == "$/.github/workflows/roll-out.yml"
    for name, job in (("staging", staging), ("production", production)):
        assert job["with"]["environment"] == name
        assert job["with"]["digest"] == "${{ needs.build.outputs.digest }}"
        roles = [value for key, value in job["with"].items() if key.endswith("-role")]
        assert len(roles) == 3
        assert all(f"vars.AWS_{name.upper()}_" in each for each in roles)


def test_what_is_applied_is_the_file_that_was_judged() -> None:
    workflow = read(ROLL_OUT)
    plan, evidence = "tfplan-${{ inputs.environment }}", "evidence-${{ inputs.environment }}"
    assert artifacts(workflow, "plan", "upload") == {plan}
    assert artifacts(workflow, "gate", "download") == {plan}
    assert artifacts(workflow, "apply", "download") == {plan, evidence}
    assert re.search(r"terraform -chdir=terraform plan .* -out=tfplan$", scripts(workflow, "plan"), re.M)
    assert "planspec check terraform/tfplan " in scripts(workflow, "gate")
    assert re.search(r"terraform -chdir=terraform apply .* tfplan$", scripts(workflow, "apply"), re.M)
    assert not re.search(r"terraform .*\bplan\b", scripts(workflow, "apply"))
    for job in ("gate", "apply"):
        decrypt = next(step for step in steps(workflow, job) if step.get("name") == "Decrypt the plan")
        assert decrypt["env"]["SHA256"] == "${{ needs.plan.outputs.sha256 }}"
        assert 'sha256sum --check <<< "$SHA256  terraform/tfplan"' in decrypt["run"]


def test_a_plan_is_applied_only_after_it_is_verified_against_the_evidence_of_the_gate() -> None:
    workflow = read(ROLL_OUT)
    found = list(steps(workflow, "apply"))
    names = [step.get("name", "") for step in found]
    verified, applied = (
        names.index(each) for each in ("Verify that this plan was judged and passed", "Apply the plan")
    )
    assert names.index("Decrypt the plan") < verified < applied
    verify = found[verified]
    assert verify["env"]["SHA256"] == "${{ needs.gate.outputs.evidence }}"
    first, second = verify["run"].replace("\\\n", " ").strip().splitlines()
    assert first == 'sha256sum --check <<< "$SHA256  evidence.json"'
    assert second.startswith(".venv/bin/planspec verify evidence.json terraform/tfplan ")
    assert {"--require-applicable", "--require-checkov"} <= set(second.split())
    installed = names.index("Install planspec")
    signed_in = next(number for number, step in enumerate(found) if "role-to-assume" in str(step))
    assert installed < signed_in


def test_a_plan_leaves_its_job_encrypted_only() -> None:
    uploads = [
        step["with"]["path"]
        for step in steps(read(ROLL_OUT))
        if step.get("uses", "").startswith("actions/upload-artifact@")
    ]
    assert uploads == ["sealed", "evidence.json"]
    assert "-out sealed/tfplan.enc" in scripts(read(ROLL_OUT), "plan")


def test_the_gate_judges_everything_and_nothing_softens_its_verdict() -> None:
    check = next(
        line for line in scripts(read(ROLL_OUT), "gate").splitlines() if "planspec check" in line
    )
    assert {
        "--require-applicable",
        "--require-checkov",
        "--refuse-skip-comments",
        "json=evidence.json",
    } <= set(check.split())
    assert not {"--no-checkov", "--tags", "--override", "||", "|"} & set(check.split())


def test_only_the_apply_job_has_the_environment_and_its_role() -> None:
    jobs = read(ROLL_OUT)["jobs"]
    assert [name for name, job in jobs.items() if "environment" in job] == ["apply"]
    assert jobs["apply"]["environment"]["name"] == "${{ inputs.environment }}"
    roles = {
        name: [step["with"]["role-to-assume"] for step in job["steps"] if "role-to-assume" in str(step)]
        for name, job in jobs.items()
    }
    assert [name for name, found in roles.items() if "${{ inputs.apply-role }}" in found] == ["apply"]
    assert all(len(found) == 1 for found in roles.values())


def test_the_nightly_comparison_fails_on_changes_and_writes_nothing() -> None:
    workflow = read(ROOT / ".github/workflows/drift.yml")
    assert workflow["on"]["schedule"]
    script = scripts(workflow, "plan")
    assert "-detailed-exitcode" in script
    assert not re.search(r"terraform .*\b(apply|import|refresh)\b", script)
    assert workflow["jobs"]["report"]["needs"] == "plan"
    assert workflow["jobs"]["report"]["if"] == "failure()"


def owners(place: str) -> list[str]:
    """Who owns a file, by the last line of CODEOWNERS that matches it."""
    found: list[str] = []
    for line in (ROOT / "CODEOWNERS").read_text(encoding="utf-8").splitlines():
        pattern, *who = line.partition("#")[0].split() or [""]
        inside = pattern.endswith("/") and f"/{place}".startswith(pattern)
        if pattern and (pattern == "*" or inside or fnmatchcase(f"/{place}", pattern)):
            found = who
    return found


GATE = (
    "CODEOWNERS",
    "terraform/environments/staging.limits.toml",
    "action.yml",
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    "Dockerfile",
)
GATE_FOLDERS = (".github", "action", "features", "planspec", "policies", "steps")


def test_whoever_changes_the_infrastructure_owns_no_part_of_the_gate() -> None:
    infrastructure = owners("terraform/main.tf")
    assert infrastructure == ["@platform"]
    files = [
        path for name in GATE_FOLDERS for path in sorted((ROOT / name).rglob("*")) if path.is_file()
    ]
    places = [*GATE, *(path.relative_to(ROOT).as_posix() for path in files)]
    assert len(places) > len(GATE) + len(GATE_FOLDERS)
    assert {place: who for place in places if set(who := owners(place)) <= {*infrastructure}} == {}
