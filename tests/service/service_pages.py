"""What the pages say about the service, from the faults, the plans and the source.

The texts between `<!-- NAME: generated -->` and `<!-- NAME: end -->` in ARCHITECTURE.md, and all of
docs/faults.md. `tests/service/test_service_pages.py` compares and, when asked, writes.
"""

import functools
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from click.testing import CliRunner

from planspec import bundle, features
from planspec.aws import Demands
from planspec.cli.app import main
from planspec.judgements.capacity import supply
from planspec.judgements.exposure import exposure
from planspec.judgements.observability import database_alarms
from planspec.judgements.observability.alarms import about
from planspec.plan import Action, Known, Plan, read
from planspec.policies import catalogue
from tests.service import reverts, workflow_faults
from tests.service.test_faults import FAULTS, ROOT
from tests.support import our_service

PLANS = ROOT / "plans"
SEVERITIES = ("critical", "high", "medium", "low")
STAGES = {
    "upgrade": "the naive plan",
    "upgrade-1-beside": "1 in parallel",
    "upgrade-2-cut-over": "2 cut over",
    "upgrade-3-remove": "3 remove",
}
# What the document tells in full, in the order of its priorities; the others are in docs/faults.md.
WORST = (
    *("R01", "S02", "S01", "S08", "S21", "S47", "S36", "S16", "R12", "R22"),
    *("S24", "R04", "B01", "C18", "O05"),
)
WORKFLOWS = (".github/workflows/deploy.yml", ".github/workflows/roll-out.yml")
AREAS = ("security", "reliability", "observability", "operations", "cost")
_SHORT = {"satisfied": "holds", "not applicable": "-"}


@functools.cache
def plan(name: str) -> Plan:
    """A recorded plan."""
    return read(PLANS / f"{name}.json")


@functools.cache
def judged(name: str) -> dict[str, Any]:
    """The evidence of judging a recorded plan, without Checkov."""
    folder = PLANS / "inherited" if name == "inherited" else ROOT / "terraform"
    chosen = ["check", str(PLANS / f"{name}.json"), "--no-checkov", "--source", str(folder)]
    evidence: dict[str, Any] = json.loads(CliRunner().invoke(main, [*chosen, "-o", "json"]).stdout)
    return evidence


@functools.cache
def verdicts(name: str) -> dict[str, str]:
    """The verdict of each scenario on a recorded plan."""
    found = {str(each["scenario"]): str(each["verdict"]) for each in judged(name)["scenarios"]}
    return our_service.ours(found)


@functools.cache
def scenarios() -> dict[str, features.Scenario]:
    """Every scenario about our service by its number."""
    frameworks = catalogue.read_controls(bundle.POLICIES)
    found = [
        each for path in features.files([bundle.FEATURES]) for each in features.read(path, frameworks)
    ]
    return our_service.ours({each.number: each for each in found})


@functools.cache
def fixes() -> dict[str, str]:
    """`file:line` of the fix of each fault in the Terraform: where undoing it begins.

    A fix that took something away has no line of its own; it is left out.
    """
    undone = {fault: each for each in reversed(reverts.read()) for fault in each.faults}
    return {
        fault: f"terraform/{each.file}:{each.line}"
        for fault, each in undone.items()
        if not is_among(each.old.splitlines(), each.new.splitlines())
    }


def is_among(some: Sequence[str], all_of_them: Sequence[str]) -> bool:
    """Whether lines stand among others, in their order."""
    rest = iter(all_of_them)
    return all(line in rest for line in some) and len(all_of_them) > len(some)


def fixed_at(fault: dict[str, Any]) -> str:
    """Where the fix stands: a line of the Terraform, its block, or a line of the workflow."""
    if fault["where"]["file"] == "deploy.yml":
        return fixed_in_the_workflow(fault["where"]["address"])
    return fixes().get(fault["id"]) or block_at(fault["fix"])


def block_at(address: str) -> str:
    """`file:line` of a block of the corrected service."""
    kind, _, name = address.partition(".")
    heads = (f'resource "{kind}" "{name}" {{', f'{kind} "{name}" {{', f"  {name} ")
    for head in heads:
        for path in sorted((ROOT / "terraform").glob("*.tf")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if line.startswith(head):
                    return f"terraform/{path.name}:{number}"
    raise ValueError(address)


def fixed_in_the_workflow(name: str) -> str:
    """The line of the corrected workflows that mends a fault; the file, for what is only gone."""
    fault = next(each for each in workflow_faults.FAULTS if each.name == name)
    for path in WORKFLOWS:
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1):
            if fault.corrected_by and re.search(fault.corrected_by, f"{line}\n"):
                return f"{path}:{number}"
    return WORKFLOWS[0]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    parts = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in parts)


def counts() -> str:
    """How many faults of each severity and area, and how many no plan shows."""
    number = Counter((each["area"], each["severity"]) for each in FAULTS)
    rows = [
        [
            area,
            *(str(number[area, severity] or "-") for severity in SEVERITIES),
            str(sum(number[area, severity] for severity in SEVERITIES)),
        ]
        for area in AREAS
    ]
    totals = [str(sum(number[area, severity] for area in AREAS)) for severity in SEVERITIES]
    shown = sum("scenario" in each for each in FAULTS)
    head = ["", *SEVERITIES, "all"]
    return (
        table(head, [*rows, ["**all**", *totals, f"**{len(FAULTS)}**"]])
        + f"\n\n{shown} of them are shown by the inherited plan and held by a scenario; the other"
        f" {len(FAULTS) - shown} are in the pipeline or about the state, and are held by tests."
    )


def worst() -> str:
    """The faults that matter most, a line each: what, its impact, what shows it, where it is fixed."""
    by_id = {fault["id"]: fault for fault in FAULTS}
    rows = [
        [
            fault["id"],
            fault["title"],
            fault["severity"],
            fault["impact"],
            evidence_of(fault),
            f"`{fixed_at(fault).removeprefix('terraform/').removeprefix('.github/workflows/')}`",
        ]
        for fault in (by_id[each] for each in WORST)
    ]
    return table(["", "issue", "severity", "impact", "shown by", "fixed in"], rows)


def evidence_of(fault: dict[str, Any]) -> str:
    """The scenario that finds a fault, or that it is found in the workflow or in the source."""
    if "scenario" in fault:
        return f"{fault['scenario']} {verdicts('inherited')[fault['scenario']]}"
    return "the workflow" if fault["where"]["file"] == "deploy.yml" else "the source"


def connections() -> str:
    """Demand, supply and alarm of three states of the service."""
    head = [
        "",
        "tasks, in a deployment",
        "connections per task",
        "demand",
        "in reserve",
        "the database accepts",
        "alarm above",
        "CAP-01.1",
    ]
    rows = zip(CONNECTIONS_OF, connection_figures(), strict=True)
    return table(head, [[*figures, verdicts(name)["CAP-01.1"]] for name, figures in rows])


CONNECTIONS_OF = {
    "inherited": "as inherited",
    "upgrade-1-beside": "stage 1 of the upgrade",
    "corrected": "corrected",
}


def connection_figures() -> list[list[str]]:
    """The rows of that table, without the verdicts, for which the plans would have to be judged."""
    return [_figures(name, title) for name, title in CONNECTIONS_OF.items()]


def _figures(name: str, title: str) -> list[str]:
    settings = catalogue.read_parameters(bundle.POLICIES).capacity
    (database, *_) = exposure.databases(plan(name))
    demand = Demands(plan(name), [database], settings).of(database)
    accepted = supply.supply(plan(name), database, settings)
    assert isinstance(accepted, supply.Supply)
    tasks, each = _of_tasks(demand.how[0])
    ((watched, figure),) = database_alarms.connections(database)[0]
    rings = [alarm.after.get("threshold").reading for alarm in about(plan(name), watched, figure)[0]]
    threshold = ", ".join(str(each.value) for each in rings if isinstance(each, Known)) or "no alarm"
    reserve = settings.reserved_connections + settings.operations_connections
    return [
        title,
        tasks,
        each,
        str(demand.surely),
        str(reserve),
        accepted.how,
        threshold,
    ]


def _of_tasks(how: str) -> tuple[str, str]:
    """How many tasks there are, old ones and new ones, and how many connections each of them opens."""
    parts = re.findall(r"(\d+) [a-z ]+ x (\d+)", how)
    return " and ".join(tasks for tasks, _ in parts), " and ".join(each for _, each in parts)


def stages() -> str:
    """What each plan of the upgrade does, and what CHG-01.1 says to it."""
    rows = []
    for name, title in STAGES.items():
        done = Counter(frozenset(change.actions) for change in plan(name).changes if change.managed)
        replaced = sum(number for actions, number in done.items() if len(actions) > 1)
        rows.append(
            [
                title,
                f"`plans/{name}.json`",
                *(str(done[frozenset({each})]) for each in (Action.CREATE, Action.UPDATE)),
                str(replaced),
                str(done[frozenset({Action.DELETE})]),
                verdicts(name)["CHG-01.1"],
            ]
        )
    return table(["stage", "plan", "create", "update", "replace", "delete", "CHG-01.1"], rows)


def outcome() -> str:
    """How many scenarios reach which verdict on which plan."""
    kinds = ("satisfied", "violated", "undetermined", "not applicable")
    rows = [
        [f"`plans/{name}.json`", *(str(Counter(verdicts(name).values())[kind]) for kind in kinds)]
        for name in ("inherited", "upgrade", "corrected", "release", "steady")
    ]
    return table([f"{len(scenarios())} scenarios", *kinds], rows)


def faults_page() -> str:
    """The whole of docs/faults.md."""
    rows = [_mapped(fault) for fault in FAULTS]
    head = ["", "fault", "severity", "impact", "where", "fix", "scenario", "controls", "Checkov"]
    head += ["inherited", "corrected", "upgrade"]
    hidden = {each["not_in_plan"] for each in FAULTS if "not_in_plan" in each}
    guarding = tuple(
        number
        for number in scenarios()
        if not any(number in (each.get("scenario"), *each.get("also", ())) for each in FAULTS)
    )
    return "\n".join(
        [
            "# Every fault: fix, scenario, controls, verdicts",
            "",
            "Generated from `plans/inherited/faults.toml`, the recorded plans and the source; `make",
            f"test` compares. {len(FAULTS)} faults. The verdicts are those of the scenario on the whole",
            "plan: `inherited` as it was handed over, `corrected` from nothing, `upgrade` over the",
            "inherited service, planned naively; the staged way is described in",
            "[ARCHITECTURE.md](../ARCHITECTURE.md). `tests/service/reverts.toml` undoes every fix, and",
            "says what is found then.",
            "",
            table(head, rows),
            "",
            "Not visible in a plan, and why:",
            "",
            *(f"- {reason}" for reason in sorted(hidden)),
            "",
            f"Scenarios that no inherited fault violates: {', '.join(guarding)}. Why each is there",
            "is at the end of `plans/inherited/faults.toml`.",
            "",
        ]
    )


def _mapped(fault: dict[str, Any]) -> list[str]:
    number = fault.get("scenario")
    scenario = scenarios().get(number or "")
    controls = scenario.controls if scenario else tuple(fault.get("controls", ()))
    said = (
        [_told(verdicts(name)[number]) for name in ("inherited", "corrected", "upgrade")]
        if number
        else []
    )
    return [
        fault["id"],
        fault["title"],
        fault["severity"],
        fault["impact"],
        f"`{fault['where']['address']}`",
        f"`{fixed_at(fault)}`",
        ", ".join([number, *fault.get("also", ())]) if number else "-",
        ", ".join(controls) or "-",
        ", ".join(fault.get("checkov", ())) or "-",
        *(said or ["not visible"] * 3),
    ]


def _told(verdict: str) -> str:
    return _SHORT.get(verdict, verdict)


PARTS = {
    "fault-counts": counts,
    "worst-faults": worst,
    "connections": connections,
    "upgrade": stages,
    "verdicts": outcome,
}
