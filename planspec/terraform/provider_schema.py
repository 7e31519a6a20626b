"""Which names do the providers of a Terraform folder know: `terraform providers schema -json`."""

import gzip
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from planspec.errors import TerraformError
from planspec.schema import indexed
from planspec.terraform.commands import FLAG
from planspec.terraform.driver import Inputs, workspace, write_whole
from planspec.terraform.events import Report, say_nothing
from planspec.terraform.working_folder import LOCK_FILE

# `init` is told of an emulator that nobody asks, so that it needs no remote backend and no account.
_NO_AWS: Final = Inputs(emulator="http://127.0.0.1:9")
_LOCKED = re.compile(r'provider "([^"]+)" \{\s*version\s*=\s*"([^"]+)"')


def index_of(directory: Path, report: Report = say_nothing) -> bytes:
    """The index of the providers that the folder needs, as JSON, with the versions it got.

    Raises TerraformError with what Terraform said.
    """
    with workspace(directory, _NO_AWS, report) as terraform:
        terraform.initialise()
        schema = terraform.capture("providers schema", json=FLAG)
        locked = terraform.folder / LOCK_FILE
        versions = dict(_LOCKED.findall(locked.read_text(encoding="utf-8"))) if locked.is_file() else {}
    try:
        return indexed(schema, versions)
    except msgspec.DecodeError as error:
        raise TerraformError(f"{directory}: Terraform printed no provider schema") from error


def write_index(index: bytes, path: Path) -> None:
    """Write an index whole or not at all; equal indexes make equal files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, gzip.compress(index, 9, mtime=0))
    path.chmod(0o644)  # names alone, and one may be shipped


def providers_of(index: bytes) -> Mapping[str, int]:
    """The providers of an index, with how many types each has."""
    found = msgspec.json.decode(index)["providers"]
    return {
        f"{address.partition('/')[2]} {each['version']}".strip(): len(each["managed"])
        + len(each["data"])
        for address, each in found.items()
    }
