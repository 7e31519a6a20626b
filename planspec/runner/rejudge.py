"""Does judging the same plan again give the record that is there?

Two runs over the same input give the same record. So a record that somebody wrote by hand is found out
without a signature: by asking every question again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from planspec import source
from planspec.evidence import Evidence
from planspec.runner import check, load

MOST_NAMED: Final = 5
# The files are compared by their digests already; a seal holds the time, and places are told from the
# folder of the run, as notes about them are. Both runners give the same verdicts.
_FREE: Final = {
    "": {"seal", "inputs"},
    "plan": {"name", "kind", "sha256", "document_sha256", "members", "providers", "notes"},
    "checkov": {"runner", "reason", "notes"},
}
_PLACES: Final = frozenset({"where", "file"})
Said = dict[str, Any]


def differences(
    record: Evidence, plan: str, settings: check.Settings, folder: Path | None
) -> Iterator[str]:
    """Judge the plan again as on the day of the record, and tell what comes out otherwise.

    How it is judged is for the one who verifies to say, in the settings, and never for the record.
    Raises PlanspecError where it cannot be judged.
    """
    found = load.read(plan, folder or source.folder_of(plan), guessed=folder is None)
    settings = settings._replace(
        located=found.located,
        given=found.given,
        overrides={each.scenario: each.override for each in record.scenarios if each.override},
        allow_unknown_type=True,
        keep_reads=record.coverage is not None,
        today=record.judged_on,
    )
    again = check.check(found.plan, found.document, settings, lambda _: None)
    yield from _left_out(record, again)
    before, after = _said(record), _said(again)
    yield from _compared("scenario", *(_by(_scenario, each["scenarios"]) for each in (before, after)))
    checks = (_by(_finding, each["checkov"]["findings"]) for each in (before, after))
    yield from _compared("finding of Checkov", *checks)
    parts = sorted(_parts(before, after))
    if parts:
        rest = f" and {len(parts) - MOST_NAMED} more" if len(parts) > MOST_NAMED else ""
        yield f"judged again, the record says something else in: {', '.join(parts[:MOST_NAMED])}{rest}"


def _left_out(record: Evidence, again: Evidence) -> Iterator[str]:
    if again.checkov.version and not record.checkov.version:
        yield "Checkov is not in the record, and judges now; --no-checkov takes a record without it"


def _said(record: Evidence) -> Said:
    """What a record says that a second run has to say as well."""
    said: Said = _without_places(msgspec.to_builtins(record))
    for part, names in _FREE.items():
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
