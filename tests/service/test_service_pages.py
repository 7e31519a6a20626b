"""Do ARCHITECTURE.md and docs/faults.md say what the plans, the source and the faults say now?"""

import re

import pytest

from planspec import bundle
from planspec.plan import Value
from planspec.policies import catalogue
from tests.service.service_pages import PARTS, connection_figures, faults_page, plan
from tests.service.test_faults import FAULTS, ROOT
from tests.support import accepted


@pytest.mark.accepted
@pytest.mark.parametrize("name", PARTS)
def test_a_generated_part_of_the_architecture_is_up_to_date(name: str) -> None:
    accepted.hold_part(ROOT / "ARCHITECTURE.md", name, PARTS[name]())


def figures() -> list[str]:
    """What the prose and the diagrams say in figures, as the plans have it."""

    def after(name: str, address: str) -> Value:
        change = plan(name).find(address)
        assert change is not None
        return change.after

    def shown(name: str, address: str, *path: str | int) -> str:
        return after(name, address).get(*path).shown.strip('"')

    task, service = "aws_ecs_task_definition.api", "aws_ecs_service.api"
    target, database = "aws_appautoscaling_target.api", "aws_db_instance.main"
    size = [int(shown("corrected", task, name)) for name in ("cpu", "memory")]
    old = [int(shown("inherited", task, name)) for name in ("cpu", "memory")]
    alarms = plan("corrected").remaining("aws_cloudwatch_metric_alarm")
    days = shown("corrected", database, "backup_retention_period")
    budget = shown("corrected", "aws_budgets_budget.monthly", "limit_amount")
    fewest, most = (shown("corrected", target, name) for name in ("min_capacity", "max_capacity"))
    (inherited, _, corrected) = connection_figures()
    return [
        f"{len(alarms)} alarms, dashboard, logs",
        f"{fewest} to {most} tasks by load",
        f"{size[0] / 1024:g} vCPU, {size[1] // 1024} GB, not root",
        f"tasks of {size[0] / 1024:g} instead of {old[0] // 1024} processors",
        f"{shown('inherited', service, 'desired_count')} tasks, fixed",
        f"{old[0] // 1024} vCPU, {old[1] // 1024} GB, root",
        f"encrypted, {days} days of backups",
        f"up to {inherited[2]} connections each",
        f"can open {inherited[3]} connections",
        f"the most that can be opened is {corrected[3]}, it accepts {corrected[5].split()[0]}",
        f"The parameter group states {corrected[5].split()[0]}",
        f"when more than {corrected[6]} connections are open",
        f"warns at 80 % of {budget} USD",
        f"{shown('inherited', database, 'allocated_storage')} GB of disk stay",
        f"{shown('inherited', database, 'iops')} paid disk operations",
        f"All {len(FAULTS)} are fixed",
    ]


@pytest.mark.parametrize("figure", figures())
def test_a_figure_in_the_prose_is_that_of_the_plan(figure: str) -> None:
    words = " ".join((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split())
    assert figure in words


def test_the_document_has_the_sections_that_were_asked_for_and_is_read_in_twenty_minutes() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (.*)$", text, re.MULTILINE)
    asked = [
        "Issues Found",
        "Prioritization",
        "CI/CD Improvements",
        "Monitoring Strategy",
        "Security Remediation",
        "Trade-offs",
    ]
    assert set(asked) <= set(sections)
    assert sections[:2] == ["In one minute", "Prioritization"]
    assert len(text.split()) <= 4500


def test_the_waivers_are_as_many_as_the_prose_says() -> None:
    waivers = catalogue.read_waivers(bundle.POLICIES)
    assert len(waivers) == 6
    assert all(each.requirement.startswith("CKV") for each in waivers)


@pytest.mark.accepted
def test_the_page_of_the_faults_is_up_to_date() -> None:
    accepted.hold(ROOT / "docs" / "faults.md", faults_page())
