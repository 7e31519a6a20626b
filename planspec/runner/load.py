"""Which plan is in this file, and which bytes was it?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from planspec import masking, plan, saved
from planspec.errors import NotAPlan, PlanspecError
from planspec.plan import Plan
from planspec.references import with_source
from planspec.runner import provenance
from planspec.runner.provenance import Given
from planspec.runner.redaction import mask_of_document, secrets
from planspec.saved import Maker, maker
from planspec.scratch import private_folder
from planspec.source import NO_SOURCE, Source, of_folder, of_guessed_folder, of_saved, shown_prefix
from planspec.syntax import SHOW, document

_PLAN_MEMBER: Final = b"tfplan"
# How an ordinary zip begins.
_FIRST_MEMBER: Final = b"PK\x03\x04"


class PlanFile(NamedTuple):
    """A plan that was read: the model, its JSON in UTF-8, and the digests of where it came from.

    `located` is the source that tells where things stand.
    """

    plan: Plan
    document: bytes
    given: Given
    located: Source = NO_SOURCE


def read(
    source: str, folder: Path | None = None, *, guessed: bool = False, data: bytes | None = None
) -> PlanFile:
    """Read plan JSON, a saved plan file, gzip of either, or standard input ("-").

    `folder` is the Terraform folder beside plan JSON; its lock file tells the providers' versions, and
    its files what the plan leaves out. One that was only guessed tells lines, and no verdict rests on
    it. A saved plan has its own source inside. `data` are the bytes of the file, if they were read.
    Raises PlanError, SourceError for a folder that cannot be read, or TerraformError where a saved
    plan cannot be shown.
    """
    name = "standard input" if source == plan.STANDARD_INPUT else source
    data = plan.read_bytes(source) if data is None else data
    unpacked = document.unpacked(data, name)
    if not saved.is_zip(unpacked):
        text = document.utf8(unpacked, name)
        decoded = decoded_plan(unpacked, name)
        located = _of_folder(folder, decoded, guessed=guessed)
        if not guessed:
            decoded = with_source(decoded, located)
        read_from = {} if guessed else located.digests
        given = provenance.given_json(text, data, folder, read_from)
        return PlanFile(decoded, text, given, located)
    if unpacked.startswith(_FIRST_MEMBER) and _PLAN_MEMBER not in unpacked:
        raise NotAPlan(f"{name}: a zip, but no saved plan, which has a member tfplan. Run: {SHOW}")
    # Before Terraform is asked: it accepts files that it would not have written.
    held = saved.read(unpacked, name)
    prefix = shown_prefix(folder or Path(source).parent) if source != plan.STANDARD_INPUT else ""
    inside = of_saved(held, name, prefix)
    shown = _shown(unpacked, source)
    text = document.utf8(shown, name)
    decoded = with_source(decoded_plan(shown, name), inside)
    decoded.way = held.way
    return PlanFile(decoded, text, provenance.given_saved(text, unpacked, held), inside)


def source_digests(source: str, folder: Path) -> Mapping[str, str]:
    """The digests of the files of a folder that count for a plan file, by their place there."""
    unpacked = document.unpacked(plan.read_bytes(source), source)
    if saved.is_zip(unpacked):
        return of_folder(folder, saved.read(unpacked, source).made_by).digests
    return of_folder(folder, made_by(plan.decode(unpacked, source))).digests


def decoded_plan(data: bytes, name: str) -> Plan:
    """Read plan JSON; from now on nothing that the command prints shows a secret of it."""
    try:
        decoded = plan.decode(data, name)
    except PlanspecError:
        mask = mask_of_document(data)
        masking.remember(name, lambda: mask)
        raise
    masking.remember(name, lambda: secrets(decoded).mask)
    return decoded


def made_by(plan: Plan) -> Maker:
    """The program that made a plan, as its JSON tells; that decides which source files count."""
    providers = {change.provider for change in plan.changes if change.provider}
    configured = plan.configuration.provider_config.values()
    providers |= {each.full_name for each in configured if each.full_name}
    return maker(plan.terraform_version, providers, marked=plan.complete is not None)


def _of_folder(folder: Path | None, plan: Plan, *, guessed: bool) -> Source:
    if folder is None:
        return NO_SOURCE
    return (of_guessed_folder if guessed else of_folder)(folder, made_by(plan))


def _shown(saved: bytes, source: str) -> bytes:
    """Let Terraform show a saved plan; one that is no file as it is becomes one for that."""
    from planspec.terraform import show_saved_plan

    path = Path(source)
    if path.is_file() and path.read_bytes() == saved:
        return show_saved_plan(path)
    with private_folder() as folder:
        path = folder / "tfplan"
        path.write_bytes(saved)
        return show_saved_plan(path)
