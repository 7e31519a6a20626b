"""Does judging the same plan again give the record that is there?

Two runs over the same input give the same record. So a record that somebody wrote by hand is found out
without a signature: by asking every question again.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from planspec import source
from planspec.evidence import Evidence, FoundRecord, ScenarioRecord
from planspec.runner import check, load
from planspec.runner.checkov_findings import Alongside

MOST_NAMED = 5
Judged = tuple[object, ...]


def differences(
    record: Evidence, plan: str, features: tuple[Path, ...], policies: Path, folder: Path | None
) -> Iterator[str]:
    """Judge the plan again as on the day of the record, and tell what comes out otherwise.

    Checkov is asked again where it was asked then. Raises PlanspecError where it cannot be judged.
    """
    found = load.read(plan, folder or source.folder_of(plan), guessed=folder is None)
    settings = check.Settings(
        features=features,
        policies=policies,
        tags=record.inputs.tags,
        located=found.located,
        checkov=Alongside(
            "fast" if record.checkov.version else "off",
            required=bool(record.checkov.version),
            cache=False,
            corrected=bool(record.checkov.corrections),
            refuse_skips=any(each.skip and each.skip.refused for each in record.checkov.findings),
        ),
        overrides={each.scenario: each.override for each in record.scenarios if each.override},
        accepted=record.inputs.accepted,
        allow_unknown_type=True,
        today=record.judged_on,
        given=found.given,
    )
    again = check.check(found.plan, found.document, settings, lambda _: None)
    yield from _compared(
        "scenario",
        {each.name: _scenario(each) for each in record.scenarios},
        {each.name: _scenario(each) for each in again.scenarios},
    )
    yield from _compared(
        "finding of Checkov", _findings(record.checkov.findings), _findings(again.checkov.findings)
    )


def _scenario(each: ScenarioRecord) -> Judged:
    found = tuple(_findings(each.findings).items())
    return (each.verdict, each.enforcement, tuple(each.examined), found)


def _findings(found: Iterable[FoundRecord]) -> dict[str, Judged]:
    return {each.fingerprint: (each.verdict, each.address, each.value) for each in found}


def _compared(what: str, before: dict[str, Judged], after: dict[str, Judged]) -> Iterator[str]:
    names = [name for name in before | after if before.get(name) != after.get(name)]
    if names:
        rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        yield (
            f"judged again, {len(names)} {what}{'s' if len(names) > 1 else ''} came out otherwise:"
            f" {', '.join(names[:MOST_NAMED])}{rest}"
        )
