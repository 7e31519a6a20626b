"""Does judging the same plan again give the record that is there?

Two runs over the same input give the same record. So a record that somebody wrote by hand is found out
without a signature: by asking every question again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from planspec import source
from planspec.evidence import Evidence
from planspec.runner import check, load

MOST_NAMED: Final = 5
# What a second run need not say alike. A seal holds the time, and the inputs were compared by their
# digests and by what is demanded here. Places are told from the folder of the run, as notes about them
# are. Both runners give the same verdicts. What is compared is `same_plan`'s to say where the file is
# plan JSON: packed or spaced otherwise, and the lock file may be at hand or not.
FREE: Final = {
    "": {"seal", "inputs", "guard"},
    "plan": {"name", "notes"},
    "checkov": {"runner", "reason", "notes"},
}
_FREE_OF_JSON: Final = {"kind", "sha256", "document_sha256", "members", "providers"}
_PLACES: Final = frozenset({"where", "file"})
Said = dict[str, Any]


def differences(
    record: Evidence, plan: str, settings: check.Settings, folder: Path | None, today: date
) -> Iterator[str]:
    """Judge the plan again as on the day of the record, and tell what comes out otherwise.

    How it is judged is for the one who verifies to say, in the settings, and never for the record.
    Raises PlanspecError where it cannot be judged.
    """
    found = load.read(plan, folder or source.folder_of(plan), guessed=folder is None)
    settings = settings._replace(
        located=found.located,
        given=found.given,
        keep_reads=record.coverage is not None,
        today=record.judged_on,
    )
    again = check.check(found.plan, found.document, settings, lambda _: None)
    yield from _left_out(record, again)
    yield from _blocked(found, settings, today)
    of_saved = record.plan.kind == again.plan.kind == "saved plan"
    before, after = (_said(each, of_saved=of_saved) for each in (record, again))
    yield from _compared("scenario", *(_by(_scenario, each["scenarios"]) for each in (before, after)))
    checks = (_by(_finding, each["checkov"]["findings"]) for each in (before, after))
    yield from _compared("finding of Checkov", *checks)
    parts = sorted(_parts(before, after))
    if parts:
        rest = f" and {len(parts) - MOST_NAMED} more" if len(parts) > MOST_NAMED else ""
        yield f"judged again, the record says something else in: {', '.join(parts[:MOST_NAMED])}{rest}"


def _blocked(found: load.PlanFile, settings: check.Settings, today: date) -> Iterator[str]:
    """Whoever writes a record can date it back, to a day on which nothing had ended yet."""
    if settings.today == today:
        return
    now = check.check(found.plan, found.document, settings._replace(today=today), lambda _: None)
    if now.blocks:
        yield f"judged again as of today, {today}, the plan does not pass"


def _left_out(record: Evidence, again: Evidence) -> Iterator[str]:
    if again.checkov.version and not record.checkov.version:
        yield "Checkov is not in the record, and judges now; --no-checkov takes a record without it"


def _said(record: Evidence, *, of_saved: bool) -> Said:
    """What a record says that a second run has to say as well."""
    said: Said = _without_places(msgspec.to_builtins(record))
    free = FREE if of_saved else {**FREE, "plan": FREE["plan"] | _FREE_OF_JSON}
    for part, names in free.items():
        holder = said[part] if part else said
        for name in names:
            del holder[name]
    return said


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_places(each) for name, each in value.items() if name not in _PLACES}
    return [_without_places(each) for each in value] if isinstance(value, list) else value


def _scenario(each: Said) -> str:
    return str(each["name"])


def _finding(each: Said) -> str:
    return f"{each['observed']} for {each['address']}"


def _by(name: Callable[[Said], str], each_of: Iterable[Said]) -> Mapping[str, list[bytes]]:
    """What is said under each name; of one name there may be several, and none hides another."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for each in each_of:
        found[name(each)].append(msgspec.json.encode(each, order="sorted"))
    return {key: sorted(texts) for key, texts in found.items()}


def _parts(before: Said, after: Said) -> Iterator[str]:
    """The parts of the record that differ, beside the scenarios and findings themselves."""
    for name in before.keys() | after.keys():
        first, second = before.get(name), after.get(name)
        if name == "scenarios" or first == second:
            continue
        if not (isinstance(first, dict) and isinstance(second, dict)):
            yield name
            continue
        for inner in first.keys() | second.keys():
            if first.get(inner) != second.get(inner) and (name, inner) != ("checkov", "findings"):
                yield f"{name}.{inner}"


def _compared(
    what: str, before: Mapping[str, list[bytes]], after: Mapping[str, list[bytes]]
) -> Iterator[str]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if names:
        rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        yield (
            f"judged again, {len(names)} {what}{'s' if len(names) > 1 else ''} came out otherwise:"
            f" {', '.join(names[:MOST_NAMED])}{rest}"
        )
