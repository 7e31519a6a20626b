"""Was the plan judged by these very requirements, by this planspec, and with no looser options?

Files count by their place and content. An option that lets more pass has to be named here as well; one
that lets less pass is demanded, and the record shows whether it is met (`required`).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from planspec.evidence import DigestRecord, Evidence, InputsRecord, OverrideRecord
from planspec.runner import provenance

MOST_NAMED: Final = 5
# The format that does not tell the engine, the options and the source yet.
LACKING: Final = "1.0"
_FILES: Final = ("features", "steps", "policies", "waivers")
_GIVEN: Final = {
    "own_steps": ("own steps", "--steps"),
    "source": ("source files", "--source"),
    "schemas": ("schemas", "--schema"),
}


def too_old(record: Evidence) -> str:
    """Why nothing can be compared with a record of an earlier format; "" where it can."""
    if record.format_version != LACKING:
        return ""
    return (
        f"the record is of format {record.format_version}, which does not tell the source, the options"
        " and the files of planspec that the plan was judged by; judge again with this planspec"
    )


def differences(record: Evidence, now: InputsRecord) -> Iterator[str]:
    """Tell what the plan was judged by and is not here, and which options let more pass."""
    judged = record.inputs
    if record.tool != provenance.tool_record():
        yield (
            f"the plan was judged by {record.tool} ({record.tool.sha256[:16]}...), and this is"
            f" {provenance.tool_record()} ({provenance.engine()[:16]}...), whose files differ"
        )
    for field in _FILES:
        yield from _other_files(field, getattr(judged, field), getattr(now, field))
    for field, (name, option) in _GIVEN.items():
        before, after = getattr(judged, field), getattr(now, field)
        if before.sha256 and not after.sha256:
            named = ", ".join(list(before.files)[:MOST_NAMED])
            yield f"the plan was judged with {name} ({named}), and {option} names none here"
        elif after.sha256 and not before.sha256:
            yield f"the plan was judged without {option}, which is named here"
        else:
            yield from _other_files(name, before, after)
    yield from _selection(judged, now)
    yield from _looser(judged, now)


def _other_files(name: str, before: DigestRecord, after: DigestRecord) -> Iterator[str]:
    if before != after:
        yield f"the {name} are not those that the plan was judged by: {_changed(before, after)}"


def _selection(judged: InputsRecord, now: InputsRecord) -> Iterator[str]:
    if judged.tags != now.tags:
        what = [
            f'the scenarios of --tags "{each}"' if each else "all" for each in (judged.tags, now.tags)
        ]
        yield f"what was judged is {what[0]}; expected {what[1]}"
    if now.require_applicable and not judged.require_applicable:
        yield "the plan was judged without --require-applicable"
    elif now.require_applicable and judged.have_to_apply != now.have_to_apply:
        yield "the scenarios that had to apply are not those of limits.toml"


def _looser(judged: InputsRecord, now: InputsRecord) -> Iterator[str]:
    more = sorted(set(judged.accepted) - set(now.accepted))
    if more:
        yield f"the plan was judged with --accept-plan {' '.join(more)}, which is not asked for here"
    if judged.options.allow_unknown_type and not now.options.allow_unknown_type:
        yield "the plan was judged with --allow-unknown-type, which is not asked for here"


def overrides(record: Evidence, named: Mapping[str, OverrideRecord]) -> Iterator[str]:
    """Tell which scenarios somebody let pass whom nobody names here."""
    for each in record.scenarios:
        if each.override and named.get(each.scenario) != each.override:
            yield (
                f"the plan was judged with --override {each.scenario}="
                f'"{each.override.name}: {each.override.reason}", which is not named here'
            )


def _changed(before: DigestRecord, after: DigestRecord) -> str:
    names = sorted(
        name
        for name in before.files.keys() | after.files.keys()
        if before.files.get(name) != after.files.get(name)
    )
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
