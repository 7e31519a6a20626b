"""Was enough judged for an answer? Where nothing was examined, there is none."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from planspec import evidence
from planspec.errors import NotJudgeable, PolicyError
from planspec.evidence import ScannerRecord, ScenarioRecord
from planspec.features import Scenario
from planspec.plan import NOTHING_APPLIED, Plan
from planspec.policies import LIMITS, Known, Policies, Waiver
from planspec.runner.context import RunContext
from planspec.runner.provenance import WAIVERS

MOST_BESIDE: Final = 3


def require_judged(
    judged: Sequence[ScenarioRecord], plan: Plan, accepted: Collection[str] = ()
) -> Sequence[str]:
    """Nothing examined is no pass, where there is anything to examine and it was not expected.

    A variable is no resource: where resources were asked about too, and none was found, what will be
    built has not been judged. What is wrong with the configuration is told all the same.
    Returns what a reader should know. Raises NotJudgeable.
    """
    found = [each for each in judged if each.examined]
    about_resources = [each for each in judged if not _of_the_configuration(each)]
    if not plan.changes or any(each.examined for each in about_resources):
        return ()
    if any(each.verdict in evidence.BLOCKING for each in found) or (found and not about_resources):
        return ()
    told = f"none of {len(about_resources or judged)} scenarios found a resource to examine"
    if NOTHING_APPLIED in accepted:
        return (f"{told} (accepted with --accept-plan {NOTHING_APPLIED})",)
    raise NotJudgeable(
        f"{plan.name}: {told}, so nothing was judged; name features that fit this plan with --features,"
        f" see: planspec steps, or accept it with --accept-plan {NOTHING_APPLIED}"
    )


def _of_the_configuration(judged: ScenarioRecord) -> bool:
    """Whether a scenario asks about variables, providers and the like, and about no resource."""
    chosen = [each for each in judged.steps if each.startswith("we examine ")]
    return bool(chosen) and all(each.endswith(" of the configuration") for each in chosen)


def require_applicable(
    every: Sequence[Scenario], judged: Sequence[ScenarioRecord], run: RunContext
) -> None:
    """Refuse a scenario that was not wholly judged, of all or of those that limits.toml names."""
    named = run.parameters.applicable.scenarios or []
    strange = sorted(set(named) - {each.number for each in every})
    if strange:
        raise NotJudgeable(
            f"{run.folder / LIMITS}: [applicable] names {', '.join(strange)}, which no feature has;"
            " take it out, or name these features' own policies with --policies"
        )
    found = evidence.inapplicable(judged, named)
    if found:
        why = dict.fromkeys(each.reason for _, some in found for each in some if each.reason)
        reasons = "; ".join(why) or "a resource is missing from the plan, or a name is misspelt"
        told = (f"{', '.join(each.scenario for each in some)} {what}" for what, some in found)
        raise NotJudgeable(
            f"{run.plan.name}: {'; '.join(told)}, and"
            f" --require-applicable forbids that; {reasons}{_violated_beside(judged)}"
        )


def _violated_beside(judged: Sequence[ScenarioRecord]) -> str:
    """What is violated in a run that ends without a report: the missing resource may be about it."""
    found = [(each.scenario, finding) for each in judged for finding in each.findings]
    told = [f"{number} at {each.where or each.address}" for number, each in found]
    more = [f"{len(told) - MOST_BESIDE} more"] if len(told) > MOST_BESIDE else []
    return f"; found in addition: {', '.join([*told[:MOST_BESIDE], *more])}" if told else ""


def require_named_addresses(run_by: Policies, every: Sequence[Scenario], folder: Path) -> None:
    """Refuse a waiver of a critical requirement for any address, unless the parameters allow it.

    Raises PolicyError. Checks of Checkov have no severity here.
    """
    if run_by.parameters.waivers.any_address_for_critical:
        return
    for waiver in run_by.waivers:
        critical = [
            each.number for each in every if each.severity == "critical" and waiver.concerns(each.number)
        ]
        if critical and waiver.for_any_address:
            raise PolicyError(
                f"{folder / WAIVERS}: waiver of {waiver.requirement} for {waiver.address}:"
                f" {critical[0]} is critical, so name the type or the resource, or set"
                " any_address_for_critical = true in [waivers] of parameters.toml"
            )


def unused_waivers(
    run: RunContext,
    every: Sequence[Scenario],
    judged: Sequence[ScenarioRecord],
    scanned: ScannerRecord,
) -> Sequence[Waiver]:
    """Return the waivers that cover nothing, of those that this run could show to cover something."""
    return [
        each
        for each in run.waivers
        if each not in run.used
        and not isinstance(each, Known)
        and not each.expired(run.today)
        and _could_apply(each, every, judged, scanned)
    ]


def _could_apply(
    waiver: Waiver,
    every: Sequence[Scenario],
    judged: Sequence[ScenarioRecord],
    scanned: ScannerRecord,
) -> bool:
    """Whether this run judged what the waiver is about, or no run ever can: then it is misspelt."""
    if waiver.requirement.startswith("CKV"):
        return bool(scanned.version)
    known = any(waiver.concerns(each.number) for each in every)
    return not known or any(waiver.concerns(each.scenario) for each in judged)
